"""Writing a circular in the chat: begun by a sentence or a file, asked for part by part, changed by a tap or in words.

A sentence changes nothing but its speaker's own drafts. What goes out is decided elsewhere, by presses alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from domain.circulars.audience import NOBODY
from domain.circulars.letters import Letter, LetterPart
from domain.circulars.life import CircularRefusal, CircularRefused, CircularState
from handlers import fallback
from handlers.circulars import following, receiving, refusals
from handlers.circulars.calendar import with_proposal
from handlers.circulars.draft_cards import draft_card, draft_list, part_card
from handlers.circulars.making_presses import (
    AskPart,
    DiscardDraft,
    OpenCircularPage,
    PutDay,
    PutSending,
    PutUrgency,
    SendChoice,
    WantAcknowledgement,
)
from handlers.circulars.presses import CIRCULAR, MAY, BeginCircular, ChooseWhom, ListDrafts, ShowDraft
from handlers.circulars.said_parts import (
    NOTHING_SAID,
    Change,
    by_day,
    by_facts,
    by_letter,
    by_words,
    facts_said,
    moment_is_possible,
)
from handlers.conversation import Answer, Page, Request, Turn
from handlers.postback import Postback, PostbackError
from handlers.routes import Routes
from messages_th import page_link
from messages_th.circulars import making as thai
from messages_th.circulars.moments import next_working_morning
from messages_th.circulars.reading_parts import begins_circular, is_about_letter, wants_to_send
from messages_th.circulars.receiving import RECEIVED
from messages_th.quick_replies import QuickReply
from messages_th.understanding.intents import Intent, Understood
from storage.circulars import drafts
from storage.circulars.drafts import MOST_DRAFTS, Draft

routes = Routes()

_FREE = (LetterPart.SUBJECT, LetterPart.TEXT)


def turn_of(request: Request, text: str) -> Turn | None:
    """Return the turn of a sentence that surely begins a circular, whatever it goes on to say; None: it does not.

    Words that something else asked for begin none: the subject of a letter, or the reason why one goes back, may well
    begin alike.
    """
    if not (request.holds(*MAY) and begins_circular(text) and _is_free(request.context.awaiting)):
        return None
    return Turn(partial(begin, text=text), changes=True)


def is_no_answer(request: Request, press: Postback, text: str) -> bool:
    """Tell whether words after a question cannot answer it: that for a subject or a text, all words do."""
    return isinstance(press, AskPart) and press.letter_part not in _FREE and not _is_answer(request, press, text)


def _is_answer(request: Request, press: AskPart, text: str) -> bool:
    named = press.letter_part is not None or is_about_letter(text)
    return named and by_words(request, press.letter_part, text) is not None


def asks_nothing(press: Postback) -> bool:
    """Tell whether it only lets words change a fact that they call by its name."""
    return isinstance(press, AskPart) and press.letter_part is None


@routes.intent(Intent.BROADCAST, changes=True)
def asked(request: Request, understood: Understood) -> Answer:
    """Begin a circular, or show those that there are; who makes none sees those that came."""
    text = understood.utterance
    if not request.holds(*MAY):
        return _not_for_asker(request) if begins_circular(text) else receiving.received(request)
    return begin(request, text) if wants_to_send(text) else following.home(request)


def begin(request: Request, text: str) -> Answer:
    """Begin a circular with what a sentence says of it; where it says nothing, show the drafts first."""
    if not request.holds(*MAY):  # a role may end between the sentence and its turn
        return fallback.not_permitted(request)
    facts = facts_said(request, text)
    own = drafts.drafts_of(request.session, request.reference, request.actor)
    if facts == NOTHING_SAID and any(not _is_untouched(one) for one in own):
        return draft_list(request, 1)
    return _begun(request, by_facts(request, facts))


def _not_for_asker(request: Request) -> Answer:
    """Say that somebody makes no circulars, and lead to those that came, where there is a post that gets any."""
    refusal = fallback.not_permitted(request)
    received = QuickReply(RECEIVED, receiving.EVERYTHING)
    return refusal if request.sight.home is None else replace(refusal, quick_replies=(received,))


@routes.press(BeginCircular, roles=MAY, changes=True)
def begin_empty(request: Request, _press: BeginCircular) -> Answer:
    """Begin a circular."""
    return _begun(request, by_facts(request, NOTHING_SAID))


@routes.press(ListDrafts, roles=MAY)
def list_drafts(request: Request, press: ListDrafts) -> Answer:
    """Show the asker's drafts."""
    return draft_list(request, press.page)


@routes.press(ShowDraft, roles=MAY)
def show_draft(request: Request, press: ShowDraft) -> Answer:
    """Go on with a draft."""
    return _tried(request, press.circular, lambda draft: draft_card(request, draft))


@routes.press(AskPart, roles=MAY)
def ask_part(request: Request, press: AskPart) -> Answer:
    """Ask for a part of a draft."""
    return _tried(request, press.circular, lambda draft: _asked(request, draft, press.letter_part))


@routes.said_after(AskPart, roles=MAY, changes=True)
def part_said(request: Request, press: AskPart, text: str) -> Answer:
    """Take words for the part that was asked for, or for whatever facts of a letter they call by name."""
    return _changed(request, press.circular, by_words(request, press.letter_part, text), press.letter_part)


@routes.press(PutUrgency, roles=MAY, changes=True)
def put_urgency(request: Request, press: PutUrgency) -> Answer:
    """Set how urgent a letter is."""
    return _changed(request, press.circular, by_letter(lambda letter: replace(letter, urgency=press.urgency)))


@routes.press(WantAcknowledgement, roles=MAY, changes=True)
def want_acknowledgement(request: Request, press: WantAcknowledgement) -> Answer:
    """Set whether an acknowledgement is wanted."""
    change = by_letter(lambda letter: replace(letter, wants_acknowledgement=press.wanted, acknowledge_by=None))
    return _changed(request, press.circular, change)


@routes.press(PutDay, roles=MAY, changes=True)
def put_day(request: Request, press: PutDay) -> Answer:
    """Set a day of a letter, or ask for it once more."""
    return _changed(request, press.circular, by_day(request, press.letter_part, press.day), press.letter_part)


@routes.press(PutSending, roles=MAY, changes=True)
def put_sending(request: Request, press: PutSending) -> Answer:
    """Set when a letter is to be sent, or ask for it once more."""
    at = press.moment if press.sending is SendChoice.PICKED else None
    if press.sending is SendChoice.NEXT_MORNING:
        at = next_working_morning(request.now, request.reference.rules.calendar)
    wanted = at is not None or press.sending is SendChoice.AT_ONCE
    change = (
        by_letter(lambda letter: replace(letter, send_at=at)) if wanted and moment_is_possible(request, at) else None
    )
    return _changed(request, press.circular, change, LetterPart.SEND_AT)


@routes.press(DiscardDraft, roles=MAY, changes=True)
def discard(request: Request, press: DiscardDraft) -> Answer:
    """Ask whether a draft is to be thrown away, and do it."""

    def done(draft: Draft) -> Answer:
        if press.confirmed:
            drafts.discard(request.session, request.reference, request.actor, press.circular)
            return Answer((thai.discarded(request.reader),))
        if draft.state is not CircularState.DRAFT:
            return draft_card(request, draft)
        yes, no = replace(press, confirmed=True).pack(), ShowDraft(press.circular).pack()
        about = draft.letter.subject, len(draft.files)
        return Answer((thai.confirm_discard(request.reader, *about, yes, no, request.now),))

    return _tried(request, press.circular, done)


@routes.press(OpenCircularPage, roles=MAY)
def open_page(request: Request, press: OpenCircularPage) -> Answer:
    """Give a link to the page on which a circular is written."""

    def linked(draft: Draft) -> Answer:
        if draft.state is not CircularState.DRAFT:
            return draft_card(request, draft)
        link = request.links.page(Page.CIRCULARS, {CIRCULAR: str(press.circular)}, request.asker.code)
        if link is None:
            return Answer((page_link.no_pages(request.reader),))
        back = ShowDraft(press.circular).pack()
        return Answer((thai.writing_page(request.reader, draft.letter.letter_no, link, back, request.now),))

    return _tried(request, press.circular, linked)


def _begun(request: Request, change: Change) -> Answer:
    """Write into a draft in which nothing is written yet, or into a new one."""
    newest = drafts.newest_draft(request.session, request.reference, request.actor)
    if newest is None or not _is_untouched(newest):
        try:
            newest = drafts.begin(request.session, request.reference, request.actor, Letter(), NOBODY, request.moment)
        except CircularRefused as refused:
            if refused.refusal is CircularRefusal.WRONG_STATE:
                return draft_list(request, 1, thai.too_many_drafts(request.reader, MOST_DRAFTS))
            return fallback.not_permitted(request)
    return _changed(request, newest.circular_id, change)


def _is_untouched(draft: Draft) -> bool:
    """Tell whether nobody wrote in a draft, though it may have been begun by a file and called by that file's name."""
    is_unnamed = bool(draft.files) or not draft.letter.subject
    says_nothing = replace(draft.letter, subject="") == Letter() and draft.audience.is_empty
    return says_nothing and is_unnamed and draft.about is None and not draft.windows


def _changed(request: Request, circular: int, change: Change | None, part: LetterPart | None = None) -> Answer:
    """Change a draft and show it; where the answer to the question for ``part`` was none, ask again."""

    def done(draft: Draft) -> Answer:
        if change is None:
            return _asked(request, draft, part, thai.not_read(request.reader, part) if part else "")
        session, reference = request.session, request.reference
        written = drafts.edit(session, reference, request.actor, circular, change.make, request.moment)
        return with_proposal(request, draft, written, draft_card(request, written, *change.notes))

    return _tried(request, circular, done)


def _asked(request: Request, draft: Draft, part: LetterPart | None, *notes: str) -> Answer:
    if part is None or draft.state is not CircularState.DRAFT:
        return draft_card(request, draft, *filter(None, notes))
    return part_card(request, draft, part, *filter(None, notes))


def _tried(request: Request, circular: int, act: Callable[[Draft], Answer]) -> Answer:
    """Do something with a draft; where that cannot be, say how it stands now."""
    session, reference, actor = request.session, request.reference, request.actor
    try:
        return act(drafts.draft(session, reference, actor, circular))
    except CircularRefused as refused:
        return refusals.refused(request, circular, refused)


def _is_free(awaiting: str) -> bool:
    """Tell whether no words are awaited, or only such a fact of a letter as no sentence is."""
    try:
        press = Postback.parse(awaiting) if awaiting else None
    except PostbackError:
        return True
    if isinstance(press, AskPart):
        return press.letter_part not in _FREE
    return press is None or isinstance(press, ChooseWhom)

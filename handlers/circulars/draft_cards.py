"""The card on which a circular is written, and the questions for its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from domain.circulars.letters import LetterPart, Urgency
from domain.circulars.life import CircularRefusal, CircularRefused, CircularState
from domain.reminders import BANGKOK
from handlers.circulars import refusals
from handlers.circulars.audiences import whom_words
from handlers.circulars.letter import about_words, calendar_notes
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
from handlers.circulars.presses import BeginCircular, ChooseWhom, ListDrafts, PreviewCircular, ShowDraft, whom_of
from handlers.conversation import Answer, Context, Pressed, Request
from handlers.paging import page_at, rows_of
from handlers.postback import Postback, PostbackError
from messages_th import formats
from messages_th.circulars import labels
from messages_th.circulars import making as thai
from messages_th.circulars.draft_card import Asked, Choice, Fact, day_picker, facts_of, moment_picker
from messages_th.circulars.draft_card import draft_card as card_of
from messages_th.circulars.letters import kind_of
from messages_th.circulars.moments import next_working_morning
from messages_th.quick_replies import QuickReply
from messages_th.words import word
from storage.circulars.drafts import Draft, drafts_of

_YEAR = timedelta(days=365)
_SUGGESTED_WORKING_DAYS = (3, 5)
"""Last days for acknowledging that have a button, in working days from today."""
_SENDS_AHEAD = timedelta(days=180)


def draft_card(request: Request, draft: Draft, *notes: str) -> Answer:
    """Show a draft with what is still missing of it, and ask for the first of that; ``notes`` say what just happened.

    Words typed next answer the question; where nothing is missing, what they call a fact by its name.
    """
    if draft.state is not CircularState.DRAFT:
        return refusals.refused(request, draft.circular_id, CircularRefused(CircularRefusal.WRONG_STATE))
    part = next(iter(draft.missing()), None)
    asked = _next_step(request, draft, (*notes, *_notes(request, draft)), part)
    calendar = calendar_notes(request.session, request.reference, draft, request.now)
    card = card_of(draft.letter, kind_of(draft.relation), asked, _facts(request, draft), calendar, request.now)
    others = (QuickReply(thai.DRAFTS, ListDrafts(1).pack()),)
    return Answer((card,), others, Context(awaiting=awaiting(draft.circular_id, part)))


def part_card(request: Request, draft: Draft, part: LetterPart, *notes: str) -> Answer:
    """Ask for a part of a draft."""
    asked = thai.asked_for(part, _choices(request, draft, part), *notes)
    return Answer(
        (thai.part_card(part, asked, request.now),), context=Context(awaiting=awaiting(draft.circular_id, part))
    )


def draft_list(request: Request, number: int, said: str = "") -> Answer:
    """Show a page of the asker's drafts, with what is ``said`` above."""
    found = drafts_of(request.session, request.reference, request.actor)
    page = page_at(number, len(found), lambda one: ListDrafts(one).pack())
    rows = [
        (one.letter.subject, *thai.draft_line(one.letter.letter_no, len(one.files)), ShowDraft(one.circular_id).pack())
        for one in rows_of(page, found)
    ]
    card = thai.draft_list(request.reader, rows, page, BeginCircular().pack(), request.now, said)
    return Answer((card,), context=Context(next_page=page.next, previous_page=page.previous))


def awaiting(circular: int, part: LetterPart | None) -> str:
    """Return the data of the press whose question the next words answer."""
    return whom_of(circular).pack() if part is LetterPart.AUDIENCE else AskPart(circular, part).pack()


def open_draft(request: Request) -> int | None:
    """Return the draft (id) that the last card asked something of.

    None: there is none, or its subject or text was asked for, and any words may be the answer.
    """
    press = _asked_last(request)
    if isinstance(press, AskPart) and press.letter_part in (LetterPart.SUBJECT, LetterPart.TEXT):
        return None
    return None if press is None else press.circular


def button_typed(request: Request, text: str) -> Pressed | None:
    """Return the press of the button that words call by its whole name, where the last card was one of a draft.

    Only buttons that change nothing yet can be typed, whatever was asked for; None: these words are no such name.
    """
    press = _asked_last(request)
    if press is None:
        return None
    circular = press.circular
    named: Mapping[str, Postback] = {
        labels.CHECK: PreviewCircular(circular),
        thai.PAGE: OpenCircularPage(circular),
        thai.DISCARD: DiscardDraft(circular, confirmed=False),
        thai.CHOOSE_WHOM: whom_of(circular),
        thai.DRAFTS: ListDrafts(1),
    }
    button = named.get(text.strip())
    return None if button is None else Pressed(button.pack())


def _asked_last(request: Request) -> AskPart | ChooseWhom | None:
    """Return the question of a draft that the last card asked; None: it asked another one, or nothing."""
    try:
        press = Postback.parse(request.context.awaiting) if request.context.awaiting else None
    except PostbackError:
        return None
    return press if isinstance(press, (AskPart, ChooseWhom)) else None


def _next_step(request: Request, draft: Draft, notes: Sequence[str], part: LetterPart | None) -> Asked:
    circular = draft.circular_id
    further = [
        Choice(thai.PAGE, OpenCircularPage(circular).pack()),
        Choice(thai.DISCARD, DiscardDraft(circular, confirmed=False).pack()),
    ]
    if part is not None:
        return thai.asked_for(part, [*_choices(request, draft, part), *further], *notes)
    preview = Choice(labels.CHECK, PreviewCircular(circular).pack(), is_first=True)
    return thai.complete(request.reader, [preview, *further], notes)


def _notes(request: Request, draft: Draft) -> Sequence[str]:
    """Return what somebody should know of a draft before it goes out."""
    letter, notes = draft.letter, []
    if draft.sent_back_reason:
        notes.append(thai.sent_back(draft.sent_back_reason))
    sent_on = (letter.send_at or request.now).astimezone(BANGKOK).date()
    if letter.wants_acknowledgement and letter.acknowledge_by is not None and letter.acknowledge_by < sent_on:
        notes.append(thai.too_early(request.reader))
    if not draft.missing() and not (letter.text or draft.files):
        notes.append(thai.says_nothing())
    return notes


def _facts(request: Request, draft: Draft) -> Sequence[Fact]:
    whom = ""
    if not draft.audience.is_empty:
        whom = whom_words(request.session, request.reference, request.asker.code, draft.audience)
    presses = {part: AskPart(draft.circular_id, part).pack() for part in LetterPart}
    presses[LetterPart.AUDIENCE] = whom_of(draft.circular_id).pack()
    facts = facts_of(draft.letter, whom, [file.name for file in draft.files], presses)
    about = about_words(request.session, draft)
    return [thai.about_fact(about), *facts] if about else facts


def _choices(request: Request, draft: Draft, part: LetterPart) -> Sequence[Choice]:
    """Return the buttons that answer the question for a part."""
    match part:
        case LetterPart.LETTER_DATE:
            return _dates(request, draft)
        case LetterPart.AUDIENCE:
            return [Choice(thai.CHOOSE_WHOM, whom_of(draft.circular_id).pack(), is_first=True)]
        case LetterPart.URGENCY:
            now = draft.letter.urgency
            return [
                Choice(word(one), PutUrgency(draft.circular_id, one).pack(), is_first=one is now) for one in Urgency
            ]
        case LetterPart.ACKNOWLEDGE_BY:
            return _last_days(request, draft)
        case LetterPart.SEND_AT:
            return _moments(request, draft)
        case _:
            return ()


def _dates(request: Request, draft: Draft) -> Sequence[Choice]:
    today, part = request.today, LetterPart.LETTER_DATE
    picker = day_picker(draft.letter.letter_date or today, today - 5 * _YEAR, today + _YEAR)
    return [
        Choice(thai.TODAY, PutDay(draft.circular_id, part, today).pack(), formats.full_date(today), is_first=True),
        Choice(thai.PICK_DAY, PutDay(draft.circular_id, part, None).pack(), picker=picker),
    ]


def _last_days(request: Request, draft: Draft) -> Sequence[Choice]:
    circular, part, calendar = draft.circular_id, LetterPart.ACKNOWLEDGE_BY, request.reference.rules.calendar
    days, found = request.today, []
    for number in range(1, max(_SUGGESTED_WORKING_DAYS) + 1):
        days = calendar.on_or_after(days + timedelta(days=1))
        if number in _SUGGESTED_WORKING_DAYS:
            found.append(days)
    earliest = request.today
    picker = day_picker(max(draft.letter.acknowledge_by or found[0], earliest), earliest, earliest + _YEAR)
    return [
        Choice(thai.PICK_DAY, PutDay(circular, part, None).pack(), is_first=True, picker=picker),
        *(
            Choice(formats.short_date(day), PutDay(circular, part, day).pack(), formats.weekday_date(day))
            for day in found
        ),
        Choice(thai.NO_LAST_DAY, WantAcknowledgement(circular, wanted=True).pack()),
        Choice(thai.NOT_WANTED, WantAcknowledgement(circular, wanted=False).pack()),
    ]


def _moments(request: Request, draft: Draft) -> Sequence[Choice]:
    circular, now = draft.circular_id, request.now
    morning = next_working_morning(now, request.reference.rules.calendar)
    initial = max(draft.letter.send_at or morning, now)
    picker = moment_picker(initial, now, now + _SENDS_AHEAD)
    return [
        Choice(thai.AT_ONCE, PutSending(circular, SendChoice.AT_ONCE, "").pack(), is_first=True),
        Choice(thai.NEXT_MORNING, PutSending(circular, SendChoice.NEXT_MORNING, "").pack()),
        Choice(thai.PICK_MOMENT, PutSending(circular, SendChoice.PICKED, "").pack(), picker=picker),
    ]

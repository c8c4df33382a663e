"""Before a circular goes out: what it would do, a test to oneself, and its release, by a second officer if need be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain.circulars.life import CircularAct, CircularRefusal, CircularRefused, CircularState, is_possible
from domain.reminders import BANGKOK
from domain.submissions import MAX_REASON_LENGTH, says_enough
from handlers.appointees import named
from handlers.circulars.audiences import whom_words
from handlers.circulars.letter import letter_body, letter_card
from handlers.circulars.presses import MAY, PreviewCircular, ShowCircular, ShowDraft, whom_of
from handlers.circulars.refusals import refused
from handlers.circulars.releasing_presses import (
    ListUnreachable,
    ProposeCircular,
    ReleaseCircular,
    SendTest,
    TakeBackCircular,
)
from handlers.conversation import Answer, Context, Request
from handlers.paging import page_at, rows_of
from handlers.routes import Routes
from messages_th.circulars import before_release as thai
from messages_th.circulars import labels
from messages_th.circulars.before_release import Cost, Preview
from messages_th.circulars.calendar import cautions
from messages_th.circulars.letters import number_and_date, subject_of
from messages_th.circulars.name_lists import NameLine
from messages_th.listing import Button
from messages_th.typed_words import reason_too_long, reason_too_short
from storage.circulars import releasing
from storage.circulars.calendar import window_changes
from storage.circulars.drafts import Draft
from storage.circulars.previewing import BeforeRelease, before_release
from storage.circulars.testing import queue_test
from storage.queries.readers import people_reading

routes = Routes()


@routes.press(PreviewCircular, roles=MAY)
def preview(request: Request, press: PreviewCircular) -> Answer:
    """Show the letter as its recipients will get it, then what sending it would do."""
    try:
        return _preview(request, _before(request, press.circular, CircularAct.RELEASE))
    except CircularRefused as error:
        return refused(request, press.circular, error)


@routes.press(ListUnreachable, roles=MAY)
def list_unreachable(request: Request, press: ListUnreachable) -> Answer:
    """Show a page of those who cannot be reached, by name."""
    try:
        before = _before(request, press.circular, CircularAct.RELEASE)
    except CircularRefused as error:
        return refused(request, press.circular, error)
    people = [(code, reason) for reason, codes in before.people.unreachable.items() for code in codes]
    page = page_at(press.page, len(people), lambda number: replace(press, page=number).pack())
    here = rows_of(page, people)
    readings = people_reading(request.session, [code for code, _ in here], request.today)
    names = request.reference.unit_names
    lines = [
        NameLine(readings[code].full_name, readings[code].position, names[before.people.people[code]], reason)
        for code, reason in here
    ]
    back = Button(thai.BACK_TO_PREVIEW, PreviewCircular(press.circular).pack())
    card = thai.unreached_card(request.reader, _letter(before.draft), lines, len(people), page, back, request.now)
    return Answer((card,), context=Context(next_page=page.next, previous_page=page.previous))


@routes.press(SendTest, roles=MAY, changes=True)
def send_test(request: Request, press: SendTest) -> Answer:
    """Send the letter to the presser alone."""
    try:
        before = _before(request, press.circular, CircularAct.RELEASE)
    except CircularRefused as error:
        return refused(request, press.circular, error)
    queue_test(request.session, request.actor, before.draft, request.moment)
    return Answer((thai.test_queued(request.reader),))


@routes.press(ReleaseCircular, roles=MAY, changes=True)
def release(request: Request, press: ReleaseCircular) -> Answer:
    """Ask once more with count and cost, then let it go out; what was changed meanwhile is shown anew instead."""
    try:
        before = _before(request, press.circular, CircularAct.RELEASE, press.version)
        if not press.confirmed:
            return _ask(request, press, before)
        body = letter_body(request.session, request.reference, before.draft, request.now)
        releasing.release(
            request.session, request.reference, request.actor, press.circular, press.version, body, request.moment
        )
    except CircularRefused as error:
        return _not_done(request, press.circular, error)
    button = Button(labels.FOLLOW, ShowCircular(press.circular).pack(), primary=True)
    return Answer((thai.released_card(request.reader, preview_of(request, before), button, request.now),))


@routes.press(ProposeCircular, roles=MAY, changes=True)
def propose(request: Request, press: ProposeCircular) -> Answer:
    """Hand a circular to a second officer, who is told."""
    try:
        draft = releasing.propose(
            request.session, request.reference, request.actor, press.circular, press.version, request.moment
        )
        before = before_release(request.session, request.reference, request.actor, press.circular, request.moment)
    except CircularRefused as error:
        return _not_done(request, press.circular, error)
    buttons = [Button(thai.TAKE_BACK, TakeBackCircular(draft.circular_id, draft.version).pack())]
    releasers = _people(request, before.releasers)
    return Answer((thai.proposed_card(request.reader, _letter(draft), releasers, buttons, request.now),))


@routes.press(TakeBackCircular, roles=MAY, changes=True)
def take_back(request: Request, press: TakeBackCircular) -> Answer:
    """Make one's own circular a draft again; ask a second officer for the reason first."""
    try:
        before = _before(request, press.circular, CircularAct.TAKE_BACK, press.version)
        if before.maker != request.asker.code:
            return _ask_reason(request, press, before)
        releasing.take_back(
            request.session, request.reference, request.actor, press.circular, press.version, "", request.moment
        )
        before = _before(request, press.circular, CircularAct.RELEASE)
    except CircularRefused as error:
        return _not_done(request, press.circular, error)
    return _preview(request, before, thai.taken_back(request.reader))


@routes.said_after(TakeBackCircular, roles=MAY, changes=True)
def send_back(request: Request, press: TakeBackCircular, text: str) -> Answer:
    """Give a circular back to its maker for the reason that was typed."""
    if len(text) > MAX_REASON_LENGTH:
        return Answer((reason_too_long(request.reader),), context=Context(awaiting=press.pack()))
    if not says_enough(text):
        return Answer((reason_too_short(request.reader),), context=Context(awaiting=press.pack()))
    try:
        releasing.take_back(
            request.session, request.reference, request.actor, press.circular, press.version, text, request.moment
        )
    except CircularRefused as error:
        return _not_done(request, press.circular, error)
    return Answer((thai.sent_back(request.reader, text),))


def _before(request: Request, circular: int, act: CircularAct, version: int | None = None) -> BeforeRelease:
    """Return a circular with which ``act`` is possible now, in the version that was shown.

    Raises:
        CircularRefused: NOT_YOURS, WRONG_STATE or STALE_VERSION.
    """
    before = before_release(request.session, request.reference, request.actor, circular, request.moment)
    if not is_possible(act, before.draft.state):
        raise CircularRefused(CircularRefusal.WRONG_STATE)
    if version is not None and before.draft.version != version:
        raise CircularRefused(CircularRefusal.STALE_VERSION)
    return before


def _not_done(request: Request, circular: int, error: CircularRefused) -> Answer:
    """Return what is true now; what was changed since, and can still be released, is shown anew."""
    if error.refusal not in (CircularRefusal.STALE_VERSION, CircularRefusal.OWN_CIRCULAR):
        return refused(request, circular, error)
    try:
        before = _before(request, circular, CircularAct.RELEASE)
    except CircularRefused as later:
        return refused(request, circular, later)
    if error.refusal is CircularRefusal.STALE_VERSION:
        return _preview(request, before, thai.changed_since(request.reader))
    return _preview(request, before, thai.own_circular(request.reader, _people(request, before.releasers)))


def _preview(request: Request, before: BeforeRelease, said: str = "") -> Answer:
    letter = letter_card(request.session, request.reference, before.draft, request.now)
    card = thai.preview_card(request.reader, preview_of(request, before), _ways(request, before), request.now, said)
    return Answer((letter, card))


def _ways(request: Request, before: BeforeRelease) -> Sequence[Button]:
    """Return what can be done with it now."""
    draft, is_maker = before.draft, before.maker == request.asker.code
    where = draft.circular_id, draft.version
    buttons = []
    if not before.missing and before.people.people:
        if before.releases(request.asker.code):
            buttons.append(Button(thai.RELEASE, ReleaseCircular(*where, confirmed=False).pack(), primary=True))
        elif draft.state is CircularState.DRAFT:
            buttons.append(Button(thai.PROPOSE, ProposeCircular(*where).pack(), primary=True))
    buttons.append(Button(thai.TEST, SendTest(draft.circular_id).pack()))
    if before.people.count < len(before.people.people):
        buttons.append(Button(thai.UNREACHED, ListUnreachable(draft.circular_id, 1).pack()))
    if draft.state is CircularState.WAITING_RELEASE:
        label = thai.TAKE_BACK if is_maker else thai.SEND_BACK
        return [*buttons, Button(label, TakeBackCircular(*where).pack())]
    whom = Button(thai.CHANGE_WHOM, whom_of(draft.circular_id).pack())
    return [*buttons, whom, Button(labels.BACK_TO_LETTER, ShowDraft(draft.circular_id).pack())]


def _ask(request: Request, press: ReleaseCircular, before: BeforeRelease) -> Answer:
    if not before.releases(request.asker.code):
        raise CircularRefused(CircularRefusal.OWN_CIRCULAR)
    yes, no = replace(press, confirmed=True).pack(), PreviewCircular(press.circular).pack()
    return Answer((thai.ask_release(request.reader, preview_of(request, before), yes, no, request.now),))


def _ask_reason(request: Request, press: TakeBackCircular, before: BeforeRelease) -> Answer:
    asked = thai.ask_reason(request.reader, _letter(before.draft))
    return Answer((asked,), context=Context(awaiting=press.pack()))


def preview_of(request: Request, before: BeforeRelease) -> Preview:
    """Return what a circular would do, as it is told in the chat and on its page."""
    people, quota = before.people, before.people.quota
    goes_at = before.goes_at.astimezone(BANGKOK)
    return Preview(
        letter=_letter(before.draft),
        subject=subject_of(before.draft.letter),
        whom=whom_words(request.session, request.reference, before.maker, before.draft.audience),
        people=len(people.people),
        reached=people.count,
        unreached={reason: len(codes) for reason, codes in people.unreachable.items()},
        cost=Cost(quota.left, quota.kept_back, quota.promised, quota.free) if quota else None,
        goes_at=goes_at,
        at_once=goes_at <= request.now,
        missing=before.missing,
        sent_back_reason=before.draft.sent_back_reason if before.draft.state is CircularState.DRAFT else "",
        calendar=cautions(
            window_changes(request.session, request.reference, before.draft), request.reference.unit_names
        ),
    )


def _people(request: Request, codes: Sequence[str]) -> Sequence[str]:
    people = named(request, codes)
    return [people[code].text for code in codes if code in people]


def _letter(draft: Draft) -> str:
    return number_and_date(draft.letter.letter_no, draft.letter.letter_date)

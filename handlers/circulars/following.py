"""Following circulars: the list and the search, how one stands, who is silent, and whom it did not reach."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.circulars.letters import Relation
from domain.circulars.life import CircularAct, CircularRefused, CircularState, is_possible
from handlers.circulars.following_presses import (
    CancelCircular,
    CircularHome,
    DownloadLedger,
    ListSilent,
    ListUnreached,
    PauseCircular,
    RemindSilent,
    ResendCircular,
    ResumeCircular,
    SearchCirculars,
    ShowShares,
)
from handlers.circulars.presses import (
    CIRCULAR,
    MAY,
    BeginCircular,
    CorrectCircular,
    PreviewCircular,
    ShowCircular,
    ShowDraft,
    WithdrawCircular,
)
from handlers.conversation import Answer, Context, Page, Request, Turn
from handlers.paging import page_at, row_numbers, rows_of
from handlers.routes import Routes
from messages_th import page_link
from messages_th.audit import action_word
from messages_th.circulars import following as thai
from messages_th.circulars import name_lists as names_th
from messages_th.circulars.following import AgencyShare, CircularLine, Done, Presses, Standing
from messages_th.circulars.letters import number_and_date
from messages_th.circulars.name_lists import NameLine
from messages_th.circulars.refusals import unknown_circular
from messages_th.circulars.searching import read_sought, wanted_circular
from messages_th.listing import ROWS_A_PAGE, Sheet
from messages_th.rendering import Rendered
from storage import shared_state
from storage.circulars.drafts import is_withdrawn
from storage.circulars.hours import next_hour
from storage.circulars.later_letters import later_letters
from storage.circulars.releasing import resendable
from storage.circulars.rows import found
from storage.queries import circulars
from storage.queries.circulars import Progress
from storage.quota import quota_standing
from storage.shared_state import StateKey
from storage.tables import Circular

_WORDS_LENGTH = 60
"""Characters of what is looked for; a button has room for them."""
_SENDS = (CircularState.SCHEDULED, CircularState.SENDING)

routes = Routes()


def turn_of(request: Request, text: str) -> Turn | None:
    """Return the turn of a sentence that looks for a past circular; None: it does not, or not from one who may."""
    words = wanted_circular(text)
    if words is None or not request.holds(*MAY):
        return None
    if not words:
        return Turn(lambda at_work: ask_search(at_work, SearchCirculars()))
    return Turn(lambda at_work: search(at_work, SearchCirculars(), words))


def home(request: Request) -> Answer:
    """Show the circulars that the asker looks after, newest first."""
    return circular_list(request, CircularHome("", 1))


@routes.press(CircularHome, roles=MAY)
def circular_list(request: Request, press: CircularHome) -> Answer:
    """Show a page of circulars."""
    sought = read_sought(press.words, request.today)
    numbers = circulars.found_circulars(request.session, request.reference, request.actor, sought)
    page = page_at(press.page, len(numbers), lambda number: CircularHome(press.words, number).pack())
    lines = [
        CircularLine(
            letter_no=one.letter_no,
            letter_date=one.letter_date,
            subject=one.subject,
            relation=one.relation,
            state=one.state,
            wants_acknowledgement=one.wants_acknowledgement,
            reached=one.reached,
            acknowledged=one.acknowledged,
            press=ShowCircular(one.circular_id).pack(),
            is_withdrawn=is_withdrawn(request.session, one.circular_id),
        )
        for one in circulars.listed(request.session, rows_of(page, numbers))
    ]
    buttons = [thai.new_button(BeginCircular().pack()), thai.search_button(SearchCirculars().pack())]
    card = thai.circular_list(request.reader, lines, len(numbers), press.words, page, buttons, request.now)
    return Answer((card,), context=Context(next_page=page.next, previous_page=page.previous))


@routes.press(SearchCirculars, roles=MAY)
def ask_search(request: Request, _press: SearchCirculars) -> Answer:
    """Ask what to look for."""
    return Answer((thai.ask_search(request.reader),), context=Context(awaiting=SearchCirculars().pack()))


@routes.said_after(SearchCirculars, roles=MAY)
def search(request: Request, _press: SearchCirculars, words: str) -> Answer:
    """Show what was looked for; a single one with how it stands."""
    said = wanted_circular(words) or words
    sought = read_sought(said, request.today)
    numbers = circulars.found_circulars(request.session, request.reference, request.actor, sought)
    if len(numbers) == 1:
        return standing(request, numbers[0])
    return circular_list(request, CircularHome(said[:_WORDS_LENGTH].strip(), 1))


@routes.press(ShowCircular, roles=MAY)
def show_circular(request: Request, press: ShowCircular) -> Answer:
    """Show how a circular stands today, and what can be done with it."""
    return standing(request, press.circular)


@routes.press(ShowShares, roles=MAY)
def show_shares(request: Request, press: ShowShares) -> Answer:
    """Show how a circular stands, with another page of agencies."""
    return standing(request, press.circular, page=press.page)


def standing(request: Request, circular: int, said: Sequence[Rendered] = (), page: int = 1) -> Answer:
    """Return how a circular stands, after ``said``; that there is none to whom it is none of theirs."""
    try:
        row = found(request.session, request.reference, request.actor, circular)
    except CircularRefused:
        return unknown(request)
    progress = circulars.progress(request.session, row.id)
    shares = circulars.shares(request.session, request.reference, row.id)
    turning = page_at(page, len(shares), lambda number: ShowShares(row.id, number).pack())
    view = _view(request, row, progress, rows_of(turning, shares))
    presses = _presses(request, row, progress, is_withdrawn=is_withdrawn(request.session, row.id))
    card = thai.standing_card(request.reader, view, turning, thai.looking_buttons(presses), request.now)
    acts = thai.acts_card(request.reader, row.letter_no, presses, request.now)
    further = (thai.further(CircularHome("", 1).pack()),)
    context = Context(next_page=turning.next, previous_page=turning.previous)
    return Answer((*said, card, *([acts] if acts else [])), further, context)


def unknown(request: Request) -> Answer:
    """Answer that there is no such circular, or none that the asker looks after."""
    return Answer((unknown_circular(request.reader),))


def _view(request: Request, row: Circular, progress: Progress, shares: Sequence[circulars.Share]) -> Standing:
    session, reference = request.session, request.reference
    goes_at = _goes_at(request, row) if row.state in _SENDS else None
    quota = quota_standing(session)
    done = circulars.last_act(session, reference, row.id)
    return Standing(
        letter_no=row.letter_no,
        letter_date=row.letter_date,
        subject=row.subject,
        relation=row.relation,
        state=row.state,
        pause_reason=row.pause_reason,
        wants_acknowledgement=row.wants_acknowledgement,
        acknowledge_by=row.acknowledge_by,
        goes_at=goes_at,
        lacks_quota=quota is not None and quota.free == 0,
        is_stopped=shared_state.get(session, StateKey.SENDER_STOP) is not None,
        finished_at=row.finished_at,
        recipients=progress.recipients,
        sent=progress.sent,
        waiting=progress.waiting,
        unreached=progress.reasons,
        reached=progress.reached,
        acknowledged=progress.acknowledged,
        opened=progress.opened,
        silent=progress.silent,
        agencies=[
            AgencyShare(reference.unit_names[share.unit], share.recipients, share.reached, share.acknowledged)
            for share in shares
        ],
        done=Done(action_word(done.action), done.by.full_name if done.by else "", done.at) if done else None,
        later=[
            thai.later_letter(later.relation, later.letter_no, later.letter_date)
            for later in later_letters(session, row.id)
        ],
    )


def _goes_at(request: Request, row: Circular) -> datetime | None:
    """Return when a circular goes out, or on; None: it may now."""
    soonest = next_hour(request.reference, row, max(row.not_before or request.now, request.now))
    return soonest if soonest > request.now else None


def _presses(request: Request, row: Circular, progress: Progress, *, is_withdrawn: bool) -> Presses:
    """Return what can be looked at and done now."""
    number = row.id

    def may(act: CircularAct) -> bool:
        return is_possible(act, row.state)

    is_released = row.released_at is not None
    holds = is_released and not is_withdrawn
    wants = row.wants_acknowledgement and is_released
    unreached = sum(progress.unreached.values())
    reminds = may(CircularAct.REMIND) and wants and progress.silent and not is_withdrawn
    resends = may(CircularAct.RESEND) and unreached and not is_withdrawn and resendable(request.session, number)
    return Presses(
        draft=ShowDraft(number).pack() if row.state is CircularState.DRAFT else "",
        preview=PreviewCircular(number).pack() if row.state is CircularState.WAITING_RELEASE else "",
        silent=ListSilent(number, 1).pack() if wants and progress.silent else "",
        unreached=ListUnreached(number, 1).pack() if unreached else "",
        ledger=DownloadLedger(number).pack() if is_released else "",
        pause=PauseCircular(number).pack() if may(CircularAct.PAUSE) else "",
        resume=ResumeCircular(number).pack() if may(CircularAct.RESUME) else "",
        cancel=CancelCircular(number, confirmed=False).pack() if may(CircularAct.CANCEL) else "",
        resend=ResendCircular(number, confirmed=False).pack() if resends else "",
        remind=RemindSilent(number, confirmed=False).pack() if reminds else "",
        correct=CorrectCircular(number).pack() if holds else "",
        withdraw=WithdrawCircular(number).pack() if holds and row.relation is not Relation.WITHDRAWS else "",
    )


@routes.press(ListSilent, roles=MAY)
def list_silent(request: Request, press: ListSilent) -> Answer:
    """Show a page of those who have not acknowledged."""
    return _names(request, press, is_silent=True)


@routes.press(ListUnreached, roles=MAY)
def list_unreached(request: Request, press: ListUnreached) -> Answer:
    """Show a page of those whom it did not reach."""
    return _names(request, press, is_silent=False)


def _names(request: Request, press: ListSilent | ListUnreached, *, is_silent: bool) -> Answer:
    session, reference, kind = request.session, request.reference, type(press)
    try:
        row = found(session, reference, request.actor, press.circular)
    except CircularRefused:
        return unknown(request)
    condition = circulars.is_silent() if is_silent else circulars.is_unreached()
    total = circulars.number_of(session, row.id, condition)
    page = page_at(press.page, total, lambda number: kind(row.id, number).pack())
    people = circulars.names_of(session, reference, row.id, condition, row_numbers(page).start, ROWS_A_PAGE)
    lines = [
        NameLine(
            one.name,
            one.position,
            reference.unit_names[one.unit],
            "" if is_silent else one.reason,
            opened=one.opened_at is not None,
        )
        for one in people
    ]
    sheet = Sheet(
        names_th.headline(is_silent=is_silent),
        request.now,
        page=page,
        buttons=[thai.back_button(ShowCircular(row.id).pack())],
    )
    show = names_th.silent_list if is_silent else names_th.unreached_list
    card = show(request.reader, sheet, row.letter_no, lines, total)
    return Answer((card,), context=Context(next_page=page.next, previous_page=page.previous))


@routes.press(DownloadLedger, roles=MAY)
def download_ledger(request: Request, press: DownloadLedger) -> Answer:
    """Give a link under which the presser, and nobody else, finds the ledger for ten minutes."""
    try:
        row = found(request.session, request.reference, request.actor, press.circular)
    except CircularRefused:
        return unknown(request)
    if row.released_at is None:
        return standing(request, row.id)
    link = request.links.page(Page.LEDGER, {CIRCULAR: str(row.id)}, request.asker.code)
    if link is None:
        return Answer((page_link.no_pages(request.reader),), context=request.context)
    card = page_link.ledger_link(request.reader, number_and_date(row.letter_no, row.letter_date), link, request.now)
    return Answer((card,), context=request.context)

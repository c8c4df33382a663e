"""What waits for a decision; and sentences that sound like one, which open the item or ask to confirm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from domain.fiscal import Quarter
from domain.permissions import Seat, seats_of
from domain.roles import Role
from domain.submissions import DutyState
from domain.windows import Stage
from handlers import fallback
from handlers.approval_presses import AskApproval, AskReturn, ShowItem, ShowNext, StartBulk
from handlers.approval_views import item_for
from handlers.approvals import ask_approval, show_item
from handlers.conversation import Answer, Context, Request
from handlers.paging import page_at, rows_of
from handlers.places import common_place, place_named, pressed_quarter, seen_within, sees_any
from handlers.postback import Postback
from handlers.project_presses import ShowProject
from handlers.returning import ask_return, reason_typed
from handlers.routes import Routes
from handlers.spoken import period_of
from messages_th import pending as thai
from messages_th import replies
from messages_th.formats import quarter_text
from messages_th.listing import Button
from messages_th.pending import Delay, PendingFigures, PendingItem, PendingView
from messages_th.understanding.intents import NOTHING_SAID, Intent, Slots, Understood
from messages_th.words import word
from storage.queries import pending
from storage.queries.name_search import search_names
from storage.queries.pending import EVERYTHING, Named, Waiting, Wanted
from storage.queries.readers import people_reading
from storage.queries.summary import by_ministry

routes = Routes()

_GROUPS_SHOWN = 5


class Scope(StrEnum):
    """Whose list: what waits for the asker, or whatever waits in the units that the asker sees whole.

    LATE is what of that waits past its window, or longer than the ministry's policy likes.
    """

    OWN = "o"
    SEEN = "s"
    LATE = "l"


class ShowPending(Postback, prefix="pe1"):
    """Asks for a page of what waits; ``unit`` and the fiscal quarter narrow it down."""

    scope: Scope
    unit: str | None
    fiscal_year: int | None
    quarter: int | None
    page: int


@routes.intent(Intent.PENDING_APPROVALS)
def pending_approvals(request: Request, asked: Understood) -> Answer:
    """Answer what waits: for the asker who decides or prepares, else within the asker's units."""
    return _asked_list(request, asked)


@routes.press(ShowPending)
def show_pending(request: Request, press: ShowPending) -> Answer:
    """Show a page of what waits."""
    if not _may_ask(request) or (press.unit is not None and not sees_any(request, press.unit)):
        return fallback.not_permitted(request)
    seats = _seats(request) if press.scope is Scope.OWN else ()
    if press.scope is not Scope.OWN and press.unit is None and request.sight.everything:
        return _by_ministry(request, press)
    items = _items(request, seats, _wanted(request, press))
    if press.scope is Scope.LATE:
        items = pending.late_of(request.reference, items)
    return _listed(request, press, seats, items)


@routes.press(ShowNext)
def show_next(request: Request, _press: ShowNext) -> Answer:
    """Show the decision card of the most urgent item, or the empty list."""
    seats = [seat for seat in _seats(request) if seat.decides]
    items = pending.waiting_for(request.session, request.reference, seats)
    if not items:
        return show_pending(request, ShowPending(Scope.OWN, None, None, None, 1))
    return show_item(request, ShowItem(items[0].submission_id))


def _asked_list(request: Request, asked: Understood) -> Answer:
    if not _may_ask(request):
        return fallback.not_permitted(request)
    unit = place_named(request, asked)
    if isinstance(unit, Answer):
        return unit
    quarter = _quarter(request, asked.slots, unit)
    scope = Scope.OWN if _seats(request) else Scope.SEEN
    year, number = (quarter.fiscal_year, quarter.number) if quarter else (None, None)
    answer = show_pending(request, ShowPending(scope, unit, year, number, 1))
    return replace(answer, context=replace(answer.context, intent=Intent.PENDING_APPROVALS, slots=asked.slots))


def _may_ask(request: Request) -> bool:
    sight = request.sight
    return bool(_seats(request) or sight.everything or sight.whole or sight.duties)


def _seats(request: Request) -> Sequence[Seat]:
    return seats_of(request.asker.code, request.reference.rules.organisation)


def _quarter(request: Request, slots: Slots, unit: str | None) -> Quarter | None:
    if slots.quarter is None and slots.fiscal_year is None:
        return None
    return period_of(request, slots, unit).quarter


def _wanted(request: Request, press: ShowPending) -> Wanted:
    units = request.reference.rules.organisation.below(press.unit) if press.unit else None
    return Wanted(units, pressed_quarter(press.fiscal_year, press.quarter))


def _items(request: Request, seats: Sequence[Seat], wanted: Wanted) -> list[Waiting]:
    if seats:
        return pending.waiting_for(request.session, request.reference, seats, wanted)
    return pending.waiting_within(request.session, request.reference, request.sight, wanted)


def _listed(request: Request, press: ShowPending, seats: Sequence[Seat], items: Sequence[Waiting]) -> Answer:
    page = page_at(press.page, len(items), lambda number: replace(press, page=number).pack())
    here = rows_of(page, items)
    shown = pending.named(request.session, here)
    own = bool(seats) and seats[0].decides
    view = PendingView(
        own=own,
        assists=bool(seats) and not own,
        on_behalf=_principals(request, seats),
        place=_place(request, press.unit),
        period=_period(request, press),
        late=press.scope is Scope.LATE,
    )
    holders = {} if own else _holders(request, here)
    opens_item = bool(seats)  # elsewhere the project, which says more of what is not one's own to decide
    rows = [
        replace(
            item_of(request, named, holders.get((named.item.unit, named.item.step), "")),
            press=_opens(named, item=opens_item),
        )
        for named in shown
    ]
    figures = _figures(request, items, by_holder=not own)
    card = thai.pending_list(
        request.reader, view, figures, rows, page, request.now, _others(request, press, seats, len(items))
    )
    context = Context(
        Intent.PENDING_APPROVALS,
        shown=tuple(named.code for named in shown if named.code),
        next_page=page.next,
        previous_page=page.previous,
    )
    return Answer((card,), context=context)


def _opens(named: Named, *, item: bool) -> str:
    """Return the data of a tap on a row: it opens the item, as with plans always, or else its project."""
    return ShowItem(named.item.submission_id).pack() if item or not named.code else ShowProject(named.code).pack()


def _others(request: Request, press: ShowPending, seats: Sequence[Seat], number: int) -> Sequence[Button]:
    """Return the ways on: to approving several of ``number`` at once, to the whole list, and to what is late."""
    buttons = []
    if number > 1 and any(seat.decides for seat in seats):
        buttons.append(thai.bulk_button(StartBulk(press.unit, press.fiscal_year, press.quarter).pack()))
    if seats and (request.sight.whole or request.sight.everything):
        buttons.append(thai.whole_list_button(replace(press, scope=Scope.SEEN, page=1).pack()))
    if press.scope is not Scope.LATE and request.holds(Role.MINISTRY_COORDINATOR, Role.ADMIN):
        buttons.append(thai.late_list_button(replace(press, scope=Scope.LATE, page=1).pack()))
    return buttons


def _period(request: Request, press: ShowPending) -> str:
    quarter = pressed_quarter(press.fiscal_year, press.quarter)
    if quarter is None:
        return ""
    basis = request.reference.rules.organisation.year_basis(press.unit) if press.unit else request.basis
    return quarter_text(quarter, basis)


def _place(request: Request, unit: str | None) -> str:
    """Return what the part of ``unit`` is called that the asker sees; "" where the list is not narrowed down."""
    place = common_place(request, seen_within(request, unit)) if unit else None
    return request.reference.unit_names[place] if place else ""


def _principals(request: Request, seats: Sequence[Seat]) -> Sequence[str]:
    """Return the positions of those whose steps the asker looks after beside the own ones."""
    others = [seat.holder for seat in seats if seat.holder != request.asker.code]
    people = people_reading(request.session, others, request.today) if others else {}
    return [people[code].position or people[code].full_name for code in others if code in people]


def _holders(request: Request, items: Iterable[Waiting]) -> Mapping[tuple[str, int], str]:
    """Return who may decide each item, by position and, at the agency's stage, with the agency."""
    organisation = request.reference.rules.organisation
    deciding = {(item.unit, item.step): organisation.approvers(item.unit, item.step) for item in items}
    people = people_reading(request.session, {code for codes in deciding.values() for code in codes}, request.today)
    found = {}
    for (unit, step), codes in deciding.items():
        positions = dict.fromkeys(people[code].position for code in codes if code in people)
        agency = organisation.path(unit).agency if organisation.stage_of(unit, step) is Stage.AGENCY else None
        named = " / ".join(filter(None, positions))
        found[unit, step] = f"{named} {request.reference.unit_names[agency]}" if named and agency else named
    return found


def item_of(request: Request, named: Named, holder: str = "") -> PendingItem:
    """Return the item as a message shows it; ``holder`` is whose step it is, empty for the asker's own."""
    item, rules = named.item, request.reference.rules
    return PendingItem(
        code=named.code,
        name=named.name,
        unit=request.reference.unit_names[item.unit],
        kind=item.kind,
        occasion=item.occasion,
        basis=rules.organisation.year_basis(item.unit),
        step=item.step,
        holder=holder,
        since=item.since_day(),
        delay=_delay(request, item),
    )


def _delay(request: Request, item: Waiting) -> Delay | None:
    if item.closes_on is None:
        return None
    working = request.reference.rules.calendar.working_days_left(request.today, item.closes_on)
    return Delay(item.closes_on, (item.closes_on - request.today).days, working)


def _figures(request: Request, items: Sequence[Waiting], *, by_holder: bool) -> PendingFigures:
    today, closing = request.today, [item.closes_on for item in items if item.closes_on is not None]
    return PendingFigures(
        len(items),
        overdue=sum(day < today for day in closing),
        last_day=sum(day == today for day in closing),
        by_group=_by_holder(request, items) if by_holder else _by_agency(request, items),
    )


def _by_agency(request: Request, items: Sequence[Waiting]) -> Sequence[tuple[str, int]]:
    """Return how much is of which agency or, of a single one, of which kind."""
    organisation, names = request.reference.rules.organisation, request.reference.unit_names
    numbers = Counter(organisation.path(item.unit).agency or item.unit for item in items)
    if len(numbers) < 2:
        return thai.grouped(Counter(word(item.occasion.kind) for item in items), _GROUPS_SHOWN)
    return thai.grouped({names[code]: number for code, number in numbers.items()}, _GROUPS_SHOWN)


def _by_holder(request: Request, items: Sequence[Waiting]) -> Sequence[tuple[str, int]]:
    """Return with whom most of it waits."""
    organisation = request.reference.rules.organisation
    numbers = Counter(organisation.approvers(item.unit, item.step) for item in items)
    samples = {organisation.approvers(item.unit, item.step): item for item in items}
    largest = [samples[people] for people, _ in numbers.most_common(_GROUPS_SHOWN)]
    holders = _holders(request, largest)
    by_name: Counter[str] = Counter()
    for people, number in numbers.items():
        item = samples[people]
        by_name[thai.waits_at(holders.get((item.unit, item.step), ""))] += number
    return thai.grouped(by_name, _GROUPS_SHOWN)


def _by_ministry(request: Request, press: ShowPending) -> Answer:
    """Answer somebody who sees the whole country: how many reports wait where."""
    quarter = pressed_quarter(press.fiscal_year, press.quarter) or period_of(request, NOTHING_SAID).quarter
    figures = by_ministry(request.session, request.reference, request.sight, quarter)
    waiting = {code: number for code in sorted(figures) if (number := figures[code].states[DutyState.WAITING])}
    page = page_at(press.page, len(waiting), lambda number: replace(press, page=number).pack())
    here = rows_of(page, list(waiting))
    rows = [(request.reference.unit_names[code], waiting[code], _into(press, code, quarter)) for code in here]
    period = quarter_text(quarter, request.basis)
    card = thai.waiting_by_ministry(request.reader, period, rows, page, sum(waiting.values()), request.now)
    context = Context(Intent.PENDING_APPROVALS, next_page=page.next, previous_page=page.previous)
    return Answer((card,), context=context)


def _into(press: ShowPending, unit: str, quarter: Quarter) -> str:
    return replace(press, unit=unit, fiscal_year=quarter.fiscal_year, quarter=quarter.number, page=1).pack()


@routes.intent(Intent.APPROVE)
def approve(request: Request, asked: Understood) -> Answer:
    """Open what is to be approved, or ask to confirm what was just opened; nothing is decided by words."""
    meant = _meant(request, asked)
    if isinstance(meant, Answer):
        return meant
    if meant == request.context.submission and (press := _as_shown(request, meant)) is not None:
        return ask_approval(request, press)
    return show_item(request, ShowItem(meant))


@routes.intent(Intent.RETURN)
def return_(request: Request, asked: Understood) -> Answer:
    """Ask why something goes back, or quote the reason that was said and ask to confirm; words return nothing."""
    meant = _meant(request, asked)
    if isinstance(meant, Answer):
        return meant
    press = _as_shown(request, meant)
    if press is None:
        return show_item(request, ShowItem(meant))
    return_press = AskReturn(press.submission, press.version, press.step)
    reason = asked.extra.get("reason", "")
    return reason_typed(request, return_press, reason) if reason else ask_return(request, return_press)


def _as_shown(request: Request, submission: int) -> AskApproval | None:
    """Return the button of an item that the asker may decide, as its card has it now."""
    item = item_for(request, submission)
    if item is None or not item.waits_for_asker or item.step is None:
        return None
    return AskApproval(submission, item.version, item.step)


def _meant(request: Request, asked: Understood) -> int | Answer:
    """Return which item (an id) at the asker's steps is meant; or the answer where it is none, or one of several."""
    seats, slots = _seats(request), asked.slots
    if not _may_ask(request):
        return fallback.not_permitted(request)
    said = slots.project_code or slots.project_query or ""
    if not said and not seats:
        return Answer((thai.how_to_ask(request.reader, _route(request)),), (replies.choice(Intent.PENDING_APPROVALS),))
    names_none = not said and not slots.agency and "all" not in asked.extra
    if names_none and request.context.submission is not None:
        return request.context.submission
    codes = None if "all" in asked.extra else _codes_meant(request, slots)
    return _asked_list(request, asked) if codes is None else _of_codes(request, seats, codes, said)


def _of_codes(request: Request, seats: Sequence[Seat], codes: Collection[str], said: str) -> int | Answer:
    """Return the item (an id) of these projects at the asker's steps; or the answer where it is none or several."""
    own = pending.of_projects(request.session, _items(request, seats, EVERYTHING), codes) if seats else []
    if len(own) == 1:
        return own[0].submission_id
    if own:
        return _listed(request, ShowPending(Scope.OWN, None, None, None, 1), seats, own)
    return _not_at_own_step(request, codes, said)


def _codes_meant(request: Request, slots: Slots) -> Collection[str] | None:
    """Return the codes of the projects that the words or the card before them name; None: they name none."""
    if slots.project_code:
        return [slots.project_code]
    if slots.project_query:
        found = search_names(request.session, request.reference, request.sight, slots.project_query)
        return [project.code for project in found.projects[: 1 if found.is_clear else None]]
    context = request.context
    is_after_card = context.intent in (Intent.PENDING_APPROVALS, Intent.PROJECT_STATUS) and len(context.shown) == 1
    return context.shown if is_after_card and not slots.agency else None


def _not_at_own_step(request: Request, codes: Collection[str], said: str) -> Answer:
    """Say whose step it is, to somebody who may know; else that nothing was found."""
    seen = pending.waiting_on(request.session, request.reference, request.sight, codes)
    if not seen:
        return Answer((thai.not_found(request.reader, said),), (replies.choice(Intent.PENDING_APPROVALS),))
    named = pending.named(request.session, seen[:1])[0]
    holder = _holders(request, seen[:1])[named.item.unit, named.item.step]
    return Answer((thai.not_your_step(request.reader, item_of(request, named, holder)),))


def _route(request: Request) -> Sequence[str]:
    """Return who decides on the reports of the asker's own unit, step by step, by position."""
    organisation, home = request.reference.rules.organisation, request.sight.home
    if home is None:
        return ()
    steps = [organisation.approvers(home, step.order) for step in organisation.route(home)]
    people = people_reading(request.session, {code for codes in steps for code in codes}, request.today)
    return [" / ".join(dict.fromkeys(people[code].position for code in codes if code in people)) for codes in steps]

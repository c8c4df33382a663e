"""What somebody owes, holds or watches now: asked in words, or by a button of a reminder, whatever that card said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from domain.fiscal import Quarter
from domain.permissions import Sight, seats_of
from domain.roles import PROJECT_KINDS, Role, officer_role
from domain.spoken_quarters import reporting_quarter
from domain.submissions import DutyState
from domain.windows import Occasion, Stage, WindowKind
from handlers import fallback
from handlers.conversation import Answer, Context, Request
from handlers.duty_pages import agency_duties, agency_item
from handlers.mirroring import left_to_write
from handlers.owed_lists import View, owing_units, sees_owed
from handlers.paging import page_at, rows_of
from handlers.pending import Scope, ShowPending, show_pending
from handlers.places import pressed_occasion, pressed_quarter
from handlers.postback import Postback
from handlers.project_presses import ShowProject
from handlers.reminders import GiveLateReason, ShowAllDuties, ShowDuties
from handlers.routes import Routes
from handlers.unreported import unreported_in_words, unreported_list
from messages_th import duties as words_of
from messages_th.duties import Due, Matter, OwedItem, OwedList
from messages_th.understanding.intents import Intent, Status, Understood
from messages_th.unreported import reason_button
from storage.queries.duties import EnteredOpenData, OpenAgencyDuty, UnsentEntry, open_agency_duties, unsent_entries
from storage.queries.pending import waiting_for
from storage.queries.unreported import Asked, tally, tally_of_country

routes = Routes()


class DutiesPage(Postback, prefix="dp1"):
    """Asks for a page of what was not sent for one window, quarterly reports apart."""

    kind: WindowKind
    fiscal_year: int
    quarter: int | None
    page: int


class EverythingPage(Postback, prefix="ep1"):
    """Asks for a page of all that the presser owes, holds or watches."""

    page: int


@routes.intent(Intent.UNREPORTED_PROJECTS)
def unreported(request: Request, asked: Understood) -> Answer:
    """Answer who still owes a report of a quarter."""
    return _not_done(request, asked, overdue=asked.slots.status is Status.OVERDUE)


@routes.intent(Intent.OVERDUE_LIST)
def overdue(request: Request, asked: Understood) -> Answer:
    """Answer what is late and whose delay it is."""
    return _not_done(request, asked, overdue=True)


def _not_done(request: Request, asked: Understood, *, overdue: bool) -> Answer:
    """Answer with projects, and whoever enters an agency's plans and yearly reports with these, too."""
    enters_plans = request.holds(Role.PLAN_OFFICER)
    if enters_plans and not sees_owed(request.sight):
        return show_all_duties(request, ShowAllDuties())
    projects = unreported_in_words(request, asked, overdue=overdue)
    if not enters_plans:
        return projects
    return replace(projects, messages=projects.messages + show_all_duties(request, ShowAllDuties()).messages)


@routes.press(ShowDuties)
def show_duties(request: Request, press: ShowDuties) -> Answer:
    """Show what waits for the presser there, and what the presser's units have not sent."""
    if request.sight.home is None:
        return fallback.not_permitted(request)
    occasion = pressed_occasion(press.kind, press.fiscal_year, press.quarter)
    if occasion is None or (occasion.kind is WindowKind.QUARTER_REPORT and occasion.quarter is None):
        return fallback.old_button(request)
    waiting = _waiting(request)
    answers = [show_pending(request, _own_pending(press))] if waiting else []
    if press.stage is not Stage.UPPER or not waiting:
        owed = _owed(request, occasion, press.stage)
        if owed is not None:
            answers.append(owed)
    if not answers:
        return fallback.not_permitted(request)
    first, *others = answers
    return replace(
        others[-1] if others else first,
        messages=tuple(message for answer in answers for message in answer.messages),
        context=first.context,
    )


@routes.press(DutiesPage)
def show_duties_page(request: Request, press: DutiesPage) -> Answer:
    """Show a page of what was not sent."""
    occasion = pressed_occasion(press.kind, press.fiscal_year, press.quarter)
    if occasion is None:
        return fallback.old_button(request)
    answer = _not_sent(request, occasion, press.page) if occasion.kind is not WindowKind.QUARTER_REPORT else None
    return answer or fallback.not_permitted(request)


@routes.press(ShowAllDuties)
def show_all_duties(request: Request, _press: ShowAllDuties) -> Answer:
    """Show everything that the presser owes, holds or watches."""
    return show_everything(request, EverythingPage(1))


@routes.press(EverythingPage)
def show_everything(request: Request, press: EverythingPage) -> Answer:
    """Show a page of it."""
    if request.sight.home is None:
        return fallback.not_permitted(request)
    number = _waiting(request)
    waiting = (number, ShowPending(Scope.OWN, None, None, None, 1).pack()) if number else None
    matters = _matters(request)
    page = page_at(press.page, len(matters), lambda number: EverythingPage(number).pack())
    left = left_to_write(request) if page.number == 1 else None
    card = words_of.everything(request.reader, waiting, rows_of(page, matters), page, request.now, left)
    return Answer((card,), context=Context(next_page=page.next, previous_page=page.previous))


def _waiting(request: Request) -> int:
    seats = seats_of(request.asker.code, request.reference.rules.organisation)
    return len(waiting_for(request.session, request.reference, seats)) if seats else 0


def _own_pending(press: ShowDuties) -> ShowPending:
    if press.kind is WindowKind.QUARTER_REPORT:
        return ShowPending(Scope.OWN, None, press.fiscal_year, press.quarter, 1)
    return ShowPending(Scope.OWN, None, None, None, 1)


def _owed(request: Request, occasion: Occasion, stage: Stage) -> Answer | None:
    """Return what was not sent or, of the upper stage, what waits, as far as the presser may know of it.

    None: nothing of the kind is seen.
    """
    if occasion.kind is WindowKind.QUARTER_REPORT and occasion.quarter is not None:
        is_for_others = stage is Stage.UPPER and not request.holds(Role.PROJECT_OFFICER)  # officers mend what came back
        state = DutyState.WAITING if is_for_others else None
        view = View(Quarter(occasion.fiscal_year, occasion.quarter), state=state)
        return unreported_list(request, view) if sees_owed(request.sight) else None
    return _not_sent(request, occasion, 1)


def _not_sent(request: Request, occasion: Occasion, number: int) -> Answer | None:
    found: Sequence[UnsentEntry | OpenAgencyDuty | EnteredOpenData]
    if occasion.kind in PROJECT_KINDS:
        found, unseen = _entries(request, occasion)
        seen = sees_owed(request.sight)
    else:
        found, unseen = agency_duties(request, occasion), 0
        seen = bool(request.sight.duties)
    if not seen:
        return None
    press = DutiesPage(occasion.kind, occasion.fiscal_year, occasion.quarter, 1)
    page = page_at(number, len(found), lambda number: replace(press, page=number).pack())
    everywhere = request.sight.everything
    due = _due(request, occasion, () if everywhere else owing_units(request, None) | request.sight.duties)
    states = Counter(one.state for one in found if not isinstance(one, EnteredOpenData))
    buttons = []
    unsent = any(states[state] for state in DutyState if state is not DutyState.WAITING)
    if unsent and due is not None and due.days_left < 0 and request.holds(officer_role(occasion.kind)):
        about = GiveLateReason(occasion.kind, occasion.fiscal_year, occasion.quarter, Stage.AGENCY)
        buttons.append(reason_button(about.pack()))
    shown = [_item(request, occasion, one) for one in rows_of(page, found)]
    breakdown = {state: states[state] for state in DutyState}
    owed = OwedList(occasion, request.basis, due, breakdown, shown, page, unseen)
    card = words_of.owed_items(request.reader, owed, request.now, buttons)
    codes = tuple(item.code for item in shown if item.code)
    return Answer((card,), context=Context(shown=codes, next_page=page.next, previous_page=page.previous))


def _entries(request: Request, occasion: Occasion) -> tuple[Sequence[UnsentEntry], int]:
    """Return the entries that the presser sees, and how many more there are in units whose route the presser is on."""
    sight, reference, own = request.sight, request.reference, _own(request)
    entries = unsent_entries(request.session, reference, sight, own)
    below = Sight(whole=frozenset(sight.steps) - own)
    unseen = unsent_entries(request.session, reference, below, below.whole)
    return [entry for entry in entries if entry.occasion == occasion], sum(one.occasion == occasion for one in unseen)


def _own(request: Request) -> frozenset[str]:
    """Return the units whose entries the presser sees."""
    return owing_units(request, None) if request.sight.everything else request.sight.whole


def _item(request: Request, occasion: Occasion, one: UnsentEntry | OpenAgencyDuty | EnteredOpenData) -> OwedItem:
    if not isinstance(one, UnsentEntry):
        return agency_item(request, occasion, one)
    unit = request.reference.unit_names[one.unit] if len(_own(request)) > 1 else ""
    return OwedItem(one.code, one.name, unit, one.state, one.late_reason, ShowProject(one.code).pack())


def _matters(request: Request) -> Sequence[Matter]:
    """Return the windows for which anything is not approved, reports first; of the country its newest reports."""
    if request.sight.everything:
        return _of_country(request)
    reference, units = request.reference, owing_units(request, None)
    found: list[tuple[Occasion, Mapping[DutyState, int]]] = []
    for occasion in _report_occasions(request, units):
        quarter = pressed_quarter(occasion.fiscal_year, occasion.quarter)
        if quarter is not None:
            found.append((occasion, tally(request.session, reference, request.sight, Asked(quarter, units)).states))
    entries = unsent_entries(request.session, reference, request.sight, request.sight.whole)
    found += _by_occasion((entry.occasion, entry.state) for entry in entries)
    duties = open_agency_duties(request.session, reference, request.sight.duties) if request.sight.duties else ()
    found += _by_occasion((duty.occasion, duty.state) for duty in duties)
    seen = units | request.sight.duties
    return [_matter(request, occasion, states, seen) for occasion, states in found if sum(states.values())]


def _of_country(request: Request) -> Sequence[Matter]:
    home = request.sight.home
    quarter = reporting_quarter(request.reference.rules, home) if home else None
    if home is None or quarter is None:
        return ()
    counted = tally_of_country(request.session, request.reference, Asked(quarter, frozenset()))
    occasion = Occasion(WindowKind.QUARTER_REPORT, quarter.fiscal_year, quarter.number)
    return [_matter(request, occasion, counted.states, ())] if counted.total else ()


def _report_occasions(request: Request, units: Iterable[str]) -> Sequence[Occasion]:
    seen = {occasion for unit in units for occasion in request.reference.active.of(unit)}
    return sorted((o for o in seen if o.kind is WindowKind.QUARTER_REPORT), key=Occasion.order, reverse=True)


def _by_occasion(items: Iterable[tuple[Occasion, DutyState]]) -> list[tuple[Occasion, Mapping[DutyState, int]]]:
    found: dict[Occasion, Counter[DutyState]] = {}
    for occasion, state in items:
        found.setdefault(occasion, Counter())[state] += 1
    return sorted(found.items(), key=lambda item: item[0].order())


def _matter(request: Request, occasion: Occasion, states: Mapping[DutyState, int], units: Iterable[str]) -> Matter:
    press = ShowDuties(occasion.kind, occasion.fiscal_year, occasion.quarter, Stage.AGENCY)
    ordered = {state: states.get(state, 0) for state in DutyState}
    return Matter(occasion, request.basis, ordered, _due(request, occasion, units), press.pack())


def _due(request: Request, occasion: Occasion, units: Iterable[str]) -> Due | None:
    """Return the last day of the agency's window; None where the units have none, or not all the same."""
    rules = request.reference.rules
    paths = {rules.windows.shared_path(rules.organisation.path(unit)) for unit in units}
    windows = [found for path in paths if (found := rules.window(occasion, path)) is not None]
    days = {found.agency.closes_on for found in windows if found.agency is not None}
    return _left(request, next(iter(days))) if len(days) == 1 else None


def _left(request: Request, closes_on: date) -> Due:
    working = request.reference.rules.calendar.working_days_left(request.today, closes_on)
    return Due(closes_on, (closes_on - request.today).days, working)

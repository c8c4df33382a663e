"""What is not reported this quarter, and what is late: by agency for those who see several, else by project."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from domain.organisation import Organisation
from domain.roles import Role
from domain.spoken_quarters import closed_quarter
from domain.submissions import DutyState
from domain.windows import Occasion, Stage, WindowKind
from handlers import fallback
from handlers.conversation import Answer, Context, Request
from handlers.owed_lists import (
    WITH_OFFICERS,
    WORDS_LENGTH,
    ShowUnreported,
    View,
    entered_units,
    owing_units,
    sees_owed,
)
from handlers.paging import page_at, row_numbers, rows_of
from handlers.places import common_place, place_named, pressed_quarter
from handlers.project_presses import ShowProject
from handlers.reminders import GiveLateReason, ReportNow
from handlers.report_buttons import report_button, writes_reports
from handlers.report_pages import OpenReport, open_report
from handlers.routes import Routes
from handlers.spoken import period_of
from messages_th import unreported as words_of
from messages_th.formats import quarter_name
from messages_th.listing import ROWS_A_PAGE, Button, Page, Row
from messages_th.quick_replies import QuickReply
from messages_th.understanding.intents import Intent, Slots, Status, Understood
from messages_th.words import word
from storage.queries.unreported import Asked, Tally, UnreportedProject, page_of, tally, tally_of_country

routes = Routes()

_STATES = {
    Status.DRAFT: DutyState.DRAFT,
    Status.PENDING_APPROVAL: DutyState.WAITING,
    Status.RETURNED: DutyState.RETURNED,
}
_STATUSES = {state: status for status, state in _STATES.items()}


@routes.press(ShowUnreported)
def show_unreported(request: Request, press: ShowUnreported) -> Answer:
    """Show a page of a list, or one agency's part of it."""
    view = View.of(press)
    if view is None:
        return fallback.old_button(request)
    return unreported_list(request, view, press.page)


def unreported_list(request: Request, view: View, page: int = 1, slots: Slots | None = None) -> Answer:
    """Return a page (from 1, the nearest there is) of a list; ``slots`` are what was said, where something was."""
    if not sees_owed(request.sight):
        return fallback.not_permitted(request)
    asked, country = view.asked(request), _is_of_country(request, view)
    if not asked.units:
        return Answer((words_of.no_such_list(request.reader),))
    if country:
        counted = tally_of_country(request.session, request.reference, asked)
        groups: Mapping[str, frozenset[str]] = {ministry: frozenset({ministry}) for ministry in counted.by_unit}
    else:
        counted = tally(request.session, request.reference, request.sight, asked)
        groups = _groups(request.reference.rules.organisation, asked.units)
    place = None if country else common_place(request, sorted(groups if len(groups) > 1 else asked.units))
    about = _about(request, view, groups, place)
    if country or (len(groups) > 1 and not view.words):
        rows, codes, turning = _by_group(request, view, counted, groups, page)
    else:
        rows, codes, turning = _by_project(request, view, asked, counted, page, has_opened=about.opens is None)
    context = Context(
        intent=Intent.OVERDUE_LIST if view.overdue else Intent.UNREPORTED_PROJECTS,
        slots=slots or _slots(request, view),
        shown=codes,
        next_page=turning.next,
        previous_page=turning.previous,
    )
    buttons = _buttons(request, view, counted, has_opened=about.opens is None)
    if view.overdue:
        message = words_of.overdue_card(about, request.reader, counted.late, rows, turning, buttons)
    else:
        message = words_of.unreported_card(about, request.reader, counted.states, rows, turning, buttons)
    return Answer((message,), _narrowing(view, counted), context)


@routes.press(ReportNow, roles=(Role.PROJECT_OFFICER,))
def report_now(request: Request, press: ReportNow) -> Answer:
    """Give the link to the form of the one report that lies with the presser's units, or list them where it is not one.

    The card that has the button stays in the chat: what is owed is counted when it is pressed.
    """
    quarter = pressed_quarter(press.fiscal_year, press.quarter)
    if quarter is None:
        return fallback.old_button(request)
    asked = Asked(quarter, entered_units(request), WITH_OFFICERS)
    counted = tally(request.session, request.reference, request.sight, asked)
    if counted.total == 1:
        (project,) = page_of(request.session, request.reference, request.sight, asked, counted, 0, 1)
        return open_report(request, OpenReport(project.code, quarter.fiscal_year, quarter.number))
    return unreported_list(request, View(quarter, common_place(request, asked.units)))


def unreported_in_words(request: Request, asked: Understood, *, overdue: bool) -> Answer:
    """Answer who still owes a report of a quarter, or, with ``overdue``, what is late and whose delay it is."""
    if not sees_owed(request.sight):
        return fallback.not_permitted(request)
    unit, slots = place_named(request, asked, owing_units), asked.slots
    if isinstance(unit, Answer):
        return unit
    view = _view(request, slots, unit, overdue=overdue)
    if isinstance(slots.quarter, int):  # with its year, so that another agency's label of it can be found
        labelled = _slots(request, view)
        slots = replace(slots, quarter=labelled.quarter, fiscal_year=labelled.fiscal_year)
    return unreported_list(request, view, slots=slots)


def _view(request: Request, slots: Slots, unit: str | None, *, overdue: bool) -> View:
    quarter = period_of(request, slots, unit).quarter
    home = unit or request.sight.home
    if overdue and slots.quarter is None and slots.fiscal_year is None and home is not None:
        quarter = closed_quarter(request.reference.rules, home) or quarter
    words = (slots.project_query or slots.project_code or "")[:WORDS_LENGTH].strip()
    state = _STATES.get(slots.status) if slots.status else None
    return View(quarter, unit, None if overdue else state, words, overdue)


def _groups(organisation: Organisation, units: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """Return the units by agency or, where they are of several ministries, by ministry."""
    by_ministry: dict[str, set[str]] = defaultdict(set)
    by_agency: dict[str, set[str]] = defaultdict(set)
    for unit in units:
        path = organisation.path(unit)
        by_ministry[organisation.ministry_of(unit)].add(unit)
        by_agency[path.agency or unit].add(unit)
    chosen = by_ministry if len(by_ministry) > 1 else by_agency
    return {code: frozenset(held) for code, held in chosen.items()}


def _by_group(
    request: Request, view: View, counted: Tally, groups: Mapping[str, frozenset[str]], page: int
) -> tuple[Sequence[Row], tuple[str, ...], Page]:
    """Return a page of agencies or ministries; a row is no project, so there is none to lean on by its number."""
    organisation = request.reference.rules.organisation
    owing = sorted((code, held) for code, units in groups.items() if (held := counted.by_unit.keys() & units))
    turning = page_at(page, len(owing), view.press)
    rows = []
    for code, units in rows_of(turning, owing):
        basis = organisation.year_basis(code)
        share = words_of.Share(
            name=request.reference.unit_names[code],
            states=counted.of(units),
            late=counted.late_of(units),
            press=replace(view, unit=code).press(1),
            label="" if basis is request.basis else quarter_name(view.quarter, basis),
        )
        rows.append(words_of.share_row(share, overdue=view.overdue))
    return rows, (), turning


def _by_project(
    request: Request, view: View, asked: Asked, counted: Tally, page: int, *, has_opened: bool
) -> tuple[Sequence[Row], tuple[str, ...], Page]:
    turning = page_at(page, counted.total, view.press)
    projects = page_of(
        request.session, request.reference, request.sight, asked, counted, row_numbers(turning).start, ROWS_A_PAGE
    )
    return (
        _project_rows(request, projects, asked, has_opened=has_opened),
        tuple(project.code for project in projects),
        turning,
    )


def _project_rows(
    request: Request, projects: Iterable[UnreportedProject], asked: Asked, *, has_opened: bool
) -> Sequence[Row]:
    return [
        words_of.project_row(
            words_of.OwedProject(
                code=project.code,
                name=project.name,
                state=project.state,
                unit=project.unit if len(asked.units) > 1 else "",
                step=project.step or 0,
                turn=project.turn_of[0].position if project.turn_of else "",
                is_yours=any(person.code == request.asker.code for person in project.turn_of),
                since=project.since,
                late=project.overdue,
                late_reason=project.late_reason,
            ),
            ShowProject(project.code).pack(),
            _report_button(request, project) if has_opened else None,
        )
        for project in projects
    ]


def _report_button(request: Request, project: UnreportedProject) -> Button | None:
    if project.state not in WITH_OFFICERS or not writes_reports(request, project.unit_code):
        return None
    return report_button(project.code, project.quarter, is_returned=project.state is DutyState.RETURNED)


def _is_of_country(request: Request, view: View) -> bool:
    """Tell whether the list is of several ministries whole: those are counted, not listed by project."""
    is_whole = view.unit is None and request.sight.everything and not view.words
    return is_whole and len(request.reference.rules.policies) > 1


def _about(request: Request, view: View, groups: Mapping[str, frozenset[str]], place: str | None) -> words_of.About:
    rules, names = request.reference.rules, request.reference.unit_names
    organisation, quarter = rules.organisation, view.quarter
    looked_at = place or request.sight.home or ""
    bases = {organisation.year_basis(code) for code in groups} - {request.basis}
    tracked = rules.policy(looked_at).tracked_from
    windows = rules.window(
        Occasion(WindowKind.QUARTER_REPORT, quarter.fiscal_year, quarter.number), organisation.path(looked_at)
    )
    starts_on = windows.starts_on(Stage.AGENCY) if windows else None
    return words_of.About(
        place=names[place] if place else "",
        quarter=quarter,
        basis=request.basis,
        as_of=request.now,
        own_label=next(iter(bases)) if bases and len(groups) == 1 else None,
        words=view.words,
        before_tracking=tracked is not None and quarter < tracked,
        opens=windows.agency if windows and starts_on is not None and starts_on > request.today else None,
    )


def _buttons(request: Request, view: View, counted: Tally, *, has_opened: bool) -> Sequence[Button]:
    buttons = []
    quarter = view.quarter
    if counted.late.get(Stage.AGENCY) and request.holds(Role.PROJECT_OFFICER):
        about = WindowKind.QUARTER_REPORT, quarter.fiscal_year, quarter.number
        buttons.append(words_of.reason_button(GiveLateReason(*about, Stage.AGENCY).pack()))
    if counted.total:
        buttons.append(words_of.download_button(view.download_press()))
    with_officers = has_opened and any(counted.states.get(state) for state in WITH_OFFICERS)
    if with_officers and request.holds(Role.MINISTRY_COORDINATOR):
        buttons.append(words_of.chase_button(view.chase_press()))
    return buttons


def _narrowing(view: View, counted: Tally) -> tuple[QuickReply, ...]:
    """Return the quick replies that leave one part of the list: a state, or what is late."""
    if view.overdue or view.state is not None:
        return ()
    parts = [
        QuickReply(word(state), replace(view, state=state).press(1))
        for state in _STATES_SHOWN
        if counted.states.get(state)
    ]
    if counted.late_by_unit:
        parts.append(QuickReply(words_of.OVERDUE, replace(view, overdue=True).press(1)))
    return tuple(parts) if len(parts) > 1 else ()


_STATES_SHOWN = (DutyState.MISSING, DutyState.DRAFT, DutyState.WAITING, DutyState.RETURNED)


def _slots(request: Request, view: View) -> Slots:
    """Return in words what a button was about, so that the next sentence may lean on it."""
    organisation = request.reference.rules.organisation
    unit = view.unit if view.unit in organisation.units else None
    agency = organisation.units[unit].short_name if unit else ""
    label = view.quarter.label(organisation.year_basis(unit) if unit and agency else request.basis)
    return Slots(
        quarter=label.number,
        fiscal_year=label.be_year,
        agency=agency or None,
        project_query=view.words or None,
        status=_STATUSES.get(view.state) if view.state else None,
    )

"""The projects that somebody has to do with: one's own, or by agency where they are of several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from domain.fiscal import Quarter
from domain.submissions import ExecutionStatus, SubmissionState
from handlers import fallback
from handlers.conversation import Answer, Context, Request
from handlers.owed_lists import View
from handlers.paging import page_at, row_numbers, rows_of
from handlers.places import is_year, may_list, place_named, pressed_quarter
from handlers.postback import Postback
from handlers.project_choice import parts_of, place_of, seen_units
from handlers.project_presses import ShowProject
from handlers.report_buttons import button_of, writable
from handlers.routes import Routes
from handlers.spoken import period_of
from handlers.unreported import unreported_list
from messages_th import project_lists as words_of
from messages_th.formats import quarter_text
from messages_th.listing import Button
from messages_th.project_lists import About, GroupRow, ProjectRow
from messages_th.understanding.intents import Intent, Slots, Status, Understood
from storage.queries.projects import ListedProject, Wanted, count_projects, page_of_projects
from storage.queries.readers import people_reading
from storage.queries.summary import Figures, by_ministry, by_part

routes = Routes()

_STATES = {
    Status.DRAFT: SubmissionState.DRAFT,
    Status.PENDING_APPROVAL: SubmissionState.PENDING_APPROVAL,
    Status.RETURNED: SubmissionState.RETURNED,
    Status.APPROVED: SubmissionState.APPROVED,
}
_EXECUTIONS = {Status.COMPLETED: ExecutionStatus.COMPLETED, Status.CANCELLED: ExecutionStatus.CANCELLED}


class ListProjects(Postback, prefix="mp1"):
    """Asks for a page of the projects in a unit (None: in all that the presser sees), with a quarter's reports.

    ``running_in`` is the fiscal year (B.E.) that the projects run in, None: those that have not ended.
    """

    unit: str | None
    running_in: int | None
    status: Status | None
    fiscal_year: int
    quarter: int
    page: int


@routes.intent(Intent.MY_PROJECTS)
def my_projects(request: Request, asked: Understood) -> Answer:
    """Answer which projects the asker has to do with, how many stand how first."""
    if request.sight.is_blind:
        return fallback.not_permitted(request)
    slots = asked.slots
    unit = place_named(request, asked)
    if isinstance(unit, Answer):
        return unit
    quarter = period_of(request, replace(slots, fiscal_year=None) if slots.quarter is None else slots, unit).quarter
    if slots.status in (Status.UNREPORTED, Status.OVERDUE):
        return unreported_list(request, View(quarter, unit, overdue=slots.status is Status.OVERDUE), slots=slots)
    press = ListProjects(unit, slots.fiscal_year, slots.status, quarter.fiscal_year, quarter.number, 1)
    answer = list_projects(request, press)
    return replace(answer, context=replace(answer.context, slots=slots))


@routes.press(ListProjects)
def list_projects(request: Request, press: ListProjects) -> Answer:
    """Show a page of projects, or of the agencies or ministries that they are of."""
    quarter = pressed_quarter(press.fiscal_year, press.quarter)
    runs = press.running_in is None or is_year(press.running_in)
    if quarter is None or not runs or press.status in (Status.UNREPORTED, Status.OVERDUE):
        return fallback.old_button(request)
    if not may_list(request, press.unit):
        return fallback.not_permitted(request)
    where = request.session, request.reference, request.sight, quarter
    if press.unit is None and request.sight.is_countrywide:
        ministries = by_ministry(*where)
        if len(ministries) > 1:
            return _by_part(request, press, quarter, ministries)
    units = seen_units(request, press.unit)
    parts = parts_of(request, units)
    if all(unit == part for unit, part in parts.items()):
        return _by_project(request, press, quarter, units)
    return _by_part(request, press, quarter, by_part(*where, parts, parts.__getitem__))


def _by_part(request: Request, press: ListProjects, quarter: Quarter, figures: Mapping[str, Figures]) -> Answer:
    """List the ministries or agencies that have projects which owe a report; of a single one its own parts."""
    codes = sorted(figures)
    if len(codes) == 1 and press.unit is None:
        return list_projects(request, replace(press, unit=codes[0]))
    page = page_at(press.page, len(codes), lambda number: replace(press, page=number).pack())
    told = press.status is None
    rows = [
        GroupRow(
            request.reference.unit_names[code],
            figures[code].owed if told else None,
            figures[code].approved if told else None,
            replace(press, unit=code, page=1).pack(),
        )
        for code in rows_of(page, codes)
    ]
    total = Figures()
    for figure in figures.values():
        total.add(figure)
    about = _about(request, press, quarter, frozenset(codes))
    message = words_of.group_list(about, rows, total.owed, total.approved, page)
    context = Context(Intent.MY_PROJECTS, _slots(press), next_page=page.next, previous_page=page.previous)
    return Answer((message,), context=context)


def _by_project(request: Request, press: ListProjects, quarter: Quarter, units: frozenset[str]) -> Answer:
    wanted = Wanted(
        units,
        press.running_in,
        _STATES.get(press.status) if press.status else None,
        _EXECUTIONS.get(press.status) if press.status else None,
    )
    where = request.session, request.reference, request.sight, quarter, wanted
    breakdown = count_projects(*where)
    page = page_at(press.page, breakdown.total, lambda number: replace(press, page=number).pack())
    projects = page_of_projects(*where, row_numbers(page))
    turns = _turns(request, projects)
    rows = [
        ProjectRow(
            one.code, one.name, one.execution, one.entry, one.report, ShowProject(one.code).pack(),
            turns.get((one.unit, one.report.step), ""), _report_button(request, one),
        )
        for one in projects
    ]  # fmt: skip
    about = _about(request, press, quarter, units)
    message = words_of.project_list(about, breakdown.reports, breakdown.entries, rows, page)
    shown = tuple(one.code for one in projects)
    context = Context(Intent.MY_PROJECTS, _slots(press), shown, page.next, page.previous)
    return Answer((message,), context=context)


def _turns(request: Request, projects: Iterable[ListedProject]) -> Mapping[tuple[str, int | None], str]:
    """Return by unit and step the position of whoever decides there, of the steps where reports wait."""
    organisation = request.reference.rules.organisation
    holders = {
        (one.unit, one.report.step): organisation.approvers(one.unit, one.report.step)
        for one in projects
        if one.report.step is not None
    }
    people = people_reading(request.session, {code for codes in holders.values() for code in codes[:1]}, request.today)
    return {where: people[codes[0]].position for where, codes in holders.items() if codes}


def _report_button(request: Request, project: ListedProject) -> Button | None:
    reports = () if project.entry is not None else writable(request, project.unit, (project.report,))
    return button_of(project.code, reports[0]) if reports else None


def _about(request: Request, press: ListProjects, quarter: Quarter, units: frozenset[str]) -> About:
    organisation = request.reference.rules.organisation
    place = request.reference.unit_names[press.unit] if press.unit else place_of(request, units)
    basis = organisation.year_basis(press.unit) if press.unit else request.basis
    return About(place, quarter_text(quarter, basis), request.now, press.running_in, press.status)


def _slots(press: ListProjects) -> Slots:
    return Slots(fiscal_year=press.running_in, status=press.status)

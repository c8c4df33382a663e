"""Past reports with their decisions: of a project, or of all that somebody's unit sent."""

from __future__ import annotations

from dataclasses import replace

from handlers import fallback
from handlers.conversation import Answer, Context, Request
from handlers.paging import page_at, row_numbers
from handlers.places import may_list, place_named
from handlers.postback import Postback
from handlers.project_choice import FEW_UNITS, not_found, place_of, project_named, seen_units
from handlers.project_presses import ShowHistory, ShowTrail
from handlers.routes import Routes
from handlers.trails import show_trail
from messages_th import report_history as words_of
from messages_th.report_history import QUARTERS_A_PAGE, ToldDecision, ToldReport
from messages_th.trail import asks_trail
from messages_th.understanding.intents import Intent, Slots, Understood
from storage.queries.projects import NoSuchProject
from storage.queries.report_history import (
    PastReport,
    count_of_project,
    count_of_units,
    project_history,
    unit_history,
)
from storage.tables.submissions import Verdict

routes = Routes()


class ShowReports(Postback, prefix="rq1"):
    """Asks for a page of the reports of all projects in a unit (None: in all that the presser sees)."""

    unit: str | None
    page: int


@routes.intent(Intent.REPORT_HISTORY)
def report_history(request: Request, asked: Understood) -> Answer:
    """Answer what was reported before: of the project that is named, else of the asker's own units."""
    if request.sight.is_blind:
        return fallback.not_permitted(request)
    slots = asked.slots
    if slots.project_code is None and slots.project_query is None:
        unit = place_named(request, asked)
        if isinstance(unit, Answer):
            return unit
        if len(seen_units(request, unit)) <= FEW_UNITS:
            return show_reports(request, ShowReports(unit, 1))
    if asks_trail(asked.utterance):
        named = project_named(request, asked, lambda code: ShowTrail(code, 1).pack())
        return named if isinstance(named, Answer) else show_trail(request, ShowTrail(named, 1))
    named = project_named(request, asked, lambda code: ShowHistory(code, 1).pack())
    return named if isinstance(named, Answer) else show_history(request, ShowHistory(named, 1))


@routes.press(ShowHistory)
def show_history(request: Request, press: ShowHistory) -> Answer:
    """Show a page of the reports of a project, a year's worth at a time."""
    if request.sight.is_blind:
        return fallback.not_permitted(request)
    where = request.session, request.reference, request.sight, press.code
    try:
        total = count_of_project(*where)
        page = page_at(press.page, total, lambda number: replace(press, page=number).pack(), QUARTERS_A_PAGE)
        found = project_history(*where, row_numbers(page, QUARTERS_A_PAGE))
    except NoSuchProject:
        return not_found(request)
    message = words_of.project_history_list(
        found.code,
        found.name,
        request.reference.unit_names[found.unit],
        found.basis,
        [_told(report) for report in found.reports],
        page,
        ShowTrail(found.code, 1).pack(),
        request.now,
    )
    slots = Slots(project_code=found.code)
    context = Context(Intent.REPORT_HISTORY, slots, (found.code,), page.next, page.previous)
    return Answer((message,), context=context)


@routes.press(ShowReports)
def show_reports(request: Request, press: ShowReports) -> Answer:
    """Show a page of the reports of all projects of the asker's units, newest quarter first."""
    if not may_list(request, press.unit):
        return fallback.not_permitted(request)
    units = seen_units(request, press.unit)
    if len(units) > FEW_UNITS:
        return fallback.old_button(request)
    where = request.session, request.reference, request.sight, units
    total = count_of_units(*where)
    page = page_at(press.page, total, lambda number: replace(press, page=number).pack())
    reports = [
        replace(_told(report), press=ShowHistory(report.code, 1).pack())
        for report in unit_history(*where, row_numbers(page))
    ]
    place = request.reference.unit_names[press.unit] if press.unit else place_of(request, units)
    message = words_of.unit_history_list(place, request.basis, total, reports, page, request.now)
    shown = tuple(report.code for report in reports)
    return Answer((message,), context=Context(Intent.REPORT_HISTORY, Slots(), shown, page.next, page.previous))


def _told(report: PastReport) -> ToldReport:
    return ToldReport(
        code=report.code,
        name=report.name,
        quarter=report.quarter,
        state=report.state,
        step=report.step,
        version=report.version,
        sent_on=report.sent_on,
        sent_by=report.sent_by,
        is_late=report.is_late,
        summary=report.summary,
        decisions=[
            ToldDecision(
                decision.step,
                decision.position,
                decision.acting,
                decision.verdict is Verdict.RETURNED,
                decision.on,
                decision.reason,
            )
            for decision in report.decisions
        ],
    )

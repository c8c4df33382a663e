"""One project at a glance, by its code or by words of its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain.fiscal import Quarter
from domain.report_standing import QuarterStanding
from domain.roles import Role
from domain.windows import Span
from handlers import fallback
from handlers.approval_presses import ShowItem
from handlers.approval_views import route_step
from handlers.conversation import Answer, Context, Request
from handlers.mirror_presses import OpenMirror
from handlers.project_choice import not_found, project_named
from handlers.project_presses import ChooseReopening, OpenProject, ShowDisbursement, ShowHistory, ShowProject, ShowTrail
from handlers.report_buttons import button_of, writable
from handlers.report_pages import OpenReport, open_report
from handlers.routes import Routes
from handlers.sender_presses import sender_presses
from handlers.signatories import signed_as
from handlers.spoken import period_of
from messages_th import project_card as words_of
from messages_th.mirroring.view import standing
from messages_th.understanding.intents import NOTHING_SAID, Intent, Slots, Status, Understood
from storage.queries.approval_item import ApprovalItem, approval_item
from storage.queries.information import open_requests
from storage.queries.mirroring import report_standing
from storage.queries.project_at_glance import ProjectAtGlance, Turn, project_at_glance
from storage.queries.projects import NoSuchProject
from storage.queries.route_progress import route_progress
from storage.submissions.reopening import reopenable_reports

routes = Routes()


@routes.press(ShowProject)
def show_project(request: Request, press: ShowProject) -> Answer:
    """Show the project as it stands in the quarter that is reported now."""
    return _glance(request, press.code, NOTHING_SAID)


@routes.intent(Intent.PROJECT_STATUS)
def project_status(request: Request, asked: Understood) -> Answer:
    """Answer how a project stands: whose step it is, since when, and why it came back if it did."""
    if request.sight.is_blind:
        return fallback.not_permitted(request)
    named = project_named(request, asked, lambda code: ShowProject(code).pack())
    return named if isinstance(named, Answer) else _glance(request, named, asked.slots)


def report_project(request: Request, code: str, slots: Slots) -> Answer:
    """Lead to the form of a project's report, or show how the project stands where the asker cannot write it now."""
    return _glance(request, code, slots, to_report=True)


def _glance(request: Request, code: str, slots: Slots, *, to_report: bool = False) -> Answer:
    if request.sight.is_blind:
        return fallback.not_permitted(request)
    quarter = period_of(request, slots).quarter
    asks_return = slots.status is Status.RETURNED
    try:
        project = project_at_glance(
            request.session, request.reference, request.sight, code, quarter, returned=asks_return
        )
    except NoSuchProject:
        return not_found(request)
    reports = _writable(request, project)
    if to_report and reports:
        wanted = reports[0].quarter
        return open_report(request, OpenReport(project.code, wanted.fiscal_year, wanted.number))
    item = _on_its_way(request, project)
    steps = route_progress(request.session, request.reference, item) if item else ()
    questions = open_requests(request.session, item.submission_id) if item else ()
    told = _told(request, project, asks_return=asks_return)
    if item is not None:
        told = replace(told, on_its_way=words_of.OnItsWay(item.kind, list(map(route_step, steps)), len(questions)))
    about = project.unit, project.code, project.focus.quarter
    mirrored = report_standing(request.session, request.reference, request.sight, *about)
    buttons = [button_of(project.code, one) for one in reports]
    presses = replace(_presses(request, project, quarter, item), report=buttons)
    if mirrored is not None:
        told = replace(told, in_emenscr=standing(mirrored.mirrored_on, mirrored.mirrored_by))
        presses = replace(presses, mirror=OpenMirror(mirrored.submission_id).pack())
    card = words_of.project_card(told, request.reader, presses)
    context = Context(Intent.PROJECT_STATUS, Slots(project_code=project.code), shown=(project.code,))
    return Answer((card,), context=context)


def _on_its_way(request: Request, project: ProjectAtGlance) -> ApprovalItem | None:
    """Return what waits for a decision, as far as the asker may look into it."""
    if project.on_its_way is None:
        return None
    code, number = request.asker.code, project.on_its_way
    item = approval_item(request.session, request.reference, code, number, with_content=False)
    return item if item is not None and item.step is not None else None


def _presses(
    request: Request,
    project: ProjectAtGlance,
    quarter: Quarter,
    item: ApprovalItem | None,
) -> words_of.Presses:
    always = words_of.Presses(
        history=ShowHistory(project.code, 1).pack(),
        disbursement=ShowDisbursement(project.code, quarter.fiscal_year, quarter.number).pack(),
        trail=ShowTrail(project.code, 1).pack(),
        sheet=OpenProject(project.code).pack(),
        reopen=_reopening(request, project.code),
    )
    if item is None:
        return always
    decide = ShowItem(item.submission_id).pack() if item.waits_for_asker else ""
    own = sender_presses(request, item)
    return replace(always, decide=decide, answer=own.answer, withdraw=own.withdraw)


def _writable(request: Request, project: ProjectAtGlance) -> Sequence[QuarterStanding]:
    """Return the reports that the asker can write now: of the quarter at hand, and what came back."""
    if project.entry is not None:
        return ()
    back = [one for one in project.quarters if project.returned and one.quarter == project.returned.quarter]
    return writable(request, project.unit, dict.fromkeys((project.focus, *back)))


def _reopening(request: Request, code: str) -> str:
    """Return what opens a report again; empty for who may not, and where there is none to open."""
    may = request.holds(Role.ADMIN) and reopenable_reports(request.session, request.reference, code)
    return ChooseReopening(code, 1).pack() if may else ""


def _told(request: Request, project: ProjectAtGlance, *, asks_return: bool) -> words_of.Glance:
    back = project.returned
    return words_of.Glance(
        code=project.code,
        name=project.name,
        unit=request.reference.unit_names[project.unit],
        basis=project.basis,
        start_month=project.start_month,
        end_month=project.end_month,
        budget_total=project.budget_total,
        uses_budget=project.uses_budget,
        execution=project.execution,
        entry=project.entry,
        modules=project.modules,
        quarters=project.quarters,
        focus=project.focus,
        turn=_turn(request, project.turn) if project.turn else None,
        sent_back=words_of.SentBack(back.quarter, back.reason, back.position, back.on, back.concerns) if back else None,
        as_of=request.now,
        asks_return=asks_return,
    )


def _turn(request: Request, turn: Turn) -> words_of.Turn:
    return words_of.Turn(
        step=turn.step,
        positions=[signed_as(one) for one in turn.people],
        is_readers=request.asker.code in [person.code for person in turn.people],
        since=turn.since,
        deadline=_deadline(request, turn.span) if turn.span else None,
    )


def _deadline(request: Request, span: Span) -> words_of.Deadline:
    working = request.reference.rules.calendar.working_days_left(request.today, span.closes_on)
    return words_of.Deadline(span.closes_on, span.days_left(request.today), working)

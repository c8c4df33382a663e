"""One project at a glance, by its code or by words of its name."""

from __future__ import annotations

from domain.windows import Span
from handlers import fallback
from handlers.conversation import Answer, Context, Request
from handlers.postback import Postback
from handlers.project_choice import not_found, project_named
from handlers.project_presses import ShowDisbursement, ShowHistory
from handlers.routes import Routes
from handlers.spoken import period_of
from messages_th import project_card as words_of
from messages_th.understanding.intents import NOTHING_SAID, Intent, Slots, Status, Understood
from storage.queries.project_at_glance import ProjectAtGlance, Turn, project_at_glance
from storage.queries.projects import NoSuchProject

routes = Routes()


class ShowProject(Postback, prefix="pj1"):
    """Asks for a project at a glance, by its code."""

    code: str


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


def _glance(request: Request, code: str, slots: Slots) -> Answer:
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
    presses = words_of.Presses(
        history=ShowHistory(project.code, 1).pack(),
        disbursement=ShowDisbursement(project.code, quarter.fiscal_year, quarter.number).pack(),
    )
    card = words_of.project_card(_told(request, project, asks_return=asks_return), request.reader, presses)
    context = Context(Intent.PROJECT_STATUS, Slots(project_code=project.code), shown=(project.code,))
    return Answer((card,), context=context)


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
        sent_back=words_of.SentBack(back.quarter, back.reason, back.position, back.on) if back else None,
        as_of=request.now,
        asks_return=asks_return,
    )


def _turn(request: Request, turn: Turn) -> words_of.Turn:
    return words_of.Turn(
        step=turn.step,
        positions=[person.position for person in turn.people],
        is_readers=request.asker.code in [person.code for person in turn.people],
        since=turn.since,
        deadline=_deadline(request, turn.span) if turn.span else None,
    )


def _deadline(request: Request, span: Span) -> words_of.Deadline:
    calendar, today = request.reference.rules.calendar, request.today
    working = calendar.count(today, span.closes_on) - calendar.is_working(today)
    return words_of.Deadline(span.closes_on, span.days_left(today), max(working, 0))

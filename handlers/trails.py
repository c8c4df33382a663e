"""What became of a project, or of an agency's plan: who did what, when and by which way."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from domain.roles import Role
from handlers import fallback
from handlers.conversation import Answer, Context, Request
from handlers.item_presses import ShowItemTrail
from handlers.paging import page_at, rows_of
from handlers.project_choice import not_found
from handlers.project_presses import ChooseReopening, ShowTrail
from handlers.routes import Routes
from messages_th import trail as words_of
from messages_th.listing import Button
from messages_th.reopening import REOPEN
from messages_th.trail import EVENTS_A_PAGE, ToldDeed, TrailHead, Who
from messages_th.understanding.intents import Intent, Slots
from storage.queries.audit_trail import ToldEvent, Trail, plan_trail, project_trail, told
from storage.queries.projects import NoSuchProject
from storage.queries.scope import submissions_in
from storage.submissions.reopening import reopenable_reports
from storage.submissions.rows import NoSuchSubmission
from storage.tables import Project, Submission

routes = Routes()


@routes.press(ShowTrail)
def show_trail(request: Request, press: ShowTrail) -> Answer:
    """Show a page of what became of a project."""
    if request.sight.is_blind:
        return fallback.not_permitted(request)
    try:
        trail = project_trail(request.session, request.reference, request.sight, press.code)
    except NoSuchProject:
        return not_found(request)
    buttons = []
    if request.holds(Role.ADMIN) and reopenable_reports(request.session, request.reference, trail.code):
        buttons.append(Button(REOPEN, ChooseReopening(trail.code, 1).pack(), about=f"{REOPEN} {trail.code}"))
    return _card(request, trail, press, press.page, buttons)


@routes.press(ShowItemTrail)
def show_item_trail(request: Request, press: ShowItemTrail) -> Answer:
    """Show a page of what became of the project of something that was sent, or of the plan."""
    query = select(Project.code).join(Submission, Submission.project_id == Project.id)
    is_seen = submissions_in(request.sight, request.reference.unit_ids)
    code = request.session.scalar(query.where(Submission.id == press.submission, is_seen))
    if code is not None:
        return show_trail(request, ShowTrail(code, press.page))
    try:
        trail = plan_trail(request.session, request.reference, request.sight, press.submission)
    except NoSuchSubmission:
        return fallback.not_permitted(request) if request.sight.is_blind else not_found(request)
    return _card(request, trail, press, press.page, [])


def _card(
    request: Request, trail: Trail, press: ShowTrail | ShowItemTrail, number: int, buttons: list[Button]
) -> Answer:
    page = page_at(number, len(trail.events), lambda wanted: replace(press, page=wanted).pack(), EVENTS_A_PAGE)
    events = told(request.session, request.reference, rows_of(page, trail.events, EVENTS_A_PAGE))
    head = TrailHead(
        trail.code, trail.name, request.reference.unit_names[trail.unit], trail.basis, len(trail.events), trail.asked,
        trail.answered,
    )  # fmt: skip
    deeds = [_deed(each, names=trail.sees_people) for each in events]
    slots = Slots(project_code=trail.code or None)
    shown = (trail.code,) if trail.code else ()
    context = Context(Intent.REPORT_HISTORY, slots, shown, page.next, page.previous)
    return Answer((words_of.trail_card(head, deeds, page, buttons, request.now),), context=context)


def _deed(each: ToldEvent, *, names: bool) -> ToldDeed:
    event, actor, principal = each.event, each.actor, each.principal
    who = None
    if actor is not None:
        name = actor.full_name if names else ""
        who = Who(actor.position, name, principal.position if principal else "", event.capacity if principal else None)
    return ToldDeed(event.action, event.kind, event.quarter, who, event.at, event.channel, event.before, event.after)

"""«Chase»: a ministry coordinator asks units for reports, after a look at what that sends and to whom."""

from __future__ import annotations

from datetime import date

from domain.roles import Role
from handlers import fallback
from handlers.conversation import Answer, Request
from handlers.owed_lists import ChaseUnreported, View, owing_units
from handlers.postback import Postback
from handlers.routes import Routes
from messages_th.chase import Preview, chase_preview, chase_sent
from storage.chasing import Chase, asked_already, plan_chase, queue_chase, told_today
from storage.quota import quota_standing

routes = Routes()

_MAY = (Role.MINISTRY_COORDINATOR,)


class SendChase(Postback, prefix="cs1"):
    """Sends what a preview of the day showed."""

    fiscal_year: int
    quarter: int
    unit: str | None
    on: date


class DropChase(Postback, prefix="cd1"):
    """Leaves it at the preview."""


@routes.press(ChaseUnreported, roles=_MAY)
def chase(request: Request, press: ChaseUnreported) -> Answer:
    """Show whom asking reaches, and what it costs."""
    view = View.of(press)
    if view is None:
        return fallback.old_button(request)
    return _preview(request, view)


@routes.press(SendChase, roles=_MAY, changes=True)
def send_chase(request: Request, press: SendChase) -> Answer:
    """Queue the messages; on another day than the preview's, show a new one."""
    view = View.of(ChaseUnreported(press.fiscal_year, press.quarter, press.unit))
    if view is None:
        return fallback.old_button(request)
    if press.on != request.today:
        return _preview(request, view)
    planned = _planned(request, view)
    if not planned.targets:
        return _preview(request, view)
    shown = _shown(request, view, planned)
    queued = queue_chase(
        request.session, request.reference, request.asker, planned, request.now, request.real_now, request.event_id
    )
    return Answer((chase_sent(shown, request.reader, len(queued), request.now),))


@routes.press(DropChase, roles=_MAY)
def drop_chase(request: Request, _press: DropChase) -> Answer:
    """Leave it."""
    return fallback.cancelled(request)


def _preview(request: Request, view: View) -> Answer:
    quarter = view.quarter
    send = SendChase(quarter.fiscal_year, quarter.number, view.unit, request.today).pack()
    shown = _shown(request, view, _planned(request, view))
    return Answer((chase_preview(shown, request.reader, send, DropChase().pack(), request.now),))


def _planned(request: Request, view: View) -> Chase:
    units = owing_units(request, view.unit)
    return plan_chase(request.session, request.reference, request.asker.code, view.quarter, units)


def _shown(request: Request, view: View, planned: Chase) -> Preview:
    names = request.reference.unit_names
    return Preview(
        quarter=view.quarter,
        basis=request.basis,
        units=[(names[target.unit], target.count) for target in planned.targets],
        projects=planned.projects,
        people=len(planned.people),
        unlinked=[names[target.unit] for target in planned.targets if not target.is_reachable],
        asked_today=asked_already(request.session, planned, request.now),
        told_today=told_today(request.session, planned, request.now),
        quota_left=_quota_left(request),
    )


def _quota_left(request: Request) -> int | None:
    """Return what the last look left of the month's messages; None: not known, or without limit."""
    standing = quota_standing(request.session)
    return None if standing is None else standing.left

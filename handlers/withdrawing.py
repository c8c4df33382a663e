"""Taking back what was sent, before anybody decided (``domain.md`` §3)."""

from __future__ import annotations

from domain.errors import TransitionRefused
from domain.roles import Role
from handlers.approval_views import item_for, view_of
from handlers.conversation import Answer, Context, Request
from handlers.information import about
from handlers.item_presses import ConfirmWithdrawal, WithdrawItem
from handlers.old_cards import gone
from handlers.project_presses import ShowProject
from handlers.routes import Routes
from handlers.sender_presses import is_undecided
from messages_th import withdrawing as thai
from messages_th.understanding.intents import Intent, Slots
from storage.queries.approval_item import ApprovalItem
from storage.submissions.sending import is_sender, withdraw

routes = Routes()

_SENDS = (Role.PROJECT_OFFICER, Role.PLAN_OFFICER)


@routes.press(WithdrawItem, roles=_SENDS)
def ask_withdrawal(request: Request, press: WithdrawItem) -> Answer:
    """Ask once whether the item is to be taken back, if nobody decided on it yet."""
    item = _own(request, press)
    if item is None:
        return gone(request)
    if item.version != press.version or not is_undecided(request, item):
        return _refused(request, item, press)
    confirm = ConfirmWithdrawal(press.submission, press.version).pack()
    project = ShowProject(item.code).pack() if item.code else ""
    card = thai.confirm_withdrawal(about(item), view_of(request, item), confirm, project, request.now)
    return Answer((card,), context=_context(item))


@routes.press(ConfirmWithdrawal, roles=_SENDS, changes=True)
def confirm_withdrawal(request: Request, press: ConfirmWithdrawal) -> Answer:
    """Take the item back, or say who was quicker."""
    item = _own(request, press)
    if item is None:
        return gone(request)
    before = view_of(request, item)
    try:
        withdraw(request.session, request.reference, request.actor, press.submission, press.version, request.moment)
    except TransitionRefused:
        return _refused(request, _own(request, press) or item, press)
    return Answer((thai.withdrawn(request.reader, about(item), before),), context=_context(item))


def _own(request: Request, press: WithdrawItem | ConfirmWithdrawal) -> ApprovalItem | None:
    """Return what the asker's unit sent; None: there is no such thing, which is said of other units' as well."""
    item = item_for(request, press.submission)
    if item is None or not is_sender(request.reference, request.asker.code, item.unit, item.kind):
        return None
    return item


def _refused(request: Request, item: ApprovalItem, press: WithdrawItem | ConfirmWithdrawal) -> Answer:
    told = thai.not_withdrawn(request.reader, about(item), view_of(request, item), press.version)
    return Answer((told,), context=_context(item))


def _context(item: ApprovalItem) -> Context:
    return Context(Intent.PROJECT_STATUS, Slots(project_code=item.code), shown=(item.code,)) if item.code else Context()

"""Deciding on one item: its card, approving with one question asked, and taking an approval back (M7).

A button of an old card is always answered with what is true now; who may neither see nor decide an item hears the same
as for one that does not exist.
"""

from __future__ import annotations

from domain.errors import TransitionRefused
from handlers.approval_presses import AskApproval, ConfirmApproval, ShowDetails, ShowItem, UndoApproval
from handlers.approval_views import item_after, item_card, item_context, item_details, item_for, next_waiting, view_of
from handlers.conversation import Answer, Request
from handlers.old_cards import Shown, gone, is_decidable, not_undone, truth
from handlers.routes import Routes
from messages_th import deciding as thai
from messages_th.deciding import Following, Way
from messages_th.words import word
from storage.queries.bulk_approval import previews
from storage.submissions.deciding import Wish, decide, undo
from storage.submissions.rows import NoSuchSubmission
from storage.tables.submissions import Verdict

routes = Routes()


@routes.press(ShowItem)
def show_item(request: Request, press: ShowItem) -> Answer:
    """Show the decision card of an item, as it is now."""
    item = item_for(request, press.submission)
    if item is None:
        return gone(request)
    return Answer((item_card(request, item),), context=item_context(request, item))


@routes.press(ShowDetails)
def show_details(request: Request, press: ShowDetails) -> Answer:
    """Show all that stands in an item."""
    item = item_for(request, press.submission)
    if item is None:
        return gone(request)
    return Answer(tuple(item_details(request, item)), context=item_context(request, item))


@routes.press(AskApproval)
def ask_approval(request: Request, press: AskApproval) -> Answer:
    """Ask once whether the item is to be approved."""
    shown = Shown(press.submission, press.version, press.step)
    item = item_for(request, press.submission)
    if item is None or not is_decidable(item, shown):
        return truth(request, shown)
    preview = previews(request.session, [item.submission_id])[item.submission_id]
    card = thai.confirm_approval(
        view_of(request, item),
        [word(caution) for caution in preview.cautions],
        ConfirmApproval(press.submission, press.version, press.step).pack(),
        ShowDetails(press.submission).pack(),
        request.now,
    )
    return Answer((card,), context=item_context(request, item))


@routes.press(ConfirmApproval, changes=True)
def confirm_approval(request: Request, press: ConfirmApproval) -> Answer:
    """Approve, and say who is next and till when it can be taken back."""
    following = next_waiting(request, press.submission)  # read first: the decision locks what other people wait for
    wish = Wish(press.submission, press.version, press.step, Verdict.APPROVED)
    try:
        decided = decide(request.session, request.reference, request.actor, wish, request.moment)
    except (NoSuchSubmission, TransitionRefused):
        return truth(request, Shown(press.submission, press.version, press.step))
    undoing = UndoApproval(press.submission, press.version, press.step).pack() if decided.undo_until else ""
    item = item_after(request, press.submission)
    if item.waits_for_asker:  # who decides two steps of a route has it again
        following = Following(ShowItem(press.submission).pack())
    way = Way(undo=undoing, until=decided.undo_until, following=following)
    return Answer((thai.approved(request.reader, view_of(request, item), way, request.now),))


@routes.press(UndoApproval, changes=True)
def undo_approval(request: Request, press: UndoApproval) -> Answer:
    """Take an approval back, or say why that cannot be done any more."""
    where = press.submission, press.version, press.step
    try:
        undo(request.session, request.reference, request.actor, *where, request.moment)
    except NoSuchSubmission:
        return gone(request)
    except TransitionRefused as refused:
        return not_undone(request, Shown(*where), refused.refusal)
    item = item_after(request, press.submission)
    card = thai.undone(view_of(request, item), ShowItem(press.submission).pack(), request.now)
    return Answer((card,), context=item_context(request, item))

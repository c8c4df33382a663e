"""Sending back for correction: the reason is typed, quoted once more, and only the confirming press returns (M7)."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from domain.errors import TransitionRefused
from domain.submissions import MAX_REASON_LENGTH, says_enough
from handlers.approval_presses import AskReturn, ConfirmReturn, FillReason
from handlers.approval_views import item_after, item_context, item_for, next_waiting, view_of
from handlers.conversation import Answer, Request
from handlers.old_cards import Shown, is_decidable, truth
from handlers.routes import Routes
from messages_th import deciding, returning
from messages_th.deciding import Way
from messages_th.quick_replies import QuickReply
from messages_th.rendering import Rendered
from messages_th.returning import Beginning, beginnings, concerned_field
from messages_th.typed_words import reason_too_long
from storage.queries.approval_item import ApprovalItem
from storage.submissions.deciding import Wish, decide
from storage.submissions.rows import NoSuchSubmission
from storage.tables.submissions import Verdict

routes = Routes()

_DIGEST_LENGTH = 12


@routes.press(AskReturn)
def ask_return(request: Request, press: AskReturn) -> Answer:
    """Ask why the item goes back."""
    item = _decidable(request, press)
    if item is None:
        return truth(request, _shown(press))
    return _ask(request, item, press, returning.ask_reason(request.reader, view_of(request, item)))


@routes.press(FillReason)
def fill_reason(request: Request, press: FillReason) -> Answer:
    """Say what to do with the beginning of a reason that LINE puts into the keyboard meanwhile."""
    item = _decidable(request, press)
    if item is None:
        return truth(request, _shown(press))
    return _ask(request, item, press, returning.complete_it(request.reader))


@routes.said_after(AskReturn)
def reason_typed(request: Request, press: AskReturn, text: str) -> Answer:
    """Quote the reason and ask for confirmation; ask again where it is too short or too long."""
    item, reason = _decidable(request, press), text.strip()
    if item is None:
        return truth(request, _shown(press))
    if len(reason) > MAX_REASON_LENGTH:
        return _ask(request, item, press, reason_too_long(request.reader))
    if not says_enough(reason):
        return _ask(request, item, press, returning.too_short(request.reader))
    where = press.submission, press.version, press.step
    card = returning.confirm_return(
        view_of(request, item),
        reason,
        concerned_field(_offered(item), reason),
        ConfirmReturn(*where, digest_of(reason)).pack(),
        AskReturn(*where).pack(),
        request.now,
    )
    return Answer((card,), context=item_context(request, item, words=reason))


@routes.press(ConfirmReturn, changes=True)
def confirm_return(request: Request, press: ConfirmReturn) -> Answer:
    """Send the item back with the reason that the card quoted; ask for it again where it is not there any more."""
    reason, item = request.context.words, _decidable(request, press)
    if item is None:
        return truth(request, _shown(press))
    if digest_of(reason) != press.digest:
        return _ask(request, item, press, returning.ask_again(request.reader, view_of(request, item)))
    following = next_waiting(request, press.submission)
    concerns = concerned_field(_offered(item), reason)
    wish = Wish(press.submission, press.version, press.step, Verdict.RETURNED, reason, concerns)
    try:
        decide(request.session, request.reference, request.actor, wish, request.moment)
    except (NoSuchSubmission, TransitionRefused):
        return truth(request, _shown(press))
    view = view_of(request, item_after(request, press.submission))
    return Answer((deciding.returned(request.reader, view, reason, Way(following=following), request.now),))


def digest_of(reason: str) -> str:
    """Return the mark by which a button knows the reason that its card quoted."""
    return sha256(reason.encode()).hexdigest()[:_DIGEST_LENGTH]


def _ask(
    request: Request, item: ApprovalItem, press: AskReturn | FillReason | ConfirmReturn, message: Rendered
) -> Answer:
    """Answer with a question whose answer is the reason, and with words to begin it with."""
    where = press.submission, press.version, press.step
    fill = FillReason(*where).pack()
    choices = tuple(QuickReply(one.label, fill, fills=one.words) for one in _offered(item))
    return Answer((message,), choices, item_context(request, item, awaiting=AskReturn(*where).pack()))


def _offered(item: ApprovalItem) -> Sequence[Beginning]:
    return beginnings(item.kind, uses_budget=item.uses_budget)


def _decidable(request: Request, press: AskReturn | FillReason | ConfirmReturn) -> ApprovalItem | None:
    item = item_for(request, press.submission)
    return item if item is not None and is_decidable(item, _shown(press)) else None


def _shown(press: AskReturn | FillReason | ConfirmReturn) -> Shown:
    return Shown(press.submission, press.version, press.step)

"""The truth to buttons of decision cards, which stay in chats for ever: what became of the item, by whom and when.

Who may neither see nor decide the item hears the same as for one that does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.errors import Refusal
from handlers import fallback
from handlers.approval_presses import ShowItem, UndoApproval
from handlers.approval_views import item_context, item_for, undo_until, view_of
from handlers.conversation import Answer, Request
from messages_th import deciding as thai
from messages_th.deciding import Way
from messages_th.refusals import refusal_words
from messages_th.rendering import Rendered
from storage.queries.approval_item import ApprovalItem, approval_item


@dataclass(frozen=True, slots=True)
class Shown:
    """Which submission (an id), version and step a card showed."""

    submission: int
    version: int
    step: int


def gone(request: Request) -> Answer:
    """Answer about an item that does not exist for the asker."""
    if request.sight.home is None:
        return fallback.not_permitted(request)
    return Answer((thai.gone(request.reader),))


def is_decidable(item: ApprovalItem, shown: Shown) -> bool:
    """Tell whether the asker may decide the item at the version and step that a card showed."""
    return item.waits_for_asker and (item.version, item.step) == (shown.version, shown.step)


def truth(request: Request, shown: Shown) -> Answer:
    """Answer a press that decides nothing any more, or never did for the asker, with what is so now."""
    item = item_for(request, shown.submission)
    if item is not None:
        return Answer((_told(request, item, shown),), context=item_context(request, item))
    left = approval_item(
        request.session, request.reference, request.asker.code, shown.submission, (shown.version, shown.step)
    )
    return gone(request) if left is None else Answer((_left(request, left, shown),))


def _left(request: Request, item: ApprovalItem, shown: Shown) -> Rendered:
    """Return where something is that came to the asker's step and left it: not to be opened by the asker any more."""
    return thai.already(view_of(request, item), shown.version, shown.step, (), Way(), request.now)


def not_undone(request: Request, shown: Shown, refusal: Refusal) -> Answer:
    """Answer that an approval cannot be taken back: for it was not given, or not by the asker, or is past that."""
    item = item_for(request, shown.submission)
    if item is None:
        return gone(request)
    given = item.decision_at(shown.step)
    if item.version != shown.version or given is None or given.by.code != request.asker.code:
        return truth(request, shown)
    why = refusal_words(refusal, request.reader.particle)
    way = Way(show=ShowItem(shown.submission).pack())
    card = thai.not_undone(view_of(request, item), why, _own_steps(request, item), way, request.now)
    return Answer((card,), context=item_context(request, item))


def _told(request: Request, item: ApprovalItem, shown: Shown) -> Rendered:
    view, now, show = view_of(request, item), request.now, Way(show=ShowItem(item.submission_id).pack())
    if (item.version, item.step) != (shown.version, shown.step):
        until = undo_until(request, item, shown.step) if item.version == shown.version else None
        undo = UndoApproval(shown.submission, shown.version, shown.step).pack() if until else ""
        way = Way(show.show, undo, until)
        return thai.already(view, shown.version, shown.step, _own_steps(request, item), way, now)
    if item.hand is None:
        return thai.not_your_step(view, show, now)
    return thai.own_submission(request.reader, view, show, now) if item.is_own else thai.still_waits(view, show, now)


def _own_steps(request: Request, item: ApprovalItem) -> list[int]:
    return [one.step for one in item.decisions if one.by.code == request.asker.code]

"""What a unit can do with what it sent, while it is on its way: buttons for its officers."""

from __future__ import annotations

from typing import NamedTuple

from domain.submissions import SubmissionState
from handlers.conversation import Request
from handlers.item_presses import AnswerInformation, WithdrawItem
from storage.queries.approval_item import ApprovalItem
from storage.queries.information import open_requests
from storage.submissions.sending import is_sender


class SenderPresses(NamedTuple):
    """Data of the buttons; empty for what cannot be done now, or not by the asker."""

    answer: str = ""
    withdraw: str = ""


def sender_presses(request: Request, item: ApprovalItem) -> SenderPresses:
    """Return the ways to answer the oldest open question about the item, and to take it back."""
    if not is_sender(request.reference, request.asker.code, item.unit, item.kind):
        return SenderPresses()
    questions = open_requests(request.session, item.submission_id)
    return SenderPresses(
        AnswerInformation(questions[0]).pack() if questions else "",
        WithdrawItem(item.submission_id, item.version).pack() if is_undecided(request, item) else "",
    )


def is_undecided(request: Request, item: ApprovalItem) -> bool:
    """Tell whether the item waits at the first step of its route."""
    route = request.reference.rules.organisation.route(item.unit)
    is_first = not route or item.step == route[0].order
    return item.state is SubmissionState.PENDING_APPROVAL and is_first

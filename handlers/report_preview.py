"""The card that the first approver would get if something were sent now."""

from __future__ import annotations

from dataclasses import dataclass, replace

from handlers.approval_views import item_card
from handlers.conversation import Request
from messages_th.rendering import Rendered
from storage.queries.approval_item import ApprovalItem
from storage.queries.readers import people_reading
from storage.submissions.preview import Preview, preview


@dataclass(frozen=True, slots=True)
class ToCome:
    """What sending would lead to, and the card as it would lie on the approver's phone."""

    preview: Preview
    card: Rendered


def card_to_come(request: Request, submission_id: int, late_reason: str = "") -> ToCome:
    """Return the card that would come; the request's session is a ``Database.trial``.

    Raises:
        Incomplete, TransitionRefused, NoSuchSubmission: as sending it would.
    """
    found = preview(
        request.session, request.reference, request.actor, submission_id, request.moment, late_reason=late_reason
    )
    if not found.reader:
        return ToCome(found, item_card(request, found.item))
    readers = people_reading(request.session, [found.reader], request.today)
    return ToCome(found, arrival_card(replace(request, asker=readers[found.reader]), found.item))


def arrival_card(request: Request, item: ApprovalItem) -> Rendered:
    """Return the decision card of an item that came to a step of the asker's, as it comes unasked."""
    return item_card(request, item, request.reader.salutation)

"""What would come of sending something: it is sent, looked at as its first approver would, and nothing of it stays."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from storage.outbox_claims import Now
from storage.queries.approval_item import ApprovalItem, approval_item
from storage.reference import Reference
from storage.submissions.actor import Actor
from storage.submissions.rows import NoSuchSubmission, unit_of
from storage.submissions.sending import Sent, submit
from storage.tables import Submission


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be sent, and who would have it first.

    ``reader`` is the code of somebody who would decide it then and sees it as ``item``; "" where nobody could, and the
    item is as its sender sees it. The item's ``holders`` are all who may decide at that step, its sender among them.
    """

    sent: Sent
    reader: str
    item: ApprovalItem


def preview(
    session: Session, reference: Reference, by: Actor, submission_id: int, at: Now, *, late_reason: str = ""
) -> Preview:
    """Send something and return what there is to see of it then.

    The session must be a ``Database.trial``, which undoes it: so what is shown is what sending does, and not a second
    account of it. Whatever else is to be shown of it is read in the same session.

    Raises:
        Incomplete, TransitionRefused, NoSuchSubmission: as ``submit``.
    """
    sent = submit(session, reference, by, submission_id, at, late_reason=late_reason)
    session.flush()
    unit = unit_of(reference, session.get_one(Submission, submission_id))
    approvers = reference.rules.organisation.approvers(unit, sent.position.step or 1)
    reader = next((code for code in approvers if code != by.code), "")
    item = approval_item(session, reference, reader or by.code, submission_id)
    if item is None:
        raise NoSuchSubmission(submission_id)
    return Preview(sent, reader, item)

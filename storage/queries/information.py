"""Which questions of approvers to a unit are still open; what they say stands with the item."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.submissions import SubmissionState
from storage.tables import InformationRequest, Submission


def asked_about(session: Session, request_id: int) -> int | None:
    """Return the submission (id) that a question is about; None: nobody asked it.

    Whether the reader may know of it, the query about the submission tells.
    """
    return session.scalar(select(InformationRequest.submission_id).where(InformationRequest.id == request_id))


def open_requests(session: Session, submission_id: int) -> Sequence[int]:
    """Return the questions (ids) that may still be answered, oldest first.

    A question closes with its answer, and when the item leaves the step at which it was asked.
    """
    query = (
        select(InformationRequest.id)
        .join(Submission, Submission.id == InformationRequest.submission_id)
        .where(
            Submission.id == submission_id,
            Submission.state == SubmissionState.PENDING_APPROVAL,
            Submission.version == InformationRequest.version,
            func.coalesce(Submission.step, InformationRequest.step) == InformationRequest.step,
            InformationRequest.answered_at.is_(None),
        )
        .order_by(InformationRequest.id)
    )
    return session.scalars(query).all()

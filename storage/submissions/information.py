"""What an approver asks the unit before deciding, and the unit's answer; meanwhile the item stays at its step."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.errors import Refusal, TransitionRefused
from domain.submissions import check_reason, check_waits
from storage.outbox_claims import Now
from storage.reference import Reference
from storage.submissions import news
from storage.submissions.actor import Actor
from storage.submissions.deciding import hand_on
from storage.submissions.rows import acted_in, audit, locked, position_of, principal_id, unit_of
from storage.submissions.sending import check_sender
from storage.tables import InformationRequest
from storage.tables.messaging import AuditAction


class AlreadyAnswered(Exception):
    """Somebody of the unit answered this question (an id) before."""


def ask(
    session: Session, reference: Reference, by: Actor, submission_id: int, version: int, step: int, question: str,
    at: Now,
) -> InformationRequest:  # fmt: skip
    """Ask the unit something about what waits at the step of ``by``; nothing is decided by that.

    Raises:
        TransitionRefused: the person does not hold the step, it does not wait there in this version any more, or the
            question has under ten characters.
        NoSuchSubmission: there is none of this id.
    """
    row = locked(session, submission_id)
    hand = hand_on(reference, by, row, step)
    position = position_of(row, reference.rules.organisation, unit_of(reference, row))
    check_waits(position, seen_version=version, step=step)
    check_reason(question)
    principal = principal_id(session, by, hand)
    request = InformationRequest(
        submission_id=row.id,
        version=version,
        step=step,
        asked_by_id=by.person_id,
        acting_for_id=principal,
        capacity=hand.capacity,
        asked_at=at.business,
        question=question.strip(),
    )
    session.add(request)
    session.flush()
    told = {"version": version, "step": step, "question": request.question}
    audit(session, row, AuditAction.INFORMATION_ASK, by, at, {}, {**told, **acted_in(hand.capacity)}, principal)
    news.asked(session, reference, row, request, at)
    return request


def answer(
    session: Session, reference: Reference, by: Actor, request_id: int, words: str, at: Now
) -> InformationRequest:
    """Answer what an approver asked; it stays with the item.

    Raises:
        AlreadyAnswered: somebody was quicker.
        TransitionRefused: ``by`` is not of the unit, the item left the step, or there are no words.
        sqlalchemy.exc.NoResultFound: nobody asked that.
    """
    request = session.scalars(select(InformationRequest).where(InformationRequest.id == request_id)).one()
    row = locked(session, request.submission_id)
    check_sender(reference, by, row)
    session.refresh(request)
    if request.answered_at is not None:
        raise AlreadyAnswered(request_id)
    position = position_of(row, reference.rules.organisation, unit_of(reference, row))
    check_waits(position, seen_version=request.version, step=request.step)
    if not words.strip():
        raise TransitionRefused(Refusal.REASON_TOO_SHORT)
    request.answered_by_id, request.answered_at, request.answer = by.person_id, at.business, words.strip()
    told = {"version": request.version, "step": request.step, "answer": request.answer}
    audit(session, row, AuditAction.INFORMATION_ANSWER, by, at, {"question": request.question}, told)
    news.answered(session, reference, row, request, at)
    return request

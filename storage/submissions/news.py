"""Who is told what became of a submission: the messages that the transaction of each change puts into the outbox.

News go to the unit and to whom they concern, arrivals to the approvers of a step. What a person is to be told is
gathered for a moment, and merged when it goes out (``scheduler.submission_news``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.news import NewsEvent
from domain.roles import Role
from domain.submissions import UNDO_FOR, SubmissionKind, SubmissionState
from domain.windows import WindowKind
from storage import silence
from storage.outbox import NewMessage, Priority, enqueue
from storage.outbox_claims import Now
from storage.queries.readers import PersonReading, people_reading
from storage.reference import Reference
from storage.silence import UnheldStep
from storage.submissions.actor import Actor, Channel
from storage.submissions.rows import unit_of
from storage.submissions.windows import news_hours
from storage.tables import Decision, InformationRequest, Person, Submission
from storage.tables.messaging import NoticeKind
from storage.tables.submissions import Verdict

GATHERED_FOR = timedelta(seconds=20)
"""How long news wait for more of their kind, so that thirty approvals in a row are one message."""
NEWS_LIFE = timedelta(days=7)


_WELCOME = frozenset({NewsEvent.SENT, NewsEvent.APPROVED, NewsEvent.FINISHED, NewsEvent.TAKEN_BACK})
"""News after which nobody has to do anything: they wait when the month's quota runs low."""


def sent(session: Session, reference: Reference, row: Submission, by: Actor, at: Now) -> None:
    """Tell the first step that something arrived, and the unit that it was sent; not who saw it go.

    The ministry's coordinators learn of projects that are entered within the year (``domain.md`` §3).
    """
    saw_it = by.channel is not Channel.API
    readers = [code for code in told_of_sending(reference, row) if code != by.code or not saw_it]
    tell(session, reference, row, NewsEvent.SENT, readers, at, by=by.code)
    arrived(session, reference, row, at, after=timedelta(0))


def decided(session: Session, reference: Reference, row: Submission, decision: Decision, at: Now) -> None:
    """Tell the unit of a decision, whoever approved before of a return, and the next step once it cannot be undone."""
    facts = _facts(session, decision)
    officers = officers_of(reference, row)
    if decision.verdict is Verdict.RETURNED:
        earlier = [code for code in _decided_before(session, decision) if code != facts["by"]]
        tell(session, reference, row, NewsEvent.RETURNED, [*officers, *earlier], at, **facts)
    elif row.state is SubmissionState.APPROVED:
        tell(session, reference, row, NewsEvent.FINISHED, officers, at, **facts)
    else:
        tell(session, reference, row, NewsEvent.APPROVED, officers, at, **facts)
        arrived(session, reference, row, at, after=UNDO_FOR)


def taken_back(session: Session, reference: Reference, row: Submission, decision: Decision, at: Now) -> None:
    """Tell the unit that an approval was taken back."""
    tell(session, reference, row, NewsEvent.TAKEN_BACK, officers_of(reference, row), at, **_facts(session, decision))


def reopened(session: Session, reference: Reference, row: Submission, by: Actor, reason: str, at: Now) -> None:
    """Tell the unit that it may send again."""
    tell(session, reference, row, NewsEvent.REOPENED, officers_of(reference, row), at, by=by.code, words=reason)


def asked(session: Session, reference: Reference, row: Submission, request: InformationRequest, at: Now) -> None:
    """Tell the unit what the approver wants to know."""
    by = _code(session, request.asked_by_id)
    capacity = request.capacity
    principal = _code(session, request.acting_for_id) if request.acting_for_id else None
    officers = officers_of(reference, row)
    facts = {"by": by, "acting_for": principal, "capacity": capacity, "step": request.step, "request": request.id}
    tell(session, reference, row, NewsEvent.ASKED, officers, at, words=request.question, **facts)


def answered(session: Session, reference: Reference, row: Submission, request: InformationRequest, at: Now) -> None:
    """Tell whoever asked, or else who holds the step now, what the unit answered."""
    asker = _code(session, request.asked_by_id)
    holders = reference.rules.organisation.approvers(unit_of(reference, row), request.step)
    readers = [asker] if asker in holders else list(holders)
    by = _code(session, request.answered_by_id or request.asked_by_id)
    facts = {"by": by, "step": request.step, "words": request.answer, "request": request.id}
    tell(session, reference, row, NewsEvent.ANSWERED, readers, at, **facts)


def arrived(
    session: Session, reference: Reference, row: Submission, at: Now, *, after: timedelta, known: Collection[str] = ()
) -> None:
    """Tell who holds the step that something waits there, ``after`` a while; what left until then is not told.

    ``known`` (codes) are told already. Where nobody who holds it can be reached, the ministry's coordinators learn it
    instead.
    """
    rules, unit, step = reference.rules, unit_of(reference, row), row.step or 1
    holders = people_reading(session, rules.organisation.approvers(unit, step), rules.today).values()
    reachable = [p for p in holders if p.line_user_id and p.is_reachable and p.person_id != row.sent_by_id]
    if not reachable:
        is_last_day = news_hours(session, reference, row).is_last_day
        unheld = UnheldStep(unit, step, (row.id,), row.arrived_at, is_last_day=is_last_day)
        silence.report(session, reference, [unheld], at, after=after)
        return
    since = row.arrived_at.isoformat() if row.arrived_at else None
    arrival = {"submission": row.id, "version": row.version, "step": step, "arrived_at": since}
    untold = [p for p in reachable if p.code not in known]
    _queue(session, reference, row, NoticeKind.ARRIVAL, untold, at, after, arrival)


def tell(
    session: Session, reference: Reference, row: Submission, event: NewsEvent, people: Iterable[str], at: Now,
    **facts: Any,
) -> None:  # fmt: skip
    """Queue news of the submission for people (codes), each once; ``facts`` go with it (``by``, ``words`` …)."""
    readers = people_reading(session, set(people), reference.rules.today).values()
    told = {"event": event, "submission": row.id, "version": row.version, "at": at.business.isoformat(), **facts}
    _queue(session, reference, row, NoticeKind.SUBMISSION_NEWS, readers, at, GATHERED_FOR, told)


def _queue(
    session: Session,
    reference: Reference,
    row: Submission,
    kind: NoticeKind,
    readers: Iterable[PersonReading],
    at: Now,
    after: timedelta,
    args: Mapping[str, Any],
) -> None:
    rules = reference.rules
    not_before = news_hours(session, reference, row).next_time(at.business + after, rules.calendar)
    priority = Priority.ORDINARY if args.get("event") in _WELCOME else Priority.STATUTORY
    name = f"{kind}:{args.get('event', '')}:{row.id}:{row.version}:{args.get('step', '')}:{at.real.isoformat()}"
    messages = [
        NewMessage(
            key=f"{name}:{reader.code}",
            kind=kind,
            person_id=reader.person_id,
            not_before=not_before,
            expires_at=not_before + NEWS_LIFE,
            priority=priority,
            args={**args, "person": reader.code},
        )
        for reader in readers
    ]
    enqueue(session, messages, at.business)


def officers_of(reference: Reference, row: Submission) -> list[str]:
    """Return who enters the data of the submission's unit, by code."""
    organisation, unit = reference.rules.organisation, unit_of(reference, row)
    if row.kind in (SubmissionKind.LEVEL3_PLAN, SubmissionKind.ACHIEVEMENT_REPORT):
        within = organisation.holders_within(Role.PLAN_OFFICER, unit)
        return list(within or organisation.holders(Role.PLAN_OFFICER, unit))
    return list(organisation.holders(Role.PROJECT_OFFICER, unit))


def told_of_sending(reference: Reference, row: Submission) -> list[str]:
    """Return who learns that the submission was sent, by code: its officers, of a mid-year entry coordinators, too."""
    return [*officers_of(reference, row), *_told_of_midyear_entries(reference, row)]


def _told_of_midyear_entries(reference: Reference, row: Submission) -> Sequence[str]:
    unit, organisation = unit_of(reference, row), reference.rules.organisation
    occasion = reference.active.entry_of(unit) if row.kind is SubmissionKind.PROJECT_ENTRY else None
    if occasion is None or occasion.kind is not WindowKind.MIDYEAR_ENTRY:
        return ()
    return organisation.coordinators(organisation.ministry_of(unit))


def _facts(session: Session, decision: Decision) -> Mapping[str, Any]:
    by = _code(session, decision.decided_by_id)
    principal = _code(session, decision.acting_for_id) if decision.acting_for_id else None
    return {
        "by": by,
        "acting_for": principal,
        "capacity": decision.capacity,
        "step": decision.step,
        "words": decision.reason,
        "concerns": decision.concerns,
        "decided_at": decision.decided_at.astimezone(UTC).isoformat(),
    }


def _decided_before(session: Session, decision: Decision) -> list[str]:
    """Return who decided at earlier steps of the version."""
    query = (
        select(Person.code)
        .join(Decision, Decision.decided_by_id == Person.id)
        .where(
            Decision.submission_id == decision.submission_id,
            Decision.version == decision.version,
            Decision.step < decision.step,
        )
    )
    return list(session.scalars(query))


def _code(session: Session, person_id: int) -> str:
    return session.scalars(select(Person.code).where(Person.id == person_id)).one()

"""Reads the audit trail from end to end, a thousand entries at a time: a country's has millions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from domain.organisation import Capacity
from domain.reminders import BANGKOK
from domain.submissions import SubmissionKind
from storage.queries.readers import PersonReading, people_reading
from storage.submissions.project_changes import from_json
from storage.submissions.rows import project_subject
from storage.tables import AuditEntry, Person
from storage.tables.messaging import AuditAction

_ENTRIES_A_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class AuditWanted:
    """Which entries are meant; None: all.

    ``first_day`` and ``last_day`` are Bangkok's, inclusive. ``project`` is a code. ``person``, a code, did it, had it
    done in their place, or is whom it is about.
    """

    first_day: date | None = None
    last_day: date | None = None
    project: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class AuditFact:
    """An entry, with its people as they were on its day; no actor: the operator's shell."""

    at: datetime
    action: AuditAction
    subject: str
    actor: PersonReading | None
    principal: PersonReading | None
    capacity: Capacity | None
    channel: str
    event_id: str
    before: Any
    after: Any


def audit_entries(session: Session, wanted: AuditWanted) -> Iterator[AuditFact]:
    """Yield the entries that are wanted, oldest first; the session must stay open meanwhile."""
    actor, principal = aliased(Person), aliased(Person)
    query = (
        select(AuditEntry, actor.code, principal.code)
        .outerjoin(actor, actor.id == AuditEntry.actor_id)
        .outerjoin(principal, principal.id == AuditEntry.acting_for_id)
        .where(*_conditions(wanted, actor.code, principal.code))
        .order_by(AuditEntry.id)
    )
    found = session.execute(query, execution_options={"yield_per": _ENTRIES_A_PAGE})
    for page in found.partitions():
        people = _people(session, page)
        for entry, by, of in page:
            on = people[_day(entry.at)]
            yield _fact(entry, on.get(by), on.get(of))


def capacity_in(after: Any) -> Capacity | None:
    """Return in what capacity somebody acted for another, as an entry keeps it; None where it keeps none."""
    told = after.get("capacity") if isinstance(after, Mapping) else None
    return Capacity(told) if told in set(Capacity) else None


def with_values(kept: Any) -> Any:
    """Return what an entry keeps, the values of a project's edit as its columns have them and not as JSON does."""
    if not isinstance(kept, Mapping) or "changes" not in kept:
        return kept
    return {**kept, "changes": from_json(kept["changes"])}


def _fact(entry: AuditEntry, actor: PersonReading | None, principal: PersonReading | None) -> AuditFact:
    return AuditFact(
        at=entry.at,
        action=entry.action,
        subject=entry.subject,
        actor=actor,
        principal=principal,
        capacity=capacity_in(entry.after) if principal else None,
        channel=entry.channel,
        event_id=entry.event_id,
        before=with_values(entry.before),
        after=with_values(entry.after),
    )


def _conditions(wanted: AuditWanted, actor: Any, principal: Any) -> Iterator[ColumnElement[bool]]:
    if wanted.first_day is not None:
        yield AuditEntry.at >= _begin_of(wanted.first_day)
    if wanted.last_day is not None:
        yield AuditEntry.at < _begin_of(wanted.last_day + timedelta(days=1))
    subject = AuditEntry.subject
    if (project := wanted.project) is not None:
        whole = [project_subject(kind, project, 0, 0) for kind in _OF_PROJECT]
        yield or_(subject.in_(whole), subject.startswith(f"report:{project}:", autoescape=True))
    if (person := wanted.person) is not None:
        yield or_(
            actor == person,
            principal == person,
            subject == f"person:{person}",
            subject.startswith(f"role:{person}:", autoescape=True),
            subject.startswith(f"delegation:{person}:", autoescape=True),
            subject.startswith("delegation:") & subject.endswith(f":{person}", autoescape=True),
        )


_OF_PROJECT = (SubmissionKind.PROJECT_ENTRY, SubmissionKind.PROJECT_EDIT)


def _people(session: Session, page: Sequence[Any]) -> Mapping[date, Mapping[str, PersonReading]]:
    """Return the page's people by day and code."""
    codes: dict[date, set[str]] = defaultdict(set)
    for entry, *named in page:
        codes[_day(entry.at)].update(filter(None, named))
    return {day: people_reading(session, found, day) for day, found in codes.items()}


def _day(moment: datetime) -> date:
    return moment.astimezone(BANGKOK).date()


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), BANGKOK)

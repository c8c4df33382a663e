"""A ministry coordinator asks units for the reports they owe: whom it reaches, and the messages in the outbox.

The officers of the units get one message each and day, whoever asks how often; it says what is owed when it goes out
(``scheduler.chases``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.fiscal import Quarter
from domain.organisation import Organisation
from domain.reminders import BANGKOK
from domain.roles import Role
from domain.sending_hours import next_sending_time
from domain.submissions import DutyState
from storage import outbox
from storage.queries.readers import PersonReading, people_reading
from storage.queries.standings import Delays
from storage.queries.unreported import Asked, tally
from storage.reference import Reference
from storage.reminder_ledger import reminded_today
from storage.submissions.actor import Channel
from storage.tables import AuditEntry, OutboxMessage
from storage.tables.messaging import AuditAction, NoticeKind

WITH_OFFICER = frozenset({DutyState.MISSING, DutyState.DRAFT, DutyState.RETURNED})
"""What a unit can be asked for; what waits for a decision is the approver's."""
AFTER_DIGESTS = timedelta(minutes=15)
"""The day's digests go first: whoever gets one of the same reports needs no second message."""
HOLDS_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Target:
    """A unit (code) that owes ``count`` reports, and its officers; those without LINE get nothing."""

    unit: str
    count: int
    officers: tuple[PersonReading, ...]

    @property
    def is_reachable(self) -> bool:
        """Whether any officer has a LINE account that takes messages."""
        return any(officer.line_user_id and officer.is_reachable for officer in self.officers)


@dataclass(frozen=True, slots=True)
class Chase:
    """Units that are asked for their reports of a quarter."""

    quarter: Quarter
    targets: tuple[Target, ...]

    @property
    def projects(self) -> int:
        """Number of reports that are asked for."""
        return sum(target.count for target in self.targets)

    @property
    def people(self) -> Mapping[str, PersonReading]:
        """The officers who get a message, by code."""
        officers = [officer for target in self.targets for officer in target.officers]
        return {officer.code: officer for officer in officers if officer.line_user_id and officer.is_reachable}


def chased_units(organisation: Organisation, person: str) -> frozenset[str]:
    """Return the units of the ministries that the person (a code) coordinates."""
    posts = [post for post in organisation.posts_of(person) if post.role is Role.MINISTRY_COORDINATOR]
    return frozenset().union(*(organisation.below(organisation.ministry_of(post.unit)) for post in posts))


def plan_chase(session: Session, reference: Reference, by: str, quarter: Quarter, units: Collection[str]) -> Chase:
    """Return what asking would send: to units among ``units`` that ``by`` coordinates and that owe a report by now.

    Before its window opens nobody can be asked for a report.
    """
    organisation, delays = reference.rules.organisation, Delays.of_quarter(reference, quarter)
    chased = chased_units(organisation, by).intersection(units)
    asked = Asked(quarter, frozenset(unit for unit in chased if delays.has_opened(unit)), WITH_OFFICER)
    counted = tally(session, reference, reference.sight(by), asked)
    holders = {unit: organisation.holders(Role.PROJECT_OFFICER, unit) for unit in counted.by_unit}
    people = people_reading(session, {code for codes in holders.values() for code in codes}, reference.rules.today)
    targets = (
        Target(unit, sum(counted.by_unit[unit].values()), tuple(people[code] for code in holders[unit]))
        for unit in sorted(counted.by_unit)
    )
    return Chase(quarter, tuple(targets))


def queue_chase(
    session: Session, reference: Reference, by: PersonReading, chase: Chase, now: datetime, real_now: datetime,
    event_id: str = "",
) -> Sequence[PersonReading]:  # fmt: skip
    """Put the messages into the outbox and return who gets one; not again who was asked on the same day.

    ``now`` is business time; the trail has ``real_now``, and ``event_id`` as LINE called the press.
    """
    people = chase.people
    messages = [_message(reference, by, person, chase.quarter, now) for person in people.values()]
    added = outbox.enqueue(session, messages, now)
    queued = [person for person, message in zip(people.values(), messages, strict=True) if message.key in added]
    units = [target.unit for target in chase.targets]
    session.add(
        AuditEntry(
            at=real_now,
            action=AuditAction.CHASE_SEND,
            subject=f"report:{chase.quarter.number}/{chase.quarter.fiscal_year}",
            actor_id=by.person_id,
            channel=Channel.LINE,
            event_id=event_id,
            after={"units": units, "projects": chase.projects, "people": [person.code for person in queued]},
        )
    )
    return queued


def asked_already(session: Session, chase: Chase, now: datetime) -> int:
    """Return how many of those whom the chase reaches were asked today for the same quarter."""
    keys = [_key(person, chase.quarter, now) for person in chase.people]
    return len(session.scalars(select(OutboxMessage.id).where(OutboxMessage.key.in_(keys))).all())


def told_today(session: Session, chase: Chase, now: datetime) -> int:
    """Return how many of those whom the chase reaches had a reminder today, so that theirs goes out on another day."""
    people = {person.person_id for person in chase.people.values()}
    return len(set(reminded_today(session, now.astimezone(BANGKOK).date(), people, [])))


def _message(
    reference: Reference, by: PersonReading, person: PersonReading, quarter: Quarter, now: datetime
) -> outbox.NewMessage:
    rules = reference.rules
    sending = next_sending_time(now, rules.policy(_post_of(reference, person.code)), rules.calendar)
    args: dict[str, Any] = {
        "person": person.code,
        "fiscal_year": quarter.fiscal_year,
        "quarter": quarter.number,
        "asked_by": by.code,
        "asked_at": now.isoformat(),
    }
    not_before = max(sending, _after_digests(reference, person.code, sending))
    return outbox.NewMessage(
        key=_key(person.code, quarter, now),
        kind=NoticeKind.CHASE,
        person_id=person.person_id,
        not_before=not_before,
        expires_at=not_before + HOLDS_FOR,
        args=args,
    )


def _after_digests(reference: Reference, person: str, sending: datetime) -> datetime:
    opens = reference.rules.policy(_post_of(reference, person)).send_from
    return datetime.combine(sending.astimezone(BANGKOK).date(), opens, BANGKOK) + AFTER_DIGESTS


def _post_of(reference: Reference, person: str) -> str:
    posts = reference.rules.organisation.posts_of(person)
    return next(post.unit for post in posts if post.role is Role.PROJECT_OFFICER)


def _key(person: str, quarter: Quarter, now: datetime) -> str:
    day = now.astimezone(BANGKOK).date().isoformat()
    return f"{NoticeKind.CHASE.value}:{day}:{quarter.fiscal_year}/{quarter.number}:{person}"

"""Steps at which something waits and nobody who can be reached holds them: coordinators learn of it, once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from domain.permissions import Sight
from domain.sending_hours import NewsHours
from domain.submissions import SubmissionState
from storage.outbox import NewMessage, Priority, enqueue
from storage.outbox_claims import Now
from storage.outbox_merging import NO_LONGER_TRUE
from storage.queries.pending import Waiting, Wanted, waiting_within
from storage.queries.readers import PersonReading, people_reading
from storage.reference import Reference
from storage.tables import OutboxMessage, Person, Submission
from storage.tables.messaging import NoticeKind, OutboxState

REPORT_LIFE = timedelta(days=7)
_EVERYTHING = Sight(everything=True)
_AGAIN = "+"


@dataclass(frozen=True, slots=True)
class UnheldStep:
    """What waits unheld at one step of a unit's route: submission ids, and when the last of them came.

    ``is_last_day``: a window that binds one of them ends today.
    """

    unit: str
    step: int
    submissions: tuple[int, ...]
    newest: datetime | None
    is_last_day: bool


def unheld_steps(session: Session, reference: Reference, units: Collection[str] | None = None) -> Sequence[UnheldStep]:
    """Return the steps at which something waits in vain: in these units, or anywhere.

    Whoever may decide there has no LINE account linked, blocked the bot, left the post, or sent it.
    """
    wanted = Wanted(None if units is None else frozenset(units))
    reachable, own = _reachable(session), _sent_by_deciders(session)
    organisation = reference.rules.organisation
    waiting: dict[tuple[str, int], list[Waiting]] = defaultdict(list)
    for item in waiting_within(session, reference, _EVERYTHING, wanted):
        holders = reachable.intersection(organisation.approvers(item.unit, item.step))
        if not holders - own.get(item.submission_id, frozenset()):
            waiting[item.unit, item.step].append(item)
    return [_unheld(reference, unit, step, items) for (unit, step), items in sorted(waiting.items())]


def _unheld(reference: Reference, unit: str, step: int, items: Sequence[Waiting]) -> UnheldStep:
    return UnheldStep(
        unit,
        step,
        tuple(item.submission_id for item in items),
        max((item.since for item in items if item.since), default=None),
        is_last_day=any(item.closes_on == reference.rules.today for item in items),
    )


def report(
    session: Session, reference: Reference, steps: Iterable[UnheldStep], at: Now, *, after: timedelta = timedelta(0)
) -> None:
    """Queue what coordinators are told of these steps, once for the newest thing that waits at each.

    Once more, though, where it did not hold when it was to go out, and does again. Administrators are told where no
    coordinator can be reached. Hours are those of news.
    """
    rules, found = reference.rules, list(steps)
    ministries = {rules.organisation.ministry_of(step.unit) for step in found}
    readers = {ministry: _told(session, reference, ministry) for ministry in ministries}
    dropped = _dropped(session, {reader.person_id for people in readers.values() for reader in people})
    messages = []
    for step in found:
        hours = NewsHours(rules.policy(step.unit), step.is_last_day)
        not_before = hours.next_time(at.business + after, rules.calendar)
        newest = step.newest.astimezone(UTC).isoformat() if step.newest else ""
        for reader in readers[rules.organisation.ministry_of(step.unit)]:
            key = f"unheld:{step.unit}:{step.step}:{newest}:{reader.code}"
            messages.append(
                NewMessage(
                    key=key + _AGAIN * dropped[key],
                    kind=NoticeKind.UNHELD,
                    person_id=reader.person_id,
                    not_before=not_before,
                    expires_at=not_before + REPORT_LIFE,
                    priority=Priority.STATUTORY,
                    args={"person": reader.code, "unit": step.unit, "step": step.step, "newest": newest},
                )
            )
    enqueue(session, messages, at.business)


def reports_to(reference: Reference, person: str, unit: str) -> bool:
    """Tell whether the person is one who is told of unheld steps of the unit."""
    organisation = reference.rules.organisation
    return person in (*organisation.coordinators(organisation.ministry_of(unit)), *organisation.admins)


def _told(session: Session, reference: Reference, ministry: str) -> Sequence[PersonReading]:
    organisation = reference.rules.organisation
    for codes in (organisation.coordinators(ministry), organisation.admins):
        people = people_reading(session, codes, reference.rules.today).values()
        if reachable := [person for person in people if person.line_user_id and person.is_reachable]:
            return reachable
    return ()


def _dropped(session: Session, readers: Collection[int]) -> Counter[str]:
    """Return how often each report was dropped, by the key that it would have at first."""
    row = OutboxMessage
    unsaid = and_(row.state == OutboxState.CANCELLED, row.reason == NO_LONGER_TRUE)
    query = select(row.key).where(row.person_id.in_(readers), row.kind == NoticeKind.UNHELD, unsaid)
    return Counter(key.rstrip(_AGAIN) for key in session.scalars(query))


def _reachable(session: Session) -> frozenset[str]:
    query = select(Person.code).where(Person.line_user_id.is_not(None), Person.unreachable_since.is_(None))
    return frozenset(session.scalars(query))


def _sent_by_deciders(session: Session) -> Mapping[int, frozenset[str]]:
    """Return who sent what waits, by submission: they do not decide it."""
    query = select(Submission.id, Person.code).join(Person, Person.id == Submission.sent_by_id)
    waits = query.where(Submission.state == SubmissionState.PENDING_APPROVAL)
    return {number: frozenset({code}) for number, code in session.execute(waits)}

"""Reminders: what is due goes to the outbox, and is looked at once more before it is sent."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from domain.clock import Clock
from domain.reminders import BANGKOK, Digest, Ledger
from scheduler.freezing import Dropped, Frozen
from storage import outbox, reminder_ledger, shared_state
from storage.database import Database
from storage.holidays import working_calendar
from storage.outbox_claims import Claimed, Now
from storage.queries.readers import PersonReading, people_reading, unit_names
from storage.queries.situation import Situation, load_situation
from storage.reference import ReferenceBook
from storage.reminder_ledger import load_ledger
from storage.shared_state import StateKey
from storage.tables.messaging import NoticeKind

NOTHING_LEFT = "nothing_left"
"""Why a queued reminder was dropped: all its duties are done, or its windows changed."""


RELOAD_REST = 3
"""A situation is used for at least so many times as long as it took to load: nothing for a ministry (tens of
milliseconds), half a minute for a whole country, where reports come in faster than the country could be read."""


@dataclass(frozen=True, slots=True)
class PlannedReminder:
    """A digest with its reader."""

    digest: Digest
    reader: PersonReading


def due_reminders(session: Session, now: datetime, book: ReferenceBook | None = None) -> list[PlannedReminder]:
    """Return the reminders that must have gone out by ``now`` and did not, readers linked to LINE or not.

    ``book`` spares whoever has one to read the rules again.
    """
    today = now.astimezone(BANGKOK).date()
    situation = load_situation(session, today, book.on(session, today).rules if book else None)
    digests = situation.plan().due(now, load_ledger(session, situation.rules))
    readers = people_reading(session, [digest.person for digest in digests], today)
    return [PlannedReminder(digest, readers[digest.person]) for digest in digests]


def queue_reminders(database: Database, clock: Clock, book: ReferenceBook | None = None) -> list[PlannedReminder]:
    """Put everything that is due into the outbox, with the ledger entries, in one transaction; return what went in.

    The situation is read before that transaction, so that planning a whole country never blocks writers: a duty that is
    done in between is noticed when the message is looked at once more before its first try.
    """
    now = clock.now()
    with database.read() as session:
        planned = due_reminders(session, now, book)
    with database.write() as session:
        earlier, told = reminder_ledger.reminders_of(session, now.astimezone(BANGKOK).date())
        planned = [reminder for reminder in planned if reminder.reader.person_id not in told]  # by another planner
        messages = [_message(reminder, earlier.get(reminder.reader.person_id, 0)) for reminder in planned]
        added = outbox.enqueue(session, messages, now)
        queued = [
            (reminder, added[message.key])
            for reminder, message in zip(planned, messages, strict=True)
            if message.key in added
        ]
        reminder_ledger.record_digests(session, ((number, r.reader.person_id, r.digest) for r, number in queued))
    return [reminder for reminder, _ in queued]


def rehearse(session: Session, first: date, last: date) -> Iterable[PlannedReminder]:
    """Yield every reminder from ``first`` to ``last`` (Bangkok days, inclusive) on the supposition that nobody acts.

    What was already sent before ``first`` counts as sent.
    """
    occurrences = None
    calendar = working_calendar(session, first.year, last.year)
    day = calendar.on_or_after(first)
    while day <= last:
        situation = load_situation(session, day)
        if occurrences is None:
            occurrences = {key for key in load_ledger(session, situation.rules).occurrences if key.on < first}
        digests = _digests_of_day(situation, Ledger(occurrences, frozenset()))
        readers = people_reading(session, [digest.person for digest in digests], day)
        for digest in digests:
            occurrences.update(topic.key(digest.person) for topic in digest.topics)
            yield PlannedReminder(digest, readers[digest.person])
        day = calendar.on_or_after(day + timedelta(days=1))


def _digests_of_day(situation: Situation, ledger: Ledger) -> list[Digest]:
    """Return a whole day's digests, whatever hour each ministry chose for them."""
    hours = sorted({policy.send_from for policy in situation.rules.policies.values()})
    plan, found = situation.plan(), dict[str, Digest]()
    for hour in hours:
        now = datetime.combine(situation.rules.today, hour, BANGKOK)
        told = Ledger(ledger.occurrences, found.keys())
        found.update((digest.person, digest) for digest in plan.due(now, told))
    return [found[person] for person in sorted(found)]


def _message(reminder: PlannedReminder, earlier: int) -> outbox.NewMessage:
    digest = reminder.digest
    return outbox.NewMessage(
        key=reminder_ledger.reminder_key(digest.at.date(), digest.person, earlier),
        kind=NoticeKind.REMINDER,
        person_id=reminder.reader.person_id,
        not_before=digest.at,
        expires_at=digest.until,
        priority=outbox.Priority.STATUTORY,
        args={"person": digest.person},
    )


class ReminderFreezer:
    """Looks at queued reminders once more right before their first try, and renders what is still true.

    A reminder whose duty was done since it was planned is dropped. The situation is loaded again only for a new day
    or plan version, so that a large backlog costs one look at the database.
    """

    def __init__(self, render: Callable[[PlannedReminder, Mapping[str, str]], str]) -> None:
        self._render = render
        self._seen: tuple[date, str | None] | None = None
        self._reload_at = 0.0

    def prepare(self, session: Session, _rows: Sequence[Claimed], now: Now) -> None:
        """Load the situation, unless it is the one that was looked at last."""
        self._look(session, now)

    def freeze(self, session: Session, rows: Sequence[Claimed], now: Now) -> Mapping[int, Frozen | Dropped]:
        """Return the body of every reminder that still holds, and why the others are dropped."""
        people: dict[str, Claimed] = {row.args["person"]: row for row in rows}
        ledger = load_ledger(
            session, self._rules, people=[row.person_id for row in rows], without=[row.id for row in rows]
        )
        digests = self._plan.due(now.business, ledger, only=people)
        readers = people_reading(session, people, self._rules.today)
        results: dict[int, Frozen | Dropped] = {row.id: Dropped(NOTHING_LEFT) for row in rows}
        reminder_ledger.forget(session, results)
        for digest in digests:
            as_of_now = replace(digest, at=now.business)  # what it says is true now, however long it was queued
            reminder = PlannedReminder(as_of_now, readers[digest.person])
            results[people[digest.person].id] = Frozen(self._render(reminder, self._unit_names))
        reminder_ledger.record_digests(session, ((people[d.person].id, people[d.person].person_id, d) for d in digests))
        return results

    def _look(self, session: Session, now: Now) -> None:
        today = now.business.astimezone(BANGKOK).date()
        seen = today, shared_state.get(session, StateKey.PLAN_VERSION)
        is_fresh = self._seen is not None and self._seen[0] == today and time.monotonic() < self._reload_at
        if self._seen == seen or is_fresh:
            return
        started = time.monotonic()
        situation = load_situation(session, today)
        self._rules, self._plan = situation.rules, situation.plan()
        self._unit_names = unit_names(session)
        self._seen = seen
        self._reload_at = time.monotonic() + RELOAD_REST * (time.monotonic() - started)

"""Batches of circulars on their way: opened and closed in one transaction each, with nothing of LINE in between.

This is the multicaster's synchronous half; it runs in a thread beside the event loop.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from uuid import uuid4

from sqlalchemy.orm import Session

from domain.clock import Clock
from domain.reminders import BANGKOK
from scheduler import quota, stopping
from scheduler.multicast_outcomes import BatchOutcome, Cut, Halve, Refuse
from scheduler.outcomes import Retry, Sent, StopAll
from storage.circulars import batches, settling
from storage.circulars.batches import Batch
from storage.circulars.settling import Held
from storage.database import Database
from storage.outbox_claims import Lease, Now
from storage.reference import Reference, ReferenceBook


@dataclass(frozen=True, slots=True)
class Round:
    """Batches held by one lease, to be tried at the same time. ``is_stopped``: all sending is."""

    lease: Lease
    batches: Sequence[Batch] = ()
    is_stopped: bool = False


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What became of a try; ``outcome`` None: it was not made. ``is_failure``: it counts against its circular."""

    batch: Batch
    outcome: BatchOutcome | None
    is_failure: bool = False
    request_id: str | None = None

    @property
    def reason(self) -> str:
        """LINE's word on why it took nothing, empty when there is none."""
        return getattr(self.outcome, "reason", "")


class BatchDesk:
    """Opens and closes rounds of batches. To be used by one thread at a time."""

    def __init__(self, database: Database, clock: Clock, lease_for: timedelta) -> None:
        self._database = database
        self._clock = clock
        self._lease_for = lease_for
        self._book = ReferenceBook(with_people=False)
        self._owner = uuid4().hex
        self._rounds = count(1)

    def _now(self) -> Now:
        return Now(self._clock.now(), self._clock.real_now())

    def _lease(self, now: Now) -> Lease:
        return Lease(f"{self._owner}/{next(self._rounds)}", now.real + self._lease_for)

    def open_round(self, limit: int) -> Round:
        """Take over or form up to ``limit`` batches; none while all sending is stopped.

        All is committed before the first try: whatever dies then, LINE gets the same list under the same key.
        """
        now = self._now()
        lease = self._lease(now)
        with self._database.read() as session:  # reference data may take seconds to load: not while others cannot write
            if not batches.is_work(session, now):
                return Round(lease)
            reference = self._book.on(session, now.business.astimezone(BANGKOK).date())
        with self._database.write() as session:
            batches.expire(session, now)
            is_stopped = stopping.stop_reason(session) is not None
            held = () if is_stopped else _claimed(session, reference, limit, lease, now)
            batches.finish(session, reference, now)
        return Round(lease, held, is_stopped)

    def close_round(self, finished: Round, results: Sequence[BatchResult]) -> Round:
        """Record what became of every batch of a round; return those that are to be tried at once in their stead."""
        now = self._now()
        lease = self._lease(now)
        with self._database.read() as session:
            reference = self._book.on(session, now.business.astimezone(BANGKOK).date())
        following: list[Batch] = []
        sent = 0
        with self._database.write() as session:
            by_batch = {result.batch.id: result for result in results}
            for held in settling.hold(session, finished.lease.owner, finished.batches):
                result = by_batch[held.batch.id]
                if isinstance(result.outcome, Sent):
                    sent += settling.mark_sent(session, held, result.request_id, now)
                if held.is_ours:
                    following += _settle(session, reference, held, result, lease, now)
            quota.count_pushes(session, sent)
        return Round(lease, following)

    def next_ready(self) -> datetime | None:
        """Return when (real time) something that is held or postponed can go on; None: nothing does."""
        with self._database.read() as session:
            return batches.next_ready(session, self._now())


def _claimed(session: Session, reference: Reference, limit: int, lease: Lease, now: Now) -> Sequence[Batch]:
    held = batches.take_over(session, reference, limit, lease, now)
    if len(held) == limit:
        return held
    free = quota.free_for_circulars(session, now)
    return [*held, *batches.form(session, reference, limit - len(held), free, lease, now)]


def _settle(
    session: Session, reference: Reference, held: Held, result: BatchResult, lease: Lease, now: Now
) -> Sequence[Batch]:
    """Record what became of a batch that nobody else took over; return what is to be tried at once in its stead."""
    if result.is_failure:
        settling.note_failure(session, reference, held.circular, result.reason, now)
    match result.outcome:
        case Retry(after, reason, uncertain):
            settling.postpone(session, held, reason, now.real + after, now, uncertain=uncertain)
        case Cut(places, reason):
            return settling.cut(session, reference, held, places, reason, lease, now)
        case Halve():
            return settling.halve(session, held, lease, now)
        case Refuse(reason):
            settling.pause(session, reference, held.circular, reason, now)
            settling.dissolve(session, held, now)
        case StopAll(stop):
            settling.give_back(session, held, now)
            stopping.stop_all(session, stop, now)
        case None:
            settling.give_back(session, held, now)
    return ()

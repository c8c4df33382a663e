"""A page of messages on its way: opened and closed in one transaction each, with nothing of LINE in between.

This is the sender's synchronous half; it runs in a thread beside the event loop.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from uuid import uuid4

from domain.clock import Clock
from scheduler import quota, stopping
from scheduler.freezing import Deferred, Dropped, Freezer, Frozen, freeze_rows
from scheduler.outcomes import Outcome, Park, Retry, Sent, StopAll, StopReason
from storage import outbox_claims
from storage.database import Database
from storage.outbox_claims import Claimed, Ending, Lease, Now, Postponed

EXPIRE_EVERY = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Try:
    """A message that may be pushed: body and retry key are stored. ``attempts`` counts the tries before this one."""

    id: int
    recipient: str
    body: str
    retry_key: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Page:
    """Messages held by one lease. ``claimed`` counts them with those that were not rendered to be sent now."""

    lease: Lease
    tries: Sequence[Try] = ()
    claimed: int = 0
    stopped: StopReason | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a try; ``outcome`` None: it was not made."""

    id: int
    outcome: Outcome | None
    request_id: str | None = None


class OutboxDesk:
    """Opens and closes pages of one outbox. To be used by one thread at a time."""

    def __init__(self, database: Database, freezer: Freezer, clock: Clock) -> None:
        self._database = database
        self._freezer = freezer
        self._clock = clock
        self._owner = uuid4().hex
        self._pages = count(1)
        self._expired_at: datetime | None = None

    def _now(self) -> Now:
        return Now(self._clock.now(), self._clock.real_now())

    def open_page(self, limit: int, lease_for: timedelta, busy: Collection[str] = ()) -> Page:
        """Claim and freeze up to ``limit`` messages, none to LINE ids in ``busy``, and none while all is stopped.

        All is committed before the first try: whatever dies then, LINE gets the same body under the same key.

        Raises:
            NotPrepared: nothing could be rendered, and nothing is claimed.
        """
        now = self._now()
        lease = Lease(f"{self._owner}/{next(self._pages)}", now.real + lease_for)
        with self._database.write() as session:
            if self._expired_at is None or now.real - self._expired_at >= EXPIRE_EVERY:
                outbox_claims.expire(session, now)
                self._expired_at = now.real
            if (stopped := stopping.stop_reason(session)) is not None:
                return Page(lease, stopped=stopped)
            rows = outbox_claims.claim(session, limit, lease, now, quota.ceiling(session, now), busy)
            new = {row.id: row for row in rows if row.body is None}
            verdicts = freeze_rows(session, self._freezer, list(new.values()), now).items()
            texts = {number: verdict.body for number, verdict in verdicts if isinstance(verdict, Frozen)}
            dropped = {n: Ending(drop.state, drop.reason) for n, drop in verdicts if isinstance(drop, Dropped)}
            deferred = {number: verdict.not_before for number, verdict in verdicts if isinstance(verdict, Deferred)}
            outbox_claims.freeze(session, {n: (new[n].recipient, text) for n, text in texts.items()}, now)
            outbox_claims.end(session, dropped)
            outbox_claims.defer(session, deferred)
        bodies = {row.id: row.body for row in rows if row.body is not None} | texts
        return Page(lease, [_try(row, bodies[row.id]) for row in rows if row.id in bodies], claimed=len(rows))

    def close_page(self, page: Page, results: Sequence[Result]) -> None:
        """Record what became of every message of a page; a reason to stop stops all senders."""
        now, owner = self._now(), page.lease.owner
        sent = {result.id: result.request_id for result in results if isinstance(result.outcome, Sent)}
        parked = {result.id: result.outcome.reason for result in results if isinstance(result.outcome, Park)}
        stops = [result.outcome.reason for result in results if isinstance(result.outcome, StopAll)]
        untaken = [result.id for result in results if result.outcome is None or isinstance(result.outcome, StopAll)]
        postponed = [
            Postponed(result.id, result.outcome.reason, now.real + result.outcome.after, result.outcome.uncertain)
            for result in results
            if isinstance(result.outcome, Retry)
        ]
        with self._database.write() as session:
            outbox_claims.mark_sent(session, sent, now)
            outbox_claims.park(session, owner, parked)
            outbox_claims.postpone(session, owner, postponed)
            outbox_claims.release(session, owner, untaken, f"stopped {stops[0]}" if stops else "")
            quota.count_pushes(session, len(sent))
            if stops:
                stopping.stop_all(session, stops[0], now)

    def next_ready(self) -> datetime | None:
        """Return when (real time) something that is held or postponed can be claimed; None: nothing is."""
        with self._database.read() as session:
            return outbox_claims.next_ready(session, self._now())


def _try(row: Claimed, body: str) -> Try:
    return Try(row.id, row.recipient, body, row.retry_key, row.attempts)

"""The multicaster: sends circulars in batches of up to 500 people, beside the sender that pushes single messages.

Any number of multicasters may work on one database. kill -9 at any point loses nothing and sends nothing twice: a batch
is tried only after its list and retry key are committed, and whoever takes it over sends the same under the same key.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial

import structlog

from scheduler.batch_desk import BatchDesk, BatchResult, Round
from scheduler.buckets import TokenBucket
from scheduler.gate import Gate
from scheduler.line_port import Answer, NoAnswer, Reply
from scheduler.multicast_outcomes import classify_batch, is_failure
from scheduler.outcomes import Sent
from scheduler.sender import BURST_SECONDS, DEFAULT_PACE, Pace, pause
from storage.circulars.batches import Batch

_log = structlog.get_logger()


class Multicaster:
    """Sends circulars until it is told to stop, or, draining, until none is due.

    ``jitter`` returns a random share, 0 to 1. All instants that leases depend on are real time.
    """

    def __init__(self, gate: Gate, pace: Pace = DEFAULT_PACE, jitter: Callable[[], float] = random.random) -> None:
        self._desk = BatchDesk(gate.database, gate.clock, pace.lease)
        self._gate = gate
        self._clock = gate.clock
        self._pace = pace
        self._jitter = jitter
        rate = pace.multicasts_per_second
        self._bucket = TokenBucket(rate, rate * BURST_SECONDS, time.monotonic)

    async def run(self, stop: asyncio.Event, *, drain: bool = False) -> None:
        """Send until ``stop`` is set, or, with ``drain``, until no circular is due; tries under way are finished then.

        A circular that is paused, or that waits for its hour or for quota, is not due.

        Raises:
            sqlalchemy.exc.DBAPIError: the database is away; what was claimed is free again when its lease ends.
        """
        progress = self._clock.real_now()
        if drain:
            await self._gate.probe(at_once=True)
        while not stop.is_set():
            await self._gate.refresh_quota()
            opened = await self._gate.in_thread(partial(self._desk.open_round, self._pace.batches_at_once))
            if opened.batches:
                if await self._send(opened, stop):
                    progress = self._clock.real_now()
                continue
            if drain and (opened.is_stopped or not await self._anything_soon(progress)):
                return
            await pause(stop, self._pace.idle_seconds)

    async def _send(self, current: Round, stop: asyncio.Event) -> bool:
        """Send a round and what follows from it; tell whether LINE took any of it."""
        any_sent = False
        while current.batches:
            results = await asyncio.gather(*(self._attempt(b, current.lease.until, stop) for b in current.batches))
            any_sent |= any(isinstance(result.outcome, Sent) for result in results)
            current = await self._gate.in_thread(partial(self._desk.close_round, current, results))
        return any_sent

    async def _attempt(self, batch: Batch, lease_until: datetime, stop: asyncio.Event) -> BatchResult:
        if wait := self._bucket.take():
            await asyncio.sleep(wait)
        if stop.is_set() or self._clock.real_now() + self._pace.try_within > lease_until:
            return BatchResult(batch, None)
        reply = await self._multicast(batch)
        quota = await self._gate.quota_after(reply)
        outcome = classify_batch(reply, len(batch.accounts), batch.tries, self._jitter(), quota)
        request_id = reply.request_id if isinstance(reply, Answer) else None
        _log.info(
            "batch_tried",
            circular=batch.circular_id,
            batch=batch.id,
            people=len(batch.accounts),
            outcome=type(outcome).__name__.lower(),
        )
        return BatchResult(batch, outcome, is_failure(reply, outcome), request_id)

    async def _multicast(self, batch: Batch) -> Reply:
        try:
            return await self._gate.line.multicast(list(batch.accounts), batch.body, batch.retry_key)
        except Exception as error:  # noqa: BLE001 - a fault of ours: what LINE got is unknown, and the others go on
            _log.exception("multicast_failed", batch=batch.id)
            return NoAnswer(f"internal {type(error).__name__}", sent=True)

    async def _anything_soon(self, progress: datetime) -> bool:
        ready = await self._gate.in_thread(self._desk.next_ready)
        return ready is not None and ready <= progress + self._pace.patience

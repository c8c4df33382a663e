"""The sender: takes pages of the outbox, pushes their messages at the same time, records what became of them.

A person's messages go one after the other, in the outbox's order, so that a chat reads as it was written; while some
are on their way, no others to that person are claimed, so that a hundred for one keep nobody else waiting. What LINE
did not take holds nothing up, nor does one sender wait for another.
Any number of senders may work on one outbox. kill -9 at any point loses nothing and sends nothing twice: a message is
pushed only after its body and retry key are committed, and whoever takes it over pushes the same under the same key.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

import structlog

from scheduler.buckets import MULTICASTS_PER_SECOND, PUSHES_PER_SECOND, TokenBucket
from scheduler.freezing import Freezer
from scheduler.gate import QUOTA_CHECK_SECONDS, Gate
from scheduler.line_port import Answer, NoAnswer, Reply
from scheduler.outcomes import Sent, StopAll, classify
from scheduler.pages import OutboxDesk, Page, Result, Try

_log = structlog.get_logger()

BURST_SECONDS = 0.1
"""How large LINE's buckets are is not documented, so ours save up no more than this."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How hard a sender works.

    Two pages at once keep LINE busy while the database records the last one. No try begins later than ``try_within``
    before its lease ends; what is left of the page then is given back. A drain waits up to ``patience`` after the last
    message sent for messages that others hold or that wait for another try.
    """

    page: int = 200
    pages_at_once: int = 2
    pushes_at_once: int = 100
    pushes_per_second: float = PUSHES_PER_SECOND
    batches_at_once: int = 4
    multicasts_per_second: float = MULTICASTS_PER_SECOND
    lease: timedelta = timedelta(seconds=60)
    try_within: timedelta = timedelta(seconds=20)
    idle_seconds: float = 0.5
    quota_check_seconds: float = QUOTA_CHECK_SECONDS
    patience: timedelta = timedelta(seconds=65)


DEFAULT_PACE = Pace()


class Sender:
    """Empties an outbox into LINE until it is told to stop, or, draining, until nothing is due.

    ``jitter`` returns a random share, 0 to 1. All instants that leases depend on are real time.
    """

    def __init__(
        self,
        gate: Gate,
        freezer: Freezer,
        pace: Pace = DEFAULT_PACE,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._desk = OutboxDesk(gate.database, freezer, gate.clock)
        self._gate = gate
        self._clock = gate.clock
        self._pace = pace
        self._jitter = jitter
        self._slots = asyncio.Semaphore(pace.pushes_at_once)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._bucket = TokenBucket(pace.pushes_per_second, pace.pushes_per_second * BURST_SECONDS, time.monotonic)
        self._halted = False
        self._progress = self._clock.real_now()

    async def run(self, stop: asyncio.Event, *, drain: bool = False) -> None:
        """Send until ``stop`` is set, or, with ``drain``, until nothing is due; tries under way are finished then.

        Raises:
            sqlalchemy.exc.DBAPIError: the database is away; what was claimed is free again when its lease ends.
            scheduler.freezing.NotPrepared: no message could be rendered; all are due as before.
        """
        pages: set[asyncio.Task[None]] = set()
        self._progress = self._clock.real_now()
        await self._gate.probe(at_once=True)
        try:
            while not stop.is_set():
                if self._halted:  # claim nothing more before the database knows, too
                    pages = await self._collect(pages, all_of_them=True)
                    self._halted = False
                await self._gate.refresh_quota()
                page = await self._open_page()
                if page.tries:
                    pages.add(asyncio.create_task(self._send(page, self._attempts(page, stop))))
                busy, full = bool(page.claimed or pages), len(pages) >= self._pace.pages_at_once
                if full or not page.claimed:
                    pages = await self._collect(pages, full=full)
                if busy:  # a page that ends may have given something back
                    continue
                if page.stopped is not None and await self._gate.probe():
                    continue
                if drain and (page.stopped is not None or not await self._anything_soon()):
                    return
                await pause(stop, self._pace.idle_seconds)
        finally:
            await self._collect(pages, all_of_them=True)

    async def _collect(
        self, pages: set[asyncio.Task[None]], *, full: bool = False, all_of_them: bool = False
    ) -> set[asyncio.Task[None]]:
        """Return the pages still under way after a wait: for all, for one, or a moment in which one may end."""
        if pages:
            await asyncio.wait(
                pages,
                timeout=None if full or all_of_them else self._pace.idle_seconds,
                return_when=asyncio.ALL_COMPLETED if all_of_them else asyncio.FIRST_COMPLETED,
            )
        for page in pages:
            if page.done():
                page.result()
        return {page for page in pages if not page.done()}

    async def _open_page(self) -> Page:
        busy = frozenset(self._turns)
        return await self._gate.in_thread(lambda: self._desk.open_page(self._pace.page, self._pace.lease, busy))

    def _attempts(self, page: Page, stop: asyncio.Event) -> list[asyncio.Task[Result]]:
        """Return the tries of a page; each has its place in its person's turns from now on."""
        return [
            asyncio.create_task(self._attempt(message, self._turn_of(message), page.lease.until, stop))
            for message in page.tries
        ]

    def _turn_of(self, message: Try) -> asyncio.Lock:
        return self._turns.setdefault(message.recipient, asyncio.Lock())

    async def _send(self, page: Page, attempts: Iterable[asyncio.Task[Result]]) -> None:
        results = await asyncio.gather(*attempts)
        await self._gate.in_thread(lambda: self._desk.close_page(page, results))
        if any(isinstance(result.outcome, Sent) for result in results):
            self._progress = self._clock.real_now()

    async def _attempt(self, message: Try, turn: asyncio.Lock, lease_until: datetime, stop: asyncio.Event) -> Result:
        async with turn, self._slots:
            if wait := self._bucket.take():
                await asyncio.sleep(wait)
            too_late = self._clock.real_now() + self._pace.try_within > lease_until
            if self._halted or too_late or stop.is_set():
                return Result(message.id, None)
            reply = await self._push(message)
            outcome = classify(reply, message.attempts, self._jitter(), await self._gate.quota_after(reply))
            if isinstance(outcome, StopAll):
                self._halted = True
            return Result(message.id, outcome, reply.request_id if isinstance(reply, Answer) else None)

    async def _push(self, message: Try) -> Reply:
        try:
            return await self._gate.line.push(message.recipient, message.body, message.retry_key)
        except Exception as error:  # noqa: BLE001 - a fault of ours: what LINE got is unknown, and the others go on
            _log.exception("push_failed", outbox_id=message.id)
            return NoAnswer(f"internal {type(error).__name__}", sent=True)

    async def _anything_soon(self) -> bool:
        ready = await self._gate.in_thread(self._desk.next_ready)
        return ready is not None and ready <= self._progress + self._pace.patience


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait so many seconds, or until ``stop`` is set."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return

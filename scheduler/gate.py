"""What all share who send over one channel in a process: the database's desk, the known quota, and the stop of all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

import structlog

from domain.clock import Clock
from domain.quota import Quota
from scheduler import quota, stopping
from scheduler.line_port import Answer, LinePort, Reply
from scheduler.outcomes import StopReason
from storage.database import Database
from storage.outbox_claims import Now

QUOTA_CHECK_SECONDS = 60.0
"""How often a process looks whether the known quota is stale, unless it is told otherwise."""

QUOTA_FRESH_SECONDS = 2.0
"""For so long one look-up tells what every 429 means."""

_log = structlog.get_logger()
_Returned = TypeVar("_Returned")


class Gate:
    """A database and a LINE, for those who send from the one to the other. Belongs to one event loop."""

    def __init__(
        self, database: Database, line: LinePort, clock: Clock, quota_check_seconds: float = QUOTA_CHECK_SECONDS
    ) -> None:
        self.database = database
        self.line = line
        self.clock = clock
        self._at_desk = asyncio.Lock()
        self._asking_quota = asyncio.Lock()
        self._check_seconds = quota_check_seconds
        self._quota: Quota | None = None
        self._quota_until = 0.0
        self._refresh_at = 0.0

    def now(self) -> Now:
        """Return this moment on both clocks."""
        return Now(self.clock.now(), self.clock.real_now())

    async def in_thread(self, work: Callable[[], _Returned]) -> _Returned:
        """Do database work beside the event loop, one piece at a time: on SQLite two would only wait for each other."""
        async with self._at_desk:
            return await asyncio.to_thread(work)

    async def quota_after(self, reply: Reply) -> Quota | None:
        """Return what LINE says now of the quota when ``reply`` is a 429, else None.

        Many messages that were refused at once share one look-up.
        """
        if not (isinstance(reply, Answer) and reply.status == 429):
            return None
        async with self._asking_quota:
            if time.monotonic() >= self._quota_until:
                self._quota = await self._look_up_quota()
                self._quota_until = time.monotonic() + QUOTA_FRESH_SECONDS
            return self._quota

    async def refresh_quota(self) -> None:
        """Ask LINE for the quota when it is time to look and what is known is stale."""
        if time.monotonic() < self._refresh_at:
            return
        self._refresh_at = time.monotonic() + self._check_seconds
        if await self.in_thread(self._quota_is_stale):
            await self._look_up_quota()

    async def probe(self, *, at_once: bool = False) -> bool:
        """Find out, when it is time, whether a stop can be lifted; tell whether it was."""
        reason = await self.in_thread(lambda: self._begin_probe(at_once=at_once))
        if reason is None:
            return False
        found = await self.line.quota()
        self._quota_until = 0.0
        return await self.in_thread(lambda: self._end_probe(reason, found))

    async def _look_up_quota(self) -> Quota | None:
        found = await self.line.quota()
        if not isinstance(found, Quota):
            _log.warning("quota_unknown", reply=str(found.status if isinstance(found, Answer) else found.reason))
            return None
        await self.in_thread(lambda: self._remember_quota(found))
        return found

    def _quota_is_stale(self) -> bool:
        with self.database.read() as session:
            return quota.is_stale(session, self.clock.real_now())

    def _remember_quota(self, known: Quota) -> None:
        with self.database.write() as session:
            quota.remember_quota(session, known, self.clock.real_now())

    def _begin_probe(self, *, at_once: bool) -> StopReason | None:
        with self.database.write() as session:
            return stopping.begin_probe(session, self.clock.real_now(), at_once=at_once)

    def _end_probe(self, reason: StopReason, found: Quota | Reply) -> bool:
        with self.database.write() as session:
            return stopping.end_probe(session, reason, found, self.clock.real_now())

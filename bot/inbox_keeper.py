"""Takes what lies in the inbox: events that no web process had room for, and those that a dead process left."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import structlog
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.conversations import Conversations
from bot.handling import LEASE
from domain.clock import Clock
from scheduler.sender import pause
from storage import api_requests, conversations, inbox
from storage.database import Database
from storage.outbox_claims import Lease

LOOK_SECONDS = 1.0
TROUBLE_SECONDS = 5.0
PRUNE_EVERY = timedelta(hours=1)

_log = structlog.get_logger()


class InboxKeeper:
    """Looks into the inbox every second and hands what it takes to ``handling``; deletes what is long done or over."""

    def __init__(self, database: Database, handling: Conversations, clock: Clock) -> None:
        self._database = database
        self._handling = handling
        self._clock = clock
        self._pruned_at: datetime | None = None

    async def keep(self, _line: object, stop: asyncio.Event) -> None:
        """Keep the inbox until ``stop``, and finish what is in hand then: a companion of a ``Worker``."""
        while not stop.is_set():
            try:
                found = await asyncio.to_thread(self._look)
            except DBAPIError:
                _log.exception("database_away")
                await pause(stop, TROUBLE_SECONDS)
                continue
            if not found:
                await pause(stop, LOOK_SECONDS)
        await asyncio.to_thread(self._handling.close)

    def drain(self) -> None:
        """See through all that waits, then return; what others hold is theirs.

        Raises:
            sqlalchemy.exc.DBAPIError: the database is away.
        """
        while self.take():
            self._handling.wait_until_idle(LEASE.total_seconds())

    def take(self) -> int:
        """Take what can be taken now and return how much it was."""
        room = self._handling.room()
        if room <= 0:
            return 0
        now = self._clock.real_now()
        try:
            with self._database.write() as session:
                held = inbox.claim(session, room, Lease(uuid4().hex, now + LEASE), now)
        except IntegrityError:  # another process took an event of the same sender in this very moment
            return 0
        self._handling.take(held)
        return len(held)

    def _look(self) -> int:
        now = self._clock.real_now()
        if self._pruned_at is None or self._pruned_at <= now - PRUNE_EVERY:
            with self._database.write() as session:
                pruned = inbox.prune(session, now) + api_requests.prune(session, now)
                conversations.forget_expired(session, now)
            self._pruned_at = None if pruned else now
        return self.take()

"""A real worker in a process of its own that kills itself, as ``kill -9`` would, at one point of its work.

``test_killed_sender.py`` and ``test_circular_killed.py`` run it: ``python sender_that_dies.py DATABASE_URL LINE_ORIGIN
CHANNEL_ID SECRET POINT``, and the business instant at which it sends the bot's own notices instead of plain ones. The
sender knows nothing of this: the point is reached through SQLAlchemy's events and a port around LINE's.
"""

import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, NoReturn

from sqlalchemy import event

from bot.clock import FixedClock, SystemClock
from bot.line_client import Credentials, line_client
from bot.notices import NoticeFreezer
from domain.quota import Quota
from scheduler.line_port import LinePort, Reply
from scheduler.sender import Pace
from scheduler.worker import Worker
from storage.database import Database
from tests.plain_freezer import PlainFreezer

PACE = Pace(page=5, pushes_at_once=3, idle_seconds=0.05, patience=timedelta(0))


def die(*_: Any) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise SystemExit


class DeadlyLine:
    """LINE's port; dies before the third push or the second multicast, or after LINE answered it."""

    def __init__(self, line: LinePort, point: str) -> None:
        self._line = line
        self._point = point
        self._pushes = 0
        self._multicasts = 0

    async def push(self, recipient: str, body: str, retry_key: str) -> Reply:
        self._pushes += 1
        third = self._pushes == 3
        if third and self._point == "after claim":
            die()
        reply = await self._line.push(recipient, body, retry_key)
        if third and self._point == "after line accepted":
            die()
        return reply

    async def multicast(self, recipients: Sequence[str], body: str, retry_key: str) -> Reply:
        self._multicasts += 1
        second = self._multicasts == 2
        if second and self._point == "after claim":
            die()
        reply = await self._line.multicast(recipients, body, retry_key)
        if second and self._point == "after line accepted":
            die()
        return reply

    async def quota(self) -> Quota | Reply:
        return await self._line.quota()


def die_at(database: Database, point: str) -> None:
    """Arrange for the points that only the database sees."""
    if point == "before claim":
        event.listen(database.engine, "begin", die)
    if point in {"before mark", "before marks are committed"}:
        seen = {"marked": False}

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if statement.startswith(("UPDATE outbox", "UPDATE circular_recipients")) and "sent_at" in statement:
                if point == "before mark":
                    die()
                seen["marked"] = True

        def commit(_connection: Any) -> None:
            if seen["marked"]:
                die()

        event.listen(database.engine, "before_cursor_execute", note)
        event.listen(database.engine, "commit", commit)


def main(url: str, origin: str, channel_id: str, secret: str, point: str, at: str = "") -> None:
    database = Database(url)
    die_at(database, point)

    @asynccontextmanager
    async def connect() -> AsyncIterator[LinePort]:
        async with line_client(Credentials(channel_id, secret), origin) as client:
            yield DeadlyLine(client, point)

    freezer = NoticeFreezer() if at else PlainFreezer()
    clock = FixedClock(datetime.fromisoformat(at)) if at else SystemClock()
    Worker(database, connect, freezer, clock, PACE).run(drain=point != "at work")


if __name__ == "__main__":
    main(*sys.argv[1:])

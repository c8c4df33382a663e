"""What the tests of sending share: people with phones, a clock in the hand, LINE on loopback or made of answers."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from bot.line_client import Credentials, LineClient, line_client
from domain.organisation import UnitLevel
from domain.quota import Quota
from domain.roles import Role
from scheduler.freezing import Freezer
from scheduler.gate import Gate
from scheduler.line_port import Answer, LinePort, Reply
from scheduler.sender import Pace, Sender
from simulator import app as simulated
from simulator.line.people import Person as Phone
from simulator.line.platform import Platform
from simulator.server import serve
from simulator.settings import Settings
from storage.database import Database
from storage.outbox import NewMessage, Priority, enqueue
from storage.tables import OutboxMessage, Person, RoleAssignment, Unit
from storage.tables.messaging import NoticeKind, OutboxState
from tests.plain_freezer import PlainFreezer

CHANNEL = Credentials(channel_id="1234567890", channel_secret="0123456789abcdef0123456789abcdef")
PUSH = "/v2/bot/message/push"
MORNING = datetime(2023, 3, 20, 1, 30, tzinfo=UTC)
"""08:30 in Bangkok on the last day of a window: business time of the tests; real time is years later."""

OK = Answer(200, "", "request-1")
"""LINE's success of a push."""
SWIFT = Pace(idle_seconds=0.01, patience=timedelta(0))


@dataclass
class HandClock:
    """Two clocks that move only when told."""

    business: datetime = MORNING
    real: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.business

    def real_now(self) -> datetime:
        return self.real

    def advance(self, **passed: float) -> None:
        self.real += timedelta(
            **passed
        )  # first: nobody who reads between the two may find a new day on which nothing is late
        self.business += timedelta(**passed)


class ScriptedLine:
    """A LINE that answers pushes and multicasts one after the other from a list, and the last answer for ever."""

    def __init__(self, *replies: Reply | Exception, quota: Quota | Reply = Answer(500)) -> None:  # noqa: B008 - frozen
        self.replies = list(replies)
        self.found = quota
        self.pushes: list[tuple[str, str, str]] = []
        self.multicasts: list[tuple[list[str], str, str]] = []
        self.quota_asked = 0

    async def push(self, recipient: str, body: str, retry_key: str) -> Reply:
        self.pushes.append((recipient, body, retry_key))
        return self._next()

    async def multicast(self, recipients: Sequence[str], body: str, retry_key: str) -> Reply:
        self.multicasts.append((list(recipients), body, retry_key))
        return self._next()

    def _next(self) -> Reply:
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, Exception):
            raise reply
        return reply

    async def quota(self) -> Quota | Reply:
        self.quota_asked += 1
        return self.found


def line_id(number: int) -> str:
    return f"U{number:032x}"


def settle_people(database: Database, count: int, *, admins: int = 0) -> list[int]:
    """Add people with LINE, the last ``admins`` of them administrators; return their ids."""
    with database.write() as session:
        unit = Unit(code="U1", name="กรมการจัดหางาน", level=UnitLevel.AGENCY)
        people = [
            Person(code=f"P{number}", full_name=f"คนที่ {number}", line_user_id=line_id(number))
            for number in range(count)
        ]
        session.add_all([unit, *people])
        session.flush()
        for person in people[count - admins :]:
            session.add(RoleAssignment(person_id=person.id, unit_id=unit.id, role=Role.ADMIN))
        return [person.id for person in people]


def settle_person(database: Database) -> int:
    """Add one person with LINE and return the id."""
    return settle_people(database, 1)[0]


def change_person(database: Database, person: int, **fields: object) -> None:
    with database.write() as session:
        session.execute(update(Person).where(Person.id == person).values(**fields))


def message(person: int, key: str = "", **fields: Any) -> NewMessage:
    """Return a reminder that is due at once."""
    return NewMessage(
        **{
            "key": key or f"test:{person}",
            "kind": NoticeKind.REMINDER,
            "person_id": person,
            "not_before": MORNING,
            "priority": Priority.STATUTORY,
            **fields,
        }
    )


def queue(database: Database, *messages: NewMessage, now: datetime = MORNING) -> list[int]:
    with database.write() as session:
        return list(enqueue(session, messages, now).values())


def stored(database: Database) -> list[OutboxMessage]:
    """Return every message in the outbox, by id."""
    with database.read() as session:
        found = list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))
        session.expunge_all()
        return found


def states(database: Database) -> Counter[OutboxState]:
    return Counter(row.state for row in stored(database))


def drain(
    database: Database,
    line: LinePort,
    clock: HandClock,
    *,
    freezer: Freezer | None = None,
    pace: Pace = SWIFT,
) -> None:
    """Let a sender send all that is due."""

    async def work() -> None:
        sender = Sender(Gate(database, line, clock), freezer or PlainFreezer(), pace, jitter=lambda: 1.0)
        await asyncio.wait_for(sender.run(asyncio.Event(), drain=True), 60)

    asyncio.run(work())


class Line:
    """The simulator on loopback, with phones for the first people of `settle_people`."""

    def __init__(self, origin: str, app: Flask, phones: int) -> None:
        self.origin = origin
        self.platform: Platform = simulated.platform_of(app)
        self.logins = simulated.logins_of(app)
        self.phones = simulated.phones_of(app)
        self._control = app.test_client()
        for number in range(phones):
            self.platform.register(Phone(line_id(number), f"คนที่ {number}"))

    def fault(self, kind: str, path: str = PUSH, **fields: Any) -> None:
        answer = self._control.post("/sim/faults", json={"kind": kind, "path": path, **fields})
        assert answer.status_code == 201, answer.text

    def clear_faults(self) -> None:
        self._control.delete("/sim/faults")

    def set_quota(self, **fields: int | None) -> None:
        assert self._control.put("/sim/quota", json=fields).status_code == 200

    def received(self) -> Counter[str]:
        """Return how many messages arrived on each phone."""
        return Counter(delivery.chat_id for delivery in self.platform.deliveries())

    def pushes(self) -> list[int | None]:
        """Return the statuses that pushes were answered with, in order."""
        return [call.status for call in self.platform.calls() if call.path == PUSH]

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[LineClient]:
        async with line_client(CHANNEL, self.origin) as client:
            yield client


@contextmanager
def line_on_loopback(
    phones: int, access_token: str | None = None, elapsed: Callable[[], float] = time.monotonic
) -> Iterator[Line]:
    settings = Settings(CHANNEL.channel_id, CHANNEL.channel_secret, access_token)
    app = simulated.create_app(settings, elapsed=elapsed)
    with serve(app) as origin:
        yield Line(origin, app, phones)


def drain_to(database: Database, line: Line, clock: HandClock, *, freezer: Freezer | None = None) -> None:
    """Let a sender with the real adapter send all that is due to ``line``."""

    async def work() -> None:
        async with line.connect() as client:
            sender = Sender(Gate(database, client, clock), freezer or PlainFreezer(), SWIFT, jitter=lambda: 1.0)
            await asyncio.wait_for(sender.run(asyncio.Event(), drain=True), 60)

    asyncio.run(work())

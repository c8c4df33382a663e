"""Released circulars for the tests of sending them: many people, and a letter that only has to go out."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update

from domain.circulars.life import CircularState
from domain.organisation import UnitLevel
from domain.quota import Quota
from scheduler.gate import Gate
from scheduler.line_port import Answer, LinePort
from scheduler.multicasting import Multicaster
from scheduler.quota import remember_quota
from scheduler.sender import Pace
from storage.database import Database
from storage.tables import Circular, CircularBatch, CircularRecipient, OutboxMessage, Person, Unit
from storage.tables.messaging import NoticeKind, OutboxState
from tests.sending import MORNING, SWIFT, HandClock, Line, line_id

OK = Answer(200, "{}", "request-1")
"""LINE's success of a multicast."""
LETTER = '[{"type":"text","text":"ที่ รง ๐๒๑๔/ว ๓"}]'


def settle_many(database: Database, count: int, *, unlinked: Sequence[int] = ()) -> list[int]:
    """Add people in one unit, with LINE but for the ``unlinked`` (by number); return their ids, in order."""
    with database.write() as session:
        session.add(Unit(code="U1", name="กรมการจัดหางาน", level=UnitLevel.AGENCY))
        without = frozenset(unlinked)
        people = [
            {
                "code": f"P{number}",
                "full_name": f"คนที่ {number}",
                "line_user_id": None if number in without else line_id(number),
            }
            for number in range(count)
        ]
        session.execute(insert(Person), people)
        return list(session.scalars(select(Person.id).order_by(Person.id)))


def release(database: Database, people: Sequence[int], **fields: Any) -> int:
    """Let a circular be as its release leaves it, with these people (ids) due, and return its id."""
    with database.write() as session:
        unit = session.scalars(select(Unit.id)).first()
        circular = Circular(
            **{
                "maker_id": people[0],
                "state": CircularState.SCHEDULED,
                "body": LETTER,
                "letter_no": "รง 0214/ว 3",
                "created_at": MORNING,
                "changed_at": MORNING,
                "released_at": MORNING,
                "not_before": MORNING,
                **fields,
            }
        )
        session.add(circular)
        session.flush()
        rows = [{"circular_id": circular.id, "person_id": person, "unit_id": unit} for person in people]
        session.execute(insert(CircularRecipient), [{**row, "state": OutboxState.DUE, "reason": ""} for row in rows])
        return circular.id


def circular_of(database: Database, circular: int) -> Circular:
    with database.read() as session:
        row = session.get_one(Circular, circular)
        session.expunge(row)
        return row


def ends(database: Database, circular: int) -> Counter[tuple[OutboxState, str]]:
    """Return how many recipients stand where, and why."""
    row = CircularRecipient
    with database.read() as session:
        query = select(row.state, row.reason).where(row.circular_id == circular)
        return Counter((state, reason) for state, reason in session.execute(query))


def recipient_states(database: Database, circular: int) -> Counter[OutboxState]:
    counted = Counter[OutboxState]()
    for (state, _), number in ends(database, circular).items():
        counted[state] += number
    return counted


def batches_of(database: Database, circular: int) -> list[CircularBatch]:
    with database.read() as session:
        query = select(CircularBatch).filter_by(circular_id=circular).order_by(CircularBatch.id)
        found = list(session.scalars(query))
        session.expunge_all()
        return found


def multicast(database: Database, line: LinePort, clock: HandClock, pace: Pace = SWIFT) -> None:
    """Let a multicaster send all that is due."""

    async def work() -> None:
        caster = Multicaster(Gate(database, line, clock), pace, jitter=lambda: 1.0)
        await asyncio.wait_for(caster.run(asyncio.Event(), drain=True), 60)

    asyncio.run(work())


def multicast_to(database: Database, line: Line, clock: HandClock) -> None:
    """Let a multicaster with the real adapter send all that is due to ``line``."""

    async def work() -> None:
        async with line.connect() as client:
            caster = Multicaster(Gate(database, client, clock), SWIFT, jitter=lambda: 1.0)
            await asyncio.wait_for(caster.run(asyncio.Event(), drain=True), 60)

    asyncio.run(work())


def change(database: Database, circular: int, **fields: object) -> None:
    with database.write() as session:
        session.execute(update(Circular).where(Circular.id == circular).values(**fields))


def news(database: Database) -> list[tuple[int, str]]:
    """Return to whom which news of circulars were queued."""
    with database.read() as session:
        query = select(OutboxMessage).filter_by(kind=NoticeKind.CIRCULAR_NEWS).order_by(OutboxMessage.id)
        return [(row.person_id, row.args["event"]) for row in session.scalars(query)]


def set_quota(database: Database, clock: HandClock, limit: int, used: int) -> Quota:
    """Let the bot know a quota; what a look-up would say is returned."""
    known = Quota(limit, used)
    with database.write() as session:
        remember_quota(session, known, clock.real)
    return known

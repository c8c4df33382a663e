"""What a circular costs: the preview of a country's recipients, the release, and the batches in which it goes out.

Recipients are made up; LINE is a sink on loopback, a process of its own that answers at once, so nearly all of the time
is ours. Everything is done as in production: names, reachability and quota are looked up, recipients named, batches
formed, claimed, sent and marked, with a log line each.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import structlog
from sqlalchemy import func, select, update

from bot.clock import FixedClock
from bot.line_client import Credentials, line_client
from bot.memory import collect_less_often
from domain.circulars.audience import Audience
from domain.circulars.letters import Letter
from domain.quota import Quota
from domain.roles import Role
from handlers.circulars.letter import letter_body
from scheduler.gate import Gate
from scheduler.line_port import Reply
from scheduler.multicasting import Multicaster
from scheduler.quota import remember_quota
from storage.circulars import drafts, releasing
from storage.circulars.people import Reachable, reachable
from storage.database import Database
from storage.outbox_claims import Now
from storage.reference import Reference, load_reference
from storage.schema import upgrade
from storage.submissions.actor import Actor, Channel
from storage.tables import CircularRecipient, Person
from storage.tables.messaging import OutboxState
from tests.performance.bench_sender import TOKEN, answer_of, child
from tests.performance.country import COUNTRY, Country, Size
from tests.performance.databases import postgres_url, sqlite_url

AT = datetime(2023, 4, 28, 1, 30, tzinfo=UTC)
TODAY = date(2023, 4, 28)
PREVIEW_LIMIT = 0.3
SENDING_LIMITS = {10_000: 5.0, 100_000: 20.0}
SIXTY_THOUSAND = replace(COUNTRY, projects_each=0)
TEN_THOUSAND = Size(ministries=1, agencies_each=98, divisions_each=50, projects_each=0)
HUNDRED_THOUSAND = Size(ministries=10, agencies_each=98, divisions_each=50, projects_each=0)
EVERYBODY = Audience(everyone=True, without_roles=frozenset({Role.ADMIN}))
PREVIEWS = 9
SHARE_UNREACHABLE = 33
"""Every so manieth person of the preview has no LINE."""


def run() -> None:
    """Print every figure beside its limit."""
    collect_less_often()
    for name, database in (("SQLite", sqlite_url), ("PostgreSQL", postgres_url)):
        with database() as url:
            preview(name, url)
    with child("sink") as sink:
        origin = f"http://127.0.0.1:{answer_of(sink)}"
        for name, database, size in (
            ("SQLite", sqlite_url, TEN_THOUSAND),
            ("PostgreSQL", postgres_url, TEN_THOUSAND),
            ("PostgreSQL", postgres_url, HUNDRED_THOUSAND),
        ):
            with database() as url:
                sending(name, url, origin, size)


def preview(name: str, url: str) -> None:
    """Measure who is named and can be reached, and what it costs, when somebody looks at a circular to everybody."""
    database = built(url, SIXTY_THOUSAND)
    with database.write() as session:
        session.execute(update(Person).where(Person.id % SHARE_UNREACHABLE == 0).values(line_user_id=None))
        remember_quota(session, Quota(200_000, 1_000), AT)
    by = maker(database)
    with database.read() as session:
        reference = load_reference(session, TODAY)
    taken, found = zip(*(looked_at(database, reference, by) for _ in range(PREVIEWS)), strict=True)
    database.dispose()
    print(
        f"{name}: preview at {len(found[0].people):,} people, {found[0].count:,} of them reachable: median "
        f"{statistics.median(taken) * 1000:.0f} ms, slowest {max(taken) * 1000:.0f} ms "
        f"{against(max(taken), PREVIEW_LIMIT)}",
        flush=True,
    )


def looked_at(database: Database, reference: Reference, by: Actor) -> tuple[float, Reachable]:
    """Return how many seconds a preview takes, and what it says."""
    started = time.perf_counter()
    with database.read() as session:
        found = reachable(session, reference, by.code, EVERYBODY)
        _ = found.count
    return time.perf_counter() - started, found


def sending(name: str, url: str, origin: str, size: Size) -> None:
    """Measure release and sending of a circular to everybody."""
    database = built(url, size)
    by, at = maker(database), Now(AT, datetime.now(UTC))
    with database.read() as session:
        reference = load_reference(session, TODAY)
    with database.write() as session:
        letter = Letter(letter_no="รง ๐๒๑๔/ว ๓", letter_date=TODAY, subject="การรายงานผล", text="ขอให้รายงาน " * 50)
        draft = drafts.begin(session, reference, by, letter, EVERYBODY, at)
        body = letter_body(session, reference, draft, AT)
    started = time.perf_counter()
    with database.write() as session:
        released = releasing.release(session, reference, by, draft.circular_id, draft.version, body, at)
    releasing_took = time.perf_counter() - started
    with tempfile.TemporaryFile("w") as log:
        written = structlog.WriteLoggerFactory(log)
        structlog.configure(processors=[structlog.processors.JSONRenderer()], logger_factory=written)
        started = time.perf_counter()
        calls = asyncio.run(send_all(database, origin))
        sending_took = time.perf_counter() - started
        structlog.reset_defaults()
    with database.read() as session:
        sent = session.scalar(select(func.count()).where(CircularRecipient.state == OutboxState.SENT))
    database.dispose()
    assert sent == sum(calls) == released.recipients
    took = releasing_took + sending_took
    print(
        f"{name}: a circular to {sent:,} people: {len(calls)} multicast calls, released in {releasing_took:.1f} s, "
        f"sent in {sending_took:.1f} s, together {took:.1f} s "
        f"{against(took, SENDING_LIMITS[released.recipients])}",
        flush=True,
    )


async def send_all(database: Database, origin: str) -> list[int]:
    """Send what is due and return the sizes of the batches."""
    sizes: list[int] = []
    async with line_client(Credentials(access_token=TOKEN), origin) as client:
        multicast = client.multicast

        async def counted(recipients: Sequence[str], body: str, retry_key: str) -> Reply:
            sizes.append(len(recipients))
            return await multicast(recipients, body, retry_key)

        client.multicast = counted  # type: ignore[method-assign]
        await Multicaster(Gate(database, client, FixedClock(AT))).run(asyncio.Event(), drain=True)
    return sizes


def built(url: str, size: Size) -> Database:
    """Return a database with a country of this size and an administrator beside."""
    upgrade(url)
    database = Database(url)
    Country(size, with_money=True).build(database)
    return database


def maker(database: Database) -> Actor:
    """Return the administrator, who is the first of a country."""
    with database.read() as session:
        person_id, code = session.execute(select(Person.id, Person.code).order_by(Person.id).limit(1)).one()
    return Actor(code, person_id, Channel.PAGE)


def against(taken: float, limit: float) -> str:
    """Return how a figure stands to its limit: «= 0.40 × the limit», or by how much it misses it."""
    missed = f", missed by {(taken - limit) * 1000:.0f} ms" if taken > limit else ""
    return f"= {taken / limit:.2f} × the limit of {limit:g} s{missed}"

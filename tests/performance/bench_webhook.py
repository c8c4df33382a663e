"""Webhooks: how many a second are accepted, beside the SDK's own echo bot, and how soon they are answered.

Both run under the same gunicorn settings against the same LINE on loopback. The echo bot keeps nothing; ours has each
event on disk before it says 200, and answers from the database. The load comes from this machine's cores, too.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import func, select

from bot.demo.line import free_port
from bot.supervisor import bot_command
from storage.database import Database
from storage.schema import upgrade
from storage.tables import InboxEvent, Person, RoleAssignment
from tests.bot_process import fetch
from tests.office import fill
from tests.performance.databases import postgres_url, sqlite_url
from tests.performance.webhook_load import SECRET, Load, Talk, flood, sink, steady
from tests.processes import child_environment

CONNECTIONS = 32
FLOOD_SECONDS = 5.0
STEADY_SECONDS = 10.0
PEOPLE = 2_000
AT = "2023-03-20T08:30:00+07:00"
ACCEPT_P99, REPLY_P99 = 0.100, 0.300
SENTENCES = (
    "ไตรมาสนี้โครงการไหนยังไม่รายงานบ้างครับ",
    "สวัสดีค่ะ",
    "เมนู",
    "โครงการของฉัน",
    "กำหนดส่งไตรมาสนี้วันไหน",
)


def run() -> None:
    """Print the figures of both databases."""
    for name, database in (("SQLite", sqlite_url), ("PostgreSQL", postgres_url)):
        with database() as url:
            upgrade(url)
            accounts = settle(url)
            asyncio.run(measure(name, url, accounts))


def settle(url: str) -> Sequence[str]:
    """Fill the sample ministry with officers enough that nobody writes too fast; return their LINE ids."""
    fill(url)
    database = Database(url)
    with database.write() as session:
        found = (
            select(RoleAssignment).join(Person, Person.id == RoleAssignment.person_id).where(Person.code == "P00017")
        )
        officer = session.scalars(found.limit(1)).one()
        people = [
            Person(code=f"L{number}", full_name=f"เจ้าหน้าที่ {number}", line_user_id=f"U{number + 10**9:032x}")
            for number in range(PEOPLE)
        ]
        session.add_all(people)
        session.flush()
        session.add_all(
            RoleAssignment(person_id=person.id, unit_id=officer.unit_id, role=officer.role) for person in people
        )
        accounts = [str(person.line_user_id) for person in people]
    database.dispose()
    return accounts


async def measure(name: str, url: str, accounts: Sequence[str]) -> None:
    async with sink() as (origin, replies):
        theirs = await accept_rate(sdk(origin), Talk(free_port(), accounts, SENTENCES))
        load = Talk(free_port(), accounts, SENTENCES)
        with running(ours("serve", url, origin, load.port)):
            await alive(load.port)
            await steady(load, 20, 2)  # reference data and templates are loaded
            accepted, seconds = await flood(load, CONNECTIONS, FLOOD_SECONDS)
            with running(ours("worker", url, origin, load.port)):
                await emptied(url)
                at_100 = await steady(load, 100, STEADY_SECONDS)
                await emptied(url)
                at_50 = await steady(load, 50, STEADY_SECONDS)
                await emptied(url)
    rate = accepted / seconds
    print(
        f"{name}: accepts {rate:,.0f}/s, the SDK's echo bot {theirs:,.0f}/s: "
        f"{rate / theirs:.2f} × (limit 1.00) with {CONNECTIONS} connections"
    )
    accepting = percentile([done - at for at, done in at_100.values()], 99)
    print(f"{name}: 200 at 100 webhooks/s: p99 {accepting * 1000:.0f} ms = {accepting / ACCEPT_P99:.2f} × the limit")
    replying = percentile([replies.at[token] - at for token, (at, _) in at_50.items()], 99)
    print(
        f"{name}: webhook in to reply call out at 50 events/s: p99 {replying * 1000:.0f} ms "
        f"= {replying / REPLY_P99:.2f} × the limit; {replies.twice} answered twice"
    )


async def accept_rate(command: tuple[Sequence[str], Mapping[str, str]], load: Load) -> float:
    words, variables = command
    with running(([*words, str(load.port), SECRET, variables["LINE"]], variables)):
        await alive(load.port)
        await flood(load, CONNECTIONS, 1.0)
        accepted, seconds = await flood(load, CONNECTIONS, FLOOD_SECONDS)
    return accepted / seconds


def sdk(origin: str) -> tuple[Sequence[str], Mapping[str, str]]:
    script = Path(__file__).with_name("sdk_echo.py")
    return [sys.executable, str(script)], child_environment(LINE=origin)


def ours(
    process: str, url: str, origin: str, port: int, at: str = AT, **more: str
) -> tuple[Sequence[str], Mapping[str, str]]:
    return bot_command(process), child_environment(
        DATABASE_URL=url,
        BOT_NOW=at,
        LINE_API_BASE=origin,
        LINE_CHANNEL_SECRET=SECRET,
        LINE_CHANNEL_ACCESS_TOKEN="token",
        PORT=str(port),
        LOG_FORMAT="json",
        **more,
    )


@contextmanager
def running(command: tuple[Sequence[str], Mapping[str, str]]) -> Iterator[None]:
    """Run a process, its log thrown away, and end it."""
    words, variables = command
    with subprocess.Popen(words, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(30)
            process.kill()


async def alive(port: int) -> None:
    until = time.monotonic() + 30
    while (await asyncio.to_thread(fetch, f"http://127.0.0.1:{port}/callback"))[0] != 405:
        assert time.monotonic() < until, "the web server does not start"
        await asyncio.sleep(0.1)


async def emptied(url: str) -> None:
    """Wait until nothing in the inbox is unfinished."""
    until = time.monotonic() + 120
    while await asyncio.to_thread(unfinished, url):
        assert time.monotonic() < until, "events are left"
        await asyncio.sleep(0.5)


def unfinished(url: str) -> int:
    database = Database(url)
    with database.read() as session:
        found = session.scalar(select(func.count()).where(InboxEvent.finished_at.is_(None))) or 0
    database.dispose()
    return found


def percentile(values: Sequence[float], percent: int) -> float:
    return sorted(values)[max(0, len(values) * percent // 100 - 1)]


if __name__ == "__main__":
    run()

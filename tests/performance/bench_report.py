"""How quickly officers write their reports in a whole country: the page at its first look, and the saving of drafts.

The web process runs as in an office; fifty officers open their links, read the page and type, each for oneself.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from urllib.parse import urljoin

import aiohttp
from pydantic import SecretStr
from sqlalchemy import select, update

from bot.clock import FixedClock
from bot.demo.line import free_port
from bot.pages.links import links_of
from bot.settings import Settings
from domain.fiscal import Quarter
from domain.roles import Role
from domain.submissions import SubmissionKind
from handlers.conversation import Page
from handlers.report_pages import CODE, QUARTER, YEAR
from storage import tables
from storage.database import Database
from storage.tables.projects import LinkKind
from tests.performance.bench_decisions import against, build
from tests.performance.bench_webhook import alive, ours, percentile, running
from tests.performance.country import LAST_DAY
from tests.performance.databases import postgres_url, sqlite_url
from tests.performance.webhook_load import sink

OFFICERS, WARM_UP_SECONDS, SECONDS, PAUSE_SECONDS = 50, 4.0, 20.0, 2.0
ACTIVITIES, LINKS = 6, 2
RENDER_LIMIT, SAVE_P95, PAGE_LIMIT = 0.200, 0.100, 60_000
REPORTED = Quarter(2566, 2)
KEY = "k" * 40
_FORM_KEY = re.compile(r'name="form_key"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="form_key"')
_ASSET = re.compile(r'(?:href|src)="(/w/[^"]+\.(?:css|js)\?v=\w+)"')
_WORDS = "จัดอบรมแล้ว 12 รุ่น มีผู้เข้าร่วม 480 คน ผ่านการทดสอบร้อยละ 82 "


@dataclass
class Officer:
    """Somebody at a phone with one report open."""

    browser: aiohttp.ClientSession
    link: str
    address: str = ""
    form_key: str = ""
    text: str = ""
    saves: list[float] = field(default_factory=list)

    async def opens(self) -> None:
        """Open the link that the chat gave."""
        async with self.browser.post(self.link, allow_redirects=False) as answer:
            assert answer.status == 303, answer.status
            self.address = urljoin(self.link, answer.headers["Location"]).partition("#")[0]

    async def looks(self) -> tuple[float, bytes]:
        """Return how long the page took, and the page."""
        started = time.perf_counter()
        async with self.browser.get(self.address) as answer:
            page = await answer.read()
            assert answer.status == 200, answer.status
        taken = time.perf_counter() - started
        found = _FORM_KEY.search(page.decode())
        assert found
        self.form_key = found[1] or found[2]
        return taken, page

    async def types(self) -> None:
        """Type some more words into the summary, and wait until they are saved."""
        base, self.text = self.text, (self.text + _WORDS)[-1_500:].strip()
        edits = {"edits": [{"field": "summary", "base": base, "value": self.text}]}
        started = time.perf_counter()
        headers = {"X-Form-Key": self.form_key}
        async with self.browser.post(f"{self.address}/fields", json=edits, headers=headers) as answer:
            said = await answer.json()
        self.saves.append(time.perf_counter() - started)
        assert said["fields"]["summary"]["outcome"] == "saved", said


def run() -> None:
    """Print the figures of both databases."""
    for name, backend in (("SQLite", sqlite_url), ("PostgreSQL", postgres_url)):
        with backend() as url:
            build(name, url)
            asyncio.run(measure(name, url))


async def measure(name: str, url: str) -> None:
    """Let officers open their reports and type, and print how long it took."""
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    links = await asyncio.to_thread(links_of_officers, url, origin)
    async with sink() as (line, _):
        process = ours("serve", url, line, port, LAST_DAY.isoformat(), PUBLIC_URL=origin, SECRET_KEY=KEY)
        with running(process):
            await alive(port)
            officers = [Officer(_browser(), link) for link in links]
            try:
                for officer in officers:  # also loads each process's reference data
                    await officer.opens()
                    await officer.looks()
                looks = [await officer.looks() for officer in officers]
                await all_type(officers, WARM_UP_SECONDS)  # connections are made, and statements planned
                begun = [officer.saves[0] for officer in officers if officer.saves]
                for officer in officers:
                    officer.saves.clear()
                await all_type(officers, SECONDS)
                wire = await bytes_of(officers[0], origin)
            finally:
                for officer in officers:
                    await officer.browser.close()
    tell(name, [taken for taken, _ in looks], begun, [taken for one in officers for taken in one.saves], wire)


def tell(name: str, looks: Sequence[float], begun: Sequence[float], saves: Sequence[float], wire: int) -> None:
    """Print the figures beside their limits."""
    pace = f"{OFFICERS} officers typing, {len(saves) / SECONDS:.0f} a second"
    for what, taken, limit in (
        ("page, one at a time", looks, RENDER_LIMIT),
        (f"saving, {pace}", saves, SAVE_P95),
        ("the first word, which begins a draft, all within seconds of a start", begun, SAVE_P95),
    ):
        p50, p95 = percentile(taken, 50), percentile(taken, 95)
        print(f"{name}: {what}: p50 {p50 * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms {against(p95, limit)}", flush=True)
    share = wire / PAGE_LIMIT
    print(f"{name}: page with style and script: {wire:,} bytes = {share:.2f} × the limit of {PAGE_LIMIT:,}", flush=True)


def _browser() -> aiohttp.ClientSession:
    """Return somebody's browser; a phone that pauses has to connect anew."""
    return aiohttp.ClientSession(
        cookie_jar=aiohttp.CookieJar(unsafe=True), connector=aiohttp.TCPConnector(force_close=True)
    )


async def all_type(officers: Sequence[Officer], seconds: float) -> None:
    """Let everybody type for some time."""
    until = time.perf_counter() + seconds
    await asyncio.gather(*(keeps_typing(officer, until) for officer in officers))


async def keeps_typing(officer: Officer, until: float) -> None:
    """Type, pause, and type again."""
    random = Random(officer.link)
    await asyncio.sleep(random.uniform(0, PAUSE_SECONDS))
    while time.perf_counter() < until:
        await officer.types()
        await asyncio.sleep(random.uniform(0.5 * PAUSE_SECONDS, 1.5 * PAUSE_SECONDS))


async def bytes_of(officer: Officer, origin: str) -> int:
    """Return how many bytes the page and what it loads are, as they go over the wire."""
    _, page = await officer.looks()
    addresses = [officer.address, *(urljoin(origin, path) for path in sorted(set(_ASSET.findall(page.decode()))))]
    total = 0
    for address in addresses:
        async with officer.browser.get(address) as answer:
            total += int(answer.headers["Content-Length"])
    return total


def links_of_officers(url: str, origin: str) -> Sequence[str]:
    """Return links to reports that nobody has begun, all over the country; the projects get activities and plans."""
    database = Database(url)
    row = tables.Project
    begun = select(tables.Submission.project_id).where(
        tables.Submission.kind == SubmissionKind.QUARTER_REPORT,
        tables.Submission.fiscal_year == REPORTED.fiscal_year,
        tables.Submission.quarter == REPORTED.number,
    )
    query = (
        select(row.id, row.code, tables.Person.code)
        .join(tables.RoleAssignment, tables.RoleAssignment.unit_id == row.unit_id)
        .join(tables.Person, tables.Person.id == tables.RoleAssignment.person_id)
        .where(tables.RoleAssignment.role == Role.PROJECT_OFFICER, row.official_version > 0, row.uses_budget.is_(True))
        .where(row.start_month <= REPORTED.first_day, row.end_month >= REPORTED.last_day, row.id.not_in(begun))
        .where(row.id % 101 == 0)
    )
    with database.write() as session:
        found = Random(2566).sample(session.execute(query).all(), OFFICERS)
        linked = update(tables.Person).where(tables.Person.code.in_([person for _, _, person in found]))
        session.execute(linked.values(linked_at=datetime.now(UTC)))
        for project, _, _ in found:
            session.add_all(
                tables.Activity(project_id=project, name=f"กิจกรรมที่ {number}", in_q2=True)
                for number in range(1, ACTIVITIES + 1)
            )
            session.add_all(
                tables.ProjectLink(project_id=project, kind=LinkKind.NESD_PLAN, name=f"หมุดหมายที่ {number}")
                for number in range(1, LINKS + 1)
            )
    settings, clock = Settings(public_url=origin, secret_key=SecretStr(KEY)), FixedClock(LAST_DAY)
    links = links_of(settings, database, clock)
    about = {YEAR: str(REPORTED.fiscal_year), QUARTER: str(REPORTED.number)}
    made = [links.page(Page.REPORT, {CODE: code, **about}, person) for _, code, person in found]
    database.dispose()
    return [link for link in made if link is not None]


if __name__ == "__main__":
    run()

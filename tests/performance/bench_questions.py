"""How long answers take over a whole country: understanding, database and card, through the same door as the webhook.

Each question is asked in a session of its own, as each event is. A database is built once for each backend.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import quantiles

from bot.handling import NO_PAGES
from bot.memory import collect_less_often
from domain.reminders import BANGKOK
from domain.roles import Role
from handlers.conversation import Answer, Request, Said
from handlers.dispatch import turn_of
from storage.database import Database
from storage.queries.readers import people_reading
from storage.reference import ReferenceBook
from storage.report_counts import recount
from storage.schema import upgrade
from tests.performance.country import COUNTRY, LAST_DAY, Country
from tests.performance.databases import postgres_url, sqlite_url

LIMIT, COUNTRY_LIMIT, COUNTRY_SEARCH_LIMIT = 50, 100, 500
"""Milliseconds, 95th percentile."""
TIMES, WARM_UP = 40, 3

OFFICER, APPROVER, SECRETARY, COORDINATOR, ADMIN = "officer", "approver", "secretary", "coordinator", "admin"
EVERYBODY = (OFFICER, APPROVER, SECRETARY, COORDINATOR)


@dataclass(frozen=True, slots=True)
class Question:
    """Sentences that are asked in turn by each of ``askers``, and how many milliseconds they may take."""

    name: str
    sentences: Sequence[str]
    askers: Sequence[str] = EVERYBODY
    limit: int = LIMIT


QUESTIONS = (
    Question("unreported", ["ไตรมาสนี้โครงการไหนยังไม่รายงานบ้างครับ"]),
    Question("overdue", ["โครงการที่เลยกำหนดแล้วมีอะไรบ้าง"]),
    Question("my projects", ["โครงการของฉันมีอะไรบ้าง"]),
    Question("one project", ["โครงการ กข {unit:05}-66-0001 ถึงขั้นไหนแล้ว", "กข{unit:05}-66-0003 ผ่านหรือยัง"]),
    Question(
        "name search",
        [
            "สถานะโครงการศูนย์เด็กเล็กแบบมีส่วนร่วม",
            "สถานะโครงการตรวจแรงงานประมงทเล",
            "โครงการเกษตรอินทรี EEC ถึงไหนแล้ว",
            "สถานะโครงการ ลุ่มน้ำเจ้าพระยา ป่าชายเลน",
            "สถานะโครงการดาวเทียมสำรวจมหาสมุทร",
        ],
    ),
    Question("pending", ["มีเรื่องรออนุมัติกี่เรื่อง"]),
    Question("disbursement", ["เบิกจ่ายไตรมาส 1 กี่เปอร์เซ็นต์แล้ว"]),
    Question("below plan", ["โครงการไหนเบิกจ่ายต่ำกว่าแผนบ้าง Q1"]),
    Question("report history", ["ขอดูรายงานย้อนหลังของโครงการ กข {unit:05}-66-0002"]),
    Question("past reports", ["ไตรมาสก่อน ๆ เรารายงานว่าอะไรไปบ้าง"]),
    Question("deadline", ["ไตรมาส 2 ส่งได้ถึงวันไหนครับ"]),
    Question("calendar", ["ขอปฏิทิน eMENSCR ปี 2566 ทั้งปี"]),
    Question("summary", ["สรุปภาพรวมกระทรวงให้หน่อย"]),
    Question("summary of the country", ["สรุปภาพรวมให้หน่อย"], [ADMIN], COUNTRY_LIMIT),
    Question("unreported in the country", ["ไตรมาสนี้ใครยังไม่รายงานบ้าง"], [ADMIN], COUNTRY_LIMIT),
    Question("overdue in the country", ["โครงการที่เลยกำหนดแล้วมีอะไรบ้าง"], [ADMIN], COUNTRY_LIMIT),
    Question("projects of the country", ["โครงการของฉันมีอะไรบ้าง"], [ADMIN], COUNTRY_LIMIT),
    Question("disbursement in the country", ["เบิกจ่ายไตรมาส 1 กี่เปอร์เซ็นต์แล้ว"], [ADMIN], COUNTRY_LIMIT),
    Question("one project of the country", ["โครงการ กข {unit:05}-66-0001 ถึงขั้นไหนแล้ว"], [ADMIN], COUNTRY_LIMIT),
    Question(
        "name search in the country",
        ["สถานะโครงการศูนย์เด็กเล็กแบบมีส่วนร่วม", "สถานะโครงการตรวจแรงงานประมงทเล"],
        [ADMIN],
        COUNTRY_SEARCH_LIMIT,
    ),
)


def run() -> None:
    """Print the figures for both databases."""
    collect_less_often()
    for name, backend in (("SQLite", sqlite_url), ("PostgreSQL", postgres_url)):
        with backend() as url, _country(name, url) as asking:
            for question in QUESTIONS:
                for asker in question.askers:
                    asking.print_figures(question, asker)


class _Asking:
    """Asks as people do who see an office, an agency, a ministry or everything."""

    def __init__(self, backend: str, database: Database) -> None:
        self._backend, self._database = backend, database
        self._book = ReferenceBook()
        with database.read() as session:
            organisation = self._book.on(session, LAST_DAY.astimezone(BANGKOK).date()).rules.organisation
            self._unit = next(p.unit for p in organisation.posts if p.role is Role.PROJECT_OFFICER)
            route = organisation.route(self._unit)
            self._people: Mapping[str, str] = {
                OFFICER: organisation.holders(Role.PROJECT_OFFICER, self._unit)[0],
                APPROVER: organisation.approvers(self._unit, route[1].order)[0],
                SECRETARY: organisation.approvers(self._unit, route[-1].order)[0],
                COORDINATOR: organisation.coordinators(organisation.ministry_of(self._unit))[0],
                ADMIN: next(p.person for p in organisation.posts if p.role is Role.ADMIN),
            }
            self._unit_id = self._book.on(session, LAST_DAY.astimezone(BANGKOK).date()).unit_ids[self._unit]

    def print_figures(self, question: Question, asker: str) -> None:
        """Ask again and again, and print how long it took."""
        sentences = [sentence.format(unit=self._unit_id) for sentence in question.sentences]
        first = self._milliseconds(asker, sentences[0])
        for sentence in sentences * WARM_UP:
            self._milliseconds(asker, sentence)
        taken = [self._milliseconds(asker, sentences[number % len(sentences)]) for number in range(TIMES)]
        p95 = quantiles(taken, n=20)[-1]
        median = quantiles(taken, n=2)[0]
        print(
            f"{self._backend}: {question.name}, {asker}: median {median:.1f} ms, p95 {p95:.1f} ms "
            f"= {p95 / question.limit:.2f} × the limit of {question.limit} ms (the first time {first:.0f} ms)",
            flush=True,
        )

    def _milliseconds(self, asker: str, sentence: str) -> float:
        started = time.perf_counter()
        with self._database.read() as session:
            today = LAST_DAY.astimezone(BANGKOK).date()
            reference = self._book.on(session, today)
            person = people_reading(session, [self._people[asker]], today)[self._people[asker]]
            request = Request(session, reference, person, "", LAST_DAY, datetime.now(UTC), NO_PAGES)
            answer: Answer = turn_of(request, Said(sentence)).run(request)
            answer.body()
        return 1000 * (time.perf_counter() - started)


@contextmanager
def _country(name: str, url: str) -> Iterator[_Asking]:
    started = time.perf_counter()
    upgrade(url)
    database = Database(url)
    people = Country(COUNTRY, with_money=True).build(database)
    built = time.perf_counter()
    with database.write() as session:
        recount(session)
    print(
        f"{name}: {COUNTRY.projects:,} projects and {people:,} people written in {built - started:.0f} s, "
        f"counters and sums in {time.perf_counter() - built:.0f} s",
        flush=True,
    )
    try:
        yield _Asking(name, database)
    finally:
        database.dispose()


if __name__ == "__main__":
    run()

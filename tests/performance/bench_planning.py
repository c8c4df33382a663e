"""How long it takes to find out who must be told what, and to write the cards."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from bot.memory import collect_less_often
from handlers.readers import reader_of
from handlers.reminders import digest_message
from scheduler.reminders import due_reminders
from storage.database import Database
from storage.queries.readers import unit_names
from storage.schema import upgrade
from tests.performance.country import COUNTRY, LAST_DAY, ONE_OF_TWENTY, PILOT, Country, Size

LIMITS = {"the country": 20.0, "one ministry (pilot)": 0.1, "one ministry (a twentieth of the country)": 0.1}
_T = TypeVar("_T")


def run() -> None:
    """Print the figures; each size has a database of its own."""
    collect_less_often()
    for name, size in (
        ("one ministry (pilot)", PILOT),
        ("one ministry (a twentieth of the country)", ONE_OF_TWENTY),
        ("the country", COUNTRY),
    ):
        with tempfile.TemporaryDirectory() as folder:
            _measure(name, size, f"sqlite:///{folder}/bench.db")


def _measure(name: str, size: Size, url: str) -> None:
    upgrade(url)
    database = Database(url)
    people = Country(size).build(database)
    with database.read() as session:
        _warm_up(session)
        reminders, planning = _timed(lambda: due_reminders(session, LAST_DAY))
        names = unit_names(session)
        _, rendering = _timed(lambda: [digest_message(r.digest, reader_of(r.reader), names) for r in reminders])
    database.dispose()
    limit, total = LIMITS[name], planning + rendering
    print(
        f"{name}: {size.projects:,} projects, {people:,} people, {len(reminders):,} digests: "
        f"due and digests {planning:.2f} s = {planning / limit:.2f} × the limit of {limit:g} s; "
        f"every card written as well {total:.2f} s = {total / limit:.2f} ×"
    )


def _warm_up(session: Session) -> None:
    """Compile templates and queries, which a running clock has done long ago."""
    tiny = due_reminders(session, LAST_DAY)[:5]
    names = unit_names(session)
    for reminder in tiny:
        digest_message(reminder.digest, reader_of(reminder.reader), names)


def _timed(work: Callable[[], _T]) -> tuple[_T, float]:
    started = time.perf_counter()
    result = work()
    return result, time.perf_counter() - started


if __name__ == "__main__":
    run()

"""The fiscal year that business time stands in: reporting windows, holidays, and the reminders to come."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.orm import Session

from bot.supervisor import bot_command
from domain.fiscal import QUARTERS, Quarter, first_day_of_fiscal_year, fiscal_year_of
from domain.in_force import Rules
from domain.organisation import UnitLevel
from domain.reminders import BANGKOK
from domain.windows import Occasion, Stage, WindowKind
from storage import shared_state
from storage.database import Database
from storage.holidays import holiday_names
from storage.queries.rules import load_rules
from storage.shared_state import StateKey

SHOWN_AFTER = timedelta(days=31)
"""The last quarter is reported in the month after its year."""

_LOWEST_PRIORITY = 19
_WORKED_OUT_WITHIN = 300.0

_log = structlog.get_logger()

Counts = Mapping[str, int]
"""How many messages by day (ISO, C.E.)."""


class RehearsalEnded(Exception):
    """The process that worked it out was ended, with the one that asked."""


def rehearsed(database: Database, first: date, last: date) -> Counts:
    """Return how many reminders go out on each day, inclusive, if nobody acts; in a process that lets others go first.

    Raises:
        RehearsalEnded: a signal ended it.
        subprocess.SubprocessError: it failed, or takes far too long.
    """
    command = bot_command("rehearse", "--from", str(first), "--to", str(last), "--format", "json")
    environment = os.environ | {"DATABASE_URL": database.engine.url.render_as_string(hide_password=False)}
    with subprocess.Popen(  # noqa: S603 - our own command
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        atexit.register(process.kill)
        try:
            os.setpriority(os.PRIO_PROCESS, process.pid, _LOWEST_PRIORITY)
            document, _ = process.communicate(timeout=_WORKED_OUT_WITHIN)
        finally:
            atexit.unregister(process.kill)
            process.kill()
    if process.returncode < 0:
        raise RehearsalEnded
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Counter(message["at"][: len("2023-03-20")] for message in json.loads(document)["messages"])


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a rehearsal holds for: duties as of a version, days of a fiscal year from ``first`` on."""

    version: str | None
    first: date
    last: date

    def serves(self, later: _Asked) -> bool:
        """Tell whether it holds for later days, too: nobody acted meanwhile."""
        return (self.version, self.last) == (later.version, later.last) and self.first <= later.first


class Expected:
    """The reminders to come, worked out beside the requests that ask for them; the newest answer is kept."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._at_work = False
        self._known: tuple[_Asked, Counts] | None = None

    def of(self, version: str | None, first: date, last: date) -> Counts | None:
        """Return the counts of the days from ``first`` to ``last`` for a version of the plan; None: ask again soon."""
        asked = _Asked(version, first, last)
        with self._lock:
            if self._known is not None and self._known[0].serves(asked):
                return {day: count for day, count in self._known[1].items() if date.fromisoformat(day) >= first}
            if not self._at_work:
                self._at_work = True
                threading.Thread(target=self._work_out, args=(asked,), name="rehearsal", daemon=True).start()
        return None

    def _work_out(self, asked: _Asked) -> None:
        known: tuple[_Asked, Counts] | None = None
        try:
            known = asked, rehearsed(self._database, asked.first, asked.last)
        except RehearsalEnded:
            _log.info("rehearsal_ended")
        except (OSError, subprocess.SubprocessError, ValueError):
            _log.exception("year_not_rehearsed")
            known = asked, {}
        with self._lock:
            self._known, self._at_work = known or self._known, False


def described_year(database: Database, now: datetime, expected: Expected) -> Mapping[str, Any]:
    """Return the fiscal year of ``now`` as JSON; days are C.E., years B.E., ``reminders`` None while not yet known."""
    today = now.astimezone(BANGKOK).date()
    year = fiscal_year_of(today)
    first, last = first_day_of_fiscal_year(year), first_day_of_fiscal_year(year + 1) - timedelta(days=1)
    with database.read() as session:
        return {
            "fiscalYear": year,
            "firstDay": first.isoformat(),
            "lastDay": last.isoformat(),
            "windows": list(_windows(load_rules(session, today, with_people=False), year)),
            "holidays": [
                {"on": on.isoformat(), "name": name}
                for on, name in sorted(holiday_names(session, first, last + SHOWN_AFTER).items())
            ],
            "reminders": expected.of(_version(session), today, last + SHOWN_AFTER),
        }


def _version(session: Session) -> str | None:
    version: str | None = shared_state.get(session, StateKey.PLAN_VERSION)
    return version


def _windows(rules: Rules, year: int) -> Iterable[Mapping[str, Any]]:
    """Yield the windows of quarterly reports from the year's first day on, as most agencies have them."""
    agencies = [unit.code for unit in rules.organisation.units.values() if unit.level is UnitLevel.AGENCY]
    for quarter in (Quarter(year, 1).previous(), *(Quarter(year, number) for number in QUARTERS)):
        occasion = Occasion(WindowKind.QUARTER_REPORT, quarter.fiscal_year, quarter.number)
        found = (rules.window(occasion, rules.organisation.path(agency)) for agency in agencies)
        ranked = Counter(windows for windows in found if windows is not None).most_common(1)
        for windows, _ in ranked:
            for stage in (Stage.AGENCY, Stage.UPPER):
                span, opens = windows.of(stage), windows.starts_on(stage)
                if span is not None and span.closes_on >= first_day_of_fiscal_year(year):
                    yield {
                        "stage": stage.value,
                        "fiscalYear": quarter.fiscal_year,
                        "quarter": quarter.number,
                        "opens": opens.isoformat() if opens else None,
                        "closes": span.closes_on.isoformat(),
                    }

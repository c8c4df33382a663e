"""``make demo``: its sample ministry, and the whole of it running on this machine."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import urlopen

import pytest
from sqlalchemy import func, select

from bot.demo import MINISTRY, line_user_id, main
from domain.fiscal import YearBasis
from domain.invite_codes import code_in
from domain.organisation import UnitLevel
from storage import tables
from storage.queries.rules import load_rules
from tests.office import ROOT, Bot, bangkok, child_environment, python, texts, wait_for
from tests.unit.domain import labour
from tests.unit.domain.thai_dates import day, span

OFFICER, HEAD, DIRECTOR_GENERAL = "P017", "P016", "P014"
CLUSTER_HEAD, PERMANENT_SECRETARY, COORDINATOR = "P002", "P001", "P004"
CAST = {
    OFFICER: {"last_day"},
    HEAD: {"pending", "escalated"},
    DIRECTOR_GENERAL: {"pending"},
    CLUSTER_HEAD: {"pending"},
    PERMANENT_SECRETARY: {"pending"},
    COORDINATOR: {"escalated"},
}
START = """
from bot import demo
demo.STARTS_AT = demo.STARTS_AT.replace(minute=30)
demo.PORT = 0
demo.main()
"""
"""At half past eight already, so that the first tick of the clock has everything to do."""


@pytest.fixture
def bot(database_url: str) -> Iterator[Bot]:
    bot = Bot(database_url, at=bangkok("20 มี.ค. 66"))
    yield bot
    bot.database.dispose()


def test_the_sample_ministry_is_imported_without_a_fault_and_again_without_a_change(bot: Bot) -> None:
    first, again = bot.json("import", MINISTRY), bot.json("import", MINISTRY)
    for report in (first, again):
        assert report["errors"] == []
        assert [warning["file"] for warning in report["warnings"]] == ["README.md"]
    assert {(counts["updated"], counts["unchanged"]) for counts in first["files"].values()} == {(0, 0)}
    assert {(counts["added"], counts["updated"]) for counts in again["files"].values()} == {(0, 0)}
    with bot.database.read() as session:
        agencies = session.scalars(select(tables.Unit).where(tables.Unit.level == UnitLevel.AGENCY)).all()
        projects = session.scalar(select(func.count()).select_from(tables.Project))
        rules = load_rules(session, day("20 มี.ค. 66"))
    by_calendar_year = [a.short_name for a in agencies if a.year_basis is YearBasis.CALENDAR]
    assert (len(agencies), by_calendar_year, projects) == (5, ["สปส."], 60)
    for name, row in labour.ROAD_MAP.items():
        path = rules.organisation.path("รง06" if row.only else "รง03")
        windows = rules.window(row.occasion, path)
        assert windows is not None, name
        assert windows.agency == span(row.agency.span), name
        assert windows.upper == (span(row.upper.span) if row.upper else None), name


def test_on_the_demos_morning_every_role_of_the_cast_has_something(bot: Bot) -> None:
    bot.run("import", MINISTRY)
    told = bot.remind()
    assert {person: {topic["step"] for topic in told[person]["topics"]} for person in CAST} == CAST
    assert {topic["stage"] for topic in told[CLUSTER_HEAD]["topics"]} == {"UPPER"}
    assert "ไตรมาส 4/2565 (ต.ค.–ธ.ค. 65)" in told["P041"]["alt"]  # an officer of the agency with calendar years
    assert "P034" not in told  # her post ended; the acting director decides
    assert "P042" in told


def get(url: str) -> Any:
    with urlopen(url, timeout=5) as answer:
        return json.load(answer)


def children(pid: int) -> list[int]:
    """Return the processes that a process started and that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(parent) == pid and state != "Z":
            found.append(int(stat.parent.name))
    return found


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def demo() -> Iterator[subprocess.Popen[str]]:
    """Run the demo as its own process group, and leave nothing of it behind even when the test fails."""
    with TemporaryDirectory() as folder:
        process = subprocess.Popen(
            python("-c", START), cwd=ROOT, env=child_environment(TMPDIR=folder), stdout=subprocess.PIPE, text=True
        )
        try:
            yield process
        finally:
            left = children(process.pid)
            process.kill()
            for pid in left:
                os.kill(pid, signal.SIGKILL)
            process.communicate()


def test_the_demo_brings_everybodys_digest_to_the_phones_and_ctrl_c_ends_all_of_it() -> None:
    with demo() as process:
        assert process.stdout is not None
        where, _when, to_link = (process.stdout.readline() for _ in range(3))
        assert code_in(to_link) is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", where)
        assert found
        address = found[0]

        def arrived() -> bool:
            return all(get(f"{address}/sim/people/{line_user_id(person)}/messages") for person in CAST)

        wait_for(arrived, 20, "digests on the phones of the cast")
        for person in CAST:
            (delivery,) = get(f"{address}/sim/people/{line_user_id(person)}/messages")
            assert delivery["message"]["type"] == "flex"
            assert any("ไตรมาส 1/2566" in line for line in texts(delivery["message"]["contents"]))
            assert delivery["at"].startswith("2023-03-20T01:30")  # 08:30 in Bangkok
        with urlopen(address, timeout=5) as page:
            assert "ภู่ระหงษ์" in page.read().decode()
        started = children(process.pid)
        assert len(started) == 4, "simulator, web, worker and clock"
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=20)
        assert process.returncode == 0
        assert "ปิดระบบสาธิตแล้ว" in rest
        assert not any(runs(pid) for pid in started)


def test_a_demo_that_is_stopped_while_it_starts_leaves_nothing_running() -> None:
    with demo() as process:
        started = wait_for(lambda: children(process.pid), 10, "the first process of the demo")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
        assert process.returncode == 0
        assert not any(runs(pid) for pid in started)


def test_the_demo_does_not_run_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_ENV", "production")
    with pytest.raises(SystemExit, match="ระบบสาธิตใช้ไม่ได้เมื่อ APP_ENV=production"):
        main()

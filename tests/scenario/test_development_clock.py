"""What a developer may do to a running bot: move its clock, go back, look at the year; and who may not."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.request import Request, urlopen

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import select

from bot.app import create_app
from bot.clock import SystemClock, shared_clock
from bot.development.year import Expected, described_year
from bot.notices import NoticeFreezer
from bot.settings import Environment, Settings
from bot.webhook import MOST_BYTES
from domain.clock import Clock
from domain.submissions import SubmissionState
from scheduler.clock import ClockProcess, Ticker
from scheduler.worker import Worker
from simulator.server import serve
from simulator.webhooks.letters import letter, signature
from storage.database import Database
from storage.tables import Project, Submission
from storage.tables.messaging import OutboxState
from tests.development import post_signed
from tests.office import Bot, bangkok, labour, line_id_of
from tests.processes import wait_for
from tests.sending import CHANNEL, SWIFT, Line, line_on_loopback

__all__ = ("labour",)

EVENING = bangkok("17 มี.ค. 66", "17:00")
"""The Friday before the sample ministry's last day for quarter 1."""
MONDAY = bangkok("20 มี.ค. 66", "08:30")
OFFICER, PROJECT = "P00021", "รง 0302-66-0001"


@dataclass
class Moved:
    """A bot whose clock, sender and web process run, with phones on a simulator."""

    bot: Bot
    line: Line
    clock: Clock
    web: FlaskClient
    origin: str

    def asks(self, path: str, /, **body: Any) -> tuple[int, Any]:
        answer = post_signed(self.web, path, json.dumps(body).encode())
        return answer.status_code, answer.get_json(silent=True)

    def machine(self, path: str = "", **body: Any) -> Any:
        """Ask the simulator's time machine, as the page does."""
        raw = json.dumps(body).encode() if path else None
        request = Request(f"{self.line.origin}/sim/time{path}", raw, {"Content-Type": "application/json"})
        with urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def arrives(self) -> Mapping[str, Any]:
        wait_for(lambda: self.machine()["activity"] == "standing", 30, "the end of a journey")
        found: Mapping[str, Any] = self.machine()
        return found


SECRET = CHANNEL.channel_secret


def web_of(bot: Bot, clock: Clock, environment: Environment = Environment.DEVELOPMENT) -> Any:
    settings = Settings(app_env=Environment.DEVELOPMENT, line_channel_secret=SecretStr(SECRET))
    return create_app(settings.model_copy(update={"app_env": environment}), bot.database, clock)


@pytest.fixture
def moved(labour: Bot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Moved]:
    monkeypatch.setattr("bot.development.year.rehearsed", lambda *_: {})
    labour.at = EVENING
    clock = shared_clock(labour.database, EVENING)
    app = web_of(labour, clock)
    with ExitStack() as running, line_on_loopback(0) as line:
        labour.line = line
        labour.link(OFFICER)
        ticking = ClockProcess(Ticker(labour.database, clock), watch_seconds=0.02)
        pace = replace(SWIFT, idle_seconds=0.02)
        sending = Worker(labour.database, line.connect, NoticeFreezer(), clock, pace)
        for process in (ticking, sending):
            running.enter_context(in_thread(process.run, process.stop))
        origin = running.enter_context(serve(app))
        yield Moved(labour, line, clock, app.test_client(), origin)


@contextmanager
def in_thread(run: Callable[[], None], stop: Callable[[], None]) -> Iterator[None]:
    thread = threading.Thread(target=run)
    thread.start()
    yield
    stop()
    thread.join(20)
    assert not thread.is_alive()


def test_when_a_move_is_answered_the_real_clock_and_sender_have_done_what_was_due(moved: Moved) -> None:
    status, friday = moved.asks("clock")
    assert (status, friday["nextDue"]) == (200, MONDAY.isoformat())
    assert datetime.fromisoformat(friday["nextWorkingDay"]).date() == MONDAY.date()

    status, monday = moved.asks("clock", to=friday["nextDue"])

    assert (status, monday["settled"]) == (200, True)
    (digest,) = moved.bot.phone(OFFICER)
    assert "วันนี้เป็นวันสุดท้าย" in digest["altText"]
    assert moved.bot.states().keys() <= {OutboxState.SENT, OutboxState.SKIPPED}
    assert datetime.fromisoformat(monday["nextDue"]) > MONDAY
    assert timedelta(0) <= moved.clock.now() - MONDAY < timedelta(minutes=1)
    assert moved.asks("clock", to=friday["now"]) == (409, {"reason": "back_in_time"})


def test_a_move_tells_when_line_does_not_take_what_is_due(moved: Moved) -> None:
    moved.line.fault("server_error", count=None)
    status, monday = moved.asks("clock", to=MONDAY.isoformat(), patience=0.4)
    assert (status, monday["settled"]) == (200, False)
    assert moved.bot.phone(OFFICER) == []


def test_going_back_brings_back_the_phones_and_a_duty_that_was_done_is_owed_again(moved: Moved) -> None:
    moved.line.platform.webhook = f"{moved.origin}/callback"
    wait_for(lambda: reaches(moved), 20, "the time machine to find the bot")
    moved.machine("/moves", by="event")
    snapshots = moved.arrives()["snapshots"]
    assert len(moved.bot.phone(OFFICER)) == 1
    if not moved.bot.database.is_sqlite:
        assert (snapshots, moved.asks("snapshots", name="1")[0]) == ([], 409)
        return
    owed = report_of(moved.bot)
    moved.bot.report(PROJECT, SubmissionState.APPROVED)
    assert owed != report_of(moved.bot) == SubmissionState.APPROVED

    moved.machine("/restorations", snapshot=snapshots[0]["number"])

    assert moved.arrives()["trouble"] is None
    assert timedelta(0) <= moved.clock.now() - EVENING < timedelta(minutes=1)
    assert moved.bot.phone(OFFICER) == []
    assert report_of(moved.bot) == owed
    assert moved.bot.states() == {}
    moved.machine("/moves", by="event")
    moved.arrives()
    assert len(moved.bot.phone(OFFICER)) == 1, "the same happens again"
    assert moved.asks("restorations", name="nobody-s", to=EVENING.isoformat())[0] == 404


def reaches(moved: Moved) -> bool:
    with suppress(OSError):
        return bool(moved.machine())
    return False


def report_of(bot: Bot) -> SubmissionState | None:
    with bot.database.read() as session:
        reports = select(Submission.state).join(Project, Project.id == Submission.project_id)
        return session.scalar(reports.where(Project.code == PROJECT, Submission.quarter == 1))


def test_production_and_a_bot_in_real_time_have_no_such_endpoints(labour: Bot) -> None:
    shifted = shared_clock(labour.database, EVENING)
    real = SystemClock()
    for clock, environment in ((shifted, Environment.PRODUCTION), (real, Environment.DEVELOPMENT)):
        web = web_of(labour, clock, environment).test_client()
        for path in ("clock", "snapshots", "restorations", "year", "queues", "quota"):
            assert web.post(f"/dev/{path}", data=b"{}").status_code == 404


def test_only_what_the_channel_secret_signed_moves_the_clock_and_no_webhook_does(labour: Bot) -> None:
    clock = shared_clock(labour.database, EVENING)
    web = web_of(labour, clock).test_client()
    later = json.dumps({"to": MONDAY.isoformat()}).encode()
    forged = {"x-line-signature": signature("another-secret", later)}
    assert [web.post("/dev/clock", data=later, headers=headers).status_code for headers in ({}, forged)] == [403, 403]
    event = {"type": "message", "webhookEventId": "1", "to": MONDAY.isoformat()}
    webhook, headers = letter(SECRET, line_id_of(OFFICER), [event])
    for path in ("clock", "snapshots", "restorations", "year"):
        assert web.post(f"/dev/{path}", data=webhook, headers=headers).status_code == 400
    for body in ({"to": "tomorrow"}, {"to": "2023-03-20T08:30:00"}, {"patience": -1}, {"by": "hour"}):
        assert post_signed(web, "clock", json.dumps(body).encode()).status_code == 400
    assert clock.now() - EVENING < timedelta(minutes=1)


def test_no_move_leads_out_of_our_time_and_no_snapshot_out_of_its_folder(labour: Bot) -> None:
    clock = shared_clock(labour.database, EVENING)
    web: FlaskClient = web_of(labour, clock).test_client()

    def answer(path: str, body: bytes) -> int:
        return post_signed(web, path, body).status_code

    for to in ("2566-03-20T08:30:00+07:00", "9999-12-31T23:59:59+07:00", "0001-01-01T00:00:00+14:00"):
        assert answer("clock", json.dumps({"to": to}).encode()) == 400
        assert answer("restorations", json.dumps({"name": "1", "to": to}).encode()) == 400
    for name in ("../1", "a/../../b", "1/..", "1 2", "1\n", "A", "1" * 41):
        assert answer("snapshots", json.dumps({"name": name}).encode()) == 400
    assert answer("clock", b" " * (MOST_BYTES + 1)) == 413
    assert clock.now() - EVENING < timedelta(minutes=1)


def test_the_year_has_the_windows_of_most_agencies_holidays_by_name_and_the_reminders_to_come(
    labour: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[date, date]] = []
    known = threading.Event()

    def rehearsed(_: Database, first: date, last: date) -> Mapping[str, int]:
        asked.append((first, last))
        assert known.wait(20)
        return {"2023-03-17": 1, "2023-03-20": 7}

    monkeypatch.setattr("bot.development.year.rehearsed", rehearsed)
    expected = Expected(labour.database)
    year = described_year(labour.database, EVENING, expected)

    assert (year["fiscalYear"], year["firstDay"], year["lastDay"]) == (2566, "2022-10-01", "2023-09-30")
    spans = {(w["fiscalYear"], w["quarter"], w["stage"]): (w["opens"], w["closes"]) for w in year["windows"]}
    assert spans[2566, 1, "AGENCY"] == ("2023-03-07", "2023-03-20")
    assert spans[2566, 1, "UPPER"] == ("2023-03-21", "2023-03-31")
    assert spans[2566, 4, "AGENCY"][0].startswith("2023-10")
    assert {"on": "2023-04-13", "name": "วันสงกรานต์"} in year["holidays"]
    assert year["reminders"] is None, "they are worked out beside"
    known.set()
    wait_for(lambda: described_year(labour.database, EVENING, expected)["reminders"] is not None, 20, "the rehearsal")
    assert described_year(labour.database, MONDAY, expected)["reminders"] == {"2023-03-20": 7}
    assert asked == [(date(2023, 3, 17), date(2023, 10, 31))]
    labour.report(PROJECT, SubmissionState.PENDING_APPROVAL, step=1)
    assert described_year(labour.database, MONDAY, expected)["reminders"] is None, "somebody acted"

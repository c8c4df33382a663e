"""The web process: alive, ready or not and why, figures for Prometheus, and a clean end."""

import json
import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.app import create_app
from bot.demo.line import free_port
from bot.settings import Settings
from domain.circulars.life import CircularState
from storage import shared_state
from storage.database import Database
from storage.shared_state import StateKey
from tests.bot_process import ends_on, fetch, readiness, running_bot
from tests.multicasting import release
from tests.processes import children, wait_for
from tests.sending import MORNING, HandClock, message, queue, settle_people

SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def web(database: Database, clock: HandClock) -> FlaskClient:
    return create_app(Settings(), database, clock).test_client()


def tick(database: Database, at: datetime) -> None:
    with database.write() as session:
        shared_state.put(session, StateKey.LAST_TICK, {"at": at.isoformat()}, at)


def ask(web: FlaskClient, path: str = "/readyz") -> tuple[int, Any]:
    answer = web.get(path)
    return answer.status_code, answer.json


def test_it_is_ready_after_the_first_tick_and_not_when_the_clock_stops(
    web: FlaskClient, database: Database, clock: HandClock
) -> None:
    status, facts = ask(web)
    assert (status, facts["ready"], facts["last_tick_age_seconds"]) == (503, False, None)
    tick(database, clock.real)
    clock.advance(seconds=42)
    assert ask(web) == (200, {
        "ready": True, "database": True, "migrations": True, "clock_late": False, "sender_late": False,
        "sender_stopped": None, "last_tick_age_seconds": 42.0, "oldest_due_age_seconds": None,
    })  # fmt: skip
    clock.advance(minutes=5)
    status, facts = ask(web)
    assert (status, facts["clock_late"]) == (503, True)


def test_it_is_not_ready_when_messages_wait_too_long(web: FlaskClient, database: Database, clock: HandClock) -> None:
    queue(database, message(settle_people(database, 1)[0]))
    clock.advance(minutes=11)
    tick(database, clock.real)
    status, facts = ask(web)
    assert (status, facts["sender_late"], facts["oldest_due_age_seconds"]) == (503, True, 660.0)


def test_an_old_schema_is_told_from_a_database_that_is_away(web: FlaskClient, database: Database) -> None:
    with database.write() as session:
        session.execute(text("DROP TABLE alembic_version"))
    assert ask(web) == (503, {"ready": False, "database": True, "migrations": False})


@pytest.mark.parametrize("path", ("/readyz", "/metrics"))
def test_a_database_that_is_away_is_an_answer_without_its_address(clock: HandClock, path: str) -> None:
    away = Database("postgresql://u:s3cret@127.0.0.1:9/x")
    web = create_app(Settings(), away, clock).test_client()
    with capture_logs() as logs:
        answer = web.get(path)
    assert (answer.status_code, answer.json) == (503, {"ready": False, "database": False})
    assert web.get("/healthz").status_code == 200
    assert "s3cret" not in repr(logs) + answer.text


def test_prometheus_can_read_the_figures(web: FlaskClient, database: Database, clock: HandClock) -> None:
    people = settle_people(database, 3)
    queue(database, *(message(person) for person in people))
    release(database, people, state=CircularState.PAUSED)
    tick(database, clock.real)
    clock.advance(seconds=30)
    with database.write() as session:
        stop = {"reason": "quota", "since": MORNING.isoformat(), "probe_at": MORNING.isoformat()}
        shared_state.put(session, StateKey.SENDER_STOP, stop, clock.real)
    answer = web.get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert samples["emenscr_outbox_messages", "due"] == 3
    assert samples["emenscr_outbox_messages", "parked"] == 0
    assert (samples["emenscr_circular_waiting", "paused"], samples["emenscr_circular_waiting", "sending"]) == (3, 0)
    assert samples["emenscr_last_tick_age_seconds",] == samples["emenscr_oldest_due_age_seconds",] == 30
    assert samples["emenscr_sender_stopped",] == 1


def test_only_reading_is_allowed_and_other_paths_are_not_there(web: FlaskClient) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        assert web.head(path).status_code == web.get(path).status_code
        assert web.head(path).data == b""
        assert web.post(path).status_code == web.delete(path).status_code == 405
    assert web.get("/").status_code == 404


def connections(database: Database) -> int:
    with database.read() as session:
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        return int(session.scalar(text(query)) or 0)


def hears_signals(worker: int) -> bool:
    """Tell whether a worker has handlers of its own: its parent does not catch SIGABRT (proc(5), ``SigCgt``)."""
    facts = dict(line.split(":", 1) for line in Path(f"/proc/{worker}/status").read_text().splitlines())
    return bool(int(facts["SigCgt"], 16) >> (signal.SIGABRT - 1) & 1)


def test_the_web_process_serves_from_forks_with_connections_of_their_own(tmp_path: Path, postgres_url: str) -> None:
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    settings = {"DATABASE_URL": postgres_url, "PORT": str(port), "SECRET_KEY": SECRET, "LOG_FORMAT": "json"}
    database = Database(postgres_url)
    with running_bot(tmp_path, "serve", **settings) as web:
        wait_for(lambda: fetch(f"{origin}/healthz") == (200, '{"status":"alive"}\n'), 20, "it lives")
        wait_for(lambda: len(children(web.pid)) == 2, 20, "it has two workers")
        forks = children(web.pid)
        assert connections(database) <= len(forks)  # none from before the fork
        status, facts = readiness(origin)
        assert (status, facts["last_tick_age_seconds"]) == (503, None)
        tick(database, datetime.now(UTC))
        assert readiness(origin)[0] == 200
        tick(database, datetime.now(UTC) - timedelta(minutes=6))
        assert readiness(origin)[0] == 503
        assert fetch(f"{origin}/metrics")[0] == 200
        assert fetch(f"{origin}/healthz", "HEAD") == (200, "")
        assert fetch(f"{origin}/healthz", "POST")[0] == 405
        os.kill(forks[0], signal.SIGKILL)
        wait_for(lambda: len(set(children(web.pid)) - {forks[0]}) == 2, 20, "the killed worker is replaced")
        # one that is being born hears no signal yet, and gunicorn gives it half a minute
        wait_for(lambda: all(map(hears_signals, children(web.pid))), 20, "the new worker hears signals")
        assert ends_on(web, signal.SIGTERM, within=40) == 0
    database.dispose()
    log = (tmp_path / "log").read_text()
    assert SECRET not in log
    assert [json.loads(line)["level"] for line in log.splitlines()] == ["error"]  # the kill
    assert fetch(f"{origin}/healthz")[0] == 0

"""``emenscr-bot doctor``: a line for each thing that has to work, and the cure when it does not."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from storage import shared_state
from storage.database import Database
from storage.shared_state import StateKey
from tests.operator_at_shell import Operator, Said, at_office, operator
from tests.sending import CHANNEL, Line, line_on_loopback, message, queue, settle_people

__all__ = ["at_office", "operator"]


@pytest.fixture
def line() -> Iterator[Line]:
    with line_on_loopback(phones=5) as line:
        yield line


def findings(said: Said) -> dict[str, str]:
    """The lines of ``doctor``: ✓ or ✗ and the whole line by what was looked at."""
    lines = said.out.splitlines()
    assert all(re.match(r"(✓ [^:]+: .+|✗ [^:]+: .+ – แก้ไข: .+)$", line) for line in lines), lines
    return {line[2:].split(":")[0]: line for line in lines}


def marks(said: Said) -> str:
    return "".join(line[0] for line in said.out.splitlines())


@pytest.fixture
def patient(at_office: Operator, database: Database, line: Line) -> Operator:
    """A bot in good health."""
    line.platform.webhook = "https://bot.example.go.th/callback"
    at_office.sets(
        LINE_API_BASE=line.origin, LINE_CHANNEL_ID=CHANNEL.channel_id, LINE_CHANNEL_SECRET=CHANNEL.channel_secret,
        PUBLIC_URL="https://bot.example.go.th",
    )  # fmt: skip
    with database.write() as session:
        now = datetime.now(UTC)
        shared_state.put(session, StateKey.LAST_TICK, {"at": now.isoformat()}, now)
    return at_office


def test_the_doctor_finds_a_healthy_bot_healthy(patient: Operator) -> None:
    said = patient.types("doctor")
    assert (said.code, marks(said), said.err) == (0, "✓" * 9, "")
    assert CHANNEL.channel_secret not in said.out


def test_the_doctor_names_the_endpoint_of_the_liff_app(patient: Operator) -> None:
    patient.sets(LIFF_ID="2000000001-AbcdEfgh", LINE_LOGIN_CHANNEL_ID="2000000001")
    assert findings(patient.types("doctor"))["LIFF"].endswith("ต้องเป็น https://bot.example.go.th/w/l")
    patient.sets(PUBLIC_URL="")
    assert findings(patient.types("doctor"))["LIFF"].startswith("✗")


def test_the_doctor_finds_what_line_does_not_like(patient: Operator, line: Line) -> None:
    line.set_quota(limit=300, used=300)
    line.platform.webhook = "https://other.example.go.th/callback"
    said = patient.types("doctor")
    assert (said.code, marks(said)) == (1, "✓✓✓✓✓✓✓✗✗")
    assert "https://bot.example.go.th/callback" in findings(said)["Webhook"]
    line._control.post("/sim/reset", json={})
    assert "ยังไม่ได้กำหนด" in findings(patient.types("doctor"))["Webhook"]
    line.fault("server_error", path="/v2/bot/channel/webhook/endpoint")
    line.fault("server_error", path="/v2/bot/message/quota")
    assert marks(patient.types("doctor")) == "✓✓✓✓✓✓✓✗✗"

    patient.sets(LINE_CHANNEL_SECRET="wrong-secret")
    said = patient.types("doctor")
    assert (said.code, marks(said)) == (1, "✓✓✓✓✓✓✗")
    assert "LINE_CHANNEL_SECRET" in findings(said)["โทเคน LINE"]
    assert "wrong-secret" not in said.out + said.err
    patient.sets(LINE_API_BASE="http://127.0.0.1:9")
    assert "อินเทอร์เน็ต" in findings(patient.types("doctor"))["โทเคน LINE"]


def test_the_doctor_finds_a_clock_and_a_sender_that_fell_behind(patient: Operator, database: Database) -> None:
    queue(database, message(settle_people(database, 1)[0]))
    with database.write() as session:
        long_ago = datetime.now(UTC) - timedelta(hours=1)
        shared_state.put(session, StateKey.LAST_TICK, {"at": long_ago.isoformat()}, long_ago)
    said = patient.types("doctor")
    assert (said.code, marks(said)) == (1, "✓✓✓✓✗✗✓✓✓")
    with database.write() as session:
        stop = {"reason": "quota", "since": long_ago.isoformat(), "probe_at": long_ago.isoformat()}
        shared_state.put(session, StateKey.SENDER_STOP, stop, long_ago)
    assert "quota" in findings(patient.types("doctor"))["การส่งข้อความ"]


def test_the_doctor_goes_on_without_settings_database_schema_or_line(operator: Operator) -> None:
    said = operator.types("doctor")
    assert (said.code, marks(said), said.err) == (1, "✓✓✓✗✗", "")
    operator.sets(DATABASE_URL="postgresql://u:s3cret@127.0.0.1:9/x")
    said = operator.types("doctor")
    assert (said.code, marks(said)) == (1, "✓✓✗✗")
    operator.sets(PORT="x", LOG_LEVEL="x")
    said = operator.types("doctor")
    assert (said.code, marks(said), said.err) == (1, "✗✗", "")
    assert "s3cret" not in said.out

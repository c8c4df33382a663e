"""The command line as operators meet it: Thai throughout, exit codes, one document on standard output, cures."""

import json
import re
import signal
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click
import pytest
from sqlalchemy import select, text

from bot import cli as command_line
from bot.cli import cli
from messages_th.cli import POLICY
from storage.database import Database
from storage.shared_state import StateKey
from storage.tables import AuditEntry
from storage.tables.messaging import OutboxState
from tests.bot_process import THAI, ends_on, run_bot, running_bot
from tests.operator_at_shell import Operator, at_office, operator
from tests.processes import wait_for
from tests.sending import CHANNEL, MORNING, Line, line_on_loopback, message, queue, settle_people, states, stored
from tests.spreadsheets import CLEAN

__all__ = ["at_office", "operator"]

INSTANT = "2023-03-20T08:30:00+07:00"
PARAMETER = re.compile(r"--?[\w-]+|\[[\w|]+\]|\b[A-Z]{2,}\b(\.\.\.)?| N\b")
NAMES = ("LINE", "BASIC", "ID", "eMENSCR", "emenscr-bot", "bot", "ISO", "T", "policy", "show", "xlsx", "csv")


@pytest.fixture
def line() -> Iterator[Line]:
    with line_on_loopback(phones=5) as line:
        yield line


def paths(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command and group."""
    if not isinstance(command, click.Group):
        return [path]
    context = click.Context(command)
    inner = [(name, command.get_command(context, name)) for name in command.list_commands(context)]
    return [path, *(found for name, sub in inner if sub is not None for found in paths(sub, (*path, name)))]


WORKING_COMMANDS = (
    ("remind",), ("remind", "--dry-run"), ("rehearse", "--from", "2023-03-20", "--to", "2023-03-21"),
    ("import", str(CLEAN)), ("export", "unreported", "--out", "out.xlsx"), ("outbox",), ("outbox", "retry", "1"),
    ("policy", "show"), ("policy", "set", "lead_days", "5", "--ministry", "M"), ("worker", "--drain"), ("clock",),
    ("serve",), ("run",),
)  # fmt: skip


def test_each_help_is_thai_and_needs_no_settings(operator: Operator) -> None:
    operator.sets(PORT="nonsense", DATABASE_URL="nonsense")
    for path in paths(cli):
        said = operator.types(*path, "--help")
        assert (said.code, said.err) == (0, ""), path
        text_only = PARAMETER.sub("", said.out.replace(" ".join(("emenscr-bot", *path)), ""))
        english = set(re.findall(r"[A-Za-z]+", text_only)) - set(NAMES) - {word for p in paths(cli) for word in p}
        assert english == set(), path
        assert re.match(r"วิธีใช้: emenscr-bot", said.out)
        assert "ตัวเลือก:" in said.out


@pytest.mark.parametrize(
    ("words", "named"),
    (
        (("foo",), "foo"), (("--foo",), "--foo"), (("remind", "--foo"), "--foo"), (("policy", "foo"), "foo"),
        (("outbox", "foo"), "foo"), (("outbox", "--state", "x"), "--state"), (("outbox", "retry"), "ID"),
        (("outbox", "retry", "x"), "ID"), (("outbox", "retry", "0"), "ID"), (("outbox", "retry", "9" * 30), "ID"),
        (("import",), "PATH"),
        (("policy", "set", "lead_days", "5"), "--ministry"), (("policy", "set", "lead_days"), "VALUE"),
        (("remind", "--at"), "--at"), (("remind", "--at", "2023-03-20T08:30:00"), "--at"),
        (("remind", "--at", "2566-03-20T08:30:00+07:00"), "--at"), (("remind", "--at", "0001-01-01T00:00:00Z"), "--at"),
        (("remind", "--dry-run=1"), "--dry-run"), (("remind", "--format", "xml"), "--format"),
        (("rehearse", "--from", "2023-04-01"), "--to"),
        (("rehearse", "--from", "1 เม.ย. 66", "--to", "2023-04-01"), "--from"),
        (("rehearse", "--from", "2566-04-01", "--to", "2566-04-02"), "--from"),
        (("rehearse", "--from", "2023-04-02", "--to", "2023-04-01"), "--from"),
        (("rehearse", "--from", "2023-01-01", "--to", "2027-01-01"), "--from"),
        (("worker", "now"), "worker"), (("doctor", "now"), "doctor"), (("export", "unreported"), "--out"),
        (("export", "unreported", "--out", "x.xlsx", "--quarter", "5", "--fiscal-year", "2566"), "--quarter"),
        (("export", "unreported", "--out", "x.xlsx", "--quarter", "1"), "--fiscal-year"),
        (("export", "unreported", "--out", "x.csv"), "--out"),
    ),
)  # fmt: skip
def test_misuse_is_one_thai_line_that_names_what_is_wrong(
    operator: Operator, words: tuple[str, ...], named: str
) -> None:
    said = operator.types(*words)
    assert (said.code, said.out) == (2, "")
    (line,) = said.err.splitlines()
    problem, _, hint = line.partition(" – ")
    assert named in problem + hint
    assert THAI.search(problem)
    assert "--help" in hint
    assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", problem)


def test_a_command_line_without_a_command_shows_what_there_is(operator: Operator) -> None:
    said = operator.types()
    assert (said.code, said.out) == (2, "")
    assert "คำสั่ง:" in said.err


@pytest.mark.parametrize("words", WORKING_COMMANDS, ids=" ".join)
def test_a_database_without_the_schema_gets_the_hint_to_upgrade(operator: Operator, words: tuple[str, ...]) -> None:
    said = operator.types(*words)
    assert (said.code, said.out) == (1, "")
    assert "emenscr-bot db upgrade" in said.err
    assert len(said.err.splitlines()) == 1


def test_an_old_schema_gets_the_same_hint(at_office: Operator, database: Database) -> None:
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert "db upgrade" in at_office.types("remind").err
    said = at_office.types("db", "upgrade")  # the program is older than the database
    assert (said.code, said.out) == (1, "")
    assert THAI.match(said.err)


@pytest.mark.parametrize("words", (*WORKING_COMMANDS, ("db", "upgrade")), ids=" ".join)
def test_a_database_that_is_away_is_said_with_the_cure(operator: Operator, words: tuple[str, ...]) -> None:
    operator.sets(DATABASE_URL="postgresql://u:s3cret@127.0.0.1:9/x")
    said = operator.types(*words)
    assert (said.code, said.out) == (1, "")
    assert "DATABASE_URL" in said.err
    assert len(said.err.splitlines()) == 1
    assert "s3cret" not in said.err


@pytest.mark.parametrize("where", ("/proc/none/x.db", "file.txt"))
def test_a_file_that_is_no_database_is_said_too(operator: Operator, tmp_path: Path, where: str) -> None:
    (tmp_path / "file.txt").write_text("รายงาน" * 100)
    operator.sets(DATABASE_URL=f"sqlite:///{where}")
    for words in (("db", "upgrade"), ("remind",)):
        said = operator.types(*words)
        assert (said.code, "DATABASE_URL" in said.err) == (1, True)


def test_the_schema_is_made_and_made_again_without_harm(operator: Operator) -> None:
    for _ in range(2):
        said = operator.types("db", "upgrade")
        assert (said.code, said.err) == (0, "")
        assert THAI.match(said.out)
    assert operator.types("outbox").code == 0


def test_bad_settings_stop_the_start(operator: Operator) -> None:
    operator.sets(PORT="x", LINE_CHANNEL_SECRET="s3cret!", LOG_FORMAT="s3cret!")
    said = operator.types("remind")
    assert (said.code, said.out) == (2, "")
    assert [line.split()[1] for line in said.err.splitlines()] == ["LOG_FORMAT", "PORT"]
    assert "s3cret" not in said.err


@pytest.mark.parametrize(
    "words", (("remind",), ("rehearse", "--from", "2023-03-20", "--to", "2023-03-21"), ("outbox",), ("import", CLEAN))
)
def test_with_json_standard_output_holds_that_document_alone(at_office: Operator, words: tuple[str, ...]) -> None:
    at_office.sets(LOG_LEVEL="DEBUG")
    said = at_office.types(*words, "--format", "json")
    assert said.code == 0
    json.loads(said.out)


def test_an_empty_list_says_so(at_office: Operator) -> None:
    rehearsal = ("rehearse", "--from", "2023-03-20", "--to", "2023-03-21")
    for words in (("remind",), ("remind", "--dry-run"), rehearsal, ("outbox",), ("policy", "show")):
        said = at_office.types(*words)
        assert (said.code, said.err) == (0, "")
        assert len(said.out.splitlines()) == 1
        assert THAI.search(said.out)


def test_the_outbox_lists_what_waits_and_parks_and_sends_it_again(at_office: Operator, database: Database) -> None:
    ids = queue(database, *(message(person) for person in settle_people(database, 4)))
    with database.write() as session:
        for number, state, uncertain in ((1, "parked", False), (2, "parked", True), (3, "sent", False)):
            session.execute(
                text("UPDATE outbox SET state = :state, uncertain = :uncertain, reason = 'http_400 x' WHERE id = :id"),
                {"id": ids[number], "state": state, "uncertain": uncertain},
            )
    listed = json.loads(at_office.types("outbox", "--format", "json").out)
    assert [(row["id"], row["state"], row["person"]) for row in listed] == [
        (ids[0], "due", "P0"), (ids[1], "parked", "P1"), (ids[2], "parked", "P2"),
    ]  # fmt: skip
    assert datetime.fromisoformat(listed[0]["not_before"]).tzinfo is not None
    assert [row["id"] for row in json.loads(at_office.types("outbox", "--state", "sent", "--format", "json").out)] == [
        ids[3]
    ]
    assert at_office.types("outbox").out.count("\n") == 3

    said = at_office.types("outbox", "retry", *map(str, ids))
    assert said.code == 1
    assert "1 ข้อความ" in said.out
    assert [f"ข้อความ {n}:" in said.err for n in ids] == [True, False, True, True]
    assert [row.state for row in stored(database)][1:3] == [OutboxState.DUE, OutboxState.PARKED]
    assert at_office.types("outbox", "retry", "12345678901").code == 1


def test_a_message_whose_time_has_passed_is_not_sent_again_and_the_operator_reads_why(
    at_office: Operator, database: Database
) -> None:
    (number,) = queue(database, message(settle_people(database, 1)[0], expires_at=MORNING))
    with database.write() as session:
        session.execute(text("UPDATE outbox SET state = 'parked'"))
    said = at_office.types("outbox", "retry", str(number))
    assert said.code == 1
    assert f"ข้อความ {number}: พ้นเวลาที่กำหนดให้ส่งแล้ว จึงไม่ส่งใหม่" in said.err
    assert states(database) == {OutboxState.PARKED: 1}


def ministry(operator: Operator) -> str:
    assert operator.types("import", CLEAN / "units.xlsx").code == 0
    return operator.types("policy", "show").out.split("\t")[0]


def test_a_policy_is_shown_set_and_audited(at_office: Operator, database: Database) -> None:
    code = ministry(at_office)
    assert f"{code}\tlead_days\t5,2 (ค่าตั้งต้น)\t{POLICY['lead_days']}\n" in at_office.types("policy", "show").out
    said = at_office.types("policy", "set", "lead_days", "7,3", "--ministry", code)
    assert (said.code, said.out, said.err) == (0, f"{code}\tlead_days\t7,3\t{POLICY['lead_days']}\n", "")
    assert f"{code}\tlead_days\t7,3\t" in at_office.types("policy", "show", "--ministry", code).out
    with database.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.subject == f"policy:{code}:lead_days")).one()
    assert (entry.action, entry.before, entry.after) == ("policy:set", "5,2", "7,3")
    assert "5,2 (ค่าตั้งต้น)" in at_office.types("policy", "set", "lead_days", "-", "--ministry", code).out


def test_a_policy_that_makes_no_sense_is_refused_in_thai(at_office: Operator, database: Database) -> None:
    code = ministry(at_office)
    before = at_office.types("policy", "show").out
    for name, value in (
        ("no_such", "1"), ("lead_days", ""), ("lead_days", "0"), ("lead_days", "a"), ("head_joins_at", "0"),
        ("head_joins_at", "3"),
        ("send_from", "25:00"), ("send_from", "08:30+07:00"), ("send_until", "08:00"), ("late_reports", "never"),
        ("roll", "maybe"), ("tracked_from", "5/2566"), ("tracked_from", "2566"), ("tracked_from", "1/2023"),
    ):  # fmt: skip
        said = at_office.types("policy", "set", name, value, "--ministry", code)
        assert (said.code, said.out) == (1, ""), (name, value)
        (line,) = said.err.splitlines()
        assert name in line
        assert THAI.search(line)
    for words in (("show",), ("set", "lead_days", "5")):
        said = at_office.types("policy", *words, "--ministry", "ไม่มี")
        assert (said.code, said.out) == (1, "")
        assert "ไม่มี" in said.err
    assert at_office.types("policy", "show").out == before
    with database.read() as session:
        assert session.scalars(select(AuditEntry).where(AuditEntry.action == "policy:set")).all() == []


@pytest.mark.parametrize("words", (("worker", "--drain"), ("run",)))
def test_sending_without_a_channel_is_refused_with_the_cure(at_office: Operator, words: tuple[str, ...]) -> None:
    said = at_office.types(*words)
    assert (said.code, said.out) == (1, "")
    assert "LINE_CHANNEL_ID" in said.err


def test_ctrl_c_ends_a_command_quietly(at_office: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.cli.remind.queue_reminders", interrupted)
    said = at_office.types("remind")
    assert (said.code, said.out, said.err.strip()) == (command_line.INTERRUPTED, "", "")


def line_settings(line: Line) -> dict[str, str]:
    return {
        "LINE_API_BASE": line.origin,
        "LINE_CHANNEL_ID": CHANNEL.channel_id,
        "LINE_CHANNEL_SECRET": CHANNEL.channel_secret,
    }


def test_a_process_of_its_own_exits_as_promised(tmp_path: Path, sqlite_url: str) -> None:
    fine = run_bot(tmp_path, "remind", "--at", INSTANT, "--format", "json", DATABASE_URL=sqlite_url, LOG_FORMAT="json")
    assert (fine.returncode, json.loads(fine.stdout), fine.stderr) == (0, [], "")
    misused = run_bot(tmp_path, "remind", "--at", "today")
    assert (misused.returncode, misused.stdout, len(misused.stderr.splitlines())) == (2, "", 1)


def test_a_worker_ends_on_a_signal_and_a_drain_with_nothing_due_at_once(
    tmp_path: Path, sqlite_url: str, line: Line
) -> None:
    settings = {"DATABASE_URL": sqlite_url, "LOG_FORMAT": "json", **line_settings(line)}
    with running_bot(tmp_path, "worker", **settings) as worker:
        wait_for(line.platform.calls, 20, "the worker asked for the quota")
        assert ends_on(worker, signal.SIGINT) == 0
    drained = run_bot(tmp_path, "worker", "--drain", **settings)
    assert (drained.returncode, drained.stdout) == (0, "")
    for log in ((tmp_path / "log").read_text(), drained.stderr):
        assert all(json.loads(entry)["level"] == "info" for entry in log.splitlines())
        assert CHANNEL.channel_secret not in log


def test_a_clock_ticks_at_once_and_ends_on_a_signal(tmp_path: Path, sqlite_url: str) -> None:
    with running_bot(tmp_path, "clock", DATABASE_URL=sqlite_url, BOT_NOW=INSTANT) as clock:
        wait_for(lambda: state(sqlite_url, StateKey.LAST_TICK), 20, "the clock ticked")
        assert ends_on(clock, signal.SIGTERM) == 0
    shift = json.loads(state(sqlite_url, StateKey.CLOCK_SHIFT))
    assert shift["bot_now"] == "2023-03-20T01:30:00+00:00"
    assert "+00:00" in json.loads(state(sqlite_url, StateKey.LAST_TICK))["at"]
    assert json.loads(state(sqlite_url, StateKey.PLANNED))["at"].startswith("2023-03-20T01:3")


def state(url: str, key: StateKey) -> str:
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        row = connection.execute("SELECT value FROM state WHERE key = ?", (key,)).fetchone()
    connection.close()
    return row[0] if row else ""

"""The bot as an office runs it: the commands of the contract on one database, the sample ministry, and its phones."""

import json
import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from psycopg import sql
from sqlalchemy import Table, delete, func, select
from sqlalchemy.orm import Session

from bot.cli import cli
from bot.runtime import Runtime
from domain.reminders import BANGKOK
from domain.submissions import SubmissionKind, SubmissionState
from simulator.line.people import Person as Phone
from storage import tables
from storage.database import Database, engine_url
from storage.report_counts import recount
from storage.schema import upgrade
from storage.shared_state import plan_changed
from storage.tables.base import Base
from storage.tables.messaging import OutboxState, StateEntry
from tests.logs import log_to_stderr
from tests.sending import CHANNEL, Line
from tests.spreadsheets import CLEAN
from tests.unit.domain.thai_dates import day

LAST_DAY = "20 มี.ค. 66"
"""The last day of the sample ministry's first window, on which every role has something to do."""


def bangkok(on: str, hour: str = "08:30") -> datetime:
    """Return an instant by the clock on a Bangkok wall: ``bangkok("20 มี.ค. 66", "09:00")``."""
    return datetime.combine(day(on), datetime.strptime(hour, "%H:%M").time(), BANGKOK)  # noqa: DTZ007 - the zone is given


@dataclass
class Bot:
    """Runs commands as at an instant (``at``, until it is changed), and looks into the database."""

    url: str
    line: Line | None = None
    at: datetime = field(default_factory=lambda: bangkok(LAST_DAY))
    database: Database = field(init=False)
    web: Any = None
    closing: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        self.database = Database(self.url)

    def close(self) -> None:
        """End what runs for this bot and close its connections."""
        self.closing.close()
        self.database.dispose()

    def environment(self) -> dict[str, str]:
        """Return the settings of this bot's commands."""
        return {
            "DATABASE_URL": self.url,
            "BOT_NOW": self.at.isoformat(),
            "LINE_API_BASE": self.line.origin if self.line else "http://127.0.0.1:9",
            "LINE_CHANNEL_ID": CHANNEL.channel_id,
            "LINE_CHANNEL_SECRET": CHANNEL.channel_secret,
        }

    def run(self, *arguments: str | Path) -> str:
        """Run a command that must succeed, and return what it prints on standard output.

        In a thread: a worker takes over the signals of the main thread, and those are the suite's. All commands share
        this bot's connections: new ones would cost more time than the commands.
        """
        runtime = _RuntimeOf(self.database)
        words = [str(argument) for argument in arguments]
        with logging_kept(), ThreadPoolExecutor(1) as thread:
            result = thread.submit(CliRunner().invoke, cli, words, obj=runtime, env=self.environment()).result()
        assert (result.exit_code, result.exception) == (0, None), result.output
        return result.stdout

    def json(self, *arguments: str | Path) -> Any:
        """Run a command with ``--format json`` and return its document."""
        return json.loads(self.run(*arguments, "--format", "json"))

    def remind(self, *, at: datetime | None = None) -> Mapping[str, Any]:
        """Queue what is due, and return it by person."""
        self.at = at or self.at
        return {reminder["person"]: reminder for reminder in self.json("remind")}

    def send(self) -> None:
        """Send all that is due to the phones."""
        self.run("worker", "--drain")

    def link(self, *people: str) -> None:
        """Give people a phone with LINE, linked to the bot."""
        with self.writes() as session:
            for person in session.scalars(select(tables.Person).where(tables.Person.code.in_(people))):
                person.line_user_id, person.linked_at = line_id_of(person.code), datetime.now(UTC)
                if self.line is not None:
                    self.line.platform.register(Phone(line_id_of(person.code), person.full_name))

    def phone(self, person: str) -> list[Mapping[str, Any]]:
        """Return the messages on a person's phone, oldest first."""
        assert self.line is not None
        return [delivery.message for delivery in self.line.platform.deliveries(line_id_of(person))]

    def outcome(self) -> Mapping[str, tuple[OutboxState, str]]:
        """Return state and reason of each person's newest message."""
        row, person = tables.OutboxMessage, tables.Person
        query = select(person.code, row.state, row.reason).join(row, row.person_id == person.id).order_by(row.id)
        with self.database.read() as session:
            return {code: (state, reason) for code, state, reason in session.execute(query)}

    def states(self) -> Counter[OutboxState]:
        """Return how many messages of the outbox are in which state."""
        with self.database.read() as session:
            return Counter(session.scalars(select(tables.OutboxMessage.state)))

    def row_counts(self) -> Mapping[str, int]:
        """Return how many rows each table has."""
        with self.database.read() as session:
            return {
                t.name: session.scalar(select(func.count()).select_from(t)) or 0 for t in Base.metadata.sorted_tables
            }

    @contextmanager
    def writes(self) -> Iterator[Session]:
        """Give a session for a change after which the clock plans anew, as every change of duties does."""
        with self.database.write() as session:
            yield session
            recount(session)
            plan_changed(session, datetime.now(UTC))

    def report(self, project: str, state: SubmissionState, **fields: Any) -> None:
        """Put the report of quarter 1/2566 of a project into a state, as sending or deciding it does."""
        with self.writes() as session:
            owner = session.scalars(select(tables.Project).where(tables.Project.code == project)).one()
            kind = SubmissionKind.QUARTER_REPORT
            key = {"project_id": owner.id, "kind": kind, "fiscal_year": 2566, "quarter": 1}
            report = session.scalar(select(tables.Submission).filter_by(**key))
            if report is None:
                report = tables.Submission(**key, unit_id=owner.unit_id)
                session.add(report)
            report.state, report.step, report.returned_by = state, None, None
            for name, value in fields.items():
                setattr(report, name, value)


class _RuntimeOf(Runtime):
    """What a command works with, on connections that are there already."""

    def __init__(self, database: Database) -> None:
        self._shared = database

    @property
    def database(self) -> Database:
        _ = self.settings  # from the first look at them on, logging follows
        return self._shared


@pytest.fixture
def labour(database_url: str) -> Iterator[Bot]:
    """The sample ministry as its spreadsheets say, imported, without phones."""
    fill(database_url)
    bot = Bot(database_url)
    yield bot
    bot.close()


on_sqlite = pytest.mark.parametrize("database_url", ("sqlite",), indirect=True)
"""For a test of what no database has a part in: it runs on one of the two."""


@contextmanager
def logging_kept() -> Iterator[None]:
    """Undo what a command does to this process's logging: it writes to a standard error that is the command's alone."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    log_to_stderr()


def line_id_of(person: str) -> str:
    """Return the LINE id that a person's code has in tests."""
    return f"U{int(person.lstrip('P')):032x}"


def texts(message: Any) -> list[str]:
    """Return every text of a Flex message in reading order."""
    if isinstance(message, Mapping):
        own = [message["text"]] if message.get("type") == "text" else []
        return own + [found for name, value in message.items() if name != "text" for found in texts(value)]
    return [found for value in message for found in texts(value)] if isinstance(message, list) else []


def steps(reminder: Mapping[str, Any]) -> list[tuple[str, str, int | None, str, int]]:
    """Return what a reminder's topics are: (kind, stage, quarter, step, count)."""
    return [(t["kind"], t["stage"], t["quarter"], t["step"], t["count"]) for t in reminder["topics"]]


def fill(url: str) -> None:
    """Copy the imported sample ministry into an empty database that nobody has open."""
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).write_bytes(_sample_file())
        return
    with psycopg.connect(url) as connection:
        for table, rows in _sample_rows().items():
            into, columns = sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, table.c.keys()))
            with connection.cursor().copy(sql.SQL("COPY {} ({}) FROM STDIN").format(into, columns)) as copy:
                for row in rows:
                    copy.write_row(row)
            if "id" in table.c:
                newest = sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), max(id)) FROM {}")
                connection.execute(newest.format(table.name, into))


@cache
def _sample_file() -> bytes:
    """Return a SQLite database with the sample ministry as an import of its spreadsheets leaves it, made only once."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "labour.db"
        upgrade(f"sqlite:///{file}")
        bot = Bot(f"sqlite:///{file}", at=bangkok("30 ม.ค. 66"))
        bot.run("import", CLEAN)
        with bot.database.write() as session:
            session.execute(delete(StateEntry))  # what processes know of each other
        bot.close()
        return file.read_bytes()


@cache
def _sample_rows() -> Mapping[Table, Sequence[Sequence[Any]]]:
    """Return what is in that file as PostgreSQL takes it."""
    dialect = engine_url("postgresql://").get_dialect()()
    found = {}
    with TemporaryDirectory() as folder:
        file = Path(folder) / "labour.db"
        file.write_bytes(_sample_file())
        database = Database(f"sqlite:///{file}")
        with database.read() as session:
            for table in Base.metadata.sorted_tables:
                bound = [column.type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is for column in table.c]
                rows = session.execute(select(table)).all()
                if rows:
                    found[table] = [[bind(value) for bind, value in zip(bound, row, strict=True)] for row in rows]
        database.dispose()
    return found


def _as_it_is(value: Any) -> Any:
    return value

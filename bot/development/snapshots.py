"""Snapshots of a SQLite database, to go back in time."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from bot.clock import ShiftedClock
from storage.database import Database


class NoSnapshots(Exception):
    """Only a SQLite database is copied as a whole."""


class UnknownSnapshot(LookupError):
    """No snapshot has this name."""


class Snapshots:
    """Copies of a database, by name, in files beside it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, name: str) -> None:
        """Copy the database as it stands; an earlier copy of this name is replaced.

        Raises:
            NoSnapshots: the database is not SQLite.
        """
        copy, fresh = self._path(name), self._path(f"{name}.fresh")
        with closing(sqlite3.connect(self._live())) as live, closing(sqlite3.connect(fresh)) as target:
            live.backup(target)
        fresh.replace(copy)

    def restore(self, name: str, now: datetime) -> None:
        """Put the copy in the place of the database, with business time at ``now``; processes may go on running.

        Raises:
            NoSnapshots: the database is not SQLite.
            UnknownSnapshot: no copy has this name.
        """
        path = self._path(name)
        if not path.exists():
            raise UnknownSnapshot(name)
        copy = Database(f"sqlite:///{path}")
        try:
            ShiftedClock(copy).set(now, may_go_back=True)
        finally:
            copy.dispose()
        with (
            self._database.standstill(),
            closing(sqlite3.connect(path)) as source,
            closing(sqlite3.connect(self._live(), timeout=30)) as live,
        ):
            source.backup(live)

    def _path(self, name: str) -> Path:
        live = self._live()
        return live.with_name(f"{live.name}.snapshot-{name}")

    def _live(self) -> Path:
        if not self._database.is_sqlite:
            raise NoSnapshots
        return Path(self._database.engine.url.database or "")

"""One leader among the clocks of a database: an advisory lock on PostgreSQL, a locked file beside a SQLite database."""

from __future__ import annotations

import fcntl
from contextlib import suppress
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from storage.database import Database

_ADVISORY_KEY = 0x654D454E  # "eMEN"


class Leadership:
    """Held by one process at a time; the operating system or PostgreSQL frees it when the holder dies."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Connection | None = None
        self._file: IO[str] | None = None

    def hold(self) -> bool:
        """Take the lead if it is free, and tell whether this process has it."""
        return self._hold_file() if self._database.is_sqlite else self._hold_advisory_lock()

    def release(self) -> None:
        """Give the lead up."""
        if self._file is not None:
            self._file.close()
            self._file = None
        if self._connection is not None:
            with suppress(SQLAlchemyError):  # a broken connection holds nothing any more
                self._connection.execute(text("SELECT pg_advisory_unlock_all()"))  # PostgreSQL hears of its end later
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _hold_file(self) -> bool:
        if self._file is not None:
            return True
        path = Path(f"{self._database.engine.url.database}.clock.lock")
        file = path.open("a", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def _hold_advisory_lock(self) -> bool:
        try:
            if self._connection is not None:
                self._connection.execute(text("SELECT 1"))
                return True
            self._connection = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            if self._connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _ADVISORY_KEY}):
                return True
        except DBAPIError:
            self.release()
            raise
        self.release()
        return False

"""Importing in tests: the sample ministry, at half past eight on the last day of its first window."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.reminders import BANGKOK
from messages_th import spreadsheets
from messages_th.imports import problem_text
from storage import tables
from storage.database import Database
from storage.imports.importing import import_files
from storage.imports.report import ImportReport
from tests.spreadsheets import CLEAN, rows_of, write_xlsx

NOW = datetime(2023, 3, 20, 8, 30, tzinfo=BANGKOK)
REAL_NOW = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


@dataclass
class Office:
    """An office with a database, which imports files that it writes into a folder."""

    database: Database
    folder: Path

    def imports(self, *paths: Path, dry_run: bool = False) -> ImportReport:
        """Import files; with an error, or dry, nothing is written."""
        report = import_files(self.database, paths, spreadsheets, now=NOW, real_now=REAL_NOW, dry_run=dry_run)
        for problem in (*report.errors, *report.warnings):
            assert problem_text(problem.code, problem.params)  # every problem can be worded
        return report

    def imports_rows(self, *rows: Sequence[Any], name: str = "file.xlsx") -> ImportReport:
        """Import one sheet of these rows, header first."""
        return self.imports(write_xlsx(self.folder / name, rows))

    def imports_sample(self, *names: str) -> ImportReport:
        """Import the clean sample, or some files of it."""
        report = self.imports(*([CLEAN / name for name in names] or [CLEAN]))
        assert report.errors == []
        return report

    @contextmanager
    def sees(self) -> Iterator[Session]:
        """Give a session to look into the database."""
        with self.database.read() as session:
            yield session

    def all(self, entity: Any) -> list[Any]:
        """Return every row of a table by its primary key, detached."""
        with self.sees() as session:
            return list(session.scalars(select(entity).order_by(*entity.__table__.primary_key)))

    def project(self, code: str) -> tables.Project:
        """Return a project."""
        with self.sees() as session:
            return session.scalars(select(tables.Project).where(tables.Project.code == code)).one()

    def submission(self, code: str, kind: str) -> tables.Submission:
        """Return the one submission of this kind of a project."""
        query = select(tables.Submission).join(tables.Project, tables.Project.id == tables.Submission.project_id)
        with self.sees() as session:
            return session.scalars(query.where(tables.Project.code == code, tables.Submission.kind == kind)).one()


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """An office with an empty database, on SQLite and on PostgreSQL."""
    database = Database(database_url)
    yield Office(database, tmp_path)
    database.dispose()


def sample(name: str) -> list[list[Any]]:
    """Return the rows of a file of the clean sample."""
    return rows_of(CLEAN / name)


def totals(report: ImportReport) -> tuple[int, int, int]:
    """Return how many rows were added, updated and left unchanged."""
    counts = report.files.values()
    return sum(c.added for c in counts), sum(c.updated for c in counts), sum(c.unchanged for c in counts)

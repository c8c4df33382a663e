"""``emenscr-bot import``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress as Bar

from bot.cli.commands import ThaiCommand, format_option
from bot.runtime import Runtime
from messages_th import imports as thai
from messages_th import spreadsheets
from storage.imports.content import ImportStep, Progress
from storage.imports.importing import import_files
from storage.imports.problems import Problem
from storage.imports.report import ImportReport


@click.command("import", cls=ThaiCommand, help=thai.IMPORT_HELP)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--dry-run", is_flag=True, help=thai.OPTION["dry_run"])
@format_option
@click.pass_obj
def import_command(runtime: Runtime, paths: tuple[Path, ...], dry_run: bool, output: str) -> None:  # noqa: FBT001 - click
    """Import all files or nothing; exit 1 when there is any error."""
    clock = runtime.clock
    with _progress_bar() as progress:
        report = import_files(
            runtime.database, paths, spreadsheets,
            now=clock.now(), real_now=clock.real_now(), dry_run=dry_run, progress=progress,
        )  # fmt: skip
    if output == "json":
        click.echo(json.dumps(_document(report), ensure_ascii=False, indent=1))
    else:
        _print_text(report, dry_run=dry_run)
    if report.errors:
        raise click.exceptions.Exit(1)


@contextmanager
def _progress_bar() -> Iterator[Progress | None]:
    """Yield a progress bar on the terminal's standard error; None where there is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    with Bar(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def show(step: ImportStep, what: str, done: int, total: int) -> None:
            text = thai.STEPS[step].format(what=what)
            if text not in tasks:
                tasks[text] = bar.add_task(text)
            bar.update(tasks[text], completed=done, total=total or None)

        yield show


def _document(report: ImportReport) -> dict[str, Any]:
    return {
        "files": {name: asdict(counts) for name, counts in report.files.items()},
        "errors": [_described(problem) for problem in report.errors],
        "warnings": [_described(problem) for problem in report.warnings],
    }


def _described(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.file,
        "row": problem.row,
        "column": problem.column,
        "value": None if problem.value is None else thai.shown(problem.value),
        "message": _line(problem),
    }


def _line(problem: Problem) -> str:
    text = thai.problem_text(problem.code, problem.params)
    return thai.problem_line(problem.file, problem.row, problem.column, thai.shown(problem.value), text)


def _print_text(report: ImportReport, *, dry_run: bool) -> None:
    for name, counts in report.files.items() if not report.errors else ():
        click.echo(thai.file_line(name, counts.kind, counts.added, counts.updated, counts.unchanged))
    if moved := report.rerouted.total:
        click.echo(thai.rerouted(moved, report.rerouted.redirected, report.rerouted.unheld))
    for heading, problems in ((thai.WARNINGS_HEADING, report.warnings), (thai.ERRORS_HEADING, report.errors)):
        if problems:
            click.echo(f"\n{heading}")
        for problem in problems:
            click.echo(f"- {_line(problem)}")
    if report.errors:
        click.echo(f"\n{thai.refused(len(report.errors))}")
    else:
        click.echo(thai.DRY_RUN if dry_run else thai.IMPORTED)

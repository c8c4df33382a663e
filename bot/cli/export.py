"""``emenscr-bot export``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from bot.cli.commands import INSTANT, ThaiGroup
from bot.runtime import Runtime
from domain.fiscal import Quarter
from messages_th import cli as common
from messages_th import formats
from messages_th import imports as thai
from messages_th.words import word
from storage.exports.spreadsheet import write_table
from storage.queries.unreported import UnknownUnit, UnreportedProject, unreported


@click.group(cls=ThaiGroup, help=thai.EXPORT_HELP)
def export() -> None:
    """Group the lists that can be written as spreadsheets."""


@export.command("unreported", help=thai.UNREPORTED_HELP)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help=thai.OPTION["out"]
)
@click.option("--ministry", metavar="CODE", help=common.OPTION["ministry"])
@click.option("--unit", metavar="CODE", help=thai.OPTION["unit"])
@click.option("--fiscal-year", type=click.IntRange(2500, 2643), metavar="N", help=thai.OPTION["fiscal_year"])
@click.option("--quarter", type=click.IntRange(1, 4), metavar="N", help=thai.OPTION["quarter"])
@click.option("--at", type=INSTANT, help=common.OPTION["at"])
@click.pass_obj
def export_unreported(
    runtime: Runtime,
    out: Path,
    ministry: str | None,
    unit: str | None,
    fiscal_year: int | None,
    quarter: int | None,
    at: datetime | None,
) -> None:
    """Write the projects whose report is not approved yet."""
    if out.suffix.lower() != ".xlsx":
        raise click.UsageError(thai.OUT_IS_XLSX)
    if (fiscal_year is None) != (quarter is None):
        raise click.UsageError(thai.QUARTER_NEEDS_YEAR)
    asked = Quarter(fiscal_year, quarter) if fiscal_year is not None and quarter is not None else None
    within = [code for code in (ministry, unit) if code is not None]
    try:
        with runtime.database.read() as session:
            projects = unreported(session, at or runtime.clock.now(), within=within, quarter=asked)
    except UnknownUnit as error:
        raise click.ClickException(thai.unknown_unit(str(error))) from error
    try:
        count = write_table(
            out, thai.UNREPORTED_TITLE, thai.UNREPORTED_HEADERS, [_row(project) for project in projects]
        )
    except OSError as error:
        raise click.ClickException(thai.cannot_write(str(out))) from error
    click.echo(thai.exported(count, str(out)))


def _row(project: UnreportedProject) -> list[str]:
    state = word(project.state)
    return [
        project.code,
        project.name,
        project.agency,
        project.unit,
        formats.quarter_text(project.quarter, project.basis),
        state if project.step is None else thai.waiting_at(state, project.step),
        "" if project.overdue is None else thai.OVERDUE_AT[project.overdue],
        ", ".join(f"{person.full_name} ({person.position})" for person in project.turn_of),
        formats.short_date(project.since) if project.since else "",
        project.late_reason,
    ]

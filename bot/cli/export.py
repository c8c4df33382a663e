"""``emenscr-bot export``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.audit_table import audit_table
from bot.circular_ledger import ledger_table
from bot.cli.commands import DAY, INSTANT, ThaiGroup
from bot.runtime import Runtime
from bot.unreported_table import unreported_table
from domain.fiscal import Quarter
from domain.organisation import Organisation
from domain.permissions import Sight
from domain.reminders import BANGKOK
from messages_th import cli as common
from messages_th import imports as thai
from messages_th.circulars import ledger as ledger_th
from storage.exports.audit_entries import AuditWanted, audit_entries
from storage.exports.circular_ledger import ledger, letters_named
from storage.exports.spreadsheet import Table, write_table
from storage.queries.unreported import Asked, every, newest_quarters
from storage.reference import load_reference
from storage.tables import Person, Project


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
    _check_name(out)
    if (fiscal_year is None) != (quarter is None):
        raise click.UsageError(thai.QUARTER_NEEDS_YEAR)
    asked = Quarter(fiscal_year, quarter) if fiscal_year is not None and quarter is not None else None
    within = [code for code in (ministry, unit) if code is not None]
    with runtime.database.read() as session:
        reference = load_reference(session, (at or runtime.clock.now()).astimezone(BANGKOK).date())
        units = _units_within(reference.rules.organisation, within)
        quarters = newest_quarters(reference.rules, units) if asked is None else {asked: units}
        questions = [Asked(wanted, within_it) for wanted, within_it in quarters.items()]
        projects = every(session, reference, Sight(everything=True), questions)
    _write(out, unreported_table(projects))


@export.command("audit", help=thai.AUDIT_HELP)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help=thai.OPTION["out"]
)
@click.option("--from", "first_day", type=DAY, help=thai.OPTION["from"])
@click.option("--to", "last_day", type=DAY, help=thai.OPTION["to"])
@click.option("--project", metavar="CODE", help=thai.OPTION["project"])
@click.option("--person", metavar="CODE", help=thai.OPTION["person"])
@click.pass_obj
def export_audit(
    runtime: Runtime,
    out: Path,
    first_day: date | None,
    last_day: date | None,
    project: str | None,
    person: str | None,
) -> None:
    """Write the audit trail, oldest entry first."""
    _check_name(out)
    if first_day is not None and last_day is not None and last_day < first_day:
        raise click.UsageError(thai.ENDS_BEFORE_START)
    with runtime.database.read() as session:
        _check_known(session, project, person)
        _write(out, audit_table(audit_entries(session, AuditWanted(first_day, last_day, project, person))))


@export.command("circular", help=ledger_th.CIRCULAR_HELP)
@click.argument("number", metavar="NUMBER")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help=thai.OPTION["out"]
)
@click.pass_obj
def export_circular(runtime: Runtime, number: str, out: Path) -> None:
    """Write who got a circular, and who acknowledged it."""
    _check_name(out)
    with runtime.database.read() as session:
        letters = letters_named(session, number)
        if not letters:
            raise click.ClickException(ledger_th.none_named(number))
        if len(letters) > 1:
            named = [(one.circular_id, one.letter_no, one.letter_date, one.subject) for one in letters]
            raise click.ClickException(ledger_th.several_named(named))
        reference = load_reference(session, runtime.clock.now().astimezone(BANGKOK).date())
        _write(out, ledger_table(letters[0], ledger(session, reference, letters[0].circular_id)))


def _check_name(out: Path) -> None:
    if out.suffix.lower() != ".xlsx":
        raise click.UsageError(thai.OUT_IS_XLSX)


def _check_known(session: Session, project: str | None, person: str | None) -> None:
    if project is not None and session.scalar(select(Project.id).where(Project.code == project)) is None:
        raise click.ClickException(thai.unknown_project(project))
    if person is not None and session.scalar(select(Person.id).where(Person.code == person)) is None:
        raise click.ClickException(common.unknown_person(person))


def _write(out: Path, table: Table) -> None:
    try:
        count = write_table(out, table)
    except OSError as error:
        raise click.ClickException(thai.cannot_write(str(out))) from error
    click.echo(thai.exported(count, str(out)))


def _units_within(organisation: Organisation, codes: Iterable[str]) -> frozenset[str]:
    """Return the units that are, or lie below, every one of ``codes``."""
    for code in codes:
        if code not in organisation.units:
            raise click.ClickException(thai.unknown_unit(code))
    return frozenset(organisation.units).intersection(*(organisation.below(code) for code in codes))

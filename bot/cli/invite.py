"""``emenscr-bot invite``: one-time codes with which people link their LINE account."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

import click
import segno
from rich.console import Console
from rich.progress import Progress
from sqlalchemy.orm import Session

from bot.cli.commands import ThaiCommand
from bot.pages.links import chat_link
from bot.runtime import Runtime
from domain.invite_codes import spelled
from domain.organisation import Organisation
from domain.reminders import BANGKOK
from messages_th import cli as common
from messages_th.linking import command as thai
from messages_th.linking.letters import Letter, letters
from storage.invites import DrawnCode, draw_code, issue_codes
from storage.queries.readers import PersonReading, people_reading
from storage.reference import Reference, load_reference

_QR_MASK = 2
"""Any of QR's eight masks can be read; choosing the prettiest takes five times as long."""


@dataclass(frozen=True, slots=True)
class _Invited:
    """Somebody who gets a code, the unit where the weightiest role is held, and the code."""

    person: PersonReading
    unit: str
    code: DrawnCode


@click.command(cls=ThaiCommand, help=thai.HELP)
@click.option("--person", "people", metavar="CODE", multiple=True, help=thai.OPTION["person"])
@click.option("--unit", metavar="CODE", help=thai.OPTION["unit"])
@click.option("--all", "everybody", is_flag=True, help=thai.OPTION["all"])
@click.option("--format", "output", type=click.Choice(["csv", "json"]), default="csv", help=common.OPTION["format"])
@click.option(
    "--letters",
    "letters_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=thai.OPTION["letters"],
)
@click.pass_obj
def invite(
    runtime: Runtime,
    people: Sequence[str],
    unit: str | None,
    everybody: bool,  # noqa: FBT001 - click passes by name
    output: str,
    letters_file: Path | None,
) -> None:
    """Issue codes and print them, with letters where they are wanted; all or nothing."""
    if not (people or unit or everybody):
        raise click.UsageError(thai.WHOM)
    account = _account(runtime) if letters_file is not None else ""
    with runtime.database.read() as session:
        today = runtime.clock.now().astimezone(BANGKOK).date()
        reference = load_reference(session, today)
        chosen = _chosen(reference.rules.organisation, people, unit, everybody=everybody)
        readings = people_reading(session, chosen, today)
    if unknown := [code for code in people if code not in readings]:
        raise click.ClickException(thai.unknown_people(unknown))
    if idle := [code for code in people if not reference.rules.organisation.posts_of(code)]:
        raise click.ClickException(thai.without_role(idle))
    wanted = [r for r in readings.values() if r.code in people or r.line_user_id is None]
    invited = _drawn(reference.rules.organisation, wanted)
    with _new_file(letters_file) as file, runtime.database.write() as session:
        expires_at = _issue(session, invited, runtime.clock.real_now())
        if file is not None:
            _write_letters(file, invited, reference, account, expires_at)
    _print(invited, output, expires_at)
    click.echo(thai.issued(len(invited), already_linked=len(readings) - len(wanted)), err=True)


def _account(runtime: Runtime) -> str:
    """Return the bot's @id, which the QR needs.

    Raises:
        click.ClickException: it is not set.
    """
    basic_id = runtime.settings.line_basic_id
    if basic_id is None:
        raise click.ClickException(thai.BASIC_ID_MISSING)
    return f"@{basic_id.removeprefix('@')}"


def _chosen(
    organisation: Organisation, people: Collection[str], unit: str | None, *, everybody: bool
) -> Collection[str]:
    """Return the codes of those who are named, or hold a role today in the unit or below it, or anywhere.

    Raises:
        click.ClickException: the unit is unknown.
    """
    if unit is not None and unit not in organisation.units:
        raise click.ClickException(thai.unknown_unit(unit))
    units = organisation.units if everybody else organisation.below(unit) if unit is not None else ()
    return set(people) | {post.person for post in organisation.posts if post.unit in units}


def _drawn(organisation: Organisation, people: Sequence[PersonReading]) -> Sequence[_Invited]:
    """Draw a code for each; hashing them is slow on purpose, and lets the cores work side by side."""
    bar = Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
    with bar as progress, ThreadPoolExecutor(os.cpu_count()) as threads:
        codes = progress.track(threads.map(lambda _: draw_code(), people), total=len(people), description="")
        return [_Invited(person, _unit(organisation, person), code) for person, code in zip(people, codes, strict=True)]


def _unit(organisation: Organisation, person: PersonReading) -> str:
    return next(post.unit for post in organisation.posts_of(person.code) if post.role is person.roles[0])


def _issue(session: Session, invited: Sequence[_Invited], real_now: datetime) -> datetime:
    return issue_codes(session, {one.person.person_id: one.code for one in invited}, real_now)


@contextmanager
def _new_file(path: Path | None) -> Iterator[TextIO | None]:
    """Give a new file that its owner alone may read; it is removed again when the block raises.

    Raises:
        click.ClickException: it exists, or cannot be written.
    """
    if path is None:
        yield None
        return
    try:
        file = open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8")  # noqa: PTH123, SIM115 - Path.open sets no mode; closed below
    except FileExistsError as error:
        raise click.ClickException(thai.file_exists(str(path))) from error
    except OSError as error:
        raise click.ClickException(thai.cannot_write(str(path))) from error
    try:
        with file:
            yield file
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise click.ClickException(thai.cannot_write(str(path))) from error
        raise


def _write_letters(
    file: TextIO, invited: Sequence[_Invited], reference: Reference, account: str, expires_at: datetime
) -> None:
    bar = Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
    with bar as progress:
        pages = (_letter(one, reference.unit_names, account, expires_at) for one in invited)
        file.writelines(letters(progress.track(pages, total=len(invited), description=""), account))
    file.flush()


def _letter(one: _Invited, unit_names: Mapping[str, str], account: str, expires_at: datetime) -> Letter:
    code = one.code.code
    url = f"{chat_link(account)}?{quote(spelled(code), safe='')}"
    qr = segno.make_qr(url, error="m", mask=_QR_MASK).svg_inline(border=2, omitsize=True)
    return Letter(one.person.full_name, one.person.position, unit_names[one.unit], code, qr, expires_at)


def _print(invited: Sequence[_Invited], output: str, expires_at: datetime) -> None:
    rows = [
        {
            "person": one.person.code,
            "name": one.person.full_name,
            "unit": one.unit,
            "code": spelled(one.code.code),
            "expires_at": expires_at.astimezone(BANGKOK).isoformat(timespec="seconds"),
        }
        for one in invited
    ]
    if output == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    table = io.StringIO()
    writer = csv.DictWriter(table, ("person", "name", "unit", "code", "expires_at"), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    click.echo(table.getvalue(), nl=False)

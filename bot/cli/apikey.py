"""``emenscr-bot apikey``: keys with which agencies' own systems use the API."""

from __future__ import annotations

import json
from datetime import datetime

import click

from bot.cli.commands import ThaiGroup, format_option
from bot.runtime import Runtime
from domain.reminders import BANGKOK
from messages_th import apikey as thai
from messages_th.formats import short_date
from messages_th.imports import unknown_unit
from storage.api_keys import NoSuchKey, UnknownUnit, issue_key, list_keys, revoke_key

_LARGEST_ID = 2**63 - 1
_LONGEST_LABEL = 200


@click.group(cls=ThaiGroup, help=thai.HELP["apikey"])
def apikey() -> None:
    """Group the commands of API keys."""


@apikey.command(help=thai.HELP["apikey issue"])
@click.option("--unit", metavar="CODE", required=True, help=thai.OPTION["unit"])
@click.option("--label", metavar="TEXT", default="", help=thai.OPTION["label"])
@format_option
@click.pass_obj
def issue(runtime: Runtime, unit: str, label: str, output: str) -> None:
    """Issue a key, and print it alone on standard output."""
    label = label.strip()[:_LONGEST_LABEL]
    real_now = runtime.clock.real_now()  # first: the clock itself may have something to write
    try:
        with runtime.database.write() as session:
            issued = issue_key(session, unit, label, real_now)
    except UnknownUnit as error:
        raise click.ClickException(unknown_unit(unit)) from error
    if output == "json":
        click.echo(json.dumps({"id": issued.id, "unit": unit, "label": label, "key": issued.key}, ensure_ascii=False))
        return
    click.echo(thai.issued(issued.id, unit), err=True)
    click.echo(issued.key)


@apikey.command("list", help=thai.HELP["apikey list"])
@format_option
@click.pass_obj
def list_(runtime: Runtime, output: str) -> None:
    """Print every key ever issued, without the key itself."""
    with runtime.database.read() as session:
        keys = list_keys(session)
    if output == "json":
        rows = [
            {
                "id": key.id,
                "unit": key.unit,
                "label": key.label,
                "created_at": _instant(key.created_at),
                "revoked_at": _instant(key.revoked_at),
            }
            for key in keys
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for key in keys:
        click.echo(thai.listed(key.id, key.unit, key.label, _day(key.created_at), _day(key.revoked_at)))
    if not keys:
        click.echo(thai.NO_KEYS)


@apikey.command(help=thai.HELP["apikey revoke"])
@click.argument("number", type=click.IntRange(1, _LARGEST_ID), metavar="ID")
@click.pass_obj
def revoke(runtime: Runtime, number: int) -> None:
    """Let a key work no more."""
    real_now = runtime.clock.real_now()
    try:
        with runtime.database.write() as session:
            revoke_key(session, number, real_now)
    except NoSuchKey as error:
        raise click.ClickException(thai.no_such_key(number)) from error
    click.echo(thai.revoked(number))


def _instant(at: datetime | None) -> str | None:
    return at.astimezone(BANGKOK).isoformat(timespec="seconds") if at else None


def _day(at: datetime | None) -> str:
    return short_date(at.astimezone(BANGKOK).date()) if at else ""

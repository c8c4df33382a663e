"""``emenscr-bot policy``: what a ministry decides for itself."""

from __future__ import annotations

import click
from sqlalchemy import select

from bot.cli.commands import ThaiGroup
from bot.runtime import Runtime
from domain.organisation import UnitLevel
from domain.policy import DEFAULT_POLICY, ReminderPolicy
from messages_th import cli as thai
from storage.policies import POLICY_NAMES, UnknownMinistry, UnknownPolicy, as_text, load_policies, set_policy
from storage.tables import Unit


@click.group(cls=ThaiGroup, help=thai.HELP["policy"])
def policy() -> None:
    """Group the commands of ministry policies."""


@policy.command(help=thai.HELP["policy show"])
@click.option("--ministry", metavar="CODE", help=thai.OPTION["ministry"])
@click.pass_obj
def show(runtime: Runtime, ministry: str | None) -> None:
    """Print every value of one ministry or of all."""
    with runtime.database.read() as session:
        stored = load_policies(session)
        ministries = session.scalars(
            select(Unit.code).where(Unit.level == UnitLevel.MINISTRY).order_by(Unit.code)
        ).all()
    if ministry is not None and ministry not in ministries:
        raise click.ClickException(thai.unknown_ministry(ministry))
    if not ministries:
        click.echo(thai.NO_MINISTRY)
    for code in [ministry] if ministry else ministries:
        values = stored.get(code, DEFAULT_POLICY)
        for name in POLICY_NAMES:
            click.echo(_line(code, name, values))


@policy.command("set", help=thai.HELP["policy set"])
@click.argument("name")
@click.argument("value")
@click.option("--ministry", metavar="CODE", required=True, help=thai.OPTION["ministry"])
@click.pass_obj
def set_(runtime: Runtime, name: str, value: str, ministry: str) -> None:
    """Set one value, audited."""
    real_now = runtime.clock.real_now()  # first: the clock itself may have something to write
    try:
        with runtime.database.write() as session:
            set_policy(session, ministry, name, value, real_now)
            values = load_policies(session).get(ministry, DEFAULT_POLICY)
    except UnknownPolicy as error:
        raise click.ClickException(thai.unknown_policy(name, ", ".join(POLICY_NAMES))) from error
    except UnknownMinistry as error:
        raise click.ClickException(thai.unknown_ministry(ministry)) from error
    except ValueError as error:
        raise click.ClickException(thai.bad_policy_value(name, value)) from error
    click.echo(_line(ministry, name, values))


def _line(ministry: str, name: str, values: ReminderPolicy) -> str:
    value = as_text(values, name)
    return thai.policy_line(ministry, name, value, is_default=value == as_text(DEFAULT_POLICY, name))

"""``emenscr-bot db``."""

from __future__ import annotations

import click
from alembic.util import CommandError

from bot.cli.commands import ThaiGroup
from bot.runtime import Runtime
from messages_th import cli as thai
from storage.schema import upgrade as upgrade_schema


@click.group(cls=ThaiGroup, help=thai.HELP["db"])
def db() -> None:
    """Group the commands of the schema."""


@db.command(help=thai.HELP["db upgrade"])
@click.pass_obj
def upgrade(runtime: Runtime) -> None:
    """Create or migrate the schema."""
    runtime.any_database.dispose()  # it is reachable
    try:
        upgrade_schema(runtime.settings.database_url)
    except CommandError as error:  # Alembic does not know the revision that it finds
        raise click.ClickException(thai.SCHEMA_TOO_NEW) from error
    click.echo(thai.SCHEMA_CURRENT)

"""The command ``emenscr-bot``. Exit 0 fine, 1 refused or found wrong, 2 misuse."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import closing
from typing import NoReturn

import click
from sqlalchemy.exc import OperationalError

from bot.cli.apikey import apikey
from bot.cli.ask import ask
from bot.cli.commands import ThaiGroup
from bot.cli.db import db
from bot.cli.doctor import doctor
from bot.cli.export import export
from bot.cli.import_ import import_command
from bot.cli.invite import invite
from bot.cli.outbox import outbox
from bot.cli.policy import policy
from bot.cli.processes import clock, run, serve, worker
from bot.cli.remind import rehearse, remind
from bot.cli.richmenu import richmenu
from bot.cli.understand import understand_command
from bot.memory import collect_less_often
from bot.runtime import DatabaseUnreachable, LineNotConfigured, Runtime, SchemaNotCurrent
from bot.settings import SettingsError
from messages_th import cli as thai

INTERRUPTED = 130
"""What a shell expects of a program that Ctrl-C ended."""

_ADVICE: Mapping[type[Exception], str] = {
    DatabaseUnreachable: thai.DATABASE_UNREACHABLE,
    OperationalError: thai.DATABASE_UNREACHABLE,
    SchemaNotCurrent: thai.SCHEMA_NOT_CURRENT,
    LineNotConfigured: thai.LINE_NOT_CONFIGURED,
}


@click.group(cls=ThaiGroup, help=thai.PROGRAM)
def cli() -> None:
    """Hold all commands; each gets the ``Runtime`` of this process."""


for command in (
    db,
    import_command,
    invite,
    export,
    remind,
    understand_command,
    rehearse,
    policy,
    apikey,
    serve,
    worker,
    clock,
    run,
    outbox,
    ask,
    richmenu,
    doctor,
):
    cli.add_command(command)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and end the process with its exit code."""
    collect_less_often()
    sys.exit(_exit_code(arguments))


def _exit_code(arguments: list[str] | None) -> int:
    """Run a command and return its exit code; whatever is wrong in the known ways is said on standard error."""
    try:
        with closing(Runtime()) as runtime:
            code = cli.main(arguments, prog_name="emenscr-bot", standalone_mode=False, obj=runtime)
    except click.ClickException as error:
        return _fail(_worded(error), error.exit_code)
    except click.Abort:
        return INTERRUPTED
    except SettingsError as error:
        return _fail("\n".join(thai.bad_settings(error.problems)), 2)
    except tuple(_ADVICE) as error:
        return _fail(next(advice for kind, advice in _ADVICE.items() if isinstance(error, kind)), 1)
    return code if isinstance(code, int) else 0


def _worded(error: click.ClickException) -> str:
    if isinstance(error, click.UsageError) and not isinstance(error, click.exceptions.NoArgsIsHelpError):
        return thai.see_help(error.format_message(), error.ctx.command_path if error.ctx else "emenscr-bot")
    return error.format_message()


def _fail(message: str, code: int) -> int:
    click.echo(message, err=True)
    return code

"""The command ``emenscr-bot``. Exit 0 fine, 1 refused or found wrong, 2 misuse."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import closing
from importlib import import_module
from typing import NoReturn

import click
from sqlalchemy.exc import OperationalError

from bot.cli.commands import ThaiGroup
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


_COMMANDS: Mapping[str, str] = {
    "apikey": "bot.cli.apikey:apikey",
    "ask": "bot.cli.ask:ask",
    "clock": "bot.cli.processes:clock",
    "db": "bot.cli.db:db",
    "doctor": "bot.cli.doctor:doctor",
    "export": "bot.cli.export:export",
    "import": "bot.cli.import_:import_command",
    "invite": "bot.cli.invite:invite",
    "outbox": "bot.cli.outbox:outbox",
    "policy": "bot.cli.policy:policy",
    "rehearse": "bot.cli.remind:rehearse",
    "remind": "bot.cli.remind:remind",
    "richmenu": "bot.cli.richmenu:richmenu",
    "run": "bot.cli.processes:run",
    "serve": "bot.cli.processes:serve",
    "understand": "bot.cli.understand:understand_command",
    "worker": "bot.cli.processes:worker",
}


class _Program(ThaiGroup):
    """Loads a command when somebody wants it: to load them all takes longer than most of them run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own
        """Return the names of all commands."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's own
        """Return a command by its name; None: there is no such command."""
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=_Program, help=thai.PROGRAM)
def cli() -> None:
    """Hold all commands; each gets the ``Runtime`` of this process."""


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

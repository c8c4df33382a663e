"""Commands whose help and complaints are Thai throughout, and the parameter types they share."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import click

from messages_th import cli as thai

_YEARS = range(2000, 2200)
"""C.E. years that a date may have: a B.E. year typed by mistake lies outside."""


class ThaiCommand(click.Command):
    """A command with Thai help, which says in Thai what is wrong with its arguments."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"options_metavar": thai.OPTIONS_METAVAR, **kwargs})

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments.

        Raises:
            click.UsageError: worded in Thai.
        """
        try:
            return super().parse_args(ctx, args)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            raise click.UsageError(_in_thai(error), error.ctx or ctx) from error

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=f"{thai.USAGE}: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options; arguments are in the usage line and explained by the text."""
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        records = [record for option in options if (record := option.get_help_record(ctx)) is not None]
        with formatter.section(thai.OPTIONS):
            formatter.write_dl([(name, _extras_in_thai(text)) for name, text in records])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help`` with a Thai explanation."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = thai.HELP_OPTION
        return option


class ThaiGroup(ThaiCommand, click.Group):
    """A group with Thai help, for commands that are Thai themselves."""

    command_class = ThaiCommand
    group_class = type

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"subcommand_metavar": thai.COMMAND_METAVAR, **kwargs})

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is meant.

        Raises:
            click.UsageError: there is none, in Thai.
        """
        if args and self.get_command(ctx, args[0]) is None:
            raise click.UsageError(thai.no_such_command(args[0]), ctx)
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands."""
        super().format_options(ctx, formatter)
        with formatter.section(thai.COMMANDS):
            commands = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
            formatter.write_dl([(name, known.get_short_help_str(200)) for name, known in commands.items() if known])


def _extras_in_thai(text: str) -> str:
    """Word what click adds to an option's text: ``[1<=x<=4; required]``."""
    return re.sub(r"(\d+)<=x<=(\d+)", r"\1–\2", text).replace("required]", f"{thai.REQUIRED}]")


def _in_thai(error: click.UsageError) -> str:
    """Say what click found wrong; the words of our own types are Thai already."""
    match error:
        case click.NoSuchOption(option_name=name):
            return thai.no_such_option(name)
        case click.BadOptionUsage(option_name=name):
            return thai.option_without_value(name)
        case click.MissingParameter(param=click.Parameter() as param):
            return thai.missing(_name(param))
        case click.BadParameter(param=click.Parameter() as param):
            return thai.bad_value(_name(param), _expected(param.type) or error.message)
        case _:
            return thai.UNEXPECTED_ARGUMENTS


def _name(param: click.Parameter) -> str:
    return param.opts[0] if isinstance(param, click.Option) else param.make_metavar(click.get_current_context())


def _expected(kind: click.ParamType[Any]) -> str:
    match kind:
        case click.Choice(choices=choices):
            return thai.one_of(map(str, choices))
        case click.IntRange(min=int(lowest), max=int(highest)):
            return thai.whole_number(lowest, highest)
        case click.Path():
            return thai.FILE_EXPECTED
        case _:
            return ""


class Instant(click.ParamType[datetime]):
    """An ISO 8601 instant with its offset."""

    name = "INSTANT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the aware datetime; refuse what has no offset."""
        if isinstance(value, datetime):
            return value
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            self.fail(thai.BAD_INSTANT, param, ctx)
        if instant.tzinfo is None or instant.year not in _YEARS:
            self.fail(thai.BAD_INSTANT, param, ctx)
        return instant


class Day(click.ParamType[date]):
    """A day (C.E.) in ISO 8601."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day."""
        if isinstance(value, date):
            return value
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.fail(thai.BAD_DAY, param, ctx)
        if day.year not in _YEARS:
            self.fail(thai.BAD_DAY, param, ctx)
        return day


INSTANT = Instant()
DAY = Day()


def format_option(function: Any) -> Any:
    """Add ``--format text|json``; with json, standard output holds that document alone."""
    return click.option(
        "--format", "output", type=click.Choice(["text", "json"]), default="text", help=thai.OPTION["format"]
    )(function)

"""``python -m bot.demo``: runs the demo until Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from contextlib import chdir, closing, suppress
from datetime import date, datetime, time
from typing import Any

import click

from bot.cli.commands import ThaiCommand
from bot.demo.line import emulated_line, free_port, is_free
from bot.demo.running import environment, fill_database, replace_environment, run_until_stopped, set_up_line
from bot.runtime import Runtime
from bot.settings import Environment
from domain.fiscal import BUDDHIST_ERA_OFFSET
from domain.reminders import BANGKOK
from messages_th import cli as cli_words
from messages_th import demo as thai
from messages_th.days import read_days

FIRST_DAY = date(2023, 3, 20)
BEFORE_DIGESTS = time(8, 29, 45)
PORT = 8100


class _Day(click.ParamType[date]):
    """A day as people write it, of either era: ``2566-04-03``, ``2023-04-03``, or as in the chat."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day."""
        if isinstance(value, date):
            return value
        said = read_days(value, FIRST_DAY)
        try:
            year, month, day = (0, 0, 0) if said else map(int, value.split("-"))
            found = said[0] if said else date(year - BUDDHIST_ERA_OFFSET if year > 2200 else year, month, day)
        except ValueError:
            found = date.min
        if not 2000 <= found.year < 2200:
            self.fail(thai.BAD_DAY, param, ctx)
        return found


@click.command(cls=ThaiCommand, help=thai.HELP)
@click.option("--from", "day", type=_Day(), default=FIRST_DAY, help=thai.FROM_OPTION)
@click.option("--port", type=click.IntRange(1, 65_535), default=PORT, help=thai.PORT_OPTION)
def demo(day: date, port: int) -> None:
    """Run the demo from the morning of a day on, with the phones' page on a port, or on a free one if that is taken."""
    if os.environ.get("APP_ENV") == Environment.PRODUCTION:
        raise click.ClickException(thai.NOT_IN_PRODUCTION)
    run(datetime.combine(day, BEFORE_DIGESTS, BANGKOK), port)


def run(starts_at: datetime, port: int) -> None:
    """Run the demo until Ctrl-C or SIGTERM.

    Raises:
        SystemExit: something that it cannot do without ended; it has said what.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C, also before the supervisor listens
    click.echo(thai.STARTING)
    if not is_free(port):
        click.echo(thai.other_port(port))
        port = free_port()
    with (
        suppress(KeyboardInterrupt),
        tempfile.TemporaryDirectory(prefix="emenscr-demo-") as folder,
        emulated_line(port) as line,
        chdir(folder),  # where no .env is
        closing(Runtime()) as runtime,
    ):
        replace_environment(environment(f"sqlite:///{folder}/emenscr.db", line, free_port(), starts_at))
        fill_database(runtime)  # while the simulator starts
        line.wait_until_it_listens()
        set_up_line(runtime, line)
        run_until_stopped(runtime, line)
    click.echo(thai.ENDED)


def main() -> None:
    """Run the command and end the process with its exit code."""
    try:
        demo.main(prog_name="python -m bot.demo", standalone_mode=False)
    except click.UsageError as error:
        sys.exit(cli_words.see_help(error.format_message(), "python -m bot.demo"))
    except click.ClickException as error:
        sys.exit(error.format_message())


if __name__ == "__main__":
    main()

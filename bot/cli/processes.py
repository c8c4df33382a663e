"""``emenscr-bot serve``, ``worker``, ``clock`` and ``run``."""

from __future__ import annotations

from functools import partial

import click
from flask import Flask

from bot.app import create_app
from bot.cli.commands import ThaiCommand
from bot.notices import NoticeFreezer
from bot.runtime import Runtime
from bot.server import WebServer
from bot.settings import Settings
from bot.supervisor import Supervisor, bot_command
from domain.clock import Clock
from messages_th import cli as thai
from scheduler.clock import ClockProcess, Ticker
from scheduler.worker import Worker
from storage.database import Database


@click.command(cls=ThaiCommand, help=thai.HELP["serve"])
@click.pass_obj
def serve(runtime: Runtime) -> None:
    """Serve the web until a signal ends it."""
    settings, clock = runtime.settings, runtime.clock
    runtime.close()  # the web workers are forked: each opens a database of its own
    make_app = partial(_make_app, settings, clock)
    WebServer(make_app, settings.port, settings.web_concurrency).run()


def _make_app(settings: Settings, clock: Clock) -> Flask:
    return create_app(settings, Database(settings.database_url), clock)


@click.command(cls=ThaiCommand, help=thai.HELP["worker"])
@click.option("--drain", is_flag=True, help=thai.OPTION["drain"])
@click.pass_obj
def worker(runtime: Runtime, drain: bool) -> None:  # noqa: FBT001 - click passes by name
    """Send what is in the outbox until a signal ends it."""
    Worker(runtime.database, runtime.line_connector(), NoticeFreezer(), runtime.clock).run(drain=drain)


@click.command(cls=ThaiCommand, help=thai.HELP["clock"])
@click.pass_obj
def clock(runtime: Runtime) -> None:
    """Look every minute what is due until a signal ends it."""
    ClockProcess(Ticker(runtime.database, runtime.clock)).run()


@click.command(cls=ThaiCommand, help=thai.HELP["run"])
@click.pass_obj
def run(runtime: Runtime) -> None:
    """Run web, worker and clock together until a signal ends them."""
    _ = runtime.clock  # before the processes start, so that they find one shift of business time
    runtime.close()
    runtime.line_connector()
    Supervisor({name: bot_command(name) for name in ("serve", "worker", "clock")}).run()

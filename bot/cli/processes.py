"""``emenscr-bot serve``, ``worker``, ``clock`` and ``run``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import click
from flask import Flask

from bot.app import create_app
from bot.cli.commands import ThaiCommand
from bot.clock import shared_clock
from bot.conversations import open_conversations
from bot.inbox_keeper import InboxKeeper
from bot.line_thread import Connect
from bot.notices import NoticeFreezer
from bot.pages.links import links_of
from bot.runtime import LineNotConfigured, Runtime
from bot.server import WebServer
from bot.settings import Settings
from bot.supervisor import Supervisor, bot_command
from messages_th import cli as thai
from scheduler.clock import ClockProcess, Ticker
from scheduler.menus import MenuGiver
from scheduler.sender import DEFAULT_PACE
from scheduler.worker import Worker
from storage.database import Database

_WATCH_SECONDS = 0.02
"""How often the clock process looks whether a developer has moved business time."""
_MOVABLE_PACE = replace(DEFAULT_PACE, idle_seconds=0.05, quota_check_seconds=0.5)
"""Time that can be moved does not stand still for half a second at each message, nor the month's quota for a minute."""


@click.command(cls=ThaiCommand, help=thai.HELP["serve"])
@click.pass_obj
def serve(runtime: Runtime) -> None:
    """Serve the web until a signal ends it."""
    settings = runtime.settings
    _ = runtime.clock  # a faulty shift of business time is told here, and not by each worker
    try:
        connect = runtime.line_connector()
    except LineNotConfigured:
        connect = None  # health and pages work nevertheless; `doctor` tells what is missing
    runtime.close()  # the web workers are forked: each opens a database of its own
    make_app = partial(_make_app, settings, connect)
    WebServer(make_app, settings.bind_host, settings.port, settings.web_concurrency).run()


def _make_app(settings: Settings, connect: Connect | None) -> tuple[Flask, Callable[[], None]]:
    database = Database(settings.database_url)
    clock = shared_clock(database, settings.bot_now)
    if connect is None:
        return create_app(settings, database, clock), database.dispose
    conversations = open_conversations(database, clock, connect, links_of(settings, database, clock))
    return create_app(settings, database, clock, conversations), conversations.close


@click.command(cls=ThaiCommand, help=thai.HELP["worker"])
@click.option("--drain", is_flag=True, help=thai.OPTION["drain"])
@click.pass_obj
def worker(runtime: Runtime, drain: bool) -> None:  # noqa: FBT001 - click passes by name
    """Handle what waits in the inbox and send what is in the outbox until a signal ends it."""
    database, clock = runtime.database, runtime.clock
    connect = runtime.line_connector()
    links = links_of(runtime.settings, database, clock)
    conversations = open_conversations(database, clock, connect, links)
    keeper = InboxKeeper(database, conversations, clock)
    if drain:
        keeper.drain()
        conversations.close()
    companions = [MenuGiver(database, clock).keep, keeper.keep]
    pace = DEFAULT_PACE if runtime.settings.bot_now is None else _MOVABLE_PACE
    Worker(database, connect, NoticeFreezer(), clock, pace, companions).run(drain=drain)


@click.command(cls=ThaiCommand, help=thai.HELP["clock"])
@click.pass_obj
def clock(runtime: Runtime) -> None:
    """Look every minute what is due until a signal ends it."""
    watch_seconds = None if runtime.settings.bot_now is None else _WATCH_SECONDS
    ClockProcess(Ticker(runtime.database, runtime.clock), watch_seconds=watch_seconds).run()


@click.command(cls=ThaiCommand, help=thai.HELP["run"])
@click.pass_obj
def run(runtime: Runtime) -> None:
    """Run web, worker and clock together until a signal ends them."""
    _ = runtime.clock  # before the processes start, so that they find one shift of business time
    runtime.close()
    runtime.line_connector()
    Supervisor({name: bot_command(name) for name in ("serve", "worker", "clock")}).run()

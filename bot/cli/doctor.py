"""``emenscr-bot doctor``: one line a check, with the cure."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from http import HTTPStatus

import click

from bot.cli.commands import ThaiCommand
from bot.line_client import BotInfo, LineClient, WebhookEndpoint
from bot.logs import configure_logging
from bot.pages.links import OPEN
from bot.rich_menus.draw import missing_fonts
from bot.runtime import DatabaseUnreachable, LineNotConfigured, Runtime
from bot.settings import LogLevel, SettingsError
from domain.quota import Quota
from messages_th import doctor as thai
from messages_th.cli import HELP, bad_settings
from messages_th.doctor import Finding
from scheduler.line_port import Answer, NoAnswer
from scheduler.stopping import stop_reason
from scheduler.watchdog import CLOCK_LATE_AFTER, SENDER_LATE_AFTER, last_tick_age, oldest_due_age
from storage.schema import is_current


@click.command(cls=ThaiCommand, help=HELP["doctor"])
@click.pass_obj
def doctor(runtime: Runtime) -> None:
    """Check everything that has to work; exit 1 when something does not."""
    healthy = True
    for finding in _findings(runtime):
        healthy = healthy and finding.is_fine
        click.echo(thai.line(finding))
    if not healthy:
        raise click.exceptions.Exit(1)


def _findings(runtime: Runtime) -> Iterator[Finding]:
    try:
        settings = runtime.settings
    except SettingsError as error:
        yield from map(thai.setting_bad, bad_settings(error.problems))
        return
    yield thai.settings_good()
    yield thai.fonts(missing_fonts())
    if settings.liff_id is not None:
        yield thai.liff(settings.public_url and f"{settings.public_url}{OPEN}")
    # Each failure has its line here; the calls themselves would only clutter the list.
    configure_logging(settings.model_copy(update={"log_level": LogLevel.ERROR}))
    yield from _database(runtime)
    yield from asyncio.run(_line(runtime))


def _database(runtime: Runtime) -> Iterator[Finding]:
    try:
        database = runtime.any_database
    except DatabaseUnreachable as error:
        yield thai.database_away(str(error))
        return
    yield thai.database_good(database.engine.dialect.name)
    if not is_current(database.engine):
        yield thai.migrations_missing()
        return
    yield thai.migrations_good()
    clock = runtime.clock
    with database.read() as session:
        tick = last_tick_age(session, clock.real_now())
        waiting = oldest_due_age(session, clock.now())
        stopped = stop_reason(session)
    yield thai.clock(tick, is_late=tick is None or tick > CLOCK_LATE_AFTER)
    yield thai.outbox(waiting, is_late=waiting is not None and waiting > SENDER_LATE_AFTER, stopped=stopped)


async def _line(runtime: Runtime) -> list[Finding]:
    try:
        connect = runtime.line_connector()
    except LineNotConfigured:
        return [thai.line_not_configured()]
    public_url = runtime.settings.public_url
    async with connect() as line:
        return [finding async for finding in _ask(line, public_url and f"{public_url}/callback")]


async def _ask(line: LineClient, callback: str | None) -> AsyncIterator[Finding]:
    match await line.bot_info():
        case BotInfo() as info:
            yield thai.token_good(info.display_name, info.basic_id)
        case Answer(status=HTTPStatus.BAD_REQUEST | HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN as status):
            yield thai.token_refused(status)
            return
        case Answer(status=status):
            yield thai.line_unreachable(f"HTTP {status}")
            return
        case NoAnswer(reason=reason):
            yield thai.line_unreachable(reason)
            return
    match await line.webhook_endpoint():
        case WebhookEndpoint() as webhook:
            yield thai.webhook(webhook.url, is_active=webhook.active, expected=callback)
        case Answer(status=HTTPStatus.NOT_FOUND):
            yield thai.webhook_unset()
        case _:
            yield thai.webhook_unknown()
    match await line.quota():
        case Quota() as quota:
            yield thai.quota(quota.limit, quota.used)
        case _:
            yield thai.quota_unknown()

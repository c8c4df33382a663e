"""The bot of the demo: its database filled, its processes running beside the emulated LINE."""

from __future__ import annotations

import asyncio
import os
import threading
import urllib.request
from collections.abc import Mapping
from datetime import datetime

import click

from bot.demo.line import CHANNEL_ID, LOOPBACK, EmulatedLine
from bot.demo.ministry import FILES, hand_out_phones, invite_newcomer, line_user_id
from bot.demo.tour import CAST, tour
from bot.rich_menus.line import RichMenuLine
from bot.rich_menus.sync import Sync
from bot.runtime import Runtime
from bot.settings import Settings
from bot.supervisor import Supervisor, bot_command
from domain.reminders import BANGKOK
from messages_th import demo as thai
from messages_th import spreadsheets
from storage import schema
from storage.imports.importing import import_files

_LOOK_SECONDS = 0.1


def environment(database_url: str, line: EmulatedLine, port: int, starts_at: datetime) -> Mapping[str, str]:
    """Return the settings of the demo's bot: its web process on ``port``, business time beginning at ``starts_at``.

    With them goes what keeps its requests on this machine where an office's proxy is set.
    """
    return {
        "DATABASE_URL": database_url,
        "LINE_API_BASE": line.address,
        "LINE_CHANNEL_ID": CHANNEL_ID,
        "LINE_CHANNEL_SECRET": line.channel_secret,
        "LINE_CHANNEL_ACCESS_TOKEN": line.access_token,
        "BOT_NOW": starts_at.isoformat(),
        "BIND_HOST": LOOPBACK,
        "PORT": str(port),
        "PUBLIC_URL": f"http://{LOOPBACK}:{port}",
        "WEB_CONCURRENCY": "1",
        "LOG_LEVEL": "WARNING",
        "no_proxy": "*",
    }


def replace_environment(settings: Mapping[str, str]) -> None:
    """Put these in the place of all settings of this process and of those that it starts.

    What somebody has set for a bot of their own has no place in a demo: its secrets, its LIFF app on the real LINE.
    """
    for name in list(os.environ):
        if name.lower().removesuffix("_file") in Settings.model_fields:
            del os.environ[name]
    os.environ.update(settings)


def fill_database(runtime: Runtime) -> None:
    """Create the database and import the sample ministry's spreadsheets, as an office does.

    Raises:
        SystemExit: they cannot be imported; it says how to see why.
    """
    schema.upgrade(runtime.settings.database_url)
    clock = runtime.clock
    report = import_files(
        runtime.database, [FILES], spreadsheets, now=clock.now(), real_now=clock.real_now(), dry_run=False
    )
    if report.errors:
        raise SystemExit(thai.MINISTRY_REFUSED)


def set_up_line(runtime: Runtime, line: EmulatedLine) -> None:
    """Give everybody a phone, lay out the tour, and let what phones do go to the bot, again while it is starting."""
    now = runtime.clock.now().astimezone(BANGKOK)
    line.put("/sim/clock", {"now": now.isoformat()})
    hand_out_phones(runtime.database, line, now)
    line.put("/sim/cast", {"people": list(map(line_user_id, CAST))})
    line.put("/sim/tour", tour(runtime.database, now))
    line.put("/sim/behaviour", {"redelivers": True, "redeliveryPause": 3.0})
    line.put("/v2/bot/channel/webhook/endpoint", {"endpoint": f"{runtime.settings.public_url}/callback"})


def run_until_stopped(runtime: Runtime, line: EmulatedLine) -> None:
    """Run the bot's processes until a signal; the rich menus are drawn while they start.

    Raises:
        SystemExit: the simulator, which alone knows what stands in the chats, has ended.
    """
    supervisor = Supervisor({name: bot_command(name) for name in ("serve", "worker", "clock")})
    stopped = threading.Event()

    def open_to_visitors() -> None:
        asyncio.run(_draw_menus(runtime))
        while not stopped.wait(_LOOK_SECONDS):
            if _answers(f"{runtime.settings.public_url}/healthz"):
                code = invite_newcomer(runtime.database, line)
                click.echo(thai.ready(line.address, runtime.clock.now().astimezone(BANGKOK), code))
                return

    def stop_with_line() -> None:
        line.process.wait()
        supervisor.stop()

    opening = threading.Thread(target=open_to_visitors)
    try:
        opening.start()
        threading.Thread(target=stop_with_line, daemon=True).start()
        supervisor.run()
    finally:
        stopped.set()
        opening.join()
    if line.process.poll() is not None:
        raise SystemExit(thai.PHONES_DIED)


async def _draw_menus(runtime: Runtime) -> None:
    async with runtime.line_connector()() as line:
        async for _ in Sync(runtime.database, RichMenuLine(line), runtime.clock).run():
            pass


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own web process
            return True
    except OSError:
        return False

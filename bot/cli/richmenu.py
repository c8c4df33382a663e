"""``emenscr-bot richmenu``: the menus below the chat, on LINE or as pictures."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from bot.cli.commands import ThaiGroup
from bot.rich_menus.draw import FontsMissing, draw
from bot.rich_menus.line import HourlyLimitReached, MenuCallFailed, Rehearsal, RichMenuLine
from bot.rich_menus.sync import Change, Sync
from bot.runtime import Runtime
from domain.reminders import BANGKOK
from messages_th.cli import HELP, OPTION
from messages_th.rich_menus import menus, progress
from storage.menus import role_sets


@click.group(cls=ThaiGroup, help=HELP["richmenu"])
def richmenu() -> None:
    """Group the commands of rich menus."""


@richmenu.command(help=HELP["richmenu render"])
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def render(runtime: Runtime, folder: Path) -> None:
    """Draw every menu that people need as a PNG file."""
    with runtime.database.read() as session:
        wanted = menus(role_sets(session, runtime.clock.now().astimezone(BANGKOK).date()))
    folder.mkdir(parents=True, exist_ok=True)
    for menu in wanted:
        path = folder / f"{menu.name}.png"
        try:
            path.write_bytes(png := draw(menu))
        except FontsMissing as missing:
            raise click.ClickException(progress.fonts_missing(str(missing))) from missing
        click.echo(progress.drawn(str(path), len(png) / 1000))


@richmenu.command(help=HELP["richmenu sync"])
@click.option("--dry-run", is_flag=True, help=OPTION["dry_run"])
@click.pass_obj
def sync(runtime: Runtime, dry_run: bool) -> None:  # noqa: FBT001 - click passes by name
    """Bring LINE in step; exit 1 when something is left to do."""
    try:
        changes = asyncio.run(_sync(runtime, dry_run=dry_run))
    except HourlyLimitReached as limit:
        raise click.ClickException(progress.HOURLY_LIMIT) from limit
    except MenuCallFailed as failure:
        raise click.ClickException(progress.failed(failure.call, failure.why)) from failure
    except FontsMissing as missing:
        raise click.ClickException(progress.fonts_missing(str(missing))) from missing
    if dry_run:
        click.echo(progress.REHEARSED)
    elif Change.REMOVAL_PUT_OFF in changes:
        raise click.exceptions.Exit(1)
    else:
        click.echo(progress.FINISHED if changes else progress.NOTHING_TO_DO)


async def _sync(runtime: Runtime, *, dry_run: bool) -> list[Change]:
    changes = []
    async with runtime.line_connector()() as line:
        menus_on_line = Rehearsal(line) if dry_run else RichMenuLine(line)
        async for done in Sync(runtime.database, menus_on_line, runtime.clock).run():
            click.echo(progress.step(done.change, done.name, done.count))
            changes.append(done.change)
    return changes

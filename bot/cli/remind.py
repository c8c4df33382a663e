"""``emenscr-bot remind`` and ``rehearse``."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from bot.cli.commands import DAY, INSTANT, ThaiCommand, format_option
from bot.clock import FixedClock
from bot.runtime import Runtime
from domain.clock import Clock
from handlers.readers import reader_of
from handlers.reminders import digest_message
from messages_th import cli as thai
from scheduler.reminders import PlannedReminder, due_reminders, queue_reminders
from scheduler.reminders import rehearse as rehearse_reminders
from storage.queries.readers import unit_names
from storage.quota import known_quota

LONGEST_REHEARSAL = timedelta(days=1100)


@click.command(cls=ThaiCommand, help=thai.HELP["remind"])
@click.option("--at", type=INSTANT, help=thai.OPTION["at"])
@click.option("--dry-run", is_flag=True, help=thai.OPTION["dry_run"])
@format_option
@click.pass_obj
def remind(runtime: Runtime, at: datetime | None, dry_run: bool, output: str) -> None:  # noqa: FBT001 - click passes by name
    """Put everything that is due by then into the outbox, and print it."""
    clock: Clock = runtime.clock if at is None else FixedClock(at)
    if dry_run:
        with runtime.database.read() as session:
            reminders = due_reminders(session, clock.now())
    else:
        reminders = queue_reminders(runtime.database, clock)
    with runtime.database.read() as session:
        names = unit_names(session)
    if output == "json":
        click.echo(json.dumps([_described(r, names) for r in reminders], ensure_ascii=False, indent=1))
        return
    _print_lines(reminders, names)
    if not reminders:
        click.echo(thai.NOTHING_DUE)
    elif not dry_run:
        unlinked = sum(reminder.reader.line_user_id is None for reminder in reminders)
        click.echo(thai.queued(len(reminders), unlinked))


@click.command(cls=ThaiCommand, help=thai.HELP["rehearse"])
@click.option("--from", "first", type=DAY, required=True, help=thai.OPTION["from"])
@click.option("--to", "last", type=DAY, required=True, help=thai.OPTION["to"])
@format_option
@click.pass_obj
def rehearse(runtime: Runtime, first: date, last: date, output: str) -> None:
    """Print every reminder of these days on the supposition that nobody acts; nothing is written."""
    if not timedelta(0) <= last - first <= LONGEST_REHEARSAL:
        raise click.UsageError(thai.BAD_SPAN)
    bar = Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
    with runtime.database.read() as session, bar as progress:
        days = progress.add_task("", total=(last - first).days + 1)
        reminders: list[PlannedReminder] = []
        for reminder in rehearse_reminders(session, first, last):
            reminders.append(reminder)
            progress.update(days, completed=(reminder.digest.at.date() - first).days)
        names, quota = unit_names(session), known_quota(session)
    months = _months(first, last, reminders)
    limit = None if quota is None else quota.limit
    if output == "json":
        document = {
            "messages": [_described(r, names) for r in reminders],
            "months": [{"month": month, "messages": count, "quota": limit} for month, count in months.items()],
        }
        click.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    _print_lines(reminders, names, with_day=True)
    for month, count in months.items():
        click.echo(thai.month_line(month, count, limit))


def _described(reminder: PlannedReminder, names: Mapping[str, str]) -> dict[str, Any]:
    digest = reminder.digest
    return {
        "person": digest.person,
        "linked": reminder.reader.line_user_id is not None,
        "at": digest.at.isoformat(),
        "topics": [
            {
                "kind": topic.occasion.kind,
                "stage": topic.stage,
                "fiscal_year": topic.occasion.fiscal_year,
                "quarter": topic.occasion.quarter,
                "step": topic.step,
                "count": topic.count,
            }
            for topic in digest.topics
        ],
        "alt": digest_message(digest, reader_of(reminder.reader), names).alt,
    }


def _print_lines(reminders: Iterable[PlannedReminder], names: Mapping[str, str], *, with_day: bool = False) -> None:
    for reminder in reminders:
        day = f"{reminder.digest.at:%Y-%m-%d} " if with_day else ""
        alt = digest_message(reminder.digest, reader_of(reminder.reader), names).alt
        linked = reminder.reader.line_user_id is not None
        click.echo(day + thai.reminder_line(reminder.digest.person, alt, linked=linked))


def _months(first: date, last: date, reminders: Iterable[PlannedReminder]) -> Mapping[str, int]:
    """Count one message per digest and recipient, as LINE does; months without any count 0."""
    counts = Counter(f"{reminder.digest.at:%Y-%m}" for reminder in reminders)
    months, day = [], first.replace(day=1)
    while day <= last:
        months.append(f"{day:%Y-%m}")
        day = (day + timedelta(days=31)).replace(day=1)
    return {month: counts[month] for month in months}

"""``emenscr-bot ask``: what a person would get for a sentence."""

from __future__ import annotations

from datetime import datetime

import click

from bot.cli.commands import INSTANT, ThaiCommand
from bot.clock import FixedClock
from bot.pages.links import links_of
from bot.runtime import Runtime
from domain.clock import Clock
from domain.reminders import BANGKOK
from handlers.conversation import Request, Said
from handlers.dispatch import turn_of
from messages_th import cli as thai
from storage.queries.readers import people_reading
from storage.reference import load_reference


@click.command(cls=ThaiCommand, help=thai.HELP["ask"])
@click.argument("text")
@click.option("--person", required=True, help=thai.OPTION["person"])
@click.option("--at", type=INSTANT, help=thai.OPTION["at"])
@click.pass_obj
def ask(runtime: Runtime, text: str, person: str, at: datetime | None) -> None:
    """Print the messages that answer ``text`` as a JSON array; nothing is sent, and what it would change is undone."""
    clock: Clock = runtime.clock if at is None else FixedClock(at)
    links = links_of(runtime.settings, runtime.database, clock)
    today = clock.now().astimezone(BANGKOK).date()
    with runtime.database.read() as session:
        asker = people_reading(session, [person], today).get(person)
        if asker is None:
            raise click.ClickException(thai.unknown_person(person))
        reference = load_reference(session, today)
        request = Request(session, reference, asker, "", clock.now(), clock.real_now(), links)
        click.echo(turn_of(request, Said(text)).run(request).body())

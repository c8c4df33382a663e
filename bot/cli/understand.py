"""``emenscr-bot understand``: what each line of standard input means, as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import click
from sqlalchemy import select

from bot.cli.commands import ThaiCommand
from bot.runtime import Runtime
from domain.organisation import UnitLevel
from messages_th.cli import HELP
from messages_th.understanding import understand
from messages_th.understanding.agencies import Agency, AgencyNames
from messages_th.understanding.intents import Slots, Understood
from storage.tables import Unit


@click.command("understand", cls=ThaiCommand, help=HELP["understand"])
@click.pass_obj
def understand_command(runtime: Runtime) -> None:
    """Print the meaning of each line; nobody in particular asks, so every ministry's agencies are equally near."""
    with runtime.database.read() as session:
        units = session.execute(
            select(Unit.short_name, Unit.name)
            .where(
                Unit.level.in_((UnitLevel.MINISTRY, UnitLevel.AGENCY)),
                Unit.merged_into_id.is_(None),
                Unit.short_name != "",
            )
            .order_by(Unit.code)
        ).all()
    names = AgencyNames(Agency(short_name, name) for short_name, name in units)
    for utterance in _lines():
        click.echo(json.dumps(_shown(understand(utterance, names)), ensure_ascii=False))


def _lines() -> Iterator[str]:
    """Yield the lines of standard input; bytes that are no UTF-8 are read as the character for the unreadable."""
    for line in sys.stdin.buffer:
        yield line.decode(errors="replace").removesuffix("\n").removesuffix("\r")


def _shown(understood: Understood) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "utterance": understood.utterance,
        "intent": understood.intent,
        "slots": {name: value for name in Slots.__slots__ if (value := getattr(understood.slots, name)) is not None},
        "confidence": understood.confidence,
    }
    if understood.intent is None:
        shown["choices"] = list(understood.choices)
    if understood.extra:
        shown["extra"] = dict(understood.extra)
    return shown

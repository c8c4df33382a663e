"""``emenscr-bot outbox``."""

from __future__ import annotations

import json

import click

from bot.cli.commands import ThaiGroup, format_option
from bot.runtime import Runtime
from messages_th import cli as thai
from storage import outbox as messages
from storage.tables.messaging import OutboxState

_WAITING = (OutboxState.DUE, OutboxState.SENDING, OutboxState.PARKED)
_LARGEST_ID = 2**63 - 1


@click.group(cls=ThaiGroup, invoke_without_command=True, help=thai.HELP["outbox"])
@click.option("--state", type=click.Choice([s.value for s in OutboxState]), help=thai.OPTION["state"])
@format_option
@click.pass_context
def outbox(context: click.Context, state: str | None, output: str) -> None:
    """Print what is waiting or parked, or what is in one state."""
    if context.invoked_subcommand is not None:
        return
    runtime: Runtime = context.obj
    with runtime.database.read() as session:
        listed = messages.listing(session, [OutboxState(state)] if state else _WAITING)
    if output == "json":
        click.echo(json.dumps([_described(m) for m in listed], ensure_ascii=False, indent=1))
        return
    for message in listed:
        click.echo(thai.outbox_line(message.id, message.state, message.person, message.kind, message.reason))
    if not listed:
        click.echo(thai.OUTBOX_EMPTY)


def _described(message: messages.Listed) -> dict[str, str | int | bool | None]:
    return {
        "id": message.id,
        "key": message.key,
        "kind": message.kind,
        "person": message.person,
        "state": message.state,
        "reason": message.reason,
        "attempts": message.attempts,
        "uncertain": message.uncertain,
        "not_before": message.not_before.isoformat(),
        "expires_at": message.expires_at.isoformat() if message.expires_at else None,
        "retry_at": message.retry_at.isoformat() if message.retry_at else None,
        "sent_at": message.sent_at.isoformat() if message.sent_at else None,
    }


@outbox.command(help=thai.HELP["outbox retry"])
@click.argument("numbers", nargs=-1, required=True, type=click.IntRange(1, _LARGEST_ID), metavar="ID...")
@click.pass_obj
def retry(runtime: Runtime, numbers: tuple[int, ...]) -> None:
    """Send parked messages again; refuse what is not parked or could arrive twice."""
    clock = runtime.clock  # writes itself, the first time
    with runtime.database.write() as session:
        results = messages.retry(session, numbers, clock.now(), clock.real_now())
    again = [n for n, result in results.items() if result in (messages.Retrial.FRESH, messages.Retrial.SAME_KEY)]
    click.echo(thai.retried(len(again)))
    refused = {n: result for n, result in results.items() if n not in again}
    if refused:
        raise click.ClickException("\n".join(thai.not_retried(n, result) for n, result in refused.items()))

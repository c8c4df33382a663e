"""Gives an answer with its reply token, which is free but lives a minute (LINE reference, "Send reply message")."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Protocol

from scheduler.line_port import Answer, NoAnswer, Reply

TOKEN_TRIED_FOR = timedelta(seconds=50)
"""How long after a webhook came its token is worth a try; LINE promises a minute from then, unless it is used."""

TOKEN_LIVES_FOR = timedelta(seconds=55)
"""A token that is refused before it was used because it had been used; later it may have died unused."""

_TRIES = 2
_PAUSE_SECONDS = 0.2


class Given(StrEnum):
    """What became of an answer."""

    REPLIED = "replied"
    TAKEN_BEFORE = "taken_before"
    """An earlier try of which we did not hear has reached LINE."""
    NO_TOKEN = "no_token"  # noqa: S105 - a name, not a token
    """The token is dead, or LINE is away: it has to be pushed."""
    REFUSED = "refused"
    """LINE takes the token, but not these messages."""


class Replies(Protocol):
    """LINE as this module sees it."""

    async def reply(self, token: str, body: str) -> Reply:
        """Send the JSON text of a messages array."""
        ...


async def give(line: Replies, token: str, body: str, is_young: Callable[[], bool], *, uncertain: bool) -> Given:
    """Reply, and again with the same token when LINE's answer was lost: a token works once, so nobody gets it twice.

    Args:
        line: Where to reply.
        token: The event's reply token.
        body: JSON text of a messages array.
        is_young: Whether the token would still be alive, had nobody used it.
        uncertain: An earlier try may have reached LINE.
    """
    for attempt in range(_TRIES):
        if attempt:
            await asyncio.sleep(_PAUSE_SECONDS)
        reply = await line.reply(token, body)
        if isinstance(reply, NoAnswer):
            uncertain |= reply.sent
        elif 200 <= reply.status < 300:
            return Given.REPLIED
        elif _token_is_dead(reply):
            return Given.TAKEN_BEFORE if uncertain and is_young() else Given.NO_TOKEN
        elif reply.status == HTTPStatus.BAD_REQUEST:
            return Given.REFUSED
        elif reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            uncertain = True
        else:
            return Given.NO_TOKEN
    return Given.NO_TOKEN


def _token_is_dead(reply: Answer) -> bool:
    """Tell a token that is used or too old from messages that LINE refuses; both are 400 and only words differ."""
    return reply.status == HTTPStatus.BAD_REQUEST and "reply token" in reply.message.lower()

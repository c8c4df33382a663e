"""What the sender needs of LINE; ``bot/`` supplies it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.quota import Quota


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer of LINE.

    ``text`` is the body, kept only where somebody reads it. ``retry_after`` is in seconds.
    """

    status: int
    text: str = ""
    request_id: str | None = None
    retry_after: float | None = None

    @property
    def message(self) -> str:
        """Return LINE's error message, empty when there is none; its wording is unstable (development guidelines)."""
        try:
            body = json.loads(self.text)
        except (ValueError, RecursionError):
            return ""
        message = body.get("message") if isinstance(body, dict) else None
        return message if isinstance(message, str) else ""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """LINE did not answer. ``sent``: the request may have reached it, so what became of it is unknown."""

    reason: str
    sent: bool


Reply = Answer | NoAnswer


class LinePort(Protocol):
    """LINE as the sender sees it. No method raises for what LINE or the network does."""

    async def push(self, recipient: str, body: str, retry_key: str) -> Reply:
        """Send ``body``, the JSON text of a messages array, to one LINE id under a retry key.

        An answer of 401 means that a renewed token was refused too.
        """
        ...

    async def multicast(self, recipients: Sequence[str], body: str, retry_key: str) -> Reply:
        """Send ``body``, the JSON text of a messages array, to up to 500 LINE ids under a retry key."""
        ...

    async def quota(self) -> Quota | Reply:
        """Return the month's quota, or the reply that was given instead."""
        ...

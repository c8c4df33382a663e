"""What the sender needs of LINE; ``bot/`` supplies it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Protocol


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


@dataclass(frozen=True, slots=True)
class Quota:
    """Messages allowed this month (None: any number) and messages used, which LINE calls approximate."""

    limit: int | None
    used: int

    @property
    def is_used_up(self) -> bool:
        """Tell whether nothing more can be sent this month."""
        return self.limit is not None and self.used >= self.limit


class LinePort(Protocol):
    """LINE as the sender sees it. No method raises for what LINE or the network does."""

    async def push(self, recipient: str, body: str, retry_key: str) -> Reply:
        """Send ``body``, the JSON text of a messages array, to one LINE id under a retry key.

        An answer of 401 means that a renewed token was refused too.
        """
        ...

    async def quota(self) -> Quota | Reply:
        """Return the month's quota, or the reply that was given instead."""
        ...

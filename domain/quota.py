"""The month's messages, and how many of them are kept for statutory reminders (``architecture.md`` §3, 8).

When fewer remain than a tenth of the allowance, or than there are people linked to LINE (one message for each of them),
only alarms and statutory reminders are sent; lesser messages wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MOST_MESSAGES = 10**9
"""No month has so many; a greater number is an error of whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Quota:
    """Messages allowed this month (None: any number) and messages used, which LINE calls approximate."""

    limit: int | None
    used: int

    @property
    def is_used_up(self) -> bool:
        """Tell whether nothing more can be sent this month."""
        return self.limit is not None and self.used >= self.limit


def read_quota(limit: Any, used: Any) -> Quota:
    """Return a quota out of JSON values: whole numbers from 0 to below 10**9; a limit of None allows any number.

    Raises:
        ValueError: they are something else.
    """
    for value in (used,) if limit is None else (limit, used):
        if type(value) is not int or not 0 <= value < MOST_MESSAGES:  # True is an int, too
            raise ValueError("not a number of messages")
    return Quota(limit, used)


def kept_back(limit: int, linked: int) -> int:
    """Return how many of ``limit`` messages a month are kept where ``linked`` people can be reached."""
    return max(-(-limit // 10), linked)


def is_low(limit: int, used: int, linked: int) -> bool:
    """Tell whether so few messages remain that the rest is kept for statutory reminders."""
    return limit - used < kept_back(limit, linked)

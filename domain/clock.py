"""Time as everything receives it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Two times, both aware: they differ only when a developer shifts business time (``BOT_NOW``)."""

    def now(self) -> datetime:
        """Return business time: what day it is for windows, reminders and what people read."""
        ...

    def real_now(self) -> datetime:
        """Return real time: for leases, back-off, the 24 hours of a retry key and the life of links."""
        ...

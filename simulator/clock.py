"""The simulator's time of day, which may be set apart from the real one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def real_time() -> datetime:
    """The time of this machine, in UTC."""
    return datetime.now(UTC)


class Clock:
    """Runs as fast as the real clock, from whatever instant it was last set to."""

    def __init__(self, real: Callable[[], datetime] = real_time) -> None:
        self._real = real
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The supposed instant, in UTC."""
        return self._real() + self._ahead

    def set(self, instant: datetime) -> None:
        """Let it be `instant` now; the clock goes on from there.

        Raises:
            ValueError: `instant` carries no time zone.
        """
        if instant.tzinfo is None:
            raise ValueError("An instant needs a time zone.")
        self._ahead = instant - self._real()

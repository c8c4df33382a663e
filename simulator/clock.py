"""The simulator's time of day, which may be set apart from the real one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

BANGKOK = timezone(timedelta(hours=7))
"""What the phones show; Thailand has had no other time since 1920."""


def real_time() -> datetime:
    """The time of this machine, in UTC."""
    return datetime.now(UTC)


def in_our_time(instant: datetime) -> datetime:
    """An instant at which somebody may suppose to be.

    Raises:
        ValueError: `instant` carries no time zone, or its year is none of 2000 to 2199.
    """
    if instant.tzinfo is None:
        raise ValueError("An instant needs a time zone.")
    if not 2000 <= instant.year < 2200:
        raise ValueError("The year lies outside 2000 to 2199.")
    return instant


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
            ValueError: `instant` is not in our time.
        """
        self._ahead = in_our_time(instant) - self._real()

"""Ways through time: each says where the clock goes next, from due instant to due instant."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from simulator.clock import BANGKOK

LONGEST = timedelta(days=400)
"""How far «next event» looks at the most."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """Where the bot's time stands.

    Args:
        now: The bot's supposed instant.
        next_due: The next one at which it may have something to do.
        next_working_day: The same hour of the next working day.
        settled: Whether it has done all that was due.
    """

    now: datetime
    next_due: datetime
    next_working_day: datetime
    settled: bool

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> "Moment":
        """The moment that the bot describes.

        Raises:
            KeyError, TypeError, ValueError: It describes none.
        """
        return cls(
            datetime.fromisoformat(answer["now"]).astimezone(BANGKOK),
            datetime.fromisoformat(answer["nextDue"]).astimezone(BANGKOK),
            datetime.fromisoformat(answer["nextWorkingDay"]).astimezone(BANGKOK),
            bool(answer["settled"]),
        )


class Journey(Protocol):
    """A way through time."""

    @property
    def speed(self) -> float | None:
        """Days a second; None for as fast as it goes."""

    def next_stop(self, moment: Moment) -> datetime | None:
        """Where to go from here; None when the journey is over."""


@dataclass(slots=True)
class Until:
    """To an instant that is worked out when the journey begins."""

    target: Callable[[Moment], datetime]
    speed: float | None = None
    _end: datetime | None = None

    def next_stop(self, moment: Moment) -> datetime | None:
        """The next due instant, or the end if that comes first."""
        if self._end is None:
            self._end = self.target(moment)
        stop = moment.next_due if self.speed is None else min(moment.next_due, moment.now + _DAY)
        return min(stop, self._end) if moment.now < self._end else None


@dataclass(slots=True)
class UntilEvent:
    """To the next instant at which a message came or a window opened or closed.

    Args:
        messages: How many messages came so far.
        boundaries: Days on which a window is open first, or closed.
    """

    messages: Callable[[], int]
    boundaries: Callable[[], frozenset[date]]
    speed: float | None = None
    _from: datetime | None = None
    _came: int = 0

    def next_stop(self, moment: Moment) -> datetime | None:
        """The next due instant, unless something has happened."""
        if self._from is None:
            self._from, self._came = moment.now, self.messages()
        days = (moment.now.date() - self._from.date()).days
        passed = {self._from.date() + timedelta(days=number) for number in range(1, days + 1)}
        is_over = self.messages() != self._came or passed & self.boundaries() or moment.now > self._from + LONGEST
        return None if is_over else moment.next_due


def hour(moment: Moment) -> datetime:
    """An hour on."""
    return moment.now + timedelta(hours=1)


def working_day(moment: Moment) -> datetime:
    """The same hour of the next working day."""
    return moment.next_working_day


def end_of_playing(moment: Moment) -> datetime:
    """Thirteen months after the fiscal year began: its last quarter is reported in the October after it."""
    year = moment.now.year + (moment.now.month >= 10)
    return datetime(year, 11, 1, tzinfo=BANGKOK)

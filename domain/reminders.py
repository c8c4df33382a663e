"""What a reminder is made of, and the ladder of days on which a window reminds (``domain.md`` §5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.fiscal import YearBasis
from domain.policy import ReminderPolicy
from domain.submissions import DutyState
from domain.windows import Occasion, Span, Stage, WindowKind
from domain.workdays import WorkingCalendar

BANGKOK = ZoneInfo("Asia/Bangkok")
TITLES_SHOWN = 3
"""A digest names this many items of a topic; the list behind its button has them all."""


class Step(StrEnum):
    """Rung of the ladder that a topic stands on."""

    OPENED = "opened"
    AHEAD = "ahead"
    LAST_DAY = "last_day"
    OVERDUE = "overdue"
    PENDING = "pending"
    ESCALATED = "escalated"


_ASKS_OFFICERS = (Step.OPENED, Step.AHEAD, Step.LAST_DAY, Step.OVERDUE)
"""Those who have to do something about it; of the others some only learn of it, and some decide."""


class OpenDuty(NamedTuple):
    """Something a unit has not sent: ``returned_by`` is the stage that sent it back, if one did."""

    unit: str
    occasion: Occasion
    state: DutyState
    title: str
    returned_by: Stage | None = None


class WaitingItem(NamedTuple):
    """Something that waits at step ``order`` of its unit's route since an instant (UTC; None: unknown, long ago)."""

    unit: str
    occasion: Occasion
    order: int
    since: datetime | None
    title: str


class OccurrenceKey(NamedTuple):
    """Identifies one occurrence of a reminder: it is sent to the person once."""

    person: str
    occasion: Occasion
    stage: Stage
    step: Step
    on: date


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a topic's count belongs to one unit (its code)."""

    unit: str
    count: int


@dataclass(frozen=True, slots=True)
class Topic:
    """One subject of a person's digest.

    ``on`` is the day the occurrence belongs to, ``span`` the window of ``stage`` (None: there is none), ``basis`` how
    the reader labels quarters, ``states`` the breakdown of ``count``. Days left count from its day: 0 is today.
    """

    occasion: Occasion
    stage: Stage
    step: Step
    on: date
    count: int
    span: Span | None
    days_left: int | None
    working_days_left: int | None
    basis: YearBasis
    shares: tuple[Share, ...]
    states: tuple[tuple[DutyState, int], ...]
    titles: tuple[str, ...]
    late_allowed: bool

    @property
    def is_last_working_day(self) -> bool:
        """Whether nothing but holidays is left of the window after today."""
        return self.working_days_left == 0 and self.days_left is not None and self.days_left >= 0

    @property
    def is_to_be_reported(self) -> bool:
        """Whether the reader is asked for quarterly reports that are still taken."""
        is_asked = self.step in _ASKS_OFFICERS and (self.step is not Step.OVERDUE or self.late_allowed)
        return is_asked and self.occasion.kind is WindowKind.QUARTER_REPORT

    def key(self, person: str) -> OccurrenceKey:
        """Return the occurrence that this topic is for ``person``."""
        return OccurrenceKey(person, self.occasion, self.stage, self.step, self.on)


@dataclass(frozen=True, slots=True)
class Digest:
    """The one reminder message of a person and day, to be sent from ``at`` and not after ``until`` (Asia/Bangkok)."""

    person: str
    at: datetime
    until: datetime
    topics: tuple[Topic, ...]


class Ledger(NamedTuple):
    """What was sent before: occurrences, and who already had today's reminder."""

    occurrences: Collection[OccurrenceKey]
    reminded_today: Collection[str]


EMPTY_LEDGER = Ledger(frozenset(), frozenset())


class Rung(NamedTuple):
    """A day of the ladder with its step; ``lead`` is the working days ahead on AHEAD rungs."""

    on: date
    step: Step
    lead: int | None = None


def ladder(
    span: Span, starts_on: date | None, ends_before: date, calendar: WorkingCalendar, policy: ReminderPolicy
) -> Sequence[Rung]:
    """Return the rungs of a window in order of days, one a day, the later step winning where two fall together.

    ``starts_on`` is the window's first day (None: unknown, so nothing opens); ``ends_before`` is the day from which
    nobody is reminded any more. A window without a working day has overdue rungs alone.
    """
    last_day = calendar.on_or_before(span.closes_on)
    opened = [] if starts_on is None else [Rung(calendar.on_or_after(starts_on), Step.OPENED)]
    ahead = [Rung(calendar.before(last_day, lead), Step.AHEAD, lead) for lead in policy.lead_days]
    steps = [*opened, *ahead, Rung(last_day, Step.LAST_DAY)]
    inside = {rung.on: rung for rung in steps if (starts_on is None or starts_on <= rung.on) and rung.on <= last_day}
    return [*sorted(inside.values()), *_overdue_rungs(span, ends_before, calendar)]


def _overdue_rungs(span: Span, ends_before: date, calendar: WorkingCalendar) -> Iterable[Rung]:
    day = calendar.on_or_after(span.closes_on + timedelta(days=1))
    while day < ends_before:
        yield Rung(day, Step.OVERDUE)
        day = calendar.first_of_next_week(day)


def last_rung(rungs: Sequence[Rung], steps: Collection[Step]) -> Rung | None:
    """Return the newest of ``rungs`` (in order) that has one of ``steps``: what catch-up sends after downtime."""
    return next((rung for rung in reversed(rungs) if rung.step in steps), None)

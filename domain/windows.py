"""Windows in which something may be entered, reported or approved (``domain.md`` §4).

A window is a span of inclusive C.E. days that closes at 23:59:59 Asia/Bangkok of its last day. A missing opening date
means that the window is open already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from domain.errors import InvalidWindow
from domain.fiscal import Quarter, first_day_of_fiscal_year
from domain.workdays import WorkingCalendar

DEFAULT_WINDOW_DAYS = 30
_QUARTERS_AHEAD = 8
"""Two years of quarters are enough to find the next window: any without a circular has its default."""
DEFAULT_MIDYEAR_QUARTERS = (1, 2, 3)
"""New projects enter after these quarters (Jan, Apr, Jul, not Oct): round n follows quarter n (``domain.md`` §3)."""


class WindowKind(StrEnum):
    """What a window is for."""

    PROJECT_ENTRY = "project_entry"
    MIDYEAR_ENTRY = "midyear_entry"
    QUARTER_REPORT = "quarter_report"
    LEVEL3_PLAN = "level3_plan"
    ACHIEVEMENT_ANNUAL = "achievement_annual"
    ACHIEVEMENT_ACTION_PLAN = "achievement_action_plan"
    OPEN_D = "open_d"
    PROPOSAL = "proposal"


ENTRY_KINDS = frozenset({WindowKind.PROJECT_ENTRY, WindowKind.MIDYEAR_ENTRY})
"""Kinds in which a project is entered; once, so that of both one holds at a time."""


class Stage(StrEnum):
    """Whose turn it is: the reporting agency's, the ministry's above it, or both under one window."""

    AGENCY = "AGENCY"
    UPPER = "UPPER"
    ALL = "ALL"


class Roll(StrEnum):
    """Does a last day on a holiday move (Civil Code 193/8)? No circular found does so."""

    NONE = "none"
    NEXT_WORKING_DAY = "next_working_day"


class Scope(StrEnum):
    """Whom a window binds, narrowest first; a narrower scope replaces a wider one as a whole."""

    UNIT = "unit"
    AGENCY = "agency"
    AGENCY_GROUP = "agency_group"
    MINISTRY = "ministry"
    NATIONAL = "national"


class Occasion(NamedTuple):
    """What a window or a duty is about: kind, fiscal year (B.E.) and quarter (the round for mid-year entry) or None."""

    kind: WindowKind
    fiscal_year: int
    quarter: int | None = None

    def order(self) -> tuple[str, int, int]:
        """Return a key to sort by; tuples with a missing quarter cannot be compared."""
        return self.kind, self.fiscal_year, self.quarter or 0


@dataclass(frozen=True, slots=True)
class Span:
    """Inclusive days from ``opens_on`` (None: open already) to ``closes_on``.

    Raises:
        InvalidWindow: it closes before it opens.
    """

    opens_on: date | None
    closes_on: date

    def __post_init__(self) -> None:
        if self.opens_on is not None and self.opens_on > self.closes_on:
            raise InvalidWindow(f"{self.opens_on} to {self.closes_on}")

    @property
    def inclusive_days(self) -> int | None:
        """Number of days with both ends counted; None without an opening date."""
        return None if self.opens_on is None else (self.closes_on - self.opens_on).days + 1

    def working_days(self, calendar: WorkingCalendar) -> int | None:
        """Number of working days in the span; None without an opening date."""
        return None if self.opens_on is None else calendar.count(self.opens_on, self.closes_on)

    def days_left(self, on: date) -> int:
        """Days from ``on`` to the last day: 0 is "today is the last day", negative is overdue."""
        return (self.closes_on - on).days

    def rolled(self, roll: Roll, calendar: WorkingCalendar) -> Span:
        """Return the span with its last day moved as the policy says when it is no working day."""
        if roll is Roll.NONE:
            return self
        return Span(self.opens_on, calendar.on_or_after(self.closes_on))

    def holds(self, on: date) -> bool:
        """Tell whether ``on`` lies in the span."""
        return (self.opens_on is None or self.opens_on <= on) and on <= self.closes_on


@dataclass(frozen=True, slots=True)
class CalendarWindow:
    """One row of a calendar circular: an override of the default rule for one scope and stage.

    ``issued_on`` is the date of the letter: the window counts from that day, whenever it was imported; None counts from
    ever. From ``withdrawn_on``, the date of a letter that withdrew it, it counts no more. ``scope_id`` is the unit's
    code, empty for the national scope; of letters of one day the later ``entry`` wins.
    """

    occasion: Occasion
    stage: Stage
    scope: Scope
    scope_id: str
    span: Span
    issued_on: date | None = None
    letter_no: str = ""
    entry: int = 0
    withdrawn_on: date | None = None

    def counts_on(self, day: date) -> bool:
        """Tell whether the letter is in force on ``day``."""
        is_issued = self.issued_on is None or self.issued_on <= day
        return is_issued and (self.withdrawn_on is None or day < self.withdrawn_on)


class ScopePath(NamedTuple):
    """The scopes a unit lies in, narrowest first: its own code and those of its agency, groups and ministry."""

    unit: str
    agency: str | None
    groups: tuple[str, ...]
    ministry: str | None

    def agency_level(self) -> ScopePath:
        """Return the path that all units of the agency share."""
        return self if not self.unit else ScopePath("", self.agency, self.groups, self.ministry)

    def levels(self) -> Sequence[tuple[Scope, tuple[str, ...]]]:
        """Return (scope, ids) pairs in the order of precedence."""
        return (
            (Scope.UNIT, (self.unit,) if self.unit else ()),
            (Scope.AGENCY, (self.agency,) if self.agency else ()),
            (Scope.AGENCY_GROUP, self.groups),
            (Scope.MINISTRY, (self.ministry,) if self.ministry else ()),
            (Scope.NATIONAL, ("",)),
        )


@dataclass(frozen=True, slots=True)
class StageWindows:
    """The windows in force for one occasion: one span per stage, all from one circular or all from the default rule."""

    agency: Span | None
    upper: Span | None
    issued_on: date | None = None
    letter_no: str = ""
    is_default: bool = False

    def of(self, stage: Stage) -> Span | None:
        """Return the span of ``stage`` (AGENCY or UPPER)."""
        return self.upper if stage is Stage.UPPER else self.agency

    def starts_on(self, stage: Stage) -> date | None:
        """Return the first day of the stage's window; the letter's date where the window was open from the start."""
        span = self.of(stage)
        return None if span is None else span.opens_on or self.issued_on

    def rolled(self, roll: Roll, calendar: WorkingCalendar) -> StageWindows:
        """Return the windows with their last days moved as the policy says."""
        agency = self.agency.rolled(roll, calendar) if self.agency else None
        upper = self.upper.rolled(roll, calendar) if self.upper else None
        return replace(self, agency=agency, upper=upper)


def default_windows(occasion: Occasion) -> StageWindows | None:
    """Return the national default rule: 30 days counted from the day after the quarter's last day, M7 included.

    New projects have the first quarter of the fiscal year. Level-3 plans, achievement reports and Open-D have no
    default. Source: ``domain.md`` §4 (S0; Civil Code 193/3).
    """
    match occasion.kind:
        case WindowKind.QUARTER_REPORT if occasion.quarter is not None:
            span = _thirty_days_after(Quarter(occasion.fiscal_year, occasion.quarter))
        case WindowKind.MIDYEAR_ENTRY if occasion.quarter in DEFAULT_MIDYEAR_QUARTERS:
            span = _thirty_days_after(Quarter(occasion.fiscal_year, occasion.quarter))
        case WindowKind.PROJECT_ENTRY:
            span = Span(first_day_of_fiscal_year(occasion.fiscal_year), Quarter(occasion.fiscal_year, 1).last_day)
        case _:
            return None
    return StageWindows(agency=span, upper=span, is_default=True)


def _thirty_days_after(quarter: Quarter) -> Span:
    first = quarter.next().first_day
    return Span(first, first + timedelta(days=DEFAULT_WINDOW_DAYS - 1))


class WindowBook:
    """All windows ever issued, with the precedence of scopes (``domain.md`` §4, override model).

    The most specific scope with any live window for an occasion wins as a whole set of stages: dates of two circulars
    are never merged or clamped. Within one scope the latest letter in force wins. Nothing is overwritten: ``as_of``
    asks what was in force on a day.
    """

    def __init__(self, windows: Iterable[CalendarWindow]) -> None:
        self._rows: dict[tuple[Occasion, Scope, str], list[CalendarWindow]] = defaultdict(list)
        self._rounds: dict[tuple[WindowKind, int], set[int | None]] = defaultdict(set)
        for window in windows:
            self._rows[window.occasion, window.scope, window.scope_id].append(window)
            self._rounds[window.occasion.kind, window.occasion.fiscal_year].add(window.occasion.quarter)
        self._unit_scoped = {occasion for occasion, scope, _ in self._rows if scope is Scope.UNIT}
        self._memo: dict[tuple[Occasion, date, ScopePath], StageWindows | None] = {}
        self._openings: dict[tuple[date, ScopePath, date], date] = {}

    def resolve(self, occasion: Occasion, path: ScopePath, as_of: date) -> StageWindows | None:
        """Return the windows of ``occasion`` in ``path`` as in force on ``as_of``; None: there are none at all."""
        path = path if occasion in self._unit_scoped else path.agency_level()
        key = (occasion, as_of, path)
        if key not in self._memo:
            self._memo[key] = self._find(occasion, path, as_of)
        return self._memo[key]

    def history(self, occasion: Occasion, path: ScopePath) -> Sequence[StageWindows]:
        """Return the windows of ``occasion`` in ``path`` as letter after letter set them, the first one first."""
        letters = sorted(
            {
                on
                for scope, ids in path.levels()
                for scope_id in ids
                for row in self._rows.get((occasion, scope, scope_id), ())
                for on in (row.issued_on or date.min, row.withdrawn_on)
                if on is not None
            }
        )
        found = (self.resolve(occasion, path, issued_on) for issued_on in letters)
        return list(dict.fromkeys(windows for windows in found if windows is not None))

    def shared_path(self, path: ScopePath) -> ScopePath:
        """Return the path under which to share answers among units: the agency's, unless any window is a unit's own."""
        return path if self._unit_scoped else path.agency_level()

    def first_reporting_day_after(self, day: date, path: ScopePath, as_of: date) -> date:
        """Return the first day after ``day`` on which an agency window for a quarterly report opens.

        Where circulars leave none for two years (all open already, or only the upper stage), the next quarter begins
        one.
        """
        key = (day, self.shared_path(path), as_of)
        if key not in self._openings:
            self._openings[key] = self._first_opening_after(*key)
        return self._openings[key]

    def _first_opening_after(self, day: date, path: ScopePath, as_of: date) -> date:
        quarter = Quarter.containing(day).previous().previous()
        openings = []
        for _ in range(_QUARTERS_AHEAD):
            occasion = Occasion(WindowKind.QUARTER_REPORT, quarter.fiscal_year, quarter.number)
            windows = self.resolve(occasion, path, as_of)
            openings.append(windows.starts_on(Stage.AGENCY) if windows else None)
            quarter = quarter.next()
        later = (opening for opening in openings if opening is not None and opening > day)
        return min(later, default=Quarter.containing(day).next().first_day)

    def occasions(self) -> Iterable[Occasion]:
        """Return every occasion that a circular ever set a window for."""
        return {occasion for occasion, _, _ in self._rows}

    def issued(self) -> Iterable[CalendarWindow]:
        """Yield every row ever issued."""
        return (row for rows in self._rows.values() for row in rows)

    def rounds(self, kind: WindowKind, fiscal_year: int) -> Sequence[int | None]:
        """Return the quarters or rounds that may have a window of this kind and year: issued ones and defaults."""
        rounds = set(self._rounds.get((kind, fiscal_year), ()))
        if kind is WindowKind.MIDYEAR_ENTRY:
            rounds.update(DEFAULT_MIDYEAR_QUARTERS)
        if kind is WindowKind.PROJECT_ENTRY:
            rounds.add(None)
        return sorted(rounds, key=lambda r: -1 if r is None else r)

    def _find(self, occasion: Occasion, path: ScopePath, as_of: date) -> StageWindows | None:
        for scope, ids in path.levels():
            rows = [
                row
                for scope_id in ids
                for row in self._rows.get((occasion, scope, scope_id), ())
                if row.counts_on(as_of)
            ]
            if rows:
                return _newest_set(rows)
        if occasion.kind is WindowKind.MIDYEAR_ENTRY and self._has_own_rounds(occasion.fiscal_year, path, as_of):
            return None
        return default_windows(occasion)

    def _has_own_rounds(self, fiscal_year: int, path: ScopePath, as_of: date) -> bool:
        """Tell whether any round is set by a circular: then the default rounds do not exist beside it."""
        return any(
            row.counts_on(as_of)
            for number in self._rounds.get((WindowKind.MIDYEAR_ENTRY, fiscal_year), ())
            for scope, ids in path.levels()
            for scope_id in ids
            for row in self._rows.get((Occasion(WindowKind.MIDYEAR_ENTRY, fiscal_year, number), scope, scope_id), ())
        )


def _newest_set(rows: Sequence[CalendarWindow]) -> StageWindows:
    newest = max(rows, key=lambda row: (row.issued_on or date.min, row.entry))
    letter = (newest.scope_id, newest.issued_on, newest.letter_no)
    circular = [row for row in rows if (row.scope_id, row.issued_on, row.letter_no) == letter]
    spans: Mapping[Stage, Span] = {row.stage: row.span for row in circular}
    return StageWindows(
        agency=spans.get(Stage.AGENCY, spans.get(Stage.ALL)),
        upper=spans.get(Stage.UPPER, spans.get(Stage.ALL)),
        issued_on=newest.issued_on,
        letter_no=newest.letter_no,
    )


def tracked_from(windows: Iterable[CalendarWindow], scope_ids: frozenset[str]) -> Quarter | None:
    """Return the first quarter that counts for a ministry: quarter 1 of its earliest project calendar row.

    ``scope_ids`` are the codes of the ministry and all its units. Achievement rows of an earlier plan year do not start
    the tracking of projects. None: no circular is known, so nothing limits what is owed. Source: ``domain.md`` §3.
    """
    project_kinds = (WindowKind.PROJECT_ENTRY, WindowKind.MIDYEAR_ENTRY, WindowKind.QUARTER_REPORT)
    quarters = [
        Quarter(w.occasion.fiscal_year, w.occasion.quarter or 1)
        if w.occasion.kind is WindowKind.QUARTER_REPORT
        else Quarter(w.occasion.fiscal_year, 1)
        for w in windows
        if w.occasion.kind in project_kinds and (w.scope is Scope.NATIONAL or w.scope_id in scope_ids)
    ]
    return min(quarters, default=None)

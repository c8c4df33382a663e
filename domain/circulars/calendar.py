"""What a letter changes in the calendar: the windows before and after in each scope that it names.

The rules are those of the override model (``domain.md`` §4): rows hold from the letter's date on, whenever the circular
is released or goes out; a narrower scope replaces a wider one, always as a whole set of stages, and the latest letter
wins within a scope. So a letter may leave alone what its author meant to change: a unit with dates of its own keeps
them, and a stage that is not named again has no window any more. Both are said before the letter goes out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from domain.calendar_changes import WindowChange
from domain.circulars.life import CircularRefusal, CircularRefused
from domain.circulars.searching import number_parts
from domain.fiscal import QUARTERS, YearBasis
from domain.in_force import Rules
from domain.organisation import Organisation, UnitLevel
from domain.windows import (
    CalendarWindow,
    Occasion,
    Scope,
    ScopePath,
    Span,
    Stage,
    StageWindows,
    WindowBook,
    WindowKind,
)

_SCOPES = {
    UnitLevel.DIVISION: Scope.UNIT,
    UnitLevel.AGENCY: Scope.AGENCY,
    UnitLevel.GROUP: Scope.AGENCY_GROUP,
    UnitLevel.MINISTRY: Scope.MINISTRY,
}
_STAGES = (Stage.AGENCY, Stage.UPPER)
_NEWEST = 2**63 - 1
"""Of letters of one day the one that is released last wins."""
_WHOLE_NUMBER = 3
"""A ministry's letters, an office's and a running number: so many parts tell a letter from all others of its day."""


class Place(NamedTuple):
    """One occasion in one scope; ``scope_id`` is the unit's code, empty for the country."""

    occasion: Occasion
    scope: Scope
    scope_id: str


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """What a letter changes in a place; nothing where a newer letter holds there, or the same dates did before.

    ``basis`` is how those concerned label quarters, ``holds_from`` the day from which the change holds. ``left_alone``
    are units (codes) within the scope that keep dates of their own. ``overlaps``: the ministry's stage begins while
    agencies still report.
    """

    place: Place
    basis: YearBasis
    holds_from: date
    changes: tuple[WindowChange, ...]
    left_alone: tuple[str, ...] = ()
    overlaps: bool = False

    @property
    def dropped(self) -> Sequence[Stage]:
        """The stages that have no window any more."""
        return [change.stage for change in self.changes if change.after is None]


def scope_of(level: UnitLevel) -> Scope:
    """Return the scope of a letter that names a unit of this level."""
    return _SCOPES[level]


def place_of(window: CalendarWindow) -> Place:
    """Return where a calendar row holds."""
    return Place(window.occasion, window.scope, window.scope_id)


def check_windows(rules: Rules, windows: Collection[CalendarWindow], reach: frozenset[str] | None) -> None:
    """Check that a letter's rows are its maker's to set, say one thing each, and are not over; ``reach``: unit codes.

    The country's calendar (no unit) is within no reach but an administrator's (None). A stage that is over may be
    stated as it was, for a letter sets all stages of a place.

    Raises:
        CircularRefused: OUT_OF_REACH, CALENDAR_UNCLEAR or CALENDAR_OVER.
    """
    stages: dict[Place, list[Stage]] = {}
    for window in windows:
        if reach is not None and window.scope_id not in reach:
            raise CircularRefused(CircularRefusal.OUT_OF_REACH)
        if not (_fits_its_unit(rules.organisation, window) and _fits_its_kind(window.occasion)):
            raise CircularRefused(CircularRefusal.CALENDAR_UNCLEAR)
        if window.span.closes_on < rules.today and not _holds_already(rules, window):
            raise CircularRefused(CircularRefusal.CALENDAR_OVER)
        stages.setdefault(place_of(window), []).append(window.stage)
    if any(len(set(named)) < len(named) or (Stage.ALL in named and len(named) > 1) for named in stages.values()):
        raise CircularRefused(CircularRefusal.CALENDAR_UNCLEAR)


def _holds_already(rules: Rules, window: CalendarWindow) -> bool:
    in_force = rules.window(window.occasion, path_of(rules.organisation, place_of(window)))
    stages = _STAGES if window.stage is Stage.ALL else (window.stage,)
    return in_force is not None and all(in_force.of(stage) == window.span for stage in stages)


def _fits_its_unit(organisation: Organisation, window: CalendarWindow) -> bool:
    if window.scope is Scope.NATIONAL:
        return not window.scope_id
    unit = organisation.units.get(window.scope_id)
    return unit is not None and unit.merged_into is None and scope_of(unit.level) is window.scope


def _fits_its_kind(occasion: Occasion) -> bool:
    match occasion.kind:
        case WindowKind.QUARTER_REPORT:
            return occasion.quarter in QUARTERS
        case WindowKind.MIDYEAR_ENTRY:
            return occasion.quarter is not None and occasion.quarter > 0
    return occasion.quarter is None


def is_of_letter(window: CalendarWindow, letter_no: str, letter_date: date | None) -> bool:
    """Tell whether a row is of the letter with this number and date.

    Digits may be of either kind, and what stands before a whole number, such as its urgency, may be left out.
    """
    if window.issued_on != letter_date:
        return False
    shorter, longer = sorted((number_parts(window.letter_no), number_parts(letter_no)), key=len)
    is_whole = len(shorter) >= _WHOLE_NUMBER
    return shorter == longer or (is_whole and longer[len(longer) - len(shorter) :] == shorter)


def letter_changes(
    rules: Rules,
    windows: Sequence[CalendarWindow],
    withdrawn: Collection[CalendarWindow] = (),
    dated: date | None = None,
    released_on: date | None = None,
) -> list[PlaceChange]:
    """Return what a letter changes, place by place, once it is in force.

    ``windows`` are the rows that it announces, ``withdrawn`` those of the letter that it withdraws, ``dated`` its date,
    None: as of today. ``released_on``: the day on which it was released, for one that was: then what it says itself is
    left out of what held before.
    """
    dated = dated or rules.today
    letter_no = windows[0].letter_no if windows else ""
    kinds = {window.occasion.kind for window in (*windows, *withdrawn)}
    issued = [row for row in rules.windows.issued() if row.occasion.kind in kinds]
    own = [row for row in issued if is_of_letter(row, letter_no, dated)] if windows else []
    new = [_as_entered(window, dated, own) for window in windows]
    ending = set(withdrawn)
    before = [
        replace(row, withdrawn_on=None) if row in ending else row
        for row in issued
        if released_on is None or row not in own
    ]
    after = [row for row in issued if row not in ending and not any(_same_row(row, w) and row in own for w in new)]
    places = {place_of(window) for window in (*windows, *withdrawn)}
    in_force = max(released_on or rules.today, dated)
    return list(_changes(rules, WindowBook(before), WindowBook([*after, *new]), places, in_force))


def _as_entered(window: CalendarWindow, dated: date, own: Sequence[CalendarWindow]) -> CalendarWindow:
    """Return a row as the calendar would hold it: it corrects the same letter's, whose number keeps its spelling."""
    corrected = next((row.entry for row in own if _same_row(row, window)), _NEWEST)
    letter_no = own[0].letter_no if own else window.letter_no
    return replace(window, letter_no=letter_no, issued_on=dated, entry=corrected, withdrawn_on=None)


def _same_row(row: CalendarWindow, other: CalendarWindow) -> bool:
    return place_of(row) == place_of(other) and row.stage is other.stage


def _changes(
    rules: Rules, before: WindowBook, after: WindowBook, named: Collection[Place], on: date
) -> Iterator[PlaceChange]:
    organisation = rules.organisation
    for place in sorted({*named, *_other_rounds(before, named)}, key=_order):
        path = path_of(organisation, place)
        old, new = before.resolve(place.occasion, path, on), after.resolve(place.occasion, path, on)
        changes = tuple(_stage_changes(place.occasion, old, new))
        if changes or place in named:
            left_alone = _left_alone(organisation, after.issued(), place, named, on)
            yield PlaceChange(place, _basis(organisation, place), on, changes, left_alone, _overlaps(new))


def _order(place: Place) -> tuple[tuple[str, int, int], int, str]:
    return place.occasion.order(), list(Scope).index(place.scope), place.scope_id


def _other_rounds(book: WindowBook, named: Iterable[Place]) -> Iterator[Place]:
    """Yield the mid-year rounds beside those that are named: once one is set by a letter, the default ones are none."""
    for place in named:
        kind, year, _ = place.occasion
        if kind is WindowKind.MIDYEAR_ENTRY:
            yield from (place._replace(occasion=Occasion(kind, year, number)) for number in book.rounds(kind, year))


def path_of(organisation: Organisation, place: Place) -> ScopePath:
    """Return the path of what lies in the place and in nothing narrower."""
    if place.scope is Scope.NATIONAL:
        return ScopePath("", None, (), None)
    path = organisation.path(place.scope_id)
    match place.scope:
        case Scope.MINISTRY:
            return ScopePath("", None, (), path.ministry)
        case Scope.AGENCY_GROUP:
            return ScopePath("", None, (place.scope_id,), path.ministry)
        case Scope.AGENCY:
            return path.agency_level()
    return path


def _basis(organisation: Organisation, place: Place) -> YearBasis:
    return organisation.year_basis(place.scope_id) if place.scope_id else YearBasis.FISCAL


def _stage_changes(occasion: Occasion, old: StageWindows | None, new: StageWindows | None) -> Iterable[WindowChange]:
    spans = [(old.of(stage) if old else None, new.of(stage) if new else None) for stage in _STAGES]
    changes = [WindowChange(occasion, stage, *pair) for stage, pair in zip(_STAGES, spans, strict=True)]
    if spans[0] == spans[1]:
        changes = [replace(changes[0], stage=Stage.ALL)]
    return (change for change in changes if change.before != change.after)


def _overlaps(windows: StageWindows | None) -> bool:
    if windows is None or windows.agency is None or windows.upper in (None, windows.agency):
        return False
    return windows.upper.opens_on is not None and windows.upper.opens_on <= windows.agency.closes_on


def _left_alone(
    organisation: Organisation, rows: Iterable[CalendarWindow], place: Place, named: Collection[Place], on: date
) -> tuple[str, ...]:
    """Return the units, the outermost ones, whose rows in a narrower scope the letter does not replace."""
    order = list(Scope)
    inside = None if place.scope is Scope.NATIONAL else inside_of(organisation, place.scope_id)
    own = {
        row.scope_id
        for row in rows
        if row.occasion == place.occasion
        and order.index(row.scope) < order.index(place.scope)
        and row.counts_on(on)
        and place_of(row) not in named
        and (inside is None or row.scope_id in inside)
    }
    within = frozenset[str]().union(*(inside_of(organisation, unit) - {unit} for unit in own))
    return tuple(sorted(own - within))


def inside_of(organisation: Organisation, unit: str) -> frozenset[str]:
    """Return the codes of all that lies in a unit, itself included; in a group lie its members."""
    members = organisation.units[unit].members
    return organisation.below(unit).union(*(organisation.below(member) for member in members))


def set_windows(
    windows: Sequence[CalendarWindow], place: Place, agency: Span | None, upper: Span | None
) -> Sequence[CalendarWindow]:
    """Return a letter's rows with these, and no others, in ``place``; both None: it says nothing of it any more."""
    kept = [window for window in windows if place_of(window) != place]
    spans = [(Stage.ALL, agency)] if agency == upper else [(Stage.AGENCY, agency), (Stage.UPPER, upper)]
    occasion, scope, unit = place
    return [*kept, *(CalendarWindow(occasion, stage, scope, unit, span) for stage, span in spans if span is not None)]


def stated_windows(windows: Iterable[CalendarWindow], place: Place) -> tuple[Span | None, Span | None] | None:
    """Return what a letter says of ``place``: the agency's span and the ministry's; None: nothing."""
    spans = {window.stage: window.span for window in windows if place_of(window) == place}
    if not spans:
        return None
    return spans.get(Stage.AGENCY, spans.get(Stage.ALL)), spans.get(Stage.UPPER, spans.get(Stage.ALL))

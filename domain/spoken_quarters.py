"""Which quarter a speaker means by «this quarter», «last quarter» or a bare number (``domain.md`` §9)."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from domain.fiscal import Quarter, QuarterLabel, YearBasis
from domain.in_force import QUARTERS_BACK, Rules
from domain.windows import Occasion, Span, Stage, WindowKind


class Purpose(Enum):
    """What the quarter is asked for: what is reported in it, or until when it may be."""

    REPORTING = "reporting"
    DEADLINE = "deadline"


def reporting_quarter(rules: Rules, unit: str) -> Quarter | None:
    """Return the newest quarter whose agency window has opened for the unit; None when none has."""
    quarter = Quarter.containing(rules.today)
    for _ in range(QUARTERS_BACK + 1):
        windows = rules.window(_reports(quarter), rules.organisation.path(unit))
        starts_on = windows.starts_on(Stage.AGENCY) if windows else None
        if starts_on is not None and starts_on <= rules.today:
            return quarter
        quarter = quarter.previous()
    return None


def closed_quarter(rules: Rules, unit: str) -> Quarter | None:
    """Return the newest quarter whose agency window has closed for the unit: what may be late; None when none has.

    Nothing from before tracking began is late.
    """
    quarter, tracked = reporting_quarter(rules, unit), rules.policy(unit).tracked_from
    for _ in range(QUARTERS_BACK + 1):
        if quarter is None or (tracked is not None and quarter < tracked):
            return None
        windows = rules.window(_reports(quarter), rules.organisation.path(unit))
        if windows is not None and windows.agency is not None and windows.agency.closes_on < rules.today:
            return quarter
        quarter = quarter.previous()
    return None


def current_quarter(rules: Rules, unit: str, purpose: Purpose) -> Quarter:
    """Return what «this quarter» means to somebody in the unit.

    While a window is open it is the quarter being reported. Otherwise reports are asked of the quarter whose window
    closed last, but of none before tracking began, and deadlines of the one whose window closes next.
    """
    newest = reporting_quarter(rules, unit) or Quarter.containing(rules.today).previous()
    if is_open(rules, unit, newest):
        return newest
    if purpose is Purpose.DEADLINE:
        return newest.next()
    return max(newest, rules.policy(unit).tracked_from or newest)


def previous_quarter(rules: Rules, unit: str, purpose: Purpose) -> Quarter:
    """Return what «last quarter» means: inside a window the one being reported, else the one that ended last."""
    newest = reporting_quarter(rules, unit)
    if newest is not None and is_open(rules, unit, newest):
        return newest
    ended = Quarter.containing(rules.today).previous()
    return ended if purpose is Purpose.REPORTING else min(ended, current_quarter(rules, unit, purpose).previous())


def numbered_quarter(rules: Rules, unit: str, number: int, basis: YearBasis, purpose: Purpose) -> Quarter:
    """Return the quarter that the unit labels ``number`` when no year is said.

    For reports it is the newest one that may be reported, or, where that lies before tracking began, the next to come;
    for deadlines the first whose agency window has not closed.

    Raises:
        InvalidQuarter: the number is not 1 to 4.
    """
    current, tracked = current_quarter(rules, unit, purpose), rules.policy(unit).tracked_from
    wanted = labelled_quarter(number, current.fiscal_year, basis).number
    if purpose is Purpose.REPORTING:
        newest = _nearest(current, wanted, Quarter.previous)
        if tracked is None or newest >= tracked:
            return newest
    return _nearest(current, wanted, Quarter.next)


def _nearest(start: Quarter, number: int, step: Callable[[Quarter], Quarter]) -> Quarter:
    quarter = start
    while quarter.number != number:
        quarter = step(quarter)
    return quarter


def labelled_quarter(number: int, be_year: int, basis: YearBasis) -> Quarter:
    """Return the fiscal quarter that an agency of this basis writes as ``number``/``be_year``.

    Raises:
        InvalidQuarter: the number is not 1 to 4.
    """
    return QuarterLabel(number, be_year).quarter(basis)


def is_open(rules: Rules, unit: str, quarter: Quarter) -> bool:
    """Tell whether a window of the quarter, of either stage, holds today for the unit."""
    windows = rules.window(_reports(quarter), rules.organisation.path(unit))
    spans: list[Span | None] = [windows.agency, windows.upper] if windows else []
    return any(span is not None and span.holds(rules.today) for span in spans)


def _reports(quarter: Quarter) -> Occasion:
    return Occasion(WindowKind.QUARTER_REPORT, quarter.fiscal_year, quarter.number)

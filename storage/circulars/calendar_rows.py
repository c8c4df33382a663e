"""Calendar rows as the database keeps them with a circular, whose number and date they share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from domain.windows import CalendarWindow, Occasion, Scope, Span, Stage, WindowKind


def written_windows(windows: Sequence[CalendarWindow]) -> list[list[Any]]:
    """Return calendar rows as the database keeps them with a circular; letter and date are the circular's own."""
    return [
        [
            window.occasion.kind,
            window.occasion.fiscal_year,
            window.occasion.quarter,
            window.stage,
            window.scope,
            window.scope_id,
            window.span.opens_on.isoformat() if window.span.opens_on else None,
            window.span.closes_on.isoformat(),
        ]
        for window in windows
    ]


def read_windows(kept: Sequence[Sequence[Any]], letter_no: str, letter_date: date | None) -> Sequence[CalendarWindow]:
    """Return the calendar rows that ``written_windows`` gave, as a letter of this number and date issues them."""
    return [
        CalendarWindow(
            Occasion(WindowKind(kind), year, quarter),
            Stage(stage),
            Scope(scope),
            unit,
            Span(date.fromisoformat(opens) if opens else None, date.fromisoformat(closes)),
            letter_date,
            letter_no,
        )
        for kind, year, quarter, stage, scope, unit, opens, closes in kept
    ]

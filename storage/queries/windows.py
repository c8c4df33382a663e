"""Loads the windows of all calendar circulars."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.windows import CalendarWindow, Occasion, Scope, Span
from storage import tables


def load_windows(session: Session) -> Sequence[CalendarWindow]:
    """Return every window ever issued."""
    row = tables.CalendarWindow
    query = select(
        row.kind,
        row.fiscal_year,
        row.quarter,
        row.stage,
        row.scope,
        tables.Unit.code,
        row.opens_on,
        row.closes_on,
        row.issued_on,
        row.letter_no,
        row.id,
        row.withdrawn_on,
    ).outerjoin(tables.Unit, tables.Unit.id == row.unit_id)
    return [
        CalendarWindow(
            Occasion(kind, year, quarter or None),
            stage,
            Scope(scope),
            unit or "",
            Span(opens_on, closes_on),
            issued_on,
            letter,
            entry,
            withdrawn_on,
        )
        for (
            kind, year, quarter, stage, scope, unit, opens_on, closes_on, issued_on, letter, entry, withdrawn_on,
        ) in session.execute(query)
    ]  # fmt: skip

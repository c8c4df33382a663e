"""Writes calendar circulars, holidays and what agencies owe beside projects."""

from __future__ import annotations

from collections.abc import Sequence

from domain.windows import Stage
from storage import tables
from storage.imports.columns import Reference
from storage.imports.intake import Ids, Intake, given
from storage.imports.reading import Row
from storage.imports.store import Record
from storage.imports.vocabulary import loose

_WINDOW_KEY = ("fiscal_year", "kind", "quarter", "stage", "scope", "unit_id", "letter_no", "issued_on")


def write_calendar(intake: Intake, rows: Sequence[Row]) -> None:
    """Add the rows of a letter; the same letter again corrects its own rows, another one never touches them."""
    units = intake.ids(Reference.UNIT)
    intake.save(rows, tables.CalendarWindow, _WINDOW_KEY, [[_window(row, units)] for row in rows])


def _window(row: Row, units: Ids) -> Record:
    values = row.values
    return {
        "kind": values["kind"],
        "fiscal_year": values["fiscal_year"],
        "quarter": values.get("quarter") or 0,
        "stage": values.get("stage") or Stage.ALL,
        "scope": values["scope"],
        "unit_id": units.get(values["unit"]),
        "opens_on": values.get("opens_on"),
        "closes_on": values["closes_on"],
        "letter_no": values.get("letter_no") or "",
        "issued_on": values.get("issued_on"),
    }


def write_holidays(intake: Intake, rows: Sequence[Row]) -> None:
    """Write days that the office's list declares a holiday, or a working day."""
    records = [
        [
            {
                "on": row.values["on"],
                "is_working": row.values.get("is_holiday") is False,
                **given(row, ("name",), blank=""),
            }
        ]
        for row in rows
    ]
    intake.save(rows, tables.Holiday, ("on",), records)


def write_duties(intake: Intake, rows: Sequence[Row]) -> None:
    """Write level-3 plans, achievement reports and Open-D entries, owed or done."""
    units = intake.ids(Reference.UNIT)
    records = [[_duty(row, units, intake.words.thematic_plan)] for row in rows]
    intake.save(rows, tables.AgencyDuty, ("unit_id", "kind", "fiscal_year", "plan_name"), records)


def _duty(row: Row, units: Ids, thematic_plan: str) -> Record:
    plan_name = row.values.get("plan_name") or ""
    return {
        "unit_id": units[row.values["unit"]],
        "kind": row.values["kind"],
        "fiscal_year": row.values["fiscal_year"],
        "plan_name": plan_name,
        "is_thematic": loose(plan_name).startswith(thematic_plan),
        **given(row, ("entered_on",)),
        **given(row, ("reference",), blank=""),
    }

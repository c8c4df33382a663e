"""Writes calendar circulars, holidays and what agencies owe beside projects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from domain.windows import Stage
from storage import tables
from storage.imports.columns import Reference
from storage.imports.intake import Ids, Intake, given
from storage.imports.problems import ProblemCode
from storage.imports.reading import Row
from storage.imports.store import Outcome, Record, table_of
from storage.imports.vocabulary import loose
from storage.tables.submissions import Origin

_WINDOW_KEY = ("fiscal_year", "kind", "quarter", "stage", "scope", "unit_id", "letter_no", "issued_on")
_DUTY_KEY = ("unit_id", "kind", "fiscal_year", "plan_name")


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
    """Write level-3 plans, achievement reports and Open-D entries, owed or done; what the bot has of them stays."""
    units = intake.ids(Reference.UNIT)
    stated, names = _stated_in_bot(intake), _corrected_names(intake)
    records = [[_under_its_name(_duty(row, units, intake.words.thematic_plan), names)] for row in rows]
    held = [
        (row, record, stated[key])
        for row, [record] in zip(rows, records, strict=True)
        if (key := _key(record)) in stated
    ]
    for row, record, before in held:
        for name in ("entered_on", "reference"):
            if name in record and record[name] != before[name]:
                intake.note(row, ProblemCode.KEPT_FROM_BOT, name, record[name], kept=before[name])
        intake.report.count(row, Outcome.UNCHANGED)
    free = [(row, group) for row, group in zip(rows, records, strict=True) if _key(group[0]) not in stated]
    intake.save([row for row, _ in free], tables.AgencyDuty, _DUTY_KEY, [group for _, group in free])


def _stated_in_bot(intake: Intake) -> Mapping[tuple[Any, ...], Record]:
    """Return the duties that were stated, sent or decided in the bot, by key."""
    duty, sent = tables.AgencyDuty, tables.Submission
    columns = [table_of(duty).c[name] for name in (*_DUTY_KEY, "entered_on", "reference")]
    query = select(*columns).outerjoin(sent, sent.agency_duty_id == duty.id)
    found = intake.session.execute(query.where((sent.origin == Origin.BOT) | duty.stated_by_id.is_not(None)))
    return {_key(record): record for record in map(dict, found.mappings())}


def _corrected_names(intake: Intake) -> Mapping[tuple[Any, ...], str]:
    """Return the names of plans that officers corrected, by the keys that the office's list has."""
    duty = tables.AgencyDuty
    query = select(duty.unit_id, duty.kind, duty.fiscal_year, duty.listed_as, duty.plan_name)
    return {tuple(key): name for *key, name in intake.session.execute(query.where(duty.listed_as.is_not(None)))}


def _under_its_name(record: Record, names: Mapping[tuple[Any, ...], str]) -> Record:
    return {**record, "plan_name": names.get(_key(record), record["plan_name"])}


def _key(record: Record) -> tuple[Any, ...]:
    return tuple(record[name] for name in _DUTY_KEY)


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

"""How people wish to be reminded."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.preferences import ReminderPreference
from storage.tables import Person
from storage.tables import ReminderPreference as Row


def load_preferences(session: Session) -> Mapping[str, ReminderPreference]:
    """Return the settings of everybody who has any, by person code."""
    query = select(Person.code, Row.lead_days, Row.quiet_weekdays).join(Row, Row.person_id == Person.id)
    return {code: _read(lead_days, quiet) for code, lead_days, quiet in session.execute(query)}


def preference_of(session: Session, person_id: int) -> ReminderPreference:
    """Return one person's settings."""
    row = session.get(Row, person_id)
    return ReminderPreference() if row is None else _read(row.lead_days, row.quiet_weekdays)


def _read(lead_days: list[int] | None, quiet_weekdays: list[int]) -> ReminderPreference:
    return ReminderPreference(tuple(lead_days) if lead_days else None, frozenset(quiet_weekdays))

"""Who has the form of a report open, so that two people who write one report know of each other (real time)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.fiscal import Quarter
from storage.database import insert_into
from storage.tables import Person, ReportVisit

SEEN_FOR = timedelta(minutes=2)
"""A page that is open says so every minute."""
_FORGOTTEN_AFTER = timedelta(days=1)


def visit(session: Session, project_id: int, quarter: Quarter, person_id: int, real_now: datetime) -> None:
    """Note that somebody has the form open; visits of yesterday are forgotten."""
    row = ReportVisit
    old = delete(row).where(row.project_id == project_id, row.seen_at < real_now - _FORGOTTEN_AFTER)
    session.execute(old.execution_options(synchronize_session=False))
    key = {
        "project_id": project_id,
        "fiscal_year": quarter.fiscal_year,
        "quarter": quarter.number,
        "person_id": person_id,
    }
    statement = insert_into(session, row).values(**key, seen_at=real_now)
    session.execute(statement.on_conflict_do_update(index_elements=list(key), set_={"seen_at": real_now}))


def others_at(
    session: Session, project_id: int, quarter: Quarter, person_id: int, real_now: datetime
) -> dict[str, datetime]:
    """Return the names of the other people who have the form open, and when they were last seen."""
    row = ReportVisit
    query = (
        select(Person.full_name, row.seen_at)
        .join(row, row.person_id == Person.id)
        .where(
            row.project_id == project_id,
            row.fiscal_year == quarter.fiscal_year,
            row.quarter == quarter.number,
            row.person_id != person_id,
            row.seen_at > real_now - SEEN_FOR,
        )
        .order_by(row.seen_at.desc())
    )
    return dict(session.execute(query).all())

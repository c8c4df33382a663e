"""The rule of what is owed says the same in SQL and in the domain."""

from datetime import date
from itertools import combinations_with_replacement, product
from typing import Any

import pytest
from sqlalchemy import insert, select

from domain.fiscal import Quarter
from domain.obligations import owes_report as owes_report_by_the_rules
from domain.organisation import UnitLevel
from domain.submissions import ExecutionStatus, SubmissionState
from storage import tables
from storage.queries.obligations import owes_report
from tests.importing import Office, office

__all__ = ["office"]

MONTHS = [date(2022 + (6 + n) // 12, (6 + n) % 12 + 1, 1) for n in range(14)]


@pytest.mark.parametrize("quarter", (Quarter(2565, 4), Quarter(2566, 1), Quarter(2566, 2), Quarter(2566, 4)))
def test_sql_and_the_rules_agree_on_every_project_and_quarter(office: Office, quarter: Quarter) -> None:
    projects: list[dict[str, Any]] = [
        {
            "code": f"{number}", "unit_id": 1, "name": "ก", "fiscal_year": 2566, "start_month": start, "end_month": end,
            "official_version": version, "execution_status": execution,
        }
        for number, ((start, end), version, execution) in enumerate(
            product(combinations_with_replacement(MONTHS, 2), (0, 1, 2), ExecutionStatus)
        )
    ]  # fmt: skip
    with office.database.write() as session:
        session.execute(insert(tables.Unit).values(id=1, code="ก", name="ก", level=UnitLevel.DIVISION))
        session.execute(insert(tables.Project), projects)
    with office.sees() as session:
        by_sql = set(session.scalars(select(tables.Project.code).where(owes_report(quarter))))
    by_the_rules = {
        project["code"]
        for project in projects
        if owes_report_by_the_rules(
            project["start_month"],
            project["end_month"],
            SubmissionState.APPROVED if project["official_version"] else SubmissionState.DRAFT,
            project["execution_status"],
            quarter,
        )
    }
    assert by_sql == by_the_rules != set()

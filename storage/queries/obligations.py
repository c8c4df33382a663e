"""The obligation rule as SQL; ``domain.obligations.owes_report`` is the rule, and a test holds the two together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from sqlalchemy import CTE, ColumnElement, Date, Select, SmallInteger, and_, bindparam, case, exists, select, union_all

from domain.fiscal import Quarter, first_day_of_fiscal_year
from domain.submissions import ExecutionStatus, SubmissionKind, SubmissionState
from storage.tables import Project, QuarterReport, Submission


@dataclass(frozen=True, slots=True)
class QuarterColumns:
    """A table of quarters, for a query that asks about several at once, and its columns."""

    table: CTE
    fiscal_year: ColumnElement[int]
    number: ColumnElement[int]
    first_day: ColumnElement[date]
    last_day: ColumnElement[date]
    year_begins: ColumnElement[date]

    @classmethod
    def asked(cls, number: int) -> Self:
        """Return the table of so many quarters, one at least, which ``as_parameters`` gives when the query runs."""
        table = union_all(*(_as_row(position) for position in range(number))).cte("quarters_asked")
        return cls(table, *table.c)


def as_parameters(quarters: Sequence[Quarter]) -> Mapping[str, int | date]:
    """Return quarters as parameters of a query that ``QuarterColumns.asked`` is in."""
    return {
        f"asked_{position}_{name}": value
        for position, quarter in enumerate(quarters)
        for name, value in (
            ("fiscal_year", quarter.fiscal_year),
            ("number", quarter.number),
            ("first_day", quarter.first_day),
            ("last_day", quarter.last_day),
            ("year_begins", first_day_of_fiscal_year(quarter.fiscal_year)),
        )
    }


def _as_row(position: int) -> Select[*tuple[object, ...]]:
    whole, days = ("fiscal_year", "number"), ("first_day", "last_day", "year_begins")
    numbers = [bindparam(f"asked_{position}_{name}", type_=SmallInteger()).label(name) for name in whole]
    return select(*numbers, *(bindparam(f"asked_{position}_{name}", type_=Date()).label(name) for name in days))


def owes_report(quarter: Quarter | QuarterColumns) -> ColumnElement[bool]:
    """Return the condition that a row of ``projects`` owes a report of ``quarter``, wherever tracking begins."""
    return and_(
        Project.official_version > 0,
        Project.execution_status != ExecutionStatus.CANCELLED,
        Project.start_month <= quarter.last_day,
        Project.end_month >= quarter.first_day,
    )


def report_of(quarter: Quarter | QuarterColumns) -> ColumnElement[bool]:
    """Return the condition that joins a project to its report of ``quarter``."""
    return and_(
        Submission.project_id == Project.id,
        Submission.kind == SubmissionKind.QUARTER_REPORT,
        Submission.fiscal_year == quarter.fiscal_year,
        Submission.quarter == quarter.number,
    )


def entered_state() -> ColumnElement[SubmissionState | None]:
    """Return the state of a joined report; NULL while nothing of it is entered, even where a late reason was given."""
    is_empty = (Submission.state == SubmissionState.DRAFT) & ~exists().where(
        QuarterReport.submission_id == Submission.id
    )
    return case((is_empty, None), else_=Submission.state)

"""The columns of every kind of file (``contract.md`` §4): what they hold and which of them must be there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.fiscal import QUARTERS, YearBasis
from domain.organisation import UnitLevel
from domain.roles import Role
from domain.submissions import ExecutionStatus, SubmissionState
from domain.windows import Scope, Stage, WindowKind
from storage.imports import values as cell
from storage.imports.problems import ProblemCode
from storage.imports.values import Converter
from storage.imports.vocabulary import FileKind
from storage.tables.projects import FundingKind, LinkKind, WorkType

Values = dict[str, Any]
"""A row's converted cells by column; blank ones are None."""

MAX_STEPS = 5
MAX_ROUNDS = 12


class Reference(StrEnum):
    """What the code in a column must belong to."""

    UNIT = "unit"
    PERSON = "person"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``required`` must be in the header row, ``filled`` may not be blank in any row.

    ``repeats``: few different values, so that each is converted once.
    """

    name: str
    convert: Converter
    required: bool = False
    filled: bool = False
    repeats: bool = True
    refers: Reference | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of file: ``key`` names the columns that may not be the same in two rows.

    ``check`` returns (column, problem) for what is wrong between the cells of one row. ``is_marked``: rows are
    recognised as unchanged by a mark of their cells, without a look at each value.
    """

    columns: tuple[Column, ...]
    key: tuple[str, ...]
    check: Callable[[Values], Iterable[tuple[str, ProblemCode]]] = lambda _: ()
    is_marked: bool = False


def _must(name: str, convert: Converter, *, repeats: bool = True, refers: Reference | None = None) -> Column:
    return Column(name, convert, required=True, filled=True, repeats=repeats, refers=refers)


def _order(first: str, last: str) -> Callable[[Values], Iterable[tuple[str, ProblemCode]]]:
    """Return the check that one day of a row does not come before another."""

    def check(values: Values) -> Iterable[tuple[str, ProblemCode]]:
        start, end = values.get(first), values.get(last)
        if start is not None and end is not None and end < start:
            yield last, ProblemCode.END_BEFORE_START

    return check


_KINDS_WITH_ROUND = frozenset({WindowKind.QUARTER_REPORT, WindowKind.MIDYEAR_ENTRY})
_windows_in_order = _order("opens_on", "closes_on")


def _check_calendar(values: Values) -> Iterable[tuple[str, ProblemCode]]:
    yield from _windows_in_order(values)
    yield from _check_round(values.get("kind"), values.get("quarter"))
    if values.get("scope") is not Scope.NATIONAL and values.get("unit") is None:
        yield "unit", ProblemCode.BLANK


def _check_round(kind: WindowKind | None, number: int | None) -> Iterable[tuple[str, ProblemCode]]:
    if kind in _KINDS_WITH_ROUND:
        if number is None or (kind is WindowKind.QUARTER_REPORT and number > max(QUARTERS)):
            yield "quarter", ProblemCode.QUARTER_NEEDED
    elif kind is not None and number is not None:
        yield "quarter", ProblemCode.QUARTER_UNWANTED


_project = _must("project", cell.project_code, refers=Reference.PROJECT)
_unit = _must("unit", cell.code, refers=Reference.UNIT)
_year = _must("fiscal_year", cell.fiscal_year)
_quarter = _must("quarter", cell.whole(1, 4))

_PROJECT_TEXTS = (
    "ns_goal", "y2", "sub_plan", "y1", "programme", "gfmis_code", "owner_name", "owner_email", "owner_phone",
)  # fmt: skip
_PROJECT_LINES = (
    "rationale", "objectives", "output_target", "outcome_target", "expected_result", "beneficiaries", "area_detail",
)  # fmt: skip
PLAN_COLUMNS = ("plan_q1", "plan_q2", "plan_q3", "plan_q4")

LAYOUTS: Mapping[FileKind, Layout] = {
    FileKind.UNITS: Layout(
        (
            _must("code", cell.code, repeats=False),
            _must("name", cell.short_text(500), repeats=False),
            Column("short_name", cell.short_text(100)),
            _must("level", cell.choice("unit_level", UnitLevel)),
            Column("parent", cell.code, refers=Reference.UNIT),
            Column("year_basis", cell.choice("year_basis", YearBasis)),
            Column("members", cell.codes, refers=Reference.UNIT),
            Column("merged_into", cell.code, refers=Reference.UNIT),
        ),
        key=("code",),
    ),
    FileKind.PEOPLE: Layout(
        (
            _must("code", cell.code, repeats=False),
            Column("full_name", cell.short_text(200), required=True, repeats=False),
            Column("position", cell.short_text(200)),
            _unit,
            Column("valid_from", cell.day),
            Column("valid_to", cell.day),
            Column("acting_for", cell.code, refers=Reference.PERSON),
            _must("roles", cell.choices("role", Role)),
            Column("email", cell.short_text(254), repeats=False),
        ),
        key=("code", "unit", "roles", "acting_for", "valid_from"),
        check=_order("valid_from", "valid_to"),
    ),
    FileKind.ROUTES: Layout(
        (
            _unit,
            _must("order", cell.whole(1, MAX_STEPS)),
            _must("stage", cell.choice("stage", Stage)),
            _must("approver", cell.code, refers=Reference.PERSON),
        ),
        key=("unit", "order", "approver"),
    ),
    FileKind.PROJECTS: Layout(
        (
            _must("code", cell.project_code, repeats=False),
            _must("name", cell.short_text(500), repeats=False),
            _year,
            _must("start_month", cell.month),
            _must("end_month", cell.month),
            Column("budget_total", cell.amount, repeats=False),
            Column("unit", cell.code, required=True, refers=Reference.UNIT),
            Column("agency", cell.code, refers=Reference.UNIT),
            Column("ministry", cell.code, refers=Reference.UNIT),
            Column("ns_area", cell.whole(1, 6, "ns_area")),
            Column("master_plan_no", cell.whole(1, 23, "master_plan_issue")),
            Column("uses_budget", cell.yes_no("uses_budget")),
            Column("work_type", cell.choice("work_type", WorkType)),
            *(Column(name, cell.amount, repeats=False) for name in PLAN_COLUMNS),
            Column("execution_status", cell.choice("execution_status", ExecutionStatus)),
            Column("state", cell.choice("submission_state", SubmissionState)),
            *(Column(name, cell.text) for name in _PROJECT_TEXTS),
            *(Column(name, cell.lines) for name in _PROJECT_LINES),
        ),
        key=("code",),
        check=_order("start_month", "end_month"),
        is_marked=True,
    ),
    FileKind.ACTIVITIES: Layout(
        (
            _project,
            _must("activity", cell.short_text(500)),
            Column("sub_activity", cell.short_text(500)),
            Column("quarters", cell.quarters, required=True),
        ),
        key=("project", "activity", "sub_activity"),
    ),
    FileKind.LINKS: Layout(
        (_project, _must("kind", cell.choice("link_kind", LinkKind)), _must("name", cell.short_text(500))),
        key=("project", "kind", "name"),
    ),
    FileKind.FUNDING: Layout(
        (
            _project,
            _must("kind", cell.choice("funding_kind", FundingKind)),
            Column("origin", cell.short_text(500)),
            _must("amount", cell.amount, repeats=False),
        ),
        key=("project", "kind", "origin"),
    ),
    FileKind.SPENDING: Layout(
        (
            _project,
            _year,
            _quarter,
            _must("amount", cell.amount, repeats=False),
            Column("dated_on", cell.day),
            Column("carried_over", cell.amount, repeats=False),
        ),
        key=("project", "fiscal_year", "quarter", "dated_on"),
    ),
    FileKind.DUTIES: Layout(
        (
            _unit,
            _must("kind", cell.choice("duty_kind", WindowKind)),
            _year,
            Column("plan_name", cell.short_text(500)),
            Column("entered_on", cell.day),
            Column("reference", cell.short_text(200)),
        ),
        key=("unit", "kind", "fiscal_year", "plan_name"),
    ),
    FileKind.REPORTS: Layout(
        (
            _project,
            _year,
            _quarter,
            Column("output_progress", cell.lines),
            Column("outcome_progress", cell.lines),
            Column("kpi_progress", cell.lines),
            Column("disbursed_baht", cell.amount, repeats=False),
            Column("carried_disbursed_baht", cell.amount, repeats=False),
            Column("underspend_reason", cell.lines),
            Column("summary", cell.lines),
            Column("problems", cell.lines),
            Column("recommendations", cell.lines),
            _must("state", cell.choice("submission_state", SubmissionState)),
            Column("step", cell.whole(1, MAX_STEPS)),
            Column("sent_on", cell.day),
            Column("mirrored_on", cell.day),
        ),
        key=("project", "fiscal_year", "quarter"),
        is_marked=True,
    ),
    FileKind.CALENDAR: Layout(
        (
            _must("kind", cell.choice("window_kind", WindowKind)),
            _year,
            Column("quarter", cell.whole(1, MAX_ROUNDS)),
            Column("stage", cell.choice("stage", Stage)),
            _must("scope", cell.choice("scope", Scope)),
            Column("unit", cell.code, required=True, refers=Reference.UNIT),
            Column("opens_on", cell.day),
            _must("closes_on", cell.day),
            Column("letter_no", cell.short_text(200)),
            Column("issued_on", cell.day),
        ),
        key=("kind", "fiscal_year", "quarter", "stage", "scope", "unit", "letter_no", "issued_on"),
        check=_check_calendar,
    ),
    FileKind.HOLIDAYS: Layout(
        (
            _must("on", cell.day),
            Column("name", cell.short_text(200)),
            Column("is_holiday", cell.yes_no("holiday")),
        ),
        key=("on",),
    ),
}  # fmt: skip

"""The fields of requests: the spreadsheets' columns under the same names, read by the same readers of cells.

Where a spreadsheet has a Thai word for a choice, a request may have its code instead, such as ``in_progress``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from bot.api.problems import ApiFault
from domain.submissions import ExecutionStatus, SubmissionKind, SubmissionState
from storage.imports import values as cell
from storage.imports.columns import LAYOUTS, Column
from storage.imports.problems import BadValue, ProblemCode
from storage.imports.values import Converter
from storage.imports.vocabulary import FileKind, Words
from storage.tables.projects import AreaScope, FundingKind, LinkKind, WorkType

Schema = Mapping[str, Any]

TEXT: Schema = {"type": ["string", "number", "null"]}
AMOUNT: Schema = {"type": ["string", "number", "null"], "description": "baht", "examples": ["1,250,000.00", 1250000.5]}
NUMBER: Schema = {"type": ["string", "integer", "null"]}
YEAR: Schema = {"type": ["string", "integer"], "description": "Buddhist Era", "examples": [2566]}
MONTH: Schema = {"type": ["string", "null"], "examples": ["2022-10", "10/2565"]}
FLAG: Schema = {"type": "boolean"}
_SCHEMAS: Mapping[str, Schema] = {
    "fiscal_year": YEAR, "quarter": NUMBER, "ns_area": NUMBER, "master_plan_no": NUMBER, "start_month": MONTH,
    "end_month": MONTH, "budget_total": AMOUNT, "amount": AMOUNT, "disbursed_baht": AMOUNT,
    "carried_disbursed_baht": AMOUNT, "carried_over": AMOUNT,
    "uses_budget": {"type": ["boolean", "string"]},
}  # fmt: skip
_CHOICES: Mapping[tuple[FileKind, str], type[StrEnum]] = {
    (FileKind.PROJECTS, "work_type"): WorkType,
    (FileKind.PROJECTS, "execution_status"): ExecutionStatus,
    (FileKind.LINKS, "kind"): LinkKind,
    (FileKind.FUNDING, "kind"): FundingKind,
}
_NAMES: Mapping[tuple[FileKind, str], str] = {
    (FileKind.PROJECTS, "code"): "project_code",
    (FileKind.REPORTS, "project"): "project_code",
    (FileKind.DUTIES, "unit"): "agency",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field: ``needed`` may neither be absent nor blank, ``blank`` is the value of a blank one.

    ``is_list``: a list of values, which the reader gets with commas or, of texts, one by one.
    """

    name: str
    convert: Converter
    needed: bool = False
    blank: Any = None
    schema: Schema = field(default_factory=lambda: TEXT)
    is_list: bool = False


def coded(kind: type[StrEnum], convert: Converter) -> Converter:
    """Return the converter that takes the codes of ``kind`` as well as what ``convert`` takes."""

    def read(value: Any, words: Words) -> Any:
        if isinstance(value, str) and value in list(kind):
            return kind(value)
        return convert(value, words)

    return read


def code_of(kind: type[StrEnum]) -> Converter:
    """Return the converter for the codes of ``kind`` alone."""
    read_one = one_of(list(kind))

    def read(value: Any, words: Words) -> StrEnum | None:
        found = read_one(value, words)
        return None if found is None else kind(found)

    return read


def one_of(words_allowed: Sequence[str]) -> Converter:
    """Return the converter for one of some words, exactly as they are."""

    def read(value: Any, words: Words) -> str | None:  # noqa: ARG001 - a converter
        if cell.is_blank(value):
            return None
        if value not in words_allowed:
            raise BadValue(ProblemCode.NOT_A_CHOICE, choices=", ".join(words_allowed))
        return str(value)

    return read


def flag(value: Any, words: Words) -> bool:  # noqa: ARG001 - a converter
    """Return a JSON boolean."""
    if not isinstance(value, bool):
        raise NotOfJson(ApiFault.NOT_A_FLAG)
    return value


def degrees(limit: int) -> Converter:
    """Return the converter for a latitude or longitude in degrees."""

    def read(value: Any, words: Words) -> float | None:  # noqa: ARG001 - a converter
        if cell.is_blank(value):
            return None
        try:
            found = float(cell.shown(value))
        except ValueError:
            raise NotOfJson(ApiFault.NOT_A_COORDINATE) from None
        if not -limit <= found <= limit:
            raise NotOfJson(ApiFault.NOT_A_COORDINATE)
        return found

    return read


class NotOfJson(ValueError):
    """A value is not what its field needs, in a way that cells of spreadsheets cannot be."""

    def __init__(self, fault: ApiFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def _of(kind: FileKind, *names: str, **changes: Any) -> tuple[Field, ...]:
    columns = {column.name: column for column in LAYOUTS[kind].columns}
    return tuple(replace(_field(kind, columns[name]), **changes) for name in names)


def _field(kind: FileKind, column: Column) -> Field:
    name = _NAMES.get((kind, column.name), column.name)
    choice = _CHOICES.get((kind, column.name))
    convert = column.convert if choice is None else coded(choice, column.convert)
    schema = _SCHEMAS.get(name, TEXT) if choice is None else _choice_schema(choice)
    return Field(name, convert, needed=column.filled, schema=schema)


def _choice_schema(kind: type[StrEnum]) -> Schema:
    return {"type": ["string", "null"], "examples": list(kind)}


def _texts(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, cell.short_text(500), blank="") for name in names)


HEAD = (
    Field("kind", code_of(SubmissionKind), needed=True, schema={"enum": list(SubmissionKind)}),
    Field("sent_by", cell.code, needed=True),
    Field("late_reason", cell.lines, blank=""),
    Field("send", flag, blank=True, schema=FLAG),
)
REPORT_KEY = _of(FileKind.REPORTS, "project", "fiscal_year", "quarter")
REPORT = (
    *_of(FileKind.REPORTS, "output_progress", "outcome_progress", "kpi_progress", blank=""),
    Field("level1_progress", cell.lines, blank=""),
    *_of(FileKind.REPORTS, "disbursed_baht", "carried_disbursed_baht"),
    *_of(FileKind.REPORTS, "underspend_reason", "summary", "problems", "recommendations", blank=""),
)
ACTIVITY_PROGRESS = (
    *_of(FileKind.ACTIVITIES, "activity", "sub_activity"),
    Field("progress", cell.lines, blank=""),
)
LINK_PROGRESS = (
    *_of(FileKind.LINKS, "kind", needed=False),
    *_of(FileKind.LINKS, "name"),
    Field("progress", cell.lines, blank=""),
)
PROJECT_KEY = _of(FileKind.PROJECTS, "code")
PROJECT_UNIT = _of(FileKind.PROJECTS, "unit", needed=True)
PROJECT = (
    *_of(FileKind.PROJECTS, "name", "fiscal_year", "start_month", "end_month"),
    *_of(FileKind.PROJECTS, "budget_total", "ns_area", "master_plan_no"),
    *_of(FileKind.PROJECTS, "ns_goal", "y2", "sub_plan", "y1", "programme", "gfmis_code", blank=""),
    *_of(FileKind.PROJECTS, "owner_name", "owner_email", "owner_phone", blank=""),
    *_of(FileKind.PROJECTS, "rationale", "objectives", "output_target", "outcome_target", blank=""),
    *_of(FileKind.PROJECTS, "expected_result", "beneficiaries", "area_detail", blank=""),
    *_of(FileKind.PROJECTS, "work_type", "execution_status", "uses_budget"),
    *_texts("director_title", "director_first_name", "director_last_name", "director_email", "director_phone"),
    *_texts("director_alt_email", "director_fax"),
    Field("plan_version", cell.fiscal_year, schema=YEAR),
    Field("self_run", flag, schema=FLAG),
    Field("contracted", flag, schema=FLAG),
    Field("kpis", cell.text, blank=(), schema={"type": ["array", "null"], "items": {"type": "string"}}, is_list=True),
    Field("area_scope", coded(AreaScope, cell.choice("area_scope", AreaScope)), schema=_choice_schema(AreaScope)),
    Field("latitude", degrees(90), schema={"type": ["number", "string", "null"]}),
    Field("longitude", degrees(180), schema={"type": ["number", "string", "null"]}),
)
ALWAYS_SET = frozenset({"work_type", "execution_status", "uses_budget", "self_run", "contracted"})
"""Fields of a project that always hold something: a blank leaves them as they are."""
_QUARTERS: Schema = {"type": ["array", "string", "integer", "null"], "items": {"type": ["integer", "string"]}}
ACTIVITIES = (
    *_of(FileKind.ACTIVITIES, "activity", "sub_activity"),
    *_of(FileKind.ACTIVITIES, "quarters", blank=frozenset(), schema=_QUARTERS, is_list=True),
)
LINKS = _of(FileKind.LINKS, "kind", "name")
FUNDING = (
    *_of(FileKind.FUNDING, "kind"),
    *_of(FileKind.FUNDING, "origin", blank=""),
    *_of(FileKind.FUNDING, "amount"),
)
SPENDING = _of(FileKind.SPENDING, "fiscal_year", "quarter", "amount", "carried_over")
PLAN = (
    *_of(FileKind.DUTIES, "unit"),
    *_of(FileKind.DUTIES, "fiscal_year"),
    *_of(FileKind.DUTIES, "plan_name", "reference", blank=""),
    *_of(FileKind.DUTIES, "entered_on"),
)
WITHDRAWAL = (
    Field("sent_by", cell.code, needed=True),
    Field("version", cell.whole(1, 2**31 - 1), schema=NUMBER),
)


MOST_ITEMS = 1_000
"""No project has as many activities; what holds more would keep others from writing."""


@dataclass(frozen=True, slots=True)
class List:
    """A list of objects in a request; ``key`` names the fields that may not be the same in two of them."""

    name: str
    fields: Sequence[Field]
    key: tuple[str, ...]


REPORT_LISTS = (
    List("activity_progress", ACTIVITY_PROGRESS, ("activity", "sub_activity")),
    List("link_progress", LINK_PROGRESS, ("kind", "name")),
)
PROJECT_LISTS = (
    List("activities", ACTIVITIES, ("activity", "sub_activity")),
    List("links", LINKS, ("kind", "name")),
    List("funding", FUNDING, ("kind", "origin")),
    List("spending_plan", SPENDING, ("fiscal_year", "quarter")),
)
FIELDS_OF: Mapping[SubmissionKind, tuple[Sequence[Field], Sequence[List]]] = {
    SubmissionKind.QUARTER_REPORT: ((*REPORT_KEY, *REPORT), REPORT_LISTS),
    SubmissionKind.PROJECT_ENTRY: ((*PROJECT_KEY, *PROJECT_UNIT, *PROJECT), PROJECT_LISTS),
    SubmissionKind.PROJECT_EDIT: ((*PROJECT_KEY, *(replace(one, needed=False) for one in PROJECT)), ()),
    SubmissionKind.LEVEL3_PLAN: (PLAN, ()),
    SubmissionKind.ACHIEVEMENT_REPORT: (PLAN, ()),
}
"""What a request of each kind holds beside ``HEAD``."""


AGENCY_APPROVED = "agency_approved"
"""Waits at a step of the ministry's stage (``domain.md`` §3); the database knows it as pending."""
STATES = (*SubmissionState, AGENCY_APPROVED)
QUERY = (
    *_of(FileKind.PROJECTS, "code", needed=False),
    *_of(FileKind.REPORTS, "fiscal_year", "quarter", needed=False),
    Field("kind", code_of(SubmissionKind), schema={"type": "string", "enum": list(SubmissionKind)}),
    Field("state", one_of(STATES), schema={"type": "string", "enum": list(STATES)}),
    Field("page", cell.whole(1, 1_000_000), schema={"type": "integer", "minimum": 1, "default": 1}),
    Field("per_page", cell.whole(1, 100), schema={"type": "integer", "minimum": 1, "maximum": 100, "default": 50}),
)
"""What a list can be narrowed down to."""

"""What an import finds wrong: structured values, which ``messages_th.imports`` words in Thai."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class ProblemCode(StrEnum):
    """What is wrong. Those in ``WARNINGS`` are listed and imported all the same; any other stops the whole import."""

    # The file
    NO_SUCH_PATH = "no_such_path"
    NOTHING_TO_READ = "nothing_to_read"
    FILE_EMPTY = "file_empty"
    FILE_TOO_LARGE = "file_too_large"
    NOT_A_SPREADSHEET = "not_a_spreadsheet"
    OLD_EXCEL = "old_excel"
    ENCRYPTED = "encrypted"
    HAS_MACROS = "has_macros"
    BINARY_WORKBOOK = "binary_workbook"
    DAMAGED = "damaged"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    TOO_MANY_CELLS = "too_many_cells"
    UNKNOWN_ENCODING = "unknown_encoding"
    BAD_CSV = "bad_csv"
    # Its header row
    UNKNOWN_HEADER = "unknown_header"
    MISSING_COLUMN = "missing_column"
    REPEATED_COLUMN = "repeated_column"
    # A cell
    ERROR_CELL = "error_cell"
    FORMULA_WITHOUT_VALUE = "formula_without_value"
    BLANK = "blank"
    NOT_A_DATE = "not_a_date"
    NOT_A_MONTH = "not_a_month"
    NOT_A_YEAR = "not_a_year"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    NOT_AN_AMOUNT = "not_an_amount"
    TOO_MANY_DECIMALS = "too_many_decimals"
    AMOUNT_TOO_LARGE = "amount_too_large"
    NEGATIVE_AMOUNT = "negative_amount"
    NOT_A_CHOICE = "not_a_choice"
    NOT_A_PROJECT_CODE = "not_a_project_code"
    TOO_LONG = "too_long"
    # A row among others
    UNKNOWN_UNIT = "unknown_unit"
    UNKNOWN_PERSON = "unknown_person"
    UNKNOWN_PROJECT = "unknown_project"
    END_BEFORE_START = "end_before_start"
    DUPLICATE = "duplicate"
    PARENT_CYCLE = "parent_cycle"
    CONFLICTING_NAME = "conflicting_name"
    CONFLICTING_STAGE = "conflicting_stage"
    QUARTER_NEEDED = "quarter_needed"
    QUARTER_UNWANTED = "quarter_unwanted"
    WRONG_SCOPE_LEVEL = "wrong_scope_level"
    NOT_AN_AGENCY = "not_an_agency"
    # Warnings
    FILE_IGNORED = "file_ignored"
    SHEET_IGNORED = "sheet_ignored"
    UNKNOWN_COLUMN = "unknown_column"
    PLAN_TOTAL_DIFFERS = "plan_total_differs"
    UNIT_OUTSIDE_AGENCY = "unit_outside_agency"
    APPROVER_WITHOUT_ROLE = "approver_without_role"
    ROUTE_STEP_REMOVED = "route_step_removed"
    NO_SUCH_STEP = "no_such_step"
    NO_OBLIGATION = "no_obligation"
    INCOMPLETE_REPORT = "incomplete_report"
    OUTSIDE_WINDOW = "outside_window"
    NOT_MIRRORED = "not_mirrored"
    KEPT_FROM_BOT = "kept_from_bot"


WARNINGS = frozenset(
    {
        ProblemCode.FILE_IGNORED,
        ProblemCode.SHEET_IGNORED,
        ProblemCode.UNKNOWN_COLUMN,
        ProblemCode.PLAN_TOTAL_DIFFERS,
        ProblemCode.UNIT_OUTSIDE_AGENCY,
        ProblemCode.APPROVER_WITHOUT_ROLE,
        ProblemCode.ROUTE_STEP_REMOVED,
        ProblemCode.NO_SUCH_STEP,
        ProblemCode.NO_OBLIGATION,
        ProblemCode.INCOMPLETE_REPORT,
        ProblemCode.OUTSIDE_WINDOW,
        ProblemCode.NOT_MIRRORED,
        ProblemCode.KEPT_FROM_BOT,
    }
)

Params = Mapping[str, Any]
"""Texts, dates, amounts and members of enumerations, by name."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: ``row`` as the spreadsheet shows it, ``column`` as its header says.

    ``value`` is the text of the cell, or what it means where the cell itself is no longer at hand.
    """

    code: ProblemCode
    file: str
    row: int | None = None
    column: str | None = None
    value: Any = None
    params: Params = field(default_factory=dict)

    @property
    def is_warning(self) -> bool:
        """Tell whether the import goes on in spite of it."""
        return self.code in WARNINGS


class Refused(Exception):
    """A file cannot be read at all; carries the problem's code and parameters."""

    def __init__(self, code: ProblemCode, **params: str) -> None:
        super().__init__(code.value)
        self.code = code
        self.params = params


class BadValue(ValueError):
    """A cell does not hold what its column needs; carries the problem's code and parameters."""

    def __init__(self, code: ProblemCode, **params: str) -> None:
        super().__init__(code.value)
        self.code = code
        self.params = params

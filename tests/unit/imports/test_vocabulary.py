"""The Thai words of spreadsheets and what the importer expects of them fit together."""

import pytest

from domain.fiscal import YearBasis
from domain.organisation import UnitLevel
from domain.roles import Role
from domain.submissions import ExecutionStatus, SubmissionState
from domain.windows import Scope, Stage, WindowKind
from messages_th import imports, spreadsheets
from storage.imports.columns import LAYOUTS
from storage.imports.problems import ProblemCode
from storage.imports.vocabulary import FileKind, loose
from storage.tables.projects import AreaScope, FundingKind, LinkKind, WorkType

CHOICES = {
    "unit_level": UnitLevel, "year_basis": YearBasis, "role": Role, "scope": Scope, "work_type": WorkType,
    "submission_state": SubmissionState, "execution_status": ExecutionStatus, "link_kind": LinkKind,
    "funding_kind": FundingKind, "window_kind": WindowKind, "area_scope": AreaScope,
}  # fmt: skip


@pytest.mark.parametrize("kind", FileKind)
def test_every_column_has_a_header_and_every_header_a_column(kind: FileKind) -> None:
    assert spreadsheets.HEADERS[kind].keys() == {column.name for column in LAYOUTS[kind].columns}
    assert kind in imports.KINDS


@pytest.mark.parametrize("kind", FileKind)
def test_no_header_means_two_columns_of_one_kind(kind: FileKind) -> None:
    seen: dict[str, str] = {}
    for column, aliases in spreadsheets.HEADERS[kind].items():
        for alias in aliases:
            assert seen.setdefault(loose(alias), column) == column


@pytest.mark.parametrize("name", CHOICES)
def test_every_choice_can_be_said(name: str) -> None:
    assert set(spreadsheets.CHOICES[name].values()) == set(CHOICES[name])


def test_stages_and_kinds_of_duties_are_a_part_of_theirs() -> None:
    assert set(spreadsheets.CHOICES["stage"].values()) == {Stage.AGENCY, Stage.UPPER}
    assert set(spreadsheets.CHOICES["duty_kind"].values()) < set(WindowKind)


def test_every_problem_has_its_words() -> None:
    assert imports.PROBLEMS.keys() == set(ProblemCode)

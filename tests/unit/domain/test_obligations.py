"""Which project owes which quarter, and what agencies owe beside projects (domain.md §3, §6)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.fiscal import Quarter
from domain.obligations import (
    DutyRecord,
    OwedDuty,
    agency_duties,
    owes_report,
)
from domain.submissions import DutyState, ExecutionStatus, SubmissionState
from domain.windows import Occasion, Stage, WindowKind
from tests.unit.domain.thai_dates import day

APPROVED, DRAFT = SubmissionState.APPROVED, SubmissionState.DRAFT
PENDING, RETURNED = SubmissionState.PENDING_APPROVAL, SubmissionState.RETURNED
RUNNING, CANCELLED = ExecutionStatus.IN_PROGRESS, ExecutionStatus.CANCELLED


def month(text: str) -> date:
    """Return the first day of a month like "ต.ค. 65": projects have months, not days."""
    return day(f"1 {text}")


@pytest.mark.parametrize(
    ("months", "owed"),
    (
        pytest.param("ต.ค. 65–ก.ย. 66", "1 2 3 4", id="a project of the whole year owes every quarter"),
        pytest.param("เม.ย. 66–ก.ย. 66", "3 4", id="one that starts in Q3 owes nothing for Q1 and Q2"),
        pytest.param("มิ.ย. 66–ก.ย. 66", "3 4", id="one month in a quarter is enough"),
        pytest.param("ต.ค. 65–ม.ค. 66", "1 2", id="the last is the quarter that holds the end month"),
        pytest.param("ต.ค. 65–มี.ค. 66", "1 2", id="ends with the quarter"),
        pytest.param("ก.พ. 66–ก.พ. 66", "2", id="one month"),
        pytest.param("ต.ค. 63–ก.ย. 69", "1 2 3 4", id="many years, entered once"),
        pytest.param("ต.ค. 64–ก.ย. 65", "", id="ended last year"),
        pytest.param("ต.ค. 66–ก.ย. 67", "", id="starts next year"),
    ),
)
def test_a_project_owes_the_quarters_that_its_months_touch(months: str, owed: str) -> None:
    start, end = map(month, months.split("–"))
    quarters = [n for n in (1, 2, 3, 4) if owes_report(start, end, APPROVED, RUNNING, Quarter(2566, n))]
    assert quarters == [int(n) for n in owed.split()]


@pytest.mark.parametrize("entry", list(SubmissionState), ids=lambda state: state.value)
@pytest.mark.parametrize("execution", list(ExecutionStatus), ids=lambda status: status.value)
def test_only_an_approved_project_that_is_not_cancelled_owes(
    entry: SubmissionState, execution: ExecutionStatus
) -> None:
    owes = owes_report(month("ต.ค. 65"), month("ก.ย. 66"), entry, execution, Quarter(2566, 2))
    assert owes == (entry is APPROVED and execution is not CANCELLED)


def test_any_day_of_the_end_month_stands_for_the_whole_month() -> None:
    first_of_january, some_day = month("ม.ค. 66"), day("15 ม.ค. 66")
    for end in (first_of_january, some_day):
        assert owes_report(month("ต.ค. 65"), end, APPROVED, RUNNING, Quarter(2566, 2))


@pytest.mark.parametrize(
    ("quarter", "owes"),
    ((Quarter(2565, 4), False), (Quarter(2566, 1), True), (Quarter(2566, 2), True)),
    ids=["before", "the first tracked", "after"],
)
def test_nothing_before_tracking_began_is_owed(quarter: Quarter, owes: bool) -> None:  # noqa: FBT001
    project = (month("ต.ค. 63"), month("ก.ย. 69"), APPROVED, RUNNING)
    assert owes_report(*project, quarter, tracked_from=Quarter(2566, 1)) is owes
    assert owes_report(*project, quarter)


@given(
    st.dates(date(2020, 1, 1), date(2026, 12, 31)),
    st.integers(0, 1500),
    st.builds(Quarter, st.integers(2563, 2570), st.integers(1, 4)),
)
def test_quarters_owed_are_one_unbroken_row_from_start_to_end(start: date, length: int, quarter: Quarter) -> None:
    end = date.fromordinal(start.toordinal() + length)
    owes = owes_report(start, end, APPROVED, RUNNING, quarter)
    assert owes == (Quarter.containing(start) <= quarter <= Quarter.containing(end))


# Agencies

PLAN = Occasion(WindowKind.LEVEL3_PLAN, 2566)
THEMATIC_REPORT = Occasion(WindowKind.ACHIEVEMENT_ACTION_PLAN, 2566)


def record(
    plan_name: str = "",
    *,
    thematic: bool = False,
    entered: bool = False,
    occasion: Occasion = PLAN,
    agency: str = "กกจ.",
) -> DutyRecord:
    return DutyRecord(agency, occasion, plan_name, thematic, day("1 ก.พ. 66") if entered else None)


THEME = "แผนปฏิบัติการด้านแรงงานนอกระบบ"


@pytest.mark.parametrize(
    ("records", "owed"),
    (
        pytest.param([], [""], id="one per kind and window, listed or not"),
        pytest.param([record()], [""], id="listed as owed"),
        pytest.param([record(entered=True)], [], id="entered"),
        pytest.param([record("รายปี", entered=True), record("5 ปี")], ["5 ปี"], id="the list may name plans"),
        pytest.param([record(THEME, thematic=True)], ["", THEME], id="a theme comes on top"),
        pytest.param([record(THEME, thematic=True, entered=True)], [""], id="a theme done leaves the own plan"),
        pytest.param([record(entered=True, agency="กพร.")], [""], id="another agency's plan"),
        pytest.param([record(entered=True, occasion=Occasion(WindowKind.OPEN_D, 2566))], [""], id="another kind"),
        pytest.param([record(entered=True, occasion=Occasion(WindowKind.LEVEL3_PLAN, 2565))], [""], id="another year"),
    ),
)
def test_an_agency_owes_one_plan_and_whatever_its_list_adds(records: list[DutyRecord], owed: list[str]) -> None:
    assert [one.plan_name for one in agency_duties("กกจ.", PLAN, records)] == owed


@pytest.mark.parametrize(
    ("records", "owed"),
    (
        pytest.param([], [], id="not listed"),
        pytest.param([record(THEME, thematic=True, occasion=THEMATIC_REPORT)], [THEME], id="listed"),
        pytest.param([record(THEME, thematic=True, entered=True, occasion=THEMATIC_REPORT)], [], id="done"),
    ),
)
def test_thematic_achievement_reports_are_owed_only_where_listed(records: list[DutyRecord], owed: list[str]) -> None:
    assert [one.plan_name for one in agency_duties("กกจ.", THEMATIC_REPORT, records)] == owed


@pytest.mark.parametrize(
    ("state", "owed"),
    (
        (None, DutyState.MISSING),
        (SubmissionState.DRAFT, DutyState.DRAFT),
        (SubmissionState.RETURNED, DutyState.RETURNED),
        (SubmissionState.PENDING_APPROVAL, DutyState.WAITING),
        (SubmissionState.APPROVED, None),
    ),
)
def test_what_an_agency_sent_is_owed_until_it_is_approved(
    state: SubmissionState | None, owed: DutyState | None
) -> None:
    sent = DutyRecord("กกจ.", PLAN, "", thematic=False, entered_on=None, state=state, returned_by=Stage.UPPER)
    expected = [OwedDuty("", owed, Stage.UPPER)] if owed else []
    assert list(agency_duties("กกจ.", PLAN, [sent])) == expected

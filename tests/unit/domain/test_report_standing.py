"""How a quarter's report stands in the eyes of who asks."""

import pytest

from domain.modules import ModuleState, filled
from domain.report_standing import ReportStanding, report_standing
from domain.submissions import SubmissionState


@pytest.mark.parametrize(
    ("state", "is_owed", "has_opened", "is_visible", "expected"),
    (
        (None, False, True, True, ReportStanding.NOT_OWED),
        (SubmissionState.APPROVED, False, True, True, ReportStanding.NOT_OWED),
        (None, True, False, True, ReportStanding.NOT_YET),
        (None, True, True, True, ReportStanding.MISSING),
        (None, True, True, False, ReportStanding.HIDDEN),
        (SubmissionState.DRAFT, True, False, True, ReportStanding.DRAFT),
        (SubmissionState.RETURNED, True, True, False, ReportStanding.HIDDEN),
        (SubmissionState.PENDING_APPROVAL, True, True, True, ReportStanding.WAITING),
        (SubmissionState.APPROVED, True, True, True, ReportStanding.APPROVED),
    ),
)
def test_a_quarter_stands_as_it_is_owed_opened_and_seen(
    state: SubmissionState | None, *, is_owed: bool, has_opened: bool, is_visible: bool, expected: ReportStanding
) -> None:
    found = report_standing(state, is_owed=is_owed, has_opened=has_opened, is_visible=is_visible)
    assert found is expected


def test_a_module_is_complete_partial_or_empty() -> None:
    assert filled(("a", 1)) is ModuleState.COMPLETE
    assert filled(("a", "")) is ModuleState.PARTIAL
    assert filled((None, [], "")) is ModuleState.EMPTY

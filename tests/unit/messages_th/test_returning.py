"""At which field of a report the reason of a return points."""

import pytest

from domain.completeness import ReportContent
from domain.submissions import SubmissionKind
from messages_th.project_fields import field_to_correct
from messages_th.returning import Beginning, beginnings, concerned_field

REPORT = beginnings(SubmissionKind.QUARTER_REPORT, uses_budget=True)


@pytest.mark.parametrize("chosen", REPORT, ids=lambda one: one.label)
def test_a_reason_points_where_its_beginning_does_as_long_as_it_begins_so(chosen: Beginning) -> None:
    assert concerned_field(REPORT, f"  {chosen.words}ตามที่หารือ\nในที่ประชุม") == chosen.concerns
    assert concerned_field(REPORT, f"เรียน กองแผนงาน {chosen.words}") == ""
    assert hasattr(ReportContent(), chosen.concerns)
    assert field_to_correct(chosen.concerns).startswith("ส่วนที่ขอให้แก้ไข: ")


def test_own_words_point_nowhere() -> None:
    assert concerned_field(REPORT, "โปรดแนบหลักฐานเพิ่มเติม") == ""
    assert field_to_correct("") == ""


def test_without_budget_nothing_points_at_money() -> None:
    offered = beginnings(SubmissionKind.QUARTER_REPORT, uses_budget=False)
    assert [one.label for one in offered] == [one.label for one in REPORT if one.label != "การเบิกจ่าย"]
    assert concerned_field(offered, REPORT[0].words) == ""


@pytest.mark.parametrize("kind", [kind for kind in SubmissionKind if kind is not SubmissionKind.QUARTER_REPORT])
def test_projects_and_plans_have_no_field_to_point_at(kind: SubmissionKind) -> None:
    offered = beginnings(kind, uses_budget=True)
    assert offered
    assert {one.concerns for one in offered} == {""}

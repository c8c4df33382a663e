"""Who asks for the form of a report is led there, and who asks about reports is not."""

import pytest

from messages_th.understanding import understand
from messages_th.understanding.agencies import Agency, AgencyNames
from messages_th.understanding.intents import Intent, Relative
from messages_th.understanding.wishes import REPORT, REPORTING, WISH

CODE = "รง 0501-66-0003"
NAMES = AgencyNames([Agency("กสร.", "กรมสวัสดิการและคุ้มครองแรงงาน")])


@pytest.mark.parametrize(
    "words",
    (
        f"รายงาน {CODE}", f"รายงาน{CODE}เลยค่ะ", "รายงาน รง.๐๕๐๑–๖๖–๐๐๐๓ ครับ", f"กรอกรายงาน {CODE}",
        f"กรอก M6 ของ {CODE}", f"แก้ไขรายงานโครงการ {CODE}", f"ขอกรอกแบบรายงาน {CODE} Q1/66",
        f"อยากจะเขียนรายงานความก้าวหน้าไตรมาสนี้ {CODE}",
    ),
)  # fmt: skip
def test_a_code_and_a_wish_lead_to_the_form_of_the_project(words: str) -> None:
    understood = understand(words, NAMES)
    assert (understood.intent, understood.slots.project_code) == (Intent.PROJECT_STATUS, CODE)
    assert understood.extra == {WISH: REPORT}


@pytest.mark.parametrize("words", (REPORTING, "รายงานเลย", "ขอกรอกรายงานไตรมาสนี้ค่ะ", "คีย์ m6", "ทำรายงานเลย"))
def test_a_wish_alone_is_about_what_is_not_reported(words: str) -> None:
    understood = understand(words, NAMES)
    assert (understood.intent, understood.extra) == (Intent.UNREPORTED_PROJECTS, {WISH: REPORT})
    assert understood.slots.quarter in (None, Relative.CURRENT)


@pytest.mark.parametrize(
    "words",
    (
        "รายงาน", f"ขอรายงาน {CODE}", f"รายงานไตรมาสก่อนของ {CODE}", f"ส่งรายงาน {CODE} แล้วหรือยัง", f"อนุมัติรายงาน {CODE}",
        "กรอกรายงานให้หน่อยสิ", "เขียนรายงานให้ที", "กรอกรายงานใน eMENSCR ทำอย่างไร", "โครงการไหนยังไม่กรอกรายงาน", CODE,
    ),
)  # fmt: skip
def test_questions_about_reports_are_no_wishes(words: str) -> None:
    assert WISH not in understand(words, NAMES).extra

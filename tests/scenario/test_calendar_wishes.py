"""Dates typed while a circular is written: shown before and after, set by the button alone, asked where unclear."""

import pytest
from sqlalchemy import select

from domain.circulars.audience import Audience
from domain.circulars.letters import Letter
from storage import tables
from tests.chatting import Chatter, Shown, web_of
from tests.issuing import ADMIN, COORDINATOR, draft, release
from tests.office import Bot, bangkok, labour
from tests.unit.domain.thai_dates import day

__all__ = ["labour"]

LETTER = Letter("รง ๐๒๑๔/ว ๙", day("20 มี.ค. 66"), subject="การรายงานผลการดำเนินงาน")
MINISTRY, SOCIAL_SECURITY = Audience(units=frozenset({"รง"})), Audience(units=frozenset({"รง06"}))


@pytest.fixture
def coordinator(labour: Bot) -> Chatter:
    """A coordinator at nine on 20 มี.ค."""
    web_of(labour)
    labour.at = bangkok("20 มี.ค. 66", "09:00")
    return Chatter(labour, COORDINATOR)


def opened(who: Chatter, audience: Audience = MINISTRY) -> int:
    """Let somebody open a complete draft, and return it."""
    number = draft(who.bot, LETTER, audience, by=who.code).circular_id
    who.presses(f"kd1:{number}")
    return number


def kept(bot: Bot, circular: int) -> list[list[object]]:
    with bot.database.read() as session:
        return session.scalars(select(tables.Circular).where(tables.Circular.id == circular)).one().windows


def test_a_sentence_proposes_the_dates_and_the_button_sets_them(coordinator: Chatter) -> None:
    number = opened(coordinator)
    asked = coordinator.says("ขยายเวลารายงานไตรมาส 2 ขั้นหน่วยงานถึง 25 เม.ย. 66")
    assert asked.contains(
        "รายงานความก้าวหน้า ไตรมาส 2/2566 (ม.ค.–มี.ค. 66) ระดับหน่วยงาน", "เดิม 1–18 เม.ย. 66 → ใหม่ 1–25 เม.ย. 66"
    )
    assert asked.contains("ระดับกระทรวงเริ่มก่อนสิ้นกำหนดของระดับหน่วยงาน")
    assert kept(coordinator.bot, number) == []
    done = coordinator.presses("ใส่ในหนังสือ")
    assert done.contains("ปฏิทินจะเปลี่ยนเมื่อปล่อยหนังสือ", "ร่างหนังสือเวียน", "ใหม่ 1–25 เม.ย. 66")
    assert kept(coordinator.bot, number) == [
        ["quarter_report", 2566, 2, "AGENCY", "ministry", "รง", "2023-04-01", "2023-04-25"],
        ["quarter_report", 2566, 2, "UPPER", "ministry", "รง", "2023-04-19", "2023-04-30"],
    ]
    asked = coordinator.says("เลื่อนกำหนดไตรมาส 2 ระดับกระทรวง 26 เม.ย.-5 พ.ค. 66")
    assert asked.contains("เดิม 19–30 เม.ย. 66 → ใหม่ 26 เม.ย.–5 พ.ค. 66")
    assert not asked.contains("ระดับกระทรวงเริ่มก่อน")
    assert coordinator.presses("ใส่ในหนังสือ").contains("26 เม.ย.–5 พ.ค. 66")
    assert coordinator.presses("นำกำหนดเวลาออก").contains("นำกำหนดเวลาออกจากหนังสือแล้ว")
    assert kept(coordinator.bot, number) == []


def test_a_day_without_a_stage_is_the_agencys_and_may_be_taken_for_the_ministry(coordinator: Chatter) -> None:
    number = opened(coordinator)
    asked = coordinator.says("ขยายเวลารายงานไตรมาส 2 ถึง 2 พ.ค. 66")
    assert asked.contains("ระดับหน่วยงาน", "ใหม่ 1 เม.ย.–2 พ.ค. 66")
    assert coordinator.presses("ใช้กับระดับกระทรวง").contains("ใหม่ 19 เม.ย.–2 พ.ค. 66")
    assert [window[3] for window in kept(coordinator.bot, number)] == ["AGENCY", "UPPER"]


def test_an_agency_of_calendar_years_is_meant_by_its_own_label(coordinator: Chatter) -> None:
    number = opened(coordinator, SOCIAL_SECURITY)
    asked = coordinator.says("ขยายเวลารายงานไตรมาส 1/66 ของ สปส. ขั้นหน่วยงานถึง 25 เม.ย. 66")
    assert asked.contains("ไตรมาส 1/2566 (ม.ค.–มี.ค. 66)", "สปส.")
    coordinator.presses("ใส่ในหนังสือ")
    assert kept(coordinator.bot, number)[0][:6] == ["quarter_report", 2566, 2, "AGENCY", "agency", "รง06"]
    asked = coordinator.says("ขยายเวลารายงานไตรมาส 3 ขั้นหน่วยงานถึง 25 ก.ค. 66")  # the coordinator's own label
    assert asked.contains("(เม.ย.–มิ.ย. 66)", "สปส.")


def test_dates_in_the_subject_are_proposed_below_the_draft(coordinator: Chatter) -> None:
    shown = coordinator.says("ส่งหนังสือเวียน ที่ รง ๐๒๑๔/ว ๙ เรื่อง ขยายเวลารายงานไตรมาส 2 ขั้นหน่วยงานถึงวันที่ ๒๕ เมษายน ๒๕๖๖")
    assert shown.contains("ร่างหนังสือเวียน", "ยืนยันกำหนดเวลาใหม่", "ใหม่ 1–25 เม.ย. 66")
    assert coordinator.says("27 มกราคม 2566").contains("ร่างหนังสือเวียน")  # the draft is still being asked for


@pytest.mark.parametrize(
    ("said", "answer"),
    (
        ("ขยายเวลารายงานไตรมาส 2 ขั้นหน่วยงานถึง 18 มี.ค. 66", "วันสุดท้ายมาก่อนวันแรก"),
        ("ขยายเวลารายงานไตรมาส 1 ขั้นหน่วยงานถึง 18 มี.ค. 66", "วันสุดท้ายของกำหนดเวลาใหม่ผ่านไปแล้ว"),
        ("เลื่อนกำหนดนำเข้าแผน ปี 70 เป็น 31 มี.ค. 70", "ไม่พบกำหนดเวลานี้"),
    ),
)
def test_dates_that_cannot_be_are_said_to_be_so(coordinator: Chatter, said: str, answer: str) -> None:
    number = opened(coordinator)
    assert coordinator.says(said).contains(answer)
    assert kept(coordinator.bot, number) == []


def test_which_of_two_windows_is_meant_is_asked(coordinator: Chatter) -> None:
    number = opened(coordinator)
    assert coordinator.says("ขยายเวลานำเข้าโครงการใหม่ถึง 30 เม.ย. 66").contains("ใส่ในหนังสือ", "ข้อมูลโครงการระหว่างปี")
    asked = coordinator.says("ขยายเวลานำเข้าโครงการใหม่ถึง 5 ม.ค. 67")
    assert {"โครงการใหม่ต้นปี", "โครงการระหว่างปี"} <= asked.buttons().keys()
    coordinator.presses("โครงการระหว่างปี")
    assert kept(coordinator.bot, number)[0][:3] == ["midyear_entry", 2566, 1]


def test_an_administrator_is_asked_whose_window_it_is(labour: Bot) -> None:
    web_of(labour)
    labour.at = bangkok("20 มี.ค. 66", "09:00")
    admin = Chatter(labour, ADMIN)
    opened(admin, Audience(units=frozenset({"รง05", "รง06"})))
    assert admin.says("ขยายเวลารายงานไตรมาส 2 ถึง 25 เม.ย. 66").contains("โปรดระบุด้วยว่าเป็นกำหนดของหน่วยงานใด")
    opened(admin, Audience(everyone=True))
    asked: Shown = admin.says("ขยายเวลารายงานไตรมาส 2 ถึง 5 พ.ค. 66")
    assert asked.contains("ทุกกระทรวง", "เดิม 1–30 เม.ย. 66 → ใหม่ 1 เม.ย.–5 พ.ค. 66", "มีกำหนดเฉพาะ จึงยังคงเดิม")


def test_the_ministrys_stage_is_extended_when_the_agencies_are_through(coordinator: Chatter) -> None:
    coordinator.bot.at = bangkok("24 มี.ค. 66", "09:00")
    number = opened(coordinator)
    asked = coordinator.says("ขยายเวลารายงานไตรมาส 1/66 ชั้นปลัดกระทรวงถึง 5 เม.ย. 66")
    assert asked.contains("เดิม 21–31 มี.ค. 66 → ใหม่ 21 มี.ค.–5 เม.ย. 66")
    coordinator.presses("ใส่ในหนังสือ")
    assert [window[-2:] for window in kept(coordinator.bot, number)] == [
        ["2023-03-07", "2023-03-20"], ["2023-03-21", "2023-04-05"],
    ]  # fmt: skip
    release(coordinator.bot, number)
    told = coordinator.says("ไตรมาส 1/66 ตอนนั้นปิดวันไหน")
    assert told.contains("21 มี.ค.–5 เม.ย. 66", "21–31 มี.ค. 66", "รง 0214/ว 9")

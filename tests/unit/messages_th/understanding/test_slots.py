"""The particulars of sentences, and what is easily mistaken for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages_th.understanding import understand
from messages_th.understanding.agencies import Agency, AgencyNames
from messages_th.understanding.intents import Intent, Relative, Slots, Status
from messages_th.understanding.normalise import normalised
from messages_th.understanding.particulars import particulars
from messages_th.understanding.sentences import agency_names

NAMES = agency_names()
THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def named(text: str, names: AgencyNames = NAMES) -> Slots:
    return particulars(normalised(text), names).slots(None)


@given(
    letters=st.sampled_from(("รง", "รง ", "รง.", "รง. ", "รง\u00a0")),
    dash=st.sampled_from(("-", "–", " - ", "‑", "/", " ")),
    year=st.sampled_from(("66", "2566")),
    thai=st.booleans(),
    around=st.sampled_from(("{}", "โครงการ{}ถึงไหน", "เช็ค {} หน่อย")),
)
def test_a_code_in_any_spelling_is_the_same_code(letters: str, dash: str, year: str, thai: bool, around: str) -> None:  # noqa: FBT001
    code = f"{letters}0402{dash}{year}{dash}0003"
    written = around.format(code.translate(THAI_DIGITS) if thai else code)
    assert named(written) == Slots(project_code="รง 0402-66-0003")


def test_sub_units_keep_their_mark() -> None:
    assert named("กษ 0403.31-66-0001").project_code == "กษ 0403.31-66-0001"
    assert named("สถานะ มท๐๓๐๑(นม)-๖๖-๐๐๑๐").project_code == "มท 0301(นม)-66-0010"


@pytest.mark.parametrize(
    ("written", "letter_no"),
    (
        ("ส่งหนังสือเวียน รง 0214/ว 3 ถึงทุกกรม", "รง 0214/ว 3"),
        ("ส่งหนังสือเวียน ที่ รง ๐๒๑๔/ว๓ ถึงทุกกรม", "รง 0214/ว 3"),
        ("ส่งหนังสือเวียน ว 12 ถึงทุกกรม", "ว 12"),
        ("แจ้งเวียนหนังสือ นร 1112/ว 5811 ให้ทุกกรม", "นร 1112/ว 5811"),
    ),
)
def test_the_number_of_a_letter_is_neither_code_nor_agency_nor_quarter(written: str, letter_no: str) -> None:
    understood = understand(written, NAMES)
    assert (understood.intent, understood.slots) == (Intent.BROADCAST, Slots())
    assert understood.extra["letter_no"] == letter_no


@pytest.mark.parametrize(
    ("said", "quarter", "year"),
    (
        ("ไตรมาสที่ ๒ ปีงบประมาณ พ.ศ. ๒๕๖๖", 2, 2566),
        ("Q2/66", 2, 2566),
        ("q2-66", 2, 2566),
        ("2Q66", 2, 2566),
        ("สรุป 2/66", 2, 2566),
        ("ไตรมาสสอง ปี 66", 2, 2566),
        ("ไตรมาส3/2566", 3, 2566),
        ("ไตรมาสแรก", 1, None),
        ("ไตรมาศ 4 ของปี 2023", 4, 2566),
        ("ไตรมาสนี้", Relative.CURRENT, None),
        ("ไตรมาสที่ผ่านมา", Relative.PREVIOUS, None),
        ("ไตรมาสก่อน", Relative.PREVIOUS, None),
        ("ไตรมาสหน้า", Relative.NEXT, None),
        ("ไตรมาสก่อน ๆ", None, None),
        ("ทุกไตรมาสที่ผ่านมา", None, None),
        ("ปีงบ66", None, 2566),
        ("ปีนี้", None, None),
        ("แผน 5 ปี 2566-2570", None, None),
        ("ลงวันที่ 27 มกราคม 2566", None, None),
        ("วันที่ 20/3/66", None, None),
        ("5 โครงการ", None, None),
        ("เตือนก่อน 3 วัน", None, None),
    ),
)
def test_quarters_and_years_as_people_say_them(said: str, quarter: int | Relative | None, year: int | None) -> None:
    slots = named(said)
    assert (slots.quarter, slots.fiscal_year) == (quarter, year)


@pytest.mark.parametrize(
    ("said", "agency"),
    (
        ("ของ กกจ. ค้างไหม", "กกจ."),
        ("ของกกจค้างไหม", "กกจ."),
        ("ก.ก.จ.", "กกจ."),
        ("สรุปกรมการจัดหางาน", "กกจ."),
        ("สรุปกรมจัดหางาน", "กกจ."),
        ("กรมสวัสดิการฯ รายงานครบยัง", "กสร."),
        ("ประกันสังคมยังไม่ส่งกี่โครงการ", "สปส."),
        ("สำนักงานปลัดกระทรวงแรงงาน", "สป.รง."),
        ("สป.รง. Q4/66", "สป.รง."),
        ("สรุป รง. ทั้งหมด", "รง."),
        ("ภาพรวมกระทรวงแรงงาน", "รง."),
        ("ภาพรวมกระทรวง", None),
        ("รง 0402-66-0003", None),
        ("นักสร้างสรรค์", None),
        ("ท่าน ผอ. และ ปรง. เซ็นยัง", None),
        ("ของ สสว. มีไหม", "สสว."),
        ("ยอดเบิกจ่าย กรมพัฒน์", "กพร."),
        ("กรมจัดหาฯ รายงานครบยัง", "กกจ."),
        ("กรมแปลกฯ รายงานครบยัง", None),
        ("เทียบ กกจ. กับ กพร.", None),
        ("กกจ. (กรมการจัดหางาน) ค้างไหม", "กกจ."),
        ("กรมการจัดหางาน กระทรวงแรงงาน", "กกจ."),
    ),
)
def test_agencies_by_abbreviation_and_name(said: str, agency: str | None) -> None:
    assert named(said).agency == agency


def test_the_own_ministry_comes_first_when_an_abbreviation_is_shared() -> None:
    mines = Agency("กพร.", "กรมอุตสาหกรรมพื้นฐานและการเหมืองแร่", is_own=False)
    skills = Agency("กพร.", "กรมพัฒนาฝีมือแรงงาน")
    office = Agency("สป.อก.", "สำนักงานปลัดกระทรวงอุตสาหกรรม", is_own=False)
    own_office = Agency("สป.รง.", "สำนักงานปลัดกระทรวงแรงงาน")
    names = AgencyNames([mines, office, skills, own_office])
    assert named("ค้างของ กพร.", names).agency == "กพร."
    assert named("ค้างของ สป.", names).agency == "สป.รง."
    assert named("ค้างของ สำนักงานปลัดกระทรวงอุตสาหกรรม", names).agency == "สป.อก."


@pytest.mark.parametrize(
    ("said", "name"),
    (
        ("สถานะโครงการพัฒนาระบบรายงานผลออนไลน์หน่อยค่ะ", "พัฒนาระบบรายงานผลออนไลน์"),
        ("โครงการช่วยเหลือแรงงานสตรี เหลืองบเท่าไร", "ช่วยเหลือแรงงานสตรี"),
        ("โครงการศูนย์บริการร่วมกระทรวงแรงงานถึงไหนแล้ว", "ศูนย์บริการร่วมกระทรวงแรงงาน"),
        ('โครงการ "Safety Thailand 4.0" ผ่านหรือยัง', "Safety Thailand 4.0"),
        ("โครงการอบรม จป. ไตรมาส 2 อนุมัติยัง", "อบรม จป."),
        ("Smart Labour ถึงไหนแล้ว", "Smart Labour"),
        ("ใช้เงินไปเท่าไหร่แล้ว Smart Labour", "Smart Labour"),
        ("สถานะโครงการช้างคืนถิ่น", "ช้างคืนถิ่น"),
        ("โครงการไม่ทิ้งใครไว้ข้างหลังผ่านหรือยัง", "ไม่ทิ้งใครไว้ข้างหลัง"),
        ("โครงการอันดามันปลอดภัยเบิกจ่ายเท่าไร", "อันดามันปลอดภัย"),
        ("เหลือกี่โครงการถึงจะครบ", None),
    ),
)
def test_only_the_distinguishing_words_of_a_name_are_taken(said: str, name: str | None) -> None:
    assert understand(said, NAMES).slots.project_query == name


@pytest.mark.parametrize(
    ("said", "status"),
    (
        ("โครงการของกองที่ถูกส่งกลับ", Status.RETURNED),
        ("โครงการของเราที่อนุมัติแล้ว", Status.APPROVED),
        ("ทำไม รง 0402-66-0003 โดนตีกลับ", Status.RETURNED),
        ("รง 0402-66-0003 อนุมัติหรือยัง", None),
        ("มีเรื่องรออนุมัติกี่เรื่อง", None),
        ("ใครยังไม่รายงาน", None),
        ("โครงการที่เลยกำหนดมีอะไรบ้าง", None),
        ("ตีกลับ รง 0402-66-0003", None),
    ),
)
def test_a_status_is_a_filter_or_a_premise_and_nothing_else(said: str, status: Status | None) -> None:
    assert understand(said, NAMES).slots.status is status


def test_what_else_is_said_goes_beside_the_slots() -> None:
    returned = understand("ส่งกลับแก้ไข รง 0504-66-0007 เพราะงบประมาณไม่ตรงกับแผนครับ", NAMES)
    assert dict(returned.extra) == {"reason": "งบประมาณไม่ตรงกับแผน"}
    assert dict(understand("เตือนล่วงหน้า 3 วันพอ", NAMES).extra) == {"days": "3"}
    assert dict(understand("ปิดแจ้งเตือนวันเสาร์อาทิตย์", NAMES).extra) == {"weekdays": "6,7"}
    assert dict(understand("ปีที่แล้วเบิกจ่ายเท่าไร", NAMES).extra) == {"year": "previous"}

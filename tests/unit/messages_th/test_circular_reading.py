"""What people type about a circular, in a line or as a whole pasted letter, is read into its facts."""

from datetime import date, datetime
from typing import Any

import pytest

from domain.circulars.letters import LONGEST_TEXT, Letter, Urgency
from domain.reminders import BANGKOK
from domain.workdays import WorkingCalendar
from messages_th.circulars import reading
from messages_th.circulars.moments import Sending, read_sending
from messages_th.circulars.reading import Acknowledging, LetterFacts, read_letter
from messages_th.circulars.reading_parts import begins_circular, is_about_letter, wants_to_send

NOW = datetime(2023, 3, 20, 8, 30, tzinfo=BANGKOK)
"""A Monday."""
TODAY = NOW.date()
CALENDAR = WorkingCalendar.of([date(2023, 3, 22)])
JANUARY_27, MARCH_24 = date(2023, 1, 27), date(2023, 3, 24)
NO_BREAK, ZERO_WIDTH = "\u00a0", "\u200b"
ONE_LINE = (
    "ส่งหนังสือเวียน ด่วนที่สุด ที่ รง ๐๒๑๔/ว ๓ ลงวันที่ ๒๗ มกราคม ๒๕๖๖ เรื่อง ขยายเวลาถึงวันที่ 30 เม.ย. "
    "ถึงทุกกรม ยกเว้น สปส. รับทราบภายใน 24 มี.ค."
)
PASTED = """ด่วนที่สุด
ที่ รง ๐๒๑๔/ว ๓                    สำนักงานปลัดกระทรวงแรงงาน
                                   ถนนมิตรไมตรี เขตดินแดง กทม. ๑๐๔๐๐
          ๒๗ มกราคม ๒๕๖๖

เรื่อง  ขยายเวลารายงาน
ความก้าวหน้า
เรียน  อธิบดีทุกกรม
อ้างถึง หนังสือ ที่ รง ๐๒๑๔/ว ๑ ลงวันที่ ๕ มกราคม ๒๕๖๖

     ตามที่ส่งรายงาน เรื่อง การค้ามนุษย์ นั้น
     จึงเรียนมาเพื่อโปรดทราบ"""
TEXT = """เรียน อธิบดีทุกกรม
อ้างถึง หนังสือ ที่ รง ๐๒๑๔/ว ๑ ลงวันที่ ๕ มกราคม ๒๕๖๖

ตามที่ส่งรายงาน เรื่อง การค้ามนุษย์ นั้น
จึงเรียนมาเพื่อโปรดทราบ"""
LETTER = {
    "letter_no": "รง ๐๒๑๔/ว ๓",
    "letter_date": JANUARY_27,
    "urgency": Urgency.MOST_URGENT,
    "subject": "ขยายเวลารายงาน ความก้าวหน้า",
    "text": TEXT,
}
BY_MARCH_24 = Acknowledging(wanted=True, by=MARCH_24)


def said(typed: str) -> dict[str, Any]:
    """Return what was read, without what was not said."""
    facts = read_letter(typed, NOW, CALENDAR)
    nothing = LetterFacts()
    return {name: value for name in facts.__slots__ if (value := getattr(facts, name)) != getattr(nothing, name)}


@pytest.mark.parametrize(
    ("typed", "facts"),
    (
        ("ส่งหนังสือเวียน", {}),
        ("ร่างหนังสือเวียนฉบับใหม่", {}),
        (
            ONE_LINE,
            {
                "letter_no": "รง ๐๒๑๔/ว ๓",
                "letter_date": JANUARY_27,
                "urgency": Urgency.MOST_URGENT,
                "subject": "ขยายเวลาถึงวันที่ 30 เม.ย.",
                "acknowledging": BY_MARCH_24,
                "whom": "ถึงทุกกรม ยกเว้น สปส.",
            },
        ),
        ("แจ้งเวียนทุกกองของ กกจ. เรื่องขยายเวลา", {"subject": "ขยายเวลา", "whom": "ทุกกองของ กกจ."}),
        ("ฝากแจ้งทุกกรมเรื่องกำหนดส่งใหม่", {"subject": "กำหนดส่งใหม่", "whom": "ทุกกรม"}),
        ("แจ้งทุกหน่วยงานใน กกจ. ว่าเลื่อนกำหนดส่ง", {"text": "เลื่อนกำหนดส่ง", "whom": "ทุกหน่วยงานใน กกจ."}),
        ("ส่งหนังสือเวียน รง 0214/ว 3 ถึงทุกกรม", {"letter_no": "รง 0214/ว 3", "whom": "ถึงทุกกรม"}),
        ("ส่งเวียน ว 12 ถึงทุกกอง", {"letter_no": "ว 12", "whom": "ถึงทุกกอง"}),
        ("ส่งหนังสือเวียนที่รง๐๒๑๔.๓/ว๓", {"letter_no": "รง๐๒๑๔.๓/ว๓"}),
        (
            f"ส่งหนังสือเวียน{NO_BREAK}ที่{NO_BREAK}รง{NO_BREAK}0214/ว{ZERO_WIDTH}3 ลว. 7/3/66",
            {"letter_no": "รง 0214/ว3", "letter_date": date(2023, 3, 7)},
        ),
        (
            "ส่งหนังสือเวียน กค (กวจ) ๐๔๐๕.๒/ว ๑๑๙ ลงวันที่ ๗ มี.ค. ๒๕๖๑ ขอให้กดรับทราบ",
            {
                "letter_no": "กค (กวจ) ๐๔๐๕.๒/ว ๑๑๙",
                "letter_date": date(2018, 3, 7),
                "acknowledging": Acknowledging(wanted=True),
            },
        ),
        ("ส่งหนังสือเวียน ลงวันที่ 27 ม.ค.", {"letter_date": JANUARY_27}),
        ("เวียนแจ้งด่วนมากทั้งกระทรวง", {"urgency": Urgency.VERY_URGENT, "whom": "ทั้งกระทรวง"}),
        ("broadcast เรื่องประชุมชี้แจง eMENSCR", {"subject": "ประชุมชี้แจง eMENSCR"}),
        (
            "เรื่อง ประชุม ส่งวันที่ 24 มี.ค. 66 เวลา 09.00 น. ไม่ต้องรับทราบ",
            {
                "subject": "ประชุม",
                "sending": Sending(datetime(2023, 3, 24, 9, tzinfo=BANGKOK), 40),
                "acknowledging": Acknowledging(wanted=False),
            },
        ),
        (
            "ส่งหนังสือเวียน เรื่อง ซ้อมแผน รับทราบภายใน 3 วันทำการ",
            {"subject": "ซ้อมแผน", "acknowledging": BY_MARCH_24},
        ),
        ("ส่งหนังสือเวียน ยังไม่รายงานไตรมาส 3/66", {"whom": "ยังไม่รายงานไตรมาส 3/66"}),
        ("ส่งหนังสือเวียน ทุกเเห่งใน กสร.", {"whom": "ทุกแห่งใน กสร."}),
    ),
)
def test_a_sentence_is_read_as_it_was_typed(typed: str, facts: dict[str, Any]) -> None:
    found = said(typed)
    if "sending" in found:
        found["sending"] = Sending(found["sending"].at, 40)
    assert found == facts


@pytest.mark.parametrize(
    ("typed", "further"),
    (
        (PASTED, {}),
        (PASTED.replace("\n", "\r\n"), {}),
        (f"ส่งหนังสือเวียน\n{PASTED}", {}),
        (f"ส่งหนังสือเวียน ถึงทุกกรม รับทราบภายใน 24 มี.ค.\n{PASTED}", {"acknowledging": BY_MARCH_24, "whom": "ถึงทุกกรม"}),
        (
            f"{PASTED}\n\nรับทราบภายใน 24 มี.ค.\nถึง กสร. และ กพร.",
            {"acknowledging": BY_MARCH_24, "whom": "ถึง กสร. และ กพร."},
        ),
    ),
)
def test_a_pasted_letter_keeps_its_text_to_the_last_line(typed: str, further: dict[str, Any]) -> None:
    assert said(typed) == {**LETTER, **further}


def test_facts_may_stand_in_lines_of_their_own() -> None:
    typed = "ส่งหนังสือเวียน\nด่วน\nที่ รง 0214/ว 2\nลว. 3/3/66\nเรื่อง: ประชุม\nถึง กสร.\nข้อความ: ขอเชิญประชุม\nห้อง 1"
    assert said(typed) == {
        "letter_no": "รง 0214/ว 2",
        "letter_date": date(2023, 3, 3),
        "urgency": Urgency.URGENT,
        "subject": "ประชุม",
        "text": "ขอเชิญประชุม\nห้อง 1",
        "whom": "ถึง กสร.",
    }


def test_more_than_a_circular_holds_is_cut_and_that_is_known() -> None:
    facts = read_letter("เรื่อง ประชุม\n" + "ตามที่แจ้ง " * 600, NOW, CALENDAR)
    assert (len(facts.text), facts.is_cut, facts.subject) == (LONGEST_TEXT, True, "ประชุม")
    assert read_letter(f"เรื่อง {'ก' * 400}", NOW, CALENDAR).is_cut


def test_what_was_not_said_stays_as_it_is() -> None:
    before = Letter("รง 1/ว 2", JANUARY_27, Urgency.URGENT, "ประชุม", "ข้อความ", True, MARCH_24, NOW)
    assert LetterFacts().written_into(before) == before
    after = read_letter("เรื่อง สัมมนา ส่งทันที ไม่ต้องรับทราบ", NOW, CALENDAR).written_into(before)
    assert (after.subject, after.send_at, after.wants_acknowledgement, after.acknowledge_by) == (
        "สัมมนา",
        None,
        False,
        None,
    )
    assert (after.letter_no, after.text) == (before.letter_no, before.text)


@pytest.mark.parametrize(
    ("typed", "at"),
    (
        ("พรุ่งนี้ 9 โมง", "21 09:00"),
        ("พรุ่งนี้", "21 08:30"),
        ("๑๓.๓๐ น. พรุ่งนี้", "21 13:30"),
        ("24 มี.ค. 66 เวลา 13.30 น.", "24 13:30"),
        ("24 มี.ค. 10.00 น.", "24 10:00"),
        ("วันศุกร์ที่ 24 มี.ค. เก้าโมงครึ่ง", "24 09:30"),
        ("วันจันทร์ บ่ายสอง", "27 14:00"),
        ("วันพฤหัสบดีเช้า", "23 08:30"),
        ("บ่ายโมง", "20 13:00"),
        ("4 โมงเย็น", "20 16:00"),
        ("เที่ยง", "20 12:00"),
        ("8.00 น.", "21 08:00"),
        ("เช้าวันทำการถัดไป", "21 08:30"),
    ),
)
def test_moments_are_read_as_they_are_said(typed: str, at: str) -> None:
    found = read_sending(typed, NOW, CALENDAR)
    assert found is not None
    assert found.at is not None
    assert f"{found.at:%d %H:%M}" == at


@pytest.mark.parametrize("typed", ("ไม่รู้", "99 โมง", "31 ก.พ. 66", "25.00 น.", ""))
def test_what_is_no_moment_is_none(typed: str) -> None:
    assert read_sending(typed, NOW, CALENDAR) is None


def test_at_once_is_a_moment_of_its_own() -> None:
    assert read_sending("ทันที", NOW, CALENDAR) == Sending(None, 5)


def test_answers_to_a_question_need_no_name() -> None:
    assert reading.read_number("เลขที่ ๑๒๓/๒๕๖๖") == "๑๒๓/๒๕๖๖"
    assert reading.read_number("ที่ รง ๐๒๑๔/ว ๓") == "รง ๐๒๑๔/ว ๓"
    assert reading.read_number("ยังไม่ทราบ") == ""
    assert reading.read_letter_date("๒๗ ม.ค.", TODAY) == JANUARY_27
    assert reading.read_letter_date("31 ก.พ. 66", TODAY) is None
    assert reading.read_letter_date("วันนี้", TODAY) == TODAY
    assert reading.read_last_day("วันศุกร์ที่ 24 มี.ค.", TODAY, CALENDAR) == MARCH_24
    assert reading.read_last_day("7 วัน", TODAY, CALENDAR) == date(2023, 3, 27)
    assert reading.read_last_day("เมื่อไรก็ได้", TODAY, CALENDAR) is None
    assert reading.read_urgency("ด่วน ที่ สุด") is Urgency.MOST_URGENT
    assert reading.read_urgency("ปกติ") is Urgency.NORMAL
    assert reading.read_urgency("อะไรก็ได้") is None
    assert reading.read_subject("เรื่อง: การ\nประชุม") == "การ ประชุม"
    assert reading.read_text("ข้อความ ตามที่\n\n  นั้น") == "ตามที่\n\nนั้น"


@pytest.mark.parametrize("typed", ("ส่งหนังสือเวียน", "ขอแจ้งเวียนหนังสือ", "ร่างหนังสือเวียน เรื่อง ผู้รักษาราชการแทน", "เวียนแจ้งทุกกรม"))
def test_a_sentence_that_begins_a_circular_is_known_whatever_it_goes_on_to_say(typed: str) -> None:
    assert begins_circular(typed)


def test_a_sentence_that_is_typed_as_the_guide_shows_it_begins_a_circular() -> None:
    assert begins_circular("«ส่งหนังสือเวียน»")
    assert wants_to_send("«ส่งหนังสือเวียน»")


@pytest.mark.parametrize("typed", ("หนังสือเวียน", "ใครยังไม่รับทราบหนังสือเวียน", "ดูสถานะหนังสือเวียน รง 0214/ว 3"))
def test_a_question_about_circulars_begins_none(typed: str) -> None:
    assert not begins_circular(typed)
    assert not wants_to_send(typed)


@pytest.mark.parametrize(
    "typed", ("เรื่อง ประชุม", "ถึงทุกกรม", "ยกเว้น สปส.", "ด่วนมาก", "ส่งพรุ่งนี้ 9 โมง", "รง 0214/ว 3", "ข้อความ: ก")
)
def test_a_fact_says_which_it_is(typed: str) -> None:
    assert is_about_letter(typed)


@pytest.mark.parametrize(
    "typed", ("โครงการของฉัน", "ส่งกลับแก้ไข รง 0504-66-0007", "ไตรมาส 2 ส่งได้ถึงวันไหน", "รง 0402-66-0003")
)
def test_other_words_are_no_fact_of_a_letter(typed: str) -> None:
    assert not is_about_letter(typed)

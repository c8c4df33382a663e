import json
from datetime import date, datetime
from typing import Any

from linebot.v3.messaging import FlexContainer, FlexMessage

from domain.calendar_changes import CalendarChange, WindowChange
from domain.fiscal import YearBasis
from domain.reminders import BANGKOK
from domain.windows import Occasion, Span, Stage, WindowKind
from handlers.reminders import ShowAllDuties
from messages_th.calendar_changed import calendar_changed
from messages_th.reader import Reader
from messages_th.rendering import Rendered

AT = datetime(2023, 9, 20, 10, 0, tzinfo=BANGKOK)
LETTER = ("ที่ รง ๐๒๑๔/ว ๙", date(2023, 9, 19))
FOURTH = Occasion(WindowKind.QUARTER_REPORT, 2566, 4)
OCTOBER = Span(date(2023, 10, 1), date(2023, 10, 15))
LONGER = Span(date(2023, 10, 1), date(2023, 10, 31))
EXTENDED = WindowChange(FOURTH, Stage.AGENCY, OCTOBER, LONGER)
OFFICER = Reader("นางสุดารัตน์ ใจดี", "", False)


def told(
    *changes: WindowChange,
    letter: tuple[str, date | None] = LETTER,
    reader: Reader = OFFICER,
    basis: YearBasis = YearBasis.FISCAL,
) -> Rendered:
    return calendar_changed(CalendarChange("P1", "รง0301", *letter, basis, changes), reader, AT, ShowAllDuties().pack())


def texts(rendered: Rendered) -> list[str]:
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if node.get("type") == "text":
                found.append(node["text"])
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(json.loads(rendered.body))
    return found


def test_it_says_what_was_and_what_is_by_which_letter() -> None:
    upper = WindowChange(
        FOURTH,
        Stage.UPPER,
        Span(date(2023, 10, 16), date(2023, 10, 30)),
        Span(date(2023, 11, 1), date(2023, 11, 15)),
    )
    assert texts(told(EXTENDED, upper)) == [
        "เปลี่ยนกำหนดเวลา",
        "เรียน คุณสุดารัตน์ ใจดี",
        "รายงานความก้าวหน้า ไตรมาส 4/2566 (ก.ค.–ก.ย. 66)",
        "ระดับหน่วยงาน",
        "กำหนดเดิม 1–15 ต.ค. 66",
        "เปลี่ยนเป็น 1–31 ต.ค. 66",
        "ระดับกระทรวง",
        "กำหนดเดิม 16–30 ต.ค. 66",
        "เปลี่ยนเป็น 1–15 พ.ย. 66",
        "ตามหนังสือ ที่ รง 0214/ว 9 ลงวันที่ 19 ก.ย. 66",
        "จึงเรียนมาเพื่อทราบค่ะ",
        "ข้อมูล ณ วันที่ 20 ก.ย. 66 เวลา 10.00 น.",
    ]


def test_the_alternative_text_holds_both_dates_and_the_letter() -> None:
    assert told(EXTENDED).alt == (
        "เปลี่ยนกำหนดเวลา รายงานความก้าวหน้า ไตรมาส 4/2566 (ก.ค.–ก.ย. 66) ระดับหน่วยงาน "
        "กำหนดเดิม 1–15 ต.ค. 66 เปลี่ยนเป็น 1–31 ต.ค. 66 ตามหนังสือ ที่ รง 0214/ว 9 ลงวันที่ 19 ก.ย. 66"
    )


def test_a_calendar_year_agency_reads_its_own_quarter() -> None:
    assert "รายงานความก้าวหน้า ไตรมาส 3/2566 (ก.ค.–ก.ย. 66)" in texts(told(EXTENDED, basis=YearBasis.CALENDAR))


def test_a_window_that_appears_or_goes_is_said_so() -> None:
    said = texts(
        told(
            WindowChange(FOURTH, Stage.AGENCY, None, LONGER),
            WindowChange(FOURTH, Stage.UPPER, OCTOBER, None),
        )
    )
    assert "เดิมไม่ได้กำหนดเวลา" in said
    assert "เปลี่ยนเป็น ไม่กำหนดเวลา" in said


def test_no_letter_is_invented() -> None:
    rendered = told(EXTENDED, letter=("", None))
    assert "หนังสือ" not in rendered.alt + rendered.body


def test_an_executive_is_told_without_a_particle() -> None:
    said = texts(told(EXTENDED, reader=Reader("นายก", "อธิบดี", True)))
    assert "เรียน ท่านอธิบดี" in said
    assert "จึงเรียนมาเพื่อโปรดทราบ" in said


def test_one_card_holds_a_whole_years_calendar_and_line_takes_it() -> None:
    changes = [
        WindowChange(Occasion(kind, year, 1), stage, OCTOBER, LONGER)
        for kind in WindowKind
        for year in (2566, 2567)
        for stage in (Stage.AGENCY, Stage.UPPER)
    ]
    rendered = told(*changes)
    assert "และอีก 12 เรื่อง" in texts(rendered)
    assert len(rendered.alt) <= 400
    (sent,) = json.loads(rendered.body)
    assert len(json.dumps(sent["contents"])) <= 30_000
    model = FlexMessage(
        altText=sent["altText"], contents=FlexContainer.from_dict(sent["contents"]), quickReply=None, sender=None
    )
    assert json.loads(model.to_json()) == sent

"""Reminder cards say who, what, until when and what to press, in the office's tone."""

import re
from datetime import date

import pytest

from domain.fiscal import YearBasis
from domain.reminders import Share, Step
from domain.submissions import DutyState
from domain.windows import Occasion, Span, Stage, WindowKind
from handlers.reminders import GiveLateReason, ReportNow, ShowAllDuties, ShowDuties, SnoozeReminder
from messages_th.reader import Reader
from tests.unit.digest_samples import (
    AT,
    COORDINATOR,
    DIRECTOR_GENERAL,
    FIRST_QUARTER,
    LAST_QUARTER,
    OFFICER,
    SNOOZE,
    UNITS,
    assert_line_takes,
    bubbles,
    buttons,
    components,
    contents,
    message,
    topic,
    words,
)


@pytest.mark.parametrize(
    ("step", "reader", "headline", "asked"),
    (
        (
            Step.OPENED,
            OFFICER,
            "เปิดให้รายงานความก้าวหน้า",
            "โปรดกด «รายงานเลย» เพื่อดำเนินการและส่งอนุมัติภายในกำหนดค่ะ",
        ),
        (
            Step.AHEAD,
            OFFICER,
            "ใกล้ครบกำหนดรายงานความก้าวหน้า",
            "โปรดกด «รายงานเลย» เพื่อดำเนินการและส่งอนุมัติภายในกำหนดค่ะ",
        ),
        (
            Step.LAST_DAY,
            OFFICER,
            "วันทำการสุดท้ายของการรายงานความก้าวหน้า",
            "โปรดกด «รายงานเลย» เพื่อดำเนินการและส่งอนุมัติภายในวันนี้ค่ะ",
        ),
        (
            Step.OVERDUE,
            OFFICER,
            "พ้นกำหนดรายงานความก้าวหน้า",
            "ยังส่งได้ โดยจะแสดงว่าส่งล่าช้า โปรดกด «รายงานเลย» หากยังไม่พร้อม ขอความกรุณากด «แจ้งเหตุผล»ค่ะ",
        ),
        (Step.PENDING, DIRECTOR_GENERAL, "รอท่านพิจารณา รายงานความก้าวหน้า", "โปรดกด «ดูรายการ» เพื่อพิจารณา"),
        (
            Step.ESCALATED,
            DIRECTOR_GENERAL,
            "หน่วยงานยังไม่ได้รายงานความก้าวหน้า",
            "จึงเรียนมาเพื่อโปรดทราบ กด «ดูรายการ» เพื่อดูรายละเอียด",
        ),
        (
            Step.ESCALATED,
            COORDINATOR,
            "หน่วยงานยังไม่ได้รายงานความก้าวหน้า",
            "เพื่อทราบและประสานหน่วยงาน โปรดกด «ดูรายการ» เพื่อดูรายละเอียดค่ะ",
        ),
    ),
)
def test_each_step_says_what_it_is_and_what_to_press(step: Step, reader: Reader, headline: str, asked: str) -> None:
    rendered = message(topic(step), reader=reader)
    (bubble,) = bubbles(rendered)
    assert words(bubble["header"]) == [headline]
    assert words(bubble["body"])[0] == reader.salutation
    assert words(bubble["body"])[-1] == asked
    assert rendered.alt.startswith(headline)


def test_a_card_reads_who_what_until_when_and_what_to_press() -> None:
    (bubble,) = bubbles(message(topic(Step.AHEAD, days_left=4, working_days_left=2)))
    assert words(bubble) == [
        "ใกล้ครบกำหนดรายงานความก้าวหน้า",
        "เรียน คุณสุดารัตน์ ใจดี",
        "ไตรมาส 1/2566 (ต.ค.–ธ.ค. 65)",
        "กองยุทธศาสตร์และแผนงาน กกจ.",
        "5 โครงการ: ยังไม่กรอก 4 · ร่าง 1",
        "ภายในวันที่ 20 มี.ค. 66 (เหลือ 4 วัน / 2 วันทำการ)",
        "กำหนดเวลา 7–20 มี.ค. 66",
        "•",
        "โครงการอบรมผู้นำแรงงาน",
        "•",
        "โครงการตรวจแรงงาน",
        "•",
        "โครงการแนะแนวอาชีพ",
        "และอีก 2 โครงการ",
        "โปรดกด «รายงานเลย» เพื่อดำเนินการและส่งอนุมัติภายในกำหนดค่ะ",
        "ข้อมูล ณ วันที่ 20 มี.ค. 66 เวลา 08.30 น.",
    ]


def test_the_alternative_text_is_useful_alone() -> None:
    assert message(topic(Step.LAST_DAY)).alt == (
        "วันทำการสุดท้ายของการรายงานความก้าวหน้า ไตรมาส 1/2566 (ต.ค.–ธ.ค. 65) "
        "กองยุทธศาสตร์และแผนงาน กกจ. 5 โครงการ: ยังไม่กรอก 4 · ร่าง 1 "
        "วันนี้เป็นวันสุดท้าย (วันจันทร์ที่ 20 มี.ค. 66)"
    )


def test_the_last_working_day_before_a_weekend_still_states_the_deadline() -> None:
    window = Span(date(2023, 10, 1), date(2023, 10, 15))
    rendered = message(topic(Step.LAST_DAY, occasion=LAST_QUARTER, span=window, days_left=3))
    said = words(contents(rendered))
    assert "วันทำการสุดท้ายของการรายงานความก้าวหน้า" in said
    assert "ภายในวันที่ 15 ต.ค. 66 (เหลือ 3 วัน เป็นวันหยุดราชการ)" in said
    assert "15 ต.ค. 66" in rendered.alt
    assert "วันนี้เป็นวันสุดท้าย" not in said


def test_a_calendar_year_agency_reads_its_own_label_and_the_same_months() -> None:
    for number, label in ((2, "ไตรมาส 1/2566 (ม.ค.–มี.ค. 66)"), (4, "ไตรมาส 3/2566 (ก.ค.–ก.ย. 66)")):
        occasion = Occasion(WindowKind.QUARTER_REPORT, 2566, number)
        rendered = message(topic(Step.OPENED, occasion=occasion, basis=YearBasis.CALENDAR, shares=(Share("รง06", 5),)))
        assert label in words(contents(rendered))
        assert label in rendered.alt
        assert buttons(contents(rendered))["ดูรายการ"] == ShowDuties(*_about(occasion), Stage.AGENCY)


def _about(occasion: Occasion) -> tuple[WindowKind, int, int | None]:
    return occasion.kind, occasion.fiscal_year, occasion.quarter


def test_what_is_overdue_asks_for_the_report_or_the_reason() -> None:
    (bubble,) = bubbles(message(topic(Step.OVERDUE, days_left=-2)))
    assert "พ้นกำหนดแล้ว 2 วัน" in words(bubble)
    assert buttons(bubble) == {
        "รายงานเลย": ReportNow(2566, 1),
        "แจ้งเหตุผล": GiveLateReason(*_about(FIRST_QUARTER), Stage.AGENCY),
        SNOOZE: SnoozeReminder(AT.date(), is_last_day=False),
    }
    (bubble,) = bubbles(message(topic(Step.OVERDUE, days_left=-2, late_allowed=False)))
    assert buttons(bubble) == {
        "แจ้งเหตุผล": GiveLateReason(*_about(FIRST_QUARTER), Stage.AGENCY),
        "ดูรายการ": ShowDuties(*_about(FIRST_QUARTER), Stage.AGENCY),
        SNOOZE: SnoozeReminder(AT.date(), is_last_day=False),
    }


@pytest.mark.parametrize("step", (Step.OPENED, Step.AHEAD, Step.LAST_DAY))
def test_a_report_can_be_begun_from_its_reminder(step: Step) -> None:
    (bubble,) = bubbles(message(topic(step)))
    assert buttons(bubble)["รายงานเลย"] == ReportNow(2566, 1)
    assert next(c["style"] for c in components(bubble) if c["type"] == "button") == "primary"
    plans = topic(step, occasion=Occasion(WindowKind.LEVEL3_PLAN, 2566), titles=())
    for one in (plans, topic(Step.ESCALATED), topic(Step.PENDING)):
        assert "รายงานเลย" not in buttons(contents(message(one)))


def test_where_nothing_is_taken_late_it_says_whom_to_ask() -> None:
    said = words(contents(message(topic(Step.OVERDUE, days_left=-2, late_allowed=False))))
    assert any("โปรดติดต่อกลุ่ม ป.ย.ป." in line for line in said)
    assert not any("ยังส่งได้" in line for line in said)


@pytest.mark.parametrize("stage", (Stage.AGENCY, Stage.UPPER))
@pytest.mark.parametrize("days_left", (9, 0, -3))
def test_an_approver_is_asked_to_consider_and_never_to_report(stage: Stage, days_left: int) -> None:
    states = ((DutyState.WAITING, 5),)
    one = topic(Step.PENDING, stage=stage, states=states, days_left=days_left, working_days_left=0)
    rendered = message(one, reader=DIRECTOR_GENERAL)
    said = "\n".join([rendered.alt, *words(contents(rendered))])
    assert "รอท่านพิจารณา" in said
    assert not re.search(r"(ให้|เพื่อ|โปรด|ไม่ได้|กำหนด)(นำเข้า|รายงาน)|แจ้งเหตุผล|ยังไม่กรอก|ส่งอนุมัติ", said)


def test_an_executive_reads_no_particle_and_staff_do() -> None:
    for step in Step:
        for late_allowed in (True, False):
            one = topic(step, late_allowed=late_allowed)
            said = words(contents(message(one, reader=DIRECTOR_GENERAL)))
            assert not [line for line in said if re.search("ค่ะ|คะ$|ครับ", line)]
            assert words(contents(message(one)))[-2].endswith("ค่ะ")


def test_an_escalation_counts_by_unit_without_names_of_projects() -> None:
    shares = tuple(Share(unit, n) for n, unit in enumerate(("รง02", "รง03", "รง04", "รง05", "รง06"), start=8))
    said = words(contents(message(topic(Step.ESCALATED, count=50, shares=shares), reader=COORDINATOR)))
    assert "5 หน่วยงาน" in said
    for line in ("สป.รง. 8 โครงการ", "กกจ. 9 โครงการ", "กพร. 10 โครงการ", "กสร. 11 โครงการ", "สปส. 12 โครงการ"):
        assert line in said
    assert "โครงการตรวจแรงงาน" not in said


def test_an_escalation_of_many_units_names_the_first_and_counts_the_rest() -> None:
    shares = tuple(Share(unit, 2) for unit in list(UNITS)[:7])
    said = words(contents(message(topic(Step.ESCALATED, count=14, shares=shares), reader=COORDINATOR)))
    assert "กกจ. 2 โครงการ" in said
    assert "กพร. 2 โครงการ" not in said
    assert "และอีก 3 หน่วยงาน" in said


@pytest.mark.parametrize(
    ("stage", "states", "headline"),
    (
        (Stage.AGENCY, (DutyState.MISSING,), "หน่วยงานยังไม่ได้รายงานความก้าวหน้า"),
        (Stage.AGENCY, (DutyState.DRAFT, DutyState.WAITING), "หน่วยงานยังไม่ได้รายงานความก้าวหน้า"),
        (Stage.AGENCY, (DutyState.WAITING,), "รอผู้อนุมัติระดับหน่วยงานพิจารณา รายงานความก้าวหน้า"),
        (Stage.UPPER, (DutyState.WAITING,), "รอผู้อนุมัติระดับกระทรวงพิจารณา รายงานความก้าวหน้า"),
        (Stage.UPPER, (DutyState.RETURNED,), "หน่วยงานยังไม่ได้ส่งรายงานความก้าวหน้า (แก้ไขตามที่ส่งกลับ)"),
        (Stage.UPPER, (DutyState.RETURNED, DutyState.WAITING), "ยังไม่ได้รับอนุมัติระดับกระทรวง: รายงานความก้าวหน้า"),
    ),
)
def test_an_escalation_names_whose_step_it_is(stage: Stage, states: tuple[DutyState, ...], headline: str) -> None:
    one = topic(Step.ESCALATED, stage=stage, states=tuple((state, 1) for state in states), count=len(states))
    assert words(contents(message(one, reader=COORDINATOR)))[0] == headline


def test_what_the_ministry_sent_back_is_to_be_corrected_not_reported_anew() -> None:
    one = topic(Step.AHEAD, stage=Stage.UPPER, states=((DutyState.RETURNED, 5),))
    said = words(contents(message(one)))
    assert said[0] == "ใกล้ครบกำหนดส่งรายงานความก้าวหน้า (แก้ไขตามที่ส่งกลับ)"
    assert "โปรดกด «รายงานเลย» เพื่อแก้ไขและส่งอนุมัติใหม่ภายในกำหนดค่ะ" in said
    assert "ส่งกลับแก้ไข 5 โครงการ" in said


@pytest.mark.parametrize(
    ("occasion", "headline", "period", "how_many"),
    (
        (
            Occasion(WindowKind.PROJECT_ENTRY, 2566),
            "เปิดให้นำเข้าข้อมูลโครงการ",
            "ปีงบประมาณ 2566",
            "ยังไม่กรอก 2 โครงการ",
        ),
        (
            Occasion(WindowKind.MIDYEAR_ENTRY, 2566, 2),
            "เปิดให้นำเข้าข้อมูลโครงการระหว่างปี",
            "รอบที่ 2 ปีงบประมาณ 2566",
            "ยังไม่กรอก 2 โครงการ",
        ),
        (
            Occasion(WindowKind.LEVEL3_PLAN, 2566),
            "เปิดให้นำเข้าแผนระดับ 3",
            "ปีงบประมาณ 2566",
            "ยังไม่นำเข้า 2 แผน",
        ),
        (
            Occasion(WindowKind.ACHIEVEMENT_ANNUAL, 2566),
            "เปิดให้รายงานผลสัมฤทธิ์แผนปฏิบัติราชการรายปี",
            "ปีงบประมาณ 2566",
            "ยังไม่นำเข้า 2 ฉบับ",
        ),
        (
            Occasion(WindowKind.ACHIEVEMENT_ACTION_PLAN, 2566),
            "เปิดให้รายงานผลสัมฤทธิ์แผนปฏิบัติการด้าน",
            "ปีงบประมาณ 2566",
            "ยังไม่นำเข้า 2 ฉบับ",
        ),
        (
            Occasion(WindowKind.OPEN_D, 2566),
            "เปิดให้นำเข้าข้อมูลในระบบฐานข้อมูลเปิดภาครัฐ (Open-D)",
            "ปีงบประมาณ 2566",
            "ยังไม่นำเข้า 2 รายการ",
        ),
    ),
)
def test_duties_other_than_quarter_reports_have_words_of_their_own(
    occasion: Occasion, headline: str, period: str, how_many: str
) -> None:
    one = topic(Step.OPENED, occasion=occasion, count=2, states=((DutyState.MISSING, 2),), titles=())
    said = words(contents(message(one)))
    assert said[0] == headline
    assert period in said
    assert how_many in said


def test_an_agencys_own_plan_has_a_name_beside_thematic_ones_and_needs_none_alone() -> None:
    plans = Occasion(WindowKind.LEVEL3_PLAN, 2566)
    both = topic(Step.OPENED, occasion=plans, count=2, titles=("", "แผนปฏิบัติการด้านแรงงาน"))
    assert "แผนระดับ 3 ของหน่วยงาน" in words(contents(message(both)))
    alone = topic(Step.OPENED, occasion=plans, count=1, titles=("",))
    assert "•" not in words(contents(message(alone)))


def test_open_data_is_not_sent_for_approval() -> None:
    said = words(contents(message(topic(Step.AHEAD, occasion=Occasion(WindowKind.OPEN_D, 2566)))))
    assert "โปรดกด «ดูรายการ» เพื่อดำเนินการภายในกำหนดค่ะ" in said


def test_several_topics_share_one_message_with_a_bubble_each_and_one_greeting() -> None:
    topics = (topic(Step.LAST_DAY), topic(Step.PENDING, states=((DutyState.WAITING, 5),)), topic(Step.OPENED))
    rendered = message(*topics)
    cards = bubbles(rendered)
    assert [words(card["header"])[0] for card in cards] == ["เรื่องที่ 1 จาก 3", "เรื่องที่ 2 จาก 3", "เรื่องที่ 3 จาก 3"]
    assert words(contents(rendered)).count(OFFICER.salutation) == 1
    assert rendered.alt.split("\n")[-1] == "และอีก 1 เรื่อง"
    assert len({card.get("size") for card in cards}) == 1


def test_topics_beyond_the_fourth_share_one_bubble() -> None:
    topics = [topic(Step.AHEAD, occasion=Occasion(WindowKind.OPEN_D, 2560 + n)) for n in range(11)]
    *shown, beside = bubbles(message(*topics))
    assert len(shown) == 4
    assert words(beside["header"]) == ["และอีก 7 เรื่อง"]
    assert "ปีงบประมาณ 2564 5 รายการ: ยังไม่นำเข้า 4 · ร่าง 1" in words(beside)
    assert "และอีก 2 เรื่อง" in words(beside["body"])
    assert buttons(beside) == {"ดูรายการทั้งหมด": ShowAllDuties()}


def test_without_a_window_no_deadline_is_invented() -> None:
    one = topic(Step.PENDING, span=None, days_left=None, working_days_left=None)
    rendered = message(one)
    assert not [line for line in [rendered.alt, *words(contents(rendered))] if "กำหนด" in line or "ภายใน" in line]


def test_nothing_due_is_said_aloud() -> None:
    rendered = message(reader=DIRECTOR_GENERAL)
    assert_line_takes(rendered)
    assert "ไม่มีรายการที่ต้องดำเนินการ" in words(contents(rendered))
    assert rendered.alt == "ไม่มีรายการที่ต้องดำเนินการ"

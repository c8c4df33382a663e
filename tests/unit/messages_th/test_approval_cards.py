"""Decision cards, details, questions and answers are what LINE takes, whatever stands in an item and however long."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from linebot.v3.messaging import FlexContainer, FlexMessage

from domain.fiscal import YearBasis
from domain.revisions import Basis, Change, Changes
from domain.roles import Role
from domain.spending import Carried, Spending
from domain.submissions import ExecutionStatus, SubmissionKind, SubmissionState
from domain.windows import Occasion, WindowKind
from messages_th import deciding, returning
from messages_th.approval_card import Presses, approval_card
from messages_th.approval_card.view import ItemView, ToldActivity, ToldDecision, ToldEnquiry, ToldLink, ToldLists
from messages_th.approval_details import MAX_CARDS, approval_details
from messages_th.deciding import Following, Way
from messages_th.item_evidence import evidence_link
from messages_th.lengths import grapheme_length
from messages_th.listing import BROWN, GREEN, NAVY, RED
from messages_th.pending import Delay
from messages_th.reader import Reader
from messages_th.rendering import Rendered
from tests.unit.digest_samples import AT, bubbles, components, contents

LONG = ('โครงการ "ทดสอบ" </b> {{ 7*7 }} \\ 👩‍👩‍👧‍👦\nบรรทัดใหม่ ' + "ยกระดับทักษะแรงงานไทย" * 20)[:300]
BUBBLE_BYTES = 30_000
STAFF = Reader("นางสาวพรทิพย์ ใจดี", "นักวิเคราะห์นโยบายและแผน", executive=False, roles=frozenset(Role))
EXECUTIVE = Reader("นายธีรพงษ์ ใจดี", "อธิบดี", executive=True, roles=frozenset({Role.APPROVER}))
PRESSES = Presses("id1:9", "ap1:9:1:2", "rt1:9:1:2", "iq1:9:1:2")
REPORT = ("output_progress", "outcome_progress", "kpi_progress", "level1_progress", "underspend_reason", "summary")
PROJECT = ("objectives", "output_target", "outcome_target", "rationale", "expected_result", "beneficiaries", "ns_goal")
RETURN = ToldDecision(1, 1, True, LONG, AT, LONG * 3)
SHORT = ItemView(
    code="รง 0301-66-0001",
    name="โครงการ ก",
    unit="กอง ก",
    kind=SubmissionKind.QUARTER_REPORT,
    occasion=Occasion(WindowKind.QUARTER_REPORT, 2566, 1),
    basis=YearBasis.FISCAL,
    state=SubmissionState.PENDING_APPROVAL,
    version=1,
    step=2,
    steps=4,
    is_readers=True,
    prepares=False,
    acting="",
    holders=["อธิบดี"],
    since=date(2023, 3, 1),
    delay=Delay(date(2023, 3, 20), 3, 1),
    sent_by="นักวิเคราะห์",
    sent_at=AT,
    is_late=False,
    is_resent=False,
    late_reason="",
    master_plan_no=11,
    uses_budget=True,
    values={"disbursed_baht": Decimal("450000.00"), "problems": "ไม่มี"},
    own=Spending(Decimal(1_000_000), Decimal(450_000)),
    to_date=Spending(Decimal(1_000_000), Decimal(450_000)),
    plan_dated_on=None,
    carried=None,
    changes=None,
    evidence=0,
    decisions=[],
    sent_back=None,
    enquiries=[],
)
CHANGED = [Change("activity_progress", LONG * 4, LONG * 4, LONG), *[Change(name, LONG * 4, LONG) for name in REPORT]]
FULL = replace(
    SHORT,
    name=LONG,
    unit=LONG,
    version=12,
    acting=LONG,
    holders=[LONG] * 3,
    sent_by=LONG,
    is_late=True,
    is_resent=True,
    late_reason=LONG,
    values={**dict.fromkeys((*REPORT, *PROJECT, "problems", "recommendations"), LONG * 20), "kpis": [LONG] * 30},
    own=Spending(Decimal("9999999999999999.99"), Decimal("9999999999999999.98")),
    plan_dated_on=date(2023, 2, 28),
    carried=Carried(*[Decimal("9999999999999999.99")] * 3),
    changes=Changes(Basis.SENT_BEFORE, 11, CHANGED * 10),
    evidence=10,
    decisions=[replace(RETURN, step=step) for step in range(1, 6)],
    sent_back=RETURN,
    enquiries=[ToldEnquiry(LONG, LONG, AT), ToldEnquiry(LONG, LONG, AT, LONG * 3, LONG, AT)] * 4,
)
LISTS = ToldLists(
    activities=[ToldActivity(LONG, bool(number % 2), [1, 2, 3, 4], LONG * 4) for number in range(40)],
    links=[ToldLink("nesd_plan", LONG, LONG * 4)] * 10,
    funding=[("own_revenue", LONG, Decimal("1250000.00"))] * 20,
    plans={year: [Decimal("1250000.00")] * 4 for year in range(2560, 2570)},
    carried_over=dict.fromkeys(range(2560, 2570), Decimal("1250000.00")),
)
NO_LISTS = ToldLists([], [], [], {}, {})
PLAN = Occasion(WindowKind.LEVEL3_PLAN, 2566)


def items() -> Iterator[ItemView]:
    for item in (SHORT, FULL, replace(SHORT, name="", code="", values={}, uses_budget=False, own=None, to_date=None)):
        for kind in SubmissionKind:
            occasion = SHORT.occasion if kind is SubmissionKind.QUARTER_REPORT else PLAN
            yield replace(item, kind=kind, occasion=occasion)
        for state in SubmissionState:
            yield replace(item, state=state, step=2 if state is SubmissionState.PENDING_APPROVAL else None)


def messages(reader: Reader, item: ItemView) -> Iterator[Rendered]:
    way = Way("it1:9", "ud1:9:1:2", AT, Following("it1:10", 99_999))
    cautions = ["เบิกจ่ายต่ำกว่าแผนมาก", "ส่งล่าช้า"]
    yield approval_card(item, PRESSES, AT)
    yield approval_card(item, Presses("id1:9"), AT)
    yield approval_card(item, replace(PRESSES, evidence="oe1:9:1"), AT)
    yield evidence_link(reader, item, "https://bot.example/w/l/x", AT)
    yield from approval_details(item, LISTS, "it1:1", AT)
    yield from approval_details(item, NO_LISTS, "it1:1", AT)
    yield deciding.confirm_approval(item, cautions, "ac1:9:1:2", "id1:9", AT)
    yield deciding.confirm_approval(item, (), "ac1:9:1:2", "id1:9", AT)
    yield deciding.approved(reader, item, way, AT)
    yield deciding.returned(reader, item, LONG * 3, Way(), AT)
    yield deciding.undone(item, "it1:9", AT)
    for version in (item.version, item.version - 1):
        yield deciding.already(item, version, 1, [1, 2], way, AT)
    yield deciding.own_submission(reader, item, way, AT)
    yield deciding.not_your_step(item, way, AT)
    yield deciding.not_undone(item, "พ้นเวลาแล้ว", [1], way, AT)
    yield deciding.still_waits(item, way, AT)
    yield returning.confirm_return(item, (LONG * 4)[:1_000], "activity_progress", "rc1:9:1:2:x", "rt1:9:1:2", AT)


@pytest.mark.parametrize("reader", (STAFF, EXECUTIVE), ids=("staff", "an executive"))
def test_line_takes_every_message_around_a_decision(reader: Reader) -> None:
    for item in items():
        for message in messages(reader, item):
            assert 0 < len(message.alt.strip()) <= 400
            for bubble in bubbles(message):
                assert len(json.dumps(bubble, ensure_ascii=False, separators=(",", ":")).encode()) <= BUBBLE_BYTES
            for component in components(contents(message)):
                assert component["type"] != "text" or component["text"].strip()
                if component["type"] == "postback":
                    assert 0 < grapheme_length(component["label"]) <= 20
                    assert 0 < grapheme_length(component["displayText"]) <= 300
            assert "ค่ะ" not in message.body or not reader.executive


def test_the_sdk_reads_every_message_as_it_is() -> None:
    for message in (*messages(EXECUTIVE, FULL), *messages(EXECUTIVE, SHORT)):
        container = FlexContainer.from_dict(contents(message))
        model = FlexMessage(altText=message.alt, contents=container, quickReply=None, sender=None)
        assert [json.loads(model.to_json())] == json.loads(message.body)


def test_details_that_do_not_fit_say_so() -> None:
    long, short = approval_details(FULL, LISTS, "it1:1", AT), approval_details(SHORT, NO_LISTS, "it1:1", AT)
    assert (len(long), len(short)) == (MAX_CARDS, 1)
    assert "โปรดดูส่วนที่เหลือในระบบ eMENSCR" in long[-1].body
    assert "โปรดดูส่วนที่เหลือ" not in "".join(card.body for card in (*long[:-1], *short))
    assert "ส่วนที่ 5 จาก 5" in long[-1].body


def test_details_lead_back_to_the_item_from_their_last_part() -> None:
    parts = [card.body for card in approval_details(FULL, LISTS, "it1:1", AT)]
    assert ["ดูเรื่องนี้" in part for part in parts] == [False] * (MAX_CARDS - 1) + [True]


def test_what_was_not_said_of_an_activity_is_told_as_not_filled_in() -> None:
    silent = replace(LISTS, activities=[ToldActivity("อบรม", is_part=False, quarters=[1], progress=" ")], links=[])
    (card,) = approval_details(SHORT, silent, "it1:1", AT)
    assert "ไม่ได้กรอก" in card.body


def test_money_of_the_year_so_far_is_told_from_the_second_fiscal_quarter_on() -> None:
    for basis in YearBasis:
        for number in (1, 2, 3, 4):
            occasion = Occasion(WindowKind.QUARTER_REPORT, 2566, number)
            card = approval_card(replace(SHORT, occasion=occasion, basis=basis), PRESSES, AT)
            assert ("สะสมทั้งปี" in card.body) is (number > 1)


def test_money_carried_over_stands_beside_the_plan_and_the_plans_version_is_told_where_a_letter_changed_it() -> None:
    carried = Carried(Decimal(500_000), None, Decimal(120_000))
    card = approval_card(replace(SHORT, plan_dated_on=date(2023, 2, 1), carried=carried), PRESSES, AT).body
    assert "ฉบับลงวันที่ 1 ก.พ. 66" in card
    assert "กันไว้ 500,000.00 บาท · เบิกจ่ายไตรมาสนี้ – · สะสมทั้งปี 120,000.00 บาท (ไม่นับรวมในแผนของปี)" in card
    assert '"width":"45%"' in card
    unplanned = replace(carried, reserved=Decimal(0))
    assert "ไม่มียอดกันไว้ในแผน" in approval_card(replace(SHORT, carried=unplanned), PRESSES, AT).body
    plain = approval_card(SHORT, PRESSES, AT).body
    assert "แผนที่ใช้เทียบ" not in plain
    assert "เงินกันเหลื่อมปี" not in plain


def test_files_are_offered_with_their_number() -> None:
    card = approval_card(FULL, replace(PRESSES, evidence="oe1:9:1"), AT).body
    assert "หลักฐาน 10 ไฟล์" in card
    assert "oe1:9:1" in card
    assert "หลักฐาน" not in approval_card(SHORT, PRESSES, AT).body


def test_nothing_is_green_before_it_is_approved() -> None:
    asked = deciding.confirm_approval(SHORT, (), "ac1:9:1:2", "id1:9", AT).body
    assert f'"backgroundColor":"{NAVY}"' in asked
    assert GREEN not in asked
    approved = replace(SHORT, state=SubmissionState.APPROVED, step=None, is_readers=False)
    assert f'"backgroundColor":"{GREEN}"' in deciding.approved(EXECUTIVE, approved, Way(), AT).body


def test_the_last_day_is_brown_and_what_is_past_it_red() -> None:
    for days_left, colour in ((1, BROWN), (0, BROWN), (-1, RED)):
        card = approval_card(replace(SHORT, delay=Delay(date(2023, 3, 20), days_left, 0)), PRESSES, AT)
        (deadline,) = [one for one in components(contents(card)) if "20 มี.ค. 66" in one.get("text", "")][:1]
        assert deadline["color"] == colour


def test_a_long_text_is_cut_on_the_card_with_the_way_to_the_rest() -> None:
    assert "โปรดกด «รายละเอียด» เพื่ออ่านข้อความทั้งหมด" in approval_card(FULL, PRESSES, AT).body
    assert "โปรดกด «รายละเอียด»" not in approval_card(SHORT, PRESSES, AT).body


def test_the_bar_shows_how_much_of_the_plan_is_disbursed() -> None:
    card = approval_card(SHORT, PRESSES, AT).body
    assert '"width":"45%"' in card
    assert "45.00% ของแผน" in card
    assert '"width"' not in approval_card(replace(SHORT, own=None, to_date=None), PRESSES, AT).body
    over = Spending(Decimal(100), Decimal(250))
    assert '"width":"100%"' in approval_card(replace(SHORT, own=over, to_date=over), PRESSES, AT).body


def test_changes_are_told_by_the_names_of_fields() -> None:
    found = [
        Change("budget_total", Decimal(100), Decimal("1250000.00")),
        Change("execution_status", ExecutionStatus.IN_PROGRESS, ExecutionStatus.COMPLETED),
        Change("end_month", date(2023, 9, 1), date(2024, 9, 1)),
        Change("uses_budget", True, False),
    ]
    card = approval_card(replace(SHORT, changes=Changes(Basis.OFFICIAL, 0, found)), PRESSES, AT).body
    for line in (
        "ขอแก้ไขจากข้อมูลที่อนุมัติแล้ว",
        "รวมวงเงินงบประมาณทั้งหมด: เดิม 100.00 บาท เป็น 1,250,000.00 บาท",
        "สถานะการดำเนินโครงการ: เดิม อยู่ระหว่างดำเนินการ เป็น แล้วเสร็จ",
        "วันที่สิ้นสุดโครงการ: เดิม ก.ย. 66 เป็น ก.ย. 67",
        "ลักษณะโครงการ: เดิม ใช้งบประมาณ เป็น ไม่ใช้งบประมาณ",
    ):
        assert line in card
    none = approval_card(replace(SHORT, changes=Changes(Basis.APPROVED, 3, [])), PRESSES, AT).body
    assert "ไม่มีสิ่งที่เปลี่ยนจากฉบับที่ 3 ซึ่งอนุมัติแล้ว" in none

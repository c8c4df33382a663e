"""Cards with texts to copy are what LINE takes, whatever the texts are, and copy them to the letter."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.fiscal import Quarter, YearBasis
from messages_th.approval_card.view import ToldActivity, ToldLink
from messages_th.lengths import utf16_length
from messages_th.mirroring import CLIPBOARD_LENGTH, Ways, copy_cards
from messages_th.mirroring.view import MirrorView, standing
from messages_th.mirroring.wishes import is_about_mirroring
from messages_th.rendering import Rendered
from simulator.messaging_api.limits import SUPPLEMENT
from simulator.messaging_api.schema import Spec
from tests.unit.digest_samples import AT
from tests.unit.messages_th.test_approval_cards import BUBBLE_BYTES, EXECUTIVE, STAFF

NASTY = 'โครงการ "ทดสอบ" </b> {{ 7*7 }} \\ 👩‍👩‍👧‍👦\nบรรทัดใหม่ '
TEXTS = (
    "output_progress",
    "outcome_progress",
    "kpi_progress",
    "level1_progress",
    "summary",
    "problems",
    "recommendations",
)
WAYS = Ways("https://bot.example/w/l/x", "mm1:9:1:!0", "mu1:9:1")
REPORT = MirrorView(
    code="รง 0501-66-0003",
    name=NASTY * 10,
    unit=NASTY * 3,
    quarter=Quarter(2566, 1),
    basis=YearBasis.FISCAL,
    uses_budget=True,
    values={**dict.fromkeys(TEXTS, "ไม่มี"), "disbursed_baht": Decimal("1234567.50")},
    activities=[ToldActivity("อบรม", is_part=False, quarters=[1], progress="เป็นไปตามแผน")],
    links=[ToldLink("nesd_plan", "หมุดหมายที่ 12", "สนับสนุน")],
    approved_on=date(2023, 3, 20),
    mirrored_on=None,
    mirrored_by="",
    may_mark=True,
)
SPEC = Spec.load(SUPPLEMENT)


def clipboards(part: Any) -> Iterator[str]:
    """Yield what the buttons of messages copy."""
    if isinstance(part, Mapping):
        if part.get("type") == "clipboard":
            yield part["clipboardText"]
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from clipboards(inner)


def messages(cards: list[Rendered]) -> list[Any]:
    return [message for card in cards for message in json.loads(card.body)]


@pytest.mark.parametrize("text", ("ไม่มี", NASTY, (NASTY * 60)[: CLIPBOARD_LENGTH - 40], NASTY * 400), ids=range(4))
@pytest.mark.parametrize("items", (0, 1, 40))
@pytest.mark.parametrize("reader", (STAFF, EXECUTIVE))
def test_line_takes_the_cards_and_they_copy_to_the_letter(text: str, items: int, reader: Any) -> None:
    full = replace(
        REPORT,
        values={**dict.fromkeys(TEXTS, text), "disbursed_baht": Decimal("9999999999999999.99")},
        activities=[ToldActivity(NASTY * 5, is_part=True, quarters=[1], progress=text)] * items,
        links=[ToldLink("nesd_plan", NASTY * 5, text)] * items,
    )
    found = messages(list(copy_cards(reader, full, WAYS, AT)))
    problems = list(SPEC.schema("ReplyMessageRequest").problems({"replyToken": "0" * 32, "messages": found}))
    assert problems == []
    copied = list(clipboards(found))
    assert all(utf16_length(one) <= CLIPBOARD_LENGTH for one in copied)
    assert "9999999999999999.99" in copied or items == 40
    assert set(copied) <= {text.strip(), "9999999999999999.99"}
    assert max(len(json.dumps(one["contents"])) for one in found) < BUBBLE_BYTES


def test_what_the_cards_leave_out_is_said_and_found_on_the_page() -> None:
    for report, left_out in (
        (REPORT, False),
        (replace(REPORT, values={**REPORT.values, "summary": "ก" * (CLIPBOARD_LENGTH + 1)}), True),
        (replace(REPORT, activities=[*REPORT.activities] * 60), True),
    ):
        last = copy_cards(STAFF, report, WAYS, AT)[-1].body
        assert ("คัดลอกได้จากหน้าเว็บเท่านั้น" in last) is left_out
        assert "LINE ต่ำกว่ารุ่น 14" in last or left_out
    assert "เปิดหน้าคัดลอก" not in copy_cards(STAFF, REPORT, replace(WAYS, page=""), AT)[-1].body


def test_what_was_not_filled_in_is_no_field_to_copy_and_projects_without_budget_have_no_money() -> None:
    bare = replace(REPORT, uses_budget=False, values={}, activities=[], links=[])
    assert [field.text for field in bare.fields] == [""] * len(bare.fields)
    assert not any("บาท" in field.label for field in bare.fields)
    assert len(copy_cards(STAFF, bare, WAYS, AT)) == 1


def test_it_is_the_unit_that_says_so_and_never_the_bot() -> None:
    assert standing(None, "") == "ยังต้องบันทึกใน eMENSCR"
    assert standing(date(2023, 3, 22), "นักวิเคราะห์") == "หน่วยงานแจ้งว่าบันทึกใน eMENSCR แล้ว เมื่อ 22 มี.ค. 66 โดย นักวิเคราะห์"
    assert standing(date(2023, 3, 22), "") == "หน่วยงานแจ้งว่าบันทึกใน eMENSCR แล้ว เมื่อ 22 มี.ค. 66 (ตามไฟล์ที่นำเข้า)"


@pytest.mark.parametrize(
    ("sentence", "is_about"),
    (
        ("อนุมัติแล้วแต่ยังไม่บันทึกใน eMENSCR", True),
        ("ยังไม่ได้คีย์ลงอีเมนเซอร์ มีกี่เรื่องคะ", True),
        ("เหลืออะไรต้องบันทึกใน emenscr บ้าง", True),
        ("เหลืออีกกี่วันต้องบันทึกใน eMENSCR", False),
        ("ต้องลงทะเบียน eMENSCR ที่ไหน", False),
        ("ไตรมาสนี้โครงการไหนยังไม่รายงานบ้างครับ", False),
        ("กพร. เหลือกี่โครงการที่ยังไม่กรอก M6 คะ", False),
        ("ลืมรหัสเข้าระบบ eMENSCR ต้องติดต่อใคร", False),
        ("อีเมนเซอร์ ปิดวันไหน", False),
    ),
)
def test_sentences_about_what_is_left_are_told_by_their_words(sentence: str, *, is_about: bool) -> None:
    assert is_about_mirroring(sentence) is is_about

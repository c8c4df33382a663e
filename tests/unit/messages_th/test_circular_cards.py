"""The letter as everybody gets it, and the card on which it is written: what LINE takes, whatever is in them."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from linebot.v3.messaging import FlexContainer, FlexMessage

from domain.circulars.letters import LONGEST_SUBJECT, LONGEST_TEXT, Letter, LetterPart, Relation, Urgency
from handlers.circulars.making_presses import AskPart, PutDay, PutSending, SendChoice
from handlers.circulars.presses import Acknowledge, OpenLetter
from messages_th.circulars import making
from messages_th.circulars.draft_card import Choice, day_picker, draft_card, facts_of, moment_picker
from messages_th.circulars.letter_card import CHANGES_SHOWN, Change, LetterView, letter_card
from messages_th.circulars.letters import number_and_date
from messages_th.circulars.unreached_reasons import people_by_reason
from messages_th.listing import ONLY_PAGE
from messages_th.rendering import Rendered
from tests.unit.digest_samples import NASTY, OFFICER, assert_line_takes, buttons, contents, words

NOW = datetime(2023, 3, 20, 1, 30, tzinfo=UTC)
LETTER = Letter(
    "รง ๐๒๑๔/ว ๓", date(2023, 1, 27), Urgency.MOST_URGENT, "ขยายเวลารายงาน", "ตามที่ … นั้น", True, date(2023, 3, 24)
)  # fmt: skip
VIEW = LetterView(LETTER, "ผู้อำนวยการกลุ่ม กระทรวงแรงงาน", 0, Acknowledge(1).pack(), OpenLetter(1).pack())
FAMILY = "👩‍👩‍👧‍👦"


def shown(rendered: Rendered) -> str:
    assert_line_takes(rendered)
    flex = contents(rendered)
    model = FlexMessage(altText=rendered.alt, contents=FlexContainer.from_dict(flex), quickReply=None, sender=None)
    assert [json.loads(model.to_json())] == json.loads(rendered.body)
    return "\n".join(words(flex))


def labels(rendered: Rendered) -> list[str]:
    return list(buttons(contents(rendered)))


def test_the_letter_says_what_it_is_in_the_digits_of_its_number() -> None:
    rendered = letter_card(VIEW)
    text = shown(rendered)
    assert "ที่ รง ๐๒๑๔/ว ๓ ลงวันที่ ๒๗ มกราคม ๒๕๖๖" in text
    assert "เรื่อง ขยายเวลารายงาน" in text
    assert "โปรดกด «รับทราบ» ภายในวันที่ 24 มี.ค. 66" in text
    assert rendered.alt.startswith("ด่วนที่สุด หนังสือเวียน เรื่อง ขยายเวลารายงาน")
    assert number_and_date("รง 0214/ว 3", date(2023, 1, 27)) == "ที่ รง 0214/ว 3 ลงวันที่ 27 มกราคม 2566"


@pytest.mark.parametrize("urgency", Urgency)
def test_what_is_urgent_says_so_first(urgency: Urgency) -> None:
    rendered = letter_card(replace(VIEW, letter=replace(LETTER, urgency=urgency)))
    first = words(contents(rendered))[0]
    assert ("ด่วน" in shown(rendered)) == (urgency is not Urgency.NORMAL)
    assert first == "หนังสือเวียน"


@pytest.mark.parametrize(("wanted", "files", "text"), list(product((True, False), (0, 3), ("สั้น", "ยาว" * 1_000))))
def test_the_buttons_are_those_that_there_is_a_use_for(*, wanted: bool, files: int, text: str) -> None:
    letter = replace(LETTER, wants_acknowledgement=wanted, text=text)
    rendered = letter_card(replace(VIEW, letter=letter, files=files))
    assert ("รับทราบ" in labels(rendered)) == wanted
    assert ("เปิดเอกสาร" in labels(rendered)) == (files > 0 or text != "สั้น")
    assert ("อ่านทั้งหมดได้ที่ปุ่ม «เปิดเอกสาร»" in shown(rendered)) == (text != "สั้น")


def test_a_test_is_marked_where_nobody_can_miss_it() -> None:
    rendered = letter_card(replace(VIEW, is_test=True))
    assert rendered.alt.startswith("ทดสอบ ")
    assert "ยังไม่ได้ส่งถึงผู้รับ" in shown(rendered)
    assert "ทดสอบ" not in shown(letter_card(VIEW))


@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize("nasty", (NASTY * 150, FAMILY * 600, "กำปั้น" * 900))
def test_the_longest_and_nastiest_letter_fits(relation: Relation, nasty: str) -> None:
    letter = replace(LETTER, letter_no=nasty[:60], subject=nasty[:LONGEST_SUBJECT], text=nasty[:LONGEST_TEXT])
    change = Change(nasty, nasty, nasty)
    view = replace(VIEW, letter=letter, sender=nasty, files=10, relation=relation, about=nasty, is_test=True)
    assert "และอีก 4 กำหนด" in shown(letter_card(replace(view, changes=[change] * (CHANGES_SHOWN + 4))))


def test_an_empty_letter_is_shown_as_far_as_it_goes() -> None:
    assert "(ยังไม่มีชื่อเรื่อง)" in shown(letter_card(replace(VIEW, letter=Letter(), sender="")))
    nothing = letter_card(replace(VIEW, letter=Letter(wants_acknowledgement=False)))
    assert "footer" not in contents(nothing)


@pytest.mark.parametrize("nasty", ("", NASTY * 150, FAMILY * 600))
def test_a_draft_fits_with_whatever_is_written_in_it(nasty: str) -> None:
    letter = replace(
        LETTER, letter_no=nasty[:60], subject=nasty[:LONGEST_SUBJECT], text=nasty[:LONGEST_TEXT], send_at=NOW
    )
    presses = {part: AskPart(1, part).pack() for part in LetterPart}
    pickers = [
        day_picker(date(2023, 3, 20), date(2023, 3, 20), date(2024, 3, 19)),
        moment_picker(NOW, NOW, NOW + timedelta(days=180)),
    ]
    picks = [PutDay(1, LetterPart.LETTER_DATE, None), PutSending(1, SendChoice.PICKED, "")]
    choices = [
        Choice(label, press.pack(), picker=picker)
        for label, press, picker in zip((making.PICK_DAY, making.PICK_MOMENT), picks, pickers, strict=True)
    ]
    asked = making.asked_for(
        LetterPart.SUBJECT, choices, making.whom_not_read(OFFICER, [nasty]), making.sent_back(nasty)
    )
    facts = facts_of(letter, nasty, [nasty] * 10, presses)
    text = shown(draft_card(letter, "หนังสือเวียน", asked, facts, [nasty or "-"] * 3, NOW))
    assert "10 ไฟล์" in text
    assert "20 มี.ค. 66 เวลา 08.30 น." in text
    assert ("ยังไม่ระบุ" in text) == (nasty == "")


@pytest.mark.parametrize("part", LetterPart)
def test_every_part_has_a_question_and_says_what_was_wrong_with_an_answer(part: LetterPart) -> None:
    asked = making.asked_for(part, [Choice(making.TODAY, AskPart(1, part).pack())], making.not_read(OFFICER, part))
    text = shown(making.part_card(part, asked, NOW))
    assert asked.said in text
    assert "ค่ะ" in text


def test_lists_and_questions_about_drafts_fit() -> None:
    rows = [
        (NASTY * 10, *making.draft_line(NASTY, 10), AskPart(1, None).pack()),
        ("", *making.draft_line("", 0), "kd1:1"),
    ]
    page = ONLY_PAGE
    assert "(ยังไม่มีชื่อเรื่อง)" in shown(
        making.draft_list(OFFICER, rows, page, "kn1", NOW, making.too_many_drafts(OFFICER, 20))
    )
    assert "ไม่มีร่างหนังสือเวียนค่ะ" in shown(making.draft_list(OFFICER, [], page, "kn1", NOW))
    assert "เอกสารแนบ 10 ไฟล์" in shown(making.confirm_discard(OFFICER, NASTY * 10, 10, "kx1:1:1", "kd1:1", NOW))
    assert shown(making.writing_page(OFFICER, NASTY, "https://example.org/w/circulars", "kd1:1", NOW))


def test_what_line_refused_for_several_reasons_is_one_reason_to_people() -> None:
    refused = {"http_400 invalid": 2, "http_403": 1, "blocked": 7, "retry_window http_500": 1, "retry_window": 1}
    assert list(people_by_reason(refused).items()) == [
        ("ปิดกั้นบอต", 7), ("LINE ไม่รับข้อความ", 3), ("ไม่ทราบว่าถึงหรือไม่", 2)
    ]  # fmt: skip

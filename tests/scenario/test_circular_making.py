"""A circular is written in the chat: from one sentence, from a pasted letter, or answer by answer."""

from datetime import date

import pytest
from sqlalchemy import select

from domain.circulars.letters import LetterPart, Urgency
from domain.circulars.life import CircularState
from handlers.circulars.making_presses import (
    AskPart,
    DiscardDraft,
    OpenCircularPage,
    PutDay,
    PutSending,
    PutUrgency,
    SendChoice,
    WantAcknowledgement,
)
from handlers.circulars.presses import BeginCircular, ListDrafts, PreviewCircular, ShowDraft
from handlers.postback import Postback
from storage import tables
from storage.circulars.drafts import MOST_DRAFTS
from storage.shared_state import reference_changed
from storage.tables import Circular
from tests.chatting import Chatter, Stranger
from tests.office import Bot, bangkok, labour

__all__ = ["labour"]

COORDINATOR, COLLEAGUE, ADMIN = "P00003", "P00004", "P00001"
OFFICER, DIRECTOR_GENERAL, MONITOR = "P00033", "P00031", "P00002"
SENTENCE = (
    "ส่งหนังสือเวียน ด่วนที่สุด ที่ รง ๐๒๑๔/ว ๓ ลงวันที่ ๒๗ มกราคม ๒๕๖๖ เรื่อง ขยายเวลารายงาน "
    "ถึงทุกกรม ยกเว้น สปส. รับทราบภายใน 24 มี.ค. ส่งพรุ่งนี้ 9 โมง"
)
PASTED = """ส่งหนังสือเวียน
ที่ รง ๐๒๑๔/ว ๕          สำนักงานปลัดกระทรวงแรงงาน
          ๑๗ มีนาคม ๒๕๖๖

เรื่อง  การมอบอำนาจผู้รักษาราชการแทน
เรียน  อธิบดีทุกกรม

     ตามที่ได้แจ้ง นั้น
     จึงเรียนมาเพื่อโปรดทราบ"""


def drafts(bot: Bot) -> list[Circular]:
    with bot.database.read() as session:
        found = list(session.scalars(select(Circular).order_by(Circular.id)))
        session.expunge_all()
        return found


def draft(bot: Bot) -> Circular:
    (found,) = drafts(bot)
    return found


def all_presses(circular: int) -> list[Postback]:
    """Return every button that is about writing a circular."""
    return [
        BeginCircular(),
        ListDrafts(1),
        ShowDraft(circular),
        *(AskPart(circular, part) for part in (None, *LetterPart)),
        PutUrgency(circular, Urgency.MOST_URGENT),
        WantAcknowledgement(circular, wanted=False),
        PutDay(circular, LetterPart.LETTER_DATE, date(2023, 3, 20)),
        PutSending(circular, SendChoice.NEXT_MORNING, ""),
        DiscardDraft(circular, confirmed=True),
        OpenCircularPage(circular),
    ]


def test_one_sentence_says_it_all_and_the_card_says_it_back(labour: Bot) -> None:
    maker = Chatter(labour, COORDINATOR)
    card = maker.says(SENTENCE)
    assert card.contains("รง ๐๒๑๔/ว ๓", "๒๗ มกราคม ๒๕๖๖", "ด่วนที่สุด", "ขยายเวลารายงาน", "ยกเว้น สปส.")
    assert card.contains("ให้กดรับทราบภายในวันที่ 24 มี.ค. 66", "21 มี.ค. 66 เวลา 09.00 น.", "ข้อมูลครบแล้วค่ะ")
    row = draft(labour)
    assert (row.letter_no, row.letter_date, row.urgency) == ("รง ๐๒๑๔/ว ๓", date(2023, 1, 27), Urgency.MOST_URGENT)
    assert (row.acknowledge_by, row.send_at) == (date(2023, 3, 24), bangkok("21 มี.ค. 66", "09:00"))
    assert card.buttons()["ตรวจก่อนส่ง"] == PreviewCircular(row.id).pack()
    assert labour.row_counts()["outbox"] == 0


def test_answer_by_answer_what_is_missing_is_asked_for_in_order(labour: Bot) -> None:
    maker = Chatter(labour, ADMIN)
    assert maker.says("ส่งหนังสือเวียน").contains("โปรดพิมพ์เลขที่หนังสือ")
    assert "ตรวจก่อนส่ง" not in maker.last.buttons()
    assert maker.says("ยังไม่ทราบ").contains("อ่านเลขที่หนังสือไม่ได้")
    assert maker.says("ที่ รง 0214/ว 4").contains("วันที่ของหนังสือ", "รง 0214/ว 4")
    assert maker.presses("เลือกวันที่", date="2023-03-17").contains("17 มีนาคม 2566", "โปรดพิมพ์ชื่อเรื่อง")
    assert maker.says("ก" * 301).contains("ชื่อเรื่องยาวเกิน 300 ตัวอักษร")
    assert maker.says("แจ้งเวียนหลักเกณฑ์ใหม่").contains("แจ้งเวียนหลักเกณฑ์ใหม่", "โปรดเลือกหรือพิมพ์ผู้รับ")
    maker.presses(AskPart(draft(labour).id, LetterPart.SUBJECT).pack())
    assert maker.says('ประชุม "ชี้แจง" </b> 😀').contains("โปรดเลือกหรือพิมพ์ผู้รับ", 'ประชุม "ชี้แจง" </b> 😀')
    maker.says("กสร. และ กพร.")
    circular = draft(labour).id
    assert maker.presses(ShowDraft(circular).pack()).contains(
        "ข้อมูลครบแล้วค่ะ", "กสร.", "กพร.", "ยังไม่มีทั้งข้อความและเอกสารแนบ"
    )


def test_what_is_typed_in_the_marks_in_which_it_is_shown_never_becomes_the_letters_text(labour: Bot) -> None:
    maker = Chatter(labour, COORDINATOR)
    assert maker.says("«ส่งหนังสือเวียน»").contains("โปรดพิมพ์เลขที่หนังสือ")
    circular = draft(labour).id
    assert maker.presses(AskPart(circular, LetterPart.TEXT).pack()).contains("โปรดพิมพ์ «ไม่มี»")
    maker.says("«ไม่มี»")
    assert draft(labour).text == ""
    maker.presses(AskPart(circular, LetterPart.TEXT).pack())
    maker.says("«ตามที่ทราบแล้ว»")
    assert draft(labour).text == "«ตามที่ทราบแล้ว»"


def test_every_fact_can_be_changed_by_a_tap_or_in_words(labour: Bot) -> None:
    maker = Chatter(labour, COORDINATOR)
    maker.says(SENTENCE)
    circular = draft(labour).id

    def ask(part: LetterPart) -> None:
        maker.presses(AskPart(circular, part).pack())

    ask(LetterPart.URGENCY)
    assert maker.presses("ด่วนมาก").contains("ด่วนมาก")
    ask(LetterPart.ACKNOWLEDGE_BY)
    assert maker.presses("เลือกวันที่", date="2023-03-19").contains("วันนั้นผ่านไปแล้ว")
    assert maker.presses("เลือกวันที่", date="2023-03-31").contains("ภายในวันที่ 31 มี.ค. 66")
    ask(LetterPart.ACKNOWLEDGE_BY)
    assert maker.presses("ไม่ต้องรับทราบ").contains("ไม่ต้องรับทราบ")
    ask(LetterPart.ACKNOWLEDGE_BY)
    assert maker.says("3 วันทำการ").contains("ภายในวันที่ 23 มี.ค. 66")
    ask(LetterPart.SEND_AT)
    assert maker.presses("เลือกวันเวลา", datetime="2023-03-20T08:00").contains("เวลานั้นผ่านไปแล้ว")
    assert maker.presses("เลือกวันเวลา", datetime="2023-03-27T13:30").contains("27 มี.ค. 66 เวลา 13.30 น.", "มาก่อนวันส่ง")
    ask(LetterPart.SEND_AT)
    assert maker.presses("เช้าวันทำการถัดไป").contains("21 มี.ค. 66 เวลา 08.30 น.")
    ask(LetterPart.SEND_AT)
    assert maker.presses("ส่งทันที").contains("ส่งทันทีที่ปล่อยหนังสือ")
    ask(LetterPart.TEXT)
    assert maker.says("ส่งหนังสือเวียนฉบับนี้มาเพื่อโปรดทราบ\n\nขอบคุณ").contains("มาเพื่อโปรดทราบ ขอบคุณ")
    assert maker.says("เรื่อง ชี้แจงแนวทาง").contains("ชี้แจงแนวทาง")
    assert maker.says("ยกเว้น กพร.").contains("กพร.")
    assert maker.says("ไตรมาส 2 ส่งได้ถึงวันไหน").contains("ไตรมาส 2")
    row = draft(labour)
    assert (row.urgency, row.wants_acknowledgement, row.acknowledge_by) == (
        Urgency.VERY_URGENT,
        True,
        date(2023, 3, 23),
    )
    assert (row.send_at, row.text, row.subject) == (
        None,
        "ส่งหนังสือเวียนฉบับนี้มาเพื่อโปรดทราบ\n\nขอบคุณ",
        "ชี้แจงแนวทาง",
    )
    assert row.audience["without_units"]


def test_a_pasted_letter_becomes_a_draft_whatever_it_speaks_of(labour: Bot) -> None:
    maker = Chatter(labour, COORDINATOR)
    card = maker.says(PASTED)
    assert card.contains("รง ๐๒๑๔/ว ๕", "๑๗ มีนาคม ๒๕๖๖", "การมอบอำนาจผู้รักษาราชการแทน", "โปรดเลือกหรือพิมพ์ผู้รับ")
    assert draft(labour).text == "เรียน อธิบดีทุกกรม\n\nตามที่ได้แจ้ง นั้น\nจึงเรียนมาเพื่อโปรดทราบ"


def test_whom_nobody_knows_is_asked_for_and_nothing_else_is_lost(labour: Bot) -> None:
    card = Chatter(labour, COORDINATOR).says("ส่งหนังสือเวียน เรื่อง ประชุม ถึงกรมที่ไม่มีอยู่จริง")
    assert card.contains("ไม่พบผู้รับตามคำว่า", "ประชุม", "โปรดพิมพ์เลขที่หนังสือ")


def test_several_drafts_are_kept_apart_and_thrown_away_one_by_one(labour: Bot) -> None:
    maker = Chatter(labour, COORDINATOR)
    maker.says(SENTENCE)
    maker.says(PASTED)
    assert maker.says("ร่างหนังสือเวียน").contains("ขยายเวลารายงาน", "การมอบอำนาจผู้รักษาราชการแทน")
    first, second = drafts(labour)
    maker.presses("ร่างฉบับใหม่")
    maker.presses("ร่างฉบับใหม่")
    assert len(drafts(labour)) == 3, "an empty draft is used again"
    assert maker.presses(ShowDraft(first.id).pack()).contains("ขยายเวลารายงาน")
    assert maker.presses("ร่างทั้งหมด").contains("ขยายเวลารายงาน", "การมอบอำนาจผู้รักษาราชการแทน")
    maker.presses(ShowDraft(first.id).pack())
    assert maker.presses("ทิ้งร่าง").contains("เรียกคืนไม่ได้", "ขยายเวลารายงาน")
    assert maker.presses("ทิ้งร่างนี้").contains("ทิ้งร่างหนังสือเวียนแล้ว")
    assert first.id not in {row.id for row in drafts(labour)}
    for press in all_presses(first.id)[2:]:
        assert maker.presses(press.pack()).contains("ไม่พบหนังสือเวียนนี้"), press
    assert maker.presses(ShowDraft(second.id).pack()).contains("การมอบอำนาจ")


def test_the_name_of_a_button_of_a_draft_is_as_good_typed_as_pressed(labour: Bot) -> None:
    maker = Chatter(labour, COORDINATOR)
    maker.says("ส่งหนังสือเวียน")
    assert maker.says("เปิดหน้าเขียนหนังสือ").contains("ภายใน 10 นาที")
    maker.presses("กลับไปที่ร่าง")
    assert maker.says("ทิ้งร่าง").contains("เรียกคืนไม่ได้"), "whatever part was asked for"
    assert maker.says("ทิ้งร่างนี้").buttons() != {}, "what throws away is pressed"
    assert draft(labour).subject == ""
    maker.says(SENTENCE)
    assert maker.says("ตรวจก่อนส่ง").contains("ขยายเวลารายงาน")


def test_an_old_card_says_what_is_true_now(labour: Bot) -> None:
    maker = Chatter(labour, COORDINATOR)
    maker.says(SENTENCE)
    with labour.writes() as session:
        session.scalars(select(Circular)).one().state = CircularState.WAITING_RELEASE
    for press in all_presses(draft(labour).id)[2:]:
        assert maker.presses(press.pack()).contains("รง ๐๒๑๔/ว ๓", "รอปล่อยส่ง"), press
    assert draft(labour).urgency is Urgency.MOST_URGENT


def move(bot: Bot, unit: str) -> None:
    """Let the coordinator's post be in another unit than the ministry's."""
    with bot.writes() as session:
        post = select(tables.RoleAssignment).join(tables.Person, tables.Person.id == tables.RoleAssignment.person_id)
        moved = session.scalars(post.where(tables.Person.code == COORDINATOR)).one()
        moved.unit_id = session.scalars(select(tables.Unit.id).where(tables.Unit.code == unit)).one()
        reference_changed(session, bot.at)


def test_a_coordinator_outside_of_any_ministry_writes_circulars_too(labour: Bot) -> None:
    move(labour, "สศช")
    chatter = Chatter(labour, COORDINATOR)
    chatter.says("ส่งหนังสือเวียน")
    assert chatter.says("รง ๐๒๑๔/ว ๓").contains("รง ๐๒๑๔/ว ๓")


def test_drafts_of_a_ministry_that_was_left_stand_in_nobodys_way(labour: Bot) -> None:
    chatter = Chatter(labour, COORDINATOR)
    chatter.says("ส่งหนังสือเวียน")
    move(labour, "สศช")
    assert chatter.says("ส่งหนังสือเวียน เรื่อง การรายงานผล").contains("การรายงานผล")
    assert len({one.ministry_id for one in drafts(labour)}) == 2


def test_drafts_do_not_pile_up_without_end(labour: Bot) -> None:
    maker = Chatter(labour, COORDINATOR)
    for number in range(MOST_DRAFTS):
        maker.says(f"ส่งหนังสือเวียน เรื่อง ฉบับที่ {number}")
    assert maker.says("ส่งหนังสือเวียน เรื่อง อีกฉบับ").contains("มีร่างค้างอยู่ครบ 20 ฉบับแล้ว", "ฉบับที่ 19")
    assert len(drafts(labour)) == MOST_DRAFTS


def test_a_draft_leads_to_the_page_on_which_it_can_be_written(labour: Bot) -> None:
    maker = Chatter(labour, COORDINATOR)
    maker.says(SENTENCE)
    assert "/w/" in maker.presses("เปิดหน้าเขียนหนังสือ").buttons()["เปิดหน้าเขียนหนังสือ"]
    assert maker.last.contains("ภายใน 10 นาที", "รง ๐๒๑๔/ว ๓")


@pytest.mark.parametrize("who", (OFFICER, DIRECTOR_GENERAL, MONITOR, COLLEAGUE, None))
def test_nobody_else_reaches_a_draft_by_text_or_button(labour: Bot, who: str | None) -> None:
    Chatter(labour, COORDINATOR).says(SENTENCE)
    before, circular = labour.row_counts(), draft(labour).id
    other = Chatter(labour, who) if who else Stranger(labour)
    for press in all_presses(circular)[2:]:
        assert "ขยายเวลารายงาน" not in other.presses(press.pack()).text, press
    assert "ขยายเวลารายงาน" not in other.says("เรื่อง ของผู้อื่น").text
    assert draft(labour).subject == "ขยายเวลารายงาน"
    if who != COLLEAGUE:  # who makes circulars, too, has drafts of her own
        for press in all_presses(circular)[:2]:
            other.presses(press.pack())
        for sentence in (SENTENCE, "ส่งหนังสือเวียน", "ร่างหนังสือเวียน", "หนังสือเวียน", "ฝากแจ้งทุกกรมเรื่องกำหนดส่งใหม่"):
            assert "ขยายเวลารายงาน" not in other.says(sentence).text
        assert labour.row_counts()["circulars"] == before["circulars"] == 1


def test_who_makes_none_is_shown_what_came(labour: Bot) -> None:
    officer = Chatter(labour, OFFICER)
    assert officer.says("ส่งหนังสือเวียน ถึงทุกกรม").contains("ไม่มีสิทธิ")
    assert officer.presses("หนังสือเวียนที่ได้รับ").contains("หนังสือเวียนที่ได้รับ")
    assert officer.says("หนังสือเวียน").contains("หนังสือเวียนที่ได้รับ")
    assert Chatter(labour, COORDINATOR).says("หนังสือเวียน").contains("ยังไม่มีหนังสือเวียนค่ะ")

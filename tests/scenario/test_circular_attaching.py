"""Somebody forwards the PDF of a letter to the bot: it is fetched from LINE, looked through, and put into a draft."""

import asyncio
import threading
from datetime import datetime

import pikepdf
import pytest
from sqlalchemy import select

from bot import attachments
from bot.handling import LEASE
from domain.circulars.letters import MOST_BYTES
from handlers.conversation import Attached
from storage import shared_state, tables
from tests.chatting import Chatter, Stranger, web_of
from tests.circular_files import letter_pdf
from tests.office import Bot, labour
from tests.processes import wait_for

COORDINATOR, OTHER_COORDINATOR, ADMIN = "P00003", "P00004", "P00001"
OFFICER, HEAD, MONITOR = "P00033", "P00031", "P00002"
CONTENT = "/v2/bot/message/*/content"

__all__ = ["labour"]


def kept(bot: Bot) -> list[tuple[str, list[str]]]:
    """Subject and names of files of every circular, oldest first."""
    with bot.database.read() as session:
        circulars = session.scalars(select(tables.Circular).order_by(tables.Circular.id)).all()
        query = select(tables.CircularFile.name).order_by(tables.CircularFile.id)
        return [(each.subject, list(session.scalars(query.filter_by(circular_id=each.id)))) for each in circulars]


def fetched(bot: Bot) -> int:
    """How often LINE was asked for the content of a message."""
    return sum(call.path.endswith("/content") for call in web_of(bot).line.platform.calls())


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow each other at once."""
    monkeypatch.setattr(attachments, "_PAUSES", (0.05, 0.05))


@pytest.mark.parametrize("person", (COORDINATOR, ADMIN))
def test_a_forwarded_letter_begins_a_draft_and_further_ones_belong_to_it(labour: Bot, person: str) -> None:
    maker = Chatter(labour, person)
    shown = maker.sends_file("เรื่อง แนวทางการรายงาน.pdf", letter_pdf("1"))
    assert shown.contains("ร่างหนังสือเวียน", "แนวทางการรายงาน", "แนบ «เรื่อง แนวทางการรายงาน.pdf» (1 KB) แล้ว")
    assert shown.contains("โปรดพิมพ์เลขที่หนังสือ")
    assert maker.sends_file("สิ่งที่ส่งมาด้วย.pdf", letter_pdf("2")).contains("รวม 2 ไฟล์")
    assert maker.sends_file("อีกครั้ง.pdf", letter_pdf("1")).contains("รวม 2 ไฟล์")  # what is there already
    assert kept(labour) == [("แนวทางการรายงาน", ["เรื่อง แนวทางการรายงาน.pdf", "สิ่งที่ส่งมาด้วย.pdf"])]
    assert maker.says("รง ๐๒๑๔/ว ๓").contains("รง ๐๒๑๔/ว ๓")  # the question that the file's card asked


def test_a_file_taken_by_mistake_is_taken_out_again(labour: Bot) -> None:
    maker, other = Chatter(labour, COORDINATOR), Chatter(labour, OTHER_COORDINATOR)
    maker.sends_file("a.pdf", letter_pdf("1"))
    removal = maker.last.buttons()["นำไฟล์นี้ออก"]
    for stranger in (other, Chatter(labour, OFFICER)):
        assert not stranger.presses(removal).contains("ร่างหนังสือเวียน")
    assert kept(labour) == [("", ["a.pdf"])]
    assert maker.presses(removal).contains("ร่างหนังสือเวียน", "นำไฟล์ออกแล้ว")
    assert maker.presses(removal).contains("ถูกนำออกไปก่อนแล้ว")
    assert kept(labour) == [("", [])]


def test_a_message_that_is_taken_back_takes_its_file_along(labour: Bot) -> None:
    maker, web = Chatter(labour, COORDINATOR), web_of(labour)
    event = web.file(maker.account, "a.pdf", letter_pdf("1"))
    maker.sends_file("b.pdf", letter_pdf("2"))
    web.deliver(event)
    web.settle()
    assert kept(labour) == [("", ["b.pdf", "a.pdf"])]
    maker.sends("unsend", unsend={"messageId": event["message"]["id"]})
    assert kept(labour) == [("", ["b.pdf"])]
    late = web.file(maker.account, "c.pdf", letter_pdf("3"))
    web.line.platform.contents.unsend(late["message"]["id"])
    web.deliver(late)
    web.settle()
    assert kept(labour) == [("", ["b.pdf"])]


def test_a_letter_of_another_day_begins_another_draft(labour: Bot) -> None:
    maker = Chatter(labour, COORDINATOR)
    maker.sends_file("เรื่อง ฉบับแรก.pdf", letter_pdf("1"))
    maker.waits(minutes=11)  # what was talked of is forgotten, and that draft has its letter
    maker.sends_file("เรื่อง ฉบับที่สอง.pdf", letter_pdf("2"))
    assert kept(labour) == [("ฉบับแรก", ["เรื่อง ฉบับแรก.pdf"]), ("ฉบับที่สอง", ["เรื่อง ฉบับที่สอง.pdf"])]
    maker.says("รง ๐๒๑๔/ว ๓")
    maker.waits(minutes=11)
    maker.says("ส่งหนังสือเวียน เรื่อง ฉบับที่สาม")
    maker.waits(hours=3)
    maker.sends_file("c.pdf", letter_pdf("3"))  # it still lacks one
    assert kept(labour)[2:] == [("ฉบับที่สาม", ["c.pdf"])]


def test_nobody_else_is_fetched_anything_for(labour: Bot) -> None:
    for person in (OFFICER, HEAD, MONITOR):
        assert Chatter(labour, person).sends_file("a.pdf", letter_pdf()).contains("ระบบอ่านได้เฉพาะข้อความ")
    assert not Stranger(labour).sends_file("a.pdf", letter_pdf()).contains("ร่าง")
    assert (fetched(labour), kept(labour)) == (0, [])
    assert len(labour.phone(OFFICER)) == 1
    maker, web = Chatter(labour, COORDINATOR), web_of(labour)
    in_group = {"type": "group", "groupId": "C" + "7" * 32, "userId": maker.account}
    web.deliver({**web.file(maker.account, "a.pdf", letter_pdf()), "source": in_group})
    web.settle()
    assert (fetched(labour), kept(labour)) == (0, [])


def test_a_picture_or_a_file_that_is_too_large_is_answered_without_fetching_it(labour: Bot) -> None:
    maker = Chatter(labour, COORDINATOR)
    image = {"type": "image", "id": "4711", "quoteToken": "q", "contentProvider": {"type": "line"}}
    assert maker.sends("message", message=image).contains("หนังสือเวียนใช้ไฟล์ PDF")
    assert maker.sends_file("ใหญ่.pdf", b"", fileSize=MOST_BYTES + 1).contains("ใหญ่เกิน 10 MB", "ใหญ่.pdf")
    sticker = {"type": "sticker", "id": "1", "quoteToken": "q", "packageId": "1", "stickerId": "1"}
    assert maker.sends("message", message=sticker).contains("ระบบอ่านได้เฉพาะข้อความ")
    assert fetched(labour) == 0
    assert maker.sends_file("โกหก.pdf", bytes(MOST_BYTES + 1), fileSize=5).contains("ใหญ่เกิน 10 MB")
    assert kept(labour) == []


def test_what_may_not_be_sent_on_is_refused_with_what_to_do(labour: Bot) -> None:
    def acts(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")

    def holds(pdf: pikepdf.Pdf) -> None:
        pdf.attachments["a.exe"] = b"MZ"

    locked = letter_pdf(encryption=pikepdf.Encryption(owner="o", user="u"))
    maker = Chatter(labour, COORDINATOR)
    for content, words in (
        (letter_pdf(change=acts), "JavaScript"),
        (letter_pdf(change=holds), "มีไฟล์อื่นแนบซ่อนอยู่"),
        (locked, "รหัสผ่าน"),
        (b"PK\x03\x04", "ไม่ใช่ PDF"),
        (letter_pdf()[:200], "ไม่สมบูรณ์"),
        (b"", "ว่างเปล่า"),
    ):
        shown = maker.sends_file("ก" * 300 + "\u202efdp.exe", content)
        assert shown.contains("ยังไม่ได้รับไฟล์", words, "โปรด")
        assert "\u202e" not in shown.text
    assert kept(labour) == []


def test_the_eleventh_file_is_refused_and_the_others_stay(labour: Bot) -> None:
    maker = Chatter(labour, COORDINATOR)
    for number in range(10):
        maker.sends_file(f"{number}.pdf", letter_pdf(str(number)))
    assert maker.sends_file("เกิน.pdf", letter_pdf("10")).contains("ครบ 10 ไฟล์แล้ว")
    assert [len(names) for _, names in kept(labour)] == [10]


@pytest.mark.usefixtures("impatient")
def test_line_may_be_preparing_it_fail_once_or_have_lost_it(labour: Bot) -> None:
    maker, web = Chatter(labour, COORDINATOR), web_of(labour)
    for kind in ("server_error", "reset_after_acceptance"):
        web.line.fault(kind, CONTENT, count=1)
    assert maker.sends_file("a.pdf", letter_pdf("1")).contains("a.pdf", "ร่างหนังสือเวียน")
    assert fetched(labour) == 3

    event = web.file(maker.account, "b.pdf", letter_pdf("2"))
    web.line.platform.contents.keep(event["message"]["id"], letter_pdf("2"), "application/pdf", ready_in=0.08)
    web.deliver(event)
    web.settle()
    assert [names for _, names in kept(labour)] == [["a.pdf", "b.pdf"]]

    lost = web.file(maker.account, "c.pdf", letter_pdf("3"))
    web.line.platform.contents.delete(lost["message"]["id"])
    web.deliver(lost)
    web.settle()
    assert "ระบบยังรับไฟล์จาก LINE ไม่สำเร็จ" in labour.phone(COORDINATOR)[-1]["text"]
    assert [names for _, names in kept(labour)] == [["a.pdf", "b.pdf"]]


def test_line_delivers_the_same_event_many_times_and_it_is_one_file_and_one_answer(labour: Bot) -> None:
    maker, web = Chatter(labour, COORDINATOR), web_of(labour)
    event = web.file(maker.account, "a.pdf", letter_pdf())
    for _ in range(5):
        assert web.deliver(event) == 200
    web.settle()
    assert (kept(labour), fetched(labour), len(labour.phone(COORDINATOR))) == ([("", ["a.pdf"])], 1, 1)
    again = {**event, "webhookEventId": "01DIFFERENT", "replyToken": web.token(maker.account)}
    web.deliver(again)
    web.settle()
    assert kept(labour) == [("", ["a.pdf"])]


def test_files_of_several_makers_at_the_same_time_go_each_into_a_draft_of_its_own(labour: Bot) -> None:
    web = web_of(labour)
    makers = [Chatter(labour, person) for person in (COORDINATOR, OTHER_COORDINATOR, ADMIN)]
    names = [f"{number}-{maker.code}.pdf" for number in (1, 2) for maker in makers]
    pairs = zip(names, makers * 2, strict=True)
    assert web.deliver(*(web.file(maker.account, name, letter_pdf(name)) for name, maker in pairs)) == 200
    web.settle()
    assert sorted(sorted(found) for _, found in kept(labour)) == sorted([names[i], names[i + 3]] for i in range(3))


def test_a_file_that_waits_for_others_is_taken_over_by_nobody(labour: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    web, go_on, real = web_of(labour), threading.Event(), attachments.Attachments.fetched

    async def slowly(self: attachments.Attachments, wanted: Attached) -> Attached:
        await asyncio.to_thread(go_on.wait, 20)
        return await real(self, wanted)

    monkeypatch.setattr(attachments.Attachments, "fetched", slowly)
    makers = [Chatter(labour, person) for person in (COORDINATOR, OTHER_COORDINATOR, ADMIN)]
    assert len(makers) > attachments.MOST_AT_ONCE
    web.deliver(*(web.file(maker.account, f"{maker.code}.pdf", letter_pdf(maker.code)) for maker in makers))

    def leases() -> list[datetime] | None:
        with labour.database.read() as session:
            rows = session.scalars(select(tables.InboxEvent).where(tables.InboxEvent.lease_until.is_not(None))).all()
        soon = web.clock.real_now() + LEASE
        until = [row.lease_until for row in rows if row.lease_until is not None and row.lease_until > soon]
        return until if len(until) == len(makers) else None

    wait_for(leases, 15, "an event for each file, held for as long as fetching takes")
    go_on.set()
    web.settle()
    assert len(kept(labour)) == len(makers)


def test_a_role_that_ends_while_the_file_is_fetched_takes_nothing(labour: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    maker, real = Chatter(labour, COORDINATOR), attachments.Attachments.fetched

    async def slowly(self: attachments.Attachments, wanted: Attached) -> Attached:
        found = await real(self, wanted)
        with labour.database.write() as session:
            row, is_holder = tables.RoleAssignment, tables.Person.id == tables.RoleAssignment.person_id
            mine = select(row).join(tables.Person, is_holder).where(tables.Person.code == COORDINATOR)
            for role in session.scalars(mine).all():
                session.delete(role)
            shared_state.reference_changed(session, labour.at)
        return found

    monkeypatch.setattr(attachments.Attachments, "fetched", slowly)
    maker.sends_file("a.pdf", letter_pdf())
    assert kept(labour) == []

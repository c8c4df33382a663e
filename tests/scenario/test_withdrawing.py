"""An officer takes back what was sent, as long as nobody decided."""

from sqlalchemy import select

from domain.submissions import SubmissionState
from handlers.approval_presses import ShowItem
from handlers.item_presses import ConfirmWithdrawal, WithdrawItem
from handlers.project_presses import ShowProject
from storage import tables
from storage.tables.messaging import AuditAction
from storage.tables.submissions import Verdict
from tests.chatting import Chatter
from tests.office import Bot, bangkok, labour
from tests.submitting import decide_now, send_report, submission_of

__all__ = ["labour"]

OFFICER, HEAD, DIRECTOR_GENERAL, CLUSTER_HEAD = "P00033", "P00034", "P00031", "P00006"
OF_OTHER_UNIT, COORDINATOR = "P00035", "P00003"
PROJECT = "รง 0501-66-0003"
CARD = ShowProject(PROJECT).pack()
WITHDRAW, DECIDE = "ดึงกลับ", "เปิดเพื่อพิจารณา"


def withdrawals(bot: Bot) -> list[tables.AuditEntry]:
    with bot.database.read() as session:
        taken = tables.AuditEntry.action == AuditAction.SUBMISSION_WITHDRAW
        return list(session.scalars(select(tables.AuditEntry).where(taken)))


def test_an_officer_takes_a_report_back_and_sends_it_anew(labour: Bot) -> None:
    officer, head = Chatter(labour, OFFICER), Chatter(labour, HEAD)
    number = send_report(labour, OFFICER, PROJECT)
    card = officer.presses(CARD)
    assert card.contains("ลำดับที่ 1 ผู้อำนวยการกอง รอพิจารณา", "ลำดับที่ 2 อธิบดี", "ลำดับที่ 4 ปลัดกระทรวง")
    old = card.buttons()[WITHDRAW]
    asked = officer.presses(WITHDRAW)
    assert asked.contains("ดึงกลับเป็นฉบับร่าง", PROJECT, "ส่งเมื่อ 20 มี.ค. 66 เวลา 08.30 น.", "วันนี้เป็นวันสุดท้าย", "ต้องส่งอนุมัติใหม่")
    assert submission_of(labour, PROJECT).state is SubmissionState.PENDING_APPROVAL  # asked once, nothing is done yet
    told = officer.presses("ยืนยันดึงกลับ")
    assert told.contains("ดึงกลับแล้วค่ะ สถานะ: ฉบับร่าง", PROJECT, "กำหนดส่ง: วันนี้เป็นวันสุดท้าย (วันจันทร์ที่ 20 มี.ค. 66)")
    assert submission_of(labour, PROJECT).state is SubmissionState.DRAFT
    assert [(entry.subject, bool(entry.event_id)) for entry in withdrawals(labour)] == [
        (f"report:{PROJECT}:1/2566", True)
    ]

    assert officer.presses(ConfirmWithdrawal(number, 1).pack()).contains("เป็นฉบับร่างอยู่แล้วค่ะ", PROJECT)
    card = officer.presses(CARD)
    assert WITHDRAW not in card.buttons()
    assert not card.contains("ลำดับที่ 1")
    assert head.presses(ShowItem(number).pack()).text == head.presses(ShowItem(999).pack()).text
    labour.at = bangkok("20 มี.ค. 66", "08:45")
    labour.send()
    assert not any(PROJECT in str(message) for message in labour.phone(HEAD))  # what left is not told

    send_report(labour, OFFICER, PROJECT)
    assert officer.presses(old).contains("ส่งใหม่เป็นฉบับที่ 2", "รอผู้อำนวยการกอง พิจารณา ลำดับที่ 1 จาก 4")
    officer.presses(CARD)
    officer.presses(WITHDRAW)
    officer.presses("ยืนยันดึงกลับ")
    assert (submission_of(labour, PROJECT).state, len(withdrawals(labour))) == (SubmissionState.DRAFT, 2)


def test_after_a_decision_the_officer_is_told_who_decided_and_when(labour: Bot) -> None:
    officer = Chatter(labour, OFFICER)
    number = send_report(labour, OFFICER, PROJECT)
    officer.presses(CARD)
    officer.presses(WITHDRAW)
    labour.at = bangkok("20 มี.ค. 66", "09:12")
    decide_now(labour, HEAD, number)
    told = officer.presses("ยืนยันดึงกลับ")
    assert told.contains("ดึงกลับไม่ได้แล้วค่ะ", "ผู้อำนวยการกอง อนุมัติแล้ว เมื่อ 20 มี.ค. 66 เวลา 09.12 น.", "รออธิบดี พิจารณา")
    assert officer.presses(WithdrawItem(number, 1).pack()).text == told.text
    assert submission_of(labour, PROJECT).step == 2
    assert withdrawals(labour) == []

    card = officer.presses(CARD)
    assert card.contains("ลำดับที่ 1 ผู้อำนวยการกอง 20 มี.ค. 66", "ลำดับที่ 2 อธิบดี รอพิจารณา")
    assert WITHDRAW not in card.buttons()
    decide_now(labour, DIRECTOR_GENERAL, number, Verdict.RETURNED, "ตัวเลขเบิกจ่ายไม่ตรงกับแผน")
    told = officer.presses(WithdrawItem(number, 1).pack())
    assert told.contains("อธิบดี ส่งกลับแก้ไขแล้ว", "ตัวเลขเบิกจ่ายไม่ตรงกับแผน", "รอหน่วยงานแก้ไขและส่งใหม่")
    assert officer.presses(CARD).contains("ส่งกลับแก้ไข", "“ตัวเลขเบิกจ่ายไม่ตรงกับแผน”")


def test_what_was_imported_at_a_later_step_is_not_taken_back(labour: Bot) -> None:
    labour.report(PROJECT, SubmissionState.PENDING_APPROVAL, step=2, version=1, sent_at=labour.at, arrived_at=labour.at)
    officer, number = Chatter(labour, OFFICER), submission_of(labour, PROJECT).id
    assert officer.presses(CARD).contains("ลำดับที่ 1 ผู้อำนวยการกอง\n", "ลำดับที่ 2 อธิบดี รอพิจารณา")
    assert officer.presses(WithdrawItem(number, 1).pack()).contains("ดึงกลับไม่ได้แล้วค่ะ เพราะผ่านลำดับแรกแล้ว")
    labour.report(PROJECT, SubmissionState.PENDING_APPROVAL, step=None, version=1, sent_at=labour.at, arrived_at=None)
    assert WITHDRAW in officer.presses(CARD).buttons()


def test_who_is_not_of_the_unit_hears_the_same_as_of_what_does_not_exist(labour: Bot) -> None:
    number = send_report(labour, OFFICER, PROJECT)
    for person in (OF_OTHER_UNIT, COORDINATOR, HEAD, CLUSTER_HEAD):
        chatter = Chatter(labour, person)
        for press in (WithdrawItem, ConfirmWithdrawal):
            assert chatter.presses(press(number, 1).pack()).text == chatter.presses(press(999, 1).pack()).text
        assert WITHDRAW not in chatter.presses(CARD).buttons()
    assert submission_of(labour, PROJECT).state is SubmissionState.PENDING_APPROVAL


def test_the_holder_of_the_step_opens_the_item_from_the_project(labour: Bot) -> None:
    number = send_report(labour, OFFICER, PROJECT)
    head = Chatter(labour, HEAD)
    assert head.presses(CARD).buttons()[DECIDE] == ShowItem(number).pack()
    assert "อนุมัติ" in head.presses(DECIDE).buttons()
    for person in (OFFICER, DIRECTOR_GENERAL, COORDINATOR):
        assert DECIDE not in Chatter(labour, person).presses(CARD).buttons()
    below = Chatter(labour, DIRECTOR_GENERAL).presses(CARD)
    assert below.contains("รอผู้อำนวยการกองพิจารณา (ลำดับที่ 1)")
    assert not below.contains("รอพิจารณา")  # who decides looks into what has come to the own step

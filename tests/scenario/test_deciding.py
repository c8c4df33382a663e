"""Approving, taking back and returning one thing, from the list to the answer, as executives do it on their phones."""

from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import select

from domain.organisation import Capacity
from domain.roles import Role
from domain.submissions import ExecutionStatus, SubmissionKind, SubmissionState
from domain.windows import WindowKind
from storage import tables
from storage.reference import load_reference
from storage.shared_state import reference_changed
from storage.submissions.actor import Actor, Channel
from storage.submissions.sending import submit, withdraw
from storage.submissions.windows import windows_of
from storage.tables.submissions import Verdict
from tests.chatting import Chatter, Shown
from tests.office import Bot, bangkok, labour
from tests.submitting import decide_now, moment, send_report, submission_of

__all__ = ["labour"]

OFFICER, HEAD, DIRECTOR_GENERAL, CLUSTER_HEAD, SECRETARY = "P00033", "P00034", "P00031", "P00006", "P00005"
COORDINATOR, ADMIN, MONITOR = "P00003", "P00001", "P00002"
PLAN_OFFICER, OF_ANOTHER_AGENCY = "P00016", "P00017"
CODE, WAITS_FOR_HEAD = "รง 0501-66-0003", "รง 0302-66-0001"
NAME = "โครงการพัฒนาสวัสดิการแรงงานสตรีและเด็ก"
REASON = "โปรดระบุผลผลิตเป็นจำนวนและหน่วยนับ แยกตามรุ่น"
NOT_THERE = "ไม่พบเรื่องนี้ในรายการที่ท่านดูหรือพิจารณาได้"
DECIDES = {"อนุมัติ", "ส่งกลับแก้ไข", "ขอข้อมูลเพิ่ม"}


def approve(shown: Shown, person: Chatter) -> Shown:
    """Press the two buttons of an approval, beginning with a decision card."""
    assert "อนุมัติ" in shown.buttons()
    assert person.presses("อนุมัติ").contains("ยืนยันอนุมัติ")
    return person.presses("ยืนยันอนุมัติ")


def state(bot: Bot) -> tuple[SubmissionState, int, int | None]:
    row = submission_of(bot, CODE)
    return row.state, row.version, row.step


def appoint(bot: Bot, person: str, unit: str, role: Role, position: str, acting_for: str) -> None:
    """Give somebody a post in another's place from today on."""
    with bot.writes() as session:
        ids = dict(session.execute(select(tables.Person.code, tables.Person.id)).all())
        session.add(
            tables.RoleAssignment(
                person_id=ids[person],
                unit_id=session.scalars(select(tables.Unit.id).where(tables.Unit.code == unit)).one(),
                role=role,
                position=position,
                valid_from=bot.at.date(),
                acting_for_id=ids[acting_for],
                capacity=Capacity.ACTING if role is Role.APPROVER else None,
            )
        )
        reference_changed(session, datetime.now(UTC))


def test_an_approver_sees_on_one_card_what_is_to_be_decided(labour: Bot) -> None:
    send_report(labour, OFFICER, CODE)
    head = Chatter(labour, HEAD)
    assert head.says("วันนี้มีอะไรให้ผมเซ็นบ้าง").contains(CODE)
    card = head.presses(CODE)
    assert card.contains(
        "กองยุทธศาสตร์และแผนงาน กสร.", NAME, "รายงานความก้าวหน้า ไตรมาส 1/2566 (ต.ค.–ธ.ค. 65)", "รอท่านพิจารณา ลำดับที่ 1 จาก 4",
        "วันนี้เป็นวันสุดท้าย (วันจันทร์ที่ 20 มี.ค. 66)", "100.00% ของแผน", "จัดอบรมแล้ว 12 รุ่น", "ผู้ผ่านการอบรมมีงานทำร้อยละ 82",
        "แผนแม่บท\n5 การท่องเที่ยว", "ฉบับที่ 1 โดย นักวิเคราะห์นโยบายและแผนปฏิบัติการ เมื่อ 20 มี.ค. 66 เวลา 08.30 น.", "ข้อมูล ณ วันที่",
    )  # fmt: skip
    assert {*DECIDES, "รายละเอียด"} <= set(card.buttons())
    assert "ค่ะ" not in card.text
    details = head.presses("รายละเอียด")
    assert details.contains("ความคืบหน้าต่อแผนระดับ 1", "สนับสนุนการพัฒนาทรัพยากรมนุษย์", "ข้อเสนอแนะ", "ผลเบิกจ่ายไตรมาส")
    assert head.presses("ดูเรื่องนี้").text == card.text


def test_a_report_goes_up_its_whole_route_by_presses(labour: Bot) -> None:
    item = send_report(labour, OFFICER, CODE)
    labour.at = bangkok("20 มี.ค. 66", "09:12")
    head = Chatter(labour, HEAD)
    asked = head.says(f"อนุมัติ {CODE}")
    confirm = head.presses("อนุมัติ")
    assert confirm.contains("ยืนยันอนุมัติ ลำดับที่ 1 จาก 4", NAME, "ไตรมาส 1/2566", "บาท", "ยังยกเลิกได้ภายใน 10 นาที")
    assert state(labour) == (SubmissionState.PENDING_APPROVAL, 1, 1)
    done = head.presses("ยืนยันอนุมัติ")
    assert done.contains("อนุมัติแล้ว", "ขั้นต่อไป: อธิบดี (ลำดับที่ 2 จาก 4)", "ยกเลิกได้ถึงเวลา 09.22 น.", "ไม่มีเรื่องอื่นรอท่านพิจารณา")
    assert "อนุมัติครบทุกลำดับ" not in done.text
    assert asked.buttons()["อนุมัติ"] == f"ap1:{item}:1:1"
    director = Chatter(labour, DIRECTOR_GENERAL)
    card = director.says(f"อนุมัติ {CODE}")
    assert card.contains("ลำดับที่ 2 จาก 4", "ลำดับที่ 1 ผู้อำนวยการกอง อนุมัติแล้ว เมื่อ 20 มี.ค. 66 เวลา 09.12 น.")
    assert approve(card, director).contains("ขั้นต่อไป: ")
    cluster = Chatter(labour, CLUSTER_HEAD)
    card = cluster.says(f"อนุมัติ {CODE}")
    assert card.contains("ภายในวันที่ 31 มี.ค. 66 (เหลือ 11 วัน / 9 วันทำการ)")  # the window of the ministry's own stage
    assert approve(card, cluster).contains("ขั้นต่อไป: ปลัดกระทรวง (ลำดับที่ 4 จาก 4)")
    secretary = Chatter(labour, SECRETARY)
    secretary.says(f"อนุมัติ {CODE}")
    assert secretary.presses("อนุมัติ").contains("เป็นการอนุมัติลำดับสุดท้าย เมื่ออนุมัติแล้วยกเลิกไม่ได้")
    last = secretary.presses("ยืนยันอนุมัติ")
    assert last.contains("อนุมัติครบทุกลำดับแล้ว")
    assert "ยกเลิกการอนุมัติ" not in last.buttons()
    assert state(labour) == (SubmissionState.APPROVED, 1, None)
    assert secretary.presses(f"ud1:{item}:1:4").contains("ยกเลิกการอนุมัติไม่ได้", "อนุมัติครบทุกลำดับแล้ว")


def test_the_next_thing_is_offered_after_a_decision(labour: Bot) -> None:
    send_report(labour, OFFICER, CODE)
    send_report(labour, OFFICER, "รง 0501-66-0001")
    head = Chatter(labour, HEAD)
    listed = head.says("รายการรออนุมัติ")
    assert "อนุมัติหลายรายการ" in listed.buttons()
    done = approve(head.presses(CODE), head)
    assert done.contains("ยังมีเรื่องรอท่านพิจารณาอีก 1 เรื่อง")
    following = head.presses("เรื่องถัดไป (เหลือ 1)")
    assert following.contains("รง 0501-66-0001", "รอท่านพิจารณา ลำดับที่ 1 จาก 4")
    assert "อนุมัติหลายรายการ" not in head.says("รายการรออนุมัติ").buttons()


def test_an_approval_can_be_taken_back_for_ten_minutes(labour: Bot) -> None:
    item = send_report(labour, OFFICER, CODE)
    head = Chatter(labour, HEAD)
    approve(head.says(f"อนุมัติ {CODE}"), head)
    undo = head.last.buttons()["ยกเลิกการอนุมัติ"]
    assert undo == f"ud1:{item}:1:1"
    of_another = Chatter(labour, DIRECTOR_GENERAL).presses(undo)
    assert of_another.contains("เรื่องนี้พิจารณาแล้ว", "ลำดับที่ 1 ผู้อำนวยการกอง อนุมัติแล้ว", "ขณะนี้: รอท่านพิจารณา")
    assert "ยกเลิกการอนุมัติ" not in of_another.buttons()
    assert state(labour)[2] == 2
    head.waits(minutes=9)
    assert head.presses(undo).contains("ยกเลิกการอนุมัติแล้ว", "เรื่องกลับมารอท่านพิจารณา ลำดับที่ 1 จาก 4")
    assert state(labour) == (SubmissionState.PENDING_APPROVAL, 1, 1)
    assert head.presses(undo).contains("เรื่องนี้รอท่านพิจารณาอยู่")
    approve(head.presses("ดูเรื่องนี้"), head)
    head.waits(minutes=11)
    assert head.presses(undo).contains("ยกเลิกการอนุมัติไม่ได้", "พ้นเวลา 10 นาที", "รออธิบดี พิจารณา ลำดับที่ 2 จาก 4")
    assert state(labour)[2] == 2


def test_an_approval_stands_once_the_next_step_has_decided(labour: Bot) -> None:
    item = send_report(labour, OFFICER, CODE)
    head = Chatter(labour, HEAD)
    approve(head.says(f"อนุมัติ {CODE}"), head)
    decide_now(labour, DIRECTOR_GENERAL, item)
    assert head.presses(f"ud1:{item}:1:1").contains("ยกเลิกการอนุมัติไม่ได้", "ลำดับที่ 2 อธิบดี อนุมัติแล้ว")
    assert state(labour)[2] == 3


def test_a_return_needs_a_reason_that_is_typed_and_confirmed(labour: Bot) -> None:
    item = send_report(labour, OFFICER, CODE)
    decide_now(labour, HEAD, item)
    director = Chatter(labour, DIRECTOR_GENERAL)
    director.says(f"อนุมัติ {CODE}")
    asked = director.presses("ส่งกลับแก้ไข")
    assert asked.contains("โปรดพิมพ์เหตุผลที่ส่งกลับ อย่างน้อย 10 ตัวอักษร")
    choice = asked.actions()["ผลผลิต"]
    assert (choice["inputOption"], "ผลผลิต" in choice["fillInText"]) == ("openKeyboard", True)
    assert director.presses("ผลผลิต").contains("โปรดเติมหรือแก้ข้อความในช่องพิมพ์")
    assert director.says("แก้ด้วย").contains("เหตุผลสั้นเกินไป")
    assert director.says("ผลผลิต" * 200).contains("เหตุผลยาวเกิน 1,000 ตัวอักษร")
    quoted = director.says(REASON)
    assert quoted.contains("ยืนยันส่งกลับแก้ไข", f"“{REASON}”", "จะเริ่มพิจารณาตั้งแต่ลำดับแรก")
    assert state(labour)[0] is SubmissionState.PENDING_APPROVAL
    returned = director.presses("ยืนยันส่งกลับแก้ไข")
    assert returned.contains("ส่งกลับแก้ไขแล้ว", f"“{REASON}”", "แจ้งหน่วยงานและผู้อนุมัติลำดับก่อนหน้าแล้ว")
    assert state(labour)[0] is SubmissionState.RETURNED
    again = director.presses(quoted.buttons()["ยืนยันส่งกลับแก้ไข"])
    assert again.contains("ท่านพิจารณาเรื่องนี้แล้ว", "ลำดับที่ 2 อธิบดี ส่งกลับแก้ไขแล้ว", REASON)


def test_an_older_button_never_sends_another_reason(labour: Bot) -> None:
    send_report(labour, OFFICER, CODE)
    head = Chatter(labour, HEAD)
    first = head.says(f"ส่งกลับแก้ไข {CODE} งบประมาณไม่ตรงกับแผนการใช้จ่าย")
    assert first.contains("ยืนยันส่งกลับแก้ไข", "“งบประมาณไม่ตรงกับแผนการใช้จ่าย”")
    head.presses("แก้เหตุผล")
    head.says(REASON)
    assert head.presses(first.buttons()["ยืนยันส่งกลับแก้ไข"]).contains("ยังไม่ได้ส่งกลับ", "โปรดพิมพ์เหตุผลอีกครั้ง")
    assert state(labour)[0] is SubmissionState.PENDING_APPROVAL
    second = head.says(REASON)
    head.presses(first.buttons()["แก้เหตุผล"])
    assert head.says("ยกเลิก").contains("ยกเลิกแล้ว")
    assert head.presses(second.buttons()["ยืนยันส่งกลับแก้ไข"]).contains("โปรดพิมพ์เหตุผลอีกครั้ง")
    head.says(REASON)
    details = head.presses(f"id1:{submission_of(labour, CODE).id}")
    assert details.contains(NAME)
    assert head.presses(second.buttons()["ยืนยันส่งกลับแก้ไข"]).contains("ส่งกลับแก้ไขแล้ว", REASON)


def test_old_cards_tell_who_decided_and_when(labour: Bot) -> None:
    item = send_report(labour, OFFICER, CODE)
    appoint(labour, OF_ANOTHER_AGENCY, "รง05", Role.APPROVER, "รองอธิบดี", acting_for=DIRECTOR_GENERAL)
    head = Chatter(labour, HEAD)
    following = "อธิบดี หรือ รองอธิบดี รักษาราชการแทน อธิบดี"
    assert approve(head.says(f"อนุมัติ {CODE}"), head).contains(f"ขั้นต่อไป: {following} (ลำดับที่ 2 จาก 4)")
    assert head.presses(f"it1:{item}").contains(f"รอ{following} พิจารณา")
    deputy, director = Chatter(labour, OF_ANOTHER_AGENCY), Chatter(labour, DIRECTOR_GENERAL)
    card = director.says(f"อนุมัติ {CODE}")
    assert deputy.says(f"อนุมัติ {CODE}").contains("รอท่านพิจารณา ในฐานะ รองอธิบดี รักษาราชการแทน อธิบดี ลำดับที่ 2 จาก 4")
    labour.at = bangkok("20 มี.ค. 66", "10:42")
    deputy.presses("อนุมัติ")
    assert deputy.last.contains("ท่านพิจารณาในฐานะ รองอธิบดี รักษาราชการแทน อธิบดี")
    deputy.presses("ยืนยันอนุมัติ")
    for button in ("อนุมัติ", "ส่งกลับแก้ไข"):
        told = director.presses(card.buttons()[button])
        assert told.contains(
            "เรื่องนี้พิจารณาแล้ว", "ลำดับที่ 2 รองอธิบดี รักษาราชการแทน อธิบดี อนุมัติแล้ว เมื่อ 20 มี.ค. 66 เวลา 10.42 น."
        )
        assert "ยกเลิกการอนุมัติ" not in told.buttons()
    again = deputy.presses(f"ac1:{item}:1:2")
    assert again.contains("ท่านพิจารณาเรื่องนี้แล้ว", "ยกเลิกได้ถึงเวลา 10.52 น.")
    assert "ยกเลิกการอนุมัติ" in again.buttons()
    assert state(labour)[2] == 3


def test_a_version_that_was_sent_anew_is_told_and_offered(labour: Bot) -> None:
    item = send_report(labour, OFFICER, CODE)
    head = Chatter(labour, HEAD)
    old = head.says(f"อนุมัติ {CODE}")
    decide_now(labour, HEAD, item, Verdict.RETURNED, REASON)
    assert head.presses(old.buttons()["อนุมัติ"]).contains("ท่านพิจารณาเรื่องนี้แล้ว", REASON)
    send_report(labour, OFFICER, CODE, summary="ดำเนินการแล้วครบทุกรุ่น")
    told = head.presses(old.buttons()["อนุมัติ"])
    assert told.contains("เรื่องนี้ส่งใหม่แล้ว", "ส่งใหม่เป็นฉบับที่ 2 เมื่อ 20 มี.ค. 66 เวลา 08.30 น.")
    card = head.presses("ดูเรื่องนี้")
    assert card.contains(
        "เปลี่ยนจากฉบับที่ 1 ที่ส่งครั้งก่อน", "สรุปผลการดำเนินงาน: เดิม ดำเนินการแล้ว เป็น ดำเนินการแล้วครบทุกรุ่น",
        f"ฉบับที่ 1 ผู้อำนวยการกอง ส่งกลับแก้ไข: “{REASON}”", "ฉบับที่ 2 โดย",
    )  # fmt: skip
    assert approve(card, head).contains("ขั้นต่อไป: อธิบดี")


def test_what_the_unit_took_back_is_told_to_the_approver(labour: Bot) -> None:
    item = send_report(labour, OFFICER, CODE)
    head = Chatter(labour, HEAD)
    card = head.says(f"อนุมัติ {CODE}")
    with labour.database.write() as session:
        reference = load_reference(session, labour.at.date())
        person = session.scalars(select(tables.Person).where(tables.Person.code == OFFICER)).one()
        withdraw(session, reference, Actor(OFFICER, person.id, Channel.PAGE), item, 1, moment(labour))
    for press in (card.buttons()["อนุมัติ"], f"ac1:{item}:1:1", f"rt1:{item}:1:1"):
        assert head.presses(press).contains("หน่วยงานดึงเรื่องกลับไปแก้ไข และยังไม่ได้ส่งใหม่", CODE)
    assert state(labour) == (SubmissionState.DRAFT, 1, None)


def test_who_sees_approved_data_alone_learns_nothing_of_the_way_there(labour: Bot) -> None:
    item = send_report(labour, OFFICER, CODE)
    monitor = Chatter(labour, MONITOR)
    decide_now(labour, HEAD, item, Verdict.RETURNED, REASON)
    assert NOT_THERE in monitor.presses(f"it1:{item}").text
    send_report(labour, OFFICER, CODE, summary="ดำเนินการแล้วครบทุกรุ่น")
    for person in (HEAD, DIRECTOR_GENERAL, CLUSTER_HEAD, SECRETARY):
        decide_now(labour, person, item)
    card = monitor.presses(f"it1:{item}")
    assert card.contains("อนุมัติครบทุกลำดับแล้ว", NAME)
    assert not card.contains(REASON)
    assert not card.contains("เปลี่ยนจากฉบับที่")
    assert Chatter(labour, HEAD).presses(f"it1:{item}").contains(REASON, "เปลี่ยนจากฉบับที่ 1")


def test_nobody_decides_what_they_sent(labour: Bot) -> None:
    item = send_report(labour, OFFICER, CODE)
    head = Chatter(labour, HEAD)
    card = head.says(f"อนุมัติ {CODE}")
    with labour.writes() as session:
        session.get_one(tables.Submission, item).sent_by_id = session.scalars(
            select(tables.Person.id).where(tables.Person.code == HEAD)
        ).one()
    assert head.presses(card.buttons()["อนุมัติ"]).contains("เรื่องนี้ท่านเป็นผู้ส่ง จึงพิจารณาเองไม่ได้")
    assert head.presses(f"ac1:{item}:1:1").contains("เรื่องนี้ท่านเป็นผู้ส่ง")
    assert not DECIDES & set(head.presses(f"it1:{item}").buttons())
    assert state(labour)[2] == 1


def test_who_may_not_decide_looks_or_learns_nothing(labour: Bot) -> None:
    item = send_report(labour, OFFICER, CODE)
    presses = [f"it1:{item}", f"id1:{item}", *(f"{kind}1:{item}:1:1" for kind in ("ap", "ac", "rt", "rf", "ud"))]
    for stranger in (OF_ANOTHER_AGENCY, DIRECTOR_GENERAL, SECRETARY):
        person = Chatter(labour, stranger)
        unknown = person.presses("it1:999999999").text
        assert NOT_THERE in unknown
        assert {person.presses(press).text for press in presses} == {unknown}
    for looker in (OFFICER, COORDINATOR, ADMIN):
        person = Chatter(labour, looker)
        shown = person.presses(f"it1:{item}")
        assert shown.contains(NAME, "รอผู้อำนวยการกอง พิจารณา ลำดับที่ 1 จาก 4")
        assert "รายละเอียด" in shown.buttons()
        assert not DECIDES & set(shown.buttons())
        for press in presses[2:-1]:
            assert person.presses(press).contains("เรื่องนี้ไม่ได้อยู่ในลำดับการอนุมัติของท่าน", "รอผู้อำนวยการกอง พิจารณา")
    assert state(labour) == (SubmissionState.PENDING_APPROVAL, 1, 1)


def test_a_role_that_ended_this_morning_decides_nothing(labour: Bot) -> None:
    item = send_report(labour, OFFICER, CODE)
    head = Chatter(labour, HEAD)
    card = head.says(f"อนุมัติ {CODE}")
    with labour.writes() as session:
        ids = select(tables.Person.id).where(tables.Person.code == HEAD)
        for post in session.scalars(select(tables.RoleAssignment).where(tables.RoleAssignment.person_id.in_(ids))):
            session.delete(post)
        reference_changed(session, datetime.now(UTC))
    for press in (card.buttons()["อนุมัติ"], f"ac1:{item}:1:1"):
        assert head.presses(press).contains("ไม่พบตำแหน่งที่มีผลอยู่ของท่าน")
    assert state(labour)[2] == 1


def test_an_assistant_prepares_and_does_not_decide(labour: Bot) -> None:
    item = send_report(labour, OFFICER, CODE)
    decide_now(labour, HEAD, item)
    appoint(labour, OF_ANOTHER_AGENCY, "รง05", Role.ASSISTANT, "เลขานุการกรม", acting_for=DIRECTOR_GENERAL)
    assistant = Chatter(labour, OF_ANOTHER_AGENCY)
    assert CODE in assistant.says("รายการรออนุมัติ").buttons()
    card = assistant.presses(CODE)
    assert card.contains("รออธิบดี พิจารณา ลำดับที่ 2 จาก 4", "ท่านดูและเตรียมเรื่องได้ การพิจารณาเป็นของผู้อนุมัติ")
    assert "รายละเอียด" in card.buttons()
    assert not DECIDES & set(card.buttons())
    assert assistant.says("ผ่านค่ะ").contains("การพิจารณาเป็นของผู้อนุมัติ")
    assert assistant.presses(f"ac1:{item}:1:2").contains("ไม่ได้อยู่ในลำดับการอนุมัติของท่าน")
    assert state(labour)[2] == 2


def test_a_bare_yes_after_a_card_asks_to_confirm_that_card(labour: Bot) -> None:
    send_report(labour, OFFICER, CODE)
    head = Chatter(labour, HEAD)
    head.says("รายการรออนุมัติ")
    head.presses(CODE)
    assert head.says("ผ่านค่ะ").contains("ยืนยันอนุมัติ ลำดับที่ 1 จาก 4", CODE)
    assert head.says("ไม่ผ่านนะ ให้กองไปแก้ผลเบิกจ่ายก่อน").contains("ยืนยันส่งกลับแก้ไข", "แก้ผลเบิกจ่ายก่อน")
    assert head.says("อนุมัติทั้งหมดเลย").contains("รายการรอท่านพิจารณา")
    assert state(labour) == (SubmissionState.PENDING_APPROVAL, 1, 1)


def _send_edit(bot: Bot) -> int:
    """Let the unit ask to change an official project, and return the submission's id."""
    with bot.writes() as session:
        project = session.scalars(select(tables.Project).where(tables.Project.code == "รง 0501-66-0001")).one()
        row = tables.Submission(
            project_id=project.id, unit_id=project.unit_id, kind=SubmissionKind.PROJECT_EDIT, fiscal_year=2566,
            quarter=0, state=SubmissionState.DRAFT, version=0,
        )  # fmt: skip
        session.add(row)
        session.flush()
        reference = load_reference(session, bot.at.date())
        assert windows_of(session, reference, row) is None
        person = session.scalars(select(tables.Person).where(tables.Person.code == OFFICER)).one()
        by = Actor(OFFICER, person.id, Channel.PAGE)
        changes = {
            "budget_total": Decimal("1250000.00"), "kpis": ["ร้อยละ 90 ของสถานประกอบการ"], "ns_area": 4,
            "execution_status": ExecutionStatus.COMPLETED,
        }  # fmt: skip
        return submit(session, reference, by, row.id, moment(bot), changes=changes).submission_id


def test_an_edit_shows_what_is_wished_against_what_is_official(labour: Bot) -> None:
    item = _send_edit(labour)
    head = Chatter(labour, HEAD)
    card = head.says("อนุมัติ รง 0501-66-0001")
    assert card.contains(
        "การแก้ไขข้อมูลโครงการ", "ขอแก้ไขจากข้อมูลที่อนุมัติแล้ว", "เป็น 1,250,000.00 บาท", "เป็น แล้วเสร็จ",
        "ดัชนีชี้วัด: เดิม – เป็น ร้อยละ 90 ของสถานประกอบการ", "เป็น 4 การสร้างโอกาสและความเสมอภาคทางสังคม",
    )  # fmt: skip
    assert head.presses("รายละเอียด").contains("M1 ความเชื่อมโยงกับแผน", "M3 รายละเอียดโครงการ", "M5 งบประมาณ", "วงเงิน")
    for person in (HEAD, DIRECTOR_GENERAL, CLUSTER_HEAD, SECRETARY):
        decide_now(labour, person, item)
    passed = Chatter(labour, SECRETARY).presses(f"it1:{item}")
    assert passed.contains("อนุมัติครบทุกลำดับแล้ว", "รวมวงเงินงบประมาณทั้งหมด: 1,250,000.00 บาท")
    with labour.database.read() as session:
        official = session.scalars(select(tables.Project).where(tables.Project.code == "รง 0501-66-0001")).one()
    assert (official.budget_total, official.execution_status) == (Decimal("1250000.00"), ExecutionStatus.COMPLETED)


def test_a_plan_is_decided_like_a_report(labour: Bot) -> None:
    with labour.writes() as session:
        unit = session.scalars(select(tables.Unit.id).where(tables.Unit.code == "รง03")).one()
        duty = tables.AgencyDuty(
            unit_id=unit,
            kind=WindowKind.LEVEL3_PLAN,
            fiscal_year=2566,
            plan_name="แผนปฏิบัติการด้านแรงงาน",
            reference="กกจ. 12/2566",
        )
        session.add(duty)
        session.flush()
        row = tables.Submission(
            agency_duty_id=duty.id, unit_id=unit, kind=SubmissionKind.LEVEL3_PLAN, fiscal_year=2566, quarter=0,
            state=SubmissionState.PENDING_APPROVAL, version=1, step=None,
        )  # fmt: skip
        session.add(row)
        session.flush()
        item = row.id
        reference = load_reference(session, labour.at.date())
        first = reference.rules.organisation.approvers("รง03", 1)[0]
    chief = Chatter(labour, first)
    listed = chief.says("รายการรออนุมัติ")
    assert listed.contains("แผนปฏิบัติการด้านแรงงาน")
    card = chief.presses(f"it1:{item}")
    assert card.contains("แผนระดับ 3", "แผนปฏิบัติการด้านแรงงาน", "เลขอ้างอิง\nกกจ. 12/2566")
    assert chief.presses("รายละเอียด").contains("ชื่อแผน", "เลขอ้างอิง")
    chief.presses(f"it1:{item}")
    assert chief.presses("อนุมัติ").contains("ยืนยันอนุมัติ")
    assert chief.presses("ยืนยันอนุมัติ").contains("อนุมัติ", "แผนปฏิบัติการด้านแรงงาน")
    assert Chatter(labour, PLAN_OFFICER).presses(f"it1:{item}").contains("แผนปฏิบัติการด้านแรงงาน")
    assert NOT_THERE in Chatter(labour, OFFICER).presses(f"it1:{item}").text

"""An approver asks before deciding, the unit answers, and the item waits at its step meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from domain.organisation import Capacity
from domain.roles import Role
from domain.submissions import SubmissionKind
from handlers.approval_presses import ShowItem
from handlers.item_presses import AnswerInformation, AskInformation, ConfirmQuestion
from handlers.project_presses import ShowProject
from handlers.returning import digest_of
from storage import tables
from storage.reference import load_reference
from storage.shared_state import reference_changed
from storage.submissions.actor import Actor, Channel
from storage.submissions.information import AlreadyAnswered, answer, ask
from storage.submissions.plans import PlanEntry, save_plan
from storage.submissions.sending import submit
from storage.tables.messaging import AuditAction
from storage.tables.submissions import Verdict
from tests.chatting import Chatter, Shown
from tests.office import Bot, labour
from tests.submitting import FIRST_QUARTER, decide_now, moment, send_report, submission_of

__all__ = ["labour"]

OFFICER, HEAD, DIRECTOR_GENERAL, PLAN_OFFICER = "P00033", "P00034", "P00031", "P00032"
OF_OTHER_UNIT, COORDINATOR, OF_OTHER_AGENCY = "P00035", "P00003", "P00020"
PROJECT, UNIT = "รง 0501-66-0003", "รง0501"
QUESTION = "ขอรายละเอียดผลการเบิกจ่ายของไตรมาสนี้ เรื่อง ค่าวิทยากร"
FOR_THE_BOT = "มีอะไรรออนุมัติบ้าง"
ANSWER = "เบิกจ่ายค่าวิทยากร 12 รุ่น รุ่นละ 15,000 บาท ตามเอกสารที่ส่งทางสารบรรณแล้ว"
ASK, TO_ANSWER = "ขอข้อมูลเพิ่ม", "ตอบคำถามผู้อนุมัติ"
SEND_QUESTION, SEND_ANSWER, ANEW = "ส่งคำถาม", "ส่งคำตอบ", "แก้ข้อความ"


def asks(bot: Bot, number: int, person: str = HEAD, question: str = QUESTION) -> int:
    """Let an approver ask, as any other way in would; return the question's id."""
    with bot.database.write() as session:
        reference = load_reference(session, bot.at.date())
        row = session.get_one(tables.Submission, number)
        by = Actor(person, person_id(bot, person), Channel.PAGE)
        return ask(session, reference, by, number, row.version, row.step or 1, question, moment(bot)).id


def person_id(bot: Bot, code: str) -> int:
    with bot.database.read() as session:
        return session.scalars(select(tables.Person.id).where(tables.Person.code == code)).one()


def unit_name(bot: Bot, code: str) -> str:
    with bot.database.read() as session:
        return session.scalars(select(tables.Unit.name).where(tables.Unit.code == code)).one()


def appoint(bot: Bot, person: str, unit: str, role: Role, position: str, acting_for: str | None = None) -> None:
    """Give somebody another post from today on."""
    with bot.database.write() as session:
        post = tables.RoleAssignment(
            person_id=person_id(bot, person),
            unit_id=session.scalars(select(tables.Unit.id).where(tables.Unit.code == unit)).one(),
            role=role,
            position=position,
            acting_for_id=person_id(bot, acting_for) if acting_for else None,
            capacity=Capacity.ACTING if acting_for else None,
        )
        session.add(post)
        reference_changed(session, datetime.now(UTC))


def questions(bot: Bot) -> list[tables.InformationRequest]:
    with bot.database.read() as session:
        return list(session.scalars(select(tables.InformationRequest).order_by(tables.InformationRequest.id)))


def later(bot: Bot) -> None:
    """Let the news that wait a moment for others of their kind go out."""
    bot.at += timedelta(minutes=1)
    bot.send()


def sends(chatter: Chatter, words: str) -> Shown:
    """Type a question or an answer that was asked for, and press the button that sends it."""
    buttons = chatter.says(words).buttons()
    return chatter.presses(next(label for label in (SEND_QUESTION, SEND_ANSWER) if label in buttons))


def on_phone(bot: Bot, chatter: Chatter) -> Shown:
    """Look at the newest message on somebody's phone, so that its buttons can be pressed."""
    chatter.last = Shown(bot.phone(chatter.code)[-1:])
    return chatter.last


def test_an_approver_asks_and_the_answer_comes_back_under_the_card(labour: Bot) -> None:
    officer, head = Chatter(labour, OFFICER), Chatter(labour, HEAD)
    number = send_report(labour, OFFICER, PROJECT)
    head.presses(ShowItem(number).pack())
    asking = head.presses(ASK)
    assert asking.contains(PROJECT, "ไตรมาส 1/2566", "10–500 ตัวอักษร", "ยังรอท่านพิจารณาตามเดิม")
    assert "ค่ะ" not in asking.text
    keyboard = asking.actions()["ผลการเบิกจ่าย"]
    assert keyboard["inputOption"] == "openKeyboard"
    assert QUESTION.startswith(keyboard["fillInText"])
    assert head.presses("ผลการเบิกจ่าย").contains("แล้วกดส่ง")  # not silent, and words are still awaited
    assert head.says("ขอข้อมูล").contains("คำถามสั้นเกินไป", "10 ตัวอักษร")
    assert head.says("ก" * 501).contains("คำถามยาวเกิน 500 ตัวอักษร")
    quoted = head.says(f" {QUESTION}\n")
    assert quoted.contains("ยืนยันส่งคำถาม", f"“{QUESTION}”", PROJECT, "ไตรมาส 1/2566", "เรียกคืนไม่ได้")
    assert f"ถึง ผู้นำเข้าข้อมูล {unit_name(labour, UNIT)}" in quoted.text
    assert list(quoted.buttons()) == [SEND_QUESTION, ANEW]
    assert "ค่ะ" not in quoted.text
    later(labour)
    assert (questions(labour), labour.phone(OFFICER)) == ([], [])
    told = head.presses(SEND_QUESTION)
    assert told.contains("ส่งคำขอข้อมูลเพิ่มแล้ว", PROJECT, QUESTION, "ผู้นำเข้าข้อมูล", "ยังรอท่านพิจารณา ลำดับที่ 1")
    assert told.contains("ระบบจะแจ้งท่านในแชตนี้")
    assert submission_of(labour, PROJECT).step == 1

    later(labour)
    news = on_phone(labour, officer)
    assert news.contains(QUESTION, "ผู้อำนวยการกอง")
    (press,) = {data for data in news.buttons().values() if data.startswith(AnswerInformation.prefix)}
    asked = officer.presses(press)
    assert asked.contains("ผู้อำนวยการกอง ขอข้อมูลเพิ่ม เมื่อ 20 มี.ค. 66 เวลา 08.31 น.", QUESTION, "1,000 ตัวอักษร", "ค่ะ")
    assert officer.says("ก" * 1001).contains("คำตอบยาวเกิน 1,000 ตัวอักษร")
    quoted = officer.says(ANSWER)
    assert quoted.contains("ยืนยันส่งคำตอบ", "ถึง ผู้อำนวยการกอง", QUESTION, f"“{ANSWER}”", "เรียกคืนไม่ได้")
    assert list(quoted.buttons()) == [SEND_ANSWER, ANEW]
    assert questions(labour)[0].answered_at is None
    assert officer.presses(SEND_ANSWER).contains("ส่งคำตอบแล้วค่ะ", QUESTION, ANSWER, "ถึง ผู้อำนวยการกอง")

    later(labour)
    news = on_phone(labour, head)
    assert news.contains(QUESTION, ANSWER)
    (press,) = {data for data in news.buttons().values() if data.startswith(ShowItem.prefix)}
    card = head.presses(press)
    assert card.contains(QUESTION, ANSWER, "นักวิเคราะห์นโยบายและแผนปฏิบัติการ")
    assert "อนุมัติ" in card.buttons()
    with labour.database.read() as session:
        entries = session.scalars(select(tables.AuditEntry).order_by(tables.AuditEntry.id)).all()
    about = [e for e in entries if e.action in (AuditAction.INFORMATION_ASK, AuditAction.INFORMATION_ANSWER)]
    assert [entry.subject for entry in about] == [f"report:{PROJECT}:1/2566"] * 2
    assert [QUESTION in str(entry.after) or ANSWER in str(entry.after) for entry in about] == [True, True]
    assert all(entry.event_id for entry in about)


def test_a_word_of_the_menu_is_neither_a_question_nor_an_answer(labour: Bot) -> None:
    officer, head = Chatter(labour, OFFICER), Chatter(labour, HEAD)
    number = send_report(labour, OFFICER, PROJECT)
    wish = AskInformation(number, 1, 1).pack()
    for word, shown in (("รายการรออนุมัติ", PROJECT), ("โครงการที่ยังไม่รายงาน", "ไตรมาส 1/2566"), ("ยกเลิก", "ยกเลิกแล้ว")):
        head.presses(wish)
        assert head.says(word).contains(shown)
    assert questions(labour) == []
    request = asks(labour, number)
    officer.presses(AnswerInformation(request).pack())
    assert officer.says("โครงการของฉัน").contains(PROJECT)
    assert questions(labour)[0].answered_at is None


def test_an_officer_without_the_message_finds_the_question_with_the_project(labour: Bot) -> None:
    number = send_report(labour, OFFICER, PROJECT)
    head = Chatter(labour, HEAD)
    head.presses(AskInformation(number, 1, 1).pack())
    assert sends(head, QUESTION).contains("ยังไม่ได้รับข้อความทาง LINE", "จะเห็นคำถามเมื่อเปิดโครงการ")
    second = asks(labour, number, question="ขอหลักฐานหรือรายละเอียดประกอบผลผลิต")

    officer = Chatter(labour, OFFICER)
    card = officer.presses(ShowProject(PROJECT).pack())
    assert card.contains("มีคำถามจากผู้อนุมัติ 2 ข้อ รอหน่วยงานตอบ")
    assert officer.presses(TO_ANSWER).contains(QUESTION)
    sends(officer, ANSWER)
    assert officer.presses("ตอบคำถามถัดไป").contains("ขอหลักฐานหรือรายละเอียดประกอบผลผลิต")
    assert sends(officer, "ส่งหลักฐานให้ทางสารบรรณแล้ว").buttons() == {"ดูโครงการ": ShowProject(PROJECT).pack()}
    card = officer.presses("ดูโครงการ")
    assert not card.contains("มีคำถาม")
    assert TO_ANSWER not in card.buttons()
    assert questions(labour)[1].id == second
    assert not Chatter(labour, HEAD).presses(ShowProject(PROJECT).pack()).contains("มีคำถาม")


def test_of_two_officers_the_first_answers_and_the_other_is_told_who_and_when(labour: Bot) -> None:
    appoint(labour, OF_OTHER_UNIT, "รง0501", Role.PROJECT_OFFICER, "เจ้าหน้าที่วิเคราะห์")
    number = send_report(labour, OFFICER, PROJECT)
    press = AnswerInformation(asks(labour, number)).pack()
    officer, other = Chatter(labour, OFFICER), Chatter(labour, OF_OTHER_UNIT)
    assert officer.presses(press).contains(QUESTION)
    assert other.presses(press).contains(QUESTION)
    assert SEND_ANSWER in other.says("ขอเวลารวบรวมเอกสารก่อนค่ะ").buttons()
    sends(officer, ANSWER)
    told = other.presses(SEND_ANSWER)
    assert told.contains("นักวิเคราะห์นโยบายและแผนปฏิบัติการ ตอบแล้วเมื่อ 20 มี.ค. 66 เวลา 08.30 น.", QUESTION, ANSWER)
    assert other.presses(press).text == told.text
    assert [(row.answer, row.answered_by_id) for row in questions(labour)] == [(ANSWER, person_id(labour, OFFICER))]


def test_two_answers_in_the_same_moment_are_one(labour: Bot) -> None:
    appoint(labour, OF_OTHER_UNIT, "รง0501", Role.PROJECT_OFFICER, "เจ้าหน้าที่วิเคราะห์")
    request = asks(labour, send_report(labour, OFFICER, PROJECT))
    ids = {person: person_id(labour, person) for person in (OFFICER, OF_OTHER_UNIT)}

    def answers(person: str) -> str:
        by = Actor(person, ids[person], Channel.LINE)
        try:
            with labour.database.write() as session:
                reference = load_reference(session, labour.at.date())
                return answer(session, reference, by, request, f"คำตอบของ {person}", moment(labour)).answer
        except AlreadyAnswered:
            return ""

    with ThreadPoolExecutor(2) as threads:
        given = [words for words in threads.map(answers, ids) if words]
    assert len(given) == 1
    assert [row.answer for row in questions(labour)] == given
    with labour.database.read() as session:
        entries = select(func.count()).select_from(tables.AuditEntry)
        assert session.scalar(entries.where(tables.AuditEntry.action == AuditAction.INFORMATION_ANSWER)) == 1


def test_what_left_the_step_needs_no_answer_and_is_shown_as_it_is(labour: Bot) -> None:
    officer, head = Chatter(labour, OFFICER), Chatter(labour, HEAD)
    number = send_report(labour, OFFICER, PROJECT)
    press = AnswerInformation(asks(labour, number)).pack()
    officer.presses(press)
    assert SEND_ANSWER in officer.says(ANSWER).buttons()
    decide_now(labour, HEAD, number)
    told = officer.presses(SEND_ANSWER)
    assert told.contains("คำถามนี้ไม่ต้องตอบแล้ว", PROJECT, "รออธิบดี", "ลำดับที่ 2 จาก 4")
    assert not officer.presses(ShowProject(PROJECT).pack()).contains("มีคำถาม")
    wish = AskInformation(number, 1, 1).pack()
    assert head.presses(wish).contains(PROJECT, "ลำดับที่ 1 ผู้อำนวยการกอง อนุมัติแล้ว เมื่อ 20 มี.ค. 66")
    decide_now(labour, DIRECTOR_GENERAL, number, Verdict.RETURNED, "ตัวเลขเบิกจ่ายไม่ตรงกับแผน")
    send_report(labour, OFFICER, PROJECT)
    assert officer.presses(press).contains("คำถามนี้ไม่ต้องตอบแล้ว")
    assert head.presses(wish).contains("ส่งใหม่เป็นฉบับที่ 2")
    assert questions(labour)[0].answered_at is None


def test_a_question_typed_too_late_is_answered_with_the_truth(labour: Bot) -> None:
    head = Chatter(labour, HEAD)
    number = send_report(labour, OFFICER, PROJECT)
    head.presses(AskInformation(number, 1, 1).pack())
    confirm = head.says(QUESTION).buttons()[SEND_QUESTION]
    head.presses(ANEW)
    decide_now(labour, HEAD, number)
    for told in (head.says(QUESTION), head.presses(confirm)):
        assert told.contains(PROJECT, "อนุมัติแล้ว")
    assert questions(labour) == []


def test_a_sentence_meant_for_the_bot_reaches_neither_the_unit_nor_the_approver(labour: Bot) -> None:
    officer, head = Chatter(labour, OFFICER), Chatter(labour, HEAD)
    number = send_report(labour, OFFICER, PROJECT)
    head.presses(AskInformation(number, 1, 1).pack())
    confirm = head.says(FOR_THE_BOT).buttons()[SEND_QUESTION]
    assert head.last.contains(f"“{FOR_THE_BOT}”", "โปรดพิมพ์อีกครั้ง")
    assert head.says(FOR_THE_BOT).contains("รายการรอท่านพิจารณา")
    assert head.presses(confirm).contains("ยังไม่ได้ส่งคำถาม", "ไม่ได้เก็บไว้แล้ว", PROJECT)  # the next words are asked for
    assert questions(labour) == []
    assert sends(head, QUESTION).contains("ส่งคำขอข้อมูลเพิ่มแล้ว")
    officer.presses(AnswerInformation(questions(labour)[0].id).pack())
    confirm = officer.says("โครงการไหนยังไม่ส่งบ้าง").buttons()[SEND_ANSWER]
    assert not officer.says("โครงการไหนยังไม่ส่งบ้าง").contains("ยืนยันส่งคำตอบ")
    assert officer.presses(confirm).contains("ยังไม่ได้ส่งคำตอบ", "ไม่ได้เก็บไว้แล้ว", QUESTION)
    assert questions(labour)[0].answered_at is None
    assert sends(officer, ANSWER).contains("ส่งคำตอบแล้วค่ะ")


def test_only_the_words_that_the_card_quoted_are_sent_and_only_once(labour: Bot) -> None:
    officer, head = Chatter(labour, OFFICER), Chatter(labour, HEAD)
    number = send_report(labour, OFFICER, PROJECT)
    head.presses(AskInformation(number, 1, 1).pack())
    first = head.says("ขอหลักฐานหรือรายละเอียด").buttons()[SEND_QUESTION]
    assert head.presses(ANEW).contains("10–500 ตัวอักษร")
    second = head.says(QUESTION).buttons()[SEND_QUESTION]
    assert head.presses(first).contains("ยังไม่ได้ส่งคำถาม", "พิมพ์ข้อความใหม่ภายหลัง")
    assert head.presses(second).contains("ยังไม่ได้ส่งคำถาม")
    assert head.says(QUESTION).buttons()[SEND_QUESTION] == second
    head.presses(second)
    assert head.presses(second).contains("ท่านส่งคำถามนี้แล้วเมื่อ 20 มี.ค. 66 เวลา 08.30 น.", QUESTION)
    (asked,) = questions(labour)
    assert asked.question == QUESTION

    officer.presses(AnswerInformation(asked.id).pack())
    first = officer.says("ขอตรวจเอกสารก่อน").buttons()[SEND_ANSWER]
    officer.presses(ANEW)
    second = officer.says(ANSWER).buttons()[SEND_ANSWER]
    assert officer.presses(first).contains("ยังไม่ได้ส่งคำตอบ")
    sends(officer, ANSWER)
    assert officer.presses(second).contains("ตอบแล้วเมื่อ", ANSWER)
    assert [row.answer for row in questions(labour)] == [ANSWER]


def test_words_are_not_kept_for_longer_than_a_conversation(labour: Bot) -> None:
    head = Chatter(labour, HEAD)
    number = send_report(labour, OFFICER, PROJECT)
    head.presses(AskInformation(number, 1, 1).pack())
    head.says(QUESTION)
    head.waits(minutes=11)
    assert head.presses(ConfirmQuestion(number, 1, 1, digest_of(QUESTION)).pack()).contains("ยังไม่ได้ส่งคำถาม")
    assert questions(labour) == []


def test_a_deputy_asks_in_the_name_of_the_principal(labour: Bot) -> None:
    appoint(labour, "P00036", "รง0501", Role.APPROVER, "ผู้อำนวยการกลุ่มงาน", acting_for=HEAD)
    number = send_report(labour, OFFICER, PROJECT)
    deputy, officer = Chatter(labour, "P00036"), Chatter(labour, OFFICER)
    deputy.presses(AskInformation(number, 1, 1).pack())
    sends(deputy, QUESTION)
    (asked,) = questions(labour)
    assert (asked.acting_for_id, asked.capacity) == (person_id(labour, HEAD), Capacity.ACTING)
    assert officer.presses(AnswerInformation(asked.id).pack()).contains("รักษาราชการแทน ผู้อำนวยการกอง ขอข้อมูลเพิ่ม")


def test_nobody_else_learns_that_a_question_was_asked(labour: Bot) -> None:
    number = send_report(labour, OFFICER, PROJECT)
    request = asks(labour, number)
    for person in (OF_OTHER_UNIT, COORDINATOR, HEAD):
        chatter = Chatter(labour, person)
        told, none = (chatter.presses(AnswerInformation(n).pack()).text for n in (request, 999))
        assert told == none
        assert QUESTION not in told
    other = Chatter(labour, OF_OTHER_AGENCY)
    told, none = (other.presses(AskInformation(n, 1, 1).pack()).text for n in (number, 999))
    assert told == none
    assert Chatter(labour, OFFICER).presses(AskInformation(number, 1, 1).pack()).contains("ไม่มีสิทธิ")
    assert [row.answered_at for row in questions(labour)] == [None]
    assert submission_of(labour, PROJECT, FIRST_QUARTER).version == 1


def test_the_officer_of_plans_answers_and_takes_back_from_the_plans_own_card(labour: Bot) -> None:
    with labour.database.write() as session:
        reference = load_reference(session, labour.at.date())
        by = Actor(PLAN_OFFICER, person_id(labour, PLAN_OFFICER), Channel.PAGE)
        kind, name = SubmissionKind.LEVEL3_PLAN, "แผนปฏิบัติราชการ กสร."
        entry = PlanEntry(kind, "รง05", 2566, name, reference="", is_thematic=False)
        number = save_plan(session, reference, by, entry, moment(labour)).id
        submit(session, reference, by, number, moment(labour), late_reason="รอลงนามประกาศใช้แผน")
    asks(labour, number, DIRECTOR_GENERAL, "ขอเอกสารประกอบเพิ่มเติม เรื่อง ตัวชี้วัด")
    officer = Chatter(labour, PLAN_OFFICER)
    card = officer.presses(ShowItem(number).pack())
    assert card.contains("แผนปฏิบัติราชการ กสร.", "ขอเอกสารประกอบเพิ่มเติม")
    assert "อนุมัติ" not in card.buttons()
    assert officer.presses(TO_ANSWER).contains("อธิบดี ขอข้อมูลเพิ่ม", "แผนปฏิบัติราชการ กสร.")
    assert sends(officer, "แนบเอกสารในระบบสารบรรณแล้ว").contains("ส่งคำตอบแล้วค่ะ", "ถึง อธิบดี")
    card = officer.presses(ShowItem(number).pack())
    assert TO_ANSWER not in card.buttons()
    assert officer.presses("ดึงกลับ").contains("ดึงกลับเป็นฉบับร่าง", "แผนระดับ 3")
    assert officer.presses("ยืนยันดึงกลับ").contains("ดึงกลับแล้วค่ะ สถานะ: ฉบับร่าง", "แผนปฏิบัติราชการ กสร.")
    for person in (OFFICER, DIRECTOR_GENERAL, COORDINATOR):
        assert not {TO_ANSWER, "ดึงกลับ"} & Chatter(labour, person).presses(ShowItem(number).pack()).buttons().keys()

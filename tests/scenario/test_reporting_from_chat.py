"""From a list, a card, a reminder or a typed word to the form of a report; and back, when it was sent or came back."""

from sqlalchemy import select

from domain.submissions import SubmissionState
from domain.windows import Stage
from messages_th.listing import ROWS_A_PAGE
from storage import tables
from storage.tables.messaging import AuditAction
from storage.tables.submissions import Verdict
from tests.chatting import Chatter, Shown, web_of
from tests.office import Bot, bangkok, labour
from tests.submitting import decide_now, send_report, submission_of

__all__ = ["labour"]

OFFICER, HEAD, DIRECTOR_GENERAL, CLUSTER_HEAD = "P00033", "P00034", "P00031", "P00006"
COORDINATOR, MONITOR, PLAN_OFFICER, OF_ANOTHER_AGENCY = "P00003", "P00002", "P00016", "P00017"
CODE, DRAFTED = "รง 0501-66-0003", "รง 0501-66-0001"
NAME = "โครงการพัฒนาสวัสดิการแรงงานสตรีและเด็ก"
WHO_OWES = "ไตรมาสนี้โครงการไหนยังไม่รายงานบ้างครับ"
OF_CODE, OF_DRAFTED = f"op1:{CODE}:2566:1", f"op1:{DRAFTED}:2566:1"
REPORT_NOW = "on1:2566:1"
AMOUNTS = "โปรดตรวจสอบผลการเบิกจ่ายให้ตรงกับหลักฐานและแผนการใช้จ่าย"


def forms(shown: Shown) -> dict[str, str]:
    """Return where buttons to forms lead, by what they say in the chat."""
    return {
        action["displayText"]: action["data"] for action in _actions(shown) if action.get("data", "").startswith("op1:")
    }


def _actions(shown: Shown) -> list[dict[str, str]]:
    def found(part: object) -> list[dict[str, str]]:
        if isinstance(part, dict):
            own = [part["action"]] if "action" in part else []
            return own + [action for value in part.values() for action in found(value)]
        return [action for value in part for action in found(value)] if isinstance(part, list) else []

    return found(list(shown.messages))


def opens_a_form(shown: Shown, code: str) -> bool:
    """Tell whether the answer is the link to the form of a project's report."""
    link = shown.actions().get("เปิดแบบรายงาน", {}).get("uri", "")
    return shown.contains("รายงานความก้าวหน้า", code, "ภายใน 10 นาที") and "/w/l/" in link


def return_with(bot: Bot, person: str, words: str) -> Chatter:
    """Send a report back as its approver does on the phone, and return the approver at the confirmed answer."""
    approver = Chatter(bot, person)
    approver.says(f"อนุมัติ {CODE}")
    approver.presses("ส่งกลับแก้ไข")
    approver.says(words)
    return approver


def test_each_row_of_an_officers_list_leads_to_its_form(labour: Bot) -> None:
    officer = Chatter(labour, OFFICER)
    assert forms(officer.says(WHO_OWES)) == {f"รายงาน {CODE}": OF_CODE, f"รายงาน {DRAFTED}": OF_DRAFTED}
    assert opens_a_form(officer.presses(OF_CODE), CODE)
    listed = officer.says("โครงการของฉัน")
    assert forms(listed).keys() >= {f"รายงาน {CODE}", f"รายงาน {DRAFTED}"}
    assert set(forms(listed).values()) <= {OF_CODE, OF_DRAFTED}  # what is approved or not owed has no form
    card = officer.presses(CODE)
    assert forms(card) == {f"รายงาน {CODE}": OF_CODE}
    labour.report(CODE, SubmissionState.RETURNED, returned_by=Stage.AGENCY)
    assert forms(officer.says(WHO_OWES))[f"แก้ไขรายงาน {CODE}"] == OF_CODE
    assert forms(officer.says(CODE)) == {f"แก้ไขรายงาน {CODE}": OF_CODE}
    labour.report(CODE, SubmissionState.PENDING_APPROVAL, step=1, version=1)
    assert forms(officer.says(WHO_OWES)) == {f"รายงาน {DRAFTED}": OF_DRAFTED}
    assert forms(officer.says(CODE)) == {}


def test_nobody_else_is_offered_a_form_or_given_one(labour: Bot) -> None:
    for person in (COORDINATOR, DIRECTOR_GENERAL, HEAD, MONITOR, PLAN_OFFICER, OF_ANOTHER_AGENCY):
        chatter = Chatter(labour, person)
        for asked in (chatter.says(WHO_OWES), chatter.presses("ur1:2566:1:รง05:!0::0:1"), chatter.says(CODE)):
            assert not {OF_CODE, OF_DRAFTED} & set(forms(asked).values()), person
        for asked in (chatter.presses(OF_CODE), chatter.presses(REPORT_NOW), chatter.says(f"รายงาน {CODE}")):
            assert not opens_a_form(asked, CODE), person


def test_a_window_that_has_not_opened_offers_no_form(labour: Bot) -> None:
    officer = Chatter(labour, OFFICER)
    shown = officer.says("โครงการที่ยังไม่รายงานไตรมาส 3/2566")
    assert shown.contains("ยังไม่เปิดให้รายงาน", CODE)
    assert forms(shown) == {}


def test_report_now_opens_the_only_form_or_lists_them(labour: Bot) -> None:
    officer = Chatter(labour, OFFICER)
    assert forms(officer.presses(REPORT_NOW)).keys() == {f"รายงาน {CODE}", f"รายงาน {DRAFTED}"}
    labour.report(DRAFTED, SubmissionState.PENDING_APPROVAL, step=1, version=1)
    assert opens_a_form(officer.presses(REPORT_NOW), CODE)  # the same button of the same old card
    labour.report(CODE, SubmissionState.RETURNED, returned_by=Stage.UPPER)
    assert opens_a_form(officer.presses(REPORT_NOW), CODE)
    assert forms(officer.presses("du1:quarter_report:2566:1:UPPER")) == {f"แก้ไขรายงาน {CODE}": OF_CODE}
    labour.report(CODE, SubmissionState.APPROVED)
    shown = officer.presses(REPORT_NOW)
    assert shown.contains(DRAFTED, "รออนุมัติ ลำดับที่ 1")
    assert forms(shown) == {}
    labour.report(DRAFTED, SubmissionState.APPROVED)
    assert officer.presses(REPORT_NOW).contains("ไม่มีโครงการที่ยังไม่รายงานค่ะ")
    assert officer.presses("on1:2566:9").contains("ปุ่มนี้")


def test_a_typed_word_opens_the_form_too(labour: Bot) -> None:
    officer = Chatter(labour, OFFICER)
    for words in (f"รายงาน {CODE}", f"กรอกรายงาน {CODE} ค่ะ", "กรอก M6 รง.๐๕๐๑–๖๖–๐๐๐๓", f"แก้ไขรายงานโครงการ {CODE}"):
        assert opens_a_form(officer.says(words), CODE), words
    for words in ("กรอกรายงาน", "รายงานเลย", "ขอกรอกรายงานไตรมาสนี้"):
        assert forms(officer.says(words)).keys() == {f"รายงาน {CODE}", f"รายงาน {DRAFTED}"}, words
    send_report(labour, OFFICER, CODE)
    sent = officer.says(f"รายงาน {CODE}")  # it is on its way: how far it came, and the way back
    assert sent.contains("รอผู้อำนวยการกองพิจารณา (ลำดับที่ 1)")
    assert "ดึงกลับ" in sent.buttons()
    assert Chatter(labour, OF_ANOTHER_AGENCY).says(f"รายงาน {CODE}").contains("ไม่พบโครงการนี้")
    asked = Chatter(labour, HEAD).says(f"รายงาน {CODE}")
    assert asked.contains(CODE, NAME)
    assert not opens_a_form(asked, CODE)


def test_back_in_the_chat_one_tap_shows_how_far_the_report_came(labour: Bot) -> None:
    officer = Chatter(labour, OFFICER)
    link = officer.presses(OF_CODE)
    item = send_report(labour, OFFICER, CODE)
    assert link.buttons()["ดูสถานะโครงการ"] == f"pj1:{CODE}"
    card = officer.presses("ดูสถานะโครงการ")
    assert card.contains("ลำดับที่ 1 ผู้อำนวยการกอง รอพิจารณา", "ลำดับที่ 4 ปลัดกระทรวง")
    assert card.buttons()["ดึงกลับ"] == f"wi1:{item}:1"
    listed = officer.says("โครงการของฉัน")
    assert listed.contains("รออนุมัติ ลำดับที่ 1 (ผู้อำนวยการกอง)")
    assert officer.says(WHO_OWES).contains("รออนุมัติ ลำดับที่ 1 · รอผู้อำนวยการกองพิจารณา")
    officer.says(CODE)
    officer.presses("ดึงกลับ")
    assert officer.presses("ยืนยันดึงกลับ").contains("ดึงกลับแล้ว")
    assert forms(officer.says(CODE)) == {f"รายงาน {CODE}": OF_CODE}


def test_the_approver_points_at_a_field_and_the_officer_is_led_to_it(labour: Bot) -> None:
    item = send_report(labour, OFFICER, CODE)
    head = return_with(labour, HEAD, f"{AMOUNTS} ยอดเดือนธันวาคมไม่ตรงกับใบเบิก")
    assert head.last.contains("ส่วนที่ขอให้แก้ไข: ผลเบิกจ่ายไตรมาส", "ยอดเดือนธันวาคม")
    head.presses("ยืนยันส่งกลับแก้ไข")
    with labour.database.read() as session:
        (decision,) = session.scalars(select(tables.Decision).where(tables.Decision.submission_id == item))
        (entry,) = session.scalars(select(tables.AuditEntry).filter_by(action=AuditAction.SUBMISSION_RETURN))
    assert (decision.verdict, decision.concerns) == (Verdict.RETURNED, "disbursed_baht")
    assert entry.after is not None
    assert entry.after["concerns"] == "disbursed_baht"
    officer = Chatter(labour, OFFICER)
    card = officer.says(CODE)
    assert card.contains("ส่งกลับแก้ไข ไตรมาส 1/2566", "ส่วนที่ขอให้แก้ไข: ผลเบิกจ่ายไตรมาส")
    assert card.buttons()["แก้ไขรายงาน"] == OF_CODE
    assert officer.presses("ประวัติการดำเนินการ").contains("ส่วนที่ขอให้แก้ไข: ผลเบิกจ่ายไตรมาส")


def test_the_choices_put_words_into_the_keyboard_that_stay_editable(labour: Bot) -> None:
    send_report(labour, OFFICER, CODE)
    head = Chatter(labour, HEAD)
    head.says(f"อนุมัติ {CODE}")
    asked = head.presses("ส่งกลับแก้ไข")
    assert asked.actions()["การเบิกจ่าย"]["fillInText"].strip() == AMOUNTS
    head.says("โปรดแนบรายชื่อผู้เข้าอบรมทุกรุ่น")  # the approver's own words point at no field
    assert "ส่วนที่ขอให้แก้ไข" not in head.last.text
    head.presses("แก้เหตุผล")
    assert head.says("โปรดระบุผลผลิตให้ชัดเจน เป็นจำนวนและหน่วยนับ รุ่นที่ 3").contains("ส่วนที่ขอให้แก้ไข: ผลผลิต")
    head.presses("ยืนยันส่งกลับแก้ไข")
    assert submission_of(labour, CODE).state is SubmissionState.RETURNED
    with labour.database.read() as session:
        assert session.scalars(select(tables.Decision.concerns).where(tables.Decision.reason != "")).one() == (
            "output_progress"
        )


def test_a_project_without_budget_is_not_sent_back_for_money(labour: Bot) -> None:
    with labour.writes() as session:
        session.scalars(select(tables.Project).where(tables.Project.code == CODE)).one().uses_budget = False
    send_report(labour, OFFICER, CODE)
    head = return_with(labour, HEAD, f"{AMOUNTS} ตามเอกสาร")
    assert head.last.contains("ยืนยันส่งกลับแก้ไข")
    assert "ส่วนที่ขอให้แก้ไข" not in head.last.text
    assert "การเบิกจ่าย" not in head.presses("แก้เหตุผล").actions()


def test_the_news_of_a_return_lead_to_the_form(labour: Bot) -> None:
    labour.at = bangkok("20 มี.ค. 66", "09:00")
    officer = Chatter(labour, OFFICER)
    labour.line = web_of(labour).line
    item = send_report(labour, OFFICER, CODE)
    decide_now(labour, HEAD, item)
    labour.link(HEAD)
    director = return_with(labour, DIRECTOR_GENERAL, f"{AMOUNTS} ตามใบเบิก")
    director.presses("ยืนยันส่งกลับแก้ไข")
    labour.at = bangkok("20 มี.ค. 66", "09:01")
    labour.send()
    officer.last = Shown([labour.phone(OFFICER)[-1]])
    assert officer.last.contains("ส่งกลับแก้ไข", "ส่วนที่ขอให้แก้ไข: ผลเบิกจ่ายไตรมาส", "ขอความกรุณาแก้ไขแล้วส่งใหม่ค่ะ")
    assert officer.last.buttons() == {"แก้ไขรายงาน": OF_CODE, "ดูโครงการ": f"pj1:{CODE}"}
    assert opens_a_form(officer.presses("แก้ไขรายงาน"), CODE)
    to_head = Shown([labour.phone(HEAD)[-1]])
    assert to_head.contains("ส่งกลับแก้ไข", "รายการที่ท่านอนุมัติแล้วกลับไปที่หน่วยงาน")
    assert forms(to_head) == {}


def test_the_longest_list_with_a_button_a_row_still_fits_into_a_bubble(labour: Bot) -> None:
    with labour.writes() as session:
        like = session.scalars(select(tables.Project).where(tables.Project.code == CODE)).one()
        common = {name: getattr(like, name) for name in ("unit_id", "fiscal_year", "start_month", "end_month")}
        for number in range(2 * ROWS_A_PAGE):
            name = 'โครงการ "ยกระดับ" \\ </b> 👩‍🏭\n' + "กำปั้นน้ำ" * 40
            session.add(tables.Project(code=f"รง 0501-66-9{number:03}", name=name, official_version=1, **common))
    labour.at = bangkok("22 มี.ค. 66")
    officer = Chatter(labour, OFFICER)
    for words, rows in (
        (WHO_OWES, ROWS_A_PAGE),
        ("โครงการของฉัน", ROWS_A_PAGE - 1),
    ):  # one of hers is not to be reported
        shown = officer.says(words)  # the simulator refuses what LINE would refuse
        assert len(forms(shown)) == rows
        assert len(str(shown.messages[0]).encode()) < 30_000

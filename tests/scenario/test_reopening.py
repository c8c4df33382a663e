"""An administrator opens a report again: an approved one, or one whose window closed; nobody else can."""

from datetime import date

from sqlalchemy import select

from domain.errors import Refusal, TransitionRefused
from domain.fiscal import Quarter
from domain.submissions import DutyState, SubmissionKind, SubmissionState
from domain.windows import WindowKind
from handlers.approval_presses import ShowItem
from handlers.project_presses import ChooseReopening, ShowTrail
from handlers.reopening import AskReopening, ConfirmReopening
from storage.queries.duties import open_agency_duties
from storage.reference import load_reference
from storage.submissions.deciding import reopen
from storage.tables import AgencyDuty, AuditEntry, OutboxMessage, Submission, Unit
from storage.tables.messaging import AuditAction, NoticeKind
from storage.tables.submissions import Verdict
from tests.chatting import Chatter
from tests.office import Bot, bangkok, labour
from tests.submitting import actor_of, decide_now, moment, send_report, submission_of

__all__ = ["labour"]

OPEN, APPROVED, WAITING = "รง 0501-66-0003", "รง 0301-66-0002", "รง 0301-66-0001"
ADMIN, COORDINATOR, OFFICER, APPROVED_OFFICER = "P00001", "P00003", "P00033", "P00017"
REASON = "พบตัวเลขเบิกจ่ายคลาดเคลื่อนจากระบบบัญชี"
REOPEN = "เปิดให้แก้ไขอีกครั้ง"


def audited(bot: Bot) -> list[AuditEntry]:
    with bot.database.read() as session:
        reopened = AuditEntry.action == AuditAction.SUBMISSION_REOPEN
        return list(session.scalars(select(AuditEntry).where(reopened).order_by(AuditEntry.id)))


def unreported(bot: Bot) -> str:
    """Return the codes that are shown as unreported to the officer of the approved project."""
    return Chatter(bot, APPROVED_OFFICER).says("ไตรมาสนี้โครงการไหนยังไม่รายงานบ้าง").text


def test_an_approved_report_goes_back_to_its_unit_with_a_reason_and_the_chain_runs_again(labour: Bot) -> None:
    assert APPROVED not in unreported(labour)
    admin = Chatter(labour, ADMIN)
    admin.says(f"โครงการ {APPROVED} ถึงขั้นไหนแล้ว")
    assert admin.presses(REOPEN).contains("โปรดพิมพ์เหตุผล", "ไตรมาส 1/2566", APPROVED)
    assert admin.says("สั้นไป").contains("เหตุผลสั้นเกินไป")
    assert admin.says("ก" * 1_001).contains("เหตุผลยาวเกิน")
    asked = admin.says(f"  {REASON} ")
    assert asked.contains("ยืนยันเปิดให้แก้ไขอีกครั้ง", f"“{REASON}”", "อนุมัติใหม่ทุกลำดับ")
    assert submission_of(labour, APPROVED).state is SubmissionState.APPROVED
    confirmed = asked.buttons()["ยืนยัน"]
    assert admin.presses("ยืนยัน").contains("เปิดให้แก้ไขแล้ว", APPROVED)
    assert admin.presses(confirmed).contains("ขณะนี้ไม่มีรายงานที่ต้องเปิดให้แก้ไข")
    row = submission_of(labour, APPROVED)
    assert (row.state, row.step) == (SubmissionState.RETURNED, None)
    (entry,) = audited(labour)
    assert entry.after == {"state": "returned", "version": 1, "step": None, "reason": REASON}
    assert entry.before == {"state": "approved", "version": 1, "step": None}
    assert (entry.channel, bool(entry.event_id)) == ("line", True)
    assert APPROVED in unreported(labour)
    with labour.database.read() as session:
        news = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == NoticeKind.SUBMISSION_NEWS)).all()
    assert [(each.args["event"], each.args["person"], each.args["words"]) for each in news] == [
        ("reopened", APPROVED_OFFICER, REASON)
    ]
    assert admin.presses(ShowTrail(APPROVED, 1).pack()).contains(f"{REOPEN} · รายงาน ไตรมาส 1/2566", f"“{REASON}”")
    number = send_report(labour, APPROVED_OFFICER, APPROVED)
    assert (submission_of(labour, APPROVED).step, submission_of(labour, APPROVED).version) == (1, 2)
    for approver in ("P00018", "P00015"):
        decide_now(labour, approver, number)


def test_where_late_reports_need_it_an_unsent_one_is_opened_though_nothing_was_entered(labour: Bot) -> None:
    labour.run("policy", "set", "late_reports", "reopen_only", "--ministry", "รง")
    admin = Chatter(labour, ADMIN)
    assert admin.presses(ChooseReopening(OPEN, 1).pack()).contains("ขณะนี้ไม่มีรายงานที่ต้องเปิดให้แก้ไข")
    labour.at = bangkok("22 มี.ค. 66", "09:00")
    refused = None
    try:
        send_report(labour, OFFICER, OPEN)
    except TransitionRefused as refusal:
        refused = refusal.refusal
    assert refused is Refusal.WINDOW_CLOSED
    assert admin.presses(ChooseReopening(OPEN, 1).pack()).contains("โปรดพิมพ์เหตุผล", "ไตรมาส 1/2566")
    assert admin.says(REASON).contains("ยังไม่กรอก", "ส่งรายงานนี้ได้แม้พ้นกำหนดแล้ว")
    assert admin.presses("ยืนยัน").contains("เปิดให้แก้ไขแล้ว")
    opened = submission_of(labour, OPEN)
    assert (opened.state, opened.version, opened.reopened_at) == (SubmissionState.DRAFT, 0, labour.at)
    send_report(labour, OFFICER, OPEN)
    assert submission_of(labour, OPEN).state is SubmissionState.PENDING_APPROVAL
    assert admin.presses(ChooseReopening(OPEN, 1).pack()).contains("ขณะนี้ไม่มีรายงาน")


def test_nobody_else_is_offered_it_and_a_forged_press_is_refused(labour: Bot) -> None:
    about = APPROVED, 2566, 1
    for person in (COORDINATOR, APPROVED_OFFICER, "P00015", "P00002"):
        chatter = Chatter(labour, person)
        assert REOPEN not in chatter.says(f"โครงการ {APPROVED} ถึงขั้นไหนแล้ว").actions()
        assert REOPEN not in chatter.presses(ShowTrail(APPROVED, 1).pack()).actions()
        for press in (ChooseReopening(APPROVED, 1), AskReopening(*about), ConfirmReopening(*about, 1, "0" * 12)):
            assert chatter.presses(press.pack()).contains("ไม่มีสิทธิ")
        assert "เปิดให้แก้ไข" not in chatter.says(REASON).text
    admin = Chatter(labour, ADMIN)
    assert admin.presses(ConfirmReopening(*about, 1, "0" * 12).pack()).contains("โปรดพิมพ์เหตุผล")
    assert admin.presses(ConfirmReopening(*about, 7, "0" * 12).pack()).contains("ขณะนี้ไม่มีรายงาน")
    assert admin.presses(AskReopening(WAITING, 2566, 1).pack()).contains("ขณะนี้ไม่มีรายงาน")
    assert audited(labour) == []
    assert submission_of(labour, APPROVED).state is SubmissionState.APPROVED


def test_of_several_reports_one_is_chosen_and_a_word_ends_it(labour: Bot) -> None:
    with labour.writes() as session:
        like = session.merge(submission_of(labour, APPROVED), load=True)
        for quarter in (Quarter(2565, 3), Quarter(2565, 4)):
            copy = type(like)(
                project_id=like.project_id, unit_id=like.unit_id, kind=like.kind, fiscal_year=quarter.fiscal_year,
                quarter=quarter.number, state=SubmissionState.APPROVED, version=1,
            )  # fmt: skip
            session.add(copy)
    admin = Chatter(labour, ADMIN)
    listed = admin.presses(ChooseReopening(APPROVED, 1).pack())
    assert listed.contains("ไตรมาส 1/2566", "ไตรมาส 4/2565", "ไตรมาส 3/2565")
    assert admin.presses(AskReopening(APPROVED, 2565, 4).pack()).contains("ไตรมาส 4/2565 (ก.ค.–ก.ย. 65)")
    assert admin.says("ยกเลิก").contains("ยกเลิกแล้ว")
    assert "ยืนยัน" not in admin.says(REASON).actions()
    assert audited(labour) == []


def test_the_card_of_what_was_opened_again_tells_no_return_from_before_its_approval(labour: Bot) -> None:
    number = send_report(labour, OFFICER, OPEN)
    decide_now(labour, "P00034", number, Verdict.RETURNED, REASON)
    send_report(labour, OFFICER, OPEN)
    assert Chatter(labour, "P00034").presses(ShowItem(number).pack()).contains("ส่งกลับแก้ไข: “")
    for approver in ("P00034", "P00031", "P00006", "P00005"):
        decide_now(labour, approver, number)
    with labour.database.write() as session:
        reference, by = load_reference(session, labour.at.date()), actor_of(session, ADMIN)
        reopen(session, reference, by, number, REASON, moment(labour))
    send_report(labour, OFFICER, OPEN)
    card = Chatter(labour, "P00034").presses(ShowItem(number).pack())
    assert card.contains("ฉบับที่ 3", "รอท่านพิจารณา")
    assert "ส่งกลับแก้ไข: “" not in card.text


def test_a_plan_that_is_opened_again_is_owed_again(labour: Bot) -> None:
    with labour.writes() as session:
        unit = session.scalars(select(Unit.id).where(Unit.code == "รง03")).one()
        about = {"unit_id": unit, "fiscal_year": 2566}
        session.add(duty := AgencyDuty(**about, kind=WindowKind.LEVEL3_PLAN, entered_on=date(2023, 2, 15)))
        session.flush()
        way = {"kind": SubmissionKind.LEVEL3_PLAN, "state": SubmissionState.APPROVED}
        session.add(row := Submission(**about, **way, agency_duty_id=duty.id, quarter=0, version=1))
        session.flush()
        number = row.id
    with labour.database.write() as session:
        reference = load_reference(session, labour.at.date())

        def owed() -> list[DutyState]:
            found = open_agency_duties(session, reference, ["รง03"])
            return [one.state for one in found if one.occasion.kind is WindowKind.LEVEL3_PLAN]

        assert owed() == []
        reopen(session, reference, actor_of(session, ADMIN), number, REASON, moment(labour))
        assert owed() == [DutyState.RETURNED]

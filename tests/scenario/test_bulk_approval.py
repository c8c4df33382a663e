"""Approving many at once: ticking off, the summary, one confirmation, and a result that hides nothing."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.handling import EventHandler
from domain.organisation import Capacity
from domain.roles import Role
from domain.submissions import SubmissionKind, SubmissionState
from handlers.approval_presses import StartBulk
from handlers.bulk_approval import ConfirmBatch, ShowBatch, Shown, TickOff
from storage import tables
from storage.outbox_claims import Now
from storage.reference import load_reference
from storage.shared_state import reference_changed
from storage.submissions.actor import Actor, Channel
from storage.submissions.deciding import undo
from storage.tables.messaging import AuditAction, NoticeKind
from storage.tables.submissions import Verdict
from tests.chatting import Chatter, Stranger
from tests.chatting import Shown as OnThePhone
from tests.office import Bot, labour
from tests.submitting import decide_now

__all__ = ["labour"]

DIRECTOR_GENERAL, OTHER_DIRECTOR, OFFICER, SECRETARY = "P00015", "P00031", "P00017", "P00005"
UNIT, OTHER_UNIT, STEP = "รง0301", "รง0501", 2
ANSWERS = dict.fromkeys(
    ("output_progress", "outcome_progress", "kpi_progress", "summary", "problems", "recommendations"), "ไม่มี"
)
NASTY = ' "ในเครื่องหมาย" \\ </b> {{ 7 * 7 }}\nบรรทัดใหม่ 👩‍👩‍👧‍👦 ' + "กำปั้นน้ำ" * 40
"""What offices may write into a name; LINE takes every card with it, or the simulator refuses the answer."""
EVERYTHING = StartBulk(None, None, None).pack()
SELECTION, SUMMARY = (ShowBatch(1, shown, 1).pack() for shown in Shown)
"""Of the first list that anybody makes."""


def waiting(bot: Bot, number: int, unit: str = UNIT, name: str = "") -> list[int]:
    """Let only this many reports wait at the second step of a unit's route, oldest first; return their ids."""
    with bot.writes() as session:
        owner = session.scalars(select(tables.Unit).where(tables.Unit.code == unit)).one()
        for other in session.scalars(select(tables.Submission).where(tables.Submission.unit_id == owner.id)):
            other.state, other.step = SubmissionState.APPROVED, None
        like = session.scalars(select(tables.Project).where(tables.Project.unit_id == owner.id)).first()
        assert like is not None
        return [_report(session, like, f"{unit[:2]} {unit[2:]}-66-1{count:03}", count, name) for count in range(number)]


def _report(session: Session, like: tables.Project, code: str, count: int, name: str) -> int:
    common = {name: getattr(like, name) for name in ("unit_id", "fiscal_year", "start_month", "end_month")}
    project = tables.Project(
        **common, code=code, name=f"โครงการที่ {count}{name}", official_version=1, budget_total=Decimal(5000)
    )
    session.add(project)
    session.flush()
    quarters = {"q1": Decimal(1000), "q2": Decimal(0), "q3": Decimal(0), "q4": Decimal(0)}
    plan = tables.SpendingPlan(project_id=project.id, fiscal_year=2566, dated_on=like.start_month, **quarters)
    report = tables.Submission(
        project_id=project.id,
        unit_id=like.unit_id,
        kind=SubmissionKind.QUARTER_REPORT,
        fiscal_year=2566,
        quarter=1,
        state=SubmissionState.PENDING_APPROVAL,
        version=1,
        step=STEP,
        arrived_at=datetime(2023, 3, 10, tzinfo=UTC) + timedelta(minutes=count),
    )
    session.add_all([plan, report])
    session.flush()
    session.add(tables.QuarterReport(submission_id=report.id, version=1, disbursed_baht=Decimal(1000), **ANSWERS))
    return report.id


def change(bot: Bot, submission_id: int, **values: Any) -> None:
    with bot.writes() as session:
        for name, value in values.items():
            setattr(session.get_one(tables.Submission, submission_id), name, value)


def content(bot: Bot, submission_id: int, **values: Any) -> None:
    with bot.writes() as session:
        row = session.scalars(select(tables.QuarterReport).filter_by(submission_id=submission_id)).one()
        for name, value in values.items():
            setattr(row, name, value)


def posts(bot: Bot, alter: Callable[[Session, Callable[[str], int]], None]) -> None:
    """Change who holds which post; ``alter`` gets a session and what returns a person's id."""
    with bot.writes() as session:
        alter(session, lambda code: session.scalars(select(tables.Person.id).where(tables.Person.code == code)).one())
        session.flush()
        reference_changed(session, datetime.now(UTC))


def acts_for(bot: Bot, deputy: str, principal: str) -> None:
    def alter(session: Session, person: Callable[[str], int]) -> None:
        row = tables.RoleAssignment
        own = session.scalars(select(row).where(row.person_id == person(principal), row.role == Role.APPROVER)).first()
        assert own is not None
        acting = {"acting_for_id": person(principal), "capacity": Capacity.ACTING, "position": "รองอธิบดี"}
        session.add(row(person_id=person(deputy), unit_id=own.unit_id, role=Role.APPROVER, **acting))

    posts(bot, alter)


def end_posts(bot: Bot, person: str, *, acting: bool) -> None:
    def alter(session: Session, person_id: Callable[[str], int]) -> None:
        row = tables.RoleAssignment
        for post in session.scalars(select(row).where(row.person_id == person_id(person))):
            if acting is (post.acting_for_id is not None):
                post.valid_to = bot.at.date() - timedelta(days=1)

    posts(bot, alter)


def steps(bot: Bot, ids: Sequence[int]) -> list[tuple[SubmissionState, int | None]]:
    with bot.database.read() as session:
        rows = {row.id: row for row in session.scalars(select(tables.Submission).where(tables.Submission.id.in_(ids)))}
        return [(rows[number].state, rows[number].step) for number in ids]


def approvals(bot: Bot) -> Counter[str]:
    """Return how often each item was approved, as the audit trail tells."""
    with bot.database.read() as session:
        entry = tables.AuditEntry
        query = select(entry.subject).where(entry.action == AuditAction.SUBMISSION_APPROVE)
        return Counter(session.scalars(query))


def confirmation(shown: OnThePhone) -> str:
    """Return the data of the button that confirms."""
    return next(data for label, data in shown.buttons().items() if label.startswith("ยืนยันอนุมัติ"))


AT_STEP, NEXT = (SubmissionState.PENDING_APPROVAL, STEP), (SubmissionState.PENDING_APPROVAL, STEP + 1)


def test_many_are_approved_at_once_but_for_those_that_were_ticked_off(labour: Bot) -> None:
    ids = waiting(labour, 13)
    with labour.database.read() as session:
        person = session.scalars(select(tables.Person.id).where(tables.Person.code == DIRECTOR_GENERAL)).one()
    change(labour, ids[12], sent_by_id=person)
    chief = Chatter(labour, DIRECTOR_GENERAL)
    first = chief.presses(EVERYTHING)
    assert first.contains("อนุมัติหลายรายการ", "12 เรื่อง", "โครงการที่ 9", "หน้า 1 จาก 2")
    assert not first.contains("โครงการที่ 12")
    out = chief.presses(TickOff(1, ids[0], excluded=True, page=1).pack())
    assert out.contains("11 เรื่อง", "นำออกแล้ว", "นำกลับ")
    chief.presses("หน้าถัดไป")
    chief.presses(TickOff(1, ids[11], excluded=True, page=2).pack())
    again = chief.presses("นำกลับ")
    assert again.contains("โครงการที่ 11", "หน้า 2 จาก 2", "11 เรื่อง")
    summary = chief.presses("สรุปก่อนอนุมัติ")
    assert summary.contains("11 เรื่อง", "11,000.00 บาท")
    done = chief.presses(confirmation(summary))
    assert done.contains("อนุมัติแล้ว", "11 เรื่อง", "ขั้นต่อไป: รองปลัดกระทรวง", "ยกเลิกการอนุมัติได้ภายใน 10 นาที")
    assert not done.contains("ยังไม่ได้อนุมัติ")
    assert steps(labour, ids) == [AT_STEP, *[NEXT] * 11, AT_STEP]
    told = approvals(labour)
    assert len(told) == told.total() == 11
    assert chief.presses(confirmation(summary)).text == done.text
    assert chief.presses(TickOff(1, ids[1], excluded=True, page=1).pack()).text == done.text
    assert approvals(labour) == told


def test_the_summary_names_first_what_ought_to_be_looked_at(labour: Bot) -> None:
    ids = waiting(labour, 8)
    acts_for(labour, DIRECTOR_GENERAL, OTHER_DIRECTOR)
    change(labour, ids[1], is_late=True)
    content(labour, ids[2], disbursed_baht=Decimal(5001))
    content(labour, ids[3], disbursed_baht=Decimal(499), underspend_reason="รอเบิกจ่าย")
    content(labour, ids[4], problems="")
    change(labour, ids[5], version=2)
    with labour.writes() as session:
        person = session.scalars(select(tables.Person.id).where(tables.Person.code == DIRECTOR_GENERAL)).one()
        asked = {"asked_by_id": person, "asked_at": labour.at, "question": "งวดสุดท้ายเบิกเมื่อใด"}
        session.add(tables.InformationRequest(submission_id=ids[6], version=1, step=STEP, **asked))
        session.add(tables.QuarterReport(submission_id=ids[5], version=2, disbursed_baht=Decimal(1000), **ANSWERS))
    elsewhere = waiting(labour, 2, OTHER_UNIT)
    chief = Chatter(labour, DIRECTOR_GENERAL)
    chief.presses(EVERYTHING)
    summary = chief.presses("สรุปก่อนอนุมัติ")
    lines = summary.text.splitlines()
    assert summary.contains("10 เรื่อง", "13,500.00 บาท", "ควรตรวจสอบก่อน", "6 เรื่อง")
    assert summary.contains("2 เรื่อง ในฐานะ รองอธิบดี รักษาราชการแทน อธิบดี")
    cautions = {
        1: "ส่งล่าช้า",
        2: "ยอดเบิกจ่ายสะสมเกินวงเงินโครงการ · เบิกจ่ายสูงกว่าแผนมาก",
        3: "เบิกจ่ายต่ำกว่าแผนมาก",
        4: "ข้อมูลไม่ครบถ้วน",
        5: "ส่งใหม่หลังแก้ไข",
        6: "รอหน่วยงานตอบข้อมูลเพิ่ม",
    }
    for number, said in cautions.items():
        assert lines[lines.index(f"โครงการที่ {number}") + 1] == said
    rows = [line for line in lines if line.startswith("โครงการที่ ")]
    assert {line.removeprefix("โครงการที่ ") for line in rows[:6]} == set("123456")
    assert chief.presses(confirmation(summary)).contains("10 เรื่อง")
    with labour.database.read() as session:
        made = session.scalars(select(tables.Decision).where(tables.Decision.submission_id == elsewhere[0])).one()
        assert (made.decided_by_id, made.capacity) == (person, Capacity.ACTING)
        assert made.acting_for_id is not None


def test_of_fifty_those_that_changed_meanwhile_are_not_approved_and_it_says_why(labour: Bot) -> None:
    ids = waiting(labour, 53, name=NASTY)
    acts_for(labour, "P00016", DIRECTOR_GENERAL)
    chief = Chatter(labour, DIRECTOR_GENERAL)
    assert chief.presses(EVERYTHING).contains("แสดง 50 จาก 53 เรื่อง")
    summary = chief.presses("สรุปก่อนอนุมัติ")
    decide_now(labour, "P00016", ids[0])
    decide_now(labour, "P00016", ids[1], Verdict.RETURNED, "ตัวเลขเบิกจ่ายไม่ตรงกับแผน")
    change(labour, ids[2], version=2)
    change(labour, ids[3], state=SubmissionState.DRAFT, step=None)
    change(labour, ids[4], step=1)
    stale = chief.presses(SUMMARY)
    assert stale.contains("45 เรื่อง", "ไม่ได้รออยู่แล้ว", "5 เรื่อง")
    done = chief.presses(confirmation(summary))
    assert done.contains("45 เรื่อง", "ยังไม่ได้อนุมัติ", "5 เรื่อง")
    who, at = "รองอธิบดี รักษาราชการแทน อธิบดี", "เมื่อ 20 มี.ค. 66 เวลา 08.30 น."
    assert done.contains(f"{who} อนุมัติแล้ว{at}", f"{who} ส่งกลับแก้ไขแล้ว{at}")
    assert done.contains("ส่งฉบับใหม่", "หน่วยงานดึงกลับแล้ว", "ไม่ได้รออยู่ที่ลำดับของท่านแล้ว")
    assert steps(labour, ids[5:]) == [*[NEXT] * 45, *[AT_STEP] * 3]
    assert chief.presses("ดูเรื่องที่ยังรออยู่").contains("4 เรื่อง")  # three had no room, one was sent anew


def test_an_old_summary_approves_no_other_selection(labour: Bot) -> None:
    ids = waiting(labour, 3)
    chief = Chatter(labour, DIRECTOR_GENERAL)
    chief.presses(EVERYTHING)
    old = confirmation(chief.presses("สรุปก่อนอนุมัติ"))
    chief.presses(TickOff(1, ids[0], excluded=True, page=1).pack())
    refused = chief.presses(old)
    assert refused.contains("ยังไม่มีการอนุมัติ", "สรุปก่อนอนุมัติ", "2 เรื่อง")
    new = confirmation(refused)
    chief.presses(EVERYTHING)
    assert chief.presses(new).contains("รายการนี้ใช้ไม่ได้แล้ว")
    assert chief.presses(ConfirmBatch(2, ConfirmBatch.unpack(new).digest).pack()).contains("ยังไม่มีการอนุมัติ")
    assert not approvals(labour)
    assert steps(labour, ids) == [AT_STEP] * 3


def test_nobody_touches_the_list_of_another(labour: Bot) -> None:
    ids = waiting(labour, 2)
    with labour.database.write() as session:
        prepares = tables.RoleAssignment
        query = select(prepares).join(tables.Person, tables.Person.id == prepares.person_id)
        session.scalars(query.where(tables.Person.code == "P00021")).one().role = Role.ASSISTANT
        reference_changed(session, datetime.now(UTC))
    chief = Chatter(labour, DIRECTOR_GENERAL)
    chief.presses(EVERYTHING)
    confirm = confirmation(chief.presses("สรุปก่อนอนุมัติ"))
    everything = (confirm, TickOff(1, ids[0], excluded=True, page=1).pack(), SELECTION, SUMMARY)
    for code in (OTHER_DIRECTOR, SECRETARY):
        other = Chatter(labour, code)
        assert all(other.presses(data).contains("รายการนี้ใช้ไม่ได้แล้ว") for data in everything)
    for visitor in (Chatter(labour, OFFICER), Chatter(labour, "P00021"), Stranger(labour)):
        told = [visitor.presses(data).text for data in (*everything, EVERYTHING)]
        assert not [text for text in told if "โครงการ" in text]
    assert not approvals(labour)
    assert chief.presses(confirm).contains("อนุมัติแล้ว", "2 เรื่อง")


def test_who_lost_a_post_since_the_list_was_made_approves_nothing_there(labour: Bot) -> None:
    acts_for(labour, DIRECTOR_GENERAL, OTHER_DIRECTOR)
    own, acting = waiting(labour, 2), waiting(labour, 2, OTHER_UNIT)
    chief = Chatter(labour, DIRECTOR_GENERAL)
    chief.presses(EVERYTHING)
    confirm = confirmation(chief.presses("สรุปก่อนอนุมัติ"))
    end_posts(labour, DIRECTOR_GENERAL, acting=True)
    done = chief.presses(confirm)
    assert done.contains("2 เรื่อง", "ไม่อยู่ในลำดับการพิจารณาของท่านแล้ว")
    assert not done.contains("รง 0501-66-1000")
    assert (steps(labour, own), steps(labour, acting)) == ([NEXT] * 2, [AT_STEP] * 2)
    for number in own:
        _wait_again(labour, number)
    chief.presses(EVERYTHING)
    confirm = confirmation(chief.presses("สรุปก่อนอนุมัติ"))
    end_posts(labour, DIRECTOR_GENERAL, acting=False)
    assert chief.presses(confirm).contains("ไม่พบตำแหน่งที่มีผลอยู่ของท่าน")
    assert steps(labour, own) == [AT_STEP] * 2


def _wait_again(bot: Bot, submission_id: int) -> None:
    with bot.writes() as session:
        session.execute(delete(tables.Decision).where(tables.Decision.submission_id == submission_id))
    change(bot, submission_id, state=SubmissionState.PENDING_APPROVAL, step=STEP)


def dying(monkeypatch: pytest.MonkeyPatch, at: int, error: Exception, *, after_commit: bool) -> None:
    """Let the database die once, when a handler begins its ``at``-th transaction, or when that has committed."""
    works = EventHandler._apart
    calls = iter(range(1, 1_000_000))

    def apart(handler: EventHandler, work: Callable[[Session], Any]) -> Any:
        is_last = next(calls) == at

        def dies(session: Session) -> Any:
            found = work(session)
            session.flush()
            if is_last and not after_commit:
                raise error
            return found

        found = works(handler, dies)
        if is_last:
            raise error
        return found

    monkeypatch.setattr(EventHandler, "_apart", apart)


@pytest.mark.parametrize("dies", ("before its commit", "after its commit"))
def test_a_confirmation_that_dies_half_way_approves_nothing_twice(
    labour: Bot, monkeypatch: pytest.MonkeyPatch, dies: str
) -> None:
    ids = waiting(labour, 6)
    labour.link(OFFICER)
    chief = Chatter(labour, DIRECTOR_GENERAL)
    chief.presses(EVERYTHING)
    summary = chief.presses("สรุปก่อนอนุมัติ")
    dying(monkeypatch, 4, OperationalError("", {}, Exception("gone")), after_commit=dies == "after its commit")
    done = chief.presses(confirmation(summary))
    assert done.contains("อนุมัติแล้ว", "6 เรื่อง")
    assert not done.contains("ยังไม่ได้อนุมัติ")
    assert steps(labour, ids) == [NEXT] * 6
    told = approvals(labour)
    assert len(told) == told.total() == 6
    with labour.database.read() as session:
        row, person = tables.OutboxMessage, tables.Person
        news = select(func.count(row.id)).join(person, person.id == row.person_id).where(person.code == OFFICER)
        assert session.scalar(news.where(row.kind == NoticeKind.SUBMISSION_NEWS)) == 6


def test_what_was_undone_before_the_confirmation_was_pressed_again_stays_undone(
    labour: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = waiting(labour, 4)
    chief = Chatter(labour, DIRECTOR_GENERAL)
    chief.presses(EVERYTHING)
    confirm = confirmation(chief.presses("สรุปก่อนอนุมัติ"))
    dying(monkeypatch, 4, RuntimeError("a fault of ours"), after_commit=False)
    assert chief.presses(confirm).contains("ขัดข้อง")
    assert steps(labour, ids) == [NEXT, NEXT, AT_STEP, AT_STEP]
    half = chief.presses(SUMMARY)
    assert half.contains("ยังดำเนินการไม่เสร็จ", "ยังดำเนินการไม่ถึงเรื่องนี้")
    _undone(labour, ids[0])
    done = chief.presses("ดำเนินการต่อ")
    assert done.contains("3 เรื่อง", "ท่านยกเลิกการอนุมัติแล้ว", "1 เรื่อง")
    assert steps(labour, ids) == [AT_STEP, NEXT, NEXT, NEXT]


def _undone(bot: Bot, submission_id: int) -> None:
    with bot.database.write() as session:
        person = session.scalars(select(tables.Person.id).where(tables.Person.code == DIRECTOR_GENERAL)).one()
        by = Actor(DIRECTOR_GENERAL, person, Channel.PAGE)
        reference = load_reference(session, bot.at.date())
        undo(session, reference, by, submission_id, 1, STEP, Now(bot.at, datetime.now(UTC)))


def test_a_list_can_be_narrowed_down_and_may_be_empty(labour: Bot) -> None:
    waiting(labour, 2)
    chief = Chatter(labour, DIRECTOR_GENERAL)
    assert chief.presses(StartBulk(UNIT, 2566, 1).pack()).contains("ไตรมาส 1/2566", "กองยุทธศาสตร์และแผนงาน", "2 เรื่อง")
    assert chief.presses(StartBulk(None, 2566, 3).pack()).contains("ไม่มีเรื่องที่รอท่านพิจารณา")
    assert chief.presses(StartBulk(OTHER_UNIT, None, None).pack()).contains("ไม่มีสิทธิ")
    assert chief.presses(replace(StartBulk(UNIT, None, None), quarter=7).pack()).contains("2 เรื่อง")

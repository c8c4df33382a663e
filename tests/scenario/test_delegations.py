"""Deputies: who may name them, on which days they decide, and that both are named wherever it matters."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from domain.appointments import AppointmentFault, AppointmentRefused, Delegation, DelegationWish
from domain.errors import Refusal, TransitionRefused
from domain.organisation import Capacity, Hand
from domain.reminders import BANGKOK
from domain.roles import Role
from handlers.appointment_presses import EndDelegation, for_deputy_of
from storage import tables
from storage.delegations import NoSuchDelegation, delegate, delegations_of, end_delegation
from storage.menus import holders
from storage.queries.readers import people_reading
from storage.reference import load_reference
from storage.submissions.actor import Actor, Channel
from storage.tables.messaging import AuditAction
from tests.chatting import Chatter
from tests.office import Bot, bangkok, labour, line_id_of, texts
from tests.sending import line_on_loopback
from tests.submitting import decide_now, moment, send_report, submission_of

__all__ = ["labour"]

OFFICER, HEAD, PRINCIPAL, DEPUTY, THIRD = "P00033", "P00034", "P00031", "P00036", "P00038"
COORDINATOR, ADMIN, MONITOR, OTHER_APPROVER = "P00003", "P00001", "P00002", "P00015"
REPORT = "รง 0501-66-0003"
FIRST, LAST = date(2023, 3, 21), date(2023, 3, 24)
ACTING = "ผู้อำนวยการกอง รักษาราชการแทน อธิบดี"


@pytest.fixture
def online(labour: Bot) -> Iterator[Bot]:
    """The ministry with a LINE of its own, whose phones show all that is sent."""
    with line_on_loopback(phones=0) as labour.line:
        yield labour


def wish(principal: str = PRINCIPAL, deputy: str = DEPUTY, first: date = FIRST, last: date = LAST) -> DelegationWish:
    return DelegationWish(principal, deputy, Capacity.ACTING, first, last)


def actor(session: Session, person: str) -> Actor:
    query = select(tables.Person.id).where(tables.Person.code == person)
    return Actor(person, session.scalars(query).one(), Channel.PAGE)


def name(bot: Bot, by: str, wanted: DelegationWish) -> Delegation:
    with bot.database.write() as session:
        reference = load_reference(session, bot.at.astimezone(BANGKOK).date())
        return delegate(session, reference, actor(session, by), wanted, moment(bot))


def end(bot: Bot, by: str, delegation_id: int) -> Delegation:
    with bot.database.write() as session:
        reference = load_reference(session, bot.at.astimezone(BANGKOK).date())
        return end_delegation(session, reference, actor(session, by), delegation_id, moment(bot))


def hand(bot: Bot, person: str, on: str, step: int = 2) -> Hand | None:
    """Return as whom somebody may decide at a step of the first division's route on a day."""
    with bot.database.read() as session:
        return load_reference(session, bangkok(on).date()).rules.organisation.hand_at(person, "รง0501", step)


def audited(bot: Bot, *actions: AuditAction) -> Sequence[tuple[str, str | None, str | None, object, object]]:
    """Return subject, actor, whom they acted for, before and after of these entries of the audit trail."""
    row, by, principal = tables.AuditEntry, aliased(tables.Person), aliased(tables.Person)
    query = (
        select(row.subject, by.code, principal.code, row.before, row.after)
        .outerjoin(by, by.id == row.actor_id)
        .outerjoin(principal, principal.id == row.acting_for_id)
        .where(row.action.in_(actions))
        .order_by(row.id)
    )
    with bot.database.read() as session:
        return [tuple(found) for found in session.execute(query)]


def at_the_principals_step(bot: Bot) -> int:
    """Let a report come to the principal's step."""
    submission = send_report(bot, OFFICER, REPORT)
    decide_now(bot, HEAD, submission)
    return submission


def said(bot: Bot, person: str) -> list[str]:
    """Return what stands on somebody's phone, a text a message."""
    return ["\n".join(texts([message])) for message in bot.phone(person)]


def test_a_deputy_decides_from_the_first_day_to_the_last_and_not_the_day_after(labour: Bot) -> None:
    name(labour, PRINCIPAL, wish())
    days = ("20 มี.ค. 66", "21 มี.ค. 66", "24 มี.ค. 66", "25 มี.ค. 66")
    acting = Hand(PRINCIPAL, Capacity.ACTING)
    assert [hand(labour, DEPUTY, day) for day in days] == [None, acting, acting, None]
    submission = at_the_principals_step(labour)
    for day in (days[0], days[3]):
        labour.at = bangkok(day, "23:59")
        with pytest.raises(TransitionRefused, match=Refusal.NOT_YOUR_STEP):
            decide_now(labour, DEPUTY, submission)
    labour.at = bangkok(days[2], "23:59")
    assert decide_now(labour, DEPUTY, submission).hand == acting
    assert submission_of(labour, REPORT).step == 3


def test_somebody_who_decides_nothing_else_gets_the_approvers_menu_on_these_days(labour: Bot) -> None:
    officer = "P00037"
    labour.link(officer)
    name(labour, PRINCIPAL, wish(deputy=officer))
    with labour.database.read() as session:
        on = {day: holders(session, day, account=line_id_of(officer))[0].roles for day in _days(FIRST, LAST)}
        readings = {day: people_reading(session, [officer], day)[officer] for day in on}
    assert [Role.APPROVER in roles for roles in on.values()] == [False, True, True, True, True, False]
    assert {reading.position for reading in readings.values()} == {"นักวิเคราะห์นโยบายและแผนปฏิบัติการ"}


def _days(first: date, last: date) -> list[date]:
    """Return the days, with one before and one after."""
    return [first + timedelta(days=number) for number in range(-1, (last - first).days + 2)]


def test_both_are_named_in_the_audit_and_to_the_unit(online: Bot) -> None:
    online.link(OFFICER, DEPUTY, PRINCIPAL)
    submission = at_the_principals_step(online)
    made = name(online, PRINCIPAL, wish())
    told = {
        "principal": PRINCIPAL, "deputy": DEPUTY, "capacity": "acting",
        "valid_from": "2023-03-21", "valid_to": "2023-03-24",
    }  # fmt: skip
    subject = f"delegation:{PRINCIPAL}:{DEPUTY}"
    assert audited(online, AuditAction.DELEGATION_START) == [(subject, PRINCIPAL, None, None, told)]
    online.at = bangkok("21 มี.ค. 66", "09:00")
    decide_now(online, DEPUTY, submission)
    by_deputy = [entry for entry in audited(online, AuditAction.SUBMISSION_APPROVE) if entry[1] == DEPUTY]
    assert [(subject, principal) for subject, _, principal, *_ in by_deputy] == [(f"report:{REPORT}:1/2566", PRINCIPAL)]
    online.at = bangkok("21 มี.ค. 66", "09:30")
    online.send()
    assert any(ACTING in message for message in said(online, OFFICER))
    end(online, COORDINATOR, made.delegation_id)
    assert audited(online, AuditAction.DELEGATION_END) == [(subject, COORDINATOR, None, told, None)]


def test_a_deputy_passes_nothing_on(labour: Bot) -> None:
    name(labour, PRINCIPAL, wish())
    name(labour, DEPUTY, wish(principal=DEPUTY, deputy=THIRD))
    assert hand(labour, DEPUTY, "21 มี.ค. 66") is not None
    assert hand(labour, THIRD, "21 มี.ค. 66") is None
    labour.at = bangkok("21 มี.ค. 66")
    officer = "P00037"
    name(labour, PRINCIPAL, wish(deputy=officer, first=date(2023, 3, 21)))
    for principal in (PRINCIPAL, officer):  # a deputy gives away neither the principal's steps nor any of their own
        with pytest.raises(AppointmentRefused, match=AppointmentFault.NOT_YOURS):
            name(labour, officer, wish(principal=principal, deputy=THIRD))


def test_the_approver_the_coordinator_and_an_administrator_name_deputies_and_end_it(labour: Bot) -> None:
    for by in (PRINCIPAL, COORDINATOR, ADMIN):
        made = name(labour, by, wish())
        assert end(labour, by, made.delegation_id) == made


def test_nobody_else_does(labour: Bot) -> None:
    made = name(labour, PRINCIPAL, wish())
    for by in (OFFICER, DEPUTY, OTHER_APPROVER, MONITOR):
        with pytest.raises(AppointmentRefused, match=AppointmentFault.NOT_YOURS):
            name(labour, by, wish(deputy=THIRD))
        with pytest.raises(AppointmentRefused, match=AppointmentFault.NOT_YOURS):
            end(labour, by, made.delegation_id)


def test_a_coordinator_says_nothing_in_another_ministry(labour: Bot) -> None:
    with labour.writes() as session:
        ministry = tables.Unit(code="สธ", name="กระทรวงสาธารณสุข", short_name="สธ.", level="ministry")
        foreign = tables.Person(code="P00901", full_name="นายต่าง กระทรวง")
        session.add_all([ministry, foreign])
        session.flush()
        post = {"person_id": foreign.id, "unit_id": ministry.id}
        session.add(tables.RoleAssignment(**post, role=Role.APPROVER, position="ปลัดกระทรวง"))
        session.add(tables.RouteStep(unit_id=ministry.id, order=1, stage="UPPER", approver_id=foreign.id))
    for principal in ("P00901", "P99999"):  # and learns not even whether there is such an approver
        with pytest.raises(AppointmentRefused, match=AppointmentFault.NOT_YOURS):
            name(labour, COORDINATOR, wish(principal=principal))
    with pytest.raises(AppointmentRefused, match=AppointmentFault.NOT_OF_MINISTRY):
        name(labour, PRINCIPAL, wish(deputy="P00901"))


def test_an_old_button_ends_no_later_delegation_that_got_the_number_of_the_first(labour: Bot) -> None:
    principal = Chatter(labour, PRINCIPAL)
    first = name(labour, PRINCIPAL, wish(first=date(2023, 3, 20)))
    end_first = EndDelegation(first.delegation_id, DEPUTY, confirmed=True).pack()
    principal.presses(end_first)
    second = name(labour, PRINCIPAL, wish(deputy=THIRD, first=date(2023, 3, 20)))
    principal.presses(EndDelegation(second.delegation_id, DEPUTY, confirmed=True).pack())
    principal.presses(end_first)
    assert hand(labour, DEPUTY, "20 มี.ค. 66") is None
    assert hand(labour, THIRD, "20 มี.ค. 66") is not None


def test_nobody_names_themselves_to_approve_what_is_not_theirs(labour: Bot) -> None:
    final = submission_of(labour, "รง 0603-66-0004")
    for person in (COORDINATOR, ADMIN):
        with pytest.raises(AppointmentRefused, match=AppointmentFault.SAME_PERSON):
            name(labour, person, wish(principal="P00005", deputy=person, first=date(2023, 3, 20)))
    with pytest.raises(TransitionRefused, match=Refusal.NOT_YOUR_STEP):
        decide_now(labour, COORDINATOR, final.id)


def test_what_makes_no_sense_is_refused(labour: Bot) -> None:
    name(labour, PRINCIPAL, wish())
    for wanted, fault in (
        (wish(deputy=PRINCIPAL), AppointmentFault.SAME_PERSON),
        (wish(deputy="P99999"), AppointmentFault.NOT_OF_MINISTRY),
        (wish(deputy=MONITOR), AppointmentFault.NOT_OF_MINISTRY),
        (wish(first=LAST, last=FIRST), AppointmentFault.ENDS_BEFORE_START),
        (wish(first=date(2023, 3, 19)), AppointmentFault.IN_THE_PAST),
        (wish(last=date(2024, 3, 21)), AppointmentFault.TOO_LONG),
        (wish(first=date.max, last=date.max), AppointmentFault.TOO_FAR_AHEAD),
        (wish(first=LAST, last=date(2023, 3, 31)), AppointmentFault.OVERLAPS),
    ):
        with pytest.raises(AppointmentRefused, match=fault):
            name(labour, PRINCIPAL, wanted)


def test_a_deputy_who_was_ended_early_decides_nothing_from_that_moment_on(online: Bot) -> None:
    online.link(DEPUTY, PRINCIPAL, COORDINATOR)
    submission = at_the_principals_step(online)
    online.at = bangkok("21 มี.ค. 66", "09:00")
    made = name(online, PRINCIPAL, wish())
    assert hand(online, DEPUTY, "21 มี.ค. 66") is not None
    end(online, COORDINATOR, made.delegation_id)
    with pytest.raises(TransitionRefused, match=Refusal.NOT_YOUR_STEP):
        decide_now(online, DEPUTY, submission)
    with pytest.raises(NoSuchDelegation):
        end(online, COORDINATOR, made.delegation_id)
    online.send()
    for person in (DEPUTY, PRINCIPAL):
        assert any("สิ้นสุดก่อนกำหนดแล้ว" in message for message in said(online, person))
    assert name(online, PRINCIPAL, wish()).first_day == FIRST  # and may be named anew


def test_deputy_and_principal_are_told_and_again_on_the_last_working_day(online: Bot) -> None:
    online.link(DEPUTY, PRINCIPAL)
    at_the_principals_step(online)
    online.at = bangkok("20 มี.ค. 66", "17:30")
    name(online, COORDINATOR, wish(last=date(2023, 3, 26)))  # a Sunday
    online.send()
    assert not [message for message in said(online, DEPUTY) if "มอบหมาย" in message]
    online.at = bangkok("21 มี.ค. 66", "08:30")
    online.send()
    to_deputy = next(message for message in said(online, DEPUTY) if "มอบหมาย" in message)
    assert "เรียน ท่านผู้อำนวยการกอง\nท่านได้รับมอบหมายให้รักษาราชการแทน 21–26 มี.ค. 66" in to_deputy
    assert "อธิบดี (นางกนกวรรณ วัฒนกุล)" in to_deputy
    assert "เรื่องที่รอพิจารณาขณะนี้\n1 เรื่อง" in to_deputy
    assert any("มีผู้รักษาราชการแทนท่าน" in message for message in said(online, PRINCIPAL))
    online.at = bangkok("24 มี.ค. 66", "08:30")
    online.send()
    for person in (DEPUTY, PRINCIPAL):
        assert any("วันนี้เป็นวันทำการสุดท้ายของการรักษาราชการแทน" in message for message in said(online, person))


def test_what_does_not_hold_any_more_is_not_told(online: Bot) -> None:
    online.link(DEPUTY)
    online.at = bangkok("20 มี.ค. 66", "17:30")
    made = name(online, PRINCIPAL, wish())
    end(online, PRINCIPAL, made.delegation_id)
    online.at = bangkok("24 มี.ค. 66", "09:00")
    online.send()
    assert [message for message in said(online, DEPUTY) if "มอบหมาย" in message or "สุดท้าย" in message] == []


def test_a_director_general_names_a_deputy_in_the_chat_and_ends_it(labour: Bot) -> None:
    at_the_principals_step(labour)
    director = Chatter(labour, PRINCIPAL)
    assert director.says("ตั้งผู้รักษาราชการแทน").contains("ไม่มีการมอบหมายให้ผู้อื่นพิจารณาแทน")
    assert director.presses("ตั้งผู้พิจารณาแทน").contains("ผู้อำนวยการกอง (นายประเสริฐ ฐิติพงศ์)", "กองบริหารการคลัง กสร.")
    for asked, answer in (
        ("รง 0501-66-0003", "ระยะเวลา"),
        ("ประวัติโครงการ รง 0501-66-0003", "ประวัติรายงาน"),
        ("รายการรออนุมัติ", "รายการรอท่านพิจารณา"),
    ):
        assert director.says(asked).contains(answer)
        director.presses(for_deputy_of(None).pack())
    assert director.says("ไม่มีใครชื่อนี้").contains("ไม่พบ")
    assert director.says("ผู้อำนวยการกอง").contains("โปรดพิมพ์ชื่อหรือตำแหน่งให้ละเอียดขึ้น")
    assert director.says("คุณประเสริฐ ฐิติพงศ์").contains("พิจารณาแทนในฐานะใด", "เรียน ท่านอธิบดี")
    assert director.presses("รักษาราชการแทน").contains("เลือกวันแรก")
    picker = director.last.actions()["เลือกวัน"]
    assert (picker["type"], picker["mode"], picker["min"]) == ("datetimepicker", "date", "2023-03-20")
    assert director.presses("เลือกวัน", date="2023-03-21").contains("เลือกวันสุดท้าย", "วันอังคารที่ 21 มี.ค. 66")
    assert director.says("อะไรนะ").contains("อ่านวันที่ไม่ได้")
    shown = director.says("๒๔ มี.ค. ๖๖")
    assert shown.contains("ผู้อำนวยการกอง (นายประเสริฐ ฐิติพงศ์)", "อธิบดี (นางกนกวรรณ วัฒนกุล)", "21–24 มี.ค. 66", "1 เรื่อง")
    assert "ค่ะ" not in shown.text
    confirm = shown.buttons()["ยืนยัน"]
    assert director.presses(confirm).contains("บันทึกแล้ว", ACTING, "21–24 มี.ค. 66")
    assert director.presses(confirm).contains("มอบหมายบุคคลนี้ไว้แล้วในบางวันของช่วงนี้")
    assert director.says("ผู้รักษาราชการแทน").contains(ACTING, "21–24 มี.ค. 66")
    assert Chatter(labour, DEPUTY).says("ผู้รักษาราชการแทน").contains(ACTING)
    ends = next(data for data in director.last.buttons().values() if data.startswith("dx"))
    assert director.presses(ends).contains("ยืนยันการยุติก่อนกำหนด", "21–24 มี.ค. 66")
    ending = director.last.buttons()["ยุติทันที"]
    assert director.presses(ending).contains("ยุติแล้ว", ACTING)
    assert director.presses(ending).contains("สิ้นสุดไปแล้ว")
    with labour.database.read() as session:
        assert delegations_of(session, labour.at.date()) == []


def test_a_sentence_names_the_deputy_and_the_days(labour: Bot) -> None:
    director = Chatter(labour, PRINCIPAL)
    assert director.says("มอบหมายคุณวราภรณ์แทน 20-24 มี.ค.").contains("นางวราภรณ์ ศรีสุข", "นางสาววราภรณ์ พงษ์ไพบูลย์")
    director.says("มอบหมายนายประเสริฐ ฐิติพงศ์แทน 20-24 มี.ค.")
    assert director.presses("ปฏิบัติราชการแทน").contains("ยืนยันผู้พิจารณาแทน", "ปฏิบัติราชการแทน", "20–24 มี.ค. 66")
    assert director.presses("เลือกวันใหม่").contains("เลือกวันแรก")
    assert director.says("1-3 มี.ค. 66").contains("วันแรกต้องไม่เป็นวันที่ผ่านไปแล้ว")


def test_a_coordinator_names_a_deputy_for_an_approver_and_others_cannot(labour: Bot) -> None:
    coordinator = Chatter(labour, COORDINATOR)
    coordinator.says("ผู้รักษาราชการแทน")
    assert coordinator.presses("ตั้งแทนผู้อนุมัติอื่น").contains("เลือกผู้อนุมัติ", "หน้า 1 จาก")
    assert coordinator.says("อธิบดี").contains("อธิบดี (นางกนกวรรณ วัฒนกุล)", "กสร.")
    chosen = next(data for data in coordinator.last.buttons().values() if PRINCIPAL in data)
    assert coordinator.presses(chosen).contains("โปรดเลือกผู้ที่จะพิจารณาแทน อธิบดี (นางกนกวรรณ วัฒนกุล)", "ค่ะ")
    for person in (OFFICER, MONITOR):
        assert Chatter(labour, person).presses(chosen).contains("ไม่มีสิทธิ")
    assert Chatter(labour, OTHER_APPROVER).presses(chosen).contains("ไม่มีสิทธิ")
    far = f"dn1:!0:{DEPUTY}:acting:9999-12-31:!0:0:1"  # a button that nobody was given
    assert Chatter(labour, PRINCIPAL).presses(far).contains("เลือกวันแรก", "ภายในหนึ่งปี")
    assert Chatter(labour, OFFICER).says("โครงการที่ยังไม่รายงาน").contains("ยังไม่รายงาน")


def test_the_people_file_still_makes_deputies(labour: Bot) -> None:
    with labour.writes() as session:
        ids = dict(session.execute(select(tables.Person.code, tables.Person.id)).all())
        unit = session.scalars(select(tables.Unit.id).where(tables.Unit.code == "รง05")).one()
        post = {"person_id": ids[DEPUTY], "unit_id": unit, "acting_for_id": ids[PRINCIPAL]}
        session.add(tables.RoleAssignment(**post, role=Role.APPROVER))
    assert hand(labour, DEPUTY, "20 มี.ค. 66") == Hand(PRINCIPAL, Capacity.ACTING)
    assert Chatter(labour, PRINCIPAL).says("ผู้รักษาราชการแทน").contains(ACTING, "ไม่กำหนดวันสิ้นสุด")


def test_for_an_approver_whose_post_ended_the_coordinator_names_who_acts(labour: Bot) -> None:
    with labour.writes() as session:
        row, person = tables.RoleAssignment, tables.Person
        post = select(row).join(person, person.id == row.person_id).where(person.code == PRINCIPAL)
        session.scalars(post).one().valid_to = date(2023, 3, 19)
    with pytest.raises(AppointmentRefused, match=AppointmentFault.NOT_YOURS):
        name(labour, PRINCIPAL, wish())
    name(labour, COORDINATOR, wish())
    assert [hand(labour, person, "21 มี.ค. 66") for person in (PRINCIPAL, DEPUTY)] == [
        None, Hand(PRINCIPAL, Capacity.ACTING),
    ]  # fmt: skip

"""People leave, units are merged, projects move, routes change: what waits goes on, and somebody says who holds it."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from domain.errors import Refusal, TransitionRefused
from domain.reminders import BANGKOK
from domain.roles import Role
from domain.submissions import SubmissionState
from storage import tables
from storage.reference import load_reference
from storage.tables.messaging import AuditAction, NoticeKind
from storage.tables.submissions import Verdict
from tests.chatting import Chatter
from tests.office import Bot, bangkok, labour, texts
from tests.sending import line_on_loopback
from tests.spreadsheets import CLEAN, rows_of, write_xlsx
from tests.submitting import decide_now, submission_of

__all__ = ["labour"]

COORDINATOR, COLLEAGUE, ADMIN, OFFICER = "P00003", "P00004", "P00001", "P00017"
HEAD, DIRECTOR, OTHER_DIRECTOR, CLUSTER_HEAD, SECRETARY = "P00018", "P00015", "P00023", "P00006", "P00005"
AT_DIRECTOR, AT_HEAD, AT_SECRETARY = "รง 0301-66-0001", "รง 0302-66-0001", "รง 0603-66-0004"
"""Where the sample ministry's reports wait: at step 2, 1 and 4 of their routes."""
PEOPLE = ["รหัสบุคคล", "ชื่อ-สกุล", "ตำแหน่ง", "รหัสหน่วยงาน", "วันที่เริ่ม", "วันที่สิ้นสุด", "บทบาท"]
ROUTE = ["รหัสหน่วยงาน", "ลำดับ", "ขั้น", "ผู้อนุมัติ"]
UNITS = ["รหัสหน่วยงาน", "ชื่อหน่วยงาน", "ระดับ", "สังกัด", "ยุบรวมเข้ากับ"]
LEFT = ["P00015", "นายธีรพงษ์ พงษ์ไพบูลย์", "อธิบดี", "รง03", "1 ต.ค. 2565", "19 มี.ค. 2566", "ผู้อนุมัติ"]


@pytest.fixture
def online(labour: Bot) -> Iterator[Bot]:
    """The ministry with a LINE of its own, on which coordinators and approvers are."""
    with line_on_loopback(phones=0) as labour.line:
        labour.link(COORDINATOR, HEAD, DIRECTOR, OTHER_DIRECTOR, CLUSTER_HEAD, SECRETARY)
        yield labour


def imports(bot: Bot, folder: Path, *rows: Sequence[Any]) -> str:
    """Import a sheet, and return what the command says."""
    return bot.run("import", write_xlsx(folder / "file.xlsx", rows))


def holders(bot: Bot, code: str) -> Sequence[str]:
    """Return who may decide where the project's report waits."""
    row = submission_of(bot, code)
    with bot.database.read() as session:
        reference = load_reference(session, bot.at.astimezone(BANGKOK).date())
        return reference.rules.organisation.approvers(reference.unit_codes[row.unit_id], row.step or 1)


def rerouted(bot: Bot) -> Sequence[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    row = tables.AuditEntry
    query = select(row.subject, row.before, row.after).where(row.action == AuditAction.SUBMISSION_REROUTE)
    with bot.database.read() as session:
        return [tuple(found) for found in session.execute(query.order_by(row.id))]


def notices(bot: Bot) -> int:
    row = tables.OutboxMessage
    with bot.database.read() as session:
        query = select(func.count()).where(row.kind.in_([NoticeKind.HANDOVER, NoticeKind.ARRIVAL]))
        return session.scalar(query) or 0


def said(bot: Bot, person: str) -> str:
    """Return all that stands on somebody's phone."""
    return "\n".join("\n".join(texts([message])) for message in bot.phone(person))


def test_an_import_ends_a_role_and_says_what_nobody_holds(online: Bot, tmp_path: Path) -> None:
    assert holders(online, AT_DIRECTOR) == (DIRECTOR,)
    told = imports(online, tmp_path, PEOPLE, LEFT)
    assert "เรื่องที่รออนุมัติเปลี่ยนผู้พิจารณา 1 เรื่อง ยังไม่มีผู้พิจารณา 1 เรื่อง" in told
    with pytest.raises(TransitionRefused, match=Refusal.NOT_YOUR_STEP):
        decide_now(online, DIRECTOR, submission_of(online, AT_DIRECTOR).id)
    online.send()
    assert "ขณะนี้ใครถือเรื่องใด" in said(online, COORDINATOR)
    assert "ยังไม่มีผู้พิจารณา\n1 เรื่อง" in said(online, COORDINATOR)
    assert rerouted(online) == []  # it waits where it waited


def test_a_role_that_ended_this_morning_gives_no_right_any_more(labour: Bot, tmp_path: Path) -> None:
    labour.at = bangkok("19 มี.ค. 66", "20:00")
    assert "เปลี่ยนผู้พิจารณา" not in imports(labour, tmp_path, PEOPLE, LEFT)
    assert holders(labour, AT_DIRECTOR) == (DIRECTOR,)
    labour.at = bangkok("20 มี.ค. 66", "00:01")
    with pytest.raises(TransitionRefused, match=Refusal.NOT_YOUR_STEP):
        decide_now(labour, DIRECTOR, submission_of(labour, AT_DIRECTOR).id)


def test_a_successor_on_the_route_is_told_what_waits(online: Bot, tmp_path: Path) -> None:
    route = [
        [unit, order, stage, OTHER_DIRECTOR if who == DIRECTOR else who] for unit, order, stage, who in _route("รง0301")
    ]
    assert "ทุกเรื่องมีผู้พิจารณา" in imports(online, tmp_path, ROUTE, *route)
    online.send()
    assert AT_DIRECTOR in said(online, OTHER_DIRECTOR)
    assert "อธิบดี\n1 เรื่อง" in said(online, COORDINATOR)
    assert AT_DIRECTOR not in said(online, CLUSTER_HEAD)
    decided = decide_now(online, OTHER_DIRECTOR, submission_of(online, AT_DIRECTOR).id)
    assert decided.position.step == 3


def test_a_route_that_is_shorter_takes_what_waited_behind_its_end_to_its_last_step(online: Bot, tmp_path: Path) -> None:
    before = submission_of(online, AT_SECRETARY)
    with online.writes() as session:
        for step in (1, 2, 3):
            session.add(
                tables.Decision(
                    submission_id=before.id, version=before.version, step=step, stage="AGENCY",
                    verdict=Verdict.APPROVED, decided_by_id=1, decided_at=bangkok("18 มี.ค. 66"),
                )
            )  # fmt: skip
    told = imports(online, tmp_path, ROUTE, *_route("รง0603")[:2], ["รง0603", 3, "กระทรวง", SECRETARY])
    assert "ย้ายหน่วยงานหรือลำดับ 1 เรื่อง" in told
    after = submission_of(online, AT_SECRETARY)
    assert (after.step, after.version) == (3, before.version)
    assert after.arrived_at is not None
    assert after.arrived_at.replace(microsecond=0) == online.at
    subject = f"report:{AT_SECRETARY}:1/2566"
    assert rerouted(online) == [(subject, {"unit": "รง0603", "step": 4}, {"unit": "รง0603", "step": 3})]
    assert notices(online) == 2  # the coordinators: the permanent secretary held it before
    decided = decide_now(online, SECRETARY, after.id)
    assert decided.position.state is SubmissionState.APPROVED


def test_what_waited_at_a_step_that_is_no_more_goes_on_to_the_next(labour: Bot, tmp_path: Path) -> None:
    first, _, third, fourth = _route("รง0301")
    imports(labour, tmp_path, ROUTE, first, third, fourth)
    assert submission_of(labour, AT_DIRECTOR).step == 3
    assert holders(labour, AT_DIRECTOR) == (CLUSTER_HEAD,)


def test_a_merged_unit_goes_by_its_successors_route(online: Bot, tmp_path: Path) -> None:
    unit = ["รง0302", "กองบริหารการคลัง", "กอง", "รง03", "รง0301"]
    assert "เรื่องที่รออนุมัติเปลี่ยนผู้พิจารณา 1 เรื่อง" in imports(online, tmp_path, UNITS, unit)
    assert holders(online, AT_HEAD) == (HEAD,)
    online.send()
    assert AT_HEAD in said(online, HEAD)
    with online.database.read() as session:
        organisation = load_reference(session, online.at.date()).rules.organisation
        assert organisation.enters_data_of(OFFICER, "รง0302", Role.PROJECT_OFFICER)
    assert decide_now(online, HEAD, submission_of(online, AT_HEAD).id).position.step == 2


def test_a_project_that_moves_takes_its_open_items_along(online: Bot, tmp_path: Path) -> None:
    header, *rows = rows_of(CLEAN / "projects.xlsx")
    at = header.index("หน่วยงานระดับกองหรือเทียบเท่า")
    (row,) = [row for row in rows if row[0] == AT_HEAD]
    row[at] = "รง0301"
    assert "ย้ายหน่วยงานหรือลำดับ 1 เรื่อง" in imports(online, tmp_path, header, row)
    assert holders(online, AT_HEAD) == (HEAD,)
    assert rerouted(online)[0][1:] == ({"unit": "รง0302", "step": 1}, {"unit": "รง0301", "step": 1})
    online.send()
    assert AT_HEAD in said(online, HEAD)


def test_an_import_that_changes_nobodys_step_tells_nobody(labour: Bot) -> None:
    before = notices(labour)
    assert "เปลี่ยนผู้พิจารณา" not in labour.run("import", CLEAN)
    assert (notices(labour), rerouted(labour)) == (before, [])


def test_a_coordinator_hands_over_what_waits_for_somebody_who_left(online: Bot) -> None:
    submission = submission_of(online, AT_DIRECTOR).id
    coordinator = Chatter(online, COORDINATOR)
    coordinator.says("โอนเรื่องของผู้ที่พ้นตำแหน่ง")
    assert coordinator.says(AT_HEAD).contains("ระยะเวลา", AT_HEAD)
    coordinator.says("โอนเรื่องของผู้ที่พ้นตำแหน่ง")
    assert coordinator.says("ธีรพงษ์ พงษ์ไพบูลย์").contains("อธิบดี (นายธีรพงษ์ พงษ์ไพบูลย์)", "กกจ.")
    choosing = _button(coordinator, DIRECTOR)
    coordinator.presses(choosing)
    assert coordinator.says(f"ประวัติโครงการ {AT_HEAD}").contains("ประวัติรายงาน", AT_HEAD)
    coordinator.presses(choosing)
    assert coordinator.says("นายกตัญญู จันทร์เพ็ญ").contains("เลือกผู้รับช่วงต่อ")
    shown = coordinator.presses(_button(coordinator, "P00019"))
    assert shown.contains("ยืนยันการโอนเรื่อง", "อธิบดี (นายธีรพงษ์ พงษ์ไพบูลย์)", "(นายกตัญญู จันทร์เพ็ญ)", "1 เรื่อง")
    confirm = shown.buttons()["ยืนยัน"]
    for person in (ADMIN, COORDINATOR):
        assert Chatter(online, person).presses(confirm.replace(":1:1", ":0:1")).contains("ยืนยันการโอนเรื่อง")
    for person in (DIRECTOR, OFFICER):
        assert Chatter(online, person).presses(confirm).contains("ไม่มีสิทธิ")
    done = coordinator.presses(confirm)
    assert done.contains("โอนเรื่องแล้ว", "นักวิเคราะห์นโยบายและแผนปฏิบัติการ", "1 เรื่อง")
    assert coordinator.presses(confirm).contains("โอนไปแล้ว")
    assert holders(online, AT_DIRECTOR) == ("P00019",)
    with pytest.raises(TransitionRefused, match=Refusal.NOT_YOUR_STEP):
        decide_now(online, DIRECTOR, submission)
    assert decide_now(online, "P00019", submission).position.step == 3
    assert _actions(online) >= {AuditAction.ROUTE_CHANGE, AuditAction.ROLE_REVOKE, AuditAction.ROLE_GRANT}


def test_deputies_of_somebody_who_left_decide_nothing_any_more(labour: Bot) -> None:
    with labour.writes() as session:
        ids = dict(session.execute(select(tables.Person.code, tables.Person.id)).all())
        unit = session.scalars(select(tables.Unit.id).where(tables.Unit.code == "รง03")).one()
        acting = {"unit_id": unit, "role": Role.APPROVER, "acting_for_id": ids[DIRECTOR]}
        session.add(tables.RoleAssignment(person_id=ids["P00022"], **acting))
    assert holders(labour, AT_DIRECTOR) == (DIRECTOR, "P00022")
    coordinator = Chatter(labour, COORDINATOR)
    coordinator.presses(f"hv1:{DIRECTOR}:{HEAD}:1:1")
    assert holders(labour, AT_DIRECTOR) == (HEAD,)
    assert AuditAction.DELEGATION_END in _actions(labour)
    assert AuditAction.ROLE_GRANT not in _actions(labour)  # the head of a division is an approver already


def _button(chatter: Chatter, code: str) -> str:
    return next(data for data in chatter.last.buttons().values() if code in data)


def _actions(bot: Bot) -> set[AuditAction]:
    """Return what was audited with an actor."""
    row = tables.AuditEntry
    with bot.database.read() as session:
        return set(session.scalars(select(row.action).where(row.actor_id.is_not(None))))


def _route(unit: str) -> list[list[Any]]:
    return [row for row in rows_of(CLEAN / "routes.xlsx") if row[0] == unit]

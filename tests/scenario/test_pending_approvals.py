"""What waits for whom, said and pressed; sentences that sound like a decision decide nothing."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from domain.roles import Role
from domain.submissions import SubmissionKind, SubmissionState
from domain.windows import Stage
from storage import tables
from storage.shared_state import reference_changed
from storage.tables import Person, Project, RoleAssignment, Submission, Unit
from tests.chatting import Chatter, Shown, Stranger
from tests.office import Bot, bangkok, labour

__all__ = ["labour"]

SECRETARY, CLUSTER_HEAD, DIRECTOR_GENERAL, HEAD = "P00005", "P00006", "P00015", "P00018"
COORDINATOR, ADMIN, MONITOR = "P00003", "P00001", "P00002"
OFFICER, COLLEAGUE, OFFICER_OF_ANOTHER_AGENCY = "P00017", "P00019", "P00033"
MINE, ANOTHERS, EARLIER, LAST = "รง 0301-66-0001", "รง 0202-66-0001", "รง 0302-66-0001", "รง 0603-66-0004"
PRESSES = ("pe1:o:!0:!0:!0:1", "pe1:s:!0:!0:!0:1", "pe1:s:รง05:!0:!0:1", "pe1:o:รง05:2566:1:1", "pe1:s:รง:2566:1:1")


def appoint(bot: Bot, code: str, unit: str, role: Role, position: str, acting_for: str | None = None) -> None:
    """Give somebody a post from today on."""
    with bot.writes() as session:
        ids = dict(session.execute(select(Person.code, Person.id)).all())
        unit_id = session.scalars(select(Unit.id).where(Unit.code == unit)).one()
        session.add(
            RoleAssignment(
                person_id=ids[code], unit_id=unit_id, role=role, position=position,
                valid_from=bot.at.date(), acting_for_id=ids[acting_for] if acting_for else None,
            )
        )  # fmt: skip
        reference_changed(session, datetime.now(UTC))


def contents(bot: Bot) -> Any:
    """Return everything that an approval could have touched."""
    with bot.database.read() as session:
        states = session.execute(select(Submission.id, Submission.state, Submission.step, Submission.version)).all()
        counters = session.execute(select(tables.ReportCount.unit_id, tables.ReportCount.number)).all()
    kept = {name: rows for name, rows in bot.row_counts().items() if name not in ("inbox", "conversations", "outbox")}
    return sorted(states), sorted(counters), kept


def shows_projects(shown: Shown) -> set[str]:
    return {word for word in (MINE, ANOTHERS, EARLIER, LAST) if word in shown.text}


def test_an_executive_is_told_what_waits_with_the_counts_first(labour: Bot) -> None:
    director = Chatter(labour, DIRECTOR_GENERAL)
    shown = director.says("วันนี้มีอะไรให้ผมเซ็นบ้าง")
    assert shows_projects(shown) == {MINE}
    assert shown.text.index("รอท่านพิจารณา\n1 เรื่อง") < shown.text.index(MINE)
    assert shown.contains(
        "วันนี้เป็นวันสุดท้าย\n1 เรื่อง", "ไตรมาส 1/2566 (ต.ค.–ธ.ค. 65)", "รอท่านพิจารณา ตั้งแต่ 20 มี.ค. 66", "ข้อมูล ณ วันที่ 20 มี.ค. 66"
    )
    assert shown.buttons()[MINE].startswith("it1:")
    assert "ค่ะ" not in shown.text


def test_each_of_the_ministry_sees_what_is_theirs_and_with_whom_it_is(labour: Bot) -> None:
    assert shows_projects(Chatter(labour, SECRETARY).says("รายการรออนุมัติ")) == {LAST}
    assert Chatter(labour, SECRETARY).says("รายการรออนุมัติ").contains("ภายในวันที่ 31 มี.ค. 66 (เหลือ 11 วัน / 9 วันทำการ)")
    assert Chatter(labour, HEAD).says("มีเรื่องรออนุมัติกี่เรื่อง").text.splitlines()[1] == "ไม่มีรายการรออนุมัติ"
    mine = Chatter(labour, OFFICER).says("รายการรออนุมัติ")
    assert shows_projects(mine) == {MINE}
    assert mine.contains("รออธิบดี กกจ. พิจารณา ตั้งแต่ 20 มี.ค. 66")
    ministry = Chatter(labour, COORDINATOR).says("รายการรออนุมัติ")
    assert shows_projects(ministry) == {MINE, ANOTHERS, EARLIER, LAST}
    assert ministry.contains("รออนุมัติ\n4 เรื่อง", "รอปลัดกระทรวง\n1 เรื่อง", "รอผู้อำนวยการกอง กกจ.\n1 เรื่อง")
    assert Chatter(labour, MONITOR).says("รายการรออนุมัติ").contains("ไม่มีสิทธิ")


def test_the_most_urgent_comes_first_and_lateness_is_counted(labour: Bot) -> None:
    labour.at = bangkok("22 มี.ค. 66")
    ministry = Chatter(labour, COORDINATOR).says("รายการรออนุมัติ")
    assert ministry.contains("พ้นกำหนดแล้ว\n3 เรื่อง", "พ้นกำหนดแล้ว 2 วัน (กำหนด 20 มี.ค. 66)")
    assert ministry.text.index(EARLIER) < ministry.text.index(MINE) < ministry.text.index(LAST)


def test_a_list_is_narrowed_by_agency_and_by_its_own_name_of_the_quarter(labour: Bot) -> None:
    coordinator = Chatter(labour, COORDINATOR)
    assert shows_projects(coordinator.says("M7 ค้างของ กกจ.")) == {MINE, EARLIER}
    insured = coordinator.says("งานรออนุมัติของ สปส. ไตรมาส 4/65")
    assert shows_projects(insured) == {LAST}
    assert insured.contains("ไตรมาส 4/2565 (ต.ค.–ธ.ค. 65)")
    assert coordinator.says("งานรออนุมัติ กสร. ไตรมาส 1").contains("ไม่มีรายการรออนุมัติค่ะ")


def test_an_admin_is_told_of_ministries_and_goes_into_one(labour: Bot) -> None:
    admin = Chatter(labour, ADMIN)
    country = admin.says("รายการรออนุมัติ")
    assert country.contains("ทุกกระทรวง", "รายงานที่รออนุมัติ\n4 เรื่อง")
    assert shows_projects(country) == set()
    assert shows_projects(admin.presses("รง.")) == {MINE, ANOTHERS, EARLIER, LAST}


def test_an_acting_person_decides_for_the_principal_and_an_assistant_only_prepares(labour: Bot) -> None:
    appoint(labour, HEAD, "รง03", Role.APPROVER, "รักษาราชการแทนอธิบดี", acting_for=DIRECTOR_GENERAL)
    appoint(labour, OFFICER_OF_ANOTHER_AGENCY, "รง", Role.ASSISTANT, "ผู้ช่วยปลัด", acting_for=SECRETARY)
    acting = Chatter(labour, HEAD).says("รายการรออนุมัติ")
    assert shows_projects(acting) == {MINE}
    assert acting.contains("รายการรอท่านพิจารณา", "รวมเรื่องที่ท่านพิจารณาแทน อธิบดี")
    assistant = Chatter(labour, OFFICER_OF_ANOTHER_AGENCY)
    prepared = assistant.says("รายการรออนุมัติ")
    assert shows_projects(prepared) == {LAST}
    assert prepared.contains("เรื่องของ ปลัดกระทรวง", "การพิจารณาเป็นของผู้อนุมัติ", "รอปลัดกระทรวง พิจารณา")
    assert "รอท่านพิจารณา" not in prepared.text
    before = contents(labour)
    opened = assistant.says(f"อนุมัติ {LAST}")
    assert opened.contains("รอปลัดกระทรวง พิจารณา", "การพิจารณาเป็นของผู้อนุมัติ")
    assert contents(labour) == before
    whole = assistant.presses("ดูที่รออยู่ทั้งหมด") if "ดูที่รออยู่ทั้งหมด" in prepared.buttons() else prepared
    assert MINE not in whole.text


def test_nobody_sees_another_agency_by_words_or_forged_buttons(labour: Bot) -> None:
    officer, other, stranger = (Chatter(labour, OFFICER), Chatter(labour, OFFICER_OF_ANOTHER_AGENCY), Stranger(labour))
    for press in PRESSES:
        assert shows_projects(other.presses(press)) == shows_projects(stranger.presses(press)) == set()
        assert shows_projects(officer.presses(press)) <= {MINE}
    for sentence in ("รายการรออนุมัติของ กกจ.", f"อนุมัติ {MINE}", "เห็นชอบโครงการสร้างเครือข่ายแรงงานนอกระบบ"):
        shown = other.says(sentence).text
        assert "อธิบดี กกจ." not in shown
        assert "ยุควิถีใหม่" not in shown


def test_a_button_that_was_tampered_with_is_answered(labour: Bot) -> None:
    coordinator = Chatter(labour, COORDINATOR)
    for press in (
        "pe1:s:xx:!0:!0:1",
        "pe1:s:!0:2566:9:1",
        "pe1:s:!0:99999999:1:1",
        f"pe1:s:!0:!0:!0:{10**30}",
        "pe1:x:!0",
    ):
        shown = coordinator.presses(press)
        assert shown.text
        assert "ระบบขัดข้อง" not in shown.text


def test_words_open_the_item_and_change_nothing(labour: Bot) -> None:
    director = Chatter(labour, DIRECTOR_GENERAL)
    before = contents(labour)
    for said, told in (
        ("ผ่านค่ะ", "รายการรอท่านพิจารณา"),
        (f"อนุมัติ {MINE}", "รอท่านพิจารณา ลำดับที่ 2 จาก 4"),
        ("เห็นชอบโครงการสร้างเครือข่ายแรงงานนอกระบบ", "ยืนยันอนุมัติ ลำดับที่ 2 จาก 4"),
        (f"ส่งกลับแก้ไข {MINE} งบประมาณไม่ตรงกับแผนการใช้จ่าย", "“งบประมาณไม่ตรงกับแผนการใช้จ่าย”"),
        (f"คืนเรื่อง {MINE}", "โปรดพิมพ์เหตุผลที่ส่งกลับ"),
        ("ยกเลิก", "ไม่มีการบันทึกสิ่งใด"),
        ("อนุมัติทั้งหมดที่รออยู่ของ กกจ.", "รายการรอท่านพิจารณา"),
        (f"อนุมัติ {EARLIER}", "ไม่พบเรื่องที่รอท่านพิจารณา"),
        ("อนุมัติ รง 0501-66-0001", "ไม่พบเรื่องที่รอท่านพิจารณา"),
    ):
        assert told in director.says(said).text, said
    assert contents(labour) == before


def test_a_bare_yes_means_the_card_just_shown(labour: Bot) -> None:
    director = Chatter(labour, DIRECTOR_GENERAL)
    director.says("รายการรออนุมัติ")
    before = contents(labour)
    assert director.says("ผ่านค่ะ").contains("รอท่านพิจารณา ลำดับที่ 2 จาก 4", MINE)
    assert director.says("ผ่านค่ะ").contains("ยืนยันอนุมัติ ลำดับที่ 2 จาก 4", MINE)
    assert contents(labour) == before


def test_an_officer_who_asks_for_an_approval_hears_how_it_goes_and_whose_step_it_is(labour: Bot) -> None:
    officer = Chatter(labour, OFFICER)
    before = contents(labour)
    assert officer.says("อนุมัติ").contains("1. ผู้อำนวยการกอง", "2. อธิบดี", "4. ปลัดกระทรวง")
    assert officer.says(f"อนุมัติ {MINE}").contains("ไม่ได้อยู่ในลำดับการอนุมัติของท่าน", "รออธิบดี กกจ. พิจารณา", "ลำดับที่ 2")
    assert Chatter(labour, COLLEAGUE).says(f"อนุมัติ {MINE}").contains("ไม่พบ")
    assert contents(labour) == before


def long_list(bot: Bot) -> None:
    """Let 12 entries with names of 300 characters, of all kinds of signs, wait for the head of a division."""
    name = ('โครงการ "ทดสอบ" </b> {{ 7*7 }} \\ 🙂\nบรรทัดใหม่ ' + "ยกระดับทักษะแรงงานไทย" * 20)[:300]
    with bot.writes() as session:
        unit = session.scalars(select(Unit.id).where(Unit.code == "รง0301")).one()
        for number in range(12):
            project = Project(
                code=f"รง 0301-66-01{number:02}", unit_id=unit, fiscal_year=2566, name=name,
                start_month=date(2022, 10, 1), end_month=date(2023, 9, 1),
            )  # fmt: skip
            session.add(project)
            session.flush()
            session.add(
                Submission(
                    project_id=project.id, unit_id=unit, kind=SubmissionKind.PROJECT_ENTRY, fiscal_year=2566, quarter=0,
                    state=SubmissionState.PENDING_APPROVAL, version=1, step=1, arrived_at=bot.at,
                )
            )  # fmt: skip


def test_long_lists_come_ten_a_page_and_take_any_name(labour: Bot) -> None:
    long_list(labour)
    head = Chatter(labour, HEAD)
    first = head.says("รายการรออนุมัติ")
    assert first.contains("รอท่านพิจารณา\n12 เรื่อง", "หน้า 1 จาก 2", "ข้อมูลโครงการ", "รง 0301-66-0100")
    assert "รง 0301-66-0111" not in first.text
    second = head.says("หน้าถัดไป")
    assert second.contains("หน้า 2 จาก 2", "รง 0301-66-0111")
    assert head.presses("หน้าก่อน").contains("หน้า 1 จาก 2")
    assert head.says("อนุมัติ รง 0301-66-0111").contains("รอท่านพิจารณา ลำดับที่ 1 จาก 4", "ข้อมูลโครงการ")
    assert head.says("เห็นชอบโครงการทดสอบ").text


def test_what_was_returned_or_approved_waits_no_more(labour: Bot) -> None:
    labour.report(MINE, SubmissionState.RETURNED, returned_by=Stage.AGENCY)
    labour.report(EARLIER, SubmissionState.APPROVED)
    assert shows_projects(Chatter(labour, COORDINATOR).says("รายการรออนุมัติ")) == {ANOTHERS, LAST}

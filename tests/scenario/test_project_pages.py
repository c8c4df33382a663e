"""A whole project to read: all that was entered (M1 to M5), and what an edit changes in it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import inspect, select, update

from handlers.conversation import Page
from storage import tables
from storage.reference import load_reference
from storage.submissions.entries import ProjectEntry, save_edit, save_entry
from storage.submissions.project_changes import NOT_EDITABLE
from storage.submissions.sending import submit, withdraw
from storage.tables.projects import FundingKind, LinkKind
from storage.tables.submissions import Verdict
from tests.chatting import Chatter
from tests.handset import Handset
from tests.office import Bot, labour
from tests.submitting import actor_of, decide_now, moment

__all__ = ["labour"]

OFFICER, HEAD, DIRECTOR, CLUSTER, SECRETARY = "P00033", "P00034", "P00031", "P00006", "P00005"
COORDINATOR, MONITOR, OTHER_OFFICER = "P00004", "P00002", "P00017"
CODE = "รง 0501-66-0003"


@pytest.fixture
def phone(labour: Bot) -> Handset:
    return Handset(labour)


def reads(phone: Handset, person: str, code: str = CODE) -> str:
    """Return what the page with the project says to a person."""
    page = phone.get(phone.opens(person, Page.PROJECT, {"code": code}))
    assert page.status_code == 200
    return page.text


def is_refused(phone: Handset, person: str, code: str = CODE) -> bool:
    path = phone.path(person, Page.PROJECT, {"code": code})
    return phone.get(path).status_code == phone.posts(path).status_code == 404


def sends_edit(bot: Bot, **values: Any) -> int:
    with bot.database.write() as session:
        reference, by = load_reference(session, bot.at.date()), actor_of(session, OFFICER)
        saved = save_edit(session, reference, by, CODE, values, moment(bot))
        return submit(session, reference, by, saved.row.id, moment(bot), changes=saved.changes).submission_id


def test_all_fields_of_a_project_stand_on_the_page_by_module(phone: Handset, labour: Bot) -> None:
    with labour.writes() as session:
        project = session.scalars(select(tables.Project).where(tables.Project.code == CODE)).one()
        project.rationale = "บรรทัดแรก\nบรรทัดที่สอง <script>alert(1)</script>"
        project.director_fax, project.latitude = "0-2000-0000", 13.75
        activity = tables.Activity(project_id=project.id, name="กิจกรรมหลัก\u202eกลับทิศ", in_q2=True, in_q3=True)
        session.add(activity)
        session.flush()
        amounts = {"q1": Decimal(1), "q2": Decimal(2), "q3": Decimal(3), "q4": Decimal("4.50")}
        year, day = 2566, date(2023, 2, 9)
        session.add_all(
            (
                tables.Activity(project_id=project.id, parent_id=activity.id, name="กิจกรรมย่อยที่หนึ่ง"),
                tables.ProjectLink(project_id=project.id, kind=LinkKind.LAW, name="พ.ร.บ. ตัวอย่าง"),
                tables.FundingSource(
                    project_id=project.id, kind=FundingKind.OTHER, origin="กองทุน", amount=Decimal(1_234_567)
                ),
                tables.SpendingPlan(
                    project_id=project.id, fiscal_year=year, dated_on=day, carried_over=Decimal(99), **amounts
                ),
            )
        )
    page = reads(phone, OFFICER)
    for words in (
        "M1 ความเชื่อมโยงกับแผน", "M2 ข้อมูลทั่วไป", "M3 รายละเอียดโครงการ", "M4 กิจกรรม", "M5 งบประมาณ",
        "พ.ร.บ. ตัวอย่าง", "0-2000-0000", "13.75", "บรรทัดแรก\nบรรทัดที่สอง &lt;script&gt;",
        "กิจกรรมย่อย: กิจกรรมย่อยที่หนึ่ง (ไม่ได้กำหนดไตรมาส)", "(ไตรมาส 2, 3)",
        "อื่น ๆ กองทุน", "1,234,567.00 บาท",
        "แผนการใช้จ่าย ปีงบประมาณ 2566 ฉบับลงวันที่ 9 ก.พ. 66", "10.50 บาท", "99.00 บาท",
        "ฉบับแรก (มีฉบับใหม่กว่าแล้ว)",
    ):  # fmt: skip
        assert words in page
    editable = {column.key for column in inspect(tables.Project).columns} - NOT_EDITABLE
    assert [name for name in sorted(editable) if f'id="field-{name}"' not in page] == []
    assert "<script" not in page
    assert "ขอแก้ไข" not in page
    assert len(page.encode()) < 60_000


def test_what_says_nothing_of_a_project_has_no_row_of_its_own(phone: Handset, labour: Bot) -> None:
    page = reads(phone, OFFICER)
    assert '<dd class="written"><bdi>–</bdi>' not in page
    assert 'ยังไม่มีข้อมูล: <span id="field-' in page


def test_an_edit_stands_beside_the_official_value_all_along_its_way(phone: Handset, labour: Bot) -> None:
    item = sends_edit(labour, owner_name="นางสาวใหม่", end_month=date(2024, 12, 1))
    page = reads(phone, OFFICER)
    assert "ฉบับที่ 1 · รออนุมัติ · ลำดับที่ 1 จาก 4" in page
    assert "ขอแก้ไขเป็น รออนุมัติ:</strong> <bdi>นางสาวใหม่" in page
    assert "ธ.ค. 67" in page
    decide_now(labour, HEAD, item, Verdict.RETURNED, "ชื่อเจ้าของโครงการสะกดไม่ตรงกับคำสั่ง")
    page = reads(phone, OFFICER)
    assert "ส่งกลับแก้ไข: “ชื่อเจ้าของโครงการสะกดไม่ตรงกับคำสั่ง”" in page
    assert "ขอแก้ไขเป็น ส่งกลับแก้ไข:</strong> <bdi>นางสาวใหม่" in page
    sends_edit(labour, owner_name="นางสาวใหม่กว่า")
    with labour.database.write() as session:
        reference, by = load_reference(session, labour.at.date()), actor_of(session, OFFICER)
        withdraw(session, reference, by, item, 2, moment(labour))
    assert "ร่างการแก้ไขเป็น:</strong> <bdi>นางสาวใหม่กว่า" in reads(phone, OFFICER)
    assert sends_edit(labour, owner_name="นางสาวใหม่ที่สุด") == item
    with labour.database.read() as session:
        before = session.scalars(select(tables.Project.owner_name).where(tables.Project.code == CODE)).one()
    for approver in (HEAD, DIRECTOR, CLUSTER, SECRETARY):
        decide_now(labour, approver, item)
    page = reads(phone, OFFICER)
    assert "อนุมัติแล้ว" in page
    assert f"<strong>เดิม:</strong> <bdi>{before or '–'}</bdi>" in page
    assert "<bdi>นางสาวใหม่ที่สุด</bdi>" in page


def test_who_sees_approved_data_alone_learns_of_no_edit(phone: Handset, labour: Bot) -> None:
    sends_edit(labour, owner_name="นางสาวใหม่")
    assert "นางสาวใหม่" in reads(phone, COORDINATOR)
    assert "นางสาวใหม่" not in (seen := reads(phone, MONITOR))
    assert "รออนุมัติ" not in seen
    assert "นางสาวใหม่" not in reads(phone, DIRECTOR)  # it has not come to the step yet
    assert is_refused(phone, OTHER_OFFICER)
    assert is_refused(phone, OFFICER, "รง 9999-66-0001")


def test_a_new_project_is_read_while_it_is_on_its_way_by_its_unit_and_by_who_decides(
    phone: Handset, labour: Bot
) -> None:
    with labour.database.write() as session:
        reference, by = load_reference(session, labour.at.date()), actor_of(session, OFFICER)
        values = {
            "name": "โครงการใหม่", "fiscal_year": 2566, "start_month": date(2023, 4, 1), "end_month": date(2023, 9, 1),
            "uses_budget": False,
        }  # fmt: skip
        entry = ProjectEntry("รง 0501-66-0900", "รง0501", values)
        save_entry(session, reference, by, entry, moment(labour))
    page = reads(phone, OFFICER, "รง 0501-66-0900")
    assert "ฉบับร่าง" in page
    assert "ไม่ใช้งบประมาณ" in page
    assert is_refused(phone, DIRECTOR, "รง 0501-66-0900")
    assert is_refused(phone, MONITOR, "รง 0501-66-0900")


def test_the_session_shows_what_its_person_may_see_now(phone: Handset, labour: Bot) -> None:
    opened = phone.opens(OFFICER, Page.PROJECT, {"code": CODE})
    assert phone.get(opened).status_code == 200
    with labour.writes() as session:
        moved = select(tables.Unit.id).where(tables.Unit.code == "รง0301").scalar_subquery()
        session.execute(update(tables.Project).where(tables.Project.code == CODE).values(unit_id=moved))
    assert phone.get(opened).status_code == 404


def test_from_the_card_of_a_project_its_page_opens(labour: Bot) -> None:
    officer = Chatter(labour, OFFICER)
    officer.says(f"สถานะโครงการ {CODE}")
    card = officer.presses("รายละเอียดโครงการ")
    assert card.contains(CODE, "ข้อมูลตามแบบ M1–M5")
    assert "/w/l/" in card.actions()["เปิดดูข้อมูลโครงการ"]["uri"]
    assert officer.presses("ดูสถานะโครงการ").contains(CODE)
    assert Chatter(labour, OTHER_OFFICER).presses(f"oj1:{CODE}").contains("ไม่พบโครงการ")

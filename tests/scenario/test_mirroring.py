"""Ministries that still key into eMENSCR: texts to copy, the note that it was done, and the list of what is left."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from domain.errors import Refusal, TransitionRefused
from handlers.approval_presses import AskApproval
from handlers.mirror_presses import ConfirmMirrored, ListUnmirrored, MarkMirrored, OpenMirror, UnmarkMirrored
from handlers.project_presses import ShowProject
from handlers.reminders import ShowAllDuties
from messages_th.mirroring import COPY, DONE, UNDO
from storage import tables
from storage.reference import load_reference
from storage.submissions.mirroring import mark_mirrored
from storage.tables.messaging import AuditAction, AuditEntry
from storage.tables.submissions import Origin
from tests.chatting import Chatter, Shown, Stranger
from tests.handset import PUBLIC_URL
from tests.office import Bot, bangkok, labour
from tests.spreadsheets import write_xlsx
from tests.submitting import actor_of, decide_now, moment, send_report, submission_of

__all__ = ["labour"]

OFFICER, HEAD, COORDINATOR, ADMIN, MONITOR = "P00033", "P00034", "P00003", "P00001", "P00002"
OTHER_UNITS, DIRECTOR_GENERAL, LAST = "P00017", "P00031", "P00005"
ROUTE = (HEAD, DIRECTOR_GENERAL, "P00006", LAST)
PROJECT = "รง 0501-66-0003"
LEFT = "อนุมัติแล้วแต่ยังไม่บันทึกใน eMENSCR"
STILL = "ยังต้องบันทึกใน eMENSCR"
REPORTS = ["รหัสโครงการ", "ปีงบประมาณ", "ไตรมาส", "สถานะ", "วันที่บันทึกใน eMENSCR"]
FROM_US = {"Origin": PUBLIC_URL}


@pytest.fixture
def office(labour: Bot) -> Bot:
    """The sample ministry, which keys what is approved into eMENSCR; all its imported reports are there already."""
    labour.run("policy", "set", "mirror_emenscr", "on", "--ministry", "รง")
    with labour.writes() as session:
        session.execute(update(tables.Submission).values(mirrored_on=date(2023, 3, 1)))
    return labour


def approved(bot: Bot, code: str = PROJECT) -> int:
    """Let a report go up its whole route, and return its id."""
    number = send_report(bot, OFFICER, code)
    for approver in ROUTE:
        decide_now(bot, approver, number)
    return number


def clipboards(messages: list[Mapping[str, Any]]) -> list[str]:
    """Return what the buttons of an answer copy."""

    def found(part: Any) -> list[str]:
        if isinstance(part, Mapping):
            own = [part["clipboardText"]] if part.get("type") == "clipboard" else []
            return own + [text for value in part.values() for text in found(value)]
        return [text for value in part for text in found(value)] if isinstance(part, list) else []

    return found(list(messages))


def trail(bot: Bot) -> list[tuple[str, Any, Any]]:
    """Return what was noted of eMENSCR, oldest first."""
    noted = (AuditAction.SUBMISSION_MIRROR, AuditAction.SUBMISSION_UNMIRROR)
    with bot.database.read() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action.in_(noted)).order_by(AuditEntry.id))
        return [(entry.action, entry.before, entry.after) for entry in entries]


def test_after_the_last_approval_the_officer_copies_every_field_and_notes_that_it_is_done(office: Bot) -> None:
    officer, chief = Chatter(office, OFFICER), Chatter(office, LAST)
    number = send_report(office, OFFICER, PROJECT, summary="ดำเนินการแล้ว\nครบทุก “ข้อ”")
    for approver in ROUTE[:-1]:
        decide_now(office, approver, number)
    chief.presses(AskApproval(number, 1, 4).pack())
    final = chief.presses("ยืนยันอนุมัติ")
    assert final.contains("อนุมัติครบทุกลำดับแล้ว", f"หน่วยงาน{STILL}")
    office.at = bangkok("20 มี.ค. 66", "09:30")
    office.send()
    officer.last = Shown(office.phone(OFFICER)[-1:])
    assert officer.last.contains("อนุมัติครบทุกลำดับแล้ว", STILL)
    shown = officer.presses(COPY)
    texts = clipboards(list(shown.messages))
    assert texts[:3] == ["จัดอบรมแล้ว 12 รุ่น", "ผู้ผ่านการอบรมมีงานทำร้อยละ 82", "ร้อยละ 80 ของเป้าหมาย"]
    assert "321899.67" in texts
    assert texts[-3:] == ["ดำเนินการแล้ว\nครบทุก “ข้อ”", "ไม่มี", "ไม่มี"]
    assert shown.contains("ความคืบหน้า: ผลผลิต", "ผลการเบิกจ่ายไตรมาสนี้ ตามจริง (บาท)", "ปัญหา/อุปสรรค", STILL)
    asked = officer.presses(DONE)
    assert asked.contains("วันจันทร์ที่ 20 มี.ค. 66", "บอตไม่ได้บันทึกใน eMENSCR ให้")
    done = officer.presses("ยืนยัน")
    assert done.contains("หน่วยงานแจ้งว่าบันทึกใน eMENSCR แล้ว เมื่อ 20 มี.ค. 66 โดย")
    row = submission_of(office, PROJECT)
    assert (row.mirrored_on, row.version) == (date(2023, 3, 20), 1)
    assert officer.presses(ShowProject(PROJECT).pack()).contains("หน่วยงานแจ้งว่าบันทึกใน eMENSCR แล้ว")
    again = officer.presses(ConfirmMirrored(number, 1, date(2023, 3, 19)).pack())
    assert again.contains("หน่วยงานแจ้งว่าบันทึกใน eMENSCR แล้ว เมื่อ 20 มี.ค. 66")
    taken_back = officer.presses(UNDO)
    assert taken_back.contains(STILL)
    assert submission_of(office, PROJECT).mirrored_on is None
    told_of = {"version": 1, "mirrored_on": "2023-03-20"}
    assert trail(office) == [
        (AuditAction.SUBMISSION_MIRROR, {}, told_of), (AuditAction.SUBMISSION_UNMIRROR, told_of, {}),
    ]  # fmt: skip


def test_the_day_may_be_another_but_not_ahead_nor_before_the_approval(office: Bot) -> None:
    number = approved(office)
    office.at = bangkok("24 มี.ค. 66", "09:00")
    officer = Chatter(office, OFFICER)
    officer.presses(MarkMirrored(number, 1, None).pack())
    picker = officer.last.actions()["เลือกวันอื่น"]
    assert (picker["type"], picker["min"], picker["max"]) == ("datetimepicker", "2023-03-20", "2023-03-24")
    assert officer.presses("เลือกวันอื่น", date="2023-03-22").contains("วันพุธที่ 22 มี.ค. 66")
    assert officer.presses("ยืนยัน").contains("เมื่อ 22 มี.ค. 66")
    officer.presses(UNDO)
    for impossible in ("2023-03-19", "2023-03-25"):
        told = officer.presses(MarkMirrored(number, 1, None).pack(), date=impossible)
        assert told.contains("ต้องไม่ก่อนวันที่อนุมัติครบทุกลำดับ และไม่หลังวันนี้", "วันศุกร์ที่ 24 มี.ค. 66")
        forged = officer.presses(ConfirmMirrored(number, 1, date.fromisoformat(impossible)).pack())
        assert forged.contains("ต้องไม่ก่อนวันที่อนุมัติครบทุกลำดับ")
    assert submission_of(office, PROJECT).mirrored_on is None


def test_what_is_left_is_listed_for_officer_and_coordinator_alone(office: Bot) -> None:
    number = approved(office)
    office.at = bangkok("21 มี.ค. 66", "09:00")
    in_words = "โครงการที่ยังไม่ได้คีย์ลง อีเมนเซอร์ มีอะไรบ้างคะ"
    for person, sentence in ((OFFICER, LEFT), (COORDINATOR, in_words), (ADMIN, LEFT)):
        chatter = Chatter(office, person)
        listed = chatter.says(sentence)
        assert listed.contains(LEFT, "1 รายงาน", PROJECT, "อนุมัติครบทุกลำดับเมื่อ 20 มี.ค. 66", "บอตไม่ได้ตรวจหรือบันทึก")
        assert chatter.presses(ShowAllDuties().pack()).contains(LEFT, "1 รายงาน") is (person != ADMIN)
        chatter.presses(ListUnmirrored(None, 1).pack())
        assert chatter.presses(PROJECT).contains("จัดอบรมแล้ว 12 รุ่น")
    assert DONE not in Chatter(office, COORDINATOR).presses(OpenMirror(number).pack()).actions()
    nothing = "ไม่พบรายงานนี้ในรายการที่ท่านบันทึกใน eMENSCR ได้"
    other = Chatter(office, OTHER_UNITS)
    assert other.presses(ListUnmirrored(None, 1).pack()).contains(f"ไม่มีรายงานที่{LEFT}")
    assert other.presses(ListUnmirrored("รง05", 1).pack()).contains(f"ไม่มีรายงานที่{LEFT}")
    for press in (OpenMirror(number), MarkMirrored(number, 1, None), ConfirmMirrored(number, 1, date(2023, 3, 21))):
        assert other.presses(press.pack()).contains(nothing)
        assert not Chatter(office, MONITOR).presses(press.pack()).contains(PROJECT)
        assert not Stranger(office).presses(press.pack()).contains(PROJECT)
    assert Chatter(office, COORDINATOR).presses(UnmarkMirrored(number, 1).pack()).contains("ไม่มีสิทธิ")
    assert submission_of(office, PROJECT).mirrored_on is None


def test_a_ministry_that_need_not_is_never_asked(labour: Bot) -> None:
    number = approved(labour)
    officer = Chatter(labour, OFFICER)
    assert COPY not in officer.presses(ShowProject(PROJECT).pack()).actions()
    assert LEFT not in officer.presses(ShowAllDuties().pack()).text
    assert officer.presses(ListUnmirrored(None, 1).pack()).contains(f"ไม่มีรายงานที่{LEFT}")
    assert officer.presses(OpenMirror(number).pack()).contains("ไม่พบรายงานนี้")
    with labour.database.write() as session:
        reference, by, on = load_reference(session, date(2023, 3, 20)), actor_of(session, OFFICER), date(2023, 3, 20)
        with pytest.raises(TransitionRefused) as refused:
            mark_mirrored(session, reference, by, number, 1, on, moment(labour))
    assert refused.value.refusal is Refusal.WRONG_STATE


def test_of_a_whole_ministry_it_is_counted_by_agency_and_told_down_to_the_report(office: Bot) -> None:
    with office.writes() as session:
        session.execute(update(tables.Submission).values(mirrored_on=None))
    coordinator = Chatter(office, COORDINATOR)
    ministry = coordinator.says(LEFT)
    assert ministry.contains("กกจ.", "สปส.")
    assert "รง 0301" not in ministry.text
    agency = coordinator.presses("กกจ.")
    assert agency.contains("รง 0301-66-0002", "กองบริหารการคลัง กกจ.")
    assert "รง 05" not in agency.text


def test_a_report_that_is_opened_again_has_to_be_written_again(office: Bot) -> None:
    number = approved(office)
    officer = Chatter(office, OFFICER)
    officer.presses(ConfirmMirrored(number, 1, date(2023, 3, 20)).pack())
    admin = Chatter(office, ADMIN)
    admin.presses(ShowProject(PROJECT).pack())
    admin.presses("เปิดให้แก้ไขอีกครั้ง")
    admin.says("พบว่าผลเบิกจ่ายคลาดเคลื่อนจากบัญชี")
    admin.presses("ยืนยัน")
    assert submission_of(office, PROJECT).mirrored_on is None
    assert officer.presses(OpenMirror(number).pack()).contains("ไม่พบรายงานนี้")
    assert approved(office) == number
    old = officer.presses(MarkMirrored(number, 1, None).pack())
    assert old.contains(STILL)
    assert DONE in old.actions()
    assert officer.presses(OpenMirror(number).pack()).contains(STILL)


def test_an_import_notes_it_also_of_what_went_through_the_bot_and_never_takes_it_back(
    office: Bot, tmp_path: Path
) -> None:
    number, imported = approved(office), "รง 0301-66-0002"
    with office.writes() as session:
        session.execute(update(tables.Submission).values(mirrored_on=None))
    waiting = "รง 0301-66-0001"

    def imports(*rows: list[Any]) -> Any:
        return office.json("import", write_xlsx(tmp_path / "reports.xlsx", [REPORTS, *rows]))

    rows = [[code, 2566, 1, "อนุมัติแล้ว", "22 มี.ค. 2566"] for code in (PROJECT, imported)]
    office.at = bangkok("24 มี.ค. 66")
    first = imports(*rows, [waiting, 2566, 1, "รออนุมัติ", "22 มี.ค. 2566"])
    assert first["files"]["reports.xlsx"]["updated"] == 3
    assert [one["value"] for one in first["warnings"] if "ยังไม่อนุมัติ หรือเป็นวันที่ยังมาไม่ถึง" in one["message"]] == [
        "22 มี.ค. 66"
    ]
    for code in (PROJECT, imported):
        row = submission_of(office, code)
        assert (row.mirrored_on, row.mirrored_by_id) == (date(2023, 3, 22), None)
    assert submission_of(office, PROJECT).origin is Origin.BOT
    again = imports(*rows)["files"]["reports.xlsx"]
    assert (again["updated"], again["unchanged"]) == (0, 2)
    imports(*[[code, 2566, 1, "อนุมัติแล้ว", None] for code in (PROJECT, imported)])
    assert (
        submission_of(office, imported).mirrored_on == submission_of(office, PROJECT).mirrored_on == date(2023, 3, 22)
    )
    officer = Chatter(office, OFFICER)
    assert officer.presses(OpenMirror(number).pack()).contains("เมื่อ 22 มี.ค. 66 (ตามไฟล์ที่นำเข้า)")
    officer.presses(UNDO)
    officer.presses(ConfirmMirrored(number, 1, date(2023, 3, 21)).pack())
    kept = imports(*rows)
    (told,) = [one["message"] for one in kept["warnings"] if one["value"] == "22 มี.ค. 66"]
    assert told.endswith("ต่างจากข้อมูลที่ส่งหรือพิจารณาผ่านบอตแล้ว (21 มี.ค. 66) จึงไม่เปลี่ยนแปลง")
    assert submission_of(office, PROJECT).mirrored_on == date(2023, 3, 21)
    ahead = imports([imported, 2566, 1, "อนุมัติแล้ว", "25 มี.ค. 2566"])
    assert any("ยังมาไม่ถึง" in one["message"] for one in ahead["warnings"])
    assert submission_of(office, imported).mirrored_on == date(2023, 3, 22)


def test_a_file_cannot_date_it_before_the_approval_in_the_bot(office: Bot, tmp_path: Path) -> None:
    approved(office)
    with office.writes() as session:
        session.execute(update(tables.Submission).values(mirrored_on=date(2023, 3, 22)))
    imported = "รง 0301-66-0002"  # when it was approved is not on record
    rows = [[code, 2566, 1, "อนุมัติแล้ว", "19 มี.ค. 2566"] for code in (PROJECT, imported)]
    office.at = bangkok("24 มี.ค. 66")
    told = office.json("import", write_xlsx(tmp_path / "reports.xlsx", [REPORTS, *rows]))
    (refused,) = [one for one in told["warnings"] if one["column"] == REPORTS[-1]]
    assert (refused["row"], refused["column"], refused["value"]) == (2, REPORTS[-1], "19 มี.ค. 66")
    assert "ก่อนวันที่อนุมัติครบทุกลำดับ" in refused["message"]
    assert submission_of(office, PROJECT).mirrored_on == date(2023, 3, 22)
    assert submission_of(office, imported).mirrored_on == date(2023, 3, 19)

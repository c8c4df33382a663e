"""The audit trail cannot be altered, and an operator gets it as a spreadsheet that people can read."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from python_calamine import CalamineWorkbook
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from messages_th import audit as thai
from storage.database import Database, make_engine
from storage.exports import spreadsheet
from storage.exports.audit_entries import AuditWanted, audit_entries
from storage.exports.spreadsheet import Table, write_table
from storage.schema import _config, upgrade
from storage.tables import AuditEntry
from storage.tables.messaging import AuditAction
from storage.tables.submissions import Verdict
from tests.office import Bot, labour
from tests.operator_at_shell import Operator, at_office, operator
from tests.submitting import actor_of, decide_now, send_report

__all__ = ["at_office", "labour", "operator"]

PROJECT = "รง 0501-66-0003"
OFFICER, HEAD = "P00033", "P00034"


def sheet(path: Path) -> Sequence[Mapping[str, str]]:
    """Return the rows of the first sheet by their headers."""
    header, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    return [dict(zip(map(str, header), map(str, row), strict=True)) for row in rows]


def exported(bot: Bot, folder: Path, *options: str) -> Sequence[Mapping[str, str]]:
    out = folder / "audit.xlsx"
    bot.run("export", "audit", "--out", out, *options)
    return sheet(out)


@pytest.mark.parametrize(
    "change",
    (
        update(AuditEntry).values(subject="person:P00001"),
        delete(AuditEntry),
        text("UPDATE audit SET after = NULL WHERE id = 1"),
        text("DELETE FROM audit WHERE id = 1"),
        text("INSERT INTO audit SELECT * FROM audit WHERE id = 1"),
    ),
)
def test_no_entry_can_be_changed_or_removed(database_url: str, change: object) -> None:
    database = Database(database_url)
    entry = AuditEntry(id=1, at=datetime(2026, 1, 5, tzinfo=UTC), action=AuditAction.IMPORT_RUN, subject="import")
    with database.write() as session:
        session.add(entry)
    with pytest.raises(DBAPIError), database.write() as session:
        session.execute(change)  # type: ignore[call-overload]
    with database.read() as session:
        assert [each.subject for each in session.scalars(select(AuditEntry))] == ["import"]
    database.dispose()


def test_an_entry_that_was_loaded_cannot_be_changed_either(labour: Bot) -> None:
    for change in (_rename, Session.delete):
        with pytest.raises(DBAPIError, match="append-only"), labour.database.write() as session:
            change(session, session.scalars(select(AuditEntry).limit(1)).one())


def _rename(_: Session, entry: AuditEntry) -> None:
    entry.channel = "line"


def test_not_even_replacing_or_emptying_gets_around_it(sqlite_url: str, postgres_url: str) -> None:
    for url, statement in (
        (sqlite_url, "INSERT OR REPLACE INTO audit SELECT * FROM audit"),
        (postgres_url, "TRUNCATE audit"),
    ):
        database = Database(url)
        with database.write() as session:
            session.add(AuditEntry(at=datetime.now(UTC), action=AuditAction.IMPORT_RUN, subject="import"))
        with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
            session.execute(text(statement))
        database.dispose()


def test_a_database_of_the_release_before_keeps_its_trail_and_is_guarded_from_then_on(
    sqlite_url: str, postgres_url: str, tmp_path: Path
) -> None:
    for url in (f"sqlite:///{tmp_path}/old.db", _emptied(postgres_url)):
        engine = make_engine(url)
        with engine.begin() as connection:
            command.upgrade(_config(connection), "0002")
            connection.execute(
                text("INSERT INTO audit (at, action, subject, channel) VALUES (:at, 'import:run', 'import', 'cli')"),
                {"at": "2026-01-05 00:00:00"},
            )
        engine.dispose()
        upgrade(url)
        database = Database(url)
        with database.read() as session:
            old = session.scalars(select(AuditEntry)).one()
            assert (old.subject, old.event_id, old.business_at) == ("import", "", None)
        with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
            session.execute(delete(AuditEntry))
        database.dispose()


def _emptied(url: str) -> str:
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return url


def test_every_action_and_channel_has_words() -> None:
    assert set(thai.ACTIONS) == {action.value for action in AuditAction}
    assert {thai.channel_word(channel) for channel in ("line", "page", "api", "cli")} == {
        "LINE", "หน้าเว็บ", "API ของหน่วยงาน", "คำสั่งของผู้ดูแลระบบ",
    }  # fmt: skip


def test_the_spreadsheet_says_who_did_what_about_what_from_what_to_what(labour: Bot, tmp_path: Path) -> None:
    number = send_report(labour, OFFICER, PROJECT)
    decide_now(labour, HEAD, number)
    decide_now(labour, "P00031", number, Verdict.RETURNED, "ตัวเลขเบิกจ่ายไม่ตรงกับแผน")
    sent, approved, returned = exported(labour, tmp_path, "--project", PROJECT)
    assert approved["เรื่อง"] == f"รายงานความก้าวหน้า ไตรมาส 1/2566 (ต.ค.–ธ.ค. 65) {PROJECT}"
    assert (sent["การดำเนินการ"], sent["ก่อน"]) == ("ส่งอนุมัติ", "ฉบับร่าง")
    assert sent["หลัง"] == "รออนุมัติ ลำดับที่ 1 (ฉบับที่ 1)\nการส่ง: ส่งในกำหนด"
    assert (approved["การดำเนินการ"], approved["ก่อน"], approved["หลัง"]) == (
        "อนุมัติ", "รออนุมัติ ลำดับที่ 1 (ฉบับที่ 1)", "รออนุมัติ ลำดับที่ 2 (ฉบับที่ 1)",
    )  # fmt: skip
    assert returned["หลัง"] == "ส่งกลับแก้ไข (ฉบับที่ 1)\nเหตุผล: ตัวเลขเบิกจ่ายไม่ตรงกับแผน"
    assert (approved["รหัสผู้ดำเนินการ"], approved["ตำแหน่ง"], approved["ช่องทาง"]) == (HEAD, "ผู้อำนวยการกอง", "หน้าเว็บ")
    assert approved["ชื่อผู้ดำเนินการ"]
    assert re.fullmatch(r"\d{1,2} \S+ \d\d เวลา \d\d\.\d\d น\.", approved["วันเวลา"])
    by_head = exported(labour, tmp_path, "--person", HEAD)
    assert approved in by_head
    assert sent not in by_head


def test_days_limit_it_and_are_bangkoks(labour: Bot, tmp_path: Path) -> None:
    with labour.database.write() as session:
        for hour in (datetime(2026, 1, 4, 16, 59, tzinfo=UTC), datetime(2026, 1, 4, 17, 0, tzinfo=UTC)):
            session.add(AuditEntry(at=hour, action=AuditAction.IMPORT_RUN, subject=f"outbox:{hour.hour}"))
    assert [row["เรื่อง"] for row in exported(labour, tmp_path, "--from", "2026-01-05", "--to", "2026-01-05")] == [
        "ข้อความเลขที่ 17"
    ]


def test_who_acted_for_whom_is_named_and_an_edit_is_told_field_by_field(labour: Bot, tmp_path: Path) -> None:
    with labour.database.write() as session:
        ids = {code: actor_of(session, code).person_id for code in ("P00032", "P00031")}
        session.add(
            AuditEntry(
                at=datetime.now(UTC), action=AuditAction.SUBMISSION_APPROVE, subject=f"edit:{PROJECT}", channel="line",
                actor_id=ids["P00032"], acting_for_id=ids["P00031"], event_id="01HX",
                before={"state": "pending_approval", "version": 2, "step": 2, "changes": {"budget_total": "10.00"}},
                after={
                    "state": "approved", "version": 2, "step": None, "capacity": "acting",
                    "changes": {"budget_total": "2500000.00", "name": "=cmd|'/c calc'!A1", "gone": 1},
                },
            )
        )  # fmt: skip
    (row,) = exported(labour, tmp_path, "--project", PROJECT)
    assert (row["ดำเนินการแทน (รหัส)"], row["ในฐานะ"], row["ช่องทาง"], row["รหัสเหตุการณ์"]) == (
        "P00031", "รักษาราชการแทน", "LINE", "01HX",
    )  # fmt: skip
    assert row["ก่อน"] == "รออนุมัติ ลำดับที่ 2 (ฉบับที่ 2)\nรวมวงเงินงบประมาณทั้งหมด: 10.00 บาท"
    assert "รวมวงเงินงบประมาณทั้งหมด: 2,500,000.00 บาท\nชื่อโครงการ/การดำเนินงาน: =cmd|'/c calc'!A1" in row["หลัง"]


def test_the_whole_trail_is_readable_and_has_no_line_id(labour: Bot, tmp_path: Path) -> None:
    labour.link(OFFICER)
    labour.run("policy", "set", "lead_days", "7,3", "--ministry", "รง")
    labour.run("invite", "--person", OFFICER, "--format", "json")
    rows = exported(labour, tmp_path)
    told = {row["การดำเนินการ"]: row for row in rows}
    assert {"นำเข้าข้อมูลจากไฟล์", "เพิ่มบทบาท", "เพิ่มผู้อนุมัติในเส้นทางอนุมัติ", "เปลี่ยนแปลงปฏิทิน", "กำหนดนโยบายของกระทรวง"} <= set(
        told
    )
    assert "people.xlsx: ชนิด บุคคล เพิ่ม" in told["นำเข้าข้อมูลจากไฟล์"]["หลัง"]
    assert told["ออกรหัสยืนยัน"]["หลัง"].startswith("ใช้ได้ถึง: ")
    assert told["กำหนดนโยบายของกระทรวง"]["หลัง"] == "7,3"
    everything = "\n".join(value for row in rows for value in row.values())
    assert not re.search(r"U[0-9a-f]{32}|[{}]|None|\d{4}-\d\d-\d\d", everything)
    assert re.findall(r"(?m)^[a-z_]+: .*|^[a-z_]+:[a-z_]+$", everything) == []


def test_what_looks_like_a_formula_is_text_and_a_long_trail_takes_several_sheets(
    labour: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 3)
    out = tmp_path / "list.xlsx"
    assert write_table(out, Table("รายการ", ("ก", "ข"), ([f"=1+{n}", "\x07"] for n in range(7)))) == 7
    book = CalamineWorkbook.from_path(str(out))
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    assert book.sheet_names == ["รายการ", "รายการ 2", "รายการ 3"]
    assert [[row[0] for row in rows] for rows in sheets] == [
        ["ก", "=1+0", "=1+1", "=1+2"], ["ก", "=1+3", "=1+4", "=1+5"], ["ก", "=1+6"],
    ]  # fmt: skip
    with labour.database.read() as session:
        assert len(list(audit_entries(session, AuditWanted()))) > 100


def test_what_nobody_knows_is_refused_in_thai(at_office: Operator, tmp_path: Path) -> None:
    out = tmp_path / "audit.xlsx"
    for options, words in (
        (("--project", "รง 9999-66-0001"), "ไม่มีโครงการรหัส"),
        (("--person", "P99999"), "P99999"),
        (("--from", "2026-02-01", "--to", "2026-01-01"), "--to ต้องไม่ก่อน --from"),
    ):
        said = at_office.types("export", "audit", "--out", out, *options)
        assert said.code in (1, 2)
        assert words in said.err
    assert not out.exists()
    assert at_office.types("export", "audit", "--out", out).code == 0
    assert sheet(out) == []

"""Files that are imported while submissions wait for a decision: nobody approves what they have not seen."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from domain.reminders import BANGKOK
from domain.submissions import SubmissionKind, SubmissionState
from messages_th import spreadsheets
from storage import tables
from storage.imports.importing import import_files
from storage.reference import load_reference
from storage.submissions.deciding import Wish, decide
from storage.tables.submissions import Verdict
from tests.chatting import Chatter
from tests.importing import sample
from tests.office import Bot, labour
from tests.processes import wait_for
from tests.spreadsheets import write_xlsx
from tests.submitting import actor_of, decide_now, moment, send_report, submission_of

__all__ = ["labour"]

WAITING, DIRECTOR_GENERAL = "รง 0301-66-0001", "P00015"


def written_anew(name: str, column: str, value: Any, where: str = WAITING) -> list[list[Any]]:
    """Return a file of the sample in which one project's row says something else."""
    header, *rows = sample(name)
    place = header.index(column)
    return [header, *([*row[:place], value, *row[place + 1 :]] if where in row else row for row in rows)]


def imports(bot: Bot, folder: Path, rows: Sequence[Sequence[Any]]) -> None:
    now = moment(bot)
    path = write_xlsx(folder / "file.xlsx", rows)
    report = import_files(bot.database, [path], spreadsheets, now=now.business, real_now=now.real)
    assert report.errors == []


def test_a_card_approves_no_figures_that_were_imported_after_it_was_shown(labour: Bot, tmp_path: Path) -> None:
    waiting, approver = submission_of(labour, WAITING), Chatter(labour, DIRECTOR_GENERAL)
    approver.says(f"อนุมัติ {WAITING}")
    confirm = approver.last.buttons().get("ยืนยันอนุมัติ") or approver.presses("อนุมัติ").buttons()["ยืนยันอนุมัติ"]
    imports(labour, tmp_path, written_anew("reports.xlsx", "ผลเบิกจ่ายไตรมาส", 777_777_777))
    approver.presses(confirm)
    row = submission_of(labour, WAITING)
    assert (row.state, row.step, row.version) == (SubmissionState.PENDING_APPROVAL, waiting.step, waiting.version + 1)
    approver.presses(confirm.replace(f":{waiting.version}:", f":{row.version}:"))
    assert submission_of(labour, WAITING).step == (waiting.step or 0) + 1
    with labour.database.read() as session:
        contents = session.scalars(select(tables.QuarterReport).filter_by(submission_id=row.id)).all()
    assert {one.version: one.disbursed_baht for one in contents}[row.version] == 777_777_777
    assert len({one.summary for one in contents}) == 1


def test_a_card_approves_no_entry_whose_project_was_imported_after_it_was_shown(labour: Bot, tmp_path: Path) -> None:
    pending = written_anew("projects.xlsx", "สถานะการอนุมัติ", "รออนุมัติ")
    imports(labour, tmp_path, pending)
    shown = entry_of(labour)
    place = pending[0].index("ชื่อโครงการ/การดำเนินงาน")
    imports(labour, tmp_path, [[*row[:place], "ใหม่", *row[place + 1 :]] if WAITING in row else row for row in pending])
    after = entry_of(labour)
    assert (shown.state, shown.version) == (SubmissionState.PENDING_APPROVAL, 1)
    assert (after.state, after.step, after.version) == (SubmissionState.PENDING_APPROVAL, shown.step, 2)


def test_a_route_that_is_numbered_anew_leads_past_nobody(labour: Bot, tmp_path: Path) -> None:
    report = send_report(labour, "P00033", "รง 0501-66-0003")
    decide_now(labour, "P00034", report)
    header, *rows = sample("routes.xlsx")
    unit, order = header.index("รหัสหน่วยงาน"), header.index("ลำดับ")
    without_head = [row for row in rows if row[unit] == "รง0501" and row[order] != 1]
    renumbered = [[*row[:order], row[order] - 1, *row[order + 1 :]] for row in without_head]
    imports(labour, tmp_path, [header, *renumbered])
    assert submission_of(labour, "รง 0501-66-0003").step == 1
    for person in ("P00031", "P00006", "P00005"):
        decide_now(labour, person, report)
    assert submission_of(labour, "รง 0501-66-0003").state == SubmissionState.APPROVED


def test_what_is_decided_while_a_file_is_imported_stays_decided(labour: Bot, tmp_path: Path) -> None:
    waiting = submission_of(labour, WAITING)
    rows = written_anew("reports.xlsx", "สรุปผลการดำเนินงาน", "อย่างอื่น")
    with ThreadPoolExecutor(1) as pool:
        with labour.database.write() as session:
            reference = load_reference(session, labour.at.astimezone(BANGKOK).date())
            wish = Wish(waiting.id, waiting.version, waiting.step or 1, Verdict.APPROVED)
            decide(session, reference, actor_of(session, DIRECTOR_GENERAL), wish, moment(labour))
            importing = pool.submit(imports, labour, tmp_path, rows)
            if not labour.database.is_sqlite:  # where only one writes at a time
                wait_for(lambda: _somebody_waits(labour), 20, "the import waits for the decision")
        importing.result(20)
    row = submission_of(labour, WAITING)
    assert (row.origin, row.version, row.step) == ("bot", waiting.version, wish.step + 1)


def entry_of(bot: Bot) -> tables.Submission:
    with bot.database.read() as session:
        row, project = tables.Submission, tables.Project
        query = select(row).join(project, project.id == row.project_id).where(project.code == WAITING)
        return session.scalars(query.where(row.kind == SubmissionKind.PROJECT_ENTRY)).one()


def _somebody_waits(bot: Bot) -> bool:
    with bot.database.read() as session:
        return bool(session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))

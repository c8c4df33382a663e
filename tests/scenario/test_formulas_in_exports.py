"""What people type stays text in spreadsheets: a cell that looks like a formula is none (OWASP, "CSV Injection")."""

from pathlib import Path
from zipfile import ZipFile

from python_calamine import CalamineWorkbook
from sqlalchemy import update

from domain.submissions import SubmissionState
from storage import tables
from storage.tables.submissions import Verdict
from tests.office import Bot, bangkok, labour
from tests.submitting import decide_now, send_report

__all__ = ["labour"]

CODE = "รง 0501-66-0003"
NAME, REASON, EXCUSE = "=cmd|' /C calc'!A0", '@SUM(1)*HYPERLINK("https://x.example") โปรดแก้ไข', "+1+cmd|' /C calc'!A0"


def test_names_and_reasons_that_look_like_formulas_are_exported_as_text(labour: Bot, tmp_path: Path) -> None:
    number = send_report(labour, "P00033", CODE, summary=NAME)
    decide_now(labour, "P00034", number, Verdict.RETURNED, REASON)
    labour.report(CODE, SubmissionState.RETURNED, late_reason=EXCUSE)
    with labour.writes() as session:
        session.execute(update(tables.Project).where(tables.Project.code == CODE).values(name=NAME))
    labour.at = bangkok("22 มี.ค. 66")
    for what, texts in (("unreported", (NAME, EXCUSE)), ("audit", (REASON,))):
        file = tmp_path / f"{what}.xlsx"
        labour.run("export", what, "--out", file)
        with ZipFile(file) as parts:
            sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any(b"<f" in sheet for sheet in sheets)
        rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
        for text in texts:
            assert any(text in str(cell) for row in rows for cell in row), text

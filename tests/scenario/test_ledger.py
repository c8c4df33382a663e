"""The ledger of a circular: who got it, who acknowledged it and why not, for those alone who look after it."""

from io import BytesIO
from pathlib import Path
from urllib.parse import unquote
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import update

from bot.pages import ledger
from handlers.circulars.following_presses import DownloadLedger
from handlers.circulars.presses import Acknowledge
from handlers.conversation import Page
from storage import tables
from tests.chatting import Chatter, web_of
from tests.handset import PUBLIC_URL, REFUSED, Handset
from tests.issuing import draft, issue_short
from tests.office import Bot, bangkok, labour
from tests.operator_at_shell import Operator, operator

__all__ = ["labour", "operator"]

COORDINATOR, OFFICER, DIRECTOR_GENERAL, MONITOR, ADMIN = "P00003", "P00033", "P00031", "P00002", "P00001"
FORMULA = '=HYPERLINK("https://x.example","+-@")'


@pytest.fixture
def office(labour: Bot) -> Bot:
    """The sample ministry with two phones and a letter that went out to all; one has acknowledged it."""
    web_of(labour)
    labour.at = bangkok("20 มี.ค. 66", "09:00")
    labour.link(OFFICER, DIRECTOR_GENERAL)
    with labour.database.write() as session:
        session.execute(update(tables.Person).where(tables.Person.code == OFFICER).values(full_name=FORMULA))
    number = issue_short(labour)
    labour.send()
    labour.at = bangkok("20 มี.ค. 66", "10:30")
    Chatter(labour, DIRECTOR_GENERAL).presses(Acknowledge(number).pack())
    return labour


def rows_of(content: bytes) -> list[dict[str, str]]:
    sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
    header, *rows = [[str(cell) for cell in row] for row in sheet.to_python()]
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_the_page_hands_out_who_got_it_and_who_acknowledged(office: Bot) -> None:
    coordinator = Chatter(office, COORDINATOR)
    given = coordinator.presses(DownloadLedger(1).pack())
    assert given.contains("ทะเบียนหนังสือเวียน", "ที่ รง ๐๒๑๔/ว ๓", "10 นาที")
    phone = Handset(office)
    opened = phone.opens(COORDINATOR, Page.LEDGER, {"circular": "1"})
    assert "ดาวน์โหลด Excel" in phone.get(opened).text
    answer = phone.get(f"{opened}/file")
    assert unquote(answer.headers["Content-Disposition"].partition("UTF-8''")[2]) == "ทะเบียนหนังสือเวียน รง ๐๒๑๔-ว ๓.xlsx"
    rows = rows_of(answer.data)
    with office.database.read() as session:
        assert len(rows) == session.query(tables.CircularRecipient).count()
    assert {row["ที่หนังสือ"] for row in rows} == {"รง ๐๒๑๔/ว ๓"}
    by_state = {row["การส่ง"]: row for row in rows}
    why = "เหตุที่ยังไม่ได้รับหรือยังไม่รับทราบ"
    assert by_state["ไม่ได้ส่ง"][why] == "ยังไม่ผูกบัญชี LINE"
    (officer,) = [row for row in rows if row["ชื่อ-สกุล"] == FORMULA]
    assert (officer["ส่งเมื่อ"], officer["รับทราบเมื่อ"], officer[why]) == (
        "20 มี.ค. 66 เวลา 09.00 น.",
        "",
        "ได้รับแล้วยังไม่รับทราบ",
    )
    (acknowledged,) = [row for row in rows if row["รับทราบเมื่อ"]]
    assert (acknowledged["รับทราบเมื่อ"], acknowledged["ตำแหน่ง"], acknowledged["กรม"], acknowledged[why]) == (
        "20 มี.ค. 66 เวลา 10.30 น.",
        "อธิบดี",
        "กรมสวัสดิการและคุ้มครองแรงงาน",
        "",
    )


def test_nobody_else_opens_it_whatever_link_they_have(office: Bot) -> None:
    written = draft(office).circular_id
    phone = Handset(office)
    for person, circular in (
        (OFFICER, "1"),
        (DIRECTOR_GENERAL, "1"),
        (MONITOR, "1"),
        (COORDINATOR, "999"),
        (COORDINATOR, str(written)),
        (COORDINATOR, "x"),
    ):
        answer = phone.get(phone.path(person, Page.LEDGER, {"circular": circular}))
        assert (answer.status_code, REFUSED in answer.text) == (404, True)
    stranger = phone.app.test_client().get("/w/ledger/x/file", base_url=PUBLIC_URL)
    assert (stranger.status_code, REFUSED in stranger.text) == (404, True)
    opened = phone.opens(ADMIN, Page.LEDGER, {"circular": "1"})
    with office.writes() as session:
        linked = update(tables.Person).where(tables.Person.code == ADMIN)
        session.execute(linked.values(line_user_id=None, linked_at=None))
    assert phone.get(f"{opened}/file").status_code == 404


def test_a_ledger_of_too_many_people_is_refused_in_words(office: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = Handset(office)
    opened = phone.opens(COORDINATOR, Page.LEDGER, {"circular": "1"})
    monkeypatch.setattr(ledger, "MOST_ROWS", 3)
    for path in (opened, f"{opened}/file"):
        answer = phone.get(path)
        assert (answer.status_code, "export circular" in answer.text) == (413, True)


def test_the_command_finds_a_letter_by_its_number_in_digits_of_either_kind(
    office: Bot, tmp_path: Path, operator: Operator
) -> None:
    file = tmp_path / "ledger.xlsx"
    for number in ("รง 0214/ว 3", "รง ๐๒๑๔/ว ๓", "ว3", "1"):
        assert "เขียน" in office.run("export", "circular", number, "--out", file)
        assert len(rows_of(file.read_bytes())) > 10
        file.unlink()
    issue_short(office, subject="ฉบับที่สองเลขเดียวกัน")
    operator.sets(**office.environment())
    several = operator.types("export", "circular", "ว 3", "--out", file)
    assert (several.code, "ฉบับที่สองเลขเดียวกัน" in several.err, "  2: ที่ รง ๐๒๑๔/ว ๓" in several.err) == (1, True, True)
    none = operator.types("export", "circular", "ว 77", "--out", file)
    assert (none.code, "ไม่พบหนังสือเวียน" in none.err, file.exists()) == (1, True, False)
    assert "เขียน" in office.run("export", "circular", "2", "--out", file)
    with ZipFile(file) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any(b"<f" in sheet for sheet in sheets)

"""`emenscr-bot invite`: who gets a code, in which form, and letters that overwrite nothing and stay private."""

import csv
import io
import re
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import func, select

from domain.invite_codes import code_in
from storage import tables
from storage.invites import draw_code, hash_of_code, issue_codes
from storage.tables.messaging import AuditAction
from tests.office import Bot, labour
from tests.operator_at_shell import Operator, Said, operator

__all__ = ["labour", "operator"]

OFFICER, HEAD = "P00033", "P00034"
DIVISION, AGENCY = "รง0501", "รง05"


@pytest.fixture
def at_shell(operator: Operator, labour: Bot) -> Iterator[Operator]:
    """An operator of the sample ministry."""
    operator.sets(**labour.environment())
    yield operator
    labour.close()


def live_codes(bot: Bot) -> int:
    row = tables.InviteCode
    with bot.database.read() as session:
        return session.scalar(select(func.count()).where(row.voided_at.is_(None), row.used_at.is_(None))) or 0


def rows(said: Said) -> list[dict[str, str]]:
    assert said.code == 0, said.err
    return list(csv.DictReader(io.StringIO(said.out)))


def test_codes_come_as_a_table_or_as_json(labour: Bot, at_shell: Operator) -> None:
    before = datetime.now(UTC)
    (row,) = rows(at_shell.types("invite", "--person", OFFICER))
    assert list(row) == ["person", "name", "unit", "code", "expires_at"]
    assert (row["person"], row["name"], row["unit"]) == (OFFICER, "นางสมศรี จันทร์เพ็ญ", DIVISION)
    assert re.fullmatch("[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", row["code"])
    lifetime = datetime.fromisoformat(row["expires_at"]) - before
    assert timedelta(days=30) - timedelta(seconds=1) <= lifetime <= timedelta(days=30, minutes=1)
    (found,) = labour.json("invite", "--person", OFFICER)
    assert list(found) == list(row)
    assert found["code"] != row["code"]
    assert live_codes(labour) == 1
    with labour.database.read() as session:
        issued = session.scalars(
            select(tables.AuditEntry).where(tables.AuditEntry.subject == f"person:{OFFICER}")
        ).all()
    assert [(entry.action, entry.channel, entry.actor_id) for entry in issued] == [
        (AuditAction.INVITE_ISSUE, "cli", None)
    ] * 2


def test_a_unit_means_everybody_in_it_and_below_who_is_not_linked(labour: Bot, at_shell: Operator) -> None:
    everybody = {row["person"] for row in rows(at_shell.types("invite", "--unit", AGENCY))}
    assert len(everybody) > len({row["person"] for row in rows(at_shell.types("invite", "--unit", DIVISION))}) == 2
    labour.link(OFFICER)
    said = at_shell.types("invite", "--unit", DIVISION)
    assert [row["person"] for row in rows(said)] == [HEAD]
    assert "ออกรหัสผูกบัญชีแล้ว 1 รหัส ข้ามผู้ที่ผูกบัญชีแล้ว 1 คน" in said.err
    assert [row["person"] for row in rows(at_shell.types("invite", "--person", OFFICER))] == [OFFICER]
    both = rows(at_shell.types("invite", "--unit", DIVISION, "--person", OFFICER, "--person", OFFICER))
    assert [row["person"] for row in both] == [OFFICER, HEAD]


def test_all_means_everybody_with_a_role_today(labour: Bot, at_shell: Operator) -> None:
    with labour.database.write() as session:
        session.add(tables.Person(code="P9", full_name="ไม่มีหน้าที่"))
        people = session.scalar(select(func.count()).select_from(tables.Person)) or 0
    found = rows(at_shell.types("invite", "--all"))
    assert len(found) == len({row["code"] for row in found}) == people - 1
    assert live_codes(labour) == people - 1


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    (
        ((), 2, "ต้องระบุ --person --unit หรือ --all"),
        (("--person", OFFICER, "--person", "P404"), 1, "ไม่พบบุคคลรหัส P404"),
        (("--unit", "รง99"), 1, "ไม่พบหน่วยงานรหัส รง99"),
        (("--person", "P9"), 1, "บุคคลรหัส P9 ไม่มีหน้าที่ที่มีผลในวันนี้"),
        (("--all", "--letters", "letters.html"), 1, "LINE_BASIC_ID"),
    ),
)
def test_what_is_refused_issues_nothing(
    labour: Bot, at_shell: Operator, arguments: tuple[str, ...], code: int, complaint: str
) -> None:
    with labour.database.write() as session:
        session.add(tables.Person(code="P9", full_name="ไม่มีหน้าที่"))
    said = at_shell.types("invite", *arguments)
    assert (said.code, said.out) == (code, "")
    assert complaint in said.err
    assert live_codes(labour) == 0
    assert not Path("letters.html").exists()


def test_letters_are_for_the_operators_eyes_and_type_the_code(labour: Bot, at_shell: Operator) -> None:
    at_shell.sets(LINE_BASIC_ID="@123abcde")
    found = rows(at_shell.types("invite", "--unit", DIVISION, "--letters", "letters.html"))
    letters = Path("letters.html")
    assert stat.S_IMODE(letters.stat().st_mode) == 0o600
    html = letters.read_text(encoding="utf-8")
    assert html.count('<section class="page">') == html.count("<svg") == len(found) == 2
    for row in found:
        assert row["code"] in html
        assert row["name"] in html
    with labour.database.read() as session:
        kept = set(session.scalars(select(tables.InviteCode.code_hash)))
    printed = [code for code in map(code_in, re.findall("<b>(.+)</b>", html)) if code is not None]
    assert {hash_of_code(code) for code in printed} == kept


def test_letters_overwrite_nothing(labour: Bot, at_shell: Operator) -> None:
    at_shell.sets(LINE_BASIC_ID="123abcde")
    Path("letters.html").write_text("ฉบับก่อน", encoding="utf-8")
    for file, complaint in (("letters.html", "อยู่แล้ว"), ("nowhere/letters.html", "เขียนไฟล์"), (".", "ต้องเป็นชื่อไฟล์")):
        said = at_shell.types("invite", "--all", "--letters", file)
        assert said.code != 0
        assert complaint in said.err
    assert Path("letters.html").read_text(encoding="utf-8") == "ฉบับก่อน"
    assert live_codes(labour) == 0


def test_two_operators_at_once_leave_each_person_one_code(labour: Bot) -> None:
    with labour.database.read() as session:
        people = session.scalars(select(tables.Person.id)).all()
    together, now = Barrier(4), datetime.now(UTC)

    def issue(_: int) -> None:
        drawn = {person: draw_code() for person in people}
        together.wait(20)
        with labour.database.write() as session:
            issue_codes(session, drawn, now)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(issue, range(4)))
    assert live_codes(labour) == len(people)
    labour.close()

"""A newer circular replaces a window while reminders wait: stale ones go, new ones come, people hear of it once."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from domain.reminders import BANGKOK
from domain.windows import Occasion, Span, Stage, WindowKind
from scheduler.clock import Ticker
from storage import tables
from storage.queries.rules import load_rules
from storage.tables.messaging import NoticeKind, OutboxState
from tests.office import Bot, bangkok, labour, steps, texts
from tests.scenario.test_clock import MovableClock
from tests.sending import line_on_loopback
from tests.spreadsheets import CLEAN, write_xlsx
from tests.unit.domain.thai_dates import day, span

__all__ = ["labour"]

HEADER = ("ประเภท", "ปีงบประมาณ", "ไตรมาส/รอบ", "ขั้น", "ขอบเขต", "รหัสหน่วยงาน", "วันเปิด", "วันปิด", "ที่หนังสือ", "ลงวันที่")
EXTENSION = ("ที่ รง ๐๒๑๔/ว ๙", "20 มี.ค. 2566")
OFFICER, HEAD, APPROVER, PERMANENT_SECRETARY, COORDINATOR = "P00033", "P00034", "P00015", "P00005", "P00003"
SOCIAL_SECURITY_OFFICER = "P00041"
CONCERNED = (OFFICER, HEAD, APPROVER, PERMANENT_SECRETARY, COORDINATOR, SOCIAL_SECURITY_OFFICER)
PLAN_OFFICER, MONITOR = "P00008", "P00002"
NOTHING_LEFT = (OutboxState.CANCELLED, "nothing_left")
Q1 = Occasion(WindowKind.QUARTER_REPORT, 2566, 1)


@pytest.fixture
def bot(labour: Bot) -> Iterator[Bot]:
    """The sample ministry, whose people were told on 7 มี.ค. that the window of quarter 1 opened."""
    with line_on_loopback(phones=0) as labour.line:
        labour.link(*CONCERNED, PLAN_OFFICER, MONITOR)
        labour.remind(at=bangkok("7 มี.ค. 66"))
        labour.send()
        labour.at = bangkok("20 มี.ค. 66")
        yield labour


@pytest.fixture
def circular(tmp_path: Path) -> Path:
    """Quarter 1 until 31 มี.ค., then the ministry until 12 เม.ย.: a circular of 20 มี.ค. 2566."""
    return write_circular(
        tmp_path / "calendar.xlsx",
        ("รายงานไตรมาส", 2566, 1, "หน่วยงาน", "กระทรวง", "รง", "7 มี.ค. 2566", "31 มี.ค. 2566", *EXTENSION),
        ("รายงานไตรมาส", 2566, 1, "กระทรวง", "กระทรวง", "รง", "1 เม.ย. 2566", "12 เม.ย. 2566", *EXTENSION),
    )


def write_circular(path: Path, *rows: Sequence[object]) -> Path:
    return write_xlsx(path, [HEADER, *rows])


def new_messages(bot: Bot, person: str) -> list[str]:
    """Return the alternative texts of what arrived since the 7th."""
    return [message["altText"] for message in bot.phone(person) if not message["altText"].startswith("เปิดให้")]


def notices(bot: Bot) -> dict[str, str]:
    """Return who is to be told of the new calendar, and the state of that message."""
    row, person = tables.OutboxMessage, tables.Person
    query = (
        select(person.code, row.state)
        .join(row, row.person_id == person.id)
        .where(row.kind == NoticeKind.CALENDAR_CHANGED)
    )
    with bot.database.read() as session:
        found = session.execute(query).all()
        assert len(found) == len(dict(found)), "nobody is told twice"
    return dict(found)


def window(bot: Bot, unit: str, on: str) -> tuple[Span | None, Span | None]:
    """Return the windows of quarter 1 that were in force for a unit on a day: of its agency, of the ministry."""
    with bot.database.read() as session:
        rules = load_rules(session, day(on))
    found = rules.window(Q1, rules.organisation.path(unit))
    assert found is not None
    return found.of(Stage.AGENCY), found.of(Stage.UPPER)


def test_stale_reminders_are_cancelled_and_people_hear_of_the_new_dates_instead(bot: Bot, circular: Path) -> None:
    assert steps(bot.remind()[OFFICER]) == [("quarter_report", "AGENCY", 1, "last_day", 2)]
    bot.at = bangkok("20 มี.ค. 66", "09:00")  # LINE was down until now: all of it still waits
    bot.run("import", circular)
    bot.send()
    for person in (OFFICER, HEAD, SOCIAL_SECURITY_OFFICER):
        assert NOTHING_LEFT in all_outcomes(bot, person)
        (told,) = new_messages(bot, person)
        assert told.startswith("เปลี่ยนกำหนดเวลา")
    assert "วันทำการสุดท้าย" not in str([bot.phone(person) for person in CONCERNED])


def all_outcomes(bot: Bot, person: str) -> list[tuple[OutboxState, str]]:
    row = tables.OutboxMessage
    query = select(row.state, row.reason).join(tables.Person, tables.Person.id == row.person_id)
    with bot.database.read() as session:
        return [(state, reason) for state, reason in session.execute(query.where(tables.Person.code == person))]


def test_what_still_waits_for_an_approver_is_said_with_the_new_deadline(bot: Bot, circular: Path) -> None:
    bot.remind()
    bot.run("import", circular)
    bot.send()
    (pending,) = (text for text in new_messages(bot, APPROVER) if text.startswith("รอท่านพิจารณา"))
    assert "ภายในวันที่ 31 มี.ค. 66 (เหลือ 11 วัน / 9 วันทำการ)" in pending


def test_the_new_window_reminds_on_its_own_days(bot: Bot, circular: Path) -> None:
    bot.remind()
    bot.run("import", circular)
    bot.send()
    told = [
        (on.split()[0], step)
        for on in ("21 มี.ค. 66", "24 มี.ค. 66", "29 มี.ค. 66", "31 มี.ค. 66", "3 เม.ย. 66")
        for (kind, _, quarter, step, _) in steps(bot.remind(at=bangkok(on)).get(OFFICER, {"topics": []}))
        if (kind, quarter) == ("quarter_report", 1)
    ]
    assert told == [("24", "ahead"), ("29", "ahead"), ("31", "last_day"), ("3", "overdue")]


def test_the_notice_names_the_old_dates_the_new_ones_and_the_letter(bot: Bot, circular: Path) -> None:
    bot.run("import", circular)
    bot.send()
    (message,) = (m for m in bot.phone(OFFICER) if m["altText"].startswith("เปลี่ยนกำหนดเวลา"))
    shown = " ".join(texts(message["contents"]))
    for text in (message["altText"], shown):
        assert re.search("กำหนดเดิม 7–20 มี.ค. 66.*เปลี่ยนเป็น 7–31 มี.ค. 66", text)
        assert re.search("กำหนดเดิม 21–31 มี.ค. 66.*เปลี่ยนเป็น 1–12 เม.ย. 66", text)
        assert re.search("ตามหนังสือ ?ที่ รง 0214/ว 9 ลงวันที่ 20 มี.ค. 66", text)
    assert "ไตรมาส 1/2566 (ต.ค.–ธ.ค. 65)" in shown
    assert "ไตรมาส 4/2565 (ต.ค.–ธ.ค. 65)" in new_messages(bot, SOCIAL_SECURITY_OFFICER)[0]


def test_who_answers_for_agencies_of_both_kinds_of_year_reads_the_fiscal_quarter(bot: Bot, circular: Path) -> None:
    bot.run("import", circular)
    bot.send()
    for person in (COORDINATOR, PERMANENT_SECRETARY):
        assert "ไตรมาส 1/2566 (ต.ค.–ธ.ค. 65)" in new_messages(bot, person)[0]


def test_everybody_who_enters_decides_or_coordinates_is_told_once_and_nobody_else(bot: Bot, circular: Path) -> None:
    bot.run("import", circular)
    assert notices(bot).keys() >= set(CONCERNED)
    assert notices(bot).keys().isdisjoint({PLAN_OFFICER, MONITOR})
    bot.run("import", circular)
    bot.at = bangkok("21 มี.ค. 66")
    bot.run("import", circular)
    told = notices(bot)
    bot.send()
    assert notices(bot).keys() == told.keys()
    for person in CONCERNED:
        assert notices(bot)[person] is OutboxState.SENT
        assert len([text for text in new_messages(bot, person) if text.startswith("เปลี่ยนกำหนดเวลา")]) == 1


def test_a_circular_for_one_agency_concerns_that_agency_alone(bot: Bot, tmp_path: Path) -> None:
    path = write_circular(
        tmp_path / "สปส.xlsx",
        ("รายงานไตรมาส", 2566, 1, "หน่วยงาน", "กรม", "รง06", "7 มี.ค. 2566", "24 มี.ค. 2566", *EXTENSION),
    )
    bot.run("import", path)
    assert SOCIAL_SECURITY_OFFICER in notices(bot)
    assert notices(bot).keys().isdisjoint({OFFICER, HEAD, APPROVER})
    assert window(bot, "รง0601", "20 มี.ค. 66") == (span("7–24 มี.ค. 66"), None)
    assert window(bot, "รง0501", "20 มี.ค. 66") == (span("7–20 มี.ค. 66"), span("21–31 มี.ค. 66"))


def test_an_older_circular_that_is_entered_late_changes_nothing(bot: Bot, tmp_path: Path) -> None:
    older = ("ที่ รง ๐๒๑๔/ว ๑", "10 ม.ค. 2566")
    path = write_circular(
        tmp_path / "เก่า.xlsx",
        ("รายงานไตรมาส", 2566, 1, "หน่วยงาน", "กระทรวง", "รง", "1 มี.ค. 2566", "10 มี.ค. 2566", *older),
    )
    before = bot.json("remind", "--dry-run")
    bot.run("import", path)
    assert notices(bot) == {}
    assert bot.json("remind", "--dry-run") == before


def test_what_changed_in_a_window_that_is_over_is_no_news(bot: Bot, tmp_path: Path) -> None:
    path = write_circular(
        tmp_path / "ผ่านไปแล้ว.xlsx",
        ("นำเข้าโครงการ", 2566, None, "หน่วยงาน", "กระทรวง", "รง", None, "22 ก.พ. 2566", *EXTENSION),
        ("นำเข้าโครงการ", 2566, None, "กระทรวง", "กระทรวง", "รง", "23 ก.พ. 2566", "7 มี.ค. 2566", *EXTENSION),
    )
    bot.run("import", path)
    assert notices(bot) == {}


def test_at_night_the_notice_waits_for_the_next_working_morning(bot: Bot, circular: Path) -> None:
    bot.at = bangkok("24 มี.ค. 66", "21:00")
    bot.run("import", circular)
    with bot.database.read() as session:
        due = set(
            session.scalars(
                select(tables.OutboxMessage.not_before).where(tables.OutboxMessage.kind == NoticeKind.CALENDAR_CHANGED)
            )
        )
    assert due == {bangkok("27 มี.ค. 66")}


def test_a_notice_that_waited_into_the_night_goes_out_on_the_next_working_morning(bot: Bot, circular: Path) -> None:
    bot.at = bangkok("24 มี.ค. 66", "16:00")
    bot.run("import", circular)
    for night in (bangkok("24 มี.ค. 66", "23:30"), bangkok("25 มี.ค. 66", "10:00"), bangkok("27 มี.ค. 66", "08:29")):
        bot.at = night  # no worker ran before
        bot.send()
        assert {state for state in notices(bot).values() if state is not OutboxState.SKIPPED} == {OutboxState.DUE}
        assert new_messages(bot, OFFICER) == []
    bot.at = bangkok("27 มี.ค. 66", "08:30")
    bot.send()
    (told,) = new_messages(bot, OFFICER)
    assert told.startswith("เปลี่ยนกำหนดเวลา")


def test_of_two_circulars_before_the_first_notice_went_out_people_hear_the_newer_one_alone(
    bot: Bot, circular: Path, tmp_path: Path
) -> None:
    newer = ("ที่ รง ๐๒๑๔/ว ๑๐", "20 มี.ค. 2566")
    second = write_circular(
        tmp_path / "second.xlsx",
        ("รายงานไตรมาส", 2566, 1, "หน่วยงาน", "กระทรวง", "รง", "7 มี.ค. 2566", "5 เม.ย. 2566", *newer),
        ("รายงานไตรมาส", 2566, 1, "กระทรวง", "กระทรวง", "รง", "6 เม.ย. 2566", "20 เม.ย. 2566", *newer),
    )
    bot.at = bangkok("20 มี.ค. 66", "20:00")
    bot.run("import", circular)
    bot.run("import", second)
    bot.at = bangkok("21 มี.ค. 66")
    bot.send()
    for person in CONCERNED:
        assert (OutboxState.CANCELLED, "replaced") in all_outcomes(bot, person)
        (told,) = (text for text in new_messages(bot, person) if text.startswith("เปลี่ยนกำหนดเวลา"))
        assert "5 เม.ย. 66 ระดับกระทรวง" in told


def test_of_a_notice_whose_windows_are_replaced_in_part_the_rest_is_still_told(bot: Bot, tmp_path: Path) -> None:
    newer = ("ที่ รง ๐๒๑๔/ว ๑๐", "20 มี.ค. 2566")
    agency, ministry = (
        ("รายงานไตรมาส", 2566, 1, "หน่วยงาน", "กระทรวง", "รง"),
        ("รายงานไตรมาส", 2566, 1, "กระทรวง", "กระทรวง", "รง"),
    )
    bot.at = bangkok("20 มี.ค. 66", "20:00")
    for name, letter, last in (("first", EXTENSION, "24 มี.ค. 2566"), ("second", newer, "27 มี.ค. 2566")):
        rows = (*agency, "7 มี.ค. 2566", last, *letter), (*ministry, "28 มี.ค. 2566", "12 เม.ย. 2566", *letter)
        bot.run("import", write_circular(tmp_path / f"{name}.xlsx", *rows))
    bot.at = bangkok("21 มี.ค. 66")
    bot.send()
    first, second = (message for message in bot.phone(OFFICER) if message["altText"].startswith("เปลี่ยนกำหนดเวลา"))
    assert "24 มี.ค. 66" not in str(first)
    assert "12 เม.ย. 66" in first["altText"]
    assert "เปลี่ยนเป็น 7–27 มี.ค. 66" in str(second)


def test_a_coordinator_hears_of_every_agency_that_one_circular_names(bot: Bot, tmp_path: Path) -> None:
    rows = (
        ("รายงานไตรมาส", 2566, 1, "หน่วยงาน", "กรม", unit, "7 มี.ค. 2566", last, *EXTENSION)
        for unit, last in (("รง05", "24 มี.ค. 2566"), ("รง06", "27 มี.ค. 2566"))
    )
    bot.run("import", write_circular(tmp_path / "two.xlsx", *rows))
    bot.send()
    (message,) = (m for m in bot.phone(COORDINATOR) if m["altText"].startswith("เปลี่ยนกำหนดเวลา"))
    assert "7–24 มี.ค. 66" in str(message)
    assert "7–27 มี.ค. 66" in str(message)


def test_the_first_calendar_of_an_office_is_no_change(database_url: str) -> None:
    bot = Bot(database_url, at=bangkok("30 ม.ค. 66"))
    bot.run("import", CLEAN)
    with bot.database.read() as session:
        assert session.scalar(select(func.count()).select_from(tables.CalendarWindow)) == 24
    assert bot.states() == {}
    bot.database.dispose()


def test_the_day_before_the_letter_the_old_window_held(bot: Bot, circular: Path) -> None:
    old, new = (span("7–20 มี.ค. 66"), span("21–31 มี.ค. 66")), (span("7–31 มี.ค. 66"), span("1–12 เม.ย. 66"))
    bot.run("import", circular)
    assert window(bot, "รง0501", "19 มี.ค. 66") == old
    assert window(bot, "รง0501", "20 มี.ค. 66") == new
    assert window(bot, "รง0501", "15 พ.ค. 66") == new
    assert window(bot, "รง0501", "26 ม.ค. 66") == (Span(date(2023, 1, 1), date(2023, 1, 30)),) * 2  # the default rule


def test_a_letter_of_the_future_is_told_on_its_day(bot: Bot, tmp_path: Path) -> None:
    letter = ("ที่ รง ๐๒๑๔/ว ๑๐", "22 มี.ค. 2566")
    later = ("รายงานไตรมาส", 2566, 2, "หน่วยงาน", "กระทรวง", "รง", "1 เม.ย. 2566", "25 เม.ย. 2566", *letter)
    ticker = Ticker(bot.database, clock := MovableClock(bangkok("20 มี.ค. 66")))
    ticker.tick()
    bot.run("import", write_circular(tmp_path / "calendar.xlsx", later))
    assert notices(bot) == {}
    for on in ("21 มี.ค. 66", "22 มี.ค. 66", "23 มี.ค. 66"):
        clock.at = bangkok(on)
        ticker.tick()
    ticker.close()
    assert OFFICER in notices(bot)
    (told,) = {created.astimezone(BANGKOK).date() for created in notice_days(bot)}
    assert told == day("22 มี.ค. 66")


def notice_days(bot: Bot) -> Sequence[datetime]:
    row = tables.OutboxMessage
    with bot.database.read() as session:
        return session.scalars(select(row.not_before).where(row.kind == NoticeKind.CALENDAR_CHANGED)).all()


def test_whom_the_default_rule_reminded_is_told_when_a_circular_replaces_it(database_url: str, tmp_path: Path) -> None:
    bot = Bot(database_url, at=bangkok("4 ม.ค. 66"))
    bot.run("import", *(CLEAN / f"{name}.xlsx" for name in ("units", "people", "routes", "projects")))
    with line_on_loopback(phones=0) as bot.line:
        bot.link(OFFICER)
        bot.remind()
        bot.send()
        bot.at = bangkok("27 ม.ค. 66", "10:00")
        bot.run("import", CLEAN / "calendar.xlsx")
        assert notices(bot).keys() == {OFFICER}
        bot.send()
        (notice,) = (m for m in bot.phone(OFFICER) if "กำหนดเดิม" in " ".join(texts(m)))
    assert "กำหนดเดิม 1–30 ม.ค. 66" in " ".join(texts(notice))
    bot.database.dispose()

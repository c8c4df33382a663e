"""A reporting season of the Ministry of Labour in which nobody acts: who would be reminded of what, and when."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.office import Bot, bangkok, steps
from tests.spreadsheets import CLEAN
from tests.unit.domain.thai_dates import day, day_and_month, days

MONTHS = ("มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน", "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม",
          "พฤศจิกายน", "ธันวาคม")  # fmt: skip
OFFICER, PLAN_OFFICER = "ผู้นำเข้าข้อมูลโครงการ", "ผู้นำเข้าข้อมูลแผน"
HEAD, COORDINATOR = "ผู้อนุมัติ", "ผู้ประสานงานระดับกระทรวง"
SPRING, AUTUMN = ("2023-03-20", "2023-04-24"), ("2023-10-01", "2023-10-30")
LABELS = {2: "ไตรมาส 2/2566 (ม.ค.–มี.ค. 66)", 4: "ไตรมาส 4/2566 (ก.ค.–ก.ย. 66)"}
SOCIAL_SECURITY_LABELS = {2: "ไตรมาส 1/2566 (ม.ค.–มี.ค. 66)", 4: "ไตรมาส 3/2566 (ก.ค.–ก.ย. 66)"}


@dataclass
class Season:
    """What ``rehearse`` said, and how many rows each table had before and after."""

    messages: list[dict[str, Any]]
    months: list[dict[str, Any]]
    rows_before: Mapping[str, int]
    rows_after: Mapping[str, int]

    def days_of(self, person: str, quarter: int) -> list[tuple[str, str]]:
        """Return the days and steps of a person's reminders to report a quarter."""
        return [
            (day_and_month(date.fromisoformat(message["at"][:10])), topic["step"])
            for message in self.messages
            if message["person"] == person
            for topic in message["topics"]
            if (topic["kind"], topic["stage"], topic["quarter"]) == ("quarter_report", "AGENCY", quarter)
        ]

    def alt(self, person: str, on: str) -> str:
        """Return the alternative text of a person's message of a day."""
        found = (m["alt"] for m in self.messages if m["person"] == person and m["at"].startswith(str(day(on))))
        return str(next(found))


@pytest.fixture(scope="module")
def rehearsed() -> dict[str, Season]:
    """The season by kind of database: each is rehearsed once, no test changes anything."""
    return {}


@pytest.fixture(params=("sqlite_url", "postgres_url"))
def season(request: pytest.FixtureRequest, rehearsed: dict[str, Season]) -> Season:
    if request.param not in rehearsed:
        bot = Bot(request.getfixturevalue(request.param), at=bangkok("30 ม.ค. 66"))
        bot.run("import", CLEAN)
        before = bot.row_counts()
        parts = [bot.json("rehearse", "--from", first, "--to", last) for first, last in (SPRING, AUTUMN)]
        rehearsed[request.param] = Season(
            [message for part in parts for message in part["messages"]],
            [month for part in parts for month in part["months"]],
            before,
            bot.row_counts(),
        )
        bot.database.dispose()
    return rehearsed[request.param]


@cache
def sheet(name: str) -> Sequence[Mapping[str, Any]]:
    """Return the rows of a spreadsheet of the sample as they stand there, by header."""
    header, *rows = load_workbook(CLEAN / name).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def people(role: str, *, agency: str = "") -> list[str]:
    return [
        row["รหัสบุคคล"] for row in sheet("people.xlsx") if role in row["บทบาท"] and row["รหัสหน่วยงาน"].startswith(agency)
    ]


def month_number(text: str) -> int:
    """Return months since the year 0 of the Thai era: "ตุลาคม 2565" → 2565 × 12 + 9."""
    name, year = text.split()
    return int(year) * 12 + MONTHS.index(name)


def owed_by_division(first_month: str, last_month: str) -> Counter[str]:
    """Count straight from the spreadsheet how many reports each division owes for these months."""
    return Counter(
        project["หน่วยงานระดับกองหรือเทียบเท่า"]
        for project in sheet("projects.xlsx")
        if project["สถานะการอนุมัติ"] == "อนุมัติแล้ว"
        and project["สถานะการดำเนินโครงการ"] != "ยกเลิก"
        and month_number(project["วันที่เริ่มต้นโครงการ"]) <= month_number(last_month)
        and month_number(project["วันที่สิ้นสุดโครงการ"]) >= month_number(first_month)
    )


def officers_who_owe(first_month: str, last_month: str) -> dict[str, int]:
    owed = owed_by_division(first_month, last_month)
    officers = (row for row in sheet("people.xlsx") if row["บทบาท"] == OFFICER)
    return {row["รหัสบุคคล"]: owed[row["รหัสหน่วยงาน"]] for row in officers if owed[row["รหัสหน่วยงาน"]]}


@pytest.mark.parametrize(
    ("quarter", "months", "ladder"),
    (
        (
            2,
            ("มกราคม 2566", "มีนาคม 2566"),
            [
                ("3 เม.ย.", "opened"),
                ("5 เม.ย.", "ahead"),
                ("11 เม.ย.", "ahead"),
                ("18 เม.ย.", "last_day"),
                ("19 เม.ย.", "overdue"),
                ("24 เม.ย.", "overdue"),
            ],
        ),
        (
            4,
            ("กรกฎาคม 2566", "กันยายน 2566"),
            [
                ("2 ต.ค.", "opened"),
                ("5 ต.ค.", "ahead"),
                ("10 ต.ค.", "ahead"),
                ("12 ต.ค.", "last_day"),
                ("16 ต.ค.", "overdue"),
                ("24 ต.ค.", "overdue"),  # Monday the 23rd is a holiday
                ("30 ต.ค.", "overdue"),
            ],
        ),
    ),
)
def test_every_officer_who_owes_a_report_climbs_the_ladder_on_working_days(
    season: Season, quarter: int, months: tuple[str, str], ladder: list[tuple[str, str]]
) -> None:
    officers = officers_who_owe(*months)
    assert len(officers) >= 10
    for officer in officers:
        assert season.days_of(officer, quarter) == ladder
    for officer in set(people(OFFICER)) - officers.keys():
        assert season.days_of(officer, quarter) == []


@pytest.mark.parametrize(
    ("quarter", "on", "deadline"),
    (
        (2, "3 เม.ย. 66", "ภายในวันที่ 18 เม.ย. 66 (เหลือ 15 วัน / 7 วันทำการ)"),
        (2, "11 เม.ย. 66", "ภายในวันที่ 18 เม.ย. 66 (เหลือ 7 วัน / 2 วันทำการ)"),
        (2, "18 เม.ย. 66", "วันนี้เป็นวันสุดท้าย (วันอังคารที่ 18 เม.ย. 66)"),
        (2, "19 เม.ย. 66", "พ้นกำหนดแล้ว 1 วัน (กำหนด 18 เม.ย. 66)"),
        (4, "2 ต.ค. 66", "ภายในวันที่ 15 ต.ค. 66"),
        (4, "12 ต.ค. 66", "ภายในวันที่ 15 ต.ค. 66 (เหลือ 3 วัน เป็นวันหยุดราชการ)"),
        (4, "16 ต.ค. 66", "พ้นกำหนดแล้ว 1 วัน (กำหนด 15 ต.ค. 66)"),
    ),
)
def test_the_text_names_the_deadline_of_the_circular_and_each_readers_own_quarter(
    season: Season, quarter: int, on: str, deadline: str
) -> None:
    months = {2: ("มกราคม 2566", "มีนาคม 2566"), 4: ("กรกฎาคม 2566", "กันยายน 2566")}[quarter]
    social_security = people(OFFICER, agency="รง06")
    for officer in officers_who_owe(*months):
        label, other = LABELS[quarter], SOCIAL_SECURITY_LABELS[quarter]
        if officer in social_security:
            label, other = other, label
        alt = season.alt(officer, on)
        assert label in alt
        assert other not in alt
        assert deadline in alt
    assert set(social_security) & officers_who_owe(*months).keys()


def test_the_counts_of_3_april_are_those_of_the_spreadsheet(season: Season) -> None:
    told = {
        message["person"]: topic["count"]
        for message in season.messages
        if message["at"].startswith("2023-04-03")
        for topic in message["topics"]
        if topic["step"] == "opened" and topic["kind"] == "quarter_report"
    }
    assert told == officers_who_owe("มกราคม 2566", "มีนาคม 2566")


def test_nobody_hears_of_anything_on_a_weekend_a_holiday_or_at_night(season: Season) -> None:
    instants = {datetime.fromisoformat(message["at"]) for message in season.messages}
    assert {f"{instant:%H:%M:%S%z}" for instant in instants} == {"08:30:00+0700"}
    assert max(instant.weekday() for instant in instants) == 4
    holidays = {*days("6, 13, 14, 17 เม.ย. 66"), *days("13, 23 ต.ค. 66")}
    assert holidays.isdisjoint(instant.date() for instant in instants)


def test_nobody_gets_two_messages_on_one_day_and_no_topic_twice(season: Season) -> None:
    assert set(Counter((m["person"], m["at"][:10]) for m in season.messages).values()) == {1}
    for message in season.messages:
        assert len(set(steps(message))) == len(message["topics"]) > 0


def test_the_months_add_up_and_the_quota_is_not_known(season: Season) -> None:
    by_month = Counter(message["at"][:7] for message in season.messages)
    assert [(month["month"], month["messages"], month["quota"]) for month in season.months] == [
        (month, by_month[month], None) for month in ("2023-03", "2023-04", "2023-10")
    ]
    assert min(by_month.values()) > 50


def test_a_rehearsal_writes_nothing(season: Season) -> None:
    assert season.rows_after == season.rows_before
    assert season.rows_after["outbox"] == season.rows_after["reminder_occurrences"] == 0


def test_approvers_are_asked_to_consider_and_never_to_report(season: Season) -> None:
    officers = {*people(OFFICER), *people(PLAN_OFFICER)}
    officers_steps = {"opened", "ahead", "last_day", "overdue"}
    for message in season.messages:
        asked = {topic["step"] for topic in message["topics"]}
        assert (message["person"] in officers) == bool(asked & officers_steps)
        assert asked <= (officers_steps if message["person"] in officers else {"pending", "escalated"})


def test_on_the_last_day_of_quarter_1_each_role_is_told_its_own_part(season: Season) -> None:
    told = {m["person"]: steps(m) for m in season.messages if m["at"].startswith("2023-03-20")}
    report = ("quarter_report", "AGENCY", 1)
    unsent = unsent_by_division()
    divisions: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in sheet("people.xlsx"):
        divisions[row["รหัสหน่วยงาน"]][row["บทบาท"]].append(row["รหัสบุคคล"])
    expected: dict[str, list[tuple[Any, ...]]] = {}
    for division, count in unsent.items():
        expected.update({officer: [(*report, "last_day", count)] for officer in divisions[division][OFFICER]})
        expected.update({head: [(*report, "escalated", count)] for head in divisions[division][HEAD]})
    waiting_for_agencies = {"P00007": 1, "P00015": 1, "P00020": 1}  # สป.รง. and กกจ. at step 2, กอง of กกจ. at step 1
    expected.update({who: [(*report, "pending", n)] for who, n in waiting_for_agencies.items()})
    upper = ("quarter_report", "UPPER", 1)
    expected["P00005"] = [(*upper, "pending", 1)]  # the permanent secretary: one report of สปส. at step 4
    for coordinator in people(COORDINATOR):
        expected[coordinator] = [(*report, "escalated", sum(unsent.values())), (*upper, "escalated", 1)]
    for plan_officer in people(PLAN_OFFICER):  # the bot begins today: the news of a window that opened in January
        expected[plan_officer] = [("open_d", "AGENCY", None, "opened", 1)]
    assert told == expected


def unsent_by_division() -> Counter[str]:
    """Count straight from the spreadsheets what each division has not sent for quarter 1."""
    unsent = owed_by_division("ตุลาคม 2565", "ธันวาคม 2565")
    sent = {r["รหัสโครงการ"] for r in sheet("reports.xlsx") if r["สถานะ"] in {"อนุมัติแล้ว", "รออนุมัติ"}}
    unsent.subtract(p["หน่วยงานระดับกองหรือเทียบเท่า"] for p in sheet("projects.xlsx") if p["รหัสโครงการ"] in sent)
    return +unsent


def test_the_coordinators_text_names_the_agencies_and_states_of_the_whole_ministry(season: Season) -> None:
    (coordinator, _) = people(COORDINATOR)
    alt = season.alt(coordinator, "20 มี.ค. 66")
    assert "หน่วยงานยังไม่ได้รายงานความก้าวหน้า ไตรมาส 1/2566 (ต.ค.–ธ.ค. 65)" in alt
    assert "4 หน่วยงาน 11 โครงการ: ยังไม่กรอก 2 · ร่าง 5 · ส่งกลับแก้ไข 4 วันนี้เป็นวันสุดท้าย (วันจันทร์ที่ 20 มี.ค. 66)" in alt
    assert "รอผู้อนุมัติระดับกระทรวงพิจารณา รายงานความก้าวหน้า ไตรมาส 4/2565 (ต.ค.–ธ.ค. 65) สปส. รออนุมัติ 1 โครงการ" in alt

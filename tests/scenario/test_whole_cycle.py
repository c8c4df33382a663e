"""A quarterly report from the reminder to the last approval, on phones alone; and once more when it came back."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain.submissions import ExecutionStatus, SubmissionState
from domain.windows import Stage
from storage import tables
from tests.chatting import Chatter, Shown, web_of
from tests.office import Bot, bangkok, labour
from tests.phone_browser import PhoneBrowser
from tests.submitting import submission_of

__all__ = ["labour"]

OFFICER, HEAD, DIRECTOR_GENERAL, CLUSTER_HEAD, SECRETARY = "P00033", "P00034", "P00031", "P00006", "P00005"
ROUTE = (HEAD, DIRECTOR_GENERAL, CLUSTER_HEAD, SECRETARY)
COORDINATOR = "P00003"
CODE, OTHER = "รง 0501-66-0003", "รง 0501-66-0001"
FINISHED, RETURNED = "อนุมัติครบทุกลำดับแล้ว", "ส่งกลับแก้ไข"
REASON = "โปรดตรวจสอบผลการเบิกจ่ายให้ตรงกับหลักฐานและแผนการใช้จ่าย ตามใบเบิกเดือนธันวาคม"


@pytest.fixture
def office(labour: Bot) -> Bot:
    """The sample ministry on the last day of its window, with phones along one route; one report is owed there."""
    labour.report(OTHER, SubmissionState.APPROVED)
    labour.line = web_of(labour).line
    labour.line.platform.reset()
    labour.link(OFFICER, *ROUTE, COORDINATOR)
    return labour


def newest(bot: Bot, person: str) -> Chatter:
    """Return somebody with the last message of the phone at hand."""
    chatter = Chatter(bot, person)
    chatter.last = Shown([bot.phone(person)[-1]])
    return chatter


def opens_form(bot: Bot, chatter: Chatter) -> PhoneBrowser:
    """Follow the link of an answer in the phone's browser: look, press «เปิด», see the form."""
    browser = PhoneBrowser()
    browser.opens(chatter.last.actions()["เปิดแบบรายงาน"]["uri"])
    assert CODE in browser.page
    return browser


def fills(browser: PhoneBrowser, planned: str) -> None:
    """Type into every field that is still asked for, as the script of the form saves it."""
    told = browser.autosaves({})
    for name in [gap["field"] for gap in told["missing"]]:
        assert told["sendable"] is False
        told = browser.autosaves({name: ("", planned if name == "disbursed_baht" else "ดำเนินการตามแผนแล้ว")})
        assert told["fields"][name]["outcome"] == "saved"
    assert told["sendable"] is True


def sends(browser: PhoneBrowser) -> str:
    """Look at what the first approver will see, and send it."""
    path = browser.address.partition("?")[0]
    preview = browser.looks(f"{path}/preview")
    assert "การ์ดที่ผู้อนุมัติจะเห็น" in preview
    return browser.sends(f"{path}/send", {"go": "send"})


def approves(bot: Bot, person: str) -> Shown:
    """Let the step's approver press the two buttons of an approval on the card that came to the phone."""
    bot.at += timedelta(minutes=61)  # undo is over for the step before, and nobody is told of arrivals twice an hour
    bot.send()
    approver = newest(bot, person)
    assert approver.last.contains("รอท่านพิจารณา", CODE)
    approver.presses("อนุมัติ")
    return approver.presses("ยืนยันอนุมัติ")


def sent_from_the_reminder(bot: Bot) -> None:
    """Let the officer go from the reminder through the form to the report that is sent."""
    bot.remind()
    bot.send()
    officer = newest(bot, OFFICER)
    assert officer.last.contains("วันทำการสุดท้ายของการรายงานความก้าวหน้า", "โปรดกด «รายงานเลย»")
    officer.presses("รายงานเลย")
    browser = opens_form(bot, officer)
    fills(browser, planned_of(bot))
    assert "ผู้อำนวยการกอง" in sends(browser)
    card = officer.presses("ดูสถานะโครงการ")
    assert card.contains("รอผู้อำนวยการกองพิจารณา (ลำดับที่ 1)")
    assert "ดึงกลับ" in card.buttons()


def planned_of(bot: Bot) -> str:
    """Return what the project plans to spend in the quarter, as somebody types it."""
    with bot.database.read() as session:
        query = select(tables.SpendingPlan.q1).join(tables.Project).where(tables.Project.code == CODE)
        return f"{session.scalars(query).one():,.2f}"


def reminders(bot: Bot, from_: str, until: str) -> Sequence[Mapping[str, Any]]:
    """Return whom reminders would tell of what on these days if nobody did anything."""
    said: Sequence[Mapping[str, Any]] = bot.json("rehearse", "--from", from_, "--to", until)["messages"]
    return said


def nobody_is_reminded_of_it(bot: Bot, from_: str) -> bool:
    """Tell whether all reminders until the next quarter's window are the same as if the project owed nothing."""
    with_it = reminders(bot, from_, "2023-03-31")
    with bot.writes() as session:
        project = session.scalars(select(tables.Project).where(tables.Project.code == CODE)).one()
        project.execution_status = ExecutionStatus.CANCELLED
    return bool(with_it) and with_it == reminders(bot, from_, "2023-03-31")


def test_from_the_reminder_to_the_last_approval_nobody_needs_a_desk(office: Bot) -> None:
    sent_from_the_reminder(office)
    assert {told["person"] for told in reminders(office, "2023-03-21", "2023-03-31")} >= {HEAD, COORDINATOR}
    for person in ROUTE[:-1]:
        assert "ขั้นต่อไป: " in approves(office, person).text
    assert approves(office, SECRETARY).contains(FINISHED)
    office.at += timedelta(minutes=1)
    office.send()
    assert newest(office, OFFICER).last.contains(FINISHED, CODE)
    row = submission_of(office, CODE)
    assert (row.state, row.version, row.is_late) == (SubmissionState.APPROVED, 1, False)
    assert nobody_is_reminded_of_it(office, "2023-03-21")


def test_a_report_that_came_back_is_mended_where_the_approver_pointed_and_goes_all_the_way(office: Bot) -> None:
    sent_from_the_reminder(office)
    for person in (HEAD, DIRECTOR_GENERAL):
        approves(office, person)
    office.at = bangkok("22 มี.ค. 66", "09:00")  # the agencies' window is over, the ministry's is open
    office.send()
    cluster = newest(office, CLUSTER_HEAD)
    cluster.presses("ส่งกลับแก้ไข")
    assert cluster.says(REASON).contains("ส่วนที่ขอให้แก้ไข: ผลเบิกจ่ายไตรมาส")
    assert cluster.presses("ยืนยันส่งกลับแก้ไข").contains("ส่งกลับแก้ไขแล้ว")
    assert submission_of(office, CODE).returned_by is Stage.UPPER
    office.at += timedelta(minutes=1)
    office.send()
    officer = newest(office, OFFICER)
    assert officer.last.contains(RETURNED, REASON, "ส่วนที่ขอให้แก้ไข: ผลเบิกจ่ายไตรมาส", "31 มี.ค. 66")
    officer.presses("แก้ไขรายงาน")
    browser = opens_form(office, officer)
    assert "f-disbursed_baht" in browser.address  # it opens at the field concerned
    assert REASON in browser.page
    told = browser.autosaves({"summary": ("ดำเนินการตามแผนแล้ว", "แก้ไขตามใบเบิกแล้ว")})
    assert told["fields"]["summary"]["outcome"] == "saved"
    sends(browser)
    row = submission_of(office, CODE)
    assert (row.state, row.version, row.step, row.is_late) == (SubmissionState.PENDING_APPROVAL, 2, 1, False)
    office.send()
    assert newest(office, HEAD).last.contains("แก้ไขตามที่ส่งกลับ", "ฉบับที่ 2")
    for person in ROUTE[:-1]:
        assert "ขั้นต่อไป: " in approves(office, person).text
    assert approves(office, SECRETARY).contains(FINISHED)
    office.at += timedelta(minutes=1)
    office.send()
    assert newest(office, OFFICER).last.contains(FINISHED, CODE)
    assert nobody_is_reminded_of_it(office, "2023-03-23")

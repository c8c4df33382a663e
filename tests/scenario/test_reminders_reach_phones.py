"""From what is owed to the card on the phone: queue, look once more, send over HTTP, and say nothing twice."""

import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import structlog
from sqlalchemy import select, update

from bot.notices import NoticeFreezer
from domain.submissions import SubmissionState
from domain.windows import Stage
from scheduler import reminders
from scheduler.freezing import NotPrepared
from storage import tables
from storage.quota import known_quota
from storage.tables.messaging import OutboxState
from tests.office import Bot, bangkok, labour, steps, texts
from tests.processes import wait_for
from tests.sending import HandClock, drain_to, line_on_loopback

__all__ = ["labour"]

COORDINATOR, PERMANENT_SECRETARY = "P00003", "P00005"
DIRECTOR_GENERAL = "P00015"
OFFICER, HEAD = "P00033", "P00034"
"""Of one division, which has sent neither of two reports of quarter 1."""
OWED = ("รง 0501-66-0001", "รง 0501-66-0003")
OFFICER_OF_RETURNED, HEAD_OF_RETURNED = "P00009", "P00010"
RETURNED = "รง 0201-66-0003"
AT_LAST_STEP = "รง 0603-66-0004"
"""Waits for the permanent secretary; besides, the coordinator is told."""
LINKED = (COORDINATOR, PERMANENT_SECRETARY, DIRECTOR_GENERAL, OFFICER, HEAD, OFFICER_OF_RETURNED, HEAD_OF_RETURNED)
SENT = (OutboxState.SENT, "")
NOTHING_LEFT = (OutboxState.CANCELLED, "nothing_left")


@pytest.fixture
def bot(labour: Bot) -> Iterator[Bot]:
    """The sample ministry on the last day of its window, with phones for some."""
    with line_on_loopback(phones=0) as labour.line:
        labour.link(*LINKED)
        yield labour


def digest(bot: Bot, person: str) -> Mapping[str, Any]:
    """Return the only message on a phone, which is a card."""
    (message,) = bot.phone(person)
    assert message["type"] == "flex"
    return message


def waits_for_agency_head(bot: Bot, project: str) -> None:
    bot.report(project, SubmissionState.PENDING_APPROVAL, step=2, version=1, arrived_at=bot.at, sent_at=bot.at)


def test_each_linked_persons_phone_shows_one_card_with_what_is_theirs(bot: Bot) -> None:
    queued = bot.remind()
    assert {person for person, reminder in queued.items() if reminder["linked"]} == set(LINKED)
    bot.send()
    for person in LINKED:
        message = digest(bot, person)
        assert message["altText"] == queued[person]["alt"]
        assert bot.outcome()[person] == SENT
    shown = texts(digest(bot, OFFICER)["contents"])
    assert "วันทำการสุดท้ายของการรายงานความก้าวหน้า" in shown
    assert "ไตรมาส 1/2566 (ต.ค.–ธ.ค. 65)" in shown
    assert "กองยุทธศาสตร์และแผนงาน กสร." in shown
    assert "2 โครงการ: ยังไม่กรอก 1 · ร่าง 1" in shown
    assert "วันนี้เป็นวันสุดท้าย" in shown
    assert "กำหนดเวลา 7–20 มี.ค. 66" in shown
    assert "เรียน คุณสมศรี จันทร์เพ็ญ" in shown


def test_the_card_says_whose_step_it_is(bot: Bot) -> None:
    bot.remind()
    bot.send()
    to_head, to_approver = texts(digest(bot, HEAD)["contents"]), texts(digest(bot, DIRECTOR_GENERAL)["contents"])
    assert "หน่วยงานยังไม่ได้รายงานความก้าวหน้า" in to_head
    assert "จึงเรียนมาเพื่อโปรดทราบ กด «ดูรายการ» เพื่อดูรายละเอียด" in to_head
    assert "รอท่านพิจารณา รายงานความก้าวหน้า" in to_approver
    assert not any("เพื่อดำเนินการ" in line for line in (*to_head, *to_approver))


def test_who_has_no_line_or_blocked_the_bot_is_recorded_as_skipped_and_gets_nothing(bot: Bot) -> None:
    with bot.writes() as session:
        session.execute(update(tables.Person).where(tables.Person.code == HEAD).values(unreachable_since=bot.at))
    queued = bot.remind()
    assert not queued["P00035"]["linked"]
    bot.send()
    assert bot.outcome()["P00035"] == (OutboxState.SKIPPED, "not_linked")
    assert bot.outcome()[HEAD] == (OutboxState.SKIPPED, "blocked")
    assert bot.phone(HEAD) == []
    assert bot.states() == {OutboxState.SENT: len(LINKED) - 1, OutboxState.SKIPPED: len(queued) - len(LINKED) + 1}


def test_who_blocks_the_bot_after_the_reminder_was_queued_is_skipped_too(bot: Bot) -> None:
    bot.remind()
    with bot.writes() as session:
        session.execute(update(tables.Person).where(tables.Person.code == HEAD).values(unreachable_since=bot.at))
    bot.send()
    assert bot.outcome()[HEAD] == (OutboxState.SKIPPED, "blocked")
    assert bot.phone(HEAD) == []


def test_a_situation_that_cannot_be_loaded_parks_nobodys_reminder(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    assert bot.line is not None
    bot.remind()
    before = bot.outcome()
    with monkeypatch.context() as broken:
        broken.setattr(reminders, "load_situation", lambda _session, today: {}[today])
        with pytest.raises(NotPrepared, match="KeyError"):
            drain_to(bot.database, bot.line, HandClock(bot.at), freezer=NoticeFreezer())
    assert bot.outcome() == before
    bot.send()
    assert {bot.outcome()[person] for person in LINKED} == {SENT}


def test_a_second_reminder_of_the_same_day_queues_and_sends_nothing(bot: Bot) -> None:
    bot.remind()
    bot.send()
    rows = bot.states()
    assert bot.remind() == {}
    assert bot.remind(at=bangkok("20 มี.ค. 66", "15:00")) == {}
    bot.send()
    assert bot.states() == rows
    assert all(len(bot.phone(person)) == 1 for person in LINKED)


def test_what_is_done_before_the_message_goes_out_is_not_asked_for(bot: Bot) -> None:
    bot.remind()
    for project in OWED:
        waits_for_agency_head(bot, project)
    bot.send()
    assert bot.outcome()[OFFICER] == bot.outcome()[HEAD] == NOTHING_LEFT
    assert bot.phone(OFFICER) == bot.phone(HEAD) == []
    assert bot.outcome()[OFFICER_OF_RETURNED] == SENT
    assert "9 โครงการ: ยังไม่กรอก 1 · ร่าง 4 · ส่งกลับแก้ไข 4" in digest(bot, COORDINATOR)["altText"]


def test_of_two_topics_the_one_that_is_done_meanwhile_is_left_out(bot: Bot) -> None:
    queued = bot.remind()
    assert [step for *_, step, _ in steps(queued[COORDINATOR])] == ["escalated", "escalated"]
    assert digest_kinds(queued[COORDINATOR]["alt"]) == (True, True)
    bot.report(AT_LAST_STEP, SubmissionState.APPROVED)
    bot.send()
    message = digest(bot, COORDINATOR)
    assert digest_kinds(message["altText"]) == (True, False)
    assert message["contents"]["type"] == "bubble"
    assert bot.outcome()[PERMANENT_SECRETARY] == NOTHING_LEFT
    assert bot.phone(PERMANENT_SECRETARY) == []


def digest_kinds(alt: str) -> tuple[bool, bool]:
    return "หน่วยงานยังไม่ได้รายงานความก้าวหน้า" in alt, "รอผู้อนุมัติระดับกระทรวงพิจารณา" in alt


def test_a_report_that_is_sent_back_reminds_its_officer_again(bot: Bot) -> None:
    waits_for_agency_head(bot, RETURNED)
    assert OFFICER_OF_RETURNED not in bot.remind()
    bot.report(RETURNED, SubmissionState.RETURNED, returned_by=Stage.AGENCY)
    bot.remind(at=bangkok("21 มี.ค. 66"))
    bot.send()
    shown = texts(digest(bot, OFFICER_OF_RETURNED)["contents"])
    assert "พ้นกำหนดรายงานความก้าวหน้า" in shown
    assert "ส่งกลับแก้ไข 1 โครงการ" in shown
    assert "พ้นกำหนดแล้ว 1 วัน" in shown
    assert "แจ้งเหตุผล" in str(bot.phone(OFFICER_OF_RETURNED))


def test_a_report_that_the_ministry_sends_back_is_due_by_the_ministrys_window(bot: Bot) -> None:
    bot.report(RETURNED, SubmissionState.RETURNED, returned_by=Stage.UPPER)
    reminder = bot.remind(at=bangkok("24 มี.ค. 66"))[OFFICER_OF_RETURNED]
    assert steps(reminder) == [("quarter_report", "UPPER", 1, "ahead", 1)]
    assert "ภายในวันที่ 31 มี.ค. 66 (เหลือ 7 วัน / 5 วันทำการ)" in reminder["alt"]
    assert "แก้ไขตามที่ส่งกลับ" in reminder["alt"]


def test_once_the_agency_approved_everything_neither_officer_nor_head_is_reminded(bot: Bot) -> None:
    bot.remind()
    bot.send()
    for project in OWED:
        bot.report(project, SubmissionState.PENDING_APPROVAL, step=3, arrived_at=bot.at)
    told = bot.remind(at=bangkok("21 มี.ค. 66"))
    assert OFFICER not in told
    assert HEAD not in told
    assert steps(told["P00006"]) == [("quarter_report", "UPPER", 1, "pending", 2)]


def test_after_three_days_of_silence_everybody_hears_the_newest_truth_once(bot: Bot) -> None:
    bot.remind(at=bangkok("15 มี.ค. 66"))
    bot.send()
    assert "เปิดให้รายงานความก้าวหน้า" not in digest(bot, OFFICER)["altText"]
    told = bot.remind(at=bangkok("21 มี.ค. 66", "11:17"))  # 16, 17 and 20 มี.ค. were missed
    bot.send()
    assert steps(told[OFFICER]) == [("quarter_report", "AGENCY", 1, "overdue", 2)]
    assert [message["altText"] for message in bot.phone(OFFICER)][1:] == [told[OFFICER]["alt"]]
    assert bot.remind(at=bangkok("22 มี.ค. 66")).keys() & {OFFICER, HEAD, COORDINATOR} == set()


def test_at_night_and_on_a_holiday_nothing_is_queued(bot: Bot) -> None:
    for instant in (bangkok("20 มี.ค. 66", "08:29"), bangkok("20 มี.ค. 66", "16:31"), bangkok("19 มี.ค. 66")):
        assert bot.remind(at=instant) == {}


def test_a_dry_run_shows_the_same_and_queues_nothing(bot: Bot) -> None:
    shown = bot.json("remind", "--dry-run")
    assert bot.states() == {}
    assert {reminder["person"]: reminder for reminder in shown} == bot.remind()


def test_what_is_sent_counts_against_the_months_allowance(bot: Bot) -> None:
    assert bot.line is not None
    bot.line.set_quota(limit=300, used=40)
    bot.remind()
    bot.send()
    with bot.database.read() as session:
        quota = known_quota(session)
        requests = set(session.scalars(select(tables.OutboxMessage.request_id)))
    assert quota is not None
    assert (quota.limit, quota.used) == (300, 40 + len(LINKED))
    assert bot.line.platform.quota.used == 40 + len(LINKED)
    assert len(requests - {None}) == len(LINKED)


def test_a_try_that_line_surely_did_not_take_does_not_make_the_text_stale(bot: Bot) -> None:
    assert bot.line is not None
    clock = HandClock()
    bot.remind()
    bot.line.fault("rate_limited")
    drain_to(bot.database, bot.line, clock, freezer=NoticeFreezer())
    for project in OWED:
        waits_for_agency_head(bot, project)
    bot.line.clear_faults()
    clock.advance(minutes=10)
    drain_to(bot.database, bot.line, clock, freezer=NoticeFreezer())
    assert bot.outcome()[OFFICER] == bot.outcome()[HEAD] == NOTHING_LEFT
    assert bot.phone(OFFICER) == bot.phone(HEAD) == []
    assert bot.outcome()[OFFICER_OF_RETURNED] == SENT


def test_sending_all_that_is_due_leaves_no_thread_behind(bot: Bot) -> None:
    before = threading.active_count()
    bot.remind()
    bot.send()
    bot.send()
    wait_for(lambda: threading.active_count() <= before, 20, "its threads have ended")


def test_what_others_log_meanwhile_does_not_get_into_what_a_command_prints(bot: Bot) -> None:
    done = threading.Event()

    def chatters() -> None:
        while not done.wait(0.001):
            structlog.get_logger().info("something_else")

    other = threading.Thread(target=chatters)
    other.start()
    try:
        assert bot.remind()
    finally:
        done.set()
        other.join()

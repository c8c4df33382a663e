"""Who was not reached, or had nothing left to do, still hears of what comes later; nobody hears of what nobody owes."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from domain.submissions import ExecutionStatus, SubmissionState
from scheduler.clock import Ticker
from storage import shared_state, tables
from storage.database import Database
from storage.policies import set_policy
from storage.shared_state import StateKey
from storage.tables.messaging import NoticeKind, OutboxState
from tests.office import Bot, bangkok, labour, steps
from tests.scenario.test_clock import MovableClock
from tests.sending import line_on_loopback

__all__ = ["labour"]

OFFICER, OWED = "P00033", ("รง 0501-66-0001", "รง 0501-66-0003")
REAL_NOW = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


@pytest.fixture
def bot(labour: Bot) -> Iterator[Bot]:
    with line_on_loopback(phones=0) as labour.line:
        yield labour


def test_who_links_after_the_morning_is_told_the_newest_truth_once(bot: Bot) -> None:
    bot.remind()
    bot.send()
    bot.link(OFFICER)
    assert bot.phone(OFFICER) == []
    caught_up = bot.remind(at=bangkok("20 มี.ค. 66", "09:00"))
    assert caught_up.keys() == {OFFICER}
    bot.send()
    assert len(bot.phone(OFFICER)) == 1
    assert bot.remind(at=bangkok("20 มี.ค. 66", "10:00")) == {}


def test_whose_duties_came_back_after_a_cancelled_reminder_is_reminded_the_same_day(bot: Bot) -> None:
    bot.link(OFFICER)
    bot.remind()
    for project in OWED:
        bot.report(project, SubmissionState.PENDING_APPROVAL, step=2, version=1, arrived_at=bot.at, sent_at=bot.at)
    bot.send()
    assert bot.outcome()[OFFICER] == (OutboxState.CANCELLED, "nothing_left")
    bot.report(OWED[0], SubmissionState.RETURNED)
    again = bot.remind(at=bangkok("20 มี.ค. 66", "09:00"))
    assert steps(again[OFFICER]) == [("quarter_report", "AGENCY", 1, "last_day", 1)]
    bot.send()
    assert len(bot.phone(OFFICER)) == 1
    assert bot.remind(at=bangkok("20 มี.ค. 66", "10:00")) == {}


@pytest.mark.parametrize("change", ({"execution_status": ExecutionStatus.CANCELLED}, {"official_version": 0}))
def test_a_report_that_nobody_owes_waits_at_nobody(labour: Bot, change: dict[str, object]) -> None:
    waiting = select(tables.Submission.project_id).where(tables.Submission.state == SubmissionState.PENDING_APPROVAL)
    with labour.writes() as session:
        session.execute(update(tables.Project).where(tables.Project.id.in_(waiting)).values(**change))
    assert "pending" not in {step for r in labour.remind().values() for *_, step, _ in steps(r)}


def test_a_report_from_before_tracking_began_waits_at_nobody(labour: Bot) -> None:
    pending = tables.Submission.state == SubmissionState.PENDING_APPROVAL
    with labour.writes() as session:
        session.execute(update(tables.Submission).where(pending).values(fiscal_year=2563))
    assert "pending" not in {step for r in labour.remind().values() for *_, step, _ in steps(r)}


def test_reminding_ahead_of_time_takes_nothing_from_the_days_before(labour: Bot) -> None:
    assert OFFICER in labour.remind(at=bangkok("4 เม.ย. 66"))
    assert steps(labour.remind(at=bangkok("3 เม.ย. 66"))[OFFICER]) == [("quarter_report", "AGENCY", 2, "opened", 3)]


def test_a_clock_that_was_set_back_plans_again(labour: Bot) -> None:
    clock = MovableClock(bangkok("7 ม.ค. 73"))
    ticker = Ticker(labour.database, clock)
    ticker.tick()
    clock.at = bangkok("20 มี.ค. 66", "08:31")
    ticker.tick()
    with labour.database.read() as session:
        queued = session.scalars(
            select(tables.OutboxMessage.not_before).where(tables.OutboxMessage.kind == NoticeKind.REMINDER)
        ).all()
    assert bangkok("20 มี.ค. 66") in queued
    ticker.close()


def test_two_changes_at_the_same_time_are_two_new_plans(database_url: str) -> None:
    database, other = Database(database_url), Database(database_url)
    seen = []
    for each in (database, other, database):
        with each.write() as session:
            shared_state.plan_changed(session, REAL_NOW)
            seen.append(shared_state.get(session, StateKey.PLAN_VERSION))
    assert len(set(seen)) == 3
    for each in (database, other):
        each.dispose()


@pytest.mark.parametrize("hour", ("05:59", "18:01", "23:00", "00:00"))
def test_no_ministry_may_choose_the_night(labour: Bot, hour: str) -> None:
    for name in ("send_from", "send_until"):
        with pytest.raises(ValueError, match=hour), labour.database.write() as session:
            set_policy(session, "รง", name, hour, REAL_NOW)


def test_a_merged_units_successor_answers_for_what_it_left(labour: Bot) -> None:
    before = labour.json("remind", "--dry-run")
    with labour.writes() as session:
        units = {unit.code: unit for unit in session.scalars(select(tables.Unit))}
        units["รง0501"].merged_into_id = units["รง0502"].id
    told = {r["person"]: r for r in labour.json("remind", "--dry-run")}
    counts = {r["person"]: steps(r)[0][-1] for r in before if r["person"] in {OFFICER, "P00035"}}
    assert OFFICER not in told
    assert steps(told["P00035"])[0][-1] == sum(counts.values())

"""The clock: one leader, what is due goes out once, and nothing is planned twice for nothing."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from domain.reminders import BANGKOK
from scheduler.clock import Ticker
from scheduler.watchdog import last_tick_age
from storage import shared_state
from storage.database import Database
from storage.leader import Leadership
from storage.policies import set_policy
from storage.shared_state import StateKey
from storage.tables import AuditEntry, OutboxMessage, ReminderOccurrence
from storage.tables.messaging import NoticeKind, OutboxState
from tests.performance.country import Country, Size

ONE_AGENCY = Size(ministries=1, agencies_each=1, divisions_each=2, projects_each=5)
REAL_NOW = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


@dataclass
class MovableClock:
    """Business time set by the test; real time stands still unless moved."""

    at: datetime
    real: datetime = REAL_NOW

    def now(self) -> datetime:
        return self.at

    def real_now(self) -> datetime:
        return self.real


@pytest.fixture
def database(database: Database) -> Database:
    Country(ONE_AGENCY).build(database)
    return database


def bangkok(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2023, 4, day, hour, minute, tzinfo=BANGKOK)


def count(database: Database, *kinds: NoticeKind) -> int:
    with database.read() as session:
        query = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.kind.in_(kinds or list(NoticeKind)))
        return session.scalar(query) or 0


def test_only_one_of_two_clocks_leads_and_the_other_takes_over(database: Database, database_url: str) -> None:
    clock = MovableClock(bangkok(28, 7))
    same_database = Database(database_url)
    first, second = Ticker(database, clock), Ticker(same_database, clock)
    assert first.tick()
    assert not second.tick()
    assert first.tick(), "the leader keeps the lead"
    first.close()
    assert second.tick()
    second.close()
    same_database.dispose()


def test_a_clock_whose_connection_broke_leads_again(postgres_url: str) -> None:
    database, other = Database(postgres_url), Database(postgres_url)
    lead = Leadership(database)
    assert lead.hold()
    with other.read() as session:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        session.execute(text(f"SELECT pg_terminate_backend(pid) {others}"))
    with pytest.raises(DBAPIError):
        lead.hold()
    assert lead.hold()
    lead.release()
    database.dispose()
    other.dispose()


def test_reminders_go_to_the_outbox_at_half_past_eight_and_once(database: Database) -> None:
    clock = MovableClock(bangkok(28, 8, 29))
    ticker = Ticker(database, clock)
    ticker.tick()
    assert count(database) == 0
    clock.at = bangkok(28, 8, 30)
    ticker.tick()
    queued = count(database, NoticeKind.REMINDER)
    assert queued > 0
    for minute in range(31, 40):
        clock.at = bangkok(28, 8, minute)
        ticker.tick()
    assert count(database, NoticeKind.REMINDER) == queued
    ticker.close()


@pytest.mark.parametrize("at", (bangkok(29, 10), bangkok(30, 10), bangkok(28, 7, 59), bangkok(28, 17)))
def test_nothing_is_queued_at_night_or_on_a_weekend(database: Database, at: datetime) -> None:
    ticker = Ticker(database, MovableClock(at))
    ticker.tick()
    assert count(database, NoticeKind.REMINDER) == 0
    ticker.close()


def test_after_three_days_of_downtime_everybody_gets_one_message(database: Database) -> None:
    clock = MovableClock(bangkok(24, 8, 30))
    ticker = Ticker(database, clock)
    ticker.tick()
    before = count(database, NoticeKind.REMINDER)
    clock.at = bangkok(28, 11, 17)
    ticker.tick()
    with database.read() as session:
        per_person = session.execute(
            select(func.count())
            .where(OutboxMessage.kind == NoticeKind.REMINDER, OutboxMessage.not_before >= bangkok(28, 0))
            .group_by(OutboxMessage.person_id)
        ).all()
    assert count(database, NoticeKind.REMINDER) > before
    assert {number for (number,) in per_person} == {1}
    ticker.close()


def test_a_ministry_that_chose_nine_is_reminded_at_nine(database: Database) -> None:
    with database.write() as session:
        set_policy(session, "M01", "send_from", "09:00", REAL_NOW)
    clock = MovableClock(bangkok(28, 8, 30))
    ticker = Ticker(database, clock)
    ticker.tick()
    assert count(database, NoticeKind.REMINDER) == 0
    clock.at = bangkok(28, 9, 0)
    ticker.tick()
    assert count(database, NoticeKind.REMINDER) > 0
    ticker.close()


def test_setting_a_policy_is_audited_with_before_and_after(database: Database) -> None:
    with database.write() as session:
        set_policy(session, "M01", "lead_days", "7,3,1", REAL_NOW)
    with database.read() as session:
        entry = session.scalars(select(AuditEntry)).one()
    assert (entry.before, entry.after) == ("5,2", "7,3,1")


def test_a_reminder_that_was_not_sent_in_time_expires_and_its_news_comes_the_next_morning(database: Database) -> None:
    clock = MovableClock(bangkok(28, 8, 30))
    ticker = Ticker(database, clock)
    ticker.tick()
    clock.at = bangkok(28, 16, 31)
    ticker.tick()
    with database.read() as session:
        states = set(session.scalars(select(OutboxMessage.state).where(OutboxMessage.kind == NoticeKind.REMINDER)))
    assert states == {OutboxState.EXPIRED}
    clock.at = datetime(2023, 5, 1, 8, 30, tzinfo=BANGKOK)
    ticker.tick()
    with database.read() as session:
        due = session.scalars(select(OutboxMessage.state).where(OutboxMessage.state == OutboxState.DUE)).all()
        steps = set(
            session.scalars(
                select(ReminderOccurrence.step)
                .join(OutboxMessage, OutboxMessage.id == ReminderOccurrence.outbox_id)
                .where(OutboxMessage.state == OutboxState.DUE)
            )
        )
    assert due
    assert "overdue" in steps
    assert "last_day" not in steps
    ticker.close()


def test_the_tick_is_noted_in_real_time(database: Database) -> None:
    clock = MovableClock(bangkok(28, 7))
    ticker = Ticker(database, clock)
    ticker.tick()
    with database.read() as session:
        assert last_tick_age(session, REAL_NOW + timedelta(seconds=42)) == timedelta(seconds=42)
        assert shared_state.get(session, StateKey.PLANNED)["version"] is None
    ticker.close()

"""Business time of developers (``BOT_NOW``): it starts once per value, runs on, and is the same for all processes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import OperationalError

from bot import clock as clocks
from bot.clock import BackInTime, FixedClock, ShiftedClock, SystemClock, shared_clock
from storage.database import Database

MORNING = datetime(2023, 3, 20, 8, 29, tzinfo=timezone(timedelta(hours=7)))
REAL = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


class Watch(datetime):
    """The machine's clock in the hand of the test."""

    real = REAL

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # noqa: ARG003 - as datetime's
        return cls.real


@pytest.fixture(autouse=True)
def watch(monkeypatch: pytest.MonkeyPatch) -> type[Watch]:
    monkeypatch.setattr(clocks, "datetime", Watch)
    monkeypatch.setattr(Watch, "real", REAL)
    return Watch


def test_business_time_starts_at_the_value_and_runs_on(database: Database, watch: type[Watch]) -> None:
    clock = shared_clock(database, MORNING)
    assert clock.now() == MORNING
    watch.real += timedelta(minutes=90)
    assert clock.now() == MORNING + timedelta(minutes=90)
    assert clock.real_now() == watch.real


def test_a_process_that_comes_later_joins_in(database: Database, watch: type[Watch]) -> None:
    shared_clock(database, MORNING)
    watch.real += timedelta(hours=2)
    assert shared_clock(database, MORNING).now() == MORNING + timedelta(hours=2)
    same_instant = MORNING.astimezone(UTC)
    assert shared_clock(database, same_instant).now() == MORNING + timedelta(hours=2)


def test_another_value_starts_anew(database: Database, watch: type[Watch]) -> None:
    shared_clock(database, MORNING)
    watch.real += timedelta(hours=2)
    later = MORNING + timedelta(days=30)
    assert shared_clock(database, later).now() == later


def test_a_clock_that_is_set_is_set_for_all_processes_and_for_those_that_come_later(
    database: Database, watch: type[Watch], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clocks, "FRESH_SECONDS", 0.0)
    clock, elsewhere = shared_clock(database, MORNING), shared_clock(database, MORNING)
    assert isinstance(clock, ShiftedClock)
    clock.set(MORNING + timedelta(days=14))
    watch.real += timedelta(minutes=1)
    for each in (clock, elsewhere, shared_clock(database, MORNING)):
        assert each.now() == MORNING + timedelta(days=14, minutes=1)
        assert each.real_now() == watch.real


def test_of_two_who_set_the_clock_the_earlier_instant_does_not_turn_it_back(database: Database) -> None:
    shared_clock(database, MORNING)
    clock, elsewhere = ShiftedClock(database), ShiftedClock(database)
    later = MORNING + timedelta(days=2)
    clock.set(later)
    with pytest.raises(BackInTime):
        elsewhere.set(later - timedelta(days=1))
    assert shared_clock(database, MORNING).now() == later


def test_a_clock_goes_on_with_the_time_it_knows_while_the_database_is_away(
    database: Database, watch: type[Watch], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clocks, "FRESH_SECONDS", 0.0)
    clock = shared_clock(database, MORNING)

    def away() -> Iterator[None]:
        raise OperationalError("SELECT", {}, OSError())

    monkeypatch.setattr(database, "read", away)
    watch.real += timedelta(minutes=5)
    assert clock.now() == MORNING + timedelta(minutes=5)


def test_without_the_setting_a_process_runs_on_real_time(database: Database, watch: type[Watch]) -> None:
    shared_clock(database, MORNING)
    assert shared_clock(database, None) == SystemClock()
    assert SystemClock().now() == watch.real


def test_a_command_with_an_instant_of_its_own_leaves_real_time_alone(watch: type[Watch]) -> None:
    clock = FixedClock(MORNING)
    assert (clock.now(), clock.real_now()) == (MORNING, watch.real)

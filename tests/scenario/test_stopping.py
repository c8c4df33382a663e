"""When nothing can be sent everything stops, comes back by itself, and the month's last messages are for reminders."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from domain.quota import Quota
from scheduler.line_port import Answer, NoAnswer, Reply
from scheduler.outcomes import StopReason
from scheduler.sender import Pace, pause
from scheduler.stopping import stop_reason
from storage.database import Database
from storage.outbox import Priority
from storage.quota import known_quota
from storage.tables import OutboxMessage
from storage.tables.messaging import NoticeKind, OutboxState
from tests.plain_freezer import PlainFreezer
from tests.sending import (
    HandClock,
    Line,
    ScriptedLine,
    drain,
    drain_to,
    line_id,
    line_on_loopback,
    message,
    queue,
    settle_people,
    settle_person,
    states,
    stored,
)

OK = Answer(200)
PLENTY = Quota(1_000, 0)


@pytest.fixture
def line() -> Iterator[Line]:
    with line_on_loopback(phones=10) as line:
        yield line


def alarms(database: Database) -> list[OutboxMessage]:
    return [row for row in stored(database) if row.kind is NoticeKind.ALARM]


def why_stopped(database: Database) -> StopReason | None:
    with database.read() as session:
        return stop_reason(session)


@pytest.mark.parametrize(
    ("refusal", "found", "reason", "recovered"),
    (
        (Answer(401), Answer(401), StopReason.TOKEN, PLENTY),
        (Answer(403), Answer(403), StopReason.FORBIDDEN, PLENTY),
        (Answer(429), Quota(300, 300), StopReason.QUOTA, Quota(300, 0)),
    ),
)
def test_everything_stops_and_goes_on_by_itself(
    database: Database, clock: HandClock, refusal: Reply, found: Quota | Reply, reason: StopReason, recovered: Quota
) -> None:
    *people, admin = settle_people(database, 31, admins=1)
    queue(database, *(message(person) for person in people))
    refusing = ScriptedLine(refusal, quota=found)
    with capture_logs() as logs:
        drain(database, refusing, clock)
    assert len({key for _, _, key in refusing.pushes}) == len(refusing.pushes)
    assert [line["reason"] for line in logs if line["event"] == "sender_stopped"] == [reason]
    assert why_stopped(database) is reason
    assert {row.state for row in stored(database)} == {OutboxState.DUE}
    assert {row.reason for row in stored(database) if row.kind is NoticeKind.REMINDER} == {f"stopped {reason}"}

    tried = len(refusing.pushes)
    drain(database, refusing, clock)
    assert len(refusing.pushes) == tried
    assert why_stopped(database) is reason

    clock.advance(hours=1)
    working = ScriptedLine(OK, quota=recovered)
    drain(database, working, clock)
    assert why_stopped(database) is None
    assert set(states(database)) == {OutboxState.SENT}
    assert {recipient for recipient, _, _ in working.pushes} == {line_id(number) for number in range(31)}
    assert len(working.pushes) == len(stored(database))
    (alarm,) = (row for row in alarms(database) if row.args["topic"] == "sender_stopped")
    assert (alarm.person_id, alarm.args) == (admin, {"topic": "sender_stopped", "reason": reason})


def test_a_page_that_ends_well_does_not_lift_the_stop_that_another_page_has_yet_to_record(
    database: Database, clock: HandClock
) -> None:
    """Page 1 is refused while its second try is still under way; page 2 ends before it; page 3 must not begin."""
    queue(database, *(message(person) for person in settle_people(database, 6)))

    class TwoPages(ScriptedLine):
        second_page, third_page = asyncio.Event(), asyncio.Event()

        async def push(self, recipient: str, body: str, retry_key: str) -> Reply:
            await super().push(recipient, body, retry_key)
            match int(recipient[1:], 16):
                case 0:
                    await self.second_page.wait()
                    return Answer(401)
                case 1:
                    await pause(self.third_page, 0.5)
                case 2 | 3:
                    self.second_page.set()
                    await asyncio.sleep(0.05)
                case _:
                    self.third_page.set()
            return OK

    line = TwoPages(OK, quota=Answer(401))
    drain(database, line, clock, pace=Pace(page=2, idle_seconds=0.01, patience=timedelta(0)))
    assert sorted(recipient for recipient, _, _ in line.pushes) == [line_id(number) for number in range(4)]
    assert why_stopped(database) is StopReason.TOKEN
    assert states(database) == {OutboxState.SENT: 3, OutboxState.DUE: 3}


def test_what_was_surely_not_taken_is_rendered_anew_after_the_stop(database: Database, clock: HandClock) -> None:
    """A duty may be done while nothing can be sent; the reminder must not say then what was true before."""
    queue(database, message(settle_person(database)))
    freezer = PlainFreezer()
    refusing, working = ScriptedLine(Answer(401), quota=Answer(401)), ScriptedLine(OK, quota=PLENTY)
    drain(database, refusing, clock, freezer=freezer)
    clock.advance(days=2)
    drain(database, working, clock, freezer=freezer)
    (first,), (second,) = refusing.pushes, working.pushes
    assert (first[1] != second[1], first[2] != second[2]) == (True, True)


def test_what_may_have_been_taken_keeps_body_and_key_through_a_stop(database: Database, clock: HandClock) -> None:
    queue(database, message(settle_person(database)))
    lost = ScriptedLine(NoAnswer("network ServerDisconnectedError", sent=True), Answer(401), quota=Answer(401))
    drain(database, lost, clock)
    clock.advance(minutes=1)
    drain(database, lost, clock)
    assert why_stopped(database) is StopReason.TOKEN
    working = ScriptedLine(Answer(409), quota=PLENTY)
    drain(database, working, clock)
    assert {*lost.pushes} == {*working.pushes}
    assert states(database) == {OutboxState.SENT: 1}


def test_administrators_hear_of_one_cause_once_a_day(database: Database, clock: HandClock) -> None:
    people = settle_people(database, 3, admins=2)
    for day in range(2):
        for attempt in range(2):
            queue(database, message(people[0], f"r{day}{attempt}"))
            drain(database, ScriptedLine(Answer(401), quota=Answer(401)), clock)
            drain(database, ScriptedLine(Answer(401), quota=PLENTY), clock)
        clock.advance(days=1)
    assert len(alarms(database)) == 2 * 2


def test_a_stop_holds_for_other_senders_and_is_probed_by_one_of_them_at_a_time(
    database: Database, clock: HandClock
) -> None:
    queue(database, message(settle_person(database)))
    drain(database, ScriptedLine(Answer(401), quota=Answer(401)), clock)
    other = ScriptedLine(OK, quota=Answer(401))
    drain(database, other, clock)
    assert other.pushes == []


def test_a_429_while_messages_remain_is_a_rate_limit_and_one_look_up_tells_for_all(
    database: Database, clock: HandClock
) -> None:
    queue(database, *(message(person) for person in settle_people(database, 20)))
    line = ScriptedLine(*[Answer(429)] * 20, OK, quota=Quota(10_000, 20))
    drain(database, line, clock)
    assert why_stopped(database) is None
    assert states(database) == {OutboxState.DUE: 20}
    assert line.quota_asked == 2  # when the sender began, and for the 429
    clock.advance(minutes=1)
    drain(database, line, clock)
    assert states(database) == {OutboxState.SENT: 20}


def test_a_low_quota_is_kept_for_statutory_messages_and_administrators_are_told_once_a_day(
    database: Database, clock: HandClock
) -> None:
    *people, admin = settle_people(database, 5, admins=1)
    queue(database, *(message(person, f"statutory:{person}") for person in people))
    queue(database, *(message(person, f"lesser:{person}", priority=Priority.ORDINARY) for person in people))
    low = ScriptedLine(OK, quota=Quota(100, 96))
    for _ in range(2):
        drain(database, low, clock)
    drained = {row.key.partition(":")[0]: row.state for row in stored(database)}
    assert drained == {"statutory": OutboxState.SENT, "lesser": OutboxState.DUE, "alarm": OutboxState.SENT}
    (alarm,) = alarms(database)
    assert (alarm.person_id, alarm.args["topic"], alarm.args["limit"]) == (admin, "quota_low", 100)

    clock.advance(hours=1)
    drain(database, ScriptedLine(OK, quota=Quota(100, 0)), clock)
    assert set(states(database)) == {OutboxState.SENT}


def test_messages_are_counted_between_look_ups_so_that_the_guard_works_within_the_hour(
    database: Database, clock: HandClock
) -> None:
    people = settle_people(database, 5)
    ordinary = Priority.ORDINARY
    queue(database, *(message(person, f"a{person}", priority=ordinary) for person in people))
    line = ScriptedLine(OK, quota=Quota(100, 88))
    drain(database, line, clock)
    with database.read() as session:
        assert known_quota(session) == Quota(100, 93)
    queue(database, message(people[0], "b", priority=ordinary))
    drain(database, line, clock)
    assert states(database) == {OutboxState.SENT: 5, OutboxState.DUE: 1}
    assert line.quota_asked == 1
    clock.advance(hours=1)
    drain(database, line, clock)
    assert line.quota_asked == 2
    assert states(database) == {OutboxState.SENT: 6}


def test_an_unlimited_account_or_an_unknown_quota_holds_nothing_back(database: Database, clock: HandClock) -> None:
    people = settle_people(database, 2)
    for key, quota in (("a", Quota(None, 10**6)), ("b", Answer(500))):
        queue(database, *(message(person, f"{key}{person}", priority=Priority.BULK) for person in people))
        drain(database, ScriptedLine(OK, quota=quota), clock)
        clock.advance(hours=2)
    assert states(database) == {OutboxState.SENT: 4}


def test_the_monthly_limit_of_a_real_account_stops_and_next_month_everybody_gets_the_message_once(
    database: Database, clock: HandClock, line: Line
) -> None:
    line.set_quota(limit=6, used=0)
    queue(database, *(message(person) for person in settle_people(database, 10)))
    drain_to(database, line, clock)
    assert (why_stopped(database), sum(line.received().values())) == (StopReason.QUOTA, 6)
    line.set_quota(limit=300, used=0)
    clock.advance(minutes=6)
    drain_to(database, line, clock)
    assert why_stopped(database) is None
    assert line.received() == {line_id(number): 1 for number in range(10)}


def test_the_look_up_and_not_the_text_decides_about_a_429_of_a_real_account(
    database: Database, clock: HandClock, line: Line
) -> None:
    queue(database, *(message(person) for person in settle_people(database, 4)))
    line.fault("quota_exceeded", count=1)  # says "monthly limit", as while a running delivery reserves quota
    line.fault("rate_limited", count=1)
    drain_to(database, line, clock)
    assert states(database) == {OutboxState.SENT: 2, OutboxState.DUE: 2}
    assert why_stopped(database) is None
    clock.advance(minutes=1)
    drain_to(database, line, clock)
    assert line.received() == {line_id(number): 1 for number in range(4)}


def test_a_stop_outlives_the_process_and_a_probe_waits_its_time(database: Database, clock: HandClock) -> None:
    from scheduler.stopping import PROBE_EVERY, begin_probe

    queue(database, message(settle_person(database)))
    drain(database, ScriptedLine(Answer(403), quota=Answer(403)), clock)
    with database.write() as session:
        assert begin_probe(session, clock.real + PROBE_EVERY - timedelta(seconds=1)) is None
        assert begin_probe(session, clock.real + PROBE_EVERY) is StopReason.FORBIDDEN
    with database.write() as session:
        assert begin_probe(session, clock.real + PROBE_EVERY) is None

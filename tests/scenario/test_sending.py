"""The outbox and its sender, against a LINE made of answers: what happens to a message, and that nothing is lost."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.freezing import Deferred, Verdict
from scheduler.gate import Gate
from scheduler.line_port import Answer, LinePort, NoAnswer, Reply
from scheduler.sender import Pace, Sender
from storage import outbox
from storage.database import Database
from storage.outbox import NewMessage, Priority
from storage.outbox_claims import Claimed, Lease, Now, claim, freeze
from storage.tables import OutboxMessage
from storage.tables.messaging import OutboxState
from tests.plain_freezer import PlainFreezer
from tests.sending import (
    MORNING,
    OK,
    SWIFT,
    HandClock,
    ScriptedLine,
    change_person,
    drain,
    line_id,
    message,
    queue,
    settle_people,
    settle_person,
    states,
    stored,
)


def test_each_person_gets_the_message_once_and_it_is_marked_sent(database: Database, clock: HandClock) -> None:
    people = settle_people(database, 450)
    queue(database, *(message(person) for person in people))
    line = ScriptedLine(OK)
    drain(database, line, clock)
    assert sorted(recipient for recipient, _, _ in line.pushes) == [line_id(number) for number in range(450)]
    rows = stored(database)
    assert {row.state for row in rows} == {OutboxState.SENT}
    assert {(row.request_id, row.sent_at, row.attempts) for row in rows} == {("request-1", MORNING, 1)}
    assert {key for _, _, key in line.pushes} == {row.retry_key for row in rows}
    assert len({row.retry_key for row in rows}) == 450


def test_one_occurrence_is_queued_once_however_often_it_is_added(database: Database) -> None:
    first, second = settle_people(database, 2)
    assert len(queue(database, message(first, "a"), message(second, "b"))) == 2
    assert queue(database, message(first, "a", args={"text": "อื่น"})) == []
    assert [row.args for row in stored(database)] == [{}, {}]


def test_who_has_no_line_or_blocked_the_bot_is_skipped_at_once(database: Database, clock: HandClock) -> None:
    reachable, unlinked, blocked = settle_people(database, 3)
    change_person(database, unlinked, line_user_id=None)
    change_person(database, blocked, unreachable_since=MORNING)
    queue(database, message(reachable), message(unlinked), message(blocked))
    assert [(row.state, row.reason) for row in stored(database)] == [
        (OutboxState.DUE, ""),
        (OutboxState.SKIPPED, "not_linked"),
        (OutboxState.SKIPPED, "blocked"),
    ]


def test_who_unlinks_while_the_message_waits_gets_nothing(database: Database, clock: HandClock) -> None:
    unlinked, relinked = settle_people(database, 2)
    queue(database, message(unlinked), message(relinked))
    drain(database, ScriptedLine(Answer(500)), clock)
    change_person(database, unlinked, line_user_id=None)
    change_person(database, relinked, line_user_id=line_id(99))
    clock.advance(minutes=1)
    line = ScriptedLine(OK)
    drain(database, line, clock)
    assert line.pushes == []
    assert {row.reason for row in stored(database)} == {"not_linked"}


def test_a_message_waits_for_its_time_and_is_not_sent_after_it(database: Database, clock: HandClock) -> None:
    early, late = settle_people(database, 2)
    noon = MORNING + timedelta(hours=3, minutes=30)
    queue(database, message(early, not_before=noon), message(late, expires_at=noon))
    clock.business = noon - timedelta(seconds=1)
    change_person(database, late, unreachable_since=None)
    line = ScriptedLine(Answer(500))
    drain(database, line, clock)
    assert [recipient for recipient, _, _ in line.pushes] == [line_id(1)]
    clock.advance(minutes=1)
    line = ScriptedLine(OK)
    drain(database, line, clock)
    assert [recipient for recipient, _, _ in line.pushes] == [line_id(0)]
    assert [(row.state, row.reason) for row in stored(database)] == [
        (OutboxState.SENT, ""),
        (OutboxState.EXPIRED, "too_late"),
    ]


def test_statutory_messages_go_before_lesser_ones_that_are_older(database: Database, clock: HandClock) -> None:
    people = settle_people(database, 3)
    priorities = (Priority.BULK, Priority.ORDINARY, Priority.STATUTORY)
    queue(database, *(message(person, priority=rank) for person, rank in zip(people, priorities, strict=True)))
    line = ScriptedLine(OK)
    drain(database, line, clock, pace=Pace(page=1, pages_at_once=1, patience=timedelta(0)))
    assert [recipient for recipient, _, _ in line.pushes] == [line_id(2), line_id(1), line_id(0)]


def test_every_reply_leads_to_its_state(database: Database, clock: HandClock) -> None:
    ends: tuple[tuple[Reply, OutboxState, str, bool], ...] = (
        (Answer(200), OutboxState.SENT, "", False),
        (Answer(409), OutboxState.SENT, "", False),
        (Answer(400, '{"message":"Failed to send"}'), OutboxState.PARKED, "http_400 Failed to send", False),
        (Answer(404), OutboxState.PARKED, "http_404", False),
        (Answer(413), OutboxState.PARKED, "http_413", False),
        (Answer(429), OutboxState.DUE, "http_429", False),
        (Answer(500), OutboxState.DUE, "http_500", True),
        (NoAnswer("network ClientConnectorError", sent=False), OutboxState.DUE, "network ClientConnectorError", False),
        (NoAnswer("network SocketTimeoutError", sent=True), OutboxState.DUE, "network SocketTimeoutError", True),
    )
    queue(database, *(message(person) for person in settle_people(database, len(ends))))
    drain(database, ScriptedLine(*(reply for reply, *_ in ends)), clock)
    rows = stored(database)
    assert [(row.state, row.reason, row.uncertain) for row in rows] == [tuple(end) for _, *end in ends]
    assert {(row.attempts, row.lease_owner, row.lease_until) for row in rows} == {(1, None, None)}


def test_every_try_has_the_same_body_and_retry_key_and_waits_longer(database: Database, clock: HandClock) -> None:
    queue(database, message(settle_person(database)))
    freezer = PlainFreezer()
    line = ScriptedLine(Answer(500), NoAnswer("network SocketTimeoutError", sent=True), Answer(429), Answer(409))
    waits = []
    for tries in range(1, 5):
        while len(line.pushes) < tries:
            drain(database, line, clock, freezer=freezer)
            waits.append(clock.real)
            clock.advance(seconds=1)
    (row,) = stored(database)
    assert (row.state, row.attempts) == (OutboxState.SENT, 4)
    assert len(set(line.pushes)) == 1
    assert sum(freezer.asked.values()) == 1
    assert waits[-1] - waits[0] == timedelta(seconds=2 + 4 + 8)


def test_a_duty_that_is_done_meanwhile_cancels_its_message_instead_of_sending_it(
    database: Database, clock: HandClock
) -> None:
    done, open_ = settle_people(database, 2)
    queue(database, message(done, args={"drop": "duty_done"}), message(open_))
    line = ScriptedLine(OK)
    drain(database, line, clock)
    assert [recipient for recipient, _, _ in line.pushes] == [line_id(1)]
    assert [(row.state, row.reason, row.body is None) for row in stored(database)] == [
        (OutboxState.CANCELLED, "duty_done", True),
        (OutboxState.SENT, "", False),
    ]


def test_a_fault_of_the_adapter_holds_up_its_own_message_only(database: Database, clock: HandClock) -> None:
    queue(database, *(message(person) for person in settle_people(database, 3)))
    drain(database, ScriptedLine(RuntimeError("broken"), OK), clock)
    assert states(database) == {OutboxState.SENT: 2, OutboxState.DUE: 1}
    (waiting,) = (row for row in stored(database) if row.state is OutboxState.DUE)
    assert (waiting.reason, waiting.uncertain) == ("internal RuntimeError", True)


def test_what_a_dead_sender_held_is_taken_over_after_its_lease_with_the_same_body_and_key(
    database: Database, clock: HandClock
) -> None:
    queue(database, *(message(person) for person in settle_people(database, 2)))
    now = Now(clock.business, clock.real)
    with database.write() as session:
        frozen, _ = claim(session, 10, Lease("dead", clock.real + timedelta(seconds=60)), now)
        freeze(session, {frozen.id: (frozen.recipient, '[{"type":"text","text":"เดิม"}]')}, now)
    line = ScriptedLine(Answer(409))
    clock.advance(seconds=59)
    drain(database, line, clock)
    assert line.pushes == []
    clock.advance(seconds=1)
    drain(database, line, clock)
    assert (frozen.recipient, '[{"type":"text","text":"เดิม"}]', frozen.retry_key) in line.pushes
    assert states(database) == {OutboxState.SENT: 2}
    assert [row.attempts for row in stored(database)] == [2, 1]


def test_a_sender_that_lost_its_lease_changes_nothing_unless_line_took_the_message(
    database: Database, clock: HandClock
) -> None:
    """A try that outlasts its lease comes back while somebody else is at the same message."""
    queue(database, message(settle_person(database)))

    class SlowLine(ScriptedLine):
        async def push(self, recipient: str, body: str, retry_key: str) -> Reply:
            clock.advance(seconds=61)
            with database.write() as session:
                claim(session, 1, Lease("other", clock.real + timedelta(seconds=60)), Now(clock.business, clock.real))
            return await super().push(recipient, body, retry_key)

    drain(database, SlowLine(Answer(400)), clock)
    (row,) = stored(database)
    assert (row.state, row.lease_owner, row.uncertain) == (OutboxState.SENDING, "other", True)
    clock.advance(seconds=61)
    drain(database, ScriptedLine(OK), clock)
    assert states(database) == {OutboxState.SENT: 1}


def test_no_try_begins_that_may_outlast_its_lease(database: Database, clock: HandClock) -> None:
    queue(database, *(message(person) for person in settle_people(database, 3)))

    class SlowLine(ScriptedLine):
        async def push(self, recipient: str, body: str, retry_key: str) -> Reply:
            clock.advance(seconds=45)
            return await super().push(recipient, body, retry_key)

    line = SlowLine(OK)
    drain(database, line, clock, pace=Pace(pushes_at_once=1, patience=timedelta(0)))
    assert states(database) == {OutboxState.SENT: 3}
    assert len(line.pushes) == 3
    assert all(row.attempts == 1 for row in stored(database))


@pytest.mark.parametrize("page", (1, 200))
def test_a_persons_messages_arrive_in_the_order_in_which_they_were_written(
    database: Database, clock: HandClock, page: int
) -> None:
    people = settle_people(database, 3)
    bodies = [f"ข่าวที่ {number}" for number in range(4)]
    queue(database, *(message(p, f"{p}:{body}", args={"text": body}) for p in people for body in bodies))
    arrived: dict[str, list[str]] = defaultdict(list)

    class FirstIsSlowest(ScriptedLine):
        async def push(self, recipient: str, body: str, retry_key: str) -> Reply:
            self.pushes.append((recipient, body, retry_key))
            await asyncio.sleep(0.05 / len(self.pushes))
            arrived[recipient].append(json.loads(body)[0]["text"])
            return OK

    drain(database, FirstIsSlowest(OK), clock, pace=Pace(page=page, patience=timedelta(0)))
    assert list(arrived.values()) == [bodies] * 3


def test_many_messages_to_one_person_keep_nobody_else_waiting(database: Database, clock: HandClock) -> None:
    flooded, *others = settle_people(database, 9)
    bodies = [f"ข่าวที่ {number}" for number in range(12)]
    queue(database, *(message(flooded, f"many:{body}", args={"text": body}) for body in bodies), *map(message, others))
    read: list[str] = []

    class SlowForOne(ScriptedLine):
        served = asyncio.Event()

        async def push(self, recipient: str, body: str, retry_key: str) -> Reply:
            self.pushes.append((recipient, body, retry_key))
            if recipient == line_id(0):
                await asyncio.wait_for(self.served.wait(), 20)
                read.append(json.loads(body)[0]["text"])
            elif {each for each, *_ in self.pushes} == {line_id(number) for number in range(9)}:
                self.served.set()
            return OK

    drain(database, SlowForOne(OK), clock, pace=Pace(page=4, idle_seconds=0.01, patience=timedelta(0)))
    assert read == bodies
    assert states(database) == {OutboxState.SENT: 20}


def test_the_last_try_comes_before_24_hours_have_passed(database: Database, clock: HandClock) -> None:
    queue(database, message(settle_person(database)))
    tried: list[datetime] = []

    class DeadLine(ScriptedLine):
        async def push(self, recipient: str, body: str, retry_key: str) -> Reply:
            tried.append(clock.real)
            return await super().push(recipient, body, retry_key)

    line = DeadLine(Answer(500))
    for _ in range(30 * 2):
        drain(database, line, clock)
        clock.advance(minutes=30)
    (row,) = stored(database)
    assert (row.state, row.reason) == (OutboxState.EXPIRED, "retry_window http_500")
    assert len(set(line.pushes)) == 1
    assert timedelta(hours=22) < tried[-1] - tried[0] < timedelta(hours=24)


def test_on_a_stop_what_is_under_way_is_finished_and_the_rest_given_back(database: Database, clock: HandClock) -> None:
    queue(database, *(message(person) for person in settle_people(database, 20)))

    async def work() -> None:
        stop = asyncio.Event()

        class LastWords(ScriptedLine):
            async def push(self, recipient: str, body: str, retry_key: str) -> Reply:
                stop.set()
                await asyncio.sleep(0)
                return await super().push(recipient, body, retry_key)

        sender = Sender(
            Gate(database, LastWords(OK), clock), PlainFreezer(), Pace(pushes_at_once=4, patience=timedelta(0))
        )
        await sender.run(stop)

    asyncio.run(work())
    counted = states(database)
    assert counted[OutboxState.SENT] >= 1
    assert counted[OutboxState.SENT] + counted[OutboxState.DUE] == 20
    assert counted[OutboxState.DUE] >= 16
    given_back = [row for row in stored(database) if row.state is OutboxState.DUE]
    assert {(row.body, row.first_tried_at) for row in given_back} == {(None, None)}


def test_a_message_that_is_deferred_goes_out_at_its_new_time_rendered_then(
    database: Database, clock: HandClock
) -> None:
    (number,) = queue(database, message(settle_person(database)))
    noon = MORNING + timedelta(hours=3, minutes=30)

    class NoonFreezer(PlainFreezer):
        def freeze(self, session: Session, rows: Sequence[Claimed], now: Now) -> Mapping[int, Verdict]:
            frozen = super().freeze(session, rows, now)
            return frozen if now.business >= noon else {row.id: Deferred(noon) for row in rows}

    freezer, line = NoonFreezer(), ScriptedLine(OK)
    drain(database, line, clock, freezer=freezer)
    (row,) = stored(database)
    assert (row.state, row.not_before, row.reason, row.attempts) == (OutboxState.DUE, noon, "", 0)
    assert (row.body, row.recipient, row.first_tried_at, row.lease_owner) == (None, None, None, None)
    clock.advance(hours=3, minutes=29)
    drain(database, line, clock, freezer=freezer)
    assert (line.pushes, freezer.asked[number]) == ([], 1)
    clock.advance(minutes=1)
    drain(database, line, clock, freezer=freezer)
    assert states(database) == {OutboxState.SENT: 1}
    assert freezer.asked[number] == 2


def test_the_age_of_the_oldest_due_message_counts_from_when_it_could_have_been_sent(
    database: Database, clock: HandClock
) -> None:
    first, second, third = settle_people(database, 3)
    queue(database, message(first, not_before=MORNING - timedelta(days=3)))
    queue(database, message(second, not_before=MORNING + timedelta(minutes=5)))
    queue(database, message(third, not_before=MORNING + timedelta(days=1)))

    def age(**passed: float) -> timedelta | None:
        with database.read() as session:
            return outbox.oldest_due_age(session, MORNING + timedelta(**passed))

    assert age(minutes=7) == timedelta(minutes=7)
    drain(database, ScriptedLine(OK), clock)
    assert age(minutes=4) is None
    assert age(minutes=7) == timedelta(minutes=2)


@pytest.mark.parametrize("year", (2023, 2030))
def test_leases_and_waits_run_on_real_time_whatever_business_time_says(database: Database, year: int) -> None:
    clock = HandClock(business=datetime(year, 3, 20, 1, 30, tzinfo=UTC))
    (person,) = settle_people(database, 1)
    queue(database, NewMessage("k", message(person).kind, person, clock.business), now=clock.business)
    line: LinePort = ScriptedLine(Answer(500), OK)
    drain(database, line, clock)
    (row,) = stored(database)
    assert row.retry_at == clock.real + timedelta(seconds=2)
    assert row.first_tried_at == clock.real
    clock.real += timedelta(seconds=2)
    drain(database, line, clock, pace=SWIFT)
    (row,) = stored(database)
    assert (row.state, row.sent_at) == (OutboxState.SENT, clock.business)


def test_two_leases_never_hold_one_message(database: Database, clock: HandClock) -> None:
    queue(database, *(message(person) for person in settle_people(database, 10)))
    held: list[int] = []
    now = Now(clock.business, clock.real)
    for owner in ("a", "b", "c"):
        with database.write() as session:
            lease = Lease(owner, clock.real + timedelta(seconds=60))
            held += [row.id for row in claim(session, 4, lease, now)]
    with database.read() as session:
        assert sorted(held) == sorted(session.scalars(select(OutboxMessage.id)))

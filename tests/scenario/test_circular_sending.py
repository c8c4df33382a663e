"""Circulars on their way to LINE: batches, hours, quota, several workers, and honest ends for all."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from domain.circulars.letters import Urgency
from domain.circulars.life import CircularState
from domain.circulars.news import CircularEvent
from domain.quota import Quota
from scheduler.gate import Gate
from scheduler.line_port import Answer, NoAnswer, Reply
from scheduler.multicasting import Multicaster
from scheduler.watchdog import oldest_due_age
from storage import linking
from storage.circulars import batches
from storage.database import Database
from storage.outbox import Reason
from storage.outbox_claims import Lease, Now
from storage.reference import load_reference
from storage.tables.messaging import OutboxState
from tests.issuing import issue
from tests.multicasting import (
    LETTER,
    OK,
    batches_of,
    change,
    circular_of,
    ends,
    multicast,
    news,
    recipient_states,
    release,
    set_quota,
    settle_many,
)
from tests.office import Bot, labour, line_id_of
from tests.sending import (
    MORNING,
    SWIFT,
    HandClock,
    ScriptedLine,
    change_person,
    line_id,
    line_on_loopback,
)

__all__ = ["labour"]

EVENING = datetime(2023, 3, 21, 9, 29, tzinfo=UTC)
"""16:29 in Bangkok on a working day that is nobody's last."""
MULTICAST = "/v2/bot/message/multicast"


def test_a_circular_goes_out_in_batches_of_500_with_one_body_and_a_key_each(
    database: Database, clock: HandClock
) -> None:
    people = settle_many(database, 1_203, unlinked=[7, 600])
    change_person(database, people[8], unreachable_since=MORNING)
    circular = release(database, people)
    line = ScriptedLine(OK)
    multicast(database, line, clock)
    assert [len(recipients) for recipients, _, _ in line.multicasts] == [498, 499, 203]
    assert {body for _, body, _ in line.multicasts} == {LETTER}
    assert len({key for _, _, key in line.multicasts}) == 3
    reached = [account for recipients, _, _ in line.multicasts for account in recipients]
    assert sorted(reached) == sorted(line_id(number) for number in range(1_203) if number not in {7, 8, 600})
    assert ends(database, circular) == {
        (OutboxState.SENT, ""): 1_200,
        (OutboxState.SKIPPED, Reason.NOT_LINKED): 2,
        (OutboxState.SKIPPED, Reason.BLOCKED): 1,
    }
    row = circular_of(database, circular)
    assert (row.state, row.finished_at, news(database)) == (
        CircularState.SENT,
        MORNING,
        [(row.maker_id, CircularEvent.SENT)],
    )
    stored = batches_of(database, circular)
    assert {(b.state, b.request_id, b.sent_at, b.attempts) for b in stored} == {
        (OutboxState.SENT, "request-1", MORNING, 1)
    }
    assert [(batch.size, batch.accounts) for batch in stored] == [(498, {}), (499, {}), (203, {})]


def test_a_circular_whom_nobody_can_get_is_over_at_its_hour(database: Database, clock: HandClock) -> None:
    circular = release(database, settle_many(database, 3, unlinked=range(3)))
    line = ScriptedLine(OK)
    multicast(database, line, clock)
    assert line.multicasts == []
    assert circular_of(database, circular).state is CircularState.SENT
    assert ends(database, circular) == {(OutboxState.SKIPPED, Reason.NOT_LINKED): 3}


def test_circulars_leave_what_reminders_need_and_go_on_when_there_is_more(database: Database, clock: HandClock) -> None:
    circular = release(database, settle_many(database, 1_300))
    line = ScriptedLine(OK, quota=set_quota(database, clock, limit=3_000, used=1_000))
    multicast(database, line, clock)
    assert [len(recipients) for recipients, _, _ in line.multicasts] == [500, 200]
    assert recipient_states(database, circular) == {OutboxState.SENT: 700, OutboxState.DUE: 600}
    with database.read() as session:
        assert circular_of(database, circular).state is CircularState.SENDING
        assert batches.oldest_due_age(session, MORNING + timedelta(hours=1)) is None
    set_quota(database, clock, limit=5_000, used=0)
    multicast(database, line, clock)
    assert circular_of(database, circular).state is CircularState.SENT
    assert recipient_states(database, circular) == {OutboxState.SENT: 1_300}


def test_the_monthly_limit_dissolves_the_batch_and_the_real_number_is_kept_to(
    database: Database, clock: HandClock
) -> None:
    circular = release(database, settle_many(database, 100))
    line = ScriptedLine(Answer(429, ""), OK, quota=Quota(1_000, 850))
    set_quota(database, clock, limit=1_000, used=0)
    multicast(database, line, clock)
    clock.advance(minutes=1)
    multicast(database, line, clock)
    assert [len(recipients) for recipients, _, _ in line.multicasts] == [100, 50]
    assert recipient_states(database, circular) == {OutboxState.SENT: 50, OutboxState.DUE: 50}
    line.replies, line.found = [Answer(429, "")], Quota(1_000, 1_000)
    set_quota(database, clock, limit=1_000, used=0)
    multicast(database, line, clock)
    multicast(database, line, clock)
    assert len(line.multicasts) == 3
    assert recipient_states(database, circular) == {OutboxState.SENT: 50, OutboxState.DUE: 50}
    assert circular_of(database, circular).failures == 0


def test_nothing_begins_after_hours_and_what_they_interrupt_goes_on_in_the_morning(
    database: Database, clock: HandClock
) -> None:
    circular = release(database, settle_many(database, 3), not_before=EVENING)
    clock.business = EVENING - timedelta(seconds=1)
    line = ScriptedLine(Answer(500, ""), OK)
    multicast(database, line, clock)
    assert line.multicasts == []
    clock.business = EVENING
    multicast(database, line, clock)
    other = release(database, [1, 2], not_before=EVENING)
    clock.advance(minutes=3)
    multicast(database, line, clock)
    assert len(line.multicasts) == 1
    assert circular_of(database, other).not_before == datetime(2023, 3, 22, 1, 30, tzinfo=UTC)
    with database.read() as session:
        assert batches.oldest_due_age(session, clock.business) is not None
    clock.advance(hours=16)
    multicast(database, line, clock)
    assert {circular_of(database, number).state for number in (circular, other)} == {CircularState.SENT}
    assert line.multicasts[1] == line.multicasts[0]


def test_before_a_key_dies_in_the_night_it_is_tried_and_after_that_never(database: Database, clock: HandClock) -> None:
    friday = datetime(2023, 3, 24, 9, 29, tzinfo=UTC)
    circular = release(database, settle_many(database, 3), not_before=friday)
    clock.business = friday
    line = ScriptedLine(Answer(500, "why"))
    multicast(database, line, clock)
    clock.advance(minutes=3)
    multicast(database, line, clock)
    assert len(line.multicasts) == 2
    clock.advance(hours=23)
    multicast(database, line, clock)
    assert len(line.multicasts) == 2
    assert ends(database, circular) == {(OutboxState.EXPIRED, f"{Reason.RETRY_WINDOW} http_500"): 3}
    (batch,) = batches_of(database, circular)
    assert (batch.state, batch.accounts, batch.size) == (OutboxState.EXPIRED, {}, 3)


def test_a_dead_senders_batch_is_taken_over_with_list_and_key_and_no_person_is_in_two(
    database: Database, clock: HandClock
) -> None:
    circular = release(database, settle_many(database, 1_400))
    now = Now(clock.business, clock.real)
    with database.write() as session:
        reference = load_reference(session, MORNING.date())
        dead = batches.form(session, reference, 1, None, Lease("dead", clock.real + timedelta(minutes=1)), now)
    line = ScriptedLine(OK)
    multicast(database, line, clock)
    assert [len(recipients) for recipients, _, _ in line.multicasts] == [500, 400]
    clock.advance(minutes=2)
    multicast(database, line, clock)
    recipients, _, key = line.multicasts[2]
    assert (recipients, key) == (list(dead[0].accounts), dead[0].retry_key)
    assert len({account for recipients, _, _ in line.multicasts for account in recipients}) == 1_400
    assert recipient_states(database, circular) == {OutboxState.SENT: 1_400}


def test_several_multicasters_reach_each_person_once(database: Database, clock: HandClock) -> None:
    circular = release(database, settle_many(database, 6_000))
    line = ScriptedLine(OK)

    async def work() -> None:
        casters = [Multicaster(Gate(database, line, clock), SWIFT) for _ in range(3)]
        await asyncio.wait_for(asyncio.gather(*(c.run(asyncio.Event(), drain=True) for c in casters)), 60)

    asyncio.run(work())
    reached = [account for recipients, _, _ in line.multicasts for account in recipients]
    assert len(reached) == len(set(reached)) == 6_000
    assert recipient_states(database, circular) == {OutboxState.SENT: 6_000}


def test_on_a_stop_what_was_not_tried_is_given_back(database: Database, clock: HandClock) -> None:
    circular = release(database, settle_many(database, 900))

    async def work() -> None:
        stop = asyncio.Event()

        class LastWords(ScriptedLine):
            async def multicast(self, recipients: Sequence[str], body: str, retry_key: str) -> Reply:
                stop.set()
                return await super().multicast(recipients, body, retry_key)

        await asyncio.wait_for(Multicaster(Gate(database, LastWords(OK), clock), SWIFT).run(stop), 60)

    asyncio.run(work())
    assert recipient_states(database, circular) == {OutboxState.SENT: 500, OutboxState.DUE: 400}


def test_the_most_urgent_goes_first(database: Database, clock: HandClock) -> None:
    people = settle_many(database, 3)
    release(database, people, body="[1]")
    release(database, people, body="[2]", urgency=Urgency.MOST_URGENT)
    line = ScriptedLine(OK)
    multicast(database, line, clock)
    assert [body for _, body, _ in line.multicasts] == ["[2]", "[1]"]


def test_a_circular_that_does_not_move_on_is_late(database: Database, clock: HandClock) -> None:
    people = settle_many(database, 600)
    circular = release(database, people)
    hour = timedelta(hours=1)
    with database.read() as session:
        assert oldest_due_age(session, MORNING - hour) is None
        assert oldest_due_age(session, MORNING + hour) == hour
    change(database, circular, state=CircularState.PAUSED)
    with database.read() as session:
        assert oldest_due_age(session, MORNING + hour) is None
        assert batches.waiting(session) == {CircularState.PAUSED: 600}
    change(database, circular, state=CircularState.SENDING)
    clock.advance(minutes=30)
    multicast(database, ScriptedLine(OK, NoAnswer("network", sent=True)), clock)
    with database.read() as session:
        assert oldest_due_age(session, MORNING + hour) == hour / 2
        assert batches.waiting(session) == {CircularState.SENDING: 100}


def test_a_released_circular_reaches_every_phone_and_its_maker_hears_in_the_same_drain(labour: Bot) -> None:
    with line_on_loopback(phones=0) as line:
        labour.line = line
        labour.link("P00003", "P00031", "P00033")
        circular = issue(labour)
        labour.send()
        (card,) = labour.phone("P00031")
        assert labour.phone("P00033") == [card]
        assert len(labour.phone("P00003")) == 1
        assert [len(call.body["to"]) for call in line.platform.calls() if call.path == MULTICAST] == [2]
    counted = recipient_states(labour.database, circular)
    assert counted.keys() == {OutboxState.SENT, OutboxState.SKIPPED}
    assert counted[OutboxState.SENT] == 2


def test_an_account_that_unlinks_is_blanked_when_what_line_may_have_taken_is_cleared_up(labour: Bot) -> None:
    labour.link("P00031", "P00033")
    circular = issue(labour)
    clock = HandClock(labour.at, datetime.now(UTC))
    line = ScriptedLine(Answer(500, ""), OK)
    multicast(labour.database, line, clock)
    with labour.database.write() as session:
        reference = load_reference(session, labour.at.date())
        now = Now(clock.business, clock.real)
        assert linking.unlink(session, reference.rules.organisation, line_id_of("P00031"), now)
    assert [list(batch.accounts) for batch in batches_of(labour.database, circular)] == [
        [line_id_of("P00031"), line_id_of("P00033")]
    ]
    clock.advance(seconds=5)
    multicast(labour.database, line, clock)
    assert line.multicasts[0] == line.multicasts[1]
    assert [batch.accounts for batch in batches_of(labour.database, circular)] == [{}]

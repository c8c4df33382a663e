"""What LINE says to a circular's batch, and what becomes of its people: nobody is lost, nobody gets it twice."""

from collections.abc import Sequence

import pytest
from sqlalchemy import func, select

from domain.circulars.life import CircularState, PauseReason
from domain.circulars.news import CircularEvent
from domain.quota import Quota
from scheduler.line_port import Answer, NoAnswer, Reply
from storage.database import Database
from storage.outbox import Reason
from storage.tables import AuditEntry, CircularBatch, CircularRecipient, Person
from storage.tables.messaging import AuditAction, OutboxState
from tests.multicasting import (
    OK,
    batches_of,
    change,
    circular_of,
    ends,
    multicast,
    multicast_to,
    news,
    recipient_states,
    release,
    settle_many,
)
from tests.sending import (
    HandClock,
    ScriptedLine,
    change_person,
    line_id,
    line_on_loopback,
)

UNKNOWN = Answer(400, """{"message":"The property, 'to[1]', in the request body is invalid (line: -, column: -)"}""")
MULTICAST = "/v2/bot/message/multicast"


@pytest.mark.parametrize("accepted", (Answer(409, ""), OK))
def test_what_line_may_have_taken_goes_again_to_the_same_people_under_the_same_key(
    database: Database, clock: HandClock, accepted: Answer
) -> None:
    people = settle_many(database, 4)
    circular = release(database, people)
    line = ScriptedLine(Answer(500, ""), NoAnswer("network", sent=True), accepted)
    multicast(database, line, clock)
    assert circular_of(database, circular).failures == 1
    change_person(database, people[2], line_user_id=None)
    clock.advance(seconds=2)
    multicast(database, line, clock)
    clock.advance(seconds=4)
    multicast(database, line, clock)
    first, *again = line.multicasts
    assert again == [first, first]
    assert recipient_states(database, circular) == {OutboxState.SENT: 4}
    row = circular_of(database, circular)
    assert (row.state, row.failures) == (CircularState.SENT, 0)
    assert [(batch.accounts, batch.attempts) for batch in batches_of(database, circular)] == [({}, 3)]


@pytest.mark.parametrize("untaken", (NoAnswer("network", sent=False), Answer(302), Answer(429, "")))
def test_what_line_surely_did_not_take_is_formed_anew_without_those_who_left(
    database: Database, clock: HandClock, untaken: Answer | NoAnswer
) -> None:
    people = settle_many(database, 4)
    circular = release(database, people)
    line = ScriptedLine(untaken, OK)
    multicast(database, line, clock)
    assert recipient_states(database, circular) == {OutboxState.DUE: 4}
    assert batches_of(database, circular) == []
    change_person(database, people[1], line_user_id=None)
    change_person(database, people[2], line_user_id="U" + "a" * 32)
    multicast(database, line, clock)
    assert len(line.multicasts) == 1
    clock.advance(seconds=2)
    multicast(database, line, clock)
    (_, _, old_key), (recipients, _, new_key) = line.multicasts
    assert recipients == [line_id(0), "U" + "a" * 32, line_id(3)]
    assert old_key != new_key
    assert recipient_states(database, circular) == {OutboxState.SENT: 3, OutboxState.SKIPPED: 1}


def test_five_failing_tries_in_a_row_pause_it_and_tell_the_maker_and_a_success_counts_anew(
    database: Database, clock: HandClock
) -> None:
    circular = release(database, settle_many(database, 3))
    bad = Answer(503, "")
    line = ScriptedLine(bad, bad, bad, bad, OK)
    for _ in range(5):
        multicast(database, line, clock)
        clock.advance(minutes=1)
    assert circular_of(database, circular).state is CircularState.SENT
    later = release(database, list(range(1, 4)), maker_id=2)
    line = ScriptedLine(NoAnswer("network", sent=False))
    for _ in range(7):
        multicast(database, line, clock)
        clock.advance(minutes=1)
    assert len(line.multicasts) == 5
    row = circular_of(database, later)
    assert (row.state, row.pause_reason) == (CircularState.PAUSED, PauseReason.FAILURES)
    assert recipient_states(database, later) == {OutboxState.DUE: 3}
    assert news(database)[-1] == (2, CircularEvent.PAUSED)
    with database.read() as session:
        entry = session.scalars(select(AuditEntry).filter_by(action=AuditAction.CIRCULAR_PAUSE)).one()
    assert (entry.subject, (entry.after or {})["pause_reason"], entry.actor_id) == (
        f"circular:{later}",
        "failures",
        None,
    )
    change(database, later, state=CircularState.SENDING, failures=0, retry_at=None)
    multicast(database, ScriptedLine(OK), clock)
    assert circular_of(database, later).state is CircularState.SENT


def test_paused_nothing_new_goes_out_and_what_may_have_been_taken_is_cleared_up(
    database: Database, clock: HandClock
) -> None:
    circular = release(database, settle_many(database, 600))
    line = ScriptedLine(Answer(500, ""), NoAnswer("network", sent=False), OK)
    multicast(database, line, clock)
    assert recipient_states(database, circular) == {OutboxState.SENDING: 500, OutboxState.DUE: 100}
    change(database, circular, state=CircularState.PAUSED)
    clock.advance(minutes=1)
    multicast(database, line, clock)
    assert line.multicasts[2:] == line.multicasts[:1]
    assert recipient_states(database, circular) == {OutboxState.SENT: 500, OutboxState.DUE: 100}
    assert circular_of(database, circular).state is CircularState.PAUSED


def test_cancelled_nothing_more_goes_out_and_nobody_knows_of_what_may_have_been_taken(
    database: Database, clock: HandClock
) -> None:
    circular = release(database, settle_many(database, 600))
    line = ScriptedLine(Answer(500, ""), NoAnswer("network", sent=False), OK)
    multicast(database, line, clock)
    change(database, circular, state=CircularState.CANCELLED)
    clock.advance(minutes=1)
    multicast(database, line, clock)
    assert len(line.multicasts) == 2
    unknown = {reason for state, reason in ends(database, circular) if state is OutboxState.EXPIRED}
    assert len(unknown) == 1
    assert unknown.pop().startswith(Reason.RETRY_WINDOW)
    assert recipient_states(database, circular) == {OutboxState.EXPIRED: 500, OutboxState.DUE: 100}


def test_what_was_under_way_when_it_was_cancelled_and_not_taken_is_cancelled(
    database: Database, clock: HandClock
) -> None:
    circular = release(database, settle_many(database, 3))

    class Cancelling(ScriptedLine):
        async def multicast(self, recipients: Sequence[str], body: str, retry_key: str) -> Reply:
            change(database, circular, state=CircularState.CANCELLED)
            return await super().multicast(recipients, body, retry_key)

    multicast(database, Cancelling(NoAnswer("network", sent=False)), clock)
    assert ends(database, circular) == {(OutboxState.CANCELLED, Reason.CALLED_OFF): 3}


def test_whom_line_names_as_unknown_is_set_aside_and_the_rest_goes_under_a_new_key(
    database: Database, clock: HandClock
) -> None:
    people = settle_many(database, 5)
    circular = release(database, people)
    line = ScriptedLine(UNKNOWN, OK)
    multicast(database, line, clock)
    (everybody, _, old), (rest, _, new) = line.multicasts
    assert rest == [everybody[0], *everybody[2:]]
    assert old != new
    assert recipient_states(database, circular) == {OutboxState.SENT: 4, OutboxState.PARKED: 1}
    (reason,) = [reason for (state, reason) in ends(database, circular) if state is OutboxState.PARKED]
    assert reason.startswith("http_400")
    assert line_id(1) not in reason
    assert circular_of(database, circular).state is CircularState.SENT


def test_an_unknown_person_whom_line_does_not_name_is_found_by_halves(database: Database, clock: HandClock) -> None:
    circular = release(database, settle_many(database, 20))

    class Fussy(ScriptedLine):
        async def multicast(self, recipients: Sequence[str], body: str, retry_key: str) -> Reply:
            await super().multicast(recipients, body, retry_key)
            return Answer(400, '{"message":"Failed to send messages"}') if line_id(13) in recipients else OK

    line = Fussy(OK)
    multicast(database, line, clock)
    with database.read() as session:
        parked = session.scalars(select(CircularRecipient.person_id).filter_by(state=OutboxState.PARKED)).all()
        assert [session.get_one(Person, person).code for person in parked] == ["P13"]
    assert recipient_states(database, circular) == {OutboxState.SENT: 19, OutboxState.PARKED: 1}
    assert circular_of(database, circular).state is CircularState.SENT
    lists: dict[str, list[str]] = {}
    for recipients, _, key in line.multicasts:
        assert lists.setdefault(key, recipients) == recipients


def test_a_letter_that_line_refuses_is_paused_and_nobody_is_lost(database: Database, clock: HandClock) -> None:
    people = settle_many(database, 600)
    text = '{"message":"The request body has 1 error(s)","details":[{"property":"messages[0].altText"}]}'
    circular = release(database, people)
    line = ScriptedLine(Answer(400, text))
    multicast(database, line, clock)
    assert len(line.multicasts) <= 2
    row = circular_of(database, circular)
    assert (row.state, row.pause_reason) == (CircularState.PAUSED, PauseReason.FAILURES)
    assert recipient_states(database, circular) == {OutboxState.DUE: 600}
    vague = release(database, people)
    line = ScriptedLine(Answer(400, "no"))
    multicast(database, line, clock)
    row = circular_of(database, vague)
    assert (row.state, row.pause_reason) == (CircularState.PAUSED, PauseReason.FAILURES)
    assert recipient_states(database, vague)[OutboxState.PARKED] <= 8
    assert len(line.multicasts) < 150


def test_a_list_that_line_hardly_knows_anybody_of_pauses_it(database: Database, clock: HandClock) -> None:
    circular = release(database, settle_many(database, 400))
    line = ScriptedLine(Answer(400, str([f"to[{place}]" for place in range(40)])))
    multicast(database, line, clock)
    assert [len(recipients) for recipients, _, _ in line.multicasts] == [400, 360, 320]
    assert circular_of(database, circular).state is CircularState.PAUSED
    assert recipient_states(database, circular) == {OutboxState.PARKED: 120, OutboxState.DUE: 280}


@pytest.mark.parametrize("refusal", (Answer(401, ""), Answer(403, "")))
def test_a_refused_token_stops_all_and_the_batch_starts_afresh(
    database: Database, clock: HandClock, refusal: Answer
) -> None:
    circular = release(database, settle_many(database, 3))
    line = ScriptedLine(refusal, OK)
    multicast(database, line, clock)
    assert len(line.multicasts) == 1
    assert recipient_states(database, circular) == {OutboxState.DUE: 3}
    line.found = Quota(None, 0)
    multicast(database, line, clock)
    assert len({key for _, _, key in line.multicasts}) == 2
    assert circular_of(database, circular).state is CircularState.SENT


def test_what_may_have_been_taken_keeps_its_key_through_a_stop(database: Database, clock: HandClock) -> None:
    circular = release(database, settle_many(database, 3))
    line = ScriptedLine(Answer(500, ""), Answer(401, ""), OK)
    multicast(database, line, clock)
    clock.advance(minutes=1)
    multicast(database, line, clock)
    line.found = Quota(None, 0)
    multicast(database, line, clock)
    assert line.multicasts == line.multicasts[:1] * 3
    assert circular_of(database, circular).state is CircularState.SENT


def test_a_real_line_cuts_malformed_and_unknown_ids_and_each_other_person_gets_it_once(
    database: Database, clock: HandClock
) -> None:
    people = settle_many(database, 30)
    change_person(database, people[4], line_user_id="not an id")
    circular = release(database, people)
    with line_on_loopback(phones=29) as line:
        line.platform.behaviour.multicast_skips_unknown = False
        line.fault("server_error", MULTICAST, count=1)
        multicast_to(database, line, clock)
        clock.advance(seconds=5)
        multicast_to(database, line, clock)
        assert line.received() == {line_id(number): 1 for number in range(29) if number != 4}
    assert recipient_states(database, circular) == {OutboxState.SENT: 28, OutboxState.PARKED: 2}
    assert not any("not an id" in reason for _, reason in ends(database, circular))


def test_a_body_line_accepted_before_the_connection_broke_arrives_once(database: Database, clock: HandClock) -> None:
    circular = release(database, settle_many(database, 3))
    with line_on_loopback(phones=3) as line:
        line.fault("reset_after_acceptance", MULTICAST, count=1)
        multicast_to(database, line, clock)
        clock.advance(seconds=5)
        multicast_to(database, line, clock)
        assert line.received() == {line_id(number): 1 for number in range(3)}
        assert [call.status for call in line.platform.calls() if call.path == MULTICAST][-1] == 409
    assert circular_of(database, circular).state is CircularState.SENT
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(CircularBatch)) == 1

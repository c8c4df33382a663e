"""Messages set aside for an operator: why, how they are seen, and how they go again."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.freezing import NotPrepared
from scheduler.line_port import Answer
from storage import outbox
from storage.database import Database
from storage.outbox import Retrial
from storage.outbox_claims import Claimed, Now
from storage.tables import AuditEntry
from storage.tables.messaging import AuditAction, OutboxState
from tests.plain_freezer import PlainFreezer
from tests.sending import (
    MORNING,
    OK,
    HandClock,
    ScriptedLine,
    drain,
    line_id,
    message,
    queue,
    settle_people,
    settle_person,
    states,
    stored,
)


def test_a_message_that_cannot_be_rendered_is_parked_alone(database: Database, clock: HandClock) -> None:
    people = settle_people(database, 9)
    texts = ["เสีย" if number == 4 else f"ข้อความ {number}" for number in range(9)]
    queue(database, *(message(person, args={"text": text}) for person, text in zip(people, texts, strict=True)))
    drain(database, ScriptedLine(OK), clock, freezer=PlainFreezer(broken="เสีย"))
    assert states(database) == {OutboxState.SENT: 8, OutboxState.PARKED: 1}
    assert stored(database)[4].reason == "not_rendered ValueError"


def test_a_parked_message_goes_again_rendered_anew_under_a_new_key_and_audited(
    database: Database, clock: HandClock
) -> None:
    (number,) = queue(database, message(settle_person(database)))
    freezer = PlainFreezer()
    line = ScriptedLine(Answer(400), OK)
    drain(database, line, clock, freezer=freezer)
    with database.write() as session:
        assert outbox.retry(session, [number, 999], clock.business, clock.real) == {
            number: Retrial.FRESH,
            999: Retrial.NOT_PARKED,
        }
    drain(database, line, clock, freezer=freezer)
    (_, first_body, first_key), (_, second_body, second_key) = line.pushes
    assert first_key != second_key
    assert first_body != second_body
    assert states(database) == {OutboxState.SENT: 1}
    with database.read() as session:
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.action, entry.subject, entry.at) == (AuditAction.OUTBOX_RETRY, f"outbox:{number}", clock.real)
        assert entry.before == {"state": "parked", "reason": "http_400"}
        assert entry.after == {"state": "due", "retrial": "fresh"}


def test_a_parked_message_that_line_may_have_taken_keeps_its_key_and_stays_parked_when_that_is_dead(
    database: Database, clock: HandClock
) -> None:
    (number,) = queue(database, message(settle_person(database)))
    line = ScriptedLine(Answer(500), Answer(400), Answer(400), OK)
    drain(database, line, clock)
    clock.advance(minutes=1)
    drain(database, line, clock)
    with database.write() as session:
        assert outbox.retry(session, [number], clock.business, clock.real) == {number: Retrial.SAME_KEY}
    drain(database, line, clock)
    assert len(line.pushes) == 3
    assert len(set(line.pushes)) == 1
    clock.advance(hours=23)
    with database.write() as session:
        assert outbox.retry(session, [number], clock.business, clock.real) == {number: Retrial.TOO_OLD}
    assert states(database) == {OutboxState.PARKED: 1}


def test_a_parked_message_whose_time_has_passed_stays_parked(database: Database, clock: HandClock) -> None:
    evening = MORNING + timedelta(hours=8)
    (number,) = queue(database, message(settle_person(database), expires_at=evening))
    drain(database, ScriptedLine(Answer(400)), clock)
    with database.write() as session:
        assert outbox.retry(session, [number], evening, clock.real) == {number: Retrial.TOO_LATE}
        assert session.scalars(select(AuditEntry)).all() == []
        last_moment = evening - timedelta(seconds=1)
        assert outbox.retry(session, [number], last_moment, clock.real) == {number: Retrial.FRESH}


def test_what_no_message_can_be_rendered_without_parks_nobody(database: Database, clock: HandClock) -> None:
    queue(database, *(message(person) for person in settle_people(database, 9)))
    before = [(row.state, row.reason, row.lease_owner) for row in stored(database)]

    class UnpreparedFreezer(PlainFreezer):
        def prepare(self, _session: Session, _rows: Sequence[Claimed], _now: Now) -> None:
            raise KeyError("U1")

    line = ScriptedLine(OK)
    with pytest.raises(NotPrepared, match="KeyError"):
        drain(database, line, clock, freezer=UnpreparedFreezer())
    assert line.pushes == []
    assert [(row.state, row.reason, row.lease_owner) for row in stored(database)] == before
    drain(database, line, clock)
    assert states(database) == {OutboxState.SENT: 9}


def test_operators_see_what_is_parked_without_text_or_line_ids(database: Database, clock: HandClock) -> None:
    bad, good = settle_people(database, 2)
    queue(database, message(bad, "r:bad"), message(good, "r:good"))
    drain(database, ScriptedLine(Answer(400), OK), clock)
    with database.read() as session:
        (listed,) = outbox.listing(session, [OutboxState.PARKED])
    assert (listed.person[0], listed.state, listed.reason, listed.attempts) == ("P", OutboxState.PARKED, "http_400", 1)
    assert not any(word in repr(listed) for word in (line_id(0), line_id(1), "text"))

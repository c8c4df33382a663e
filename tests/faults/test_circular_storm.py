"""A circular to ten thousand people through all that can go wrong at once: each reachable person gets it once."""

import signal
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from threading import Barrier

import pytest
from sqlalchemy import func, insert, select

from domain.circulars.audience import Audience
from domain.circulars.letters import Letter
from domain.circulars.life import CircularRefusal, CircularRefused, CircularState
from domain.circulars.news import CircularEvent
from domain.organisation import UnitLevel
from domain.roles import Role
from scheduler.sender import DEFAULT_PACE
from simulator.line.people import Person as Phone
from storage.circulars import drafts, releasing
from storage.circulars.drafts import Draft
from storage.database import Database
from storage.outbox import Reason
from storage.outbox_claims import Now
from storage.reference import load_reference
from storage.tables import AuditEntry, CircularRecipient, OutboxMessage, Person, RoleAssignment, Unit
from storage.tables.messaging import AuditAction, NoticeKind, OutboxState
from tests.faults.test_killed_sender import start_sender
from tests.multicasting import LETTER, batches_of, circular_of, ends, multicast_to, recipient_states
from tests.sending import MORNING, HandClock, Line, line_id, line_on_loopback
from tests.submitting import actor_of

PEOPLE = 10_000
SEVERAL = 3_000
MULTICAST = "/v2/bot/message/multicast"
ADMINS = ("A1", "A2")
OF_EACH_KIND = PEOPLE // 100
"""So many are not linked, so many have blocked the bot, and so many ids LINE refuses: three per cent together."""


@pytest.fixture
def line() -> Iterator[Line]:
    with line_on_loopback(phones=0) as line:
        line.platform.behaviour.multicast_skips_unknown = False
        yield line


def settle(database: Database, line: Line, people: int) -> dict[str, set[int]]:
    """Let a ministry have so many officers with phones but for three per cent; return whom LINE reaches, or why not.

    One of a hundred people is not linked, one has blocked the bot, and one, all of them in the second half, has an id
    of nobody.
    """
    numbers = {
        "not_linked": set(range(10, people, 100)),
        "blocked": set(range(40, people, 100)),
        "unknown": set(range(people // 2 + 11, people * 7 // 10, 20)),
    }
    numbers["reached"] = set(range(people)).difference(*numbers.values())
    rows = [
        {
            "code": f"P{number}",
            "full_name": f"คนที่ {number}",
            "line_user_id": None if number in numbers["not_linked"] else line_id(number),
            "unreachable_since": MORNING if number in numbers["blocked"] else None,
        }
        for number in range(people)
    ]
    rows += [{"code": code, "full_name": code, "line_user_id": None, "unreachable_since": None} for code in ADMINS]
    with database.write() as session:
        session.add(Unit(code="M", name="กระทรวงแรงงาน", level=UnitLevel.MINISTRY))
        session.flush()
        ministry = session.scalars(select(Unit)).one()
        agencies = [
            Unit(code=f"U{number}", name=f"กรมที่ {number}", level=UnitLevel.AGENCY, parent_id=ministry.id)
            for number in range(20)
        ]
        session.add_all(agencies)
        session.flush()
        session.execute(insert(Person), rows)
        ids = session.execute(select(Person.id, Person.code).order_by(Person.id)).all()
        posts = [
            {"person_id": person, "unit_id": unit.id, "role": Role.ADMIN if code in ADMINS else Role.PROJECT_OFFICER}
            for (person, code), unit in zip(ids, cycle(agencies), strict=False)
        ]
        session.execute(insert(RoleAssignment), posts)
    for number in sorted(numbers["reached"] | numbers["blocked"]):
        line.platform.register(Phone(line_id(number), f"คนที่ {number}", blocked=number in numbers["blocked"]))
    return numbers


def write(database: Database) -> Draft:
    """Let an administrator write a circular to all officers."""
    letter = Letter("รง ๐๒๑๔/ว ๓", date(2023, 3, 20), subject="กำหนดการรายงาน")
    with database.write() as session:
        reference = load_reference(session, MORNING.date())
        audience = Audience(everyone=True, roles=frozenset({Role.PROJECT_OFFICER}))
        return drafts.begin(session, reference, actor_of(session, ADMINS[0]), letter, audience, now())


def propose(database: Database, draft: Draft) -> Draft:
    with database.write() as session:
        reference, by = load_reference(session, MORNING.date()), actor_of(session, ADMINS[0])
        return releasing.propose(session, reference, by, draft.circular_id, draft.version, now())


def now() -> Now:
    return Now(MORNING, datetime.now(UTC))


def release(database: Database, draft: Draft, person: str) -> CircularRefusal | None:
    try:
        with database.write() as session:
            reference = load_reference(session, MORNING.date())
            by = actor_of(session, person)
            releasing.release(session, reference, by, draft.circular_id, draft.version, LETTER, now())
    except CircularRefused as refused:
        return refused.refusal
    return None


def release_at_once(database: Database, draft: Draft) -> list[CircularRefusal | None]:
    """Let two administrators release a circular in one moment."""
    barrier = Barrier(len(ADMINS))

    def press(person: str) -> CircularRefusal | None:
        barrier.wait()
        return release(database, draft, person)

    with ThreadPoolExecutor(len(ADMINS)) as pool:
        return list(pool.map(press, ADMINS))


def killed(database_url: str, line: Line, point: str) -> None:
    """Let a sender of its own work until it dies in a batch."""
    with start_sender(database_url, line, point, MORNING.isoformat()) as sender:
        assert sender.wait(60) == -signal.SIGKILL


def after_the_lease() -> HandClock:
    return HandClock(real=datetime.now(UTC) + DEFAULT_PACE.lease + timedelta(seconds=1))


def send(database: Database, line: Line, clock: HandClock) -> None:
    """Let a sender work for some minutes, so that whatever has to wait for another try gets it."""
    for _ in range(3):
        multicast_to(database, line, clock)
        clock.advance(minutes=2)


def lists_by_key(line: Line) -> dict[str, set[tuple[str, ...]]]:
    """The lists that went to LINE under each retry key."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for call in line.platform.calls():
        if call.path == MULTICAST and call.retry_key and isinstance(call.body, dict):
            found.setdefault(call.retry_key, set()).add(tuple(call.body["to"]))
    return found


def news(database: Database) -> list[str]:
    with database.read() as session:
        query = select(OutboxMessage).filter_by(kind=NoticeKind.CIRCULAR_NEWS).order_by(OutboxMessage.id)
        return [row.args["event"] for row in session.scalars(query)]


def test_ten_thousand_people_get_a_circular_once_through_a_storm(
    database: Database, database_url: str, line: Line
) -> None:
    numbers = settle(database, line, PEOPLE)
    draft = propose(database, write(database))
    assert sorted(release_at_once(database, draft), key=str) == [None, CircularRefusal.WRONG_STATE]
    circular = draft.circular_id
    assert recipient_states(database, circular) == {OutboxState.DUE: PEOPLE - 200, OutboxState.SKIPPED: 200}
    with database.read() as session:
        releases = select(func.count()).where(AuditEntry.action == AuditAction.CIRCULAR_RELEASE)
        assert session.scalar(releases.select_from(AuditEntry)) == 1
        linked = session.scalar(select(func.count()).where(Person.line_user_id.is_not(None))) or 0

    line.set_quota(limit=linked + PEOPLE // 2)  # what reminders need stays untouched: half of it can go out
    killed(database_url, line, "after line accepted")
    assert 500 - 5 <= sum(line.received().values()) < PEOPLE // 2

    clock = after_the_lease()
    line.fault("server_error", MULTICAST, count=2)
    line.fault("reset_after_acceptance", MULTICAST, count=1)
    send(database, line, clock)
    received = line.received()
    assert PEOPLE // 2 - 500 < sum(received.values()) <= PEOPLE // 2
    assert recipient_states(database, circular)[OutboxState.SENT] == sum(received.values())
    assert circular_of(database, circular).state is CircularState.SENDING

    line.set_quota(limit=5 * PEOPLE)
    clock.advance(hours=1)
    send(database, line, clock)
    assert circular_of(database, circular).state is CircularState.SENT
    assert line.received() == {line_id(number): 1 for number in numbers["reached"]}
    stand = ends(database, circular)
    parked = [(reason, count) for (state, reason), count in stand.items() if state is OutboxState.PARKED]
    assert all(reason.startswith("http_400") for reason, _ in parked)
    assert sum(count for _, count in parked) == len(numbers["unknown"]) == OF_EACH_KIND
    assert {end: count for end, count in stand.items() if end[0] is not OutboxState.PARKED} == {
        (OutboxState.SENT, ""): len(numbers["reached"]),
        (OutboxState.SKIPPED, Reason.NOT_LINKED): OF_EACH_KIND,
        (OutboxState.SKIPPED, Reason.BLOCKED): OF_EACH_KIND,
    }
    assert stand.total() == PEOPLE
    assert parked_people(database, circular) == {f"P{number}" for number in numbers["unknown"]}
    assert {len(lists) for lists in lists_by_key(line).values()} == {1}
    assert line.platform.quota.used == len(numbers["reached"])
    assert 409 in [call.status for call in line.platform.calls() if call.path == MULTICAST]
    assert news(database).count(CircularEvent.SENT) == 1


def parked_people(database: Database, circular: int) -> set[str]:
    with database.read() as session:
        query = select(Person.code).join(CircularRecipient, CircularRecipient.person_id == Person.id)
        return set(session.scalars(query.filter_by(circular_id=circular, state=OutboxState.PARKED)))


@pytest.mark.parametrize("point", ("after claim", "after line accepted"))
def test_a_cancelled_circular_sends_nothing_more_and_each_person_has_a_named_end(
    database: Database, database_url: str, line: Line, point: str
) -> None:
    line.platform.behaviour.multicast_skips_unknown = True
    numbers = settle(database, line, SEVERAL)
    draft = write(database)
    assert release(database, draft, ADMINS[0]) is None
    circular = draft.circular_id
    killed(database_url, line, point)
    under_way = {batch.retry_key: len(batch.accounts) for batch in batches_of(database, circular)}

    with database.write() as session:
        reference = load_reference(session, MORNING.date())
        releasing.cancel(session, reference, actor_of(session, ADMINS[1]), circular, now())
    clock = after_the_lease()
    for _ in range(2):
        send(database, line, clock)
        clock.advance(hours=2)
    # What the dead sender had on its way may reach LINE only now; nobody else has sent anything.
    calls = Counter(call.retry_key for call in line.platform.calls() if call.path == MULTICAST)
    assert calls <= Counter(under_way.keys())
    assert set(line.received().values()) <= {1}
    assert circular_of(database, circular).state is CircularState.CANCELLED
    lost = len(numbers["not_linked"] | numbers["blocked"])
    assert recipient_states(database, circular) == {
        OutboxState.EXPIRED: sum(under_way.values()),  # nobody can know whether they have it
        OutboxState.CANCELLED: SEVERAL - sum(under_way.values()) - lost,
        OutboxState.SKIPPED: lost,
    }
    reasons = {state: {why for (at, why) in ends(database, circular) if at is state} for state in OutboxState}
    assert reasons[OutboxState.CANCELLED] == {Reason.CALLED_OFF}
    assert reasons[OutboxState.EXPIRED] == {Reason.RETRY_WINDOW}

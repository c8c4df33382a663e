"""The real adapter against the emulated LINE: networks that fail, tokens that run out, two senders at once."""

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import Iterator

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.line_client import BotInfo, Credentials, WebhookEndpoint, line_client
from domain.quota import Quota
from scheduler.gate import Gate
from scheduler.line_port import Answer, NoAnswer
from scheduler.sender import Sender
from scheduler.stopping import stop_reason
from storage.database import Database
from storage.tables.messaging import OutboxState
from tests.plain_freezer import PlainFreezer
from tests.processes import wait_for
from tests.sending import (
    CHANNEL,
    PUSH,
    SWIFT,
    HandClock,
    Line,
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

TOKEN_PATH = "/oauth2/v3/token"
BODY = '[{"type":"text","text":"เรียน ท่านผู้อำนวยการ"}]'
KEY = "123e4567-e89b-12d3-a456-426614174000"


@pytest.fixture
def line() -> Iterator[Line]:
    with line_on_loopback(phones=60) as line:
        yield line


def drain_in_time(database: Database, line: Line, clock: HandClock) -> None:
    """As `drain_to`, with an hour in which whatever waits may be tried again."""
    drain_to(database, line, clock)
    clock.advance(hours=1)
    drain_to(database, line, clock)


def test_after_faults_of_every_kind_each_person_has_the_message_once(
    database: Database, clock: HandClock, line: Line
) -> None:
    faults = ("server_error", "rate_limited", "reset_before_acceptance", "reset_after_acceptance", "unauthorized")
    queue(database, *(message(person) for person in settle_people(database, len(faults))))
    for kind in faults:
        line.fault(kind, count=1)
    drain_in_time(database, line, clock)
    tries: dict[str, list[int | None]] = defaultdict(list)
    for call in line.platform.calls():
        if call.path == PUSH and call.retry_key is not None:
            tries[call.retry_key].append(call.status)
    assert sorted(tries.values(), key=str) == [[200], [401, 200], [429], [500, 200], [None, 200], [None, 409]]
    assert line.received() == {line_id(number): 1 for number in range(len(faults))}
    assert states(database) == {OutboxState.SENT: len(faults)}


def test_after_a_time_out_the_message_goes_again_under_the_same_key(database: Database, clock: HandClock) -> None:
    with line_on_loopback(phones=1, access_token="long-lived") as line:  # nothing but the push can take too long
        queue(database, message(settle_person(database)))
        line.fault("slow", count=1, seconds=30)

        async def work() -> None:
            credentials = Credentials(access_token="long-lived")
            async with line_client(credentials, line.origin, aiohttp.ClientTimeout(total=0.3)) as client:
                await Sender(Gate(database, client, clock), PlainFreezer(), SWIFT).run(asyncio.Event(), drain=True)

        asyncio.run(work())
        (row,) = stored(database)
        assert (row.state, row.reason, row.uncertain) == (OutboxState.DUE, "network TimeoutError", True)
        wait_for(lambda: line.pushes() == [200], 20, "the slow push is accepted")
        line.clear_faults()
        clock.advance(minutes=1)
        drain_to(database, line, clock)
        assert line.received() == {line_id(0): 1}
        assert line.pushes()[-1] == 409


def test_an_unreachable_line_is_surely_not_accepted(database: Database, clock: HandClock) -> None:
    queue(database, message(settle_person(database)))
    with line_on_loopback(phones=1) as line:
        pass
    drain_to(database, line, clock)
    (row,) = stored(database)
    assert (row.state, row.uncertain) == (OutboxState.DUE, False)
    assert row.reason.startswith("token ClientConnectorError")


def test_two_senders_on_one_outbox_send_each_message_once(database: Database, clock: HandClock, line: Line) -> None:
    queue(database, *(message(person) for person in settle_people(database, 60)))

    async def work() -> None:
        pace = type(SWIFT)(page=7, idle_seconds=0.01, patience=SWIFT.patience)
        async with line.connect() as client:
            senders = [Sender(Gate(database, client, clock), PlainFreezer(), pace) for _ in range(2)]
            await asyncio.gather(*(sender.run(asyncio.Event(), drain=True) for sender in senders))

    asyncio.run(work())
    assert line.pushes() == [200] * 60
    assert line.received() == {line_id(number): 1 for number in range(60)}
    assert states(database) == {OutboxState.SENT: 60}


def test_one_unknown_recipient_does_not_hold_up_the_rest(database: Database, clock: HandClock, line: Line) -> None:
    queue(database, *(message(person) for person in settle_people(database, 61)))
    drain_to(database, line, clock)
    assert states(database) == {OutboxState.SENT: 60, OutboxState.PARKED: 1}
    (parked,) = (row for row in stored(database) if row.state is OutboxState.PARKED)
    assert parked.reason == "http_400 Failed to send messages"


def test_a_channel_secret_that_line_refuses_stops_everything(database: Database, clock: HandClock, line: Line) -> None:
    queue(database, *(message(person) for person in settle_people(database, 5)))

    async def work(credentials: Credentials) -> None:
        async with line_client(credentials, line.origin) as client:
            await Sender(Gate(database, client, clock), PlainFreezer(), SWIFT).run(asyncio.Event(), drain=True)

    asyncio.run(work(Credentials(channel_id=CHANNEL.channel_id, channel_secret="wrong")))
    with database.read() as session:
        assert stop_reason(session) == "token"
    assert line.pushes() == []
    asyncio.run(work(CHANNEL))
    assert sum(line.received().values()) == 5


def test_calls_share_one_token_and_renew_it_together_once() -> None:
    seconds = [0.0]

    async def push_all(line: Line) -> None:
        async with line.connect() as client:
            for passed in (0, 901):
                seconds[0] += passed
                pushes = (client.push(line_id(n), BODY, f"{passed:08}{KEY[8:-2]}{n:02}") for n in range(20))
                replies = await asyncio.gather(*pushes)
                assert {reply.status for reply in replies if isinstance(reply, Answer)} == {200}

    with line_on_loopback(phones=20, elapsed=lambda: seconds[0]) as line:
        asyncio.run(push_all(line))
        assert sum(call.path == TOKEN_PATH for call in line.platform.calls()) == 2


def test_a_long_lived_token_is_used_as_it_is(line: Line) -> None:
    async def push(token: str) -> object:
        async with line_client(Credentials(access_token=token), origin) as client:
            return await client.push(line_id(0), BODY, KEY)

    with line_on_loopback(phones=1, access_token="long-lived") as other:
        origin = other.origin
        assert isinstance(asyncio.run(push("long-lived")), Answer)
        refused = asyncio.run(push("another"))
        assert isinstance(refused, Answer)
        assert refused.status == 401
        assert [call.path for call in other.platform.calls()] == [PUSH, PUSH]


def test_the_frozen_text_reaches_line_unchanged_with_its_key(line: Line) -> None:
    async def work() -> None:
        async with line.connect() as client:
            await client.push(line_id(3), BODY, KEY)

    asyncio.run(work())
    (call,) = (call for call in line.platform.calls() if call.path == PUSH)
    assert call.body == {"to": line_id(3), "messages": json.loads(BODY)}
    assert call.retry_key == KEY


def test_what_doctor_asks_is_answered_in_types(line: Line) -> None:
    async def work() -> tuple[object, ...]:
        async with line.connect() as client:
            nothing_set = await client.webhook_endpoint()
            line.platform.webhook = "https://bot.example.go.th/callback"
            return nothing_set, await client.bot_info(), await client.webhook_endpoint(), await client.quota()

    line.set_quota(limit=300, used=7)
    nothing_set, info, webhook, quota = asyncio.run(work())
    assert isinstance(nothing_set, Answer)
    assert nothing_set.status == 404
    assert isinstance(info, BotInfo)
    assert info.basic_id.startswith("@")
    assert webhook == WebhookEndpoint("https://bot.example.go.th/callback", active=True)
    assert quota == Quota(300, 7)


@pytest.mark.parametrize("path", ("/v2/bot/message/quota", "/v2/bot/message/quota/consumption"))
def test_a_quota_look_up_that_fails_returns_what_line_said(line: Line, path: str) -> None:
    async def work() -> object:
        async with line.connect() as client:
            return await client.quota()

    line.fault("server_error", path=path)
    found = asyncio.run(work())
    assert isinstance(found, Answer)
    assert found.status == 500


def test_a_token_that_cannot_be_issued_now_is_a_network_fault_and_not_a_refusal(line: Line) -> None:
    async def work() -> object:
        async with line.connect() as client:
            return await client.push(line_id(0), BODY, KEY)

    line.fault("server_error", path=TOKEN_PATH, count=1)
    assert asyncio.run(work()) == NoAnswer("token http_500", sent=False)


def test_each_call_is_logged_with_lines_request_id_and_nothing_that_is_secret_or_personal(
    database: Database, clock: HandClock, line: Line
) -> None:
    queue(database, *(message(person, args={"text": "ความลับ"}) for person in settle_people(database, 3)))
    with capture_logs() as logs:
        drain_to(database, line, clock)
    pushes = [entry for entry in logs if entry["event"] == "line_call" and entry["endpoint"] == PUSH]
    assert {(entry["method"], entry["status"]) for entry in pushes} == {("POST", 200)}
    assert {entry["request_id"] for entry in pushes} == {row.request_id for row in stored(database)}
    assert all(isinstance(entry["ms"], int) for entry in pushes)
    assert not re.search(r"U[0-9a-f]{32}|Bearer|ความลับ|" + CHANNEL.channel_secret, repr(logs))

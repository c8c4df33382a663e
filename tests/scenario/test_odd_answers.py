"""No call raises for what LINE, a proxy or a captive portal answers, and no such answer ends a sender."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.line_client import Credentials, LineClient, line_client
from domain.quota import Quota
from scheduler.gate import Gate
from scheduler.line_port import Answer, NoAnswer
from scheduler.outcomes import LONGEST_WAIT, classify
from scheduler.quota import ceiling, count_pushes, is_stale
from scheduler.sender import Sender
from storage import shared_state
from storage.database import Database
from storage.outbox_claims import Now
from storage.quota import known_quota, quota_standing
from storage.shared_state import StateKey
from storage.tables.messaging import OutboxState
from tests.plain_freezer import PlainFreezer
from tests.sending import (
    CHANNEL,
    PUSH,
    SWIFT,
    HandClock,
    ScriptedLine,
    drain,
    line_id,
    message,
    queue,
    settle_person,
    stored,
)

TOKEN = "/oauth2/v3/token"
QUOTA = "/v2/bot/message/quota"
CONSUMPTION = "/v2/bot/message/quota/consumption"
NESTED = b"[" * 100_000
LONG_LIVED = Credentials(access_token="long-lived")
ANSWERED = b'{"sentMessages":[{"id":"1"}]}'
PORTAL = b"<html>Please sign in</html>"
ODD_BODIES = (b"", b"[]", b'"x"', b"null", b"7", b"\xff\xfe", b"<html>", b"{}", NESTED, b'{"message":"\\ud800\\u0000"}')


def http(status: int, body: bytes = b"", *headers: bytes) -> bytes:
    lines = (b"HTTP/1.1 %d Odd" % status, b"Content-Length: %d" % len(body), b"Connection: close", *headers)
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


class OddServer:
    """Answers each path with the same raw bytes, and notes what it was asked."""

    def __init__(self, **answers: bytes) -> None:
        self.answers = answers
        self.asked: list[str] = []

    @asynccontextmanager
    async def client(self, credentials: Credentials = LONG_LIVED) -> AsyncIterator[LineClient]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, line_client(credentials, f"http://127.0.0.1:{port}") as client:
            yield client

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
        self.asked.append(path)
        try:
            writer.write(self.answers.get(path, self.answers.get("everything", http(500))))
            await writer.drain()
            writer.close()
            await writer.wait_closed()
        except ConnectionError:  # a client that has read enough leaves
            return
        finally:
            writer.transport.abort()  # else it stays open where the client was quicker than we


def ask(server: OddServer, call: Callable[[LineClient], Awaitable[Any]], credentials: Credentials = LONG_LIVED) -> Any:
    async def work() -> Any:
        async with server.client(credentials) as client:
            return await asyncio.wait_for(call(client), 20)

    return asyncio.run(work())


def push(client: LineClient) -> Awaitable[Any]:
    return client.push(line_id(0), "[]", "123e4567-e89b-12d3-a456-426614174000")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.mark.parametrize("body", ODD_BODIES)
@pytest.mark.parametrize("call", (LineClient.quota, LineClient.bot_info, LineClient.webhook_endpoint))
def test_an_unreadable_success_is_no_answer(call: Callable[[LineClient], Awaitable[Any]], body: bytes) -> None:
    found = ask(OddServer(everything=http(200, body)), call)
    assert isinstance(found, NoAnswer)
    assert found.reason.startswith("unreadable")
    assert found.sent


@pytest.mark.parametrize(
    "value", ("1e999", "-1", "NaN", "1" * 5_000, "1000000000", "300.5", "true", '"300"', "null", "[]")
)
def test_an_impossible_quota_is_no_answer(value: str) -> None:
    limited, used = f'{{"type":"limited","value":{value}}}', f'{{"totalUsage":{value}}}'
    plain = {QUOTA: http(200, b'{"type":"none"}'), CONSUMPTION: http(200, b'{"totalUsage":7}')}
    assert ask(OddServer(**plain), LineClient.quota) == Quota(None, 7)
    for odd in ({QUOTA: http(200, limited.encode())}, {CONSUMPTION: http(200, used.encode())}):
        assert ask(OddServer(**plain | odd), LineClient.quota) in (
            NoAnswer("unreadable quota", sent=True),
            NoAnswer("unknown kind of quota", sent=True),
        )


def test_an_unknown_kind_of_quota_is_not_taken_for_one_without_limit() -> None:
    answers = {QUOTA: http(200, b'{"type":[]}'), CONSUMPTION: http(200, b'{"totalUsage":7}')}
    assert ask(OddServer(**answers), LineClient.quota) == NoAnswer("unknown kind of quota", sent=True)


def test_content_is_read_as_it_is_no_further_than_asked_and_whole_or_not_at_all() -> None:
    content = bytes(range(256)) * 1_000

    def read(answer: bytes, most: int = len(content)) -> Any:
        path = "/v2/bot/message/..%2F7%3F/content"
        server = OddServer(**{path: answer})
        found = ask(server, lambda client: client.content("../7?", most))
        assert server.asked[0] == path
        return found

    assert read(http(200, content)) == content
    assert read(http(200, content), most=1_000) == content[:1_000]
    assert read(http(200)) == b""
    broken = read(http(200, content)[:-1])
    assert isinstance(broken, NoAnswer)
    for status in (202, 302, 404, 410, 500):
        assert read(http(status, b"{}")).status == status


@pytest.mark.parametrize("field", ("7", "null", '"\\ud800"', "[]"))
def test_a_name_that_is_no_text_is_no_answer(field: str) -> None:
    info = f'{{"userId":"U","basicId":"@a","displayName":{field}}}'.encode()
    found = ask(OddServer(everything=http(200, info)), LineClient.bot_info)
    assert found == NoAnswer("unreadable bot info", sent=True)


@pytest.mark.parametrize(
    "body",
    (
        *ODD_BODIES,
        *(json.dumps({"access_token": odd}).encode() for odd in ("", "a\nb", "a\r\nX: y", "a b", "ก", "\ud800", "\0")),
        *(f'{{"access_token":{odd}}}'.encode() for odd in ("null", "7", '["a"]', "{}", '"' + "a" * 5_000 + '"')),
    ),
)
def test_a_token_that_is_none_is_asked_for_again_later_and_nothing_was_sent(body: bytes) -> None:
    server = OddServer(**{TOKEN: http(200, body, b"Content-Type: application/json")})
    reply = ask(server, push, CHANNEL)
    assert isinstance(reply, NoAnswer)
    assert reply.reason.startswith("token ")
    assert not reply.sent
    assert server.asked == [TOKEN]


@pytest.mark.parametrize("status", (302, 307, 408, 429, 503))
def test_a_token_that_cannot_be_had_now_stops_nobody(status: int) -> None:
    server = OddServer(**{TOKEN: http(status, PORTAL, b"Location: /signin")})
    assert ask(server, push, CHANNEL) == NoAnswer(f"token http_{status}", sent=False)
    assert server.asked == [TOKEN]


@pytest.mark.parametrize("token", ("a\nb", "a b", "โทเคน"))
def test_a_set_token_that_no_header_can_carry_is_refused_before_it_is_sent(token: str) -> None:
    server = OddServer()
    reply = ask(server, push, Credentials(access_token=token))
    assert isinstance(reply, Answer)
    assert reply.status == 401
    assert token not in reply.message
    assert server.asked == []


@pytest.mark.parametrize(
    "value", (b"9" * 400, b"9" * 7_000, b"inf", b"nan", b"-5", b"1e999", b"Wed, 21 Oct 2026 07:28:00 GMT", b"\xb2", b"")
)
def test_no_retry_after_breaks_the_wait(value: bytes) -> None:
    reply = ask(OddServer(everything=http(503, b"", b"Retry-After: " + value)), push)
    assert isinstance(reply, Answer)
    assert reply.retry_after in (None, LONGEST_WAIT.total_seconds())
    classify(reply, 0, 0.5)


@pytest.mark.parametrize("status", (301, 302, 303, 307, 308))
def test_a_redirection_is_not_followed(status: int) -> None:
    server = OddServer(everything=http(status, PORTAL, b"Location: /signin"))
    reply = ask(server, push)
    assert isinstance(reply, Answer)
    assert reply.status == status
    assert server.asked == [PUSH]


@pytest.mark.parametrize("body", (PORTAL, *ODD_BODIES, b'{"sentMessages":[]}', PORTAL * 100_000))
def test_a_success_that_is_not_lines_leaves_it_open_whether_line_has_the_message(body: bytes) -> None:
    assert ask(OddServer(everything=http(200, body)), push) == NoAnswer("http_200 not from LINE", sent=True)


@pytest.mark.parametrize("headers", ((), (b"X-Line-Request-Id: \xff\xfe",)))
def test_an_answer_with_sent_messages_is_lines_even_when_its_header_got_lost(headers: tuple[bytes, ...]) -> None:
    assert ask(OddServer(everything=http(200, ANSWERED, *headers)), push) == Answer(200, ANSWERED.decode())


def test_an_answer_with_lines_request_id_is_lines_even_when_its_body_got_lost() -> None:
    cut_off = b"HTTP/1.1 200 OK\r\nX-Line-Request-Id: 1-2\r\nContent-Length: 99\r\n\r\n{"
    assert ask(OddServer(everything=cut_off), push).request_id == "1-2"


def test_a_key_that_was_accepted_before_is_a_success_whoever_says_so() -> None:
    assert ask(OddServer(everything=http(409)), push) == Answer(409)


@pytest.mark.parametrize(
    "raw",
    (
        b"",
        b"\0" * 100,
        b"HTTP/1.1 999999 X\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        http(200, b"not zipped", b"Content-Encoding: gzip"),
        http(200, ANSWERED[:5], b"Content-Type: text/html; charset=no-such"),
        http(200, ANSWERED[:5], b"Set-Cookie: \xff=;;=\0"),
    ),
)
@pytest.mark.parametrize("credentials", (LONG_LIVED, CHANNEL))
def test_what_is_hardly_http_is_no_answer(credentials: Credentials, raw: bytes) -> None:
    for call in (push, LineClient.quota):
        assert isinstance(ask(OddServer(everything=raw), call, credentials), NoAnswer)


@pytest.mark.parametrize(
    ("odd", "uncertain"),
    (
        (http(302, PORTAL, b"Location: /signin"), False),
        (http(200, PORTAL), True),
        (http(503, NESTED, b"Retry-After: " + b"9" * 400), True),
        (http(429, NESTED, b"Retry-After: inf", b"X-Line-Request-Id: \xff"), False),
    ),
)
def test_a_sender_outlives_odd_answers_and_keeps_the_message_for_later(
    database: Database,
    odd: bytes,
    uncertain: bool,  # noqa: FBT001
) -> None:
    clock = HandClock()
    queue(database, message(settle_person(database)))

    async def work(server: OddServer) -> None:
        async with server.client() as client:
            await Sender(Gate(database, client, clock), PlainFreezer(), SWIFT).run(asyncio.Event(), drain=True)

    asyncio.run(work(OddServer(everything=odd)))
    (row,) = stored(database)
    assert (row.state, row.uncertain) == (OutboxState.DUE, uncertain)
    clock.advance(hours=1)
    asyncio.run(work(OddServer(**{PUSH: http(200, ANSWERED, b"X-Line-Request-Id: 1-2")})))
    (row,) = stored(database)
    assert (row.state, row.request_id) == (OutboxState.SENT, "1-2")


def test_what_line_says_is_stored_without_ids_and_without_what_a_database_refuses(database: Database) -> None:
    queue(database, message(settle_person(database)))
    text = json.dumps({"message": f"No \0 \ud800 {line_id(0)}"})
    drain(database, ScriptedLine(Answer(400, text)), HandClock())
    (row,) = stored(database)
    assert row.reason.split() == ["http_400", "No", "[...]"]


@pytest.mark.parametrize(
    "value",
    (
        [],
        "x",
        7,
        {},
        {"limit": "300", "used": 1, "at": "2023-03-20T00:00:00+00:00"},
        {"limit": 300, "used": 10**30, "at": "2023-03-20T00:00:00+00:00"},
        {"limit": 300, "used": 1.5, "at": "2023-03-20T00:00:00+00:00"},
        {"limit": 300, "used": 1},
        {"limit": 300, "used": 1, "at": 5},
        {"limit": 300, "used": 1, "at": "yesterday"},
        {"limit": 300, "used": 1, "at": "2023-03-20T00:00:00"},
    ),
)
def test_a_stored_quota_that_is_none_is_looked_up_anew(database: Database, value: Any) -> None:
    clock = HandClock()
    with database.write() as session:
        shared_state.put(session, StateKey.QUOTA, value, clock.real)
    with database.write() as session:
        assert is_stale(session, clock.real)
        assert ceiling(session, Now(clock.now(), clock.real_now())) is None
        assert (quota_standing(session) is None) == (known_quota(session) is None)
        count_pushes(session, 1)
    queue(database, message(settle_person(database)))
    drain(database, ScriptedLine(Answer(200), quota=Quota(300, 7)), clock)
    (row,) = stored(database)
    assert row.state is OutboxState.SENT
    with database.read() as session:
        assert known_quota(session) == Quota(300, 8)

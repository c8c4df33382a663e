"""The webhook: what is signed is stored before it is acknowledged, and each event has one effect."""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event as Flag
from threading import Lock
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.app import create_app
from bot.inbox_keeper import InboxKeeper
from bot.settings import Settings
from bot.webhook import MOST_BYTES
from handlers import dispatch
from handlers.conversation import Answer, Attached, Request, Said, Turn, Utterance
from messages_th.rendering import plain
from simulator.webhooks.letters import signature
from storage import inbox
from storage.database import Database
from storage.outbox_claims import Lease
from storage.tables import InboxEvent
from storage.tables.conversations import InboxState
from tests.chatting import Chatter, Stranger, Web, web_of
from tests.office import Bot, labour
from tests.processes import wait_for
from tests.sending import CHANNEL, HandClock

__all__ = ["labour"]

REPLY = "/v2/bot/message/reply"
GREETING = "สวัสดี"


@pytest.fixture
def officer(labour: Bot) -> Chatter:
    return Chatter(labour, "P00017")


@pytest.fixture
def web(labour: Bot) -> Web:
    return web_of(labour)


def rows(bot: Bot) -> list[InboxEvent]:
    with bot.database.read() as session:
        found = list(session.scalars(select(InboxEvent).order_by(InboxEvent.id)))
        session.expunge_all()
        return found


def states(bot: Bot) -> list[InboxState]:
    return [row.state for row in rows(bot)]


def replies(web: Web) -> list[int | None]:
    """Return the statuses that replies were answered with."""
    return [call.status for call in web.line.platform.calls() if call.path == REPLY]


def phone(web: Web, account: str) -> list[str]:
    """Return what stands on a phone, message by message."""
    return [str(delivery.message.get("text", "?")) for delivery in web.line.platform.deliveries(account)]


@pytest.fixture
def echo(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let the bot answer every sentence with the sentence itself, and break at one; return what it was asked."""
    heard: list[str] = []

    def turn_of(_request: Request, utterance: Utterance) -> Turn:
        text = utterance.text if isinstance(utterance, Said) else str(utterance)

        def answer(_at_work: Request) -> Answer:
            heard.append(text)
            if text == "พัง":
                raise RuntimeError("unforeseen")
            return Answer((plain(text),))

        return Turn(answer, changes=text.startswith("!"))

    monkeypatch.setattr(dispatch, "turn_of", turn_of)
    return heard


# What is refused, and what is stored


def test_only_what_line_signed_is_stored(labour: Bot, web: Web, officer: Chatter) -> None:
    body = json.dumps({"destination": "U", "events": [web.text(officer.account, GREETING)]}).encode()
    right = signature(CHANNEL.channel_secret, body)
    assert web.post(body, {}) == 400
    assert web.post(body, {"X-Line-Signature": right[::-1]}) == 400
    assert web.post(body, {"X-Line-Signature": signature("0" * 32, body)}) == 400
    assert web.post(body + b" ", {"X-Line-Signature": right}) == 400
    assert rows(labour) == []
    assert web.post(body, {"X-LINE-SIGNATURE": right}) == 200
    web.settle()
    assert states(labour) == [InboxState.DONE]


def test_the_ping_of_the_console_is_fine_and_a_body_that_is_none_is_not(labour: Bot, web: Web) -> None:
    assert web.deliver() == 200
    for body in (b"", b"{}", b"[]", b"no JSON", b'{"events":7}', b'{"events":{}}'):
        assert web.post(body) == 400
    assert rows(labour) == []


def test_a_body_above_two_megabytes_is_too_large(labour: Bot, web: Web) -> None:
    whole = b'{"events":[],"more":"' + b"x" * (MOST_BYTES - 23) + b'"}'
    assert len(whole) == MOST_BYTES
    assert web.post(whole) == 200
    assert web.post(whole + b" ") == 413
    assert rows(labour) == []


def test_a_database_that_is_away_is_told_to_line_so_that_it_comes_again(officer: Chatter, web: Web) -> None:
    away = Database("postgresql://u:s3cret@127.0.0.1:9/x")
    app = create_app(settings(), away, HandClock()).test_client()
    with capture_logs() as logs:
        assert post(app, web.text(officer.account, GREETING)) == 503
    assert "s3cret" not in repr(logs)
    away.dispose()


def test_without_a_channel_secret_nothing_is_taken_and_the_log_says_why(labour: Bot, web: Web) -> None:
    app = create_app(Settings(), labour.database, HandClock()).test_client()
    with capture_logs() as logs:
        assert post(app, web.text("U" + "1" * 32, GREETING)) == 503
    assert [line["event"] for line in logs] == ["webhook_without_channel_secret"]
    assert app.get("/callback").status_code == 405


def settings() -> Settings:
    return Settings(line_channel_secret=SecretStr(CHANNEL.channel_secret))


def post(app: FlaskClient, *events: Mapping[str, Any]) -> int:
    body = json.dumps({"events": events}).encode()
    headers = {"x-line-signature": signature(CHANNEL.channel_secret, body)}
    return app.post("/callback", data=body, headers=headers).status_code


# One effect


def test_fifty_deliveries_of_one_event_have_one_effect(
    labour: Bot, web: Web, officer: Chatter, echo: list[str]
) -> None:
    event = web.text(officer.account, "!" + GREETING)
    again = {**event, "deliveryContext": {"isRedelivery": True}}
    with ThreadPoolExecutor(10) as senders:
        assert set(senders.map(lambda n: web.deliver(again if n else event), range(50))) == {200}
    web.settle()
    assert echo == ["!" + GREETING]
    assert phone(web, officer.account) == ["!" + GREETING]
    assert (states(labour), replies(web)) == ([InboxState.DONE], [200])


def test_a_batch_that_holds_an_event_twice_and_strange_company_is_handled_event_by_event(
    labour: Bot, web: Web, officer: Chatter, echo: list[str]
) -> None:
    event = web.text(officer.account, GREETING)
    strange = [
        web.event(officer.account, "holiday", holiday={"name": "\0\ud800"}),
        {"type": "message"},
        {"type": "accountLink", "webhookEventId": "x", "link": {"result": "failed", "nonce": "n"}},
        web.event(officer.account, "message", message={"type": "hologram", "id": "1"}, mode="active", unheard_of=[[]]),
        "nonsense",
        web.text(officer.account, "\0\ud800😀"),
    ]
    body = json.dumps({"events": [event, *strange, event, web.text(officer.account, "จบ")]}).encode()
    assert web.post(body) == 200
    web.settle()
    assert echo == [GREETING, str(Attached("hologram")), "?😀", "จบ"]
    assert states(labour) == [InboxState.DONE] * 7


def test_one_persons_events_are_handled_one_after_the_other_in_their_order(
    labour: Bot, web: Web, officer: Chatter, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, gate = Slow(), Flag()
    monkeypatch.setattr(dispatch, "turn_of", order.turn_after(gate))
    now = int(web.clock.real_now().timestamp() * 1000)
    other = Chatter(labour, "P00019")
    events = [web.text(officer.account, f"{n}", timestamp=now + n) for n in range(6)]
    with ThreadPoolExecutor(4) as senders:
        assert web.deliver(events[0]) == 200
        order.wait_for(1)
        assert set(senders.map(web.deliver, reversed(events[1:]))) == {200}
        assert web.deliver(web.text(other.account, "another person")) == 200
        wait_for(lambda: order.finished, 20, "another person does not wait")
        gate.set()
    web.settle()
    assert order.finished == ["another person", "0", "1", "2", "3", "4", "5"]
    assert order.most_of_one_person == 1
    assert phone(web, officer.account) == ["0", "1", "2", "3", "4", "5"]


class Slow:
    """Handlers that note who is at work; those of the first person wait for a gate."""

    def __init__(self) -> None:
        self.finished: list[str] = []
        self.most_of_one_person = 0
        self._started = 0
        self._at_work: dict[str, int] = {}
        self._lock = Lock()
        self._begun = [Flag() for _ in range(10)]

    def wait_for(self, count: int) -> None:
        assert self._begun[count - 1].wait(20)

    def turn_after(self, gate: Flag) -> Callable[[Request, Utterance], Turn]:
        def turn_of(request: Request, utterance: Utterance) -> Turn:
            assert isinstance(utterance, Said)
            return Turn(lambda _: self._work(request.account, utterance.text, gate))

        return turn_of

    def _work(self, account: str, text: str, gate: Flag) -> Answer:
        with self._lock:
            self._at_work[account] = self._at_work.get(account, 0) + 1
            self.most_of_one_person = max(self.most_of_one_person, *self._at_work.values())
            self._begun[self._started].set()
            self._started += 1
        if text.isdecimal():
            assert gate.wait(20)
        with self._lock:
            self._at_work[account] -= 1
            self.finished.append(text)
        return Answer((plain(text),))


def test_a_handler_that_raises_between_two_that_do_not_stops_neither(
    labour: Bot, web: Web, officer: Chatter, echo: list[str]
) -> None:
    events = [web.text(officer.account, text) for text in ("ก่อน", "พัง", "หลัง")]
    with capture_logs() as logs:
        assert web.deliver(*events) == 200
        web.settle()
    first, sorry, last = phone(web, officer.account)
    assert (first, last) == ("ก่อน", "หลัง")
    assert states(labour) == [InboxState.DONE, InboxState.FAILED, InboxState.DONE]
    reference = rows(labour)[1].reference
    assert reference in sorry
    assert len(reference) == 8
    (trouble,) = [line for line in logs if line["log_level"] == "error"]
    assert (trouble["reference"], trouble["event_id"]) == (reference, events[1]["webhookEventId"])
    assert officer.account not in repr(logs)
    assert "หลัง" not in repr(logs)


def test_the_inbox_keeps_no_answers_and_the_log_tells_outcomes(web: Web, labour: Bot, officer: Chatter) -> None:
    with capture_logs() as logs:
        officer.says(GREETING)
    (told,) = [line for line in logs if line["event"] == "event"]
    assert (told["kind"], told["outcome"], told["event_id"]) == (
        "message",
        "answered",
        rows(labour)[0].webhook_event_id,
    )
    assert isinstance(told["ms"], int)
    (row,) = rows(labour)
    assert (row.answer, row.lease_owner, row.attempts) == (None, None, 1)
    assert row.finished_at is not None


# What others left


def keeper_of(bot: Bot) -> InboxKeeper:
    web = web_of(bot)
    return InboxKeeper(bot.database, web.conversations, web.clock)


def store(bot: Bot, *events: Mapping[str, Any]) -> None:
    """Store events as a web process does that has no room for them."""
    app = create_app(settings(), bot.database, web_of(bot).clock).test_client()
    assert post(app, *events) == 200


def test_a_worker_takes_what_no_web_process_had_room_for(
    labour: Bot, web: Web, officer: Chatter, echo: list[str]
) -> None:
    store(labour, *(web.text(officer.account, f"{n}") for n in range(3)))
    assert states(labour) == [InboxState.RECEIVED] * 3
    keeper_of(labour).drain()
    assert states(labour) == [InboxState.DONE] * 3
    assert phone(web, officer.account) == ["0", "1", "2"]


def test_an_event_whose_holder_died_is_taken_over_when_the_lease_ends_and_not_before(
    labour: Bot, web: Web, officer: Chatter, echo: list[str]
) -> None:
    store(labour, web.text(officer.account, "ก่อน"))
    now = datetime.now(UTC)
    with labour.database.write() as session:
        (held,) = inbox.claim(session, 9, Lease("dead", now + timedelta(seconds=30)), now)
    assert keeper_of(labour).take() == 0
    web.clock.ahead = timedelta(seconds=31)
    keeper_of(labour).drain()
    assert (echo, phone(web, officer.account)) == (["ก่อน"], ["ก่อน"])
    with labour.database.write() as session, pytest.raises(inbox.LeaseLost):
        inbox.settle_all(session, [replace(held, answer="[]")], now, now)


@pytest.mark.parametrize("replied", (True, False))
def test_an_answer_whose_giver_died_is_given_once(
    labour: Bot, web: Web, officer: Chatter, echo: list[str], *, replied: bool
) -> None:
    event = web.text(officer.account, "ก่อน")
    store(labour, event)
    now, answer = datetime.now(UTC), Answer((plain("คำตอบ"),)).body()
    with labour.database.write() as session:
        (held,) = inbox.claim(session, 9, Lease("dead", now + timedelta(seconds=30)), now)
        inbox.settle_all(session, [replace(held, answer=answer)], now + timedelta(seconds=30), now)
    if replied:
        reply_as_the_dead(web, event["replyToken"], answer)
    web.clock.ahead = timedelta(seconds=31)
    keeper_of(labour).drain()
    assert (echo, phone(web, officer.account), states(labour)) == ([], ["คำตอบ"], [InboxState.DONE])
    labour.send()
    assert phone(web, officer.account) == ["คำตอบ"]


def reply_as_the_dead(web: Web, token: str, body: str) -> None:
    import asyncio

    async def reply() -> None:
        async with web.line.connect() as client:
            await client.reply(token, body)

    asyncio.run(reply())


def test_an_event_that_kills_whoever_takes_it_is_given_up_and_blocks_nobody(
    labour: Bot, web: Web, officer: Chatter, echo: list[str]
) -> None:
    store(labour, web.text(officer.account, "มัจจุราช"), web.text(officer.account, "หลัง"))
    for death in range(5):
        now = datetime.now(UTC) + timedelta(seconds=31 * death)
        with labour.database.write() as session:
            assert len(inbox.claim(session, 9, Lease("dead", now + timedelta(seconds=30)), now)) == 1
    web.clock.ahead = timedelta(seconds=31 * 5)
    keeper_of(labour).drain()
    assert (echo, states(labour)) == (["หลัง"], [InboxState.FAILED, InboxState.DONE])
    labour.send()  # the token is too old by now
    sorry, answer = sorted(phone(web, officer.account), key=len, reverse=True)
    assert rows(labour)[0].reference in sorry
    assert answer == "หลัง"


def test_finished_events_go_after_thirty_days(labour: Bot, officer: Chatter) -> None:
    officer.says(GREETING)
    for days, left in ((29, 1), (31, 0)):
        with labour.database.write() as session:
            inbox.prune(session, datetime.now(UTC) + timedelta(days=days))
        assert len(rows(labour)) == left


# What a stranger learns


def test_a_stranger_learns_nothing(labour: Bot, web: Web) -> None:
    stranger = Stranger(labour)
    with labour.database.read() as session:
        from storage.tables import Project

        project = session.scalars(select(Project).limit(1)).one()
    for text in (GREETING, project.code, f"สถานะ {project.code}", project.name[:40], "เมนู", "อนุมัติ", "โครงการของฉัน"):
        shown = stranger.says(text)
        assert project.code not in shown.text
        assert project.name not in shown.text
        assert "กกจ" not in shown.text
    for data in ("pj1:x", "", "ur1:2566:1", "da1"):
        assert project.code not in stranger.presses(data).text
    assert len({row.sender for row in rows(labour)}) == 1

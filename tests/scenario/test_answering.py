"""Answers: by reply token when it lives, by push when it does not, once in either case, and in private chats only."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot import conversations
from bot.rate_limit import Pace, RateLimit
from handlers import dispatch
from handlers.conversation import Answer, Request, Said, Turn, Utterance
from messages_th import replies
from messages_th.rendering import Rendered, plain
from storage import tables
from storage.outbox import Priority
from storage.tables import InboxEvent, OutboxMessage, Person
from storage.tables.conversations import InboxState
from storage.tables.messaging import NoticeKind, OutboxState
from tests.chatting import Chatter, Shown, Stranger, Web, web_of
from tests.office import Bot, labour

__all__ = ["labour"]

REPLY = "/v2/bot/message/reply"
LOADING = "/v2/bot/chat/loading/start"
GREETING = "สวัสดี"


@pytest.fixture
def web(labour: Bot) -> Iterator[Web]:
    web = web_of(labour)
    yield web
    web.line.clear_faults()


@pytest.fixture
def officer(labour: Bot, web: Web) -> Chatter:
    return Chatter(labour, "P00017")


@pytest.fixture(autouse=True)
def parrot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the bot answer every sentence of a linked person with the sentence itself."""

    def turn_of(_request: Request, utterance: Utterance) -> Turn:
        text = utterance.text if isinstance(utterance, Said) else "ไม่ใช่ข้อความ"
        return Turn(lambda _: Answer((plain(text),)))

    monkeypatch.setattr(dispatch, "turn_of", turn_of)


def statuses(web: Web, path: str = REPLY) -> list[int | None]:
    return [call.status for call in web.line.platform.calls() if call.path == path]


def phone(web: Web, chat: str) -> list[str]:
    return [str(delivery.message.get("text", "?")) for delivery in web.line.platform.deliveries(chat)]


def inbox_states(bot: Bot) -> list[InboxState]:
    with bot.database.read() as session:
        return list(session.scalars(select(InboxEvent.state).order_by(InboxEvent.id)))


def outbox(bot: Bot) -> list[OutboxMessage]:
    with bot.database.read() as session:
        found = list(session.scalars(select(OutboxMessage)))
        session.expunge_all()
        return found


# Reply, or push


def test_a_reply_costs_nothing(labour: Bot, web: Web, officer: Chatter) -> None:
    assert officer.says(GREETING).text == GREETING
    assert (statuses(web), web.line.platform.quota.used, outbox(labour)) == ([200], 0, [])


def test_when_the_token_is_dead_the_answer_is_pushed_once(labour: Bot, web: Web, officer: Chatter) -> None:
    event = web.text(officer.account, GREETING, replyToken="0" * 32)
    assert web.deliver(event) == 200
    web.settle()
    (waiting,) = outbox(labour)
    assert (waiting.key, waiting.kind, waiting.priority) == (
        f"answer:{event['webhookEventId']}", NoticeKind.ANSWER, Priority.ANSWER
    )  # fmt: skip
    assert web.deliver(event) == 200  # once more
    labour.send()
    assert (phone(web, officer.account), labour.states()) == ([GREETING], {OutboxState.SENT: 1})


def test_a_token_that_is_too_old_is_not_even_tried(labour: Bot, web: Web, officer: Chatter) -> None:
    event = web.text(officer.account, GREETING)
    del event["replyToken"]
    assert web.deliver(event) == 200
    web.settle()
    labour.send()
    assert (statuses(web), phone(web, officer.account)) == ([], [GREETING])


@pytest.mark.parametrize("fault", ("reset_after_acceptance", "reset_before_acceptance", "server_error"))
def test_a_reply_of_which_nothing_is_heard_is_tried_once_more_and_arrives_once(
    labour: Bot, web: Web, officer: Chatter, fault: str
) -> None:
    web.line.fault(fault, REPLY, count=1)
    assert officer.says(GREETING).text == GREETING
    assert inbox_states(labour) == [InboxState.DONE]
    labour.send()
    assert (phone(web, officer.account), outbox(labour)) == ([GREETING], [])


def test_when_replies_do_not_work_at_all_the_answer_is_pushed(labour: Bot, web: Web, officer: Chatter) -> None:
    web.line.fault("server_error", REPLY)
    assert officer.says(GREETING).text == ""
    labour.send()
    assert phone(web, officer.account) == [GREETING]


def test_a_stranger_whose_token_is_dead_gets_no_push(labour: Bot, web: Web) -> None:
    stranger = Stranger(labour)
    assert web.deliver(web.text(stranger.account, GREETING, replyToken="f" * 32)) == 200
    web.settle()
    assert (outbox(labour), inbox_states(labour)) == ([], [InboxState.DONE])


def test_messages_that_line_refuses_become_a_reference_number(
    labour: Bot, web: Web, officer: Chatter, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = Rendered("", '[{"type":"text","text":""}]')
    monkeypatch.setattr(dispatch, "turn_of", lambda *_: Turn(lambda _: Answer((empty,))))
    with capture_logs() as logs:
        shown = officer.says(GREETING)
    (trouble,) = [line for line in logs if line["event"] == "answer_refused"]
    assert trouble["reference"] in shown.text
    assert (statuses(web), inbox_states(labour)) == ([400, 200], [InboxState.FAILED])


def test_an_answer_that_takes_long_is_announced(web: Web, officer: Chatter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversations, "LOADING_AFTER_SECONDS", 0.0)
    officer.says(GREETING)
    assert len(statuses(web, LOADING)) == 1


def test_a_quick_answer_is_not_announced(web: Web, officer: Chatter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversations, "LOADING_AFTER_SECONDS", 60.0)
    officer.says(GREETING)
    assert statuses(web, LOADING) == []


# Where nothing is said


def test_in_standby_nothing_is_sent_whatever_happens(labour: Bot, web: Web, officer: Chatter) -> None:
    events = [
        web.text(officer.account, GREETING, mode="standby"),
        web.press(officer.account, "da1") | {"mode": "standby"},
        web.event(officer.account, "follow", mode="standby", follow={"isUnblocked": False}),
        web.event(officer.account, "join", mode="standby", source={"type": "group", "groupId": f"C{1:032x}"}),
    ]
    for event in events:
        del event["replyToken"]
    assert web.deliver(*events) == 200
    web.settle()
    labour.send()
    assert inbox_states(labour) == [InboxState.DONE] * 4
    assert (phone(web, officer.account), outbox(labour), statuses(web)) == ([], [], [])


@pytest.mark.parametrize(("kind", "key", "letter"), (("group", "groupId", "C"), ("room", "roomId", "R")))
def test_a_group_is_asked_once_to_come_to_the_private_chat_and_gets_nothing_else(
    labour: Bot, web: Web, officer: Chatter, kind: str, key: str, letter: str
) -> None:
    group = f"{letter}{1:032x}"
    source = {"type": kind, key: group, "userId": officer.account}
    mention = {"mentionees": [{"index": 0, "length": 4, "type": "user", "isSelf": True}]}
    mentioning = {"type": "text", "id": "1", "quoteToken": "q", "text": "@bot สถานะ", "mention": mention}

    def says_in_group(event: dict[str, object]) -> None:
        with capture_logs() as logs:
            assert web.deliver({**event, "source": source, "replyToken": web.token(group)}) == 200
            web.settle()
        answered.extend(line["status"] for line in logs if line["event"] == "line_call")

    answered: list[int] = []
    says_in_group(web.text(officer.account, GREETING))
    assert answered == []
    says_in_group(web.event(officer.account, "message", message=mentioning))
    says_in_group(web.event(officer.account, "message", message=mentioning))
    says_in_group(web.press(officer.account, "da1"))
    says_in_group(web.event(officer.account, "join"))
    assert answered == [200]
    sent = [call.body for call in web.line.platform.calls() if call.path == REPLY]
    assert [body["messages"] for body in sent] == [[{"type": "text", "text": _text(replies.private_only())}]]
    says_in_group(web.event(officer.account, "leave"))
    says_in_group(web.event(officer.account, "join"))
    assert answered == [200, 200]
    assert phone(web, officer.account) == []


def _text(message: Rendered) -> str:
    return message.alt


# Too much, too fast


def test_who_writes_too_fast_is_told_so_once_and_then_not_answered() -> None:
    limit, now = RateLimit(burst=3, seconds_each=1.0), datetime.now(UTC)
    assert [limit.take("U1", now) for _ in range(6)] == [
        Pace.FINE, Pace.FINE, Pace.FINE, Pace.TOO_FAST, Pace.STILL_TOO_FAST, Pace.STILL_TOO_FAST
    ]  # fmt: skip
    assert limit.take("U2", now) is Pace.FINE
    assert limit.take("U1", now + timedelta(seconds=1)) is Pace.FINE
    assert limit.take("U1", now + timedelta(seconds=1)) is Pace.STILL_TOO_FAST
    later = now + timedelta(seconds=9)
    assert [limit.take("U1", later) for _ in range(4)] == [Pace.FINE, Pace.FINE, Pace.FINE, Pace.TOO_FAST]


def test_the_one_line_for_who_is_too_fast_arrives_and_the_rest_is_silence(
    labour: Bot, web: Web, officer: Chatter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web.conversations._handler, "_limit", RateLimit(burst=2, seconds_each=60.0))
    shown = [officer.says(f"{n}").text for n in range(5)]
    assert shown == ["0", "1", _text(replies.slow_down()), "", ""]
    assert Stranger(labour).says(GREETING).text


# What an account does to us


def person(bot: Bot, code: str) -> Person:
    with bot.database.read() as session:
        found = session.scalars(select(Person).where(Person.code == code)).one()
        session.expunge(found)
        return found


def test_who_blocks_the_bot_is_unreachable_until_coming_back(labour: Bot, officer: Chatter) -> None:
    officer.says(GREETING)
    assert officer.sends("unfollow") == Shown([])
    assert person(labour, "P00017").unreachable_since is not None
    assert officer.sends("follow", follow={"isUnblocked": True}).text
    assert person(labour, "P00017").unreachable_since is None
    assert person(labour, "P00017").line_user_id == officer.account


def test_a_block_that_arrives_after_the_return_does_not_count(labour: Bot, web: Web, officer: Chatter) -> None:
    now = int(web.clock.real_now().timestamp() * 1000)
    officer.sends("follow", timestamp=now)
    officer.sends("unfollow", timestamp=now - 5_000)
    assert person(labour, "P00017").unreachable_since is None


def test_who_writes_is_reachable_even_when_the_event_that_said_so_was_lost(labour: Bot, officer: Chatter) -> None:
    officer.sends("unfollow")
    officer.says(GREETING)
    assert person(labour, "P00017").unreachable_since is None


def test_a_message_that_is_unsent_is_blanked_and_others_are_not(labour: Bot, web: Web, officer: Chatter) -> None:
    first, second = web.text(officer.account, "ความลับ"), web.text(officer.account, "ไม่ลับ")
    assert web.deliver(first, second) == 200
    web.settle()
    officer.sends("unsend", unsend={"messageId": first["message"]["id"]})
    other = Chatter(labour, "P00019")
    other.sends("unsend", unsend={"messageId": second["message"]["id"]})
    with labour.database.read() as session:
        bodies = "".join(session.scalars(select(tables.InboxEvent.body)))
    assert '"text": ""' in bodies
    assert "ความลับ".encode("unicode_escape").decode() not in bodies
    assert "ไม่ลับ".encode("unicode_escape").decode() in bodies

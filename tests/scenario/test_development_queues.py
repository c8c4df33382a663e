"""What a running bot tells developers of its queues, and how it is let look at its quota at once."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from bot.app import create_app
from bot.clock import shared_clock
from bot.settings import Environment, Settings
from domain.quota import Quota
from scheduler.line_port import Answer
from scheduler.outcomes import StopReason
from simulator.messaging_api.faults import FaultKind
from storage.database import Database
from storage.outbox import Reason
from storage.tables.conversations import InboxState
from storage.tables.messaging import NoticeKind, OutboxState
from tests.chatting import Chatter, web_of
from tests.development import post_signed
from tests.office import Bot, bangkok, labour, line_id_of
from tests.processes import ROOT
from tests.sending import CHANNEL, HandClock, ScriptedLine, drain

__all__ = ["labour"]

OFFICER, HEAD = "P00033", "P00034"


@pytest.fixture
def developer(labour: Bot) -> FlaskClient:
    """A bot with people who have phones, whose clock can be moved."""
    labour.link(OFFICER, HEAD)
    return client(labour.database, Environment.DEVELOPMENT)


def client(database: Database, environment: Environment) -> FlaskClient:
    settings = Settings(line_channel_secret=SecretStr(CHANNEL.channel_secret))
    settings = settings.model_copy(update={"app_env": environment})
    return create_app(settings, database, shared_clock(database, bangkok("20 มี.ค. 66"))).test_client()


def ask(bot: FlaskClient, name: str, body: str = "{}") -> tuple[int, Any]:
    answer = post_signed(bot, name, body.encode())
    return answer.status_code, answer.get_json(silent=True)


def newest(found: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return [(message["person"], message["kind"], message["state"]) for message in found["outbox"]["newest"]]


def test_the_queues_are_told_in_codes_without_texts_or_line_ids(labour: Bot, developer: FlaskClient) -> None:
    labour.remind()
    officer, web = Chatter(labour, OFFICER), web_of(labour)
    officer.says("สวัสดี")
    web.settle()

    status, found = ask(developer, "queues")

    assert status == 200
    assert {(OFFICER, "reminder", "due"), (HEAD, "reminder", "due")} == set(newest(found)[:2])
    assert found["outbox"]["counts"]["due"] == 2
    assert found["outbox"]["counts"]["skipped"] > 0
    assert len(found["outbox"]["newest"]) == 8
    message = found["outbox"]["newest"][0]
    assert (message["isDue"], message["attempts"], message["reason"], message["retryAt"]) == (True, 0, "", None)
    assert found["inbox"]["counts"] == {}
    (event,) = found["inbox"]["newest"]
    assert (event["state"], event["attempts"]) == ("done", 1)
    told = json.dumps(found, ensure_ascii=False)
    assert line_id_of(OFFICER) not in told
    assert "สวัสดี" not in told


def test_a_message_that_line_does_not_take_is_seen_waiting_with_its_tries_and_then_sent(
    labour: Bot, developer: FlaskClient
) -> None:
    labour.remind()
    faulty = ScriptedLine(Answer(500))
    clock = HandClock(business=labour.at, real=datetime.now(UTC))
    drain(labour.database, faulty, clock)

    (_, found) = ask(developer, "queues")
    waiting = [message for message in found["outbox"]["newest"] if message["state"] == "due"]
    assert [(message["attempts"], message["reason"][:8]) for message in waiting] == [(1, "http_500")] * 2
    assert all(datetime.fromisoformat(message["retryAt"]) > clock.real for message in waiting)

    clock.advance(minutes=1)
    drain(labour.database, ScriptedLine(Answer(200)), clock)
    (_, found) = ask(developer, "queues")
    assert found["outbox"]["counts"]["sent"] == 2


def test_senders_look_at_the_quota_at_once_when_they_are_told(labour: Bot, developer: FlaskClient) -> None:
    clock = HandClock(business=labour.at, real=datetime.now(UTC))
    labour.remind()
    used_up = ScriptedLine(Answer(429), quota=Quota(10, 10))
    drain(labour.database, used_up, clock)
    assert ask(developer, "queues")[1]["stopped"] == "quota"

    plenty = ScriptedLine(Answer(200), quota=Quota(1_000, 10))
    assert ask(developer, "quota") == (200, {})
    drain(labour.database, plenty, clock)

    found = ask(developer, "queues")[1]
    assert (found["stopped"], found["onlyStatutory"]) == (None, False)
    assert found["outbox"]["counts"]["sent"] == 2


def test_nobody_looks_who_has_not_the_channel_secret_and_nobody_at_all_in_production(
    labour: Bot, developer: FlaskClient
) -> None:
    for name in ("queues", "quota"):
        assert developer.post(f"/dev/{name}", data="{}", headers={"x-line-signature": "x"}).status_code == 403
        assert ask(developer, name, '{"more": 1}')[0] == 400
        assert ask(client(labour.database, Environment.PRODUCTION), name)[0] == 404


def test_the_page_has_words_for_every_code_that_it_is_told() -> None:
    """The simulator knows nothing of the bot, so nothing else notices when a code is new."""
    page = (ROOT / "simulator" / "templates" / "other_side.html").read_text(encoding="utf-8")
    known = set(re.findall(r'"(\w+)": (?:"|\[)', page))
    assert {*NoticeKind, *OutboxState, *InboxState, *Reason, *StopReason, *FaultKind} - known == set()

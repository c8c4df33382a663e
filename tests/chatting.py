"""People who chat with the bot: ``officer.says("…")``, ``officer.presses("ดูรายการ")``, and what their phones show.

Everything goes the way it goes in an office: a signed webhook over HTTP to the bot's web application, and the answer
over HTTP to the simulator, from whose phones it is read.
"""

import atexit
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.client import HTTPConnection
from itertools import count
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import select

from bot.app import create_app
from bot.conversations import Conversations, open_conversations
from bot.pages.links import links_of
from bot.rate_limit import RateLimit
from bot.settings import Settings
from simulator.line.people import Person as Phone
from simulator.server import serve
from simulator.webhooks import events
from simulator.webhooks.letters import signature
from storage.tables import Person
from tests.office import Bot, line_id_of, texts
from tests.sending import CHANNEL, Line, line_on_loopback

PATIENCE_SECONDS = 20.0
BOT_ID = "U8e742f61d673b39c7fff3cecb7536ef0"
_numbers = count(1)


@dataclass
class OfficeClock:
    """Business time stands still at the bot's ``at``; real time runs, ``ahead`` of the machine's."""

    bot: Bot
    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        return self.bot.at

    def real_now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Web:
    """A bot's web application on loopback, and the LINE that it answers to."""

    line: Line
    clock: OfficeClock
    conversations: Conversations
    origin: str

    def post(self, body: bytes, headers: Mapping[str, str] | None = None) -> int:
        """Send a webhook as it is, signed unless ``headers`` are given, and return the status."""
        signed = {"x-line-signature": signature(CHANNEL.channel_secret, body)} if headers is None else headers
        connection = HTTPConnection(urlsplit(self.origin).netloc, timeout=PATIENCE_SECONDS)
        try:
            connection.request("POST", "/callback", body, {"Content-Type": "application/json", **signed})
            return connection.getresponse().status
        finally:
            connection.close()

    def deliver(self, *events: Mapping[str, Any]) -> int:
        """Send events in one webhook and return the status."""
        return self.post(json.dumps({"destination": BOT_ID, "events": list(events)}, ensure_ascii=False).encode())

    def settle(self) -> None:
        """Wait until all that was delivered is handled and answered."""
        assert self.conversations.wait_until_idle(PATIENCE_SECONDS)

    def token(self, account: str) -> str:
        """Return a fresh reply token for somebody's chat."""
        return self.line.platform.reply_tokens.issue(account)

    def event(self, account: str, kind: str, **fields: Any) -> dict[str, Any]:
        """Return an event of an account as LINE describes it; ``fields`` add to it or replace parts of it."""
        return {
            "type": kind,
            "mode": "active",
            "timestamp": int(self.clock.real_now().timestamp() * 1000),
            "source": {"type": "user", "userId": account},
            "webhookEventId": f"01{uuid4().hex[:24].upper()}",
            "deliveryContext": {"isRedelivery": False},
            "replyToken": self.token(account),
            **fields,
        }

    def text(self, account: str, text: str, **fields: Any) -> dict[str, Any]:
        """Return the event of a typed text."""
        message = {"type": "text", "id": f"{444573844083572737 + next(_numbers)}", "quoteToken": "q", "text": text}
        return self.event(account, "message", message=message, **fields)

    def file(self, account: str, name: str, content: bytes, **fields: Any) -> dict[str, Any]:
        """Return the event of a file that was sent, whose bytes LINE keeps from now on."""
        message_id = self.line.platform.next_message_id()
        self.line.platform.contents.keep(message_id, content, "application/octet-stream")
        message = {**events.file(message_id, name, len(content)), **fields}
        return self.event(account, "message", message=message)

    def press(self, account: str, data: str, **params: str) -> dict[str, Any]:
        """Return the event of a pressed button."""
        return self.event(account, "postback", postback={"data": data, **({"params": params} if params else {})})


def web_of(bot: Bot) -> Web:
    """Return the bot's web application, started when it is asked for first; it ends with ``bot.close()``."""
    if bot.web is None:
        bot.web = bot.closing.enter_context(_served(bot))
    found: Web = bot.web
    return found


@contextmanager
def _served(bot: Bot) -> Iterator[Web]:
    line = bot.line or _give_line(bot)
    clock = OfficeClock(bot)
    generous = RateLimit(burst=10_000)
    later = Later()
    with serve(later) as origin:  # links name the address, which is known once it is served
        settings = Settings(
            line_channel_secret=SecretStr(CHANNEL.channel_secret), public_url=origin, secret_key=SecretStr("k" * 40)
        )
        links = links_of(settings, bot.database, clock)
        conversations = open_conversations(bot.database, clock, line.connect, links, generous)
        later.app = create_app(settings, bot.database, clock, conversations)
        try:
            yield Web(line, clock, conversations, origin)
        finally:
            conversations.close()


class Later(Flask):
    """An application that stands in for another one, which is made later."""

    def __init__(self) -> None:
        super().__init__("later")
        self.app: Flask | None = None

    def __call__(self, environ: Any, start_response: Any) -> Any:
        assert self.app is not None
        return self.app(environ, start_response)


@pytest.fixture
def line(labour: Bot) -> Line:
    """The LINE that the sample ministry's bot sends to, as good as new."""
    return _give_line(labour)


def _give_line(bot: Bot) -> Line:
    bot.line = shared = _shared_line()
    shared.platform.reset()
    shared.clear_faults()
    return shared


@cache
def _shared_line() -> Line:
    """Return the LINE of all bots that have none of their own: starting one costs as much as ten answers."""
    open_until_the_end = ExitStack()
    atexit.register(open_until_the_end.close)
    return open_until_the_end.enter_context(line_on_loopback(phones=0))


@dataclass
class Shown:
    """What one answer showed."""

    messages: Sequence[Mapping[str, Any]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Every text of the answer, in reading order."""
        return "\n".join(texts(list(self.messages)))

    def contains(self, *words: str) -> bool:
        return all(word in self.text for word in words)

    def buttons(self) -> Mapping[str, str]:
        """Data of every button, by label; quick replies that type have their text."""
        return {label: _leads_to(action) for label, action in self.actions().items()}

    def actions(self) -> Mapping[str, Mapping[str, Any]]:
        """Every action, by label."""
        return dict(_actions(list(self.messages)))


def _actions(found: Any) -> list[tuple[str, Mapping[str, Any]]]:
    if isinstance(found, Mapping):
        own = [(found["label"], found)] if "label" in found else []
        return own + [action for value in found.values() for action in _actions(value)]
    return [action for value in found for action in _actions(value)] if isinstance(found, list) else []


def _leads_to(action: Mapping[str, Any]) -> str:
    return str(action.get("data") or action.get("uri") or action.get("text", ""))


@dataclass
class Visitor:
    """Somebody with LINE at the phone; ``account`` is the LINE id."""

    bot: Bot
    account: str
    last: Shown = field(default_factory=Shown)

    def __post_init__(self) -> None:
        platform = self._web.line.platform
        if platform.person(self.account) is None:
            platform.register(Phone(self.account, "สมชาย"))

    def says(self, text: str) -> Shown:
        """Type something, and return what the phone shows then."""
        return self._does(self._web.text(self.account, text))

    def presses(self, button: str, **params: str) -> Shown:
        """Press a button by its label on the last answer, or by its data."""
        action = self.last.actions().get(button, {})
        if action.get("type") == "message":
            return self.says(action["text"])
        return self._does(self._web.press(self.account, _leads_to(action) or button, **params))

    def sends(self, kind: str, **fields: Any) -> Shown:
        """Cause an event of LINE's ``kind``, such as a follow."""
        return self._does(self._web.event(self.account, kind, **fields))

    def sends_file(self, name: str, content: bytes, **fields: Any) -> Shown:
        """Send a file, such as a PDF; ``fields`` replace what LINE says of it."""
        return self._does(self._web.file(self.account, name, content, **fields))

    def waits(self, **passed: float) -> None:
        """Let real and business time pass."""
        self._web.clock.ahead += timedelta(**passed)
        self.bot.at += timedelta(**passed)

    @property
    def _web(self) -> Web:
        return web_of(self.bot)

    def _does(self, event: Mapping[str, Any]) -> Shown:
        platform = self._web.line.platform
        before = max((delivery.number for delivery in platform.deliveries()), default=0)
        assert self._web.deliver(event) == 200
        self._web.settle()
        found = platform.deliveries(self.account, after=before)
        self.last = Shown([delivery.message for delivery in found])
        return self.last


class Chatter(Visitor):
    """A person of the ministry at the phone; linked to it, unless to another one already."""

    def __init__(self, bot: Bot, code: str) -> None:
        super().__init__(bot, line_id_of(code))
        self.code = code
        with bot.database.write() as session:
            person = session.scalars(select(Person).where(Person.code == code)).one()
            if person.line_user_id is None:
                person.line_user_id, person.linked_at = self.account, datetime.now(UTC)


class Stranger(Visitor):
    """Somebody whom the bot does not know."""

    def __init__(self, bot: Bot) -> None:
        super().__init__(bot, f"U{uuid4().hex}")

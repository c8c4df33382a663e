"""An agency's own system that uses the API: real requests over HTTP, each answer held against the description."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection
from itertools import count
from typing import Any
from urllib.parse import urlencode, urlsplit

from jsonschema import Draft202012Validator, FormatChecker

from bot.api.openapi import description
from bot.app import create_app
from bot.settings import Settings
from domain.clock import Clock
from simulator.server import serve
from tests.chatting import OfficeClock
from tests.office import Bot

SUBMISSIONS = "/api/submissions"
_numbers = count(1)


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: Any

    def faults(self) -> dict[str, str]:
        """The messages of a refused request, by field."""
        return {fault["field"]: fault["message"] for fault in self.body["errors"]}


@dataclass
class AgencySystem:
    """Holds a key of one unit."""

    origin: str
    key: str
    key_id: int

    def asks(self, path: str = SUBMISSIONS, **query: str | int) -> Reply:
        """Read a submission or, narrowed down by ``query``, a list of them."""
        return self.call("GET", f"{path}?{urlencode(query)}" if query else path)

    def sends(self, once: str | None = None, /, **fields: Any) -> Reply:
        """Send a submission; ``once`` is the idempotency key, a new one where none is given."""
        return self.posts(SUBMISSIONS, fields, once)

    def withdraws(self, number: int, **fields: Any) -> Reply:
        """Take a submission back."""
        return self.posts(f"{SUBMISSIONS}/{number}/withdraw", fields)

    def posts(self, path: str, fields: Mapping[str, Any], once: str | None = None) -> Reply:
        """Send JSON."""
        key = once or f"request-{next(_numbers)}"
        reply = self.call("POST", path, json.dumps(fields, ensure_ascii=False).encode(), {"Idempotency-Key": key})
        if reply.status == 201:  # what is taken must be described
            body = description()["paths"][SUBMISSIONS]["post"]["requestBody"]["content"]["application/json"]["schema"]
            _validator(json.dumps(body)).validate(fields)
        return reply

    def call(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str | None] | None = None
    ) -> Reply:
        """Send a request; ``headers`` add to the usual ones or, with None, take one away."""
        usual = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        sent = {name: value for name, value in {**usual, **(headers or {})}.items() if value is not None}
        connection = HTTPConnection(urlsplit(self.origin).netloc, timeout=20)
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            reply = Reply(response.status, dict(response.getheaders()), json.loads(response.read()))
        finally:
            connection.close()
        _check_described(method, path, reply)
        return reply


def system_of(bot: Bot, unit: str, clock: Clock | None = None) -> AgencySystem:
    """Return the system of a unit that was just given a key; the web application ends with ``bot.close()``."""
    issued = bot.json("apikey", "issue", "--unit", unit)
    application = create_app(Settings(), bot.database, clock or OfficeClock(bot))
    return AgencySystem(bot.closing.enter_context(serve(application)), issued["key"], issued["id"])


def _check_described(method: str, path: str, reply: Reply) -> None:
    """Fail when the description does not know the answer, or describes it otherwise."""
    parts = path.partition("?")[0].split("/")
    template = "/".join("{id}" if part.isdigit() else part for part in parts)
    described = description()["paths"].get(template, {}).get(method.lower())
    if described is None:
        assert reply.status in (404, 405)
        return
    assert str(reply.status) in described["responses"]
    media = described["responses"][str(reply.status)]["content"]
    (kind,) = media
    assert reply.headers["Content-Type"] == kind
    _validator(json.dumps(media[kind]["schema"])).validate(reply.body)


@cache
def _validator(schema_as_json: str) -> Draft202012Validator:
    schema = {**json.loads(schema_as_json), "components": description()["components"]}
    return Draft202012Validator(schema, format_checker=FormatChecker())

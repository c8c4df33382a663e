"""LINE's Messaging API as the bot uses it: the one adapter through which everything goes out.

Bodies are frozen JSON text that is wrapped, not parsed: the SDK's models serialise too slowly for a country's reminders
(``docs/adr/0002``). Each call is logged with LINE's request id, as its development guidelines ask; bodies, LINE ids and
tokens never are.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import aiohttp
import structlog

from bot.tokens import LongLivedToken, StatelessToken, TokenRefused, TokenSource, TokenUnavailable, start_of
from domain.quota import Quota, read_quota
from scheduler.line_port import Answer, NoAnswer, Reply
from scheduler.outcomes import LONGEST_WAIT

LINE_API = "https://api.line.me"
LINE_DATA_API = "https://api-data.line.me"
"""Where the content of messages and the images of rich menus are (reference, "Domain name")."""
TIMEOUTS = aiohttp.ClientTimeout(total=12, sock_connect=3, sock_read=8)
"""Seconds. The total must stay below ``Pace.try_within``, so that no try outlasts its lease."""

CONTENT_TIMEOUTS = aiohttp.ClientTimeout(total=25, sock_connect=3, sock_read=8)
"""Seconds, for what may be ten megabytes."""

CONNECTIONS = 100
LOADING_SECONDS = 20
"""How long the animation lasts when no answer ends it; LINE takes multiples of 5 up to 60."""

LONGEST_LIST = 8_000_000
"""Bytes: LINE lists a thousand rich menus of twenty areas in less."""
_LONGEST_ERROR_TEXT = 2_000
_REQUEST_ID = re.compile(r"[!-~]{1,200}")
_LINE_ID = re.compile(r"(?<=/)[UCR][0-9a-f]{32}(?=/|$)")
_SECONDS = re.compile(r"[0-9]+")

_UNREADABLE = (ValueError, TypeError, KeyError, RecursionError)
"""What JSON that is not as the reference says may raise: wrong values, wrong kinds, missing, or nested too deeply."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a channel proves itself with: a long-lived token, or else id and secret for stateless ones."""

    channel_id: str = ""
    channel_secret: str = ""
    access_token: str = ""


@dataclass(frozen=True, slots=True)
class BotInfo:
    """Who the bot is; ``basic_id`` begins with @."""

    user_id: str
    basic_id: str
    display_name: str


@dataclass(frozen=True, slots=True)
class WebhookEndpoint:
    """Where LINE sends events, and whether the console's switch is on."""

    url: str
    active: bool


@asynccontextmanager
async def line_client(
    credentials: Credentials, origin: str | None = None, timeouts: aiohttp.ClientTimeout = TIMEOUTS
) -> AsyncIterator[LineClient]:
    """Open a client for the running event loop; ``origin`` None is LINE itself, with its two hosts."""
    data_origin, origin = origin or LINE_DATA_API, origin or LINE_API
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=CONNECTIONS),
        timeout=timeouts,
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent"),  # smaller requests, and answers that come plain
    ) as session:
        tokens: TokenSource = (
            LongLivedToken(credentials.access_token)
            if credentials.access_token
            else StatelessToken(session, origin, credentials.channel_id, credentials.channel_secret)
        )
        yield LineClient(session, tokens, origin, data_origin)


@dataclass(frozen=True, slots=True)
class _Call:
    """One call of an endpoint. ``longest`` is how many bytes of the answer are read.

    ``into`` takes the bytes of a success, None: they are read as text. ``timeouts`` None: those of all calls.
    """

    method: str
    url: str
    path: str
    data: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    longest: int = _LONGEST_ERROR_TEXT
    into: bytearray | None = None
    timeouts: aiohttp.ClientTimeout | None = None

    @property
    def endpoint(self) -> str:
        """The path as it may be logged: without LINE ids."""
        return _LINE_ID.sub("*", self.path)


class LineClient:
    """LINE behind typed calls; a ``LinePort`` and a ``MenuPort``. No call raises for what LINE or the network does."""

    def __init__(self, session: aiohttp.ClientSession, tokens: TokenSource, origin: str, data_origin: str) -> None:
        self._session = session
        self._tokens = tokens
        self._origin = origin
        self._data_origin = data_origin

    async def push(self, recipient: str, body: str, retry_key: str) -> Reply:
        """Send ``body``, the JSON text of a messages array, to one chat (reference, "Send push message")."""
        data = f'{{"to":{json.dumps(recipient)},"messages":{body}}}'.encode()
        return _from_line(await self.call("POST", "/v2/bot/message/push", data, {"X-Line-Retry-Key": retry_key}))

    async def multicast(self, recipients: Sequence[str], body: str, retry_key: str) -> Reply:
        """Send ``body``, the JSON text of a messages array, to up to 500 people (reference, "Send multicast message").

        Its success is an empty object.
        """
        data = f'{{"to":{json.dumps(list(recipients))},"messages":{body}}}'.encode()
        reply = await self.call("POST", "/v2/bot/message/multicast", data, {"X-Line-Retry-Key": retry_key})
        return reply if isinstance(reply, Answer) and reply.text.strip() == "{}" else _from_line(reply)

    async def reply(self, token: str, body: str) -> Reply:
        """Answer an event with ``body``, the JSON text of a messages array (reference, "Send reply message").

        A reply has no retry key: whoever does not learn whether LINE took it may only use the token again.
        """
        data = f'{{"replyToken":{json.dumps(token)},"messages":{body}}}'.encode()
        return _from_line(await self.call("POST", "/v2/bot/message/reply", data))

    async def show_loading(self, account: str) -> Reply:
        """Show in a private chat that an answer is coming (reference, "Display a loading animation")."""
        data = json.dumps({"chatId": account, "loadingSeconds": LOADING_SECONDS}).encode()
        return await self.call("POST", "/v2/bot/chat/loading/start", data)

    async def quota(self) -> Quota | Reply:
        """Return the month's allowance and what is used of it (reference, "Get quota")."""
        allowance = await self.call("GET", "/v2/bot/message/quota")
        consumption = await self.call("GET", "/v2/bot/message/quota/consumption")
        for reply in (allowance, consumption):
            if not _is_ok(reply):
                return reply
        try:
            used = _json(consumption)["totalUsage"]
            match _json(allowance):
                case {"type": "none"}:
                    return read_quota(None, used)
                case {"type": "limited", "value": int(limit)}:
                    return read_quota(limit, used)
        except _UNREADABLE:
            return NoAnswer("unreadable quota", sent=True)
        return NoAnswer("unknown kind of quota", sent=True)

    async def link_menu(self, account: str, menu_id: str) -> Reply:
        """Show a rich menu to one account (reference, "Link rich menu to user")."""
        return await self.call("POST", f"/v2/bot/user/{account}/richmenu/{menu_id}")

    async def unlink_menu(self, account: str) -> Reply:
        """Show one account the default rich menu again (reference, "Unlink rich menu from user")."""
        return await self.call("DELETE", f"/v2/bot/user/{account}/richmenu")

    async def bot_info(self) -> BotInfo | Reply:
        """Return who the bot is (reference, "Get bot info")."""
        reply = await self.call("GET", "/v2/bot/info")
        if not _is_ok(reply):
            return reply
        try:
            info = _json(reply)
            return BotInfo(_text(info["userId"]), _text(info["basicId"]), _text(info["displayName"]))
        except _UNREADABLE:
            return NoAnswer("unreadable bot info", sent=True)

    async def webhook_endpoint(self) -> WebhookEndpoint | Reply:
        """Return where webhooks go; 404 when nothing is set (reference, "Get webhook endpoint information")."""
        reply = await self.call("GET", "/v2/bot/channel/webhook/endpoint")
        if not _is_ok(reply):
            return reply
        try:
            webhook = _json(reply)
            return WebhookEndpoint(_text(webhook["endpoint"]), bool(webhook["active"]))
        except _UNREADABLE:
            return NoAnswer("unreadable webhook endpoint", sent=True)

    async def call(
        self, method: str, path: str, data: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Reply:
        """Call LINE; a token that is refused is renewed and the call repeated, once.

        The answer's text is only its beginning where LINE says much: ``read`` gives long ones.
        """
        return await self._call(_Call(method, self._origin + path, path, data, headers or {}))

    async def read(self, path: str) -> Reply:
        """Get what may be up to ``LONGEST_LIST`` long, such as the list of a thousand rich menus."""
        return await self._call(_Call("GET", self._origin + path, path, longest=LONGEST_LIST))

    async def upload(self, path: str, content: bytes, media_type: str) -> Reply:
        """Send a file to LINE's host for content."""
        headers = {"Content-Type": media_type}
        return await self._call(_Call("POST", self._data_origin + path, path, content, headers))

    async def content(self, message_id: str, most: int) -> bytes | Reply:
        """Get what somebody sent, or its first ``most`` bytes (reference, "Get content").

        An answer of 202 says that LINE is still preparing it, 404 and 410 that it is gone.
        """
        content = bytearray()
        path = f"/v2/bot/message/{quote(message_id, safe='')}/content"
        call = _Call("GET", self._data_origin + path, path, longest=most, into=content, timeouts=CONTENT_TIMEOUTS)
        reply = await self._call(call)
        return bytes(content) if _is_ok(reply) else reply

    async def _call(self, call: _Call) -> Reply:
        try:
            token = await self._tokens.current()
            reply = await self._request(call, token)
            if isinstance(reply, Answer) and reply.status == HTTPStatus.UNAUTHORIZED:
                renewed = await self._tokens.renewed(token)
                if renewed != token:
                    reply = await self._request(call, renewed)
        except TokenRefused as refusal:
            return Answer(HTTPStatus.UNAUTHORIZED, json.dumps({"message": str(refusal)}))
        except TokenUnavailable as fault:
            return NoAnswer(str(fault), sent=False)
        return reply

    async def _request(self, call: _Call, token: str) -> Reply:
        started = time.perf_counter()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **call.headers}
        reply: Reply
        try:
            async with self._session.request(
                call.method,
                call.url,
                data=call.data,
                headers=headers,
                allow_redirects=False,
                timeout=call.timeouts or self._session.timeout,
            ) as response:
                if call.into is not None and response.status == HTTPStatus.OK:
                    await _read_into(call.into, response, call.longest)
                reply = await _answer(response, call.longest)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            reply = NoAnswer(f"network {type(error).__name__}", sent=False)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            reply = NoAnswer(f"network {type(error).__name__}", sent=True)
        outcome = reply.status if isinstance(reply, Answer) else reply.reason
        request_id = reply.request_id if isinstance(reply, Answer) else None
        milliseconds = round((time.perf_counter() - started) * 1000)
        _log.info(
            "line_call",
            method=call.method,
            endpoint=call.endpoint,
            status=outcome,
            ms=milliseconds,
            request_id=request_id,
        )
        return reply


async def _read_into(content: bytearray, response: aiohttp.ClientResponse, longest: int) -> None:
    """Read a body as it is; what breaks off is no answer."""
    content.clear()
    async for chunk in response.content.iter_any():
        content += chunk[: longest - len(content)]
        if len(content) >= longest:
            return


async def _answer(response: aiohttp.ClientResponse, longest: int) -> Answer:
    """Read an answer; once LINE's status is here, a body that breaks off changes nothing."""
    try:
        raw = await start_of(response, longest)
    except (aiohttp.ClientError, OSError):
        raw = b""
    text = raw[:longest].decode(errors="replace")
    request_id = response.headers.get("x-line-request-id", "")
    is_id = _REQUEST_ID.fullmatch(request_id) is not None
    return Answer(response.status, text, request_id if is_id else None, _retry_after(response))


def _retry_after(response: aiohttp.ClientResponse) -> float | None:
    """Return ``Retry-After`` in seconds, no more than the longest wait; a date or anything else is not understood.

    Whether LINE ever sends it is not documented.
    """
    value = response.headers.get("Retry-After", "")
    return min(float(value), LONGEST_WAIT.total_seconds()) if _SECONDS.fullmatch(value) else None


def _is_ok(reply: Reply) -> bool:
    return isinstance(reply, Answer) and reply.status == HTTPStatus.OK


def _from_line(reply: Reply) -> Reply:
    """Return the reply to a message, unless it is a success that LINE did not give."""
    if isinstance(reply, Answer) and 200 <= reply.status < 300 and not _is_lines(reply):
        return NoAnswer(f"http_{reply.status} not from LINE", sent=True)
    return reply


def _is_lines(success: Answer) -> bool:
    """Tell LINE's own success from one of a captive portal or a proxy, which know neither its header nor its body."""
    if success.request_id is not None:
        return True
    try:
        return bool(_json(success)["sentMessages"])
    except _UNREADABLE:
        return False


def _text(value: Any) -> str:
    """Return a text that can be stored and printed.

    Raises:
        TypeError: it is no text.
        UnicodeEncodeError: it holds half of a surrogate pair.
    """
    if not isinstance(value, str):
        raise TypeError("not a text")
    value.encode()
    return value


def _json(reply: Reply) -> Any:
    return json.loads(reply.text) if isinstance(reply, Answer) else None

"""Signed webhooks of many people over connections that are kept, and a LINE that notes when replies come."""

from __future__ import annotations

import asyncio
import json
import re
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from simulator.webhooks.letters import signature

SECRET = "0123456789abcdef0123456789abcdef"
_TOKEN = re.compile(rb'"replyToken": ?"([^"]+)"')
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass
class Replies:
    """When each reply token came back, in seconds of ``time.perf_counter``."""

    at: dict[str, float] = field(default_factory=dict)
    twice: int = 0


class Sink(asyncio.Protocol):
    """Says yes to every call as soon as it is whole, and notes reply tokens."""

    _BODY = b'{"sentMessages":[{"id":"1"}],"type":"none","totalUsage":0}'
    _YES = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        b"x-line-request-id: 2b7349e2-f550-4281-b0da-c096701ea841\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (len(_BODY), _BODY)
    )

    def __init__(self, replies: Replies) -> None:
        self._replies = replies
        self._received = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._received, 0, end)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._received) < whole:
                return
            if token := _TOKEN.search(self._received, end, whole):
                name = token[1].decode()
                self._replies.twice += name in self._replies.at
                self._replies.at.setdefault(name, time.perf_counter())
            del self._received[:whole]
            self._transport.write(self._YES)


@asynccontextmanager
async def sink() -> AsyncIterator[tuple[str, Replies]]:
    """Serve a LINE on loopback: its address, and what it noted."""
    replies = Replies()
    server = await asyncio.get_running_loop().create_server(lambda: Sink(replies), "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", replies


@dataclass
class Load(ABC):
    """Webhooks of one event each, no two alike."""

    port: int
    _numbers: count[int] = field(default_factory=lambda: count(1), init=False)

    def request(self) -> tuple[str, bytes]:
        """Return the next webhook as bytes, and its reply token."""
        number = next(self._numbers)
        token = f"{self.port}-{number}"
        event = {
            "mode": "active",
            "timestamp": int(time.time() * 1000),
            "webhookEventId": f"01{self.port:06}{number:018}",
            "deliveryContext": {"isRedelivery": False},
            "replyToken": token,
            **self.deed(number),
        }
        body = json.dumps({"destination": "U" + "0" * 32, "events": [event]}, ensure_ascii=False).encode()
        head = (
            f"POST /callback HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            "Content-Type: application/json; charset=utf-8\r\n"
            f"x-line-signature: {signature(SECRET, body)}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return token, head.encode() + body

    @abstractmethod
    def deed(self, number: int) -> dict[str, Any]:
        """Return the part of the event that says who does what."""


@dataclass
class Talk(Load):
    """These accounts type these sentences in turn."""

    accounts: Sequence[str]
    sentences: Sequence[str]

    def deed(self, number: int) -> dict[str, Any]:
        text = self.sentences[number % len(self.sentences)]
        return {
            "type": "message",
            "source": {"type": "user", "userId": self.accounts[number % len(self.accounts)]},
            "message": {"type": "text", "id": str(number), "quoteToken": "q", "text": text},
        }


@dataclass
class Presses(Load):
    """These accounts press these buttons (their data), each once."""

    left: deque[tuple[str, str]]

    def deed(self, number: int) -> dict[str, Any]:  # noqa: ARG002 - each press is done once
        account, data = self.left.popleft()
        return {"type": "postback", "source": {"type": "user", "userId": account}, "postback": {"data": data}}


class Connection:
    """One connection to the web server, opened again when the server closes it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader = asyncio.StreamReader()
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, request: bytes) -> None:
        """Send a request and wait for its 200."""
        if self._writer is None or self._reader.at_eof():
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            self._writer.write(request)
            head = await self._reader.readuntil(b"\r\n\r\n")
        except (
            asyncio.IncompleteReadError,
            ConnectionError,
        ):  # the server closed the kept connection in this very moment
            self._writer = None
            await self.post(request)
            return
        assert head.startswith(b"HTTP/1.1 200"), head
        length = _LENGTH.search(head)
        await self._reader.readexactly(int(length[1]) if length else 0)
        if b"connection: close" in head.lower():
            self.close()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None


async def flood(load: Load, connections: int, seconds: float) -> tuple[int, float]:
    """Send as much as ``connections`` take for a while; return how many were accepted, and the seconds it took."""
    started = time.perf_counter()

    async def sender() -> int:
        connection, sent = Connection(load.port), 0
        while time.perf_counter() - started < seconds:
            await connection.post(load.request()[1])
            sent += 1
        connection.close()
        return sent

    accepted = sum(await asyncio.gather(*(sender() for _ in range(connections))))
    return accepted, time.perf_counter() - started


async def steady(load: Load, rate: float, seconds: float) -> dict[str, tuple[float, float]]:
    """Send ``rate`` webhooks a second, come what may; return when each token was to go out and was accepted."""
    free: list[Connection] = []
    times: dict[str, tuple[float, float]] = {}

    async def send(at: float) -> None:
        token, request = load.request()
        connection = free.pop() if free else Connection(load.port)
        await connection.post(request)
        times[token] = (at, time.perf_counter())
        free.append(connection)

    started, sending = time.perf_counter() + 0.1, []
    for number in range(int(rate * seconds)):
        at = started + number / rate
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        sending.append(asyncio.create_task(send(at)))
    await asyncio.gather(*sending)
    for connection in free:
        connection.close()
    return times

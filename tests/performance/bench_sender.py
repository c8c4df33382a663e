"""How fast reminders go out: our sender against a loop over the SDK's ``push_message``, with the same cards.

Both render a personal digest for each message and push it to the same sink on loopback, a process of its own that
answers as LINE does and checks nothing. The sender does all it does in production: claim, freeze, push, mark, log. The
SDK's loop has no database to look after.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import IO
from uuid import uuid4

from linebot.v3.messaging import (
    ApiClient,
    Configuration,
    FlexContainer,
    FlexMessage,
    MessagingApi,
    PushMessageRequest,
)
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import FixedClock
from bot.line_client import Credentials, line_client
from bot.logs import configure_logging
from bot.memory import collect_less_often
from bot.settings import LogFormat, Settings
from domain.fiscal import YearBasis
from domain.reminders import BANGKOK, Digest, Share, Step, Topic
from domain.submissions import DutyState
from domain.windows import Occasion, Span, Stage, WindowKind
from handlers.reminders import digest_message
from messages_th.reader import Reader
from messages_th.rendering import Rendered
from scheduler.freezing import Dropped, Frozen
from scheduler.sender import Pace
from scheduler.worker import Worker
from storage.database import Database
from storage.outbox import NewMessage, Priority, enqueue
from storage.outbox_claims import Claimed, Now
from storage.schema import upgrade
from storage.tables import OutboxMessage, Person
from storage.tables.messaging import NoticeKind, OutboxState
from tests.performance.databases import postgres_url, sqlite_url

GOAL = 10
SENDER_MESSAGES = 6_000
SDK_MESSAGES = 300
AT = datetime(2023, 3, 20, 8, 30, tzinfo=BANGKOK)
TOKEN = "token"

_UNITS = {f"U{number}": f"กองพัฒนาแรงงานและคุ้มครองสวัสดิการ {number}" for number in range(3)}
_TOPIC = Topic(
    occasion=Occasion(WindowKind.QUARTER_REPORT, 2566, 1),
    stage=Stage.AGENCY,
    step=Step.LAST_DAY,
    on=AT.date(),
    count=5,
    span=Span(date(2023, 3, 7), AT.date()),
    days_left=0,
    working_days_left=0,
    basis=YearBasis.FISCAL,
    shares=tuple(Share(unit, 2) for unit in _UNITS),
    states=((DutyState.MISSING, 3), (DutyState.DRAFT, 2)),
    titles=(),
    late_allowed=True,
)


def personal_digest(number: int) -> Rendered:
    """Render the reminder of one person: two topics with three projects each."""
    titles = tuple(f"โครงการยกระดับทักษะแรงงานเชิงรุก ระยะที่ {number + n}" for n in range(3))
    waiting = replace(_TOPIC, step=Step.PENDING, stage=Stage.UPPER, states=((DutyState.WAITING, 5),), titles=titles)
    digest = Digest(f"P{number}", AT, AT + timedelta(hours=8), (replace(_TOPIC, titles=titles), waiting))
    reader = Reader(f"นางสาวพรทิพย์ ใจดี {number}", "นักวิเคราะห์นโยบายและแผน", executive=False)
    return digest_message(digest, reader, _UNITS)


class DigestFreezer:
    """Renders each message for its person."""

    def prepare(self, _session: Session, _rows: Sequence[Claimed], _now: Now) -> None:
        """Load nothing."""

    def freeze(self, _session: Session, rows: Sequence[Claimed], _now: Now) -> Mapping[int, Frozen | Dropped]:
        return {row.id: Frozen(personal_digest(row.person_id).body) for row in rows}


def line_id(number: int) -> str:
    return f"U{number:032x}"


def fill(database: Database) -> None:
    with database.write() as session:
        people = [
            Person(code=f"P{number}", full_name=f"P{number}", line_user_id=line_id(number))
            for number in range(SENDER_MESSAGES)
        ]
        session.add_all(people)
        session.flush()
        messages = (
            NewMessage(f"r:{person.id}", NoticeKind.REMINDER, person.id, AT, priority=Priority.STATUTORY)
            for person in people
        )
        enqueue(session, messages, AT)


def sender_rate(url: str, origin: str, processes: int) -> float:
    """Return messages a second of so many senders, a process each as in production, on the database at ``url``."""
    database = Database(url)
    fill(database)
    with ExitStack() as stack:
        log = stack.enter_context(tempfile.TemporaryFile())
        senders = [stack.enter_context(child("sender", url, origin, log=log)) for _ in range(processes)]
        for sender in senders:
            answer_of(sender, log)
        started = time.perf_counter()
        for sender in senders:
            tell(sender)
        for sender in senders:
            answer_of(sender, log)
        seconds = time.perf_counter() - started
    with database.read() as session:
        sent = session.scalar(select(func.count()).where(OutboxMessage.state == OutboxState.SENT))
    database.dispose()
    assert sent == SENDER_MESSAGES
    return SENDER_MESSAGES / seconds


def send_all(url: str, origin: str) -> None:
    """Be a worker: say when ready, wait for the word, drain the outbox, say when done."""
    collect_less_often()
    configure_logging(Settings(log_format=LogFormat.JSON))
    personal_digest(0)  # compiles the templates

    pace = Pace(pushes_per_second=1e6)  # not held to LINE's own limit
    token = Credentials(access_token=TOKEN)
    worker = Worker(Database(url), lambda: line_client(token, origin), DigestFreezer(), FixedClock(AT), pace)
    print("ready", flush=True)
    sys.stdin.readline()
    worker.run(drain=True)
    print("done", flush=True)


def sdk_rate(origin: str) -> float:
    """Return messages a second of a loop as in the SDK's README, on one connection that is kept."""
    with ApiClient(Configuration(host=origin, access_token=TOKEN)) as client:
        api = MessagingApi(client)
        started = time.perf_counter()
        for number in range(SDK_MESSAGES):
            (message,) = json.loads(personal_digest(number).body)
            flex = FlexMessage(alt_text=message["altText"], contents=FlexContainer.from_dict(message["contents"]))
            api.push_message(PushMessageRequest(to=line_id(number), messages=[flex]), x_line_retry_key=str(uuid4()))
        return SDK_MESSAGES / (time.perf_counter() - started)


class Sink(asyncio.Protocol):
    """Says yes to every request as soon as it is whole."""

    _LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
    _BODY = b'{"sentMessages":[{"id":"1"}],"type":"none","totalUsage":0}'
    _YES = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        b"x-line-request-id: 2b7349e2-f550-4281-b0da-c096701ea841\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (len(_BODY), _BODY)
    )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._received = bytearray()

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            length = self._LENGTH.search(self._received, 0, end)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._received) < whole:
                return
            del self._received[:whole]
            self._transport.write(self._YES)


async def _serve_sink() -> None:
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def child(*arguments: str, log: IO[bytes] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """Run this file in a process of its own, as what the first argument says."""
    with subprocess.Popen(
        [sys.executable, __file__, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def tell(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.write(b"go\n")
    process.stdin.flush()


def answer_of(process: subprocess.Popen[bytes], log: IO[bytes] | None = None) -> str:
    assert process.stdout is not None
    answer = process.stdout.readline().decode().strip()
    assert answer, f"the child died: {last_words(log)}"
    return answer


def last_words(log: IO[bytes] | None) -> str:
    if log is None:
        return "see above"
    log.seek(0)
    return log.read()[-2_000:].decode(errors="replace")


def run() -> None:
    """Print the rates and their ratios."""
    size = len(personal_digest(0).body.encode())
    print(f"digests of {size:,} bytes, {SENDER_MESSAGES} by us, {SDK_MESSAGES} by the SDK, {os.cpu_count()} cores")
    with child("sink") as sink:
        origin = f"http://127.0.0.1:{answer_of(sink)}"
        for processes in (1, 2):
            for name, database in (("SQLite", sqlite_url), ("PostgreSQL", postgres_url)):
                with database() as url:
                    upgrade(url)
                    ours, sdks = sender_rate(url, origin, processes), sdk_rate(origin)
                who = f"{processes} sender{'s' * (processes > 1)} on {name}"
                print(f"{who}: {ours:,.0f}/s, SDK's loop: {sdks:,.0f}/s, ratio {ours / sdks:.1f} (goal {GOAL})")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["sink"]:
            asyncio.run(_serve_sink())
        case ["sender", url, origin]:
            send_all(url, origin)
        case _:
            run()

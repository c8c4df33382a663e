"""A web process of the bot that kills itself, as ``kill -9`` would, at one point of its work.

``test_killed_web.py`` runs it: ``python web_that_dies.py DATABASE_URL LINE_ORIGIN CHANNEL_ID SECRET POINT AT``; its
address is the first line of what it says. The bot knows nothing of this: the point is reached through SQLAlchemy's
events and a client around LINE's.
"""

import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NoReturn

from pydantic import SecretStr
from sqlalchemy import event

from bot.app import create_app
from bot.clock import FixedClock
from bot.conversations import open_conversations
from bot.handling import NO_PAGES, EventHandler
from bot.line_client import Credentials, LineClient, line_client
from bot.settings import Settings
from scheduler.line_port import Reply
from simulator.server import bind
from storage.database import Database


def die(*_: Any) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise SystemExit


def main(url: str, origin: str, channel_id: str, secret: str, point: str, at: str) -> None:
    database = Database(url)
    die_in_database(database, point)

    @asynccontextmanager
    async def connect() -> AsyncIterator[LineClient]:
        async with line_client(Credentials(channel_id, secret), origin) as client:
            die_in_reply(client, point)
            if point == "while a file is fetched":
                client.content = die  # type: ignore[method-assign,assignment]
            yield client

    if point == "before handling":
        EventHandler.handle = die  # type: ignore[method-assign,assignment]
    clock = FixedClock(datetime.fromisoformat(at))
    conversations = open_conversations(database, clock, connect, NO_PAGES)
    settings = Settings(line_channel_secret=SecretStr(secret))
    server = bind(create_app(settings, database, clock, conversations), "127.0.0.1", 0)
    sys.stdout.write(f"http://127.0.0.1:{server.port}\n")
    sys.stdout.flush()
    server.serve_forever()


def die_in_reply(client: LineClient, point: str) -> None:
    reply = client.reply

    async def deadly(token: str, body: str) -> Reply:
        if point == "before reply":
            die()
        answered = await reply(token, body)
        if point == "after reply":
            die()
        return answered

    client.reply = deadly  # type: ignore[method-assign]


def die_in_database(database: Database, point: str) -> None:
    if point != "before effects are committed":
        return
    seen = {"settled": False}

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen["settled"] |= statement.startswith("UPDATE inbox") and "answer=" in statement

    def commit(_connection: Any) -> None:
        if seen["settled"]:
            die()

    event.listen(database.engine, "before_cursor_execute", note)
    event.listen(database.engine, "commit", commit)


if __name__ == "__main__":
    main(*sys.argv[1:])

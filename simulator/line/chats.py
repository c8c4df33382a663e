"""What stands in the chats: messages of the bot, and what people said and pressed."""

import secrets
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message of the bot in a chat.

    Args:
        number: Place among everything that ever happened in chats; never used again, not even after a reset.
        id: LINE's message id.
        chat_id: The person whose phone shows it, or the group.
        at: When it arrived.
        request_id: The request that brought it.
        message: The message object, as sent.
        notified: Whether phones showed a notification.
    """

    number: int
    id: str
    chat_id: str
    at: datetime
    request_id: str
    message: Mapping[str, Any]
    notified: bool


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something that a person said, or that a button said in the person's name.

    Args:
        number: As `Delivery.number`.
        id: LINE's message id; empty for the words of a pressed button, which are no message of their own.
        chat_id: The person's own chat with the bot, or the group.
        user_id: Who.
        at: When.
        message: The message, as its webhook event describes it.
        unsent: Whether the person has taken it back.
    """

    number: int
    id: str
    chat_id: str
    user_id: str
    at: datetime
    message: Mapping[str, Any]
    unsent: bool = False


Line = Delivery | Utterance


@dataclass(frozen=True, slots=True)
class News:
    """What has happened since a page last heard.

    Args:
        until: Number of the newest thing that happened.
        lines: New lines, oldest first.
        touched: Chats in which something other than a line has changed: the menu, the loading indicator.
        topics: Parts of the page that tell something else now, see `Chats.announce`.
        cast_version: Version of the cast; another one means that people came, changed or went.
    """

    until: int
    lines: tuple[Line, ...]
    touched: tuple[str, ...]
    topics: tuple[str, ...]
    cast_version: int


class Chats:
    """Every chat, and a way to wait for what happens next.

    ``life`` is another one in every process: a page that knows numbers of an earlier one has to load anew.

    Args:
        changed: Guards the chats; whoever waits is told through it.
    """

    def __init__(self, changed: threading.Condition) -> None:
        self.life = secrets.token_hex(8)
        self._changed = changed
        self._number = 0
        self._cast_version = 0
        self._lines: list[Line] = []
        self._by_chat: dict[str, list[Line]] = {}
        self._touched: dict[str, int] = {}
        self._topics: dict[str, int] = {}
        self._listeners: list[Callable[[Line], None]] = []

    def listen(self, hear: Callable[[Line], None]) -> None:
        """Let `hear` be told of every line that is added; it keeps nobody waiting, and waits for nobody."""
        self._listeners.append(hear)

    def add(self, line: Callable[[int], Line]) -> Line:
        """Put a line, which is told its number, below the others of its chat."""
        with self._changed:
            self._number += 1
            added = line(self._number)
            self._lines.append(added)
            self._by_chat.setdefault(added.chat_id, []).append(added)
            self._changed.notify_all()
            for hear in self._listeners:
                hear(added)
        return added

    def replace(self, line: Line) -> None:
        """Put a line in the place of the one with the same number; pages that are open load anew."""
        with self._changed:
            for lines in (self._lines, self._by_chat.get(line.chat_id, [])):
                place = bisect_left(lines, line.number, key=_number)
                if place < len(lines) and lines[place].number == line.number:  # nobody has gone back in time meanwhile
                    lines[place] = line
            self.cast_changed()

    def touch(self, chats: Iterable[str]) -> None:
        """Tell that something other than a line has changed in these chats."""
        with self._changed:
            self._number += 1
            for chat_id in chats:
                self._touched[chat_id] = self._number
            self._changed.notify_all()

    def announce(self, topic: str) -> None:
        """Tell that a part of the page other than a chat has news (`simulator.page.panels`)."""
        with self._changed:
            self._number += 1
            self._topics[topic] = self._number
            self._changed.notify_all()

    def cast_changed(self) -> None:
        """Tell that people came, changed or went."""
        with self._changed:
            self._cast_version += 1
            self._changed.notify_all()

    def lines(self, chat_id: str | None = None, *, after: int = 0) -> list[Line]:
        """Lines with a number above `after`, oldest first; of one chat, or of all."""
        with self._changed:
            lines = self._lines if chat_id is None else self._by_chat.get(chat_id, [])
            return lines[bisect_right(lines, after, key=_number) :]

    def newest(self, chat_id: str, most: int, *, before: int | None = None) -> list[Line]:
        """The newest lines of a chat, oldest first; of those with a number below `before`, if that is given."""
        with self._changed:
            lines = self._by_chat.get(chat_id, [])
            end = len(lines) if before is None else bisect_left(lines, before, key=_number)
            return lines[max(0, end - most) : end]

    def wait(self, after: int, cast_version: int, timeout: float) -> News:
        """News above `after`, or of another cast, as soon as there is any; empty after `timeout` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._number > after or self._cast_version != cast_version, timeout)
            touched = tuple(chat_id for chat_id, number in self._touched.items() if number > after)
            topics = tuple(topic for topic, number in self._topics.items() if number > after)
            return News(self._number, tuple(self.lines(after=after)), touched, topics, self._cast_version)

    @property
    def progress(self) -> tuple[int, int]:
        """Number of the newest thing that happened and version of the cast: where `wait` starts from."""
        with self._changed:
            return self._number, self._cast_version

    def saved(self) -> Any:
        """Every line as it stands."""
        with self._changed:
            return list(self._lines)

    def put_back(self, saved: Any) -> None:
        """Let just these lines stand in the chats; numbers go on from where they are, and pages load anew."""
        with self._changed:
            self.clear()
            self._lines.extend(saved)
            for line in self._lines:
                self._by_chat.setdefault(line.chat_id, []).append(line)

    def clear(self) -> None:
        """Empty every chat."""
        with self._changed:
            self._lines.clear()
            self._by_chat.clear()
            self._touched.clear()
            self.cast_changed()


def _number(line: Line) -> int:
    return line.number

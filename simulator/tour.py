"""The guided tour: steps for a visitor, each of which ticks itself when it really happened on the phones.

What a step is about comes from whoever runs the simulator; it is looked for in what arrives on phones, in order.

==========================================  ========================================================================
``GET /sim/tour``                           its title, how many steps it has and how many are done
``PUT /sim/tour``                           ``{"title": "…", "steps": […]}``: it is this, from the start
``POST /sim/tour/restart``                  ``{}``: from the first step again
==========================================  ========================================================================

A step is ``{"title": "…", "how": […], "phones": […], "done": […]}``: what to press, on the phones of which user ids,
and the messages that arrive one after the other when it is done, ``{"userId": "…", "words": ["…", …]}`` with all those
words somewhere in each. Where time has to pass it has ``"jump": {"label": "…", "to": instant}``, or ``"by"`` as in
``POST /sim/time/moves``; where words are typed, ``"says": {"userId": "…", "text": "…"}`` for a button that types them.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, jsonify
from werkzeug.exceptions import HTTPException

from simulator.clock import real_time
from simulator.fields import explained, fields
from simulator.line.chats import Delivery, Line
from simulator.line.people import Person
from simulator.line.platform import Platform
from simulator.page.panels import Panel
from simulator.time_machine.snapshots import Snapshot

PANEL = "tour"
_READ = ("text", "altText", "label")
"""Where there is something to read in a message."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message on somebody's phone with all these words somewhere in it."""

    user_id: str
    words: tuple[str, ...]

    def is_met_by(self, line: Line) -> bool:
        """Whether this line of a chat is such a message."""
        if not isinstance(line, Delivery) or line.chat_id != self.user_id:
            return False
        read = "\n".join(_texts(line.message))
        return all(words in read for words in self.words)


@dataclass(frozen=True, slots=True)
class Jump:
    """Time that has to pass: what the button says, and until when or by what the time machine moves on."""

    label: str
    move: Mapping[str, str]

    def is_ahead_of(self, now: datetime) -> bool:
        """Whether it still leads anywhere."""
        return "to" not in self.move or datetime.fromisoformat(self.move["to"]) > now


@dataclass(frozen=True, slots=True)
class Saying:
    """Words that somebody types."""

    user_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step: what to press on whose phones, and what arrives one after the other when it is done."""

    title: str
    how: tuple[str, ...]
    phones: tuple[str, ...]
    done: tuple[Arrival, ...]
    jump: Jump | None = None
    says: Saying | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far somebody is.

    Args:
        done: How many steps are done.
        met: How many arrivals of the current step there were.
    """

    done: int = 0
    met: int = 0

    def after(self, line: Line, steps: tuple[Step, ...]) -> "Progress":
        """How far after this line of a chat."""
        wanted = steps[self.done].done if self.done < len(steps) else ()
        if self.met >= len(wanted):  # all is done, or somebody went back to when another tour was laid out
            return self
        if not wanted[self.met].is_met_by(line):
            return self
        if self.met + 1 < len(wanted):
            return replace(self, met=self.met + 1)
        return Progress(self.done + 1)


class Tour:
    """The tour and how far its visitor is. Safe to use from many threads."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._lock = threading.Lock()
        self._title = ""
        self._steps: tuple[Step, ...] = ()
        self._progress = Progress()
        platform.chats.listen(self._hear)

    def panel(self, kept: Callable[[], Sequence[Snapshot]]) -> Panel:
        """The part of the page that shows it; who starts over goes back to the first of the snapshots that are kept."""
        return Panel(PANEL, lambda: self._shown(kept()))

    def blueprint(self) -> Blueprint:
        """Its part of the control API, to be registered with an app."""
        routes = Blueprint(PANEL, __name__, url_prefix="/sim/tour")
        routes.get("")(self.described)
        routes.put("")(self.lay_out)
        routes.post("/restart")(self.restart)
        routes.register_error_handler(HTTPException, explained)
        return routes

    def described(self) -> Response:
        """How far the visitor is."""
        with self._lock:
            return jsonify(title=self._title, steps=len(self._steps), done=self._progress.done)

    def lay_out(self) -> Response:
        """Take a tour, and begin it."""
        given = fields(required={"title": (str,), "steps": (list,)})
        try:
            steps = tuple(_step(each) for each in given["steps"])
        except (AttributeError, KeyError, TypeError, ValueError) as fault:
            abort(400, f"steps: {fault}")
        with self._lock:
            self._title, self._steps, self._progress = given["title"], steps, Progress()
        self._platform.chats.announce(PANEL)
        return self.described()

    def restart(self) -> Response:
        """Begin from the first step again."""
        fields()
        self._go_on_from(Progress())
        return self.described()

    def saved(self) -> Progress:
        """How far the visitor is, to go back to (`simulator.time_machine.snapshots`)."""
        with self._lock:
            return self._progress

    def put_back(self, saved: Progress) -> None:
        """Let the visitor be as far as then."""
        self._go_on_from(saved)

    def _go_on_from(self, progress: Progress) -> None:
        with self._lock:
            self._progress = progress
        self._platform.chats.announce(PANEL)

    def _hear(self, line: Line) -> None:
        with self._lock:  # of no other lock than this is anything asked here: the chats' own is held already
            before = self._progress
            self._progress = before.after(line, self._steps)
            is_news = self._progress.done > before.done
        if is_news:
            self._platform.chats.announce(PANEL)

    def _shown(self, kept: Sequence[Snapshot]) -> Mapping[str, Any]:
        with self._lock:
            title, steps, done = self._title, self._steps, self._progress.done
        now = self._platform.now()
        current = steps[done] if done < len(steps) else None
        return {
            "title": title,
            "steps": steps,
            "done": done,
            "current": current,
            "phones": list(self._owners(current)) if current else [],
            "jump": current.jump if current and current.jump and current.jump.is_ahead_of(now) else None,
            "beginning": kept[0].number if kept else None,
        }

    def _owners(self, step: Step) -> Iterator[Person]:
        for user_id in step.phones:
            if person := self._platform.person(user_id):
                yield person


def _texts(part: Any) -> Iterator[str]:
    """Every text of a message, that of its buttons among it."""
    if isinstance(part, Mapping):
        for name, value in part.items():
            if name in _READ and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
    elif isinstance(part, list):
        for each in part:
            yield from _texts(each)


def _step(given: Any) -> Step:
    """The step that was described.

    Raises:
        KeyError, TypeError, ValueError: It is none.
    """
    jump, says = given.get("jump"), given.get("says")
    done = tuple(Arrival(_text(each["userId"]), _all_text(each["words"])) for each in given["done"])
    if not done:
        raise ValueError("done: empty")
    return Step(
        title=_text(given["title"]),
        how=_all_text(given["how"]),
        phones=_all_text(given["phones"]),
        done=done,
        jump=None if jump is None else _jump(jump),
        says=None if says is None else Saying(_text(says["userId"]), _text(says["text"])),
    )


def _jump(given: Mapping[str, Any]) -> Jump:
    move = {name: _text(value) for name, value in given.items() if name != "label"}
    jump = Jump(_text(given["label"]), move)
    if len(move) != 1 or move.keys() - {"to", "by"}:
        raise ValueError("jump: either to or by")
    jump.is_ahead_of(real_time())  # an instant that is none, or has no time zone, is told now
    return jump


def _all_text(given: Any) -> tuple[str, ...]:
    if not isinstance(given, list):
        raise TypeError("not a list")
    return tuple(map(_text, given))


def _text(given: Any) -> str:
    if not isinstance(given, str) or not given:
        raise TypeError("not a text")
    return given

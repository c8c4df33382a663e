"""The other side of the phones, for the page: the month's quota, the bot's queues, what it asks of LINE, and faults.

What stands in the bot's outbox and inbox only the bot knows: it is asked, at most twice a second, while somebody looks
at the page and something is going on.
"""

import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from simulator.clock import BANGKOK, real_time
from simulator.development import BotAway, Development, NoSuchEndpoint, Refusal
from simulator.line.calls import Call
from simulator.line.people import Person
from simulator.line.platform import Platform, quota_month
from simulator.line.sending import Quota
from simulator.messaging_api.faults import FaultKind, Faults
from simulator.page.panels import Panel
from simulator.webhooks.events import Event
from simulator.webhooks.postman import Postman

NAME = "other_side"
SENDING = "/v2/bot/message/*"
"""With POST: push, multicast and reply, and whatever else sends."""

TIMEOUT_SECONDS = 12.0
"""How long a request hangs; bots give up earlier, and the page stays usable."""

REORDER_WINDOW = 2.0
"""Seconds in which somebody manages to do a second thing."""

LOOK_SECONDS = 0.5
RESTLESS_SECONDS = 3.0
"""For so long after something has happened the bot may still be writing down what came of it."""

_ROWS = 8
_PATIENCE_SECONDS = 2.0
_ID = re.compile(r"(?<=/)(?:[UCR][0-9a-f]{32}|richmenu-[0-9a-f]{32}|\d{9,})(?=/|$)")
_FAULTS: Mapping[FaultKind, Mapping[str, float]] = {
    FaultKind.SERVER_ERROR: {},
    FaultKind.RATE_LIMITED: {},
    FaultKind.QUOTA_EXCEEDED: {},
    FaultKind.TIMEOUT: {"seconds": TIMEOUT_SECONDS},
    FaultKind.RESET_AFTER_ACCEPTANCE: {},
}


class Reach(StrEnum):
    """Whether the bot lets its queues be looked at."""

    UNASKED = "unasked"
    OPEN = "open"
    CLOSED = "closed"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Switch:
    """A fault to be switched: whether it is on, how often it struck, and what a press asks of the control API."""

    name: str
    is_on: bool
    struck: int
    method: str
    path: str
    body: str


@dataclass(frozen=True, slots=True)
class Handed:
    """An event: what it is, whose, how the bot answered each try to hand it over, and where it stands with the bot."""

    kind: str
    who: str
    answers: tuple[int, ...]
    state: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is shown of it.

    ``people`` are those who may block the bot here: the cast, and whoever has. ``queues`` is the bot's own account,
    empty unless ``reach`` is open.
    """

    quota: Quota
    month: tuple[int, int]
    switches: tuple[Switch, ...]
    people: tuple[Person, ...]
    calls: tuple[Call, ...]
    handed: tuple[Handed, ...]
    reach: Reach
    queues: Mapping[str, Any] = field(default_factory=dict)


class OtherSide:
    """Knows what goes on behind the phones, and tells the page when that has changed."""

    def __init__(self, platform: Platform, postman: Postman, faults: Faults, bot: Development) -> None:
        self._platform = platform
        self._postman = postman
        self._faults = faults
        self._bot = bot
        self._lock = threading.Lock()
        self._watchers = 0
        self._at_work = False
        self._reach, self._queues = Reach.UNASKED, dict[str, Any]()
        self._told: object = self._allowance()
        self._traces: object = None
        self._restless_until = 0.0
        self._drawn = self._facts()

    @property
    def panel(self) -> Panel:
        """It, as a part of the page."""
        return Panel(NAME, self.shown, self.watched)

    def shown(self) -> Mapping[str, Any]:
        """What its template is told."""
        facts = self._facts()
        with self._lock:
            if not self._at_work:  # else open pages have yet to see it, too
                self._drawn = facts
        return {"side": facts, "seconds_until": _seconds_until, "local": _local}

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Keep it up to date inside the block."""
        with self._lock:
            self._watchers += 1
            if not self._at_work:
                self._at_work = True
                self._restless_until = time.monotonic() + RESTLESS_SECONDS
                threading.Thread(target=self._watch, name=NAME, daemon=True).start()
        try:
            yield
        finally:
            with self._lock:
                self._watchers -= 1

    def _watch(self) -> None:
        try:
            while self._is_watched():
                self._look()
                time.sleep(LOOK_SECONDS)
        finally:  # after a fault of its own the next page that opens starts another thread
            with self._lock:
                self._at_work = False

    def _is_watched(self) -> bool:
        with self._lock:
            self._at_work = self._watchers > 0
            return self._at_work

    def _look(self) -> None:
        self._tell_of_quota()
        if self._is_restless():
            self._ask()
        facts = self._facts()
        if facts != self._drawn:
            self._drawn = facts
            self._platform.chats.announce(NAME)

    def _is_restless(self) -> bool:
        chats, faults = self._platform.chats, self._faults.in_force()
        traces = chats.progress, len(self._platform.calls()), self._handed(), self._platform.webhook
        if traces != self._traces:
            self._traces, self._restless_until = traces, time.monotonic() + RESTLESS_SECONDS
        return bool(faults) or self._reach is Reach.AWAY or time.monotonic() < self._restless_until

    def _ask(self) -> None:
        try:
            self._queues = dict(self._bot.ask("queues", {}, _PATIENCE_SECONDS))
            self._reach = Reach.OPEN
        except (NoSuchEndpoint, Refusal):
            self._reach, self._queues = Reach.CLOSED, {}
        except BotAway:
            self._reach, self._queues = Reach.AWAY, {}

    def _tell_of_quota(self) -> None:
        """Let the bot look at once at an allowance that changed, or is another month's; by itself it asks hourly."""
        allowance = self._allowance()
        if allowance == self._told:
            return
        try:
            self._bot.ask("quota", {}, _PATIENCE_SECONDS)
        except BotAway:
            return
        except (NoSuchEndpoint, Refusal):
            pass
        self._told = allowance

    def _allowance(self) -> tuple[int | None, tuple[int, int]]:
        return self._platform.quota.limit, quota_month(self._platform.now())

    # What is shown

    def _facts(self) -> Facts:
        cast = self._platform.cast
        return Facts(
            quota=self._platform.quota,
            month=quota_month(self._platform.now()),
            switches=(*self._fault_switches(), *self._behaviour_switches()),
            people=tuple(each for each in self._platform.people() if each.blocked or each.user_id in cast),
            calls=tuple(_shortened(call) for call in reversed(self._platform.calls()[-_ROWS:])),
            handed=self._handed(),
            reach=self._reach if self._platform.webhook else Reach.CLOSED,
            queues=self._queues,
        )

    def _fault_switches(self) -> Iterator[Switch]:
        struck = self._faults.struck()
        for kind, more in _FAULTS.items():
            rule = next((each for each in self._faults.in_force() if each.kind is kind), None)
            if rule is None:
                body = json.dumps({"kind": kind, "path": SENDING, "method": "POST", **more})
                yield Switch(kind, False, struck.get(kind, 0), "POST", "/sim/faults", body)
            else:
                yield Switch(kind, True, struck.get(kind, 0), "DELETE", f"/sim/faults/{rule.id}", "{}")

    def _behaviour_switches(self) -> Iterator[Switch]:
        behaviour, (duplicated, reordered) = self._platform.behaviour, self._postman.erred()
        duplicates = json.dumps({"duplicates": not behaviour.duplicates})
        yield Switch("duplicates", behaviour.duplicates, duplicated, "PUT", "/sim/behaviour", duplicates)
        reorders = json.dumps({"reorders": not behaviour.reorders, "reorderWindow": REORDER_WINDOW})
        yield Switch("reorders", behaviour.reorders, reordered, "PUT", "/sim/behaviour", reorders)

    def _handed(self) -> tuple[Handed, ...]:
        states = {event["event"]: event["state"] for event in self._queues.get("inbox", {}).get("newest", ())}
        return tuple(
            Handed(
                _kind(posted.event),
                self._name(posted.event),
                tuple(attempt.outcome.status for attempt in posted.attempts),
                states.get(posted.event["webhookEventId"], ""),
            )
            for posted in reversed(self._postman.events()[-_ROWS:])
        )

    def _name(self, event: Event) -> str:
        source = event["source"]
        person, group = self._platform.person(source.get("userId", "")), self._platform.group(source.get("groupId", ""))
        found = person or group
        return found.name if found else ""


def _kind(event: Event) -> str:
    kind: str = event["message"]["type"] if event["type"] == "message" else event["type"]
    return kind


def _shortened(call: Call) -> Call:
    """The call as it is shown: without body, and without ids in its path."""
    return replace(call, body=None, path=_ID.sub("…", call.path))


def _seconds_until(instant: str) -> int:
    return max(0, round((datetime.fromisoformat(instant) - real_time()).total_seconds()))


def _local(instant: str) -> datetime:
    return datetime.fromisoformat(instant).astimezone(BANGKOK)

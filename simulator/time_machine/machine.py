"""The time machine: moves the supposed time of the bot and of its phones on, and back to a snapshot."""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from simulator.clock import BANGKOK, Clock
from simulator.development import BotAway, Development, NoSuchEndpoint, Refusal
from simulator.line.platform import Platform
from simulator.time_machine.journeys import Journey, Moment, Until, UntilEvent, end_of_playing
from simulator.time_machine.snapshots import Snapshot, Snapshots

BAR, STRIP = "time", "year"
"""The two parts of the page that tell of time (`Chats.announce`)."""

PATIENCE = 10.0
"""Seconds for which the bot may be at work on what is due at a stop."""
IMPATIENCE = 0.5
"""The same for who goes on although the bot is not done."""

ANSWER_WITHIN = 40.0
SETTLED_WITHIN = 5.0
"""Seconds for what people did to reach the bot before a snapshot is taken, or put back."""

_BAR_PAUSE, _STRIP_PAUSE = 0.1, 1.0
_LOOK_PAUSE = 1.0
_LOOKS = 90
"""How often a bot is looked for that does not answer yet."""
_DAY = timedelta(days=1)
_MOMENT = timedelta(seconds=1)


class Activity(StrEnum):
    """What the machine is doing."""

    STANDING = "standing"
    MOVING = "moving"
    PLAYING = "playing"
    RETURNING = "returning"


class Trouble(StrEnum):
    """Why it stopped on the way."""

    UNSETTLED = "unsettled"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the page shows of the machine.

    Args:
        now: The supposed instant, in Bangkok.
        activity: What the machine is doing.
        speed: Days a second while it plays, None for as fast as it goes.
        trouble: Why it stopped on the way.
        stood_since: When it came to stand, in Bangkok.
        snapshots: Where one can go back to, oldest first.
        keeps_snapshots: Whether the bot's database can be copied.
    """

    now: datetime
    activity: Activity
    speed: float | None
    trouble: Trouble | None
    stood_since: datetime
    snapshots: tuple[Snapshot, ...]
    keeps_snapshots: bool = True


class TimeMachine:
    """Goes through time stop by stop, in a thread of its own, while the page shows where it is.

    The phones' clock is set before the bot's: what the bot sends then carries that instant.

    Args:
        settle: Waits so many seconds for the bot to take what people did.
    """

    def __init__(
        self,
        platform: Platform,
        clock: Clock,
        bot: Development,
        snapshots: Snapshots,
        settle: Callable[[float], bool],
    ) -> None:
        self._platform = platform
        self._clock = clock
        self._bot = bot
        self._snapshots = snapshots
        self._settle = settle
        self._changed = threading.Condition(threading.RLock())
        self._errands: deque[_Errand] = deque()
        self._thread: threading.Thread | None = None
        self._looks_left = 0
        self._known = False
        self._keeps_snapshots = True
        self._interrupted = False
        self._activity = Activity.STANDING
        self._speed: float | None = None
        self._trouble: Trouble | None = None
        self._halted: _Way | None = None
        self._year: Mapping[str, Any] | None = None
        self._stood_since = self.now()
        self._departed = 0.0
        self._last = {BAR: 0.0, STRIP: 0.0}

    # What the page shows

    def standing(self) -> Standing | None:
        """How things stand; None while no bot is known that lets its clock be moved: it is looked for then."""
        with self._changed:
            if not self._known:
                self._look_for_bot()
                return None
            snapshots = tuple(self._snapshots.kept())
            activity = self._errands[0].activity if self._errands else self._activity
            return Standing(
                self.now(), activity, self._speed, self._trouble, self._stood_since, snapshots, self._keeps_snapshots
            )

    def now(self) -> datetime:
        """The supposed instant, in Bangkok."""
        return self._clock.now().astimezone(BANGKOK)

    def year(self) -> Mapping[str, Any] | None:
        """The fiscal year as the bot described it last."""
        with self._changed:
            return self._year

    # What one can do

    def move(self, journey: Journey) -> None:
        """Go on by hand, behind what was asked before; playing ends."""
        with self._changed:
            if self._activity is Activity.PLAYING:
                self._halt()
            self._set_out(_Way(journey, Activity.MOVING))

    def move_to_event(self) -> None:
        """Go on until a message comes, or a window opens or closes."""
        self.move(UntilEvent(lambda: len(self._platform.deliveries()), self._boundaries))

    def play(self, speed: float | None) -> None:
        """Go on at so many days a second, or as fast as it goes, to the end of the year's reports."""
        with self._changed:
            self._halt()
            self._set_out(_Way(Until(end_of_playing, speed), Activity.PLAYING))

    def stop(self) -> None:
        """Stand still from the next stop on."""
        with self._changed:
            self._halt()
            self._trouble = self._halted = None
        self._announce(BAR)

    def resume(self, *, wait: bool) -> None:
        """Go on where the bot was not done: ``wait`` for it once more, or go on without."""
        with self._changed:
            if (way := self._halted) is not None:
                self._send(way.activity, lambda: self._travel(replace(way, patient=wait), wait_first=wait))

    def go_back(self, number: int) -> None:
        """Let everything be as it was at a snapshot.

        Raises:
            UnknownSnapshot: No snapshot has this number.
        """
        snapshot = self._snapshots.find(number)
        with self._changed:
            self._halt()
            self._send(Activity.RETURNING, lambda: self._return_to(snapshot))

    # The thread

    def _look_for_bot(self) -> None:
        if self._thread is None and self._platform.webhook is not None:
            self._looks_left = _LOOKS
            self._send(Activity.STANDING, self._look)

    def _set_out(self, way: "_Way") -> None:
        def run() -> None:
            self._keep_snapshot()
            self._travel(way)

        self._send(way.activity, run)

    def _send(self, activity: Activity, run: Callable[[], None]) -> None:
        self._errands.append(_Errand(activity, run))
        self._changed.notify_all()
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="time machine", daemon=True)
            self._thread.start()

    def _halt(self) -> None:
        self._errands.clear()
        self._interrupted = True
        self._changed.notify_all()

    def _work(self) -> None:
        try:
            while (errand := self._next_errand()) is not None:
                self._run(errand)
        finally:  # after a fault of its own the next press starts another thread
            with self._changed:
                if self._thread is threading.current_thread():
                    self._thread = None

    def _run(self, errand: "_Errand") -> None:
        trouble = None
        try:
            errand.run()
        except NoSuchEndpoint:
            self._known, self._looks_left = False, 0
        except (BotAway, Refusal):
            trouble = Trouble.AWAY
        with self._changed:
            if errand.activity is not Activity.STANDING:
                self._activity, self._stood_since = Activity.STANDING, self.now()
            if trouble or self._trouble is Trouble.AWAY:
                self._trouble = trouble
        if self._known:
            self._announce(BAR)
            self._announce(STRIP)

    def _next_errand(self) -> "_Errand | None":
        """The next errand; meanwhile the page hears of every minute that passes. None: there is no bot to move."""
        with self._changed:
            while not self._errands:
                if not self._known:
                    if self._looks_left <= 0:
                        self._thread = None
                        return None
                    self._looks_left -= 1
                    self._changed.wait(_LOOK_PAUSE)
                    if not self._errands:
                        return _Errand(Activity.STANDING, self._look)
                    break
                is_pending = self._year is None or self._year["reminders"] is None
                now = self._clock.now()
                minute = 60.05 - now.second - now.microsecond / 1e6
                if self._changed.wait(min(minute, _STRIP_PAUSE) if is_pending else minute):
                    continue
                if is_pending:
                    return _Errand(Activity.STANDING, self._ask_year)
                self._platform.chats.announce(BAR)
            self._interrupted = False
            errand = self._errands.popleft()
            self._activity = errand.activity
            return errand

    def _look(self) -> None:
        try:
            moment = self._ask_clock()
            self._clock.set(moment.now)
            self._ask_year()
        except BotAway:
            return
        self._known, self._stood_since = True, self.now()

    def _keep_snapshot(self) -> None:
        self._let_settle()
        try:
            self._snapshots.take(self.now(), lambda name: self._ask_briefly("snapshots", {"name": name}))
        except Refusal as refusal:
            if refusal.reason != "no_snapshots":
                raise
            self._keeps_snapshots = False

    def _travel(self, way: "_Way", *, wait_first: bool = False) -> None:
        """Go from stop to stop until the journey is over, somebody stops it, or the bot is not done."""
        with self._changed:
            self._speed, self._trouble, self._halted = way.journey.speed, None, None
        self._announce(BAR)
        moment = self._ask_clock()
        if wait_first:
            moment = self._go(moment.now + _MOMENT, PATIENCE)
        while moment.settled or not way.patient:
            stop = way.journey.next_stop(moment)
            if stop is None or self._is_interrupted_within(_pause(way.journey.speed, moment.now, stop)):
                break
            moment = self._go(stop, PATIENCE if way.patient else IMPATIENCE)
            self._announce(BAR, _BAR_PAUSE)
            if self._announce(STRIP, _STRIP_PAUSE):
                self._ask_year()
        else:
            with self._changed:
                self._trouble, self._halted = Trouble.UNSETTLED, way
        self._ask_year()

    def _go(self, stop: datetime, patience: float) -> Moment:
        self._clock.set(stop)
        try:
            return self._ask_clock(to=stop.isoformat(), patience=patience)
        except Refusal as refusal:
            if refusal.reason != "back_in_time":  # the bot's clock ran past the stop by itself meanwhile
                raise
        moment = self._ask_clock()
        self._clock.set(moment.now)
        return moment

    def _return_to(self, snapshot: Snapshot) -> None:
        with self._changed:
            self._trouble = self._halted = None
        self._announce(BAR)
        self._let_settle()
        if snapshot not in self._snapshots.kept():  # a newer one has taken its place since it was asked for
            return
        self._clock.set(snapshot.at)
        self._snapshots.put_back(snapshot)
        self._ask_briefly("restorations", {"name": snapshot.name, "to": snapshot.at.isoformat()})
        self._ask_year()

    # What the bot is asked

    def _ask_briefly(self, name: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._bot.ask(name, body, ANSWER_WITHIN)

    def _ask_clock(self, **body: Any) -> Moment:
        """Where the bot's time stands.

        Raises:
            BotAway: It says something else, as one of another version might.
        """
        try:
            return Moment.read(self._ask_briefly("clock", body))
        except (KeyError, TypeError, ValueError):
            raise BotAway from None

    def _let_settle(self) -> None:
        """Wait until the bot has taken what people did, and LINE what the bot says to it."""
        self._settle(SETTLED_WITHIN)
        self._ask_clock(patience=SETTLED_WITHIN)

    def _ask_year(self) -> None:
        year = self._ask_briefly("year", {})
        with self._changed:
            is_news, self._year = year != self._year, year
        if is_news:
            self._announce(STRIP)

    def _boundaries(self) -> frozenset[date]:
        windows = (self.year() or {"windows": ()})["windows"]
        opened = {date.fromisoformat(window["opens"]) for window in windows if window["opens"]}
        return frozenset(opened | {date.fromisoformat(window["closes"]) + _DAY for window in windows})

    # Waiting and telling

    def _is_interrupted_within(self, seconds: float) -> bool:
        """Whether somebody stops the journey by the time at which the next stop is due."""
        with self._changed:
            wait = self._departed + seconds - time.monotonic()
            interrupted = self._changed.wait_for(lambda: self._interrupted, max(wait, 0.0))
            self._departed = time.monotonic()
            return interrupted

    def _announce(self, topic: str, pause: float = 0.0) -> bool:
        """Let pages draw a part anew, unless they did so a moment ago; whether they do."""
        now = time.monotonic()
        if now - self._last[topic] < pause:
            return False
        self._last[topic] = now
        self._platform.chats.announce(topic)
        return True


@dataclass(frozen=True, slots=True)
class _Way:
    """A journey under way; a patient one halts where the bot is not done."""

    journey: Journey
    activity: Activity
    patient: bool = True


@dataclass(frozen=True, slots=True)
class _Errand:
    """Something for the thread to do."""

    activity: Activity
    run: Callable[[], None]


def _pause(speed: float | None, now: datetime, stop: datetime) -> float:
    return 0.0 if speed is None else (stop - now) / _DAY / speed

"""Carries events to the bot, one after the other unless it is told to err, and remembers how the bot took each."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from simulator.line.platform import Platform
from simulator.settings import Settings
from simulator.webhooks import letters
from simulator.webhooks.events import Event, redelivered
from simulator.webhooks.letters import Outcome

MOST_ATTEMPTS = 5
"""How often an event is tried where redelivery is on; LINE does not say how often it does."""
DUPLICATE_PAUSE = 0.2
"""Seconds after which the duplicate of an event comes that does not come at the same time."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to hand an event to the bot: when, and what came of it."""

    at: datetime
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Posted:
    """An event with every try to hand it over; none while it waits, or where no webhook is set."""

    event: Event
    attempts: tuple[Attempt, ...] = ()

    @property
    def taken(self) -> bool:
        """Whether the bot has taken it."""
        return any(attempt.outcome.success for attempt in self.attempts)


class Postman:
    """Delivers events in the background, in the order in which they happened.

    Where `Behaviour.redelivers` is set, an event that the bot did not take goes back to the end of the queue, the same
    but for ``isRedelivery``. `Behaviour.duplicates` and `Behaviour.reorders` are what else may go wrong on the way.
    """

    def __init__(self, settings: Settings, platform: Platform) -> None:
        self._settings = settings
        self._platform = platform
        self._changed = threading.Condition()
        self._posted: dict[str, Posted] = {}
        self._waiting: deque[Callable[[], None]] = deque()
        self._at_work = False
        self._duplicated = 0
        self._reordered = 0

    def post(self, event: Event) -> Event:
        """Hand an event over, soon; without a webhook it is only noted."""
        with self._changed:
            self._posted[event["webhookEventId"]] = Posted(event)
        if self._platform.webhook is not None:
            self._queue(partial(self._hand_over, event))
        return event

    def redeliver(self, event_id: str) -> Event:
        """Send an event once more, whether or not the bot took it: LINE sends some twice.

        Raises:
            KeyError: No event has this id.
        """
        with self._changed:
            event = redelivered(self._posted[event_id].event)
        if self._platform.webhook is not None:
            self._queue(partial(self._deliver, event))
        return event

    def events(self) -> list[Posted]:
        """Every event since the last reset, oldest first."""
        with self._changed:
            return list(self._posted.values())

    def erred(self) -> tuple[int, int]:
        """How many events were handed over twice, and how many behind a later one, since the last reset."""
        with self._changed:
            return self._duplicated, self._reordered

    def settle(self, timeout: float) -> bool:
        """Wait until every event has been handed over or given up; False when that takes longer."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._at_work, timeout)

    def saved(self) -> Any:
        """Every event with what came of it."""
        with self._changed:
            return dict(self._posted)

    def put_back(self, saved: Any) -> None:
        """Remember just the events that had happened then; what is on its way is forgotten."""
        with self._changed:
            self._waiting.clear()
            self._posted = dict(saved)

    def clear(self) -> None:
        """Forget every event."""
        with self._changed:
            self._posted.clear()
            self._waiting.clear()
            self._duplicated = self._reordered = 0

    def _queue(self, errand: Callable[[], None]) -> None:
        with self._changed:
            self._waiting.append(errand)
            self._changed.notify_all()
            if not self._at_work:
                self._at_work = True
                threading.Thread(target=self._work, name="postman", daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._changed:
                if not self._waiting:
                    self._at_work = False
                    self._changed.notify_all()
                    return
                errands = self._next()
            for errand in errands:
                errand()

    def _next(self) -> list[Callable[[], None]]:
        """What to do next: one errand, or the one behind it first."""
        errand = self._waiting.popleft()
        behaviour = self._platform.behaviour
        if behaviour.reorders and self._changed.wait_for(lambda: self._waiting, behaviour.reorder_window):
            self._reordered += 1
            return [self._waiting.popleft(), errand]
        return [errand]

    def _hand_over(self, event: Event) -> None:
        if not self._platform.behaviour.duplicates:
            self._deliver(event)
            return
        with self._changed:
            self._duplicated += 1
            together = self._duplicated % 2 == 1
        again = threading.Thread(target=self._deliver, args=(redelivered(event),), name="postman again", daemon=True)
        if together:
            again.start()
            self._deliver(event)
        else:
            self._deliver(event)
            time.sleep(DUPLICATE_PAUSE)
            again.start()
        again.join()

    def _deliver(self, event: Event) -> None:
        endpoint = self._platform.webhook
        if endpoint is None:
            return
        if token := event.get("replyToken"):
            self._platform.reply_tokens.delivered(token)
        at = self._platform.now()
        outcome = letters.deliver(endpoint, self._settings.channel_secret, self._settings.bot_user_id, [event])
        posted = self._noted(event, Attempt(at, outcome))
        if self._platform.behaviour.redelivers and posted and not posted.taken and len(posted.attempts) < MOST_ATTEMPTS:
            self._queue(partial(self._again, event))

    def _again(self, event: Event) -> None:
        time.sleep(self._platform.behaviour.redelivery_pause)
        self._deliver(redelivered(event))

    def _noted(self, event: Event, attempt: Attempt) -> Posted | None:
        """The event with one more try, None after a reset."""
        with self._changed:
            posted = self._posted.get(event["webhookEventId"])
            if posted is not None:
                posted = replace(posted, attempts=(*posted.attempts, attempt))
                self._posted[event["webhookEventId"]] = posted
        return posted

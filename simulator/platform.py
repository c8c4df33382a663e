"""The state of the emulated platform: who has LINE, what reached them, what may still be sent.

Everything lives in memory behind one lock. HTTP knows nothing of this module and this module nothing of HTTP.
"""

import re
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any

RETRY_WINDOW = timedelta(hours=24)
"""How long a retry key stands for the request that was accepted under it."""

USER_ID = re.compile(r"U[0-9a-f]{32}")
CHAT_ID = re.compile(r"[UCR][0-9a-f]{32}")

# LINE counts its delivery statistics by this day; when the month's quota starts anew is not documented.
_QUOTA_ZONE = timezone(timedelta(hours=9))
_QUOTABLE = frozenset({"text", "textV2", "sticker"})
_FIRST_MESSAGE_ID = 444_573_844_083_572_737


class UnknownRecipient(Exception):
    """A well-formed id of nobody whom this channel knows; `index` is its place among the recipients."""

    def __init__(self, index: int) -> None:
        super().__init__(index)
        self.index = index


class QuotaExceeded(Exception):
    """The month's allowance does not cover every recipient of the request."""


class AlreadyAccepted(Exception):
    """A request was accepted under the same retry key within `RETRY_WINDOW`."""

    def __init__(self, receipt: "Receipt") -> None:
        super().__init__(receipt.request_id)
        self.receipt = receipt


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with LINE on the phone and the bot as a friend.

    Args:
        user_id: ``U`` and 32 hexadecimal digits.
        name: The name in the profile.
        caption: What the page writes below the name, such as the position.
        blocked: Whether this person has blocked the bot.
    """

    user_id: str
    name: str
    caption: str = ""
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message on a phone.

    Args:
        number: Place among all deliveries; never used again, not even after a reset.
        id: LINE's message id.
        user_id: Whose phone.
        at: When it arrived.
        request_id: The request that brought it.
        message: The message object, as sent.
        notified: Whether the phone showed a notification.
    """

    number: int
    id: str
    user_id: str
    at: datetime
    request_id: str
    message: Mapping[str, Any]
    notified: bool


@dataclass(frozen=True, slots=True)
class Sending:
    """A well-formed request to send the same messages to some people.

    Args:
        to: User ids; each is served once, however often it stands here.
        messages: Message objects.
        request_id: ``x-line-request-id`` of the request.
        retry_key: Its ``X-Line-Retry-Key``, if it had one.
        silent: ``notificationDisabled``.
        skip_unknown: Pass over unknown people instead of refusing the whole request.
    """

    to: tuple[str, ...]
    messages: tuple[Mapping[str, Any], ...]
    request_id: str
    retry_key: str | None = None
    silent: bool = False
    skip_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the platform remembers of an accepted request."""

    request_id: str
    at: datetime
    sent_messages: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """An API request as it came in, for tests to look at.

    Args:
        at: When it came in.
        method: HTTP method.
        path: Path without the query.
        retry_key: Its ``X-Line-Retry-Key``.
        body: The parsed JSON body, None when there was none or when it held a secret.
        status: HTTP status of the answer, None when the connection was dropped without one.
        request_id: Its ``x-line-request-id``.
        fault: The kind of fault it suffered.
        number: Place among all calls.
    """

    at: datetime
    method: str
    path: str
    retry_key: str | None
    body: Any
    status: int | None
    request_id: str
    fault: str | None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Quota:
    """Messages allowed this month (None: any number) and messages used."""

    limit: int | None
    used: int


@dataclass(slots=True)
class _State:
    """All that a reset throws away."""

    limit: int | None
    people: dict[str, Person] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    accepted: dict[str, Receipt] = field(default_factory=dict)
    used: Counter[tuple[int, int]] = field(default_factory=Counter)
    webhook: str | None = None


class Platform:
    """One LINE channel with its friends. Safe to use from many threads.

    Args:
        now: The platform's clock, aware.
        quota: Messages allowed in a month, None for any number; a reset goes back to it.
    """

    def __init__(self, now: Callable[[], datetime], quota: int | None = None) -> None:
        self._now = now
        self._quota = quota
        self._changed = threading.Condition(threading.RLock())
        self._state = _State(quota)
        self._delivered = 0
        self._cast_version = 0

    def now(self) -> datetime:
        """The platform's time."""
        return self._now()

    # People

    def register(self, person: Person) -> None:
        """Add a person, or change who the person with this id is.

        Raises:
            ValueError: The id is not a LINE user id.
        """
        if not USER_ID.fullmatch(person.user_id):
            raise ValueError(f"Not a LINE user id: {person.user_id!r}")
        with self._changed:
            self._state.people[person.user_id] = person
            self._cast_changed()

    def set_blocked(self, user_id: str, *, blocked: bool) -> Person:
        """Let a person block the bot, or take it back.

        Raises:
            KeyError: Nobody has this id.
        """
        with self._changed:
            person = replace(self._state.people[user_id], blocked=blocked)
            self._state.people[user_id] = person
            self._cast_changed()
        return person

    def people(self) -> list[Person]:
        """Everybody, in the order of registration."""
        with self._changed:
            return list(self._state.people.values())

    def person(self, user_id: str) -> Person | None:
        """The person with this id."""
        with self._changed:
            return self._state.people.get(user_id)

    # Sending

    def send(self, sending: Sending) -> Receipt:
        """Accept a request whole, or not at all.

        Nothing says who blocked the bot: such people are passed over and not counted (reference, push message).

        Raises:
            AlreadyAccepted: Its retry key stands for a request that was accepted.
            UnknownRecipient: A recipient is not known, and `Sending.skip_unknown` is not set.
            QuotaExceeded: The month's allowance does not cover its recipients.
        """
        with self._changed:
            at = self._now()
            self._refuse_repetition(sending.retry_key, at)
            reached = self._reached(sending)
            month = _month(at)
            if self._state.limit is not None and self._state.used[month] + len(reached) > self._state.limit:
                raise QuotaExceeded
            self._state.used[month] += len(reached)
            receipt = Receipt(sending.request_id, at, self._deliver(sending, reached, at))
            if sending.retry_key is not None:
                self._state.accepted[sending.retry_key] = receipt
            self._changed.notify_all()
        return receipt

    def _refuse_repetition(self, retry_key: str | None, at: datetime) -> None:
        earlier = self._state.accepted.get(retry_key) if retry_key is not None else None
        if earlier is not None and at - earlier.at < RETRY_WINDOW:
            raise AlreadyAccepted(earlier)

    def _reached(self, sending: Sending) -> list[str]:
        reached: dict[str, None] = {}
        for index, user_id in enumerate(sending.to):
            person = self._state.people.get(user_id)
            if person is None and not sending.skip_unknown:
                raise UnknownRecipient(index)
            if person is not None and not person.blocked:
                reached[user_id] = None
        return list(reached)

    def _deliver(self, sending: Sending, reached: Iterable[str], at: datetime) -> tuple[Mapping[str, str], ...]:
        sent = tuple(self._sent_message(message) for message in sending.messages)
        for user_id in reached:
            for message, identity in zip(sending.messages, sent, strict=True):
                self._delivered += 1
                self._state.deliveries.append(
                    Delivery(
                        number=self._delivered,
                        id=identity["id"],
                        user_id=user_id,
                        at=at,
                        request_id=sending.request_id,
                        message=message,
                        notified=not sending.silent,
                    )
                )
        return sent

    def _sent_message(self, message: Mapping[str, Any]) -> Mapping[str, str]:
        identity = {"id": str(_FIRST_MESSAGE_ID + secrets.randbits(48))}
        if message["type"] in _QUOTABLE:
            identity["quoteToken"] = secrets.token_urlsafe(32)
        return identity

    # What arrived

    def deliveries(self, user_id: str | None = None, *, after: int = 0) -> list[Delivery]:
        """Messages with a number above `after`, oldest first; of one person, or of all."""
        with self._changed:
            return [
                delivery
                for delivery in self._state.deliveries[self._index_after(after) :]
                if user_id is None or delivery.user_id == user_id
            ]

    def wait_for_change(self, after: int, cast_version: int, timeout: float) -> tuple[list[Delivery], int]:
        """Deliveries above `after` and the version of the cast, as soon as one of them is news.

        Both come back unchanged (no deliveries, the same version) after `timeout` seconds without any.
        The version changes with every person added or changed and with a reset.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._delivered > after or self._cast_version != cast_version, timeout)
            return self._state.deliveries[self._index_after(after) :], self._cast_version

    @property
    def progress(self) -> tuple[int, int]:
        """Number of the newest delivery and version of the cast: where `wait_for_change` starts from."""
        with self._changed:
            return self._delivered, self._cast_version

    def _index_after(self, number: int) -> int:
        held = self._state.deliveries
        return min(max(0, number - held[0].number + 1), len(held)) if held else 0

    # Calls, quota, webhook

    def record(self, call: Call) -> None:
        """Remember an API request."""
        with self._changed:
            self._state.calls.append(replace(call, number=len(self._state.calls) + 1))

    def calls(self) -> list[Call]:
        """Every API request since the last reset, oldest first."""
        with self._changed:
            return list(self._state.calls)

    @property
    def quota(self) -> Quota:
        """The allowance of the current month."""
        with self._changed:
            return Quota(self._state.limit, self._state.used[_month(self._now())])

    def set_quota(self, quota: Quota) -> None:
        """Change the monthly allowance and what is used of the current month's."""
        with self._changed:
            self._state.limit = quota.limit
            self._state.used[_month(self._now())] = quota.used

    @property
    def webhook(self) -> str | None:
        """Where webhooks go to."""
        with self._changed:
            return self._state.webhook

    @webhook.setter
    def webhook(self, endpoint: str) -> None:
        with self._changed:
            self._state.webhook = endpoint

    def reset(self) -> None:
        """Back to an empty platform: nobody, nothing sent, no key remembered, quota as at the start."""
        with self._changed:
            self._state = _State(self._quota)
            self._cast_changed()

    def _cast_changed(self) -> None:
        self._cast_version += 1
        self._changed.notify_all()


def _month(at: datetime) -> tuple[int, int]:
    local = at.astimezone(_QUOTA_ZONE)
    return local.year, local.month

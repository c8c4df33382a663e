"""The state of the emulated platform: who has LINE, what stands in the chats, what may still be sent.

Everything lives in memory, and nothing here knows of HTTP.
"""

import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

from simulator.line.behaviour import Behaviour
from simulator.line.calls import Call
from simulator.line.chats import Chats, Delivery, Utterance
from simulator.line.contents import Contents
from simulator.line.people import GROUP_ID, USER_ID, Group, Person
from simulator.line.reply_tokens import ReplyTokens
from simulator.line.rich_menus import RichMenus
from simulator.line.savable import Savable
from simulator.line.sending import (
    RETRY_WINDOW,
    AlreadyAccepted,
    Quota,
    QuotaExceeded,
    Receipt,
    Sending,
    UnknownRecipient,
)

# LINE counts its delivery statistics by this day; when the month's quota starts anew is not documented.
_QUOTA_ZONE = timezone(timedelta(hours=9))
_QUOTABLE = frozenset({"text", "textV2", "sticker"})
_FIRST_MESSAGE_ID = 444_573_844_083_572_737


@dataclass(slots=True)
class _State:
    """All that a reset throws away."""

    limit: int | None
    people: dict[str, Person] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    loading: dict[str, float] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    accepted: dict[str, Receipt] = field(default_factory=dict)
    used: Counter[tuple[int, int]] = field(default_factory=Counter)
    webhook: str | None = None
    cast: tuple[str, ...] = ()

    def copy(self) -> "_State":
        """The same, untouched by what happens to this; nobody waits for an answer in it."""
        return replace(
            self,
            people=dict(self.people),
            groups=dict(self.groups),
            loading={},
            calls=list(self.calls),
            accepted=dict(self.accepted),
            used=self.used.copy(),
        )


class Platform:
    """One LINE channel with its friends. Safe to use from many threads.

    ``chats`` is what everybody's phone shows, ``contents`` the files that people sent, ``menus`` the rich menus,
    ``reply_tokens`` the tokens of events; ``behaviour`` holds switches, which a reset leaves as they are.

    Args:
        now: The platform's clock, aware.
        quota: Messages allowed in a month, None for any number; a reset goes back to it.
        elapsed: Seconds that only ever grow: life of reply tokens, retry keys and of the loading indicator.
    """

    def __init__(
        self, now: Callable[[], datetime], quota: int | None = None, elapsed: Callable[[], float] = time.monotonic
    ) -> None:
        self._now = now
        self._quota = quota
        self._elapsed = elapsed
        self._changed = threading.Condition(threading.RLock())
        self._state = _State(quota)
        self.behaviour = Behaviour()
        self.chats = Chats(self._changed)
        self.contents = Contents(elapsed)
        self.menus = RichMenus(self._menus_touched)
        self.reply_tokens = ReplyTokens(elapsed)
        self._parts: tuple[Savable, ...] = (self.chats, self.contents, self.menus, self.reply_tokens)

    def now(self) -> datetime:
        """The platform's time."""
        return self._now()

    # People and groups

    def register(self, person: Person) -> None:
        """Add a person, or change who the person with this id is.

        Raises:
            ValueError: The id is not a LINE user id.
        """
        if not USER_ID.fullmatch(person.user_id):
            raise ValueError(f"Not a LINE user id: {person.user_id!r}")
        with self._changed:
            self._state.people[person.user_id] = person
            self.chats.cast_changed()

    def set_blocked(self, user_id: str, *, blocked: bool) -> Person:
        """Let a person block the bot, or take it back, without a word to the bot.

        Raises:
            KeyError: Nobody has this id.
        """
        with self._changed:
            person = replace(self._state.people[user_id], blocked=blocked)
            self._state.people[user_id] = person
            self.chats.cast_changed()
        return person

    def people(self) -> list[Person]:
        """Everybody, in the order of registration."""
        with self._changed:
            return list(self._state.people.values())

    def person(self, user_id: str) -> Person | None:
        """The person with this id."""
        with self._changed:
            return self._state.people.get(user_id)

    def friends(self, user_ids: Iterable[str]) -> list[str]:
        """Those of the ids whose people are known and have not blocked the bot."""
        with self._changed:
            return [user_id for user_id in user_ids if (found := self.person(user_id)) and not found.blocked]

    def set_group(self, group: Group) -> None:
        """Add a group that the bot is in, or change it.

        Raises:
            ValueError: The id is not a group's or room's, or a member is not registered.
        """
        if not GROUP_ID.fullmatch(group.group_id):
            raise ValueError(f"Not a LINE group id: {group.group_id!r}")
        with self._changed:
            for user_id in group.members:
                if user_id not in self._state.people:
                    raise ValueError(f"Nobody has the id {user_id}")
            self._state.groups[group.group_id] = group
            self.chats.cast_changed()

    def remove_group(self, group_id: str) -> None:
        """Take the bot out of a group.

        Raises:
            KeyError: The bot is in no such group.
        """
        with self._changed:
            del self._state.groups[group_id]
            self.chats.cast_changed()

    def groups(self) -> list[Group]:
        """Every group that the bot is in, in the order of joining."""
        with self._changed:
            return list(self._state.groups.values())

    def group(self, group_id: str) -> Group | None:
        """The group with this id, if the bot is in it."""
        with self._changed:
            return self._state.groups.get(group_id)

    @property
    def cast(self) -> tuple[str, ...]:
        """User ids of those whose phones a page shows that is not asked for others."""
        with self._changed:
            return self._state.cast

    @cast.setter
    def cast(self, user_ids: Iterable[str]) -> None:
        with self._changed:
            self._state.cast = tuple(user_ids)

    # Sending

    def send(self, sending: Sending) -> Receipt:
        """Accept a request whole, or not at all.

        Nothing says who blocked the bot: such people are passed over and not counted; a message to a group counts once
        for each member (reference, push message; docs, pricing).

        Raises:
            AlreadyAccepted: Its retry key stands for a request that was accepted.
            UnknownRecipient: A recipient is not known, and `Sending.skip_unknown` is not set.
            QuotaExceeded: The month's allowance does not cover its recipients.
        """
        with self._changed:
            at = self._now()
            self._refuse_repetition(sending.retry_key)
            reached = self._reached(sending)
            month, cost = quota_month(at), sum(map(self._readers, reached))
            if self._state.limit is not None and self._state.used[month] + cost > self._state.limit:
                raise QuotaExceeded
            self._state.used[month] += cost
            receipt = Receipt(sending.request_id, self._elapsed(), self._deliver(sending, reached, at))
            if sending.retry_key is not None:
                self._state.accepted[sending.retry_key] = receipt
        return receipt

    def reply(self, token: str, sending: Sending) -> Receipt:
        """Answer the event of a reply token, in its chat and at no cost; `Sending.to` is empty.

        Raises:
            InvalidReplyToken: The token is used, too old, or nobody's.
        """
        with self._changed:
            to = (self.reply_tokens.redeem(token),)
            answer = replace(sending, to=to, skip_unknown=True)
            sent = self._deliver(answer, self._reached(answer), self._now())
            return Receipt(sending.request_id, self._elapsed(), sent)

    def _refuse_repetition(self, retry_key: str | None) -> None:
        earlier = self._state.accepted.get(retry_key) if retry_key is not None else None
        if earlier is not None and self._elapsed() - earlier.elapsed < RETRY_WINDOW.total_seconds():
            raise AlreadyAccepted(earlier)

    def _reached(self, sending: Sending) -> list[str]:
        reached: dict[str, None] = {}
        for index, chat_id in enumerate(sending.to):
            person = self._state.people.get(chat_id)
            known = person is not None or chat_id in self._state.groups
            if not known and not sending.skip_unknown:
                raise UnknownRecipient(index)
            if known and not (person and person.blocked):
                reached[chat_id] = None
        return list(reached)

    def _readers(self, chat_id: str) -> int:
        group = self._state.groups.get(chat_id)
        return 1 if group is None else len(group.members)

    def _deliver(self, sending: Sending, reached: Iterable[str], at: datetime) -> tuple[Mapping[str, str], ...]:
        sent = tuple(self._sent_message(message) for message in sending.messages)
        for chat_id in reached:
            self._state.loading.pop(chat_id, None)
            for message, identity in zip(sending.messages, sent, strict=True):
                self.chats.add(
                    partial(
                        Delivery,
                        id=identity["id"],
                        chat_id=chat_id,
                        at=at,
                        request_id=sending.request_id,
                        message=message,
                        notified=not sending.silent,
                    )
                )
        return sent

    def _sent_message(self, message: Mapping[str, Any]) -> Mapping[str, str]:
        identity = {"id": self.next_message_id()}
        if message["type"] in _QUOTABLE:
            identity["quoteToken"] = secrets.token_urlsafe(32)
        return identity

    # Chats

    def next_message_id(self) -> str:
        """An id for a message."""
        return str(_FIRST_MESSAGE_ID + secrets.randbits(48))

    def deliveries(self, chat_id: str | None = None, *, after: int = 0) -> list[Delivery]:
        """Messages of the bot with a number above `after`, oldest first; of one person or group, or of all."""
        return [line for line in self.chats.lines(chat_id, after=after) if isinstance(line, Delivery)]

    def utterances(self, chat_id: str | None = None) -> list[Utterance]:
        """What people said, oldest first; in one chat, or in all."""
        return [line for line in self.chats.lines(chat_id) if isinstance(line, Utterance)]

    def show_loading(self, user_id: str, seconds: int) -> None:
        """Let a person see that an answer is being made, until the next message or for so many seconds."""
        with self._changed:
            self._state.loading[user_id] = self._elapsed() + seconds
            self.chats.touch([user_id])

    def loading(self, user_id: str) -> float:
        """Seconds that the loading indicator will still be seen, if nothing comes; 0 without one."""
        with self._changed:
            return max(0.0, self._state.loading.get(user_id, 0.0) - self._elapsed())

    def _menus_touched(self, user_ids: Iterable[str] | None) -> None:
        with self._changed:
            self.chats.touch(self._state.people if user_ids is None else user_ids)

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
            return Quota(self._state.limit, self._state.used[quota_month(self._now())])

    def set_quota(self, quota: Quota) -> None:
        """Change the monthly allowance and what is used of the current month's."""
        with self._changed:
            self._state.limit = quota.limit
            self._state.used[quota_month(self._now())] = quota.used

    @property
    def webhook(self) -> str | None:
        """Where webhooks go to."""
        with self._changed:
            return self._state.webhook

    @webhook.setter
    def webhook(self, endpoint: str) -> None:
        with self._changed:
            self._state.webhook = endpoint

    def saved(self) -> Any:
        """All that a reset would throw away, to be put back some time."""
        with self._changed:
            return self._state.copy(), [part.saved() for part in self._parts]

    def put_back(self, saved: Any) -> None:
        """Be as it was when this was saved; webhooks still go where they go to, and pages load anew."""
        state, parts = saved
        with self._changed:
            self._state = replace(state.copy(), webhook=self._state.webhook)
            for part, kept in zip(self._parts, parts, strict=True):
                part.put_back(kept)

    def reset(self) -> None:
        """Back to an empty platform: nobody, nothing said, no key remembered, no menu, quota as at the start."""
        with self._changed:
            self._state = _State(self._quota)
            self.contents.clear()
            self.menus.clear()
            self.reply_tokens.clear()
            self.chats.clear()


def quota_month(at: datetime) -> tuple[int, int]:
    """The year and month whose quota counts at an instant."""
    local = at.astimezone(_QUOTA_ZONE)
    return local.year, local.month

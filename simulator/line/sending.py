"""What a bot asks of the platform when it sends, what it gets, and why not (reference, "Send push message")."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

RETRY_WINDOW = timedelta(hours=24)
"""How long a retry key stands for the request that was accepted under it: real time, however far the clock is set."""


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
class Sending:
    """A well-formed request to send the same messages to some chats.

    Args:
        to: User ids, or a group's; each is served once, however often it stands here.
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
    """What the platform remembers of an accepted request; ``elapsed`` says when it was, in seconds that only grow."""

    request_id: str
    elapsed: float
    sent_messages: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Quota:
    """Messages allowed this month (None: any number) and messages used."""

    limit: int | None
    used: int

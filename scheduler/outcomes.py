"""What a try means for its message: sent, try again, set aside, or stop all sending (``line-platform.md`` §3).

Codes decide; LINE's texts are unstable and only noted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from http import HTTPStatus

from domain.quota import Quota
from scheduler.line_port import Answer, NoAnswer, Reply

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=15)

_REASON_LENGTH = 200
_SECRET = re.compile(r"[UCR][0-9a-f]{32}|(?i:bearer)\s+\S+|[A-Za-z0-9+/=._-]{80,}")
"""A LINE id, a bearer token, or what is long enough to be a token: more people read a reason than may see these."""


class StopReason(StrEnum):
    """Why nothing can be sent, whoever it is for."""

    QUOTA = "quota"
    """The month's messages are used up."""
    TOKEN = "token"  # noqa: S105 - a name, not a token
    """LINE refuses a new token too."""
    FORBIDDEN = "forbidden"
    """The account may not use this API."""


@dataclass(frozen=True, slots=True)
class Sent:
    """LINE took the message, now or in an earlier try."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again after a while; ``uncertain``: LINE may have taken it nevertheless."""

    after: timedelta
    reason: str
    uncertain: bool


@dataclass(frozen=True, slots=True)
class Park:
    """This message cannot be sent as it is."""

    reason: str


@dataclass(frozen=True, slots=True)
class StopAll:
    """No message can be sent; this one surely was not taken."""

    reason: StopReason


Outcome = Sent | Retry | Park | StopAll


_STOPS: dict[int, StopReason] = {
    HTTPStatus.UNAUTHORIZED: StopReason.TOKEN,
    HTTPStatus.FORBIDDEN: StopReason.FORBIDDEN,
}
_NOT_NOW = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}


def classify(reply: Reply, attempts: int, jitter: float, quota: Quota | None = None) -> Outcome:
    """Decide what follows from LINE's reply to a push.

    Args:
        reply: What LINE said, or that it said nothing.
        attempts: Tries of this message before this one.
        jitter: Random share of the longest wait, 0 to 1: what failed together must not come back together.
        quota: A fresh look-up, which tells the two kinds of 429 apart; None when that failed too.
    """
    if isinstance(reply, NoAnswer):
        return Retry(_wait(attempts, jitter), reply.reason, uncertain=reply.sent)
    status = reply.status
    if 200 <= status < 300 or status == HTTPStatus.CONFLICT:
        return Sent()
    if status == HTTPStatus.TOO_MANY_REQUESTS and quota is not None and quota.is_used_up:
        return StopAll(StopReason.QUOTA)
    if status in _STOPS:
        return StopAll(_STOPS[status])
    is_lines = status >= 400  # LINE redirects nowhere: below, a proxy or a portal spoke, and LINE heard nothing
    if not is_lines or status in _NOT_NOW or status >= 500:
        uncertain = is_lines and status != HTTPStatus.TOO_MANY_REQUESTS
        return Retry(_wait(attempts, jitter, reply.retry_after), _reason(reply), uncertain)
    return Park(_reason(reply))


def _wait(attempts: int, jitter: float, at_least: float | None = None) -> timedelta:
    doublings = min(attempts, 10)  # more would only overflow
    longest = min(LONGEST_WAIT, FIRST_WAIT * (1 << doublings))
    seconds = at_least if at_least is not None and at_least > 0 else 0.0  # not a number is not greater, either
    return max(longest * jitter, timedelta(seconds=min(seconds, LONGEST_WAIT.total_seconds())))


def _reason(answer: Answer) -> str:
    """Return code and text; without what no database or terminal takes: NUL, half of a surrogate pair."""
    message = _SECRET.sub("[...]", answer.message)
    printable = "".join(character if character.isprintable() else " " for character in message)
    return f"http_{answer.status} {printable}".rstrip()[:_REASON_LENGTH]

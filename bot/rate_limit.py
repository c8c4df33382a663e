"""No more than a person can read: how often one LINE account is answered.

Each process counts for itself, so with several the limit is that many times as high. It keeps one account from taking
the time of all others; guessing codes is limited in the database (``storage.linking``).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

MOST_ACCOUNTS = 10_000
"""Accounts that are remembered; the one that has been silent for longest is forgotten first."""


class Pace(Enum):
    """What an utterance gets."""

    FINE = auto()
    TOO_FAST = auto()
    """The first above the limit; it is told so, once until there was a pause."""
    STILL_TOO_FAST = auto()
    """It is not answered."""


@dataclass(slots=True)
class _Allowance:
    left: float
    at: datetime
    told: bool = False


class RateLimit:
    """Lets an account say ``burst`` things at once and one more each ``seconds_each`` (real time); safe for threads."""

    def __init__(self, burst: int = 20, seconds_each: float = 1.0) -> None:
        self._burst = burst
        self._seconds_each = seconds_each
        self._lock = threading.Lock()
        self._accounts: OrderedDict[str, _Allowance] = OrderedDict()

    def take(self, account: str, real_now: datetime) -> Pace:
        """Count an utterance and tell what it gets."""
        with self._lock:
            allowance = self._accounts.pop(account, None) or _Allowance(self._burst, real_now)
            self._accounts[account] = allowance
            if len(self._accounts) > MOST_ACCOUNTS:
                self._accounts.popitem(last=False)
            passed = max(0.0, (real_now - allowance.at).total_seconds())
            allowance.left = min(self._burst, allowance.left + passed / self._seconds_each)
            allowance.at = real_now
            if allowance.left >= self._burst / 2:
                allowance.told = False
            if allowance.left >= 1:
                allowance.left -= 1
                return Pace.FINE
            first, allowance.told = not allowance.told, True
            return Pace.TOO_FAST if first else Pace.STILL_TOO_FAST

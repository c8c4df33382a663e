"""Token buckets: no faster than LINE allows, per endpoint (reference, "Rate limits")."""

from __future__ import annotations

from collections.abc import Callable

PUSHES_PER_SECOND = 2_000
MULTICASTS_PER_SECOND = 200


class TokenBucket:
    """Gives out ``rate`` tokens a second, and up to ``burst`` at once after a pause.

    ``seconds`` is a clock that only ever grows. Not for use from several threads.
    """

    def __init__(self, rate: float, burst: float, seconds: Callable[[], float]) -> None:
        self._rate = rate
        self._burst = burst
        self._seconds = seconds
        self._tokens = burst
        self._at = seconds()

    def take(self) -> float:
        """Take the next token and return in how many seconds it may be used."""
        now = self._seconds()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate) - 1
        self._at = now
        return max(0.0, -self._tokens / self._rate)

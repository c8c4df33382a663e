"""LINE's rate limits: one token bucket for each method and path of the channel."""

import threading
from collections.abc import Callable, Mapping

from simulator.settings import DEFAULT_RATE, Rate


class Throttle:
    """Counts every attempt, refused and repeated ones too, as LINE does."""

    def __init__(self, rates: Mapping[str, Rate], elapsed: Callable[[], float]) -> None:
        self._rates = rates
        self._elapsed = elapsed
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def admit(self, method: str, path: str) -> bool:
        """Take one token from the bucket of `method` and `path`; False when it is empty."""
        rate = self._rates.get(f"{method} {path}") or self._rates.get(path, DEFAULT_RATE)
        with self._lock:
            at = self._elapsed()
            left, since = self._buckets.get((method, path), (float(rate.requests), at))
            left = min(float(rate.requests), left + (at - since) * rate.requests / rate.seconds)
            admitted = left >= 1
            self._buckets[method, path] = (left - admitted, at)
        return admitted

    def reset(self) -> None:
        """Fill every bucket."""
        with self._lock:
            self._buckets.clear()

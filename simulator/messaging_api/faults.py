"""Faults that can be switched on while the simulator runs."""

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from types import MappingProxyType

from simulator.messaging_api.answers import QUOTA_EXCEEDED, RATE_LIMITED, SERVER_ERROR, UNAUTHORIZED, Answer


class FaultKind(StrEnum):
    """What goes wrong with a request that a fault meets."""

    SERVER_ERROR = "server_error"
    """500, nothing accepted."""
    RATE_LIMITED = "rate_limited"
    """429 of the first kind, nothing accepted."""
    QUOTA_EXCEEDED = "quota_exceeded"
    """429 of the second kind, nothing accepted."""
    UNAUTHORIZED = "unauthorized"
    """401, nothing accepted."""
    TIMEOUT = "timeout"
    """Nothing accepted; the connection is held for the fault's seconds and then dropped."""
    RESET_BEFORE_ACCEPTANCE = "reset_before_acceptance"
    """Nothing accepted; the connection is reset without an answer."""
    RESET_AFTER_ACCEPTANCE = "reset_after_acceptance"
    """Handled as usual, then the connection is reset without an answer."""
    SLOW = "slow"
    """Handled at once, answered after the fault's seconds."""


REFUSALS: Mapping[FaultKind, Answer] = MappingProxyType(
    {
        FaultKind.SERVER_ERROR: SERVER_ERROR,
        FaultKind.RATE_LIMITED: RATE_LIMITED,
        FaultKind.QUOTA_EXCEEDED: QUOTA_EXCEEDED,
        FaultKind.UNAUTHORIZED: UNAUTHORIZED,
    }
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule: which requests suffer what, and how many of them.

    Args:
        kind: What happens.
        path: Path of the requests, with ``*`` for any part of it.
        method: HTTP method, ``*`` for any.
        count: How many requests are still to suffer; None until the fault is cleared.
        seconds: How long `FaultKind.TIMEOUT` and `FaultKind.SLOW` hold the connection.
        id: Given by `Faults.add`.
    """

    kind: FaultKind
    path: str = "*"
    method: str = "*"
    count: int | None = None
    seconds: float = 0.0
    id: int = 0

    def meets(self, method: str, path: str) -> bool:
        """Whether a request falls under this rule."""
        return fnmatchcase(method, self.method) and fnmatchcase(path, self.path)


class Faults:
    """The rules in force; the oldest that meets a request wins."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: dict[int, Fault] = {}
        self._struck: Counter[FaultKind] = Counter()
        self._last_id = 0
        self._cleared = threading.Event()

    def add(self, fault: Fault) -> Fault:
        """Put a rule into force and return it with its id."""
        with self._lock:
            self._last_id += 1
            fault = replace(fault, id=self._last_id)
            self._rules[fault.id] = fault
        return fault

    def take(self, method: str, path: str) -> Fault | None:
        """The fault this request suffers, counted off its rule."""
        with self._lock:
            fault = next((rule for rule in self._rules.values() if rule.meets(method, path)), None)
            if fault is not None:
                self._count_off(fault)
        return fault

    def _count_off(self, fault: Fault) -> None:
        self._struck[fault.kind] += 1
        if fault.count is None:
            return
        if fault.count <= 1:
            del self._rules[fault.id]
        else:
            self._rules[fault.id] = replace(fault, count=fault.count - 1)

    def struck(self) -> Mapping[FaultKind, int]:
        """How many requests have suffered what since the last reset."""
        with self._lock:
            return Counter(self._struck)

    def in_force(self) -> list[Fault]:
        """Every rule, oldest first."""
        with self._lock:
            return list(self._rules.values())

    def clear(self, fault_id: int | None = None) -> None:
        """Lift one rule, or all; requests that are being held go on at once.

        Raises:
            KeyError: No rule has this id.
        """
        with self._lock:
            if fault_id is None:
                self._rules.clear()
            else:
                del self._rules[fault_id]
            self._cleared.set()
            self._cleared = threading.Event()

    def reset(self) -> None:
        """Lift every rule and forget whom they struck."""
        self.clear()
        with self._lock:
            self._struck.clear()

    def hold(self, seconds: float) -> None:
        """Wait, but not longer than until faults are cleared."""
        self._cleared.wait(seconds)

"""The modules of a project in eMENSCR, M1 to M7, and how much of each is filled in (``domain.md`` §2)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Module(StrEnum):
    """One page of eMENSCR's form."""

    M1 = "M1"
    """Which plans and policies the project contributes to."""
    M2 = "M2"
    """What it is and who runs it."""
    M3 = "M3"
    """Why, for whom and where."""
    M4 = "M4"
    """Activities."""
    M5 = "M5"
    """Money."""
    M6 = "M6"
    """Quarterly reports."""
    M7 = "M7"
    """Approval."""


class ModuleState(StrEnum):
    """How much of a module is there."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    WAITING = "waiting"
    """All of it is sent, and waits for approval."""
    EMPTY = "empty"
    NOT_NEEDED = "not_needed"


def filled(values: Iterable[object]) -> ModuleState:
    """Return the state of a module whose required fields hold these values; what is false is not filled in."""
    found = [bool(value) for value in values]
    if all(found):
        return ModuleState.COMPLETE
    return ModuleState.PARTIAL if any(found) else ModuleState.EMPTY

"""What a version of a submission changes, and against what it is compared (``domain.md`` §2, what an approver sees)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Basis(StrEnum):
    """Against what the changes of a version are told."""

    APPROVED = "approved"
    """The version that was approved last."""
    SENT_BEFORE = "sent_before"
    """The version that was sent before; none has been approved."""
    OFFICIAL = "official"
    """The project as it is official."""


@dataclass(frozen=True, slots=True)
class Change:
    """A field that says something new; ``about`` is the activity or plan that it belongs to, if to any.

    ``before`` None: what it said before is not known any more.
    """

    field: str
    before: Any
    after: Any
    about: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed in a version, against what; ``version`` is the one that it is compared with (0: none)."""

    basis: Basis
    version: int
    found: Sequence[Change]

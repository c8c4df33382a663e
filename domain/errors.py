"""Everything that the rules refuse.

DomainError
├── InvalidQuarter        a quarter number or label that does not exist
├── InvalidWindow         a window that closes before it opens
└── TransitionRefused     a step in a submission's life that is not allowed; carries a ``Refusal``
"""

from __future__ import annotations

from enum import StrEnum


class DomainError(Exception):
    """A rule of eMENSCR was asked for something impossible."""


class InvalidQuarter(DomainError):
    """The quarter does not exist."""


class InvalidWindow(DomainError):
    """The window closes before it opens."""


class Refusal(StrEnum):
    """Why a step in a submission's life is refused; the message catalogue words it."""

    NO_ROUTE = "no_route"
    WRONG_STATE = "wrong_state"
    NOT_YOUR_STEP = "not_your_step"
    STALE_VERSION = "stale_version"
    REASON_TOO_SHORT = "reason_too_short"
    ALREADY_DECIDED = "already_decided"


class TransitionRefused(DomainError):
    """A submission cannot take this step now."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal

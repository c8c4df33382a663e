"""Everything that the rules refuse.

DomainError
├── AppointmentRefused    a deputy or successor that cannot be named (``domain.appointments``)
├── CircularRefused       what cannot be done with a circular (``domain.circulars.life``)
│   └── CircularIncomplete  it lacks what has to be there (``domain.circulars.letters``)
├── EvidenceRefused       a file that is not taken as evidence (``domain.evidence``)
├── GroupRefused          a choice of recipients that is not saved (``domain.circulars.audience``)
├── ImpossibleDay         a day on which nothing can have been entered into eMENSCR (``domain.days_of_entry``)
├── InvalidQuarter        a quarter number or label that does not exist
├── InvalidWindow         a window that closes before it opens
├── LetterRefused         a file that is not taken as a circular's (``domain.circulars.letters``)
└── TransitionRefused     a step in a submission's life that is not allowed; carries a ``Refusal``
    └── Incomplete        what is to be sent lacks fields; carries them
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple


class DomainError(Exception):
    """A rule of eMENSCR was asked for something impossible."""


class InvalidQuarter(DomainError):
    """The quarter does not exist."""


class InvalidWindow(DomainError):
    """The window closes before it opens."""


class Gap(NamedTuple):
    """A field that is missing; ``item`` is the activity or plan (database id) that it belongs to, if to any."""

    field: str
    item: int | None = None


class Refusal(StrEnum):
    """Why a step in a submission's life is refused; the message catalogue words it."""

    NO_ROUTE = "no_route"
    """The unit has no approval route."""
    WRONG_STATE = "wrong_state"
    """It does not stand where this could be done: not sent, or on its way already, or approved."""
    NOT_YOUR_STEP = "not_your_step"
    """The person does not hold the step."""
    NOT_YOUR_UNIT = "not_your_unit"
    """The person does not enter the unit's data."""
    OWN_SUBMISSION = "own_submission"
    """Nobody decides what they sent themselves."""
    STALE_VERSION = "stale_version"
    """It was sent anew since the card was shown."""
    REASON_TOO_SHORT = "reason_too_short"
    """The reason, or the question, has under ten characters."""
    ALREADY_DECIDED = "already_decided"
    """Somebody decided at this step before."""
    UNDO_TOO_LATE = "undo_too_late"
    """The ten minutes in which an approval can be taken back are over."""
    LAST_STEP = "last_step"
    """The approval of the last step cannot be taken back."""
    NOT_OWED = "not_owed"
    """The project owes no report of this quarter."""
    NOT_OPEN_YET = "not_open_yet"
    """The window for it has not opened."""
    WINDOW_CLOSED = "window_closed"
    """The window closed, and the ministry takes late reports only after an administrator reopened them."""
    LATE_REASON_NEEDED = "late_reason_needed"
    """The window closed: it may be sent with a reason."""
    INCOMPLETE = "incomplete"
    """Fields that must be there are missing; ``Incomplete`` says which."""


class TransitionRefused(DomainError):
    """A submission cannot take this step now."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


class Incomplete(TransitionRefused):
    """What is to be sent lacks fields: ``gaps`` names them."""

    def __init__(self, gaps: Sequence[Gap]) -> None:
        super().__init__(Refusal.INCOMPLETE)
        self.gaps = tuple(gaps)

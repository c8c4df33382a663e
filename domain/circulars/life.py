"""The life of a circular: its states, and what may be done with it in each.

draft -> waiting_release -> scheduled -> sending -> sent, with paused and cancelled beside. Whether a second officer has
to release it is the ministry's policy (``ReminderPolicy.second_officer``).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from domain.errors import DomainError


class CircularState(StrEnum):
    """Where a circular stands."""

    DRAFT = "draft"
    WAITING_RELEASE = "waiting_release"
    """Its maker is done; a second officer has to release it."""
    SCHEDULED = "scheduled"
    """Released; its hour is still to come."""
    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    CANCELLED = "cancelled"


class CircularAct(StrEnum):
    """What somebody does with a circular."""

    EDIT = "edit"
    DISCARD = "discard"
    """Throw a draft away."""
    PROPOSE = "propose"
    """Hand it to a second officer."""
    TAKE_BACK = "take_back"
    """Make it a draft again: its maker before the release, or the second officer, who says why."""
    RELEASE = "release"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    """Nothing more of it is sent."""
    RESEND = "resend"
    """Send it again to those whom it failed to reach."""
    REMIND = "remind"
    """Remind those who have not acknowledged."""


_POSSIBLE: Mapping[CircularAct, frozenset[CircularState]] = MappingProxyType(
    {
        CircularAct.EDIT: frozenset({CircularState.DRAFT}),
        CircularAct.DISCARD: frozenset({CircularState.DRAFT}),
        CircularAct.PROPOSE: frozenset({CircularState.DRAFT}),
        CircularAct.TAKE_BACK: frozenset({CircularState.WAITING_RELEASE}),
        CircularAct.RELEASE: frozenset({CircularState.DRAFT, CircularState.WAITING_RELEASE}),
        CircularAct.PAUSE: frozenset({CircularState.SCHEDULED, CircularState.SENDING}),
        CircularAct.RESUME: frozenset({CircularState.PAUSED}),
        CircularAct.CANCEL: frozenset(
            {
                CircularState.WAITING_RELEASE,
                CircularState.SCHEDULED,
                CircularState.SENDING,
                CircularState.PAUSED,
            }
        ),
        CircularAct.RESEND: frozenset({CircularState.SENT}),
        CircularAct.REMIND: frozenset({CircularState.SENDING, CircularState.PAUSED, CircularState.SENT}),
    }
)

RELEASED = frozenset({CircularState.SCHEDULED, CircularState.SENDING, CircularState.PAUSED, CircularState.SENT})
"""From here on recipients are named, and what it says never changes."""


def is_possible(act: CircularAct, state: CircularState) -> bool:
    """Tell whether a circular in this state takes this act at all; who may is another question."""
    return state in _POSSIBLE[act]


class PauseReason(StrEnum):
    """Why nothing more of a circular is sent for the time being."""

    BY_HAND = "by_hand"
    FAILURES = "failures"
    """Several batches in a row failed (``MOST_FAILURES``)."""


MOST_FAILURES = 5
"""So many tries that fail one after the other pause a circular."""


class CircularRefusal(StrEnum):
    """Why something cannot be done with a circular; the message catalogue words it."""

    NOT_YOURS = "not_yours"
    """There is none, or it is not for this person; both look the same."""
    WRONG_STATE = "wrong_state"
    """It does not stand where this could be done any more."""
    STALE_VERSION = "stale_version"
    """It was changed since the card was shown."""
    OWN_CIRCULAR = "own_circular"
    """The ministry wants a second officer, and its maker is none."""
    INCOMPLETE = "incomplete"
    """Something that has to be there is missing; ``CircularIncomplete`` says what."""
    NOBODY = "nobody"
    """The choice of recipients holds nobody."""
    NOTHING_FAILED = "nothing_failed"
    NOBODY_SILENT = "nobody_silent"
    """All who got it have acknowledged, or no acknowledgement is wanted."""
    OUT_OF_REACH = "out_of_reach"
    """It names units outside of the maker's ministry, or changes their calendar."""
    CALENDAR_OVER = "calendar_over"
    """A window that it announces would be over already when it is released."""
    CALENDAR_UNCLEAR = "calendar_unclear"
    """A window that it announces contradicts another one, or fits neither its unit's level nor its kind."""
    REASON_TOO_SHORT = "reason_too_short"
    """The reason for giving it back has under ten characters."""
    WITHDRAWN = "withdrawn"
    """A later letter withdrew it."""
    WITHDRAWAL = "withdrawal"
    """It withdraws another letter and cannot be withdrawn itself: what is to hold again is issued anew."""


class CircularRefused(DomainError):
    """It cannot be done with the circular now, for the ``refusal`` given."""

    def __init__(self, refusal: CircularRefusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal

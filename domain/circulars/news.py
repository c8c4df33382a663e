"""News of circulars for those who look after them, as they are when they go out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class CircularEvent(StrEnum):
    """What happened to a circular, in the order of a list: first what asks for something to be done."""

    WAITS = "waits"
    """It waits for a second officer's release."""
    SENT_BACK = "sent_back"
    PAUSED = "paused"
    """Several tries failed in a row."""
    RELEASED = "released"
    """A second officer released it."""
    SENT = "sent"
    """Everybody who is to get it got it, or never will."""


@dataclass(frozen=True, slots=True)
class CircularNews:
    """Something that happened to a circular, and how it stands now.

    ``by`` is the position of who proposed, gave back or released it, ``reason`` why it was given back, ``goes_at``
    (aware) when it goes out. ``unreached`` counts people by the outbox's reason; ``acknowledged`` is None where no
    acknowledgement is wanted.
    """

    event: CircularEvent
    circular_id: int
    letter_no: str
    letter_date: date | None
    subject: str
    by: str = ""
    reason: str = ""
    goes_at: datetime | None = None
    sent: int = 0
    waiting: int = 0
    unreached: Mapping[str, int] | None = None
    acknowledged: int | None = None

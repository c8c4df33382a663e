"""What a circular says and wants, and what of that may not be missing when it goes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.circulars.life import CircularRefusal, CircularRefused
from domain.errors import DomainError

LONGEST_SUBJECT = 300
LONGEST_TEXT = 4_000
"""Characters; the card shows the beginning of a long text, the page behind it all of it."""
LONGEST_NUMBER = 60
MOST_FILES = 10
MOST_BYTES = 10 * 1024 * 1024
"""Of one file."""


class Urgency(StrEnum):
    """How urgent a letter calls itself (``domain.md`` §8), most urgent last."""

    NORMAL = "normal"
    URGENT = "urgent"
    VERY_URGENT = "very_urgent"
    MOST_URGENT = "most_urgent"


class Relation(StrEnum):
    """What a letter is to the earlier one that it is about."""

    CORRECTS = "corrects"
    WITHDRAWS = "withdraws"


class LetterFault(StrEnum):
    """Why a file is not taken as a circular's; the message catalogue words it."""

    TOO_MANY = "too_many"
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    NOT_PDF = "not_pdf"
    """By its content, whatever it is called."""
    LOCKED = "locked"
    BROKEN = "broken"
    SCRIPT = "script"
    """It holds JavaScript."""
    LAUNCHES = "launches"
    """It starts programs, opens other files or sends its form somewhere."""
    HOLDS_FILES = "holds_files"
    """Other files are embedded in it."""
    TOO_DEMANDING = "too_demanding"
    """It takes more memory or time than a document of its size may."""
    NOT_FETCHED = "not_fetched"
    """LINE did not hand it over."""


class LetterRefused(DomainError):
    """A file is not taken as a circular's, for the ``fault`` given."""

    def __init__(self, fault: LetterFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def check_size(size: int) -> None:
    """Check that a file of so many bytes may belong to a circular.

    Raises:
        LetterRefused: EMPTY or TOO_LARGE.
    """
    if size == 0:
        raise LetterRefused(LetterFault.EMPTY)
    if size > MOST_BYTES:
        raise LetterRefused(LetterFault.TOO_LARGE)


class LetterPart(StrEnum):
    """What a maker is asked for, in this order; the first three and the audience may not be missing."""

    LETTER_NO = "letter_no"
    LETTER_DATE = "letter_date"
    SUBJECT = "subject"
    TEXT = "text"
    AUDIENCE = "audience"
    URGENCY = "urgency"
    ACKNOWLEDGE_BY = "acknowledge_by"
    SEND_AT = "send_at"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a circular says. ``letter_no`` is as it was typed, its Thai or Arabic digits kept.

    ``letter_date`` is a C.E. date, ``acknowledge_by`` the last day (inclusive) for acknowledging, None: no such day.
    ``send_at`` is business time, None: at once after the release, in working hours.
    """

    letter_no: str = ""
    letter_date: date | None = None
    urgency: Urgency = Urgency.NORMAL
    subject: str = ""
    text: str = ""
    wants_acknowledgement: bool = True
    acknowledge_by: date | None = None
    send_at: datetime | None = None

    def missing(self) -> Sequence[LetterPart]:
        """Return what has to be there and is not, in the order in which it is asked for."""
        needed = {
            LetterPart.LETTER_NO: bool(self.letter_no.strip()),
            LetterPart.LETTER_DATE: self.letter_date is not None,
            LetterPart.SUBJECT: bool(self.subject.strip()),
        }
        return [part for part, is_there in needed.items() if not is_there]


class CircularIncomplete(CircularRefused):
    """It cannot go out yet: ``missing`` says what it lacks."""

    def __init__(self, missing: Sequence[LetterPart]) -> None:
        super().__init__(CircularRefusal.INCOMPLETE)
        self.missing = tuple(missing)

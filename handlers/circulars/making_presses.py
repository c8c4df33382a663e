"""Buttons that change what a circular says, and those that ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from domain.circulars.letters import LetterPart, Urgency
from domain.reminders import BANGKOK
from handlers.postback import GarbledPostback, Postback

_PICKED_DAY, _PICKED_MOMENT = "date", "datetime"
"""What LINE calls what a picker adds (LINE reference, "Datetime picker action")."""


class SendChoice(StrEnum):
    """When a circular is to be sent."""

    AT_ONCE = "now"
    NEXT_MORNING = "next"
    """In the morning of the next working day, seen from the press."""
    PICKED = "at"


class AskPart(Postback, prefix="kp1"):
    """Asks for a part of a letter; words typed then are that part. None: whichever the words say."""

    circular: int
    letter_part: LetterPart | None


class PutUrgency(Postback, prefix="ku1"):
    """Sets how urgent a letter is."""

    circular: int
    urgency: Urgency


class WantAcknowledgement(Postback, prefix="ka1"):
    """Sets whether an acknowledgement is wanted, without a last day for it."""

    circular: int
    wanted: bool


class PutDay(Postback, prefix="kt1"):
    """Sets the letter's date, or the last day for acknowledging; a picker adds the day."""

    circular: int
    letter_part: LetterPart
    day: date | None

    def completed(self, params: Mapping[str, str]) -> Self:
        """Return the press with the picked day."""
        if _PICKED_DAY not in params:
            return self
        try:
            return replace(self, day=date.fromisoformat(params[_PICKED_DAY]))
        except ValueError as error:
            raise GarbledPostback("no day") from error


class PutSending(Postback, prefix="kb1"):
    """Sets when a letter is to be sent; a picker adds the moment ``picked_at``, by the clock in Bangkok."""

    circular: int
    sending: SendChoice
    picked_at: str

    def completed(self, params: Mapping[str, str]) -> Self:
        """Return the press with the picked moment."""
        return replace(self, picked_at=params[_PICKED_MOMENT]) if _PICKED_MOMENT in params else self

    @property
    def moment(self) -> datetime | None:
        """The picked moment (Bangkok); None: none was picked."""
        try:
            return datetime.fromisoformat(self.picked_at).replace(tzinfo=BANGKOK)
        except ValueError:
            return None


class DiscardDraft(Postback, prefix="kx1"):
    """Throws a draft away, once that is ``confirmed``."""

    circular: int
    confirmed: bool


class OpenCircularPage(Postback, prefix="kl1"):
    """Asks for the link to the page on which a circular is written."""

    circular: int

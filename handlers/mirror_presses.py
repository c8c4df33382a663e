"""Buttons about writing approved reports into eMENSCR by hand; in a module of their own, for other cards have them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Self

from handlers.postback import GarbledPostback, Postback

_PICKED = "date"
"""Under which LINE adds the day of a date picker (LINE reference, "Datetime picker action")."""


class OpenMirror(Postback, prefix="om1"):
    """Asks for the texts of an approved report, to be copied."""

    submission: int


class MarkMirrored(Postback, prefix="mm1"):
    """Wishes to note that the approved version was written into eMENSCR on a day, today without one; it asks once."""

    submission: int
    version: int
    on: date | None

    def completed(self, params: Mapping[str, str]) -> Self:
        """Return the press with the picked day."""
        if _PICKED not in params:
            return self
        try:
            return replace(self, on=date.fromisoformat(params[_PICKED]))
        except ValueError as error:
            raise GarbledPostback("no day") from error


class ConfirmMirrored(Postback, prefix="mc1"):
    """Notes that the approved version was written into eMENSCR on that day."""

    submission: int
    version: int
    on: date


class UnmarkMirrored(Postback, prefix="mu1"):
    """Takes the note back: it was made by mistake."""

    submission: int
    version: int


class ListUnmirrored(Postback, prefix="ml1"):
    """Asks for a page of what is left to be written, of a unit and what lies in it, or of all that the presser sees."""

    unit: str | None
    page: int

"""Buttons about who decides in whose place, and who takes over; what was chosen so far is in their own fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Self

from domain.organisation import Capacity
from domain.roles import Role
from handlers.postback import GarbledPostback, Postback

MAY = (Role.APPROVER, Role.MINISTRY_COORDINATOR, Role.ADMIN)
FOR_OTHERS = (Role.MINISTRY_COORDINATOR, Role.ADMIN)
_PICKED = "date"
"""What LINE calls the day that a date picker adds (LINE reference, "Datetime picker action")."""


class Purpose(StrEnum):
    """What an approver is chosen for."""

    DEPUTY = "d"
    HANDOVER = "h"


class ShowDelegations(Postback, prefix="dg1"):
    """Asks for a page of who decides in whose place."""

    page: int


class ChooseApprover(Postback, prefix="dm1"):
    """Asks for whom somebody is to decide, or who left the post."""

    purpose: Purpose
    page: int


class NameDeputy(Postback, prefix="dn1"):
    """Names a deputy, once that is ``confirmed``; before, asks for what is not chosen yet.

    ``principal`` None is the presser. ``page`` is that of the list of people.
    """

    principal: str | None
    deputy: str | None
    capacity: Capacity | None
    first_day: date | None
    last_day: date | None
    confirmed: bool
    page: int

    def completed(self, params: Mapping[str, str]) -> Self:
        """Return the press with the picked day as the first day, or as the last where the first is chosen."""
        if _PICKED not in params:
            return self
        try:
            return self.on(date.fromisoformat(params[_PICKED]))
        except ValueError as error:
            raise GarbledPostback("no day") from error

    def on(self, day: date, last_day: date | None = None) -> Self:
        """Return the press with the day that was still to be chosen, or with both."""
        if last_day is not None or self.first_day is None:
            return replace(self, first_day=day, last_day=last_day or self.last_day)
        return replace(self, last_day=day)


def for_deputy_of(principal: str | None, first_day: date | None = None, last_day: date | None = None) -> NameDeputy:
    """Return the press that begins naming a deputy; None: the presser's own."""
    return NameDeputy(principal, None, None, first_day, last_day, confirmed=False, page=1)


class EndDelegation(Postback, prefix="dx1"):
    """Ends a delegation, once that is ``confirmed``.

    ``named`` is the deputy (a code), for the number of a delegation that was taken away may be another one's later.
    """

    delegation: int
    named: str
    confirmed: bool


class HandOver(Postback, prefix="hv1"):
    """Lets somebody take over from an approver who left, once that is ``confirmed``; asks who, before.

    ``page`` is that of the list of people.
    """

    former: str
    successor: str | None
    confirmed: bool
    page: int


def picks_person(press: Postback) -> bool:
    """Tell whether the words that a press asks for are to name a person."""
    return isinstance(press, (ChooseApprover, HandOver)) or (isinstance(press, NameDeputy) and press.deputy is None)

"""Buttons about circulars that cards of several modules share; who answers each is in ``handlers.registry``."""

from __future__ import annotations

from enum import StrEnum

from domain.roles import Role
from handlers.postback import Postback

CIRCULAR = "circular"
"""Under which argument of a link to a page of circulars the circular's id stands, in digits."""
MAY = (Role.MINISTRY_COORDINATOR, Role.ADMIN)
"""Who makes circulars and looks after them; which ones, ``storage.circulars.rows`` knows."""


class Acknowledge(Postback, prefix="kk1"):
    """Acknowledges a circular, by one of its recipients."""

    circular: int


class OpenLetter(Postback, prefix="kf1"):
    """Asks for the link to a circular's documents, by one of its recipients."""

    circular: int


class ShowCircular(Postback, prefix="ks1"):
    """Asks how a circular stands."""

    circular: int


class BeginCircular(Postback, prefix="kn1"):
    """Begins a circular, or goes on with a draft in which nothing is written yet."""


class ListDrafts(Postback, prefix="ld1"):
    """Asks for the circulars that somebody is writing."""

    page: int


class ShowDraft(Postback, prefix="kd1"):
    """Asks for the card on which a circular is written."""

    circular: int


class PreviewCircular(Postback, prefix="kv1"):
    """Asks what a circular would do if it went out now: to whom, who cannot be reached, what it costs."""

    circular: int


class WhomPart(StrEnum):
    """What of an audience is being chosen."""

    ALL = "all"
    """All of it, at a glance."""
    PLACES = "places"
    ROLES = "roles"
    UNREPORTED = "unreported"
    """Only where reports are still owed."""
    WITHOUT_PLACES = "without_places"
    WITHOUT_ROLES = "without_roles"
    GROUPS = "groups"


class ChooseWhom(Postback, prefix="kw1"):
    """Asks whom a circular is for: a part of that, its ``page``, and for places what lies in ``unit``."""

    circular: int
    part: WhomPart
    unit: str | None
    page: int


def whom_of(circular: int) -> ChooseWhom:
    """Return the press that begins choosing whom a circular is for; words typed then are read as an audience."""
    return ChooseWhom(circular, WhomPart.ALL, None, 1)


class CorrectCircular(Postback, prefix="cc1"):
    """Begins a letter that corrects a circular which went out."""

    circular: int


class WithdrawCircular(Postback, prefix="cw1"):
    """Begins a letter that withdraws a circular which went out."""

    circular: int

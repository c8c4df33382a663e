"""Buttons that choose whom a circular is for; ``handlers.circulars.presses`` has the one that begins it."""

from __future__ import annotations

from handlers.circulars.presses import WhomPart
from handlers.postback import Postback


class PutWhom(Postback, prefix="ci1"):
    """Puts something into a part of an audience or, not ``wanted``, takes it out, and shows the page again.

    ``choice`` is a unit, a role, a group's id, or a quarter such as «1/2566» in fiscal terms; for the whole it is
    empty: everybody in reach, or nobody.
    """

    circular: int
    part: WhomPart
    choice: str
    wanted: bool
    unit: str | None
    page: int


class SaveWhom(Postback, prefix="cg1"):
    """Asks under which name an audience is saved; the next sentence is the name."""

    circular: int


class RemoveGroup(Postback, prefix="co1"):
    """Removes a saved audience, once that is ``confirmed``."""

    circular: int
    group: int
    confirmed: bool

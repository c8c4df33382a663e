"""How a message names somebody who decides: by position, and in whose place."""

from __future__ import annotations

from domain.organisation import Capacity
from messages_th.formats import one_line
from messages_th.words import word

_UNNAMED = "ผู้อนุมัติ"


def acting_position(deputy: str, principal: str, capacity: Capacity | None) -> str:
    """Return the position of somebody who decides: «รองอธิบดี… รักษาราชการแทน อธิบดี…».

    ``deputy`` is the position of whoever decides, ``principal`` of whom it is done for. Without a capacity the step is
    the person's own, and ``principal`` does not matter. A position that the office did not write is «ผู้อนุมัติ».
    """
    own = one_line(deputy) or _UNNAMED
    if capacity is None or word(capacity) in own:  # some offices write it into the position itself
        return own
    return f"{own} {word(capacity)} {one_line(principal) or _UNNAMED}"

"""Who decides a step, by position, and in whose place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from domain.organisation import Capacity, Organisation
from storage.queries.readers import PersonReading


class Signatory(NamedTuple):
    """Who decided or asked, by code and position; ``principal`` is in whose place (a position), in which capacity."""

    code: str
    position: str
    principal: str = ""
    capacity: Capacity | None = None


def who_may(
    organisation: Organisation, people: Mapping[str, PersonReading], unit: str, order: int
) -> Sequence[Signatory]:
    """Return who may decide a step of the unit's route today, of those whom ``people`` tell of."""
    found = []
    for code in organisation.approvers(unit, order):
        hand = organisation.hand_at(code, unit, order)
        if hand is not None and code in people:
            principal = people[hand.holder].position if hand.holder in people and hand.capacity else ""
            found.append(Signatory(code, people[code].position, principal, hand.capacity))
    return found


def codes_of(organisation: Organisation, unit: str, order: int) -> set[str]:
    """Return the codes of all whom ``who_may`` tells of: who may decide, and in whose place."""
    codes = organisation.approvers(unit, order)
    return {*codes, *(hand.holder for code in codes if (hand := organisation.hand_at(code, unit, order)))}

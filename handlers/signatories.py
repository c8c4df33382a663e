"""How cards and pages name whoever decides or asks."""

from __future__ import annotations

from messages_th.positions import acting_position
from storage.queries.signatories import Signatory


def signed_as(by: Signatory) -> str:
    """Return the position in which somebody acts, and in whose place: «deputy, acting for director-general»."""
    return acting_position(by.position, by.principal, by.capacity)

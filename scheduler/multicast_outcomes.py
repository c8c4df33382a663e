"""What a try means for a batch: as for a single message, or that somebody in it or the letter itself is not wanted.

LINE refuses a multicast whole when one of its ids is impossible, and names the place in the list or not (reference,
"Send multicast message"). Its texts are unstable, so only the names of properties in them are read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from domain.quota import Quota
from scheduler.line_port import Answer, Reply
from scheduler.outcomes import Park, Retry, Sent, StopAll, classify

_PLACE = re.compile(r"\bto\[(\d{1,3})\]")
_LETTER = re.compile(r"""\bmessages\[|'messages'|"property":\s*"messages\"""")


@dataclass(frozen=True, slots=True)
class Cut:
    """LINE took nothing because of the people at these places in the list; unless ``named``, that is a guess."""

    places: Sequence[int]
    reason: str
    named: bool


@dataclass(frozen=True, slots=True)
class Halve:
    """LINE took nothing because of somebody whom it does not name."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """LINE took nothing because of the letter itself: nobody can get it as it is."""

    reason: str


BatchOutcome = Sent | Retry | StopAll | Cut | Halve | Refuse


def classify_batch(reply: Reply, people: int, tries: int, jitter: float, quota: Quota | None = None) -> BatchOutcome:
    """Decide what follows from LINE's reply to a multicast to so many ``people``; the rest is as in ``classify``."""
    outcome = classify(reply, tries, jitter, quota)
    if not isinstance(outcome, Park):
        return outcome
    if not isinstance(reply, Answer) or reply.status != HTTPStatus.BAD_REQUEST:
        return Refuse(outcome.reason)
    places = sorted({int(place) for place in _PLACE.findall(reply.text) if int(place) < people})
    if places:
        return Cut(places, outcome.reason, named=True)
    if _LETTER.search(reply.text):
        return Refuse(outcome.reason)
    return Halve(outcome.reason) if people > 1 else Cut((0,), outcome.reason, named=False)


def is_failure(reply: Reply, outcome: BatchOutcome) -> bool:
    """Tell whether a try counts among those that pause a circular: a fault or no answer, but no limit on the rate."""
    if isinstance(outcome, Cut):
        return not outcome.named
    is_rate = isinstance(reply, Answer) and reply.status == HTTPStatus.TOO_MANY_REQUESTS
    return isinstance(outcome, Retry) and not is_rate

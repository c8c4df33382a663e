"""What ``circulars.js`` is told after it sent what somebody typed: JSON between our page and us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.pages.circulars import places, showing
from bot.pages.circulars.fields import FIELDS
from bot.pages.circulars.keeping import Kept, Seen
from bot.pages.edits import Typed
from domain.report_fields import EditOutcome
from messages_th.pages import circulars as thai
from messages_th.pages import circulars_words as words

_REFUSED = "refused"


def answer(seen: Seen, kept: Kept, edits: Mapping[str, Typed], since: str) -> Mapping[str, Any]:
    """Return what became of each edit, fields that were changed elsewhere, and what stands beside the form by now."""
    side, revision = showing.side(seen), str(seen.draft.version)
    return {
        "saved_at": words.clock(seen.request.now),
        "revision": revision,
        "fields": dict(_fields(seen, kept, edits, is_news=since != revision)),
        "lacks": thai.lacks_list(side.lacks),
        "card": side.card,
        "panel": side.panel,
    }


def _fields(
    seen: Seen, kept: Kept, edits: Mapping[str, Typed], *, is_news: bool
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, one in FIELDS.items():
        now = one.shown(seen.draft)
        said = {"value": now, **_labels(seen, name, now)}
        if name in kept.refused:
            yield name, {**said, "mark": "", "outcome": _REFUSED, "message": kept.refused[name]}
        elif kept.outcomes.get(name) is EditOutcome.CONFLICT:
            theirs = showing.field_words(seen, name, now)
            yield name, {**said, "outcome": EditOutcome.CONFLICT, "whose": words.ELSEWHERE, "words": theirs}
        elif name in edits:
            yield name, {**said, "mark": words.SAVED, "outcome": kept.outcomes[name]}
        elif is_news:
            yield name, {**said, "mark": words.ELSEWHERE}
    for name in edits.keys() - FIELDS.keys():
        yield name, {"value": "", "mark": "", "outcome": _REFUSED, "message": words.GONE}


def _labels(seen: Seen, name: str, text: str) -> Mapping[str, Any]:
    """Return what the boxes are called of units that the page may not have a box of."""
    if name not in showing.PLACES:
        return {}
    units = seen.request.reference.rules.organisation.units
    chosen = places.choices(seen.request, (code for code in text.split() if code in units))
    return {"labels": [[one.code, one.name, one.within] for one in chosen]}

"""The fields of a quarterly report one by one, and what becomes of an edit that somebody else was quicker with.

A form saves field by field. Each edit carries the value that it was made upon; a field that says something else by then
is left as it is, and both values are shown side by side: nothing is silently overwritten.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from domain.completeness import ReportContent, ReportDemands, is_below_plan
from domain.errors import Gap

MOST_CHARACTERS = 20_000
"""Of one text; a report of eMENSCR is read by a cabinet."""
AMOUNTS = ("disbursed_baht", "carried_disbursed_baht")
"""Fields in baht; all others are texts."""
_BY_ITEM = ("activity_progress", "link_progress")
_BEFORE_ACTIVITIES = ("output_progress", "outcome_progress", "kpi_progress")
_AT_THE_END = ("summary", "problems", "recommendations")
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
BROUGHT_OVER = (*_BEFORE_ACTIVITIES, "level1_progress", *_AT_THE_END, *_BY_ITEM)
"""Texts that may begin as those of the quarter before; figures and their reasons are the quarter's own."""


class FieldKey(NamedTuple):
    """A field of the form; ``item`` is the activity or plan (database id) that it belongs to, if to any."""

    name: str
    item: int | None = None

    def __str__(self) -> str:
        return self.name if self.item is None else f"{self.name}:{self.item}"

    @classmethod
    def of(cls, gap: Gap) -> FieldKey:
        """Return the field that is missing."""
        return cls(gap.field, gap.item)


Value = str | Decimal | None
"""Of an amount in baht a Decimal or None, of anything else a text."""


class EditOutcome(StrEnum):
    """What became of an edit."""

    SAVED = "saved"
    SAME = "same"
    """The field said so already, as after an edit that was sent twice."""
    CONFLICT = "conflict"
    """Somebody else changed the field meanwhile: it was left as it is."""


@dataclass(frozen=True, slots=True)
class FieldEdit:
    """A wish that a field says ``value``; ``base`` is what it said when the writer began."""

    key: FieldKey
    base: Value
    value: Value


@dataclass(frozen=True, slots=True)
class Merged:
    """The content after some edits, and what became of each, by field."""

    content: ReportContent
    outcomes: Mapping[FieldKey, EditOutcome]

    @property
    def saved(self) -> Sequence[FieldKey]:
        """The fields that say something new."""
        return [key for key, outcome in self.outcomes.items() if outcome is EditOutcome.SAVED]


def keys_of(demands: ReportDemands) -> Sequence[FieldKey]:
    """Return every field that the form of such a report has, in its order."""
    names = [FieldKey(name) for name in _BEFORE_ACTIVITIES]
    names += [FieldKey("activity_progress", number) for number in demands.activities]
    names += [FieldKey("level1_progress")] if demands.asks_level1 else []
    names += [FieldKey("link_progress", number) for number in demands.links]
    if demands.uses_budget:
        names += [FieldKey(name) for name in (*AMOUNTS, "underspend_reason")]
    return [*names, *(FieldKey(name) for name in _AT_THE_END)]


def value_of(content: ReportContent, key: FieldKey) -> Value:
    """Return what a field says."""
    said = getattr(content, key.name)
    if key.item is None:
        found: Value = said
        return found
    return str(said.get(key.item, ""))


def with_value(content: ReportContent, key: FieldKey, value: Value) -> ReportContent:
    """Return the content with a field that says ``value``."""
    changed: Any = value
    if key.item is not None:
        changed = {**getattr(content, key.name), key.item: value}
    return replace(content, **{key.name: changed})


def merged(content: ReportContent, edits: Iterable[FieldEdit]) -> Merged:
    """Return the content with the edits whose fields still say what they were made upon."""
    outcomes: dict[FieldKey, EditOutcome] = {}
    for edit in edits:
        stands = value_of(content, edit.key)
        if stands == edit.value:
            outcomes[edit.key] = EditOutcome.SAME
        elif _as_typed(stands) == edit.base:
            content = with_value(content, edit.key, edit.value)
            outcomes[edit.key] = EditOutcome.SAVED
        else:
            outcomes[edit.key] = EditOutcome.CONFLICT
    return Merged(content, outcomes)


def typed_text(text: str) -> str:
    """Return a text as a form gives it: line ends are one character, and what is no character of a text is gone.

    That is what databases do not keep (NUL, halves of surrogate pairs), control characters, and the invisible ones that
    turn the direction of what follows around: Arabic or Hebrew is read right without them.
    """
    return _NO_TEXT.sub("", _LINE_ENDS.sub("\n", text))


def _as_typed(value: Value) -> Value:
    """Return what a browser makes of a value that came in another way."""
    return typed_text(value) if isinstance(value, str) else value


def asked_now(content: ReportContent, demands: ReportDemands) -> Sequence[FieldKey]:
    """Return the fields that the checklist goes through: the reason for spending less only where less was spent."""
    optional = {"carried_disbursed_baht"} | (set() if is_below_plan(content, demands) else {"underspend_reason"})
    return [key for key in keys_of(demands) if key.name not in optional]


def brought_over(content: ReportContent, earlier: ReportContent, demands: ReportDemands) -> Sequence[FieldEdit]:
    """Return the edits that fill blank texts with those of an earlier report."""
    edits = []
    for key in keys_of(demands):
        if key.name not in BROUGHT_OVER:
            continue
        said, before = value_of(content, key), value_of(earlier, key)
        if isinstance(said, str) and isinstance(before, str) and not said.strip() and before.strip():
            edits.append(FieldEdit(key, said, before))
    return edits

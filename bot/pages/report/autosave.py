"""What ``report.js`` sends while somebody types, and what it is told: JSON between our page and us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.pages.report import showing
from bot.pages.report.forms import TypedReport
from bot.pages.report.keeping import Kept
from domain.completeness import is_below_plan
from domain.errors import Refusal
from domain.report_fields import EditOutcome, asked_now, keys_of, value_of
from messages_th.pages import report_words as words

_REFUSED = "refused"


def answer(kept: Kept, typed: TypedReport, since: str) -> Mapping[str, Any]:
    """Return what the script is told: of each edit, of fields that others wrote since, and how the report stands."""
    form = kept.now
    lacks = showing.missing(form)
    total = len(asked_now(form.content, form.demands))
    return {
        "saved_at": words.clock(kept.request.now),
        "revision": showing.revision(form),
        "fields": dict(_fields(kept, typed, since)),
        "missing": [{"field": str(one.key), "label": one.label} for one in lacks],
        "done": total - len(lacks),
        "total": total,
        "progress": words.progress(total - len(lacks), total),
        "money": showing.money(form),
        "needs_reason": is_below_plan(form.content, form.demands),
        "others": words.others(form.others),
        "sendable": not lacks and form.refusal in (None, Refusal.LATE_REASON_NEEDED),
    }


def _fields(kept: Kept, typed: TypedReport, since: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    form, outcomes, reader = kept.now, kept.outcomes, kept.request.asker.full_name
    marks = {str(key): mark for key, mark in form.marks.items()}
    for key in keys_of(form.demands):
        name = str(key)
        said = {"value": words.shown(value_of(form.content, key)), "mark": showing.mark(form, key, reader)}
        if name in typed.refused:
            yield name, {**said, "outcome": _REFUSED, "message": typed.refused[name]}
        elif outcomes.get(name) is EditOutcome.CONFLICT:
            yield name, {**said, "outcome": EditOutcome.CONFLICT, "whose": showing.whose(form, key)}
        elif name in typed.fields:
            yield name, {**said, "outcome": outcomes.get(name, EditOutcome.SAME), "mark": said["mark"] or words.SAVED}
        elif name in marks and showing.is_newer(marks[name], since):
            yield name, said
    for name in typed.fields.keys() - set(map(str, keys_of(form.demands))):
        yield name, {"value": "", "mark": "", "outcome": _REFUSED, "message": words.GONE}

"""What people type into the form of a report, read field by field: one that cannot be taken leaves the others alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as filled
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.form import BaseForm
from wtforms.validators import Length

from bot.pages.cells import Unreadable, read_cell
from bot.pages.edits import Typed
from domain.completeness import ReportDemands
from domain.report_fields import AMOUNTS, MOST_CHARACTERS, FieldEdit, FieldKey, Value, keys_of, typed_text
from messages_th.pages import report_words as words
from storage.imports.values import amount

_MATCHES_NOTHING = Decimal(-1)
"""Stands for a base that is no amount: no report holds a negative one, so the edit is a conflict."""


@dataclass(slots=True)
class TypedReport:
    """What was typed, by the names of the controls. ``refused`` says, after reading, what cannot be taken and why."""

    fields: Mapping[str, Typed]
    refused: dict[str, str] = filled(default_factory=dict)

    def edits(self, demands: ReportDemands) -> Sequence[FieldEdit]:
        """Return the edits of the fields that the report has; one that says what it said before is none."""
        keys = {str(key): key for key in keys_of(demands)}
        self.refused = {name: words.GONE for name in self.fields if name not in keys}
        asked = {name: keys[name] for name in self.fields if name in keys}
        form = _form_of(asked.values())
        form.process(MultiDict({name: self.fields[name].value for name in asked}))
        form.validate()
        self.refused.update({name: form[name].errors[0] for name in asked if form[name].errors})
        edits = [
            FieldEdit(key, _base(key, self.fields[name].base), form[name].data)
            for name, key in asked.items()
            if name not in self.refused
        ]
        return [edit for edit in edits if edit.base != edit.value]


class _Text(Field):
    """A text with its line breaks."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = typed_text(valuelist[0]) if valuelist else ""


class _Amount(Field):
    """An amount in baht; nothing typed is None."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = read_cell(typed_text(valuelist[0]), amount) if valuelist else None


def _form_of(keys: Iterable[FieldKey]) -> BaseForm:
    not_too_long = [Length(max=MOST_CHARACTERS, message=words.TOO_LONG)]
    fields: dict[str, Any] = {
        str(key): _Amount() if key.name in AMOUNTS else _Text(validators=not_too_long) for key in keys
    }
    return BaseForm(fields)


def _base(key: FieldKey, text: str) -> Value:
    if key.name not in AMOUNTS:
        return typed_text(text)
    try:
        found: Decimal | None = read_cell(text, amount)
    except Unreadable:
        return _MATCHES_NOTHING
    return found

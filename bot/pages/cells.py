"""What people type into pages, read by the same rule as cells of spreadsheets and fields of the API.

Thai digits, commas or spaces between thousands and «baht» behind the figure are accepted, and days as offices write
them; a unit such as a million is refused, never guessed.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from messages_th import spreadsheets
from messages_th.imports import problem_text
from storage.imports.problems import BadValue
from storage.imports.values import Converter
from storage.imports.vocabulary import Words


class Unreadable(ValueError):
    """What was typed cannot be taken; its text says what is wrong and how to put it right, in one sentence."""


def read_cell(typed: str, convert: Converter) -> Any:
    """Return what ``convert`` of ``storage.imports.values`` makes of it; None: blank, or dashes alone.

    Raises:
        Unreadable: the file's importer would refuse it, too.
    """
    try:
        return convert(typed, _words())
    except BadValue as bad:
        raise Unreadable(problem_text(bad.code, bad.params)) from bad


@cache
def _words() -> Words:
    return Words(spreadsheets)

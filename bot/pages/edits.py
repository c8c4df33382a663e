"""What forms that save themselves send: of each field what it said before and what it shall say, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from bot.pages.refusals import Refused

_MOST_EDITS = 1_000
"""More fields than any form of ours has."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed into a field, and what the server said there before (``base``), both as texts."""

    base: str
    value: str


def read_edits() -> tuple[Mapping[str, Typed], str]:
    """Return what a script sent: by field, and since which revision ("": ever) it has to be told of others' edits.

    Raises:
        Refused: our scripts send nothing of this shape.
    """
    match request.get_json(silent=True):
        case {"edits": list(edits), **rest} if len(edits) <= _MOST_EDITS:
            return dict(_typed(one) for one in edits), str(rest.get("since", ""))
    raise Refused


def _typed(edit: Any) -> tuple[str, Typed]:
    match edit:
        case {"field": str(name), "base": str(base), "value": str(value)}:
            return name, Typed(base, value)
    raise Refused

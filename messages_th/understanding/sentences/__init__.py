"""Sentences that people say, by intent and pattern: ``train/`` teaches the model, ``test/`` judges it.

A file holds the sentences of one intent: ``[pattern]`` opens a group of sentences that are built alike, a line is a
sentence and, after ``|``, the slots that it names. A pattern and all its sentences stand on one side only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from messages_th.understanding.agencies import Agency, AgencyNames
from messages_th.understanding.intents import Intent, Relative, Slots, Status

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence with what it means."""

    intent: Intent
    pattern: str
    utterance: str
    slots: Slots


def examples(side: str) -> Iterator[Example]:
    """Yield the sentences of ``train`` or ``test``, in the order of their files' names."""
    for path in sorted((FOLDER / side).glob("*.txt")):
        yield from _read(path)


def agency_names() -> AgencyNames:
    """Return the agencies that the sentences speak of."""
    lines = (FOLDER / "agencies.txt").read_text(encoding="utf-8").splitlines()
    named = (line.partition("|") for line in lines)
    return AgencyNames(Agency(short_name.strip(), name.strip()) for short_name, _, name in named)


def _read(path: Path) -> Iterator[Example]:
    intent, pattern = Intent(path.stem), ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            pattern = f"{intent}/{line.strip('[]')}"
        elif line:
            utterance, _, said = line.partition(" | ")
            yield Example(intent, pattern, utterance, _slots(said))


def _slots(said: str) -> Slots:
    pairs = dict(pair.strip().split("=", 1) for pair in said.split(";") if pair.strip())
    quarter = pairs.get("quarter")
    status, year = pairs.get("status"), pairs.get("fiscal_year")
    return Slots(
        quarter=None if quarter is None else int(quarter) if quarter.isdecimal() else Relative(quarter),
        fiscal_year=None if year is None else int(year),
        agency=pairs.get("agency"),
        project_code=pairs.get("project_code"),
        project_query=pairs.get("project_query"),
        status=None if status is None else Status(status),
    )

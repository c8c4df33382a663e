"""Words and how they are told apart, as data: sections of regular expressions.

``[SECTION]`` opens one; its lines are alternatives, first match first. Spaces count.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).parent


def sections(name: str) -> Mapping[str, str]:
    """Return the sections of a file as one regular expression each, in the order of the file."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            lines = found.setdefault(line[1:-1], [])
        elif line:
            lines.append(line)
    return {section: "|".join(lines) for section, lines in found.items()}

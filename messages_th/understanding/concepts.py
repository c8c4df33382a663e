"""What words mean here: a few sentences teach the model little of words that they do not hold, a lexicon does.

Read from the text of ``spellings.readable``, where spellings are one already and spaces are gone.
"""

from __future__ import annotations

import re

from messages_th.understanding.lexicon import sections

_CONCEPTS = tuple((name, re.compile(pattern)) for name, pattern in sections("concepts").items())
FOREIGN = "FOREIGN"
"""Added to the concepts of what no office asks this bot."""

_OF_OTHERS = frozenset({"CITIZEN", "WRITES", "CHAT", "OFFICE", "ELSEWHERE", "OTHER_SYSTEM"})


def concepts(readable: str) -> list[str]:
    """Return the concepts that a text names, in the lexicon's order."""
    found = [name for name, pattern in _CONCEPTS if pattern.search(readable)]
    if not _OF_OTHERS.isdisjoint(found):
        found.append(FOREIGN)
    return found

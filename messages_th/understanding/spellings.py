"""Words that people spell or say in many ways, brought to one; and the letters that the intent is read from."""

from __future__ import annotations

import re

from messages_th.understanding.lexicon import sections
from messages_th.understanding.particles import without_particles, without_preamble, without_purpose

_REPLACEMENTS = tuple((re.compile(pattern), said) for said, pattern in sections("spellings").items())
_NUMBER = re.compile(r"(?<![m\d])\d+(?:[.,]\d+)*")
_NOT_READ = re.compile(r"[^0-9a-zก-๎ⒸⓁⓆⓎⒶⓃⓌ%?]+")
_WORD = r"[a-z0-9&.'-]*"
_UNKNOWN_WORDS = re.compile(
    rf"(?<![a-z0-9])(?!(?:{sections('latin')['KNOWN']})(?![a-z0-9]))[a-z]{_WORD}(?: [a-z0-9]{_WORD})*"
)
"""Latin words that mean nothing here: most often a project's name, and new letters should not count against it."""


def readable(masked: str) -> str:
    """Return what the intent is read from: one spelling, no courtesy, no spaces, every number as «0»."""
    text = without_particles(without_purpose(without_preamble(without_particles(masked))))
    for pattern, said in _REPLACEMENTS:
        text = pattern.sub(said, text)
    return _NOT_READ.sub("", _NUMBER.sub("0", _UNKNOWN_WORDS.sub("Ⓦ", text)))

"""Lengths as LINE counts them, and cutting that never takes a vowel off its consonant.

LINE counts UTF-16 code units, and grapheme clusters (UAX #29) in labels and display texts (LINE docs,
"Character counting in a text").
"""

from __future__ import annotations

import regex

_GRAPHEME = regex.compile(r"\X")
_ELLIPSIS = "…"


def utf16_length(text: str) -> int:
    """Return the number of UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def grapheme_length(text: str) -> int:
    """Return the number of grapheme clusters: what a reader takes for one letter with its marks."""
    return len(_GRAPHEME.findall(text))


def cut(text: str, graphemes: int) -> str:
    """Return the text in at most ``graphemes`` clusters, ending in «…» when something was cut off."""
    if len(text) <= graphemes:
        return text
    clusters = _GRAPHEME.findall(text)
    if len(clusters) <= graphemes:
        return text
    return "".join(clusters[: graphemes - 1]).rstrip() + _ELLIPSIS


def cut_utf16(text: str, units: int) -> str:
    """Return the text in at most ``units`` UTF-16 code units, cut between clusters, ending in «…» when cut."""
    if utf16_length(text) <= units:
        return text
    room = 2 * (units - len(_ELLIPSIS))
    kept = text.encode("utf-16-le", "surrogatepass")[:room].decode("utf-16-le", "ignore")
    clusters = _GRAPHEME.findall(kept)
    if clusters:
        last = len(kept) - len(clusters[-1])
        whole = _GRAPHEME.match(text, last)
        if whole is None or whole.end() > len(kept):  # the cut went through this cluster
            kept = kept[:last]
    return kept.rstrip() + _ELLIPSIS

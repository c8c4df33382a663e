"""What the intent is judged by: stretches of letters, concepts of the lexicon, and how much of it is new."""

from __future__ import annotations

from collections.abc import Collection
from itertools import combinations

from messages_th.understanding.concepts import concepts

_SHORTEST, _LONGEST = 2, 3
_FAMILIAR_LENGTH = 3
_NOVELTY = ((0.08, "#OLD_WORDS"), (0.2, "#HARDLY_NEW"), (0.35, "#PARTLY_NEW"), (0.55, "#MUCH_NEW"), (1.0, "#NEW_WORDS"))


def features(readable: str, familiar: Collection[str]) -> tuple[Collection[str], ...]:
    """Return the features of a text of ``spellings.readable`` in three groups; each group weighs the same in any text.

    ``familiar`` holds the trigrams of what people ask the bot: a text with few of them speaks of something else.
    """
    named = [f"#{name}" for name in concepts(readable)] + [_novelty(readable, familiar)]
    grams = {gram for length in range(_SHORTEST, _LONGEST + 1) for gram in _grams(readable, length)}
    return grams, named, [one + other for one, other in combinations(named, 2)]


def share_of_each(group: Collection[str]) -> float:
    """Return what one feature of a group weighs."""
    return len(group) ** -0.5 if group else 0.0


def trigrams(readable: str) -> set[str]:
    """Return the stretches of letters by which a text is familiar or not."""
    return _grams(readable, _FAMILIAR_LENGTH)


def _novelty(readable: str, familiar: Collection[str]) -> str:
    found = trigrams(readable)
    share = sum(gram not in familiar for gram in found) / len(found) if found else 1.0
    return next(name for limit, name in _NOVELTY if share <= limit)


def _grams(readable: str, length: int) -> set[str]:
    bounded = f"^{readable}$"
    return {bounded[start : start + length] for start in range(len(bounded) - length + 1)}

"""Invite codes: what they look like, how they are found in what people type, and when guessing is stopped.

A code has twelve characters in three groups of four: "AB2D-EF3H-JK4N". No character looks like another (no 0, O, 1, I
or L), and every group has a letter and a digit, so that words, years and project codes are never taken for one. That
leaves 2.6 * 10^17 codes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"
DIGITS = "23456789"
ALPHABET = LETTERS + DIGITS

LIFETIME = timedelta(days=30)
"""How long a code may be used."""
ANSWER_WITHIN = timedelta(minutes=10)
"""How long whoever typed a code may say that it is theirs."""

TRIES = 5
"""Wrong codes that an account may type before it has to wait."""
TRIES_UNDER_ATTACK = 3
TRIES_REMEMBERED = timedelta(hours=24)
FIRST_WAIT = timedelta(hours=1)
ATTACK = 100
"""Wrong codes of all accounts together within ``ATTACK_WITHIN`` that are taken for an attack."""
ATTACK_WITHIN = timedelta(hours=1)

_LOOKED_AT = 500
"""Characters of a text in which a code is looked for."""
_GROUPS, _GROUP_LENGTH = 3, 4
_LENGTH = _GROUPS * _GROUP_LENGTH
_SEPARATORS = r"[\s\-\u2010-\u2015\u2212_./:]*"
_GROUP = f"([{ALPHABET}]{{{_GROUP_LENGTH}}})"
_IN_SENTENCE = re.compile(rf"(?<![A-Z0-9]){_SEPARATORS.join([_GROUP] * _GROUPS)}(?![A-Z0-9])")
_BETWEEN = re.compile(_SEPARATORS)
_LOOKS_TYPED = re.compile(r"[A-Z0-9]+")


def new_code(choose: Callable[[str], str]) -> str:
    """Return a code of characters that ``choose`` picks from a text, evenly and unpredictably."""
    return "".join(_new_group(choose) for _ in range(_GROUPS))


def _new_group(choose: Callable[[str], str]) -> str:
    while True:
        group = "".join(choose(ALPHABET) for _ in range(_GROUP_LENGTH))
        if _is_mixed(group):
            return group


def _is_mixed(group: str) -> bool:
    return any(character in DIGITS for character in group) and any(character in LETTERS for character in group)


def spelled(code: str) -> str:
    """Return the code as people read and type it: "AB2D-EF3H-JK4N"."""
    return "-".join(code[start : start + _GROUP_LENGTH] for start in range(0, _LENGTH, _GROUP_LENGTH))


def code_in(text: str) -> str | None:
    """Return the code that a text is or holds, without hyphens; None: it holds none.

    Small letters, digits of any script, full-width characters, any spaces or hyphens between the groups and words
    around the code are read; in a text that is nothing but a code, also spaces elsewhere.
    """
    plain = _plain(text)
    for found in _IN_SENTENCE.finditer(plain):
        if all(_is_mixed(group) for group in found.groups()):
            return "".join(found.groups())
    alone = _BETWEEN.sub("", plain)
    is_code = len(alone) == _LENGTH and set(alone) <= set(ALPHABET)
    groups = [alone[start : start + _GROUP_LENGTH] for start in range(0, _LENGTH, _GROUP_LENGTH)]
    return alone if is_code and all(_is_mixed(group) for group in groups) else None


def resembles_code(text: str) -> bool:
    """Tell whether a text looks like an attempt at a code, such as one with a character missing or mistaken."""
    typed = "".join(_LOOKS_TYPED.findall(_BETWEEN.sub("", _plain(text))))
    return _LENGTH - 3 <= len(typed) <= _LENGTH + 3 and any(c.isdigit() for c in typed) and not typed.isdigit()


def _plain(text: str) -> str:
    """Return the text in capitals and Arabic digits, without invisible characters."""
    visible = (c for c in unicodedata.normalize("NFKC", text[:_LOOKED_AT]) if unicodedata.category(c) != "Cf")
    return "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in visible).upper()


def locked_until(wrong_tries: Sequence[datetime], tries: int) -> datetime | None:
    """Return until when an account that typed wrong codes at these instants has to wait; None: it need not.

    Every ``tries`` wrong codes it waits, twice as long each time. The instants are in order, of the last
    ``TRIES_REMEMBERED``; what is typed while waiting is not tried and does not count.
    """
    rounds = len(wrong_tries) // tries
    if not rounds:
        return None
    return wrong_tries[rounds * tries - 1] + FIRST_WAIT * (1 << (rounds - 1))

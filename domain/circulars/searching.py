"""Looking for past circulars: by number in digits of either kind, by words of the subject, by day or month."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

_PART = re.compile(r"\d+|[^\W\d_][^\s\d/.()\-\u2013]*")


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody looks for: ``words`` of number or subject, in any order, and inclusive C.E. days.

    Nothing at all is every circular. The days are those of the letter's date or of its release.
    """

    words: str = ""
    first_day: date | None = None
    last_day: date | None = None


def matches(words: str, letter_no: str, subject: str) -> bool:
    """Tell whether words name a letter: by its number or a part of that, or each by being in its subject."""
    if is_of_number(words, letter_no):
        return True
    found = _plain(subject)
    return all(word in found for word in _plain(words).split())


def is_of_number(words: str, letter_no: str) -> bool:
    """Tell whether words are a letter's number, or whole parts of it that follow each other.

    The number 3 of a ministry's running letters is not its 30; spaces, slashes and kinds of digits do not matter.
    """
    sought, number = number_parts(words), number_parts(letter_no)
    starts = range(len(number) - len(sought) + 1)
    return bool(sought) and any(number[start : start + len(sought)] == sought for start in starts)


def number_parts(letter_no: str) -> Sequence[str]:
    """Return the digits and letters of a letter's number apart, with Arabic digits."""
    return _PART.findall(_plain(letter_no))


def _plain(text: str) -> str:
    """Return the text with Arabic digits, in lower case."""
    digits = (str(unicodedata.digit(letter)) if letter.isdecimal() else letter for letter in text)
    return "".join(digits).casefold()

"""The words that files contain, as the importer needs them; ``messages_th.spreadsheets`` supplies them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Protocol

_LINE_ENDS = "\v\f\x85\u2028\u2029"
_CONTROLS = "".join(map(chr, (*range(32), *range(127, 160)))).translate(dict.fromkeys(map(ord, "\t\n\r" + _LINE_ENDS)))
"""C0 and C1 but tabs and line ends: a database refuses some, and a screen may obey the others."""
_BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""They make a text look like another one."""
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff" + _BIDI_CONTROLS + _CONTROLS
_SPACES = "\u00a0\u2007\u2009\u202f\u3000"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_CLEAN = str.maketrans(
    {**dict.fromkeys(_INVISIBLE), **dict.fromkeys(_SPACES, " "), **dict.fromkeys(_LINE_ENDS, "\n"), "\r": "\n"}
)
_PLAIN = str.maketrans({**{chr(0x0E50 + digit): str(digit) for digit in range(10)}, **dict.fromkeys(_DASHES, "-")})
_NOT_CLEAN = re.compile(f"[{_INVISIBLE}{_SPACES}{_LINE_ENDS}\r]")
_NOT_PLAIN = re.compile(f"[{_DASHES}\u0e50-\u0e59]")
_BLANK = re.compile(f"[-{_DASHES}{_INVISIBLE}{_SPACES}\\s]*")
_SPLIT_SARA_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")
_TONE_BEFORE_NIKHAHIT = re.compile("([\u0e48-\u0e4b])\u0e4d\u0e32")
_LOOSE = re.compile("[^0-9a-z\u0e01-\u0e4e]+")


class FileKind(StrEnum):
    """What the rows of a sheet are."""

    UNITS = "units"
    PEOPLE = "people"
    ROUTES = "routes"
    PROJECTS = "projects"
    ACTIVITIES = "activities"
    LINKS = "links"
    FUNDING = "funding"
    SPENDING = "spending"
    DUTIES = "duties"
    REPORTS = "reports"
    CALENDAR = "calendar"
    HOLIDAYS = "holidays"


class Vocabulary(Protocol):
    """Thai words of spreadsheets; spelling differences of spaces, dots and digits need not be listed."""

    @property
    def HEADERS(self) -> Mapping[str, Mapping[str, Sequence[str]]]:  # noqa: N802 - a module's constant
        """Per file kind and column: the header, then its aliases."""
        ...

    @property
    def CHOICES(self) -> Mapping[str, Mapping[str, str]]:  # noqa: N802 - a module's constant
        """Per list of choices: what a cell may say, and the value it means."""
        ...

    @property
    def MONTHS(self) -> Mapping[str, int]:  # noqa: N802 - a module's constant
        """Names of months and their numbers."""
        ...

    @property
    def NOISE(self) -> Mapping[str, Sequence[str]]:  # noqa: N802 - a module's constant
        """Words around a ``date``, ``year``, ``number`` or ``amount`` that mean nothing there."""
        ...

    @property
    def THEMATIC_PLAN(self) -> str:  # noqa: N802 - a module's constant
        """How the name of a thematic level-3 plan begins."""
        ...


def is_blank(text: str) -> bool:
    """Tell whether ``text`` holds nothing: no visible character, or dashes alone."""
    return _BLANK.fullmatch(text) is not None


def clean(text: str) -> str:
    """Return ``text`` without invisible and control characters, with ordinary spaces and line ends, and trimmed."""
    # Looking first is several times faster than translating, and most cells need nothing.
    return (text if text.isprintable() or _NOT_CLEAN.search(text) is None else text.translate(_CLEAN)).strip()


def plain(text: str) -> str:
    """Return ``text`` cleaned, with Arabic digits and hyphens for every kind of dash."""
    text = clean(text)
    return text if text.isascii() or _NOT_PLAIN.search(text) is None else text.translate(_PLAIN)


def loose(text: str) -> str:
    """Return the form in which words are compared: no spaces, dots or brackets, Arabic digits, lower case.

    The two ways to type sara am (one character, or nikhahit and sara aa) compare as equal.
    """
    composed = _TONE_BEFORE_NIKHAHIT.sub("\\1\u0e33", _SPLIT_SARA_AM.sub("\\1\u0e33", plain(text).casefold()))
    return _LOOSE.sub("", composed)


class Words:
    """A vocabulary made ready for look-ups. Lives for one import."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.thematic_plan = loose(vocabulary.THEMATIC_PLAN)
        self._choices: dict[str, dict[str, str]] = {}
        self._noise: dict[str, re.Pattern[str]] = {}

    @cached_property
    def months(self) -> Mapping[str, int]:
        """Month numbers by name in loose form."""
        return {loose(name): number for name, number in self._vocabulary.MONTHS.items()}

    @cached_property
    def headers(self) -> Mapping[FileKind, Mapping[str, str]]:
        """Per kind: the column by its header or alias in loose form."""
        return {
            FileKind(kind): {loose(alias): column for column, aliases in columns.items() for alias in aliases}
            for kind, columns in self._vocabulary.HEADERS.items()
        }

    def header(self, kind: FileKind, column: str) -> str:
        """Return the proper header of a column."""
        return self._vocabulary.HEADERS[kind][column][0]

    def choice(self, name: str, text: str) -> str | None:
        """Return what ``text`` means in the list of choices ``name``; None when it is not in it."""
        if name not in self._choices:
            self._choices[name] = {loose(word): value for word, value in self._vocabulary.CHOICES[name].items()}
        return self._choices[name].get(loose(text))

    def choices(self, name: str) -> str:
        """Return the proper words of the list of choices ``name``, for an error message."""
        proper: dict[str, str] = {}
        for word, value in self._vocabulary.CHOICES[name].items():
            proper.setdefault(value, word)
        return ", ".join(proper.values())

    def without_noise(self, name: str, text: str) -> str:
        """Return ``text`` without the words that mean nothing in such a cell."""
        if name not in self._noise:
            words = sorted(self._vocabulary.NOISE[name], key=len, reverse=True)
            self._noise[name] = re.compile("|".join(re.escape(word) for word in words))
        return self._noise[name].sub(" ", text).strip()

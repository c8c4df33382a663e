"""Typed button data: what a card's button carries, and the same back from LINE when it is pressed.

A class names its fields and a prefix that ends in its version::

    class ShowDuties(Postback, prefix="du1"):
        kind: WindowKind
        fiscal_year: int
        quarter: int | None

Cards stay in chats for ever: when the fields change, the version does too, and old data is refused, never misread.
"""

from __future__ import annotations

import dataclasses
import re
import types
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple, Self, Union, dataclass_transform, get_args, get_origin, get_type_hints

from messages_th.lengths import utf16_length

MAX_LENGTH = 300
"""UTF-16 code units (LINE reference, "Postback action")."""

_PREFIX = re.compile(r"[a-z]{2}[1-9][0-9]*")
_SEPARATOR = ":"
_ESCAPED = re.compile(r"!(.?)", re.DOTALL)
_UNESCAPE = {"!": "!", ".": _SEPARATOR}
_NOTHING = "!0"


class PostbackError(Exception):
    """Button data could not be read or built."""


class UnknownPostback(PostbackError):
    """No class has this prefix and version: an old card, or not ours."""


class GarbledPostback(PostbackError):
    """The data is not what its class would have built, or longer than LINE allows."""


class PostbackTooLong(PostbackError):
    """The values do not fit a button."""


class _Field(NamedTuple):
    """How a field is written and read; ``read`` raises ValueError on what it does not understand."""

    name: str
    write: Callable[[Any], str]
    read: Callable[[str], Any]


@dataclass_transform(frozen_default=True)
class Postback:
    """Base of button data: subclasses are frozen dataclasses.

    A field is an int of 64 bits, a bool, a str, a StrEnum, a date, or one of these or None.
    """

    prefix: ClassVar[str]
    _fields: ClassVar[tuple[_Field, ...]]
    _classes: ClassVar[dict[str, type[Postback]]] = {}

    def __init_subclass__(cls, *, prefix: str) -> None:
        """Register the subclass under its prefix.

        Raises:
            TypeError: the prefix is malformed or taken, or a field has a type that cannot be written.
        """
        if not _PREFIX.fullmatch(prefix) or prefix in Postback._classes:
            raise TypeError(f"{cls.__name__}: the prefix {prefix!r} is malformed or taken")
        dataclasses.dataclass(frozen=True)(cls)
        hints = get_type_hints(cls)
        cls.prefix = prefix
        cls._fields = tuple(_field(f.name, hints[f.name]) for f in dataclasses.fields(cls))  # type: ignore[arg-type]
        Postback._classes[prefix] = cls

    def pack(self) -> str:
        """Return the data for a button.

        Raises:
            PostbackTooLong: it would be longer than LINE's 300 characters.
        """
        values = (field.write(getattr(self, field.name)) for field in self._fields)
        data = _SEPARATOR.join((self.prefix, *values))
        if utf16_length(data) > MAX_LENGTH:
            raise PostbackTooLong(f"{type(self).__name__}: {utf16_length(data)} characters")
        return data

    def completed(self, params: Mapping[str, str]) -> Postback:  # noqa: ARG002 - for buttons with a date picker
        """Return the press with what LINE adds to it, such as the day that somebody picked.

        Raises:
            GarbledPostback: LINE adds something else to such a button.
        """
        return self

    @classmethod
    def unpack(cls, data: str) -> Self:
        """Return the object of this class that built ``data``.

        Raises:
            UnknownPostback: another class or version built it.
            GarbledPostback: no object of this class builds it.
        """
        if utf16_length(data) > MAX_LENGTH:
            raise GarbledPostback(f"{utf16_length(data)} characters")
        prefix, *values = data.split(_SEPARATOR)
        if prefix != cls.prefix:
            raise UnknownPostback(prefix)
        if len(values) != len(cls._fields):
            raise GarbledPostback(f"{prefix} with {len(values)} values")
        try:
            found = cls(**{field.name: field.read(value) for field, value in zip(cls._fields, values, strict=True)})
        except ValueError as error:
            raise GarbledPostback(f"{prefix}: {error}") from error
        if found.pack() != data:
            raise GarbledPostback(f"{prefix} in another spelling")
        return found

    @staticmethod
    def parse(data: str) -> Postback:
        """Return the object of whichever class built ``data``; raises as ``unpack`` does."""
        prefix = data.partition(_SEPARATOR)[0]
        if prefix not in Postback._classes:
            raise UnknownPostback(prefix[:MAX_LENGTH])
        return Postback._classes[prefix].unpack(data)


def _field(name: str, hint: object) -> _Field:
    """Return the field of a type, written plain where the type's text holds no mark of ours."""
    if get_origin(hint) in (Union, types.UnionType):
        inner = [part for part in get_args(hint) if part is not types.NoneType]
        if len(inner) == 1 and len(get_args(hint)) == 2:
            return _optional(_field(name, inner[0]))
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _Field(name, _escape, lambda text: hint(_unescape(text)))
    if isinstance(hint, type) and hint in _PLAIN:
        return _Field(name, *_PLAIN[hint])
    raise TypeError(f"{name}: {hint!r} cannot be written into a button")


def _optional(field: _Field) -> _Field:
    return _Field(
        field.name,
        lambda value: _NOTHING if value is None else field.write(value),
        lambda text: None if text == _NOTHING else field.read(text),
    )


def _escape(text: str) -> str:
    return text.replace("!", "!!").replace(_SEPARATOR, "!.")


def _unescape(text: str) -> str:
    return _ESCAPED.sub(_unescape_mark, text)


def _unescape_mark(mark: re.Match[str]) -> str:
    if mark[1] not in _UNESCAPE:
        raise ValueError("a mark that means nothing")
    return _UNESCAPE[mark[1]]


def _read_int(text: str) -> int:
    number = int(text)
    if not -(2**63) <= number < 2**63:
        raise ValueError("a number that no database keeps")
    return number


def _read_bool(text: str) -> bool:
    return bool(int(text))


_PLAIN: Mapping[type, tuple[Callable[[Any], str], Callable[[str], Any]]] = {
    int: (str, _read_int),
    bool: (lambda value: str(int(value)), _read_bool),
    str: (_escape, _unescape),
    date: (date.isoformat, date.fromisoformat),
}

"""The building blocks that `simulator.messaging_api.limits` and `simulator.messaging_api.flex_limits` are written with.

Lengths are UTF-16 code units, or grapheme clusters where LINE's docs say so (docs, "Character counting in a text").
"""

import re
from collections.abc import Callable, Iterator, Mapping

import regex

from simulator.messaging_api.answers import Problem
from simulator.messaging_api.schema import Json, Rule, between, utf16_length

ACTIONS_EVERYWHERE = frozenset({"postback", "message", "uri", "datetimepicker", "clipboard"})
ACTIONS_OF_QUICK_REPLIES = ACTIONS_EVERYWHERE | {"camera", "cameraRoll", "location"}
ACTIONS_OF_RICH_MENUS = ACTIONS_EVERYWHERE | {"richmenuswitch"}

_LONGEST_ADDRESS = 2_000
_URI_SCHEMES = re.compile(r"(https?|line|tel):", re.IGNORECASE)


def graphemes(text: str) -> int:
    """Length as LINE counts labels: what a reader takes for one character counts once, Thai vowels included."""
    return len(regex.findall(r"\X", text))


def length(name: str, most: int, *, least: int = 0, measure: Callable[[str], int] = utf16_length) -> Rule:
    """A text, when it is there, is so long."""

    def rule(value: Mapping[str, Json]) -> Iterator[Problem]:
        if name not in value:
            return
        size = measure(value[name])
        if not size >= least:
            yield Problem(name, "May not be empty")
        elif size > most:
            yield Problem(name, between("Length", least, most))

    return rule


def size(name: str, most: int, *, least: int = 1) -> Rule:
    """An array, when it is there, has so many items."""

    def rule(value: Mapping[str, Json]) -> Iterator[Problem]:
        if name in value and not least <= len(value[name]) <= most:
            yield Problem(name, between("Size", least, most))

    return rule


def not_blank(name: str) -> Rule:
    """A text that is not empty holds something that can be seen."""

    def rule(value: Mapping[str, Json]) -> Iterator[Problem]:
        if value[name] and not value[name].strip():
            yield Problem(name, "May not be empty")

    return rule


def https(*names: str) -> Rule:
    """Addresses that phones fetch: HTTPS, and not too long."""

    def rule(value: Mapping[str, Json]) -> Iterator[Problem]:
        for name in names:
            if name in value and not value[name].startswith("https://"):
                yield Problem(name, "invalid uri scheme")
            elif name in value and utf16_length(value[name]) > _LONGEST_ADDRESS:
                yield Problem(name, between("Length", 1, _LONGEST_ADDRESS))

    return rule


def action(
    name: str = "action",
    *,
    label: int,
    label_required: bool = True,
    kinds: frozenset[str] = ACTIONS_EVERYWHERE,
) -> Rule:
    """The action or actions at `name` are of kinds that may stand here and have labels that fit (label spec)."""

    def rule(value: Mapping[str, Json]) -> Iterator[Problem]:
        if name not in value:
            return
        held = value[name]
        places = [(name, held)] if isinstance(held, dict) else [(f"{name}[{i}]", each) for i, each in enumerate(held)]
        for where, each in places:
            if each["type"] not in kinds:
                yield Problem(f"{where}.type", f"Must be one of the following values: [{', '.join(sorted(kinds))}]")
            if label_required and not each.get("label"):
                yield Problem(f"{where}.label", "May not be empty")
            elif graphemes(each.get("label", "")) > label:
                yield Problem(f"{where}.label", between("Length", 1 if label_required else 0, label))

    return rule


def link(*names: str) -> Rule:
    """Addresses that a tap opens: http, https, line or tel."""

    def rule(value: Mapping[str, Json]) -> Iterator[Problem]:
        for name in names:
            if name in value and not _URI_SCHEMES.match(value[name]):
                yield Problem(name, "invalid uri scheme")

    return rule


def matches(name: str, *shapes: re.Pattern[str], words: Mapping[str, float] | None = None) -> Rule:
    """A text, when it is there, is one of the words or has one of the shapes."""

    def rule(value: Mapping[str, Json]) -> Iterator[Problem]:
        held = value.get(name)
        if held is not None and held not in (words or ()) and not any(shape.fullmatch(held) for shape in shapes):
            yield Problem(name, "invalid property")

    return rule

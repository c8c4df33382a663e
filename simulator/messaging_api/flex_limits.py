"""Limits of Flex Messages that LINE's OpenAPI file does not state (reference and docs, "Flex Message")."""

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from simulator.messaging_api import flex_values as flex
from simulator.messaging_api.answers import Problem
from simulator.messaging_api.rules import action, https, length, matches, size
from simulator.messaging_api.schema import Json, Rule

BUBBLE_BYTES = 30_000
CAROUSEL_BYTES = 50_000
"""LINE says 30 KB and 50 KB, and not of what: here it is UTF-8 without white space."""

_BLOCKS = ("header", "hero", "body", "footer")
_HEROES = frozenset({"box", "image", "video"})
_IN_BASELINE = frozenset({"icon", "text", "filler"})
_IN_BOX = frozenset({"box", "button", "image", "text", "separator", "filler"})


def _bytes(value: Json) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _small_enough(most: int) -> Rule:
    def rule(value: Mapping[str, Json]) -> Iterator[Problem]:
        if (held := _bytes(value)) > most:
            yield Problem("", f"Size must be at most {most} bytes, not {held}")

    return rule


def _blocks(value: Mapping[str, Json]) -> Iterator[Problem]:
    if not any(block in value for block in _BLOCKS):
        yield Problem("", "At least one block must be specified")
    if "hero" in value and value["hero"]["type"] not in _HEROES:
        yield Problem("hero.type", f"Must be one of the following values: [{', '.join(sorted(_HEROES))}]")


def _one_width(value: Mapping[str, Json]) -> Iterator[Problem]:
    if len({bubble.get("size", "mega") for bubble in value["contents"]}) > 1:
        yield Problem("contents", "All bubbles of a carousel must have the same size")


def _children(value: Mapping[str, Json]) -> Iterator[Problem]:
    allowed = _IN_BASELINE if value["layout"] == "baseline" else _IN_BOX
    for index, child in enumerate(value["contents"]):
        if child["type"] not in allowed:
            yield Problem(f"contents[{index}].type", f"A {value['layout']} box cannot hold a {child['type']}")


def _something_to_read(value: Mapping[str, Json]) -> Iterator[Problem]:
    if not value.get("text") and not value.get("contents"):
        yield Problem("text", "May not be empty")


def _not_negative(*names: str) -> Rule:
    def rule(value: Mapping[str, Json]) -> Iterator[Problem]:
        for name in names:
            if value.get(name, 0) < 0:
                yield Problem(name, "Must be greater than or equal to 0")

    return rule


def _aspect_ratio(value: Mapping[str, Json]) -> Iterator[Problem]:
    if "aspectRatio" not in value:
        return
    shape = flex.ASPECT_RATIO.fullmatch(value["aspectRatio"])
    if shape is None or int(shape[2]) > 3 * int(shape[1]):
        yield Problem("aspectRatio", "invalid property")


def _spaced(*names: str) -> tuple[Rule, ...]:
    return tuple(matches(name, flex.PIXELS, words=flex.SPACES) for name in names)


def _colored(*names: str) -> tuple[Rule, ...]:
    return tuple(matches(name, flex.COLOR) for name in names)


_PLACE = (
    *_spaced("margin"),
    *(
        matches(name, flex.OFFSET_PIXELS, flex.PERCENTAGE, words=flex.SPACES)
        for name in ("offsetTop", "offsetBottom", "offsetStart", "offsetEnd")
    ),
)
_FONT = matches("size", flex.PIXELS, words=flex.FONTS)

REQUIRED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "FlexBoxLinearGradient": frozenset({"angle", "startColor", "endColor"}),
        "FlexSpan": frozenset({"text"}),
    }
)

RULES: Mapping[str, tuple[Rule, ...]] = MappingProxyType(
    {
        "FlexBubble": (_blocks, action(label=40, label_required=False), _small_enough(BUBBLE_BYTES)),
        "FlexCarousel": (size("contents", 12), _one_width, _small_enough(CAROUSEL_BYTES)),
        "FlexBlockStyle": _colored("backgroundColor", "separatorColor"),
        "FlexBox": (
            *_PLACE,
            *_spaced("spacing", "cornerRadius"),
            *_colored("backgroundColor", "borderColor"),
            matches("borderWidth", flex.PIXELS, words=flex.BORDERS),
            *(
                matches(f"padding{side}", flex.PIXELS, flex.PERCENTAGE, words=flex.SPACES)
                for side in ("All", "Top", "Bottom", "Start", "End")
            ),
            *(matches(name, flex.PIXELS, flex.PERCENTAGE) for name in ("width", "maxWidth", "height", "maxHeight")),
            _children,
            _not_negative("flex"),
            action(label=40, label_required=False),
        ),
        "FlexBoxLinearGradient": (
            matches("angle", flex.ANGLE),
            *_colored("startColor", "endColor", "centerColor"),
            matches("centerPosition", flex.PERCENTAGE),
        ),
        "FlexText": (
            *_PLACE,
            *_colored("color"),
            _FONT,
            matches("lineSpacing", flex.PIXELS),
            _something_to_read,
            _not_negative("flex", "maxLines"),
            action(label=40, label_required=False),
        ),
        "FlexSpan": (length("text", 5_000, least=1), *_colored("color"), _FONT),
        "FlexButton": (*_PLACE, *_colored("color"), _not_negative("flex"), action(label=40)),
        "FlexImage": (
            *_PLACE,
            *_colored("backgroundColor"),
            matches("size", flex.PIXELS, flex.PERCENTAGE, words={**flex.IMAGES, "full": 0}),
            https("url"),
            _aspect_ratio,
            _not_negative("flex"),
            action(label=40, label_required=False),
        ),
        "FlexVideo": (https("url", "previewUrl"), _aspect_ratio),
        "FlexIcon": (
            *_PLACE,
            matches("size", flex.PIXELS, flex.PERCENTAGE, words=flex.FONTS),
            https("url"),
            _aspect_ratio,
        ),
        "FlexSeparator": (*_spaced("margin"), *_colored("color")),
        "FlexFiller": (_not_negative("flex"),),
    }
)

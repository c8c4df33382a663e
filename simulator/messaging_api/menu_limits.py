"""Limits of rich menus that LINE's OpenAPI file does not state (reference, "Rich menu object", "Action objects")."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from simulator.messaging_api.answers import Problem
from simulator.messaging_api.rules import ACTIONS_OF_RICH_MENUS, action, graphemes, length, size
from simulator.messaging_api.schema import Json, Rule

_ALIAS = re.compile(r"[a-z0-9_-]{1,32}")


def _size(value: Mapping[str, Json]) -> Iterator[Problem]:
    width, height = value["width"], value["height"]
    if not 800 <= width <= 2_500:
        yield Problem("width", "Must be between 800 and 2500")
    if height < 250:
        yield Problem("height", "Must be greater than or equal to 250")
    elif width < 1.45 * height:
        yield Problem("", "The aspect ratio (width / height) must be at least 1.45")


def _areas_within(value: Mapping[str, Json]) -> Iterator[Problem]:
    for index, area in enumerate(value["areas"]):
        bounds = area["bounds"]
        for start, extent, whole in (("x", "width", "width"), ("y", "height", "height")):
            if bounds[start] + bounds[extent] > value["size"][whole]:
                yield Problem(f"areas[{index}].bounds.{extent}", "The area must lie on the rich menu")


def _switch(value: Mapping[str, Json]) -> Iterator[Problem]:
    if not _ALIAS.fullmatch(value["richMenuAliasId"]):
        yield Problem("richMenuAliasId", f"Must match {_ALIAS.pattern}")


def _batch(value: Mapping[str, Json]) -> Iterator[Problem]:
    operations = value["operations"]
    if not operations:
        yield Problem("operations", "May not be empty")
    if len(operations) > 1 and any(each["type"] == "unlinkAll" for each in operations):
        yield Problem("operations", "unlinkAll cannot be used with other operations")


REQUIRED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "RichMenuRequest": frozenset({"size", "selected", "name", "chatBarText", "areas"}),
        "RichMenuSize": frozenset({"width", "height"}),
        "RichMenuArea": frozenset({"bounds", "action"}),
        "RichMenuBounds": frozenset({"x", "y", "width", "height"}),
        "RichMenuSwitchAction": frozenset({"data", "richMenuAliasId"}),
    }
)

RULES: Mapping[str, tuple[Rule, ...]] = MappingProxyType(
    {
        "RichMenuRequest": (
            length("name", 300, least=1, measure=graphemes),
            length("chatBarText", 14, least=1, measure=graphemes),
            size("areas", 20, least=0),
            _areas_within,
        ),
        "RichMenuSize": (_size,),
        "RichMenuArea": (action(label=20, label_required=False, kinds=ACTIONS_OF_RICH_MENUS),),
        "RichMenuSwitchAction": (_switch,),
        "RichMenuBatchRequest": (_batch,),
    }
)

#: Counted in graphemes by the reference; the file's bounds are code units.
COUNTED_OTHERWISE: Mapping[tuple[str, str], Mapping[str, None]] = MappingProxyType(
    {("RichMenuRequest", "name"): {"maxLength": None}, ("RichMenuRequest", "chatBarText"): {"maxLength": None}}
)

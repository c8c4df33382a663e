"""Limits of the Messaging API reference that LINE's OpenAPI file does not state, by the schema they add to.

Where the reference is silent on how something is measured, the stricter reading is taken.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from simulator.messaging_api import flex_limits, menu_limits
from simulator.messaging_api.answers import Problem
from simulator.messaging_api.rules import (
    ACTIONS_OF_QUICK_REPLIES,
    action,
    graphemes,
    https,
    length,
    link,
    not_blank,
    size,
)
from simulator.messaging_api.schema import Json, Rule, Supplement, between

_MOMENTS: Mapping[str, re.Pattern[str]] = {
    "date": re.compile(r"(19|20)\d\d-\d\d-\d\d|2100-\d\d-\d\d"),
    "time": re.compile(r"([01]\d|2[0-3]):[0-5]\d"),
    "datetime": re.compile(r"((19|20)\d\d|2100)-\d\d-\d\d[Tt]([01]\d|2[0-3]):[0-5]\d"),
}
_SUBSTITUTION_KEY = re.compile(r"[0-9A-Za-z_]{1,20}")
_UNIT_NAME = re.compile(r"[A-Za-z0-9_]{1,30}")


def _postback(value: Mapping[str, Json]) -> Iterator[Problem]:
    if "text" in value and "displayText" in value:
        yield Problem("displayText", "displayText and text cannot be used together")
    if "fillInText" in value and value.get("inputOption") != "openKeyboard":
        yield Problem("fillInText", "fillInText needs inputOption openKeyboard")


def _moments(value: Mapping[str, Json]) -> Iterator[Problem]:
    shape = _MOMENTS[value["mode"]]
    for name in ("initial", "max", "min"):
        if name in value and not shape.fullmatch(value[name]):
            yield Problem(name, f"Must be a {value['mode']}")


def _substitution(value: Mapping[str, Json]) -> Iterator[Problem]:
    held = value.get("substitution", {})
    if len(held) > 100:
        yield Problem("substitution", between("Size", 0, 100))
    for key in held:
        if not _SUBSTITUTION_KEY.fullmatch(key):
            yield Problem(f"substitution.{key}", "invalid property")


def _quick_reply_item(value: Mapping[str, Json]) -> Iterator[Problem]:
    if value.get("type", "action") != "action":
        yield Problem("type", "Must be one of the following values: [action]")


def _text_alone(most: int) -> Rule:
    """A text of so many characters, or of 60 beside a title or a picture."""

    def rule(value: Mapping[str, Json]) -> Iterator[Problem]:
        room = 60 if value.get("title") or value.get("thumbnailImageUrl") else most
        yield from length("text", room, least=1, measure=graphemes)(value)

    return rule


def _equal_columns(value: Mapping[str, Json]) -> Iterator[Problem]:
    if len({len(column["actions"]) for column in value["columns"]}) > 1:
        yield Problem("columns", "Every column must have the same number of actions")


def _aggregation_units(value: Mapping[str, Json]) -> Iterator[Problem]:
    units = value.get("customAggregationUnits", [])
    if len(units) > 1:
        yield Problem("customAggregationUnits", between("Size", 0, 1))
    for index, unit in enumerate(units):
        if not _UNIT_NAME.fullmatch(unit):
            yield Problem(f"customAggregationUnits[{index}]", "invalid property")


def _fives(value: Mapping[str, Json]) -> Iterator[Problem]:
    if value.get("loadingSeconds", 20) % 5:
        yield Problem("loadingSeconds", "Must be a multiple of 5")


def _sender_name(value: Mapping[str, Json]) -> Iterator[Problem]:
    if value.get("name", "").strip().upper() == "LINE":
        yield Problem("name", "invalid property")


_ALT_TEXT = (length("altText", 1_500, least=1), not_blank("altText"))
_BODY_TEXT = (length("text", 5_000, least=1), not_blank("text"))
_TEMPLATE_TITLE = length("title", 40, measure=graphemes)

_RULES: Mapping[str, tuple[Rule, ...]] = MappingProxyType(
    {
        "PushMessageRequest": (_aggregation_units,),
        "ShowLoadingAnimationRequest": (_fives,),
        # Messages
        "TextMessage": (*_BODY_TEXT, size("emojis", 20, least=0)),
        "TextMessageV2": (*_BODY_TEXT, _substitution),
        "ImageMessage": (https("originalContentUrl", "previewImageUrl"),),
        "VideoMessage": (https("originalContentUrl", "previewImageUrl"),),
        "AudioMessage": (https("originalContentUrl"),),
        "ImagemapMessage": (*_ALT_TEXT, https("baseUrl"), size("actions", 50)),
        "TemplateMessage": _ALT_TEXT,
        "FlexMessage": _ALT_TEXT,
        "Sender": (_sender_name, https("iconUrl")),
        "QuickReply": (size("items", 13),),
        "QuickReplyItem": (
            _quick_reply_item,
            action(label=20, kinds=ACTIONS_OF_QUICK_REPLIES),
            https("imageUrl"),
        ),
        # Templates
        "ConfirmTemplate": (
            length("text", 240, least=1, measure=graphemes),
            size("actions", 2, least=2),
            action("actions", label=20),
        ),
        "ButtonsTemplate": (_text_alone(160), _TEMPLATE_TITLE, size("actions", 4), action("actions", label=20)),
        "CarouselTemplate": (size("columns", 10), _equal_columns),
        "CarouselColumn": (_text_alone(120), _TEMPLATE_TITLE, size("actions", 3), action("actions", label=20)),
        "ImageCarouselTemplate": (size("columns", 10),),
        "ImageCarouselColumn": (https("imageUrl"), action(label=12, label_required=False)),
        # Actions
        "PostbackAction": (
            length("displayText", 300, measure=graphemes),
            length("text", 300, measure=graphemes),
            length("fillInText", 300, measure=graphemes),
            _postback,
        ),
        "MessageAction": (length("text", 300, least=1, measure=graphemes),),
        "URIAction": (length("uri", 10_000, least=1), link("uri")),
        "AltUri": (link("desktop"),),
        "DatetimePickerAction": (_moments,),
        **flex_limits.RULES,
        **menu_limits.RULES,
    }
)

_REQUIRED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "QuickReply": frozenset({"items"}),
        "QuickReplyItem": frozenset({"action"}),
        "PostbackAction": frozenset({"data"}),
        "MessageAction": frozenset({"text"}),
        "URIAction": frozenset({"uri"}),
        "DatetimePickerAction": frozenset({"data", "mode"}),
        **flex_limits.REQUIRED,
        **menu_limits.REQUIRED,
    }
)

SUPPLEMENT = Supplement(
    rules=_RULES,
    required=_REQUIRED,
    # 10,000 since 2026-10-27; the file says 1,000
    superseded={("AltUri", "desktop"): {"maxLength": 10_000}, **menu_limits.COUNTED_OTHERWISE},
)

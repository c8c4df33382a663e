"""A card as a part of a page: Flex components become elements with classes of ``bot/pages/flex.css``.

Pages allow no style but that of their style sheets, so every value that cards use stands in a table here. Another one
is an error, and a test draws all cards that the page shows. Buttons are drawn and do nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from markupsafe import Markup

from messages_th.listing import BROWN, GREEN, GREY, NAVY, RED
from messages_th.pages.rendering import page
from messages_th.rendering import Rendered

Component = Mapping[str, Any]
_Classes = Mapping[Any, str]

_COLOURS = {
    NAVY: "navy", GREEN: "green", BROWN: "brown", RED: "red", GREY: "grey",
    "#111111": "ink", "#FFFFFF": "white", "#E3E7EC": "pale", "#C8CDD3": "line",
}  # fmt: skip
_SPACES = ("none", "xs", "sm", "md", "lg")
_IN_ANY: Mapping[str, _Classes] = {"flex": {share: f"fx-share-{share}" for share in (0, 2, 3, 5)}}
_OF: Mapping[str, Mapping[str, _Classes]] = MappingProxyType(
    {
        "box": {
            "layout": {"vertical": "fx-column", "horizontal": "fx-row", "baseline": "fx-row fx-baseline"},
            "backgroundColor": {colour: f"fx-on-{name}" for colour, name in _COLOURS.items()},
            "paddingAll": {"16px": "fx-padded"},
            "height": {"12px": "fx-thin"},
            "cornerRadius": {"6px": "fx-round"},
        },
        "text": {
            "size": {size: f"fx-{size}" for size in ("sm", "md", "lg")},
            "weight": {"regular": "", "bold": "fx-bold"},
            "color": {colour: f"fx-{name}" for colour, name in _COLOURS.items()},
            "align": {"start": "", "end": "fx-end"},
            "wrap": {True: ""},
            "scaling": {True: ""},
        },
        "separator": {"color": {"#C8CDD3": "fx-line"}},
        "button": {
            "style": {"primary": "fx-primary", "secondary": "fx-secondary"},
            "color": {NAVY: ""},
            "height": {"sm": "", "md": ""},
            "adjustMode": {"shrink-to-fit": ""},
            "scaling": {True: ""},
        },
    }
)
_ELSEWHERE = frozenset({"type", "text", "contents", "spacing", "margin", "width", "action"})
"""Properties that are no class by themselves."""


class NotDrawn(ValueError):
    """A card has a component, or a value, that pages have no class for."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """An element: what it is, its classes, its words, and of a bar its ``width`` in per cent."""

    kind: str
    classes: str
    text: str = ""
    width: str = ""
    children: Sequence[Drawn] = ()


def drawn_card(message: Rendered) -> Markup:
    """Return a card as HTML.

    Raises:
        NotDrawn: the page has no class for something of it.
    """
    (flex,) = json.loads(message.body)
    return Markup(page("flex.html.j2", blocks=tuple(_blocks(flex["contents"]))))  # noqa: S704 - escaped when rendered


def _blocks(bubble: Component) -> Iterator[Drawn]:
    return (_drawn(bubble[name]) for name in ("header", "body", "footer") if name in bubble)


def _drawn(component: Component, space: str = "") -> Drawn:
    kind = component["type"]
    own = _classes(component)
    classes = " ".join(filter(None, (f"fx-{kind}", space, *own)))
    match kind:
        case "box" if "width" in component:
            return Drawn("bar", classes, width=component["width"])
        case "box":
            return Drawn("box", classes, children=tuple(_children(component)))
        case "text":
            return Drawn("text", classes, component["text"])
        case "button":
            return Drawn("button", classes, component["action"]["label"])
        case _:
            return Drawn("separator", classes)


def _classes(component: Component) -> Iterator[str]:
    kind = component["type"]
    if kind not in _OF:
        raise NotDrawn(kind)
    known = {**_IN_ANY, **_OF[kind]}
    for name, value in component.items():
        if name in _ELSEWHERE:
            continue
        try:
            yield known[name][value]
        except KeyError:
            raise NotDrawn(f"{kind} {name}={value}") from None


def _children(box: Component) -> Iterator[Drawn]:
    """Return the components of a box, each but the first with the space before it that it or else the box asks for."""
    before = "above" if box["layout"] == "vertical" else "beside"
    for position, child in enumerate(box["contents"]):
        space = child.get("margin", box.get("spacing", "none"))
        if space not in _SPACES:
            raise NotDrawn(f"space {space}")
        yield _drawn(child, f"fx-{before}-{space}" if position and space != "none" else "")

"""What the samples of the gallery are made of.

A sample shows a rule of LINE's documentation, "Flex Message layout", and says where that rule puts components, in
pixels from the top left corner of the bubble. Nothing depends on how wide a font draws words: what is measured has a
size of its own, a share of something that has one, or lines of a known height.

A bubble is "mega" unless it says otherwise: 300 wide, 19 of padding above its body, 20 beside and 20 below. So the
components of a body begin at (20, 19) and share 260 pixels of width. Keywords: `simulator.messaging_api.flex_values`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Component = dict[str, Any]
LINE = 16 * 1.6
"""Height of a line of text of size "md"."""
PICTURE = "https://example.com/picture.png"
LINK = {"type": "uri", "label": "เปิด", "uri": "https://example.com/"}
PRESS = {"type": "postback", "label": "ดูรายละเอียด", "data": "pj1:7"}


class At(NamedTuple):
    """A place and a size; None is whatever it comes to."""

    left: float | None
    top: float | None
    width: float | None
    height: float | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """A Flex container and what is to be seen of it.

    Args:
        name: What it shows; its alt text.
        contents: Bubble or carousel.
        places: Where components stand, by path: "body/1/0" is the first child of the second component of the body,
            "body/0/frame" a part of how a component is drawn, "1/body" belongs to the second bubble of a carousel.
        looks: Computed styles by path.
        is_cut: Whether something is larger than what holds it, so that a part of it is not shown.
    """

    name: str
    contents: Component
    places: Mapping[str, At] = field(default_factory=dict)
    looks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    is_cut: bool = False


def box(*contents: Component, layout: str = "vertical", **more: Any) -> Component:
    """Return a box."""
    return {"type": "box", "layout": layout, "contents": list(contents), **more}


def row(*contents: Component, **more: Any) -> Component:
    """Return a horizontal box."""
    return box(*contents, layout="horizontal", **more)


def block(width: str = "", height: str = "", **more: Any) -> Component:
    """Return an empty, coloured box."""
    sizes = {"width": width, "height": height}
    return box(backgroundColor="#7FB2E5", **{name: size for name, size in sizes.items() if size}, **more)


def cell(height: str, **more: Any) -> Component:
    """Return a box that is as high as what it holds, and has a share of a row as it names no size of its own."""
    return box(block(height=height), backgroundColor="#F2C879", **more)


def text(words: str = "ข้อความ", **more: Any) -> Component:
    """Return a text component."""
    return {"type": "text", "text": words, **more}


def bubble(*contents: Component, layout: str = "vertical", **more: Any) -> Component:
    """Return a bubble with a body."""
    return {"type": "bubble", "body": box(*contents, layout=layout, **more)}


def separator(**more: Any) -> Component:
    """Return a separator."""
    return {"type": "separator", **more}


def button(**more: Any) -> Component:
    """Return a button."""
    return {"type": "button", "action": PRESS, **more}


def image(**more: Any) -> Component:
    """Return an image."""
    return {"type": "image", "url": PICTURE, **more}


def icon(**more: Any) -> Component:
    """Return an icon."""
    return {"type": "icon", "url": PICTURE, **more}


FILLER = {"type": "filler"}

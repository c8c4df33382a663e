"""Flex Messages worked out for the page: each component with the CSS that draws it.

The page's templates know no Flex property. They get a tree of `Node`, whose ``style`` is a list of CSS declarations
made here and only here: from numbers, from known words, and from colours and percentages that have the shape of one, so
no message can draw anything outside itself. Sizes: `simulator.flex_values`; how boxes share their space: docs, "Flex
Message layout".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from simulator import flex_values as values
from simulator.taps import NO_TAP, Tap, tap

Component = Mapping[str, Any]
Style = dict[str, str]

_TIGHT_BUBBLES = frozenset({"nano", "micro"})
_LINE_HEIGHT = 1.6
_BUTTON_HEIGHTS = {"md": "52px", "sm": "40px"}
_JUSTIFY = frozenset({"center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly"})
_ALIGN_ITEMS = frozenset({"center", "flex-start", "flex-end"})
_ALIGN = frozenset({"start", "center", "end"})
_DECORATIONS = frozenset({"underline", "line-through"})
_GRAVITY = {"top": "start", "center": "center", "bottom": "end"}
# What a box gives a child that names no share of its own (docs, "Allocation of width and height").
_SHARE_IN_ROW = {"separator": 0, "icon": 0}
_SHARE_IN_COLUMN = {"filler": 1}


@dataclass(frozen=True, slots=True)
class Node:
    """A component as the templates draw it.

    Args:
        kind: Type of the component.
        style: CSS declarations of its outer element.
        inner: CSS declarations of the element within, where a kind has one.
        variant: What the style sheet tells apart: layout of a box, style of a button, ``wrap`` or ``single`` line.
        text: What there is to read.
        tap: What a tap on it does.
        children: Components within.
    """

    kind: str
    style: str
    inner: str = ""
    variant: str = ""
    text: str = ""
    tap: Tap = NO_TAP
    children: tuple["Node", ...] = ()

    @property
    def can_be_tapped(self) -> bool:
        """Whether a tap does something here or within."""
        return bool(self.tap) or any(child.can_be_tapped for child in self.children)


@dataclass(frozen=True, slots=True)
class Bubble:
    """A bubble: style of its frame, direction of its text, blocks from top to bottom by name."""

    style: str
    direction: str
    blocks: tuple[tuple[str, Node], ...]


def bubbles(container: Component) -> tuple[Bubble, ...]:
    """The bubbles of a Flex container, one or a carousel's many."""
    held = container["contents"] if container["type"] == "carousel" else [container]
    return tuple(_bubble(bubble) for bubble in held)


def _bubble(bubble: Component) -> Bubble:
    size = bubble.get("size", "mega")
    blocks: list[tuple[str, Node]] = []
    for name in ("header", "hero", "body", "footer"):
        if name in bubble:
            block_style = bubble.get("styles", {}).get(name, {})
            if block_style.get("separator") and blocks:
                rule = _component({"type": "separator", "color": block_style.get("separatorColor", "")}, "vertical", {})
                blocks.append(("separator", rule))
            around = {
                "padding": _block_padding(name, size),
                **_color("background-color", block_style, "backgroundColor"),
            }
            blocks.append((name, _component(bubble[name], "vertical", around if name != "hero" else {})))
    width = f"{values.BUBBLES.get(size, values.BUBBLES['mega']):g}px"
    return Bubble(_css({"width": width}), bubble.get("direction", "ltr"), tuple(blocks))


def _block_padding(name: str, size: str) -> str:
    return "10px" if name == "footer" or size in _TIGHT_BUBBLES else "20px"


def _component(component: Component, layout: str, base: Style) -> Node:
    """One component that stands in a box of `layout`; `base` is overridden by its own properties."""
    kind = component["type"]
    drawn = _DRAWERS[kind](component, base | _place(component, layout))
    if "action" in component and not drawn.can_be_tapped:
        return replace(drawn, tap=tap(component["action"]))
    return drawn


def _place(component: Component, layout: str) -> Style:
    """How a child stands in its box: its share of the space, its offsets."""
    row = layout != "vertical"
    shares = _SHARE_IN_ROW if row else _SHARE_IN_COLUMN
    default = shares.get(component["type"], 1 if row else 0)
    if row and "width" in component:
        default = 0
    share = component.get("flex", default)
    style = {"flex": f"{share} 1 {'0' if row else 'auto'}" if share > 0 else "0 0 auto"}
    if component.get("position") == "absolute":
        style["position"] = "absolute"
    for name, edge in (
        ("offsetTop", "top"),
        ("offsetBottom", "bottom"),
        ("offsetStart", "inset-inline-start"),
        ("offsetEnd", "inset-inline-end"),
    ):
        style |= _length(edge, component, name, values.SPACES)
    return style


def _box(box: Component, style: Style) -> Node:
    style = style | _length("padding", box, "paddingAll", values.SPACES)
    for name, edge in (
        ("paddingTop", "padding-top"),
        ("paddingBottom", "padding-bottom"),
        ("paddingStart", "padding-inline-start"),
        ("paddingEnd", "padding-inline-end"),
    ):
        style |= _length(edge, box, name, values.SPACES)
    for name, dimension in (
        ("width", "width"),
        ("maxWidth", "max-width"),
        ("height", "height"),
        ("maxHeight", "max-height"),
        ("cornerRadius", "border-radius"),
    ):
        style |= _length(dimension, box, name, values.SPACES)
    style |= _length("border-width", box, "borderWidth", values.BORDERS)
    style |= _color("border-color", box, "borderColor") | _color("background-color", box, "backgroundColor")
    style |= _gradient(box.get("background", {}))
    style |= _word("justify-content", box, "justifyContent", _JUSTIFY)
    style |= _word("align-items", box, "alignItems", _ALIGN_ITEMS)
    return Node("box", _css(style), variant=box["layout"], children=tuple(_children(box)))


def _children(box: Component) -> Iterator[Node]:
    """The components of a box, each but the first with the space before it that it, or else the box, asks for."""
    first = True
    for child in box["contents"]:
        edge = "margin-top" if box["layout"] == "vertical" else "margin-inline-start"
        space = _length(edge, box, "spacing", values.SPACES) | _length(edge, child, "margin", values.SPACES)
        afloat = child.get("position") == "absolute"
        yield _component(child, box["layout"], {} if first or afloat else space)
        first = first and afloat


def _text(text: Component, style: Style) -> Node:
    style = style | _font(text) | _gravity(text)
    style |= _word("text-align", text, "align", _ALIGN)
    size = _pixels(text.get("size", "md"), values.FONTS) or values.FONTS["md"]
    inner: Style = {}
    if (spacing := _pixels(text.get("lineSpacing", ""), {})) is not None:
        inner["line-height"] = f"{size * _LINE_HEIGHT + spacing:g}px"
    if text.get("maxLines", 0) > 0:
        inner["-webkit-line-clamp"] = str(text["maxLines"])
    spans = tuple(Node("span", _css(_font(span)), text=span["text"]) for span in text.get("contents", ()))
    variant = "wrap" if text.get("wrap") else "single"
    return Node("text", _css(style), _css(inner), variant, text.get("text", ""), children=spans)


def _button(button: Component, style: Style) -> Node:
    kind = button.get("style", "link")
    paint = _color("color" if kind == "link" else "background-color", button, "color")
    inner = {"height": _BUTTON_HEIGHTS[button.get("height", "md")]} | paint
    return Node("button", _css(style | _gravity(button)), _css(inner), kind, button["action"].get("label", ""))


def _image(image: Component, style: Style) -> Node:
    inner = {"aspect-ratio": _ratio(image), **_color("background-color", image, "backgroundColor")}
    inner |= {"width": "100%"} if image.get("size") == "full" else {"width": f"{values.IMAGES['md']:g}px"}
    inner |= _length("width", image, "size", values.IMAGES)
    style = style | _gravity(image) | {"text-align": "center"} | _word("text-align", image, "align", _ALIGN)
    return Node("image", _css(style), _css(inner))


def _video(video: Component, style: Style) -> Node:
    return Node("video", _css(style), _css({"aspect-ratio": _ratio(video), "width": "100%"}))


def _icon(icon: Component, style: Style) -> Node:
    side = _length("height", {"size": "md"} | dict(icon), "size", values.FONTS)
    return Node("icon", _css(style | side | {"aspect-ratio": _ratio(icon)}))


def _separator(separator: Component, style: Style) -> Node:
    return Node("separator", _css(style | _color("background-color", separator, "color")))


def _filler(_filler: Component, style: Style) -> Node:
    return Node("filler", _css(style))


_DRAWERS = {
    "box": _box,
    "text": _text,
    "button": _button,
    "image": _image,
    "video": _video,
    "icon": _icon,
    "separator": _separator,
    "filler": _filler,
}


def _font(text: Component) -> Style:
    style = _length("font-size", text, "size", values.FONTS) | _color("color", text, "color")
    if text.get("weight") == "bold":
        style["font-weight"] = "bold"
    if text.get("style") == "italic":
        style["font-style"] = "italic"
    return style | _word("text-decoration", text, "decoration", _DECORATIONS)


def _gravity(component: Component) -> Style:
    return {"align-content": _GRAVITY[component["gravity"]]} if "gravity" in component else {}


def _gradient(background: Component) -> Style:
    if not background:
        return {}
    colors = [_safe_color(background.get(name, "")) for name in ("startColor", "centerColor", "endColor")]
    angle = background.get("angle", "")
    if not values.ANGLE.fullmatch(angle) or colors[0] is None or colors[2] is None:
        return {}
    middle = background.get("centerPosition", "50%")
    stops = [
        colors[0],
        *([f"{colors[1]} {middle}"] if colors[1] and values.PERCENTAGE.fullmatch(middle) else []),
        colors[2],
    ]
    return {"background-image": f"linear-gradient({angle}, {', '.join(stops)})"}


def _ratio(component: Component) -> str:
    shape = values.ASPECT_RATIO.fullmatch(component.get("aspectRatio", "1:1"))
    return f"{shape[1]} / {shape[2]}" if shape else "1 / 1"


def _pixels(value: str, words: Mapping[str, float]) -> float | None:
    if value in words:
        return words[value]
    return float(value.removesuffix("px")) if values.OFFSET_PIXELS.fullmatch(value) else None


def _length(css: str, component: Component, name: str, words: Mapping[str, float]) -> Style:
    value = component.get(name, "")
    pixels = _pixels(value, words)
    if pixels is not None:
        return {css: f"{pixels:g}px"}
    return {css: value} if values.PERCENTAGE.fullmatch(value) else {}


def _safe_color(value: str) -> str | None:
    return value if values.COLOR.fullmatch(value) else None


def _color(css: str, component: Component, name: str) -> Style:
    value = _safe_color(component.get(name, ""))
    return {} if value is None else {css: value}


def _word(css: str, component: Component, name: str, words: frozenset[str]) -> Style:
    value = component.get(name)
    return {css: value} if value in words else {}


def _css(style: Style) -> str:
    return "; ".join(f"{name}: {value}" for name, value in style.items())

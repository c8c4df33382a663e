"""Flex Messages worked out for the page: each component with the CSS that draws it.

The page's templates know no Flex property. They get a tree of `Node`, whose ``style`` is a list of CSS declarations
made here and only here: from numbers, from known words, and from colours and percentages that have the shape of one, so
no message can draw anything outside itself. Sizes: `simulator.messaging_api.flex_values`; how boxes share their space:
docs, "Flex Message layout". Fonts are as large as LINE's setting «Normal» makes them, so ``scaling`` changes nothing;
what asks to ``shrink-to-fit`` is marked for ``flex.js``, as only a browser knows how wide words are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from simulator.messaging_api import flex_values as values
from simulator.page.taps import NO_TAP, Tap, tap

Component = Mapping[str, Any]
Style = dict[str, str]

_BLOCKS = ("header", "hero", "body", "footer")
_BUTTON_HEIGHTS = {"md": "52px", "sm": "40px"}
_JUSTIFY = frozenset({"center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly"})
_ALIGN_ITEMS = frozenset({"center", "flex-start", "flex-end"})
_ALIGN = frozenset({"start", "center", "end"})
_DECORATIONS = frozenset({"underline", "line-through"})
_WEIGHTS = {"regular": "normal", "bold": "bold"}
_STYLES = frozenset({"normal", "italic"})
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
        variant: Classes that tell apart: layout of a box, style of a button, ``wrap`` or ``single`` line, ``fits``.
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
class Block:
    """A block of a bubble, or the line between two: its name, CSS declarations and component."""

    name: str
    style: str
    node: Node


@dataclass(frozen=True, slots=True)
class Bubble:
    """A bubble: style of its frame, direction of its text, blocks from top to bottom, what a tap on any of it does."""

    style: str
    direction: str
    blocks: tuple[Block, ...]
    tap: Tap = NO_TAP


def bubbles(container: Component) -> tuple[Bubble, ...]:
    """The bubbles of a Flex container, one or a carousel's many."""
    held = container["contents"] if container["type"] == "carousel" else [container]
    return tuple(_bubble(bubble) for bubble in held)


def _bubble(bubble: Component) -> Bubble:
    size = values.BUBBLES.get(bubble.get("size", "mega"), values.BUBBLES["mega"])
    blocks = tuple(_blocks(bubble, size))
    tappable = "action" in bubble and not any(block.node.can_be_tapped for block in blocks)
    return Bubble(
        _css({"width": f"{size.width:g}px", "border-radius": f"{size.radius:g}px"}),
        bubble.get("direction", "ltr"),
        blocks,
        tap(bubble["action"]) if tappable else NO_TAP,
    )


def _blocks(bubble: Component, size: values.BubbleSize) -> Iterator[Block]:
    present = [name for name in _BLOCKS if name in bubble]
    for name in present:
        look = bubble.get("styles", {}).get(name, {})
        if look.get("separator") and name != present[0]:
            rule = _component({"type": "separator", "color": look.get("separatorColor", "")}, "vertical", {})
            yield Block("separator", "", rule)
        component = _component(bubble[name], "vertical", _around(name, size, before_footer="footer" in present))
        yield Block(name, _css(_color("background-color", look, "backgroundColor")), component)


def _around(name: str, size: values.BubbleSize, *, before_footer: bool) -> Style:
    """What a block gives its component: padding, and to a body all the height that a taller neighbour leaves it."""
    match name:
        case "header":
            return {"padding": size.header}
        case "body":
            return {"flex": "1 0 auto", "padding": size.body_above_footer if before_footer else size.body}
        case "footer":
            return {"padding": values.FOOTER_PADDING}
        case _:
            return {}


def _component(component: Component, layout: str, base: Style) -> Node:
    """One component that stands in a box of `layout`; `base` is its look where its own properties say nothing."""
    kind = component["type"]
    drawn = _DRAWERS[kind](component, _place(component, layout) | base)
    if "action" in component and not drawn.can_be_tapped:
        return replace(drawn, tap=tap(component["action"]))
    return drawn


def _place(component: Component, layout: str) -> Style:
    """How a child stands in its box: its share of the space, its offsets."""
    style = {"flex": _share(component, layout)}
    if component.get("position") == "absolute":
        style["position"] = "absolute"
    for name, edge in (
        ("offsetTop", "top"),
        ("offsetBottom", "bottom"),
        ("offsetStart", "inset-inline-start"),
        ("offsetEnd", "inset-inline-end"),
    ):
        if (name, layout) != ("offsetBottom", "baseline"):
            style |= _length(edge, component, name, values.SPACES)
    return style


def _share(component: Component, layout: str) -> str:
    if layout == "vertical":
        share = component.get("flex", _SHARE_IN_COLUMN.get(component["type"], 0))
        return f"{share} 0 auto"
    sized = component["type"] == "box" and not component.keys().isdisjoint(("width", "height"))
    share = 0 if sized else component.get("flex", _SHARE_IN_ROW.get(component["type"], 1))
    return f"{share} 0 0" if share > 0 else "0 0 auto"


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
    if box["layout"] != "baseline":
        style |= _word("align-items", box, "alignItems", _ALIGN_ITEMS)
    return Node("box", _css(style), variant=box["layout"], children=tuple(_children(box)))


def _children(box: Component) -> Iterator[Node]:
    """The components of a box, each with the space before it that it asks for, or else, but for the first, the box."""
    edge = "margin-top" if box["layout"] == "vertical" else "margin-inline-start"
    between = _length(edge, box, "spacing", values.SPACES)
    first = True
    for child in box["contents"]:
        afloat = child.get("position") == "absolute"
        spaced = not first and child["type"] != "filler"
        space = (between if spaced else {}) | _length(edge, child, "margin", values.SPACES)
        yield _component(child, box["layout"], {} if afloat else space)
        first = first and afloat


def _text(text: Component, style: Style) -> Node:
    style = style | _font(text) | _gravity(text)
    style |= _word("text-align", text, "align", _ALIGN)
    inner = _length("--line-spacing", text, "lineSpacing", {})
    if text.get("maxLines", 0) > 0:
        inner["-webkit-line-clamp"] = str(text["maxLines"])
    spans = tuple(Node("span", _css(_font(span)), text=span["text"]) for span in text.get("contents", ()))
    variant = ("wrap" if text.get("wrap") else "single") + _fits(text)
    return Node("text", _css(style), _css(inner), variant, text.get("text", ""), children=spans)


def _button(button: Component, style: Style) -> Node:
    kind = button.get("style", "link")
    paint = _color("color" if kind == "link" else "background-color", button, "color")
    inner = {"height": _BUTTON_HEIGHTS[button.get("height", "md")]} | paint
    label = button["action"].get("label", "")
    return Node("button", _css(style | _gravity(button)), _css(inner), kind + _fits(button), label)


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
    if weight := _WEIGHTS.get(text.get("weight", "")):
        style["font-weight"] = weight
    style |= _word("font-style", text, "style", _STYLES)
    return style | _word("text-decoration", text, "decoration", _DECORATIONS)


def _fits(component: Component) -> str:
    return " fits" if component.get("adjustMode") == "shrink-to-fit" else ""


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

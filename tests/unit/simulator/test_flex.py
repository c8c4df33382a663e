"""The renderer, component by component: what CSS a Flex property comes to."""

import json
from typing import Any

import pytest

from simulator.page import flex

TEXT = {"type": "text", "text": "ย่อหน้า"}
BUTTON: dict[str, Any] = {"type": "button", "action": {"type": "uri", "label": "เปิด", "uri": "https://example.com/"}}


def box(*contents: object, layout: str = "vertical", **more: object) -> dict[str, Any]:
    return {"type": "box", "layout": layout, "contents": contents, **more}


def bubble(**blocks: object) -> flex.Bubble:
    return flex.bubbles({"type": "bubble", **blocks})[0]


def drawn(*contents: object, layout: str = "vertical", **more: object) -> tuple[flex.Node, ...]:
    """The children of a body of this layout."""
    return bubble(body=box(*contents, layout=layout, **more)).blocks[0].node.children


def declarations(css: str) -> dict[str, str]:
    return dict(declaration.split(": ", 1) for declaration in css.split("; ") if declaration)


def style(node: flex.Node | flex.Bubble | flex.Block) -> dict[str, str]:
    return declarations(node.style)


def inner(node: flex.Node) -> dict[str, str]:
    return declarations(node.inner)


@pytest.mark.parametrize(
    ("size", "width"),
    (
        ("nano", "120px"),
        ("micro", "160px"),
        ("deca", "220px"),
        ("hecto", "241px"),
        ("kilo", "260px"),
        ("mega", "300px"),
        ("giga", "386px"),
    ),
)
def test_a_bubble_is_as_wide_as_its_size(size: str, width: str) -> None:
    assert style(bubble(body=box(TEXT), size=size))["width"] == width


def test_a_bubble_is_mega_unless_it_says_otherwise() -> None:
    assert style(bubble(body=box(TEXT))) == {"width": "300px", "border-radius": "17px"}


def test_a_carousel_is_all_its_bubbles() -> None:
    one = {"type": "bubble", "body": box(TEXT)}

    assert len(flex.bubbles({"type": "carousel", "contents": [one, one, one]})) == 3


def test_blocks_stand_in_order_with_their_padding_and_styles() -> None:
    card = bubble(
        footer=box(BUTTON),
        header=box(TEXT, backgroundColor="#abcdef"),
        hero={"type": "image", "url": "https://x/y.png"},
        body=box(TEXT),
        styles={
            "header": {"backgroundColor": "#112233", "separator": True},
            "hero": {"backgroundColor": "#223344"},
            "footer": {"separator": True, "separatorColor": "#445566"},
        },
    )

    header, hero, body, separator, footer = card.blocks
    assert [block.name for block in card.blocks] == ["header", "hero", "body", "separator", "footer"]
    assert (style(header)["background-color"], style(header.node)["background-color"]) == ("#112233", "#abcdef")
    assert style(hero)["background-color"] == "#223344"
    assert style(separator.node)["background-color"] == "#445566"
    assert [style(block.node).get("padding") for block in (header, hero, body, footer)] == [
        "20px",
        None,
        "19px 20px 10px",
        "10px",
    ]


@pytest.mark.parametrize(
    ("size", "alone", "above_footer"),
    (
        ("nano", "10px", "10px"),
        ("micro", "10px", "10px"),
        ("deca", "11px 14px 13px", "11px 14px 17px"),
        ("hecto", "11px 14px 13px", "11px 14px 17px"),
        ("kilo", "13px", "13px 13px 17px"),
        ("mega", "19px 20px 20px", "19px 20px 10px"),
        ("giga", "19px 20px 20px", "19px 20px 10px"),
    ),
)
def test_the_padding_of_a_body_depends_on_the_size_and_on_a_footer(size: str, alone: str, above_footer: str) -> None:
    (body,) = bubble(body=box(TEXT), size=size).blocks
    body_with_footer, _ = bubble(body=box(TEXT), footer=box(TEXT), size=size).blocks

    assert style(body.node)["padding"] == alone
    assert style(body_with_footer.node)["padding"] == above_footer


def test_a_box_overrides_the_padding_of_its_block() -> None:
    (body,) = bubble(body=box(TEXT, paddingAll="none", paddingTop="xl", paddingStart="5%")).blocks

    assert style(body.node) == {
        "padding": "0px",
        "flex": "1 0 auto",
        "padding-top": "16px",
        "padding-inline-start": "5%",
    }


def test_a_bubble_can_be_tapped_where_nothing_on_it_can() -> None:
    assert bubble(body=box(TEXT), action=BUTTON["action"]).tap.href == "https://example.com/"
    assert not bubble(body=box(TEXT), footer=box(BUTTON), action=BUTTON["action"]).tap


def test_spacing_stands_before_every_component_but_the_first_and_fillers() -> None:
    first, second, filler, third = drawn(TEXT, TEXT, {"type": "filler"}, {**TEXT, "margin": "xxl"}, spacing="md")

    assert "margin-top" not in style(first)
    assert style(second)["margin-top"] == "8px"
    assert "margin-top" not in style(filler)
    assert style(third)["margin-top"] == "20px"


def test_a_margin_stands_before_the_first_component_too() -> None:
    (first,) = drawn({**TEXT, "margin": "lg"}, spacing="md", layout="horizontal")

    assert style(first)["margin-inline-start"] == "12px"


@pytest.mark.parametrize("layout", ("horizontal", "baseline"))
def test_in_a_row_space_stands_beside_and_components_share_the_width(layout: str) -> None:
    first, second, third = drawn(TEXT, {**TEXT, "flex": 3}, {**TEXT, "flex": 0}, layout=layout, spacing="5px")

    assert (style(first)["flex"], style(second)["flex"], style(third)["flex"]) == ("1 0 0", "3 0 0", "0 0 auto")
    assert style(second)["margin-inline-start"] == "5px"


def test_in_a_column_components_are_as_high_as_they_need() -> None:
    text, filler = drawn(TEXT, {"type": "filler"})

    assert style(text)["flex"] == "0 0 auto"
    assert style(filler)["flex"] == "1 0 auto"


@pytest.mark.parametrize("dimension", ("width", "height"))
def test_a_box_with_a_size_of_its_own_has_no_share_of_a_row(dimension: str) -> None:
    (child,) = drawn(box(flex=2, **{dimension: "40px"}), layout="horizontal")

    assert style(child) == {"flex": "0 0 auto", dimension: "40px"}


def test_what_stands_on_a_baseline_is_moved_by_nothing_else() -> None:
    (row,) = drawn(box({**TEXT, "offsetBottom": "4px", "offsetTop": "2px"}, layout="baseline", alignItems="center"))

    assert "align-items" not in style(row)
    assert style(row.children[0]) == {"flex": "1 0 0", "top": "2px"}


def test_a_box_is_painted() -> None:
    (child,) = drawn(
        box(
            backgroundColor="#aabbcc",
            borderWidth="semi-bold",
            borderColor="#11223344",
            cornerRadius="lg",
            height="8px",
            maxWidth="80%",
            justifyContent="space-between",
            alignItems="center",
            background={"type": "linearGradient", "angle": "90deg", "startColor": "#000000", "endColor": "#ffffff"},
        )
    )

    assert style(child) == {
        "flex": "0 0 auto",
        "height": "8px",
        "max-width": "80%",
        "border-radius": "12px",
        "border-width": "3px",
        "border-color": "#11223344",
        "background-color": "#aabbcc",
        "background-image": "linear-gradient(90deg, #000000, #ffffff)",
        "justify-content": "space-between",
        "align-items": "center",
    }


def test_a_gradient_can_have_a_middle() -> None:
    gradient = {
        "type": "linearGradient",
        "angle": "0deg",
        "startColor": "#000000",
        "centerColor": "#888888",
        "centerPosition": "10%",
        "endColor": "#ffffff",
    }
    (child,) = drawn(box(background=gradient))

    assert style(child)["background-image"] == "linear-gradient(0deg, #000000, #888888 10%, #ffffff)"


def test_a_box_can_float_above_its_parent() -> None:
    afloat, first = drawn(box(position="absolute", offsetTop="-4px", offsetEnd="10%"), TEXT, spacing="md")

    assert style(afloat)["position"] == "absolute"
    assert style(afloat)["top"] == "-4px"
    assert style(afloat)["inset-inline-end"] == "10%"
    assert "margin-top" not in style(first)


@pytest.mark.parametrize(
    ("size", "pixels"),
    (
        ("xxs", "11px"),
        ("xs", "13px"),
        ("sm", "14px"),
        ("md", "16px"),
        ("lg", "19px"),
        ("xl", "22px"),
        ("xxl", "29px"),
        ("3xl", "35px"),
        ("4xl", "48px"),
        ("5xl", "74px"),
        ("15.5px", "15.5px"),
    ),
)
def test_text_is_as_large_as_its_size(size: str, pixels: str) -> None:
    (text,) = drawn({**TEXT, "size": size})

    assert style(text)["font-size"] == pixels


def test_text_has_its_font_color_and_place() -> None:
    (text,) = drawn(
        {
            **TEXT,
            "weight": "bold",
            "style": "italic",
            "decoration": "line-through",
            "color": "#0000FF",
            "align": "end",
            "gravity": "center",
        }
    )

    assert style(text) == {
        "flex": "0 0 auto",
        "color": "#0000FF",
        "font-weight": "bold",
        "font-style": "italic",
        "text-decoration": "line-through",
        "align-content": "center",
        "text-align": "end",
    }


def test_text_is_one_line_unless_it_wraps() -> None:
    single, wrapped = drawn(TEXT, {**TEXT, "wrap": True, "maxLines": 2, "lineSpacing": "4px", "size": "20px"})

    assert (single.variant, wrapped.variant) == ("single", "wrap")
    assert inner(wrapped) == {"--line-spacing": "4px", "-webkit-line-clamp": "2"}


def test_what_is_to_fit_is_marked_for_the_browser() -> None:
    text, button, plain = drawn(
        {**TEXT, "adjustMode": "shrink-to-fit"}, {**BUTTON, "style": "primary", "adjustMode": "shrink-to-fit"}, BUTTON
    )

    assert [node.variant for node in (text, button, plain)] == ["single fits", "primary fits", "link"]


def test_spans_have_fonts_of_their_own() -> None:
    large = {"type": "span", "text": "62", "size": "xl", "weight": "bold", "style": "italic"}
    plain = {"type": "span", "text": "%", "weight": "regular", "style": "normal"}
    (text,) = drawn({"type": "text", "weight": "bold", "contents": [large, plain]})

    assert [(span.text, style(span)) for span in text.children] == [
        ("62", {"font-size": "22px", "font-weight": "bold", "font-style": "italic"}),
        ("%", {"font-weight": "normal", "font-style": "normal"}),
    ]


@pytest.mark.parametrize(("height", "pixels"), (("md", "52px"), ("sm", "40px")))
def test_a_button_is_as_high_as_its_height(height: str, pixels: str) -> None:
    (button,) = drawn({**BUTTON, "height": height})

    assert inner(button)["height"] == pixels
    assert (button.variant, button.text, button.tap.href) == ("link", "เปิด", "https://example.com/")


@pytest.mark.parametrize(
    ("kind", "painted"), (("primary", "background-color"), ("secondary", "background-color"), ("link", "color"))
)
def test_the_color_of_a_button_paints_its_face_or_its_label(kind: str, painted: str) -> None:
    (button,) = drawn({**BUTTON, "style": kind, "color": "#123456"})

    assert inner(button)[painted] == "#123456"


@pytest.mark.parametrize("uri", ("line://nv/settings", "javascript:alert(1)"))
def test_only_links_to_the_web_can_be_followed(uri: str) -> None:
    (button,) = drawn({"type": "button", "action": {"type": "uri", "label": "x", "uri": uri}})

    assert not button.tap


def test_a_tap_that_concerns_the_bot_carries_its_action() -> None:
    action = {"type": "postback", "label": "ดู", "data": "pj1~7"}
    (button,) = drawn({"type": "button", "action": action})

    assert (button.tap.label, button.tap.href) == ("ดู", "")
    assert json.loads(button.tap.press) == action


def test_what_can_be_tapped_holds_nothing_else_that_can() -> None:
    (outer,) = drawn(box(BUTTON, action=BUTTON["action"]))

    assert not outer.tap
    assert outer.children[0].tap.href == "https://example.com/"


def test_a_box_can_be_a_link() -> None:
    (outer,) = drawn(box(TEXT, action=BUTTON["action"]))

    assert outer.tap.href == "https://example.com/"


def test_an_empty_box_is_a_bar_of_its_width_within_another() -> None:
    bar = {"type": "box", "layout": "vertical", "contents": [], "width": "62%", "height": "10px", "cornerRadius": "5px"}
    (rail,) = drawn({**box(bar), "height": "10px", "backgroundColor": "#e3e7ec"})

    assert style(rail)["height"] == style(rail.children[0])["height"] == "10px"
    assert style(rail.children[0])["width"] == "62%"


def test_an_image_is_a_frame_of_its_size_and_shape() -> None:
    named, full, share = drawn(
        {"type": "image", "url": "https://x/y.png", "size": "xl", "aspectRatio": "20:13", "align": "start"},
        {"type": "image", "url": "https://x/y.png", "size": "full", "backgroundColor": "#ffffff"},
        {"type": "image", "url": "https://x/y.png", "size": "60%"},
    )

    assert inner(named) == {"aspect-ratio": "20 / 13", "width": "140px"}
    assert style(named)["text-align"] == "start"
    assert inner(full) == {"aspect-ratio": "1 / 1", "background-color": "#ffffff", "width": "100%"}
    assert inner(share)["width"] == "60%"


def test_a_separator_has_its_color() -> None:
    (separator,) = drawn({"type": "separator", "color": "#ff0000"})

    assert style(separator) == {"flex": "0 0 auto", "background-color": "#ff0000"}


def test_an_icon_is_as_large_as_text() -> None:
    icon, text = drawn({"type": "icon", "url": "https://x/y.png", "size": "lg"}, TEXT, layout="baseline")

    assert style(icon) == {"flex": "0 0 auto", "height": "19px", "aspect-ratio": "1 / 1"}
    assert text.kind == "text"


@pytest.mark.parametrize("value", ("red", "#fff", "#000000;position:fixed", "url(https://x)", "expression(1)"))
def test_nothing_but_a_color_gets_into_css_as_a_color(value: str) -> None:
    (text,) = drawn({**TEXT, "color": value})

    assert "color" not in style(text)


@pytest.mark.parametrize("value", ("8", "8em", "calc(1px)", "8px;top:0", "big"))
def test_nothing_but_a_length_gets_into_css_as_a_length(value: str) -> None:
    _, text = drawn(TEXT, {**TEXT, "margin": value, "size": value})

    assert style(text) == {"flex": "0 0 auto"}

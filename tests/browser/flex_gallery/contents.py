"""What boxes hold: words, buttons, lines and pictures; and the bubbles that hold boxes."""

from collections.abc import Iterator

from tests.browser.flex_gallery.parts import (
    LINE,
    LINK,
    PICTURE,
    PRESS,
    At,
    Component,
    Sample,
    block,
    box,
    bubble,
    button,
    cell,
    image,
    row,
    separator,
    text,
)

SHRINKING = "words that shrink until they fit, beside words that do not"
GIGA = "a giga bubble: 386 wide, or as wide as the screen allows"


def samples() -> Iterator[Sample]:
    """Yield every sample."""
    yield from _words()
    yield from _others()
    yield from _blocks()
    yield from _bubbles()


def _words() -> Iterator[Sample]:
    sizes = {"xxs": 11, "xs": 13, "sm": 14, "md": 16, "lg": 19, "xl": 22, "xxl": 29, "3xl": 35, "4xl": 48, "5xl": 74}
    tops = [19.0]
    for size in sizes.values():
        tops.append(tops[-1] + size * 1.6)
    yield Sample(
        "the sizes of text",
        bubble(*(text("62", size=word) for word in sizes)),
        {
            f"body/{number}": At(20, tops[number], 260, size * 1.6)
            for number, size in enumerate(sizes.values())
        },
    )  # fmt: skip
    yield Sample(
        "lines of text",
        bubble(
            text("หนึ่ง\nสอง\nสาม", wrap=True),
            text("หนึ่ง\nสอง\nสาม"),
            text("หนึ่ง\nสอง\nสาม\nสี่\nห้า", wrap=True, maxLines=2),
            text("ยาว" * 100, wrap=True, maxLines=3),
            text("หนึ่ง\nสอง\nสาม", wrap=True, lineSpacing="10px"),
            text("หนึ่ง", wrap=True, lineSpacing="10px"),
        ),
        {
            "body/0": At(20, 19, 260, 3 * LINE),
            "body/1": At(20, 19 + 3 * LINE, 260, LINE),
            "body/2": At(20, 19 + 4 * LINE, 260, 2 * LINE),
            "body/3": At(20, 19 + 6 * LINE, 260, 3 * LINE),
            "body/4": At(20, 19 + 9 * LINE, 260, 3 * LINE + 20),  # two spaces between three lines
            "body/5": At(20, 39 + 12 * LINE, 260, LINE),
        },
    )
    spans = [
        {"type": "span", "text": "62", "size": "xxl", "weight": "bold", "color": "#1B6B3A"},
        {"type": "span", "text": " จาก 100", "weight": "regular", "decoration": "line-through"},
    ]
    yield Sample(
        "spans have fonts and colours of their own, and make their line as high as they are",
        bubble(text("ไม่แสดง", contents=spans, weight="bold"), block(height="10px")),
        {"body/0": At(20, 19, 260, 29 * 1.6), "body/1": At(20, 65.4, 260)},
        {
            "body/0/lines/0": {"color": "rgb(27, 107, 58)", "font-size": "29px", "font-weight": "700"},
            "body/0/lines/1": {"font-size": "16px", "font-weight": "400", "text-decoration-line": "line-through"},
        },
    )
    yield Sample(
        "text has a colour, a weight, a slant, a decoration and a side",
        bubble(text(color="#8B1E1E", weight="bold", style="italic", decoration="underline", align="end")),
        {"body/0": At(20, 19, 260, LINE)},
        {
            "body/0/lines": {
                "color": "rgb(139, 30, 30)", "font-weight": "700", "font-style": "italic", "text-align": "end",
            },
            "body/0": {"text-decoration-line": "underline"},
        },
    )  # fmt: skip
    long = PRESS | {"label": "ดูผู้ที่ยังไม่รับทราบ"}
    yield Sample(
        SHRINKING,
        bubble(
            row(
                button(action=long, adjustMode="shrink-to-fit", style="primary", color="#1F3A5F", height="sm"),
                button(action=long, style="secondary", height="sm"),
                spacing="md",
            ),
            text("คำที่ยาวเกินหนึ่งบรรทัดของการ์ดใบนี้", adjustMode="shrink-to-fit", size="lg"),
            text("คำที่ยาวเกินหนึ่งบรรทัดของการ์ดใบนี้", size="lg"),
        ),
        {"body/0/0/face": At(20, 19, 126, 40), "body/0/1/face": At(154, 19, 126, 40), "body/1": At(20, 59, 260)},
    )


def _others() -> Iterator[Sample]:
    yield Sample(
        "buttons",
        bubble(
            button(),
            button(style="primary", height="sm"),
            button(style="secondary", color="#F2C879", margin="md"),
            row(button(height="sm"), button(height="sm", flex=2)),
        ),
        {
            "body/0/face": At(20, 19, 260, 52),
            "body/1/face": At(20, 71, 260, 40),
            "body/2/face": At(20, 119, 260, 52),
            "body/3/0/face": At(20, 171, 260 / 3, 40),
            "body/3/1/face": At(20 + 260 / 3, 171, 260 * 2 / 3, 40),
        },
        {
            "body/0/face": {"color": "rgb(66, 101, 154)", "background-color": "rgba(0, 0, 0, 0)"},
            "body/1/face": {"color": "rgb(255, 255, 255)", "background-color": "rgb(23, 201, 80)"},
            "body/2/face": {"color": "rgb(17, 17, 17)", "background-color": "rgb(242, 200, 121)"},
        },
    )
    yield Sample(
        "separators lie in a column and stand in a row",
        bubble(
            block(height="10px"),
            separator(margin="lg", color="#C8CDD3"),
            row(block("40px", "40px"), separator(margin="md"), cell("10px")),
        ),
        {
            "body/1": At(20, 41, 260, 1),  # 29 + 12
            "body/2/1": At(68, 42, 1, 40),
            "body/2/2": At(69, 42, 211),  # 260 - 40 - 8 - 1
        },
        {"body/1": {"background-color": "rgb(200, 205, 211)"}, "body/2/1": {"background-color": "rgb(212, 214, 218)"}},
    )
    yield Sample(
        "images: width by size, height by ratio",
        bubble(
            image(),
            image(size="sm", aspectRatio="20:13", align="start"),
            image(size="60%", aspectRatio="3:1"),
            image(size="50px", align="end"),
            image(size="xxs", aspectRatio="4:1"),
            image(size="full", aspectRatio="2:1"),
            row(*(image(size="xl") for _ in range(4))),
        ),
        {
            "body/0/frame": At(100, 19, 100, 100),  # md, in the middle
            "body/1/frame": At(20, 119, 80, 52),
            "body/2/frame": At(72, 171, 156, 52),
            "body/3/frame": At(230, 223, 50, 50),
            "body/4/frame": At(130, 273, 40, 10),
            "body/5/frame": At(20, 283, 260, 130),
            "body/6/1/frame": At(85, 413, 65, 65),  # 140 wide, but its share is a quarter of 260
        },
    )
    yield Sample(
        "what can be tapped stands where it would without",
        bubble(
            box(text(), action=PRESS, paddingAll="md", backgroundColor="#E3E7EC"),
            text("ข้อความ", action=LINK),
            image(size="20px", action=PRESS),
        ),
        {
            "body/0": At(20, 19, 260, 16 + LINE),
            "body/1": At(20, 35 + LINE, 260, LINE),
            "body/2/frame": At(140, 35 + 2 * LINE, 20, 20),
        },
        {"body/0": {"cursor": "pointer"}, "body/1": {"cursor": "pointer"}},
    )
    yield Sample(
        "a bubble that can be tapped anywhere",
        bubble(text()) | {"action": PRESS},
        {"": At(0, 0, 300, 39 + LINE), "body/0": At(20, 19, 260, LINE)},
        {"": {"cursor": "pointer"}},
    )


def _bubbles() -> Iterator[Sample]:
    for size, width, left, top, bottom in (
        ("nano", 120, 10, 10, 10),
        ("micro", 160, 10, 10, 10),
        ("deca", 220, 14, 11, 13),
        ("hecto", 241, 14, 11, 13),
        ("kilo", 260, 13, 13, 13),
    ):
        yield Sample(
            f"a {size} bubble",
            bubble(block(height="10px")) | {"size": size},
            {"": At(0, 0, width, top + 10 + bottom), "body/0": At(left, top, width - 2 * left)},
        )
    yield Sample(
        GIGA,
        bubble(row(cell("10px", flex=2), cell("10px")), block("62%", "10px")) | {"size": "giga"},
        {"body/0/0": At(20, 19, None), "body/0/1": At(None, 19, None), "body/1": At(20, 29, None)},
    )


def _blocks() -> Iterator[Sample]:
    yield Sample(
        "header, hero, body and footer",
        {
            "type": "bubble",
            "header": box(block(height="10px")),
            "hero": image(size="full", aspectRatio="20:13"),
            "body": box(block(height="10px")),
            "footer": box(block(height="10px")),
            "styles": {
                "header": {"backgroundColor": "#E3E7EC"},
                "body": {"separator": True},
                "footer": {"separator": True, "separatorColor": "#8B1E1E"},
            },
        },
        {
            "header/0": At(20, 20, 260),
            "hero/frame": At(0, 50, 300, 195),  # 300 * 13 / 20
            "body/0": At(20, 265, 260),  # 50 + 195 + a line + 19
            "footer/0": At(10, 296, 280),  # 275 + 10 + a line + 10
            "": At(0, 0, 300, 316),
        },
    )
    yield Sample(
        "a hero that is a box, one that is a video",
        {
            "type": "carousel",
            "contents": [
                {"type": "bubble", "hero": box(block(height="50px"))},
                {"type": "bubble", "hero": _video("16:9"), "body": box(block(height="10px"))},
            ],
        },
        {"hero/0": At(0, 0, 300, 50), "1/hero/frame": At(0, 0, 300, 168.75), "1/body/0": At(20, 187.75, 260)},
    )
    kilo = {"type": "bubble", "size": "kilo"}
    yield Sample(
        "a carousel: bodies grow to the height of the highest bubble",
        {
            "type": "carousel",
            "contents": [
                kilo | {"body": box(block(height="100px"))},
                kilo | {"body": box(cell("10px", flex=1), block(height="10px")), "footer": box(block(height="10px"))},
                kilo | {"header": box(block(height="10px"))},
            ],
        },
        {
            "0": At(0, 0, 260, 126),  # 13 + 100 + 13
            "1": At(0, 0, 260, 126),
            "1/body": At(0, 0, 260, 96),  # 126 less a footer of 30
            "1/body/0": At(13, 13, 234, 56),  # 96 - 13 - 17 - 10
            "1/footer/0": At(10, 106, 240, 10),
            "2": At(0, 0, 260, 36),  # no body, so it stays as high as it is
        },
    )


def _video(ratio: str) -> Component:
    return {
        "type": "video",
        "url": "https://example.com/film.mp4",
        "previewUrl": PICTURE,
        "altContent": image(),
        "aspectRatio": ratio,
    }

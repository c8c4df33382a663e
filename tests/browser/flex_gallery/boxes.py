"""Boxes: how they share their width and height, and what space they leave."""

from collections.abc import Iterator

from tests.browser.flex_gallery.parts import (
    FILLER,
    LINE,
    At,
    Component,
    Sample,
    block,
    box,
    bubble,
    button,
    cell,
    icon,
    image,
    row,
    separator,
    text,
)

BASELINES = "icons and words on one line"
"""Its words are 11, 22 and 35 pixels high; how far below their tops they stand, the font decides."""


def samples() -> Iterator[Sample]:
    """Yield every sample."""
    yield from _boxes()
    yield from _spaces()
    yield from _sizes()
    yield from _alignments()


def _boxes() -> Iterator[Sample]:
    yield Sample(
        "a column: one below the other, each as high as it needs",
        bubble(block(height="10px"), block(height="20px"), block(height="30px")),
        {
            "": At(0, 0, 300, 99),  # 19 + 60 + 20
            "body/0": At(20, 19, 260, 10),
            "body/1": At(20, 29, 260, 20),
            "body/2": At(20, 49, 260, 30),
        },
    )
    yield Sample(
        "a row: width shared 2 to 1",
        bubble(cell("10px", flex=2), cell("30px", flex=1), layout="horizontal"),
        {
            "body/0": At(20, 19, 260 * 2 / 3, 30),  # and as high as the highest of the row
            "body/1": At(20 + 260 * 2 / 3, 19, 260 / 3, 30),
        },
    )
    yield Sample(
        "a row: what has no share comes first, the rest is shared 2 to 3",
        bubble(block("40px", "20px"), text(flex=2), text(flex=3), layout="horizontal"),
        {
            "body/0": At(20, 19, 40, 20),
            "body/1": At(60, 19, 88),  # (260 - 40) * 2 / 5
            "body/2": At(148, 19, 132),  # (260 - 40) * 3 / 5
        },
    )
    yield Sample(
        "a row: a box with a width or a height of its own has no share",
        bubble(
            block("60px", "20px", flex=5),
            box(block("50px", "20px"), height="30px", flex=5),
            cell("20px"),
            layout="horizontal",
        ),
        {"body/0": At(20, 19, 60), "body/1": At(80, 19, 50, 30), "body/2": At(130, 19, 150)},  # 260 - 60 - 50
    )
    yield Sample(
        "a row: words without a share are cut where the row ends",
        bubble(text("คำที่ยาวมาก " * 20, flex=0), text("หลัง"), layout="horizontal"),
        {"body/0": At(20, 19, 260, LINE), "body/1": At(280, 19, 0)},
        is_cut=True,
    )
    yield Sample(
        "a column: free height shared 2 to 3",
        bubble(
            block("60px", "100px"),
            box(separator(), cell("10px", flex=2), separator(), cell("10px", flex=3), separator()),
            layout="horizontal",
        ),
        {  # 100 - 3 lines - 2 cells of 10 leave 77: 30.8 and 46.2
            "body/1": At(80, 19, 200, 100),
            "body/1/1": At(80, 20, 200, 40.8),
            "body/1/2": At(80, 60.8, 200, 1),
            "body/1/3": At(80, 61.8, 200, 56.2),
            "body/1/4": At(80, 118, 200, 1),
        },
    )
    yield Sample(
        "boxes in boxes",
        bubble(cell("10px"), box(row(cell("10px"), cell("10px"), cell("10px"))), layout="horizontal", spacing="md"),
        {
            "body/0": At(20, 19, 126),  # (260 - 8) / 2
            "body/1": At(154, 19, 126),
            "body/1/0/0": At(154, 19, 42),
            "body/1/0/2": At(238, 19, 42),
        },
    )
    yield Sample(
        "from right to left",
        bubble(
            row(block("40px", "20px"), block("60px", "20px"), spacing="md"),
            row(block("50px", "20px"), paddingStart="10px"),
            row(block("30px", "20px", offsetStart="15px")),
        )
        | {"direction": "rtl"},
        {
            "body/0/0": At(240, 19, 40),  # 280 - 40
            "body/0/1": At(172, 19, 60),  # 240 - 8 - 60
            "body/1/0": At(220, 39, 50),  # 280 - 10 - 50
            "body/2/0": At(235, 59, 30),  # 280 - 30 - 15
        },
    )


def _spaces() -> Iterator[Sample]:
    yield Sample(
        "spacing stands between components, a margin instead of it",
        bubble(block(height="10px"), block(height="10px"), block(height="10px", margin="xxl"), spacing="md"),
        {"body/0": At(20, 19, 260), "body/1": At(20, 37, 260), "body/2": At(20, 67, 260)},  # 8, then 20
    )
    yield Sample(
        "a margin stands before the first component, too",
        bubble(block("40px", "10px", margin="lg"), cell("10px"), layout="horizontal", spacing="5px"),
        {"body/0": At(32, 19, 40), "body/1": At(77, 19, 203)},  # 260 - 12 - 40 - 5
    )
    yield Sample(
        "the keywords of spaces: none 0, xs 2, sm 4, md 8, lg 12, xl 16, xxl 20",
        bubble(*(block(height="10px", margin=word) for word in ("none", "xs", "sm", "md", "lg", "xl", "xxl"))),
        {f"body/{number}": At(20, top, 260) for number, top in enumerate((19, 31, 45, 63, 85, 111, 141))},
    )
    yield Sample(
        "padding in a keyword, in pixels and in hundredths of the parent's width",
        bubble(
            box(
                block(height="10px"),
                paddingAll="xl", paddingTop="4px", paddingStart="10%", paddingEnd="none", backgroundColor="#EEF1F5",
            )
        ),
        {"body/0": At(20, 19, 260, 30), "body/0/0": At(46, 23, 234)},  # 4 + 10 + 16 high; 260 - 26 wide
    )  # fmt: skip
    yield Sample(
        "a border takes space, as padding does",
        bubble(
            box(block(height="10px"), borderWidth="bold", borderColor="#1F3A5F", paddingAll="md", cornerRadius="lg")
        ),
        {"body/0": At(20, 19, 260, 34), "body/0/0": At(32, 31, 236)},  # 4 + 8 on every side
        {
            "body/0": {
                "border-top-color": "rgb(31, 58, 95)",
                "border-top-width": "4px",
                "border-top-left-radius": "12px",
            }
        },
    )
    yield Sample(
        "fillers take what is left, without spacing before them",
        bubble(
            row(block("40px", "10px"), FILLER, block("40px", "10px"), spacing="md"),
            box(FILLER, block(height="20px"), FILLER, height="100px"),
        ),
        {
            "body/0/1": At(60, 19, 172),  # 260 - 40 - 40 - 8
            "body/0/2": At(240, 19, 40),
            "body/1/1": At(20, 69, 260, 20),  # 29 + (100 - 20) / 2
        },
    )
    yield Sample(
        "offsets move a component, and nothing else",
        bubble(block(height="20px"), block("50px", "20px", offsetTop="10px", offsetStart="40px"), block(height="20px")),
        {"body/1": At(60, 49, 50, 20), "body/2": At(20, 59, 260)},  # 20 + 40, 39 + 10
    )
    yield Sample(
        "what floats stands at the edges of its parent, and leaves its place to others",
        bubble(
            box(
                cell("10px"),
                block(position="absolute", offsetStart="40px", offsetEnd="80px", offsetTop="10px", offsetBottom="20px"),
                block("30px", "30px", position="absolute", offsetTop="none", offsetEnd="none"),
                block("10px", "10px", position="absolute", offsetTop="50%", offsetStart="50%"),
                cell("10px"),
                height="80px",
                backgroundColor="#EEF1F5",
            )
        ),
        {
            "body/0/1": At(60, 29, 140, 50),  # 260 - 40 - 80 wide, 80 - 10 - 20 high
            "body/0/2": At(250, 19, 30, 30),
            "body/0/3": At(150, 59, 10, 10),
            "body/0/4": At(20, 29, 260, 10),
        },
    )


def _sizes() -> Iterator[Sample]:
    yield Sample(
        "widths and heights, at most",
        bubble(
            block("50%", "10px"),
            block(height="10px", maxWidth="80px"),
            block("200px", "10px", maxWidth="50%"),
            box(block(height="50%"), height="60px"),
            block(height="40px", maxHeight="20px"),
        ),
        {
            "body/0": At(20, 19, 130),
            "body/1": At(20, 29, 80),
            "body/2": At(20, 39, 130),
            "body/3/0": At(20, 49, 260, 30),
            "body/4": At(20, 109, 260, 20),
        },
    )
    yield Sample(
        "what is higher than its box is cut, not squeezed",
        bubble(box(block(height="50px"), block(height="50px"), height="60px"), block(height="10px")),
        {"body/0": At(20, 19, 260, 60), "body/0/1": At(20, 69, 260, 50), "body/1": At(20, 79, 260)},
        {"body/0": {"overflow-x": "clip", "overflow-y": "clip"}},
        is_cut=True,
    )
    yield Sample(
        "bars",
        bubble(*(_rail(share) for share in ("0%", "62%", "100%")), spacing="sm"),
        {
            "body/0/0": At(20, 19, 0, 12),
            "body/1/0": At(20, 35, 161.2, 12),  # 260 * 0.62
            "body/2/0": At(20, 51, 260, 12),
        },
        {"body/1/0": {"background-color": "rgb(27, 107, 58)", "border-top-left-radius": "6px"}},
    )
    navy, sky, white = "rgb(31, 58, 95)", "rgb(127, 178, 229)", "rgb(255, 255, 255)"
    yield Sample(
        "a background that goes from one colour to another",
        bubble(
            block(
                height="60px",
                background={
                    "type": "linearGradient", "angle": "90deg", "startColor": "#1F3A5F", "centerColor": "#7FB2E5",
                    "centerPosition": "25%", "endColor": "#FFFFFF",
                },
            )
        ),
        {"body/0": At(20, 19, 260, 60)},
        {"body/0": {"background-image": f"linear-gradient(90deg, {navy}, {sky} 25%, {white})"}},
    )  # fmt: skip


def _rail(share: str) -> Component:
    bar = box(width=share, height="12px", backgroundColor="#1B6B3A", cornerRadius="6px")
    return box(bar, height="12px", backgroundColor="#E3E7EC", cornerRadius="6px")


def _alignments() -> Iterator[Sample]:
    three = (block("40px", "10px"), block("20px", "10px"), block("50px", "10px"))  # leave 150 of 260
    yield Sample(
        "free width before, after, between and around",
        bubble(
            *(row(*three, justifyContent=word) for word in ("flex-start", "center", "flex-end")),
            *(row(*three, justifyContent=f"space-{word}") for word in ("between", "around", "evenly")),
        ),
        {
            **_row_of(0, 20, 60, 80),
            **_row_of(1, 95, 135, 155),  # 150 / 2 before the first
            **_row_of(2, 170, 210, 230),
            **_row_of(3, 20, 135, 230),  # 150 / 2 between two
            **_row_of(4, 45, 135, 205),  # 150 / 6 at each side of each
            **_row_of(5, 57.5, 135, 192.5),  # 150 / 4 everywhere
        },
    )
    yield Sample(
        "across a row and across a column",
        bubble(
            row(block("40px", "20px"), block("40px", "60px"), alignItems="center", height="100px"),
            row(block("40px", "20px"), alignItems="flex-end", height="50px"),
            box(block("60px", "10px"), separator(), alignItems="center"),
            box(block("60px", "10px"), alignItems="flex-end"),
        ),
        {
            "body/0/0": At(20, 59, 40, 20),  # 19 + (100 - 20) / 2
            "body/0/1": At(60, 39, 40, 60),
            "body/1/0": At(20, 149, 40, 20),  # 119 + 50 - 20
            "body/2/0": At(120, 169, 60),  # 20 + (260 - 60) / 2
            "body/2/1": At(20, 179, 260, 1),
            "body/3/0": At(220, 180, 60),
        },
    )
    yield Sample(
        "top, centre and bottom of a row",
        bubble(
            row(
                text(),
                text(gravity="center"),
                text(gravity="bottom"),
                button(gravity="center", height="sm"),
                image(gravity="bottom", size="20px"),
                height="100px",
            )
        ),
        {
            "body/0/0/lines": At(20, 19, 52, LINE),
            "body/0/1/lines": At(72, 56.2, 52, LINE),  # 19 + (100 - 25.6) / 2
            "body/0/2/lines": At(124, 93.4, 52, LINE),  # 19 + 100 - 25.6
            "body/0/3/face": At(176, 49, 52, 40),
            "body/0/4/frame": At(244, 99, 20, 20),  # 228 + (52 - 20) / 2
        },
    )
    yield Sample(
        BASELINES,
        bubble(
            box(
                icon(size="5xl"),
                icon(size="xl", aspectRatio="2:1"),
                *(text("62", size=size, flex=0) for size in ("11px", "22px", "35px")),
                layout="baseline",
                spacing="sm",
            )
        ),
        {  # the first is the highest; everything stands where it ends, at 93
            "body/0/0": At(20, 19, 74, 74),
            "body/0/1": At(98, 71, 44, 22),
            **{f"body/0/{number}": At(None, None, None) for number in (2, 3, 4)},
        },
    )


def _row_of(number: int, *lefts: float) -> dict[str, At]:
    top = 19 + 10 * number
    return {
        f"body/{number}/{place}": At(left, top, width, 10)
        for place, (left, width) in enumerate(zip(lefts, (40, 20, 50), strict=True))
    }

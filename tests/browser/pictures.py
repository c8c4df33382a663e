"""Pictures for the guides: what a phone or a page shows, cut out, with the words that are to be read in it.

Fonts differ between machines, so pictures are never compared; the words in them are (``docs/pictures/pictures.json``).
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, FloatRect, Locator, Page, ViewportSize

from bot.rich_menus.draw import draw
from domain.roles import Role
from messages_th.rich_menus import SINGLE
from tests.chatting import Visitor, web_of
from tests.processes import ROOT

PICTURES = ROOT / "docs" / "pictures"
WORDS = PICTURES / "pictures.json"
"""The words in each picture: ``{"docs/th/officers.md": {"name": ["line", …]}}``."""

_SHOWN = re.compile(r"pictures/([a-z0-9-]+)\.png")
_WIDTH, _MARGIN, _SCALE = 390, 12, 2
"""CSS pixels, and how many of a picture one of them takes."""
_TALL = 2600
"""CSS pixels: a phone on which nothing needs to be scrolled, as bars would hide what is below them."""
_MENU_SCALE = 3
_WALL = "#9bb5d4"
"""What is behind the messages of a chat."""
_COLOURS = 40
_READ = """clip => {
    const inside = box => box.width && box.height && (!clip
        || (box.x + box.width / 2 > clip.x && box.x + box.width / 2 < clip.x + clip.width
            && box.y + box.height / 2 + scrollY > clip.y && box.y + box.height / 2 + scrollY < clip.y + clip.height));
    const seen = element => element.checkVisibility({visibilityProperty: true});
    const lines = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ALL);
    const range = document.createRange();
    while (walker.nextNode()) {
        const node = walker.currentNode;
        if (node.nodeType === Node.TEXT_NODE && node.textContent.trim() && seen(node.parentElement)) {
            range.selectNodeContents(node);
            if (inside(range.getBoundingClientRect())) lines.push(node.textContent);
        } else if (/^(INPUT|TEXTAREA)$/.test(node.nodeName) && !/^(radio|checkbox)$/.test(node.type) && seen(node)
                   && inside(node.getBoundingClientRect())) lines.push(node.value);
    }
    return lines;
}"""


@dataclass(frozen=True, slots=True)
class Picture:
    """The lines of text in a picture, and the PNG where pictures are kept."""

    words: Sequence[str]
    png: bytes


@dataclass
class Studio:
    """Takes the pictures of one guide from phones and pages; without ``film`` it only reads what is in them."""

    browser: Browser
    film: bool
    taken: dict[str, Picture] = field(default_factory=dict)

    @contextmanager
    def page(self, width: int = _WIDTH, height: int = 844, scale: int = _SCALE) -> Iterator[Page]:
        """Give a page of a phone's size, unless told otherwise; for a film as sharp as a phone shows it."""
        size: ViewportSize = {"width": width, "height": height}
        sharp = scale if self.film else 1
        context = self.browser.new_context(viewport=size, device_scale_factor=sharp, reduced_motion="reduce")
        yield context.new_page()
        context.close()

    def chat(self, name: str, who: Visitor, *messages: int) -> None:
        """Take messages on somebody's phone, counted from the end (-1) and the last if none is named.

        The answers that are offered below a message are part of it.
        """
        with self.page(height=_TALL) as page:
            page.goto(f"{web_of(who.bot).line.origin}/?u={who.account}")
            lines = page.get_by_role("log").locator("[id^='message-']").all()
            chosen = [lines[message].locator(".bubble, .balloon, .quick") for message in messages or (-1,)]
            parts = [part for found in chosen for part in found.all() if part.is_visible()]
            words = [line for part in parts for line in _lines(part.inner_text())]
            self._takes(name, words, lambda: _stacked([_opened(part.screenshot()) for part in parts]))

    def menu(self, name: str, role: Role) -> None:
        """Take the menu of somebody who holds one role."""
        (menu,) = (menu for menu in SINGLE if menu.role is role)
        labels = [entry.label.replace("\n", "") for row in menu.page.rows for entry in row]
        self._takes(name, labels, lambda: _opened(draw(menu)).convert("RGB").reduce(_MENU_SCALE))

    def part(self, name: str, page: Page, first: Locator, last: Locator) -> None:
        """Take a page from the top of one of its parts to the bottom of another, in its whole width."""
        above, below, scrolled = first.bounding_box(), last.bounding_box(), page.evaluate("scrollY")
        assert above, f"{name}: {first} is not shown"
        assert below, f"{name}: {last} is not shown"
        top = max(above["y"] + scrolled - _MARGIN, 0)
        height = below["y"] + below["height"] + scrolled + _MARGIN - top
        clip: FloatRect = {"x": 0, "y": top, "width": page.evaluate("innerWidth"), "height": height}
        words = [line for text in page.evaluate(_READ, clip) for line in _lines(text)]
        self._takes(name, words, lambda: _opened(page.screenshot(full_page=True, clip=clip)))

    def window(self, name: str, page: Page, *parts: Locator) -> None:
        """Take what a window shows of a page on which time passes; headings and buttons in its parts are the words."""
        found = [part.get_by_role("heading").or_(part.get_by_role("button")).all_inner_texts() for part in parts]
        words = [line for texts in found for text in texts for line in _lines(text)]
        self._takes(name, words, lambda: _opened(page.screenshot()))

    def _takes(self, name: str, words: Sequence[str], look: Callable[[], Image.Image]) -> None:
        self.taken[name] = Picture(words, _small(look()) if self.film else b"")


def shown_in(guide: str) -> set[str]:
    """Return the names of the pictures that a guide shows, by its path from the root."""
    return set(_SHOWN.findall((ROOT / guide).read_text(encoding="utf-8")))


def kept_words(guide: str) -> Mapping[str, Sequence[str]]:
    """Return the words in the pictures of a guide, as they were when these were made."""
    return _kept().get(guide, {})


def keep(guide: str, taken: Mapping[str, Picture]) -> None:
    """Put the pictures of a guide into the docs in place of its earlier ones."""
    kept = _kept()
    for gone in kept.get(guide, {}).keys() - taken.keys():
        _file(gone).unlink(missing_ok=True)
    PICTURES.mkdir(exist_ok=True)
    for name, picture in taken.items():
        _file(name).write_bytes(picture.png)
    kept[guide] = {name: picture.words for name, picture in taken.items()}
    WORDS.write_text(json.dumps(dict(sorted(kept.items())), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _kept() -> dict[str, Mapping[str, Sequence[str]]]:
    found: dict[str, Mapping[str, Sequence[str]]] = json.loads(WORDS.read_text("utf-8")) if WORDS.exists() else {}
    return found


def _file(name: str) -> Path:
    return PICTURES / f"{name}.png"


def _lines(text: str) -> Sequence[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _opened(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png))


def _stacked(shots: Sequence[Image.Image]) -> Image.Image:
    """Return messages as a phone shows them, one below the other."""
    margin = _MARGIN * _SCALE
    height = sum(shot.height + margin for shot in shots) + margin
    wall = Image.new("RGB", (max(shot.width for shot in shots) + 2 * margin, height), _WALL)
    top = margin
    for shot in shots:
        wall.paste(shot.convert("RGB"), (margin, top))
        top += shot.height + margin
    return wall


def _small(image: Image.Image) -> bytes:
    file = BytesIO()
    few = image.convert("RGB").quantize(_COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
    few.save(file, "PNG", optimize=True)
    return file.getvalue()

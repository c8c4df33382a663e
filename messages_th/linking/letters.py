"""Letters that bring people their invite code on paper: one A4 page each, with a QR that types the code.

HTML with its own escaping, apart from the cards': every value is escaped but the QR, which is a drawing of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from domain.invite_codes import spelled
from messages_th import formats
from messages_th.linking import PRIVACY_NOTICE


@dataclass(frozen=True, slots=True)
class Letter:
    """What is on a page: ``qr`` is an SVG element, ``code`` comes without hyphens, ``expires_at`` is aware."""

    name: str
    position: str
    unit: str
    code: str
    qr: str
    expires_at: datetime


def letters(pages: Iterable[Letter], account: str) -> Iterator[str]:
    """Yield an HTML document of one page per letter, in parts; ``account`` is the bot's @id."""
    template = _PAGES.get_template("letter.html.j2")
    yield from template.generate(pages=(_filled(page) for page in pages), account=account, notice=PRIVACY_NOTICE)


def _filled(letter: Letter) -> dict[str, str]:
    return {
        "name": formats.one_line(letter.name),
        "position": formats.one_line(letter.position),
        "unit": formats.one_line(letter.unit),
        "code": spelled(letter.code),
        "qr": Markup(letter.qr),  # noqa: S704 - drawn by us from a code and an @id, both plain characters
        "expires_on": formats.date_and_time(letter.expires_at),
    }


_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)

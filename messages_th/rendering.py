"""Templates to LINE messages (``architecture.md`` §4).

A message is a folder here: ``card.json.j2`` is its Flex container, ``alt.txt.j2`` the text that notifications show, and
``text.txt.j2`` a plain text message. In a card every value is written as the inside of a JSON string, by construction;
what a card writes itself is compacted once, when the template is compiled. Text templates are not escaped: their result
becomes one JSON string as a whole.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.runtime import Macro
from markupsafe import Markup

from messages_th.lengths import cut_utf16

ALT_TEXT_LENGTH = 400
"""LINE takes 1,500 UTF-16 units; what a notification shows is far less."""
TEXT_LENGTH = 5_000

_FOLDER = Path(__file__).parent
_quoted = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message ready to be sent: ``alt`` says it in a line, ``body`` is a JSON array of one LINE message, compact."""

    alt: str
    body: str


def card(message: str, **values: object) -> Rendered:
    """Return the Flex message of folder ``message``.

    Raises:
        jinja2.UndefinedError: its templates need a value that is not there.
    """
    alt = cut_utf16(_TEXTS.get_template(f"{message}/alt.txt.j2").render(values), ALT_TEXT_LENGTH)
    contents = _CARDS.get_template(f"{message}/card.json.j2").render(values)
    return Rendered(alt, f'[{{"type":"flex","altText":{_quoted(alt)},"contents":{contents}}}]')


def text(message: str, **values: object) -> Rendered:
    """Return the plain text message of folder ``message``; raises as ``card`` does."""
    return plain(_TEXTS.get_template(f"{message}/text.txt.j2").render(values))


def plain(words: str) -> Rendered:
    """Return a text message that says these words, cut where LINE takes no more."""
    words = cut_utf16(words, TEXT_LENGTH)
    return Rendered(cut_utf16(words, ALT_TEXT_LENGTH), f'[{{"type":"text","text":{_quoted(words)}}}]')


class CompactJson(Extension):
    """Takes the white space between JSON tokens out of a card's own text when it is compiled.

    Cards spell no quotation mark inside a JSON string themselves, so a mark always begins or ends one.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Yield the template's tokens with compacted text."""
        in_string = False
        for token in stream:
            if token.type != "data":
                yield token
                continue
            parts = []
            for position, part in enumerate(token.value.split('"')):
                in_string ^= position > 0
                parts.append(part if in_string else "".join(part.split()))
            yield Token(token.lineno, "data", '"'.join(parts))


def _inside_json_string(value: object) -> Markup:
    """Escape a value for its place between a card's quotation marks; the text of templates and macros stays."""
    return value if isinstance(value, Markup) else _escaped(str(value))


@lru_cache(maxsize=8192)
def _escaped(words: str) -> Markup:
    return Markup(_quoted(words)[1:-1])  # noqa: S704 - this is the escaping


@lru_cache(maxsize=8192)
def _remembered(part: Macro, *values: Hashable) -> str:
    """Return what a part of an imported template makes of these values, worked out once.

    The digests of one morning say much the same: tens of thousands share a few hundred headers and footers.
    """
    return part(*values)


_CARDS = Environment(
    loader=FileSystemLoader(_FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_inside_json_string,
    extensions=[CompactJson],
    auto_reload=False,
)
_CARDS.globals["remembered"] = _remembered
_CARDS.globals["flex"] = _CARDS.get_template("parts/flex.json.j2").module  # an import in each card costs a tenth of it
_TEXTS = Environment(
    loader=FileSystemLoader(_FOLDER),
    autoescape=False,  # noqa: S701 - plain text, made one JSON string as a whole
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)

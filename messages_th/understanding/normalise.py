"""One spelling for what phones, keyboards and copied documents write in many ways."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 1_000
"""Characters of an utterance that are looked at; LINE lets people send 5,000."""

_TRANSLATED = str.maketrans(
    {
        **{chr(0x0E50 + digit): str(digit) for digit in range(10)},
        **{chr(0xFF01 + offset): chr(0x21 + offset) for offset in range(94)},
        **dict.fromkeys(
            map(chr, (0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF))
        ),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("‘’`´", "'"),
    }
)
_LOWERED = str.maketrans({chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)})

_NO_TEXT = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_TONE = re.compile("[\u0e48-\u0e4b]")
_SARA_AM = re.compile("[\u0e48-\u0e4b]*(?:\u0e33|\u0e4d[\u0e48-\u0e4b]*\u0e32)[\u0e48-\u0e4b\u0e33]*")
_TWO_E = re.compile("\u0e40\u0e40")
_REPEATED_MARK = re.compile("([\u0e30-\u0e3a\u0e45-\u0e4e])\\1+")
_AS_SHOWN = re.compile(r"\s*«([^«»]*)»\s*")
_IN_QUOTES = re.compile('"([^"]*)"')
_DRAWN_OUT = re.compile("(?<=[a-zA-Z\u0e01-\u0e4e])([a-zA-Z\u0e01-\u0e2e\u0e40-\u0e44])\\1{2,}")


def normalised(text: str) -> str:
    """Return the text in the one spelling that everything here reads; the same again when done twice.

    Thai digits become Arabic, any space a plain one, any dash a hyphen; invisible characters go, vowels and tones
    stand in their usual order, drawn-out letters are cut short, quotation marks around the whole go: words to be typed
    are shown in them. Upper case stays: names of projects are quoted.
    """
    text = unicodedata.normalize("NFC", text[: 2 * LONGEST])
    if shown := _AS_SHOWN.fullmatch(text):
        text = shown[1]
    text = _NO_TEXT.sub(" ", text.translate(_TRANSLATED))
    while (simpler := _simplified(text)) != text:
        text = simpler
    text = text[:LONGEST].strip()
    quoted = _IN_QUOTES.fullmatch(text)
    return quoted[1].strip() if quoted else text


def _simplified(text: str) -> str:
    text = _SARA_AM.sub(_composed, text)
    text = _REPEATED_MARK.sub(r"\1", _TWO_E.sub("\u0e41", text))
    return unicodedata.normalize("NFC", _DRAWN_OUT.sub(r"\1", text))


def _composed(found: re.Match[str]) -> str:
    """Return sara am in one character, behind its tone."""
    tone = _TONE.search(found[0])
    return f"{tone[0] if tone else ''}\u0e33"


def lowered(text: str) -> str:
    """Return the text with Latin letters small, every character where it was."""
    return text.translate(_LOWERED)

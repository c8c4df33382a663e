"""Hands out files that somebody handed in: piece by piece, by their own names, and able to do nothing in a browser."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from flask import Response

from bot.pages.headers import POLICY_HEADER
from storage.untrusted_files.kinds import Kind

ALONE = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Nothing runs and nothing is loaded; the inline style is the browser's own, around a photo that it shows."""
_ENDINGS = {Kind.JPEG: (".jpg", ".jpeg"), Kind.PNG: (".png",), Kind.PDF: (".pdf",)}


def file_answer(pieces: Iterable[bytes], size: int, kind: Kind, name: str, plain_name: str) -> Response:
    """Return a file of ``size`` bytes: photos are shown, documents are saved, for browsers show no PDF in a sandbox.

    ``name`` is what it is called, ``plain_name`` stands for it where Thai cannot be read: in ASCII, without its ending
    (RFC 6266).
    """
    answer = Response(pieces, mimetype=kind)
    answer.content_length = size
    shown = "attachment" if kind is Kind.PDF else "inline"
    ending, saved_as = kind.rpartition("/")[2], quote(_saved_as(name, kind), safe="")
    answer.headers["Content-Disposition"] = f"{shown}; filename=\"{plain_name}.{ending}\"; filename*=UTF-8''{saved_as}"
    answer.headers[POLICY_HEADER] = ALONE
    return answer


def _saved_as(name: str, kind: Kind) -> str:
    """Return the name under which a phone or a computer saves the file, and opens it as what it is by content."""
    endings = _ENDINGS[kind]
    return name if name.lower().endswith(endings) else f"{name}{endings[0]}"

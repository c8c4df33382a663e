"""Hands out photos and documents: as what they are by content, piece by piece, and able to do nothing in a browser."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from flask import Response

from bot.pages.headers import POLICY_HEADER
from bot.pages.refusals import Refused
from storage.database import Database
from storage.evidence_cleaning.kinds import Kind
from storage.queries.evidence import EvidenceFile, pieces_of

_ENDINGS = {Kind.JPEG: (".jpg", ".jpeg"), Kind.PNG: (".png",), Kind.PDF: (".pdf",)}
_ALONE = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Nothing runs and nothing is loaded; the inline style is the browser's own, around a photo that it shows."""


def chosen(files: Sequence[EvidenceFile], evidence_id: int) -> EvidenceFile:
    """Return the file with this id among those that may be seen; raises Refused where it is none of them."""
    for file in files:
        if file.evidence_id == evidence_id:
            return file
    raise Refused


def file_answer(database: Database, file: EvidenceFile) -> Response:
    """Return the file itself: photos are shown, documents are saved, under a name that says what they are."""
    shown = "attachment" if file.content_type == Kind.PDF else "inline"
    ending = file.content_type.rpartition("/")[2]
    answer = Response(pieces_of(database, file.evidence_id, file.size), mimetype=file.content_type)
    answer.content_length = file.size
    name = quote(_saved_as(file), safe="")
    answer.headers["Content-Disposition"] = (
        f"{shown}; filename=\"evidence-{file.evidence_id}.{ending}\"; filename*=UTF-8''{name}"
    )
    answer.headers[POLICY_HEADER] = _ALONE
    return answer


def _saved_as(file: EvidenceFile) -> str:
    """Return the name under which a phone or a computer saves the file, and opens it as what it is by content."""
    endings = _ENDINGS[Kind(file.content_type)]
    return file.name if file.name.lower().endswith(endings) else f"{file.name}{endings[0]}"


def thumbnail_answer(thumbnail: bytes) -> Response:
    """Return the small picture of a photo."""
    return Response(thumbnail, mimetype=Kind.JPEG, headers={POLICY_HEADER: _ALONE})

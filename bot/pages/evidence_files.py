"""Hands out photos and documents of evidence."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response

from bot.pages import file_answers
from bot.pages.headers import POLICY_HEADER
from bot.pages.refusals import Refused
from storage.database import Database
from storage.file_pieces import pieces_of
from storage.queries.evidence import EvidenceFile
from storage.tables import EvidencePart
from storage.untrusted_files.kinds import Kind


def chosen(files: Sequence[EvidenceFile], evidence_id: int) -> EvidenceFile:
    """Return the file with this id among those that may be seen; raises Refused where it is none of them."""
    for file in files:
        if file.evidence_id == evidence_id:
            return file
    raise Refused


def file_answer(database: Database, file: EvidenceFile) -> Response:
    """Return the file itself."""
    pieces = pieces_of(database, EvidencePart, file.evidence_id, file.size)
    kind, plain_name = Kind(file.content_type), f"evidence-{file.evidence_id}"
    return file_answers.file_answer(pieces, file.size, kind, file.name, plain_name)


def thumbnail_answer(thumbnail: bytes) -> Response:
    """Return the small picture of a photo."""
    return Response(thumbnail, mimetype=Kind.JPEG, headers={POLICY_HEADER: file_answers.ALONE})

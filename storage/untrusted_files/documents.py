"""PDFs without metadata and without anything that acts; their pages stay as they are."""

from __future__ import annotations

from io import BytesIO

import pikepdf
from pikepdf.sanitize import Sanitizer

from domain.evidence import MOST_BYTES, EvidenceFault, EvidenceRefused
from storage.untrusted_files.jpeg_segments import BrokenJpeg, without_metadata
from storage.untrusted_files.kinds import Cleaned, Kind
from storage.untrusted_files.pdf_parts import MOST_OBJECTS, dictionaries

_DROPPED = frozenset(
    {
        "/AA", "/AF", "/Collection", "/DSS", "/EF", "/JS", "/LastModified", "/Metadata", "/OpenAction", "/Perms",
        "/PieceInfo", "/SigFlags", "/SpiderInfo", "/XFA",
    }
)  # fmt: skip
"""Keys that go wherever they stand (PDF 32000-1:2008): what happens by itself, what is attached, who wrote with what.

A signature does not survive that a file is written anew, so what would call it invalid goes, too.
"""
_OF_ANNOTATION = ("/T", "/M", "/CreationDate", "/Subj", "/NM")
"""Who wrote a note, and when."""
_PHOTOS = (pikepdf.Name.DCTDecode, pikepdf.Array([pikepdf.Name.DCTDecode]))
_BROKEN = (pikepdf.PikepdfError, BrokenJpeg, ValueError)
_harmless = (
    Sanitizer()
    .remove_javascript()
    .remove_external_access()
    .remove_attachments()
    .remove_multimedia()
    .remove_thumbnails()
    .remove_collection()
)


def cleaned_document(content: bytes) -> Cleaned:
    """Return a PDF as it may be kept: without metadata, scripts, actions, attachments, media, and earlier revisions.

    Photos in it lose what their cameras wrote, where they are JPEG; other encodings are kept as they are.

    Raises:
        EvidenceRefused: it is encrypted or damaged, or has more parts than a document of its size.
    """
    try:
        with pikepdf.open(BytesIO(content), attempt_recovery=False) as document:
            return Cleaned(_rewritten(document), Kind.PDF)
    except pikepdf.PasswordError as error:
        raise EvidenceRefused(EvidenceFault.LOCKED_DOCUMENT) from error
    except _BROKEN as error:
        raise EvidenceRefused(EvidenceFault.BROKEN_DOCUMENT) from error


def _rewritten(document: pikepdf.Pdf) -> bytes:
    if document.is_encrypted:
        raise EvidenceRefused(EvidenceFault.LOCKED_DOCUMENT)
    if len(document.objects) > MOST_OBJECTS:
        raise EvidenceRefused(EvidenceFault.TOO_DEMANDING)
    if not len(document.pages):
        raise EvidenceRefused(EvidenceFault.BROKEN_DOCUMENT)
    _harmless.apply(document)
    del document.docinfo
    for part in dictionaries(document):
        _forget(part)
    file = BytesIO()
    document.save(
        file,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,  # what is packed stays packed, unless it is packed twice
        deterministic_id=True,
    )
    if file.tell() > MOST_BYTES:
        raise EvidenceRefused(EvidenceFault.TOO_DEMANDING)
    return file.getvalue()


def _forget(part: pikepdf.Object) -> None:
    for key in _DROPPED & part.keys():
        del part[key]
    if part.get("/FT") == pikepdf.Name.Sig and "/V" in part:
        del part["/V"]
    if "/Rect" in part and part.get("/Subtype") != pikepdf.Name.Widget:
        for key in set(_OF_ANNOTATION) & part.keys():
            del part[key]
    if isinstance(part, pikepdf.Stream) and part.get("/Filter") in _PHOTOS:
        part.write(without_metadata(part.read_raw_bytes()), filter=pikepdf.Name.DCTDecode)

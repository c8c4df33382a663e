"""The bytes of large files, in pieces: no row is huge, and none is read before somebody is ready for it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from storage.database import Database
from storage.tables import CircularFilePart, EvidencePart

PIECE = 256 * 1024
"""Bytes that are read and handed out at a time."""

Parts = type[EvidencePart] | type[CircularFilePart]
"""The table in which the pieces of a kind of file lie."""


class FileGone(LookupError):
    """The file is not there, or not any more."""


def keep(session: Session, parts: Parts, file_id: int, content: bytes) -> None:
    """Keep the content of the file with this id."""
    for number, start in enumerate(range(0, len(content), PIECE)):
        piece = {"file_id": file_id, "number": number, "content": content[start : start + PIECE]}
        session.execute(insert(parts).values(piece))


def pieces_of(database: Database, parts: Parts, file_id: int, size: int) -> Iterator[bytes]:
    """Yield a file's ``size`` bytes piece by piece, each read when it is asked for.

    No connection to the database is held meanwhile: phones take their time.

    Raises:
        FileGone: it was removed before its end was reached.
    """
    number = given = 0
    while given < size:
        query = select(parts.content).where(parts.file_id == file_id, parts.number == number)
        with database.read() as session:
            piece = session.scalar(query)
        if piece is None:
            raise FileGone(file_id)
        yield piece
        number, given = number + 1, given + len(piece)

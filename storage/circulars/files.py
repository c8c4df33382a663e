"""The PDFs of a circular: added and removed while it is a draft, and kept byte by byte as they were handed in.

They are handed out by ``storage.file_pieces.pieces_of(database, CircularFilePart, file_id, size)``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.circulars.letters import MOST_FILES, LetterFault, LetterRefused
from domain.circulars.life import CircularAct, CircularState
from domain.evidence import display_name
from storage.circulars.rows import changed, locked
from storage.file_pieces import FileGone, keep
from storage.outbox_claims import Now
from storage.reference import Reference
from storage.submissions.actor import Actor
from storage.tables import Circular, CircularFile, CircularFilePart
from storage.untrusted_files.kinds import CheckedLetter

_UNNAMED = "letter.pdf"


@dataclass(frozen=True, slots=True)
class FileOfLetter:
    """A PDF as it is shown; ``size`` in bytes."""

    file_id: int
    name: str
    size: int


def files_of(session: Session, circular_id: int) -> Sequence[FileOfLetter]:
    """Return the files of a circular in the order in which they were added; who may see them is the caller's affair."""
    columns = (CircularFile.id, CircularFile.name, CircularFile.size)
    found = session.execute(select(*columns).where(CircularFile.circular_id == circular_id).order_by(CircularFile.id))
    return [FileOfLetter(*values) for values in found]


def add(
    session: Session, reference: Reference, by: Actor, circular_id: int, name: str, checked: CheckedLetter, at: Now,
    message_id: str = "",
) -> FileOfLetter:  # fmt: skip
    """Add a PDF to a draft and return it; the same content twice is one file, under its first name.

    ``message_id`` is that of the LINE message which brought it.

    Raises:
        CircularRefused: NOT_YOURS, or WRONG_STATE where it is no draft any more.
        LetterRefused: TOO_MANY.
    """
    row = locked(session, reference, by, circular_id, CircularAct.EDIT)
    sha256 = hashlib.sha256(checked.content).hexdigest()
    there = session.scalars(select(CircularFile).filter_by(circular_id=row.id)).all()
    same = next((file for file in there if file.sha256 == sha256), None)
    if same is not None:
        return FileOfLetter(same.id, same.name, same.size)
    if len(there) >= MOST_FILES:
        raise LetterRefused(LetterFault.TOO_MANY)
    file = CircularFile(
        circular_id=row.id,
        name=display_name(name) or _UNNAMED,
        size=len(checked.content),
        sha256=sha256,
        message_id=message_id,
        added_at=at.real,
    )
    session.add(file)
    changed(row, at)
    session.flush()
    keep(session, CircularFilePart, file.id, checked.content)
    return FileOfLetter(file.id, file.name, file.size)


def remove(session: Session, reference: Reference, by: Actor, circular_id: int, file_id: int, at: Now) -> None:
    """Take a file out of a draft.

    Raises:
        CircularRefused: NOT_YOURS, or WRONG_STATE where it is no draft any more.
        FileGone: it is not there, or not any more.
    """
    row = locked(session, reference, by, circular_id, CircularAct.EDIT)
    file = session.scalar(select(CircularFile).filter_by(circular_id=row.id, id=file_id))
    if file is None:
        raise FileGone(file_id)
    session.delete(file)
    changed(row, at)
    session.flush()


def take_back(session: Session, by: Actor, message_id: str, at: Now) -> None:
    """Take out of the drafts of ``by`` what a message brought that was taken back (LINE docs, "Receive unsend events").

    What was proposed or released stays: it is an official letter by then.
    """
    if not message_id:
        return
    brought = CircularFile.message_id == message_id
    query = select(Circular).where(
        Circular.maker_id == by.person_id,
        Circular.state == CircularState.DRAFT,
        Circular.id.in_(select(CircularFile.circular_id).where(brought)),
    )
    for row in session.scalars(query.with_for_update().execution_options(populate_existing=True)).all():
        session.execute(delete(CircularFile).where(CircularFile.circular_id == row.id, brought))
        changed(row, at)
    session.flush()

"""What became of a letter later: the letters that corrected or withdrew it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.circulars.letters import Relation
from domain.circulars.life import CircularState
from storage.submissions.actor import Actor
from storage.tables import Circular


@dataclass(frozen=True, slots=True)
class LaterLetter:
    """A letter that corrects or withdraws an earlier one; ``released_at`` is business time."""

    circular_id: int
    relation: Relation
    letter_no: str
    letter_date: date | None
    subject: str
    released_at: datetime


def later_letters(session: Session, circular_id: int) -> Sequence[LaterLetter]:
    """Return the letters, released already, that are directly about a circular, the first one first."""
    row = Circular
    query = (
        select(row.id, row.relation, row.letter_no, row.letter_date, row.subject, row.released_at)
        .where(row.about_id == circular_id, row.relation.is_not(None), row.released_at.is_not(None))
        .order_by(row.released_at, row.id)
    )
    found: Iterable[Any] = session.execute(query)
    return [LaterLetter(*values) for values in found]


def begun_letter(session: Session, by: Actor, circular_id: int, relation: Relation) -> int | None:
    """Return the draft (id) in which somebody began to correct or withdraw a circular; None: there is none."""
    query = select(Circular.id).filter_by(
        maker_id=by.person_id, state=CircularState.DRAFT, about_id=circular_id, relation=relation
    )
    return session.scalar(query.order_by(Circular.id.desc()).limit(1))

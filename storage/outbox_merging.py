"""Several messages of one kind to one person become one: the first carries what the others were to say.

What was merged ends as cancelled, and its arguments live on in the carrying row (``MERGED``). So nothing is lost when
that one is parked, given back, or rendered anew after a retry: it says all that it carries and is still true.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from storage.outbox_claims import Claimed, Ending, Now, end
from storage.tables import OutboxMessage
from storage.tables.messaging import NoticeKind, OutboxState

MERGED = "merged"
"""Why a message was cancelled, and the argument under which another carries it."""

NO_LONGER_TRUE = "no_longer_true"
"""Why a message was cancelled: nothing of what it was to say holds, or is its reader's business, any more."""

Args = Mapping[str, Any]
_ROW = OutboxMessage


@dataclass(frozen=True, slots=True)
class Alike:
    """A message that may carry others or be carried; ``pieces`` are the arguments of all that it says."""

    id: int
    person_id: int
    pieces: Sequence[Args]
    priority: int
    expires_at: datetime | None
    is_claimed: bool

    def says_any(self, pieces: Sequence[Args]) -> bool:
        """Tell whether any of ``pieces`` is one of its own."""
        return any(piece in pieces for piece in self.pieces)


def alike(session: Session, rows: Collection[Claimed], until: datetime, now: Now) -> Mapping[int, Sequence[Alike]]:
    """Return claimed messages of one kind, and what else of it is due to their people up to ``until``, by person (ids).

    The claimed ones come first. The others are locked until the transaction ends; what another sender has is left out.
    """
    claimed = {row.id for row in rows}
    kinds, people = {row.kind for row in rows}, {row.person_id for row in rows}
    waits = and_(
        _ROW.kind.in_(kinds),
        _ROW.person_id.in_(people),
        _ROW.state == OutboxState.DUE,
        _ROW.body.is_(None),
        _ROW.not_before <= until,
        or_(_ROW.expires_at.is_(None), _ROW.expires_at > now.business),
    )
    query = (
        select(_ROW.id, _ROW.person_id, _ROW.args, _ROW.priority, _ROW.expires_at)
        .where(or_(_ROW.id.in_(claimed), waits))
        .order_by(_ROW.id)
        .with_for_update(skip_locked=True)
    )
    found: dict[int, list[Alike]] = defaultdict(list)
    for number, person_id, args, priority, expires_at in session.execute(query):
        pieces = pieces_of(args)
        found[person_id].append(Alike(number, person_id, pieces, priority, expires_at, number in claimed))
    return {person: sorted(messages, key=lambda m: not m.is_claimed) for person, messages in found.items()}


def pieces_of(args: Args) -> Sequence[Args]:
    """Return the arguments of everything that a message says: its own, and what was merged into it."""
    own = {name: value for name, value in args.items() if name != MERGED}
    return [own, *args.get(MERGED, ())]


def carry(session: Session, carrier: Alike, others: Collection[Alike], pieces: Sequence[Args]) -> Mapping[int, Ending]:
    """Let ``carrier`` say ``pieces`` (one or more) in the place of ``others``, and return how these ended, by id.

    It is worth as much, and lives as long, as the most of them.
    """
    together = [carrier, *others]
    lives = [message.expires_at for message in together]
    values = {
        "args": {**pieces[0], MERGED: list(pieces[1:])},
        "priority": min(message.priority for message in together),
        "expires_at": None if None in lives else max(life for life in lives if life is not None),
    }
    session.execute(update(_ROW).where(_ROW.id == carrier.id).values(values))
    reasons = {message.id: MERGED if message.says_any(pieces) else NO_LONGER_TRUE for message in others}
    endings = {number: Ending(OutboxState.CANCELLED, reason) for number, reason in reasons.items()}
    end(session, endings)
    return endings


def told_since(
    session: Session, kind: NoticeKind, people: Collection[int], since: datetime, now: Now
) -> Mapping[int, datetime]:
    """Return when (business time) each of ``people`` (ids) was last told something of ``kind``, from ``since`` on.

    What is on its way counts as told just now.
    """
    under_way = and_(_ROW.state.in_([OutboxState.DUE, OutboxState.SENDING]), _ROW.body.is_not(None))
    sent = and_(_ROW.state == OutboxState.SENT, _ROW.sent_at >= since)
    query = select(_ROW.person_id, func.coalesce(_ROW.sent_at, now.business)).where(
        _ROW.kind == kind, _ROW.person_id.in_(people), or_(sent, under_way)
    )
    told: dict[int, datetime] = {}
    for person, at in session.execute(query):
        told[person] = max(at, told.get(person, at))
    return told


def pieces_told(session: Session, kind: NoticeKind, person_id: int, since: datetime) -> Sequence[Args]:
    """Return what messages of ``kind``, queued from ``since`` on, told the person, may have told, or will tell."""
    alive = _ROW.state.in_([OutboxState.SENT, OutboxState.SENDING, OutboxState.DUE])
    about = and_(_ROW.kind == kind, _ROW.person_id == person_id, _ROW.created_at >= since)
    query = select(_ROW.args).where(about, or_(alive, _ROW.uncertain))
    return [piece for args in session.scalars(query) for piece in pieces_of(args)]

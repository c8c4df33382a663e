"""What an approver's notices of arrivals say when they go out: what still waits there since that very arrival."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from domain.news import ArrivedItem
from domain.organisation import Hand
from domain.submissions import SubmissionState
from storage.outbox_claims import Now
from storage.outbox_merging import Args
from storage.queries.readers import PersonReading, people_reading
from storage.queries.submission_news import Matters
from storage.reference import Reference
from storage.submissions.rows import unit_of
from storage.tables import Submission


class ArrivalReading(Matters):
    """Tells what of queued arrivals holds."""

    def __init__(self, session: Session, reference: Reference, _now: Now, pieces: Collection[Args]) -> None:
        super().__init__(session, reference, {piece["submission"] for piece in pieces})

    def holding(self, reader: PersonReading, pieces: Sequence[Args]) -> Sequence[tuple[Args, ArrivedItem]]:
        """Return what still waits since that arrival and the reader may decide, most urgent first."""
        found: dict[int, tuple[Args, ArrivedItem]] = {}
        for piece in pieces:
            if (item := self._item(reader, piece)) is not None:
                found[piece["submission"]] = piece, item
        return sorted(found.values(), key=lambda pair: _urgency(pair[1]))

    def _item(self, reader: PersonReading, piece: Args) -> ArrivedItem | None:
        row, organisation = self.rows[piece["submission"]], self._reference.rules.organisation
        unit, step = unit_of(self._reference, row), piece["step"]
        hand = organisation.hand_at(reader.code, unit, step)
        if hand is None or row.sent_by_id == reader.person_id or not _waits_since(row, piece):
            return None
        return ArrivedItem(
            matter=self.matter(row),
            principal=self._principal(hand) if hand.capacity else "",
            capacity=hand.capacity,
            step=step,
            steps=len(organisation.route(unit)),
            arrived_at=row.arrived_at,
            deadline=self.deadline(row),
        )

    def _principal(self, hand: Hand) -> str:
        people = people_reading(self._session, [hand.holder], self._reference.rules.today)
        return people[hand.holder].position


def _waits_since(row: Submission, piece: Args) -> bool:
    arrived_at = datetime.fromisoformat(piece["arrived_at"]) if piece["arrived_at"] else None
    waits = row.state is SubmissionState.PENDING_APPROVAL and row.arrived_at == arrived_at
    return waits and (row.version, row.step or 1) == (piece["version"], piece["step"])


def _urgency(item: ArrivedItem) -> tuple[date, float, int]:
    closes_on = item.deadline.span.closes_on if item.deadline else date.max
    return closes_on, item.arrived_at.timestamp() if item.arrived_at else 0.0, item.matter.submission_id

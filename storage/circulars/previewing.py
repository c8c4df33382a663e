"""What a circular would do if it were released now: whom it reaches and whom not, what it costs, and when it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.circulars.letters import LetterPart
from storage.circulars.drafts import Draft, read
from storage.circulars.news import releasers
from storage.circulars.people import Reachable, reachable
from storage.circulars.releasing import goes_at, wants_second_officer
from storage.circulars.rows import found, maker_of
from storage.outbox_claims import Now
from storage.reference import Reference
from storage.submissions.actor import Actor


@dataclass(frozen=True, slots=True)
class BeforeRelease:
    """A circular before it goes out, as it would today.

    ``maker`` is a code, ``missing`` what it lacks, ``people`` whom it names. ``second_officer``: its ministry wants
    somebody else than its maker to release it; ``releasers`` (codes) are told then. ``goes_at`` is business time.
    """

    draft: Draft
    maker: str
    missing: Sequence[LetterPart]
    people: Reachable
    goes_at: datetime
    second_officer: bool
    releasers: Sequence[str]

    def releases(self, person: str) -> bool:
        """Tell whether a person (a code) who handles it may release it."""
        return not self.second_officer or person != self.maker


def before_release(session: Session, reference: Reference, by: Actor, circular_id: int, at: Now) -> BeforeRelease:
    """Return how a circular stands before its release.

    Raises:
        CircularRefused: NOT_YOURS.
    """
    row = found(session, reference, by, circular_id)
    draft, maker = read(session, row), maker_of(session, row)
    return BeforeRelease(
        draft=draft,
        maker=maker,
        missing=draft.missing(),
        people=reachable(session, reference, maker, draft.audience),
        goes_at=goes_at(reference, row, at),
        second_officer=wants_second_officer(reference, row),
        releasers=releasers(reference, row, maker),
    )

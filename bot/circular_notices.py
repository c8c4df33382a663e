"""Renders what people are told of circulars beside the letters themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from domain.circulars.life import CircularRefused, CircularState
from domain.circulars.news import CircularNews
from domain.reminders import BANGKOK
from handlers.circulars.letter import letter_card
from handlers.circulars.news import circular_news_message
from handlers.readers import reader_of
from scheduler.freezing import Dropped, Frozen, Verdict
from scheduler.gathering import Scene
from storage.circulars.drafts import draft
from storage.outbox_claims import Claimed, Now
from storage.outbox_merging import NO_LONGER_TRUE
from storage.queries.readers import PersonReading, people_reading
from storage.reference import ReferenceBook
from storage.submissions.actor import Actor, Channel

_UNRELEASED = (CircularState.DRAFT, CircularState.WAITING_RELEASE)


def render_circular_news(scene: Scene, news: Sequence[CircularNews]) -> str:
    """Return the body of a message with news of circulars."""
    return circular_news_message(reader_of(scene.reader), news, scene.now.business).body


class CircularTestFreezer:
    """Renders the letters that their makers send to themselves alone, before they go out."""

    def __init__(self) -> None:
        self._book = ReferenceBook()

    def prepare(self, session: Session, rows: Sequence[Claimed], now: Now) -> None:
        """Load the rules in force, and whoever gets one."""
        self._reference = self._book.on(session, now.business.astimezone(BANGKOK).date())
        self._people = people_reading(session, {row.args["person"] for row in rows}, self._reference.rules.today)

    def freeze(self, session: Session, rows: Sequence[Claimed], now: Now) -> Mapping[int, Verdict]:
        """Return each letter as it stands now; what is no draft any more is not tested."""
        return {row.id: self._one(session, self._people[row.args["person"]], row.args["circular"], now) for row in rows}

    def _one(self, session: Session, reader: PersonReading, circular: int, now: Now) -> Verdict:
        by = Actor(reader.code, reader.person_id, Channel.LINE)
        try:
            sheet = draft(session, self._reference, by, circular)
        except CircularRefused:
            return Dropped(NO_LONGER_TRUE)
        if sheet.state not in _UNRELEASED:
            return Dropped(NO_LONGER_TRUE)
        return Frozen(letter_card(session, self._reference, sheet, now.business, is_test=True).body)

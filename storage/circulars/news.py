"""What those who handle a circular are told of it: that it waits for a release, was given back, paused, or is sent.

What is queued here is looked at once more right before it goes out (``storage.queries.circular_news``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from domain.circulars.news import CircularEvent
from storage.circulars.hours import next_hour
from storage.outbox import NewMessage, Priority, enqueue
from storage.outbox_claims import Now
from storage.queries.readers import people_reading
from storage.reference import Reference
from storage.submissions.actor import Actor
from storage.tables import Circular, Person
from storage.tables.messaging import NoticeKind


def tell_releasers(session: Session, reference: Reference, row: Circular, by: Actor, at: Now) -> None:
    """Tell the ministry's other coordinators, or administrators where there is none, that a circular waits for them."""
    people = people_reading(session, releasers(reference, row, by.code), reference.rules.today).values()
    _tell(session, reference, row, CircularEvent.WAITS, [person.person_id for person in people], at)


def releasers(reference: Reference, row: Circular, maker: str) -> Sequence[str]:
    """Return the second officers (codes) of a circular that ``maker`` (a code) proposes."""
    organisation = reference.rules.organisation
    ministry = reference.unit_codes[row.ministry_id] if row.ministry_id is not None else ""
    coordinators = [code for code in organisation.coordinators(ministry) if code != maker] if ministry else []
    return coordinators or [code for code in organisation.admins if code != maker]


def tell_maker(session: Session, reference: Reference, row: Circular, event: CircularEvent, at: Now) -> None:
    """Tell the maker what happened."""
    _tell(session, reference, row, event, [row.maker_id], at)


def _tell(
    session: Session, reference: Reference, row: Circular, event: CircularEvent, people: Iterable[int], at: Now
) -> None:
    not_before = next_hour(reference, row, at.business)
    messages = [
        NewMessage(
            key=f"circular:{row.id}:{row.version}:{event}:{at.real.isoformat()}:{person}",
            kind=NoticeKind.CIRCULAR_NEWS,
            person_id=person,
            not_before=not_before,
            priority=Priority.ORDINARY,
            args={"person": session.get_one(Person, person).code, "circular": row.id, "event": event},
        )
        for person in people
    ]
    enqueue(session, messages, at.business)

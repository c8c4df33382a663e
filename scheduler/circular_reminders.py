"""Looks for circulars whose last day for acknowledging comes near, and has those reminded who are silent."""

from __future__ import annotations

from datetime import datetime, time

from domain.clock import Clock
from domain.reminders import BANGKOK
from storage.circulars.silent import due_ahead, queue_ahead, silent_people
from storage.database import Database
from storage.outbox_claims import Now
from storage.reference import ReferenceBook

_PEOPLE_AT_ONCE = 2_000
"""In one transaction: a letter to a whole country must not keep others from writing."""


def queue_silent_reminders(database: Database, clock: Clock, book: ReferenceBook) -> int:
    """Queue the reminders of circulars that fell due by now, and return how many.

    Only those who had got a circular before the day on which its reminder falls due are reminded, so they are the same
    people whenever the clock looks. A circular is done when all of them are queued; until then the clock begins anew.
    """
    now = Now(clock.now(), clock.real_now())
    with database.read() as session:
        reference = book.on(session, now.business.astimezone(BANGKOK).date())
        found = [
            (ahead, silent_people(session, ahead.circular_id, sent_before=datetime.combine(ahead.on, time(), BANGKOK)))
            for ahead in due_ahead(session, reference)
        ]
    queued = 0
    for ahead, people in found:
        for start in range(0, max(len(people), 1), _PEOPLE_AT_ONCE):
            some = people[start : start + _PEOPLE_AT_ONCE]
            is_all = start + _PEOPLE_AT_ONCE >= len(people)
            with database.write() as session:
                queued += queue_ahead(session, reference, ahead, some, now, is_all=is_all)
    return queued

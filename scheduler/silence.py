"""Looks for what waits at steps that nobody holds who can be reached, and has coordinators told of it."""

from __future__ import annotations

from domain.clock import Clock
from domain.reminders import BANGKOK
from storage import silence
from storage.database import Database
from storage.outbox_claims import Now
from storage.reference import ReferenceBook


def queue_unheld(database: Database, clock: Clock, book: ReferenceBook) -> int:
    """Queue reports of steps at which something waits in vain, and return how many such steps there are.

    Somebody who could decide there blocked the bot, unlinked, or left the post while things wait. Everything is read
    before the transaction that queues, and each is told once: the clock may look as often as it likes.
    """
    now = Now(clock.now(), clock.real_now())
    with database.read() as session:
        reference = book.on(session, now.business.astimezone(BANGKOK).date())
        steps = silence.unheld_steps(session, reference)
    if steps:
        with database.write() as session:
            silence.report(session, reference, steps, now)
    return len(steps)

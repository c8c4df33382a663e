"""The guided tour of the demo: five phones, from the next round's opening to a circular that is acknowledged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.demo.ministry import line_user_id
from domain.fiscal import Quarter
from domain.reminders import BANGKOK
from messages_th import demo_tour as thai
from messages_th.demo_tour import Words
from storage.database import Database
from storage.queries.rules import load_rules

OFFICER, HEAD, AGENCY_HEAD, SECRETARY, COORDINATOR = "P013", "P012", "P009", "P001", "P004"
CAST = (COORDINATOR, OFFICER, HEAD, AGENCY_HEAD, SECRETARY)
"""Whose phones the tour needs; first the one that has a message on the first morning."""
_AN_HOUR = {"by": "hour"}


def tour(database: Database, now: datetime) -> Mapping[str, Any]:
    """Return the tour from ``now`` (business time) on, as the simulator takes it."""
    morning = _next_opening(database, now)
    quarter = Quarter.containing(morning.date()).previous()
    return {
        "title": thai.TITLE,
        "steps": [
            _step(thai.opening(morning, quarter), (OFFICER,), {"to": morning.isoformat()}),
            _step(thai.choosing(), (OFFICER,)),
            _step(thai.reporting(quarter), (OFFICER,), told=(HEAD,)),
            _step(thai.approving(1), (HEAD,)),
            _step(thai.approving(2), (AGENCY_HEAD,), _AN_HOUR),
            _step(thai.finishing(), (SECRETARY, OFFICER), _AN_HOUR, told=(OFFICER,)),
            _step(thai.circular(morning.date()), (COORDINATOR,), told=(OFFICER,)),
            _step(thai.acknowledging(), (OFFICER, COORDINATOR), told=(OFFICER, COORDINATOR)),
        ],
    }


def _step(
    words: Words, phones: Sequence[str], move: Mapping[str, str] | None = None, told: Sequence[str] = ()
) -> Mapping[str, Any]:
    """Return a step on these phones; it is done when its messages came, one after the other, to those ``told``.

    Without ``told`` they come to the first of the phones, which also speaks where something is to be said.
    """
    users = [line_user_id(person) for person in phones]
    arrivals = zip([line_user_id(person) for person in told] or users[:1], words.done, strict=True)
    return {
        "title": words.title,
        "how": list(words.how),
        "phones": users,
        "jump": {"label": words.jump, **move} if move else None,
        "says": {"userId": users[0], "text": words.says} if words.says else None,
        "done": [{"userId": user, "words": list(heard)} for user, heard in arrivals],
    }


def _next_opening(database: Database, now: datetime) -> datetime:
    """Return the morning on which officers are told that the next quarterly round is open (Bangkok)."""
    today = now.astimezone(BANGKOK).date()
    with database.read() as session:
        rules = load_rules(session, today)
    path = rules.organisation.path(thai.UNIT)
    opens_on = rules.windows.first_reporting_day_after(today, path, today)
    return datetime.combine(rules.calendar.on_or_after(opens_on), rules.policy(thai.UNIT).send_from, BANGKOK)

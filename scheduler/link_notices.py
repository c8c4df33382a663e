"""Notices of links that changed: to the account that lost one at any hour, to coordinators in sending hours only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.orm import Session

from domain.reminders import BANGKOK
from scheduler.freezing import Frozen, Verdict, outside_hours
from storage.link_notices import LinkNotice, decode, names_in
from storage.outbox_claims import Claimed, Now
from storage.queries.readers import PersonReading, people_reading
from storage.queries.rules import load_rules

Render = Callable[[LinkNotice, PersonReading, PersonReading], str]
"""Returns the body of a notice from it, its reader and the person whose link changed."""


class LinkNoticeFreezer:
    """Renders each notice; outside of sending hours those to coordinators wait for the next."""

    def __init__(self, render: Render) -> None:
        self._render = render

    def prepare(self, session: Session, rows: Sequence[Claimed], now: Now) -> None:
        """Load the rules in force and everybody who is named."""
        today = now.business.astimezone(BANGKOK).date()
        self._rules = load_rules(session, today)
        self._people = people_reading(session, names_in(decode(row.args) for row in rows), today)

    def freeze(self, _session: Session, rows: Sequence[Claimed], now: Now) -> Mapping[int, Verdict]:
        """Return the body of each notice, or when it is due again."""
        return {row.id: self._one(decode(row.args), now) for row in rows}

    def _one(self, notice: LinkNotice, now: Now) -> Verdict:
        if not notice.to_earlier_account and (later := outside_hours(self._rules, notice.reader, now.business)):
            return later
        return Frozen(self._render(notice, self._people[notice.reader], self._people[notice.person]))

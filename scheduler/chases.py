"""Chases right before they go out: what is still owed, to people who were not reminded today already.

``architecture.md`` §3, 7: a chase is a reminder. It stops when the duty is done or a reminder told the person of it
since, and waits for the next morning when the person had a reminder today.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from domain.fiscal import Quarter, YearBasis
from domain.permissions import Sight
from domain.reminders import BANGKOK, TITLES_SHOWN
from domain.roles import Role
from domain.sending_hours import next_sending_time
from domain.submissions import DutyState
from domain.windows import Occasion, Span, Stage, WindowKind
from scheduler.freezing import Deferred, Dropped, Frozen, Verdict
from scheduler.reminders import NOTHING_LEFT
from storage.chasing import AFTER_DIGESTS, WITH_OFFICER
from storage.outbox_claims import Claimed, Now
from storage.queries.preferences import preference_of
from storage.queries.readers import PersonReading, people_reading
from storage.queries.unreported import Asked, page_of, tally
from storage.reference import Reference, ReferenceBook
from storage.reminder_ledger import reminded_since, reminded_today

REMINDED = "reminded"
"""Why a chase was dropped: a reminder told the person of it after it was asked for."""


@dataclass(frozen=True, slots=True)
class DueChase:
    """What a chase says: ``names`` of the first projects, the breakdown, the agency's window, and who asks."""

    reader: PersonReading
    asked_by: PersonReading
    quarter: Quarter
    basis: YearBasis
    states: Mapping[DutyState, int]
    names: Sequence[str]
    span: Span | None
    working_days_left: int
    at: datetime

    @property
    def today(self) -> date:
        """The day in Bangkok."""
        return self.at.astimezone(BANGKOK).date()


class ChaseFreezer:
    """Renders the chases that still hold."""

    def __init__(self, render: Callable[[DueChase], str]) -> None:
        self._render = render
        self._book = ReferenceBook()

    def prepare(self, session: Session, rows: Sequence[Claimed], now: Now) -> None:
        """Load the rules in force and the people."""
        today = now.business.astimezone(BANGKOK).date()
        self._reference = self._book.on(session, today)
        people = {row.args[role] for row in rows for role in ("person", "asked_by")}
        self._people = people_reading(session, people, today)

    def freeze(self, session: Session, rows: Sequence[Claimed], now: Now) -> Mapping[int, Verdict]:
        """Return the body of each chase, or why it is not sent, or when it is due again."""
        today = now.business.astimezone(BANGKOK).date()
        people, ids = {row.person_id for row in rows}, [row.id for row in rows]
        told = set(reminded_today(session, today, people, ids))
        verdicts: dict[int, Verdict] = {}
        for row in rows:
            verdicts[row.id] = self._one(session, row, now.business, is_told=row.person_id in told)
            if isinstance(verdicts[row.id], Frozen):
                told.add(row.person_id)
        return verdicts

    def _one(self, session: Session, row: Claimed, now: datetime, *, is_told: bool) -> Verdict:
        quarter = Quarter(row.args["fiscal_year"], row.args["quarter"])
        occasion = Occasion(WindowKind.QUARTER_REPORT, quarter.fiscal_year, quarter.number)
        asked = Asked(quarter, _officers_units(self._reference, row.args["person"]), WITH_OFFICER)
        sight = Sight(whole=asked.units)
        counted = tally(session, self._reference, sight, asked)
        if not counted.total:
            return Dropped(NOTHING_LEFT)
        if reminded_since(session, row.person_id, occasion, datetime.fromisoformat(row.args["asked_at"])):
            return Dropped(REMINDED)
        rules, home = self._reference.rules, min(counted.by_unit)
        windows = rules.window(occasion, rules.organisation.path(home))
        span = windows.of(Stage.AGENCY) if windows else None
        today = now.astimezone(BANGKOK).date()
        quiet = preference_of(session, row.person_id).quiet_weekdays
        sending = self._next_time(_midnight(today + timedelta(days=1)) if is_told else now, home, span, quiet)
        if sending > now:
            return Deferred(sending + AFTER_DIGESTS)
        shown = page_of(session, self._reference, sight, asked, counted, 0, TITLES_SHOWN)
        chase = DueChase(
            reader=self._people[row.args["person"]],
            asked_by=self._people[row.args["asked_by"]],
            quarter=quarter,
            basis=rules.organisation.year_basis(home),
            states=counted.states,
            names=[project.name for project in shown],
            span=span,
            working_days_left=rules.calendar.working_days_left(today, span.closes_on) if span else 0,
            at=now,
        )
        return Frozen(self._render(chase))

    def _next_time(self, earliest: datetime, unit: str, span: Span | None, quiet: Collection[int]) -> datetime:
        """Return when a reminder may go out from ``earliest`` on: no quiet day but the window's last working day."""
        rules, policy = self._reference.rules, self._reference.rules.policy(unit)
        last_day = rules.calendar.on_or_before(span.closes_on) if span else None
        sending = next_sending_time(earliest, policy, rules.calendar)
        while (day := sending.astimezone(BANGKOK).date()).isoweekday() in quiet and day != last_day:
            sending = next_sending_time(_midnight(day + timedelta(days=1)), policy, rules.calendar)
        return sending


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BANGKOK)


def _officers_units(reference: Reference, person: str) -> frozenset[str]:
    """Return the units whose reports the person answers for."""
    organisation = reference.rules.organisation
    posts = [post for post in organisation.posts_of(person) if post.role is Role.PROJECT_OFFICER]
    below = frozenset().union(*(organisation.below(post.unit) for post in posts))
    return frozenset(unit for unit in below if person in organisation.holders(Role.PROJECT_OFFICER, unit))

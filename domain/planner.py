"""The reminder planner: who must be told what by now (``domain.md`` §5; the ladder is in ``domain/reminders.py``).

``due(now, …)`` is pure. It asks "what is due by now?", never "is it exactly now?": after downtime a person gets the
newest truth once. A topic leaves the plan the moment its duty is done: what is owed and what waits are its arguments.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import NamedTuple

from domain.fiscal import YearBasis
from domain.in_force import Rules
from domain.policy import LateReports, ReminderPolicy
from domain.preferences import ReminderPreference
from domain.reminders import (
    BANGKOK,
    EMPTY_LEDGER,
    TITLES_SHOWN,
    Digest,
    Ledger,
    OccurrenceKey,
    OpenDuty,
    Rung,
    Share,
    Step,
    Topic,
    WaitingItem,
)
from domain.roles import Role, officer_role
from domain.submissions import DutyState
from domain.timetables import Timetable, timetable
from domain.windows import Occasion, ScopePath, Span, Stage

_EVERY_STATE = tuple(DutyState)
NO_PREFERENCES: Mapping[str, ReminderPreference] = MappingProxyType({})
_URGENCY = (Step.LAST_DAY, Step.PENDING, Step.OVERDUE, Step.AHEAD, Step.OPENED, Step.ESCALATED)


def due(
    now: datetime,
    rules: Rules,
    duties: Iterable[OpenDuty],
    waiting: Iterable[WaitingItem],
    ledger: Ledger = EMPTY_LEDGER,
    preferences: Mapping[str, ReminderPreference] = NO_PREFERENCES,
) -> list[Digest]:
    """Return the digests that must have gone out by ``now`` (aware), one per person, most pressing topic first.

    Nothing is due outside working days and each ministry's sending hours; a person who had today's reminder gets no
    second one. ``rules`` must be those of the Bangkok day of ``now``; ``preferences`` are people's own, by code.
    """
    return Plan(rules, duties, waiting, preferences).due(now, ledger)


@dataclass(frozen=True, slots=True)
class _Office:
    """What a unit's items need to know of it; ``path`` is shared by all units that the same windows bind."""

    code: str
    agency: str
    ministry: str
    path: ScopePath
    basis: YearBasis
    policy: ReminderPolicy


class _Subject(NamedTuple):
    """What makes items of several units one topic of a reader."""

    occasion: Occasion
    stage: Stage
    span: Span | None
    step: Step
    on: date


@dataclass(slots=True)
class _Items:
    """Like things of one unit: how many in which state, and the names of the first few."""

    office: _Office
    timetable: Timetable
    order: int = 0
    states: Counter[DutyState] = field(default_factory=Counter)
    titles: list[str] = field(default_factory=list)

    def add(self, state: DutyState, title: str) -> None:
        self.states[state] += 1
        if len(self.titles) < TITLES_SHOWN:
            self.titles.append(title)

    def subject(self, step: Step, on: date) -> _Subject:
        table = self.timetable
        return _Subject(table.occasion, table.stage, table.span, step, on)


@dataclass(slots=True)
class _Draft:
    """A topic while its items come in."""

    policy: ReminderPolicy
    states: Counter[DutyState] = field(default_factory=Counter)
    shares: Counter[str] = field(default_factory=Counter)
    titles: list[str] = field(default_factory=list)
    bases: set[YearBasis] = field(default_factory=set)


class Plan:
    """Every topic of every reader on the day of ``rules``; ask it as often as needed who is due something by now."""

    def __init__(
        self,
        rules: Rules,
        duties: Iterable[OpenDuty],
        waiting: Iterable[WaitingItem],
        preferences: Mapping[str, ReminderPreference] = NO_PREFERENCES,
    ) -> None:
        self._rules = rules
        self._preferences = preferences
        self._own_leads = {person: p.lead_days for person, p in preferences.items() if p.lead_days is not None}
        self._own_rungs: dict[tuple[Occasion, Stage, ScopePath, str, tuple[int, ...]], Rung | None] = {}
        self._organisation = rules.organisation
        self._today = rules.today
        self._topics: dict[str, dict[_Subject, _Draft]] = defaultdict(dict)
        self._offices: dict[str, _Office] = {}
        self._timetables: dict[tuple[Occasion, Stage, ScopePath, str], Timetable] = {}
        self._working_days_left: dict[date, int] = {}
        if rules.calendar.is_working(rules.today):
            self._add_duties(duties)
            self._add_waiting(waiting)

    def due(self, now: datetime, ledger: Ledger, only: Collection[str] | None = None) -> list[Digest]:
        """Return the digests due by ``now`` (aware, of the plan's day), to ``only`` these people where it is given."""
        local = now.astimezone(BANGKOK).time()
        people = sorted(self._topics if only is None else self._topics.keys() & set(only))
        digests = (self._digest(person, local, ledger) for person in people if person not in ledger.reminded_today)
        return [digest for digest in digests if digest is not None]

    def _digest(self, person: str, hour: time, ledger: Ledger) -> Digest | None:
        """Return what is fresh for the person from ministries whose sending hours it is."""
        drafts = {s: d for s, d in self._topics[person].items() if d.policy.send_from <= hour <= d.policy.send_until}
        topics = [self._topic(subject, draft) for subject, draft in drafts.items()]
        fresh = [topic for topic in topics if topic.key(person) not in ledger.occurrences]
        if (preference := self._preferences.get(person)) is not None:
            fresh = [topic for topic in fresh if self._suits(topic, person, preference, ledger)]
        if not fresh:
            return None
        fresh.sort(key=lambda t: (_URGENCY.index(t.step), t.span.closes_on if t.span else date.max, t.occasion.order()))
        opens = max(draft.policy.send_from for draft in drafts.values())
        closes = min(draft.policy.send_until for draft in drafts.values())
        return Digest(person, self._at(opens), self._at(closes), tuple(fresh))

    def _suits(self, topic: Topic, person: str, preference: ReminderPreference, ledger: Ledger) -> bool:
        """Tell whether the person wishes to hear of a topic today.

        A quiet day holds back what can wait. Whoever chose other lead days yesterday is not told of a rung that lies
        before one that was told already.
        """
        if self._today.isoweekday() in preference.quiet_weekdays and not topic.is_last_working_day:
            return False
        if topic.step is not Step.AHEAD:
            return True
        later = (topic.on + timedelta(days=days) for days in range(1, (self._today - topic.on).days + 1))
        keys = (OccurrenceKey(person, topic.occasion, topic.stage, topic.step, on) for on in later)
        return not any(key in ledger.occurrences for key in keys)

    def _at(self, hour: time) -> datetime:
        return datetime.combine(self._today, hour, BANGKOK)

    def _add_duties(self, duties: Iterable[OpenDuty]) -> None:
        """Add what officers have not sent: to them, to the head of their unit, to the ministry coordinator."""
        groups: dict[tuple[str, Occasion, bool], _Items] = {}
        for unit, occasion, state, title, returned_by in duties:
            key = unit, occasion, returned_by is Stage.UPPER
            if key not in groups:
                office = self._office(unit)
                stage = Stage.UPPER if returned_by is Stage.UPPER else Stage.AGENCY
                groups[key] = _Items(office, self._timetable(occasion, stage, office))
            groups[key].add(state, title)
        for items in groups.values():
            self._remind_of_duty(items)

    def _remind_of_duty(self, items: _Items) -> None:
        table, office = items.timetable, items.office
        told: set[str] = set()
        for rung, officers in self._officer_rungs(items):
            self._tell(officers, items.subject(rung.step, rung.on), items, office.code)
            told.update(officers)
        if table.late is not None:
            coordinators = self._organisation.coordinators(office.ministry)
            self._tell(coordinators, items.subject(Step.ESCALATED, table.late.on), items, office.agency)
            told.update(coordinators)
        if table.head is not None:
            heads = [person for person in self._heads(office.code) if person not in told]
            self._tell(heads, items.subject(Step.ESCALATED, table.head.on), items, office.code)

    def _officer_rungs(self, items: _Items) -> Iterable[tuple[Rung, Sequence[str]]]:
        """Yield the newest rung with the unit's officers, and each one's own who chose other lead days."""
        table = items.timetable
        officers = self._officers(table.occasion, items.office.code) if table.officer or self._own_leads else ()
        if table.officer is not None:
            yield table.officer, [p for p in officers if p not in self._own_leads] if self._own_leads else officers
        for person in officers if self._own_leads else ():
            if person in self._own_leads and (rung := self._own_rung(items, self._own_leads[person])) is not None:
                yield rung, (person,)

    def _own_rung(self, items: _Items, lead_days: tuple[int, ...]) -> Rung | None:
        table, office = items.timetable, items.office
        key = table.occasion, table.stage, office.path, office.ministry, lead_days
        if key not in self._own_rungs:
            own = replace(office.policy, lead_days=lead_days, head_joins_at=1)
            self._own_rungs[key] = timetable(self._rules, table.occasion, table.stage, office.path, own).officer
        return self._own_rungs[key]

    def _add_waiting(self, waiting: Iterable[WaitingItem]) -> None:
        """Add what waits at a step: to whoever may decide it and, outside the stage's window, to the coordinator."""
        for_approvers: dict[tuple[str, Occasion, int], _Items] = {}
        for_coordinators: dict[tuple[str, Occasion, int], _Items] = {}
        too_long: dict[tuple[str, Occasion, int, Role, date], _Items] = {}
        for unit, occasion, order, since, title in waiting:
            office = self._office(unit)
            table = self._timetable(occasion, self._organisation.stage_of(unit, order), office)
            key = unit, occasion, order
            for groups, on in ((for_approvers, table.approver_on), (for_coordinators, table.coordinator_on)):
                if on is not None and (since is None or since <= self._morning(on, office)):
                    groups.setdefault(key, _Items(office, table, order)).add(DutyState.WAITING, title)
            for role, on in self._long_waits(office, table, since):
                too_long.setdefault((*key, role, on), _Items(office, table, order)).add(DutyState.WAITING, title)
        for items in for_approvers.values():
            self._tell_approvers(items)
        for items in for_coordinators.values():
            self._escalate(items, Role.MINISTRY_COORDINATOR, items.timetable.coordinator_on)
        for (*_, role, on), items in too_long.items():
            self._escalate(items, role, on)

    def _tell_approvers(self, items: _Items) -> None:
        if (on := items.timetable.approver_on) is None:
            return
        approvers = self._organisation.approvers(items.office.code, items.order)
        self._tell(approvers, items.subject(Step.PENDING, on), items, items.office.code)
        if not approvers and items.timetable.coordinator_on is None:  # nobody else would learn of it
            self._escalate(items, Role.MINISTRY_COORDINATOR, on)

    def _escalate(self, items: _Items, role: Role, on: date | None) -> None:
        if on is not None:
            coordinators = self._organisation.coordinators(items.office.ministry)
            people = self._organisation.admins if role is Role.ADMIN else coordinators
            self._tell(people, items.subject(Step.ESCALATED, on), items, items.office.agency)

    def _long_waits(self, office: _Office, table: Timetable, since: datetime | None) -> Iterable[tuple[Role, date]]:
        """Yield who is told that something waits too long, with the day on which it did.

        Outside the window coordinators learn of it anyway. What came nobody knows when counts from its first day.
        """
        coordinators_after = office.policy.escalate_after if table.coordinator_on is None else None
        for role, after in ((Role.MINISTRY_COORDINATOR, coordinators_after), (Role.ADMIN, office.policy.admin_after)):
            if after is None:
                continue
            waited_from = since.astimezone(BANGKOK).date() if since else table.span.opens_on if table.span else None
            if waited_from and (on := self._rules.calendar.after(waited_from, after)) <= self._today:
                yield role, on

    def _morning(self, on: date, office: _Office) -> datetime:
        return datetime.combine(on, office.policy.send_from, BANGKOK)

    def _tell(self, people: Iterable[str], subject: _Subject, items: _Items, share: str) -> None:
        for person in people:
            topics = self._topics[person]
            if (draft := topics.get(subject)) is None:
                draft = topics[subject] = _Draft(items.office.policy)
            for state, count in items.states.items():
                draft.states[state] += count
                draft.shares[share] += count
            if len(draft.titles) < TITLES_SHOWN:
                draft.titles.extend(items.titles[: TITLES_SHOWN - len(draft.titles)])
            draft.bases.add(items.office.basis)

    def _topic(self, subject: _Subject, draft: _Draft) -> Topic:
        span = subject.span
        return Topic(
            occasion=subject.occasion,
            stage=subject.stage,
            step=subject.step,
            on=subject.on,
            count=sum(draft.states.values()),
            span=span,
            days_left=span.days_left(self._today) if span else None,
            working_days_left=self._count_working_days_left(span.closes_on) if span else None,
            basis=next(iter(draft.bases)) if len(draft.bases) == 1 else YearBasis.FISCAL,
            shares=tuple(Share(unit, count) for unit, count in sorted(draft.shares.items())),
            states=tuple((state, draft.states[state]) for state in _EVERY_STATE if state in draft.states),
            titles=tuple(draft.titles),
            late_allowed=draft.policy.late_reports is LateReports.ALLOW,
        )

    def _count_working_days_left(self, closes_on: date) -> int:
        if closes_on not in self._working_days_left:
            left = self._rules.calendar.working_days_left(self._today, closes_on)
            self._working_days_left[closes_on] = left
        return self._working_days_left[closes_on]

    def _officers(self, occasion: Occasion, unit: str) -> Sequence[str]:
        role = officer_role(occasion.kind)
        if role is Role.PLAN_OFFICER and (people := self._organisation.holders_within(role, unit)):
            return people
        return self._organisation.holders(role, unit)

    def _heads(self, unit: str) -> Sequence[str]:
        route = self._organisation.route(unit)
        return self._organisation.approvers(unit, route[0].order) if route else ()

    def _office(self, unit: str) -> _Office:
        if unit not in self._offices:
            path = self._organisation.path(unit)
            self._offices[unit] = _Office(
                code=unit,
                agency=path.agency or unit,
                ministry=self._organisation.ministry_of(unit),
                path=self._rules.windows.shared_path(path),
                basis=self._organisation.year_basis(unit),
                policy=self._rules.policy(unit),
            )
        return self._offices[unit]

    def _timetable(self, occasion: Occasion, stage: Stage, office: _Office) -> Timetable:
        key = occasion, stage, office.path, office.ministry
        if key not in self._timetables:
            self._timetables[key] = timetable(self._rules, occasion, stage, office.path, office.policy)
        return self._timetables[key]

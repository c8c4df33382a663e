"""A small ministry with one person per role and a stranger, on the Labour road map, that tests can ask day by day.

กระทรวง ─ กลุ่มภารกิจ ─ กรม ─┬─ กอง 1   an officer; a route of its own
                            ├─ กอง 2   neither: the department's officer and route
                            └─ กองแผน  the plan officer
        └ สปส. ─ กองประกัน             an agency of calendar years, in no group; two approvers at its first step
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache

from domain.fiscal import YearBasis
from domain.in_force import Rules
from domain.organisation import Organisation, Post, RouteStep, Unit, UnitLevel
from domain.planner import due
from domain.policy import DEFAULT_POLICY, ReminderPolicy
from domain.preferences import ReminderPreference
from domain.reminders import BANGKOK, Digest, Ledger, OccurrenceKey, OpenDuty, Topic, WaitingItem
from domain.roles import Role
from domain.submissions import ApprovalStep, DutyState
from domain.windows import CalendarWindow, Occasion, Scope, Stage, WindowBook
from domain.workdays import WorkingCalendar
from tests.unit.domain import labour
from tests.unit.domain.labour import MINISTRY, SOCIAL_SECURITY, report
from tests.unit.domain.thai_dates import day, day_and_month, span

DEPARTMENT, GROUP = "กรม", "กลุ่มภารกิจ"
DIVISION_1, DIVISION_2, PLANNING, INSURANCE = "กอง 1", "กอง 2", "กองแผน", "กองประกัน"

UNITS = [
    Unit(MINISTRY, "กระทรวงแรงงาน", "รง.", UnitLevel.MINISTRY, None),
    Unit(GROUP, "กลุ่มภารกิจ", "กลุ่ม", UnitLevel.GROUP, MINISTRY, members=(DEPARTMENT,)),
    Unit(DEPARTMENT, "กรม", "กรม", UnitLevel.AGENCY, MINISTRY),
    Unit(DIVISION_1, "กอง 1", "กอง 1", UnitLevel.DIVISION, DEPARTMENT),
    Unit(DIVISION_2, "กอง 2", "กอง 2", UnitLevel.DIVISION, DEPARTMENT),
    Unit(PLANNING, "กองแผน", "กองแผน", UnitLevel.DIVISION, DEPARTMENT),
    Unit(SOCIAL_SECURITY, "สำนักงานประกันสังคม", "สปส.", UnitLevel.AGENCY, MINISTRY, YearBasis.CALENDAR),
    Unit(INSURANCE, "กองประกัน", "กองประกัน", UnitLevel.DIVISION, SOCIAL_SECURITY),
]

POSTS = [
    Post("officer", DIVISION_1, Role.PROJECT_OFFICER),
    Post("department officer", DEPARTMENT, Role.PROJECT_OFFICER),
    Post("insurance officer", INSURANCE, Role.PROJECT_OFFICER),
    Post("plan officer", PLANNING, Role.PLAN_OFFICER),
    Post("head", DIVISION_1, Role.APPROVER),
    Post("director-general", DEPARTMENT, Role.APPROVER),
    Post("secretary-general", SOCIAL_SECURITY, Role.APPROVER),
    Post("deputy secretary-general", SOCIAL_SECURITY, Role.APPROVER),
    Post("cluster head", GROUP, Role.APPROVER),
    Post("permanent secretary", MINISTRY, Role.APPROVER),
    Post("coordinator", MINISTRY, Role.MINISTRY_COORDINATOR),
    Post("monitor", MINISTRY, Role.MONITOR),
    Post("admin", MINISTRY, Role.ADMIN),
]
"""The stranger has no post at all."""

_AT_DEPARTMENT = [
    ("director-general", Stage.AGENCY),
    ("cluster head", Stage.UPPER),
    ("permanent secretary", Stage.UPPER),
]


def route(unit: str, *steps: tuple[str, Stage]) -> list[RouteStep]:
    """Return the route of a unit whose steps are decided by these people, one each."""
    return [RouteStep(unit, ApprovalStep(n, stage), person) for n, (person, stage) in enumerate(steps, start=1)]


ROUTES = [
    *route(DIVISION_1, ("head", Stage.AGENCY), *_AT_DEPARTMENT),
    *route(DEPARTMENT, *_AT_DEPARTMENT),
    *route(SOCIAL_SECURITY, ("secretary-general", Stage.AGENCY), ("permanent secretary", Stage.UPPER)),
    RouteStep(SOCIAL_SECURITY, ApprovalStep(1, Stage.AGENCY), "deputy secretary-general"),
]

Q1, Q2, Q3, Q4 = (report(2566, number) for number in (1, 2, 3, 4))


def bangkok(on: date, hour: str = "08:30") -> datetime:
    """Return an instant by the clock on a Bangkok wall."""
    return datetime.combine(on, time.fromisoformat(hour), BANGKOK)


@cache
def _book(windows: tuple[CalendarWindow, ...]) -> WindowBook:
    return WindowBook(windows)


@dataclass
class Ministry:
    """What is owed and what waits in the ministry; ask who is told what on a morning."""

    posts: list[Post] = field(default_factory=lambda: list(POSTS))
    routes: list[RouteStep] = field(default_factory=lambda: list(ROUTES))
    windows: list[CalendarWindow] = field(default_factory=lambda: list(labour.windows()))
    calendar: WorkingCalendar = labour.CALENDAR
    policy: ReminderPolicy = DEFAULT_POLICY
    duties: list[OpenDuty] = field(default_factory=list)
    waiting: list[WaitingItem] = field(default_factory=list)
    sent: set[OccurrenceKey] = field(default_factory=set)
    preferences: dict[str, ReminderPreference] = field(default_factory=dict)

    def owes(
        self,
        unit: str = DIVISION_1,
        occasion: Occasion = Q2,
        state: DutyState = DutyState.MISSING,
        title: str = "โครงการ",
        returned_by: Stage | None = None,
    ) -> None:
        """Let the unit owe one thing more."""
        self.duties.append(OpenDuty(unit, occasion, state, title, returned_by))

    def waits(self, order: int, unit: str = DIVISION_1, occasion: Occasion = Q2, since: datetime | None = None) -> None:
        """Let one thing more wait at a step of the unit's route."""
        self.waiting.append(WaitingItem(unit, occasion, order, since, "โครงการ"))

    def issues(self, occasion: Occasion, dates: str, stage: Stage = Stage.AGENCY, issued: str = "27 ม.ค. 66") -> None:
        """Issue a window of the whole ministry by a letter of that day."""
        self.windows.append(
            CalendarWindow(occasion, stage, Scope.MINISTRY, MINISTRY, span(dates), day(issued), f"ว {issued}")
        )

    def rules(self, today: date) -> Rules:
        """Return the rules in force on a day."""
        organisation = Organisation(UNITS, self.posts, self.routes, today)
        return Rules(organisation, _book(tuple(self.windows)), self.calendar, {MINISTRY: self.policy}, today)

    def digests(self, on: date, hour: str = "08:30", told_today: Collection[str] = ()) -> list[Digest]:
        """Return what is due at that hour, after all that was sent before."""
        ledger = Ledger(self.sent, told_today)
        return due(bangkok(on, hour), self.rules(on), self.duties, self.waiting, ledger, self.preferences)

    def told(self, on: str, hour: str = "08:30") -> Mapping[str, list[str]]:
        """Return the steps that each person's digest names at that hour."""
        return {digest.person: [topic.step.value for topic in digest.topics] for digest in self.digests(day(on), hour)}

    def topic(self, person: str, on: str) -> Topic:
        """Return the only topic of the person's digest of that morning."""
        (topic,) = (topic for digest in self.digests(day(on)) if digest.person == person for topic in digest.topics)
        return topic

    def play(self, first: str, last: str, down: Iterable[str] = ()) -> Mapping[str, list[tuple[str, str]]]:
        """Send each morning's digests from ``first`` to ``last`` but when the bot is down; return who got what.

        Each person's topics come as ("3 เม.ย.", "opened").
        """
        story: dict[str, list[tuple[str, str]]] = {}
        for digest in self.run(day(first), day(last), {day(text) for text in down}):
            story.setdefault(digest.person, []).extend(
                (day_and_month(digest.at.date()), topic.step.value) for topic in digest.topics
            )
        return story

    def run(self, first: date, last: date, down: Collection[date] = ()) -> list[Digest]:
        """As ``play``, with the digests themselves."""
        found = []
        for today in (first + timedelta(days=n) for n in range((last - first).days + 1)):
            if today not in down:
                found += self.send(today)
        return found

    def send(self, today: date, hour: str = "08:30") -> list[Digest]:
        """Send what is due at that hour, and remember it."""
        digests = self.digests(today, hour)
        self.sent.update(topic.key(digest.person) for digest in digests for topic in digest.topics)
        return digests

    def reminds(self, **changes: object) -> None:
        """Change the ministry's reminder policy."""
        self.policy = replace(self.policy, **changes)  # type: ignore[arg-type]

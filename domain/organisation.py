"""Units, posts and approval routes as the rules need them (``domain.md`` §1, §3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from domain.fiscal import YearBasis
from domain.roles import Role
from domain.submissions import ApprovalStep
from domain.windows import ScopePath, Stage


class UnitLevel(StrEnum):
    """Where a unit stands in the hierarchy."""

    MINISTRY = "ministry"
    GROUP = "group"
    AGENCY = "agency"
    DIVISION = "division"


@dataclass(frozen=True, slots=True)
class Unit:
    """An office. ``year_basis`` None means as its parent; ``members`` are the agencies of a group.

    A unit with ``merged_into`` is no more: its successor answers for what it left.
    """

    code: str
    name: str
    short_name: str
    level: UnitLevel
    parent: str | None
    year_basis: YearBasis | None = None
    members: tuple[str, ...] = ()
    merged_into: str | None = None


class Capacity(StrEnum):
    """In what capacity somebody decides in another's place."""

    ACTING = "acting"
    """The principal is away or the post is vacant: the deputy holds its powers (acting in office)."""
    ON_BEHALF = "on_behalf"
    """The principal is there and has delegated the deciding."""


class Post(NamedTuple):
    """A role of a person in a unit for a span of inclusive days (None: open-ended).

    ``acting_for`` is the person whose steps the holder may decide meanwhile, ``capacity`` in what capacity.
    """

    person: str
    unit: str
    role: Role
    valid_from: date | None = None
    valid_to: date | None = None
    acting_for: str | None = None
    capacity: Capacity | None = None

    def held_on(self, day: date) -> bool:
        """Tell whether the role is in force on ``day``."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class RouteStep(NamedTuple):
    """One person who may decide at one step of a unit's route."""

    unit: str
    step: ApprovalStep
    approver: str


class Hand(NamedTuple):
    """Whose step a person decides: ``holder`` is whom the route names, ``capacity`` None where that is the person."""

    holder: str
    capacity: Capacity | None = None


class Organisation:
    """Answers who is responsible, on one day. Codes that are not known raise ``KeyError``."""

    def __init__(self, units: Iterable[Unit], posts: Iterable[Post], routes: Iterable[RouteStep], on: date) -> None:
        self.units: Mapping[str, Unit] = {unit.code: unit for unit in units}
        living = {code for code, unit in self.units.items() if unit.merged_into is None}
        self.posts: Sequence[Post] = [post for post in posts if post.held_on(on) and post.unit in living]
        self._routes: dict[str, list[RouteStep]] = defaultdict(list)
        for step in routes:
            if step.unit in living:
                self._routes[step.unit].append(step)
        self._paths: dict[str, ScopePath] = {}
        self._holders: dict[tuple[Role, str], list[str]] = defaultdict(list)
        for post in self.posts:
            if post.person not in self._holders[post.role, post.unit]:
                self._holders[post.role, post.unit].append(post.person)
        self._approvers: dict[tuple[str, int], tuple[str, ...]] = {}
        self._steps: dict[str, tuple[ApprovalStep, ...]] = {}

    def ancestry(self, code: str) -> Iterator[Unit]:
        """Yield the unit and its parents up to the ministry; a merged unit's successor stands in its parent's place."""
        seen: set[str] = set()
        here: str | None = code
        while here is not None and here not in seen:
            seen.add(here)
            unit = self.units[here]
            yield unit
            here = unit.merged_into or unit.parent

    def path(self, code: str) -> ScopePath:
        """Return the scopes that bind the unit."""
        if code not in self._paths:
            chain = list(self.ancestry(code))
            agency = next((u.code for u in chain if u.level is UnitLevel.AGENCY), None)
            ministry = next((u.code for u in chain if u.level is UnitLevel.MINISTRY), None)
            codes = {u.code for u in chain}
            groups = tuple(g.code for g in self._groups if codes.intersection(g.members) or g.code in codes)
            self._paths[code] = ScopePath(code, agency, groups, ministry)
        return self._paths[code]

    def ministry_of(self, code: str) -> str:
        """Return the code of the unit's ministry, or of its topmost unit where there is none."""
        return self.path(code).ministry or list(self.ancestry(code))[-1].code

    def year_basis(self, code: str) -> YearBasis:
        """Return how the unit labels its quarters: its own basis or the nearest parent's; fiscal by default."""
        return next((u.year_basis for u in self.ancestry(code) if u.year_basis), YearBasis.FISCAL)

    def holders(self, role: Role, code: str) -> Sequence[str]:
        """Return who holds ``role`` in the unit itself or, where nobody does, in its nearest parent."""
        return next((people for u in self.ancestry(code) if (people := self._holders.get((role, u.code)))), ())

    def holders_within(self, role: Role, agency: str) -> Sequence[str]:
        """Return who holds ``role`` in the agency or in a unit below it."""
        return self._by_agency.get((role, agency), ())

    def coordinators(self, ministry: str) -> Sequence[str]:
        """Return the ministry coordinators of the ministry, wherever in it they sit."""
        return self._coordinators.get(ministry, ())

    @cached_property
    def admins(self) -> Sequence[str]:
        """The administrators, wherever they sit."""
        return tuple(dict.fromkeys(post.person for post in self.posts if post.role is Role.ADMIN))

    def route(self, code: str) -> tuple[ApprovalStep, ...]:
        """Return the steps of the unit's route, its parent's where it has none; empty when no parent has one."""
        if code not in self._steps:
            self._steps[code] = tuple(sorted({row.step for row in self._route_rows(code)}))
        return self._steps[code]

    def approvers(self, code: str, order: int) -> tuple[str, ...]:
        """Return who may decide step ``order`` of the unit's route today, people who act for them included."""
        if (code, order) not in self._approvers:
            named = [row.approver for row in self._route_rows(code) if row.step.order == order]
            people = [p for p in named if p in self._active_approvers]
            people += [deputy for principal in named for deputy in self._deputies.get(principal, ())]
            self._approvers[code, order] = tuple(dict.fromkeys(people))
        return self._approvers[code, order]

    def hand_at(self, person: str, code: str, order: int) -> Hand | None:
        """Return how ``person`` may decide step ``order`` of the unit's route today: as the holder before a deputy.

        A deputy's own deputies may not: acting does not cascade. None: the person may not.
        """
        named = [row.approver for row in self._route_rows(code) if row.step.order == order]
        if person in named and person in self._active_approvers:
            return Hand(person)
        for post in self.posts_of(person):
            if post.role is Role.APPROVER and post.acting_for in named and post.acting_for is not None:
                return Hand(post.acting_for, post.capacity or Capacity.ACTING)
        return None

    def enters_data_of(self, person: str, code: str, role: Role) -> bool:
        """Tell whether ``person`` enters the unit's data as ``role``, in the unit itself or in one above it."""
        return any(post.role is role and code in self.below(post.unit) for post in self.posts_of(person))

    def stage_of(self, code: str, order: int) -> Stage:
        """Return the stage of step ``order`` of the unit's route; AGENCY when the route has no such step."""
        return next((step.stage for step in self.route(code) if step.order == order), Stage.AGENCY)

    def posts_of(self, person: str) -> Sequence[Post]:
        """Return the posts that the person holds today, in the order they were entered."""
        return self._posts_of.get(person, ())

    def below(self, code: str) -> frozenset[str]:
        """Return the unit and every unit under it, what was merged into one of them included."""
        return self._below[code]

    def steps_of(self, person: str) -> Mapping[str, int]:
        """Return the units on whose route the person is named, each with the first step of theirs; not who acts."""
        return {unit: min(orders) for unit, orders in self.orders_of(person).items()}

    def orders_of(self, person: str) -> Mapping[str, frozenset[int]]:
        """Return the units on whose route the person is named, each with all steps of theirs; not who acts."""
        return self._orders_of.get(person, {})

    @property
    def named_on_routes(self) -> Collection[str]:
        """Everybody whom a route names, whatever posts they still hold; not who acts."""
        return self._orders_of.keys()

    def _route_rows(self, code: str) -> Sequence[RouteStep]:
        return next((rows for u in self.ancestry(code) if (rows := self._routes.get(u.code))), ())

    @cached_property
    def _posts_of(self) -> Mapping[str, Sequence[Post]]:
        found: dict[str, list[Post]] = defaultdict(list)
        for post in self.posts:
            found[post.person].append(post)
        return found

    @cached_property
    def _below(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for code in self.units:
            for ancestor in self.ancestry(code):
                found[ancestor.code].add(code)
        return {code: frozenset(codes) for code, codes in found.items()}

    @cached_property
    def _orders_of(self) -> Mapping[str, Mapping[str, frozenset[int]]]:
        found: dict[str, dict[str, frozenset[int]]] = defaultdict(dict)
        for code in self.units:
            for row in self._route_rows(code):
                found[row.approver][code] = found[row.approver].get(code, frozenset()) | {row.step.order}
        return found

    @cached_property
    def _groups(self) -> Sequence[Unit]:
        return [unit for unit in self.units.values() if unit.level is UnitLevel.GROUP]

    @cached_property
    def _by_agency(self) -> Mapping[tuple[Role, str], Sequence[str]]:
        found: dict[tuple[Role, str], list[str]] = defaultdict(list)
        for post in self.posts:
            agency = self.path(post.unit).agency
            if agency is not None and post.person not in found[post.role, agency]:
                found[post.role, agency].append(post.person)
        return found

    @cached_property
    def _coordinators(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for post in self.posts:
            if post.role is Role.MINISTRY_COORDINATOR and post.person not in found[self.ministry_of(post.unit)]:
                found[self.ministry_of(post.unit)].append(post.person)
        return found

    @cached_property
    def _active_approvers(self) -> frozenset[str]:
        return frozenset(p.person for p in self.posts if p.role is Role.APPROVER and p.acting_for is None)

    @cached_property
    def _deputies(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for post in self.posts:
            if post.role is Role.APPROVER and post.acting_for is not None:
                found[post.acting_for].append(post.person)
        return found

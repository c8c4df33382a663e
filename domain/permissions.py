"""What a person may see (``domain.md`` §1); who may decide is ``Organisation.approvers``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from domain.organisation import Organisation, Post, UnitLevel
from domain.roles import Role


class Visibility(IntEnum):
    """How much of a unit somebody sees, least first."""

    NOTHING = 0
    APPROVED = 1
    """What passed the whole route."""
    STEP = 2
    """Official projects and how far each report is; what stands in a report once it is at the person's step."""
    WHOLE = 3
    """Everything, in every state."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person sees today, by unit codes.

    ``whole`` units are seen in every state; ``steps`` are units on whose route the person decides, or prepares what an
    executive decides, with the first such step; of ``approved`` units only approved data is seen. ``duties`` are
    agencies whose plans and yearly reports are seen. ``everything`` and ``everything_approved`` hold for the country.
    ``home`` is the unit in whose calendar the person speaks, None for somebody without a post.
    """

    home: str | None = None
    everything: bool = False
    everything_approved: bool = False
    whole: frozenset[str] = frozenset()
    steps: Mapping[str, int] = field(default_factory=dict)
    approved: frozenset[str] = frozenset()
    duties: frozenset[str] = frozenset()

    @property
    def is_blind(self) -> bool:
        """Whether there is no project at all that the person may see."""
        return not (self.is_countrywide or self.units)

    @property
    def is_countrywide(self) -> bool:
        """Whether something of every unit is seen."""
        return self.everything or self.everything_approved

    @property
    def units(self) -> frozenset[str]:
        """The units of which any project may be seen; of somebody who sees something of all units only these few."""
        return self.whole.union(self.steps, self.approved)

    def of(self, unit: str) -> Visibility:
        """Return how much of the unit the person sees."""
        if self.everything or unit in self.whole:
            return Visibility.WHOLE
        if unit in self.steps:
            return Visibility.STEP
        return Visibility.APPROVED if self.everything_approved or unit in self.approved else Visibility.NOTHING

    def owing(self, units: Iterable[str]) -> frozenset[str]:
        """Return those of ``units`` whose unreported projects the person may be told of: approved data has none."""
        return frozenset(unit for unit in units if self.of(unit) >= Visibility.STEP)

    def within(self, units: Collection[str]) -> Sight:
        """Return what is left of the sight when only ``units`` are looked at."""
        whole = frozenset(units) if self.everything else self.whole.intersection(units)
        approved = frozenset(units) if self.everything_approved else self.approved.intersection(units)
        return Sight(
            home=self.home,
            whole=whole,
            steps={unit: order for unit, order in self.steps.items() if unit in units and unit not in whole},
            approved=approved,
            duties=self.duties.intersection(units),
        )


_BY_CLOSENESS = (
    Role.PROJECT_OFFICER,
    Role.PLAN_OFFICER,
    Role.APPROVER,
    Role.ASSISTANT,
    Role.MINISTRY_COORDINATOR,
    Role.MONITOR,
    Role.ADMIN,
)


class Seat(NamedTuple):
    """Somebody's steps that a person looks after: one's own, a principal's, or those of the executive one assists.

    ``holder`` is whom the routes name; ``decides``: the person may decide there, and not only prepare.
    """

    holder: str
    decides: bool


def seats_of(person: str, organisation: Organisation) -> Sequence[Seat]:
    """Return whose steps the person (a code) looks after on the organisation's day, those where one decides first."""
    decides: dict[str, bool] = {}
    for post in organisation.posts_of(person):
        for executive in _decides_as(organisation, post):
            decides[executive] = decides.get(executive, False) or post.role is Role.APPROVER
    return sorted((Seat(*seat) for seat in decides.items()), key=lambda seat: not seat.decides)


def sight_of(person: str, organisation: Organisation) -> Sight:
    """Return what the person (a code) sees on the organisation's day; nothing without a post."""
    posts = sorted(organisation.posts_of(person), key=lambda post: _BY_CLOSENESS.index(post.role))
    if not posts:
        return Sight()
    monitored = [organisation.ministry_of(post.unit) for post in posts if post.role is Role.MONITOR]
    coordinated = {organisation.ministry_of(post.unit) for post in posts if post.role is Role.MINISTRY_COORDINATOR}
    ministries = [code for code in monitored if organisation.units[code].level is UnitLevel.MINISTRY]
    officers = {post.unit for post in posts if post.role is Role.PROJECT_OFFICER}
    return Sight(
        home=posts[0].unit,
        everything=any(post.role is Role.ADMIN for post in posts),
        everything_approved=len(ministries) < len(monitored),
        whole=_below(organisation, coordinated | officers),
        steps=_steps(organisation, posts),
        approved=_below(organisation, ministries),
        duties=_agencies(organisation, coordinated | {p.unit for p in posts if p.role is Role.PLAN_OFFICER}),
    )


def _below(organisation: Organisation, units: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(organisation.below(unit) for unit in units))


def _agencies(organisation: Organisation, units: Iterable[str]) -> frozenset[str]:
    """Return the agencies under the units and, for a unit within an agency, that agency."""
    inside = {code for code in _below(organisation, units) if organisation.units[code].level is UnitLevel.AGENCY}
    above = {agency for unit in units if (agency := organisation.path(unit).agency) is not None}
    return frozenset(inside | above)


def _steps(organisation: Organisation, posts: Iterable[Post]) -> Mapping[str, int]:
    steps: dict[str, int] = {}
    for post in posts:
        for executive in _decides_as(organisation, post):
            for unit, order in organisation.steps_of(executive).items():
                steps[unit] = min(order, steps.get(unit, order))
    return steps


def _decides_as(organisation: Organisation, post: Post) -> Iterable[str]:
    """Yield whose steps the post shows: one's own, the principal's, or those of the executive whom one assists."""
    if post.role is Role.APPROVER:
        yield post.acting_for or post.person
    elif post.role is Role.ASSISTANT and post.acting_for is not None:
        yield post.acting_for
    elif post.role is Role.ASSISTANT:
        yield from organisation.holders(Role.APPROVER, post.unit)

"""Who decides in whose place: deputies for some days, and successors of people who leave (``domain.md`` §1).

Only what changes who holds a step is checked here; that deputies may not pass it on is ``Organisation.hand_at``.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.errors import DomainError
from domain.organisation import Capacity, Organisation
from domain.roles import Role

LONGEST = timedelta(days=366)
"""A deputy is named for a year at most, so that nobody decides for years because a date was forgotten."""


class AppointmentFault(StrEnum):
    """Why a deputy or a successor cannot be named."""

    NOT_YOURS = "not_yours"
    """It is not for this person to say who decides there, or nobody decides there."""
    SAME_PERSON = "same_person"
    """Nobody stands in for themselves, and nobody names themselves."""
    NOT_OF_MINISTRY = "not_of_ministry"
    """Who is named holds no post in the ministry."""
    ENDS_BEFORE_START = "ends_before_start"
    TOO_LONG = "too_long"
    IN_THE_PAST = "in_the_past"
    TOO_FAR_AHEAD = "too_far_ahead"
    OVERLAPS = "overlaps"
    """The same deputy was named for some of these days already."""


class AppointmentRefused(DomainError):
    """A deputy or a successor cannot be named."""

    def __init__(self, fault: AppointmentFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class DelegationWish:
    """Who (codes) shall decide for whom, in which capacity, on which inclusive days in Bangkok."""

    principal: str
    deputy: str
    capacity: Capacity
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Delegation:
    """Who (codes) decides for whom, in which capacity, on which inclusive days in Bangkok; None: open-ended.

    ``delegation_id`` is the number of the deputy's role.
    """

    delegation_id: int
    principal: str
    deputy: str
    capacity: Capacity
    first_day: date | None
    last_day: date | None


def ministries_decided_in(organisation: Organisation, person: str) -> frozenset[str]:
    """Return the ministries (codes) on whose routes the person is named, whatever posts they still hold."""
    return frozenset(organisation.ministry_of(unit) for unit in organisation.orders_of(person))


def may_appoint_for(organisation: Organisation, by: str, principal: str) -> bool:
    """Tell whether ``by`` may say who decides for ``principal``: the approver, the coordinator, or an administrator.

    A deputy has no step of their own to give away: the routes do not name them.
    """
    ministries = ministries_decided_in(organisation, principal)
    if not ministries:
        return False
    posts = organisation.posts_of(by)
    if by == principal:
        return any(post.role is Role.APPROVER and post.acting_for is None for post in posts)
    coordinates = all(by in organisation.coordinators(ministry) for ministry in ministries)
    return coordinates or any(post.role is Role.ADMIN for post in posts)


def check_appointment(organisation: Organisation, by: str, principal: str, named: str) -> None:
    """Check that ``by`` may let ``named`` decide for ``principal``; all are people's codes.

    Raises:
        AppointmentRefused: not by this person, not for oneself, not oneself for another, or not somebody of the
            ministry.
    """
    if not may_appoint_for(organisation, by, principal):
        raise AppointmentRefused(AppointmentFault.NOT_YOURS)
    if named in (principal, by):  # who says who decides would approve what is not theirs
        raise AppointmentRefused(AppointmentFault.SAME_PERSON)
    if not _is_of(organisation, named, ministries_decided_in(organisation, principal)):
        raise AppointmentRefused(AppointmentFault.NOT_OF_MINISTRY)


def check_days(first_day: date, last_day: date, today: date) -> None:
    """Check the inclusive days of a delegation.

    Raises:
        AppointmentRefused: they are out of order, more than a year, or begin before ``today`` or in more than a year.
    """
    if last_day < first_day:
        raise AppointmentRefused(AppointmentFault.ENDS_BEFORE_START)
    if first_day < today:
        raise AppointmentRefused(AppointmentFault.IN_THE_PAST)
    if first_day - today >= LONGEST:
        raise AppointmentRefused(AppointmentFault.TOO_FAR_AHEAD)
    if last_day - first_day >= LONGEST:
        raise AppointmentRefused(AppointmentFault.TOO_LONG)


def _is_of(organisation: Organisation, person: str, ministries: Collection[str]) -> bool:
    return any(organisation.ministry_of(post.unit) in ministries for post in organisation.posts_of(person))

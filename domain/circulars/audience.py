"""Whom a circular is for: places, roles, who has not reported, saved groups; combined, and some left out.

An audience is a wish in terms of the organisation; who that is, is found out when it is looked at and again when it is
released, for people change posts in between.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.errors import DomainError
from domain.fiscal import Quarter
from domain.organisation import Organisation
from domain.roles import Role

NOT_UNASKED = frozenset({Role.MONITOR})
"""Members of cabinet and parliament get a circular only where their role is named (``domain.md`` §1)."""


@dataclass(frozen=True, slots=True)
class Audience:
    """People who hold one of ``roles`` (none named: any, see ``NOT_UNASKED``) in one of ``units`` or below.

    ``everyone`` stands for all units. ``unreported``: only where a report of that fiscal quarter is still owed; without
    roles named it is then for project officers alone. ``groups`` are saved audiences (ids) that are added;
    ``recipients_of`` adds those of an earlier circular (id). ``without_units`` (with all below) and ``without_roles``
    are left out of all that. Units are codes.
    """

    everyone: bool = False
    units: frozenset[str] = frozenset()
    roles: frozenset[Role] = frozenset()
    unreported: Quarter | None = None
    groups: tuple[int, ...] = ()
    recipients_of: int | None = None
    without_units: frozenset[str] = frozenset()
    without_roles: frozenset[Role] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether nobody is named yet."""
        return not (self.everyone or self.units or self.groups or self.recipients_of is not None)

    @property
    def asked_roles(self) -> frozenset[Role]:
        """The roles that count."""
        if self.roles:
            return self.roles
        return frozenset({Role.PROJECT_OFFICER}) if self.unreported else frozenset(Role) - NOT_UNASKED

    def as_json(self) -> dict[str, Any]:
        """Return what the database keeps."""
        quarter = self.unreported
        return {
            "everyone": self.everyone,
            "units": sorted(self.units),
            "roles": sorted(self.roles),
            "unreported": [quarter.fiscal_year, quarter.number] if quarter else None,
            "groups": list(self.groups),
            "recipients_of": self.recipients_of,
            "without_units": sorted(self.without_units),
            "without_roles": sorted(self.without_roles),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Audience:
        """Return the audience that ``as_json`` gave; nothing kept yet is nobody."""
        if not kept:
            return NOBODY
        return cls(
            everyone=kept["everyone"],
            units=frozenset(kept["units"]),
            roles=frozenset(Role(role) for role in kept["roles"]),
            unreported=Quarter(*kept["unreported"]) if kept["unreported"] else None,
            groups=tuple(kept["groups"]),
            recipients_of=kept["recipients_of"],
            without_units=frozenset(kept["without_units"]),
            without_roles=frozenset(kept["without_roles"]),
        )


NOBODY = Audience()


class GroupFault(StrEnum):
    """Why a choice of recipients is not saved under a name; the message catalogue words it."""

    NO_NAME = "no_name"
    LONG_NAME = "long_name"
    NAME_TAKEN = "name_taken"
    TOO_MANY = "too_many"


class GroupRefused(DomainError):
    """A choice of recipients is not saved, for the ``fault`` given."""

    def __init__(self, fault: GroupFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def ministries_of(organisation: Organisation, person: str) -> frozenset[str] | None:
    """Return the ministries (codes) for which somebody (a code) makes and handles circulars; None: the country.

    Administrators do for the country, ministry coordinators for their ministry, others for none.
    """
    posts = organisation.posts_of(person)
    if any(post.role is Role.ADMIN for post in posts):
        return None
    return frozenset(organisation.ministry_of(p.unit) for p in posts if p.role is Role.MINISTRY_COORDINATOR)


def reach_of(organisation: Organisation, person: str) -> frozenset[str] | None:
    """Return the units (codes) to whose people somebody (a code) may send circulars; None: to everybody."""
    ministries = ministries_of(organisation, person)
    return None if ministries is None else below_all(organisation, ministries)


def below_all(organisation: Organisation, units: Iterable[str]) -> frozenset[str]:
    """Return the units (codes) and all that lies in them; what is no unit any more is left out."""
    return frozenset().union(*(organisation.below(unit) for unit in units if unit in organisation.units))


def named_people(
    organisation: Organisation, audience: Audience, reach: frozenset[str] | None, owing: Collection[str] = ()
) -> Mapping[str, str]:
    """Return whom the places and roles of an audience name, each with the unit through which: codes.

    Groups and earlier recipients are not looked at. ``owing`` are the units that still owe a report of the quarter in
    ``unreported``. Nobody outside of ``reach`` is named.
    """
    if not (audience.everyone or audience.units):
        return {}
    places = None if audience.everyone else below_all(organisation, audience.units)
    if audience.unreported is not None:
        owing_places = _with_all_above(organisation, owing)
        places = owing_places if places is None else places & owing_places
    barred = below_all(organisation, audience.without_units)
    roles = audience.asked_roles - audience.without_roles
    found: dict[str, str] = {}
    for post in organisation.posts:
        person, unit, role, *_ = post
        if role not in roles or unit in barred or person in found:
            continue
        if (places is None or unit in places) and (reach is None or unit in reach):
            found[person] = unit
    return found


def left_in(organisation: Organisation, audience: Audience, people: Mapping[str, str]) -> Mapping[str, str]:
    """Return ``people`` whom a group or an earlier circular named (with their units) but those who are left out.

    Whoever was named through a unit or role that is left out stays where another post of theirs is not.
    """
    if not (audience.without_units or audience.without_roles):
        return people
    barred = below_all(organisation, audience.without_units)
    kept: dict[str, str] = {}
    for person, unit in people.items():
        posts = organisation.posts_of(person)
        units = [p.unit for p in posts if p.unit not in barred and p.role not in audience.without_roles]
        if units:
            kept[person] = unit if unit in units else units[0]
    return kept


def _with_all_above(organisation: Organisation, units: Iterable[str]) -> frozenset[str]:
    """Return the units and all that they lie in: whoever sits there answers for them."""
    found: set[str] = set()
    for unit in units:
        here: str | None = unit
        while here is not None and here not in found:
            found.add(here)
            above = organisation.units[here]
            here = above.merged_into or above.parent
    return frozenset(found)

"""Finds people of a ministry by name or position, for whoever may let one of them decide."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from domain.organisation import Organisation
from domain.roles import Role
from storage.queries.name_search import normalised
from storage.queries.readers import PersonReading, people_reading
from storage.reference import Reference


def colleagues(organisation: Organisation, unit: str, ministries: Collection[str] = ()) -> Sequence[str]:
    """Return who holds a post in the unit's agency (codes), approvers first; with ``ministries``: anywhere in them.

    Where the unit belongs to no agency, as an office of the ministry itself, its own people are meant.
    """
    within = [organisation.path(unit).agency or unit] if not ministries else list(ministries)
    units = frozenset().union(*(organisation.below(code) for code in within))
    if not ministries and organisation.path(unit).agency is None:
        units = frozenset({unit})
    posts = [post for post in organisation.posts if post.unit in units and post.role is not Role.MONITOR]
    ordered = sorted(posts, key=lambda post: (post.role is not Role.APPROVER, post.unit, post.person))
    return list(dict.fromkeys(post.person for post in ordered))


def named_like(session: Session, reference: Reference, people: Collection[str], words: str) -> Sequence[PersonReading]:
    """Return those of the people (codes) whose name and position hold all the words, shortest position first."""
    parts = [part for word in words.split() if (part := normalised(word))]
    if not parts:
        return ()
    readings = people_reading(session, people, reference.rules.today).values()
    found = [one for one in readings if all(part in normalised(f"{one.full_name} {one.position}") for part in parts)]
    return sorted(found, key=lambda one: (len(one.position), one.full_name, one.code))

"""Choices of recipients that were saved under a name: a ministry's, and administrators' own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from domain.circulars.audience import Audience, GroupFault, GroupRefused
from domain.circulars.life import CircularRefusal, CircularRefused
from storage.audit import record
from storage.circulars.rows import handled_by
from storage.database import insert_into
from storage.outbox_claims import Now
from storage.reference import Reference
from storage.submissions.actor import Actor
from storage.tables import AudienceGroup
from storage.tables.messaging import AuditAction

LONGEST_NAME = 60
MOST_GROUPS = 100
"""Of one ministry."""
_QUOTES = str.maketrans("", "", '"\u201c\u201d\u201e\u00ab\u00bb')
"""A name stands between quotation marks wherever it is said."""


@dataclass(frozen=True, slots=True)
class Group:
    """A saved choice of recipients."""

    group_id: int
    name: str
    audience: Audience


def groups_of(session: Session, reference: Reference, by: Actor) -> Sequence[Group]:
    """Return the saved choices that ``by`` picks from and removes, by name."""
    query = select(AudienceGroup).where(_own(reference, by)).order_by(AudienceGroup.name, AudienceGroup.id)
    return [Group(row.id, row.name, Audience.from_json(row.audience)) for row in session.scalars(query)]


def group_names(session: Session, reference: Reference, person: str) -> Mapping[int, str]:
    """Return what the saved choices are called, by id, that circulars of ``person`` (a code) may name."""
    ministries = handled_by(reference, person)
    query = select(AudienceGroup.id, AudienceGroup.name)
    if ministries is not None:
        query = query.where(AudienceGroup.ministry_id.in_(ministries))
    return dict(session.execute(query).all())


def save_group(session: Session, reference: Reference, by: Actor, name: str, audience: Audience, at: Now) -> Group:
    """Save a choice of recipients for ``by``'s ministry, or for administrators, and return it.

    Raises:
        CircularRefused: NOT_YOURS: ``by`` makes no circulars; NOBODY: it names nobody.
        GroupRefused: the name cannot be had, or there are too many.
    """
    name = " ".join(name.translate(_QUOTES).split())
    ministry = _home(reference, by)
    if audience.is_empty:
        raise CircularRefused(CircularRefusal.NOBODY)
    if not name:
        raise GroupRefused(GroupFault.NO_NAME)
    if len(name) > LONGEST_NAME:
        raise GroupRefused(GroupFault.LONG_NAME)
    names = [group.name for group in groups_of(session, reference, by)]
    if len(names) >= MOST_GROUPS:
        raise GroupRefused(GroupFault.TOO_MANY)
    values = {"ministry_id": ministry, "name": name, "audience": audience.as_json()}
    statement = insert_into(session, AudienceGroup).values(**values, saved_by_id=by.person_id, saved_at=at.business)
    added = (
        session.scalar(statement.on_conflict_do_nothing().returning(AudienceGroup.id)) if name not in names else None
    )
    if added is None:
        raise GroupRefused(GroupFault.NAME_TAKEN)
    record(session, AuditAction.AUDIENCE_SAVE, f"audience:{added}", by, at, after=_kept(name, audience))
    return Group(added, name, audience)


def remove_group(session: Session, reference: Reference, by: Actor, group_id: int, at: Now) -> str | None:
    """Remove a saved choice and return what it was called; None: there is no such one of ``by``'s.

    Drafts that name it name nobody through it from then on.
    """
    row = session.scalar(
        select(AudienceGroup).where(AudienceGroup.id == group_id, _own(reference, by)).with_for_update()
    )
    if row is None:
        return None
    before = _kept(row.name, Audience.from_json(row.audience))
    record(session, AuditAction.AUDIENCE_REMOVE, f"audience:{row.id}", by, at, before=before)
    session.delete(row)
    session.flush()
    return row.name


def _own(reference: Reference, by: Actor) -> ColumnElement[bool]:
    ministries = handled_by(reference, by.code)
    return AudienceGroup.ministry_id.is_(None) if ministries is None else AudienceGroup.ministry_id.in_(ministries)


def _home(reference: Reference, by: Actor) -> int | None:
    ministries = handled_by(reference, by.code)
    if ministries is None:
        return None
    if not ministries:
        raise CircularRefused(CircularRefusal.NOT_YOURS)
    return min(ministries)


def _kept(name: str, audience: Audience) -> Mapping[str, object]:
    return {"label": name, **{key: value for key, value in audience.as_json().items() if value}}

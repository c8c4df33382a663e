"""Deputies: somebody decides in an approver's place for some days, which end by themselves (``domain.md`` §1).

A delegation is a role of its own, so that whatever asks who decides today needs to know nothing more of it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session, aliased

from domain.appointments import (
    AppointmentFault,
    AppointmentRefused,
    Delegation,
    DelegationWish,
    check_appointment,
    check_days,
    may_appoint_for,
)
from domain.organisation import Capacity
from domain.roles import Role
from storage import handover_notices, shared_state
from storage.audit import record
from storage.outbox_claims import Now
from storage.reference import Reference
from storage.role_periods import end_role
from storage.submissions.actor import Actor
from storage.tables import Person, RoleAssignment, Unit
from storage.tables.messaging import AuditAction

_CODES_A_QUERY = 500


class NoSuchDelegation(LookupError):
    """There is no delegation of this id, or it is over."""


def delegate(session: Session, reference: Reference, by: Actor, wish: DelegationWish, at: Now) -> Delegation:
    """Let somebody decide for another on the days of ``wish``, and tell both.

    Raises:
        AppointmentRefused: it is not ``by``'s to say, or the people or the days do not fit.
    """
    check_appointment(reference.rules.organisation, by.code, wish.principal, wish.deputy)
    check_days(wish.first_day, wish.last_day, reference.rules.today)
    ids = _locked(session, (wish.principal, wish.deputy))
    others = delegations_of(session, wish.first_day, [wish.principal], wish.deputy)
    if any((other.first_day or date.min) <= wish.last_day for other in others):
        raise AppointmentRefused(AppointmentFault.OVERLAPS)
    role = RoleAssignment(
        person_id=ids[wish.deputy],
        unit_id=_unit_of(session, reference, wish.principal),
        role=Role.APPROVER,
        valid_from=wish.first_day,
        valid_to=wish.last_day,
        acting_for_id=ids[wish.principal],
        capacity=wish.capacity,
    )
    session.add(role)
    session.flush()
    made = Delegation(role.id, wish.principal, wish.deputy, wish.capacity, wish.first_day, wish.last_day)
    audit_delegation(session, AuditAction.DELEGATION_START, made, by, at)
    shared_state.reference_changed(session, at.real)
    handover_notices.tell_of_delegation(session, reference, made, by.code, at)
    return made


def end_delegation(session: Session, reference: Reference, by: Actor, delegation_id: int, at: Now) -> Delegation:
    """End a delegation now: the deputy decides nothing any more, today included. Both are told.

    Raises:
        NoSuchDelegation: there is none of this id, or it is over.
        AppointmentRefused: it is not ``by``'s to say.
    """
    role = session.get(RoleAssignment, delegation_id, with_for_update=True, populate_existing=True)
    ended = delegation(session, delegation_id)
    if role is None or ended is None or (ended.last_day or date.max) < reference.rules.today:
        raise NoSuchDelegation(delegation_id)
    if not may_appoint_for(reference.rules.organisation, by.code, ended.principal):
        raise AppointmentRefused(AppointmentFault.NOT_YOURS)
    audit_delegation(session, AuditAction.DELEGATION_END, ended, by, at)
    end_role(session, role, reference.rules.today)
    session.flush()
    shared_state.reference_changed(session, at.real)
    handover_notices.tell_of_end(session, reference, ended, by.code, at)
    return ended


def delegation(session: Session, delegation_id: int) -> Delegation | None:
    """Return the delegation of this id, whenever it is; None: there is none."""
    found = session.execute(_query().where(RoleAssignment.id == delegation_id)).one_or_none()
    return None if found is None else _read(found)


def delegations_of(
    session: Session, on: date, principals: Collection[str] | None = None, deputy: str | None = None
) -> Sequence[Delegation]:
    """Return the delegations that are in force on ``on`` or begin later, by their first day.

    ``principals`` (codes) and ``deputy`` narrow them down; None: everybody's.
    """
    row = RoleAssignment
    query = _query().where(or_(row.valid_to.is_(None), row.valid_to >= on))
    if deputy is not None:
        query = query.where(Person.code == deputy)
    if principals is None:
        return sorted(map(_read, session.execute(query)), key=_by_day)
    codes = sorted(principals)
    found: list[Delegation] = []
    for start in range(0, len(codes), _CODES_A_QUERY):
        some = select(Person.id).where(Person.code.in_(codes[start : start + _CODES_A_QUERY]))
        found += map(_read, session.execute(query.where(row.acting_for_id.in_(some))))
    return sorted(found, key=_by_day)


def audit_delegation(session: Session, action: AuditAction, about: Delegation, by: Actor, at: Now) -> None:
    """Add to the audit trail that a deputy was named, or is none any more; both are in it, and who said so."""
    told = {
        "principal": about.principal,
        "deputy": about.deputy,
        "capacity": about.capacity,
        "valid_from": about.first_day and about.first_day.isoformat(),
        "valid_to": about.last_day and about.last_day.isoformat(),
    }
    is_start = action is AuditAction.DELEGATION_START
    subject = f"delegation:{about.principal}:{about.deputy}"
    before, after = (None, told) if is_start else (told, None)
    record(session, action, subject, by, at, before=before, after=after)


def _query() -> Select[int, str, str, Capacity | None, date | None, date | None]:
    row, principal = RoleAssignment, aliased(Person)
    return (
        select(row.id, principal.code, Person.code, row.capacity, row.valid_from, row.valid_to)
        .join(Person, Person.id == row.person_id)
        .join(principal, principal.id == row.acting_for_id)
        .where(row.role == Role.APPROVER)
    )


def _read(found: Row[int, str, str, Capacity | None, date | None, date | None]) -> Delegation:
    delegation_id, principal, deputy, capacity, first_day, last_day = found
    return Delegation(delegation_id, principal, deputy, capacity or Capacity.ACTING, first_day, last_day)


def _by_day(one: Delegation) -> tuple[date, int]:
    return one.first_day or date.min, one.delegation_id


def _locked(session: Session, codes: Collection[str]) -> dict[str, int]:
    """Return the people's ids; of two who name the same deputy at once, the later one sees the earlier one's."""
    people = select(Person.code, Person.id).where(Person.code.in_(codes)).order_by(Person.id)
    return dict(session.execute(people.with_for_update(key_share=True)).all())


def _unit_of(session: Session, reference: Reference, principal: str) -> int:
    """Return in which unit the principal decides, or decided last: the deputy's role is there, too."""
    row = RoleAssignment
    own = (
        select(Unit.code)
        .join(row, row.unit_id == Unit.id)
        .join(Person, Person.id == row.person_id)
        .where(Person.code == principal, row.role == Role.APPROVER, row.acting_for_id.is_(None))
        .order_by(row.valid_to.is_(None).desc(), row.valid_to.desc(), row.id.desc())
    )
    organisation = reference.rules.organisation
    unit = session.scalars(own.limit(1)).first() or min(organisation.orders_of(principal))
    living = next(above for above in organisation.ancestry(unit) if above.merged_into is None)
    return reference.unit_ids[living.code]

"""A successor takes over from somebody who left a post: the steps, what waits there, and the right to decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from domain.appointments import check_appointment
from domain.organisation import Organisation
from domain.roles import Role
from storage import shared_state
from storage.audit import record
from storage.delegations import audit_delegation, delegations_of
from storage.outbox_claims import Now
from storage.reference import Reference
from storage.rerouting import Rerouted, Rerouting
from storage.role_periods import end_role
from storage.submissions.actor import Actor
from storage.tables import Person, RoleAssignment, RouteStep, Unit
from storage.tables.messaging import AuditAction


def hand_over(session: Session, reference: Reference, by: Actor, former: str, successor: str, at: Now) -> Rerouted:
    """Let ``successor`` hold from now on every step at which routes name ``former`` (people's codes), and decide there.

    Roles as an approver that the former held end, and delegations by the former with them. Who holds now what waits
    is returned, and told to the ministry's coordinators.

    Raises:
        AppointmentRefused: it is not ``by``'s to say, or the successor is nobody of the ministry.
    """
    organisation = reference.rules.organisation
    check_appointment(organisation, by.code, former, successor)
    rerouting = Rerouting(session, reference.rules.today, organisation)
    handover = _Handover(session, reference, by, at)
    people = handover.locked(former, successor)
    leaving, coming = people[former], people[successor]
    handover.take_steps(leaving, coming)
    units = handover.end_roles(leaving)
    if not _decides(organisation, successor):
        handover.grant(coming, units or {reference.unit_ids[min(organisation.orders_of(former))]})
    rerouted = rerouting.follow(at, by)
    shared_state.reference_changed(session, at.real)
    return rerouted


def _decides(organisation: Organisation, person: str) -> bool:
    return any(post.role is Role.APPROVER and post.acting_for is None for post in organisation.posts_of(person))


class _Handover:
    """The parts of one handover, each audited."""

    def __init__(self, session: Session, reference: Reference, by: Actor, at: Now) -> None:
        self._session = session
        self._reference = reference
        self._by = by
        self._at = at

    def locked(self, *people: str) -> Mapping[str, Person]:
        """Return the people, whom nobody else hands anything over to or from meanwhile."""
        query = select(Person).where(Person.code.in_(people)).order_by(Person.id).with_for_update(key_share=True)
        found = self._session.scalars(query.execution_options(populate_existing=True))
        return {person.code: person for person in found}

    def take_steps(self, leaving: Person, coming: Person) -> None:
        """Put the one in the other's place on every route; who is there already stays there once."""
        step, twin = RouteStep, aliased(RouteStep)
        same_step = (twin.unit_id == step.unit_id) & (twin.order == step.order) & (twin.approver_id == coming.id)
        query = select(step, Unit.code, twin.id).join(Unit, Unit.id == step.unit_id).outerjoin(twin, same_step)
        for row, unit, there in self._session.execute(query.where(step.approver_id == leaving.id)).all():
            before = {"stage": row.stage, "approver": leaving.code}
            subject = f"route:{unit}:{row.order}:{leaving.code}"
            if there is None:
                row.approver_id = coming.id
                self._audit(AuditAction.ROUTE_CHANGE, subject, before, {**before, "approver": coming.code})
            else:
                self._session.delete(row)
                self._audit(AuditAction.ROUTE_REMOVE, subject, before, None)

    def end_roles(self, leaving: Person) -> set[int]:
        """End what lets somebody decide, and who decides for them; return the units (ids) of the ended posts."""
        today, code = self._reference.rules.today, leaving.code
        for named in (
            *delegations_of(self._session, today, principals=[code]),
            *delegations_of(self._session, today, deputy=code),
        ):
            audit_delegation(self._session, AuditAction.DELEGATION_END, named, self._by, self._at)
            end_role(self._session, self._session.get_one(RoleAssignment, named.delegation_id), today)
        units = set()
        for role in self._own_roles(leaving):
            units.add(role.unit_id)
            subject = f"role:{code}:{self._reference.unit_codes[role.unit_id]}:{role.role}"
            self._audit(AuditAction.ROLE_REVOKE, subject, _told(role), None)
            end_role(self._session, role, today)
        return units

    def grant(self, coming: Person, units: Iterable[int]) -> None:
        """Give somebody the right to decide, from today on."""
        for unit_id in sorted(units):
            role = RoleAssignment(
                person_id=coming.id, unit_id=unit_id, role=Role.APPROVER, valid_from=self._reference.rules.today
            )
            self._session.add(role)
            self._session.flush()
            subject = f"role:{coming.code}:{self._reference.unit_codes[unit_id]}:{role.role}"
            self._audit(AuditAction.ROLE_GRANT, subject, None, _told(role))

    def _own_roles(self, person: Person) -> Sequence[RoleAssignment]:
        row, today = RoleAssignment, self._reference.rules.today
        own = (row.person_id == person.id) & (row.role == Role.APPROVER) & row.acting_for_id.is_(None)
        not_over = row.valid_to.is_(None) | (row.valid_to >= today)
        return self._session.scalars(select(row).where(own, not_over).order_by(row.id)).all()

    def _audit(
        self, action: AuditAction, subject: str, before: dict[str, Any] | None, after: dict[str, Any] | None
    ) -> None:
        record(self._session, action, subject, self._by, self._at, before=before, after=after)


def _told(role: RoleAssignment) -> dict[str, Any]:
    """Return an own role, not a deputy's, as the audit trail of imports keeps it, too."""
    return {
        "position": role.position,
        "valid_from": role.valid_from and role.valid_from.isoformat(),
        "valid_to": role.valid_to and role.valid_to.isoformat(),
        "acting_for": None,
    }

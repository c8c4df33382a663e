"""Rich menus that are on LINE, and who was given which; ``Person.menu_id`` is what an account was last given."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from domain.roles import Role
from storage.database import insert_into
from storage.tables import Person, RichMenu, RoleAssignment

_IDS_A_STATEMENT = 500


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A menu on LINE, complete with its image: LINE's id, and the fingerprint of what was uploaded."""

    menu_id: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Holder:
    """A linked account that LINE can reach, with its person's roles of a day and the menu that it was last given."""

    person_id: int
    account: str
    roles: frozenset[Role]
    menu_id: str | None


def uploaded_menus(session: Session) -> Mapping[str, Uploaded]:
    """Return the menus that are on LINE, by name."""
    row = RichMenu
    return {
        name: Uploaded(menu_id, fingerprint)
        for name, menu_id, fingerprint in session.execute(select(row.name, row.menu_id, row.fingerprint))
    }


def note_uploaded(session: Session, name: str, menu: Uploaded, real_now: datetime) -> None:
    """Remember that a menu is on LINE with its image, in place of an earlier one of this name."""
    statement = insert_into(session, RichMenu).values(
        name=name, menu_id=menu.menu_id, fingerprint=menu.fingerprint, created_at=real_now
    )
    changed = {column: statement.excluded[column] for column in ("menu_id", "fingerprint", "created_at")}
    session.execute(statement.on_conflict_do_update(index_elements=[RichMenu.name], set_=changed))


def forget_menus(session: Session, names: Collection[str]) -> None:
    """Forget menus that nobody needs any more."""
    session.execute(delete(RichMenu).where(RichMenu.name.in_(names)))


def role_sets(session: Session, on: date) -> set[frozenset[Role]]:
    """Return every set of roles that somebody holds on ``on``, linked to LINE or not."""
    query = select(RoleAssignment.person_id, RoleAssignment.role).where(_held(on))
    return set(_roles_by_person((person_id, role) for person_id, role in session.execute(query)).values())


def holders(session: Session, on: date, *, account: str | None = None, without_menu: bool = False) -> list[Holder]:
    """Return the accounts that can be given a menu: all, this one, or those that have to be given theirs anew."""
    query = (
        select(Person.id, RoleAssignment.role, Person.line_user_id, Person.menu_id)
        .outerjoin(RoleAssignment, (RoleAssignment.person_id == Person.id) & _held(on))
        .where(Person.line_user_id.is_not(None), Person.unreachable_since.is_(None))
        .order_by(Person.id)
    )
    if account is not None:
        query = query.where(Person.line_user_id == account)
    if without_menu:
        query = query.where(Person.menu_id.is_(None))
    rows = session.execute(query).all()
    roles = _roles_by_person((person_id, role) for person_id, role, _, _ in rows)
    accounts = {person_id: (line_user_id or "", menu_id) for person_id, _, line_user_id, menu_id in rows}
    return [Holder(person_id, line_id, roles[person_id], menu) for person_id, (line_id, menu) in accounts.items()]


def note_given(session: Session, given: Collection[Holder], menu_id: str) -> None:
    """Remember that these accounts were given a menu; whoever was unlinked or linked anew meanwhile is left out."""
    ordered = sorted(given, key=lambda holder: holder.person_id)  # one order for everybody: no deadlock
    for start in range(0, len(ordered), _IDS_A_STATEMENT):
        some = ordered[start : start + _IDS_A_STATEMENT]
        session.execute(
            update(Person)
            .where(Person.id.in_([holder.person_id for holder in some]))
            .where(Person.line_user_id.in_([holder.account for holder in some]))
            .values(menu_id=menu_id)
        )


def _held(on: date) -> ColumnElement[bool]:
    post = RoleAssignment
    begun = or_(post.valid_from.is_(None), post.valid_from <= on)
    return begun & or_(post.valid_to.is_(None), post.valid_to >= on)


def _roles_by_person(rows: Iterable[tuple[int, Role | None]]) -> dict[int, frozenset[Role]]:
    found: dict[int, set[Role]] = {}
    for person_id, role in rows:
        roles = found.setdefault(person_id, set())
        if role is not None:
            roles.add(role)
    return {person_id: frozenset(roles) for person_id, roles in found.items()}

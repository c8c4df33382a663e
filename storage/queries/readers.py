"""Who reads a message: names, positions and whether a LINE account is linked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Row, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from domain.organisation import UnitLevel
from domain.roles import Role
from storage.tables import Person, RoleAssignment, Unit

_BY_WEIGHT = (
    Role.APPROVER,
    Role.MINISTRY_COORDINATOR,
    Role.PROJECT_OFFICER,
    Role.PLAN_OFFICER,
    Role.ASSISTANT,
    Role.MONITOR,
    Role.ADMIN,
)
_CODES_A_QUERY = 500


@dataclass(frozen=True, slots=True)
class PersonReading:
    """A person as a message addresses them: the position of the weightiest role held on the day."""

    person_id: int
    code: str
    full_name: str
    position: str
    roles: tuple[Role, ...]
    line_user_id: str | None
    is_reachable: bool


_HELD_ON = and_(
    or_(RoleAssignment.valid_from.is_(None), RoleAssignment.valid_from <= bindparam("on", type_=Date())),
    or_(RoleAssignment.valid_to.is_(None), RoleAssignment.valid_to >= bindparam("on", type_=Date())),
)
# Built once: each event asks for its sender, and building a statement takes longer than running it.
_PEOPLE = (
    select(
        Person.id,
        Person.code,
        Person.full_name,
        Person.line_user_id,
        Person.unreachable_since,
        RoleAssignment.role,
        RoleAssignment.position,
    )
    .outerjoin(RoleAssignment, (RoleAssignment.person_id == Person.id) & _HELD_ON)
    .order_by(Person.code, RoleAssignment.id)
)
_BY_CODES = _PEOPLE.where(Person.code.in_(bindparam("codes", expanding=True)))
_BY_ACCOUNT = _PEOPLE.where(Person.line_user_id == bindparam("account"))


def people_reading(session: Session, codes: Collection[str], on: date) -> Mapping[str, PersonReading]:
    """Return the people with these codes, by code, as they are on ``on``."""
    found: dict[str, PersonReading] = {}
    wanted = sorted(codes)
    for start in range(0, len(wanted), _CODES_A_QUERY):
        page = wanted[start : start + _CODES_A_QUERY]
        for reading in _readings(session.execute(_BY_CODES, {"codes": page, "on": on})):
            found[reading.code] = reading
    return found


def person_of_account(session: Session, line_user_id: str, on: date) -> PersonReading | None:
    """Return the person to whom this LINE account is linked, as of ``on``; None: nobody."""
    return next(iter(_readings(session.execute(_BY_ACCOUNT, {"account": line_user_id, "on": on}))), None)


def _readings(rows: Iterable[Row[*tuple[Any, ...]]]) -> Iterable[PersonReading]:
    people: dict[str, tuple[int, str, str | None, bool]] = {}
    posts: dict[str, list[tuple[Role | None, str | None]]] = {}
    for person_id, code, name, line_user_id, unreachable_since, role, position in rows:
        people[code] = person_id, name, line_user_id, unreachable_since is None
        posts.setdefault(code, []).append((role, position))
    for code, (person_id, name, line_user_id, is_reachable) in people.items():
        ranked = sorted((_BY_WEIGHT.index(role), position or "") for role, position in posts[code] if role is not None)
        position = next((position for _, position in ranked if position), "")
        roles = tuple(dict.fromkeys(_BY_WEIGHT[weight] for weight, _ in ranked))
        yield PersonReading(person_id, code, name, position, roles, line_user_id, is_reachable)


def unit_names(session: Session) -> Mapping[str, str]:
    """Return what messages call each unit (by code): short name or name, a division with its agency."""
    units = {
        unit_id: (code, name, short, level, parent_id)
        for unit_id, code, name, short, level, parent_id in session.execute(
            select(Unit.id, Unit.code, Unit.name, Unit.short_name, Unit.level, Unit.parent_id)
        )
    }
    names: dict[str, str] = {}
    for code, name, short, level, parent_id in units.values():
        agency = units[parent_id][2] if level is UnitLevel.DIVISION and parent_id is not None else ""
        names[code] = short or f"{name} {agency}".rstrip()
    return names

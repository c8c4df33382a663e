"""The audit trail of what an import changes about who may decide what until when: roles, routes and windows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from storage import tables
from storage.imports.store import Record, insert_rows
from storage.imports.vocabulary import FileKind
from storage.tables.messaging import AuditAction

_Json = dict[str, Any]


class _Fact(NamedTuple):
    """One thing that may change: what the audit trail calls it, and what tells it from others of that name."""

    subject: str
    key: tuple[Any, ...] = ()


_Facts = Mapping[_Fact, _Json]


@dataclass(frozen=True, slots=True)
class _Trail:
    """How one kind of file is followed: ``facts`` reads all that stands, in codes and never in LINE ids."""

    facts: Callable[[Session], _Facts]
    added: AuditAction
    changed: AuditAction
    removed: AuditAction


class PermissionTrail:
    """Remembers how things stand when it is made, and audits what became different."""

    def __init__(self, session: Session, kinds: set[FileKind]) -> None:
        self._session = session
        self._before = {kind: trail.facts(session) for kind, trail in _TRAILS.items() if kind in kinds}

    def record(self, real_now: datetime) -> None:
        """Add an entry to the audit trail for everything that was added, changed or removed since."""
        entries = [
            entry | {"at": real_now} for kind, before in self._before.items() for entry in self._entries(kind, before)
        ]
        insert_rows(self._session, tables.AuditEntry, entries)

    def _entries(self, kind: FileKind, before: _Facts) -> list[Record]:
        trail = _TRAILS[kind]
        after = trail.facts(self._session)
        return [
            {
                "action": trail.added if fact not in before else trail.changed if fact in after else trail.removed,
                "subject": fact.subject,
                "before": before.get(fact),
                "after": after.get(fact),
            }
            for fact in dict.fromkeys((*before, *after))
            if before.get(fact) != after.get(fact)
        ]


def _roles(session: Session) -> _Facts:
    row, principal = tables.RoleAssignment, aliased(tables.Person)
    query = (
        select(
            row.id, tables.Person.code, tables.Unit.code, row.role, row.position, row.valid_from, row.valid_to,
            principal.code,
        )
        .join(tables.Person, tables.Person.id == row.person_id)
        .join(tables.Unit, tables.Unit.id == row.unit_id)
        .outerjoin(principal, principal.id == row.acting_for_id)
        .order_by(row.id)
    )  # fmt: skip
    return {
        _Fact(f"role:{person}:{unit}:{role}", (number,)): {
            "position": position,
            "valid_from": _day(valid_from),
            "valid_to": _day(valid_to),
            "acting_for": acting_for,
        }
        for number, person, unit, role, position, valid_from, valid_to, acting_for in session.execute(query)
    }


def _route_steps(session: Session) -> _Facts:
    row = tables.RouteStep
    query = (
        select(tables.Unit.code, row.order, row.stage, tables.Person.code)
        .join(tables.Unit, tables.Unit.id == row.unit_id)
        .join(tables.Person, tables.Person.id == row.approver_id)
        .order_by(row.id)
    )
    return {
        _Fact(f"route:{unit}:{order}:{approver}"): {"stage": stage, "approver": approver}
        for unit, order, stage, approver in session.execute(query)
    }


def _windows(session: Session) -> _Facts:
    row = tables.CalendarWindow
    query = (
        select(
            row.kind, row.fiscal_year, row.quarter, row.stage, row.scope, tables.Unit.code, row.letter_no,
            row.issued_on, row.opens_on, row.closes_on,
        )
        .outerjoin(tables.Unit, tables.Unit.id == row.unit_id)
        .order_by(row.id)
    )  # fmt: skip
    return {
        _Fact(f"calendar:{kind}:{year}:{quarter}:{stage}:{scope}:{unit or ''}", (letter_no, issued_on)): {
            "letter_no": letter_no,
            "issued_on": _day(issued_on),
            "opens_on": _day(opens_on),
            "closes_on": _day(closes_on),
        }
        for kind, year, quarter, stage, scope, unit, letter_no, issued_on, opens_on, closes_on in session.execute(query)
    }


def _day(day: Any) -> str | None:
    return None if day is None else day.isoformat()


_CALENDAR = AuditAction.CALENDAR_CHANGE
_TRAILS: Mapping[FileKind, _Trail] = {
    FileKind.PEOPLE: _Trail(_roles, AuditAction.ROLE_GRANT, AuditAction.ROLE_CHANGE, AuditAction.ROLE_REVOKE),
    FileKind.ROUTES: _Trail(_route_steps, AuditAction.ROUTE_ADD, AuditAction.ROUTE_CHANGE, AuditAction.ROUTE_REMOVE),
    FileKind.CALENDAR: _Trail(_windows, _CALENDAR, _CALENDAR, _CALENDAR),
}

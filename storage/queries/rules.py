"""Loads what the rules need to know about one day: units, posts, routes, windows, holidays and policies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from domain.in_force import Rules
from domain.organisation import Organisation, Post, RouteStep, Unit
from domain.policy import ReminderPolicy
from domain.submissions import ApprovalStep
from domain.windows import CalendarWindow, WindowBook, tracked_from
from storage import tables
from storage.holidays import working_calendar
from storage.policies import load_policies
from storage.queries.windows import load_windows


def load_rules(session: Session, today: date, *, with_people: bool = True) -> Rules:
    """Return the rules in force on ``today``, a day in Bangkok; without posts and routes unless ``with_people``."""
    organisation = load_organisation(session, today, with_people=with_people)
    windows = load_windows(session)
    return Rules(
        organisation=organisation,
        windows=WindowBook(windows),
        calendar=working_calendar(session, today.year - 1, today.year + 2),
        policies=_tracked(load_policies(session), organisation, windows),
        today=today,
    )


def load_organisation(session: Session, today: date, *, with_people: bool = True) -> Organisation:
    """Return units and, ``with_people``, the posts held on ``today`` and the approval routes."""
    members: dict[int, list[str]] = defaultdict(list)
    member = select(tables.GroupMember.group_id, tables.Unit.code).join(
        tables.Unit, tables.Unit.id == tables.GroupMember.member_id
    )
    for group_id, code in session.execute(member):
        members[group_id].append(code)
    parent, successor = aliased(tables.Unit), aliased(tables.Unit)
    row = tables.Unit
    query = (
        select(row.id, row.code, row.name, row.short_name, row.level, parent.code, row.year_basis, successor.code)
        .outerjoin(parent, parent.id == row.parent_id)
        .outerjoin(successor, successor.id == row.merged_into_id)
    )
    units = [
        Unit(code, name, short_name, level, parent_code, basis, tuple(members.get(unit_id, ())), merged_into)
        for unit_id, code, name, short_name, level, parent_code, basis, merged_into in session.execute(query)
    ]
    if not with_people:
        return Organisation(units, (), (), today)
    return Organisation(units, _posts(session), _routes(session), today)


def _posts(session: Session) -> list[Post]:
    row, principal = tables.RoleAssignment, aliased(tables.Person)
    query = (
        select(
            tables.Person.code, tables.Unit.code, row.role, row.valid_from, row.valid_to, principal.code, row.capacity
        )
        .join(tables.Person, tables.Person.id == row.person_id)
        .join(tables.Unit, tables.Unit.id == row.unit_id)
        .outerjoin(principal, principal.id == row.acting_for_id)
        .order_by(row.id)
    )
    return [Post(*values) for values in session.execute(query)]


def _routes(session: Session) -> list[RouteStep]:
    row = tables.RouteStep
    query = (
        select(tables.Unit.code, row.order, row.stage, tables.Person.code)
        .join(tables.Unit, tables.Unit.id == row.unit_id)
        .join(tables.Person, tables.Person.id == row.approver_id)
        .order_by(row.id)
    )
    return [
        RouteStep(unit, ApprovalStep(order, stage), person) for unit, order, stage, person in session.execute(query)
    ]


def _tracked(
    policies: Mapping[str, ReminderPolicy], organisation: Organisation, windows: Sequence[CalendarWindow]
) -> Mapping[str, ReminderPolicy]:
    """Fill in where tracking begins for every ministry that did not set it."""
    codes: dict[str, set[str]] = defaultdict(set)
    for code in organisation.units:
        codes[organisation.ministry_of(code)].add(code)
    return {
        ministry: policies.get(ministry, ReminderPolicy()).tracking(tracked_from(windows, frozenset(scope_ids)))
        for ministry, scope_ids in codes.items()
    }

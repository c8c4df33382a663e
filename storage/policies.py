"""Ministry policies: stored value by value, read as a ``ReminderPolicy``, every change audited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.fiscal import QUARTERS, Quarter
from domain.organisation import UnitLevel
from domain.policy import DEFAULT_POLICY, LateReports, ReminderPolicy
from domain.windows import Roll
from storage import shared_state, tables
from storage.tables.messaging import AuditAction

_FISCAL_YEARS = range(2500, 2644)
"""B.E.: a C.E. year typed by mistake lies outside."""
_WAITING_DAYS = range(1, 61)
_ON, _OFF = "on", "off"


class UnknownPolicy(LookupError):
    """There is no policy of this name."""


class UnknownMinistry(LookupError):
    """There is no ministry with this code."""


def _lead_days(value: str) -> tuple[int, ...]:
    days = tuple(sorted({int(part) for part in value.replace(",", " ").split()}, reverse=True))
    if not days or days[0] > 60 or days[-1] < 1:
        raise ValueError(value)
    return days


def _switch(value: str) -> bool:
    if value not in (_ON, _OFF):
        raise ValueError(value)
    return value == _ON


def _reminder_days(value: str) -> tuple[int, ...]:
    return () if value == _OFF else _lead_days(value)


def _ordinal(value: str) -> int:
    number = int(value)
    if number < 1:
        raise ValueError(value)
    return number


def _working_days(value: str) -> int:
    number = int(value)
    if number not in _WAITING_DAYS:
        raise ValueError(value)
    return number


def _hour(value: str) -> time:
    hour = time.fromisoformat(value)
    if hour.tzinfo is not None or not _EARLIEST <= hour <= _LATEST:  # it is Bangkok's, always
        raise ValueError(value)
    return hour


def _quarter(value: str) -> Quarter:
    number, _, year = value.partition("/")
    if int(number) not in QUARTERS or int(year) not in _FISCAL_YEARS:
        raise ValueError(value)
    return Quarter(int(year), int(number))


_EARLIEST, _LATEST = time(6), time(18)
"""Nobody is reminded at night, whatever a ministry wishes (``architecture.md`` §3, 7)."""

_PARSERS: Mapping[str, Callable[[str], Any]] = {
    "lead_days": _lead_days,
    "head_joins_at": _ordinal,
    "send_from": _hour,
    "send_until": _hour,
    "late_reports": LateReports,
    "roll": Roll,
    "tracked_from": _quarter,
    "escalate_after": _working_days,
    "admin_after": _working_days,
    "mirror_emenscr": _switch,
    "second_officer": _switch,
    "remind_silent": _reminder_days,
}
POLICY_NAMES = tuple(_PARSERS)
BACK_TO_DEFAULT = "-"


def as_text(policy: ReminderPolicy, name: str) -> str:
    """Return one value of a policy in the form that ``set_policy`` takes."""
    match getattr(policy, name):
        case None:
            return ""
        case bool() as is_on:
            return _ON if is_on else _OFF
        case tuple() as days:
            return ",".join(str(day) for day in days) or _OFF
        case time() as at:
            return at.isoformat("minutes")
        case Quarter() as quarter:
            return f"{quarter.number}/{quarter.fiscal_year}"
        case value:
            return str(value)


def load_policies(session: Session) -> Mapping[str, ReminderPolicy]:
    """Return the policy of every ministry (by code) that set any value."""
    row = tables.MinistryPolicy
    query = select(tables.Unit.code, row.name, row.value).join(tables.Unit, tables.Unit.id == row.unit_id)
    values: dict[str, dict[str, Any]] = defaultdict(dict)
    for ministry, name, value in session.execute(query):
        values[ministry][name] = _PARSERS[name](value)
    return {ministry: replace(ReminderPolicy(), **chosen) for ministry, chosen in values.items()}


def set_policy(session: Session, ministry: str, name: str, value: str, real_now: datetime) -> None:
    """Set one policy value of a ministry (its code); ``-`` goes back to the default.

    Raises:
        UnknownPolicy: no such name.
        UnknownMinistry: no such ministry.
        ValueError: the value makes no sense for the name, or not beside the others.
    """
    if name not in _PARSERS:
        raise UnknownPolicy(name)
    parsed = getattr(DEFAULT_POLICY, name) if value == BACK_TO_DEFAULT else _PARSERS[name](value)
    unit = tables.Unit
    unit_id = session.scalar(select(unit.id).where(unit.code == ministry, unit.level == UnitLevel.MINISTRY))
    if unit_id is None:
        raise UnknownMinistry(ministry)
    before = load_policies(session).get(ministry, ReminderPolicy())
    after = replace(before, **{name: parsed})
    if after.send_from >= after.send_until or after.head_joins_at > len(after.lead_days):
        raise ValueError(value)
    if value == BACK_TO_DEFAULT:
        session.execute(delete(tables.MinistryPolicy).filter_by(unit_id=unit_id, name=name))
    else:
        session.merge(tables.MinistryPolicy(unit_id=unit_id, name=name, value=as_text(after, name)))
    session.add(
        tables.AuditEntry(
            at=real_now,
            action=AuditAction.POLICY_SET,
            subject=f"policy:{ministry}:{name}",
            before=as_text(before, name),
            after=as_text(after, name),
        )
    )
    shared_state.reference_changed(session, real_now)

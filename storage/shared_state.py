"""Small facts that all processes share, in the table ``state``."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, event, select
from sqlalchemy.orm import Session

from storage.database import insert_into
from storage.tables import StateEntry


class StateKey(StrEnum):
    """Names of the shared facts and what their value is."""

    CLOCK_SHIFT = "clock_shift"
    """{"bot_now": ISO instant as configured, "seconds": shift of business time}"""
    LAST_TICK = "last_tick"
    """{"at": real instant of the clock's last tick, "for": the business instant for which it looked what is due}"""
    PLAN_VERSION = "plan_version"
    """a random token, another one after every change that may alter what is due"""
    REFERENCE_VERSION = "reference_version"
    """a random token, another one after every change of units, posts, routes, calendar, policies or projects"""
    PROJECTS_VERSION = "projects_version"
    """a random token, another one after every change in the bot of a project's name, unit or standing"""
    PLANNED = "planned"
    """{"at": business instant, "version": token or null}: when the clock last planned, and for which plan version"""
    QUOTA = "quota"
    """{"limit": int or null when unlimited, "used": int, "at": real instant, or null when LINE has to be asked anew}"""
    SENDER_STOP = "sender_stop"
    """{"reason", "since", "probe_at"} while all sending is stopped, else null"""
    PAGE_KEY = "page_key"
    """a random secret that signs links and sessions where the setting gives none: in development alone"""


_MARKED = "marked at commit"

_VALUE = select(StateEntry.value).where(StateEntry.key == bindparam("key"))


def get(session: Session, key: StateKey) -> Any:
    """Return the value of ``key``; None when it was never set."""
    return session.scalar(_VALUE, {"key": key.value})


def get_to_change(session: Session, key: StateKey) -> Any:
    """Return the value of ``key``, which nobody else changes until the transaction ends; None when it was never set."""
    return session.scalar(_VALUE.with_for_update(), {"key": key.value})


def put(session: Session, key: StateKey, value: Any, at: datetime) -> None:
    """Set ``key`` to a JSON value; ``at`` is real time."""
    statement = insert_into(session, StateEntry).values(key=key.value, value=value, updated_at=at)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[StateEntry.key], set_={"value": statement.excluded.value, "updated_at": at}
        )
    )


def get_or_put(session: Session, key: StateKey, value: Any, at: datetime) -> Any:
    """Return the value of ``key``, which is set to ``value`` where it never was; of several at once, one sets it."""
    statement = insert_into(session, StateEntry).values(key=key.value, value=value, updated_at=at)
    session.execute(statement.on_conflict_do_nothing(index_elements=[StateEntry.key]))
    return get(session, key)


def plan_changed(session: Session, at: datetime) -> None:
    """Note that duties, windows or people changed, so that the clock plans again within its next tick.

    Call it in the transaction that changes them; ``at`` is real time.
    """
    _mark(session, StateKey.PLAN_VERSION, at)


def projects_changed(session: Session, at: datetime) -> None:
    """Note that a project was entered, renamed or made official in the bot, so that it is found by its name.

    Call it in the transaction that changes it; ``at`` is real time. Reference data, which is slow to load, stays.
    """
    _mark(session, StateKey.PROJECTS_VERSION, at)


def reference_changed(session: Session, at: datetime) -> None:
    """Note that units, posts, routes, windows, holidays, policies or project master data changed; plans follow.

    Call it in the transaction that changes them; ``at`` is real time. What reports and decisions change is not meant.
    """
    _mark(session, StateKey.REFERENCE_VERSION, at)
    plan_changed(session, at)


def _mark(session: Session, key: StateKey, at: datetime) -> None:
    """Give ``key`` another token when the transaction commits: all writers share it, and none must hold it for long."""
    marked: dict[StateKey, datetime] = session.info.setdefault(_MARKED, {})
    if not marked:
        event.listen(session, "before_commit", _put_marks, once=True)
    marked[key] = at


def _put_marks(session: Session) -> None:
    """Put random tokens, in one order everywhere; a counter would lose one of two changes at the same time."""
    marked: dict[StateKey, datetime] = session.info.pop(_MARKED)
    for key in sorted(marked):
        put(session, key, uuid4().hex, marked[key])

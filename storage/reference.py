"""The reference data of one day, kept in memory until an import or a policy changes it.

Units, posts, routes, windows and holidays change a few times a year and are needed by every question; loading a
country's takes seconds. A token in the database says when they changed, so that every process notices at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.in_force import Rules
from domain.permissions import Sight, sight_of
from storage import shared_state
from storage.queries.readers import unit_names
from storage.queries.rules import load_rules
from storage.queries.situation import ActiveOccasions
from storage.shared_state import StateKey
from storage.tables import Unit

MOST_FINDINGS = 100
"""What questions worked out, at the most: somebody who asks about every quarter there is must not fill the memory."""

_Finding = TypeVar("_Finding")


@dataclass(frozen=True, eq=False)
class Reference:
    """Rules in force on a day, and units by their three names: code, database id, and what messages call them.

    All threads of a process share it.
    """

    version: str | None
    rules: Rules
    unit_ids: Mapping[str, int]
    unit_codes: Mapping[int, str]
    unit_names: Mapping[str, str]
    _sights: dict[str, Sight] = field(default_factory=dict, repr=False)
    _findings: dict[Hashable, Any] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def sight(self, person: str) -> Sight:
        """Return what the person (a code) may see today."""
        if person not in self._sights:
            self._sights[person] = sight_of(person, self.rules.organisation)
        return self._sights[person]

    def worked_out(self, key: Hashable, work_out: Callable[[], _Finding]) -> _Finding:
        """Return what an earlier question worked out from this under ``key``, or else work it out."""
        with self._lock:
            if key not in self._findings:
                if len(self._findings) >= MOST_FINDINGS:
                    del self._findings[next(iter(self._findings))]
                self._findings[key] = work_out()
            found: _Finding = self._findings[key]
            return found

    @cached_property
    def active(self) -> ActiveOccasions:
        """The occasions that concern each unit today, worked out once."""
        return ActiveOccasions(self.rules)


class ReferenceBook:
    """Holds the newest reference data of a process; safe for threads.

    Without posts and routes unless ``with_people``: whoever only asks for hours need not wait for a country's.
    """

    def __init__(self, *, with_people: bool = True) -> None:
        self._with_people = with_people
        self._lock = threading.Lock()
        self._newest: Reference | None = None

    def on(self, session: Session, today: date) -> Reference:
        """Return the reference data of ``today`` (Bangkok) as this session sees it."""
        version = shared_state.get(session, StateKey.REFERENCE_VERSION)
        newest = self._newest
        if newest is not None and _holds(newest, version, today):
            return newest
        with self._lock:
            if self._newest is None or not _holds(self._newest, version, today):
                self._newest = load_reference(session, today, with_people=self._with_people)
            return self._newest


def _holds(reference: Reference, version: str | None, today: date) -> bool:
    return reference.version == version and reference.rules.today == today


def load_reference(session: Session, today: date, *, with_people: bool = True) -> Reference:
    """Return the reference data of ``today`` (Bangkok), read anew; see ``ReferenceBook``."""
    version = shared_state.get(session, StateKey.REFERENCE_VERSION)  # first: what is older than it says is read again
    codes = dict(session.execute(select(Unit.id, Unit.code)).all())
    return Reference(
        version=version,
        rules=load_rules(session, today, with_people=with_people),
        unit_ids={code: unit_id for unit_id, code in codes.items()},
        unit_codes=codes,
        unit_names=unit_names(session),
    )

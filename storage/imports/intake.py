"""What one import works on: the rows of all files of the call, and the codes they may refer to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from domain.organisation import UnitLevel
from storage import tables
from storage.imports.columns import Reference
from storage.imports.problems import ProblemCode
from storage.imports.reading import Row
from storage.imports.report import ImportReport
from storage.imports.store import Outcome, Record, fetch, strongest, upsert
from storage.imports.vocabulary import FileKind, Words

Ids = Mapping[str, int]
"""Database ids by code."""


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What is known of a unit: its level and the codes of its parent and members."""

    level: UnitLevel | None
    parent: str | None


@dataclass
class Intake:
    """One import under way. ``now`` is business time, ``real_now`` real time."""

    session: Session
    words: Words
    report: ImportReport
    rows: Mapping[FileKind, Sequence[Row]]
    now: datetime
    real_now: datetime
    recounted_units: set[int] = field(default_factory=set)
    """Units whose projects or reports the import writes: their counters are to be kept."""

    def note(self, row: Row, code: ProblemCode, column: str | None = None, value: Any = None, **params: Any) -> None:
        """Note a problem of ``row``."""
        self.report.note(row.problem(code, column, value, **params))

    def known(self, reference: Reference) -> frozenset[str]:
        """Return the codes that exist in the database or come in with this call."""
        match reference:
            case Reference.UNIT:
                return self._known_units
            case Reference.PERSON:
                return self._known_people
            case Reference.PROJECT:
                return self._known_projects

    def ids(self, reference: Reference) -> Ids:
        """Return the ids of units, people or projects by code, as the database has them now."""
        entity = _ENTITIES[reference]
        return dict(self.session.execute(select(entity.code, entity.id)).all())

    def ids_of(self, reference: Reference, codes: Iterable[str]) -> Ids:
        """Return the ids of some units, people or projects by code."""
        return {r["code"]: r["id"] for r in fetch(self.session, _ENTITIES[reference], ("code", "id"), "code", codes)}

    def save(
        self, rows: Sequence[Row], entity: type[tables.Base], key: Sequence[str], records: Sequence[Sequence[Record]]
    ) -> list[Outcome]:
        """Insert or update the records of every row, count the rows, and return what came of each."""
        flat = iter(upsert(self.session, entity, key, [record for group in records for record in group]))
        outcomes = [strongest([next(flat) for _ in group]) for group in records]
        for row, outcome in zip(rows, outcomes, strict=True):
            self.report.count(row, outcome)
        return outcomes

    @cached_property
    def units(self) -> Mapping[str, UnitFacts]:
        """All units, as they will be after this import."""
        parent = aliased(tables.Unit)
        query = select(tables.Unit.code, tables.Unit.level, parent.code).outerjoin(
            parent, parent.id == tables.Unit.parent_id
        )
        found = {code: UnitFacts(level, above) for code, level, above in self.session.execute(query)}
        for row in self.rows[FileKind.UNITS]:
            code, before = row.values["code"], found.get(row.values["code"])
            above = row.values.get("parent", before.parent if before else None)
            if code is not None:
                found[code] = UnitFacts(row.values["level"], above)
        return found

    def ancestry(self, code: str) -> list[str]:
        """Return the code of the unit and of those above it; in a circle the last one repeats an earlier one."""
        chain = [code]
        while (facts := self.units.get(chain[-1])) and facts.parent is not None:
            chain.append(facts.parent)
            if facts.parent in chain[:-1]:
                break
        return chain

    @cached_property
    def _known_units(self) -> frozenset[str]:
        return frozenset(self.units)

    @cached_property
    def _known_people(self) -> frozenset[str]:
        return self._with_rows(Reference.PERSON, FileKind.PEOPLE)

    @cached_property
    def _known_projects(self) -> frozenset[str]:
        return self._with_rows(Reference.PROJECT, FileKind.PROJECTS)

    def _with_rows(self, reference: Reference, kind: FileKind) -> frozenset[str]:
        stored = self.session.scalars(select(_ENTITIES[reference].code))
        return frozenset(stored).union(row.values["code"] for row in self.rows[kind] if row.values["code"] is not None)


_ENTITIES: Mapping[Reference, Any] = {
    Reference.UNIT: tables.Unit,
    Reference.PERSON: tables.Person,
    Reference.PROJECT: tables.Project,
}


def given(row: Row, columns: Iterable[str], *, blank: Any = None) -> Record:
    """Return the values of those of ``columns`` that the file has; a blank cell becomes ``blank``."""
    return {name: blank if row.values[name] is None else row.values[name] for name in columns if name in row.values}

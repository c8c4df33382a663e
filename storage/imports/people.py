"""Writes people and the periods for which they hold their roles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import delete

from storage import tables
from storage.imports.columns import Reference
from storage.imports.intake import Ids, Intake, given
from storage.imports.reading import Row
from storage.imports.store import (
    Outcome,
    Record,
    chunks,
    differs,
    fetch,
    insert_rows,
    strongest,
    table_of,
    update_rows,
    upsert,
)

_POST = ("person_id", "unit_id", "role", "acting_for_id")
"""What one post is; it may be held for several periods."""
_Post = tuple[object, ...]
_NO_DAY = object()


def write_people(intake: Intake, rows: Sequence[Row]) -> None:
    """Write people and then their roles; roles that the file does not name stay as they are."""
    people: dict[str, Record] = {}
    first: dict[str, Row] = {}
    for row in rows:
        record = people.setdefault(row.values["code"], {"code": row.values["code"]})
        first.setdefault(row.values["code"], row)
        for name in ("full_name", "email"):
            if row.values.get(name) is not None:
                record.setdefault(name, row.values[name])
    of_person = dict(zip(people, upsert(intake.session, tables.Person, ("code",), list(people.values())), strict=True))
    units, ids = intake.ids(Reference.UNIT), intake.ids(Reference.PERSON)
    roles = [_roles(row, units, ids) for row in rows]
    flat = iter(_write_periods(intake, [record for group in roles for record in group]))
    for row, group in zip(rows, roles, strict=True):
        outcomes = [next(flat) for _ in group]
        if first[row.values["code"]] is row:
            outcomes.append(of_person[row.values["code"]])
        intake.report.count(row, strongest(outcomes))


def _roles(row: Row, units: Ids, people: Ids) -> list[Record]:
    common = {
        "person_id": people[row.values["code"]],
        "unit_id": units[row.values["unit"]],
        "acting_for_id": people.get(row.values.get("acting_for") or ""),
        **given(row, ("position",), blank=""),
        **given(row, ("valid_from", "valid_to")),
    }
    return [common | {"role": role} for role in row.values["roles"]]


def _write_periods(intake: Intake, wanted: Sequence[Record]) -> list[Outcome]:
    """Write each role for its period, in the place of the stored periods that it overlaps; others stay."""
    stored = _stored(intake, {record["person_id"] for record in wanted})
    of_post: dict[_Post, list[int]] = defaultdict(list)
    for at, record in enumerate(wanted):
        of_post[_post(record)].append(at)
    replaced: dict[int, Record] = {}
    removed: list[int] = []
    for post, places in of_post.items():
        periods = stored.get(post, [])
        matched = _matches([wanted[at] for at in places], periods)
        replaced.update((places[nth], period) for nth, period in matched.items())
        kept = {period["id"] for period in matched.values()}
        removed += [
            period["id"]
            for period in periods
            if period["id"] not in kept and any(_overlap(period, wanted[at]) for at in places)
        ]
    return _store(intake, wanted, replaced, removed)


def _stored(intake: Intake, people: Iterable[int]) -> Mapping[_Post, list[Record]]:
    columns = ("id", *_POST, "position", "valid_from", "valid_to")
    found: dict[_Post, list[Record]] = defaultdict(list)
    for period in fetch(intake.session, tables.RoleAssignment, columns, "person_id", people):
        found[_post(period)].append(period)
    for periods in found.values():
        periods.sort(key=lambda period: period["valid_from"] or date.min)
    return found


def _post(record: Record) -> _Post:
    return tuple(record[name] for name in _POST)


def _matches(wanted: Sequence[Record], periods: Sequence[Record]) -> Mapping[int, Record]:
    """Return which stored period each record (by its place) takes: the one that begins with it, else one it overlaps.

    A record without a first day, for its file lacks the column, takes the newest.
    """
    begins = {period["valid_from"]: period for period in periods}
    matched = {at: begins[r["valid_from"]] for at, r in enumerate(wanted) if r.get("valid_from", _NO_DAY) in begins}
    free = [period for period in periods if period not in matched.values()]
    for at, record in enumerate(wanted):
        open_to_it = [p for p in free if "valid_from" not in record or _overlap(p, record)]
        if at not in matched and open_to_it:
            matched[at] = open_to_it[-1]
            free.remove(matched[at])
    return matched


def _overlap(stored: Record, wanted: Record) -> bool:
    """Tell whether two periods share a day; a record without days is about no period in particular."""
    if "valid_from" not in wanted:
        return False
    begins_in_time = (wanted["valid_from"] or date.min) <= (stored["valid_to"] or date.max)
    return begins_in_time and (stored["valid_from"] or date.min) <= (wanted.get("valid_to") or date.max)


def _store(
    intake: Intake, wanted: Sequence[Record], replaced: Mapping[int, Record], removed: Sequence[int]
) -> list[Outcome]:
    outcomes: list[Outcome] = []
    new: list[Record] = []
    changed: list[Record] = []
    for at, record in enumerate(wanted):
        there = replaced.get(at)
        if there is None:
            new.append(record)
            outcomes.append(Outcome.ADDED)
        elif differs(there, record):
            changed.append({"id": there["id"]} | record)
            outcomes.append(Outcome.UPDATED)
        else:
            outcomes.append(Outcome.UNCHANGED)
    table = table_of(tables.RoleAssignment)
    intake.report.removed += len(removed)
    for chunk in chunks(removed):
        intake.session.execute(delete(table).where(table.c.id.in_(chunk)))
    update_rows(intake.session, tables.RoleAssignment, changed)
    insert_rows(intake.session, tables.RoleAssignment, new)
    return outcomes

"""Writes many rows at once and tells what came of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Column, Table, bindparam, insert, select, update
from sqlalchemy.orm import DeclarativeBase, Session

T = TypeVar("T")
Record = dict[str, Any]
"""Values by database column."""

CHUNK = 500
"""Rows per query or statement: under every limit on bound values."""
_INSERT_CHUNK = 2_000


class Outcome(StrEnum):
    """What an import did with a row."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


def table_of(entity: type[DeclarativeBase]) -> Table:
    """Return the table of a mapped class; whole files go past the ORM."""
    table = entity.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{entity.__name__} is not mapped to a table")
    return table


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Yield the items in lists of at most ``size``."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def insert_rows(session: Session, entity: type[DeclarativeBase], records: Iterable[Record]) -> None:
    """Insert records; columns that a record lacks take the table's defaults. PostgreSQL takes them by COPY."""
    table = table_of(entity)
    if session.get_bind().dialect.name == "postgresql":
        _copy(session, table, records)
        return
    for chunk in chunks(records, _INSERT_CHUNK):
        for alike in _alike(chunk):
            session.execute(insert(table), alike)


def update_rows(session: Session, entity: type[DeclarativeBase], records: Sequence[Record]) -> None:
    """Update rows by primary key, which every record holds beside the columns to set, if it has any."""
    table = table_of(entity)
    keys = [column.name for column in table.primary_key]
    for alike in _alike(records):
        names = [name for name in alike[0] if name not in keys]
        if not names:
            continue
        statement = (
            update(table)
            .where(*(table.c[key] == bindparam(f"pk_{key}") for key in keys))
            .values({name: bindparam(f"set_{name}") for name in names})
        )
        session.execute(
            statement,
            [{f"pk_{key}": r[key] for key in keys} | {f"set_{name}": r[name] for name in names} for r in alike],
        )


def fetch(
    session: Session,
    entity: type[DeclarativeBase],
    columns: Iterable[str],
    by: str,
    values: Iterable[Any],
    *,
    locked: bool = False,
) -> Iterator[Record]:
    """Yield ``columns`` of the rows whose column ``by`` holds one of ``values``.

    ``locked``: nobody else changes them until the transaction ends; what somebody is changing now is waited for.
    """
    table = table_of(entity)
    chosen = [table.c[name] for name in dict.fromkeys(columns)]
    for chunk in chunks(dict.fromkeys(values)):
        query = select(*chosen).where(table.c[by].in_(chunk))
        for row in session.execute(query.with_for_update(key_share=True) if locked else query).mappings():
            yield dict(row)


def upsert(
    session: Session, entity: type[DeclarativeBase], key: Sequence[str], wanted: Sequence[Record]
) -> list[Outcome]:
    """Insert the records whose ``key`` columns are new, update those that differ; return what came of each.

    The first key column narrows the look-up of what is there; it may not be null.
    """
    table = table_of(entity)
    primary = [column.name for column in table.primary_key]
    names = {name for record in wanted for name in record}
    present = {
        tuple(row[name] for name in key): row
        for row in fetch(session, entity, [*primary, *key, *sorted(names)], key[0], (r[key[0]] for r in wanted))
    }
    outcomes: list[Outcome] = []
    new: list[Record] = []
    changed: list[Record] = []
    for record in wanted:
        there = present.get(tuple(record[name] for name in key))
        if there is None:
            new.append(record)
            outcomes.append(Outcome.ADDED)
        elif differs(there, record):
            changed.append({name: there[name] for name in primary} | record)
            outcomes.append(Outcome.UPDATED)
        else:
            outcomes.append(Outcome.UNCHANGED)
    insert_rows(session, entity, new)
    update_rows(session, entity, changed)
    return outcomes


def differs(there: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Tell whether the row ``there`` says anything else than what is ``wanted``."""
    return any(there[name] != value for name, value in wanted.items())


def strongest(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the one outcome of a row that became several records: added, else updated, else unchanged."""
    found = set(outcomes)
    return next((outcome for outcome in Outcome if outcome in found), Outcome.UNCHANGED)


def _alike(records: Iterable[Record]) -> Iterable[list[Record]]:
    """Return the records in groups that have the same columns."""
    groups: dict[tuple[str, ...], list[Record]] = defaultdict(list)
    for record in records:
        groups[tuple(record)].append(record)
    return groups.values()


def _copy(session: Session, table: Table, records: Iterable[Record]) -> None:
    dialect = session.get_bind().dialect
    columns = [column for column in table.columns if not _is_generated(column)]
    processors: list[Callable[[Any], Any] | None] = [
        column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns
    ]
    fields = [(column.name, _default(column), process) for column, process in zip(columns, processors, strict=True)]
    quote = dialect.identifier_preparer.quote
    names = ", ".join(quote(column.name) for column in columns)
    driver: Any = session.connection().connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {quote(table.name)} ({names}) FROM STDIN") as copy:
        for record in records:
            copy.write_row(
                [
                    process(value) if process is not None else value
                    for value, process in ((record.get(name, default), process) for name, default, process in fields)
                ]
            )


def _is_generated(column: Column[Any]) -> bool:
    return column.primary_key and column.autoincrement is not False and column.name == "id"


def _default(column: Column[Any]) -> Any:
    """Return what an insert without the column would store."""
    default: Any = column.default
    if default is None:
        return None
    return default.arg(None) if default.is_callable else default.arg

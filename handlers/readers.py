"""Turns a person of the database into the reader of a message."""

from __future__ import annotations

from domain.roles import Role
from messages_th.reader import Reader
from storage.queries.readers import PersonReading


def reader_of(person: PersonReading) -> Reader:
    """Return how messages address the person; who approves is an executive."""
    return Reader(
        person.full_name, person.position, executive=Role.APPROVER in person.roles, roles=frozenset(person.roles)
    )

"""The audit trail as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable

from messages_th import audit as thai
from messages_th import formats
from storage.exports.audit_entries import AuditFact
from storage.exports.spreadsheet import Table
from storage.queries.readers import PersonReading


def audit_table(facts: Iterable[AuditFact]) -> Table:
    """Return the table of these entries, in their order; they are read when it is written."""
    return Table(thai.TITLE, thai.HEADERS, map(_row, facts))


def _row(fact: AuditFact) -> list[str]:
    return [
        formats.date_and_time(fact.at),
        *_named(fact.actor),
        *_named(fact.principal),
        thai.capacity_word(fact.capacity),
        thai.action_word(fact.action),
        thai.subject_text(fact.subject),
        thai.kept_text(fact.before),
        thai.kept_text(fact.after),
        thai.channel_word(fact.channel),
        fact.event_id,
    ]


def _named(person: PersonReading | None) -> list[str]:
    return [person.code, person.full_name, person.position] if person else ["", "", ""]

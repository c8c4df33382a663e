"""The ledger of a circular as a spreadsheet: the command writes it, the page hands it out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from messages_th import formats
from messages_th.circulars import ledger as thai
from storage.exports.circular_ledger import LedgerLetter, LedgerLine
from storage.exports.spreadsheet import Table
from storage.tables.messaging import OutboxState


def ledger_table(letter: LedgerLetter, lines: Iterable[LedgerLine]) -> Table:
    """Return the table of a letter's recipients, in their order; they are read when it is written."""
    return Table(thai.SHEET, thai.HEADERS, (_row(letter, line) for line in lines))


def _row(letter: LedgerLetter, line: LedgerLine) -> list[str]:
    why = thai.why_not(
        line.reason,
        is_sent=line.state is OutboxState.SENT,
        has_opened=line.opened_at is not None,
        wants=letter.wants_acknowledgement,
    )
    return [
        letter.letter_no,
        letter.subject,
        line.name,
        line.position,
        line.unit,
        line.agency,
        thai.state_words(line.state),
        _at(line.sent_at),
        _at(line.acknowledged_at),
        _at(line.opened_at),
        "" if line.acknowledged_at else why,
    ]


def _at(moment: datetime | None) -> str:
    return formats.date_and_time(moment) if moment else ""

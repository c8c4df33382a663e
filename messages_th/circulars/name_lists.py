"""The names of those who are silent on a circular, and of those whom it did not reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from messages_th import formats
from messages_th.circulars.letters import number_and_date
from messages_th.circulars.unreached_reasons import reason_words
from messages_th.lengths import cut
from messages_th.listing import BROWN, RED, Count, Row, Sheet, listing
from messages_th.reader import Reader
from messages_th.rendering import Rendered

_NAME_LENGTH, _PLACE_LENGTH = 80, 160


@dataclass(frozen=True, slots=True)
class NameLine:
    """A recipient by name; ``unreached_for`` is the outbox's reason, "" where the letter came.

    ``opened``: the documents were looked at.
    """

    name: str
    position: str
    unit: str
    unreached_for: str = ""
    opened: bool = False


def headline(*, is_silent: bool) -> str:
    """Return what the list of the silent, or of those whom it did not reach, is called."""
    return "ผู้ยังไม่รับทราบ" if is_silent else "ผู้ที่ส่งไม่ได้"


def silent_list(reader: Reader, sheet: Sheet, letter_no: str, names: Sequence[NameLine], total: int) -> Rendered:
    """Return who got a letter and has not acknowledged it; ``sheet`` has page and buttons."""
    count = Count("ได้รับแล้วยังไม่รับทราบ", f"{formats.count(total)} คน", BROWN)
    empty = f"ไม่มีผู้ที่ได้รับแล้วยังไม่รับทราบ{reader.particle}"
    return _names(sheet, letter_no, names, count if total else None, empty)


def unreached_list(reader: Reader, sheet: Sheet, letter_no: str, names: Sequence[NameLine], total: int) -> Rendered:
    """Return whom a letter did not reach, and why; ``sheet`` has page and buttons."""
    count = Count("ส่งไม่ได้", f"{formats.count(total)} คน", RED)
    return _names(sheet, letter_no, names, count if total else None, f"ไม่มีผู้รับที่ส่งไม่ได้{reader.particle}")


def _names(sheet: Sheet, letter_no: str, names: Sequence[NameLine], count: Count | None, empty: str) -> Rendered:
    counts = [count] if count else []
    rows = [_row(name) for name in names]
    return listing(replace(sheet, place=number_and_date(letter_no, None), counts=counts, rows=rows, empty=empty))


def _row(name: NameLine) -> Row:
    place = " ".join(filter(None, (formats.one_line(name.position), formats.one_line(name.unit))))
    why = reason_words(name.unreached_for) if name.unreached_for else ""
    details = [text for text in (why, "เปิดเอกสารแล้ว" if name.opened else "") if text]
    return Row(cut(formats.one_line(name.name), _NAME_LENGTH), note=cut(place, _PLACE_LENGTH), details=details)

"""The ledger of a circular: its columns, and the words in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from messages_th import formats
from messages_th.circulars.letters import number_and_date
from messages_th.circulars.unreached_reasons import reason_words

SHEET = "ทะเบียนหนังสือเวียน"
HEADERS = (
    "ที่หนังสือ",
    "เรื่อง",
    "ชื่อ-สกุล",
    "ตำแหน่ง",
    "หน่วยงาน",
    "กรม",
    "การส่ง",
    "ส่งเมื่อ",
    "รับทราบเมื่อ",
    "เปิดเอกสารเมื่อ",
    "เหตุที่ยังไม่ได้รับหรือยังไม่รับทราบ",
)
PEOPLE = "คน"
CIRCULAR_HELP = "ทะเบียนผู้รับหนังสือเวียนและการรับทราบ ระบุเลขที่หนังสือ (เลขไทยหรืออารบิก) หรือลำดับที่ของหนังสือในระบบ"

_SILENT, _OPENED = "ได้รับแล้วยังไม่รับทราบ", "เปิดเอกสารแล้วยังไม่รับทราบ"
_STATES: Mapping[str, str] = MappingProxyType(
    {
        "due": "รอส่ง",
        "sending": "กำลังส่ง",
        "sent": "ส่งแล้ว",
        "parked": "ส่งไม่ได้",
        "expired": "ส่งไม่ได้",
        "cancelled": "ยกเลิกการส่ง",
        "skipped": "ไม่ได้ส่ง",
    }
)


def state_words(state: str) -> str:
    """Return how far sending to somebody is, by the outbox's state."""
    return _STATES[state]


def why_not(reason: str, *, is_sent: bool, has_opened: bool, wants: bool) -> str:
    """Return why somebody did not get a letter or has not acknowledged it; ``reason`` is the outbox's."""
    if reason and not is_sent:
        return reason_words(reason)
    if is_sent and wants:
        return _OPENED if has_opened else _SILENT
    return ""


def title(letter_no: str, letter_date: date | None) -> str:
    """Return what the ledger of a letter is called."""
    return f"{SHEET} {number_and_date(letter_no, letter_date)}"


def file_name(letter_no: str) -> str:
    """Return the name of its file; a slash cannot stand in one."""
    return f"{SHEET} {formats.one_line(letter_no).replace('/', '-')}.xlsx"


def none_named(number: str) -> str:
    """Return that no released circular has this number."""
    return f"ไม่พบหนังสือเวียนที่ปล่อยแล้วตามเลขที่หรือลำดับ «{formats.one_line(number)}»"


def several_named(letters: Sequence[tuple[int, str, date | None, str]]) -> str:
    """Return that several circulars have this number, and how to say which: by id, number, date and subject."""
    lines = [
        f"  {number}: {number_and_date(no, day)} เรื่อง {formats.one_line(subject)}"
        for number, no, day, subject in letters
    ]
    return "\n".join(["มีหนังสือเวียนหลายฉบับตรงกับเลขที่นี้ โปรดระบุลำดับที่หน้าเครื่องหมาย : แทน", *lines])

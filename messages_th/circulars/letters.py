"""How a letter is named: its number as it was typed, its date in digits of the same kind, its urgency."""

from __future__ import annotations

import re
from datetime import date

from domain.circulars.letters import Letter, Relation, Urgency
from messages_th import formats
from messages_th.listing import BROWN, NAVY, RED
from messages_th.words import word

CIRCULAR = "หนังสือเวียน"
NO_NUMBER, NO_SUBJECT = "(ยังไม่มีเลขที่หนังสือ)", "(ยังไม่มีชื่อเรื่อง)"
COLOURS = {Urgency.NORMAL: NAVY, Urgency.URGENT: NAVY, Urgency.VERY_URGENT: BROWN, Urgency.MOST_URGENT: RED}
_THAI_DIGIT = re.compile(r"[๐-๙]")


def number_and_date(letter_no: str, letter_date: date | None) -> str:
    """Return «ที่ รง ๐๒๑๔/ว ๓ ลงวันที่ ๒๗ มกราคม ๒๕๖๖»; a number in Arabic digits gets such a date."""
    number = formats.one_line(letter_no)
    parts = [f"ที่ {number}" if number else "", f"ลงวันที่ {date_like(number, letter_date)}" if letter_date else ""]
    return " ".join(filter(None, parts)) or NO_NUMBER


def date_like(letter_no: str, day: date) -> str:
    """Return the full date in the kind of digits in which the number is written."""
    full = formats.full_date(day)
    return formats.thai_digits(full) if _THAI_DIGIT.search(letter_no) else full


def kind_of(relation: Relation | None) -> str:
    """Return what a letter is called by what it is to an earlier one: «หนังสือเวียน», «ยกเลิกหนังสือเวียน»."""
    return CIRCULAR if relation is None else f"{word(relation)}{CIRCULAR}"


def urgency_of(letter: Letter) -> str:
    """Return «ด่วนที่สุด»; "" for an ordinary letter."""
    return "" if letter.urgency is Urgency.NORMAL else word(letter.urgency)


def subject_of(letter: Letter) -> str:
    """Return «เรื่อง …» in one line."""
    return f"เรื่อง {formats.one_line(letter.subject) or NO_SUBJECT}"


def earlier_letter(relation: Relation, letter_no: str, letter_date: date | None, subject: str) -> str:
    """Return what a letter says of the earlier one: «ยกเลิกหนังสือ ที่ … ลงวันที่ … เรื่อง …»."""
    return f"{word(relation)}หนังสือ {number_and_date(letter_no, letter_date)} เรื่อง {formats.one_line(subject)}"

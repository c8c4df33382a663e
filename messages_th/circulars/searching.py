"""What somebody types to find a past circular: «ว 3», «ขยายเวลา ม.ค. 66», «ค้นหนังสือเวียน ที่ รง ๐๒๑๔/ว ๓»."""

from __future__ import annotations

import re
from datetime import date

from domain.circulars.searching import Sought
from messages_th.days import take_past_days
from messages_th.understanding.normalise import normalised
from messages_th.understanding.particles import without_particles

_COMMAND = re.compile(r"^(?:ขอ|ช่วย)?(?:ค้น|หา)(?:หา)?หนังสือ(?:เวียน)?")
_FILLERS = re.compile(r"(?:^|(?<=\s))(?:เลขที่|ที่|เรื่อง|ลงวันที่|วันที่|เดือน|ว่า|ของ)(?=\s|$)")


def wanted_circular(text: str) -> str | None:
    """Return the words behind «ค้นหนังสือเวียน», "" where there are none; None: the text begins otherwise."""
    said = without_particles(normalised(text))
    found = _COMMAND.match(said)
    return None if found is None else said[found.end() :].strip()


def read_sought(words: str, today: date) -> Sought:
    """Return what words look for: a number or words of a subject, and days. ``today`` is what days are counted from."""
    rest, days = take_past_days(words, today)
    sought = " ".join(_FILLERS.sub(" ", rest).split())
    if days is None:
        return Sought(sought or normalised(words))
    return Sought(sought, *days)

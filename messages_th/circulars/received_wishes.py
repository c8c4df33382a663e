"""Sentences about circulars that somebody got: «หนังสือเวียนที่ได้รับ», «รับทราบ»; what they name is never guessed at."""

from __future__ import annotations

import re
from typing import NamedTuple

from messages_th.understanding.normalise import lowered, normalised
from messages_th.understanding.particles import without_particles

_LIST = re.compile(r"หนังสือ(?:เวียน)?(?:ที่)?(?:ฉัน|ผม|ดิฉัน)?(?:ได้รับ|ของ ?(?:ฉัน|ผม|ดิฉัน))(?: (?P<words>.+))?")
_WAITING = re.compile(r"รับทราบ(?:แล้ว)?|หนังสือ(?:เวียน)?(?:ที่)?(?:ยังไม่(?:ได้)?|รอ)(?:กด)?รับทราบ")


class ReceivedWish(NamedTuple):
    """Somebody wants to see the circulars that came: only those that wait, or those that ``words`` name."""

    only_waiting: bool
    words: str = ""


def received_wish(text: str) -> ReceivedWish | None:
    """Return what of the circulars that came somebody wants to see; None: the sentence says something else.

    Nobody acknowledges by typing: a sentence may mean any letter.
    """
    said = without_particles(lowered(normalised(text)))
    if _WAITING.fullmatch(said):
        return ReceivedWish(only_waiting=True)
    found = _LIST.fullmatch(said)
    return ReceivedWish(only_waiting=False, words=found["words"] or "") if found else None

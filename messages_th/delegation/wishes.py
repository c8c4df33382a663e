"""Sentences about who decides in whose place: «ตั้งผู้รักษาราชการแทน», «มอบหมายรองอธิบดีแทน 20-24 มี.ค.».

They are told from all others by their own words, which nothing else of eMENSCR is called.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from messages_th.days import read_days, without_days
from messages_th.understanding.normalise import normalised
from messages_th.understanding.particles import without_particles

_SUBSTITUTES = re.compile(r"(?:รักษา|ปฏิบัติ)(?:ราช)?การ ?แทน|^(?:ขอ|จะ)?(?:มอบหมาย|มอบอำนาจ|แต่งตั้ง|ตั้ง) ?.*แทน")
_HANDOVER = re.compile(r"^(?:ขอ|จะ)?โอนเรื่อง")
_NAMING = re.compile(r"^(?:ขอ|จะ)?(?:มอบหมาย|มอบอำนาจ|แต่งตั้ง|ตั้ง|กำหนด)(?:ให้)?")
_FILLERS = re.compile(
    r"(?:ให้)?(?:เป็น)?(?:ผู้)?(?:(?:รักษา|ปฏิบัติ)(?:ราช)?การ ?)?แทน(?:ผม|ดิฉัน|ฉัน|เรา|ที่)?(?![ก-๎])"
    r"|(?<![ก-๎])(?:ตั้งแต่|ระหว่าง|ช่วง|วันที่|ถึง)+(?![ก-๎])"
)

_ADDRESS = re.compile(r"^(?:คุณ|ท่าน|พี่|นางสาว|นาย|นาง|น\.ส\.)(?=..)")


@dataclass(frozen=True, slots=True)
class DeputyWish:
    """What a sentence names: words for the deputy (empty: none), and the days (None: not said)."""

    deputy: str
    first_day: date | None
    last_day: date | None


def is_about_deputies(text: str) -> bool:
    """Tell whether a sentence is about who decides in an approver's place."""
    return _SUBSTITUTES.search(_plain(text)) is not None


def is_about_handover(text: str) -> bool:
    """Tell whether a sentence is about a successor who takes over what waits."""
    return _HANDOVER.search(_plain(text)) is not None


def read_deputy_wish(text: str, today: date) -> DeputyWish:
    """Return whom and which days a sentence names that wants a deputy; one that only asks names nobody."""
    plain = _plain(text)
    first, last = read_days(plain, today) or (None, None)
    if not _NAMING.match(plain):
        return DeputyWish("", first, last)
    words = _FILLERS.sub(" ", _NAMING.sub("", without_days(plain)))
    return DeputyWish(" ".join(words.split()), first, last)


def searched(words: str) -> str:
    """Return the words for somebody without how one addresses them: «คุณสมศรี» is written «นางสมศรี»."""
    return _ADDRESS.sub("", _plain(words)).strip()


def _plain(text: str) -> str:
    return without_particles(normalised(text))

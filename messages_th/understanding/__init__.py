"""What a Thai sentence means: its intent, its particulars, or what it leans on.

Particulars are taken first and masked; words of the menu and bare codes lead straight to their intent; the trained
model judges the rest. Below the threshold nothing is guessed: the likeliest readings are offered instead.
"""

from __future__ import annotations

import re
from types import MappingProxyType

from messages_th.understanding.agencies import AgencyNames
from messages_th.understanding.commands import intent_of_command
from messages_th.understanding.concepts import FOREIGN, concepts
from messages_th.understanding.extras import extras
from messages_th.understanding.follow_ups import FollowUp, read_follow_up
from messages_th.understanding.intents import NOTHING_SAID, Intent, Slots, Understood
from messages_th.understanding.model import trained
from messages_th.understanding.normalise import lowered, normalised
from messages_th.understanding.particles import without_particles
from messages_th.understanding.particulars import Particulars, particulars
from messages_th.understanding.spans import Mark
from messages_th.understanding.spellings import readable
from messages_th.understanding.states import status_of
from messages_th.understanding.wishes import REPORT, WISH, wishes_to_report

THRESHOLD = 0.4
"""Confidence below which an intent is only offered."""

_CHOICES = 3
_WORTH_OFFERING = 0.04
_WITHOUT_PARTICULARS = frozenset({Intent.GREETING, Intent.HELP, Intent.OUT_OF_SCOPE})
_WORDS = re.compile("[a-zก-๎]")
_OF_MANY_PROJECTS = frozenset(
    {
        Intent.UNREPORTED_PROJECTS,
        Intent.MY_PROJECTS,
        Intent.PENDING_APPROVALS,
        Intent.WINDOW_CALENDAR,
        Intent.AGENCY_SUMMARY,
        Intent.OVERDUE_LIST,
    }
)
_OWN_BUSINESS = re.compile(f"[{Mark.CODE}{Mark.QUARTER}]|m[1-7]|emenscr")
_APPROVING = re.compile(r"อนุมัติ|เห็นชอบ|ผ่าน|เซ็น|ลงนาม|รับรอง|approve|โอเค|ok|ตกลง")
_REQUESTING = re.compile(r"(?:ขอ|ส่ง|เสนอ|เพื่อ|โปรด|รบกวน|ช่วย|กรุณา)(?:ความ|ให้|ท่าน)*(?:อนุมัติ|เห็นชอบ|พิจารณา)")
_ASKING = re.compile(r"ไหม|มั้ย|หรือ ?ยัง|รึ ?ยัง|ยัง(?:ครับ|คะ|ค่ะ|คับ)?$|กี่|ใคร|อะไร|ทำไม|เมื่อ ?ไ|วันไหน|ที่ไหน|ถึงไหน")
_RETURNING = re.compile(r"กลับ|คืน|ไม่|แก้|ทบทวน|ปรับ|return|reject|ตี")
_CANCELLING = frozenset(
    {"ยกเลิก", "ไม่เอาแล้ว", "ไม่ทำแล้ว", "ยกเลิกรายการ", "ขอยกเลิก", "ยกเลิกก่อน", "พอแล้ว", "cancel", "ไม่ดีกว่า", "ยกเลิกเลย"}
)


def understand(utterance: str, names: AgencyNames) -> Understood:
    """Return what the sentence means."""
    text = normalised(utterance)
    command = intent_of_command(text)
    if command is not None:
        return Understood(utterance, command, NOTHING_SAID, 1.0)
    found = particulars(text, names)
    masked = found.sentence.masked()
    if without_particles(masked) == Mark.CODE:
        return Understood(utterance, Intent.PROJECT_STATUS, found.slots(None), 1.0)
    if wishes_to_report(masked):
        meant = Intent.PROJECT_STATUS if found.project_code else Intent.UNREPORTED_PROJECTS
        return Understood(utterance, meant, found.slots(None), 1.0, extra=_frozen({WISH: REPORT}))
    likely = [(intent, share) for intent, share in _as_asked(_judged(masked), masked) if _may_be(intent, masked)]
    intent, confidence = likely[0]
    confidence = round(confidence, 3) if _WORDS.search(masked) else 0.0
    if confidence < THRESHOLD:
        choices = [
            offered for offered, share in likely if share >= _WORTH_OFFERING and offered not in _WITHOUT_PARTICULARS
        ]
        return Understood(
            utterance, None, found.slots(None), confidence, tuple(choices[:_CHOICES]), _frozen(extras(None, found))
        )
    return Understood(utterance, intent, _slots(intent, found), confidence, (), _frozen(extras(intent, found)))


def follow_up(utterance: str, names: AgencyNames) -> FollowUp | None:
    """Return what the sentence asks of the last answer; None: it stands by itself."""
    return read_follow_up(utterance, names)


def is_command(utterance: str) -> bool:
    """Tell whether somebody says a word of the menu, and so does not answer what was asked."""
    return intent_of_command(normalised(utterance)) is not None


def is_cancel(utterance: str) -> bool:
    """Tell whether somebody drops what was begun."""
    return normalised(without_particles(lowered(normalised(utterance)))) in _CANCELLING  # «ยกเลิก» ค่ะ


def _judged(masked: str) -> list[tuple[Intent, float]]:
    """Return the intents, likeliest first, without those that the words rule out.

    A sentence with the code of a project asks for no list; one that names a code, a quarter or a form is the bot's
    business, unless it says otherwise too.
    """
    text = readable(masked)
    ruled_out = set(_OF_MANY_PROJECTS) if Mark.CODE in masked else set()
    if _OWN_BUSINESS.search(text) and FOREIGN not in concepts(text):
        ruled_out.add(Intent.OUT_OF_SCOPE)
    likely = [(intent, share) for intent, share in trained().likelihoods(text) if intent not in ruled_out]
    total = sum(share for _, share in likely)
    return [(intent, share / total) for intent, share in likely]


def _as_asked(likely: list[tuple[Intent, float]], masked: str) -> list[tuple[Intent, float]]:
    """Return the intents for what asks for a decision instead of taking it: «ขออนุมัติ» asks where that decision is."""
    if not _REQUESTING.search(masked):
        return likely
    shares = dict(likely)
    asks_for = Intent.PROJECT_STATUS if Mark.CODE in masked or Mark.NAME in masked else Intent.PENDING_APPROVALS
    shares[asks_for] = shares.get(asks_for, 0.0) + shares.pop(Intent.APPROVE)
    return sorted(shares.items(), key=lambda pair: -pair[1])


def _may_be(intent: Intent, masked: str) -> bool:
    """Tell whether the words allow a decision: nobody decides by «ส่ง» or by a question."""
    if intent is Intent.APPROVE:
        return _APPROVING.search(masked) is not None and not _ASKING.search(masked)
    return intent is not Intent.RETURN or _RETURNING.search(masked) is not None


def _slots(intent: Intent, found: Particulars) -> Slots:
    if intent in _WITHOUT_PARTICULARS:
        return NOTHING_SAID
    return found.of(intent).slots(status_of(intent, found.sentence.open))


def _frozen(said: dict[str, str]) -> MappingProxyType[str, str]:
    return MappingProxyType(said)

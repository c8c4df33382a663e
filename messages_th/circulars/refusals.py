"""Why something cannot be done with a circular, and what is true instead: in chat and on pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from domain.circulars.letters import LetterPart
from domain.circulars.life import RELEASED, CircularRefusal, CircularState
from domain.submissions import MIN_REASON_LENGTH
from messages_th import formats
from messages_th.circulars.letters import CIRCULAR
from messages_th.listing import BROWN, Button, Sheet, listing
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain
from messages_th.words import word

_SENTENCES: Mapping[CircularRefusal, tuple[str, str]] = MappingProxyType(
    {
        CircularRefusal.NOT_YOURS: ("ไม่พบหนังสือเวียนนี้ในความดูแลของท่าน", "โปรดพิมพ์ «หนังสือเวียน» เพื่อดูรายการ"),
        CircularRefusal.WRONG_STATE: ("สถานะของหนังสือเปลี่ยนไปแล้ว จึงดำเนินการขั้นนี้ไม่ได้", "โปรดเปิดหนังสือเพื่อดูสถานะล่าสุด"),
        CircularRefusal.STALE_VERSION: ("หนังสือนี้มีการแก้ไขหลังจากที่แสดงแก่ท่าน", "โปรดตรวจฉบับล่าสุดอีกครั้ง"),
        CircularRefusal.OWN_CIRCULAR: ("กระทรวงกำหนดให้ผู้อื่นที่ไม่ใช่ผู้ร่างเป็นผู้ปล่อยหนังสือ", "โปรดกด «เสนอเพื่อปล่อยส่ง»"),
        CircularRefusal.INCOMPLETE: ("หนังสือยังไม่ครบถ้วน จึงยังส่งไม่ได้", "โปรดเติมส่วนที่ขาดแล้วส่งอีกครั้ง"),
        CircularRefusal.NOBODY: ("ไม่มีผู้รับตามที่เลือกไว้", "โปรดเลือกผู้รับใหม่"),
        CircularRefusal.NOTHING_FAILED: ("ไม่มีผู้รับที่ส่งไม่ถึงและส่งซ้ำได้ในขณะนี้", "โปรดดูความคืบหน้าของหนังสือ"),
        CircularRefusal.NOBODY_SILENT: ("ไม่มีผู้รับที่ยังไม่รับทราบ", "โปรดดูความคืบหน้าของหนังสือ"),
        CircularRefusal.OUT_OF_REACH: ("มีหน่วยงานนอกความดูแลของท่าน", "โปรดเลือกเฉพาะหน่วยงานในกระทรวงของท่าน"),
        CircularRefusal.CALENDAR_OVER: ("วันสุดท้ายของกำหนดเวลาใหม่ผ่านไปแล้ว", "โปรดระบุวันตั้งแต่วันนี้เป็นต้นไป"),
        CircularRefusal.CALENDAR_UNCLEAR: (
            "กำหนดเวลาใหม่ขัดกันเอง หรือไม่ตรงกับระดับหน่วยงานหรือเรื่อง",
            "โปรดตรวจเรื่อง ขั้น และหน่วยงานของแต่ละแถว",
        ),
        CircularRefusal.REASON_TOO_SHORT: ("เหตุผลสั้นเกินไป", f"โปรดพิมพ์อย่างน้อย {MIN_REASON_LENGTH} ตัวอักษร"),
        CircularRefusal.WITHDRAWN: ("หนังสือฉบับนั้นถูกยกเลิกไปแล้ว", "โปรดดูหนังสือฉบับที่ยกเลิก"),
        CircularRefusal.WITHDRAWAL: ("หนังสือยกเลิกไม่อาจถูกยกเลิกได้", "หากต้องการให้มีผลอีก โปรดออกหนังสือฉบับใหม่"),
    }
)


@dataclass(frozen=True, slots=True)
class Truth:
    """Where a circular stands; ``released_by`` is a name, ``button`` leads to it."""

    letter: str
    state: CircularState
    released_by: str
    released_at: datetime | None
    button: Button


def circular_refusal_words(refusal: CircularRefusal, particle: str = "") -> str:
    """Return what cannot be done and why, and what to do instead; ``particle`` as the reader is addressed."""
    why, cure = _SENTENCES[refusal]
    return f"{why}{particle} {cure}"


def unknown_circular(reader: Reader) -> Rendered:
    """Return that there is no such circular for the reader."""
    return plain(circular_refusal_words(CircularRefusal.NOT_YOURS, reader.particle))


def refused_card(
    reader: Reader, truth: Truth, refusal: CircularRefusal, missing: Sequence[LetterPart], as_of: datetime
) -> Rendered:
    """Return why something was not done and what is true now; ``missing`` is what the circular lacks."""
    said = _standing(reader, truth) if refusal is CircularRefusal.WRONG_STATE else ""
    lacks = f"ยังขาด: {', '.join(word(part) for part in missing)}" if missing else ""
    return listing(
        Sheet(
            headline="ยังไม่ได้ดำเนินการ",
            place=f"{CIRCULAR} {truth.letter}",
            as_of=as_of,
            colour=BROWN,
            intro=said or circular_refusal_words(refusal, reader.particle),
            empty=lacks or f"สถานะขณะนี้: {word(truth.state)}",
            buttons=[truth.button],
        )
    )


def released_words(released_by: str, released_at: datetime) -> str:
    """Return who (a name) released a circular, and when."""
    return f"{formats.one_line(released_by)} ปล่อยหนังสือนี้แล้วเมื่อ {formats.date_and_time(released_at)}"


def _standing(reader: Reader, truth: Truth) -> str:
    if truth.state in RELEASED and truth.released_at is not None:
        return released_words(truth.released_by, truth.released_at)
    match truth.state:
        case CircularState.WAITING_RELEASE:
            return f"หนังสือนี้เสนอเพื่อปล่อยส่งแล้ว และรอผู้ปล่อยส่งพิจารณา{reader.particle}"
        case CircularState.CANCELLED:
            return f"หนังสือนี้ยกเลิกการส่งแล้ว{reader.particle}"
    return f"หนังสือนี้กลับเป็นฉบับร่างแล้ว{reader.particle}"

"""What is said to words that were typed and cannot be taken as they are; the next sentence is taken for them again."""

from __future__ import annotations

from domain.submissions import MAX_REASON_LENGTH, MIN_REASON_LENGTH
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain


def too_long(reader: Reader, what: str, most: int) -> Rendered:
    """Return that ``what`` was asked for («คำถาม») has more than ``most`` characters."""
    return plain(f"{what}ยาวเกิน {most:,} ตัวอักษร โปรดสรุปให้สั้นลง หรือพิมพ์ «ยกเลิก»{reader.particle}")


def reason_too_long(reader: Reader) -> Rendered:
    """Return that a reason has too many words."""
    return too_long(reader, "เหตุผล", MAX_REASON_LENGTH)


def reason_too_short(reader: Reader) -> Rendered:
    """Return that a reason needs more words."""
    return plain(f"เหตุผลสั้นเกินไป โปรดพิมพ์อย่างน้อย {MIN_REASON_LENGTH} ตัวอักษร หรือพิมพ์ «ยกเลิก»{reader.particle}")

"""The PDFs of a circular: what was taken, why one is not, and what its name says of the letter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from domain.circulars.letters import LONGEST_SUBJECT, MOST_BYTES, MOST_FILES, LetterFault
from messages_th.evidence import size_text
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain

_UNNAMED = "ไม่มีชื่อ"
REMOVE = "นำไฟล์นี้ออก"
LARGEST = f"{MOST_BYTES // (1024 * 1024)} MB"
_PRINTED_ANEW = "โปรดเปิดบนคอมพิวเตอร์ สั่งพิมพ์เป็น PDF ใหม่"
_FAULTS: Mapping[LetterFault, tuple[str, str]] = MappingProxyType(
    {
        LetterFault.TOO_MANY: (f"หนังสือฉบับนี้มีครบ {MOST_FILES} ไฟล์แล้ว", "โปรดนำไฟล์ที่ไม่ใช้ออก หรือรวมเอกสารเป็นไฟล์เดียว"),
        LetterFault.TOO_LARGE: (f"ไฟล์ใหญ่เกิน {LARGEST}", "โปรดลดความละเอียดของภาพสแกน หรือแบ่งเอกสารเป็นหลายไฟล์"),
        LetterFault.EMPTY: ("ไฟล์ว่างเปล่า", "โปรดเลือกไฟล์ใหม่"),
        LetterFault.NOT_PDF: ("ไฟล์นี้ไม่ใช่ PDF (ดูจากเนื้อไฟล์ ไม่ใช่ชื่อไฟล์)", "โปรดเปิดเอกสาร บันทึกเป็น PDF"),
        LetterFault.LOCKED: ("ไฟล์ถูกล็อกหรือมีรหัสผ่าน ผู้รับจะเปิดไม่ได้", "โปรดบันทึกเป็น PDF ที่ไม่ล็อก"),
        LetterFault.BROKEN: ("ไฟล์ไม่สมบูรณ์ เปิดไม่ได้ครบทุกส่วน", _PRINTED_ANEW),
        LetterFault.SCRIPT: ("ในไฟล์มีโปรแกรมที่ทำงานเองได้ (JavaScript) จึงไม่ปลอดภัยต่อผู้รับ", _PRINTED_ANEW),
        LetterFault.LAUNCHES: (
            "ในไฟล์มีคำสั่งเปิดโปรแกรม เปิดไฟล์อื่น เล่นสื่อ หรือส่งข้อมูลออกไป จึงไม่ปลอดภัยต่อผู้รับ",
            _PRINTED_ANEW,
        ),
        LetterFault.HOLDS_FILES: ("ในไฟล์มีไฟล์อื่นแนบซ่อนอยู่ จึงไม่ปลอดภัยต่อผู้รับ", "โปรดแยกไฟล์แนบออก สั่งพิมพ์เป็น PDF ใหม่"),
        LetterFault.TOO_DEMANDING: ("ระบบอ่านไฟล์นี้ไม่สำเร็จ เพราะซับซ้อนเกินไป", _PRINTED_ANEW),
        LetterFault.NOT_FETCHED: ("ระบบยังรับไฟล์จาก LINE ไม่สำเร็จ", "โปรดส่งไฟล์นี้อีกครั้ง"),
    }
)
_ENDING = re.compile(r"(?:\.pdf)+\s*$", re.IGNORECASE)
_BEFORE_SUBJECT = re.compile(r"^.*เรื่อง[\s:_-]*")
_COPY = re.compile(r"\s*\(\d+\)$|^(?:สำเนา|copy of)(?:ของ)?\s+", re.IGNORECASE)
_THAI_WORDS = re.compile(r"(?:[ก-ฮ][ะ-์]*){3,}|[เ-ไ][ก-ฮ].*[ก-ฮ]")
_SAY_NOTHING = re.compile(
    r"(?:หนังสือ|หนังสือเวียน|หนังสือราชการ|หนังสือนำส่ง|เอกสาร|เอกสารแนบ|สิ่งที่ส่งมาด้วย|สแกน|ไฟล์|บันทึกข้อความ|ด่วน|ด่วนมาก|ด่วนที่สุด|ลงนามแล้ว)?"
    r"(?:\s*(?:ที่|ว))?[\s\d๐-๙._/-]*"
)
"""File names that say what kind of file it is and not what it is about."""


def letter_fault_words(fault: LetterFault) -> str:
    """Return why a file is not taken, and what to do."""
    why, cure = _FAULTS[fault]
    return f"{why} {cure}"


def not_taken(reader: Reader, name: str, fault: LetterFault) -> Rendered:
    """Return that a file that was sent is not taken, why, and what to do."""
    why, cure = _FAULTS[fault]
    again = "" if fault is LetterFault.NOT_FETCHED else " แล้วส่งมาใหม่"
    return plain(f"ยังไม่ได้รับไฟล์ «{name or _UNNAMED}»\n{why}\n{cure}{again}{reader.particle}")


def taken(reader: Reader, name: str, size: int, files: int) -> str:
    """Return that a file was taken into a draft, which has so many ``files`` now; ``size`` in bytes."""
    return f"แนบ «{name}» ({size_text(size)}) แล้ว{reader.particle} รวม {files} ไฟล์"


def removed(reader: Reader) -> str:
    """Return that a file was taken out of a draft."""
    return f"นำไฟล์ออกแล้ว{reader.particle}"


def gone(reader: Reader) -> str:
    """Return that the file to be taken out is not there any more."""
    return f"ไฟล์นี้ถูกนำออกไปก่อนแล้ว{reader.particle}"


def pdf_needed(reader: Reader) -> Rendered:
    """Return that a picture cannot be sent as a circular, and what can."""
    return plain(f"หนังสือเวียนใช้ไฟล์ PDF{reader.particle} โปรดสแกนหรือบันทึกเป็น PDF ไม่เกิน {LARGEST} แล้วส่งเป็นไฟล์ในแชตนี้")


def subject_in_name(name: str) -> str:
    """Return what a letter is about, as far as the name of its file says so in Thai; "" where it does not."""
    words = " ".join(re.sub(r"[_]+", " ", _ENDING.sub("", name)).split())
    about = _COPY.sub("", _BEFORE_SUBJECT.sub("", words)).strip(" .-")
    if _SAY_NOTHING.fullmatch(about) or not _THAI_WORDS.search(about):
        return ""
    return about[:LONGEST_SUBJECT]

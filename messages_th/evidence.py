"""Photos and documents as evidence: how many, how large, and why one is not taken."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from domain.evidence import MOST_BYTES, MOST_FILES, MOST_PIXELS, EvidenceFault
from messages_th import formats

_MEGABYTE = 1024 * 1024
LARGEST = f"{MOST_BYTES // _MEGABYTE} MB"
_FAULTS: Mapping[EvidenceFault, str] = MappingProxyType(
    {
        EvidenceFault.TOO_MANY: f"แนบครบ {MOST_FILES} ไฟล์แล้ว โปรดนำไฟล์ที่ไม่ใช้ออกก่อนแล้วแนบใหม่",
        EvidenceFault.TOO_LARGE: f"ไฟล์ใหญ่เกิน {LARGEST} โปรดลดขนาดรูป หรือแบ่งเอกสารเป็นหลายไฟล์",
        EvidenceFault.EMPTY: "ไฟล์ว่างเปล่า โปรดเลือกไฟล์ใหม่",
        EvidenceFault.UNKNOWN_KIND: "แนบได้เฉพาะรูป JPEG PNG WebP และเอกสาร PDF โปรดบันทึกเป็น PDF หรือ JPEG แล้วแนบใหม่",
        EvidenceFault.HEIC: (
            "รูปแบบ HEIC เปิดไม่ได้ในหลายอุปกรณ์ โปรดแปลงเป็น JPEG แล้วแนบใหม่ "
            "(iPhone: การตั้งค่า > กล้อง > รูปแบบ > เข้ากันได้มากที่สุด หรือแนบภาพหน้าจอของรูปนั้น)"
        ),
        EvidenceFault.TOO_MANY_PIXELS: f"รูปมีความละเอียดเกิน {MOST_PIXELS // 1_000_000} ล้านพิกเซล โปรดลดขนาดรูปแล้วแนบใหม่",
        EvidenceFault.BROKEN_PICTURE: "ไฟล์รูปไม่สมบูรณ์ เปิดไม่ได้ โปรดถ่ายหรือบันทึกรูปใหม่แล้วแนบอีกครั้ง",
        EvidenceFault.BROKEN_DOCUMENT: "ไฟล์ PDF ไม่สมบูรณ์ เปิดไม่ได้ โปรดเปิดบนคอมพิวเตอร์ บันทึกเป็น PDF ใหม่ แล้วแนบอีกครั้ง",
        EvidenceFault.LOCKED_DOCUMENT: "ไฟล์ PDF ถูกล็อกหรือมีรหัสผ่าน ผู้อนุมัติจะเปิดไม่ได้ โปรดบันทึกเป็น PDF ที่ไม่ล็อกแล้วแนบใหม่",
        EvidenceFault.TOO_DEMANDING: "ระบบอ่านไฟล์นี้ไม่สำเร็จ โปรดบันทึกเป็น PDF หรือ JPEG ใหม่แล้วแนบอีกครั้ง",
    }
)


def fault_words(fault: EvidenceFault) -> str:
    """Return why a file is not taken, and what to do."""
    return _FAULTS[fault]


def evidence_label(number: int) -> str:
    """Return what the button says that opens the files: «หลักฐาน 3 ไฟล์»."""
    return f"หลักฐาน {formats.count(number)} ไฟล์"


def size_text(size: int) -> str:
    """Return a size, given in bytes: «1.4 MB», «320 KB»."""
    if size >= _MEGABYTE:
        return f"{size / _MEGABYTE:.1f} MB"
    return f"{max(round(size / 1024), 1)} KB"

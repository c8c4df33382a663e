"""Why a submission cannot take a step, and what to do instead: one sentence each, in chat, on pages and in the API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from domain.errors import Refusal
from domain.submissions import MIN_REASON_LENGTH, UNDO_FOR
from messages_th.spreadsheets import HEADERS

_SENTENCES: Mapping[Refusal, tuple[str, str]] = MappingProxyType(
    {
        Refusal.NO_ROUTE: ("หน่วยงานนี้ยังไม่มีเส้นทางอนุมัติ จึงยังส่งไม่ได้", "โปรดแจ้งผู้ประสานงานระดับกระทรวง (ป.ย.ป.) ให้กำหนดเส้นทาง"),
        Refusal.WRONG_STATE: ("สถานะของรายการเปลี่ยนไปแล้ว จึงดำเนินการขั้นนี้ไม่ได้", "โปรดเปิดรายการเพื่อดูสถานะล่าสุด"),
        Refusal.NOT_YOUR_STEP: ("รายการนี้ไม่ได้อยู่ในลำดับการพิจารณาของท่าน", "โปรดเปิดรายการรออนุมัติเพื่อดูเรื่องที่รอท่านพิจารณา"),
        Refusal.NOT_YOUR_UNIT: (
            "ท่านไม่ใช่ผู้นำเข้าข้อมูลของหน่วยงานนี้ จึงดำเนินการแทนไม่ได้",
            "หากเห็นว่าไม่ถูกต้อง โปรดแจ้งผู้ประสานงานระดับกระทรวง (ป.ย.ป.)",
        ),
        Refusal.OWN_SUBMISSION: ("รายการนี้ท่านเป็นผู้ส่ง จึงพิจารณาเองไม่ได้", "โปรดให้ผู้มีสิทธิพิจารณาท่านอื่นในลำดับเดียวกันดำเนินการ"),
        Refusal.STALE_VERSION: ("รายการนี้มีการส่งใหม่หลังจากที่แสดงแก่ท่าน", "โปรดเปิดรายการอีกครั้งเพื่อดูข้อมูลฉบับล่าสุด"),
        Refusal.REASON_TOO_SHORT: (
            "ข้อความสั้นเกินไป ผู้รับอาจไม่ทราบว่าต้องทำอะไร",
            f"โปรดพิมพ์อย่างน้อย {MIN_REASON_LENGTH} ตัวอักษร",
        ),
        Refusal.ALREADY_DECIDED: ("รายการนี้มีการพิจารณาในลำดับนี้แล้ว", "โปรดเปิดรายการเพื่อดูผลการพิจารณา"),
        Refusal.UNDO_TOO_LATE: (
            f"พ้นเวลา {UNDO_FOR // timedelta(minutes=1)} นาทีที่ยกเลิกการอนุมัติได้แล้ว",
            "หากต้องแก้ไข โปรดประสานผู้พิจารณาลำดับถัดไปให้ส่งกลับแก้ไข",
        ),
        Refusal.LAST_STEP: (
            "รายการนี้อนุมัติครบทุกลำดับแล้ว จึงยกเลิกการอนุมัติไม่ได้",
            "หากต้องแก้ไข โปรดแจ้งผู้ดูแลระบบให้เปิดรายการใหม่",
        ),
        Refusal.NOT_OWED: ("โครงการนี้ไม่ต้องรายงานไตรมาสนี้", "โปรดตรวจสอบระยะเวลาและสถานะของโครงการ"),
        Refusal.NOT_OPEN_YET: ("ยังไม่ถึงวันเปิดให้ส่ง", "โปรดพิมพ์ «กำหนดส่ง» เพื่อดูวันเปิดและวันปิด"),
        Refusal.WINDOW_CLOSED: (
            "พ้นกำหนดส่งแล้ว และกระทรวงรับรายงานล่าช้าเมื่อเปิดระบบให้เท่านั้น",
            "โปรดแจ้งผู้ประสานงานระดับกระทรวง (ป.ย.ป.) เพื่อขอเปิดระบบ",
        ),
        Refusal.LATE_REASON_NEEDED: ("พ้นกำหนดส่งแล้ว แต่ยังส่งได้โดยแจ้งเหตุผล", "โปรดระบุเหตุผลที่ส่งล่าช้าแล้วส่งอีกครั้ง"),
        Refusal.INCOMPLETE: ("รายงานยังไม่ครบถ้วน จึงยังส่งไม่ได้", "โปรดกรอกให้ครบแล้วส่งอีกครั้ง (หากไม่มี ให้ระบุ «ไม่มี»)"),
    }
)
_OTHER_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "activity_progress": "ความคืบหน้าของกิจกรรม",
        "level1_progress": "ความคืบหน้าต่อแผนระดับ 1",
        "link_progress": "ความคืบหน้าต่อแผนระดับ 2",
    }
)
"""Fields of a report that no spreadsheet has."""


def refusal_words(refusal: Refusal, particle: str = "") -> str:
    """Return what cannot be done and why, and what to do instead; ``particle`` as the reader is addressed."""
    why, cure = _SENTENCES[refusal]
    return f"{why}{particle} {cure}"


def field_name(name: str) -> str:
    """Return what forms and spreadsheets call a field of a quarterly report.

    Raises:
        KeyError: a report has no such field.
    """
    return _OTHER_FIELDS.get(name) or HEADERS["reports"][name][0]

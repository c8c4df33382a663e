"""What the form of a circular says: labels, hints, what is wrong with a field, and how values are written in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from domain.circulars.letters import LONGEST_TEXT, LetterPart
from domain.fiscal import Quarter
from domain.reminders import BANGKOK
from messages_th import formats

LETTER_NO, LETTER_DATE, URGENCY, SUBJECT, TEXT = "letter_no", "letter_date", "urgency", "subject", "text"
EVERYONE, UNITS, ROLES, UNREPORTED = "everyone", "units", "roles", "unreported"
GROUPS, RECIPIENTS_OF = "groups", "recipients_of"
WITHOUT_UNITS, WITHOUT_ROLES = "without_units", "without_roles"
WANTS_ACKNOWLEDGEMENT, ACKNOWLEDGE_BY, SEND_AT = "wants_acknowledgement", "acknowledge_by", "send_at"
WINDOWS = "windows"
LABELS: Mapping[str, str] = MappingProxyType(
    {
        LETTER_NO: "เลขที่หนังสือ",
        LETTER_DATE: "ลงวันที่",
        URGENCY: "ชั้นความเร็ว",
        SUBJECT: "เรื่อง",
        TEXT: "ข้อความ (ถ้ามี)",
        EVERYONE: "ทุกคนทั่วประเทศ",
        UNITS: "หน่วยงาน",
        ROLES: "เฉพาะบทบาท",
        UNREPORTED: "เฉพาะหน่วยงานที่ยังไม่รายงาน",
        GROUPS: "กลุ่มที่บันทึกไว้",
        RECIPIENTS_OF: "ผู้รับหนังสือฉบับก่อน",
        WITHOUT_UNITS: "ยกเว้นหน่วยงาน",
        WITHOUT_ROLES: "ยกเว้นบทบาท",
        WANTS_ACKNOWLEDGEMENT: "ให้ผู้รับกด «รับทราบ»",
        ACKNOWLEDGE_BY: "รับทราบภายในวันที่ (ถ้ามี)",
        SEND_AT: "ส่งเมื่อ",
        WINDOWS: "กำหนดเวลาที่หนังสือนี้เปลี่ยน",
    }
)
HINTS: Mapping[str, str] = MappingProxyType(
    {
        LETTER_NO: "เช่น รง ๐๒๑๔/ว ๓ เลขไทยคงไว้ตามที่พิมพ์",
        LETTER_DATE: "เช่น 27 ม.ค. 66 หรือ ๒๗ มกราคม ๒๕๖๖",
        TEXT: "เว้นบรรทัดเพื่อขึ้นย่อหน้าใหม่ การ์ดแสดงส่วนต้น ผู้รับเปิดอ่านทั้งหมดได้",
        ROLES: "ไม่เลือก หมายถึงทุกบทบาท",
        ACKNOWLEDGE_BY: "เช่น 31 มี.ค. 66",
        SEND_AT: "เว้นว่าง หมายถึงส่งทันทีในเวลาราชการ หรือระบุ เช่น เช้าวันทำการถัดไป หรือ 21 มี.ค. 66 09.00",
    }
)
BEFORE_NUMBER, BEFORE_SUBJECT = "ที่ ", "เรื่อง "
SAVED = "บันทึกแล้ว"
TEXT_TOO_LONG = f"ข้อความยาวเกิน {LONGEST_TEXT:,} ตัวอักษร จึงยังไม่ได้บันทึกช่องนี้ โปรดสรุปให้สั้นลง หรือแนบเป็นไฟล์ PDF"
DAY_IS_OVER = "วันนี้ผ่านไปแล้ว โปรดระบุวันตั้งแต่วันนี้เป็นต้นไป"
MOMENT_UNCLEAR = "ไม่เข้าใจวันเวลานี้ โปรดระบุ เช่น 21 มี.ค. 66 09.00 หรือเว้นว่างเพื่อส่งทันทีในเวลาราชการ"
MOMENT_IS_OVER = "เวลานี้ผ่านไปแล้ว โปรดระบุเวลาที่ยังไม่ถึง หรือเว้นว่างเพื่อส่งทันทีในเวลาราชการ"
OUT_OF_REACH = "มีหน่วยงานนอกกระทรวงของท่าน จึงยังไม่ได้บันทึกช่องนี้ โปรดเลือกจากรายการใหม่"
NO_SUCH_CHOICE = "ไม่มีตัวเลือกนี้แล้ว โปรดเปิดหน้านี้ใหม่แล้วเลือกอีกครั้ง"
GONE = "ไม่มีช่องนี้ในหน้านี้แล้ว โปรดเปิดหน้านี้ใหม่"
ELSEWHERE = "แก้ไขจากแชตหรือหน้าต่างอื่น"
NOT_ALL_SAVED = "บางช่องยังไม่ได้บันทึก โปรดตรวจสอบช่องที่มีข้อความแจ้ง"
NOT_WRITABLE = "หนังสือนี้ไม่ใช่ร่างแล้ว จึงแก้ไขไม่ได้ โปรดเปิดหน้านี้ใหม่เพื่อดูสถานะล่าสุด"
NOTHING = "(ว่าง)"
TICKED = "เลือกไว้"
_PART_OF: Mapping[LetterPart, str] = MappingProxyType(
    {
        LetterPart.LETTER_NO: LETTER_NO,
        LetterPart.LETTER_DATE: LETTER_DATE,
        LetterPart.SUBJECT: SUBJECT,
        LetterPart.AUDIENCE: UNITS,
    }
)
_NEEDED: Mapping[str, str] = MappingProxyType(
    {
        LETTER_NO: "ระบุเลขที่หนังสือ",
        LETTER_DATE: "ระบุวันที่ของหนังสือ",
        SUBJECT: "ระบุชื่อเรื่อง",
        UNITS: "เลือกผู้รับ",
    }
)


def day(on: date | None) -> str:
    """Return a day as it stands in a field."""
    return formats.short_date(on) if on else ""


def moment(at: datetime | None) -> str:
    """Return a moment as it stands in a field: «21 มี.ค. 66 09.00»."""
    return f"{formats.short_date(at.astimezone(BANGKOK).date())} {at.astimezone(BANGKOK):%H.%M}" if at else ""


def quarter_code(quarter: Quarter | None) -> str:
    """Return a quarter as a choice sends it: «2566/2»."""
    return f"{quarter.fiscal_year}/{quarter.number}" if quarter else ""


def field_of(part: LetterPart) -> str:
    """Return the name of the field in which a part of the letter that may not be missing is given."""
    return _PART_OF[part]


def needed(name: str) -> str:
    """Return what is to be done with a field that may not stay as it is."""
    return _NEEDED[name]


def clock(moment: datetime) -> str:
    """Return the Bangkok time of day of an aware instant: «16.30»."""
    return f"{moment.astimezone(BANGKOK):%H.%M}"


def recipients_of(letter: str) -> str:
    """Return the label of the box that adds whom an earlier letter went to."""
    return f"รวมผู้รับหนังสือ {letter}"

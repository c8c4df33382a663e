"""What ``emenscr-bot apikey`` says."""

from __future__ import annotations

from collections.abc import Mapping

HELP: Mapping[str, str] = {
    "apikey": "กุญแจ API ของระบบงานของหน่วยงาน (ดูคู่มือ API)",
    "apikey issue": "ออกกุญแจให้หน่วยงาน ใช้ได้กับหน่วยงานนั้นและหน่วยงานในสังกัด กุญแจแสดงครั้งเดียวและไม่ถูกเก็บไว้",
    "apikey list": "แสดงกุญแจทั้งหมดที่เคยออก (ไม่แสดงตัวกุญแจ)",
    "apikey revoke": "ยกเลิกกุญแจที่มีเลข ID นี้ทันที",
}
OPTION: Mapping[str, str] = {
    "unit": "รหัสหน่วยงานเจ้าของกุญแจ",
    "label": "ชื่อเรียกกุญแจ เช่น ชื่อระบบงาน",
}
KEEP_IT = "โปรดเก็บกุญแจนี้ไว้ในที่ปลอดภัย จะไม่แสดงอีก"
NO_KEYS = "ยังไม่เคยออกกุญแจ"


def issued(number: int, unit: str) -> str:
    """Return that a key was issued."""
    return f"ออกกุญแจเลข {number} ให้หน่วยงาน {unit} แล้ว {KEEP_IT}"


def listed(number: int, unit: str, label: str, created: str, revoked: str) -> str:
    """Return one key as a line; dates in Thai, ``revoked`` empty while it works."""
    state = f"ยกเลิกแล้วเมื่อ {revoked}" if revoked else "ใช้ได้"
    return f"{number}\t{unit}\t{label or '-'}\tออกเมื่อ {created}\t{state}"


def revoked(number: int) -> str:
    """Return that a key works no more."""
    return f"ยกเลิกกุญแจเลข {number} แล้ว"


def no_such_key(number: int) -> str:
    """Return that there is no such key to revoke."""
    return f"ไม่มีกุญแจเลข {number} ที่ยังใช้ได้"

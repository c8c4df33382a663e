"""What ``emenscr-bot invite`` says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

HELP = (
    "ออกรหัสผูกบัญชี LINE แบบใช้ครั้งเดียว มีอายุ 30 วัน รหัสเดิมของบุคคลนั้นจะใช้ไม่ได้ "
    "ออกให้เฉพาะผู้ที่มีหน้าที่อยู่ในวันนี้ --unit และ --all ข้ามผู้ที่ผูกบัญชีแล้ว "
    "ส่วน --person ออกให้ทุกคนที่ระบุ แม้ผูกบัญชีแล้ว (ใช้เมื่อเปลี่ยนบัญชี LINE)"
)
OPTION: Mapping[str, str] = {
    "person": "รหัสบุคคล (ระบุได้หลายครั้ง)",
    "unit": "ทุกคนในหน่วยงานรหัสนี้และหน่วยงานในสังกัดที่ยังไม่ผูกบัญชี",
    "all": "ทุกคนที่ยังไม่ผูกบัญชี",
    "letters": "เขียนหนังสือแจ้งรหัสสำหรับพิมพ์ (HTML หน้าละคน พร้อม QR) ลงไฟล์ใหม่ ต้องกำหนด LINE_BASIC_ID",
}
WHOM = "ต้องระบุ --person --unit หรือ --all อย่างน้อยหนึ่งอย่าง"
BASIC_ID_MISSING = "ยังไม่ได้ตั้งค่า LINE_BASIC_ID – กำหนดเป็นไอดีของบัญชี LINE เช่น @123abcde จึงจะทำ QR ในหนังสือได้"


def unknown_people(codes: Sequence[str]) -> str:
    """Return that nobody has these codes."""
    return f"ไม่พบบุคคลรหัส {', '.join(codes)} – ตรวจรหัสในไฟล์บุคคลที่นำเข้า ยังไม่ได้ออกรหัสผูกบัญชีให้ผู้ใด"


def without_role(codes: Sequence[str]) -> str:
    """Return that these people hold no role today."""
    return f"บุคคลรหัส {', '.join(codes)} ไม่มีหน้าที่ที่มีผลในวันนี้ – ปรับปรุงไฟล์บุคคลแล้วนำเข้าใหม่ ยังไม่ได้ออกรหัสผูกบัญชีให้ผู้ใด"


def unknown_unit(code: str) -> str:
    """Return that no unit has this code."""
    return f"ไม่พบหน่วยงานรหัส {code} – ตรวจรหัสในไฟล์หน่วยงานที่นำเข้า ยังไม่ได้ออกรหัสผูกบัญชีให้ผู้ใด"


def file_exists(file: str) -> str:
    """Return that the letters would overwrite a file."""
    return f"มีไฟล์ {file} อยู่แล้ว – ระบุชื่อไฟล์ใหม่ ยังไม่ได้ออกรหัสผูกบัญชีให้ผู้ใด"


def cannot_write(file: str) -> str:
    """Return that the letters cannot be written."""
    return f"เขียนไฟล์ {file} ไม่ได้ – ตรวจสอบโฟลเดอร์และพื้นที่ว่าง ยังไม่ได้ออกรหัสผูกบัญชีให้ผู้ใด"


def issued(count: int, already_linked: int) -> str:
    """Return how many codes were issued, and how many people were passed over since they are linked."""
    passed_over = f" ข้ามผู้ที่ผูกบัญชีแล้ว {already_linked:,} คน" if already_linked else ""
    return f"ออกรหัสผูกบัญชีแล้ว {count:,} รหัส{passed_over}"

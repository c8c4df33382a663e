"""What ``make demo`` says in the terminal, and the names of the phones that belong to nobody known."""

from __future__ import annotations

from datetime import datetime

from messages_th import formats

NEW_PHONE = "โทรศัพท์ใหม่"
STRANGER, NOT_OF_THE_MINISTRY = "บุคคลภายนอก", "ไม่มีรหัสผูกบัญชี"

HELP = "เปิดระบบสาธิต: กระทรวงตัวอย่าง โทรศัพท์จำลองของทุกคน และเวลาที่เลื่อนได้ ปิดด้วย Ctrl-C แล้วข้อมูลทั้งหมดถูกลบ"
FROM_OPTION = 'เริ่มในเช้าวันนี้ เช่น 2566-04-03, 2023-04-03 หรือ "3 เม.ย. 66"'
PORT_OPTION = "พอร์ตของหน้าโทรศัพท์จำลอง"
BAD_DAY = 'ต้องเป็นวันที่ เช่น 2566-04-03, 2023-04-03 หรือ "3 เม.ย. 66"'

NOT_IN_PRODUCTION = "ระบบสาธิตใช้ไม่ได้เมื่อ APP_ENV=production"
STARTING = "กำลังเปิดระบบสาธิต…"
NO_PHONES = "เปิดโทรศัพท์จำลองไม่ได้ – ดูข้อความด้านบน"
PHONES_DIED = "โทรศัพท์จำลองหยุดทำงาน จึงปิดระบบสาธิต – เปิดใหม่ด้วย make demo"
MINISTRY_REFUSED = "นำเข้ากระทรวงตัวอย่างไม่ได้ – ดูสาเหตุด้วย emenscr-bot import --dry-run bot/demo/files"
ENDED = "ปิดระบบสาธิตแล้ว"


def code_to_link(code: str) -> str:
    """Return what stands below the name of the phone that this code links."""
    return f"รหัสผูกบัญชี {code}"


def other_port(port: int) -> str:
    """Return that another program listens on a port, so that a free one is taken."""
    return f"พอร์ต {port} มีโปรแกรมอื่นใช้อยู่ จึงใช้พอร์ตอื่นที่ว่าง"


def ready(address: str, now: datetime, code: str) -> str:
    """Return where the demo is to be seen, what time it supposes (Bangkok), and what to try; ``code`` links a phone."""
    when = f"{formats.full_date(now.date())} เวลา {formats.clock_time(now)}"
    return (
        f"เปิดดูโทรศัพท์ของทุกคนได้ที่ {address}/\n"
        f"เวลาสมมุติ {when} – ข้อความแจ้งเตือนของเช้านี้มาถึงภายในหนึ่งนาที\n"
        "ลองทำตามทีละขั้นในหน้านั้น: แปดขั้น ตั้งแต่เปิดรอบรายงานจนถึงรับทราบหนังสือเวียน\n"
        f"ลองผูกบัญชี: พิมพ์ {code} ใน «{NEW_PHONE}»\n"
        "กด Ctrl-C เพื่อปิด"
    )

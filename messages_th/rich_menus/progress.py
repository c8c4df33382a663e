"""What ``emenscr-bot richmenu`` says."""

from __future__ import annotations

from collections.abc import Mapping

NOTHING_TO_DO = "เมนูบน LINE ตรงกันครบแล้ว ไม่มีสิ่งที่ต้องทำ"
FINISHED = "ปรับเมนูบน LINE เรียบร้อยแล้ว"
REHEARSED = "ซ้อมเท่านั้น: ยังไม่ได้เปลี่ยนสิ่งใดบน LINE"
HOURLY_LIMIT = "LINE รับสร้างหรือลบเมนูได้ชั่วโมงละ 100 รายการ ส่วนที่ทำแล้วใช้ได้ทันที โปรดเรียกคำสั่งเดิมอีกครั้งในอีกหนึ่งชั่วโมงเพื่อทำต่อ"

_STEPS: Mapping[str, str] = {
    "menu_uploaded": "นำเมนู {name} ขึ้น LINE",
    "default_set": "ให้เมนู {name} เป็นเมนูเริ่มต้นของทุกคน",
    "alias_set": "เชื่อมแท็บ {name}",
    "people_moved": "เปลี่ยนเป็นเมนู {name} ให้ผู้ใช้ {count:,} คน",
    "account_refused": "LINE ไม่รับบัญชีของผู้ใช้ {count:,} คน (เมนู {name}) ผู้ใช้กลุ่มนี้จะเห็นเมนูเริ่มต้น",
    "alias_removed": "ยกเลิกแท็บ {name} ที่ไม่ใช้แล้ว",
    "menu_removed": "ลบเมนูเดิม {name}",
    "removal_put_off": "LINE ยังไม่แสดงเมนูใหม่แก่ผู้ใช้ จึงยังไม่ลบเมนูเดิม โปรดเรียกคำสั่งนี้อีกครั้งภายหลัง",
}


def step(change: str, name: str, count: int) -> str:
    """Return one step of a run; ``change`` is a value of ``bot.rich_menus.sync.Change``."""
    return _STEPS[change].format(name=name, count=count)


def failed(call: str, why: str) -> str:
    """Return that LINE did not do something, and what helps."""
    return f"LINE ไม่ทำตามคำสั่ง {call} ({why}) – ตรวจด้วย emenscr-bot doctor แล้วเรียกคำสั่งเดิมอีกครั้ง ระบบจะทำต่อจากที่ค้าง"


def drawn(path: str, kilobytes: float) -> str:
    """Return that a picture was written."""
    return f"{path} ({kilobytes:,.0f} kB)"


def fonts_missing(what: str) -> str:
    """Return that Thai cannot be drawn on this machine."""
    return f"วาดเมนูภาษาไทยไม่ได้ เพราะไม่มี {what} – ติดตั้งแพ็กเกจของโครงการใหม่ให้ครบ (Pillow ที่มี raqm และ fontpkg-sarabun)"

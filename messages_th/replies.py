"""Short replies of a sentence or two that belong to no one conversation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from messages_th.formats import one_line
from messages_th.lengths import cut
from messages_th.quick_replies import QuickReply
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain
from messages_th.understanding.commands import TYPED_WORDS
from messages_th.understanding.intents import Intent

_NAME_LENGTH = 60


def choice(intent: Intent) -> QuickReply:
    """Return the quick reply that types the word of an intent."""
    return QuickReply(TYPED_WORDS[intent])


def words_only(reader: Reader) -> Rendered:
    """Return that pictures, stickers and files are not read here."""
    return plain(f"ขออภัย{reader.particle} ระบบอ่านได้เฉพาะข้อความ โปรดพิมพ์คำถาม หรือพิมพ์ «เมนู» เพื่อดูสิ่งที่ทำได้")


def not_understood(reader: Reader, choices: Sequence[Intent]) -> Rendered:
    """Return that a sentence was not understood, and what it may have meant (the quick replies)."""
    if choices:
        options = "\n".join(f"• {TYPED_WORDS[intent]}" for intent in choices)
        return plain(f"ท่านหมายถึงเรื่องใด{_question(reader)}\n{options}\n\nโปรดเลือก หรือพิมพ์ใหม่ให้ละเอียดขึ้น")
    return plain(
        f"ขออภัย{reader.particle} ยังไม่เข้าใจคำถาม ลองพิมพ์ เช่น\n• ไตรมาสนี้โครงการไหนยังไม่รายงาน\n• กำหนดส่งไตรมาสนี้\n• เมนู"
    )


def old_button(reader: Reader) -> Rendered:
    """Return that a button is of an older card than the program knows."""
    return plain(f"ปุ่มนี้เป็นของข้อความรุ่นเก่าและใช้ไม่ได้แล้ว{reader.particle} โปรดพิมพ์ «เมนู» เพื่อเริ่มใหม่")


def not_permitted(reader: Reader) -> Rendered:
    """Return that the asker's role does not allow it."""
    return plain(
        f"ขออภัย{reader.particle} ตำแหน่งของท่านไม่มีสิทธิดูหรือดำเนินการเรื่องนี้ "
        "หากเห็นว่าไม่ถูกต้อง โปรดติดต่อผู้ประสานงานระดับกระทรวง (กลุ่ม ป.ย.ป.)"
    )


def no_post(reader: Reader) -> Rendered:
    """Return that the person holds no post today, so nothing can be shown."""
    return plain(
        f"ขออภัย{reader.particle} ขณะนี้ไม่พบตำแหน่งที่มีผลอยู่ของท่านในระบบ "
        "โปรดติดต่อผู้ประสานงานระดับกระทรวง (กลุ่ม ป.ย.ป.) เพื่อปรับปรุงข้อมูลบุคคล"
    )


def no_such_agency(reader: Reader, agency: str) -> Rendered:
    """Return that no agency is called this."""
    return plain(f"ไม่พบหน่วยงาน “{cut(one_line(agency), _NAME_LENGTH)}”{reader.particle} โปรดตรวจสอบชื่อหน่วยงานแล้วพิมพ์ใหม่")


def which_agency(reader: Reader, agency: str, names: Iterable[str]) -> Rendered:
    """Return the question which of the agencies with the same abbreviation is meant (the quick replies)."""
    options = "\n".join(f"• {name}" for name in names)
    return plain(
        f"“{agency}” ตรงกับหลายหน่วยงาน หมายถึงหน่วยงานใด{_question(reader)}\n{options}\n\nโปรดเลือก หรือพิมพ์ชื่อเต็มของหน่วยงาน"
    )


def cancelled(reader: Reader) -> Rendered:
    """Return that what was begun is dropped."""
    return plain(f"ยกเลิกแล้ว{reader.particle} ไม่มีการบันทึกสิ่งใด")


def no_further_page(reader: Reader) -> Rendered:
    """Return that the list has no page there, or that no list is remembered."""
    return plain(f"ไม่มีหน้าถัดไปหรือรายการก่อนหน้าให้แสดง{reader.particle} โปรดพิมพ์คำถามใหม่")


def broke(reference: str) -> Rendered:
    """Return that something unforeseen happened; ``reference`` is what the log has, too."""
    return plain(f"ขออภัย ระบบขัดข้องชั่วคราว โปรดลองใหม่ในอีกสักครู่\nหากยังไม่ได้ โปรดแจ้งผู้ดูแลระบบพร้อมเลขอ้างอิง {reference}")


def slow_down() -> Rendered:
    """Return that somebody sends too much at once."""
    return plain("ขออภัย มีข้อความเข้ามาถี่เกินไป โปรดรอสักครู่แล้วพิมพ์ใหม่")


def private_only() -> Rendered:
    """Return the one line that groups and rooms get."""
    return plain("ระบบนี้ให้ข้อมูลเฉพาะในแชตส่วนตัว โปรดเปิดแชตกับบัญชีนี้โดยตรง")


def _question(reader: Reader) -> str:
    return "คะ" if reader.particle else ""

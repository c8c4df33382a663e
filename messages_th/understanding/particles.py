"""Words of courtesy, which carry no meaning here."""

from __future__ import annotations

import re

_ANYWHERE = r"(?:นะ|น่ะ)?(?:ครับผม|ครับ|คร้าบ|ค้าบ|ครัช|คร้า|ค่ะ|คร่ะ|เจ้าค่ะ|ฮับ|ฮะ|คะ|(?<!บัง)คับ)(?![ก-๎])"
_AT_END_OF_WORD = r"(?<!ช)(?<!ฐา)(?<!ถา)(?<!ธ)(?<!ว)(?<!ห)นะ|น่ะ|จ้า|จ้ะ|จ๊ะ|อ่ะ|เนอะ|เถอะ|เหอะ|ว่ะ|เว้ย|เด้อ"
_AFTER_SPACE = r"ค่า|ขา|น้า|อะ|วะ|จ๋า|555+|thx|thanks|thank you|ขอบคุณ(?:มาก)?|ขอบพระคุณ(?:มาก)?|ขอบใจ|pls|please|plz"
_AT_END = re.compile(
    rf"(?:[ !?~…]|(?<![ก-ฮ]\.)(?<=.)(?<![ก-ฮ])\.(?=\.|$)|{_ANYWHERE}|{_AT_END_OF_WORD}|(?<= )(?:{_AFTER_SPACE}))+$"
)
_WITHIN = re.compile(rf"(?:{_ANYWHERE}|(?:{_AT_END_OF_WORD})(?= )|(?<= )(?:{_AFTER_SPACE})(?= ))")
_AT_START = re.compile(
    r"^(?:(?:รบกวน(?:สอบถาม|ถาม|ขอ)?|ขอ(?:รบกวน)?(?:สอบถาม|ถาม)(?:หน่อย|ด้วย|นิด)?(?:ว่า)?|สอบถาม(?:หน่อย|ด้วย"
    r"|ว่า)?|ขออนุญาต(?:สอบถาม|ถาม)?(?:ว่า)?"
    r"|ขอโทษ|เรียน(?:ผู้ดูแล|แอดมิน|เจ้าหน้าที่|ท่าน|สอบถาม)?|พี่|น้อง|คุณ|แอดมิน|admin|แอด|บอท|bot|ad"
    r"|อยาก(?:จะ)?(?:ทราบ|รู้|ถาม)(?:ว่า)?"
    r"|(?:ผู้ใหญ่|เจ้านาย|หัวหน้า|ผอ\.?|ท่าน[ก-๎]{0,16}|พี่ๆ|ทางกรม|ทางกอง)(?:ท่าน)?(?:ให้|ฝาก|สั่งให้|อยาก)?(?:มา)?(?:ถาม|ทราบ|รู้)(?:มา)?(?:ว่า)?"
    r"|ฝาก(?:ถาม|เช็ค)(?:หน่อย|ด้วย)?(?:ว่า)?|ในฐานะ[ก-๎]{2,20} "
    r"|ไม่ทราบว่า|ถาม(?:หน่อย|ว่า)|คือว่า|เอ่อ|โทษที|(?:สวัสดี|หวัดดี)(?=.{14})) ?)+(?=.{4})"
)


_PURPOSE = re.compile(
    r"(?<=.{6}) (?:(?:จะ|เพื่อ|ไว้|กำลัง(?:จะ)?|เดี๋ยว|พอดี|เตรียม|ต้อง)(?:ได้)?(?:เอา|นำ|ใช้|ไป|เข้า|ทำ|เสนอ|โทร|ตาม|ประกอบ|มี)"
    r"|ก่อน(?:เข้า)?ประชุม|ท่าน(?!ปลัด(?:เซ็น|อนุมัติ))[ก-๎]{0,12}(?:จะ|กำลัง|รอ|ขอ|ถาม|ตาม)|(?:ใช้|เข้า|มี|รอ)ประชุม|ด่วน|รีบ)[^Ⓐ-ⓩ]*$"
)
"""What somebody needs it for, said last: «ขอภาพรวมหน่อย ท่านรองจะเข้าประชุม»."""


def without_purpose(text: str) -> str:
    """Return a text without what its answer is needed for."""
    return _PURPOSE.sub("", text)


def without_particles(text: str) -> str:
    """Return a normalised text in small letters without its words of courtesy: «ครับ», «นะคะ», «ขอบคุณ»."""
    return _AT_END.sub("", _WITHIN.sub(" ", text)).strip() or text.strip()


def without_preamble(text: str) -> str:
    """Return a text without its words of approach: «รบกวนสอบถามหน่อยว่า», «แอดมิน»."""
    return _AT_START.sub("", text)

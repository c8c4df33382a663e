"""Sentences about what is left to be written into eMENSCR: «อนุมัติแล้วแต่ยังไม่บันทึกใน eMENSCR»."""

from __future__ import annotations

import re

from messages_th.understanding.normalise import lowered, normalised
from messages_th.understanding.spellings import readable

_LEFT = re.compile(r"(?:ยังไม่|ยังต้อง|ค้าง|เหลือ).*(?:บันทึก|คีย์|กรอก|คัดลอก|ลง(?!ทะเบียน)).*emenscr")
_OF_TIME = re.compile(r"กี่วัน|วันไหน|วันใด|เมื่อ|กำหนด")


def is_about_mirroring(text: str) -> bool:
    """Tell whether a sentence asks what is left to be written into eMENSCR.

    It is asked only of those to whom something can be left: others mean by such words what they have not reported.
    """
    said = readable(lowered(normalised(text)))
    return _LEFT.search(said) is not None and not _OF_TIME.search(said)

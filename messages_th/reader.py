"""Whom a message addresses, and how politely (``domain.md`` §10)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.roles import Role
from messages_th.formats import one_line

_CIVIL_TITLE = re.compile(r"(?:นางสาว|น\.ส\.|นาย|นาง)\s*(?=[ก-ฮเ-ไ])")
_OTHER_TITLE = re.compile(
    r"คุณ|นายแพทย์|แพทย์หญิง|ทันตแพทย์|สัตวแพทย์|เภสัชกร|หม่อม|ว่าที่"
    r"|พล(?:เอก|โท|ตรี|เรือ|อากาศ|ตำรวจ)|พัน(?:เอก|โท|ตรี|จ่า|ตำรวจ)|ร้อย(?:เอก|โท|ตรี|ตำรวจ)"
    r"|เรือ(?:เอก|โท|ตรี|อากาศ)|นาวา(?:เอก|โท|ตรี|อากาศ)|จ่า(?:สิบ|เอก|โท|ตรี)|(?:สิบ|ดาบ)(?:เอก|โท|ตรี|ตำรวจ)"
    r"|(?!น\.ส\.)[ก-ฮ]{1,4}\."
)
"""Ranks, degrees and professions, written out or abbreviated: «ดร.», «พ.ต.อ.», «ว่าที่ร้อยตรี»."""


@dataclass(frozen=True, slots=True)
class Reader:
    """The person who reads a message: name and position as the office writes them, and the roles held.

    ``executive`` marks those who are addressed by position and without a particle.
    """

    name: str
    position: str
    executive: bool
    roles: frozenset[Role] = frozenset()

    @property
    def salutation(self) -> str:
        """The line that opens a message: «เรียน ท่านอธิบดี» or «เรียน คุณพรทิพย์ ใจดี»."""
        position, name = one_line(self.position), one_line(self.name)
        if self.executive:
            return f"เรียน ท่าน{position or 'ผู้บริหาร'}"
        if not name:
            return "เรียน ผู้ประสานงาน"
        if _OTHER_TITLE.match(name):
            return f"เรียน {name}"
        title = _CIVIL_TITLE.match(name)
        return f"เรียน คุณ{name[title.end() :] if title else name}"

    @property
    def particle(self) -> str:
        """What closes a sentence said to this person: «ค่ะ» to staff, nothing to executives."""
        return "" if self.executive else "ค่ะ"

    @property
    def coordinates(self) -> bool:
        """Whether the person is a ministry coordinator."""
        return Role.MINISTRY_COORDINATOR in self.roles

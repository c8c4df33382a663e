"""What the bot can do, whom else to ask, and small talk (``domain.md`` §1, §9, §10)."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.roles import Role
from messages_th.formats import count
from messages_th.listing import Button, Row, Sheet, listing
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain
from messages_th.understanding.commands import TYPED_WORDS
from messages_th.understanding.intents import Intent
from messages_th.understanding.wishes import REPORTING

CONTACT = (
    "1. กลุ่ม ป.ย.ป. ของกระทรวงท่าน (ผู้ประสานงานระดับกระทรวง)\n"
    "2. สศช. โทร 0-2280-4085 ต่อ 6232–6235 LINE @nscr หรือ nscr@nesdc.go.th"
)
_LOGIN = re.compile(r"รหัสผ่าน|ลืมรหัส|พาสเวิร์ด|password|ล็อก\s?อิน|login|log\s?in|เข้าระบบ|user\s?name|ชื่อผู้ใช้", re.IGNORECASE)
_CONTACT = re.compile(r"ติดต่อ|เบอร์|โทร|สอบถาม|คุยกับเจ้าหน้าที่|สศช|สภาพัฒน์")
_LABOUR = re.compile(
    r"ประกันสังคม|ชราภาพ|ว่างงาน|เงินทดแทน|เงินสมทบ|ผู้ประกันตน|ม\.?\s?(?:33|39|40)|มาตรา\s?(?:33|39|40)|สิทธิ|เลิกจ้าง|หางาน|สมัครงาน|ค่าแรง"
)
_TRACKING = frozenset({Role.PROJECT_OFFICER, Role.APPROVER, Role.ASSISTANT, Role.MINISTRY_COORDINATOR, Role.ADMIN})
_READING = _TRACKING | {Role.MONITOR}
_REMINDED = _TRACKING | {Role.PLAN_OFFICER}
_EVERYBODY = frozenset(Role)


@dataclass(frozen=True, slots=True)
class _Entry:
    intent: Intent
    about: str
    roles: frozenset[Role]


_ENTRIES: Sequence[_Entry] = (
    _Entry(Intent.PENDING_APPROVALS, "เรื่องที่รออนุมัติ และรออยู่ที่ใด", _REMINDED),
    _Entry(Intent.UNREPORTED_PROJECTS, "โครงการ แผน และรายงานประจำปีที่ยังไม่ส่ง", _REMINDED),
    _Entry(Intent.OVERDUE_LIST, "โครงการที่พ้นกำหนดแล้ว", _TRACKING),
    _Entry(Intent.MY_PROJECTS, "โครงการที่หน่วยงานท่านรับผิดชอบ", frozenset({Role.PROJECT_OFFICER})),
    _Entry(Intent.PROJECT_STATUS, "พิมพ์รหัสหรือชื่อโครงการเพื่อดูว่าถึงขั้นใด", _READING),
    _Entry(Intent.AGENCY_SUMMARY, "ร้อยละการรายงานแต่ละหน่วยงาน", _READING),
    _Entry(Intent.DISBURSEMENT_STATUS, "ผลเบิกจ่ายเทียบแผน", _READING),
    _Entry(Intent.REPORT_HISTORY, "รายงานและการอนุมัติที่ผ่านมา", _READING),
    _Entry(Intent.DEADLINE, "เหลือเวลาอีกกี่วัน", _EVERYBODY),
    _Entry(Intent.WINDOW_CALENDAR, "กำหนดการทั้งปีของหน่วยงานท่าน", _EVERYBODY),
    _Entry(Intent.SETTINGS_REMINDERS, "เลือกวันที่ให้เตือน", _REMINDED),
    _Entry(Intent.UNLINK_ACCOUNT, "เมื่อย้ายหน่วยงานหรือเปลี่ยนบัญชี LINE", _EVERYBODY),
)


def entries_for(roles: Collection[Role]) -> list[Intent]:
    """Return what somebody with these roles can ask for, most used first."""
    return [entry.intent for entry in _ENTRIES if not entry.roles.isdisjoint(roles)]


def menu_card(reader: Reader, as_of: datetime, further: Sequence[Button] = ()) -> Rendered:
    """Return the menu of the reader's roles: each entry with the word that is typed for it, typed by a tap.

    ``further`` are buttons to what has no word of its own.
    """
    rows = [
        Row(TYPED_WORDS[entry.intent], note=entry.about, says=TYPED_WORDS[entry.intent])
        for entry in _ENTRIES
        if not reader.roles.isdisjoint(entry.roles)
    ]
    if Role.PROJECT_OFFICER in reader.roles:
        rows.insert(0, Row(REPORTING, note="เปิดแบบรายงานของโครงการที่ยังไม่ได้ส่ง", says=REPORTING))
    return listing(
        Sheet(
            headline="เมนู",
            as_of=as_of,
            intro=f"กดหรือพิมพ์คำเหล่านี้ได้ หรือถามเป็นประโยค เช่น «ไตรมาสนี้โครงการไหนยังไม่รายงาน»{reader.particle}",
            rows=rows,
            empty="ยังไม่มีรายการสำหรับตำแหน่งของท่าน",
            note=f"สอบถามเพิ่มเติม\n{CONTACT}",
            buttons=further,
            alt="เมนู: กดหรือพิมพ์คำที่ต้องการ",
        )
    )


def asks_for_contact(utterance: str) -> bool:
    """Tell whether a question for help is one that only people can answer."""
    return bool(_LOGIN.search(utterance) or _CONTACT.search(utterance))


def contact(reader: Reader, utterance: str) -> Rendered:
    """Return whom to ask; the passwords of eMENSCR are none of ours."""
    lead = "บัญชีและรหัสผ่านของระบบ eMENSCR ดูแลโดย สศช. ระบบนี้แก้ไขให้ไม่ได้ " if _LOGIN.search(utterance) else ""
    return plain(f"{lead}โปรดติดต่อตามลำดับ{reader.particle}\n{CONTACT}")


def greeting(reader: Reader, waiting: int) -> Rendered:
    """Return a greeting by role; ``waiting``: how much waits for the reader to decide."""
    hello = reader.salutation if reader.executive else f"สวัสดีค่ะ {reader.salutation.removeprefix('เรียน ')}"
    lines = [hello]
    if waiting:
        lines.append(f"มีเรื่องรอท่านพิจารณา {count(waiting)} เรื่อง พิมพ์ «{TYPED_WORDS[Intent.PENDING_APPROVALS]}» เพื่อดู")
    lines.append(f"ถามเรื่องการรายงาน eMENSCR ได้{reader.particle} หรือพิมพ์ «{TYPED_WORDS[Intent.HELP]}» เพื่อดูสิ่งที่ทำได้")
    return plain("\n".join(lines))


def out_of_scope(reader: Reader, utterance: str) -> Rendered:
    """Return a kind refusal, to citizens' questions with the hotline that answers them."""
    if _LABOUR.search(utterance):
        return plain(
            f"ขออภัย{reader.particle} ที่นี่ตอบเฉพาะเรื่องการรายงานโครงการในระบบ eMENSCR\n"
            "เรื่องสิทธิประกันสังคมและบริการแรงงาน โปรดโทรสายด่วน 1506"
        )
    return plain(
        f"ขออภัย{reader.particle} ที่นี่ตอบเฉพาะเรื่องการรายงานโครงการในระบบ eMENSCR\n"
        f"พิมพ์ «{TYPED_WORDS[Intent.HELP]}» เพื่อดูสิ่งที่ถามได้"
    )

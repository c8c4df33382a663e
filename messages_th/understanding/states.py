"""States that a sentence names as a filter or a premise, not those that it asks about or that its intent implies."""

from __future__ import annotations

import re

from messages_th.understanding.intents import Intent, Status

_LISTS = frozenset({Intent.MY_PROJECTS})
_FIGURES = frozenset({Intent.DISBURSEMENT_STATUS, Intent.AGENCY_SUMMARY, Intent.REPORT_HISTORY})
_OTHERS = frozenset({Intent.DEADLINE, Intent.BROADCAST})
_OPEN_LISTS = frozenset({Intent.UNREPORTED_PROJECTS, Intent.OVERDUE_LIST})

_ASKED = r"(?! ?(?:อยู่)? ?(?:ไหม|มั้ย|ม้าย|หรือ|รึ|ป่าว|ยัง|เมื่อ|วันไหน|กี่โมง))"
_RETURNED = re.compile(
    rf"(?:ถูก|โดน|ที่|ซึ่ง|รายการ|โครงการ|เรื่อง|รายงาน) ?(?:เคย)? ?(?:ถูก|โดน)? ?(?:ตีกลับ|ส่งกลับ|ส่งคืน"
    rf"|ตีคืน|ให้แก้|เด้งกลับ){_ASKED}|(?:ถูก|โดน) ?คืน"
)
_DRAFT = re.compile(
    rf"(?:เป็น|สถานะ|อยู่ใน|ฉบับ|โครงการ|ที่|แค่|รายงาน|รายการ|ค้าง|ตัว) ?ร่าง(?!กาย){_ASKED}|(?:^|มี|ฉบับ"
    rf"| )ร่าง(?!กาย|หนังสือ)|drafts?"
)
_PENDING = re.compile(
    r"(?<!การ)รอ(?:การ|ผล)?(?:อนุมัติ|พิจารณา|เซ็น|เห็นชอบ|ลงนาม)"
    r"|ยังไม่(?:ได้)?(?:รับ)?(?:การ)?อนุมัติ"
)
_APPROVED = re.compile(
    rf"(?<!ยังไม่)(?<!ยังไม่ได้รับ)(?:อนุมัติ|ผ่าน|เห็นชอบ)(?:การอนุมัติ|อนุมัติ)?(?:ครบ(?:ทุก(?:ขั้น|ลำดับ"
    rf"|ชั้น))?)?(?:ไป)?แล้ว{_ASKED}"
    rf"|ที่(?:ได้รับ|ผ่าน)(?:การ)?อนุมัติ{_ASKED}|approved"
)
_COMPLETED = re.compile(
    rf"(?<!ให้)(?<!ไม่)(?<!จะ)(?:แล้วเสร็จ|เสร็จ(?:สิ้น|เรียบร้อย)?(?:ไป)?(?:แล้ว|ครบ)"
    rf"|ที่(?:แล้ว)?เสร็จ(?:สิ้น)?|(?:สิ้นสุด|จบ)(?:ไป)?แล้ว|ที่จบ){_ASKED}|completed|finished"
)
_CANCELLED = re.compile(rf"(?:ที่ ?(?:ถูก|ขอ|โดน)?|โดน|ถูก|โครงการ ?)ยกเลิก|ยกเลิก(?:ไป)?แล้ว{_ASKED}|cancell?ed")
_UNREPORTED = re.compile(
    r"ที่(?:ยัง)?ไม่ ?(?:ได้|มี)? ?(?:การ)?(?:รายงาน|ส่ง|กรอก|คีย์)|ที่ค้าง(?:รายงาน|ส่ง)"
    r"|ยังไม่ ?(?:ได้)?(?:รายงาน|ส่งรายงาน)"
)
_OVERDUE = re.compile(rf"(?:เกิน|เลย|พ้น)(?:กำหนด|เวลา){_ASKED}|ล่าช้า|overdue")

_FILTERS: tuple[tuple[Status, re.Pattern[str], frozenset[Intent]], ...] = (
    (Status.RETURNED, _RETURNED, _LISTS | _FIGURES | _OTHERS | _OPEN_LISTS),
    (Status.DRAFT, _DRAFT, _LISTS | _FIGURES | _OTHERS | _OPEN_LISTS),
    (Status.PENDING_APPROVAL, _PENDING, _LISTS | _OTHERS | (_OPEN_LISTS - {Intent.OVERDUE_LIST})),
    (Status.CANCELLED, _CANCELLED, _LISTS | _FIGURES),
    (Status.COMPLETED, _COMPLETED, _LISTS | _FIGURES),
    (Status.UNREPORTED, _UNREPORTED, _LISTS | _OTHERS),
    (Status.OVERDUE, _OVERDUE, _LISTS | _OTHERS | {Intent.UNREPORTED_PROJECTS, Intent.PENDING_APPROVALS}),
    (Status.APPROVED, _APPROVED, _LISTS | (_FIGURES - {Intent.REPORT_HISTORY}) | _OTHERS),
)
_WHY = re.compile(r"ทำไม|เพราะ|เหตุ|สาเหตุ|เรื่องอะไร|ตรงไหน|ที่(?:ถูก|โดน|เป็น|ยัง|รอ|เกิน|เลย)|แก้|ตั้งแต่")
_PREMISES = tuple((status, pattern) for status, pattern, _ in _FILTERS if status is not Status.APPROVED)


def status_of(intent: Intent, text: str) -> Status | None:
    """Return the state that a sentence of this intent (in small letters, names masked) filters by or sets out from."""
    if intent is Intent.PROJECT_STATUS:
        if not _WHY.search(text):
            return None
        return next((status for status, pattern in _PREMISES if pattern.search(text)), None)
    return next((status for status, pattern, intents in _FILTERS if intent in intents and pattern.search(text)), None)

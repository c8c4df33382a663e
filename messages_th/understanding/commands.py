"""The words that always lead to an intent."""

from __future__ import annotations

from collections.abc import Mapping

from messages_th.understanding.intents import Intent
from messages_th.understanding.normalise import lowered, normalised
from messages_th.understanding.particles import without_particles

TYPED_WORDS: Mapping[Intent, str] = {
    Intent.UNREPORTED_PROJECTS: "โครงการที่ยังไม่รายงาน",
    Intent.MY_PROJECTS: "โครงการของฉัน",
    Intent.PROJECT_STATUS: "สถานะโครงการ",
    Intent.PENDING_APPROVALS: "รายการรออนุมัติ",
    Intent.APPROVE: "อนุมัติ",
    Intent.RETURN: "ส่งกลับแก้ไข",
    Intent.DEADLINE: "กำหนดส่ง",
    Intent.WINDOW_CALENDAR: "ปฏิทินทั้งปี",
    Intent.DISBURSEMENT_STATUS: "ผลการเบิกจ่าย",
    Intent.AGENCY_SUMMARY: "สรุปภาพรวม",
    Intent.OVERDUE_LIST: "โครงการเกินกำหนด",
    Intent.REPORT_HISTORY: "รายงานย้อนหลัง",
    Intent.BROADCAST: "หนังสือเวียน",
    Intent.SETTINGS_REMINDERS: "ตั้งค่าการแจ้งเตือน",
    Intent.LINK_ACCOUNT: "ผูกบัญชี",
    Intent.UNLINK_ACCOUNT: "ยกเลิกการผูกบัญชี",
    Intent.HELP: "เมนู",
    Intent.GREETING: "สวัสดี",
    Intent.OUT_OF_SCOPE: "เรื่องอื่น",
}
"""The word that always leads to an intent: exact commands, quick replies and rich menus use the same."""

_MORE = {
    "help": Intent.HELP,
    "menu": Intent.HELP,
    "ช่วยเหลือ": Intent.HELP,
    "วิธีใช้": Intent.HELP,
    "ทวงถาม": Intent.UNREPORTED_PROJECTS,  # whom one asks is chosen there
}
_INTENTS = {word: intent for intent, word in TYPED_WORDS.items()} | _MORE


def intent_of_command(text: str) -> Intent | None:
    """Return the intent of a normalised text that is one of the words, with or without courtesy; None: it is not."""
    said = normalised(without_particles(lowered(text)))
    return _INTENTS.get(said) or _INTENTS.get(said.replace(" ", ""))

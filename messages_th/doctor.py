"""What ``emenscr-bot doctor`` says: a line each, ✓ or ✗ with the cure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked: what was found, and what to do when it is not fine."""

    what: str
    is_fine: bool
    found: str
    cure: str = ""


def line(finding: Finding) -> str:
    """Return a finding as a line of text."""
    mark, cure = ("✓", "") if finding.is_fine else ("✗", f" – แก้ไข: {finding.cure}")
    return f"{mark} {finding.what}: {finding.found}{cure}"


def settings_good() -> Finding:
    """All settings can be read."""
    return Finding("การตั้งค่า", is_fine=True, found="อ่านได้ครบ")


def setting_bad(problem: str) -> Finding:
    """A setting makes no sense; ``problem`` names it and says why."""
    return Finding("การตั้งค่า", is_fine=False, found=problem, cure="แก้ค่านี้แล้วเรียกใหม่")


def fonts(missing: Sequence[str]) -> Finding:
    """Whether Thai can be drawn; ``missing`` is what pictures of rich menus lack."""
    found = f"ไม่มี {' และ '.join(missing)}" if missing else "วาดภาษาไทยได้ (raqm, Sarabun)"
    return Finding("ฟอนต์", is_fine=not missing, found=found, cure="ติดตั้งแพ็กเกจของโครงการใหม่ให้ครบ")


def database_good(kind: str) -> Finding:
    """The database answers."""
    return Finding("ฐานข้อมูล", is_fine=True, found=f"เชื่อมต่อได้ ({kind})")


def database_away(error: str) -> Finding:
    """The database does not answer."""
    return Finding(
        "ฐานข้อมูล", is_fine=False, found=f"เชื่อมต่อไม่ได้ ({error})", cure="ตรวจ DATABASE_URL และดูว่าเซิร์ฟเวอร์ทำงานอยู่"
    )


def migrations_good() -> Finding:
    """The schema is the newest."""
    return Finding("โครงสร้างฐานข้อมูล", is_fine=True, found="เป็นรุ่นล่าสุด")


def migrations_missing() -> Finding:
    """The schema is old or absent."""
    return Finding("โครงสร้างฐานข้อมูล", is_fine=False, found="ยังไม่เป็นรุ่นล่าสุด", cure="เรียก emenscr-bot db upgrade")


def clock(age: timedelta | None, *, is_late: bool) -> Finding:
    """How long ago the clock ticked."""
    found = "ยังไม่เคยทำงาน" if age is None else f"ทำงานล่าสุดเมื่อ {age.total_seconds():,.0f} วินาทีก่อน"
    return Finding("นาฬิกา", is_fine=not is_late, found=found, cure="เปิด emenscr-bot clock (หรือ run)")


def outbox(age: timedelta | None, *, is_late: bool, stopped: str | None) -> Finding:
    """How long the oldest due message has waited, and whether all sending is stopped."""
    if stopped is not None:
        return Finding(
            "การส่งข้อความ",
            is_fine=False,
            found=f"หยุดส่งทั้งหมด ({stopped})",
            cure="แก้สาเหตุตามบรรทัดโทเคนหรือโควตาด้านล่าง ระบบจะส่งต่อเอง",
        )
    found = "ไม่มีข้อความค้าง" if age is None else f"ข้อความที่รอนานที่สุด {age.total_seconds():,.0f} วินาที"
    return Finding("การส่งข้อความ", is_fine=not is_late, found=found, cure="เปิด emenscr-bot worker (หรือ run)")


def liff(endpoint: str | None) -> Finding:
    """Pages open inside LINE; ``endpoint`` is what the LIFF app's endpoint URL has to be, None: there are no pages."""
    if endpoint is None:
        return Finding("LIFF", is_fine=False, found="กำหนด LIFF_ID แต่ไม่มีหน้าเว็บ", cure="กำหนด PUBLIC_URL ด้วย")
    return Finding("LIFF", is_fine=True, found=f"เปิดใช้ – Endpoint URL ใน LINE Developers Console ต้องเป็น {endpoint}")


def line_not_configured() -> Finding:
    """No channel is set."""
    return Finding(
        "LINE",
        is_fine=False,
        found="ยังไม่ได้ตั้งค่า",
        cure="กำหนด LINE_CHANNEL_ID และ LINE_CHANNEL_SECRET จาก LINE Developers Console",
    )


def token_good(name: str, basic_id: str) -> Finding:
    """LINE takes our token."""
    return Finding("โทเคน LINE", is_fine=True, found=f"ใช้ได้ – บัญชี {name} ({basic_id})")


def token_refused(status: int) -> Finding:
    """LINE does not take what we prove ourselves with; ``status`` is its HTTP answer."""
    return Finding(
        "โทเคน LINE",
        is_fine=False,
        found=f"LINE ไม่ยอมรับ (HTTP {status})",
        cure="ตรวจ LINE_CHANNEL_ID กับ LINE_CHANNEL_SECRET (หรือ LINE_CHANNEL_ACCESS_TOKEN) กับ LINE Developers Console",
    )


def line_unreachable(why: str) -> Finding:
    """LINE does not answer, or only with a fault of its own; ``why`` is what was seen."""
    return Finding("โทเคน LINE", is_fine=False, found=f"ติดต่อ LINE ไม่ได้ ({why})", cure="ตรวจการเชื่อมต่ออินเทอร์เน็ตแล้วลองใหม่")


_WEBHOOK_CURE = "ใน LINE Developers Console กำหนดเป็น PUBLIC_URL ตามด้วย /callback และเปิด Use webhook"


def webhook(url: str, *, is_active: bool, expected: str | None) -> Finding:
    """Where LINE sends events; ``expected`` is where it should (None: not known, ``PUBLIC_URL`` is not set)."""
    if expected is not None and url != expected:
        return Finding("Webhook", is_fine=False, found=f"{url} ไม่ตรงกับ {expected}", cure=_WEBHOOK_CURE)
    found = url if is_active else f"{url} ปิดอยู่"
    return Finding("Webhook", is_fine=is_active, found=found, cure=_WEBHOOK_CURE)


def webhook_unset() -> Finding:
    """No webhook is set."""
    return Finding("Webhook", is_fine=False, found="ยังไม่ได้กำหนด", cure=_WEBHOOK_CURE)


def webhook_unknown() -> Finding:
    """LINE did not tell the webhook."""
    return Finding("Webhook", is_fine=False, found="ถามไม่ได้", cure="ลองใหม่ภายหลัง")


def quota(limit: int | None, used: int) -> Finding:
    """What is left of the month's messages."""
    if limit is None:
        return Finding("โควตาข้อความ", is_fine=True, found=f"ไม่จำกัด (ใช้ไป {used:,})")
    found = f"ใช้ไป {used:,} จาก {limit:,} ข้อความ"
    return Finding("โควตาข้อความ", is_fine=used < limit, found=found, cure="เพิ่มแพ็กเกจข้อความของ LINE Official Account")


def quota_unknown() -> Finding:
    """LINE did not tell the quota."""
    return Finding("โควตาข้อความ", is_fine=False, found="ถามไม่ได้", cure="ลองใหม่ภายหลัง หรือตรวจสิทธิ์ของช่องทาง")

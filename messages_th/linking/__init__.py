"""What is said about linking a LINE account to a person, and about undoing it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.roles import Role
from messages_th import formats
from messages_th.reader import Reader
from messages_th.rendering import Rendered, card, plain
from messages_th.understanding.commands import TYPED_WORDS
from messages_th.understanding.intents import Intent
from messages_th.words import word

PRIVACY_VERSION = "1"
"""Another one whenever ``PRIVACY_NOTICE`` says something else: people are asked which version they agreed to."""
PRIVACY_NOTICE = (
    "เก็บ: ไอดี LINE ของท่าน เวลาที่ผูกบัญชี และข้อความที่ท่านพิมพ์ (ลบภายใน 30 วัน)",
    "ใช้เพื่อ: ยืนยันตัวตน แจ้งเตือน และตอบคำถามงาน eMENSCR เท่านั้น",
    "ผู้เห็นไอดี LINE: ผู้ดูแลระบบเท่านั้น ผู้ประสานงานระดับกระทรวงได้รับแจ้งเมื่อท่านเปลี่ยนหรือยกเลิกการผูกบัญชี",
    "เลิกได้ทุกเมื่อ: พิมพ์ «ยกเลิกการผูกบัญชี» แล้วไอดี LINE จะถูกลบทันที",
)

POSTS_SHOWN = 4
_COORDINATOR = "ผู้ประสานงานระดับกระทรวง (กลุ่ม ป.ย.ป.)"
_ASK_FOR_CODE = f"โปรดขอรหัสใหม่จาก{_COORDINATOR} ของท่าน"
_CODE_LOOKS = "รหัสมี 12 ตัว เช่น AB2D-EF3H-JK4N (ไม่มีเลข 0 1 และตัวอักษร O I L)"

_BY_ROLE: Mapping[Role, Sequence[Intent]] = {
    Role.APPROVER: (Intent.PENDING_APPROVALS, Intent.AGENCY_SUMMARY),
    Role.MINISTRY_COORDINATOR: (Intent.UNREPORTED_PROJECTS, Intent.AGENCY_SUMMARY, Intent.OVERDUE_LIST),
    Role.PROJECT_OFFICER: (Intent.MY_PROJECTS, Intent.UNREPORTED_PROJECTS),
    Role.PLAN_OFFICER: (Intent.DEADLINE, Intent.WINDOW_CALENDAR),
    Role.ASSISTANT: (Intent.PENDING_APPROVALS, Intent.AGENCY_SUMMARY),
    Role.MONITOR: (Intent.AGENCY_SUMMARY, Intent.DISBURSEMENT_STATUS),
    Role.ADMIN: (Intent.AGENCY_SUMMARY, Intent.OVERDUE_LIST),
}
_FOR_EVERYBODY = (Intent.DEADLINE, Intent.HELP)
_SUGGESTED = 5


@dataclass(frozen=True, slots=True)
class Post:
    """A role that somebody holds, and the name of the unit."""

    role: Role
    unit: str


@dataclass(frozen=True, slots=True)
class Ends:
    """What a yes would end: the person's link to another account, and this account's link to a person of this name."""

    other_account: bool
    other_person: str


def suggested(roles: Iterable[Role]) -> Sequence[Intent]:
    """Return what somebody with these roles can ask first, likeliest first."""
    wished = [intent for role in roles for intent in _BY_ROLE[role]]
    return tuple(dict.fromkeys([*wished[: _SUGGESTED - len(_FOR_EVERYBODY)], *_FOR_EVERYBODY]))


def way_in() -> Rendered:
    """Return what a stranger gets whatever they send: how to link, and nothing else."""
    return plain(
        "ยินดีต้อนรับค่ะ บัญชี LINE นี้ยังไม่ได้ผูกกับเจ้าหน้าที่ในระบบ\n"
        f"1. ขอรหัสผูกบัญชีจาก{_COORDINATOR} ของท่าน\n"
        "2. พิมพ์รหัสในแชตนี้ หรือสแกน QR ในหนังสือแจ้งรหัส\n"
        f"{_CODE_LOOKS}"
    )


def not_a_code() -> Rendered:
    """Return that what a stranger typed looks like a code with something missing."""
    return plain(f"ข้อความนี้คล้ายรหัสผูกบัญชี แต่ไม่ครบหรือมีตัวที่ไม่ใช้ในรหัสค่ะ\n{_CODE_LOOKS}\nโปรดตรวจแล้วพิมพ์ใหม่")


def wrong_code() -> Rendered:
    """Return that a code opens nothing: the same words whether it is unknown, used, voided or expired."""
    return plain(
        f"ใช้รหัสนี้ไม่ได้ค่ะ อาจพิมพ์ผิด ใช้ไปแล้ว หรือหมดอายุ\nโปรดตรวจกับหนังสือแจ้งรหัสแล้วพิมพ์ใหม่\nหากยังใช้ไม่ได้ {_ASK_FOR_CODE}"
    )


def locked() -> Rendered:
    """Return that this account typed too many wrong codes and has to wait."""
    return plain(
        "พิมพ์รหัสไม่ถูกต้องหลายครั้ง จึงพักการรับรหัสจากบัญชี LINE นี้ไว้ชั่วคราวค่ะ\n"
        f"โปรดลองใหม่ในอีกหนึ่งชั่วโมงหรือนานกว่านั้น ระหว่างนี้ตรวจสอบรหัสได้กับ{_COORDINATOR}"
    )


def offer(reader: Reader, posts: Sequence[Post], ends: Ends, yes: str, no: str) -> Rendered:
    """Return the card that asks «ท่านคือ …» with the privacy notice; ``yes`` and ``no`` are button data."""
    return card(
        "linking/offer",
        name=formats.one_line(reader.name),
        position=formats.one_line(reader.position),
        posts=[f"{word(post.role)} {formats.one_line(post.unit)}" for post in posts[:POSTS_SHOWN]],
        further=max(len(posts) - POSTS_SHOWN, 0),
        warnings=_warnings(ends),
        notice=PRIVACY_NOTICE,
        version=PRIVACY_VERSION,
        particle="คะ" if reader.particle else "",
        yes=yes,
        no=no,
    )


def _warnings(ends: Ends) -> Sequence[str]:
    warnings = []
    if ends.other_account:
        warnings.append("ชื่อนี้ผูกกับบัญชี LINE อื่นอยู่ เมื่อกด «ใช่» บัญชีเดิมจะใช้งานต่อไม่ได้")
    if ends.other_person:
        name = formats.one_line(ends.other_person)
        warnings.append(f"บัญชี LINE นี้ผูกกับ {name} อยู่ เมื่อกด «ใช่» จะเลิกผูกกับชื่อนั้น")
    return warnings


def linked(reader: Reader, roles: Iterable[Role], ended: Ends) -> Rendered:
    """Return the welcome of somebody just linked, with what can be typed now; ``roles`` weightiest first."""
    lines = [reader.salutation, f"ผูกบัญชีเรียบร้อยแล้ว{reader.particle}"]
    if ended.other_account:
        lines.append("บัญชี LINE เดิมของท่านใช้งานต่อไม่ได้แล้ว และได้รับแจ้งแล้ว")
    if ended.other_person:
        lines.append(f"บัญชี LINE นี้เลิกผูกกับ {formats.one_line(ended.other_person)} แล้ว")
    words = "\n".join(f"• {TYPED_WORDS[intent]}" for intent in suggested(roles))
    return plain("\n".join(lines) + f"\n\nพิมพ์หรือกดเมนูได้ เช่น\n{words}")


def declined() -> Rendered:
    """Return that nothing was linked and the code is void, and what to do."""
    return plain(
        "ขอบคุณค่ะ ไม่มีการผูกบัญชี และยกเลิกรหัสนี้แล้ว\n"
        f"ได้แจ้ง{_COORDINATOR}ให้ออกรหัสใหม่แก่เจ้าของรหัส\n"
        "รหัสของท่านเอง ขอได้จากผู้ประสานงานเช่นกัน"
    )


def offer_over() -> Rendered:
    """Return that this question can be answered no more, or not by this account."""
    return plain("ปุ่มนี้ใช้ไม่ได้แล้วค่ะ เพราะเกิน 10 นาที หรือเคยกดแล้ว โปรดพิมพ์รหัสผูกบัญชีอีกครั้ง")


def linked_as(reader: Reader, since: datetime | None) -> Rendered:
    """Return to whom the account is linked, since when, and how to change that."""
    name = " ".join(filter(None, (formats.one_line(reader.name), formats.one_line(reader.position))))
    day = f" ตั้งแต่ {formats.date_and_time(since)}" if since else ""
    return plain(
        f"บัญชี LINE นี้ผูกกับ {name}{day} แล้ว{reader.particle}\nเปลี่ยนบัญชี LINE: พิมพ์รหัสใหม่จากบัญชีนั้น\nเลิกใช้: พิมพ์ «ยกเลิกการผูกบัญชี»"
    )


def ask_unlink(reader: Reader, yes: str, no: str) -> Rendered:
    """Return the card that asks whether the link is to be undone; ``yes`` and ``no`` are button data."""
    return card(
        "linking/unlink",
        name=formats.one_line(reader.name),
        position=formats.one_line(reader.position),
        particle="คะ" if reader.particle else "",
        yes=yes,
        no=no,
    )


def unlinked(reader: Reader) -> Rendered:
    """Return that the link is undone and what is kept no more."""
    return plain(
        f"ยกเลิกการผูกบัญชีแล้ว{reader.particle} ลบไอดี LINE ของท่านออกจากระบบแล้ว\n"
        "จากนี้จะไม่มีการแจ้งเตือนมายังบัญชีนี้\n"
        f"หากต้องการใช้งานอีก {_ASK_FOR_CODE}"
    )


def kept(reader: Reader) -> Rendered:
    """Return that the link stays."""
    return plain(f"ยังผูกบัญชีไว้ตามเดิม{reader.particle}")


def welcome_back(reader: Reader) -> Rendered:
    """Return the greeting of a linked person who added or unblocked the bot."""
    return plain(f"{reader.salutation}\nกลับมารับการแจ้งเตือนได้ตามปกติแล้ว{reader.particle} พิมพ์ «เมนู» เพื่อดูสิ่งที่ทำได้")


def lost_link(reader: Reader, at: datetime) -> Rendered:
    """Return what the account is told that lost its person to another one ``at`` (aware)."""
    return plain(
        f"{reader.salutation}\n"
        f"ชื่อของท่านผูกกับบัญชี LINE อื่นแล้วเมื่อ {formats.date_and_time(at)}\n"
        f"บัญชีนี้จึงใช้งานต่อไม่ได้{reader.particle}\n"
        f"หากท่านไม่ได้เปลี่ยนเอง โปรดแจ้ง{_COORDINATOR}ทันที"
    )


_CHANGES: Mapping[str, str] = {
    "relinked": "เปลี่ยนไปใช้บัญชี LINE อื่น",
    "unlinked": "ยกเลิกการผูกบัญชี LINE",
    "declined": "รหัสผูกบัญชีถูกพิมพ์จากบัญชี LINE ของผู้ที่แจ้งว่าไม่ใช่เจ้าของ",
}
_WHAT_TO_DO: Mapping[str, str] = {
    "relinked": "หากเห็นว่าผิดปกติ โปรดสอบถามเจ้าตัวและขอให้ผู้ดูแลระบบออกรหัสใหม่",
    "unlinked": "บุคคลนี้จะไม่ได้รับการแจ้งเตือนจนกว่าจะผูกบัญชีใหม่",
    "declined": "ระบบยกเลิกรหัสนั้นแล้ว โปรดขอให้ผู้ดูแลระบบออกรหัสใหม่และส่งให้ถึงเจ้าของ",
}


def link_changed(reader: Reader, change: str, name: str, position: str, at: datetime) -> Rendered:
    """Return what a coordinator is told of somebody's link; ``change`` is the value of a ``Change``, ``at`` aware."""
    who = " ".join(filter(None, (formats.one_line(name), formats.one_line(position))))
    return plain(
        f"{reader.salutation}\n"
        f"{who}\n"
        f"{_CHANGES[change]} เมื่อ {formats.date_and_time(at)}\n"
        f"{_WHAT_TO_DO[change]}\n"
        f"จึงเรียนมาเพื่อทราบ{reader.particle}"
    )

"""Which words of what somebody typed are the letter's subject and text, and which only tell us about it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_D = "0-9๐-๙"
_INVISIBLE = dict.fromkeys((0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF))
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile(r"(?:[^\S\n]|[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff])+")
_AM, _AE = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32"), re.compile("\u0e40\u0e40")

_ASKING = r"(?:(?:ขอ|จะ|อยาก|ต้องการ|ประสงค์จะ|ช่วย|กรุณา|รบกวน|เรียน|ฝาก) ?){0,3}"
_BEGINS = re.compile(
    rf"{_ASKING}(?:(?:จัดส่ง|จัดทำ|ส่ง|แจ้ง|ร่าง|ทำ|สร้าง|ออก|เขียน) ?(?:หนังสือ|ข้อความ)? ?เวียน|เวียน ?(?:หนังสือ|แจ้ง))"
)
_LEAD = re.compile(
    rf"{_ASKING}(?:(?:จัดส่ง|จัดทำ|ส่ง|แจ้ง|ร่าง|ทำ|สร้าง|ออก|เขียน|เวียน|ประกาศ|บอก|กระจาย|broadcast|บรอดแคสต์) ?){{1,2}}"
    r"(?:(?:หนังสือ|ข้อความ|ข่าว|ประกาศ) ?)?(?:เวียน ?)?(?:หนังสือ|แจ้ง)?(?:ฉบับ)?(?:ใหม่)?[ :]*"
)
NUMBER = (
    rf"(?:(?<=หนังสือ)|(?<=ที่)|(?<=เวียน)|(?<![ก-๎]))[ก-ฮ]{{1,6}}\.?(?: ?\([ก-ฮ.]{{1,12}}\))? ?"
    rf"(?:[{_D}]{{2,6}}(?:\.[{_D}]{{1,4}}){{0,3}}|[{_D}](?= ?/ ?ว)) ?/ ?(?:[ก-ฮ]{{1,3}}\.? ?)?[{_D}]{{1,6}}(?![{_D}/])"
)
"""A letter's number, «รง ๐๒๑๔/ว ๓»; that of a project has no slash."""
WHOM = (
    r"(?:(?:ส่ง|แจ้ง)?(?:ถึง|ไปยัง|ให้|ผู้รับ) ?:? ?(?=ทุก|ทั้ง|หน่วย|กรม|กอง|สำนัก|ผู้|กลุ่ม|เฉพาะ|เจ้าหน้าที่|กระทรวง"
    r"|ป\.?ย\.?ป|[ก-ฮ]{2,5}(?:\.|(?![ก-๎])|และ))|ยกเว้น)"
)
ACKNOWLEDGE_BY = r"(?:โปรด|ขอให้|ให้|กรุณา|และ)?(?:กด|ตอบ)?รับทราบ(?:หนังสือ)? ?(?:ภายใน|ก่อน|ไม่เกิน|ไม่ช้ากว่า)(?:วันที่)? ?"
NO_ACKNOWLEDGEMENT = r"ไม่ต้อง(?:กด|ตอบ)?(?:รับทราบ|ตอบรับ)"
ACKNOWLEDGEMENT = r"(?:โปรด|ขอให้|ให้|ต้อง|กรุณา)(?:กด|ตอบ)?รับทราบ(?:ด้วย)?"
SEND_AT = (
    r"(?:และ)?(?:ให้|กำหนด|ตั้งเวลา)?ส่ง(?:หนังสือ|ออก)? ?"
    rf"(?=ทันที|เลย|เดี๋ยวนี้|พรุ่งนี้|มะรืน|วัน|ใน(?:วัน|เช้า)|ตอน|เช้า|บ่าย|เที่ยง|เวลา|[{_D}])"
)
DATED = r"(?:ลง ?วันที่|ลว\.?)(?= ?(?:วัน|[0-9๐-๙]))"
URGENT = r"ด่วน(?: ?ที่ ?สุด| ?มาก)?"
_TO_US = rf"{WHOM}|{ACKNOWLEDGE_BY}|{NO_ACKNOWLEDGEMENT}|{ACKNOWLEDGEMENT}|{SEND_AT}"
_WISH = re.compile(_TO_US)
_ORDER = re.compile(rf"(?:^|(?<=[ .]))(?:{_TO_US}|{DATED}|(?:เลข|หนังสือ)?ที่ ?{NUMBER}|{URGENT}(?![ก-๎]))")
_NUMBER_ALONE = re.compile(NUMBER)
_SUBJECT = re.compile(r"(?:^|(?<=[ .]))เรื่อง ?:? ?(?=\S)")
_SUBJECT_ANYWHERE = re.compile(r"เรื่อง ?:? ?(?=\S)")
_THAT = re.compile(r"(?<=[ ก-๎.])ว่า(?!ที่|จ้าง|ด้วย|ง|การ) ?(?=\S)")
_TEXT = re.compile(r"(?:^|(?<= ))(?:ข้อความ|เนื้อหา) ?:? ?(?=\S)")
_ADDRESSED = re.compile(r"(?:กราบ)?เรียน(?: |$)")
_SUBJECT_LINES, _LAST_LINES, _LONGEST_ORDER = 3, 3, 200
"""Lines that a subject may take, lines at the end that may be orders to us, and characters of such a line."""


@dataclass(frozen=True, slots=True)
class Parts:
    """``orders`` tell us about the letter, whom it is for among them; ``head`` is what stands above its subject."""

    orders: str = ""
    head: str = ""
    subject: str = ""
    text: str = ""


def tidied(text: str) -> str:
    """Return a text in one spelling of spaces, line breaks and vowels; digits and paragraphs stay as they were."""
    text = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    text = _AE.sub("\u0e41", _AM.sub("\\1\u0e33", text))
    lines = _SPACES.sub(" ", _LINE_ENDS.sub("\n", text)).split("\n")
    return "\n".join(line.strip() for line in lines).strip()


def begins_circular(text: str) -> bool:
    """Tell whether a sentence surely begins a circular, whatever it speaks of after that."""
    return _BEGINS.match(_beginning(text)) is not None


def wants_to_send(text: str) -> bool:
    """Tell whether a sentence about circulars wants one to be sent, and does not ask about those there are."""
    return _LEAD.match(_beginning(text)) is not None


def _beginning(text: str) -> str:
    """Return how a sentence begins, without the mark that stands before words that are shown to be typed."""
    return tidied(text[:_LONGEST_ORDER]).removeprefix("«")


def is_about_letter(text: str) -> bool:
    """Tell whether words by themselves say which fact of a letter they are: «เรื่อง …», «รับทราบภายใน …»."""
    said = tidied(text)
    return any(pattern.match(said) for pattern in (_ORDER, _SUBJECT, _TEXT)) or bool(_NUMBER_ALONE.fullmatch(said))


def parted(typed: str) -> Parts:
    """Return the parts of what was typed, tidied."""
    first, *others = tidied(typed).split("\n")
    led = _LEAD.match(first)
    first = first[led.end() :] if led else first
    if not others:
        return _of_sentence(first)
    if led or _subject_line([first, *others]) is None:
        said = _of_sentence(first)
        if said.subject or said.text or _subject_line(others) is None:
            return _with_lines(said, others)
        return _of_letter(said.orders, others)
    return _of_letter("", [first, *others])


def _of_sentence(said: str) -> Parts:
    """Return the parts of one line: facts, «เรื่อง» the subject, further facts, «ข้อความ» the text."""
    said, text = _split(_TEXT, said)
    before, subject = _split(_SUBJECT, said)
    if not subject:
        before, subject = _split(_SUBJECT_ANYWHERE, said)
    if not (subject or text):
        before, text = _split(_THAT, said)
    order = _ORDER.search(subject, 1)
    if order is not None:
        subject, before = subject[: order.start()], f"{before} {subject[order.start() :]}"
    return Parts(orders=before.strip(), subject=subject.strip(), text=text.strip())


def _split(pattern: re.Pattern[str], said: str) -> tuple[str, str]:
    found = pattern.search(said)
    return (said[: found.start()], said[found.end() :]) if found else (said, "")


def _of_letter(orders: str, lines: Sequence[str]) -> Parts:
    """Return the parts of a letter, line by line; what is ordered may stand before it."""
    at = _subject_line(lines)
    if at is None:
        raise ValueError("a letter without a subject")
    said = _of_sentence(lines[at])
    above = [line for line in lines[:at] if _WISH.match(line)]
    head = [line for line in lines[:at] if not _WISH.match(line)]
    addressed = next((n for n in range(at + 1, len(lines)) if _ADDRESSED.match(lines[n])), at)
    more = lines[at + 1 : addressed] if addressed - at <= _SUBJECT_LINES else []
    if any(_ORDER.match(line) or not line for line in more):
        more = []
    subject = " ".join([said.subject, *more])
    begun = Parts("\n".join([orders, *above, said.orders]), "\n".join(head), subject, said.text)
    return _with_lines(begun, lines[at + 1 + len(more) :])


def _with_lines(parts: Parts, lines: Sequence[str]) -> Parts:
    """Return the parts with lines that follow the subject: facts, then the text, then perhaps orders once more."""
    left, orders = list(lines), [parts.orders]
    while left and not parts.text and (not left[0] or _is_order(left[0])):
        orders.append(left.pop(0))
    least = len(left) - _LAST_LINES
    while left and len(left) > least and (not left[-1] or _is_order(left[-1])):
        orders.append(left.pop())
    said = "\n".join(left)
    label = _TEXT.match(said)
    text = said[label.end() :] if label else said
    return Parts("\n".join(orders), parts.head, parts.subject, "\n".join(filter(None, (parts.text, text))))


def _is_order(line: str) -> bool:
    return len(line) <= _LONGEST_ORDER and _ORDER.match(line) is not None


def _subject_line(lines: Sequence[str]) -> int | None:
    return next((number for number, line in enumerate(lines) if _SUBJECT.match(line)), None)

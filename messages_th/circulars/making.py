"""Writing a circular in the chat: what is asked part by part, and what is said when something is not understood."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.circulars.letters import LONGEST_NUMBER, LONGEST_SUBJECT, LONGEST_TEXT, LetterPart
from messages_th import formats
from messages_th.circulars import labels
from messages_th.circulars.draft_card import Asked, Choice, Fact, question
from messages_th.circulars.letters import NO_SUBJECT, number_and_date
from messages_th.lengths import cut_utf16
from messages_th.listing import GREY, Button, Page, Row, Sheet, listing
from messages_th.page_link import page_link
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain
from messages_th.understanding.normalise import normalised
from messages_th.words import word

NEW, PAGE, DISCARD, DRAFTS = "ร่างฉบับใหม่", "เปิดหน้าเขียนหนังสือ", "ทิ้งร่าง", "ร่างทั้งหมด"
CHOOSE_WHOM = "เลือกผู้รับ"
TODAY, PICK_DAY, PICK_MOMENT = "วันนี้", "เลือกวันที่", "เลือกวันเวลา"
AT_ONCE, NEXT_MORNING = "ส่งทันที", "เช้าวันทำการถัดไป"
NO_LAST_DAY, NOT_WANTED = "รับทราบ ไม่กำหนดวัน", "ไม่ต้องรับทราบ"
_NO_TEXT = ("ไม่มี", "ไม่มีข้อความ", "ไม่ใส่ข้อความ", "-")
_QUESTIONS = {
    LetterPart.LETTER_NO: "โปรดพิมพ์เลขที่หนังสือ เช่น รง ๐๒๑๔/ว ๓ ระบบคงเลขไทยไว้ตามที่พิมพ์",
    LetterPart.LETTER_DATE: "โปรดเลือกหรือพิมพ์วันที่ของหนังสือ เช่น ๒๗ มกราคม ๒๕๖๖",
    LetterPart.SUBJECT: "โปรดพิมพ์ชื่อเรื่องของหนังสือ",
    LetterPart.TEXT: (
        f"โปรดพิมพ์หรือวางข้อความของหนังสือ ไม่เกิน {formats.count(LONGEST_TEXT)} ตัวอักษร หากไม่ใส่ข้อความ โปรดพิมพ์ «ไม่มี»"
    ),
    LetterPart.AUDIENCE: "โปรดเลือกหรือพิมพ์ผู้รับ เช่น ทุกกรม ยกเว้น สปส.",
    LetterPart.URGENCY: "โปรดเลือกชั้นความเร็วของหนังสือ",
    LetterPart.ACKNOWLEDGE_BY: "ผู้รับต้องกดรับทราบภายในวันใด โปรดเลือกหรือพิมพ์ เช่น 24 มี.ค. 66 หรือ 3 วันทำการ",
    LetterPart.SEND_AT: "ให้ส่งเมื่อใด โปรดเลือกหรือพิมพ์ เช่น พรุ่งนี้ 9 โมง ระบบส่งในเวลาราชการเท่านั้น",
}
_NOT_READ = {
    LetterPart.LETTER_NO: f"อ่านเลขที่หนังสือไม่ได้ หรือยาวเกิน {LONGEST_NUMBER} ตัวอักษร",
    LetterPart.LETTER_DATE: "อ่านวันที่ไม่ได้ หรือไม่ใช่วันที่ของหนังสือ",
    LetterPart.SUBJECT: f"ชื่อเรื่องยาวเกิน {formats.count(LONGEST_SUBJECT)} ตัวอักษร",
    LetterPart.TEXT: f"ข้อความยาวเกิน {formats.count(LONGEST_TEXT)} ตัวอักษร โปรดย่อ หรือแนบเป็นไฟล์ PDF",
    LetterPart.AUDIENCE: "อ่านผู้รับไม่ได้",
    LetterPart.URGENCY: "อ่านชั้นความเร็วไม่ได้",
    LetterPart.ACKNOWLEDGE_BY: "อ่านวันที่ไม่ได้ หรือวันนั้นผ่านไปแล้ว",
    LetterPart.SEND_AT: "อ่านวันเวลาไม่ได้ หรือเวลานั้นผ่านไปแล้ว",
}
_WORDS_LENGTH = 100


def wants_no_text(said: str) -> bool:
    """Tell whether somebody who was asked for a letter's text wants none."""
    return normalised(said) in _NO_TEXT


def asked_for(part: LetterPart, choices: Sequence[Choice] = (), *notes: str) -> Asked:
    """Return the question for a part of a letter."""
    return Asked(_QUESTIONS[part], choices, notes)


def not_read(reader: Reader, part: LetterPart) -> str:
    """Return that an answer was not understood, or cannot be."""
    return f"{_NOT_READ[part]}{reader.particle}"


def complete(reader: Reader, choices: Sequence[Choice], notes: Sequence[str]) -> Asked:
    """Return that nothing is missing, and what comes next."""
    return Asked(f"ข้อมูลครบแล้ว{reader.particle} แตะหัวข้อที่ต้องการแก้ไข หรือกด «{labels.CHECK}»", choices, notes)


def part_card(part: LetterPart, asked: Asked, as_of: datetime) -> Rendered:
    """Return a part's question by itself."""
    return question(word(part), asked, as_of)


def cut_off(reader: Reader) -> str:
    """Return that more was typed than a circular holds."""
    return f"ข้อความหรือชื่อเรื่องยาวเกินกำหนด จึงเก็บไว้เฉพาะส่วนต้น{reader.particle} โปรดแก้ไข หรือแนบเป็นไฟล์ PDF"


def whom_not_read(reader: Reader, words: Sequence[str]) -> str:
    """Return that it is not known whom some words name."""
    said = " ".join(f"“{cut_utf16(formats.one_line(one), _WORDS_LENGTH)}”" for one in words)
    return f"ไม่พบผู้รับตามคำว่า {said}{reader.particle} โปรดเลือกผู้รับ"


def too_early(reader: Reader) -> str:
    """Return that the last day for acknowledging comes before the letter does."""
    return f"วันสุดท้ายที่ให้รับทราบมาก่อนวันส่ง{reader.particle} โปรดแก้ไข"


def says_nothing() -> str:
    """Return that there is neither text nor document."""
    return "ยังไม่มีทั้งข้อความและเอกสารแนบ ผู้รับจะเห็นเพียงชื่อเรื่อง"


def sent_back(reason: str) -> str:
    """Return why a second officer gave the letter back."""
    return f"ส่งกลับแก้ไข: “{formats.one_line(reason)}”"


def draft_list(
    reader: Reader, rows: Sequence[tuple[str, str, str, str]], page: Page, new: str, as_of: datetime, said: str = ""
) -> Rendered:
    """Return somebody's drafts: subject, number, what else is to be told, and the data of the tap that goes on."""
    return listing(
        Sheet(
            headline="ร่างหนังสือเวียน",
            as_of=as_of,
            intro=said or (f"กดร่างที่ต้องการเขียนต่อ{reader.particle}" if rows else ""),
            rows=[
                Row(subject or NO_SUBJECT, code=number, note=note, colour=GREY, press=press, about="เขียนต่อ")
                for subject, number, note, press in rows
            ],
            empty="" if rows else f"ไม่มีร่างหนังสือเวียน{reader.particle}",
            page=page,
            buttons=(Button(NEW, new, about=NEW, primary=not rows),),
        )
    )


def draft_line(letter_no: str, files: int) -> tuple[str, str]:
    """Return a draft's number and what else its line says."""
    return number_and_date(letter_no, None), f"เอกสารแนบ {formats.count(files)} ไฟล์" if files else ""


def too_many_drafts(reader: Reader, most: int) -> str:
    """Return that no more drafts can be begun."""
    return f"มีร่างค้างอยู่ครบ {formats.count(most)} ฉบับแล้ว{reader.particle} โปรดเขียนต่อหรือทิ้งบางฉบับก่อน"


def confirm_discard(reader: Reader, subject: str, files: int, yes: str, no: str, as_of: datetime) -> Rendered:
    """Return the question whether a draft is to be thrown away."""
    about = cut_utf16(formats.one_line(subject), _WORDS_LENGTH * 2) or NO_SUBJECT
    what = f" พร้อมเอกสารแนบ {formats.count(files)} ไฟล์" if files else ""
    asked = Asked(
        f"ทิ้งร่างเรื่อง “{about}”{what} แล้วเรียกคืนไม่ได้{reader.particle}",
        [Choice("ทิ้งร่างนี้", yes, is_first=True), Choice("เขียนต่อ", no)],
    )
    return question(DISCARD, asked, as_of)


def discarded(reader: Reader) -> Rendered:
    """Return that a draft was thrown away."""
    return plain(f"ทิ้งร่างหนังสือเวียนแล้ว{reader.particle} ไม่มีการส่งถึงผู้ใด")


def about_fact(about: str) -> Fact:
    """Return the line that names the earlier letter."""
    return Fact("เกี่ยวกับหนังสือ", cut_utf16(about, _WORDS_LENGTH * 3))


def writing_page(reader: Reader, letter_no: str, link: str, draft: str, as_of: datetime) -> Rendered:
    """Return the card whose button opens the page on which the letter is written; ``draft`` leads back to its card."""
    return page_link(
        reader,
        "เขียนหนังสือเวียน",
        number_and_date(letter_no, None),
        Button(PAGE, uri=link, primary=True),
        as_of,
        after=Button("กลับไปที่ร่าง", draft),
    )

"""Questions from whoever decides to the unit, and the unit's answers, while the item waits at its step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.submissions import MIN_REASON_LENGTH, SubmissionKind
from messages_th import formats
from messages_th.lengths import cut
from messages_th.listing import BROWN, Button, Sheet, listing
from messages_th.quick_replies import QuickReply
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain

QUESTION, ANSWER = "คำถาม", "คำตอบ"
MAX_QUESTION_LENGTH = 500
MAX_ANSWER_LENGTH = 1_000
NEXT_QUESTION, TO_PROJECT = "ตอบคำถามถัดไป", "ดูโครงการ"
"""What quick replies say that lead on."""
_NAME_LENGTH, _POSITION_LENGTH, _UNIT_LENGTH = 150, 90, 120
_NOT_YET = "ยังไม่ได้ส่ง และเมื่อส่งแล้วเรียกคืนไม่ได้\nหากตั้งใจพิมพ์ถึงระบบ ไม่ต้องกดส่ง โปรดพิมพ์อีกครั้ง"
_OF_REPORTS = {
    "ผลการเบิกจ่าย": "ขอรายละเอียดผลการเบิกจ่ายของไตรมาสนี้ เรื่อง ",
    "หลักฐานผลผลิต": "ขอหลักฐานหรือรายละเอียดประกอบผลผลิต เรื่อง ",
    "ตัวชี้วัด": "ขอข้อมูลความคืบหน้าของตัวชี้วัดเพิ่มเติม เรื่อง ",
    "แนวทางแก้ปัญหา": "ขอทราบแนวทางแก้ไขปัญหาและอุปสรรค เรื่อง ",
}
_OF_OTHERS = {
    "รายละเอียดงบประมาณ": "ขอรายละเอียดงบประมาณเพิ่มเติม เรื่อง ",
    "ความเชื่อมโยงกับแผน": "ขอคำอธิบายความเชื่อมโยงกับแผน เรื่อง ",
    "เอกสารประกอบ": "ขอเอกสารประกอบเพิ่มเติม เรื่อง ",
}


@dataclass(frozen=True, slots=True)
class About:
    """What a question is about: ``code`` is empty for an agency's plan, ``matter`` says what of it was sent."""

    code: str
    name: str
    matter: str

    def named(self) -> str:
        """Return code and name."""
        return " ".join(filter(None, (self.code, cut(formats.one_line(self.name), _NAME_LENGTH))))

    def lines(self) -> str:
        """Return what it is called, and below that the matter."""
        return "\n".join(filter(None, (self.named(), self.matter)))


@dataclass(frozen=True, slots=True)
class Question:
    """A question: ``by`` is the position of who asked, and in whose place."""

    by: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer by somebody of the unit, named by position."""

    by: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Ways:
    """Data of the buttons below words that are to be confirmed: sending them, and typing others."""

    confirm: str
    anew: str


def beginnings(kind: SubmissionKind, press: str) -> Sequence[QuickReply]:
    """Return the quick choices: each opens the keyboard with the beginning of a question, and sends ``press``."""
    choices = _OF_REPORTS if kind is SubmissionKind.QUARTER_REPORT else _OF_OTHERS
    return [QuickReply(label, press, fills=words) for label, words in choices.items()]


def ask(reader: Reader, about: About, unit: str) -> Rendered:
    """Return the wish for the question in words."""
    return plain(
        f"{about.lines()}\n\nโปรดพิมพ์ข้อมูลที่ประสงค์ขอจาก{_short(unit, _UNIT_LENGTH)}{reader.particle} "
        f"({MIN_REASON_LENGTH}–{MAX_QUESTION_LENGTH} ตัวอักษร)\n"
        "ระบบจะให้ท่านยืนยันอีกครั้งก่อนส่ง และรายการจะยังรอท่านพิจารณาตามเดิม\n"
        "หากไม่ประสงค์จะถาม โปรดพิมพ์ «ยกเลิก»"
    )


def complete_it(reader: Reader) -> Rendered:
    """Return, while the keyboard opens with the beginning of a question, what to do with it."""
    return plain(f"โปรดเติมหรือแก้ข้อความในช่องพิมพ์ แล้วกดส่ง{reader.particle} หรือพิมพ์ «ยกเลิก»")


def question_too_short(reader: Reader) -> Rendered:
    """Return that the question needs more words; the next sentence is taken for it again."""
    return plain(
        f"คำถามสั้นเกินไป หน่วยงานอาจไม่ทราบว่าท่านต้องการข้อมูลใด{reader.particle} "
        f"โปรดพิมพ์อย่างน้อย {MIN_REASON_LENGTH} ตัวอักษร หรือพิมพ์ «ยกเลิก»"
    )


def question_again(reader: Reader, about: About) -> Rendered:
    """Return that the words behind a button are not there any more, and ask for the question again."""
    return plain(f"{_words_gone(QUESTION)}\n{about.lines()}\n\nโปรดพิมพ์คำถามอีกครั้ง หรือพิมพ์ «ยกเลิก»{reader.particle}")


def confirm_question(about: About, unit: str, words: str, ways: Ways, as_of: datetime) -> Rendered:
    """Return the last question before the unit is asked, with the words quoted as it will read them."""
    quoted = f"ข้อความที่จะส่ง\n“{formats.one_line(words)}”"
    return _confirm(QUESTION, _officers(unit), about, quoted, ways, as_of)


def asked(reader: Reader, about: About, unit: str, words: str, step: int, *, is_reachable: bool) -> Rendered:
    """Return what was asked of whom, and that the item waits; ``is_reachable``: an officer will read it in LINE."""
    told = (
        "เมื่อหน่วยงานตอบ ระบบจะแจ้งท่านในแชตนี้"
        if is_reachable
        else "ขณะนี้ผู้นำเข้าข้อมูลของหน่วยงานยังไม่ได้รับข้อความทาง LINE จะเห็นคำถามเมื่อเปิดโครงการ"
    )
    return plain(
        f"ส่งคำขอข้อมูลเพิ่มแล้ว{reader.particle}\n{about.lines()}\n\n“{formats.one_line(words)}”\n"
        f"ถึง {_officers(unit)}\n\nรายการยังรอท่านพิจารณา ลำดับที่ {step} {told}"
    )


def already_asked(reader: Reader, about: About, question: Question) -> Rendered:
    """Return that the reader asked this before, and when."""
    at = formats.date_and_time(question.at)
    return plain(f"ท่านส่งคำถามนี้แล้วเมื่อ {at}{reader.particle}\n{about.lines()}\n\n“{formats.one_line(question.words)}”")


def answer(reader: Reader, about: About, question: Question) -> Rendered:
    """Return the question, and the wish for the answer in words."""
    return plain(
        f"{_short(question.by, _POSITION_LENGTH)} ขอข้อมูลเพิ่ม เมื่อ {formats.date_and_time(question.at)}\n{about.lines()}\n"
        f"“{formats.one_line(question.words)}”\n\n"
        f"โปรดพิมพ์คำตอบ{reader.particle} (ไม่เกิน {MAX_ANSWER_LENGTH:,} ตัวอักษร) ระบบจะให้ยืนยันอีกครั้งก่อนส่ง\n"
        "หากยังไม่ประสงค์จะตอบ โปรดพิมพ์ «ยกเลิก»"
    )


def answer_empty(reader: Reader) -> Rendered:
    """Return that there were no words; the next sentence is taken for the answer again."""
    return plain(f"ยังไม่มีข้อความคำตอบ โปรดพิมพ์ใหม่ หรือพิมพ์ «ยกเลิก»{reader.particle}")


def answer_again(reader: Reader, about: About, question: Question) -> Rendered:
    """Return that the words behind a button are not there any more, and ask for the answer again."""
    return plain(
        f"{_words_gone(ANSWER)}\n{about.lines()}\n\nคำถาม: “{formats.one_line(question.words)}”\n"
        f"โปรดพิมพ์คำตอบอีกครั้ง หรือพิมพ์ «ยกเลิก»{reader.particle}"
    )


def confirm_answer(about: About, question: Question, words: str, ways: Ways, as_of: datetime) -> Rendered:
    """Return the last question before the answer goes, with the words quoted as whoever asked will read them."""
    quoted = f"คำถาม: “{formats.one_line(question.words)}”\n\nข้อความที่จะส่ง\n“{formats.one_line(words)}”"
    return _confirm(ANSWER, _short(question.by, _POSITION_LENGTH), about, quoted, ways, as_of)


def answered(reader: Reader, about: About, question: Question, words: str) -> Rendered:
    """Return what was answered, and to whom."""
    return plain(
        f"ส่งคำตอบแล้ว{reader.particle}\n{about.lines()}\n\nคำถาม: “{formats.one_line(question.words)}”\n"
        f"คำตอบ: “{formats.one_line(words)}”\nถึง {_short(question.by, _POSITION_LENGTH)}"
    )


def already_answered(reader: Reader, about: About, question: Question, given: GivenAnswer) -> Rendered:
    """Return who of the unit answered before, when, and what."""
    return plain(
        f"คำถามนี้ {_short(given.by, _POSITION_LENGTH)} ตอบแล้วเมื่อ {formats.date_and_time(given.at)}{reader.particle}\n"
        f"{about.lines()}\n\nคำถาม: “{formats.one_line(question.words)}”\nคำตอบ: “{formats.one_line(given.words)}”"
    )


def not_asked_any_more(reader: Reader) -> Rendered:
    """Return that the question needs no answer, for the item left the step; how it stands follows."""
    return plain(f"คำถามนี้ไม่ต้องตอบแล้ว เพราะรายการไม่ได้รอพิจารณาในลำดับที่ถามแล้ว{reader.particle} สถานะขณะนี้เป็นดังนี้")


def _confirm(what: str, to: str, about: About, quoted: str, ways: Ways, as_of: datetime) -> Rendered:
    return listing(
        Sheet(
            headline=f"ยืนยันส่ง{what}",
            as_of=as_of,
            place=f"ถึง {to}",
            period=about.matter,
            intro=about.named(),
            empty=quoted,
            note=_NOT_YET,
            buttons=[
                Button(f"ส่ง{what}", ways.confirm, about=f"ส่ง{what} {about.code}".rstrip(), primary=True),
                Button("แก้ข้อความ", ways.anew, about=f"แก้ข้อความ{what}"),
            ],
            colour=BROWN,
            alt=f"ยืนยันส่ง{what} {about.named()}".rstrip(),
        )
    )


def _words_gone(what: str) -> str:
    return f"ยังไม่ได้ส่ง{what} เพราะข้อความของปุ่มนี้ไม่ได้เก็บไว้แล้ว หรือท่านพิมพ์ข้อความใหม่ภายหลัง"


def _officers(unit: str) -> str:
    return f"ผู้นำเข้าข้อมูล {_short(unit, _UNIT_LENGTH)}"


def _short(words: str, length: int) -> str:
    return cut(formats.one_line(words), length) or "ผู้อนุมัติ"

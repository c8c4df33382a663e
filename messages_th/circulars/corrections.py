"""Letters that correct or withdraw an earlier one: the sentences that ask for them, and how they begin (§10)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from domain.circulars.letters import LONGEST_SUBJECT, LONGEST_TEXT, Relation
from domain.circulars.life import CircularState
from messages_th import formats
from messages_th.circulars.following import later_letter
from messages_th.circulars.letters import number_and_date
from messages_th.circulars.reading import read_number
from messages_th.lengths import cut_utf16
from messages_th.listing import BROWN, GREY, Row, Sheet, listing
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain
from messages_th.understanding.normalise import normalised
from messages_th.understanding.particles import without_particles
from messages_th.words import word

ACTS = {Relation.CORRECTS: "ทำหนังสือแก้ไข", Relation.WITHDRAWS: "ทำหนังสือยกเลิก"}
"""What the buttons say that begin such a letter."""
_WISH = re.compile(
    r"(?:ขอ|จะ|อยาก|ต้องการ|ประสงค์จะ|ช่วย|กรุณา|ทำ|ออก|ส่ง|ร่าง|หนังสือ| ){0,6}"
    r"(?:(?P<withdraws>ยกเลิก|เพิกถอน|ถอน)|(?P<corrects>แก้ไขเพิ่มเติม|แก้ไข|แก้)) ?"
    r"หนังสือ(?:เวียน)?(?:ฉบับ)? ?(?P<number>.+)"
)
_ROWS = 10


class CorrectionWish(NamedTuple):
    """Somebody wants to correct or withdraw the circular of this number, as it was typed."""

    relation: Relation
    letter_no: str


def correction_wish(text: str) -> CorrectionWish | None:
    """Return which circular somebody wants to correct or withdraw; None: the sentence names none by its number."""
    found = _WISH.fullmatch(without_particles(normalised(text)))
    number = read_number(found["number"]) if found else ""
    if found is None or not number:
        return None
    return CorrectionWish(Relation.WITHDRAWS if found["withdraws"] else Relation.CORRECTS, number)


def first_subject(relation: Relation, letter_no: str, letter_date: date | None) -> str:
    """Return the subject with which such a letter begins: «ขอยกเลิกหนังสือ ที่ รง ๐๒๑๔/ว ๓ ลงวันที่ …»."""
    act = "ขอยกเลิก" if relation is Relation.WITHDRAWS else "แก้ไขเพิ่มเติม"
    return cut_utf16(f"{act}หนังสือ {number_and_date(letter_no, letter_date)}", LONGEST_SUBJECT)


def first_text(relation: Relation, letter_no: str, letter_date: date | None, subject: str) -> str:
    """Return the text with which such a letter begins; what is corrected, its maker has to say."""
    about = f"ตามที่ได้มีหนังสือ {number_and_date(letter_no, letter_date)} เรื่อง {formats.one_line(subject)} นั้น"
    if relation is Relation.CORRECTS:
        return cut_utf16(about, LONGEST_TEXT)
    return cut_utf16(f"{about}\n\nในการนี้ ขอยกเลิกหนังสือดังกล่าว\n\nจึงเรียนมาเพื่อโปรดทราบ", LONGEST_TEXT)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A circular that may be meant; ``press`` leads on with it. ``withdrawn_by`` is the letter that withdrew it."""

    letter_no: str
    letter_date: date | None
    subject: str
    state: CircularState
    press: str
    withdrawn_by: tuple[str, date | None] | None = None


def which_letter(reader: Reader, relation: Relation, candidates: Sequence[Candidate], as_of: datetime) -> Rendered:
    """Return the circulars that may be meant, each of which leads on at a tap."""
    act = ACTS[relation]
    intro = f"แตะหนังสือที่จะ{word(relation)} ระบบจะเปิดร่างหนังสือฉบับใหม่ถึงผู้รับเดิมให้ตรวจก่อน{reader.particle}"
    further = len(candidates) - _ROWS
    return listing(
        Sheet(
            headline=act,
            as_of=as_of,
            intro=intro if candidates else "",
            rows=[_row(one, act) for one in candidates[:_ROWS]],
            empty="" if candidates else f"ไม่พบหนังสือเวียนเลขที่นี้ในความดูแลของท่าน{reader.particle}",
            note=f"และอีก {formats.count(further)} ฉบับ โปรดระบุเลขที่ให้ครบ" if further > 0 else "",
        )
    )


def _row(one: Candidate, act: str) -> Row:
    number = number_and_date(one.letter_no, one.letter_date)
    if one.withdrawn_by:
        return Row(one.subject, code=number, note=later_letter(Relation.WITHDRAWS, *one.withdrawn_by), colour=GREY)
    unsent = {
        CircularState.DRAFT: "ยังเป็นร่าง แก้ไขหรือลบได้เลย",
        CircularState.WAITING_RELEASE: "รอปล่อยส่ง แก้ไขหรือยกเลิกได้เลย",
    }
    return Row(one.subject, code=number, note=unsent.get(one.state, act), colour=BROWN, press=one.press, about=number)


def not_sent_yet(reader: Reader, letter_no: str) -> Rendered:
    """Return that a circular has not gone out, so that nothing has to be corrected or withdrawn by letter."""
    named = number_and_date(letter_no, None)
    return plain(f"หนังสือ {named} ยังไม่ได้ส่งถึงผู้รับ จึงแก้ไขหรือยกเลิกได้เลยโดยไม่ต้องมีหนังสืออีกฉบับ{reader.particle}")


def withdrawn_already(reader: Reader, letter_no: str, by: tuple[str, date | None]) -> Rendered:
    """Return that a circular was withdrawn before, and by which letter."""
    return plain(
        f"หนังสือ {number_and_date(letter_no, None)} {later_letter(Relation.WITHDRAWS, *by)}แล้ว{reader.particle}"
    )


def too_many_drafts(reader: Reader) -> Rendered:
    """Return that somebody has too many drafts to begin another one."""
    return plain(f"ท่านมีร่างหนังสือเวียนค้างอยู่มาก โปรดส่งหรือลบร่างเดิมก่อน{reader.particle} พิมพ์ «หนังสือเวียน» เพื่อดูรายการ")

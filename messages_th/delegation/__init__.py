"""Naming who decides in an approver's place: the list, the questions one by one, and the card that confirms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.appointments import AppointmentFault
from domain.organisation import Capacity
from messages_th import formats
from messages_th.lengths import cut
from messages_th.listing import GREY, NAVY, Button, Page, Row, Sheet, listing
from messages_th.positions import acting_position
from messages_th.reader import Reader
from messages_th.rendering import Rendered, card, plain
from messages_th.words import word

SHOW = "ผู้รักษาราชการแทน"
"""What the button says that shows who decides in whose place."""
NAME_OWN, NAME_FOR_OTHERS, HAND_OVER = "ตั้งผู้พิจารณาแทน", "ตั้งแทนผู้อนุมัติอื่น", "โอนเรื่อง"
_NAME_LENGTH = 110
_SEARCH = "หรือพิมพ์ชื่อหรือตำแหน่งเพื่อค้นหา"
_CAPACITIES = (
    "รักษาราชการแทน: ผู้ดำรงตำแหน่งไม่อยู่ ไม่อาจปฏิบัติราชการได้ หรือตำแหน่งว่าง",
    "ปฏิบัติราชการแทน: ผู้ดำรงตำแหน่งอยู่ และมอบอำนาจให้พิจารณาแทน",
)


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person as the office writes them."""

    name: str
    position: str

    @property
    def text(self) -> str:
        """Position with the name in brackets, for two may hold the same position."""
        name, position = formats.one_line(self.name), formats.one_line(self.position)
        return cut(f"{position} ({name})" if position and name else position or name, _NAME_LENGTH)


@dataclass(frozen=True, slots=True)
class Substitution:
    """Who decides for whom, in which capacity, on which inclusive days (None: open-ended)."""

    principal: Somebody
    deputy: Somebody
    capacity: Capacity
    first_day: date | None
    last_day: date | None

    @property
    def acting(self) -> str:
        """Both positions: «รองอธิบดี รักษาราชการแทน อธิบดี»."""
        positions = formats.one_line(self.deputy.position), formats.one_line(self.principal.position)
        return cut(acting_position(*positions, self.capacity), _NAME_LENGTH)

    @property
    def days(self) -> str:
        """The days as a range; an open end is said."""
        if self.first_day is not None and self.last_day is not None:
            return formats.date_range(self.first_day, self.last_day)
        if self.last_day is not None:
            return f"ถึงวันที่ {formats.short_date(self.last_day)}"
        begin = f"ตั้งแต่วันที่ {formats.short_date(self.first_day)} " if self.first_day else ""
        return f"{begin}ไม่กำหนดวันสิ้นสุด"


@dataclass(frozen=True, slots=True)
class Picker:
    """The days that a date picker offers: which it opens on, and its bounds (C.E., as LINE wants them)."""

    initial: date
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of a question: ``label`` has at most 20 graphemes; with a ``picker`` it asks LINE for a day."""

    label: str
    press: str
    about: str = ""
    is_first: bool = False
    picker: Picker | None = None


def overview(
    reader: Reader, rows: Sequence[tuple[Substitution, str]], page: Page, buttons: Sequence[Button], as_of: datetime
) -> Rendered:
    """Return who decides in whose place now and soon, each with the data of the tap that ends it (empty: none)."""
    return listing(
        Sheet(
            headline="ผู้พิจารณาแทน",
            as_of=as_of,
            intro=f"กดรายการที่ประสงค์จะยุติก่อนกำหนด{reader.particle}" if any(press for _, press in rows) else "",
            rows=[
                Row(
                    one.acting,
                    note=one.days,
                    colour=NAVY,
                    press=press,
                    about="ยุติการพิจารณาแทน",
                    details=[f"{formats.one_line(one.deputy.name)} แทน {formats.one_line(one.principal.name)}"],
                )
                for one, press in rows
            ],
            empty="" if rows else f"ไม่มีการมอบหมายให้ผู้อื่นพิจารณาแทน ทั้งที่มีผลอยู่และที่จะถึง{reader.particle}",
            page=page,
            buttons=buttons,
        )
    )


def which_approver(
    reader: Reader, people: Sequence[tuple[Somebody, str, str]], page: Page, as_of: datetime, *, leaves: bool
) -> Rendered:
    """Return the question for whom somebody is to decide, or who left; each with the unit and the data of a tap."""
    asked = "โปรดเลือกผู้อนุมัติที่พ้นตำแหน่ง" if leaves else "โปรดเลือกผู้อนุมัติที่จะมีผู้พิจารณาแทน"
    return _people("เลือกผู้อนุมัติ", f"{asked} {_SEARCH}{reader.particle}", reader, people, page, as_of)


def which_deputy(
    reader: Reader, principal: Somebody, people: Sequence[tuple[Somebody, str, str]], page: Page, as_of: datetime
) -> Rendered:
    """Return the question who is to decide for somebody."""
    intro = f"โปรดเลือกผู้ที่จะพิจารณาแทน {principal.text} {_SEARCH}{reader.particle}"
    return _people("เลือกผู้พิจารณาแทน", intro, reader, people, page, as_of)


def which_successor(
    reader: Reader, former: Somebody, people: Sequence[tuple[Somebody, str, str]], page: Page, as_of: datetime
) -> Rendered:
    """Return the question who takes over from somebody who left."""
    intro = f"โปรดเลือกผู้รับช่วงต่อจาก {former.text} {_SEARCH}{reader.particle}"
    return _people("เลือกผู้รับช่วงต่อ", intro, reader, people, page, as_of)


def which_capacity(reader: Reader, principal: Somebody, deputy: Somebody, presses: Mapping[Capacity, str]) -> Rendered:
    """Return the question in which capacity somebody decides."""
    choices = [Choice(word(capacity), press, is_first=True) for capacity, press in presses.items()]
    return facts_card("พิจารณาแทนในฐานะใด", reader.salutation, _both(principal, deputy), _CAPACITIES, choices)


def which_day(
    reader: Reader,
    people: tuple[Somebody, Somebody],
    first_day: date | None,
    days: Mapping[date, str],
    picked: tuple[str, Picker],
    said: str = "",
) -> Rendered:
    """Return the question for the first day or, when that is known, the last.

    ``people`` are principal and deputy, ``days`` have a button of their own, ``said`` is what was wrong before.
    """
    facts = _both(*people)
    if first_day is not None:
        facts.append(("วันแรก", formats.weekday_date(first_day)))
    press, picker = picked
    choices = [
        Choice("เลือกวัน", press, is_first=True, picker=picker),
        *(Choice(formats.short_date(day), data, formats.weekday_date(day)) for day, data in days.items()),
    ]
    headline = "เลือกวันแรก" if first_day is None else "เลือกวันสุดท้าย"
    hint = "กดเลือกวัน หรือพิมพ์วันที่ เช่น «20 มี.ค. 66» หรือ «20–24 มี.ค. 66»"
    return facts_card(headline, said or reader.salutation, facts, [hint], choices)


def confirm(reader: Reader, one: Substitution, waiting: int, start: str, again: str) -> Rendered:
    """Return what naming the deputy means, with the buttons that do it and that choose other days."""
    facts = [*substitution_facts(one), ("เรื่องที่รอพิจารณาขณะนี้", f"{formats.count(waiting)} เรื่อง")]
    lines = [
        "เริ่มและสิ้นสุดเองตามวันที่เลือก ผู้พิจารณาแทนมอบหมายต่อไม่ได้",
        "ระบบจะแจ้งทั้งสองฝ่ายในเวลาราชการ",
    ]
    choices = [Choice("ยืนยัน", start, "ยืนยันผู้พิจารณาแทน", is_first=True), Choice("เลือกวันใหม่", again)]
    return facts_card("ยืนยันผู้พิจารณาแทน", reader.salutation, facts, lines, choices)


def named(reader: Reader, one: Substitution) -> Rendered:
    """Return that the deputy was named."""
    return plain(f"บันทึกแล้ว{reader.particle}\n{one.acting}\n{one.days}\nระบบจะแจ้งทั้งสองฝ่ายในเวลาราชการ")


def confirm_end(reader: Reader, one: Substitution, yes: str, no: str) -> Rendered:
    """Return the question whether a delegation is to end now."""
    choices = [Choice("ยุติทันที", yes, is_first=True), Choice("กลับไปรายการ", no)]
    lines = ["มีผลทันที เรื่องที่พิจารณาไปแล้วยังคงเดิม"]
    return facts_card("ยืนยันการยุติก่อนกำหนด", reader.salutation, substitution_facts(one), lines, choices)


def ended(reader: Reader, one: Substitution) -> Rendered:
    """Return that a delegation ended."""
    return plain(f"ยุติแล้ว{reader.particle}\n{one.acting}\nมีผลทันที และระบบจะแจ้งทั้งสองฝ่าย")


def over(reader: Reader) -> Rendered:
    """Return that there is no such delegation any more, or none that is the reader's."""
    return plain(f"ไม่พบการมอบหมายนี้ หรือสิ้นสุดไปแล้ว{reader.particle}")


def refused(reader: Reader, fault: AppointmentFault) -> Rendered:
    """Return why somebody cannot be named."""
    return plain(f"{word(fault)}{reader.particle} จึงยังไม่ได้บันทึก")


def nobody_found(reader: Reader, words: str) -> Rendered:
    """Return that nobody of the ministry is called like the words; the next sentence is taken for another search."""
    return plain(
        f"ไม่พบ “{cut(formats.one_line(words), 60)}” ในกระทรวง โปรดพิมพ์ชื่อหรือตำแหน่งอื่น หรือพิมพ์ «ยกเลิก»{reader.particle}"
    )


def too_many_found(reader: Reader, words: str, number: int) -> Rendered:
    """Return that too many are called like the words; the next sentence is taken for another search."""
    return plain(
        f"พบ “{cut(formats.one_line(words), 60)}” {formats.count(number)} คน "
        f"โปรดพิมพ์ชื่อหรือตำแหน่งให้ละเอียดขึ้น หรือพิมพ์ «ยกเลิก»{reader.particle}"
    )


def no_day(reader: Reader) -> str:
    """Return that no day was read from the words."""
    return f"อ่านวันที่ไม่ได้ โปรดพิมพ์ใหม่ เช่น «20 มี.ค. 66»{reader.particle}"


def wrong_days(reader: Reader, fault: AppointmentFault) -> str:
    """Return why the days do not fit."""
    return f"{word(fault)} โปรดเลือกใหม่{reader.particle}"


def substitution_facts(one: Substitution) -> list[tuple[str, str]]:
    """Return who decides for whom, and when, as lines of a card."""
    return [("ผู้พิจารณาแทน", one.deputy.text), (word(one.capacity), one.principal.text), ("ระยะเวลา", one.days)]


def _both(principal: Somebody, deputy: Somebody) -> list[tuple[str, str]]:
    return [("ผู้พิจารณาแทน", deputy.text), ("แทน", principal.text)]


def _people(
    headline: str,
    intro: str,
    reader: Reader,
    people: Sequence[tuple[Somebody, str, str]],
    page: Page,
    as_of: datetime,
) -> Rendered:
    rows = [
        Row(who.text, note=unit, colour=GREY, press=press, about=f"เลือก {cut(formats.one_line(who.name), 60)}")
        for who, unit, press in people
    ]
    empty = "" if rows else f"ไม่มีรายชื่อให้เลือก{reader.particle}"
    return listing(Sheet(headline=headline, as_of=as_of, intro=intro, rows=rows, empty=empty, page=page))


def facts_card(
    headline: str, said: str, facts: Sequence[tuple[str, str]], lines: Sequence[str], choices: Sequence[Choice]
) -> Rendered:
    """Return a card of facts, each with its label, with what is ``said`` above, lines below, and buttons."""
    alt = " ".join((headline, *(value for _, value in facts)))
    return card("delegation", headline=headline, said=said, facts=facts, lines=lines, choices=choices, alt=alt)

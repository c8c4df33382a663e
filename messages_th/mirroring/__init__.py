"""Copying approved reports into eMENSCR by hand: what to copy, that it was done, and what is left of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.fiscal import Quarter, YearBasis
from messages_th import formats
from messages_th.delegation import Choice, Picker, facts_card
from messages_th.lengths import cut, utf16_length
from messages_th.listing import BROWN, GREEN, NAME_LENGTH, Button, Count, Page, Row, Sheet, listing
from messages_th.mirroring.view import STILL_TO_WRITE, CopyField, MirrorView
from messages_th.page_link import LINK_TERMS
from messages_th.reader import Reader
from messages_th.rendering import Rendered, card, plain

COPY, DONE, UNDO = "คัดลอกลง eMENSCR", "บันทึกใน eMENSCR แล้ว", "ยกเลิกการบันทึกนี้"
LIST = "ยังไม่ลง eMENSCR"
"""What the buttons say that open one report to be copied, note that it was, take that back, and list what is left."""
CLIPBOARD_LENGTH = 1_000
"""Characters that a button copies (LINE reference, "Clipboard action"); LINE counts UTF-16 units."""
_MOST_CARDS, _FIELDS_A_CARD, _CARD_LENGTH = 4, 8, 2_400
"""LINE takes 30 KB a card, which may count six bytes a letter, and five messages: the last says what to do next."""
_PREVIEW_LENGTH = 90
_HEADLINE = "อนุมัติแล้วแต่ยังไม่บันทึกใน eMENSCR"


@dataclass(frozen=True, slots=True)
class Ways:
    """Where the buttons below the texts lead; empty where they lead nowhere. ``page`` is a link."""

    page: str = ""
    done: str = ""
    undo: str = ""


@dataclass(frozen=True, slots=True)
class LeftReport:
    """A report that is left; ``unit`` is told where the reader sees several."""

    code: str
    name: str
    unit: str
    quarter: Quarter
    basis: YearBasis
    approved_on: date | None
    press: str


@dataclass(frozen=True, slots=True)
class LeftPlace:
    """How many reports are left in an agency or unit; ``press`` lists them."""

    name: str
    number: int
    press: str


def copy_cards(reader: Reader, report: MirrorView, ways: Ways, as_of: datetime) -> Sequence[Rendered]:
    """Return the texts, each with a button that copies it, and last what to do with them: two to five messages."""
    fields = [field for field in report.fields if field.text]
    fitting = [field for field in fields if utf16_length(field.text) <= CLIPBOARD_LENGTH]
    cards = _dealt(fitting)
    shown = cards[:_MOST_CARDS]
    is_all = len(fitting) == len(fields) and len(shown) == len(cards)
    return [
        *(
            card(
                "mirroring",
                headline=f"ข้อความสำหรับ eMENSCR {formats.quarter_name(report.quarter, report.basis)}",
                code=report.code,
                name=cut(formats.one_line(report.name), NAME_LENGTH),
                number=f"ส่วนที่ {number} จาก {len(shown)}" if len(shown) > 1 else "",
                fields=[(field.label, _preview(field), field.text) for field in here],
                as_of=formats.as_of(as_of),
            )
            for number, here in enumerate(shown, 1)
        ),
        _next(reader, report, ways, as_of, is_all=is_all),
    ]


def confirm(reader: Reader, report: MirrorView, on: date, yes: str, picked: tuple[str, Picker]) -> Rendered:
    """Return the question whether the unit wrote the report into eMENSCR on that day, or on which other."""
    facts = [
        ("รายงาน", f"{report.code} {formats.quarter_text(report.quarter, report.basis)}"),
        ("วันที่บันทึกใน eMENSCR", formats.weekday_date(on)),
    ]
    press, picker = picked
    choices = [Choice("ยืนยัน", yes, f"ยืนยันว่า{DONE}", is_first=True), Choice("เลือกวันอื่น", press, picker=picker)]
    lines = [f"กดยืนยันเมื่อท่านบันทึกในระบบ eMENSCR เองแล้ว บอตไม่ได้บันทึกใน eMENSCR ให้{reader.particle}"]
    return facts_card(DONE, reader.salutation, facts, lines, choices)


def told(report: MirrorView, ways: Ways, left: Button | None, as_of: datetime) -> Rendered:
    """Return how it stands with a report; ``left`` lists what else is to be written."""
    is_done = report.mirrored_on is not None
    again = [Button(UNDO, ways.undo, about=f"{UNDO} {report.code}")] if is_done and ways.undo else []
    write = [Button(DONE, ways.done, about=f"{DONE} {report.code}", primary=True)] if not is_done and ways.done else []
    return listing(
        Sheet(
            headline="บันทึกแล้ว" if is_done else STILL_TO_WRITE,
            as_of=as_of,
            place=report.unit,
            period=formats.quarter_text(report.quarter, report.basis),
            intro=_named(report),
            empty=report.standing,
            buttons=[*write, *([left] if left else []), *again],
            colour=GREEN if is_done else BROWN,
            alt=f"{report.standing} {report.code}",
        )
    )


def impossible_day(reader: Reader) -> Rendered:
    """Return that nothing can have been written on that day."""
    return plain(impossible_day_words(reader.particle))


def impossible_day_words(particle: str = "") -> str:
    """Return the same in words alone; ``particle`` as the reader is addressed."""
    return f"วันที่บันทึกใน eMENSCR ต้องไม่ก่อนวันที่อนุมัติครบทุกลำดับ และไม่หลังวันนี้{particle} โปรดระบุวันที่ใหม่"


def gone(reader: Reader) -> Rendered:
    """Return that there is no such report for the reader: the same whether it exists or not."""
    return plain(f"ไม่พบรายงานนี้ในรายการที่ท่านบันทึกใน eMENSCR ได้ในขณะนี้{reader.particle}")


def left_reports(
    reader: Reader, place: str, number: int, reports: Sequence[LeftReport], page: Page, as_of: datetime
) -> Rendered:
    """Return the reports that are left in a place, oldest quarter first; ``number`` of them altogether."""
    return _list(
        reader,
        place,
        number,
        [
            Row(
                one.name,
                code=one.code,
                note=formats.quarter_name(one.quarter, one.basis),
                colour=BROWN,
                press=one.press,
                about=f"{COPY} {one.code}",
                details=[line for line in (one.unit, _approved(one)) if line],
            )
            for one in reports
        ],
        page,
        as_of,
    )


def left_places(
    reader: Reader, place: str, number: int, places: Sequence[LeftPlace], page: Page, as_of: datetime
) -> Rendered:
    """Return how many reports are left in each part of a place; ``number`` of them altogether."""
    rows = [Row(one.name, note=_reports(one.number), colour=BROWN, press=one.press) for one in places]
    return _list(reader, place, number, rows, page, as_of)


def left_row(number: int, press: str) -> Row:
    """Return the row of a list of duties that says how many reports are left."""
    return Row(_HEADLINE, note=_reports(number), colour=BROWN, press=press, about=_HEADLINE)


def _list(reader: Reader, place: str, number: int, rows: Sequence[Row], page: Page, as_of: datetime) -> Rendered:
    return listing(
        Sheet(
            headline=_HEADLINE,
            as_of=as_of,
            place=place,
            counts=[Count(LIST, _reports(number), BROWN)] if number else [],
            rows=rows,
            empty=f"ไม่มีรายงานที่{_HEADLINE}{reader.particle}",
            note="ตามที่หน่วยงานแจ้งไว้ในระบบนี้ บอตไม่ได้ตรวจหรือบันทึกใน eMENSCR" if number else "",
            page=page,
        )
    )


def _next(reader: Reader, report: MirrorView, ways: Ways, as_of: datetime, *, is_all: bool) -> Rendered:
    """Return what to do with the texts, and how it stands."""
    buttons = [Button("เปิดหน้าคัดลอก", uri=ways.page, primary=True)] if ways.page else []
    if ways.done:
        buttons.append(Button(DONE, ways.done, about=f"{DONE} {report.code}", primary=not ways.page))
    if ways.undo:
        buttons.append(Button(UNDO, ways.undo, about=f"{UNDO} {report.code}"))
    rest = "" if is_all else "ข้อความที่ยาวหรือเกินจำนวนที่แสดงได้ คัดลอกได้จากหน้าเว็บเท่านั้น"
    older = "หากกดคัดลอกในแชตไม่ได้ (LINE ต่ำกว่ารุ่น 14) โปรดใช้หน้าเว็บ" if ways.page and not rest else rest
    return listing(
        Sheet(
            headline=COPY,
            as_of=as_of,
            place=report.unit,
            period=formats.quarter_text(report.quarter, report.basis),
            intro=_named(report),
            empty=report.standing,
            note=" ".join(filter(None, (older, f"{LINK_TERMS}{reader.particle}" if ways.page else ""))),
            buttons=buttons,
            colour=GREEN if report.mirrored_on else BROWN,
            alt=f"{COPY} {report.code} {report.standing}",
        )
    )


def _dealt(fields: Sequence[CopyField]) -> Sequence[Sequence[CopyField]]:
    """Return the fields in as many cards as they need."""
    cards: list[list[CopyField]] = []
    room = 0
    for field in fields:
        length = utf16_length(field.label + _preview(field) + field.text)
        if not cards or length > room or len(cards[-1]) == _FIELDS_A_CARD:
            cards.append([])
            room = _CARD_LENGTH
        cards[-1].append(field)
        room -= length
    return cards


def _preview(field: CopyField) -> str:
    return cut(formats.one_line(field.text), _PREVIEW_LENGTH)


def _named(report: MirrorView) -> str:
    return f"{report.code} {cut(formats.one_line(report.name), NAME_LENGTH)}"


def _approved(report: LeftReport) -> str:
    return f"อนุมัติครบทุกลำดับเมื่อ {formats.short_date(report.approved_on)}" if report.approved_on else ""


def _reports(number: int) -> str:
    return f"{formats.count(number)} รายงาน"

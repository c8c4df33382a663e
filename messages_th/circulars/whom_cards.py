"""The cards on which is chosen whom a circular is for, and what is said of words that name nobody or several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.circulars.audience import GroupFault
from messages_th import formats
from messages_th.circulars.reading_whom import Unclear
from messages_th.lengths import cut, cut_utf16
from messages_th.listing import GREEN, GREY, NAVY, Button, Count, Page, Row, Sheet, listing
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain
from messages_th.words import word

HEADLINE = "ผู้รับหนังสือ"
SAVE, CLEAR = "บันทึกเป็นกลุ่ม", "ล้างผู้รับ"
WHOLE_MINISTRY, WHOLE_COUNTRY = "ทั้งกระทรวง", "ทั่วประเทศ"
BACK, BACK_TO_WHOM = "กลับ", "กลับไปที่ผู้รับ"
_WORDS_LENGTH, _SAYS_LENGTH, _QUOTED_LENGTH = 1_500, 300, 60
_CHOSEN, _NOT_CHOSEN, _WITHIN = "เลือกแล้ว", "ยังไม่ได้เลือก", "รวมอยู่ในหน่วยงานที่เลือกแล้ว"
_LEFT_OUT, _WITHIN_LEFT_OUT, _NOT_LEFT_OUT = "ยกเว้นแล้ว", "อยู่ในหน่วยงานที่ยกเว้นแล้ว", "ไม่ได้ยกเว้น"
_PARTLY, _PARTLY_LEFT_OUT = "เลือกบางหน่วยงานในสังกัด", "ยกเว้นบางหน่วยงานในสังกัด"
_BELOW = "หน่วยงานในสังกัด"
_EXAMPLE = "หรือพิมพ์ เช่น «กสร. และ กพร. เฉพาะผู้อนุมัติ» «ทุกคน ยกเว้น สปส.»"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom a circular is for so far: in words, how many ``people`` that is, and how many of them can be ``reached``."""

    letter: str
    words: str
    people: int
    reached: int
    is_somebody: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """What can be chosen: how much of each is, and the data of the buttons that lead there."""

    places: int
    roles: Sequence[str]
    without_places: int
    without_roles: Sequence[str]
    groups: int
    period: str
    is_unreported: bool
    show_places: str
    show_roles: str
    show_without_places: str
    show_without_roles: str
    show_groups: str
    put_unreported: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: ``is_within``: something chosen holds it already; ``is_partly``: it holds something chosen.

    ``below`` shows what lies in it.
    """

    name: str
    press: str
    is_chosen: bool = False
    is_within: bool = False
    is_partly: bool = False
    below: str = ""


@dataclass(frozen=True, slots=True)
class SavedGroup:
    """A saved choice of recipients, in words; ``remove`` is the data of the button that removes it."""

    name: str
    words: str
    press: str
    remove: str
    is_chosen: bool


def whom_card(reader: Reader, chosen: Chosen, parts: Parts, buttons: Sequence[Button], as_of: datetime) -> Rendered:
    """Return whom a circular is for at a glance, and what of that can be chosen."""
    rows = [
        Row("หน่วยงาน", note=_number(parts.places), colour=_colour(parts.places), press=parts.show_places),
        Row("บทบาท", note=", ".join(parts.roles) or "ทุกบทบาท", colour=_colour(parts.roles), press=parts.show_roles),
        Row(
            f"เฉพาะที่ยังไม่รายงาน{parts.period}",
            note=_CHOSEN if parts.is_unreported else _NOT_CHOSEN,
            colour=_colour(parts.is_unreported),
            press=parts.put_unreported,
        ),
        Row(
            "ยกเว้นหน่วยงาน",
            note=_number(parts.without_places) if parts.without_places else _NOT_LEFT_OUT,
            colour=_colour(parts.without_places),
            press=parts.show_without_places,
        ),
        Row(
            "ยกเว้นบทบาท",
            note=", ".join(parts.without_roles) or _NOT_LEFT_OUT,
            colour=_colour(parts.without_roles),
            press=parts.show_without_roles,
        ),
        Row(
            "กลุ่มที่บันทึกไว้",
            note=f"{formats.count(parts.groups)} กลุ่ม" if parts.groups else _NOT_CHOSEN,
            colour=_colour(parts.groups),
            press=parts.show_groups,
        ),
    ]
    return listing(
        Sheet(
            headline=HEADLINE,
            place=chosen.letter,
            as_of=as_of,
            period=cut_utf16(chosen.words, _WORDS_LENGTH),
            intro=f"กดรายการเพื่อเลือกได้{reader.particle} {_EXAMPLE}",
            counts=_counts(chosen),
            rows=rows,
            buttons=buttons,
            alt=f"{HEADLINE} {chosen.words}",
        )
    )


def choices_card(
    reader: Reader, chosen: Chosen, choices: Sequence[Choice], page: Page, buttons: Sequence[Button], as_of: datetime,
    *, place: str = "", leaves_out: bool = False,
) -> Rendered:  # fmt: skip
    """Return units or roles to choose from, or with ``leaves_out`` to leave out; ``place`` is where the units lie."""
    headline = "เลือกหน่วยงานที่ยกเว้นใน" if leaves_out and place else "ยกเว้น" if leaves_out else HEADLINE
    return listing(
        Sheet(
            headline=f"{headline} {place}".strip(),
            place=chosen.letter,
            as_of=as_of,
            period=cut_utf16(chosen.words, _WORDS_LENGTH),
            intro=f"กดรายการเพื่อเลือกหรือเอาออก หรือพิมพ์ชื่อ{reader.particle}",
            counts=_counts(chosen),
            rows=[_choice(choice, leaves_out=leaves_out) for choice in choices],
            empty=f"ไม่มีหน่วยงานในสังกัด{reader.particle}",
            page=page,
            buttons=buttons,
        )
    )


def groups_card(
    reader: Reader, chosen: Chosen, groups: Sequence[SavedGroup], page: Page, buttons: Sequence[Button], as_of: datetime
) -> Rendered:
    """Return the saved groups to choose from."""
    return listing(
        Sheet(
            headline="กลุ่มที่บันทึกไว้",
            place=chosen.letter,
            as_of=as_of,
            intro=f"กดชื่อกลุ่มเพื่อเลือกหรือเอาออก{reader.particle}" if groups else "",
            rows=[
                Row(
                    group.name,
                    note=_CHOSEN if group.is_chosen else _NOT_CHOSEN,
                    colour=_colour(group.is_chosen),
                    press=group.press,
                    details=[cut(group.words, 200)],
                    button=Button("ลบกลุ่ม", group.remove, about=f"ลบกลุ่ม {cut(group.name, 60)}"),
                )
                for group in groups
            ],
            empty=f"ยังไม่มีกลุ่มที่บันทึกไว้ เลือกผู้รับแล้วกด «บันทึกเป็นกลุ่ม» ได้{reader.particle}",
            page=page,
            buttons=buttons,
        )
    )


def unclear_card(reader: Reader, unclear: Sequence[Unclear], as_of: datetime) -> Rendered:
    """Return which words name nobody, or several; a tap types the sentence anew with what was meant."""
    first = unclear[0] if unclear else Unclear("")
    words = cut(formats.one_line(first.words), _QUOTED_LENGTH)
    if not unclear:
        return plain(f"ยังไม่พบว่าส่งถึงผู้ใด{reader.particle} {_EXAMPLE.removeprefix('หรือ')}")
    if not first.choices:
        where = "ในหน่วยงาน บทบาท หรือกลุ่มที่ท่านส่งหนังสือถึงได้"
        return plain(f"ไม่พบ “{words}” {where}{reader.particle}\n{_EXAMPLE.removeprefix('หรือ')}")
    rows = [
        Row(choice, colour=NAVY, says=sentence if len(sentence) <= _SAYS_LENGTH else choice)
        for choice, sentence in zip(first.choices, first.sentences, strict=True)
    ]
    return listing(
        Sheet(
            headline="โปรดระบุให้ชัดเจน",
            as_of=as_of,
            period=f"“{words}”",
            intro=f"ท่านหมายถึงรายการใด โปรดกดเลือก หรือพิมพ์ใหม่ทั้งประโยค{reader.particle}",
            rows=rows,
        )
    )


def ask_group_name(reader: Reader, words: str) -> Rendered:
    """Return the question under which name a choice is saved."""
    return plain(f"โปรดพิมพ์ชื่อกลุ่ม สำหรับ{cut(words, 300)} หรือพิมพ์ «ยกเลิก»{reader.particle}")


def group_not_saved(reader: Reader, fault: GroupFault) -> Rendered:
    """Return why a choice is not saved."""
    return plain(f"{word(fault)} จึงยังไม่ได้บันทึก{reader.particle}")


def group_saved(reader: Reader, name: str, words: str, back: str, as_of: datetime) -> Rendered:
    """Return that a choice was saved, and how it is named."""
    return listing(
        Sheet(
            headline="บันทึกกลุ่มแล้ว",
            as_of=as_of,
            period=f"กลุ่ม “{name}”",
            intro=cut_utf16(words, _WORDS_LENGTH),
            empty=f"ครั้งต่อไปพิมพ์ «กลุ่ม “{name}”» ได้{reader.particle}",
            buttons=[Button(BACK_TO_WHOM, back)],
        )
    )


def ask_group_removal(reader: Reader, name: str, yes: str, no: str, as_of: datetime) -> Rendered:
    """Return the question whether a saved group is to go."""
    return listing(
        Sheet(
            headline="ลบกลุ่ม",
            as_of=as_of,
            period=f"กลุ่ม “{name}”",
            empty=f"หนังสือฉบับร่างที่ใช้กลุ่มนี้จะไม่มีผู้รับจากกลุ่มนี้อีก หนังสือที่ปล่อยแล้วไม่เปลี่ยน{reader.particle}",
            buttons=[Button("ยืนยันลบกลุ่ม", yes, primary=True), Button("ไม่ลบ", no)],
        )
    )


def group_gone(reader: Reader) -> Rendered:
    """Return that there is no such group of the reader's."""
    return plain(f"ไม่พบกลุ่มนี้ หรือลบไปแล้ว{reader.particle}")


def _counts(chosen: Chosen) -> Sequence[Count]:
    if not chosen.is_somebody:
        return ()
    return [
        Count("ผู้รับตามที่เลือก", f"{formats.count(chosen.people)} คน"),
        Count("ส่งถึงได้", f"{formats.count(chosen.reached)} คน"),
    ]


def _number(units: int) -> str:
    return f"{formats.count(units)} หน่วยงาน" if units else _NOT_CHOSEN


def _colour(chosen: object) -> str:
    return GREEN if chosen else GREY


def _choice(choice: Choice, *, leaves_out: bool) -> Row:
    return Row(
        choice.name,
        note=_note(choice, leaves_out=leaves_out),
        colour=_colour(choice.is_chosen or choice.is_within or choice.is_partly),
        press=choice.press,
        button=Button(_BELOW, choice.below, about=f"{_BELOW} {cut(choice.name, 60)}") if choice.below else None,
    )


def _note(choice: Choice, *, leaves_out: bool) -> str:
    if choice.is_chosen:
        return _LEFT_OUT if leaves_out else _CHOSEN
    if choice.is_within:
        return _WITHIN_LEFT_OUT if leaves_out else _WITHIN
    if choice.is_partly:
        return _PARTLY_LEFT_OUT if leaves_out else _PARTLY
    return _NOT_LEFT_OUT if leaves_out else _NOT_CHOSEN

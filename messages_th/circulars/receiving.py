"""What those are told who got circulars: what they acknowledged and when, which letters came, and where one opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.circulars.letters import Letter, Relation, Urgency
from domain.reminders import BANGKOK
from messages_th import formats
from messages_th.circulars.letter_card import ACKNOWLEDGE, OPEN
from messages_th.circulars.letters import CIRCULAR, number_and_date, subject_of
from messages_th.lengths import cut
from messages_th.listing import BROWN, GREEN, GREY, Button, Count, Page, Row, Sheet, listing
from messages_th.page_link import page_link
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain
from messages_th.words import word

ACKNOWLEDGED = "รับทราบแล้ว"
RECEIVED = "หนังสือเวียนที่ได้รับ"
"""What leads to the list of what somebody got, typed as well."""
_WAITING = "หนังสือเวียนที่รอท่านรับทราบ"
_SUBJECT_LENGTH, _WORDS_LENGTH = 160, 60


@dataclass(frozen=True, slots=True)
class Later:
    """The letter that corrects or withdraws an earlier one; ``press`` shows it, "": the reader did not get it."""

    relation: Relation
    letter_no: str
    letter_date: date | None
    press: str = ""


@dataclass(frozen=True, slots=True)
class After:
    """What there is to look at next: a later letter, and this one under the button data ``opens`` ("": it was seen)."""

    later: Later | None
    opens: str = ""


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter in the list of what somebody got.

    ``acknowledge_by`` is the last day (inclusive) of one that ``waits``; ``days_left`` is counted to it without today.
    ``show`` and ``acknowledge`` are button data.
    """

    letter_no: str
    letter_date: date | None
    urgency: Urgency
    subject: str
    came_at: datetime
    acknowledge_by: date | None
    days_left: int | None
    acknowledged_at: datetime | None
    waits: bool
    is_withdrawn: bool
    show: str
    acknowledge: str


@dataclass(frozen=True, slots=True)
class ReceivedSheet:
    """A page of the letters that somebody got.

    ``total`` and ``waiting`` count all pages. ``only_waiting``: nothing else is listed; ``words``: only what they name.
    ``everything`` is the data of a button to all letters, "" where these are all.
    """

    rows: Sequence[LetterRow]
    total: int
    waiting: int
    page: Page
    only_waiting: bool = False
    words: str = ""
    everything: str = ""


def later_words(later: Later) -> str:
    """Return that a letter is withdrawn or corrected, and by which: «หนังสือฉบับนี้ยกเลิกแล้วตามหนังสือ ที่ …»."""
    said = "ยกเลิกแล้ว" if later.relation is Relation.WITHDRAWS else "มีการแก้ไข"
    return f"หนังสือฉบับนี้{said}ตามหนังสือ {number_and_date(later.letter_no, later.letter_date)}"


def acknowledged(
    reader: Reader, letter: Letter, at: datetime, after: After, as_of: datetime, *, is_first: bool
) -> Rendered:
    """Return since when a letter is acknowledged (``at``), and whether it was this press that did it."""
    when = formats.date_and_time(at)
    said = f"รับทราบเมื่อ {when}" if is_first else f"ท่านรับทราบหนังสือฉบับนี้แล้ว{reader.particle} ตั้งแต่ {when}"
    return _told(ACKNOWLEDGED, [said, after_last_day(letter, at)], letter, after, as_of)


def no_acknowledgement(reader: Reader, letter: Letter, after: After, as_of: datetime) -> Rendered:
    """Return that a letter is for information."""
    said = f"หนังสือฉบับนี้แจ้งเพื่อทราบ ไม่ต้องกดรับทราบ{reader.particle}"
    return _told(CIRCULAR, [said], letter, after, as_of)


def _told(headline: str, lines: Sequence[str], letter: Letter, after: After, as_of: datetime) -> Rendered:
    later = after.later
    number = number_and_date(letter.letter_no, letter.letter_date)
    return listing(
        Sheet(
            headline=headline,
            colour=GREEN,
            period=number,
            intro=cut(subject_of(letter), _SUBJECT_LENGTH),
            empty="\n".join(filter(None, [*lines, later_words(later) if later else ""])),
            buttons=_buttons(after),
            alt=f"{lines[0]} {number}",
            as_of=as_of,
        )
    )


def no_recipient(reader: Reader) -> Rendered:
    """Return to who looks after a letter, and did not get it, that nothing was noted."""
    return plain(f"ไม่มีการบันทึกการรับทราบ{reader.particle} เนื่องจากหนังสือฉบับนี้ยังไม่ส่งถึงผู้รับ หรือท่านไม่ได้เป็นผู้รับ")


def gone(reader: Reader) -> Rendered:
    """Return that there is no such letter for the reader: the same whether it exists or not."""
    return plain(f"ไม่พบหนังสือฉบับนี้ในรายการที่ท่านได้รับ{reader.particle} โปรดพิมพ์ «{RECEIVED}» เพื่อดูหนังสือที่ได้รับ")


def standing(reader: Reader, acknowledged_at: datetime | None, later: Later | None) -> Rendered | None:
    """Return what the card of a letter does not say of it; None: nothing."""
    lines = [f"ท่านรับทราบแล้วเมื่อ {formats.date_and_time(acknowledged_at)}"] if acknowledged_at else []
    lines += [later_words(later)] if later else []
    return plain("\n".join(f"{line}{reader.particle}" for line in lines)) if lines else None


def letter_link(
    reader: Reader, letter: Letter, later: Later | None, link: str, acknowledge: str, as_of: datetime
) -> Rendered:
    """Return the card whose button opens the page with a letter and its documents.

    ``acknowledge`` is the data of the button for when somebody is back in the chat, "" where nothing is to be done.
    """
    button = Button(OPEN, uri=link, primary=True)
    about = later_words(later) if later else cut(subject_of(letter), _SUBJECT_LENGTH)
    number = number_and_date(letter.letter_no, letter.letter_date)
    after = Button(ACKNOWLEDGE, acknowledge, about=f"{ACKNOWLEDGE}หนังสือ {number}") if acknowledge else None
    return page_link(reader, f"เอกสาร{CIRCULAR}", number, button, as_of, about, after)


def whole_letter(reader: Reader, letter: Letter, later: Later | None, sender: str, files: int) -> Sequence[Rendered]:
    """Return a letter in the chat, for where there are no pages; its documents cannot be shown there."""
    head = [
        number_and_date(letter.letter_no, letter.letter_date),
        subject_of(letter),
        later_words(later) if later else "",
    ]
    number = formats.count(files)
    documents = f"สิ่งที่ส่งมาด้วย {number} ฉบับ เปิดในแชตไม่ได้ โปรดขอรับจากผู้ส่ง{reader.particle}" if files else ""
    messages = ["\n".join(filter(None, head)), letter.text.strip(), "\n".join(filter(None, [documents, sender]))]
    return [plain(message) for message in messages if message]


def received_list(reader: Reader, sheet: ReceivedSheet, as_of: datetime) -> Rendered:
    """Return the letters that somebody got, those that wait first."""
    waiting = Count("รอท่านรับทราบ", f"{formats.count(sheet.waiting)} ฉบับ", BROWN if sheet.waiting else GREEN)
    counts = [waiting, Count("ทั้งหมด", f"{formats.count(sheet.total)} ฉบับ")]
    return listing(
        Sheet(
            headline=_WAITING if sheet.only_waiting else RECEIVED,
            period=f"คำค้น “{cut(formats.one_line(sheet.words), _WORDS_LENGTH)}”" if sheet.words else "",
            counts=[] if not sheet.rows or sheet.only_waiting else counts,
            rows=[_row(row) for row in sheet.rows],
            empty=_nothing(reader, sheet),
            page=sheet.page,
            buttons=[Button("ดูทั้งหมด", sheet.everything, about=RECEIVED)] if sheet.everything else [],
            as_of=as_of,
        )
    )


def _nothing(reader: Reader, sheet: ReceivedSheet) -> str:
    if sheet.words:
        return f"ไม่พบหนังสือที่มีเลขที่หรือเรื่องตามคำค้น{reader.particle}"
    if sheet.only_waiting:
        return f"ไม่มีหนังสือเวียนที่รอท่านรับทราบ{reader.particle}"
    return f"ท่านยังไม่ได้รับหนังสือเวียน{reader.particle}"


def _row(row: LetterRow) -> Row:
    number = number_and_date(row.letter_no, row.letter_date)
    note, colour = _standing_of(row)
    urgency = "" if row.urgency is Urgency.NORMAL else word(row.urgency)
    return Row(
        title=row.subject,
        code=" ".join(filter(None, (urgency, number))),
        note=note,
        colour=colour,
        press=row.show,
        about=f"ดูหนังสือ {number}",
        details=[f"ได้รับ {formats.short_date(_day(row.came_at))}"],
        button=Button(ACKNOWLEDGE, row.acknowledge, about=f"{ACKNOWLEDGE}หนังสือ {number}") if row.waits else None,
    )


def _standing_of(row: LetterRow) -> tuple[str, str]:
    if row.is_withdrawn:
        return "ยกเลิกแล้ว", GREY
    if row.acknowledged_at is not None:
        return f"รับทราบเมื่อ {formats.date_and_time(row.acknowledged_at)}", GREEN
    if not row.waits:
        return "แจ้งเพื่อทราบ", GREY
    if row.acknowledge_by is None or row.days_left is None:
        return "รอท่านรับทราบ", BROWN
    day = formats.short_date(row.acknowledge_by)
    return f"รอท่านรับทราบ {'พ้นกำหนด' if row.days_left < 0 else 'ภายในวันที่'} {day}", BROWN


def _buttons(after: After) -> Sequence[Button]:
    """Return the buttons to the letter that holds now, and to this one's documents."""
    buttons, later = [], after.later
    if later is not None and later.press:
        about = number_and_date(later.letter_no, later.letter_date)
        buttons.append(Button(f"ดูหนังสือ{_LATER[later.relation]}", later.press, about=f"ดูหนังสือ {about}", primary=True))
    if after.opens:
        buttons.append(Button(OPEN, after.opens, primary=not buttons))
    return buttons


_LATER = {Relation.WITHDRAWS: "ที่ยกเลิก", Relation.CORRECTS: "ที่แก้ไข"}


def after_last_day(letter: Letter, at: datetime) -> str:
    """Return that it was acknowledged after the last day for that; "" where it was not."""
    by = letter.acknowledge_by
    if by is None or _day(at) <= by:
        return ""
    return f"พ้นกำหนดรับทราบวันที่ {formats.short_date(by)} แล้ว ระบบบันทึกวันที่รับทราบตามจริง"


def until_words(letter: Letter) -> str:
    """Return until when a letter is to be acknowledged; "" where nothing limits that."""
    return f"โปรดรับทราบภายในวันที่ {formats.short_date(letter.acknowledge_by)}" if letter.acknowledge_by else ""


def _day(moment: datetime) -> date:
    return moment.astimezone(BANGKOK).date()

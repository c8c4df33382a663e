"""Before a circular goes out: what it would do, who cannot be reached, the last question, and what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.circulars.letters import LetterPart
from domain.submissions import MIN_REASON_LENGTH
from messages_th import formats
from messages_th.circulars.letters import NO_NUMBER
from messages_th.circulars.name_lists import NameLine
from messages_th.circulars.unreached_reasons import reason_words
from messages_th.lengths import cut, cut_utf16
from messages_th.listing import BROWN, GREEN, NAVY, RED, Button, Count, Page, Row, Sheet, listing
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain
from messages_th.words import word

RELEASE, PROPOSE, TEST = "ปล่อยหนังสือ", "เสนอเพื่อปล่อยส่ง", "ส่งทดสอบถึงตนเอง"
UNREACHED, CHANGE_WHOM = "ดูผู้ที่ส่งไม่ได้", "แก้ไขผู้รับ"
TAKE_BACK, SEND_BACK, BACK_TO_PREVIEW = "ดึงกลับมาแก้ไข", "ส่งกลับแก้ไข", "กลับไปตรวจสอบ"
CONFIRM = "ยืนยันปล่อยหนังสือ"
_CALENDAR_LINES = 6
_HEADLINE = "ตรวจสอบก่อนส่ง"
_WORDS_LENGTH, _NAME_LENGTH, _PLACE_LENGTH = 1_500, 80, 160


@dataclass(frozen=True, slots=True)
class Cost:
    """What is left of the month's messages: ``left``, of which ``free`` may go to this circular.

    ``kept_back`` are for statutory reminders, ``promised`` for circulars that were released before.
    """

    left: int
    kept_back: int
    promised: int
    free: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a circular would do now.

    ``whom`` is its audience in words, ``people`` how many it names, ``reached`` how many get it, the others by the
    outbox's reason. ``cost`` None: not known, or without limit. ``at_once``: it goes when it is released, else
    ``goes_at``. ``subject`` is the letter's, ``missing`` what it lacks, ``calendar`` what to know of its dates.
    """

    letter: str
    subject: str
    whom: str
    people: int
    reached: int
    unreached: Mapping[str, int]
    cost: Cost | None
    goes_at: datetime
    at_once: bool
    missing: Sequence[LetterPart] = ()
    sent_back_reason: str = ""
    calendar: Sequence[str] = ()

    @property
    def later(self) -> int:
        """How many have to wait until there are messages again."""
        return max(self.reached - self.cost.free, 0) if self.cost else 0


def preview_card(
    reader: Reader, preview: Preview, buttons: Sequence[Button], as_of: datetime, said: str = ""
) -> Rendered:
    """Return what a circular would do; ``said`` is what just happened."""
    lacks = ", ".join(word(part) for part in preview.missing)
    return listing(
        Sheet(
            headline=_HEADLINE,
            place=preview.letter,
            as_of=as_of,
            period=cut(preview.subject, _PLACE_LENGTH),
            intro=" ".join(filter(None, (said, f"ส่งถึง: {cut_utf16(preview.whom, _WORDS_LENGTH)}"))),
            counts=counts_of(preview),
            empty=f"หนังสือยังไม่ครบถ้วน ยังขาด: {lacks}" if lacks else when_words(preview),
            note=_note(reader, preview),
            buttons=buttons,
            alt=f"{_HEADLINE} {preview.letter or NO_NUMBER} ส่งถึง {formats.count(preview.reached)} คน",
        )
    )


def unreached_card(
    reader: Reader, letter: str, lines: Sequence[NameLine], total: int, page: Page, back: Button, as_of: datetime
) -> Rendered:
    """Return who of the recipients cannot be reached, and why; those without LINE first."""
    return listing(
        Sheet(
            headline="ผู้ที่ส่งไม่ได้",
            place=letter,
            as_of=as_of,
            counts=[Count("ทั้งหมด", f"{formats.count(total)} คน", BROWN)] if total else (),
            rows=[_line(line) for line in lines],
            empty=f"ผู้รับทุกคนรับข้อความได้{reader.particle}",
            note="ขอความอนุเคราะห์หน่วยงานแจ้งให้ผูกบัญชี หรือเพิ่มบอตเป็นเพื่อนอีกครั้ง" if total else "",
            page=page,
            buttons=[back],
        )
    )


def ask_release(
    reader: Reader, preview: Preview, yes: str, no: str, as_of: datetime
) -> Rendered:  # fmt: skip
    """Return the last question before a circular goes out."""
    return listing(
        Sheet(
            headline="ยืนยันปล่อยหนังสือ",
            place=preview.letter,
            as_of=as_of,
            colour=BROWN,
            period=cut(preview.subject, _PLACE_LENGTH),
            intro=f"ส่งถึง: {cut_utf16(preview.whom, _WORDS_LENGTH)}",
            counts=counts_of(preview),
            empty=f"{when_words(preview)} เมื่อปล่อยแล้วแก้ไขเนื้อความไม่ได้{reader.particle}",
            note=_note(reader, preview),
            buttons=[Button(CONFIRM, yes, primary=True), Button(BACK_TO_PREVIEW, no)],
        )
    )


def released_card(
    reader: Reader, preview: Preview, button: Button, as_of: datetime
) -> Rendered:  # fmt: skip
    """Return that a circular was released, and what happens now."""
    return listing(
        Sheet(
            headline="ปล่อยหนังสือแล้ว",
            place=preview.letter,
            as_of=as_of,
            colour=GREEN,
            period=cut(preview.subject, _PLACE_LENGTH),
            intro=reached_words(preview.reached, preview.unreached),
            empty=when_words(preview),
            note=_note(reader, preview),
            buttons=[button],
        )
    )


def proposed_card(
    reader: Reader, letter: str, releasers: Sequence[str], buttons: Sequence[Button], as_of: datetime
) -> Rendered:  # fmt: skip
    """Return that a circular waits for a second officer; ``releasers`` are positions with names."""
    return listing(
        Sheet(
            headline="เสนอเพื่อปล่อยส่งแล้ว",
            place=letter,
            as_of=as_of,
            intro=f"แจ้งผู้ปล่อยส่งแล้ว ระหว่างนี้แก้ไขไม่ได้จนกว่าจะดึงกลับ{reader.particle}",
            rows=[Row(one) for one in releasers],
            empty=f"ขณะนี้ไม่พบผู้ปล่อยส่งคนอื่นในระบบ โปรดแจ้งผู้ดูแลระบบ{reader.particle}",
            buttons=buttons,
        )
    )


def own_circular(reader: Reader, releasers: Sequence[str]) -> str:
    """Return that somebody else has to release what one wrote, and who may."""
    who = f" ได้แก่ {' · '.join(cut(one, _NAME_LENGTH) for one in releasers[:3])}" if releasers else ""
    return f"กระทรวงกำหนดให้ผู้อื่นที่ไม่ใช่ผู้ร่างเป็นผู้ปล่อยหนังสือ{who}{reader.particle}"


def changed_since(reader: Reader) -> str:
    """Return that a circular was changed since it was shown."""
    return f"หนังสือมีการแก้ไขหลังจากที่แสดงแก่ท่าน โปรดตรวจสอบอีกครั้ง{reader.particle}"


def test_queued(reader: Reader) -> Rendered:
    """Return that a test is on its way to the reader."""
    return plain(f"ส่งฉบับทดสอบถึงท่านแล้ว มีคำว่า “ทดสอบ” กำกับ ใช้โควตา 1 ข้อความ และปุ่มในฉบับทดสอบไม่มีผล{reader.particle}")


def ask_reason(reader: Reader, letter: str) -> Rendered:
    """Return the question why a circular goes back to its maker."""
    return plain(f"โปรดพิมพ์เหตุผลที่ส่งกลับแก้ไข {letter} อย่างน้อย {MIN_REASON_LENGTH} ตัวอักษร หรือพิมพ์ «ยกเลิก»{reader.particle}")


def sent_back(reader: Reader, reason: str) -> Rendered:
    """Return that a circular went back to its maker, with the reason."""
    return plain(f"ส่งกลับแก้ไขแล้ว{reader.particle}\nเหตุผล: “{formats.one_line(reason)}”\nระบบจะแจ้งผู้ร่างในเวลาราชการ")


def taken_back(reader: Reader) -> str:
    """Return that the reader's own circular is a draft again."""
    return f"ดึงกลับมาเป็นฉบับร่างแล้ว{reader.particle}"


def reached_words(reached: int, unreached: Mapping[str, int]) -> str:
    """Return «ส่งถึง 120 คน ส่งไม่ได้ 4 คน (ยังไม่ผูกบัญชี LINE 3 คน ปิดกั้นบอต 1 คน)»."""
    others = {reason: number for reason, number in unreached.items() if number}
    said = f"ส่งถึง {formats.count(reached)} คน"
    if not others:
        return said
    why = " ".join(f"{reason_words(reason)} {formats.count(number)} คน" for reason, number in others.items())
    return f"{said} ส่งไม่ได้ {formats.count(sum(others.values()))} คน ({why})"


def counts_of(preview: Preview) -> Sequence[Count]:
    """Return how many people get it and how many not, and what that costs."""
    counts = [
        Count("ผู้รับตามที่เลือก", _people(preview.people)),
        Count("ส่งถึงได้", _people(preview.reached), GREEN if preview.reached else RED),
    ]
    counts += [
        Count(f"ส่งไม่ได้: {reason_words(reason)}", _people(number), BROWN)
        for reason, number in preview.unreached.items()
        if number
    ]
    counts.append(Count("ใช้โควตาข้อความ", _messages(preview.reached)))
    if preview.cost is not None:
        counts.append(Count("โควตาคงเหลือเดือนนี้", _messages(preview.cost.left), RED if preview.later else NAVY))
        counts.append(Count("กันไว้สำหรับการเตือนตามกำหนด", _messages(min(preview.cost.kept_back, preview.cost.left))))
        if preview.cost.promised:
            counts.append(Count("หนังสือที่ปล่อยแล้วยังต้องใช้", _messages(preview.cost.promised)))
    return counts


def shortage(preview: Preview, particle: str = "") -> str:
    """Return that some have to wait until there are messages again; "" where all get it at once."""
    if not preview.later:
        return ""
    first = preview.reached - preview.later
    go = f"ส่งได้ก่อน {_people(first)} อีก {_people(preview.later)}" if first else f"ทั้ง {_people(preview.later)} "
    return f"โควตาที่ใช้ได้ไม่พอ: {go}รอจนมีโควตา โดยไม่ต้องส่งใหม่{particle}"


def _note(reader: Reader, preview: Preview) -> str:
    notes = [shortage(preview, reader.particle)] if preview.later else []
    if preview.sent_back_reason:
        notes.append(f"ส่งกลับแก้ไขครั้งก่อนเพราะ: “{cut(formats.one_line(preview.sent_back_reason), 300)}”")
    return "\n".join([*notes, *preview.calendar[:_CALENDAR_LINES]])


def when_words(preview: Preview) -> str:
    """Return when it goes out: «เวลาส่ง: วันอังคารที่ 21 มี.ค. 66 เวลา 08.30 น.»."""
    if preview.at_once:
        return "เวลาส่ง: ทันทีที่ปล่อย (อยู่ในเวลาราชการ)"
    return f"เวลาส่ง: {formats.weekday_date(preview.goes_at)} เวลา {formats.clock_time(preview.goes_at)}"


def _line(line: NameLine) -> Row:
    place = " ".join(filter(None, (formats.one_line(line.position), formats.one_line(line.unit))))
    return Row(
        cut(formats.one_line(line.name), _NAME_LENGTH),
        note=reason_words(line.unreached_for),
        colour=BROWN,
        details=[cut(place, _PLACE_LENGTH)] if place else (),
    )


def _people(number: int) -> str:
    return f"{formats.count(number)} คน"


def _messages(number: int) -> str:
    return f"{formats.count(number)} ข้อความ"

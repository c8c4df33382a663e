"""What a circular does to the calendar, in words: on the letter's card, and to its maker before it goes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from domain.calendar_changes import WindowChange
from domain.circulars.calendar import PlaceChange
from domain.circulars.letters import Letter
from domain.fiscal import YearBasis
from domain.reminders import BANGKOK
from domain.windows import Occasion, Stage, WindowKind
from messages_th import formats
from messages_th.circulars.letter_card import Change
from messages_th.circulars.letters import number_and_date
from messages_th.listing import BROWN, GREEN, NAVY, Button, Row, Sheet, listing
from messages_th.occasions import period
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain
from messages_th.words import word

CONFIRM, TAKE_OUT = "ใส่ในหนังสือ", "นำกำหนดเวลาออก"
_WHOLE_COUNTRY = "ทุกกระทรวง"
_UNITS_NAMED, _ROWS = 3, 10


def changes_on_card(changes: Sequence[PlaceChange], names: Mapping[str, str], today: date) -> Sequence[Change]:
    """Return the windows before and after as the letter's card shows them; ``names`` are what units are called."""
    return [
        Change(_matter(change, place, names), _before(change), _after(change, place, today))
        for place in changes
        for change in place.changes
    ]


def _matter(change: WindowChange, place: PlaceChange, names: Mapping[str, str]) -> str:
    return f"{_occasion(change.occasion, place.basis)} {word(change.stage)} ({_whose(place, names)})"


def _occasion(occasion: Occasion, basis: YearBasis) -> str:
    return f"{word(occasion.kind)} {period(occasion, basis)}"


def _whose(place: PlaceChange, names: Mapping[str, str]) -> str:
    return formats.one_line(names[place.place.scope_id]) if place.place.scope_id else _WHOLE_COUNTRY


def _before(change: WindowChange) -> str:
    return f"เดิม {formats.span_text(change.before)}" if change.before else "เดิม ไม่ได้กำหนดเวลา"


def _after(change: WindowChange, place: PlaceChange, today: date) -> str:
    since = f" (มีผลตั้งแต่วันที่ {formats.short_date(place.holds_from)})" if place.holds_from > today else ""
    return f"ใหม่ {formats.span_text(change.after) if change.after else 'ไม่กำหนดเวลา'}{since}"


def calendar_lines(changes: Sequence[PlaceChange], names: Mapping[str, str], today: date) -> Sequence[str]:
    """Return the same in a line each for the maker, with what else there is to know before the letter goes out."""
    shown = changes_on_card(changes, names, today)
    lines = [f"{change.matter}: {change.before} → {change.after}" for change in shown[:_ROWS]]
    return [*lines, *_further(len(shown) - _ROWS), *cautions(changes, names)]


def cautions(changes: Sequence[PlaceChange], names: Mapping[str, str]) -> Sequence[str]:
    """Return what the maker should know of what a letter does to the calendar, a sentence each."""
    return list(dict.fromkeys(sentence for place in changes for sentence in _cautions(place, names)))


def _cautions(place: PlaceChange, names: Mapping[str, str]) -> Iterator[str]:
    occasion = _occasion(place.place.occasion, place.basis)
    if not place.changes:
        yield f"{occasion}: กำหนดเวลาของ{_whose(place, names)}ไม่เปลี่ยนแปลงจากหนังสือฉบับนี้"
    for stage in place.dropped:
        yield f"{occasion}: {word(stage)}จะไม่มีกำหนดเวลา เพราะหนังสือไม่ได้ระบุ"
    if place.overlaps:
        yield f"{occasion}: ระดับกระทรวงเริ่มก่อนสิ้นกำหนดของระดับหน่วยงาน"
    if place.left_alone:
        shown = [formats.one_line(names[unit]) for unit in place.left_alone[:_UNITS_NAMED]]
        further = len(place.left_alone) - len(shown)
        more = f" และอีก {formats.count(further)} แห่ง" if further else ""
        yield f"{occasion}: {', '.join(shown)}{more} มีกำหนดเฉพาะ จึงยังคงเดิม"


def proposal(
    reader: Reader,
    letter: Letter,
    changes: Sequence[PlaceChange],
    names: Mapping[str, str],
    buttons: Sequence[Button],
    as_of: datetime,
) -> Rendered:
    """Return the question whether a letter is to carry these dates."""
    return _card(
        "ยืนยันกำหนดเวลาใหม่", letter, changes, names, buttons, as_of, NAVY,
        f"กด «{CONFIRM}» เพื่อให้หนังสือฉบับนี้เปลี่ยนกำหนดเวลา เมื่อปล่อยหนังสือแล้วปฏิทินจะเปลี่ยนตาม{reader.particle}",
    )  # fmt: skip


def kept(
    reader: Reader,
    letter: Letter,
    changes: Sequence[PlaceChange],
    names: Mapping[str, str],
    buttons: Sequence[Button],
    as_of: datetime,
) -> Rendered:
    """Return all that a letter, which was changed just now, does to the calendar."""
    said = "ใส่กำหนดเวลาใหม่ในหนังสือแล้ว ปฏิทินจะเปลี่ยนเมื่อปล่อยหนังสือ" if changes else "นำกำหนดเวลาออกจากหนังสือแล้ว"
    return _card("กำหนดเวลาในหนังสือ", letter, changes, names, buttons, as_of, GREEN, f"{said}{reader.particle}")


def _card(
    headline: str,
    letter: Letter,
    changes: Sequence[PlaceChange],
    names: Mapping[str, str],
    buttons: Sequence[Button],
    as_of: datetime,
    colour: str,
    intro: str,
) -> Rendered:
    shown = changes_on_card(changes, names, as_of.astimezone(BANGKOK).date())
    rows = [Row(change.matter, note=f"{change.before} → {change.after}", colour=BROWN) for change in shown]
    first = f"{shown[0].matter} {shown[0].before} {shown[0].after}" if shown else ""
    return listing(
        Sheet(
            headline=headline,
            as_of=as_of,
            place=number_and_date(letter.letter_no, letter.letter_date),
            intro=intro,
            rows=rows[:_ROWS],
            empty="ไม่มีกำหนดเวลาที่เปลี่ยนแปลง",
            note="\n".join([*cautions(changes, names), *_further(len(rows) - _ROWS)]),
            buttons=buttons,
            colour=colour,
            alt=f"{headline} {first}".strip(),
        )
    )


def _further(rows: int) -> Sequence[str]:
    return [f"และอีก {formats.count(rows)} กำหนด"] if rows > 0 else []


def for_stage(stage: Stage) -> str:
    """Return what the button says that takes the dates for another stage."""
    return f"ใช้กับ{word(stage)}"


def for_kind(kind: WindowKind) -> str:
    """Return what the button says that tells which of two matters is meant."""
    return _SHORT[kind]


_SHORT = {
    WindowKind.PROJECT_ENTRY: "โครงการใหม่ต้นปี",
    WindowKind.MIDYEAR_ENTRY: "โครงการระหว่างปี",
    WindowKind.ACHIEVEMENT_ANNUAL: "ผลสัมฤทธิ์แผนรายปี",
    WindowKind.ACHIEVEMENT_ACTION_PLAN: "ผลสัมฤทธิ์แผนด้าน",
}


def whose(reader: Reader) -> Rendered:
    """Ask whose window a letter changes."""
    return plain(f"โปรดระบุด้วยว่าเป็นกำหนดของหน่วยงานใด เช่น «ขยายเวลารายงานไตรมาส 2 ของ กกจ. ถึง 25 เม.ย.»{reader.particle}")


def which_window(reader: Reader) -> Rendered:
    """Ask which window a letter changes, where there is none of the kind that was named."""
    return plain(f"ไม่พบกำหนดเวลานี้ โปรดระบุเรื่องและปี เช่น «ขยายเวลานำเข้าแผน ปี 2566 ถึง 25 เม.ย. 66»{reader.particle}")


def ends_before_start(reader: Reader) -> Rendered:
    """Return that the window would close before it opens."""
    return plain(f"วันสุดท้ายมาก่อนวันแรกของกำหนด โปรดระบุทั้งวันแรกและวันสุดท้าย เช่น «1–25 เม.ย. 66»{reader.particle}")

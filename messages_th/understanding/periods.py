"""Quarters and years as people say them."""

from __future__ import annotations

import re

from messages_th.understanding.intents import Relative
from messages_th.understanding.spans import Mark, Sentence

_QUARTER_WORD = (
    r"(?:ไตรมาส|ไตรมาศ|ไตรมาท|ไตรมาด|ไตรมาต|ไตรมาร์ส|ใตรมาส|ไตมาส|(?<!ไ)ตรมาส|ควอเตอร์|ควอร์เตอร์|quarter|qtr|(?<![a-z])q"
    r"|(?<![ก-๎])ไตร)"
)
_YEAR_WORD = r"(?:ประจำ ?|ของ ?)?(?:ปี ?งบ ?ประมาณ|ปี ?งบ ?ฯ?|ปี ?งปม ?\.?|งบ ?ปี|ปี ?ปฏิทิน|ปี|fy|พ ?\. ?ศ ?\.?)"
_YEAR = r"(?P<year>25[4-9]\d|20[1-4]\d|[5-9]\d)(?!\d)"
_NUMBERED = re.compile(
    rf"(?<!ทุก)(?<!แต่ละ){_QUARTER_WORD} ?(?:ที่)? ?\.?(?P<number>[1-4]|หนึ่ง|สอง|สาม|สี่|แรก|สุดท้าย)(?![\d,])"
    rf"(?: ?(?:[/.-]|{_YEAR_WORD}(?: ?พ ?\. ?ศ ?\.?)?)? ?'?{_YEAR})?"
    rf"|(?<![\dก-๎a-z/.,-])(?P<bare>[1-4]) ?/ ?(?P<bare_year>25[4-9]\d|[5-9]\d)(?![\d/])"
    rf"|(?<![\da-z])(?P<ahead>[1-4])q(?: ?/? ?'?(?P<ahead_year>25[4-9]\d|[5-9]\d))?(?![\da-z])"
)
_RELATIVE = (
    (Relative.CURRENT, r"นี้|ปัจจุบัน|ล่าสุด"),
    (Relative.PREVIOUS, r"ที่ ?แล้ว|ที่ผ่าน ?มา|ที่เพิ่ง(?:ผ่าน(?:ไป|มา)?|จบ)|ก่อนหน้า(?:นี้)?|ก่อน(?! ?ๆ|หน้า)"),
    (Relative.NEXT, r"หน้า|ถัดไป|ต่อไป|ที่จะถึง(?:นี้)?"),
)
_SAID_RELATIVE = re.compile(
    rf"(?<!ทุก)(?<!แต่ละ)(?<!หลาย)(?:{_QUARTER_WORD}|คิว) ?(?:"
    + "|".join(f"(?P<{kind.name}>{words})" for kind, words in _RELATIVE)
    + ")(?! ?(?:ทั้งหมด|ๆ))"
    r"|(?P<THIS>this|current) quarter|(?P<LAST>last|previous) quarter|(?P<COMING>next) quarter"
)
_ENGLISH = {"THIS": Relative.CURRENT, "LAST": Relative.PREVIOUS, "COMING": Relative.NEXT}
_SEVERAL_YEARS = re.compile(r"(?:25)?\d\d ?(?:-|ถึง) ?25\d\d")
_SAID_YEAR = re.compile(
    rf"{_YEAR_WORD}(?: ?พ ?\. ?ศ ?\.?)? ?'?{_YEAR}(?! ?(?:%|บาท|คน|วัน|โครงการ))"
    r"|(?<![\d./-])(?<!\d )(?P<bare>25[4-9]\d)(?!\d)"
)
_MONTH_BEFORE = re.compile(r"(?:\.ค\.|\.ย\.|ก\.พ\.|คม|ยน|กุมภาพันธ์|มค|มีค|พค|กค|สค|ตค|ธค|เมย|มิย|กย|พย|กพ) ?$")
_SPELLED = {"หนึ่ง": 1, "สอง": 2, "สาม": 3, "สี่": 4, "แรก": 1, "สุดท้าย": 4}
_SAID_RELATIVE_YEAR = re.compile(
    r"(?:ปี|ปีงบ|ปีงบประมาณ) ?(?:(?P<CURRENT>นี้)|(?P<PREVIOUS>ที่ ?แล้ว|ก่อน(?! ?ๆ)|กลาย)|(?P<NEXT>หน้า|ถัดไป))"
)


def take_quarter(sentence: Sentence) -> tuple[int | Relative | None, int | None]:
    """Take the first quarter and the year written with it; return both, the year as B.E."""
    numbered, relative = _NUMBERED.search(sentence.open), _SAID_RELATIVE.search(sentence.open)
    if numbered is not None and (relative is None or numbered.start() <= relative.start()):
        sentence.take(*numbered.span(), Mark.QUARTER)
        number = numbered["number"] or numbered["bare"] or numbered["ahead"]
        year = numbered["year"] or numbered["bare_year"] or numbered["ahead_year"]
        return _SPELLED.get(number) or int(number), None if year is None else buddhist(year)
    if relative is not None:
        sentence.take(*relative.span(), Mark.QUARTER)
        name = relative.lastgroup or ""
        return _ENGLISH.get(name) or Relative[name], None
    return None, None


def take_year(sentence: Sentence) -> int | None:
    """Take the first year that is named as a number, and return it as B.E.; days of letters and spans are no years."""
    for span in [found.span() for found in _SEVERAL_YEARS.finditer(sentence.open)]:
        sentence.take(*span, Mark.YEAR)
    for found in _SAID_YEAR.finditer(sentence.open):
        if not _MONTH_BEFORE.search(sentence.open[: found.start()]):
            sentence.take(*found.span(), Mark.YEAR)
            return buddhist(found["year"] or found["bare"])
    return None


def take_relative_year(sentence: Sentence) -> Relative | None:
    """Take «ปีนี้», «ปีที่แล้ว» or «ปีหน้า»."""
    found = _SAID_RELATIVE_YEAR.search(sentence.open)
    if found is None:
        return None
    sentence.take(*found.span(), Mark.YEAR)
    return Relative[found.lastgroup or ""]


def buddhist(year: str) -> int:
    """Return the B.E. year of «66», «2566» or «2023»."""
    number = int(year)
    if number < 100:
        return 2500 + number
    return number if number >= 2400 else number + 543

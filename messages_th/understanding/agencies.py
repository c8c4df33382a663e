"""The names of agencies that sentences may hold."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from messages_th.understanding.normalise import lowered, normalised
from messages_th.understanding.spans import Mark, Sentence


@dataclass(frozen=True, slots=True)
class Agency:
    """A ministry or agency: canonical abbreviation («กกจ.»), full name, and whether it is of the asker's ministry."""

    short_name: str
    name: str
    is_own: bool = True


_Fits = Callable[[str, int, int], bool]
"""Tells whether what stands from one place to another in a text is a name by itself."""

_HEAD = 2
"""Characters by which names are filed; no name is shorter."""

_BEFORE_LOOSE = re.compile(
    r"(?:^|[ ,/()\"]|ของ|จาก|ให้|ถึง|ทาง|ฝั่ง|ฝ่าย|สรุป|เฉพาะ|แล้ว|ส่วน|และ|กับ|ภาพรวม|หน่วยงาน"
    r"|ที่|ว่า|ดู|ขอ|เช็ค|โครงการ|ใน|สังกัด|ทั้ง|ต่อ|คือ)$"
)
_THAI = re.compile("[ก-๎]")
_DEPENDENT = re.compile("[ะ-ฺๅ็-๎]")
_UNKNOWN = re.compile(
    r"(?:(?<=ของ)|(?<=จาก)|(?<=สรุป)|(?<=กรม)|(?<=หน่วยงาน)|(?<=^)|(?<=[ ,/(]))"
    r" ?(?P<letters>[ก-ฮ]{2,5})\.(?:(?P<more>[ก-ฮ]{2,4})\.)?(?! ?[\d])(?![ก-ฮ]\.)"
)
_NO_AGENCY = re.compile(
    "ผอ|ปรง|ครม|รมว|รมต|รมช|รอง|จนท|ปชช|สนง|งปม|งบ|พศ|คศ|มค|กพ|มีค|เมย|พค|มิย|กค|สค|กย|ตค|พย|ธค|ปยป|จป"
    "|อธ|หน|ลว|ดร|นส|รปรง|ผชช|ปล|จว|สส|สว|คกก|อนุ"
)
"""Abbreviations of posts, months and bodies that own no projects."""


class AgencyNames:
    """Finds agencies in sentences, those of the asker's own ministry first."""

    def __init__(self, agencies: Iterable[Agency]) -> None:
        self.agencies = tuple(agencies)
        self._strict: dict[str, dict[str, str]] = defaultdict(dict)
        self._loose: dict[str, dict[str, str]] = defaultdict(dict)
        ordered = sorted(self.agencies, key=lambda agency: not agency.is_own)
        for names, spelt in ((self._strict, spellings), (self._loose, _loose_names)):
            for agency in ordered:
                for spelling in spelt(agency):
                    if len(spelling) >= _HEAD:
                        names[spelling[:_HEAD]].setdefault(spelling, agency.short_name)
        self._ministries = frozenset(one.short_name for one in self.agencies if one.name.startswith("กระทรวง"))
        """They stand beside the names of their agencies («กรมการจัดหางาน กระทรวงแรงงาน»)."""

    def take(self, sentence: Sentence) -> str | None:
        """Take the agencies that are named beyond doubt, or one that can be nothing else.

        Return the one that is meant; None where two are named: a slot holds one, and neither alone answers.
        """
        named: dict[str, None] = {}
        while (found := self._find(sentence.open, self._strict, stands_alone)) is not None:
            start, end, short_name = found
            named[short_name] = None
            sentence.take(start, end + 1 if sentence.open.startswith(".", end) else end, Mark.AGENCY)
        if not named:
            return _take_unknown(sentence)
        meant = [short_name for short_name in named if short_name not in self._ministries] or list(named)
        return meant[0] if len(meant) == 1 else None

    def take_loosely(self, sentence: Sentence) -> str | None:
        """Take an agency that is called by words of its name («ประกันสังคม»); return its abbreviation."""
        found = self._find(sentence.open, self._loose, _is_led_in) or self._find_shortened(sentence.open)
        if found is None:
            return None
        sentence.take(found[0], found[1], Mark.AGENCY)
        return found[2]

    def _find_shortened(self, text: str) -> tuple[int, int, str] | None:
        """Find a department whose name is cut short («กรมพัฒน์», «กรมจัดหาฯ») where it can be but one."""
        found = _SHORTENED.search(text)
        if found is None:
            return None
        fitting = [one for one in self.agencies if _begins(one, found["head"])]
        fitting = [one for one in fitting if one.is_own] or fitting
        return (*found.span(), fitting[0].short_name) if len(fitting) == 1 else None

    def _find(self, text: str, filed: dict[str, dict[str, str]], fits: _Fits) -> tuple[int, int, str] | None:
        for start in range(len(text) - _HEAD + 1):
            names = filed.get(text[start : start + _HEAD])
            if not names:
                continue
            fitting = [name for name in names if text.startswith(name, start) and fits(text, start, start + len(name))]
            if fitting:
                longest = max(fitting, key=len)
                return start, start + len(longest), names[longest]
        return None


_SHORTENED = re.compile(r"กรม(?P<head>[ก-๎]{3,})(?:ฯ|(?<=[ก-ฮ])์)(?![ก-๎])")


def _begins(agency: Agency, head: str) -> bool:
    name = lowered(normalised(agency.name))
    return name.startswith((f"กรม{head}", f"กรมการ{head}"))


def _letters(short_name: str) -> str:
    return re.sub(r"[. ]", "", short_name)


def spellings(agency: Agency) -> Iterator[str]:
    """Yield what names an agency beyond doubt, in small letters and without a last dot."""
    short = normalised(agency.short_name)
    letters = _letters(short)
    yield from {
        lowered(text)
        for text in (
            letters,
            ".".join(letters),
            short.removesuffix("."),
            short.replace(".", ". ").strip(" ."),
            short.replace(".", " ").strip(),
        )
    }
    name = lowered(normalised(agency.name))
    yield name
    if name.startswith("กระทรวง"):
        rest = name.removeprefix("กระทรวง")
        yield from (f"ก.{rest}", f"กระทรวง {rest}", f"ก. {rest}")
    if name.startswith("กรม"):
        rest = name.removeprefix("กรม").removeprefix("การ")
        yield from (f"กรม{rest}", f"กรม {rest}", f"กรมการ{rest}")
        yield from (f"กรม{rest[:length]}" for length in _word_ends(rest))
    if name.startswith("สำนักงานปลัด"):
        ministry = name.removeprefix("สำนักงานปลัดกระทรวง")
        yield from ("สำนักงานปลัด", "สำนักปลัด", "สนง.ปลัด", "สำนักงานปลัดกระทรวง", "สนง. ปลัด", "สนง.ปลัดกระทรวง", "สป")
        yield from (
            f"สป.{ministry}",
            f"สป {ministry}",
            f"สำนักปลัด{ministry}",
            f"สำนักงานปลัด{ministry}",
            f"สป.กระทรวง{ministry}",
            f"สำนักปลัดกระทรวง{ministry}",
            f"สนง.ปลัดกระทรวง{ministry}",
        )
    elif name.startswith("สำนักงาน"):
        rest = name.removeprefix("สำนักงาน")
        yield from (f"สนง.{rest}", f"สำนัก{rest}", f"สนง. {rest}", f"สำนักงาน {rest}", f"สนง{rest}")


def _word_ends(rest: str) -> set[int]:
    """Return where a long name is cut in speech («กรมสวัสดิการ»): before «และ» and after its first words."""
    found = {rest.find(word) + len(word) for word in ("สวัสดิการ", "พัฒนาฝีมือ") if word in rest}
    if (at := rest.find("และ")) > 5:
        found.add(at)
    return found


def _loose_names(agency: Agency) -> Iterator[str]:
    name = lowered(normalised(agency.name))
    for prefix in ("กรมการ", "กรม", "สำนักงานปลัดกระทรวง", "สำนักงาน", "กระทรวง"):
        if name.startswith(prefix):
            rest = name.removeprefix(prefix)
            if prefix not in {"สำนักงานปลัดกระทรวง", "กระทรวง"} and len(rest) >= 8:
                yield rest
            return


def stands_alone(text: str, start: int, end: int) -> bool:
    """Tell whether a name is no mere stretch of letters within other words."""
    after = text[end : end + 1]
    if _DEPENDENT.match(after):
        return False
    length = end - start
    if length > 7:
        return "โครงการ" not in text[:start] or _BEFORE_LOOSE.search(text[:start]) is not None
    if re.match(r"\.? ?\d{3}", text[end:]):
        return False
    led_in = _BEFORE_LOOSE.search(text[:start]) is not None or not _THAI.match(text[start - 1 : start] or " ")
    if after == ".":
        return True if length > 2 else led_in
    if length <= 2:
        return led_in and not _THAI.match(after)
    return led_in


def _is_led_in(text: str, start: int, end: int) -> bool:
    return not _DEPENDENT.match(text[end : end + 1]) and _BEFORE_LOOSE.search(text[:start]) is not None


def _take_unknown(sentence: Sentence) -> str | None:
    for found in _UNKNOWN.finditer(sentence.open):
        if _NO_AGENCY.fullmatch(found["letters"]):
            continue
        sentence.take(found.start("letters"), found.end(), Mark.AGENCY)
        return f"{found['letters']}." + (f"{found['more']}." if found["more"] else "")
    return None

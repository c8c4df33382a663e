"""Whom a circular is for, read from what somebody types: «ทุกกองของ กกจ. เฉพาะที่ยังไม่รายงาน ยกเว้นผู้อนุมัติ».

What is not understood, or could be several, is never guessed: it is handed back with what may have been meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from domain.circulars.audience import NOBODY, Audience
from domain.fiscal import Quarter
from domain.roles import Role
from messages_th.circulars.whom import Names
from messages_th.understanding.normalise import lowered, normalised
from messages_th.understanding.particles import without_particles
from messages_th.understanding.periods import take_quarter
from messages_th.understanding.spans import Sentence
from messages_th.words import word

MOST_CHOICES = 10
_TAKEN = "|"
"""Stands for what was read already."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Words that name nobody, or several; ``sentences`` are what was typed with each of ``choices`` in their place."""

    words: str
    choices: Sequence[str] = ()
    sentences: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said; while anything is ``unclear``, ``audience`` is nobody."""

    audience: Audience
    unclear: Sequence[Unclear] = ()

    @property
    def is_clear(self) -> bool:
        """Whether the audience is what was meant, and somebody."""
        return not self.unclear and not self.audience.is_empty


class _Kind(Enum):
    PLACE = auto()
    GROUP = auto()
    ROLE = auto()
    AGENCIES = auto()
    DIVISIONS = auto()
    EVERYBODY = auto()
    WHOLE = auto()
    UNREPORTED = auto()
    BARRING = auto()
    NAMING = auto()


@dataclass(frozen=True, slots=True)
class _Piece:
    """Something that was found in what was typed."""

    start: int
    end: int
    kind: _Kind
    units: frozenset[str] = frozenset()
    role: Role | None = None
    group: int | None = None


_GROUP = re.compile(r'กลุ่ม ?"(?P<name>[^"]+)"')
_MARKS: Sequence[tuple[_Kind, re.Pattern[str]]] = (
    (_Kind.UNREPORTED, re.compile(
        r"(?:เฉพาะ ?)?(?:หน่วยงาน|กอง|ส่วนราชการ|คน|ผู้|โครงการ)? ?(?:ที่ ?)?"
        r"(?:ยังไม่ ?(?:ได้ ?)?(?:ส่ง ?)?(?:รายงาน|กรอก|คีย์)(?:ความก้าวหน้า|ผล)?|ค้าง(?:ส่ง)?รายงาน)(?: ?m6)?(?: ?ของ| ?ใน)?"
    )),
    (_Kind.AGENCIES, re.compile(r"ทุก ?ๆ? ?กรม(?:ทั่วประเทศ)?")),
    (_Kind.DIVISIONS, re.compile(r"ทุก ?ๆ? ?กอง(?!ทุน)(?:ทั่วประเทศ)?")),
    (_Kind.WHOLE, re.compile(r"ทั้งกระทรวง|(?:ใน|ของ)กระทรวง(?:นี้|ของเรา)?(?![ก-๎])|ทั่วประเทศ|ทั้งประเทศ|ทุก ?ๆ? ?กระทรวง")),
    (_Kind.EVERYBODY, re.compile(r"ทุก ?ๆ? ?(?:คน|ท่าน|หน่วยงาน|ส่วนราชการ)|ทั้งหมด")),
    (_Kind.BARRING, re.compile(
        r"ยกเว้น|ไม่รวม(?:ถึง)?|ไม่นับ|เว้น(?:แต่)?|ไม่ต้องส่ง(?:ให้|ถึง)?|ไม่ส่ง(?:ให้|ถึง)?|ตัด|เอา(?=.*ออก)"
    )),
    (_Kind.NAMING, re.compile(r"เฉพาะ|และส่ง|เพิ่ม|รวม(?:ทั้ง|ถึง)|พร้อม(?:ทั้ง)?")),
)  # fmt: skip
_COUNTRY = re.compile(r"ประเทศ|ทุก ?ๆ? ?กระทรวง")
_BARRED = frozenset({_Kind.PLACE, _Kind.ROLE, _Kind.AGENCIES, _Kind.DIVISIONS, _Kind.BARRING, _Kind.NAMING})
_PLACED = frozenset({_Kind.PLACE, _Kind.AGENCIES, _Kind.DIVISIONS, _Kind.EVERYBODY, _Kind.WHOLE})
_ROLES: Sequence[tuple[Role, re.Pattern[str]]] = (
    (Role.ASSISTANT, re.compile(r"ผู้ช่วย(?:ผู้อนุมัติ|ผู้บริหาร)?")),
    (Role.APPROVER, re.compile(r"ผู้(?:มีอำนาจ ?)?อนุมัติ")),
    (Role.PLAN_OFFICER, re.compile(r"(?:ผู้|เจ้าหน้าที่ ?|จนท\.? ?)(?:นำเข้า|บันทึก|กรอก)?(?:ข้อมูล)?แผน")),
    (Role.PROJECT_OFFICER, re.compile(
        r"(?:ผู้|เจ้าหน้าที่ ?|จนท\.? ?)(?:นำเข้า|บันทึก|กรอก|รับผิดชอบ)(?:ข้อมูล)?โครงการ"
        r"|(?:เจ้าหน้าที่|จนท\.?)(?:โครงการ)?(?! ?ผู้?(?:นำเข้า|บันทึก|กรอก))"
    )),
    (Role.MINISTRY_COORDINATOR, re.compile(
        r"ผู้ประสานงาน(?:ระดับ)?(?:กระทรวง)?(?: ?[/(]? ?(?:กลุ่ม ?)?ป\.? ?ย\.? ?ป\.?\)?)?|(?:กลุ่ม ?)?ป\.? ?ย\.? ?ป\.?(?![ก-๎])"
    )),
    (Role.MONITOR, re.compile(r"ผู้ติดตาม(?:และตรวจสอบ)?")),
    (Role.ADMIN, re.compile(r"ผู้ดูแลระบบ|แอดมิน")),
)  # fmt: skip
_EITHER_OFFICER = re.compile(r"(?:ผู้|เจ้าหน้าที่ ?|จนท\.? ?)(?:นำเข้า|บันทึก|กรอก)(?:ข้อมูล)?(?!ข้อมูล|โครงการ|แผน)")
_JOINED_ON = re.compile(r"(?:ยกเว้น|ไม่รวม(?:ถึง)?|เฉพาะ)(?! )")
_MONTHS = re.compile(r" ?\([^()]*\)")
_ADDING = re.compile(r"(?:ขอ|ช่วย|โปรด)? ?(?:เพิ่ม|รวม|และ|พร้อม|บวก)")
_NARROWING = re.compile(r"(?:ขอ|ส่ง)? ?เฉพาะ")
_FILLER = (
    r"(?:ของ|ขอ|ช่วย|โปรด|กรุณา|ให้|ส่ง|แจ้ง|เวียน|หนังสือ|ไปยัง|ไปที่|ถึง|แก่|ใน|สังกัด|และ|กับ|หรือ|ทั้ง|ทุก|เพียง|แค่|คน|ท่าน"
    r"|ที่|ซึ่ง|ผู้|บุคลากร|หน่วยงาน|ส่วนราชการ|ด้วย|เท่านั้น|ออก|อยู่|มี|บทบาท|[^ก-๎0-9a-z])"
)
_FILLER_BEFORE, _FILLER_AFTER = re.compile(rf"^{_FILLER}+"), re.compile(rf"{_FILLER}+$")
_OPEN = re.compile(r"(?:(?! (?:และ|กับ))[^|Ⓐ-ⓩ,])+")


def read_audience(text: str, names: Names, before: Audience = NOBODY) -> Heard:
    """Return whom a text names.

    ``before`` is whom a circular is for so far: what only adds («เพิ่ม …»), narrows («เฉพาะผู้อนุมัติ») or excludes
    («ยกเว้น สปส.») changes that; everything else stands in its place.
    """
    said = _JOINED_ON.sub(r"\g<0> ", without_particles(lowered(normalised(text))))
    sentence = Sentence(said)
    pieces, quarter = _pieces(sentence, names)
    pieces.sort(key=lambda piece: piece.start)
    named, barred = _sides(pieces)
    unclear = [
        *_ambiguous(pieces, said, names),
        *_too_wide(pieces, said, names),
        *(_unclear(piece, said) for piece in barred if piece.kind not in _BARRED),
        *_unknown(sentence.open, said, names),
    ]
    if unclear:
        return Heard(NOBODY, unclear)
    unreported = quarter if any(piece.kind is _Kind.UNREPORTED for piece in named) else None
    audience = _changed(before, _composed(named, barred, unreported, names), named, said)
    return Heard(NOBODY, [Unclear(said)]) if audience is None else Heard(audience)


def speaks_of_recipients(text: str, names: Names) -> bool:
    """Tell whether anything in a text names recipients, or may."""
    said = without_particles(lowered(normalised(text)))
    sentence = Sentence(said)
    pieces, _ = _pieces(sentence, names)
    return bool(pieces) or any(one.choices for one in _unknown(sentence.open, said, names))


def _pieces(sentence: Sentence, names: Names) -> tuple[list[_Piece], Quarter | None]:
    """Take all that is known out of a sentence, what is longest and surest first; what is open then is not known."""
    groups = {lowered(normalised(name)): number for number, name in names.groups.items()}
    found = [
        _Piece(*match.span(), _Kind.GROUP, group=groups[match["name"].strip()])
        for match in _GROUP.finditer(sentence.open)
        if match["name"].strip() in groups
    ]
    _take(sentence, found)
    places = [_Piece(one.start, one.end, _Kind.PLACE, one.codes) for one in names.places.found_in(sentence.open)]
    _take(sentence, places)
    found += places
    for kind, pattern in _MARKS[:1]:
        found += _all(sentence, pattern, kind)
    quarter = _quarter(sentence, names, asked=bool(found) and found[-1].kind is _Kind.UNREPORTED)
    for role, pattern in _ROLES:
        found += _all(sentence, pattern, _Kind.ROLE, role)
    for kind, pattern in _MARKS[1:]:
        found += _all(sentence, pattern, kind)
    return found, quarter


def _all(sentence: Sentence, pattern: re.Pattern[str], kind: _Kind, role: Role | None = None) -> list[_Piece]:
    found = [_Piece(*match.span(), kind, role=role) for match in pattern.finditer(sentence.open)]
    _take(sentence, found)
    return found


def _take(sentence: Sentence, pieces: Iterable[_Piece]) -> None:
    for piece in pieces:
        sentence.open = sentence.open[: piece.start] + _TAKEN * (piece.end - piece.start) + sentence.open[piece.end :]


def _quarter(sentence: Sentence, names: Names, *, asked: bool) -> Quarter | None:
    """Take the quarter whose reports are owed, with its months in brackets."""
    if not asked:
        return None
    number, year = take_quarter(sentence)
    marks = {span.end for span in sentence.spans}
    for end in marks:
        months = _MONTHS.match(sentence.open, end)
        if months is not None:
            _take(sentence, [_Piece(*months.span(), _Kind.UNREPORTED)])
    return names.quarter(number, year)


def _ambiguous(pieces: Iterable[_Piece], said: str, names: Names) -> Iterable[Unclear]:
    for piece in pieces:
        if len(piece.units) > 1:
            yield _unclear(piece, said, [names.places.written(code) for code in sorted(piece.units)])


def _too_wide(pieces: Iterable[_Piece], said: str, names: Names) -> Iterable[Unclear]:
    """Yield «the country» said by who does not reach it, and «the ministry» by who has none."""
    for piece in pieces:
        says_country = _COUNTRY.search(said[piece.start : piece.end]) is not None
        if (says_country and names.whole) or (piece.kind is _Kind.WHOLE and not says_country and not names.whole):
            yield _unclear(piece, said, [names.places.written(code) for code in sorted(names.places.ministries)])


def _unknown(left_open: str, said: str, names: Names) -> Iterable[Unclear]:
    """Yield what stands in no piece and means something; a kind of officer, or words of a unit's name, have choices."""
    for match in _OPEN.finditer(left_open):
        before = _FILLER_BEFORE.match(match[0])
        start = match.start() + (before.end() if before else 0)
        words = _FILLER_AFTER.sub("", left_open[start : match.end()])
        if words:
            piece = _Piece(start, start + len(words), _Kind.PLACE)
            yield _unclear(piece, said, _meant(words, names))


def _meant(words: str, names: Names) -> Sequence[str]:
    if _EITHER_OFFICER.fullmatch(words) or _EITHER_OFFICER.fullmatch(f"ผู้{words}"):
        return [word(Role.PROJECT_OFFICER), word(Role.PLAN_OFFICER)]
    return [names.places.written(code) for code in names.places.like(words)]


def _unclear(piece: _Piece, said: str, choices: Sequence[str] = ()) -> Unclear:
    shown = tuple(choices) if len(choices) <= MOST_CHOICES else ()
    sentences = tuple(f"{said[: piece.start]} {choice} {said[piece.end :]}".strip() for choice in shown)
    return Unclear(said[piece.start : piece.end].strip(), shown, sentences)


def _sides(pieces: Iterable[_Piece]) -> tuple[list[_Piece], list[_Piece]]:
    """Return what is named, and what is left out: what follows «ยกเว้น» until «เฉพาะ» or the like."""
    sides: tuple[list[_Piece], list[_Piece]] = ([], [])
    is_barred = False
    for piece in pieces:
        if piece.kind in (_Kind.BARRING, _Kind.NAMING):
            is_barred = piece.kind is _Kind.BARRING
        else:
            sides[is_barred].append(piece)
    return sides


def _composed(
    named: Sequence[_Piece], barred: Sequence[_Piece], unreported: Quarter | None, names: Names
) -> Audience:  # fmt: skip
    """Return the audience that was said by itself; whoever names no place means all that are in reach."""
    kinds, units = {piece.kind for piece in named}, _units(named, names)
    audience = Audience(
        units=units,
        roles=_roles(named),
        unreported=unreported,
        groups=tuple(dict.fromkeys(piece.group for piece in named if piece.group is not None)),
        without_units=_units(barred, names),
        without_roles=_roles(barred),
    )
    if unreported and audience.roles == {Role.PROJECT_OFFICER}:
        audience = replace(audience, roles=frozenset())
    speaks_of_people = kinds & {_Kind.ROLE, _Kind.UNREPORTED, _Kind.EVERYBODY}
    if _Kind.WHOLE in kinds or (speaks_of_people and not units):
        everybody = names.everybody()
        audience = replace(audience, everyone=everybody.everyone, units=units | everybody.units)
    return audience


def _roles(pieces: Iterable[_Piece]) -> frozenset[Role]:
    return frozenset(piece.role for piece in pieces if piece.role is not None)


def _units(pieces: Iterable[_Piece], names: Names) -> frozenset[str]:
    """Return the units that are named; «ทุกกอง» and «ทุกกรม» hold for the places named after them, or for all."""
    found: set[str] = set()
    all_of: Callable[[str | None], frozenset[str]] | None = None
    is_open = False
    for piece in pieces:
        if piece.kind in (_Kind.AGENCIES, _Kind.DIVISIONS):
            found |= all_of(None) if all_of and is_open else set()
            all_of = names.places.agencies if piece.kind is _Kind.AGENCIES else names.places.divisions
            is_open = True
        for code in piece.units:
            inside = all_of(code) - {code} if all_of else frozenset()
            found |= inside or {code}
            is_open = is_open and not inside
    return frozenset(found | (all_of(None) if all_of and is_open else set()))


def _changed(before: Audience, heard: Audience, named: Sequence[_Piece], said: str) -> Audience | None:
    """Return what ``before`` becomes by what was heard; None: one choice of recipients cannot be both."""
    if before.is_empty:
        return heard
    barring = replace(
        before,
        without_units=before.without_units | heard.without_units,
        without_roles=before.without_roles | heard.without_roles,
    )
    if heard.is_empty:
        return barring
    is_placed = any(piece.kind in _PLACED for piece in named)
    if not (is_placed or heard.groups) and _NARROWING.match(said):
        return replace(barring, roles=heard.roles, unreported=heard.unreported)
    return _both(barring, heard, is_placed=is_placed) if _ADDING.match(said) else heard


def _both(before: Audience, heard: Audience, *, is_placed: bool) -> Audience | None:
    has_places = before.everyone or bool(before.units)
    adds_people = bool(heard.roles or heard.unreported)
    if has_places and is_placed and adds_people and (heard.roles, heard.unreported) != (
        before.roles, before.unreported,
    ):  # fmt: skip
        return None
    roles = before.roles if has_places else heard.roles
    if has_places and not heard.roles <= before.asked_roles:
        roles = before.asked_roles | heard.roles
    adds_places = is_placed or not has_places
    units = before.units | (heard.units if adds_places else frozenset())
    return replace(
        before,
        everyone=before.everyone or (adds_places and heard.everyone),
        units=units,
        roles=roles,
        unreported=heard.unreported or before.unreported,
        groups=tuple(dict.fromkeys((*before.groups, *heard.groups))),
        without_units=(before.without_units - heard.units) | heard.without_units,
        without_roles=(before.without_roles - heard.roles) | heard.without_roles,
    )

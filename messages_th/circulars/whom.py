"""Whom a circular is for, in words: an audience named so that a director knows exactly who gets it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from domain.circulars.audience import Audience
from domain.fiscal import Quarter, YearBasis
from domain.roles import Role
from messages_th.circulars.places import PlaceNames
from messages_th.formats import count, quarter_text
from messages_th.lengths import cut
from messages_th.understanding.intents import Relative
from messages_th.words import word

EVERYBODY, NOBODY_YET = "ทุกคน", "ยังไม่ได้เลือกผู้รับ"
EVERY_AGENCY, EVERY_DIVISION, COUNTRY = "ทุกกรม", "ทุกกอง", "ทั่วประเทศ"
WHO_OWE = "เฉพาะหน่วยงานที่ยังไม่รายงาน"
GROUP, EXCEPT, AND = "กลุ่ม", "ยกเว้น", "รวมทั้ง"
_GONE, _NO_PLACE = "กลุ่มที่ลบไปแล้ว", "หน่วยงานที่ไม่มีอยู่แล้ว"
_NAME_LENGTH = 80
_FEW = 2
"""From so many on, all departments or divisions of a place are called so."""

AskedQuarter = Callable[[int | Relative | None, int | None], Quarter]
"""Returns the fiscal quarter that somebody means by a number or «this», and a year (B.E.)."""


@dataclass(frozen=True, slots=True)
class Names:
    """What somebody who writes circulars may call, and what that means.

    ``whole`` are the ministries (codes) that «everybody» stands for; none: the country. ``groups`` are the saved ones
    by id, ``letters`` the numbers of earlier circulars by id. ``basis`` is how quarters are labelled.
    """

    places: PlaceNames
    whole: frozenset[str]
    quarter: AskedQuarter
    basis: YearBasis
    groups: Mapping[int, str] = field(default_factory=dict)
    letters: Mapping[int, str] = field(default_factory=dict)

    def everybody(self) -> Audience:
        """Return everybody whom a circular of this person may reach."""
        return Audience(everyone=not self.whole, units=self.whole)


def audience_words(audience: Audience, names: Names, most: int | None = None) -> str:
    """Return an audience in words, from which ``messages_th.circulars.reading_whom`` reads the same audience.

    With ``most``, no more than that many units are named, and none at length; the rest are counted. That is for cards.
    """
    if audience.is_empty:
        return NOBODY_YET
    added = [f"{GROUP} “{names.groups[one]}”" if one in names.groups else _GONE for one in audience.groups]
    if audience.recipients_of is not None:
        added.append(f"ผู้รับหนังสือ {names.letters.get(audience.recipients_of, 'ฉบับก่อน')}")
    parts = [_placed(audience, names, most)]
    if added:
        parts.append(f"{AND}{joined(added)}" if parts[0] else joined(added))
    barred = [*places_words(audience.without_units, names, most), *role_words(audience.without_roles)]
    if barred:
        parts.append(f"{EXCEPT} {joined(barred)}")
    return " ".join(filter(None, parts))


def _placed(audience: Audience, names: Names, most: int | None) -> str:
    if not (audience.everyone or audience.units):
        return ""
    unreported = audience.unreported
    roles = role_words(audience.asked_roles if unreported and not audience.roles else audience.roles)
    who = joined(roles) if roles else EVERYBODY
    owing = f"{WHO_OWE}{quarter_text(unreported, names.basis)}" if unreported else ""
    if audience.everyone and not names.whole:
        where = COUNTRY
    else:
        places = names.whole if audience.everyone else audience.units
        where = _in(joined(places_words(places, names, most) or [_NO_PLACE]))
    return " ".join(filter(None, (f"{who} {where}" if roles else f"{who}{where}", owing)))


def role_words(roles: Collection[Role]) -> Sequence[str]:
    """Return the roles' names, in their order."""
    return [word(role) for role in Role if role in roles]


def places_words(units: Collection[str], names: Names, most: int | None = None) -> Sequence[str]:
    """Return units by name, all departments or divisions of a place in one; those that are no more are left out."""
    left, whole = set(units) & names.places.units.keys(), []
    for called, of_place in ((EVERY_AGENCY, names.places.agencies), (EVERY_DIVISION, names.places.divisions)):
        for place in _wide_places(names):
            all_there = of_place(place)
            if len(all_there) >= _FEW and all_there <= left:
                left -= all_there
                whole.append(_all_of(called, place, names))
    named = [names.places.written(code) for code in sorted(left)]
    if most is not None:
        further = len(named) - most
        named = [cut(name, _NAME_LENGTH) for name in named[:most]]
        named += [f"อีก {count(further)} หน่วยงาน"] if further > 0 else []
    return [*named, *whole]


def _wide_places(names: Names) -> Sequence[str | None]:
    """Return the country (None) where it is in reach, the ministries, and the departments."""
    country = () if names.whole else (None,)
    return [*country, *sorted(names.places.ministries), *sorted(names.places.agencies())]


def _all_of(called: str, place: str | None, names: Names) -> str:
    return f"{called}{COUNTRY}" if place is None else f"{called}{_in(names.places.written(place))}"


def _in(place: str) -> str:
    """Return «ในกระทรวงแรงงาน», «ใน กสร.»."""
    return f"ใน{place}" if place.startswith(("กระทรวง", "ทุก")) else f"ใน {place}"


def joined(parts: Sequence[str]) -> str:
    """Return «ก, ข และค»."""
    *others, last = parts
    return f"{', '.join(others)} และ{last}" if others else last

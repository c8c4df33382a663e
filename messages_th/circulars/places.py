"""Units by name, within somebody's reach: found in what was typed, and written so that they are found again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from domain.organisation import Organisation, Unit, UnitLevel
from messages_th.formats import one_line
from messages_th.understanding.agencies import Agency, spellings, stands_alone
from messages_th.understanding.normalise import lowered, normalised

_SHORTEST = 2
_KINDS_OF_OFFICE = ("กอง", "สำนัก", "ศูนย์", "กลุ่ม", "ฝ่าย", "กรม", "สำนักงาน")
_NAMED = (UnitLevel.MINISTRY, UnitLevel.AGENCY, UnitLevel.DIVISION)


@dataclass(frozen=True, slots=True)
class Found:
    """Units (codes) that stand in a text from ``start`` to ``end``; several: the name alone does not tell which."""

    start: int
    end: int
    codes: frozenset[str]


class PlaceNames:
    """The living units within a reach (codes; None: all), by everything that they are called."""

    def __init__(self, organisation: Organisation, reach: frozenset[str] | None) -> None:
        self._organisation = organisation
        self.units: Mapping[str, Unit] = {
            code: unit
            for code, unit in organisation.units.items()
            if unit.merged_into is None and unit.level in _NAMED and (reach is None or code in reach)
        }

    def written(self, code: str) -> str:
        """Return what messages call a unit so that everybody knows which is meant: a division with its department.

        Raises:
            KeyError: it is none of these.
        """
        unit = self.units[code]
        if unit.level is not UnitLevel.DIVISION:
            return self._alone(unit)
        name, above = one_line(unit.name), self.units.get(unit.parent or "")
        return f"{name} {self._alone(above)}" if above and (name, above.code) not in self._twins else f"{name} {code}"

    def found_in(self, said: str) -> Sequence[Found]:
        """Return the units named in a text (normalised, in small letters), in order.

        A name that another one follows at once («กองบริหารการคลัง ของ กสร.») is the one of its name that lies there.
        """
        named = list(self._named_in(said))
        merged: list[Found] = []
        for one in named:
            before = merged[-1] if merged else None
            within = self._within(before, one) if before and _is_of(said[before.end : one.start]) else frozenset[str]()
            if before is not None and within:
                merged[-1] = Found(before.start, one.end, within)
            else:
                merged.append(one)
        return merged

    def like(self, words: str) -> Sequence[str]:
        """Return the units (codes) that may be meant by words which name none of them, by their names' order."""
        said = lowered(normalised(words))
        kind = next((kind for kind in _KINDS_OF_OFFICE if said.startswith(kind)), "")
        rest = said.removeprefix(kind).strip(" .")
        if len(rest) < _SHORTEST + 1:
            return ()
        found = [code for code, name in self._written_small.items() if rest in name and name.startswith(kind)]
        return sorted(found, key=self.written)

    def agencies(self, above: str | None = None) -> frozenset[str]:
        """Return all departments, or those of a ministry."""
        return self._of_level(UnitLevel.AGENCY, above)

    def divisions(self, above: str | None = None) -> frozenset[str]:
        """Return all divisions, or those below a unit."""
        return self._of_level(UnitLevel.DIVISION, above)

    def children(self, above: str | None) -> Sequence[str]:
        """Return the units (codes) right below one; None: those with nothing above them in reach."""
        return self._children.get(above, ())

    @property
    def ministries(self) -> frozenset[str]:
        """All ministries."""
        return self._of_level(UnitLevel.MINISTRY, None)

    def _of_level(self, level: UnitLevel, above: str | None) -> frozenset[str]:
        return self._by_place.get((level, above), frozenset())

    @cached_property
    def _by_place(self) -> Mapping[tuple[UnitLevel, str | None], frozenset[str]]:
        """Units of a level, those below each unit, and all there are (None)."""
        found: dict[tuple[UnitLevel, str | None], set[str]] = defaultdict(set)
        for code, unit in self.units.items():
            for place in (None, *(one.code for one in self._organisation.ancestry(code))):
                found[unit.level, place].add(code)
        return {place: frozenset(codes) for place, codes in found.items()}

    @cached_property
    def _codes(self) -> Mapping[str, frozenset[str]]:
        """Units by each of their spellings."""
        codes: dict[str, set[str]] = defaultdict(set)
        for code, unit in self.units.items():
            for name in _names_of(unit):
                if len(name) >= _SHORTEST:
                    codes[name].add(code)
        return {name: frozenset(found) for name, found in codes.items()}

    @cached_property
    def _lengths(self) -> Sequence[int]:
        return sorted({len(name) for name in self._codes}, reverse=True)

    @cached_property
    def _children(self) -> Mapping[str | None, Sequence[str]]:
        found: dict[str | None, list[str]] = defaultdict(list)
        for code in sorted(self.units):
            parent = self.units[code].parent
            found[parent if parent in self.units else None].append(code)
        return found

    @cached_property
    def _written_small(self) -> Mapping[str, str]:
        return {code: lowered(normalised(unit.name)) for code, unit in self.units.items()}

    @cached_property
    def _short_names(self) -> Mapping[str, int]:
        return Counter(unit.short_name for unit in self.units.values())

    @cached_property
    def _twins(self) -> frozenset[tuple[str, str]]:
        """Names that several units right below one have."""
        named = Counter((one_line(unit.name), unit.parent or "") for unit in self.units.values())
        return frozenset(name for name, number in named.items() if number > 1)

    def _alone(self, unit: Unit) -> str:
        short = one_line(unit.short_name)
        if unit.level is UnitLevel.MINISTRY or not short or self._short_names[unit.short_name] > 1:
            return one_line(unit.name)
        return short

    def _named_in(self, said: str) -> Iterator[Found]:
        at = 0
        while at < len(said):
            found = self._at(said, at)
            if found is None:
                at += 1
            else:
                yield found
                at = found.end

    def _at(self, said: str, start: int) -> Found | None:
        for length in self._lengths:
            end = start + length
            codes = self._codes.get(said[start:end]) if end <= len(said) else None
            if codes and stands_alone(said, start, end):
                return Found(start, end + said.startswith(".", end), codes)
        return None

    def _within(self, inner: Found, outer: Found) -> frozenset[str]:
        """Return those of ``inner`` that lie in one of ``outer``."""
        places = frozenset[str]().union(*(self._organisation.below(code) for code in outer.codes))
        return inner.codes & places


def _is_of(between: str) -> bool:
    return between.strip(" (") in {"", "ของ", "ใน", "สังกัด"}


def _names_of(unit: Unit) -> Iterator[str]:
    yield lowered(normalised(unit.code))
    if unit.level is UnitLevel.DIVISION:
        yield lowered(normalised(unit.name))
        return
    for name in spellings(Agency(unit.short_name, unit.name)):
        yield name.rstrip(".")

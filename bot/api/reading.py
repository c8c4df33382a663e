"""Reads the JSON of a request field by field; whatever is wrong with any of it is noted, and told at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from bot.api.fields import MOST_ITEMS, Field, List, NotOfJson
from bot.api.problems import ApiFault, Code, Faults, Refused
from messages_th import spreadsheets
from storage.imports.problems import BadValue, ProblemCode
from storage.imports.vocabulary import Words

_DEEPEST = 20
"""Levels of objects and lists; no request has more than four, and each costs whoever reads or quotes it some stack."""

Values = dict[str, Any]
"""Values of the fields that a request names; a blank one has the field's ``blank``."""


def parse(body: bytes) -> Mapping[str, Any]:
    """Return the JSON object of a body; decimals as they are written, for binary fractions would round them.

    Raises:
        Refused: it is no JSON object, names a field twice, is nested beyond all measure, or holds characters that are
            none.
    """
    try:
        found = json.loads(body.decode(), parse_float=str, parse_constant=_no_number, object_pairs_hook=_distinct)
        canonical(found)
    except (ValueError, RecursionError) as error:
        raise Refused(HTTPStatus.BAD_REQUEST, Code.BAD_JSON) from error
    if not isinstance(found, dict) or _is_deeper(found, _DEEPEST):
        raise Refused(HTTPStatus.BAD_REQUEST, Code.BAD_JSON)
    return found


def _is_deeper(found: Any, levels: int) -> bool:
    """Tell whether objects and lists lie in each other on more than so many levels."""
    within = found.values() if isinstance(found, dict) else found if isinstance(found, list) else None
    return within is not None and (levels == 0 or any(_is_deeper(one, levels - 1) for one in within))


def canonical(found: Any) -> bytes:
    """Return the same bytes for the same JSON, however its fields are ordered.

    Raises:
        UnicodeEncodeError: it holds half of a character.
    """
    return json.dumps(found, ensure_ascii=False, sort_keys=True).encode()


def fingerprint(path: str, found: Mapping[str, Any]) -> str:
    """Return a hash of what a request asks for."""
    return hashlib.sha256(path.encode() + b"\n" + canonical(found)).hexdigest()


class Reader:
    """Reads one request, and gathers in ``faults`` what is wrong with it."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.words = Words(spreadsheets)

    def record(self, found: Mapping[str, Any], fields: Sequence[Field], path: str = "") -> Values:
        """Return the values of those fields that ``found`` names."""
        values: Values = {}
        for field in fields:
            if field.name in found:
                self._take(values, field, found[field.name], path + field.name)
            elif field.needed:
                self.faults.note(path + field.name, None, ProblemCode.BLANK)
        return values

    def rows(self, found: Any, of: List) -> list[Values]:
        """Return the values of each object of a list; only those that nothing is wrong with."""
        if not isinstance(found, list):
            self.faults.note(of.name, found, ApiFault.NOT_A_LIST)
            return []
        if len(found) > MOST_ITEMS:
            self.faults.note(of.name, len(found), ApiFault.TOO_MANY_ITEMS, limit=MOST_ITEMS)
            return []
        good: list[Values] = []
        keys: set[tuple[Any, ...]] = set()
        for number, item in enumerate(found):
            path = f"{of.name}[{number}]"
            if not isinstance(item, dict):
                self.faults.note(path, item, ApiFault.NOT_AN_OBJECT)
                continue
            before = len(self.faults.found)
            self.unknown(item, [field.name for field in of.fields], f"{path}.")
            values = {field.name: field.blank for field in of.fields} | self.record(item, of.fields, f"{path}.")
            if len(self.faults.found) > before:
                continue
            key = tuple(values[name] for name in of.key)
            if key in keys:
                self.faults.note(path, item.get(of.key[0]), ProblemCode.DUPLICATE)
            keys.add(key)
            good.append(values)
        return good

    def unknown(self, found: Mapping[str, Any], known: Sequence[str], path: str = "") -> None:
        """Note fields that there are not."""
        for name in list(found)[:MOST_ITEMS]:
            if name not in known:
                self.faults.note(path + name[:100], found[name], ApiFault.UNKNOWN_FIELD)

    def _take(self, values: Values, field: Field, value: Any, name: str) -> None:
        """Read one value into ``values``, or note what is wrong with it."""
        try:
            read = self._list(field, value) if field.is_list else self._one(field, value)
        except BadValue as bad:
            self.faults.note(name, value, bad.code, **bad.params)
        except NotOfJson as bad:
            self.faults.note(name, value, bad.fault)
        else:
            if read is None and field.needed:
                self.faults.note(name, value, ProblemCode.BLANK)
            values[field.name] = field.blank if read is None else read

    def _one(self, field: Field, value: Any) -> Any:
        if value is None:
            return None
        takes_flags = "boolean" in field.schema.get("type", ())
        if isinstance(value, dict | list) or (isinstance(value, bool) and not takes_flags):
            raise NotOfJson(ApiFault.NOT_A_VALUE)
        return field.convert(value, self.words)

    def _list(self, field: Field, value: Any) -> Any:
        """Read a list: of figures as a cell has them, with commas; of texts one by one."""
        if not isinstance(value, list):
            return self._one(field, value) if value is None or isinstance(field.blank, frozenset) else _no_list()
        if any(isinstance(item, dict | list | bool) or item is None for item in value):
            raise NotOfJson(ApiFault.NOT_A_VALUE)
        if isinstance(field.blank, frozenset):
            return field.convert(",".join(map(str, value)), self.words)
        return [text for item in value if (text := field.convert(item, self.words)) is not None]


def _no_list() -> Any:
    raise NotOfJson(ApiFault.NOT_A_LIST)


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _distinct(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a field is named twice")
    return found

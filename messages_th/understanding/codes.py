"""Codes of projects and numbers of letters: alike to the eye, and never to be mixed up (``domain.md`` §7, §9)."""

from __future__ import annotations

import re

from messages_th.understanding.spans import Mark, Sentence

_UNIT = r"(?P<letters>[ก-ฮ]{2}) ?\.? ?(?P<unit>\d{4,5}(?:\.\d{1,3})?(?: ?\([^()]{1,6}\))?)"
_CODE = re.compile(rf"{_UNIT} ?[-/. ]? ?(?:25)?(?P<year>\d{{2}}) ?[-/. ]? ?(?P<number>\d{{4}})(?!\d)")
_LETTER = re.compile(
    r"(?P<office>[ก-ฮ]{2,3} ?\.? ?\d{3,5}(?:\.\d{1,3})?) ?/ ?(?P<circular>ว) ?\.? ?(?P<number>\d{1,5})(?!\d)"
    r"|(?P<plain_office>[ก-ฮ]{2,3} ?\.? ?\d{3,5}(?:\.\d{1,3})?) ?/ ?(?P<plain_number>\d{1,5})(?![\d-])"
    r"|(?<![ก-๎])ว ?\.? ?(?P<short>\d{1,5})(?![\d-])"
)


def take_letter_number(sentence: Sentence) -> str | None:
    """Take the number of a letter («รง 0214/ว 3», «ว 3») and return it in one spelling."""
    found = _LETTER.search(sentence.open)
    if found is None:
        return None
    sentence.take(*found.span(), Mark.LETTER)
    if found["short"]:
        return f"ว {found['short']}"
    if found["circular"]:
        return f"{_office(found['office'])}/ว {found['number']}"
    return f"{_office(found['plain_office'])}/{found['plain_number']}"


def take_project_code(sentence: Sentence) -> str | None:
    """Take the first code of a project and return it as the database has it: «รง 0402-66-0003»."""
    first = None
    while (found := _CODE.search(sentence.open)) is not None:
        first = first or f"{found['letters']} {found['unit'].replace(' ', '')}-{found['year']}-{found['number']}"
        sentence.take(*found.span(), Mark.CODE)
    return first


def _office(text: str) -> str:
    return re.sub(r"^([ก-ฮ]+)[ .]*", r"\1 ", text)

"""The distinguishing words of a project's name, where a sentence calls a project by name."""

from __future__ import annotations

import re

from messages_th.understanding.lexicon import sections
from messages_th.understanding.spans import Mark, Sentence

_CUE = re.compile(
    r"(?<!กี่)(?<!ทุก)(?<!หลาย)(?<!แต่ละ)(?:ชื่อ ?)?"
    r"(?:โครงการ|โครงกาน|โครงกา(?!ร)|โคงการ|โครงงาน|โปรเจ็?กต์|โปรเจ็?ค|(?<![a-z])project(?!s))(?:ชื่อ|เรื่อง)? ?"
)
_QUOTED = re.compile(r"""["'](?P<name>[^"']{2,})["']""")
_WORDS = sections("project_names")
_NO_NAME = re.compile(_WORDS["NO_NAME"])
_END = re.compile(f" ?(?:{_WORDS['END']})")
_LEFT_OVER = re.compile(
    r"(?: |ใน|ของ|และ|ประจำ|ช่วง|สำหรับ|(?<!เคลื่อน)(?<!พื้น)(?<!หน้า)(?<!เต็ม)(?<!เจ้าหน้า)ที่"
    r"|ว่า|นั้น|นี้|ก็|เนี่ย|นี่|มัน|เค้า|เขา|[\"'()\-,.:;/])+$"
)


def take_project_name(sentence: Sentence) -> str | None:
    """Take the name that follows «โครงการ», without what is asked about it; return it as it was written."""
    for cue in _CUE.finditer(sentence.open):
        name = _name_from(sentence, cue.end())
        if name is not None:
            return name
    return None


_BARE_CUE = re.compile(f"(?:(?:{_WORDS['BEFORE_BARE']})+|)")
_NO_BARE_NAME = re.compile(_WORDS["NO_BARE_NAME"])
_DECIDED_CUE = re.compile(
    r"(?:อนุมัติ|เห็นชอบ|ให้ผ่าน|ผ่าน|ตีกลับ|ส่งกลับ|ส่งคืน|ส่งกลับแก้ไข|ไม่ผ่าน|คืน|approve|return"
    r"|reject)(?:เรื่อง|งาน|รายงาน|กิจกรรม)? ?(?=[a-z])"
)

_LAST_NAME = re.compile(
    rf"[ก-๎] (?P<name>(?!(?:{sections('latin')['KNOWN']})(?![a-z0-9]))[a-z][a-z0-9-]*(?: [a-z0-9-]+)+)$"
)
"""Several Latin words at the end that mean nothing here: «ใช้ไปเท่าไหร่แล้ว Smart Labour»."""


def take_bare_name(sentence: Sentence, *, decides: bool) -> str | None:
    """Take a name without «โครงการ» before it («Smart Labour ถึงไหนแล้ว»); return it as it was written.

    After words that decide only Latin letters are taken: «ตีกลับ ข้อมูลไม่ครบ» names a reason.
    """
    cue = (_DECIDED_CUE.search if decides else _BARE_CUE.match)(sentence.open)
    if cue is not None:
        rest = sentence.open[cue.end() :]
        if not _NO_BARE_NAME.match(rest) and (_END.search(rest) or cue.end()):
            return _name_from(sentence, cue.end())
    last = _LAST_NAME.search(sentence.open)
    return None if last is None else _name_from(sentence, last.start("name"))


def _name_from(sentence: Sentence, start: int) -> str | None:
    quoted = _QUOTED.match(sentence.open, start)
    if quoted is not None:
        sentence.take(*quoted.span("name"), Mark.NAME)
        return sentence.text[slice(*quoted.span("name"))].strip()
    rest = sentence.open[start:]
    if _NO_NAME.match(rest):
        return None
    end = _END.search(rest)
    words = rest[: end.start()] if end else rest
    words = (
        words[: len(words) - len(found[0])]
        if (found := _LEFT_OVER.search(words)) and not words.endswith(".")
        else words
    )
    words = words.rstrip(" ")
    if len(words) < 2:
        return None
    sentence.take(start, start + len(words), Mark.NAME)
    return sentence.text[start : start + len(words)]

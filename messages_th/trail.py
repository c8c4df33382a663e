"""What became of a project or a plan, as a card: who did what, when, and by which way."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.fiscal import Quarter, YearBasis
from domain.organisation import Capacity
from domain.submissions import SubmissionKind
from messages_th import formats
from messages_th.audit import action_word, change_lines, channel_word, kept_text, standing_word
from messages_th.lengths import cut
from messages_th.listing import BROWN, GREEN, GREY, NAVY, Button, Count, Page, Row, Sheet, listing
from messages_th.positions import acting_position
from messages_th.project_fields import field_to_correct
from messages_th.rendering import Rendered
from messages_th.words import word

EVENTS_A_PAGE = 6
TRAIL = "ประวัติการดำเนินการ"
"""What the button says that opens a trail."""
_NAME_LENGTH, _WORDS_LENGTH, _WHO_LENGTH, _MOST_CHANGES = 300, 150, 160, 5
_COLOURS = {"submission:approve": GREEN, "submission:return": BROWN, "submission:reopen": BROWN, "import:run": GREY}
_QUOTED = ("reason", "late_reason", "question", "answer")


_ASKS = re.compile(r"ใคร|เส้นทาง|การดำเนินการ|การอนุมัติ|การพิจารณา|ขั้นตอน|ส่งกลับกี่|audit", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody by position and name; ``principal`` is the position for which it was done, in ``capacity``."""

    position: str
    name: str
    principal: str = ""
    capacity: Capacity | None = None


@dataclass(frozen=True, slots=True)
class ToldDeed:
    """Something that was done to a submission; ``who`` None: nobody is on record.

    ``action``, ``channel``, ``before`` and ``after`` are as the trail keeps them.
    """

    action: str
    kind: SubmissionKind
    quarter: Quarter | None
    who: Who | None
    at: datetime | None
    channel: str
    before: Any
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TrailHead:
    """Whose trail it is: a project by code and name, or a plan by name alone; ``asked`` and ``answered`` questions."""

    code: str
    name: str
    place: str
    basis: YearBasis
    total: int
    asked: int
    answered: int


def asks_trail(utterance: str) -> bool:
    """Tell whether a question about the past asks who did what, and not what was reported."""
    return _ASKS.search(utterance) is not None


def trail_card(
    head: TrailHead, deeds: Sequence[ToldDeed], page: Page, buttons: Sequence[Button], as_of: datetime
) -> Rendered:
    """Return a page of the trail, newest first."""
    counts = [Count("ทั้งหมด", f"{formats.count(head.total)} รายการ")] if head.total else []
    if head.asked:
        counts.append(Count("ขอข้อมูลเพิ่ม", f"{head.asked} ครั้ง ตอบแล้ว {head.answered}"))
    return listing(
        Sheet(
            headline=TRAIL,
            place=formats.one_line(head.place),
            intro=" ".join(filter(None, (head.code, cut(formats.one_line(head.name), _NAME_LENGTH)))),
            as_of=as_of,
            counts=counts,
            rows=[_row(deed, head.basis) for deed in deeds],
            empty="ยังไม่มีประวัติที่ท่านดูได้",
            page=page,
            buttons=buttons,
            alt=" ".join(filter(None, (TRAIL, head.code))),
        )
    )


def _row(deed: ToldDeed, basis: YearBasis) -> Row:
    about = word(deed.kind) if deed.quarter is None else f"รายงาน {formats.quarter_name(deed.quarter, basis)}"
    return Row(
        title=f"{action_word(deed.action)} · {about}",
        note=_who(deed.who),
        colour=_COLOURS.get(deed.action, NAVY),
        details=[_when(deed), *_moved(deed), *_changes(deed), *_words(deed)],
    )


def _who(who: Who | None) -> str:
    if who is None:
        return ""
    position = acting_position(who.position, who.principal, who.capacity) if who.position or who.capacity else ""
    name = formats.one_line(who.name)
    return cut(f"{position} ({name})" if position and name else position or name, _WHO_LENGTH)


def _when(deed: ToldDeed) -> str:
    at = formats.date_and_time(deed.at) if deed.at else "ไม่มีวันเวลาในไฟล์ที่นำเข้า"
    return f"{at} ทาง {channel_word(deed.channel)}" if deed.channel != "import" else f"{at} (นำเข้าจากไฟล์)"


def _moved(deed: ToldDeed) -> list[str]:
    """Return «รออนุมัติ ลำดับที่ 1 → รออนุมัติ ลำดับที่ 2», or how it stands after, where no more is known."""
    places = [
        standing_word(kept["state"], kept.get("step"), kept.get("version"))
        for kept in (deed.before, deed.after)
        if isinstance(kept, Mapping) and "state" in kept
    ]
    if places:
        return [" → ".join(places)]
    step = deed.after.get("step")
    return [f"ลำดับที่ {step}"] if step is not None else []


def _changes(deed: ToldDeed) -> list[str]:
    """Return what an edit changes, field by field, or what was said of a plan's entry."""
    if "entered_on" in deed.after:
        return [cut(line, _WORDS_LENGTH) for line in kept_text(deed.after).splitlines()]
    before = deed.before if isinstance(deed.before, Mapping) else {}
    edited = change_lines(before.get("changes", {}), deed.after.get("changes", {}))
    lines = [cut(line, _WORDS_LENGTH) for line in edited]
    more = len(lines) - _MOST_CHANGES
    return [*lines[:_MOST_CHANGES], f"และอีก {more} รายการ"] if more > 0 else lines


def _words(deed: ToldDeed) -> list[str]:
    said = [deed.after[name] for name in _QUOTED if deed.after.get(name)]
    quoted = [f"“{cut(formats.one_line(str(words)), _WORDS_LENGTH)}”" for words in said]
    concerns = field_to_correct(deed.after.get("concerns", ""))
    return [*quoted, concerns] if concerns else quoted

"""Tells people once that windows they go by were replaced by a newer circular (``domain.md`` §4, §10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.calendar_changes import CalendarChange, WindowChange
from domain.windows import Occasion
from messages_th import formats
from messages_th.occasions import period
from messages_th.reader import Reader
from messages_th.rendering import Rendered, card
from messages_th.words import word

OCCASIONS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class _StageLine:
    stage: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class _Concern:
    matter: str
    stages: Sequence[_StageLine]


def calendar_changed(change: CalendarChange, reader: Reader, at: datetime, show_everything: str) -> Rendered:
    """Return one card with all that one circular changes for ``reader``.

    ``at`` is the aware instant of the data, ``show_everything`` the button data of the reader's whole list.
    """
    by_occasion: dict[Occasion, list[WindowChange]] = defaultdict(list)
    for window in change.changes:
        by_occasion[window.occasion].append(window)
    concerns = [
        _Concern(f"{word(occasion.kind)} {period(occasion, change.basis)}", [_stage_line(window) for window in windows])
        for occasion, windows in by_occasion.items()
    ]
    return card(
        "calendar_changed",
        salutation=reader.salutation,
        concerns=concerns[:OCCASIONS_SHOWN],
        further=max(len(concerns) - OCCASIONS_SHOWN, 0),
        letter=formats.letter_reference(change.letter_no, change.issued_on),
        closing="จึงเรียนมาเพื่อโปรดทราบ" if reader.executive else f"จึงเรียนมาเพื่อทราบ{reader.particle}",
        show_everything=show_everything,
        as_of=formats.as_of(at),
    )


def _stage_line(change: WindowChange) -> _StageLine:
    return _StageLine(
        word(change.stage),
        f"กำหนดเดิม {formats.span_text(change.before)}" if change.before else "เดิมไม่ได้กำหนดเวลา",
        f"เปลี่ยนเป็น {formats.span_text(change.after)}" if change.after else "เปลี่ยนเป็น ไม่กำหนดเวลา",
    )

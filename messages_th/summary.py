"""How far the reports of a quarter are: figures first, then a bar for each part (``domain.md`` §3, §9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.submissions import DutyState
from messages_th.formats import count, short_date
from messages_th.listing import BROWN, GREEN, NAVY, RED, Count, Page, Row, Sheet, listing
from messages_th.reader import Reader
from messages_th.rendering import Rendered
from messages_th.words import word

_STATES = (
    (DutyState.WAITING, NAVY),
    (DutyState.RETURNED, BROWN),
    (DutyState.DRAFT, BROWN),
    (DutyState.MISSING, RED),
)


_EVERYWHERE = "ทุกกระทรวง"


@dataclass(frozen=True, slots=True)
class SummaryFigures:
    """Reports of a place: ``owed`` and ``approved``; ``states`` of the others as far as the reader may know them.

    ``in_time`` of ``due`` left their agency within its window.
    """

    owed: int
    approved: int
    states: Mapping[DutyState, int]
    due: int = 0
    in_time: int = 0

    @property
    def reported(self) -> int:
        """Sent, whether approved by now or not."""
        return self.approved + self.states.get(DutyState.WAITING, 0)


@dataclass(frozen=True, slots=True)
class Part:
    """A ministry, agency or unit of the place; ``press`` is the data of a tap, empty where there is nothing below."""

    name: str
    figures: SummaryFigures
    press: str = ""


@dataclass(frozen=True, slots=True)
class SummaryView:
    """What the reader may know: of a ``monitor`` only what is approved.

    No ``place``: the whole country. ``closes_on`` is the last day of the agency's window while it has not passed.
    """

    place: str
    period: str
    monitor: bool = False
    closes_on: date | None = None


def summary_card(
    reader: Reader, view: SummaryView, figures: SummaryFigures, parts: Sequence[Part], page: Page, as_of: datetime
) -> Rendered:
    """Return the figures of a place with a bar for each of its parts."""
    place = view.place or _EVERYWHERE
    return listing(
        Sheet(
            headline="สรุปภาพรวมการรายงาน" if not view.monitor else "สรุปรายงานที่อนุมัติแล้ว",
            as_of=as_of,
            place=place,
            period=view.period,
            counts=_counts(view, figures) if figures.owed else (),
            rows=[_row(view, part) for part in parts],
            empty=f"ไม่มีโครงการที่ต้องรายงานไตรมาสนี้{reader.particle}",
            note=_note(view) if figures.owed else "",
            page=page,
            alt=f"สรุปภาพรวมการรายงาน {place} {view.period} อนุมัติแล้ว {_of(figures.approved, figures.owed)}",
        )
    )


def _counts(view: SummaryView, figures: SummaryFigures) -> list[Count]:
    counts = [Count("ต้องรายงาน", f"{count(figures.owed)} โครงการ")]
    if not view.monitor:
        counts.append(Count("ส่งรายงานแล้ว", _share(figures.reported, figures.owed), NAVY))
    counts.append(Count("อนุมัติแล้ว", _share(figures.approved, figures.owed), GREEN))
    if not view.monitor:
        counts += [
            Count(word(state), count(number), colour)
            for state, colour in _STATES
            if (number := figures.states.get(state))
        ]
    if figures.due:
        counts.append(Count("ออกจากหน่วยงานทันกำหนด", _share(figures.in_time, figures.due), GREEN))
    return counts


def _row(view: SummaryView, part: Part) -> Row:
    figures = part.figures
    notes = [f"อนุมัติแล้ว {_of(figures.approved, figures.owed)}"]
    if not view.monitor:
        notes += [f"{word(state)} {count(number)}" for state, _ in _STATES if (number := figures.states.get(state))]
    if figures.due:
        notes.append(f"ทันกำหนด {_percent(figures.in_time, figures.due)}")
    return Row(
        title=part.name,
        note=" · ".join(notes),
        colour=GREEN,
        press=part.press,
        about=f"สรุปภาพรวม {part.name}",
        share=figures.approved / figures.owed if figures.owed else 0.0,
    )


def _note(view: SummaryView) -> str:
    bars = "แถบสีแสดงส่วนที่อนุมัติแล้ว"
    if view.closes_on is None or view.monitor:
        return bars
    return f"{bars} หน่วยงานส่งได้ถึงวันที่ {short_date(view.closes_on)} จึงยังไม่คิดร้อยละการส่งทันกำหนด"


def _of(part: int, whole: int) -> str:
    return f"{count(part)} จาก {count(whole)} ({_percent(part, whole)})" if whole else "0"


def _share(part: int, whole: int) -> str:
    return f"{count(part)} ({_percent(part, whole)})"


def _percent(part: int, whole: int) -> str:
    """Return a share in whole percent that says 100 only of everything and 0 only of nothing."""
    if part in (0, whole):
        return "100%" if part else "0%"
    return f"{min(max(round(100 * part / whole), 1), 99)}%"

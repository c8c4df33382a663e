"""An approved report as it is copied into eMENSCR: its fields in the order and by the names of the national form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from domain.fiscal import Quarter, YearBasis
from messages_th import formats
from messages_th.approval_card.view import ToldActivity, ToldLink
from messages_th.lengths import cut
from messages_th.project_fields import chosen

_RESULTS = (
    ("output_progress", "ความคืบหน้า: ผลผลิต"),
    ("outcome_progress", "ความคืบหน้า: ผลลัพธ์"),
    ("kpi_progress", "ความคืบหน้า: ดัชนีชี้วัด"),
)
_SUMMARY = (("summary", "สรุปผลการดำเนินงาน"), ("problems", "ปัญหา/อุปสรรค"), ("recommendations", "ข้อเสนอแนะ"))
_ITEM_LENGTH = 120


class CopyField(NamedTuple):
    """A field of the form and exactly what goes into it; empty: nothing was entered."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class MirrorView:
    """The report as told; ``mirrored_on``: its unit says that it is in eMENSCR since then, ``mirrored_by`` by whom."""

    code: str
    name: str
    unit: str
    quarter: Quarter
    basis: YearBasis
    uses_budget: bool
    values: Mapping[str, Any]
    activities: Sequence[ToldActivity]
    links: Sequence[ToldLink]
    approved_on: date | None
    mirrored_on: date | None
    mirrored_by: str
    may_mark: bool

    @property
    def standing(self) -> str:
        """What remains to be done, or what the unit said was done."""
        return standing(self.mirrored_on, self.mirrored_by)

    @property
    def fields(self) -> Sequence[CopyField]:
        """All fields of the form that the project has."""
        return list(_fields(self))


def standing(on: date | None, by: str) -> str:
    """Return what remains to be done, or what the unit said was done: we never look into eMENSCR ourselves.

    ``on`` None: nobody said so; ``by`` is the position of who did, empty: an imported file does.
    """
    if on is None:
        return STILL_TO_WRITE
    who = f" โดย {cut(formats.one_line(by), _ITEM_LENGTH)}" if by else " (ตามไฟล์ที่นำเข้า)"
    return f"หน่วยงานแจ้งว่าบันทึกใน eMENSCR แล้ว เมื่อ {formats.short_date(on)}{who}"


STILL_TO_WRITE = "ยังต้องบันทึกใน eMENSCR"
"""What remains for the unit after the last approval."""


def _fields(view: MirrorView) -> Iterator[CopyField]:
    yield from _texts(view, _RESULTS)
    for activity in view.activities:
        kind = "กิจกรรมย่อย" if activity.is_part else "กิจกรรม"
        yield CopyField(f"ความคืบหน้า{kind}: {_named(activity.name)}", activity.progress.strip())
    yield from _texts(view, [("level1_progress", "ความคืบหน้าต่อแผนระดับ 1")])
    for link in view.links:
        about = f"{chosen('link_kind', link.kind)} {_named(link.name)}"
        yield CopyField(f"ความคืบหน้าต่อแผนระดับ 2: {about}", link.progress.strip())
    if view.uses_budget:
        yield from _money(view)
    yield from _texts(view, _SUMMARY)


def _money(view: MirrorView) -> Iterator[CopyField]:
    yield CopyField("ผลการเบิกจ่ายไตรมาสนี้ ตามจริง (บาท)", _plain(view.values.get("disbursed_baht")))
    if carried := _plain(view.values.get("carried_disbursed_baht")):
        yield CopyField("เบิกจ่ายเงินกันเหลื่อมปี (บาท) ไม่รวมในผลการเบิกจ่ายของไตรมาส", carried)
    yield from _texts(view, [("underspend_reason", "สาเหตุที่เบิกจ่ายไม่ได้ตามแผน")])


def _texts(view: MirrorView, named: Sequence[tuple[str, str]]) -> Iterator[CopyField]:
    for name, label in named:
        yield CopyField(label, str(view.values.get(name) or "").strip())


def _plain(amount: Decimal | None) -> str:
    """Return an amount as forms take it: no commas, no unit."""
    return "" if amount is None else f"{amount:.2f}"


def _named(name: str) -> str:
    return cut(formats.one_line(name), _ITEM_LENGTH)

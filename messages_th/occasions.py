"""What a window or duty is about, in words: the matter, what one does about it, and when it is for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from domain.fiscal import Quarter, YearBasis
from domain.submissions import SubmissionKind
from domain.windows import Occasion, WindowKind
from messages_th.formats import fiscal_year_text, quarter_text
from messages_th.words import word

_CLASSIFIER: Mapping[WindowKind, str] = MappingProxyType(
    {
        WindowKind.PROJECT_ENTRY: "โครงการ",
        WindowKind.MIDYEAR_ENTRY: "โครงการ",
        WindowKind.QUARTER_REPORT: "โครงการ",
        WindowKind.LEVEL3_PLAN: "แผน",
        WindowKind.ACHIEVEMENT_ANNUAL: "ฉบับ",
        WindowKind.ACHIEVEMENT_ACTION_PLAN: "ฉบับ",
        WindowKind.OPEN_D: "รายการ",
        WindowKind.PROPOSAL: "ข้อเสนอ",
    }
)
_REPORTS = frozenset({WindowKind.QUARTER_REPORT, WindowKind.ACHIEVEMENT_ANNUAL, WindowKind.ACHIEVEMENT_ACTION_PLAN})


def classifier(kind: WindowKind) -> str:
    """Return the noun that things of this kind are counted in: «3 โครงการ»."""
    return _CLASSIFIER[kind]


def action(kind: WindowKind) -> str:
    """Return what an officer does: «รายงานความก้าวหน้า», «นำเข้าแผนระดับ 3»; the matter itself is ``word(kind)``."""
    return word(kind) if kind in _REPORTS else f"นำเข้า{word(kind)}"


@lru_cache(maxsize=1024)
def period(occasion: Occasion, basis: YearBasis) -> str:
    """Return when it is for, in the reader's year basis: «ไตรมาส 2/2566 (ม.ค.–มี.ค. 66)», «ปีงบประมาณ 2566»."""
    year = fiscal_year_text(occasion.fiscal_year, basis)
    if occasion.quarter is None:
        return year
    if occasion.kind is WindowKind.QUARTER_REPORT:
        return quarter_text(Quarter(occasion.fiscal_year, occasion.quarter), basis)
    return f"รอบที่ {occasion.quarter} {year}"


def matter(kind: SubmissionKind, occasion: Occasion, basis: YearBasis) -> str:
    """Return what is sent along the route and when it is for: «รายงานความก้าวหน้า ไตรมาส 1/2566 (ต.ค.–ธ.ค. 65)»."""
    if kind in (SubmissionKind.PROJECT_ENTRY, SubmissionKind.PROJECT_EDIT):
        return word(kind)
    return f"{word(occasion.kind)} {period(occasion, basis)}"

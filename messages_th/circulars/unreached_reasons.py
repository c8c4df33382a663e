"""Why a circular did not reach somebody, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "not_linked": "ยังไม่ผูกบัญชี LINE",
        "blocked": "ปิดกั้นบอต",
        "too_late": "เลยเวลาที่ส่งได้",
        "retry_window": "ไม่ทราบว่าถึงหรือไม่",
        "called_off": "ยกเลิกการส่งก่อน",
    }
)


def people_by_reason(unreached: Mapping[str, int]) -> Mapping[str, int]:
    """Return how many people each reason kept from it, in words, the commonest first; given by the outbox's reasons."""
    found: Counter[str] = Counter()
    for reason, people in unreached.items():
        found[reason_words(reason)] += people
    return dict(found.most_common())


def reason_words(reason: str) -> str:
    """Return why, by the outbox's reason; what LINE said is told without its own words."""
    return _WORDS.get(reason.split(" ", 1)[0], "LINE ไม่รับข้อความ")

"""Plan versions and money carried over in words, the same wherever a project's money is shown (``domain.md`` §2)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from domain.spending import Carried
from messages_th import formats

CARRIED_OVER = "เงินกันเหลื่อมปี"
PLAN_IN_FORCE = "แผนที่ใช้เทียบ"
_NOT_REPORTED = "–"


def plan_version(dated_on: date) -> str:
    """Return which version of its plan a project is measured by, where a letter changed the plan."""
    return f"ฉบับลงวันที่ {formats.short_date(dated_on)}"


def carried_over(carried: Carried) -> str:
    """Return what was reserved, and what was disbursed of it in the quarter and in the year up to it."""
    reserved = f"กันไว้ {formats.baht(carried.reserved)}" if carried.reserved else "ไม่มียอดกันไว้ในแผน"
    return f"{reserved} · เบิกจ่ายไตรมาสนี้ {_amount(carried.own)} · สะสมทั้งปี {_amount(carried.to_date)} (ไม่นับรวมในแผนของปี)"


def _amount(amount: Decimal | None) -> str:
    return _NOT_REPORTED if amount is None else formats.baht(amount)

"""Disbursement against plan in words: of a project, by agency, and what is below plan (``domain.md`` §2, M6)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from domain.fiscal import Quarter, YearBasis
from domain.spending import Carried, Spending
from messages_th import formats
from messages_th.carried_over import CARRIED_OVER, PLAN_IN_FORCE, carried_over, plan_version
from messages_th.lengths import cut
from messages_th.listing import BROWN, GREEN, GREY, NAVY, Count, Page, Row, Sheet, listing
from messages_th.rendering import Rendered

_ROUNDING = "ร้อยละปัดเป็นทศนิยม 2 ตำแหน่ง เทียบกับแผนที่ใช้อยู่ ณ วันสิ้นไตรมาส"
_APPROVED_ONLY = "นับเฉพาะรายงานที่อนุมัติแล้ว"
_BELOW = re.compile(r"ต่ำกว่า|ไม่ถึง|ไม่เป็นไปตามแผน|ไม่ตามแผน|น้อยกว่า|ช้ากว่า|ไม่ได้ตามแผน|below|under")
_NAME_LENGTH = 300


@dataclass(frozen=True, slots=True)
class About:
    """Whose money it is, of which quarter (``period`` is its echo)."""

    place: str
    period: str
    as_of: datetime


@dataclass(frozen=True, slots=True)
class ProjectMoney:
    """A project's own figures, in baht; as ``storage.queries.disbursement.ProjectSpending`` explains them."""

    code: str
    name: str
    basis: YearBasis
    uses_budget: bool
    budget_total: Decimal | None
    own: Spending
    to_date: Spending
    plan_dated_on: date | None
    carried: Carried | None
    unapproved: Decimal | None
    left: Decimal | None
    counted_from: Quarter | None
    without_report: Sequence[Quarter]


@dataclass(frozen=True, slots=True)
class SpendingRow:
    """A row: a project (with its code) or a place; ``press`` opens it. ``remark`` stands before the figures."""

    title: str
    own: Spending
    to_date: Spending
    press: str
    code: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of a list; ``projects`` owe a report and use budget, ``reported`` of them have an approved one."""

    own: Spending
    to_date: Spending
    projects: int
    reported: int
    below: int


def asks_below_plan(utterance: str) -> bool:
    """Tell whether a sentence about money asks for what is below plan."""
    return _BELOW.search(utterance) is not None


def project_money(about: About, money: ProjectMoney) -> Rendered:
    """Return the figures of one project: the quarter's own, the year's up to it, and what is left of its budget."""
    rows = _project_rows(money) if money.uses_budget else []
    return listing(
        Sheet(
            headline="การเบิกจ่ายเทียบแผน",
            place=about.place,
            period=about.period,
            intro=f"{money.code} {cut(formats.one_line(money.name), _NAME_LENGTH)}",
            as_of=about.as_of,
            rows=rows,
            empty="โครงการนี้ไม่ใช้งบประมาณ จึงไม่มีข้อมูลการเบิกจ่าย",
            note="\n".join(_remarks(money)),
            alt=f"การเบิกจ่าย {money.code} {about.period} {_percent(money.own)}",
        )
    )


def spending_list(about: About, totals: Totals, rows: Sequence[SpendingRow], page: Page) -> Rendered:
    """Return disbursement by place or project, all of it together first."""
    return listing(
        Sheet(
            headline="การเบิกจ่ายเทียบแผน",
            place=about.place,
            period=about.period,
            as_of=about.as_of,
            counts=_counts(totals),
            rows=[_row(row) for row in rows],
            empty="ไม่มีโครงการที่ใช้งบประมาณและต้องรายงานในไตรมาสนี้",
            note=f"{_APPROVED_ONLY} ไม่รวม{CARRIED_OVER} {_ROUNDING}",
            page=page,
        )
    )


def below_plan_list(about: About, below: int, reported: int, rows: Sequence[SpendingRow], page: Page) -> Rendered:
    """Return what disbursed less than planned in the quarter: places with how many, or projects, the lowest first."""
    return listing(
        Sheet(
            headline="เบิกจ่ายต่ำกว่าแผนไตรมาส",
            place=about.place,
            period=about.period,
            as_of=about.as_of,
            counts=[
                Count("ต่ำกว่าแผน", _projects(below), BROWN),
                Count("จากที่รายงานและอนุมัติแล้ว", _projects(reported)),
            ],
            rows=[_row(row) for row in rows],
            empty="ไม่มีโครงการที่เบิกจ่ายต่ำกว่าแผน ในรายงานที่อนุมัติแล้ว",
            note=f"{_APPROVED_ONLY} ไม่รวม{CARRIED_OVER} {_ROUNDING}",
            page=page,
        )
    )


def below_of_reported(below: int, reported: int) -> str:
    """Return the remark of a place in the list of what is below plan."""
    return f"ต่ำกว่าแผน {formats.count(below)} จาก {_projects(reported)}ที่อนุมัติแล้ว"


def _project_rows(money: ProjectMoney) -> list[Row]:
    rows = [
        Row("ไตรมาสนี้", note=_figures(money.own), colour=_colour(money.own), share=money.own.share),
        Row(
            "สะสมตั้งแต่ต้นปีงบประมาณ",
            note=_figures(money.to_date),
            colour=_colour(money.to_date),
            share=money.to_date.share,
        ),
    ]
    if money.unapproved is not None:
        rows.append(Row("ไตรมาสนี้ตามรายงานที่ยังไม่อนุมัติ", note=f"{formats.baht(money.unapproved)} (ยังไม่อนุมัติ)", colour=BROWN))
    if money.carried is not None:
        rows.append(Row(CARRIED_OVER, note=carried_over(money.carried), colour=NAVY))
    if money.budget_total is not None and money.left is not None:
        rows.append(Row("วงเงินทั้งหมด", note=formats.baht(money.budget_total), colour=NAVY))
        rows.append(Row("วงเงินคงเหลือ", note=_left(money.left), colour=NAVY))
    return rows


def _left(left: Decimal) -> str:
    return formats.baht(left) if left >= 0 else f"เบิกจ่ายเกินวงเงิน {formats.baht(-left)}"


def _remarks(money: ProjectMoney) -> list[str]:
    if not money.uses_budget:
        return []
    remarks = []
    if money.without_report:
        named = ", ".join(formats.quarter_name(quarter, money.basis) for quarter in money.without_report)
        remarks.append(f"ยังไม่มีรายงานที่อนุมัติแล้วของ{named}")
    if money.counted_from is not None:
        remarks.append(f"ไม่รวมการเบิกจ่ายก่อน{formats.quarter_name(money.counted_from, money.basis)}")
    if money.plan_dated_on is not None:
        remarks.append(f"{PLAN_IN_FORCE}: {plan_version(money.plan_dated_on)}")
    return [*remarks, f"{_APPROVED_ONLY} {_ROUNDING}"]


def _counts(totals: Totals) -> list[Count]:
    if not totals.projects:
        return []
    return [
        Count("แผนไตรมาสนี้ (บาท)", _figure(totals.own.planned)),
        Count("เบิกจ่ายไตรมาสนี้ (บาท)", _figure(totals.own.disbursed), GREEN),
        Count("ร้อยละของแผนไตรมาส", _percent_figure(totals.own)),
        Count("ร้อยละของแผนสะสม", _percent_figure(totals.to_date)),
        Count("รายงานอนุมัติแล้ว", f"{formats.count(totals.reported)} จาก {_projects(totals.projects)}"),
        Count("ต่ำกว่าแผน", _projects(totals.below), BROWN if totals.below else GREY),
    ]


def _row(row: SpendingRow) -> Row:
    figures = f"{_figures(row.own)} · สะสม {_percent(row.to_date)}"
    return Row(
        title=row.title,
        code=row.code,
        note=" · ".join(filter(None, (row.remark, figures))),
        colour=_colour(row.own),
        press=row.press,
        share=row.own.share,
    )


def _figures(spending: Spending) -> str:
    """Return «1,000.00 จาก 2,000.00 บาท (ร้อยละ 50.00)», or in words what is missing for it."""
    if spending.disbursed is None:
        planned = "" if not spending.planned else f" (แผน {formats.baht(spending.planned)})"
        return f"ยังไม่มีผลเบิกจ่ายที่อนุมัติแล้ว{planned}"
    if spending.planned is None:
        return f"{formats.baht(spending.disbursed)} (ไม่มีแผนการใช้จ่าย)"
    if not spending.planned:
        return f"{formats.baht(spending.disbursed)} (ไม่มีแผนเบิกจ่ายในช่วงนี้)"
    return f"{spending.disbursed:,.2f} จาก {formats.baht(spending.planned)} ({_percent(spending)})"


def _percent(spending: Spending) -> str:
    percent = spending.percent
    if percent is not None:
        return f"ร้อยละ {percent:,.2f}"
    return "ยังไม่มีผลเบิกจ่าย" if spending.disbursed is None else "ไม่มีแผน"


def _percent_figure(spending: Spending) -> str:
    return _percent(spending).removeprefix("ร้อยละ ")


def _colour(spending: Spending) -> str:
    if spending.percent is None:
        return GREY
    return BROWN if spending.is_below_plan else GREEN


def _baht(amount: Decimal | None) -> str:
    return "ไม่มีข้อมูล" if amount is None else formats.baht(amount)


def _figure(amount: Decimal | None) -> str:
    """Return an amount without its unit, which would not fit beside it on a narrow phone."""
    return _baht(amount).removesuffix(" บาท")


def _projects(number: int) -> str:
    return f"{formats.count(number)} โครงการ"

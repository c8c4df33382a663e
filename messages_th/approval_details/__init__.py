"""All that stands in an item: the whole report (M6), all of a project (M1 to M5), or the facts of a plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.fiscal import YearBasis
from domain.modules import Module
from domain.submissions import SubmissionKind
from messages_th import formats
from messages_th.approval_card import wording
from messages_th.approval_card.view import ItemView, ToldActivity, ToldLists
from messages_th.carried_over import CARRIED_OVER
from messages_th.lengths import cut, utf16_length
from messages_th.listing import Button
from messages_th.occasions import matter
from messages_th.project_fields import MODULE_FIELDS, NOTHING, chosen, field_value, project_field_name
from messages_th.rendering import Rendered, card
from messages_th.words import word

MAX_CARDS = 5
"""Messages in one reply (LINE reference, "Send reply message")."""
_CARD_LENGTH, _CARD_LINES = 2_400, 24
"""UTF-16 units and texts in a card: LINE takes 30 KB, which may count six bytes a letter and the frame of each text."""
_TEXT_LENGTH, _NAME_LENGTH, _CHANGES, _CHANGE_LENGTH, _ABOUT_LENGTH = 1_200, 240, 30, 300, 80
_NOT_FILLED = "ไม่ได้กรอก"
_RESULTS = ("output_progress", "outcome_progress", "kpi_progress")
_MONEY = ("disbursed_baht", "underspend_reason")
_SUMMARY = ("summary", "problems", "recommendations")
_PLAN = ("plan_name", "fiscal_year", "reference", "entered_on")


@dataclass(frozen=True, slots=True)
class _Line:
    """A text with what it is called; ``opens`` is the headline of the part that begins with it."""

    label: str
    text: str
    opens: str = ""


def approval_details(item: ItemView, lists: ToldLists, show: str, as_of: datetime) -> Sequence[Rendered]:
    """Return one to five cards with everything, in the order of eMENSCR's forms; the last says if some did not fit.

    It ends with the button back to the item; ``show`` is its data.
    """
    cards = _dealt(list(_lines(item, lists)))
    shown = cards[:MAX_CARDS]
    back = Button("ดูเรื่องนี้", show, about=f"ดูเรื่อง {item.code or cut(formats.one_line(item.name), _ABOUT_LENGTH)}")
    return [
        card(
            "approval_details",
            headline=matter(item.kind, item.occasion, item.basis),
            code=item.code,
            name=cut(formats.one_line(item.name), _NAME_LENGTH) or wording.NO_NAME,
            number=f"ส่วนที่ {number} จาก {len(shown)}" if len(shown) > 1 else "",
            lines=lines,
            rest="ข้อมูลยาวกว่าที่แสดงได้ โปรดดูส่วนที่เหลือในระบบ eMENSCR" if number == MAX_CARDS < len(cards) else "",
            buttons=[back] if number == len(shown) else [],
            as_of=formats.as_of(as_of),
        )
        for number, lines in enumerate(shown, 1)
    ]


def _dealt(lines: Sequence[_Line]) -> Sequence[Sequence[_Line]]:
    """Return the lines in as many cards as they need."""
    cards: list[list[_Line]] = [[]]
    room = _CARD_LENGTH
    for line in lines:
        length = utf16_length(line.label + line.text + line.opens)
        if cards[-1] and (length > room or len(cards[-1]) == _CARD_LINES):
            cards.append([])
            room = _CARD_LENGTH
        cards[-1].append(line)
        room -= length
    return cards


def _lines(item: ItemView, lists: ToldLists) -> Iterator[_Line]:
    changes = wording.changes_lines(item.changes, _CHANGES, _CHANGE_LENGTH)
    yield from _part(wording.changes_headline(item.changes), [("", line) for line in changes])
    match item.kind:
        case SubmissionKind.QUARTER_REPORT:
            yield from _report(item, lists)
        case SubmissionKind.PROJECT_ENTRY | SubmissionKind.PROJECT_EDIT:
            yield from _project(item, lists)
        case SubmissionKind.LEVEL3_PLAN | SubmissionKind.ACHIEVEMENT_REPORT:
            yield from _part(word(item.kind), _fields(item, _PLAN))


def _report(item: ItemView, lists: ToldLists) -> Iterator[_Line]:
    yield from _part("ผลการดำเนินงาน", _fields(item, _RESULTS))
    yield from _part("กิจกรรมตามแผนของไตรมาส", [(_activity(one), _said(one.progress)) for one in lists.activities])
    links = [(f"{chosen('link_kind', one.kind)}: {_short(one.name)}", _said(one.progress)) for one in lists.links]
    yield from _part("ความคืบหน้าต่อแผนระดับ 1 และ 2", [*_fields(item, ("level1_progress",)), *links])
    if item.uses_budget:
        plans = [
            (found.label, f"เบิกจ่าย {found.disbursed} จากแผน {found.planned} {found.share}".strip())
            for found in wording.money(item)
        ]
        yield from _part("การเบิกจ่าย", [*plans, *wording.money_notes(item), *_fields(item, _MONEY)])
    yield from _part("สรุปผลและปัญหา", _fields(item, _SUMMARY))


def _project(item: ItemView, lists: ToldLists) -> Iterator[_Line]:
    for module in (Module.M1, Module.M2, Module.M3):
        links = lists.links if module is Module.M1 else ()
        further = [(chosen("link_kind", one.kind), _said(one.name)) for one in links]
        yield from _part(f"{module} {word(module)}", [*_fields(item, MODULE_FIELDS[module]), *further])
    activities = [(_activity(one), _quarters(one)) for one in lists.activities]
    yield from _part(f"{Module.M4} {word(Module.M4)}", activities or [("", NOTHING)])
    yield from _part(f"{Module.M5} {word(Module.M5)}", _budget(item, lists))


def _budget(item: ItemView, lists: ToldLists) -> Sequence[tuple[str, str]]:
    if not item.uses_budget:
        return [("", "ไม่ใช้งบประมาณ")]
    funding = [
        (_short(" ".join(filter(None, (chosen("funding_kind", kind), origin)))), formats.baht(amount))
        for kind, origin, amount in lists.funding
    ]
    plans = [
        (f"แผนการใช้จ่าย {formats.fiscal_year_text(year, YearBasis.FISCAL)}", _plan(plan))
        for year, plan in lists.plans.items()
    ]
    carried = [
        (f"{CARRIED_OVER} {formats.fiscal_year_text(year, YearBasis.FISCAL)}", formats.baht(amount))
        for year, amount in lists.carried_over.items()
    ]
    return [*_fields(item, MODULE_FIELDS[Module.M5]), *funding, *plans, *carried]


def _plan(plan: Sequence[Decimal]) -> str:
    quarters = [f"ไตรมาส {number} {formats.baht(amount)}" for number, amount in enumerate(plan, 1)]
    return " · ".join([*quarters, f"รวม {formats.baht(sum(plan, Decimal(0)))}"])


def _part(headline: str, found: Sequence[tuple[str, str]]) -> Iterator[_Line]:
    for number, (label, text) in enumerate(found):
        yield _Line(label, text, headline if number == 0 else "")


def _fields(item: ItemView, names: Sequence[str]) -> Sequence[tuple[str, str]]:
    return [(project_field_name(name), _value(item, name)) for name in names]


def _value(item: ItemView, name: str) -> str:
    return cut(field_value(name, item.values.get(name)), _TEXT_LENGTH)


def _said(words: str) -> str:
    return cut(formats.one_line(words), _TEXT_LENGTH) or _NOT_FILLED


def _short(words: str) -> str:
    return cut(formats.one_line(words), _NAME_LENGTH)


def _activity(activity: ToldActivity) -> str:
    return f"{'กิจกรรมย่อย' if activity.is_part else 'กิจกรรม'}: {_short(activity.name)}"


def _quarters(activity: ToldActivity) -> str:
    return f"ไตรมาส {', '.join(map(str, activity.quarters))}" if activity.quarters else NOTHING

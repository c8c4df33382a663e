"""The card on which a person sees and changes how they are reminded, and what is said about putting a reminder off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.preferences import ImpossibleLead, ReminderPreference, Wish, WishRefused
from messages_th import formats
from messages_th.reader import Reader
from messages_th.rendering import Rendered, card, plain

LEAD_CHOICES = (1, 3, 5, 7)
"""Working days ahead that have a button; others can be typed."""
_DAY_NAMES = {1: "วันจันทร์", 2: "วันอังคาร", 3: "วันพุธ", 4: "วันพฤหัสบดี", 5: "วันศุกร์"}
_DAY_BUTTONS = {1: "จ.", 2: "อ.", 3: "พ.", 4: "พฤ.", 5: "ศ."}
_WEEKENDS = "วันเสาร์ วันอาทิตย์ และวันหยุดราชการ ระบบไม่แจ้งเตือนอยู่แล้ว"
_LAST_DAY = "วันทำการสุดท้ายของกำหนดแจ้งเตือนเสมอ"


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of the card: what it says, what it types, its data, and whether it is chosen now."""

    label: str
    about: str
    press: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody is reminded now; ``ministry_leads`` hold where the person chose none.

    ``owes``: the person has duties of their own, of which one is reminded ahead.
    """

    preference: ReminderPreference
    ministry_leads: Sequence[int]
    owes: bool


def settings_card(
    reader: Reader,
    standing: Standing,
    leads: Mapping[int, str],
    weekdays: Mapping[int, str],
    as_ministry: str,
    said: str = "",
) -> Rendered:
    """Return the settings with a button for each choice; ``said`` is what was just done or explained.

    ``leads`` has the button data by working days, ``weekdays`` by ISO weekday: they turn the day over.
    """
    preference = standing.preference
    lead_choices = [
        Choice(f"{days} วัน", f"เตือนล่วงหน้า {days} วันทำการ", press, preference.lead_days == (days,))
        for days, press in leads.items()
    ]
    weekday_choices = [
        Choice(_DAY_BUTTONS[day], _turned(day, preference), press, day not in preference.quiet_weekdays)
        for day, press in weekdays.items()
    ]
    return card(
        "reminder_settings",
        salutation=reader.salutation,
        said=said,
        owes=standing.owes,
        lead=_lead_text(standing),
        lead_choices=lead_choices,
        as_ministry=as_ministry if preference.lead_days is not None else "",
        quiet=_quiet_text(preference.quiet_weekdays),
        weekday_choices=weekday_choices,
        weekends=_WEEKENDS,
        last_day=_LAST_DAY,
        confirm="",
    )


def proposal_card(reader: Reader, before: Standing, after: Standing, confirm: str, *, names_weekends: bool) -> Rendered:
    """Return what would be different, with the button that makes it so: words alone change nothing."""
    return card(
        "reminder_settings",
        salutation=reader.salutation,
        said=f"ท่านประสงค์จะเปลี่ยนการแจ้งเตือนเป็นดังนี้ โปรดกด «ยืนยัน»{reader.particle}",
        owes=before.owes and before.preference.lead_days != after.preference.lead_days,
        lead=_lead_text(after),
        lead_choices=(),
        as_ministry="",
        quiet=_quiet_text(after.preference.quiet_weekdays)
        if before.preference.quiet_weekdays != after.preference.quiet_weekdays
        else "",
        weekday_choices=(),
        weekends=_WEEKENDS if names_weekends else "",
        last_day=_LAST_DAY,
        confirm=confirm,
    )


def saved(reader: Reader) -> str:
    """Return that the settings were changed."""
    return f"บันทึกการตั้งค่าแล้ว{reader.particle}"


def unchanged(reader: Reader, wish: Wish, *, owes: bool, names_weekends: bool) -> str:
    """Return why a sentence proposes nothing: what it asks for is so already, or does not concern the person."""
    if wish.lead_days and not owes:
        return f"การเตือนล่วงหน้าใช้กับผู้ที่ต้องรายงานหรือนำเข้าข้อมูลเอง ท่านจึงไม่มีค่าที่ต้องตั้ง{reader.particle}"
    if names_weekends:
        return f"{_WEEKENDS} จึงไม่ต้องตั้งค่า{reader.particle}"
    return "" if wish == Wish() else f"ตั้งค่าไว้เช่นนี้อยู่แล้ว{reader.particle}"


def refused(reader: Reader, why: WishRefused) -> str:
    """Return why a wish cannot be granted."""
    if isinstance(why, ImpossibleLead):
        return f"การเตือนล่วงหน้าตั้งได้ 1–30 วันทำการ ไม่เกิน 3 ครั้ง{reader.particle}"
    return f"ต้องเหลือวันทำการที่รับการแจ้งเตือนอย่างน้อยหนึ่งวัน{reader.particle}"


def snoozed(reader: Reader, again_on: date, *, is_last_day: bool) -> Rendered:
    """Return when the reminder comes again; on a window's last working day the deadline is said, too."""
    lines = [f"จะแจ้งเตือนเรื่องที่ยังค้างอีกครั้งในเช้า{formats.weekday_date(again_on)}{reader.particle}"]
    if is_last_day:
        lines.append("ทั้งนี้ วันนี้เป็นวันทำการสุดท้ายของกำหนด จึงขอความกรุณาดำเนินการภายในวันนี้")
    return plain("\n".join(lines))


def snoozed_too_late(reader: Reader, day: date) -> Rendered:
    """Return that the reminder belongs to a day that is over."""
    return plain(
        f"ปุ่มนี้เป็นของการแจ้งเตือนเมื่อ{formats.weekday_date(day)} ซึ่งผ่านไปแล้ว "
        f"หากยังมีเรื่องค้าง ระบบจะแจ้งเตือนตามรอบเดิม หรือพิมพ์ «โครงการที่ยังไม่รายงาน» เพื่อดูรายการ{reader.particle}"
    )


def _lead_text(standing: Standing) -> str:
    own = standing.preference.lead_days
    days = " และ ".join(str(days) for days in (own or standing.ministry_leads))
    return f"เตือนล่วงหน้า {days} วันทำการ{'' if own else ' (ตามนโยบายกระทรวง)'}"


def _quiet_text(weekdays: frozenset[int]) -> str:
    if not weekdays:
        return "รับการแจ้งเตือนทุกวันทำการ"
    return f"ไม่รับ{' '.join(_DAY_NAMES[day] for day in sorted(weekdays))}"


def _turned(day: int, preference: ReminderPreference) -> str:
    return f"{'รับ' if day in preference.quiet_weekdays else 'ไม่รับ'}การแจ้งเตือน{_DAY_NAMES[day]}"

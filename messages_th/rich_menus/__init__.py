"""Rich menus: which entries each role has, in which words, and how menus of several roles hang together.

Everybody has one page per role. Who holds one role gets that page. Who holds several gets a family: the pages of these
roles, each with the same strip of tabs on top, whose taps go from one to the next (LINE reference, "Rich menu switch
action"). A tap sets the menu of that person alone, but an alias means the same menu for everybody on the channel; so a
family belongs to a set of roles, not to a person, and only sets that people hold have one. Seven roles can make 448
such menus at the very most, of LINE's 1,000.

Every entry types a word that can be typed as well: LINE for PC shows no menus.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from domain.roles import Role
from messages_th.understanding.intents import Intent

CHAT_BAR_TEXT = "แตะเพื่อเปิดเมนู"
"""What the bar below the chat says; 14 graphemes at most."""


class Icon(StrEnum):
    """Pictures of entries; ``bot.rich_menus.icons`` draws them."""

    BARS = "bars"
    BELL = "bell"
    CALENDAR = "calendar"
    CLIPBOARD = "clipboard"
    CLOCK = "clock"
    COINS = "coins"
    FOLDER = "folder"
    GRID = "grid"
    HISTORY = "history"
    HOURGLASS = "hourglass"
    LETTER = "letter"
    LINK = "link"
    QUESTION = "question"
    SEARCH = "search"
    STAMP = "stamp"


@dataclass(frozen=True, slots=True)
class Entry:
    """A tappable cell: ``label`` has one or two lines, ``says`` is what a tap asks for."""

    label: str
    icon: Icon
    says: Intent


@dataclass(frozen=True, slots=True)
class Page:
    """The entries of one role, in rows of equal height; the first entry stands out. ``tab`` names it on a strip."""

    tab: str
    rows: tuple[tuple[Entry, ...], ...]


@dataclass(frozen=True, slots=True)
class Menu:
    """A page as it is uploaded: by itself, or as the page of ``role`` in the family of ``tabs``."""

    name: str
    role: Role | None
    tabs: tuple[Role, ...] = ()

    @property
    def page(self) -> Page:
        """What the menu shows below its tabs."""
        return GUEST_PAGE if self.role is None else PAGES[self.role]


_UNREPORTED = Entry("โครงการที่\nยังไม่รายงาน", Icon.CLIPBOARD, Intent.UNREPORTED_PROJECTS)
_OWED_PLANS = Entry("แผนและ\nรายงานที่ค้าง", Icon.CLIPBOARD, Intent.UNREPORTED_PROJECTS)
_MY_PROJECTS = Entry("โครงการ\nของฉัน", Icon.FOLDER, Intent.MY_PROJECTS)
_SEARCH = Entry("สถานะ\nโครงการ", Icon.SEARCH, Intent.PROJECT_STATUS)
_PENDING = Entry("รายการ\nรออนุมัติ", Icon.STAMP, Intent.PENDING_APPROVALS)
_DEADLINE = Entry("กำหนดส่ง", Icon.HOURGLASS, Intent.DEADLINE)
_CALENDAR = Entry("ปฏิทินทั้งปี", Icon.CALENDAR, Intent.WINDOW_CALENDAR)
_DISBURSEMENT = Entry("ผลการ\nเบิกจ่าย", Icon.COINS, Intent.DISBURSEMENT_STATUS)
_SUMMARY = Entry("สรุป\nภาพรวม", Icon.BARS, Intent.AGENCY_SUMMARY)
_OVERDUE = Entry("โครงการ\nเกินกำหนด", Icon.CLOCK, Intent.OVERDUE_LIST)
_HISTORY = Entry("รายงาน\nย้อนหลัง", Icon.HISTORY, Intent.REPORT_HISTORY)
_REMINDERS = Entry("ตั้งค่าการ\nแจ้งเตือน", Icon.BELL, Intent.SETTINGS_REMINDERS)
_CIRCULARS = Entry("หนังสือ\nเวียน", Icon.LETTER, Intent.BROADCAST)
_ALL = Entry("เมนูทั้งหมด", Icon.GRID, Intent.HELP)

_EXECUTIVE_ROWS = ((_PENDING, _SUMMARY, _OVERDUE), (_SEARCH, _DISBURSEMENT, _ALL))

GUEST_PAGE = Page(
    "เริ่มใช้งาน",
    (
        (Entry("ผูกบัญชี", Icon.LINK, Intent.LINK_ACCOUNT),),
        (Entry("วิธีใช้งาน", Icon.QUESTION, Intent.HELP),),
    ),
)
"""For accounts that are linked to nobody, and for people without a post: LINE's default menu."""

PAGES: Mapping[Role, Page] = MappingProxyType(
    {
        Role.APPROVER: Page("อนุมัติ", _EXECUTIVE_ROWS),
        Role.MINISTRY_COORDINATOR: Page("ประสานงาน", ((_UNREPORTED, _SUMMARY, _OVERDUE), (_PENDING, _CIRCULARS, _ALL))),
        Role.PROJECT_OFFICER: Page(
            "โครงการ", ((_UNREPORTED, _MY_PROJECTS, _DEADLINE), (_DISBURSEMENT, _HISTORY, _ALL))
        ),
        Role.PLAN_OFFICER: Page("แผน", ((_OWED_PLANS, _PENDING, _DEADLINE), (_CALENDAR, _REMINDERS, _ALL))),
        Role.ASSISTANT: Page("ผู้ช่วย", _EXECUTIVE_ROWS),
        Role.MONITOR: Page("ติดตาม", ((_SUMMARY, _DISBURSEMENT, _SEARCH), (_HISTORY, _CALENDAR, _ALL))),
        Role.ADMIN: Page("ผู้ดูแล", ((_SUMMARY, _UNREPORTED, _OVERDUE), (_SEARCH, _CIRCULARS, _ALL))),
    }
)
"""Each role's page. The order is that of tabs: what presses most comes first and opens first."""

_LETTERS: Mapping[Role, str] = MappingProxyType(
    {
        Role.APPROVER: "a",
        Role.MINISTRY_COORDINATOR: "c",
        Role.PROJECT_OFFICER: "o",
        Role.PLAN_OFFICER: "p",
        Role.ASSISTANT: "s",
        Role.MONITOR: "m",
        Role.ADMIN: "d",
    }
)

GUEST = Menu("guest", None)
SINGLE = tuple(Menu(role.value, role) for role in PAGES)


def menus(held: Iterable[Collection[Role]]) -> list[Menu]:
    """Return every menu that has to exist for people who hold these sets of roles: guests' first, families last."""
    sets = {_in_order(roles) for roles in held}
    families = [menu for roles in sorted(sets) if len(roles) > 1 for menu in family(roles)]
    return [GUEST, *SINGLE, *families]


def family(roles: Collection[Role]) -> list[Menu]:
    """Return the menus of a set of two or more roles, one a tab."""
    tabs = _in_order(roles)
    return [Menu(tab_name(tabs, role), role, tabs) for role in tabs]


def tab_name(tabs: Collection[Role], role: Role) -> str:
    """Return the name of the menu of ``role`` in the family of ``tabs``: an alias is made of it."""
    return f"tabs-{''.join(_LETTERS[tab] for tab in tabs)}-{_LETTERS[role]}"


def menu_names(roles: Collection[Role]) -> list[str]:
    """Return the names of the menus that fit somebody with these roles, best first.

    A family appears with the next upload after the first person holds its roles; until then the weightiest role's
    page has to do.
    """
    tabs = _in_order(roles)
    if not tabs:
        return [GUEST.name]
    first = tabs[0]
    return [first.value] if len(tabs) == 1 else [tab_name(tabs, first), first.value]


def _in_order(roles: Collection[Role]) -> tuple[Role, ...]:
    return tuple(role for role in PAGES if role in roles)

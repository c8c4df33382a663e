"""A plan officer with the form of an agency's duty open, and what came of what they pressed."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from domain.windows import WindowKind
from handlers.conversation import Page
from handlers.duty_pages import DUTY, OpenDutyForm
from storage import tables
from storage.tables.messaging import AuditAction, AuditEntry
from tests.handset import Handset
from tests.office import Bot, bangkok
from tests.spreadsheets import write_xlsx

OFFICER = "P00016"
PLAN = OpenDutyForm(WindowKind.LEVEL3_PLAN, "รง03", 2566, 0)


@pytest.fixture
def office(labour: Bot) -> Bot:
    """The sample ministry eight days before its level-3 plans are due."""
    labour.at = bangkok("20 ก.พ. 66", "09:00")
    return labour


class Desk:
    """A plan officer with the form of a duty open."""

    def __init__(self, bot: Bot, duty: OpenDutyForm = PLAN, person: str = OFFICER) -> None:
        self.handset = Handset(bot)
        self.address = self.handset.opens(person, Page.DUTY, {DUTY: duty.pack()})
        self.last = self.handset.get(self.address)

    @property
    def text(self) -> str:
        """What the page says, without its tags."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.last.text)).split())

    def looks(self) -> str:
        """Load the page anew."""
        self.last = self.handset.get(self.address)
        return self.text

    def hidden(self, name: str) -> str:
        """Return the value of a field of the page as it was shown last."""
        return unescape(re.findall(rf'name="{name}" value="([^"]*)"', self.last.text)[0])

    def offers(self, action: str) -> bool:
        return f'value="{action}"' in self.last.text

    def presses(self, action: str, **fields: str) -> TestResponse:
        """Press a button of the page with what is typed, and look at where it leads."""
        kept = {name: self.hidden(name) for name in ("form_key", "revision") if f'name="{name}"' in self.last.text}
        self.last = self.handset.posts(self.address, {**kept, **fields, "action": action})
        if self.last.status_code == 303:
            self.last = self.handset.get(self.last.location or "")
        return self.last


def duty_of(bot: Bot, kind: WindowKind = WindowKind.LEVEL3_PLAN) -> tables.AgencyDuty:
    with bot.database.read() as session:
        return session.scalars(select(tables.AgencyDuty).where(tables.AgencyDuty.kind == kind)).one()


def statements(bot: Bot) -> list[tuple[Any, Any]]:
    """Return before and after of what officers stated, as the audit trail keeps it."""
    with bot.database.read() as session:
        stated = select(AuditEntry).where(AuditEntry.action == AuditAction.DUTY_STATE).order_by(AuditEntry.id)
        return [(one.before, one.after) for one in session.scalars(stated)]


def imports_duties(bot: Bot, folder: Path) -> None:
    """Import an office's list of duties, as it was before any officer said anything."""
    head = ["รหัสหน่วยงาน", "ประเภท", "ปี", "ชื่อแผน", "วันที่นำเข้า", "เลขอ้างอิง"]
    rows = [
        ["รง03", "แผนระดับ 3", 2566, "แผนปฏิบัติการด้านแรงงานนอกระบบ", None, None],
        ["รง03", "Open-D", 2566, None, None, "ของสำนักงาน"],
    ]
    bot.run("import", write_xlsx(folder / "duties.xlsx", [head, *rows]))

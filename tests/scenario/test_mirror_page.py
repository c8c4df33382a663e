"""The page with the texts to copy into eMENSCR: all of them to the letter, and the note that it was done."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from werkzeug.test import TestResponse

from handlers.conversation import Page
from handlers.mirror_presses import OpenMirror
from handlers.mirroring import SUBMISSION
from storage import tables
from storage.reference import load_reference
from storage.submissions.deciding import reopen
from storage.submissions.drafts import content_of, newest_content, write_content
from tests.chatting import Chatter
from tests.handset import REFUSED, Handset
from tests.markup import Markup
from tests.office import Bot, bangkok, labour
from tests.submitting import actor_of, decide_now, moment, send_report, submission_of

__all__ = ["labour"]

OFFICER, COORDINATOR, OTHER_UNITS, PROJECT = "P00033", "P00003", "P00017", "รง 0501-66-0003"
ROUTE = ("P00034", "P00031", "P00006", "P00005")
LONG = '<script>alert("1")</script> =cmd|"/c calc"!A1 \u202egnol\u202c 👩‍👩‍👧‍👦\nบรรทัดใหม่ ' + "ก้าวหน้า" * 2_400
STILL, DONE = "ยังต้องบันทึกใน eMENSCR", "หน่วยงานแจ้งว่าบันทึกใน eMENSCR แล้ว"


@pytest.fixture
def office(labour: Bot) -> Bot:
    """A ministry that keys into eMENSCR, with an approved report whose summary is longer than a button copies."""
    labour.run("policy", "set", "mirror_emenscr", "on", "--ministry", "รง")
    number = send_report(labour, OFFICER, PROJECT)
    with labour.database.write() as session:
        content = content_of(session, newest_content(session, number))
        changed = replace(content, summary=LONG, carried_disbursed_baht=Decimal(75_000), recommendations="")
        write_content(session, session.get_one(tables.Submission, number), 1, changed)
    for approver in ROUTE:
        decide_now(labour, approver, number)
    labour.at = bangkok("24 มี.ค. 66", "09:00")
    return labour


class Desk:
    """Somebody with the page open."""

    def __init__(self, bot: Bot, person: str = OFFICER) -> None:
        self.bot, self.handset = bot, Handset(bot)
        arguments = {SUBMISSION: str(submission_of(bot, PROJECT).id)}
        self.address = self.handset.opens(person, Page.MIRROR, arguments)
        self.last = self.handset.get(self.address)

    def copies(self) -> list[str]:
        """Return the texts that the page offers to be copied."""
        found = re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", self.last.text, re.DOTALL)
        return [unescape(text) for text in found]

    def presses(self, action: str, **fields: str) -> TestResponse:
        """Press a button of the page, and look at where it leads."""
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.last.text))
        self.last = self.handset.posts(self.address, {**hidden, **fields, "action": action})
        if self.last.status_code == 303:
            self.last = self.handset.get(self.last.location or "")
        return self.last


def test_every_field_is_there_to_the_letter_however_long_and_in_the_order_of_the_form(office: Bot) -> None:
    desk = Desk(office)
    texts = desk.copies()
    assert texts[0] == "จัดอบรมแล้ว 12 รุ่น"
    assert texts[-4:] == ["321899.67", "75000.00", LONG, "ไม่มี"]
    labels = re.findall(r'<label for="field-\d+">([^<]+)</label>', desk.last.text)
    assert labels.index("ผลการเบิกจ่ายไตรมาสนี้ ตามจริง (บาท)") < labels.index("สรุปผลการดำเนินงาน")
    assert labels[-1] == "ข้อเสนอแนะ"
    assert "ไม่ได้กรอก" in desk.last.text
    assert Markup(desk.last.text).offences == []
    handset = desk.handset
    loaded = sum(len(handset.get(path).data) for path in ("/w/style.css", "/w/mirror.css", "/w/mirror.js"))
    assert len(desk.last.data) - len(LONG.encode()) + loaded < 60_000
    shown = Chatter(office, OFFICER).presses(OpenMirror(submission_of(office, PROJECT).id).pack())
    assert shown.contains("คัดลอกได้จากหน้าเว็บเท่านั้น")
    link = shown.actions()["เปิดหน้าคัดลอก"]["uri"]
    assert "/w/l/" in link


def test_the_officer_notes_the_day_as_offices_write_it_and_can_take_it_back(office: Bot) -> None:
    desk = Desk(office)
    assert STILL in desk.last.text
    assert 'value="24 มี.ค. 66"' in desk.last.text
    for typed, wrong in (
        ("เมื่อวาน", "ไม่ใช่วันที่"),
        ("", "โปรดระบุวันที่"),
        ("25/3/66", "ไม่หลังวันนี้"),
        ("19 มี.ค. 2566", "ไม่ก่อนวันที่อนุมัติ"),
    ):
        refused = desk.presses("mark", on=typed)
        assert (refused.status_code, wrong in refused.text, f'value="{typed}"' in refused.text) == (422, True, True)
    assert f"{DONE} เมื่อ 22 มี.ค. 66" in desk.presses("mark", on="๒๒ มีนาคม ๒๕๖๖").text
    assert submission_of(office, PROJECT).mirrored_on == date(2023, 3, 22)
    other = Desk(office)
    assert DONE in other.last.text
    assert STILL in desk.presses("unmark").text
    late = other.presses("unmark")
    assert (late.status_code, STILL in late.text) == (409, True)
    assert desk.presses("publish").status_code == 404


def test_who_may_look_may_not_mark_and_what_was_opened_again_is_gone(office: Bot) -> None:
    coordinator = Desk(office, COORDINATOR)
    assert "จัดอบรมแล้ว 12 รุ่น" in coordinator.last.text
    assert "<form" not in coordinator.last.text
    officer = Desk(office)
    number = submission_of(office, PROJECT).id
    key = re.findall(r'name="form_key" value="([^"]*)"', officer.last.text)[0]
    forged = coordinator.handset.posts(coordinator.address, {"form_key": key, "version": "1", "action": "mark"})
    assert forged.status_code == 404
    stranger = Handset(office)
    path = stranger.path(OTHER_UNITS, Page.MIRROR, {SUBMISSION: str(number)})
    assert REFUSED in stranger.get(path).text
    with office.database.write() as session:
        reference, by = load_reference(session, date(2023, 3, 24)), actor_of(session, "P00001")
        reopen(session, reference, by, number, "พบว่าผลเบิกจ่ายคลาดเคลื่อน", moment(office))
    assert officer.presses("mark", on="24 มี.ค. 66").status_code == 404
    assert officer.handset.get(officer.address).status_code == 404

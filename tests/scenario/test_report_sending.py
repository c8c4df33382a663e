"""Sending a report from its page: the preview, what stands in the way, and what becomes of it, on both databases."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import delete, func, select
from werkzeug.test import TestResponse

from bot.app import create_app
from bot.handling import NO_PAGES
from bot.settings import Settings
from domain.fiscal import Quarter
from domain.reminders import BANGKOK
from domain.submissions import SubmissionState
from handlers.conversation import Request
from handlers.report_preview import card_to_come
from messages_th.pages.flex import drawn_card
from messages_th.rendering import Rendered
from storage import evidence, tables
from storage.evidence import OfReport
from storage.queries.readers import people_reading
from storage.reference import load_reference
from storage.shared_state import StateKey, get, reference_changed
from storage.submissions.actor import Channel
from storage.submissions.drafts import content_row
from storage.tables.messaging import AuditAction
from storage.tables.submissions import Verdict
from storage.untrusted_files.kinds import Cleaned, Kind
from tests.chatting import Chatter, OfficeClock
from tests.handset import PUBLIC_URL, SETTINGS
from tests.office import Bot, bangkok, labour
from tests.report_pages import ReportPage
from tests.submitting import FIRST_QUARTER, actor_of, add_officer, decide_now, moment, send_report, submission_of

__all__ = ["labour"]

CODE, OFFICER, COLLEAGUE, HEAD, DIRECTOR, CLUSTER_HEAD = (
    "รง 0501-66-0003", "P00033", "P99001", "P00034", "P00031", "P00006",
)  # fmt: skip
REASON = "รอข้อมูลจากสำนักงานจังหวัด"
PLAN = "321899.67"


@pytest.fixture
def page(labour: Bot) -> ReportPage:
    """The form of a report that lacks everything, as its officer opened it."""
    page = ReportPage(labour, OFFICER, CODE)
    assert page.opens().status_code == 200
    return page


def fills(page: ReportPage, disbursed: str = PLAN, **typed: str) -> TestResponse:
    """Fill the whole form and go on to the preview."""
    page.looks()
    names = [name.removeprefix("base:").replace(":", "__") for name in page.said if name.startswith("base:")]
    answers = dict.fromkeys(names, "ดำเนินการแล้ว") | {"disbursed_baht": disbursed, "carried_disbursed_baht": ""}
    return page.presses("preview", **answers | typed)


def sends(page: ReportPage, *sure: str, **typed: str) -> TestResponse:
    """Press «ส่งอนุมัติ» on the page that was shown last, with these doubts ticked off."""
    form: dict[str, Any] = {**page.said, **typed, "go": "send", "sure": list(sure)}
    return page.browser.post(f"{page.path}/send", base_url=PUBLIC_URL, headers={"Origin": PUBLIC_URL}, data=form)


def words(shown: TestResponse) -> str:
    """Return what a page says, without its markup."""
    return unescape(re.sub(r"<[^>]+>", " ", shown.text))


def is_sent(bot: Bot) -> bool:
    return submission_of(bot, CODE).state is SubmissionState.PENDING_APPROVAL


def sendings(bot: Bot) -> int:
    """Return how often the report was sent, as the audit trail tells it."""
    with bot.database.read() as session:
        entry = tables.AuditEntry
        query = select(func.count()).where(entry.action == AuditAction.SUBMISSION_SEND, entry.subject.contains(CODE))
        return session.scalar(query) or 0


def plan_token(bot: Bot) -> Any:
    """Return what changes whenever the clock has to plan anew."""
    with bot.database.read() as session:
        return get(session, StateKey.PLAN_VERSION)


def colleague(bot: Bot) -> None:
    """Add a second officer of the same unit."""
    add_officer(bot, COLLEAGUE, "นางสาวปิยะดา ใจเย็น", "นักวิชาการแรงงาน")


def card_promised(bot: Bot) -> Rendered:
    """Return the card that the preview draws."""
    today = bot.at.astimezone(BANGKOK).date()
    with bot.database.trial() as session:
        asker = people_reading(session, [OFFICER], today)[OFFICER]
        asked = Request(
            session=session,
            reference=load_reference(session, today),
            asker=asker,
            account="",
            now=bot.at,
            real_now=datetime.now(UTC),
            links=NO_PAGES,
            channel=Channel.PAGE,
        )
        return card_to_come(asked, submission_of(bot, CODE).id).card


def test_what_is_previewed_is_the_card_that_the_first_approver_gets(labour: Bot, page: ReportPage) -> None:
    approver = Chatter(labour, HEAD)
    shown = fills(page)
    before = labour.row_counts(), plan_token(labour)
    for again in (shown, page.looks("/preview")):
        said = words(again)
        assert "ผู้อำนวยการกอง ลำดับที่ 1 จาก 4 · ส่งในกำหนด" in re.sub(r"\s+", " ", said)
        assert "(สามแสนสองหมื่นหนึ่งพันแปดร้อยเก้าสิบเก้าบาทหกสิบเจ็ดสตางค์)" in said
        assert drawn_card(card_promised(labour)) in again.text
    assert (labour.row_counts(), plan_token(labour)) == before  # no message, no audit entry, no other version
    assert submission_of(labour, CODE).state is SubmissionState.DRAFT
    promised = card_promised(labour)
    assert sends(page).location == f"{page.path}/sent"
    labour.send()
    assert labour.phone(HEAD) == json.loads(promised.body)
    assert approver.presses(f"it1:{submission_of(labour, CODE).id}").contains("รอท่านพิจารณา ลำดับที่ 1 จาก 4")


def test_what_is_missing_leads_back_to_its_fields_and_cannot_be_sent(labour: Bot, page: ReportPage) -> None:
    shown = page.looks("/preview")
    assert "ยังส่งไม่ได้ เหลืออีก 8 ช่องที่ต้องกรอก" in words(shown)
    assert f'<a href="{page.path}?at=f-summary#f-summary">' in shown.text
    assert "ส่งอนุมัติ</button>" not in shown.text
    assert sends(page).status_code == 409
    fills(page)
    page.looks()
    page.presses("save", problems="")
    shown = page.looks("/preview")
    assert "เหลืออีก 1 ช่อง" in words(shown)
    assert sends(page).status_code == 409
    assert (sendings(labour), is_sent(labour)) == (0, False)


def test_where_the_window_does_not_let_it_go_the_page_says_what_to_do(labour: Bot, page: ReportPage) -> None:
    fills(page)
    labour.at = bangkok("6 มี.ค. 66")
    shown = page.looks("/preview")
    assert "ยังไม่ถึงวันเปิดให้ส่ง เปิดให้ส่ง 7–20 มี.ค. 66" in words(shown)
    assert "ส่งอนุมัติ</button>" not in shown.text
    assert (sends(page).status_code, is_sent(labour)) == (409, False)
    labour.run("policy", "set", "late_reports", "reopen_only", "--ministry", "รง")
    labour.at = bangkok("22 มี.ค. 66")
    shown = page.looks("/preview")
    assert "กระทรวงรับรายงานล่าช้าเมื่อเปิดระบบให้เท่านั้น" in words(shown)
    assert "โปรดแจ้งผู้ประสานงานระดับกระทรวง (ป.ย.ป.) เพื่อขอเปิดระบบ" in words(shown)
    assert "late_reason" not in shown.text
    assert (sends(page, late_reason=REASON).status_code, is_sent(labour)) == (409, False)


def test_after_its_window_it_goes_with_a_reason_that_the_approver_sees(labour: Bot, page: ReportPage) -> None:
    fills(page)
    labour.at = bangkok("22 มี.ค. 66")
    shown = page.looks("/preview")
    assert "พ้นกำหนดส่งแล้ว แต่ยังส่งได้โดยแจ้งเหตุผล" in words(shown)
    assert "(กำหนดส่ง 20 มี.ค. 66)" in words(shown)
    assert "ส่งอนุมัติ</button>" not in shown.text
    for typed, said in (("สั้น", "อย่างน้อย 10 ตัวอักษร"), ("ยาว" * 400, "เหตุผลยาวเกิน 1,000 ตัวอักษร")):
        shown = page.presses("send", go="look", late_reason=typed)
        assert said in words(shown)
        assert "ส่งอนุมัติ</button>" not in shown.text
    shown = page.presses("send", go="look", late_reason=REASON)
    assert f"ส่งล่าช้า เหตุผล: “{REASON}”" in words(shown)
    changed = sends(page, late_reason=f"{REASON}สุพรรณบุรี")
    assert (changed.status_code, is_sent(labour)) == (409, False)  # that is not what was shown
    assert f"ส่งล่าช้า เหตุผล: “{REASON}สุพรรณบุรี”" in words(changed)
    page.presses("send", go="look", late_reason=REASON)
    assert sends(page).status_code == 303
    assert "ส่งล่าช้า" in words(page.looks("/sent"))
    sent = submission_of(labour, CODE)
    assert (sent.is_late, sent.late_reason) == (True, REASON)
    page.presses("withdraw", version="1", confirmed="yes")
    assert f"ส่งล่าช้า เหตุผล: “{REASON}”" in words(page.looks("/preview"))  # given once, it is there
    assert sends(page).status_code == 303


def test_what_the_upper_stage_sent_back_goes_again_in_its_window(labour: Bot) -> None:
    number = send_report(labour, OFFICER, CODE)
    for person in (HEAD, DIRECTOR):
        decide_now(labour, person, number)
    labour.at = bangkok("22 มี.ค. 66")
    decide_now(labour, CLUSTER_HEAD, number, Verdict.RETURNED, "โปรดเพิ่มผลลัพธ์ของโครงการ")
    page = ReportPage(labour, OFFICER, CODE)
    page.opens()
    shown = fills(page, summary="เพิ่มผลลัพธ์แล้ว")
    assert "ลำดับที่ 1 จาก 4 · แก้ไขตามที่ส่งกลับ" in words(shown)
    assert "late_reason" not in shown.text
    assert "ฉบับที่ 1 รองปลัดกระทรวง หัวหน้ากลุ่มภารกิจ ส่งกลับแก้ไข: “โปรดเพิ่มผลลัพธ์ของโครงการ”" in words(shown)
    assert sends(page).status_code == 303
    assert "แก้ไขตามที่ส่งกลับ" in words(page.looks("/sent"))
    assert (submission_of(labour, CODE).version, submission_of(labour, CODE).is_late) == (2, False)


def test_a_reason_that_was_given_before_the_amount_was_put_right_is_not_sent(labour: Bot, page: ReportPage) -> None:
    fills(page, "2,114", underspend_reason="รอผู้รับจ้างส่งงาน")
    page.looks()
    fills(page)
    assert sends(page).status_code == 303
    with labour.database.read() as session:
        sent = content_row(session, submission_of(labour, CODE).id, 1)
    assert sent is not None
    assert (str(sent.disbursed_baht), sent.underspend_reason) == (PLAN, "")


def test_doubtful_figures_ask_back_and_each_wants_its_tick(labour: Bot, page: ReportPage) -> None:
    shown = fills(page, "๓๒๑.๙๐", carried_disbursed_baht="1,000")
    assert "321.90 บาท ต่ำกว่าแผนไตรมาสนี้ (321,899.67 บาท) ราว 1,000 เท่า" in words(shown)
    assert "(สามร้อยยี่สิบเอ็ดบาทเก้าสิบสตางค์)" in words(shown)
    assert "(หนึ่งพันบาทถ้วน)" in words(shown)
    assert "เกินวงเงิน" not in words(shown)
    refused = sends(page)
    assert (refused.status_code, is_sent(labour)) == (409, False)
    assert "ทำเครื่องหมาย «ตัวเลขถูกต้องแล้ว» ก่อนส่ง" in words(refused)
    shown = fills(page, "321,899,670")
    assert "ราว 1,000 เท่า" in words(shown)
    assert "เกินวงเงินโครงการ" in words(shown)
    refused = sends(page, "far_above_plan")
    assert (refused.status_code, is_sent(labour)) == (409, False)
    assert refused.text.count(" checked>") == 1  # the one that was answered
    assert sends(page, "far_above_plan", "over_budget").status_code == 303
    assert is_sent(labour)


def test_what_is_sent_is_what_was_shown(labour: Bot, page: ReportPage) -> None:
    colleague(labour)
    fills(page)
    seen = page.said
    other = ReportPage(labour, COLLEAGUE, CODE)
    other.opens()
    other.autosaves({"problems": ("ดำเนินการแล้ว", "ผู้รับจ้างส่งงานล่าช้า")})
    changed = sends(page)
    assert (changed.status_code, is_sent(labour)) == (409, False)
    assert "ข้อมูลเปลี่ยนไปหลังจากที่แสดงตัวอย่างแก่ท่าน" in words(changed)
    assert re.search(r"«ปัญหาและอุปสรรค» แก้ไขโดย นางสาวปิยะดา ใจเย็น เวลา \d\d\.\d\d น\.", words(changed))
    assert "ผู้รับจ้างส่งงานล่าช้า" in words(changed)  # in the card, as the approver will see it
    page.said = {**seen, "shown_at": "yesterday"}
    assert "ข้อมูลเปลี่ยนไปหลังจากที่แสดงตัวอย่างแก่ท่าน" in words(sends(page))
    page.looks("/preview")
    assert sends(page).status_code == 303
    assert is_sent(labour)


def test_a_file_that_a_colleague_adds_after_the_preview_is_shown_before_it_goes(labour: Bot, page: ReportPage) -> None:
    fills(page)
    with labour.database.write() as session:
        at, by = moment(labour), actor_of(session, OFFICER)
        picture = Cleaned(b"bytes", Kind.JPEG, b"small")
        reference = load_reference(session, labour.at.astimezone(BANGKOK).date())
        evidence.add(session, reference, by, OfReport(CODE, FIRST_QUARTER), "ภาพ.jpg", picture, at)
    assert (sends(page).status_code, is_sent(labour)) == (409, False)
    page.looks("/preview")
    assert (sends(page).status_code, is_sent(labour)) == (303, True)


def test_pressed_twice_or_by_two_officers_it_is_sent_once(labour: Bot, page: ReportPage) -> None:
    colleague(labour)
    fills(page)
    other = ReportPage(labour, COLLEAGUE, CODE)
    other.opens()
    other.looks("/preview")
    with ThreadPoolExecutor(2) as together:
        assert {answer.status_code for answer in together.map(sends, (page, other))} == {303}
    counts = labour.row_counts()
    for again in (sends(page), sends(other), page.looks("/preview"), other.looks("/preview")):
        assert again.status_code in (200, 303)
    assert (sendings(labour), submission_of(labour, CODE).version) == (1, 1)
    assert labour.row_counts() == counts
    assert "line.me" not in page.looks("/sent").text  # this bot does not know its own @id
    told = [re.sub(r"\s+", " ", words(one.looks("/sent"))) for one in (page, other)]
    assert all("ส่งแล้ว เมื่อ 20 มี.ค. 66 เวลา 08.30 น." in one for one in told)
    assert sum("เวลา 08.30 น. โดย นัก" in one for one in told) == 1  # whoever was later learns who was first


def test_after_sending_the_page_shows_how_far_it_came(labour: Bot) -> None:
    settings = Settings(**{**SETTINGS.model_dump(), "secret_key": SecretStr("k" * 40), "line_basic_id": "emenscr"})
    page = ReportPage(labour, OFFICER, CODE, app=create_app(settings, labour.database, OfficeClock(labour)))
    page.opens()
    fills(page)
    sends(page)
    shown = page.looks("/sent")
    current = re.findall(r'<li value="(\d)" class="(\w+)"', shown.text)
    assert current == [("1", "current"), ("2", "ahead"), ("3", "ahead"), ("4", "ahead")]
    assert "ยังเหลืออีก 1 โครงการที่ยังไม่ได้ส่งรายงาน" in words(shown)
    assert "ลำดับถัดไป: รง 0501-66-0001" in words(shown)
    assert '<a class="button" href="https://line.me/R/oaMessage/%40emenscr/">' in shown.text
    number = submission_of(labour, CODE).id
    decide_now(labour, HEAD, number)
    shown = page.looks("/sent")
    assert re.findall(r'class="(passed|current|ahead)"', shown.text) == ["passed", "current", "ahead", "ahead"]
    assert "อนุมัติแล้ว เมื่อ 20 มี.ค. 66" in words(shown)
    assert "ดึงกลับ</button>" not in shown.text
    for person in (DIRECTOR, CLUSTER_HEAD, "P00005"):
        decide_now(labour, person, number)
    shown = page.looks("/sent")
    assert "<h1>อนุมัติครบทุกลำดับแล้ว</h1>" in shown.text
    assert re.findall(r'class="(passed|current|ahead)"', shown.text) == ["passed"] * 4


def test_it_can_be_taken_back_until_somebody_decides(labour: Bot, page: ReportPage) -> None:
    fills(page)
    sends(page)
    asked = page.presses("withdraw", version="1")
    assert "ยืนยันดึงกลับ" in words(asked)
    assert is_sent(labour)
    taken = page.presses("withdraw", version="1", confirmed="yes")
    assert (taken.status_code, taken.request.path) == (200, page.path)  # the form again, as it was filled
    assert page.said["summary"] == "ดำเนินการแล้ว"
    assert submission_of(labour, CODE).state is SubmissionState.DRAFT
    assert page.looks("/sent").request.path == page.path
    page.looks("/preview")
    assert sends(page).status_code == 303
    page.looks("/sent")
    form = {**page.said, "confirmed": "yes"}
    decide_now(labour, HEAD, submission_of(labour, CODE).id)
    for version, said in (("1", "มีการส่งใหม่"), ("2", "ดึงกลับไม่ได้แล้วเพราะมีการพิจารณาแล้ว ลำดับที่ 1 ผู้อำนวยการกอง อนุมัติแล้ว")):
        refused = page.presses("withdraw", **{**form, "version": version})
        assert (refused.status_code, said in words(refused)) == (409, True)
        assert "<h1>ส่งอนุมัติแล้ว</h1>" in refused.text
    assert is_sent(labour)


def test_where_nobody_could_decide_the_page_says_so(labour: Bot) -> None:
    with labour.writes() as session:
        person = select(tables.Person.id).where(tables.Person.code == HEAD).scalar_subquery()
        session.execute(delete(tables.RoleAssignment).where(tables.RoleAssignment.person_id == person))
    page = ReportPage(labour, OFFICER, CODE)
    page.opens()
    shown = fills(page)
    assert "ลำดับที่ 1 จาก 4 ขณะนี้ไม่มีผู้พิจารณา" in words(shown)
    assert "ระบบจะแจ้งผู้ประสานงานระดับกระทรวง (ป.ย.ป.)" in words(shown)
    assert sends(page).status_code == 303


def test_texts_of_the_quarter_before_are_named_before_sending(labour: Bot) -> None:
    send_report(labour, OFFICER, CODE, summary="อบรมครบทุกรุ่น")
    labour.at = bangkok("5 เม.ย. 66")
    page = ReportPage(labour, OFFICER, CODE, Quarter(2566, 2))
    page.opens()
    page.presses("bring-over")
    shown = page.presses("preview", output_progress="จัดอบรมแล้ว 24 รุ่น", disbursed_baht="999999")
    listed = shown.text.partition("ยังเป็นข้อความของไตรมาสก่อน")[2].partition("</ul>")[0]
    assert f'<a href="{page.path}?at=f-summary#f-summary">สรุปผลการดำเนินงาน</a>' in listed
    assert "ผลผลิต" not in listed
    assert sends(page).status_code == 303  # naming them is enough


def test_only_the_officers_of_the_unit_send_and_only_from_the_page(labour: Bot, page: ReportPage) -> None:
    fills(page)
    stranger = ReportPage(labour, "P00017", CODE)
    assert stranger.opens().status_code == 404
    form = {**page.said, "go": "send"}
    for headers, data in (
        ({"Origin": "https://elsewhere.example"}, form),
        ({"Origin": PUBLIC_URL}, {**form, "form_key": "x"}),
        ({"Origin": PUBLIC_URL}, {}),
    ):
        for where in ("send", "withdraw"):
            answer = page.browser.post(f"{page.path}/{where}", base_url=PUBLIC_URL, headers=headers, data=data)
            assert answer.status_code == 404
    assert page.app is not None
    elsewhere = page.app.test_client()
    for where in ("preview", "sent"):
        assert elsewhere.get(f"{page.path}/{where}", base_url=PUBLIC_URL).status_code == 404
    with labour.writes() as session:
        person = select(tables.Person.id).where(tables.Person.code == OFFICER).scalar_subquery()
        session.execute(delete(tables.RoleAssignment).where(tables.RoleAssignment.person_id == person))
        reference_changed(session, datetime.now(UTC))
    assert (sends(page).status_code, page.looks("/preview").status_code) == (404, 404)
    assert not is_sent(labour)

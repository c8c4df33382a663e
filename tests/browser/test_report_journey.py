"""An officer's whole way on the phone: from the link in the chat to the report on its first approver's desk."""

from playwright.sync_api import Page, expect

from domain.submissions import SubmissionState
from storage.reference import load_reference
from storage.submissions.deciding import Wish, decide
from storage.tables.submissions import Verdict
from tests.browser.accessibility import in_order
from tests.browser.report_page import CODE, OFFICER, add_plan, box, boxes, held, opens, saved, sends
from tests.office import Bot, labour
from tests.submitting import actor_of, moment, send_report, submission_of

__all__ = ["labour"]


def test_a_report_is_begun_on_the_road_and_sent_after_the_signal_was_lost(labour: Bot, handset: Page) -> None:
    add_plan(labour)
    opens(labour, handset)
    in_order(handset)
    names = [control.get_attribute("name") or "" for control in boxes(handset)]
    assert sum(name.startswith(("activity_progress:", "link_progress:")) for name in names) == 3
    for name in names[:4]:
        box(handset, name).fill(f"ผลของ {name}")
    saved(handset)
    handset.context.set_offline(True)
    for name in names[4:]:
        box(handset, name).fill("๑,๒๕๐.๕๐" if name.endswith("_baht") else f"ผลของ {name}")
    handset.close()
    handset.context.set_offline(False)

    page = handset.context.new_page()
    opens(labour, page)
    saved(page)
    box(page, "underspend_reason").fill("ผู้รับจ้างส่งงานไม่ทัน")
    page.get_by_role("button", name="ตรวจทานก่อนส่ง").click()
    expect(page.get_by_role("button", name="ส่งอนุมัติ")).to_be_visible()
    expect(page.get_by_text("หนึ่งพันสองร้อยห้าสิบบาทห้าสิบสตางค์").first).to_be_visible()
    in_order(page)
    sends(page)
    in_order(page)
    sent = submission_of(labour, CODE)
    assert (sent.state, sent.step) == (SubmissionState.PENDING_APPROVAL, 1)
    assert held(labour, names[0]) == f"ผลของ {names[0]}"
    assert held(labour, "underspend_reason") == "ผู้รับจ้างส่งงานไม่ทัน"
    assert page.evaluate("localStorage.length") == 0


def test_a_report_that_came_back_opens_where_it_has_to_be_mended(labour: Bot, handset: Page) -> None:
    sent = send_report(labour, OFFICER, CODE)
    with labour.database.write() as session:
        reference = load_reference(session, moment(labour).business.date())
        wish = Wish(sent, 1, 1, Verdict.RETURNED, "โปรดตรวจสอบผลการเบิกจ่ายของเดือนธันวาคม", "disbursed_baht")
        decide(session, reference, actor_of(session, "P00034"), wish, moment(labour))

    opens(labour, handset)
    amount = box(handset, "disbursed_baht")
    expect(amount).to_be_in_viewport()
    expect(handset.locator(".returned")).to_be_in_viewport()
    expect(handset.locator(".returned")).to_contain_text("โปรดตรวจสอบผลการเบิกจ่ายของเดือนธันวาคม")
    expect(handset.locator(".concerned")).to_have_count(1)
    in_order(handset)

    amount.fill("1000000")
    handset.get_by_role("button", name="ตรวจทานก่อนส่ง").click()
    sends(handset)
    again = submission_of(labour, CODE)
    assert (again.state, again.step, again.version) == (SubmissionState.PENDING_APPROVAL, 1, 2)


def test_the_keyboard_is_enough(labour: Bot, handset: Page) -> None:
    opens(labour, handset)
    in_focus = handset.locator(":focus")
    written: list[str] = []
    for _ in range(60):
        handset.keyboard.press("Tab")
        name = in_focus.get_attribute("name")
        words = in_focus.inner_text().strip()
        assert in_focus.evaluate("element => getComputedStyle(element).outlineStyle") != "none", name or words
        if words == "ตรวจทานก่อนส่ง":
            break
        if name == "file":
            saved(handset)  # the list of what is missing, which comes next, changes no more
        if name in {"none", None, "carried_disbursed_baht", "file"}:
            continue
        if name == "disbursed_baht":
            handset.keyboard.type("1250")
            handset.keyboard.press("Enter")  # saves, and leads nowhere
            expect(box(handset, "underspend_reason")).to_be_visible()
        else:
            handset.keyboard.type(f"ผลของ {name}")
        written.append(name or "")
    assert len(written) == len(set(written)) == 9
    handset.keyboard.press("Enter")
    expect(handset.get_by_role("button", name="ส่งอนุมัติ")).to_be_visible()
    assert held(labour, "recommendations") == "ผลของ recommendations"


def test_without_scripts_the_form_is_filled_saved_and_looked_through(labour: Bot, plain_handset: Page) -> None:
    page = plain_handset
    opens(labour, page, scripts=False)
    for control in boxes(page):
        name = control.get_attribute("name") or ""
        if not name.endswith("_baht") and name not in {"underspend_reason", "problems"}:
            control.fill(f"ผลของ {name}")
    box(page, "disbursed_baht").fill("หนึ่งพัน")
    page.get_by_role("button", name="บันทึกร่าง").click()
    expect(page.locator(".problem:visible")).to_be_visible()
    expect(box(page, "disbursed_baht")).to_have_value("หนึ่งพัน")
    assert held(labour, "summary") == "ผลของ summary"

    box(page, "disbursed_baht").fill("๑,๒๕๐")
    page.get_by_role("button", name="ไม่มีปัญหา").click()
    assert held(labour, "problems") == "ไม่มี"
    page.get_by_role("button", name="ตรวจทานก่อนส่ง").click()
    page.get_by_role("link", name="สาเหตุที่เบิกจ่ายไม่ได้ตามแผน").click()
    box(page, "underspend_reason").fill("ผู้รับจ้างส่งงานไม่ทัน")
    page.get_by_role("button", name="ตรวจทานก่อนส่ง").click()
    sends(page)
    assert submission_of(labour, CODE).state is SubmissionState.PENDING_APPROVAL

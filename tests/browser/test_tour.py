"""A visitor of the demo does what the guided tour says, on five phones, and every step ticks."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.demo.ministry import line_user_id
from bot.demo.tour import AGENCY_HEAD, COORDINATOR, HEAD, OFFICER, SECRETARY
from messages_th.demo_tour import PROJECT
from tests.browser.accessibility import serious_findings
from tests.demo_process import demo

_JOURNEY = 60_000
"""Milliseconds that a busy machine may take from the end of March to April."""
_PRESSED = re.compile("«([^»]+)»")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The running demo's page."""
    with demo() as running:
        yield running.opens()


class Visitor:
    """Somebody who has never seen the page, and presses what its tour says."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.panel = page.locator("[data-panel=tour]")
        self.step = self.panel.locator("[aria-current=step]")

    def reads(self, number: int) -> list[str]:
        """Return the names of the buttons that the step with this number speaks of."""
        expect(self.panel.locator("summary")).to_contain_text(f"{number - 1}/8", timeout=_JOURNEY)
        expect(self.panel.locator(".done")).to_have_count(number - 1)
        return _PRESSED.findall(self.step.inner_text())

    def opens(self, person: str) -> Locator:
        """Open somebody's phone from the step."""
        self.step.locator(f".to-phone[data-open='{line_user_id(person)}']").click()
        phone = self.page.locator(f"#phone-{line_user_id(person)}")
        expect(phone).to_be_visible()
        return phone

    def jumps(self) -> None:
        """Let time pass."""
        self.step.locator(".jump").click()


def press(phone: Locator, name: str) -> None:
    """Press the newest button of this name on a phone."""
    phone.get_by_role("log").get_by_role("button", name=name, exact=True).last.click()


def fill(form: Page) -> None:
    """Write something into every field that is asked for and empty; the amount is as planned."""
    planned = re.search(r"แผนไตรมาสนี้ ([\d,.]+) บาท", form.locator("#report").inner_text())
    assert planned
    for box in form.locator("#report .field:visible").locator("textarea, input[type=text]").all():
        name = box.get_attribute("name")
        if name != "carried_disbursed_baht" and not box.input_value():
            box.fill(planned[1] if name == "disbursed_baht" else "ดำเนินการตามแผน")


@pytest.mark.parametrize("page", ((1440, 900),), indirect=True)
def test_a_visitor_goes_through_the_whole_tour_on_five_phones(address: str, page: Page) -> None:
    page.goto(address)
    visitor = Visitor(page)
    visitor.reads(1)
    assert serious_findings(page, "[data-panel=tour]") == []
    visitor.jumps()

    report_now, report = visitor.reads(2)
    officer = visitor.opens(OFFICER)
    expect(officer.get_by_role("log")).to_contain_text("เปิดให้รายงานความก้าวหน้า")
    press(officer, report_now)
    officer.locator(f"[data-action*='{PROJECT}']", has_text=re.compile(f"^{report}$")).last.click()

    open_form, enter, bring_over, check, send = visitor.reads(3)
    with page.context.expect_page() as opened:
        visitor.opens(OFFICER).get_by_role("link", name=open_form).last.click()
    form = opened.value
    form.get_by_role("button", name=enter, exact=True).click()
    form.get_by_role("button", name=bring_over).click()
    expect(form.locator("#f-output_progress")).not_to_have_value("")
    expect(form.locator("#saved")).to_have_attribute("data-state", "saved")
    fill(form)
    form.get_by_role("button", name=check).click()
    expect(form.get_by_role("button", name=send)).to_be_visible()
    for doubt in form.locator("input[name=sure]").all():
        doubt.check()
    form.get_by_role("button", name=send).click()
    expect(form.locator(".route")).to_be_visible()
    form.close()

    for number, approver in ((4, HEAD), (5, AGENCY_HEAD), (6, SECRETARY)):
        approve, confirm = visitor.reads(number)
        if number > 4:
            visitor.jumps()
        phone = visitor.opens(approver)
        press(phone, approve)
        press(phone, confirm)
        if number == 6:
            expect(phone.get_by_role("log")).to_contain_text("อนุมัติครบทุกลำดับแล้ว")

    check_letter, release, confirm_release = visitor.reads(7)
    coordinator = visitor.opens(COORDINATOR)
    visitor.step.locator("#tour-says").click()
    for name in (check_letter, release, confirm_release):
        press(coordinator, name)

    acknowledge, follow = visitor.reads(8)
    officer = visitor.opens(OFFICER)
    press(officer, acknowledge)
    expect(officer.get_by_role("log").get_by_text("รับทราบแล้ว", exact=True).last).to_be_visible()
    press(visitor.opens(COORDINATOR), follow)

    expect(visitor.panel.locator("summary")).to_contain_text("8/8")
    expect(visitor.panel.locator(".done")).to_have_count(8)
    expect(visitor.panel).to_contain_text("ครบทุกขั้นแล้ว")
    assert serious_findings(page, "[data-panel=tour]") == []
    page.reload()
    expect(visitor.panel.locator(".done")).to_have_count(8)

"""Two officers of one unit write one report at the same time: each knows of the other, nothing is overwritten."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import in_order
from tests.browser.report_page import COLLEAGUE, beats, box, held, opens, saved
from tests.browser.scene import held_up, let_it_draw
from tests.office import Bot, labour
from tests.submitting import add_officer

__all__ = ["labour"]

MINE, THEIRS = "ข้อความของคนแรก", "ข้อความของคนที่สอง"


@pytest.fixture
def both(labour: Bot, handset: Page, another_handset: Page) -> tuple[Page, Page]:
    """The form on the phones of two officers of one unit."""
    add_officer(labour, COLLEAGUE, "สมศรี ใจดี")
    opens(labour, handset)
    opens(labour, another_handset, COLLEAGUE)
    return handset, another_handset


def test_two_officers_are_told_of_each_other_and_see_what_the_other_wrote(labour: Bot, both: tuple[Page, Page]) -> None:
    first, second = both
    expect(second.locator("#others")).to_contain_text("เปิดแบบรายงานนี้อยู่ด้วย")
    beats(first)
    expect(first.locator("#others")).to_contain_text("สมศรี ใจดี")

    box(second, "summary").fill(THEIRS)
    box(second, "problems").fill("ฝนตกหนัก")
    saved(second)
    box(first, "problems").focus()
    beats(first)
    expect(box(first, "summary")).to_have_value(THEIRS)
    expect(first.locator(".mark:visible")).to_contain_text("สมศรี ใจดี แก้ไขเมื่อ")
    expect(box(first, "problems")).to_have_value("")  # nothing changes under the caret
    box(first, "recommendations").focus()
    expect(box(first, "problems")).to_have_value("ฝนตกหนัก")
    in_order(first)


def test_what_was_written_while_an_answer_was_on_its_way_is_seen_at_the_next_look(both: tuple[Page, Page]) -> None:
    first, second = both
    on_the_way = held_up(first, "**/fields")
    box(first, "problems").fill(MINE)
    request = on_the_way()
    answer = request.fetch()
    box(second, "summary").fill(THEIRS)
    saved(second)

    beats(first)
    request.fulfill(response=answer)

    expect(box(first, "summary")).to_have_value(THEIRS)


def test_of_two_texts_the_later_writer_chooses(labour: Bot, both: tuple[Page, Page]) -> None:
    first, second = both
    for name in ("summary", "problems"):
        box(second, name).fill(THEIRS)
    saved(second)
    for name in ("summary", "problems"):
        box(first, name).fill(MINE)

    clashes = first.locator(".clash")
    expect(clashes).to_have_count(2)
    expect(clashes.first).to_contain_text("สมศรี ใจดี")
    expect(clashes.first.locator(".theirs")).to_have_text(THEIRS)
    expect(clashes.first.locator(".mine")).to_have_text(MINE)
    in_order(first)
    first.get_by_role("button", name="ตรวจทานก่อนส่ง").click()  # goes nowhere before somebody chose
    expect(box(first, "summary")).to_be_focused()
    assert held(labour, "summary") == THEIRS

    first.get_by_role("button", name="ใช้ของฉัน").first.click()
    expect(clashes).to_have_count(1)
    expect(box(first, "summary")).to_be_focused()
    first.get_by_role("button", name="ใช้ของอีกคน").click()
    expect(clashes).to_have_count(0)
    expect(box(first, "problems")).to_have_value(THEIRS)
    saved(first)
    assert (held(labour, "summary"), held(labour, "problems")) == (MINE, THEIRS)

    box(second, "summary").focus()
    with second.expect_response("**/fields"):
        beats(second)
    let_it_draw(second)
    expect(box(second, "summary")).to_have_value(THEIRS)  # a caret stands there
    box(second, "recommendations").focus()
    expect(box(second, "summary")).to_have_value(MINE)


def test_two_texts_that_a_plain_form_brought_are_chosen_between_as_well(labour: Bot, both: tuple[Page, Page]) -> None:
    first, second = both
    first.route("**/fields", lambda route: route.abort())
    box(first, "summary").fill(MINE)
    box(second, "summary").fill(THEIRS)
    saved(second)
    first.evaluate("document.querySelector('#report').submit()")  # as where the script was not loaded
    expect(first.locator("#trouble")).to_be_visible()
    expect(first.locator(".clash .theirs")).to_have_text(THEIRS)
    expect(box(first, "summary")).to_have_value(MINE)

    first.unroute("**/fields")
    first.get_by_role("button", name="ใช้ของฉัน").click()
    saved(first)
    assert held(labour, "summary") == MINE

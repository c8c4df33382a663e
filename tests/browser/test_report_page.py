"""An officer writes the quarterly report on a phone of 390 pixels: alone, without a signal, and with a colleague."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.accessibility import in_order
from tests.browser.report_page import CODE, OFFICER, box, held, opens, saved
from tests.browser.scene import held_up
from tests.chatting import web_of
from tests.office import Bot, bangkok, labour
from tests.submitting import send_report

__all__ = ["labour"]

TWICE = """
button => {
  button.click();
  setTimeout(() => { button.click(); setTimeout(() => console.info("pressed twice"), 100); }, 100);
}
"""
"""Presses a button again while its page is already on its way elsewhere; a browser under test then answers nobody."""


def test_what_is_typed_is_saved_by_itself_and_the_page_says_what_is_missing(labour: Bot, handset: Page) -> None:
    transferred: list[int] = []
    handset.on("response", lambda answer: transferred.append(len(answer.body()) if answer.ok else 0))
    opens(labour, handset)
    in_order(handset)
    handset.wait_for_load_state("networkidle")
    assert sum(transferred) <= 60_000
    missing = handset.locator("#checklist-missing li")
    before = missing.count()

    box(handset, "summary").press_sequentially("จัดอบรมครบทุกรุ่น")
    expect(handset.locator("#saved .time")).to_contain_text("บันทึกแล้ว เวลา")
    saved(handset)
    assert held(labour, "summary") == "จัดอบรมครบทุกรุ่น"
    expect(missing).to_have_count(before - 1)

    nothing = handset.get_by_role("button", name="ไม่มีปัญหา")
    nothing.click()
    saved(handset)
    assert held(labour, "problems") == "ไม่มี"
    expect(missing).to_have_count(before - 2)
    box(handset, "problems").fill("ฝนตกหนัก")
    nothing.click()
    expect(box(handset, "problems")).to_have_value("ฝนตกหนัก")  # one tap takes nothing away

    box(handset, "recommendations").fill("คำสุดท้ายก่อนไปหน้าอื่น")
    handset.get_by_role("link", name="ดูข้อมูลโครงการ").click()
    expect(handset.locator("#report")).to_have_count(0)
    assert held(labour, "recommendations") == "คำสุดท้ายก่อนไปหน้าอื่น"


def test_an_amount_is_taken_in_thai_digits_and_measured_against_the_plan_at_once(labour: Bot, handset: Page) -> None:
    opens(labour, handset)
    reason = box(handset, "underspend_reason")
    expect(reason).to_be_hidden()

    amount = box(handset, "disbursed_baht")
    amount.fill("๑,๒๕๐.๕๐")
    expect(reason).to_be_visible()
    assert held(labour, "disbursed_baht") == Decimal("1250.50")
    expect(handset.locator("#money")).to_contain_text("(หนึ่งพันสองร้อยห้าสิบบาทห้าสิบสตางค์)")
    expect(handset.locator("#money")).to_contain_text("ต่ำกว่าแผน")
    expect(amount).to_have_value("๑,๒๕๐.๕๐")  # never changed under the caret
    reason.focus()
    expect(amount).to_have_value("1,250.50")

    amount.fill("หนึ่งพัน")
    reason.focus()
    expect(handset.locator(".problem:visible")).to_have_count(1)
    expect(amount).to_have_attribute("aria-invalid", "true")
    expect(amount).to_have_value("หนึ่งพัน")
    in_order(handset)
    amount.fill("1250")
    reason.focus()
    expect(handset.locator(".problem:visible")).to_have_count(0)
    saved(handset)
    assert held(labour, "disbursed_baht") == Decimal(1250)


def test_somebody_who_never_stops_typing_is_saved_every_ten_seconds(labour: Bot, handset: Page) -> None:
    saves: list[str] = []
    handset.on("request", lambda sent: saves.append(sent.url) if '"edits":[{' in (sent.post_data or "") else None)
    handset.clock.install(time=datetime(2023, 3, 20, tzinfo=UTC))
    opens(labour, handset)
    with handset.expect_response("**/fields"):  # of the beat that this jump lets pass
        handset.clock.pause_at(datetime(2023, 3, 21, tzinfo=UTC))
    handset.clock.run_for(1_000)
    for letter in "กขคงจฉชซฌญฎ":
        box(handset, "summary").press_sequentially(letter)
        assert saves == []
        handset.clock.run_for(950)
    expect(handset.locator("#saved .time")).to_be_visible()
    assert len(saves) == 1
    saved(handset)
    assert held(labour, "summary") == "กขคงจฉชซฌญฎ"


def test_nothing_is_lost_with_the_signal_or_the_browser(labour: Bot, handset: Page, browser: Browser) -> None:
    opens(labour, handset)
    box(handset, "summary").fill("บันทึกก่อนสัญญาณหาย")
    saved(handset)

    handset.context.set_offline(True)
    box(handset, "summary").fill("พิมพ์ต่อระหว่างไม่มีสัญญาณ")
    box(handset, "problems").fill("ฝนตกหนัก")
    expect(handset.locator("#saved .state")).to_contain_text("ไม่มีสัญญาณ ข้อความเก็บไว้ในเครื่องนี้แล้ว")
    expect(handset.locator("#checklist-later")).to_be_visible()
    in_order(handset)
    # a page that is closed has its signal back for a moment, and may save after all: this one is left as it is
    kept = handset.context.storage_state()
    assert held(labour, "summary") == "บันทึกก่อนสัญญาณหาย"

    later = browser.new_context(viewport={"width": 390, "height": 844}, storage_state=kept)
    again = later.new_page()
    opens(labour, again)
    expect(again.locator("#restored")).to_contain_text("2 ช่อง")
    expect(box(again, "summary")).to_have_value("พิมพ์ต่อระหว่างไม่มีสัญญาณ")
    saved(again)
    assert (held(labour, "summary"), held(labour, "problems")) == ("พิมพ์ต่อระหว่างไม่มีสัญญาณ", "ฝนตกหนัก")
    in_order(again)
    later.close()


def test_a_signal_that_comes_back_is_used_at_once(labour: Bot, handset: Page) -> None:
    opens(labour, handset)
    handset.context.set_offline(True)
    box(handset, "summary").fill("ระหว่างทาง")
    expect(handset.locator("#saved .state")).to_contain_text("ไม่มีสัญญาณ")
    handset.context.set_offline(False)
    saved(handset)
    assert held(labour, "summary") == "ระหว่างทาง"
    expect(handset.locator("#checklist-later")).to_be_hidden()


def test_an_answer_that_gets_lost_is_no_conflict_with_oneself(labour: Bot, handset: Page) -> None:
    opens(labour, handset)
    lost = iter([True])

    def loses_the_first(route: Route) -> None:
        if next(lost, False):
            route.fetch()  # the server saves it, the phone never hears of it
            route.abort()
        else:
            route.continue_()

    handset.route("**/fields", loses_the_first)
    box(handset, "summary").fill("ฉบับแรก")
    expect(handset.locator("#saved .state")).to_contain_text("ไม่มีสัญญาณ")
    box(handset, "summary").fill("ฉบับที่สอง")
    handset.evaluate("dispatchEvent(new Event('online'))")
    saved(handset)
    assert held(labour, "summary") == "ฉบับที่สอง"
    expect(handset.locator(".clash")).to_have_count(0)


def test_a_server_in_trouble_is_asked_again(labour: Bot, handset: Page) -> None:
    opens(labour, handset)
    handset.route("**/fields", lambda route: route.fulfill(status=503, body="busy"))
    box(handset, "summary").fill("ระหว่างระบบขัดข้อง")
    expect(handset.locator("#saved .state")).to_contain_text("ระบบขัดข้องชั่วคราว")
    handset.unroute("**/fields")
    saved(handset)
    assert held(labour, "summary") == "ระหว่างระบบขัดข้อง"


def test_texts_of_the_quarter_before_are_marked_until_they_are_edited(labour: Bot, handset: Page) -> None:
    send_report(labour, OFFICER, CODE, summary="สรุปของไตรมาสก่อน")
    labour.at = bangkok("10 เม.ย. 66")
    opens(labour, handset, quarter=2)
    box(handset, "problems").fill("ปัญหาของไตรมาสนี้")
    handset.get_by_role("button", name="นำข้อความ").click()

    summary, marks = box(handset, "summary"), handset.get_by_text("ยังไม่ได้แก้ไข")
    expect(summary).to_have_value("สรุปของไตรมาสก่อน")
    expect(box(handset, "problems")).to_have_value("ปัญหาของไตรมาสนี้")
    expect(handset.locator("#saved")).to_have_attribute("data-state", "saved")
    brought = marks.count()
    assert brought > 1
    in_order(handset)
    summary.press_sequentially(" และไตรมาสนี้")
    expect(marks).to_have_count(brought - 1)
    saved(handset)
    expect(marks).to_have_count(brought - 1)


def test_what_is_typed_after_the_session_ended_waits_on_the_phone(labour: Bot, handset: Page) -> None:
    opens(labour, handset)
    web_of(labour).clock.ahead += timedelta(hours=5)
    box(handset, "summary").fill("พิมพ์หลังหมดเวลา")
    expect(handset.locator("#saved .state")).to_contain_text("โปรดกด «รายงาน» ในแชต LINE อีกครั้ง")
    in_order(handset)

    opens(labour, handset)
    expect(handset.locator("#restored")).to_be_visible()
    saved(handset)
    assert held(labour, "summary") == "พิมพ์หลังหมดเวลา"


def test_a_report_that_was_sent_meanwhile_says_so_and_takes_nothing_more(labour: Bot, handset: Page) -> None:
    opens(labour, handset)
    send_report(labour, OFFICER, CODE, summary="ส่งแล้ว")
    box(handset, "summary").fill("ช้าไป")
    expect(handset.locator("#saved .state")).to_contain_text("ส่งอนุมัติ")
    expect(box(handset, "summary")).to_have_value("ช้าไป")
    handset.get_by_role("button", name="ตรวจทานก่อนส่ง").click()
    expect(handset.locator("#report")).to_have_count(0)
    expect(handset.locator("main")).to_contain_text("ช้าไป")
    assert held(labour, "summary") == "ส่งแล้ว"


def test_a_phone_that_keeps_nothing_is_told_of_once_and_works(labour: Bot, handset: Page) -> None:
    handset.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full') }")
    opens(labour, handset)
    box(handset, "summary").fill("บันทึกได้ตามปกติ")
    expect(handset.locator("#unkept")).to_be_visible()
    expect(handset.locator("#saved .time")).to_be_visible()
    assert held(labour, "summary") == "บันทึกได้ตามปกติ"
    handset.context.set_offline(True)
    box(handset, "summary").fill("ไม่มีสัญญาณ")
    expect(handset.locator("#saved .state")).to_contain_text("โปรดอย่าปิดหน้านี้")
    handset.context.set_offline(False)
    expect(handset.locator("#saved")).to_have_attribute("data-state", "saved")
    assert held(labour, "summary") == "ไม่มีสัญญาณ"


HOSTILE = {
    "output_progress": "ก" * 20_000,
    "outcome_progress": "\n\n<script>document.title='ถูกบุกรุก'</script>\n<img src=x onerror=\"document.title='ถูกบุกรุก'\">",
    "kpi_progress": "مرحبا بالعالم ๑๒๓ \u05d0\u05d1",
    "level1_progress": "👩‍👩‍👧‍👦🇹🇭 ก็ ที่ ๆ น้ำ é",
    "summary": "=cmd|' /C calc'!A0\n</textarea><b>หนา</b>",
    "problems": "</script>{{ 7 * 7 }}${7*7}",
    "recommendations": "x" * 400 + "\t \"'&lt;&amp;",
}


def test_whatever_is_typed_comes_back_as_it_was_and_does_nothing(labour: Bot, handset: Page) -> None:
    opens(labour, handset)
    for name, words in HOSTILE.items():
        box(handset, name).fill(words)
    saved(handset)
    assert {name: held(labour, name) for name in HOSTILE} == HOSTILE
    in_order(handset)

    opens(labour, handset)
    assert {name: box(handset, name).input_value() for name in HOSTILE} == HOSTILE
    assert box(handset, "outcome_progress").evaluate("box => box.scrollHeight <= box.offsetHeight")  # all of it shows
    in_order(handset)
    expect(handset).not_to_have_title("ถูกบุกรุก")
    box(handset, "output_progress").fill("ก" * 20_001)
    expect(handset.locator(".count:visible")).to_contain_text("1 ตัวอักษร")
    expect(handset.locator(".problem:visible")).to_be_visible()
    assert held(labour, "output_progress") == "ก" * 20_000


def test_a_second_tap_on_what_leads_on_does_nothing(labour: Bot, handset: Page) -> None:
    opens(labour, handset)
    on_the_way = held_up(handset, "**/*")
    sent: list[str] = []
    handset.on("request", lambda request: sent.append(request.method))
    leads_on = handset.get_by_role("button", name="ตรวจทานก่อนส่ง")

    with handset.expect_console_message(lambda said: said.text == "pressed twice"):
        leads_on.evaluate(TWICE)
    on_the_way().continue_()

    expect(handset.locator("#report")).to_be_hidden()
    assert sent.count("POST") == 1

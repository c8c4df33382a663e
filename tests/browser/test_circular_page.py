"""A coordinator writes a circular: on a phone of 390 pixels, on a desk, without scripts, and beside the chat."""

from dataclasses import replace

from playwright.sync_api import Browser, FilePayload, Page, expect

from domain.circulars.audience import Audience
from domain.circulars.letters import Letter
from domain.circulars.life import CircularState
from storage.circulars.drafts import Draft, edit
from tests.browser.accessibility import in_order
from tests.browser.circular_page import held, opens, saved
from tests.browser.scene import held_up, let_it_draw
from tests.circular_files import letter_pdf
from tests.issuing import COORDINATOR, doing, draft
from tests.office import Bot, labour
from tests.submitting import moment

__all__ = ["labour"]

SUBJECT = "ขยายระยะเวลาการรายงานความก้าวหน้า"


def blank(bot: Bot) -> int:
    return draft(bot, Letter(), Audience()).circular_id


def pdf(name: str, words: str) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": letter_pdf(words)}


def test_a_letter_with_two_documents_is_written_and_released(labour: Bot, handset: Page) -> None:
    sizes: list[int] = []
    handset.on("requestfinished", lambda one: sizes.append(one.sizes()["responseBodySize"]))
    circular = blank(labour)
    opens(labour, handset, circular)
    handset.wait_for_load_state("networkidle")
    assert sum(sizes) <= 60_000
    in_order(handset)
    expect(handset.locator("#lacks a")).to_have_count(4)

    handset.get_by_label("เลขที่หนังสือ").fill("ที่ รง ๐๒๑๔/ว ๓")
    handset.get_by_label("ลงวันที่").fill("๒๐ มีนาคม ๒๕๖๖")
    handset.get_by_label("ด่วนมาก", exact=True).check()
    handset.get_by_label("เรื่อง", exact=True).first.fill(SUBJECT)
    handset.get_by_label("ข้อความ (ถ้ามี)").fill("ตามที่ให้รายงาน นั้น\n\nในการนี้ ขอขยายเวลา")
    handset.get_by_label("เลือกไฟล์ PDF ที่จะแนบ").set_input_files(
        [pdf("หนังสือ.pdf", "ก"), pdf("สิ่งที่ส่งมาด้วย.pdf", "ข"), pdf("ไม่ใช่.pdf", "") | {"buffer": b"GIF89a"}]
    )
    expect(handset.locator("#evidence-list li")).to_have_count(2)
    expect(handset.locator("#evidence-said")).to_contain_text("ยังไม่ได้แนบ ไม่ใช่.pdf: ไฟล์นี้ไม่ใช่ PDF")
    card = handset.locator("#card")
    expect(card).to_contain_text("สิ่งที่ส่งมาด้วย 2 ฉบับ")
    expect(card).to_contain_text("ที่ รง ๐๒๑๔/ว ๓ ลงวันที่ ๒๐ มีนาคม ๒๕๖๖")
    expect(card).to_contain_text("ด่วนมาก")

    handset.locator("#f-units").get_by_label("กรมการจัดหางาน").check()
    handset.locator("#f-units").get_by_role("searchbox").fill("กสร")
    handset.keyboard.press("Enter")
    expect(handset.locator("#f-units .found")).to_contain_text("พบ 1 หน่วยงาน")
    handset.locator("#f-roles").get_by_label("ผู้อนุมัติ").check()
    expect(handset.locator("#panel")).to_contain_text("ผู้อนุมัติ ใน กกจ.")
    expect(handset.locator("#panel .counts")).to_contain_text("ส่งไม่ได้: ยังไม่ผูกบัญชี LINE")
    expect(handset.locator("#lacks a")).to_have_count(0)
    saved(handset)
    in_order(handset)

    handset.reload()
    expect(handset.get_by_label("เลขที่หนังสือ")).to_have_value("รง ๐๒๑๔/ว ๓")
    expect(handset.get_by_label("ลงวันที่")).to_have_value("20 มี.ค. 66")
    expect(handset.get_by_label("ข้อความ (ถ้ามี)")).to_have_value("ตามที่ให้รายงาน นั้น\n\nในการนี้ ขอขยายเวลา")
    expect(handset.locator("#f-units").get_by_label("กรมการจัดหางาน")).to_be_checked()
    expect(handset.locator("#evidence-list li")).to_have_count(2)

    handset.get_by_role("button", name="ส่งทดสอบถึงตนเอง").click()
    expect(handset.locator(".told")).to_contain_text("ส่งทดสอบถึงท่านแล้ว")
    handset.get_by_role("button", name="ตรวจก่อนส่ง").click()
    expect(handset.get_by_role("heading", level=1)).to_have_text("ปล่อยหนังสือเวียน")
    in_order(handset)
    handset.get_by_role("button", name="ปล่อยหนังสือ").click()
    expect(handset.locator("main")).to_contain_text("รอเวลาส่ง")
    in_order(handset)
    assert held(labour, circular).state is CircularState.SCHEDULED


def test_of_two_searches_the_later_one_is_answered_however_long_the_earlier_takes(labour: Bot, handset: Page) -> None:
    opens(labour, handset, blank(labour))
    units = handset.locator("#f-units")
    on_the_way = held_up(handset, "**/*?q=*")
    units.get_by_role("searchbox").fill("ไม่มีหน่วยงานนี้")
    handset.keyboard.press("Enter")
    earlier = on_the_way()
    units.get_by_role("searchbox").fill("กสร")
    handset.keyboard.press("Enter")
    expect(units.locator(".found")).to_contain_text("พบ 1 หน่วยงาน")

    with handset.expect_request_finished(lambda request: request == earlier.request):
        earlier.continue_()
    let_it_draw(handset)

    expect(units.locator(".found")).to_contain_text("พบ 1 หน่วยงาน")


def test_what_the_chat_changed_meanwhile_is_shown_and_the_writer_chooses(labour: Bot, handset: Page) -> None:
    circular = draft(labour).circular_id
    opens(labour, handset, circular)

    def in_chat(now: Draft) -> Draft:
        letter = replace(now.letter, subject="ของแชต", letter_no="รง ๐๒๑๔/ว ๙")
        return replace(now, letter=letter, audience=replace(now.audience, units=frozenset({"รง03", "รง0501"})))

    doing(
        labour,
        COORDINATOR,
        lambda session, reference, by: edit(session, reference, by, circular, in_chat, moment(labour)),
    )
    subject = handset.locator("#f-subject")
    subject.fill("ของหน้า")
    subject.blur()
    clash = handset.locator(".clash:visible")
    expect(clash.locator(".theirs")).to_have_text("ของแชต")
    in_order(handset)
    expect(handset.get_by_label("เลขที่หนังสือ")).to_have_value("รง ๐๒๑๔/ว ๙")
    expect(handset.locator("#f-units").get_by_label("กรมการจัดหางาน")).to_be_checked()
    expect(handset.locator("#f-units").locator("[value='รง0501']")).to_be_checked()
    expect(handset.locator("#f-units").locator("[value='รง05']")).not_to_be_checked()
    handset.get_by_role("button", name="ตรวจก่อนส่ง").click()
    expect(subject).to_be_focused()  # nothing goes on before the writer has chosen
    clash.get_by_role("button", name="ใช้ของหน้านี้").click()
    saved(handset)
    assert held(labour, circular).letter.subject == "ของหน้า"


def test_rows_of_the_calendar_are_added_dropped_and_shown_before_and_after(labour: Bot, handset: Page) -> None:
    circular = draft(labour).circular_id
    opens(labour, handset, circular)
    handset.get_by_text("หนังสือนี้กำหนดหรือขยายเวลา").click()
    add = handset.get_by_role("button", name="เพิ่มกำหนดเวลา")
    add.click()
    row = handset.locator(".rows .row").first
    row.get_by_label("ปีงบประมาณ").fill("2566")
    row.get_by_label("ไตรมาสหรือรอบ").fill("2")
    row.get_by_label("วันสุดท้าย").fill("วันก่อน")
    row.get_by_label("วันสุดท้าย").blur()
    expect(handset.locator("#p-windows")).to_contain_text("แถวที่ 1 วันสุดท้าย")
    in_order(handset)
    row.get_by_label("วันสุดท้าย").fill("๒๕ เม.ย. ๖๖")
    add.focus()
    expect(handset.locator("#card")).to_contain_text("ใหม่ ถึงวันที่ 25 เม.ย. 66")
    expect(handset.locator("#card")).to_contain_text("เดิม 1–18 เม.ย. 66")
    expect(handset.locator("#panel .warning")).to_contain_text("ระดับกระทรวงจะไม่มีกำหนดเวลา")
    handset.keyboard.press("Enter")
    expect(handset.locator(".rows .row")).to_have_count(2)
    handset.get_by_role("button", name="ลบแถวนี้").first.click()
    saved(handset)
    assert list(held(labour, circular).windows) == []
    expect(handset.locator("#card")).not_to_contain_text("เดิม")


def test_it_is_written_on_a_desk_with_the_keyboard_alone(labour: Bot, browser: Browser) -> None:
    circular = blank(labour)
    desk = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    opens(labour, desk, circular)
    in_order(desk)
    desk.get_by_label("เลขที่หนังสือ").focus()
    for words in ("รง ๐๒๑๔/ว ๓", "20 มี.ค. 66"):
        desk.keyboard.insert_text(words)
        desk.keyboard.press("Tab")
    desk.keyboard.press("ArrowDown")  # ordinary letters become urgent ones
    desk.keyboard.press("Tab")
    desk.keyboard.insert_text(SUBJECT)
    saved(desk)
    found = held(labour, circular).letter
    assert (found.letter_no, found.urgency.value, found.subject) == ("รง ๐๒๑๔/ว ๓", "urgent", SUBJECT)
    box, side = desk.locator("#f-units").bounding_box(), desk.locator(".side").bounding_box()
    assert box is not None
    assert side is not None
    assert box["x"] + box["width"] <= side["x"]  # the card stands beside the form
    desk.context.close()


def test_it_is_written_where_no_script_runs(labour: Bot, plain_handset: Page) -> None:
    circular = blank(labour)
    opens(labour, plain_handset, circular, scripts=False)
    plain_handset.get_by_label("เลขที่หนังสือ").fill("รง ๐๒๑๔/ว ๓")
    plain_handset.get_by_label("ลงวันที่").fill("เมื่อวาน")
    plain_handset.locator("#f-units").get_by_role("searchbox").fill("กองบริหาร")
    plain_handset.locator("#f-units").get_by_role("button", name="ค้นหา").click()
    expect(plain_handset.locator("#p-letter_date")).to_be_visible()
    expect(plain_handset.get_by_label("ลงวันที่")).to_have_value("เมื่อวาน")
    plain_handset.get_by_label("ลงวันที่").fill("20 มี.ค. 66")
    plain_handset.get_by_label("เรื่อง", exact=True).first.fill(SUBJECT)
    plain_handset.locator("#f-units").get_by_label("กรมการจัดหางาน").check()
    plain_handset.get_by_role("button", name="บันทึกร่าง").click()
    expect(plain_handset.locator(".told")).to_contain_text("บันทึกร่างแล้ว")
    plain_handset.get_by_label("เลือกไฟล์ PDF ที่จะแนบ").set_input_files([pdf("ก.pdf", "ก"), pdf("ข.pdf", "ข")])
    plain_handset.get_by_role("button", name="แนบไฟล์").click()
    expect(plain_handset.locator("#evidence-list li")).to_have_count(2)
    plain_handset.get_by_role("button", name="ตรวจก่อนส่ง").click()
    plain_handset.get_by_role("button", name="ปล่อยหนังสือ").click()
    expect(plain_handset.locator("main")).to_contain_text("รอเวลาส่ง")
    assert held(labour, circular).state is CircularState.SCHEDULED

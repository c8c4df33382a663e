"""People chat with a bot on the page: they type, press, choose, and read what comes back."""

import struct
import zlib
from typing import Any

from playwright.sync_api import JSHandle, Locator, Page, expect

from simulator.line.people import Group
from simulator.page.screen import MOST_LINES
from tests.browser.scene import ANONG, BOONMI, Messages, Scene, held_up, let_it_draw, open_side
from tests.processes import wait_for

GROUP = "C" + "7" * 32


def text(words: str, *replies: dict[str, Any]) -> dict[str, Any]:
    items = [{"type": "action", "action": action} for action in replies]
    return {"type": "text", "text": words} | ({"quickReply": {"items": items}} if items else {})


def press(label: str, data: str, **more: str) -> dict[str, Any]:
    return {"type": "postback", "label": label, "data": data, **more}


def say(words: str) -> dict[str, Any]:
    return {"type": "message", "label": words, "text": words}


def card(*contents: dict[str, Any]) -> dict[str, Any]:
    body = {"type": "box", "layout": "vertical", "contents": contents}
    return {"type": "flex", "altText": "โครงการที่ยังไม่รายงาน", "contents": {"type": "bubble", "body": body}}


def row(words: str, action: dict[str, Any]) -> dict[str, Any]:
    contents = [{"type": "text", "text": words, "wrap": True}]
    return {"type": "box", "layout": "vertical", "contents": contents, "action": action}


def button(action: dict[str, Any]) -> dict[str, Any]:
    return {"type": "button", "action": action}


def picture(width: int, height: int) -> bytes:
    """A grey PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = zlib.compress(b"".join(b"\0" + bytes([144]) * width for _ in range(height)))
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def menu(scene: Scene, alias: str, *actions: dict[str, Any]) -> str:
    """A menu with its actions from left to right, under an alias."""
    width = 1200 // len(actions)
    areas = [
        {"bounds": {"x": number * width, "y": 0, "width": width, "height": 405}, "action": action}
        for number, action in enumerate(actions)
    ]
    size = {"width": 1200, "height": 405}
    layout = {"size": size, "selected": True, "name": alias, "chatBarText": "แตะเพื่อเปิดเมนู", "areas": areas}
    menu_id: str = scene.calls("/v2/bot/richmenu", layout)["richMenuId"]
    scene.calls(f"/v2/bot/richmenu/{menu_id}/content", picture(1200, 405))
    scene.calls("/v2/bot/richmenu/alias", {"richMenuAliasId": alias, "richMenuId": menu_id})
    return menu_id


def chat(page: Page) -> Locator:
    return page.get_by_role("log")


def types(page: Page, words: str) -> None:
    page.get_by_label("ข้อความถึง eMENSCR").fill(words)
    page.keyboard.press("Enter")


def open_menu(page: Page) -> None:
    """Open the menu where it stays closed at first, as the screen has little room."""
    bar = page.get_by_role("button", name="แตะเพื่อเปิดเมนู")
    expect(bar).to_be_visible()
    let_it_draw(page)
    if bar.get_attribute("aria-expanded") == "false":
        bar.click()


def echo(event: Any) -> Messages:
    """Say back what was said or pressed."""
    match event:
        case {"message": {"text": words}}:
            return [text(f"ได้รับ {words}")]
        case {"postback": {"data": data, "params": params}}:
            return [text(f"เลือก {data} {'|'.join(params.values())}")]
        case {"postback": {"data": data}}:
            return [text(f"กด {data}")]
    return []


def test_a_person_asks_reads_the_card_and_presses_its_button(scene: Scene, page: Page) -> None:
    found = card(button(press("ดูรายละเอียด", "pj1~7", displayText="ขอดูรายละเอียด")))
    scene.answers = lambda event: [found] if "message" in event else echo(event)
    page.goto(scene.address)
    types(page, "โครงการไหนยังไม่รายงาน")

    expect(chat(page).locator(".own")).to_contain_text("โครงการไหนยังไม่รายงาน")
    expect(page.locator("[data-notification]")).to_have_text("โครงการที่ยังไม่รายงาน")
    chat(page).get_by_role("button", name="ดูรายละเอียด").click()
    expect(chat(page).locator(".own").last).to_contain_text("ขอดูรายละเอียด")
    expect(chat(page).locator(".line").last).to_contain_text("กด pj1~7")

    chat(page).get_by_role("button", name="ดูรายละเอียด").click()  # an old card answers, too
    expect(chat(page).get_by_text("กด pj1~7")).to_have_count(2)


def test_a_row_of_a_list_can_be_pressed_by_hand_and_by_keyboard(scene: Scene, page: Page) -> None:
    scene.answers = echo
    page.goto(scene.address)
    scene.calls("/v2/bot/message/push", {"to": ANONG, "messages": [card(row("โครงการหนึ่ง", press("ดู", "one")))]})

    one = chat(page).get_by_role("button", name="โครงการหนึ่ง")
    one.click()
    expect(chat(page).get_by_text("กด one")).to_have_count(1)
    one.press("Enter")
    expect(chat(page).get_by_text("กด one")).to_have_count(2)
    one.press(" ")
    expect(chat(page).get_by_text("กด one")).to_have_count(3)


def test_quick_replies_stand_below_the_newest_message_alone(scene: Scene, page: Page) -> None:
    scene.answers = lambda event: (
        [text("เลือกหน่วยงาน", say("กกจ."), press("ทั้งหมด", "all"))]
        if event.get("message", {}).get("text") == "สถานะ"
        else echo(event)
    )
    page.goto(scene.address)
    types(page, "สถานะ")

    page.get_by_role("button", name="กกจ.").click()
    expect(chat(page).locator(".line").last).to_contain_text("ได้รับ กกจ.")
    expect(page.get_by_role("button", name="กกจ.")).to_be_hidden()

    types(page, "สถานะ")
    page.get_by_role("button", name="ทั้งหมด").click()
    expect(chat(page).locator(".line").last).to_contain_text("กด all")
    expect(page.get_by_role("button", name="ทั้งหมด").locator("visible=true")).to_have_count(0)


def test_an_answer_of_several_messages_is_read_from_its_first(scene: Scene, page: Page) -> None:
    long: Messages = [text(f"{name}\n" + "แถว\n" * 40) for name in ("จำนวนที่รับทราบ", "สิ่งที่ทำต่อได้")]
    scene.answers = lambda _: long
    page.goto(scene.address)
    types(page, "ดูความคืบหน้า")

    expect(chat(page).locator(".line")).to_have_count(3)
    first, second = chat(page).locator(".line:not(.own)").all()
    expect(first).to_be_in_viewport()
    expect(second).not_to_be_in_viewport()


def test_the_menu_asks_switches_its_tabs_and_folds(scene: Scene, page: Page) -> None:
    scene.answers = echo
    tab = {"type": "richmenuswitch", "richMenuAliasId": "second", "data": "tab", "label": "แท็บสอง"}
    first = menu(scene, "first", say("งานของฉัน"), tab)
    second = menu(scene, "second", say("รออนุมัติ"))
    scene.calls(f"/v2/bot/user/{ANONG}/richmenu/{first}", {})
    page.goto(scene.address)

    open_menu(page)
    page.get_by_role("button", name="งานของฉัน").click()
    expect(chat(page).locator(".line").last).to_contain_text("ได้รับ งานของฉัน")
    page.get_by_role("button", name="แท็บสอง").click()
    page.get_by_role("button", name="รออนุมัติ").click()
    expect(chat(page).locator(".line").last).to_contain_text("ได้รับ รออนุมัติ")
    assert scene.platform.menus.linked(ANONG) == second

    bar = page.get_by_role("button", name="แตะเพื่อเปิดเมนู")
    bar.click()
    expect(bar).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("button", name="รออนุมัติ")).to_be_hidden()


def test_a_menu_appears_on_an_open_page_as_soon_as_it_is_linked(scene: Scene, page: Page) -> None:
    page.goto(scene.address)
    expect(chat(page)).to_be_visible()
    scene.calls(f"/v2/bot/user/{ANONG}/richmenu/{menu(scene, 'first', say('งานของฉัน'))}", {})

    open_menu(page)
    expect(page.get_by_role("button", name="งานของฉัน")).to_be_visible()


def test_a_date_is_chosen_in_a_dialog(scene: Scene, page: Page) -> None:
    pick = {"type": "datetimepicker", "label": "เลือกวันเริ่ม", "data": "from", "mode": "date", "min": "2023-01-01"}
    scene.answers = echo
    page.goto(scene.address)
    scene.calls("/v2/bot/message/push", {"to": ANONG, "messages": [card(button(pick))]})

    chat(page).get_by_role("button", name="เลือกวันเริ่ม").click()
    page.get_by_role("button", name="ยกเลิก").click()
    chat(page).get_by_role("button", name="เลือกวันเริ่ม").click()
    page.get_by_role("dialog").get_by_label("เลือกวันเริ่ม").fill("2023-03-20")
    expect(page.locator("[data-words]")).to_have_text("วันจันทร์ที่ 20 มีนาคม พ.ศ. 2566")
    page.get_by_role("button", name="ตกลง").click()

    expect(chat(page).locator(".line").last).to_contain_text("เลือก from 2023-03-20")
    assert [event["type"] for event in scene.heard] == ["postback"]


def test_a_keyboard_opens_with_words_that_the_card_suggests(scene: Scene, page: Page) -> None:
    ask = press("ส่งกลับ", "return", inputOption="openKeyboard", fillInText="ขอให้แก้ ")
    page.goto(scene.address)
    scene.calls("/v2/bot/message/push", {"to": ANONG, "messages": [card(button(ask))]})

    chat(page).get_by_role("button", name="ส่งกลับ").click()

    expect(page.get_by_label("ข้อความถึง eMENSCR")).to_have_value("ขอให้แก้ ")
    expect(page.get_by_label("ข้อความถึง eMENSCR")).to_be_focused()


def test_an_answer_in_the_making_is_seen_until_it_comes(scene: Scene, page: Page) -> None:
    page.goto(scene.address)
    expect(page.locator("[data-when=open]")).to_be_visible()
    scene.calls("/v2/bot/chat/loading/start", {"chatId": ANONG, "loadingSeconds": 60})
    expect(page.locator(".loading")).to_be_visible()

    scene.calls("/v2/bot/message/push", {"to": ANONG, "messages": [text("เสร็จแล้ว")]})

    expect(chat(page).get_by_text("เสร็จแล้ว")).to_be_visible()
    expect(page.locator(".loading")).to_be_hidden()


def test_blocking_is_told_to_the_bot_and_silences_the_phone(scene: Scene, page: Page) -> None:
    scene.answers = lambda event: [text("ยินดีต้อนรับกลับ")] if event["type"] == "follow" else []
    page.goto(scene.address)

    page.get_by_label("ตัวเลือกของโทรศัพท์").click()
    page.get_by_role("button", name="บล็อก", exact=True).click()
    expect(page.get_by_text("บล็อกบัญชีนี้ไว้")).to_be_visible()
    expect(page.get_by_label("ข้อความถึง eMENSCR")).to_be_disabled()
    expect(page.locator("[data-when=open]")).to_be_visible()
    page.get_by_label("ตัวเลือกของโทรศัพท์").click()
    page.get_by_role("button", name="เลิกบล็อก").click()

    expect(chat(page).locator(".line").last).to_contain_text("ยินดีต้อนรับกลับ")
    assert [event["type"] for event in scene.heard] == ["unfollow", "follow"]


def test_in_a_group_people_write_under_their_names(scene: Scene, page: Page) -> None:
    scene.phones.gathers(Group(GROUP, "กลุ่มงานแผน", (ANONG, BOONMI)))
    scene.answers = echo
    page.goto(f"{scene.address}/?u={GROUP}")

    page.get_by_label("ผู้พิมพ์").select_option("บุญมี")
    types(page, "สถานะ")

    expect(chat(page).locator(".own .speaker")).to_have_text("บุญมี")
    expect(chat(page).locator(".line").last).to_contain_text("ได้รับ สถานะ")
    assert scene.heard[-1]["source"] == {"type": "group", "groupId": GROUP, "userId": BOONMI}


def test_a_message_on_another_phone_is_counted_until_it_is_seen(scene: Scene, page: Page) -> None:
    page.goto(f"{scene.address}/?u={ANONG}")
    expect(page.locator("[data-when=open]")).not_to_have_attribute("hidden", "")
    open_side(page)
    for _ in range(2):
        scene.calls("/v2/bot/message/push", {"to": BOONMI, "messages": [text("สวัสดีค่ะ")]})

    entry = page.get_by_role("link", name="บุญมี ตำแหน่งของบุญมี")
    expect(entry.locator(".unread")).to_have_text("2 ข้อความยังไม่อ่าน")
    expect(entry).to_contain_text("สวัสดีค่ะ")
    page.reload()
    open_side(page)
    expect(entry.locator(".unread")).to_have_text("2 ข้อความยังไม่อ่าน")
    page.get_by_label("ค้นหาชื่อหรือตำแหน่ง").fill("บุญ")
    expect(page.get_by_role("link", name="อนงค์ ตำแหน่งของอนงค์")).to_be_hidden()
    entry.click()
    expect(page.get_by_role("log", name="แชตของ บุญมี").get_by_text("สวัสดีค่ะ")).to_have_count(2)
    expect(page.locator(f"#entry-{BOONMI} .unread")).to_have_attribute("hidden", "")


def test_a_page_to_which_somebody_goes_back_goes_on_where_it_was_left(scene: Scene, page: Page) -> None:
    page.goto(f"{scene.address}/?u={ANONG}")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    scene.calls("/v2/bot/message/push", {"to": ANONG, "messages": [text("ระหว่างที่ไม่อยู่")]})
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(chat(page)).to_contain_text("ระหว่างที่ไม่อยู่")


def test_a_tab_that_nobody_sees_leaves_its_connection_to_the_one_in_use_and_catches_up(
    scene: Scene, page: Page
) -> None:
    page.add_init_script(
        "window.shows = (seen) => { Object.defineProperty(document, 'hidden', {value: !seen, configurable: true});"
        "  document.dispatchEvent(new Event('visibilitychange')); }"
    )
    page.goto(f"{scene.address}/?u={ANONG}")
    with page.expect_event("requestfailed", lambda request: "/sim/stream" in request.url):
        page.evaluate("shows(false)")
    scene.calls("/v2/bot/message/push", {"to": ANONG, "messages": [text("ระหว่างที่ไม่ดู")]})
    page.evaluate("shows(true)")
    expect(chat(page)).to_contain_text("ระหว่างที่ไม่ดู")


def test_a_computer_shows_neither_menu_nor_quick_replies(scene: Scene, browser: Any) -> None:
    scene.calls(f"/v2/bot/user/{ANONG}/richmenu/{menu(scene, 'first', say('งานของฉัน'))}", {})
    scene.calls("/v2/bot/message/push", {"to": ANONG, "messages": [text("เลือก", say("กกจ."))]})
    with browser.new_page(viewport={"width": 1440, "height": 900}) as page:
        page.goto(scene.address)
        expect(page.get_by_role("button", name="กกจ.")).to_be_visible()
        expect(page.get_by_role("button", name="งานของฉัน")).to_be_visible()
        page.get_by_label("ตัวเลือกของโทรศัพท์").click()
        page.get_by_label("LINE บน PC").check()

        expect(page.get_by_role("button", name="กกจ.")).to_be_hidden()
        expect(page.get_by_role("button", name="งานของฉัน")).to_be_hidden()


def test_nothing_that_is_said_or_sent_can_run(scene: Scene, page: Page) -> None:
    hostile = "<img src=x onerror=\"document.title='x'\"><script>document.title='x'</script>"
    scene.answers = lambda _: [text(hostile), card(row(hostile, press(hostile[:40], hostile)))]
    page.goto(scene.address)
    title = page.title()
    types(page, hostile)

    expect(chat(page).get_by_role("button", name="<img")).to_be_visible()
    expect(chat(page).locator(".own")).to_contain_text(hostile)
    assert page.title() == title
    assert chat(page).locator("img, script").count() == 0


def test_a_link_opens_elsewhere(scene: Scene, page: Page) -> None:
    link = {"type": "uri", "label": "ดาวน์โหลด", "uri": f"{scene.address}/?u={BOONMI}"}
    page.goto(scene.address)
    scene.calls("/v2/bot/message/push", {"to": ANONG, "messages": [card(button(link))]})

    with page.context.expect_page() as opened:
        chat(page).get_by_role("link", name="ดาวน์โหลด").click()

    assert opened.value.url == link["uri"]
    assert opened.value.evaluate("window.opener") is None


def file_in_hand(page: Page, name: str, content: str) -> JSHandle:
    """What a hand drags onto the page."""
    making = "([name, content]) => { const held = new DataTransfer(); held.items.add(new File([content], name)); "
    return page.evaluate_handle(f"{making} return held; }}", [name, content])


def test_a_file_is_chosen_or_dragged_onto_the_phone(scene: Scene, page: Page) -> None:
    page.goto(scene.address)
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="ส่งไฟล์").click()
    choosing.value.set_files({"name": "ว 3.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    expect(chat(page).locator(".own").last).to_contain_text("ว 3.pdf")

    held = file_in_hand(page, "ว 4.pdf", "%PDF-1.4")
    for kind in ("dragover", "drop"):
        chat(page).dispatch_event(kind, {"dataTransfer": held})
    expect(chat(page).locator(".own").last).to_contain_text("ว 4.pdf")

    wait_for(lambda: len(scene.heard) == 2, seconds=20, what="both files")
    messages = [event["message"] for event in scene.heard]
    assert [(each["type"], each["fileName"], each["fileSize"]) for each in messages] == [
        ("file", "ว 3.pdf", 8),
        ("file", "ว 4.pdf", 8),
    ]
    assert scene.platform.contents.content(messages[1]["id"])[0] == b"%PDF-1.4"


def test_what_is_said_one_after_the_other_arrives_so_however_long_the_first_takes(scene: Scene, page: Page) -> None:
    page.goto(scene.address)
    on_the_way = held_up(page, "**/says")

    types(page, "หนึ่ง")
    types(page, "สอง")
    on_the_way().continue_()

    expect(chat(page).locator(".own")).to_contain_text(["หนึ่ง", "สอง"])


def test_a_page_that_loads_anew_first_lets_through_what_is_on_its_way(scene: Scene, page: Page) -> None:
    page.goto(f"{scene.address}/?u={ANONG}")
    on_the_way = held_up(page, "**/says")
    types(page, "หนึ่ง")
    types(page, "สอง")
    held = on_the_way()
    scene.platform.set_blocked(BOONMI, blocked=True)
    page.evaluate("new Promise(done => setTimeout(done, 300))")  # by now it would have loaded anew

    held.continue_()

    expect(chat(page).locator(".own")).to_contain_text(["หนึ่ง", "สอง"])
    open_side(page)
    expect(page.locator(f"#entry-{BOONMI}")).to_contain_text("บล็อก")


def test_what_could_not_be_sent_stands_in_its_field_again_before_what_was_typed_since(
    scene: Scene, handset: Page
) -> None:
    handset.goto(scene.address)
    on_the_way = held_up(handset, "**/says")

    types(handset, "หนึ่ง")
    first = on_the_way()
    handset.route("**/says", lambda route: route.fulfill(status=404))
    types(handset, "สอง")
    handset.get_by_label("ข้อความถึง eMENSCR").fill("สาม")
    first.fulfill(status=404)

    expect(handset.get_by_text("ส่งไม่สำเร็จ ลองใหม่อีกครั้ง")).to_be_visible()
    expect(handset.get_by_label("ข้อความถึง eMENSCR")).to_have_value("หนึ่ง สอง สาม")


def test_earlier_messages_that_are_asked_for_twice_come_once(scene: Scene, page: Page) -> None:
    for first in range(0, MOST_LINES * 2 + 10, 5):
        messages = [text(f"เรื่อง {number}") for number in range(first, first + 5)]
        scene.calls("/v2/bot/message/push", {"to": ANONG, "messages": messages})
    page.goto(scene.address)
    earlier = page.get_by_role("button", name="แสดงข้อความก่อนหน้า")
    on_the_way = held_up(page, "**/lines?*")
    earlier.press("Enter")
    held = on_the_way()

    earlier.press("Enter")
    expect(chat(page).locator(".line")).to_have_count(MOST_LINES * 2)
    with page.expect_request_finished(lambda request: request == held.request):
        held.continue_()
    let_it_draw(page)

    expect(chat(page).locator(".balloon")).to_have_text([f"เรื่อง {number}" for number in range(10, MOST_LINES * 2 + 10)])

"""The page with the phones: what it shows, what it escapes, what it lets a browser do, how news gets there."""

import json
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.unit.simulator.line import GROUP, Line
from tests.unit.simulator.test_rich_menus import SWITCH, area, drawn

TEXT = {"type": "text", "text": "สวัสดี"}
HOSTILE = "<script>alert(\"1\")</script><img src=x onerror='alert(2)'>"


def card(*contents: object, alt: str = "ข้อความแทนการ์ด") -> dict[str, Any]:
    body = {"type": "box", "layout": "vertical", "contents": contents or [TEXT]}
    return {"type": "flex", "altText": alt, "contents": {"type": "bubble", "body": body}}


class Elements(HTMLParser):
    """Every element with its attributes, and the text of the page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def having(self, cls: str) -> list[dict[str, str]]:
        return [attributes for _, attributes in self.found if cls in attributes.get("class", "").split()]

    def visible(self, cls: str) -> list[dict[str, str]]:
        return [attributes for attributes in self.having(cls) if "hidden" not in attributes]


def shown(line: Line, path: str = "/") -> Elements:
    answer = line.client.get(path)
    assert answer.status_code == 200
    return Elements(answer.text)


def phones(page: Elements) -> list[str]:
    return [phone["data-chat"] for phone in page.having("phone")]


def test_without_anybody_the_page_says_so(line: Line) -> None:
    line.control("POST", "/reset", {})

    page = shown(line)

    assert "ยังไม่มีโทรศัพท์สักเครื่อง" in page.text
    assert phones(page) == []


def test_it_lists_everybody_and_shows_the_first_phone(line: Line) -> None:
    line.gather()

    page = shown(line)

    assert [entry["href"] for entry in page.having("entry")] == [f"/?u={chat}" for chat in (*line.people, GROUP)]
    assert phones(page) == [line.people[0]]
    assert len(page.having("silence")) == 1


def test_it_shows_the_first_two_phones_that_have_something_to_read(line: Line) -> None:
    _, second, third = line.people
    line.push(third, TEXT)
    assert phones(shown(line)) == [third]

    line.push(second, TEXT)
    page = shown(line)

    assert phones(page) == [second, third]
    assert "ตำแหน่งของบุญมี" in page.text
    assert [each["id"] for each in page.having("chosen")] == [f"entry-{chat}" for chat in (second, third)]


def test_it_shows_the_cast_that_it_was_told_of_unless_asked_for_others(line: Line) -> None:
    first, second, third = line.people
    line.push(second, TEXT)

    assert line.control("PUT", "/cast", {"people": [third, first]}) == {"people": [third, first]}

    assert line.control("GET", "/cast") == {"people": [third, first]}
    assert phones(shown(line)) == [third, first]
    assert phones(shown(line, f"/?u={second}")) == [second]
    assert line.client.put("/sim/cast", json={"people": [first] * 7}).status_code == 400
    assert line.client.put("/sim/cast", json={"people": ["U1"]}).status_code == 404


def test_it_shows_the_phones_that_are_chosen_side_by_side(line: Line) -> None:
    first, second, third = line.people
    line.push(second, TEXT)

    page = shown(line, f"/?u={first}&u={third}&u=U1")

    assert phones(page) == [first, third]
    assert [each["data-close"] for each in page.having("close")] == [*line.people, first, third]


def test_of_a_long_chat_the_newest_lines_are_drawn_and_earlier_ones_when_asked_for(line: Line) -> None:
    person = line.people[0]
    for number in range(1, 126):
        line.phones.says(person, f"ข้อความ {number}")

    def said(page: Elements) -> list[str]:
        return [name["id"].removeprefix("message-") for name in page.having("line")]

    newest = shown(line)
    earlier = shown(line, f"/sim/phones/{person}/lines?before=66")
    earliest = shown(line, f"/sim/phones/{person}/lines?before=6")

    assert said(newest) == [str(number) for number in range(66, 126)]
    assert said(earlier) == [str(number) for number in range(6, 66)]
    assert said(earliest) == [str(number) for number in range(1, 6)]
    assert [len(page.having("earlier")) for page in (earlier, earliest)] == [1, 0]
    assert line.client.get(f"/sim/phones/{person}/lines?before=x").status_code == 400


def test_messages_stand_in_order_with_thai_date_and_time(line: Line) -> None:
    line.push(line.people[0], TEXT, {"type": "text", "text": "ลาก่อน"})

    page = shown(line)
    chat = page.text.split("ยังไม่มีข้อความ")[-1]

    assert chat.index("สวัสดี") < chat.index("ลาก่อน")
    assert "วันจันทร์ที่ 20 มี.ค. 2566" in page.text
    assert "08.30 น." in page.text


def test_the_notification_line_is_the_newest_alt_text(line: Line) -> None:
    line.push(line.people[0], TEXT, card(alt="เหลืออีก 2 วัน"))
    assert "เหลืออีก 2 วัน" in shown(line).text

    silent = {"to": line.people[0], "messages": [card(alt="เงียบ ๆ")], "notificationDisabled": True}
    line.call("POST", "/v2/bot/message/push", silent)
    notification = Elements(line.client.get(f"/sim/phones/{line.people[0]}").text.split("account")[0])

    assert "เหลืออีก 2 วัน" in notification.text
    assert "เงียบ ๆ" not in notification.text


def test_everything_that_comes_from_outside_is_escaped(line: Line) -> None:
    line.control("PUT", f"/people/{line.people[0]}", {"name": HOSTILE, "caption": HOSTILE})
    button = {"type": "button", "action": {"type": "uri", "label": "<i>x</i>", "uri": 'https://x/"><script>'}}
    spans = {"type": "text", "contents": [{"type": "span", "text": HOSTILE}]}
    line.push(
        line.people[0], {"type": "text", "text": HOSTILE}, card({**TEXT, "text": HOSTILE}, spans, button, alt=HOSTILE)
    )

    page = shown(line)

    scripts = [attributes for tag, attributes in page.found if tag == "script"]
    assert [script["src"] for script in scripts] == ["/static/page.js"]
    assert not any(tag in {"img", "i"} for tag, _ in page.found)
    assert page.text.count(HOSTILE) >= 6


def test_no_element_carries_a_style_or_a_handler(line: Line) -> None:
    line.push(line.people[0], card({**TEXT, "color": "#112233", "margin": "lg"}))

    names = {name for _, attributes in shown(line).found for name in attributes}

    assert "data-style" in names
    assert "style" not in names
    assert not any(name.startswith("on") for name in names)


@pytest.mark.parametrize("path", ("/", "/sim/phones/{}"))
def test_the_content_security_policy_allows_nothing_inline_or_foreign(line: Line, path: str) -> None:
    policy = line.client.get(path.format(line.people[0])).headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize(
    ("component", "cls"),
    (
        ({"type": "box", "layout": "horizontal", "contents": []}, "flex-box"),
        ({"type": "text", "text": "x", "wrap": True}, "flex-text"),
        ({"type": "button", "action": {"type": "message", "label": "x", "text": "x"}}, "flex-button"),
        ({"type": "image", "url": "https://x/y.png"}, "flex-image"),
        ({"type": "separator"}, "flex-separator"),
        ({"type": "filler"}, "flex-filler"),
    ),
)
def test_every_component_is_drawn(line: Line, component: object, cls: str) -> None:
    line.push(line.people[0], card(component))

    assert len(shown(line).having(cls)) == 1 + (cls == "flex-box")


def test_icons_and_videos_are_drawn(line: Line) -> None:
    icon = {"type": "box", "layout": "baseline", "contents": [{"type": "icon", "url": "https://x/y.png"}]}
    film = card(icon)
    still = {"type": "image", "url": "https://x/y.png"}
    film["contents"]["hero"] = {
        "type": "video",
        "url": "https://x/y.mp4",
        "previewUrl": "https://x/y.png",
        "altContent": still,
    }
    assert line.push(line.people[0], film).status_code == 200

    page = shown(line)

    assert len(page.having("flex-icon")) == len(page.having("flex-video")) == 1


def test_a_link_opens_elsewhere_and_tells_nothing(line: Line) -> None:
    line.push(line.people[0], card({"type": "button", "action": {"type": "uri", "label": "x", "uri": "https://x/"}}))

    (link,) = [attributes for tag, attributes in shown(line).found if tag == "a" and attributes["href"] == "https://x/"]

    assert (link["target"], link["rel"]) == ("_blank", "noopener noreferrer")


def test_a_carousel_can_be_reached_by_keyboard(line: Line) -> None:
    bubbles = [card()["contents"]] * 3
    line.push(
        line.people[0],
        {"type": "flex", "altText": "สามใบ", "contents": {"type": "carousel", "contents": bubbles}},
    )

    (carousel,) = shown(line).having("carousel")

    assert (carousel["tabindex"], carousel["role"], carousel["aria-label"]) == ("0", "group", "สามใบ")
    assert len(shown(line).having("bubble")) == 3


def pressed(page: Elements) -> list[dict[str, Any]]:
    """Every action that a tap on the page takes."""
    return [json.loads(attributes["data-action"]) for _, attributes in page.found if "data-action" in attributes]


def test_buttons_cards_and_quick_replies_can_be_tapped(line: Line) -> None:
    press = {"type": "postback", "label": 'ดู "<b>"', "data": "pj1~7", "displayText": "ขอดู"}
    row = {"type": "box", "layout": "vertical", "contents": [TEXT], "action": press}
    say = {"type": "message", "label": "เมนู", "text": "เมนู"}
    pick = {"type": "datetimepicker", "label": "เลือกวัน", "data": "d", "mode": "date"}
    items = [{"type": "action", "action": action} for action in (say, pick, {"type": "camera", "label": "ถ่ายรูป"})]
    message = card(row, {"type": "button", "action": press}) | {"quickReply": {"items": items}}
    assert line.push(line.people[0], message).status_code == 200

    page = shown(line)

    assert pressed(page) == [press, press, say, pick]
    (tappable_row,) = [attributes for _, attributes in page.found if attributes.get("role") == "button"]
    assert (tappable_row["tabindex"], tappable_row["title"]) == ("0", press["label"])
    assert [("disabled" in reply) for reply in page.having("reply")] == [False, False, True]


def test_what_people_said_stands_among_the_messages(line: Line) -> None:
    person = line.people[0]
    line.phones.says(person, HOSTILE)
    line.phones.sends(person, "sticker")
    line.phones.presses(person, "x", shown="ขอดูโครงการ")
    line.phones.unsends(person, line.phones.says(person, "ความลับ")["message"]["id"])

    page = shown(line)

    assert len(page.having("own")) == 4
    assert page.text.count(HOSTILE) == 1
    assert "[สติกเกอร์]" in page.text
    assert "ขอดูโครงการ" in page.text
    assert "[ยกเลิกข้อความแล้ว]" in page.text
    assert "ความลับ" not in page.text


def test_a_file_is_shown_with_its_name_and_size(line: Line) -> None:
    for name, size in (("ว 3.pdf", 12), ("ว 4.pdf", 1_536), ("ว 5.pdf", 3 * 1024 * 1024)):
        line.phones.sends_file(line.people[0], name, b"%" * size)

    text = shown(line).text

    assert [text.count(words) for words in ("ว 4.pdf", "12 ไบต์", "1.5 KB", "3.0 MB")] == [1, 1, 1, 1]


def test_a_person_who_was_renamed_is_shown_so_on_earlier_lines(line: Line) -> None:
    line.gather()
    line.phones.says(line.people[1], "สถานะ", group_id=GROUP)
    assert "บุญมาก" not in shown(line, f"/?u={GROUP}").text

    line.control("PUT", f"/people/{line.people[1]}", {"name": "บุญมาก"})

    assert shown(line, f"/sim/phones/{GROUP}").text.count("บุญมาก") == 3


def test_a_rich_menu_lies_below_the_chat_with_its_areas_on_its_picture(line: Line) -> None:
    tab = area(bounds={"x": 1250, "y": 843}, action={**SWITCH, "label": "แท็บสอง"})
    menu_id = drawn(line, areas=[area(), tab], chatBarText="แตะเพื่อเปิดเมนู")
    line.call("POST", f"/v2/bot/user/all/richmenu/{menu_id}")

    page = shown(line)

    (bar,), (picture,), areas = page.having("bar"), page.having("picture"), page.having("area")
    assert "แตะเพื่อเปิดเมนู" in page.text
    assert bar["aria-expanded"] == "true"
    assert picture["data-style"] == "--shape: 1.4828"
    assert [each["aria-label"] for each in areas] == ["งาน", "แท็บสอง"]
    assert areas[1]["data-style"] == "left: 50.0000%; top: 50.0000%; width: 50.0000%; height: 50.0000%"
    (source,) = [attributes["src"] for tag, attributes in page.found if tag == "img"]
    assert line.client.get(source).mimetype == "image/png"
    assert line.client.get("/sim/menus/richmenu-0/image").status_code == 404


def test_a_group_is_written_in_under_the_name_of_a_member(line: Line) -> None:
    line.gather(*line.people[:2])
    line.phones.says(line.people[1], "สถานะ", group_id=GROUP)

    page = shown(line, f"/?u={GROUP}")

    assert [attributes["value"] for tag, attributes in page.found if tag == "option"] == list(line.people[:2])
    assert len(page.having("speaker")) == 1
    assert page.having("bar") == page.having("pc") == []


def test_the_loading_indicator_knows_how_long_it_lasts(line: Line) -> None:
    assert page_loading(line) == ("0.0", True)
    line.platform.show_loading(line.people[0], 20)
    assert page_loading(line) == ("20.0", False)


def page_loading(line: Line) -> tuple[str, bool]:
    (loading,) = shown(line).having("loading")
    return loading["data-seconds"], "hidden" in loading


def test_a_message_of_another_kind_is_named(line: Line) -> None:
    line.push(line.people[0], {"type": "sticker", "packageId": "446", "stickerId": "1988"})

    assert "[สติกเกอร์]" in shown(line).text


def test_a_blocked_person_is_marked(line: Line) -> None:
    line.control("PUT", f"/people/{line.people[0]}/blocked", {"blocked": True})

    page = shown(line, f"/?u={line.people[0]}")

    assert len(page.having("blocked")) == 2
    assert [button["data-block"] for _, button in page.found if "data-block" in button] == ["false"]
    assert all("disabled" in each for each in (*page.having("send"), *page.having("more")))


def test_a_phone_of_nobody_is_not_found(line: Line) -> None:
    assert line.client.get("/sim/phones/U1").status_code == 404

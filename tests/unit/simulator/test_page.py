"""The page with the phones: what it shows, what it escapes, what it lets a browser do, how news gets there."""

import json
from html.parser import HTMLParser
from http.client import HTTPConnection
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.unit.simulator.line import Line

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


def test_an_empty_page_says_that_nothing_has_arrived(line: Line) -> None:
    page = shown(line)

    assert page.visible("nothing")
    assert page.having("phone") == []
    assert "ยังไม่มีข้อความส่งมาถึงโทรศัพท์ของใคร" in page.text


def test_it_shows_the_phones_that_have_messages(line: Line) -> None:
    line.push(line.people[1], TEXT)

    page = shown(line)

    assert [phone["id"] for phone in page.having("phone")] == [f"phone-{line.people[1]}"]
    assert page.visible("nothing") == []
    assert "ตำแหน่งของบุญมี" in page.text


def test_it_shows_the_phones_that_are_chosen_even_empty_ones(line: Line) -> None:
    line.push(line.people[1], TEXT)

    page = shown(line, f"/?u={line.people[0]}&u={line.people[2]}")

    assert [phone["id"] for phone in page.having("phone")] == [f"phone-{line.people[i]}" for i in (0, 2)]
    assert len(page.visible("silence")) == 2
    chosen = [attributes["value"] for tag, attributes in page.found if tag == "input" and "checked" in attributes]
    assert chosen == [line.people[0], line.people[2]]


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


def test_a_message_of_another_kind_is_named(line: Line) -> None:
    line.push(line.people[0], {"type": "sticker", "packageId": "446", "stickerId": "1988"})

    assert "[สติกเกอร์]" in shown(line).text


def test_a_blocked_person_is_marked(line: Line) -> None:
    line.control("PUT", f"/people/{line.people[0]}/blocked", {"blocked": True})

    assert len(shown(line, f"/?u={line.people[0]}").having("blocked")) == 1


def test_a_phone_of_nobody_is_not_found(line: Line) -> None:
    assert line.client.get("/sim/phones/U1").status_code == 404


@pytest.mark.parametrize("query", ("", "?after=x&version=1", "?after=1&version=-1"))
def test_a_stream_from_nowhere_is_refused(line: Line, query: str) -> None:
    assert line.client.get(f"/sim/stream{query}").status_code == 400


class Stream:
    """A browser's `EventSource`, as far as needed."""

    def __init__(self, address: str, query: str, **headers: str) -> None:
        self._connection = HTTPConnection(urlsplit(address).netloc, timeout=5)
        self._connection.request("GET", f"/sim/stream?{query}", headers=headers)
        self._answer = self._connection.getresponse()

    def next_event(self) -> dict[str, str]:
        """The next event with its fields; signs of life are passed over."""
        while True:
            lines = list(iter(lambda: self._answer.readline().decode().rstrip("\n"), ""))
            if lines != [":"]:
                return dict(line.split(": ", 1) for line in lines if ": " in line)

    def close(self) -> None:
        self._answer.close()
        self._connection.close()


def test_news_reaches_an_open_page(line: Line, address: str) -> None:
    after, version = line.platform.progress
    stream = Stream(address, f"after={after}&version={version}")
    line.push(line.people[0], card(alt=HOSTILE))

    event = stream.next_event()
    news = json.loads(event["data"])
    stream.close()

    assert event["event"] == "delivery"
    assert event["id"] == "1"
    assert news["user"] == line.people[0]
    assert news["notification"] == HOSTILE
    assert not any(tag == "script" for tag, _ in Elements(news["html"]).found)


def test_a_page_that_lost_its_connection_misses_nothing(line: Line, address: str) -> None:
    _, version = line.platform.progress
    line.push(line.people[0], TEXT, {"type": "text", "text": "สอง"})

    stream = Stream(address, f"after=0&version={version}", **{"Last-Event-ID": "1"})
    event = stream.next_event()
    stream.close()

    assert event["id"] == "2"
    assert "สอง" in json.loads(event["data"])["html"]


def test_a_page_learns_that_the_cast_has_changed(line: Line, address: str) -> None:
    after, version = line.platform.progress
    stream = Stream(address, f"after={after}&version={version}")
    line.control("PUT", f"/people/{line.people[0]}", {"name": "อนงค์นาถ"})

    event = stream.next_event()
    stream.close()

    assert event["event"] == "cast"


def test_an_idle_stream_gives_signs_of_life(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.page.HEARTBEAT", 0)
    after, version = line.platform.progress

    stream = line.client.get(f"/sim/stream?after={after}&version={version}", buffered=False)

    assert list(islice(stream.iter_encoded(), 3)) == [b":\n\n"] * 3
    stream.close()

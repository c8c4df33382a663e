"""The other side, drawn: quota, faults to switch, the bot's queues as it tells of them, and what it asks of LINE."""

import json
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

from simulator import other_side
from simulator.webhooks.letters import signature
from tests.loopback import taking_posts
from tests.unit.simulator.line import Line
from tests.unit.simulator.test_stream import Stream

TEXT = {"type": "text", "text": "สวัสดี"}
CLOSED, AWAY = "บอตไม่ได้เปิดให้ดูคิว", "ติดต่อบอตไม่ได้"
HOSTILE = "<script>alert(1)</script>"


@dataclass
class Bot:
    """A bot that lets its queues be looked at; ``status`` is what it answers instead."""

    queues: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    asked: list[str] = field(default_factory=list)
    heard: threading.Event = field(default_factory=threading.Event)

    def take(self, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        assert headers["x-line-signature"] == signature("a-channel-secret", body)
        self.asked.append(path)
        self.heard.set()
        if path not in {"/dev/queues", "/dev/quota"}:
            return 200 if path == "/callback" else 404, b"{}"
        assert body == b"{}"
        return self.status, json.dumps(self.queues if self.status == 200 else {}).encode()


@pytest.fixture
def bot(line: Line) -> Iterator[Bot]:
    bot = Bot(queues())
    with taking_posts(bot.take) as address:
        line.platform.webhook = f"{address}/callback"
        yield bot


def queues(*messages: Mapping[str, Any], events: tuple[Mapping[str, Any], ...] = (), **more: Any) -> dict[str, Any]:
    return {
        "stopped": None,
        "onlyStatutory": False,
        "circulars": 0,
        "outbox": {"counts": {"due": len(messages)} if messages else {}, "newest": list(messages)},
        "inbox": {"counts": {}, "newest": list(events)},
        **more,
    }


def message(**other: Any) -> dict[str, Any]:
    usual = {"id": 1, "kind": "reminder", "state": "due", "attempts": 0, "reason": "", "isDue": True, "retryAt": None}
    return usual | {"notBefore": "2023-03-20T01:30:00+00:00", "person": "P00017", "name": "อนงค์ ใจดี"} | other


class Words(HTMLParser):
    """Its words, and its buttons by id."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words = ""
        self.buttons: dict[str, dict[str, str | None]] = {}
        self.tags: list[str] = []
        self.feed(html)
        self.words = re.sub(r"\s+", " ", self.words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "button":
            self.buttons[dict(attrs)["id"] or ""] = dict(attrs)

    def handle_data(self, data: str) -> None:
        self.words += data

    def says(self, *words: str) -> bool:
        return all(each in self.words for each in words)


def drawn(line: Line) -> Words:
    """The other side as a page gets it that is loaded now."""
    page = line.client.get("/").text
    return Words(page.split('<div data-panel="other_side">')[1].split('<details class="people"')[0])


@dataclass
class Viewer:
    """An open page: its stream, and the other side as drawn last."""

    stream: Stream

    def sees(self, *words: str) -> Words:
        """Wait until the other side says all these words."""
        while True:
            event = self.stream.any_event()
            if event.get("event") != "panel":
                continue
            news = json.loads(event["data"])
            if news["name"] == "other_side" and (shown := Words(news["html"])).says(*words):
                return shown


@pytest.fixture
def viewer(line: Line, address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Viewer]:
    monkeypatch.setattr(other_side, "LOOK_SECONDS", 0.01)
    line.client.get("/")
    stream = Stream(line, address)
    yield Viewer(stream)
    stream.close()


def press(line: Line, button: Mapping[str, str | None]) -> None:
    line.control(button["data-method"] or "", (button["data-path"] or "")[4:], json.loads(button["data-body"] or ""))


# Quota


def test_the_quota_of_the_supposed_month_is_told_in_numbers(line: Line) -> None:
    line.control("PUT", "/quota", {"limit": 3000, "used": 32})
    assert drawn(line).says("ใช้ไป 32 จาก 3,000 ข้อความ เดือนมีนาคม 2566")

    line.control("PUT", "/clock", {"now": "2023-04-20T08:29:00+07:00"})
    assert drawn(line).says("ใช้ไป 0 จาก 3,000 ข้อความ เดือนเมษายน 2566")


def test_the_quota_is_set_by_buttons_that_say_which_is_set(line: Line) -> None:
    line.control("PUT", "/quota", {"used": 32})
    for name, limit in (("none", 32), ("few", 62), ("allowance", 300), ("unlimited", None)):
        press(line, drawn(line).buttons[f"other-side-{name}"])
        assert line.control("GET", "/quota") == {"limit": limit, "used": 32}
        assert drawn(line).buttons[f"other-side-{name}"]["aria-pressed"] == "true"
    assert drawn(line).says("ไม่จำกัดจำนวน")


def test_a_limit_of_nothing_can_be_drawn(line: Line) -> None:
    line.control("PUT", "/quota", {"limit": 0})

    assert drawn(line).says("ใช้ไป 0 จาก 0 ข้อความ")


def test_the_bot_is_told_of_another_quota_and_of_another_month(line: Line, bot: Bot, viewer: Viewer) -> None:
    viewer.sees("ยังไม่มีข้อความ")
    assert "/dev/quota" not in bot.asked

    for change in (("/quota", {"limit": 300}), ("/clock", {"now": "2023-04-20T08:29:00+07:00"})):
        bot.asked.clear()
        line.control("PUT", *change)
        while "/dev/quota" not in bot.asked:
            bot.heard.clear()
            assert bot.heard.wait(10)


# Faults


@pytest.mark.parametrize(("name", "status"), (("server_error", 500), ("rate_limited", 429), ("quota_exceeded", 429)))
def test_a_fault_is_switched_on_strikes_what_sends_and_is_switched_off(line: Line, name: str, status: int) -> None:
    switch = drawn(line).buttons[f"other-side-{name}"]
    assert switch["aria-pressed"] == "false"

    press(line, switch)
    token = line.phones.says(line.people[0], "x")["replyToken"]
    assert line.push(line.people[0], TEXT).status_code == status
    assert line.reply(token, TEXT).status_code == status
    assert line.multicast([line.people[0]], TEXT).status_code == status
    assert line.get("/v2/bot/message/quota").status_code == 200

    shown = drawn(line)
    assert shown.says("เปิดความขัดข้อง 1 อย่าง", "กระทบแล้ว 3 ครั้ง")
    assert shown.buttons[f"other-side-{name}"]["aria-pressed"] == "true"
    press(line, shown.buttons[f"other-side-{name}"])
    assert line.push(line.people[0], TEXT).status_code == 200
    assert drawn(line).buttons[f"other-side-{name}"]["aria-pressed"] == "false"


def test_every_fault_has_a_switch_with_a_sentence_and_one_button_ends_all(line: Line) -> None:
    names = ["server_error", "rate_limited", "quota_exceeded", "timeout", "reset_after_acceptance"]
    names += ["duplicates", "reorders"]
    for name in names:
        button = drawn(line).buttons[f"other-side-{name}"]
        assert button["aria-describedby"] == f"other-side-{name}-words"
        press(line, button)
    assert drawn(line).says("เปิดความขัดข้อง 7 อย่าง")
    assert [fault["seconds"] for fault in line.control("GET", "/faults")] == [0, 0, 0, 12, 0]

    line.client.post(drawn(line).buttons["other-side-calm"]["data-path"] or "", json={})

    shown = drawn(line)
    assert [shown.buttons[f"other-side-{name}"]["aria-pressed"] for name in names] == ["false"] * 7


def test_the_cast_may_block_the_bot_and_whoever_has_may_take_it_back(line: Line) -> None:
    anong, boonmi, chalai = line.people
    line.platform.cast = [anong]
    line.phones.blocks(boonmi)

    shown = drawn(line)
    assert shown.says("ผู้ใช้บล็อกบอต 1 คน")
    assert [shown.buttons[f"other-side-{person}"]["aria-pressed"] for person in (anong, boonmi)] == ["false", "true"]
    assert f"other-side-{chalai}" not in shown.buttons
    for person in (anong, boonmi):
        press(line, shown.buttons[f"other-side-{person}"])

    assert [person["blocked"] for person in line.control("GET", "/people")] == [True, False, False]


# Queues


def test_without_a_bot_that_tells_of_its_queues_the_page_says_so(line: Line, viewer: Viewer) -> None:
    assert drawn(line).says(CLOSED)

    line.platform.webhook = "http://127.0.0.1:1/callback"
    viewer.sees(AWAY)


@pytest.mark.parametrize(
    ("status", "words"), ((404, "บอตไม่ได้เปิดให้ดูคิว"), (403, "บอตไม่ได้เปิดให้ดูคิว"), (503, "ติดต่อบอตไม่ได้"))
)
def test_a_bot_that_does_not_tell_is_told_apart_from_one_in_trouble(
    bot: Bot, viewer: Viewer, status: int, words: str
) -> None:
    bot.status = status

    viewer.sees(words)


def test_the_outbox_is_told_in_words(bot: Bot, viewer: Viewer) -> None:
    soon = (datetime.now(UTC) + timedelta(seconds=100)).isoformat()
    bot.queues = queues(
        message(attempts=2, reason="http_500 Internal server error", retryAt=soon),
        message(state="skipped", reason="blocked", kind="arrival"),
        message(isDue=False, notBefore="2023-03-22T01:30:00+00:00"),
        message(kind="of tomorrow", state="of tomorrow", reason="of tomorrow"),
        circulars=46,
    )

    shown = viewer.sees("รอส่ง 4")

    assert shown.says("การเตือน ถึง อนงค์ ใจดี P00017", "รอส่ง ลองแล้ว 2 ครั้ง ลองใหม่ใน", "LINE ขัดข้อง (500)")
    seconds = re.search(r"ลองใหม่ใน (\d+) วินาที", shown.words)
    assert seconds is not None
    assert 80 < int(seconds[1]) <= 100
    assert shown.says("เรื่องใหม่รอพิจารณา", "ข้าม ผู้รับบล็อกบอต", "รอเวลา ส่งตั้งแต่ 22 มี.ค. 66 เวลา 08.30 น.")
    assert shown.says("of tomorrow", "หนังสือเวียนรอส่งถึงอีก 46 คน")


@pytest.mark.parametrize(
    ("state", "words"),
    (
        ({"stopped": "quota"}, "บอตหยุดส่งการแจ้งเตือนและหนังสือเวียน: โควตาเดือนนี้หมด"),
        ({"onlyStatutory": True}, "โควตาใกล้หมด บอตส่งเฉพาะการเตือนตามกำหนด"),
    ),
)
def test_what_holds_the_bot_up_is_said(bot: Bot, viewer: Viewer, state: dict[str, Any], words: str) -> None:
    bot.queues = queues(**state)

    viewer.sees(words)


def test_an_event_is_followed_from_the_phone_to_its_end(line: Line, bot: Bot, viewer: Viewer) -> None:
    line.control("PUT", "/behaviour", {"duplicates": True})
    event = line.phones.presses(line.people[0], "x")
    viewer.sees("กดปุ่ม อนงค์ LINE แจ้ง 2 ครั้ง: บอตรับ, บอตรับ")

    bot.queues = queues(events=({"event": event["webhookEventId"], "state": "done", "attempts": 1},))
    viewer.sees("กดปุ่ม อนงค์ เสร็จแล้ว LINE แจ้ง 2 ครั้ง")


def test_names_and_reasons_are_escaped(bot: Bot, viewer: Viewer) -> None:
    bot.queues = queues(message(name=HOSTILE, reason=HOSTILE, kind=HOSTILE))

    assert "script" not in viewer.sees(HOSTILE).tags


def test_nobody_is_asked_while_nobody_looks_or_nothing_happens(line: Line, bot: Bot) -> None:
    line.push(line.people[0], TEXT)
    assert drawn(line).says("กำลังดูคิวของบอต")

    assert "/dev/queues" not in bot.asked


# Calls


def test_the_newest_calls_are_listed_without_ids(line: Line) -> None:
    line.push(line.people[0], TEXT)
    line.get(f"/v2/bot/profile/{line.people[0]}")
    line.control("POST", "/faults", {"kind": "server_error", "count": 1})
    line.push(line.people[0], TEXT)

    shown = drawn(line)

    assert shown.says("ส่งถึงหนึ่งคน POST message/push 200", "GET profile/…", "500 LINE ขัดข้อง (500)")
    assert line.people[0] not in shown.words

"""Events: what people do, as the bot is told of it, and how it gets there."""

import json
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from simulator.webhooks.events import ulid
from simulator.webhooks.letters import signature
from tests.loopback import taking_posts
from tests.unit.simulator.line import GROUP, Line

NOBODY = "U" + "9" * 32


@dataclass
class Bot:
    """A bot that notes what it is sent and answers as it is told."""

    address: str = ""
    answers: list[int] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)
    together: threading.Barrier | None = None

    def take(self, _path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        assert headers["x-line-signature"] == signature("a-channel-secret", body)
        if self.together is not None:
            self.together.wait()
        self.heard += json.loads(body)["events"]
        return self.answers.pop(0) if self.answers else 200, b""


@pytest.fixture
def bot(line: Line) -> Iterator[Bot]:
    bot = Bot()
    with taking_posts(bot.take) as address:
        line.platform.webhook = f"{address}/callback"
        yield bot


def settle(line: Line) -> None:
    assert line.phones.settle(10)


def about(event: Any) -> dict[str, Any]:
    """What is the event's own, without what all events have."""
    envelope = {"mode", "timestamp", "source", "webhookEventId", "deliveryContext", "replyToken"}
    return {name: value for name, value in event.items() if name not in envelope}


# What events look like


def test_every_event_has_the_same_envelope(line: Line) -> None:
    event = line.phones.says(line.people[0], "สถานะ")

    assert event["mode"] == "active"
    assert event["timestamp"] == int(datetime(2023, 3, 20, 1, 30, tzinfo=UTC).timestamp() * 1_000)
    assert event["source"] == {"type": "user", "userId": line.people[0]}
    assert event["deliveryContext"] == {"isRedelivery": False}
    assert re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", event["webhookEventId"])
    assert re.fullmatch(r"[0-9a-f]{32}", event["replyToken"])


def test_event_ids_sort_by_time_and_are_never_the_same() -> None:
    early, late = datetime(2023, 3, 20, tzinfo=UTC), datetime(2023, 3, 21, tzinfo=UTC)

    assert ulid(early) < ulid(late)
    assert ulid(early)[:10] == ulid(early)[:10]
    assert len({ulid(early) for _ in range(100)}) == 100


def test_text_stickers_and_pictures_are_messages(line: Line) -> None:
    person = line.people[0]
    text, sticker, image = (
        event["message"]
        for event in (
            line.phones.says(person, "สถานะ"),
            line.phones.sends(person, "sticker"),
            line.phones.sends(person, "image"),
        )
    )

    assert (text["type"], text["text"]) == ("text", "สถานะ")
    assert (sticker["type"], sticker["packageId"], sticker["stickerId"]) == ("sticker", "446", "1988")
    assert (image["type"], image["contentProvider"]) == ("image", {"type": "line"})
    assert all(re.fullmatch(r"\d+", message["id"]) for message in (text, sticker, image))
    assert all(message["quoteToken"] for message in (text, sticker, image))


def test_a_press_is_a_postback_with_what_a_picker_adds(line: Line) -> None:
    person = line.people[0]

    assert about(line.phones.presses(person, "ap1~7")) == {"type": "postback", "postback": {"data": "ap1~7"}}
    picked = line.phones.presses(person, "d", params={"date": "2026-11-30"})
    assert picked["postback"] == {"data": "d", "params": {"date": "2026-11-30"}}


def test_friendship_is_followed_and_blocking_has_no_reply_token(line: Line) -> None:
    person = line.people[0]
    followed, blocked, unblocked = line.phones.follows(person), line.phones.blocks(person), line.phones.unblocks(person)

    assert about(followed) == {"type": "follow", "follow": {"isUnblocked": False}}
    assert about(blocked) == {"type": "unfollow"}
    assert about(unblocked) == {"type": "follow", "follow": {"isUnblocked": True}}
    assert ["replyToken" in event for event in (followed, blocked, unblocked)] == [True, False, True]


def test_a_message_can_be_taken_back(line: Line) -> None:
    said = line.phones.says(line.people[0], "ลับ")

    unsent = line.phones.unsends(line.people[0], said["message"]["id"])

    assert about(unsent) == {"type": "unsend", "unsend": {"messageId": said["message"]["id"]}}
    assert "replyToken" not in unsent
    (line_in_chat,) = line.platform.utterances(line.people[0])
    assert line_in_chat.unsent
    assert "ลับ" not in json.dumps(line_in_chat.message, ensure_ascii=False)


def test_in_a_group_only_messages_say_who(line: Line) -> None:
    line.gather()
    said = line.phones.says(line.people[0], "สถานะ", group_id=GROUP)
    pressed = line.phones.presses(line.people[0], "x", group_id=GROUP)
    taken_back = line.phones.unsends(line.people[0], said["message"]["id"])

    assert said["source"] == {"type": "group", "groupId": GROUP, "userId": line.people[0]}
    assert pressed["source"] == taken_back["source"] == {"type": "group", "groupId": GROUP}


def test_an_old_room_is_no_group(line: Line) -> None:
    room = "R" + "7" * 32
    line.control("PUT", f"/groups/{room}", {"name": "ห้อง", "members": list(line.people)})

    assert line.phones.says(line.people[0], "x", group_id=room)["source"]["roomId"] == room


def test_a_group_tells_of_the_bot_and_of_people_who_come_and_go(line: Line) -> None:
    first, second, third = line.people
    path = f"/groups/{GROUP}"
    joined = line.control("PUT", path, {"name": "กลุ่มงาน", "members": [first, second]})
    changed = line.control("PUT", path, {"name": "กลุ่มงาน", "members": [second, third]})
    left = line.control("DELETE", path)

    assert [(about(event), "replyToken" in event) for event in (*joined, *changed, left)] == [
        ({"type": "join"}, True),
        ({"type": "memberJoined", "joined": {"members": [{"type": "user", "userId": third}]}}, True),
        ({"type": "memberLeft", "left": {"members": [{"type": "user", "userId": first}]}}, False),
        ({"type": "leave"}, False),
    ]
    assert line.control("GET", "/groups") == []


def test_in_standby_an_event_cannot_be_answered(line: Line) -> None:
    line.control("PUT", "/behaviour", {"standby": True})

    event = line.phones.says(line.people[0], "สถานะ")

    assert event["mode"] == "standby"
    assert "replyToken" not in event


# Through the control API


def test_people_act_through_the_control_api(line: Line) -> None:
    person = f"/people/{line.people[0]}"
    said = line.control("POST", f"{person}/says", {"text": "สถานะ"})
    body = {"data": "d", "params": {"date": "2026-11-30"}, "displayText": "เลือกวัน"}

    assert said["message"]["text"] == "สถานะ"
    assert line.control("POST", f"{person}/presses", body)["postback"]["params"] == {"date": "2026-11-30"}
    assert line.control("POST", f"{person}/sends", {"kind": "sticker"})["message"]["type"] == "sticker"
    assert line.control("POST", f"{person}/follows", {})["type"] == "follow"
    assert line.control("POST", f"{person}/unsends", {"messageId": said["message"]["id"]})["type"] == "unsend"
    switch = {"richMenuAliasId": "none", "data": "x"}
    assert line.control("POST", f"{person}/switches", switch)["postback"]["params"]["status"].endswith("NOTFOUND")
    assert [each.message.get("text") for each in line.platform.utterances()] == [None, "เลือกวัน", None]


def test_people_act_in_groups_through_the_control_api(line: Line) -> None:
    line.gather()
    speaker = {"userId": line.people[0]}

    assert line.control("POST", f"/groups/{GROUP}/says", speaker | {"text": "x"})["source"]["groupId"] == GROUP
    assert line.control("POST", f"/groups/{GROUP}/presses", speaker | {"data": "x"})["type"] == "postback"
    assert line.control("GET", "/groups") == [{"groupId": GROUP, "name": "กลุ่มงาน", "members": list(line.people)}]


def test_blocking_through_the_control_api_is_told_once(line: Line) -> None:
    for blocked in (True, True, False, False):
        line.control("PUT", f"/people/{line.people[0]}/blocked", {"blocked": blocked})

    assert [posted["event"]["type"] for posted in line.control("GET", "/events")] == ["unfollow", "follow"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    (
        (f"/people/{NOBODY}/says", {"text": "x"}, 404),
        ("/people/{person}/says", {"text": " "}, 400),
        ("/people/{person}/says", {}, 400),
        ("/people/{person}/sends", {"kind": "video"}, 400),
        ("/people/{person}/presses", {"data": 5}, 400),
        ("/people/{person}/unsends", {"messageId": "1"}, 404),
        (f"/groups/{GROUP}/says", {"text": "x", "userId": NOBODY}, 404),
        (f"/groups/{GROUP}/says", {"text": "x"}, 400),
        (f"/groups/{'C' + '8' * 32}/says", {"text": "x", "userId": "{person}"}, 404),
        ("/events/1/redelivery", {}, 404),
    ),
)
def test_what_nobody_could_do_is_refused(line: Line, path: str, body: dict[str, str], status: int) -> None:
    line.gather()
    filled = {name: line.people[0] if value == "{person}" else value for name, value in body.items()}

    assert line.client.post("/sim" + path.format(person=line.people[0]), json=filled).status_code == status


def test_whoever_has_blocked_the_bot_or_is_not_in_the_group_cannot_write(line: Line) -> None:
    first, second, outsider = line.people
    line.gather(first, second)
    line.phones.blocks(first)

    assert line.client.post(f"/sim/people/{first}/says", json={"text": "x"}).status_code == 409
    assert line.client.post(f"/sim/groups/{GROUP}/says", json={"text": "x", "userId": outsider}).status_code == 409
    assert line.client.post(f"/sim/groups/{GROUP}/says", json={"text": "x", "userId": first}).status_code == 200


@pytest.mark.parametrize(("group", "members"), (("C1", []), ("U" + "7" * 32, []), (GROUP, [NOBODY])))
def test_a_group_that_makes_no_sense_is_refused(line: Line, group: str, members: list[str]) -> None:
    answer = line.client.put(f"/sim/groups/{group}", json={"name": "x", "members": members})

    assert answer.status_code == 400


# On the way to the bot


def test_events_reach_the_bot_in_order_and_signed(line: Line, bot: Bot) -> None:
    for number in range(5):
        line.phones.says(line.people[number % 3], str(number))
    settle(line)

    assert [event["message"]["text"] for event in bot.heard] == ["0", "1", "2", "3", "4"]
    assert [event for event in line.control("GET", "/events") if not event["taken"]] == []


def test_without_a_webhook_an_event_is_only_noted(line: Line) -> None:
    event = line.phones.says(line.people[0], "x")
    settle(line)

    assert line.control("GET", "/events") == [{"event": event, "taken": False, "attempts": []}]


def test_an_event_that_is_not_taken_is_lost_unless_redelivery_is_on(line: Line, bot: Bot) -> None:
    bot.answers = [500]
    line.phones.says(line.people[0], "x")
    settle(line)

    (posted,) = line.control("GET", "/events")
    assert not posted["taken"]
    assert [(attempt["status"], attempt["reason"]) for attempt in posted["attempts"]] == [(500, "ERROR_STATUS_CODE")]


def test_with_redelivery_it_comes_again_with_the_same_id_and_token(line: Line, bot: Bot) -> None:
    line.control("PUT", "/behaviour", {"redelivers": True, "redeliveryPause": 0})
    bot.answers = [500, 400]
    line.phones.says(line.people[0], "x")
    settle(line)

    assert [event["deliveryContext"]["isRedelivery"] for event in bot.heard] == [False, True, True]
    assert len({(event["webhookEventId"], event["replyToken"], event["timestamp"]) for event in bot.heard}) == 1
    (posted,) = line.control("GET", "/events")
    assert [attempt["status"] for attempt in posted["attempts"]] == [500, 400, 200]


def test_redelivery_gives_up_after_five_tries(line: Line, bot: Bot) -> None:
    line.control("PUT", "/behaviour", {"redelivers": True, "redeliveryPause": 0})
    bot.answers = [500] * 9
    line.phones.says(line.people[0], "x")
    settle(line)

    assert len(bot.heard) == 5


def test_an_event_can_come_twice_although_it_was_taken(line: Line, bot: Bot) -> None:
    event = line.phones.says(line.people[0], "x")
    line.control("POST", f"/events/{event['webhookEventId']}/redelivery", {})
    settle(line)

    assert [each["deliveryContext"]["isRedelivery"] for each in bot.heard] == [False, True]


def test_with_duplicates_every_event_comes_twice_at_once_or_a_moment_later(line: Line, bot: Bot) -> None:
    line.control("PUT", "/behaviour", {"duplicates": True})
    for number in range(4):
        line.phones.says(line.people[0], str(number))
    settle(line)

    assert [event["message"]["text"] for event in bot.heard] == ["0", "0", "1", "1", "2", "2", "3", "3"]
    marks = [event["deliveryContext"]["isRedelivery"] for event in bot.heard]
    assert [sorted(pair) for pair in zip(marks[::2], marks[1::2], strict=True)] == [[False, True]] * 4
    assert (marks[2:4], marks[6:8]) == ([False, True], [False, True])
    assert len({event["webhookEventId"] for event in bot.heard}) == 4
    assert [len(posted["attempts"]) for posted in line.control("GET", "/events")] == [2] * 4


def test_the_first_two_tries_of_a_duplicate_are_under_way_together(line: Line, bot: Bot) -> None:
    line.control("PUT", "/behaviour", {"duplicates": True})
    bot.together = threading.Barrier(2, timeout=10)
    line.phones.says(line.people[0], "x")
    settle(line)

    assert not bot.together.broken
    assert len(bot.heard) == 2


def test_with_reordering_what_happens_shortly_after_comes_first(line: Line, bot: Bot) -> None:
    line.control("PUT", "/behaviour", {"reorders": True, "reorderWindow": 10})
    for number in range(4):
        line.phones.says(line.people[0], str(number))
    settle(line)

    assert [event["message"]["text"] for event in bot.heard] == ["1", "0", "3", "2"]


def test_with_reordering_an_event_without_another_comes_when_the_window_ends(line: Line, bot: Bot) -> None:
    line.control("PUT", "/behaviour", {"reorders": True, "reorderWindow": 0.05})
    line.phones.says(line.people[0], "alone")
    settle(line)

    assert [event["message"]["text"] for event in bot.heard] == ["alone"]


def test_a_bot_that_is_not_there_is_noted(line: Line) -> None:
    line.platform.webhook = "http://127.0.0.1:1/"
    line.phones.says(line.people[0], "x")
    settle(line)

    (posted,) = line.control("GET", "/events")
    assert [attempt["reason"] for attempt in posted["attempts"]] == ["COULD_NOT_CONNECT"]


def test_a_reset_forgets_events_groups_and_menus(line: Line) -> None:
    line.gather()
    token = line.phones.says(line.people[0], "x")["replyToken"]

    line.control("POST", "/reset", {})

    assert line.control("GET", "/events") == []
    assert line.control("GET", "/groups") == []
    assert line.platform.utterances() == []
    assert line.reply(token, {"type": "text", "text": "x"}).status_code == 400

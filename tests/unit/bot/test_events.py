"""Events are read one by one from raw JSON; what LINE adds, leaves out or distorts stops none of them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.events import BadBody, arrivals, read_event
from handlers.conversation import Attached, Pressed, Said

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ACCOUNT = f"U{7:032x}"


def event(**fields: Any) -> dict[str, Any]:
    return {
        "type": "message",
        "mode": "active",
        "timestamp": 1_462_629_479_859,
        "source": {"type": "user", "userId": ACCOUNT},
        "webhookEventId": "01FZ74A0TDDPYRVKNK77XKC3ZR",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": "nHuyWiB7yP5Zw52FIkcQobQuGDXCTA",
        "message": {"type": "text", "id": "444573844083572737", "quoteToken": "q", "text": "สถานะงาน"},
        **fields,
    }


def body(*events: Any) -> bytes:
    return json.dumps({"destination": "U", "events": events}).encode()


def read(**fields: Any) -> Any:
    (arrival,) = arrivals(body(event(**fields)), NOW)
    return read_event(arrival.body)


def test_what_we_need_of_a_message_is_read() -> None:
    (arrival,) = arrivals(body(event()), NOW)
    assert (arrival.webhook_event_id, arrival.sender) == ("01FZ74A0TDDPYRVKNK77XKC3ZR", ACCOUNT)
    assert arrival.occurred_at == datetime(2016, 5, 7, 13, 57, 59, 859_000, UTC)
    seen = read_event(arrival.body)
    assert (seen.kind, seen.utterance, seen.is_private, seen.is_standby) == ("message", Said("สถานะงาน"), True, False)


@pytest.mark.parametrize(
    ("fields", "utterance"),
    (
        pytest.param({"message": {"type": "sticker", "id": "1"}}, Attached("sticker"), id="sticker"),
        pytest.param({"message": {"type": "hologram"}}, Attached("hologram"), id="a kind of the future"),
        pytest.param(
            {"message": {"type": "file", "id": "7", "fileName": "C:\\งาน\\ว ๓.pdf\n", "fileSize": 2138}},
            Attached("file", "7", "ว ๓.pdf", 2138),
            id="a file",
        ),
        pytest.param(
            {"message": {"type": "file", "id": ["7"], "fileName": None, "fileSize": "2138"}},
            Attached("file"),
            id="a file of which nothing can be read",
        ),
        pytest.param({"message": {"type": "text", "text": "  "}}, None, id="blanks"),
        pytest.param({"message": {"type": "text"}}, None, id="no text"),
        pytest.param({"message": "text"}, None, id="no message"),
        pytest.param({"message": {"type": "text", "text": "ก\0ข\ud800"}}, Said("ก ข?"), id="NUL, half a pair"),
        pytest.param({"message": {"type": "text", "text": "\u200b" * 12}}, None, id="a reason that nobody can see"),
        pytest.param({"message": {"type": "text", "text": "\u202eก\u200bข\u2066ค"}}, Said("กขค"), id="a turned text"),
        pytest.param({"message": {"type": "text", "text": "\ud83d\ude00"}}, Said("😀"), id="a whole pair"),
        pytest.param({"message": {"type": "text", "text": "ก" * 9_999}}, Said("ก" * 5_000), id="longer than LINE's"),
        pytest.param({"type": "postback", "postback": {"data": "a=1"}}, Pressed("a=1"), id="press"),
        pytest.param(
            {"type": "postback", "postback": {"data": "a", "params": {"date": "2026-11-30", "x": 1}}},
            Pressed("a", {"date": "2026-11-30"}),
            id="date picker",
        ),
        pytest.param(
            {"type": "postback", "postback": {"data": "a", "params": {"newRichMenuAliasId": "b"}}}, None, id="menu tab"
        ),
        pytest.param({"type": "holiday"}, None, id="an event of the future"),
    ),
)
def test_what_a_person_said_or_did_is_read(fields: dict[str, Any], utterance: object) -> None:
    assert read(**fields).utterance == utterance


def test_a_group_is_told_from_a_private_chat() -> None:
    group = {"type": "group", "groupId": f"C{1:032x}", "userId": ACCOUNT}
    assert (read(source=group).group, read(source=group).is_private) == (f"C{1:032x}", False)
    assert read(source={"type": "room", "roomId": f"R{1:032x}"}).group == f"R{1:032x}"
    mention = {"mentionees": [{"type": "user", "isSelf": True}]}
    assert read(source=group, message={"type": "text", "text": "@bot", "mention": mention}).names_us
    assert not read(source=group).names_us


def test_of_a_group_it_is_not_kept_what_people_say_nor_whom_they_name() -> None:
    source, other = {"type": "group", "groupId": f"C{1:032x}", "userId": ACCOUNT}, f"U{8:032x}"
    named = {"mentionees": [{"type": "user", "userId": other}, {"type": "user", "isSelf": True}]}
    said = {"type": "text", "id": "1", "text": "@bot @สมศรี เรื่องลับ", "mention": named}
    joined = {"members": [{"type": "user", "userId": other}]}
    for fields in ({"message": said}, {"type": "memberJoined", "joined": joined}):
        (arrival,) = arrivals(body(event(source=source, **fields)), NOW)
        assert other not in arrival.body
        assert "เรื่องลับ" not in str(json.loads(arrival.body))
    assert read(source=source, message=said).names_us
    assert isinstance(read(source=source, type="postback", postback={"data": "da1"}).utterance, Pressed)


def test_a_mode_other_than_active_is_standby() -> None:
    assert read(mode="standby").is_standby
    assert read(mode="of the future").is_standby
    without = {name: value for name, value in event().items() if name != "mode"}
    (arrival,) = arrivals(body(without), NOW)
    assert not read_event(arrival.body).is_standby


def test_an_event_without_an_id_has_one_of_its_content() -> None:
    dummy = {name: value for name, value in event().items() if name != "webhookEventId"}
    again = {**dummy, "deliveryContext": {"isRedelivery": True}}
    first, second, other = arrivals(body(dummy, again, {**dummy, "timestamp": 1}), NOW)
    assert first.webhook_event_id == second.webhook_event_id != other.webhook_event_id


@pytest.mark.parametrize("timestamp", (None, "1462629479859", 1e300, -1e300, float("nan"), [], True))
def test_a_time_that_cannot_be_read_is_the_time_of_arrival(timestamp: object) -> None:
    (arrival,) = arrivals(body(event(timestamp=timestamp)), NOW)
    assert arrival.occurred_at in {NOW, datetime(1970, 1, 1, 0, 0, 0, 1_000, UTC)}


@pytest.mark.parametrize(
    "raw", (b"", b"[]", b"1", b"null", b"{", b"{}", b'{"events":{}}', b'{"events":null}', b"\xff\xfe", b"[" * 100_000)
)
def test_a_body_without_a_list_of_events_is_refused(raw: bytes) -> None:
    with pytest.raises(BadBody):
        arrivals(raw, NOW)


def test_what_is_no_event_is_passed_over() -> None:
    assert [arrival.sender for arrival in arrivals(body(1, None, "x", [], event()), NOW)] == [ACCOUNT]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*event(), "text", "id"]), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(list(event())), ANYTHING))
def test_whatever_an_event_holds_it_can_be_stored_and_read(fields: dict[str, Any]) -> None:
    (arrival,) = arrivals(body({**event(), **fields}), NOW)
    assert arrival.body.isascii()
    assert arrival.webhook_event_id.isascii()
    seen = read_event(arrival.body)
    if isinstance(seen.utterance, Said):
        seen.utterance.text.encode()
        assert "\0" not in seen.utterance.text

"""The control API: what a test or the demo tells the platform, and what it is told."""

import re

import pytest

from tests.unit.simulator.line import GROUP, Line, Times

TEXT = {"type": "text", "text": "สวัสดี"}
SOMEBODY = "U" + "5" * 32


def test_a_person_is_registered_and_changed(line: Line) -> None:
    first = line.control("PUT", f"/people/{SOMEBODY}", {"name": "ดารา", "caption": "ผู้อำนวยการ"})
    assert first == {"userId": SOMEBODY, "name": "ดารา", "caption": "ผู้อำนวยการ", "blocked": False}

    line.control("PUT", f"/people/{SOMEBODY}", {"name": "ดารณี"})

    assert [person["name"] for person in line.control("GET", "/people")] == ["อนงค์", "บุญมี", "ชไล", "ดารณี"]


@pytest.mark.parametrize("user_id", ("U1", "C" + "5" * 32, "U" + "X" * 32))
def test_a_person_needs_a_line_user_id(line: Line, user_id: str) -> None:
    assert line.client.put(f"/sim/people/{user_id}", json={"name": "ดารา"}).status_code == 400


def test_a_person_can_block_and_unblock(line: Line) -> None:
    person = line.people[0]

    assert line.control("PUT", f"/people/{person}/blocked", {"blocked": True})["blocked"]
    line.push(person, TEXT)
    assert not line.control("PUT", f"/people/{person}/blocked", {"blocked": False})["blocked"]
    line.push(person, TEXT)

    assert line.received(person) == [TEXT]


def test_messages_are_listed_in_order_with_when_and_whence(line: Line) -> None:
    answer = line.push(line.people[0], TEXT, {"type": "text", "text": "สอง"})

    first, second = line.control("GET", f"/people/{line.people[0]}/messages")

    assert (first["message"], second["message"]["text"]) == (TEXT, "สอง")
    assert first["at"] == "2023-03-20T01:30:00+00:00"
    assert first["requestId"] == answer.headers["x-line-request-id"]
    assert first["id"] == answer.get_json()["sentMessages"][0]["id"]
    assert first["number"] < second["number"]


def test_calls_are_listed_with_what_came_of_them(line: Line) -> None:
    key = "123e4567-e89b-12d3-a456-426614174000"
    line.push(line.people[0], TEXT, X_Line_Retry_Key=key)
    line.get("/v2/bot/info")
    line.get("/nowhere")

    calls = line.control("GET", "/calls")

    assert [(call["method"], call["path"], call["status"]) for call in calls] == [
        ("POST", "/v2/bot/message/push", 200),
        ("GET", "/v2/bot/info", 200),
        ("GET", "/nowhere", 404),
    ]
    assert calls[0]["retryKey"] == key
    assert calls[0]["body"] == {"to": line.people[0], "messages": [TEXT]}
    assert [call["path"] for call in line.control("GET", "/calls?path=/v2/bot/info")] == ["/v2/bot/info"]


def test_no_secret_is_listed_among_the_calls(line: Line) -> None:
    form = {"grant_type": "client_credentials", "client_id": "1234567890", "client_secret": "a-channel-secret"}
    line.client.post("/oauth2/v3/token", data=form)

    assert line.control("GET", "/calls")[0]["body"] is None


def test_the_clock_goes_on_from_where_it_is_set(line: Line, times: Times) -> None:
    line.control("PUT", "/clock", {"now": "2023-03-20T08:29:00+07:00"})
    times.pass_by(minutes=2)

    assert line.control("GET", "/clock") == {"now": "2023-03-20T01:31:00+00:00"}


def test_a_reset_starts_over(line: Line) -> None:
    line.push(line.people[0], TEXT)
    line.control("POST", "/faults", {"kind": "slow"})
    line.control("PUT", "/quota", {"limit": 5, "used": 5})

    line.control("POST", "/reset", {})

    assert line.control("GET", "/people") == []
    assert line.control("GET", "/calls") == []
    assert line.control("GET", "/faults") == []
    assert line.control("GET", "/quota") == {"limit": None, "used": 0}


def test_deliveries_are_numbered_on_after_a_reset(line: Line) -> None:
    line.push(line.people[0], TEXT)
    line.control("POST", "/reset", {})
    line.control("PUT", f"/people/{SOMEBODY}", {"name": "ดารา"})
    line.push(SOMEBODY, TEXT)

    assert [delivery.number for delivery in line.platform.deliveries(after=1)] == [2]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    (
        ("PUT", f"/people/{SOMEBODY}", {}),
        ("PUT", f"/people/{SOMEBODY}", {"name": 5}),
        ("PUT", f"/people/{SOMEBODY}", {"name": "x", "nick": "y"}),
        ("PUT", "/quota", {"used": True}),
        ("PUT", "/quota", [5]),
        ("PUT", "/clock", {"now": "yesterday"}),
        ("PUT", "/clock", {"now": "2023-03-20T08:29:00"}),
        ("POST", "/faults", {"kind": "earthquake"}),
        ("POST", "/faults", {"kind": "slow", "count": 0}),
    ),
)
def test_a_body_that_makes_no_sense_is_400_and_says_why(line: Line, method: str, path: str, body: object) -> None:
    answer = line.client.open(f"/sim{path}", method=method, json=body)

    assert answer.status_code == 400
    assert answer.get_json()["message"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    (
        ("GET", f"/people/{SOMEBODY}/messages", None),
        ("PUT", f"/people/{SOMEBODY}/blocked", {"blocked": True}),
        ("DELETE", "/faults/7", None),
        ("GET", "/nothing", None),
    ),
)
def test_what_is_not_there_is_404(line: Line, method: str, path: str, body: object) -> None:
    assert line.client.open(f"/sim{path}", method=method, json=body).status_code == 404


def test_a_page_of_another_site_can_press_nothing(line: Line) -> None:
    paths = {str(rule) for rule in line.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    own = {re.sub("<.*?>", line.people[0], path) for path in paths if path.startswith("/sim/")}
    assert "/sim/reset" in own
    for path in own:  # what a browser sends elsewhere without asking first
        assert line.client.post(path).status_code == 415, path
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
            assert line.client.post(path, data="{}", content_type=kind).status_code == 415, path


@pytest.mark.parametrize(
    ("path", "body"),
    (
        (f"/people/{SOMEBODY}", r'{"name": "\ud800"}'),
        ("/behaviour", '{"redeliveryPause": NaN}'),
        ("/behaviour", '{"redeliveryPause": -1}'),
        ("/behaviour", '{"redeliveryPause": 1e300}'),
        ("/clock", '{"now": "9999-12-31T23:59:59-12:00"}'),
        ("/clock", '{"now": "2566-03-20T08:30:00+07:00"}'),
        ("/cast", '{"people": [{}]}'),
        ("/cast", '{"people": ' + "[" * 100_000),
        (f"/groups/{GROUP}", '{"name": "กลุ่ม", "members": [{}]}'),
    ),
)
def test_a_value_that_the_simulator_would_stumble_over_later_is_refused_at_once(
    line: Line, path: str, body: str
) -> None:
    assert line.client.put(f"/sim{path}", data=body, content_type="application/json").status_code == 400
    assert line.client.get("/").status_code == 200


def test_a_message_with_half_a_character_is_refused_and_the_page_goes_on(line: Line) -> None:
    assert line.push(line.people[0], {"type": "text", "text": "\ud800"}).status_code == 400
    assert line.client.get("/").status_code == 200


@pytest.mark.parametrize("number", ("", "-1", "1e9", "๓", "9" * 5_000))
def test_a_number_in_an_address_that_is_none_is_refused(line: Line, number: str) -> None:
    query = {"before": number, "after": number, "version": number}
    for path in (f"/sim/phones/{line.people[0]}/lines", "/sim/stream"):
        assert line.client.get(path, query_string=query).status_code == 400


def test_a_host_name_of_elsewhere_is_refused(line: Line) -> None:
    assert line.client.get("/sim/people", headers={"Host": "rebound.example.com"}).status_code == 400

"""The endpoints: tokens, bodies, recipients, quota, profiles, webhooks."""

import json
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from werkzeug.test import TestResponse

from simulator.app import create_app
from simulator.clock import Clock
from simulator.settings import Rate, Settings
from simulator.webhooks.letters import signature
from tests.loopback import taking_posts
from tests.unit.simulator.line import Line, Times

TEXT = {"type": "text", "text": "สวัสดี"}
KEY = "123e4567-e89b-12d3-a456-426614174000"
NOBODY = "U" + "9" * 32
PUSH = "/v2/bot/message/push"
CREDENTIALS = {"grant_type": "client_credentials", "client_id": "1234567890", "client_secret": "a-channel-secret"}


def token_for(line: Line, **changed: str) -> TestResponse:
    return line.client.post("/oauth2/v3/token", data=CREDENTIALS | changed)


# Tokens


def test_a_stateless_token_opens_the_api_for_fifteen_minutes(line: Line, times: Times) -> None:
    answer = token_for(line)
    assert answer.status_code == 200
    assert answer.get_json()["token_type"] == "Bearer"
    assert answer.get_json()["expires_in"] == 900
    line.token = answer.get_json()["access_token"]

    times.pass_by(seconds=899)
    assert line.get("/v2/bot/info").status_code == 200
    times.pass_by(seconds=1)
    assert line.get("/v2/bot/info").status_code == 401


@pytest.mark.parametrize(
    ("changed", "error"),
    (
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_id": "99"}, "invalid_client"),
        ({"client_id": ""}, "invalid_request"),
        ({"grant_type": "password"}, "invalid_request"),
    ),
)
def test_a_token_is_refused_in_the_words_of_oauth(line: Line, changed: dict[str, str], error: str) -> None:
    answer = token_for(line, **changed)

    assert answer.status_code == 400
    assert answer.get_json()["error"] == error
    assert "error_description" in answer.get_json()


@pytest.mark.parametrize("authorization", ("", "Bearer", "Bearer nonsense", "Basic a-long-lived-token", "Bearer \xe9"))
def test_without_a_valid_token_nothing_is_answered(line: Line, authorization: str) -> None:
    answer = line.client.get("/v2/bot/info", headers={"Authorization": authorization})

    assert answer.status_code == 401
    assert answer.get_json()["message"].startswith("Authentication failed due to the following reason:")


# Requests


def test_every_answer_has_a_request_id_of_its_own(line: Line) -> None:
    answers = [line.get("/v2/bot/info"), line.get("/nowhere"), line.push(NOBODY, TEXT), token_for(line)]

    assert len({answer.headers["x-line-request-id"] for answer in answers}) == 4


@pytest.mark.parametrize("path", ("/v2/bot/message/pushes", "/v2/bot/message/push/", "/v2//bot/info", "/favicon.ico"))
def test_an_unknown_path_is_404_in_json(line: Line, path: str) -> None:
    answer = line.get(path)

    assert answer.status_code == 404
    assert answer.get_json() == {"message": "Not found"}


def test_a_method_that_a_path_does_not_take_is_405(line: Line) -> None:
    assert line.get(PUSH).status_code == 405


def test_a_body_of_another_media_type_is_415(line: Line) -> None:
    headers = {"Authorization": f"Bearer {line.token}"}

    assert line.client.post(PUSH, data="to=x", headers=headers).status_code == 415
    assert line.client.post(PUSH, data=b"{}", content_type="text/plain", headers=headers).status_code == 415


def test_a_charset_is_no_other_media_type(line: Line) -> None:
    body = json.dumps({"to": line.people[0], "messages": [TEXT]}).encode()
    headers = {"Authorization": f"Bearer {line.token}"}

    answer = line.client.post(PUSH, data=body, content_type="application/json; charset=UTF-8", headers=headers)

    assert answer.status_code == 200


def test_a_body_over_two_megabytes_is_413(line: Line) -> None:
    assert line.push(line.people[0], {**TEXT, "text": "x" * 2_100_000}).status_code == 413


@pytest.mark.parametrize("body", (b"", b"{", b"\xff", b"{'to': 1}", b'{"to": NaN}', b"[" * 100_000))
def test_a_body_that_is_not_json_is_400(line: Line, body: object) -> None:
    answer = line.client.post(
        PUSH, data=body, content_type="application/json", headers={"Authorization": f"Bearer {line.token}"}
    )

    assert answer.status_code == 400
    assert "could not be parsed as JSON" in answer.get_json()["message"]


def test_what_a_page_from_elsewhere_posts_unasked_is_not_kept(line: Line) -> None:
    line.client.post("/v2/bot/anything", data='["long"]', content_type="text/plain")
    call = line.platform.calls()[-1]
    assert (call.status, call.body) == (404, None)


@pytest.mark.parametrize("body", ([], "text", 5, None, {}, {"to": "x"}, {"to": 5, "messages": [TEXT]}))
def test_a_body_of_a_wrong_shape_is_400(line: Line, body: object) -> None:
    raw = json.dumps(body)
    headers = {"Authorization": f"Bearer {line.token}"}

    assert line.client.post(PUSH, data=raw, content_type="application/json", headers=headers).status_code == 400


def test_rate_limits_refill_steadily_and_count_refused_requests(times: Times) -> None:
    settings = Settings("1", "s", "t", rates={PUSH: Rate(2, 1)})
    client = create_app(settings, clock=Clock(lambda: times.instant), elapsed=lambda: times.seconds).test_client()

    def status() -> int:
        return client.post(PUSH, json={}, headers={"Authorization": "Bearer t"}).status_code

    assert [status() for _ in range(3)] == [400, 400, 429]
    times.pass_by(seconds=0.5)
    assert [status() for _ in range(2)] == [400, 429]


# Recipients


def test_a_push_arrives_and_is_answered_with_its_messages(line: Line) -> None:
    answer = line.push(line.people[0], TEXT, {"type": "text", "text": "ลาก่อน"})

    assert answer.status_code == 200
    assert [re.fullmatch(r"\d+", sent["id"]) is not None for sent in answer.get_json()["sentMessages"]] == [True, True]
    assert [message["text"] for message in line.received(line.people[0])] == ["สวัสดี", "ลาก่อน"]
    assert line.received(line.people[1]) == []


@pytest.mark.parametrize("to", ("", "U123", "u" + "a" * 32, "U" + "A" * 32, "U" + "a" * 32 + "\n"))
def test_an_impossible_recipient_is_400(line: Line, to: str) -> None:
    answer = line.push(to, TEXT)

    assert answer.status_code == 400
    assert answer.get_json()["message"] == "The property, 'to', in the request body is invalid (line: -, column: -)"


@pytest.mark.parametrize("to", (NOBODY, "C" + "9" * 32, "R" + "9" * 32))
def test_a_push_to_somebody_unknown_fails(line: Line, to: str) -> None:
    answer = line.push(to, TEXT)

    assert (answer.status_code, answer.get_json()) == (400, {"message": "Failed to send messages"})


def test_a_person_who_blocked_the_bot_gets_nothing_and_costs_nothing(line: Line) -> None:
    somebody = line.people[0]
    line.control("PUT", f"/people/{somebody}/blocked", {"blocked": True})

    answer = line.push(somebody, TEXT)

    assert answer.status_code == 200
    assert answer.get_json()["sentMessages"]
    assert line.received(somebody) == []
    assert line.platform.quota.used == 0
    assert line.get(f"/v2/bot/profile/{somebody}").status_code == 404


def test_a_multicast_reaches_everybody_once(line: Line) -> None:
    answer = line.multicast([*line.people, line.people[0]], TEXT)

    assert (answer.status_code, answer.get_json()) == (200, {})
    assert [line.received(person) for person in line.people] == [[TEXT]] * 3
    assert line.platform.quota.used == 3


@pytest.mark.parametrize("impossible", ("U123", "C" + "9" * 32))
def test_one_impossible_id_stops_a_multicast_for_all(line: Line, impossible: str) -> None:
    answer = line.multicast([line.people[0], impossible], TEXT)

    assert answer.status_code == 400
    assert answer.get_json()["message"] == "The property, 'to[1]', in the request body is invalid (line: -, column: -)"
    assert line.received(line.people[0]) == []


def test_a_multicast_passes_over_unknown_people_or_refuses_them(line: Line) -> None:
    assert line.multicast([NOBODY, line.people[0]], TEXT).status_code == 200
    assert line.received(line.people[0]) == [TEXT]

    line.control("PUT", "/behaviour", {"multicastSkipsUnknown": False})
    answer = line.multicast([line.people[0], NOBODY], TEXT)

    assert answer.status_code == 400
    assert "'to[1]'" in answer.get_json()["message"]
    assert line.received(line.people[0]) == [TEXT]


def test_a_multicast_takes_up_to_500_people(line: Line) -> None:
    assert line.multicast([NOBODY] * 500, TEXT).status_code == 200
    assert line.multicast([NOBODY] * 501, TEXT).get_json()["details"] == [
        {"message": "Size must be between 1 and 500", "property": "to"}
    ]


def test_a_silent_message_shows_no_notification(line: Line) -> None:
    body = {"to": line.people[0], "messages": [TEXT], "notificationDisabled": True}
    assert line.call("POST", PUSH, body).status_code == 200

    assert [delivery.notified for delivery in line.platform.deliveries()] == [False]


# Retry keys


def test_a_repeated_push_is_409_with_what_was_sent(line: Line) -> None:
    first = line.push(line.people[0], TEXT, X_Line_Retry_Key=KEY)
    second = line.push(line.people[0], TEXT, X_Line_Retry_Key=KEY.upper())

    assert first.status_code == 200
    assert second.status_code == 409
    assert second.get_json() == {
        "message": "The retry key is already accepted",
        "sentMessages": first.get_json()["sentMessages"],
    }
    assert second.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert second.headers["x-line-request-id"] != first.headers["x-line-request-id"]
    assert line.received(line.people[0]) == [TEXT]
    assert line.platform.quota.used == 1


def test_a_repeated_multicast_is_409_without_messages(line: Line) -> None:
    assert line.multicast(list(line.people), TEXT, X_Line_Retry_Key=KEY).status_code == 200
    answer = line.multicast(list(line.people), TEXT, X_Line_Retry_Key=KEY)

    assert (answer.status_code, answer.get_json()) == (409, {"message": "The retry key is already accepted"})


def test_a_retry_key_stands_for_24_hours(line: Line, times: Times) -> None:
    line.push(line.people[0], TEXT, X_Line_Retry_Key=KEY)

    times.pass_by(hours=23, minutes=59)
    assert line.push(line.people[0], TEXT, X_Line_Retry_Key=KEY).status_code == 409
    times.pass_by(minutes=1)
    assert line.push(line.people[0], TEXT, X_Line_Retry_Key=KEY).status_code == 200
    assert line.received(line.people[0]) == [TEXT, TEXT]


def test_a_refused_request_does_not_use_up_its_retry_key(line: Line) -> None:
    assert line.push(NOBODY, TEXT, X_Line_Retry_Key=KEY).status_code == 400
    line.control("POST", "/faults", {"kind": "server_error", "count": 1})
    assert line.push(line.people[0], TEXT, X_Line_Retry_Key=KEY).status_code == 500
    assert line.push(line.people[0], TEXT, X_Line_Retry_Key=KEY).status_code == 200


def test_a_retry_key_must_be_a_uuid(line: Line) -> None:
    assert line.push(line.people[0], TEXT, X_Line_Retry_Key="once").status_code == 400
    assert line.received(line.people[0]) == []


def test_an_endpoint_without_retry_keys_refuses_one(line: Line) -> None:
    answer = line.call("POST", "/v2/bot/message/validate/push", {"messages": [TEXT]}, X_Line_Retry_Key=KEY)

    assert answer.status_code == 400


def test_two_requests_at_once_under_one_key_are_accepted_once(line: Line) -> None:
    start = threading.Barrier(8)
    statuses: list[int] = []

    def send() -> None:
        client = line.app.test_client()
        start.wait()
        headers = {"Authorization": f"Bearer {line.token}", "X-Line-Retry-Key": KEY}
        body = {"to": line.people[0], "messages": [TEXT]}
        statuses.append(client.post(PUSH, json=body, headers=headers).status_code)

    senders = [threading.Thread(target=send) for _ in range(8)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert sorted(statuses) == [200] + [409] * 7
    assert line.received(line.people[0]) == [TEXT]


# Quota


def test_without_a_limit_the_quota_says_so(line: Line) -> None:
    line.push(line.people[0], TEXT, TEXT)

    assert line.get("/v2/bot/message/quota").get_json() == {"type": "none"}
    assert line.get("/v2/bot/message/quota/consumption").get_json() == {"totalUsage": 1}


def test_a_request_beyond_the_quota_is_refused_whole(line: Line) -> None:
    line.control("PUT", "/quota", {"limit": 4, "used": 2})

    answer = line.multicast(list(line.people), TEXT)

    assert (answer.status_code, answer.get_json()) == (429, {"message": "You have reached your monthly limit."})
    assert [line.received(person) for person in line.people] == [[]] * 3
    assert line.push(line.people[0], TEXT).status_code == 200
    assert line.multicast(list(line.people[:1]), TEXT).status_code == 200
    assert line.push(line.people[0], TEXT).status_code == 429
    assert line.get("/v2/bot/message/quota").get_json() == {"type": "limited", "value": 4}
    assert line.get("/v2/bot/message/quota/consumption").get_json() == {"totalUsage": 4}


def test_a_new_month_has_its_whole_quota(line: Line, times: Times) -> None:
    line.control("PUT", "/quota", {"limit": 1})
    line.push(line.people[0], TEXT)
    assert line.push(line.people[0], TEXT).status_code == 429

    times.pass_by(days=20)

    assert line.push(line.people[0], TEXT).status_code == 200


# The bot and its friends


def test_a_profile_is_a_name_and_an_id(line: Line) -> None:
    answer = line.get(f"/v2/bot/profile/{line.people[0]}")

    assert answer.get_json() == {"displayName": "อนงค์", "userId": line.people[0], "language": "th"}
    assert line.get(f"/v2/bot/profile/{NOBODY}").status_code == 404
    assert line.get("/v2/bot/profile/U1").status_code == 400


def test_the_bot_knows_who_it_is(line: Line) -> None:
    info = line.get("/v2/bot/info").get_json()

    assert re.fullmatch(r"U[0-9a-f]{32}", info["userId"])
    assert (info["displayName"], info["chatMode"], info["markAsReadMode"]) == ("eMENSCR", "bot", "auto")


# Webhooks


@dataclass
class Bot:
    """Takes webhooks, and keeps the last one."""

    endpoint: str = ""
    status: int = 200
    taken: tuple[str, bytes] = ("", b"")

    def take(self, _path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        self.taken = headers["x-line-signature"], body
        return self.status, b""


@pytest.fixture
def bot() -> Iterator[Bot]:
    bot = Bot()
    with taking_posts(bot.take) as address:
        bot.endpoint = f"{address}/callback"
        yield bot


def test_a_webhook_signature_is_the_one_of_the_documentation() -> None:
    body = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'

    assert signature("8c570fa6dd201bb328f1c1eac23a96d8", body) == "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="


def test_the_webhook_endpoint_can_be_set_and_tested(line: Line, bot: Bot) -> None:
    assert line.get("/v2/bot/channel/webhook/endpoint").status_code == 404
    assert line.call("POST", "/v2/bot/channel/webhook/test", {}).status_code == 404

    assert line.call("PUT", "/v2/bot/channel/webhook/endpoint", {"endpoint": bot.endpoint}).get_json() == {}
    assert line.get("/v2/bot/channel/webhook/endpoint").get_json() == {"endpoint": bot.endpoint, "active": True}
    outcome = line.call("POST", "/v2/bot/channel/webhook/test", {}).get_json()

    assert (outcome["success"], outcome["statusCode"], outcome["reason"]) == (True, 200, "OK")
    sent_signature, body = bot.taken
    assert sent_signature == signature("a-channel-secret", body)
    assert json.loads(body) == {"destination": line.get("/v2/bot/info").get_json()["userId"], "events": []}


def test_a_webhook_test_says_what_went_wrong(line: Line, bot: Bot) -> None:
    bot.status = 503
    failed = line.call("POST", "/v2/bot/channel/webhook/test", {"endpoint": bot.endpoint}).get_json()
    unreachable = line.call("POST", "/v2/bot/channel/webhook/test", {"endpoint": "http://127.0.0.1:1/"}).get_json()

    assert (failed["success"], failed["statusCode"], failed["reason"]) == (False, 503, "ERROR_STATUS_CODE")
    assert (unreachable["statusCode"], unreachable["reason"]) == (0, "COULD_NOT_CONNECT")


@pytest.mark.parametrize(
    "endpoint", ("http://example.com/callback", "ftp://127.0.0.1/", "https://", "x", "https://x/" + "y" * 500)
)
def test_a_webhook_endpoint_is_https_or_on_this_machine(line: Line, endpoint: str) -> None:
    assert line.call("PUT", "/v2/bot/channel/webhook/endpoint", {"endpoint": endpoint}).status_code == 400

"""Answers to events: reply tokens, groups, the loading indicator."""

import pytest

from tests.unit.simulator.line import GROUP, Line, Times

TEXT = {"type": "text", "text": "สวัสดี"}
LOADING = "/v2/bot/chat/loading/start"
NOBODY = "U" + "9" * 32
USED = {"message": "Invalid reply token"}


def token(line: Line) -> str:
    reply_token: str = line.phones.says(line.people[0], "สถานะ")["replyToken"]
    return reply_token


def test_a_reply_arrives_in_the_chat_and_costs_nothing(line: Line) -> None:
    answer = line.reply(token(line), TEXT, {**TEXT, "text": "สอง"})

    assert answer.status_code == 200
    assert len(answer.get_json()["sentMessages"]) == 2
    assert [message["text"] for message in line.received(line.people[0])] == ["สวัสดี", "สอง"]
    assert line.platform.quota.used == 0


def test_a_reply_token_is_good_once(line: Line) -> None:
    reply_token = token(line)
    assert line.reply(reply_token, TEXT).status_code == 200

    second = line.reply(reply_token, TEXT)

    assert (second.status_code, second.get_json()) == (400, USED)
    assert len(line.received(line.people[0])) == 1


@pytest.mark.parametrize("unknown", ("", "0" * 32, "nonsense"))
def test_a_reply_token_of_nobody_is_refused(line: Line, unknown: str) -> None:
    assert line.reply(unknown, TEXT).get_json() == USED


def test_a_reply_token_lives_for_a_minute(line: Line, times: Times) -> None:
    early, late = token(line), token(line)

    times.pass_by(seconds=59)
    assert line.reply(early, TEXT).status_code == 200
    times.pass_by(seconds=1)
    assert line.reply(late, TEXT).get_json() == USED


def test_a_redelivered_event_has_its_token_for_another_minute_but_not_after_twenty(line: Line, times: Times) -> None:
    tokens = line.platform.reply_tokens
    soon, used, late = token(line), token(line), token(line)
    line.reply(used, TEXT)

    times.pass_by(minutes=5)
    tokens.delivered(soon)
    tokens.delivered(used)
    assert line.reply(soon, TEXT).status_code == 200
    assert line.reply(used, TEXT).get_json() == USED
    times.pass_by(minutes=15)
    tokens.delivered(late)
    assert line.reply(late, TEXT).get_json() == USED


def test_a_token_that_was_put_back_is_as_old_as_it_was_however_often_its_event_came_since(
    line: Line, times: Times
) -> None:
    tokens = line.platform.reply_tokens
    early = token(line)
    saved = tokens.saved()
    times.pass_by(seconds=40)
    tokens.delivered(early)
    tokens.put_back(saved)
    times.pass_by(seconds=20)
    assert line.reply(early, TEXT).get_json() == USED


def test_a_refused_reply_leaves_its_token_good(line: Line) -> None:
    reply_token = token(line)
    assert line.reply(reply_token, {**TEXT, "text": ""}).get_json()["details"][0]["property"] == "messages[0].text"
    assert line.reply(reply_token).status_code == 400
    assert line.reply(reply_token, *[TEXT] * 6).status_code == 400

    assert line.reply(reply_token, TEXT).status_code == 200


def test_a_reply_takes_no_retry_key(line: Line) -> None:
    reply_token = token(line)

    assert line.reply(reply_token, TEXT, X_Line_Retry_Key="123e4567-e89b-12d3-a456-426614174000").status_code == 400
    assert line.reply(reply_token, TEXT).status_code == 200


def test_a_reply_to_somebody_who_has_blocked_the_bot_is_accepted_and_lost(line: Line) -> None:
    reply_token = token(line)
    line.phones.blocks(line.people[0])

    assert line.reply(reply_token, TEXT).status_code == 200
    assert line.received(line.people[0]) == []


def test_messages_of_a_reply_can_be_validated(line: Line) -> None:
    path = "/v2/bot/message/validate/reply"

    assert line.call("POST", path, {"messages": [TEXT]}).get_json() == {}
    assert line.call("POST", path, {"messages": [{"type": "text", "text": ""}]}).status_code == 400


def test_in_a_group_a_reply_is_free_and_a_push_counts_for_every_member(line: Line) -> None:
    line.gather()
    event = line.phones.says(line.people[1], "สถานะ", group_id=GROUP)

    assert line.reply(event["replyToken"], TEXT).status_code == 200
    assert line.platform.quota.used == 0
    assert line.push(GROUP, TEXT).status_code == 200
    assert line.platform.quota.used == 3
    assert [each["message"] for each in line.control("GET", f"/groups/{GROUP}/messages")] == [TEXT, TEXT]
    assert line.received(line.people[1]) == []


def test_the_loading_indicator_is_seen_until_its_time_or_the_next_message(line: Line, times: Times) -> None:
    person = line.people[0]
    answer = line.call("POST", LOADING, {"chatId": person, "loadingSeconds": 10})
    assert (answer.status_code, answer.get_json()) == (202, {})
    times.pass_by(seconds=4)
    assert line.platform.loading(person) == 6
    times.pass_by(seconds=6)
    assert line.platform.loading(person) == 0

    line.call("POST", LOADING, {"chatId": person})
    assert line.platform.loading(person) == 20
    line.push(person, TEXT)
    assert line.platform.loading(person) == 0


@pytest.mark.parametrize(
    "body", ({"chatId": GROUP}, {"chatId": "U1"}, {}, *({"chatId": NOBODY, "loadingSeconds": s} for s in (0, 7, 65)))
)
def test_the_loading_indicator_is_for_people_and_in_steps_of_five_seconds(line: Line, body: object) -> None:
    assert line.call("POST", LOADING, body).status_code == 400

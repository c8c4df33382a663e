"""Faults as a bot meets them, over real HTTP."""

import json
import socket
import threading
import time
from http.client import HTTPConnection, RemoteDisconnected
from typing import Any
from urllib.parse import urlsplit

import pytest

from simulator.messaging_api.faults import Fault, FaultKind, Faults
from tests.processes import wait_for
from tests.unit.simulator.line import Line

TEXT = {"type": "text", "text": "สวัสดี"}
KEY = "123e4567-e89b-12d3-a456-426614174000"
PUSH = "/v2/bot/message/push"


def send(address: str, line: Line, timeout: float = 5.0, key: str | None = None, path: str = PUSH) -> tuple[int, Any]:
    """One push on a connection of its own: status and parsed body."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=timeout)
    headers = {"Authorization": f"Bearer {line.token}", "Content-Type": "application/json"}
    if key:
        headers["X-Line-Retry-Key"] = key
    try:
        connection.request("POST", path, json.dumps({"to": line.people[0], "messages": [TEXT]}), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    (
        ("server_error", 500, "Internal server error"),
        ("rate_limited", 429, "The API rate limit has been exceeded. Try again later."),
        ("quota_exceeded", 429, "You have reached your monthly limit."),
        ("unauthorized", 401, "Authentication failed"),
    ),
)
def test_a_fault_answers_in_place_of_the_endpoint(line: Line, address: str, kind: str, status: int, words: str) -> None:
    line.control("POST", "/faults", {"kind": kind, "count": 1})

    answer = send(address, line)

    assert answer[0] == status
    assert answer[1]["message"].startswith(words)
    assert line.received(line.people[0]) == []
    assert send(address, line)[0] == 200


def test_a_reset_before_acceptance_delivers_nothing(line: Line, address: str) -> None:
    line.control("POST", "/faults", {"kind": "reset_before_acceptance", "count": 1})

    with pytest.raises(ConnectionResetError):
        send(address, line)

    assert line.received(line.people[0]) == []
    assert line.platform.calls()[-1].status is None


def test_a_reset_after_acceptance_delivers_and_the_retry_learns_of_it(line: Line, address: str) -> None:
    line.control("POST", "/faults", {"kind": "reset_after_acceptance", "count": 1})

    with pytest.raises(ConnectionResetError):
        send(address, line, key=KEY)

    assert line.received(line.people[0]) == [TEXT]
    assert send(address, line, key=KEY)[0] == 409
    assert line.received(line.people[0]) == [TEXT]


def test_a_timeout_holds_the_connection_and_delivers_nothing(line: Line, address: str) -> None:
    line.control("POST", "/faults", {"kind": "timeout", "seconds": 60, "count": 1})

    with pytest.raises(TimeoutError):
        send(address, line, timeout=0.2)

    wait_for(lambda: line.control("GET", "/faults") == [], 20, "the push has met the fault")
    line.control("DELETE", "/faults")
    assert line.received(line.people[0]) == []


def test_a_timeout_that_is_waited_for_ends_without_an_answer(line: Line, address: str) -> None:
    line.control("POST", "/faults", {"kind": "timeout", "seconds": 0.05, "count": 1})

    with pytest.raises((ConnectionResetError, RemoteDisconnected)):
        send(address, line)


def test_a_slow_answer_was_accepted_long_before(line: Line, address: str) -> None:
    line.control("POST", "/faults", {"kind": "slow", "seconds": 60, "count": 1})
    answers: list[tuple[int, Any]] = []
    sender = threading.Thread(target=lambda: answers.append(send(address, line)))
    after, version = line.platform.chats.progress
    sender.start()
    line.platform.chats.wait(after, version, timeout=5)

    assert line.received(line.people[0]) == [TEXT]
    assert answers == []
    while sender.is_alive():  # the request may not have begun to wait yet
        line.control("DELETE", "/faults")
        sender.join(0.02)
    assert [status for status, _ in answers] == [200]


def test_a_fault_strikes_as_often_as_it_says(line: Line) -> None:
    line.control("POST", "/faults", {"kind": "server_error", "count": 2})

    assert [line.push(line.people[0], TEXT).status_code for _ in range(3)] == [500, 500, 200]
    assert line.control("GET", "/faults") == []


def test_a_fault_without_a_count_strikes_until_it_is_cleared(line: Line) -> None:
    fault = line.control("POST", "/faults", {"kind": "server_error"})
    assert [line.push(line.people[0], TEXT).status_code for _ in range(3)] == [500, 500, 500]

    line.control("DELETE", f"/faults/{fault['id']}")

    assert line.push(line.people[0], TEXT).status_code == 200


def test_a_fault_strikes_only_where_it_says(line: Line) -> None:
    line.control("POST", "/faults", {"kind": "server_error", "path": "/v2/bot/message/*", "method": "POST"})

    assert line.push(line.people[0], TEXT).status_code == 500
    assert line.get("/v2/bot/message/quota").status_code == 200


def test_the_first_fault_strikes_first(line: Line) -> None:
    line.control("POST", "/faults", {"kind": "server_error", "count": 1})
    line.control("POST", "/faults", {"kind": "unauthorized", "path": PUSH})

    assert [line.push(line.people[0], TEXT).status_code for _ in range(2)] == [500, 401]


def test_how_often_a_fault_struck_is_known_until_the_next_reset() -> None:
    faults = Faults()
    faults.add(Fault(FaultKind.SERVER_ERROR, "/a", count=1))
    faults.add(Fault(FaultKind.RATE_LIMITED))
    struck = [faults.take("GET", "/a"), faults.take("GET", "/a"), faults.take("POST", "/b")]
    assert [fault.kind for fault in struck if fault] == ["server_error", "rate_limited", "rate_limited"]

    faults.clear()
    assert faults.take("GET", "/a") is None
    assert faults.struck() == {FaultKind.SERVER_ERROR: 1, FaultKind.RATE_LIMITED: 2}

    faults.reset()
    assert faults.struck() == {}


def test_when_all_is_calm_nothing_goes_wrong_by_itself(line: Line) -> None:
    line.control("POST", "/faults", {"kind": "server_error"})
    line.control("PUT", "/behaviour", {"duplicates": True, "reorders": True, "standby": True})
    line.phones.blocks(line.people[0])

    line.control("POST", "/calm", {})

    behaviour = line.control("GET", "/behaviour")
    assert line.control("GET", "/faults") == []
    assert [behaviour[name] for name in ("duplicates", "reorders", "standby")] == [False, False, True]
    assert line.platform.friends(line.people) == list(line.people[1:])


def test_a_fault_can_meet_the_token_endpoint(line: Line) -> None:
    line.control("POST", "/faults", {"kind": "server_error", "path": "/oauth2/v3/token"})

    assert line.client.post("/oauth2/v3/token", data={}).status_code == 500


def test_the_control_api_is_never_at_fault(line: Line) -> None:
    line.control("POST", "/faults", {"kind": "server_error", "path": "*"})

    assert line.control("GET", "/people")


def test_a_path_with_two_slashes_is_not_found_over_http(line: Line, address: str) -> None:
    assert send(address, line, path=f"/{PUSH}") == (404, {"message": "Not found"})


def test_a_body_of_three_megabytes_is_answered_with_413_over_http(line: Line, address: str) -> None:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=5)
    headers = {"Authorization": f"Bearer {line.token}", "Content-Type": "application/json"}
    connection.request("POST", PUSH, b"x" * 3_000_000, headers)

    assert connection.getresponse().status == 413
    connection.close()


def test_the_server_says_nothing(line: Line, address: str, capfd: pytest.CaptureFixture[str]) -> None:
    line.control("POST", "/faults", {"kind": "reset_before_acceptance", "count": 1})
    with pytest.raises(ConnectionResetError):
        send(address, line)
    send(address, line)
    with socket.create_connection((urlsplit(address).hostname, urlsplit(address).port)) as rude:
        rude.sendall(b"nonsense\r\n\r\n")
        rude.recv(1_000)

    assert capfd.readouterr() == ("", "")


def test_forty_senders_at_once_are_all_served(line: Line, address: str) -> None:
    began = time.monotonic()
    senders = [threading.Thread(target=send, args=(address, line)) for _ in range(40)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert len(line.received(line.people[0])) == 40
    assert time.monotonic() - began < 10

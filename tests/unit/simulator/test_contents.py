"""Files that people send: the bot is told, and may fetch the bytes for a while."""

import pytest

from simulator.webhooks.phones import CannotWrite
from tests.unit.simulator.line import ANONG, Line, Times

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 10
BYTES = "application/octet-stream"


def path_of(message_id: str) -> str:
    return f"/v2/bot/message/{message_id}/content"


def test_a_file_is_told_as_line_describes_it_and_its_bytes_can_be_fetched(line: Line) -> None:
    address = f"/sim/people/{ANONG}/files?name=ว 3.pdf"
    event = line.client.post(address, data=PDF, content_type=BYTES).get_json()
    message = event["message"]
    assert event["type"] == "message"
    assert event["source"] == {"type": "user", "userId": ANONG}
    assert event["replyToken"]
    assert (message["type"], message["fileName"], message["fileSize"]) == ("file", "ว 3.pdf", len(PDF))
    assert message["markAsReadToken"]

    answer = line.get(path_of(message["id"]))
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PDF, "application/pdf")
    assert line.get(path_of("4711")).status_code == 404
    assert line.client.get(path_of(message["id"])).status_code == 401


def test_a_name_that_looks_like_an_address_says_no_type(line: Line) -> None:
    message_id = line.phones.sends_file(ANONG, "data:text/x\r\nX-Evil: 1,ว 3.pdf", PDF)["message"]["id"]
    answer = line.get(path_of(message_id))
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PDF, "application/pdf")


def test_bytes_are_prepared_first_and_gone_some_day(line: Line, times: Times) -> None:
    line.control("PUT", "/behaviour", {"contentPause": 2.5})
    message_id = line.phones.sends_file(ANONG, "a.bin", PDF)["message"]["id"]
    assert line.get(path_of(message_id)).status_code == 202
    times.pass_by(seconds=3)
    assert line.get(path_of(message_id)).mimetype == BYTES
    line.control("DELETE", f"/contents/{message_id}")
    assert line.get(path_of(message_id)).status_code == 404
    assert line.client.delete(f"/sim/contents/{message_id}").status_code == 404

    again = line.phones.sends_file(ANONG, "a.bin", PDF)["message"]["id"]
    line.phones.unsends(ANONG, again)
    assert line.get(path_of(again)).status_code == 410


def test_faults_meet_it_like_any_other_call(line: Line) -> None:
    message_id = line.phones.sends_file(ANONG, "a.pdf", PDF)["message"]["id"]
    line.control("POST", "/faults", {"kind": "server_error", "path": "/v2/bot/message/*/content", "count": 1})
    assert [line.get(path_of(message_id)).status_code for _ in range(2)] == [500, 200]


def test_only_who_can_write_sends_files_and_only_as_bytes(line: Line) -> None:
    address = f"/sim/people/{ANONG}/files"
    assert line.client.post(f"{address}?name=a.pdf", data=PDF, content_type="text/plain").status_code == 415
    assert line.client.post(address, data=PDF, content_type=BYTES).status_code == 400
    line.phones.blocks(ANONG)
    assert line.client.post(f"{address}?name=a.pdf", data=PDF, content_type=BYTES).status_code == 409
    with pytest.raises(CannotWrite):
        line.phones.sends_file(ANONG, "a.pdf", PDF)


def test_more_than_a_request_of_the_api_may_hold_can_be_sent(line: Line) -> None:
    large = bytes(12 * 1024 * 1024)
    address = f"/sim/people/{ANONG}/files?name=a.pdf"
    message = line.client.post(address, data=large, content_type=BYTES).get_json()["message"]
    assert message["fileSize"] == len(large) == len(line.get(path_of(message["id"])).data)

"""How news gets to an open page: server-sent events."""

import json
from http.client import HTTPConnection
from itertools import islice
from urllib.parse import urlsplit

import pytest

from tests.unit.simulator.line import Line
from tests.unit.simulator.test_page import HOSTILE, TEXT, Elements, card


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
    after, version = line.platform.chats.progress
    stream = Stream(address, f"after={after}&version={version}")
    line.push(line.people[0], card(alt=HOSTILE))

    event = stream.next_event()
    news = json.loads(event["data"])
    stream.close()

    assert event["event"] == "line"
    assert event["id"] == "1"
    assert news["chat"] == line.people[0]
    assert news["notification"] == HOSTILE
    assert not any(tag == "script" for tag, _ in Elements(news["html"]).found)


def test_a_page_that_lost_its_connection_misses_nothing(line: Line, address: str) -> None:
    _, version = line.platform.chats.progress
    line.push(line.people[0], TEXT, {"type": "text", "text": "สอง"})

    stream = Stream(address, f"after=0&version={version}", **{"Last-Event-ID": "1"})
    event = stream.next_event()
    stream.close()

    assert event["id"] == "2"
    assert "สอง" in json.loads(event["data"])["html"]


def test_a_page_learns_that_the_cast_has_changed(line: Line, address: str) -> None:
    after, version = line.platform.chats.progress
    stream = Stream(address, f"after={after}&version={version}")
    line.control("PUT", f"/people/{line.people[0]}", {"name": "อนงค์นาถ"})

    event = stream.next_event()
    stream.close()

    assert event["event"] == "cast"


def test_a_page_learns_what_was_said_and_that_the_menu_or_the_indicator_has_changed(line: Line, address: str) -> None:
    after, version = line.platform.chats.progress
    stream = Stream(address, f"after={after}&version={version}")

    line.phones.says(line.people[0], "สถานะ")
    said = stream.next_event()
    line.platform.show_loading(line.people[0], 20)
    touched = stream.next_event()
    line.platform.menus.set_default(None)
    everybody = [json.loads(stream.next_event()["data"])["chat"] for _ in line.people]
    stream.close()

    assert said["event"] == "line"
    assert "สถานะ" in json.loads(said["data"])["html"]
    assert (touched["event"], json.loads(touched["data"])) == ("touch", {"chat": line.people[0]})
    assert set(everybody) == set(line.people)


def test_an_idle_stream_gives_signs_of_life(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.page.HEARTBEAT", 0)
    after, version = line.platform.chats.progress

    stream = line.client.get(f"/sim/stream?after={after}&version={version}", buffered=False)

    assert list(islice(stream.iter_encoded(), 3)) == [b":\n\n"] * 3
    stream.close()

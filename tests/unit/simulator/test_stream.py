"""How news gets to an open page: server-sent events."""

import json
from collections.abc import Mapping
from http.client import HTTPConnection
from itertools import islice
from urllib.parse import urlencode, urlsplit

import pytest

from tests.unit.simulator.line import Line
from tests.unit.simulator.test_page import HOSTILE, TEXT, Elements, card


@pytest.mark.parametrize("query", ("", "?after=x&version=1", "?after=1&version=-1"))
def test_a_stream_from_nowhere_is_refused(line: Line, query: str) -> None:
    assert line.client.get(f"/sim/stream{query}").status_code == 400


class Stream:
    """A browser's `EventSource`, as far as needed, of a page with the first person's phone."""

    def __init__(self, line: Line, address: str, headers: Mapping[str, str] | None = None, **asked: object) -> None:
        after, version = line.platform.chats.progress
        known = {"life": line.platform.chats.life, "after": after, "version": version, "u": line.people[0]}
        self._connection = HTTPConnection(urlsplit(address).netloc, timeout=5)
        self._connection.request("GET", f"/sim/stream?{urlencode(known | asked)}", headers=headers or {})
        self._answer = self._connection.getresponse()

    def next_event(self) -> dict[str, str]:
        """The next event with its fields; signs of life and the parts beside the phones are passed over."""
        while True:
            event = self.any_event()
            if event.get("event", "panel") != "panel":
                return event

    def any_event(self) -> dict[str, str]:
        """What comes next, whatever it is; empty for a sign of life."""
        lines = list(iter(lambda: self._answer.readline().decode().rstrip("\n"), ""))
        return dict(line.split(": ", 1) for line in lines if ": " in line)

    def close(self) -> None:
        self._answer.close()
        self._connection.close()


def test_news_reaches_an_open_page(line: Line, address: str) -> None:
    stream = Stream(line, address)
    line.push(line.people[0], card(alt=HOSTILE))

    event = stream.next_event()
    news = json.loads(event["data"])
    stream.close()

    assert event["event"] == "line"
    assert event["id"] == str(news["number"]) == str(line.platform.chats.lines()[-1].number)
    assert news["chat"] == line.people[0]
    assert news["notification"] == HOSTILE
    assert not any(tag == "script" for tag, _ in Elements(news["html"]).found)


def test_a_page_that_lost_its_connection_misses_nothing(line: Line, address: str) -> None:
    line.push(line.people[0], TEXT, {"type": "text", "text": "สอง"})

    first, second = (str(each.number) for each in line.platform.chats.lines())
    stream = Stream(line, address, {"Last-Event-ID": first}, after=0)
    event = stream.next_event()
    stream.close()

    assert event["id"] == second
    assert "สอง" in json.loads(event["data"])["html"]


def test_of_chats_that_a_page_does_not_show_it_hears_no_more_than_who_and_what(line: Line, address: str) -> None:
    stream = Stream(line, address)
    line.push(line.people[1], card(alt="เหลืออีก 2 วัน"))
    note = json.loads(stream.next_event()["data"])
    stream.close()

    assert note.pop("number") == line.platform.chats.lines()[-1].number
    assert note == {"chat": line.people[1], "own": False, "text": "เหลืออีก 2 วัน"}


def test_a_page_of_an_earlier_life_loads_anew_whatever_its_numbers_say(line: Line, address: str) -> None:
    line.push(line.people[0], TEXT)

    stream = Stream(line, address, life="0123456789abcdef", after=0)
    event = stream.next_event()
    stream.close()

    assert event["event"] == "cast"


def test_a_page_learns_that_the_cast_has_changed(line: Line, address: str) -> None:
    stream = Stream(line, address)
    line.control("PUT", f"/people/{line.people[0]}", {"name": "อนงค์นาถ"})

    event = stream.next_event()
    stream.close()

    assert event["event"] == "cast"


def test_a_page_learns_what_was_said_and_that_the_menu_or_the_indicator_has_changed(line: Line, address: str) -> None:
    stream = Stream(line, address)

    line.phones.says(line.people[0], "สถานะ")
    said = stream.next_event()
    line.platform.show_loading(line.people[0], 20)
    touched = stream.next_event()
    line.platform.menus.set_default(None)
    touched_again = json.loads(stream.next_event()["data"])
    stream.close()

    assert said["event"] == "line"
    assert "สถานะ" in json.loads(said["data"])["html"]
    assert touched["event"] == "touch"
    (loading,) = Elements(json.loads(touched["data"])["html"]).having("loading")
    assert "hidden" not in loading
    assert touched_again["chat"] == line.people[0]


def test_an_idle_stream_gives_signs_of_life(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.page.stream.HEARTBEAT", 0)
    after, version = line.platform.chats.progress

    known = f"life={line.platform.chats.life}&after={after}&version={version}"
    stream = line.client.get(f"/sim/stream?{known}", buffered=False)

    assert list(islice(stream.iter_encoded(), 3)) == [b"retry: 1000\n\n", b":\n\n", b":\n\n"]
    stream.close()

"""What happens, told to open pages as server-sent events."""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack

from flask import Response, request, stream_with_context

from simulator.fields import number
from simulator.line.chats import Delivery, Line
from simulator.line.platform import Platform
from simulator.page.drawing import Drawing
from simulator.page.panels import Panel
from simulator.page.screen import words

HEARTBEAT = 15.0
"""Seconds between signs of life on an idle stream."""

_SIGN_OF_LIFE = ":\n\n"
_RETRY = "retry: 1000\n\n"
"""Milliseconds after which a browser looks for a lost stream again."""


class Stream:
    """The view of the stream.

    A page says what it knows: ``life`` and ``version`` of the cast, ``after`` which number it wants to hear, and with
    ``u`` whose phones it shows. It hears ``line`` of every line, drawn for those phones alone; ``touch`` of anything
    else that changes on them; ``panel`` of a part beside the phones; ``cast`` when it has to load anew.
    """

    def __init__(self, platform: Platform, drawing: Drawing, panels: Mapping[str, Panel]) -> None:
        self._platform = platform
        self._drawing = drawing
        self._panels = panels

    def view(self) -> Response:
        """The news of one page, as long as it listens."""
        after = number(request.headers.get("Last-Event-ID") or request.args.get("after", ""))
        version = number(request.args.get("version", ""))
        shown = frozenset(request.args.getlist("u"))
        is_of_this_life = request.args.get("life") == self._platform.chats.life
        news = self._watched_news(after, version, shown) if is_of_this_life else iter((_event("cast"),))
        return Response(stream_with_context(news), mimetype="text/event-stream", headers={"Cache-Control": "no-store"})

    def _watched_news(self, after: int, version: int, shown: frozenset[str]) -> Iterator[str]:
        with ExitStack() as open_panels:
            for panel in self._panels.values():
                open_panels.enter_context(panel.watched())
            yield _RETRY
            yield from self._news(after, version, shown)

    def _news(self, after: int, version: int, shown: frozenset[str]) -> Iterator[str]:
        while True:
            news = self._platform.chats.wait(after, version, HEARTBEAT)
            if news.cast_version != version:
                yield _event("cast")
                return
            for line in news.lines:
                yield _event("line", line.number, self._told(line, is_shown=line.chat_id in shown))
            for chat_id in shown.intersection(news.touched):
                if parts := self._drawing.parts(chat_id):
                    yield _event("touch", news.until, {"chat": chat_id, "html": parts})
            for panel in (self._panels[topic] for topic in news.topics if topic in self._panels):
                yield _event("panel", news.until, {"name": panel.name, "html": self._drawing.panel(panel)})
            if news.until == after:
                yield _SIGN_OF_LIFE
            after = news.until

    def _told(self, line: Line, *, is_shown: bool) -> Mapping[str, object]:
        is_own = not isinstance(line, Delivery)
        told = {"chat": line.chat_id, "number": line.number, "own": is_own, "text": words(line)}
        notification = words(line) if isinstance(line, Delivery) and line.notified else ""
        return told | {"notification": notification, "html": self._drawing.line(line)} if is_shown else told


def _event(kind: str, number: int | None = None, data: Mapping[str, object] | None = None) -> str:
    identity = "" if number is None else f"id: {number}\n"
    return f"{identity}event: {kind}\ndata: {json.dumps(data or {})}\n\n"

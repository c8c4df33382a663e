"""The page with everybody's phone, to read and to write on, kept up to date by server-sent events."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request, stream_with_context

from simulator.chats import Line
from simulator.people import Group, Person
from simulator.platform import Platform
from simulator.rich_menus import UnknownMenu
from simulator.screen import ChatLine, Phone, phone_of
from simulator.settings import Settings

HEARTBEAT = 15.0
"""Seconds between signs of life on an idle stream."""

_SIGN_OF_LIFE = ":\n\n"

# Nothing inline, nothing from elsewhere: a message that smuggled markup in would find nothing to run or to call.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A chat in the list beside the phones, with its newest line."""

    chat_id: str
    name: str
    caption: str
    blocked: bool
    newest: ChatLine | None


class Page:
    """The views of the page."""

    def __init__(self, platform: Platform, settings: Settings) -> None:
        self._platform = platform
        self._settings = settings

    def blueprint(self) -> Blueprint:
        """The page, to be registered with an app."""
        routes = Blueprint("page", __name__)
        routes.get("/")(self.page)
        routes.get("/sim/phones/<chat_id>")(self.phone)
        routes.get("/sim/menus/<menu_id>/image")(self.menu_image)
        routes.get("/sim/stream")(self.stream)
        routes.after_request(_guarded)
        return routes

    def page(self) -> str:
        """The list of chats, and the phones asked for with ``?u=``; without it the first that has something to read."""
        after, version = self._platform.chats.progress
        chats: list[Person | Group] = [*self._platform.people(), *self._platform.groups()]
        entries = [self._entry(chat) for chat in chats]
        known = {entry.chat_id for entry in entries}
        asked = [chat_id for chat_id in dict.fromkeys(request.args.getlist("u")) if chat_id in known]
        first = next((entry for entry in entries if entry.newest), entries[0] if entries else None)
        chosen = asked or [entry.chat_id for entry in (first,) if entry]
        return render_template(
            "page.html",
            bot_name=self._settings.bot_name,
            entries=entries,
            phones=[self._phone(chat_id) for chat_id in chosen],
            chosen=chosen,
            after=after,
            version=version,
        )

    def phone(self, chat_id: str) -> str:
        """One phone, for a page that shows it already and takes from it what has changed."""
        return render_template(
            "phone.html", bot_name=self._settings.bot_name, phone=self._phone(chat_id), chosen=[chat_id]
        )

    def menu_image(self, menu_id: str) -> Response:
        """The picture of a rich menu."""
        try:
            image = self._platform.menus.menu(menu_id).image
        except UnknownMenu:
            image = None
        if image is None:
            abort(404)
        response = Response(image.content, mimetype=image.media_type)
        response.headers["Cache-Control"] = "private, max-age=86400, immutable"  # LINE lets nobody replace an image
        return response

    def stream(self) -> Response:
        """News as server-sent events.

        ``line`` brings a drawn line, ``touch`` tells of anything else in a chat, ``cast`` of changes among the people.
        """
        after = request.headers.get("Last-Event-ID") or request.args.get("after", "")
        version = request.args.get("version", "")
        if not after.isdecimal() or not version.isdecimal():
            abort(400)
        news = stream_with_context(self._news(int(after), int(version)))
        return Response(news, mimetype="text/event-stream", headers={"Cache-Control": "no-store"})

    def _news(self, after: int, version: int) -> Iterator[str]:
        yield _SIGN_OF_LIFE
        while True:
            news = self._platform.chats.wait(after, version, HEARTBEAT)
            if news.cast_version != version:
                yield "event: cast\ndata:\n\n"
                return
            for line in news.lines:
                yield _event("line", line.number, self._drawn(line))
            for chat_id in news.touched:
                yield _event("touch", news.until, {"chat": chat_id})
            if news.until == after:
                yield _SIGN_OF_LIFE
            after = news.until

    def _drawn(self, line: Line) -> dict[str, str]:
        shown = ChatLine.of(line, self._platform)
        return {
            "chat": line.chat_id,
            "text": shown.text,
            "notification": shown.text if shown.notified else "",
            "html": render_template("line.html", line=shown, bot_name=self._settings.bot_name),
        }

    def _phone(self, chat_id: str) -> Phone:
        chat = self._platform.person(chat_id) or self._platform.group(chat_id)
        if chat is None:
            abort(404)
        return phone_of(chat, self._platform)

    def _entry(self, chat: Person | Group) -> Entry:
        if isinstance(chat, Group):
            return Entry(chat.group_id, chat.name, "", blocked=False, newest=self._newest(chat.group_id))
        return Entry(chat.user_id, chat.name, chat.caption, chat.blocked, self._newest(chat.user_id))

    def _newest(self, chat_id: str) -> ChatLine | None:
        lines = self._platform.chats.lines(chat_id)
        return ChatLine.of(lines[-1], self._platform) if lines else None


def _event(kind: str, number: int, data: dict[str, str]) -> str:
    return f"id: {number}\nevent: {kind}\ndata: {json.dumps(data)}\n\n"


def _guarded(response: Response) -> Response:
    response.headers.extend(_HEADERS)
    return response

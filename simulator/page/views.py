"""The page with everybody's phone, to read and to write on, kept up to date by server-sent events."""

from flask import Blueprint, Response, abort, request
from markupsafe import Markup

from simulator.fields import number
from simulator.line.platform import Platform
from simulator.line.rich_menus import UnknownMenu
from simulator.page.drawing import Drawing
from simulator.page.panels import Panel
from simulator.page.screen import MOST_PHONES
from simulator.page.stream import Stream
from simulator.settings import Settings

_AT_FIRST = 2
"""Phones on a page that is asked for nobody's."""

# Nothing inline, nothing from elsewhere: a message that smuggled markup in would find nothing to run or to call.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class Page:
    """The views of the page.

    Args:
        platform: Whose phones it shows.
        settings: The channel.
        panels: The parts beside the phones.
    """

    def __init__(self, platform: Platform, settings: Settings, panels: tuple[Panel, ...] = ()) -> None:
        self._platform = platform
        self._panels = panels
        self._drawing = Drawing(platform, settings.bot_name)

    def blueprint(self) -> Blueprint:
        """The page, to be registered with an app."""
        routes = Blueprint("page", __name__)
        routes.get("/")(self.page)
        routes.get("/sim/phones/<chat_id>")(self.phone)
        routes.get("/sim/phones/<chat_id>/lines")(self.lines)
        routes.get("/sim/menus/<menu_id>/image")(self.menu_image)
        stream = Stream(self._platform, self._drawing, {panel.name: panel for panel in self._panels})
        routes.get("/sim/stream", endpoint="stream")(stream.view)
        routes.after_request(_guarded)
        return routes

    def page(self) -> Markup:
        """The list of chats, and the phones asked for with ``?u=``; else the cast, or who has something to read."""
        after, version = self._platform.chats.progress
        return self._drawing.page(
            self._chosen(),
            self._panels,
            life=self._platform.chats.life,
            after=after,
            version=version,
            most_phones=MOST_PHONES,
        )

    def phone(self, chat_id: str) -> Markup:
        """One phone, for a page that opens it beside others."""
        return self._drawing.phone(chat_id) or abort(404)

    def lines(self, chat_id: str) -> Markup:
        """Lines of a chat from before the one with the number ``?before=``."""
        return self._drawing.lines(chat_id, before=number(request.args.get("before", "")))

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

    def _chosen(self) -> list[str]:
        entries = self._drawing.entries()
        known = [entry.chat_id for entry in entries]
        for wanted in (request.args.getlist("u"), self._platform.cast):
            if found := [chat_id for chat_id in dict.fromkeys(wanted) if chat_id in known]:
                return found[:MOST_PHONES]
        return [entry.chat_id for entry in entries if entry.text][:_AT_FIRST] or known[:1]


def _guarded(response: Response) -> Response:
    response.headers.extend(_HEADERS)
    return response

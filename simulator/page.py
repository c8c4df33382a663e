"""The page with everybody's phone, kept up to date by server-sent events."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from flask import Blueprint, Response, abort, render_template, request, stream_with_context

from simulator import flex
from simulator.platform import Delivery, Person, Platform
from simulator.settings import Settings

HEARTBEAT = 15.0
"""Seconds between signs of life on an idle stream."""

_SIGN_OF_LIFE = ":\n\n"

# Thailand has kept one offset since 1920; the page shows what a phone there shows.
_BANGKOK = timezone(timedelta(hours=7))

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
class ChatLine:
    """A message as the page shows it: with local time, Flex drawn, and the line that a notification would show."""

    delivery: Delivery
    at: datetime
    bubbles: tuple[flex.Bubble, ...]
    notification: str

    @classmethod
    def of(cls, delivery: Delivery) -> "ChatLine":
        """The line for a delivery."""
        message = delivery.message
        drawn = flex.bubbles(message["contents"]) if message["type"] == "flex" else ()
        alternative = message.get("altText") or message.get("text", "")
        return cls(delivery, delivery.at.astimezone(_BANGKOK), drawn, alternative)


@dataclass(frozen=True, slots=True)
class Phone:
    """A person and everything on the phone."""

    person: Person
    lines: tuple[ChatLine, ...]

    @property
    def notification(self) -> str:
        """The newest message that the phone called attention to."""
        return next((line.notification for line in reversed(self.lines) if line.delivery.notified), "")


class Page:
    """The views of the page."""

    def __init__(self, platform: Platform, settings: Settings) -> None:
        self._platform = platform
        self._settings = settings

    def blueprint(self) -> Blueprint:
        """The page, to be registered with an app."""
        routes = Blueprint("page", __name__)
        routes.get("/")(self.page)
        routes.get("/sim/phones/<user_id>")(self.phone)
        routes.get("/sim/stream")(self.stream)
        routes.after_request(_guarded)
        return routes

    def page(self) -> str:
        """Phones side by side: those asked for with ``?u=``, or everybody's who has a message."""
        people = self._platform.people()
        chosen = set(request.args.getlist("u"))
        after, version = self._platform.progress
        phones = [self._phone(person) for person in people if not chosen or person.user_id in chosen]
        return render_template(
            "page.html",
            bot_name=self._settings.bot_name,
            people=people,
            phones=phones if chosen else [phone for phone in phones if phone.lines],
            chosen=chosen,
            after=after,
            version=version,
        )

    def phone(self, user_id: str) -> str:
        """One phone, for a page that does not show it yet."""
        person = self._platform.person(user_id)
        if person is None:
            abort(404)
        return render_template("phone.html", bot_name=self._settings.bot_name, phone=self._phone(person))

    def stream(self) -> Response:
        """News as server-sent events: ``delivery`` with a drawn message, ``cast`` when the people have changed."""
        after = request.headers.get("Last-Event-ID") or request.args.get("after", "")
        version = request.args.get("version", "")
        if not after.isdecimal() or not version.isdecimal():
            abort(400)
        news = stream_with_context(self._news(int(after), int(version)))
        return Response(news, mimetype="text/event-stream", headers={"Cache-Control": "no-store"})

    def _news(self, after: int, version: int) -> Iterator[str]:
        yield _SIGN_OF_LIFE
        while True:
            deliveries, cast_version = self._platform.wait_for_change(after, version, HEARTBEAT)
            if cast_version != version:
                yield "event: cast\ndata:\n\n"
                return
            for delivery in deliveries:
                after = delivery.number
                yield f"id: {after}\nevent: delivery\ndata: {json.dumps(self._drawn(delivery))}\n\n"
            if not deliveries:
                yield _SIGN_OF_LIFE

    def _drawn(self, delivery: Delivery) -> dict[str, str]:
        line = ChatLine.of(delivery)
        return {
            "user": delivery.user_id,
            "notification": line.notification if delivery.notified else "",
            "html": render_template("line.html", line=line, bot_name=self._settings.bot_name),
        }

    def _phone(self, person: Person) -> Phone:
        return Phone(person, tuple(ChatLine.of(delivery) for delivery in self._platform.deliveries(person.user_id)))


def _guarded(response: Response) -> Response:
    response.headers.extend(_HEADERS)
    return response

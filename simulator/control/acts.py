"""The control API under ``/sim``, second part: people say and press things, and the bot is told.

Each act is answered with the webhook event that it caused, which is also on its way to the bot if a webhook is set.

==========================================  ========================================================================
``POST /sim/people/{userId}/says``          ``{"text": "…"}``
``POST /sim/people/{userId}/sends``         ``{"kind": "sticker" or "image"}``
``POST /sim/people/{userId}/files?name=…``  a file: its bytes as ``application/octet-stream``
``DELETE /sim/contents/{messageId}``        LINE keeps those bytes no longer
``POST /sim/people/{userId}/presses``       ``{"data": "…"}``, with ``params`` of a date picker and ``displayText``
``POST /sim/people/{userId}/switches``      a tab of the menu: ``{"richMenuAliasId": "…", "data": "…"}``
``POST /sim/people/{userId}/unsends``       ``{"messageId": "…"}``
``POST /sim/people/{userId}/follows``       ``{}``: becomes a friend
``PUT /sim/people/{userId}/blocked``        ``{"blocked": true}``: blocks the bot, or takes it back
``GET /sim/groups``                         every group that the bot is in
``PUT /sim/groups/{groupId}``               ``{"name": "…", "members": [userId, …]}``: the bot, or people, join
``DELETE /sim/groups/{groupId}``            the bot has to leave
``GET /sim/groups/{groupId}/messages``      what the bot wrote there
``POST /sim/groups/{groupId}/says``         as above, with ``userId``; also ``sends``, ``presses``
``GET /sim/events``                         every event with the tries to hand it over, oldest first
``POST /sim/events/{id}/redelivery``        once more, marked as sent before
==========================================  ========================================================================
"""

from collections.abc import Callable

from flask import Blueprint, Response, abort, jsonify, request
from werkzeug.exceptions import HTTPException

from simulator.control.platform import described_delivery, described_person
from simulator.fields import Fields, Types, explained, fields, texts
from simulator.line.people import Group
from simulator.line.platform import Platform
from simulator.webhooks.events import Event
from simulator.webhooks.phones import IMAGE, STICKER, CannotWrite, Phones
from simulator.webhooks.postman import Posted, Postman

MOST_FILE_BYTES = 50 * 1024 * 1024
"""Of a file that somebody sends; LINE takes larger ones."""

_BYTES = "application/octet-stream"
_SPEAKER: dict[str, Types] = {"userId": (str,)}


class Acts:
    """The views of what people do."""

    def __init__(self, platform: Platform, phones: Phones, postman: Postman) -> None:
        self._platform = platform
        self._phones = phones
        self._postman = postman

    def blueprint(self) -> Blueprint:
        """This part of the control API, to be registered with an app."""
        routes = Blueprint("acts", __name__, url_prefix="/sim")
        for name, view in (("says", self.says), ("sends", self.sends), ("presses", self.presses)):
            routes.post(f"/people/<user_id>/{name}")(view)
            routes.post(f"/groups/<group_id>/{name}", endpoint=f"{name}_in_group")(view)
        routes.post("/people/<user_id>/files")(self.sends_file)
        routes.delete("/contents/<message_id>")(self.forget)
        routes.post("/people/<user_id>/switches")(self.switches)
        routes.post("/people/<user_id>/unsends")(self.unsends)
        routes.post("/people/<user_id>/follows")(self.follows)
        routes.put("/people/<user_id>/blocked")(self.blocked)
        routes.get("/groups")(self.groups)
        routes.put("/groups/<group_id>")(self.gather)
        routes.delete("/groups/<group_id>")(self.dismiss)
        routes.get("/groups/<group_id>/messages")(self.messages)
        routes.get("/events")(self.events)
        routes.post("/events/<event_id>/redelivery")(self.redeliver)
        routes.register_error_handler(HTTPException, explained)
        return routes

    def says(self, user_id: str = "", group_id: str = "") -> Response:
        """Type a message and send it."""
        given = _given(group_id, required={"text": (str,)})
        if not given["text"].strip():
            abort(400, "text: empty")
        user_id = user_id or given["userId"]
        return _done(lambda: self._phones.says(user_id, given["text"], group_id=group_id))

    def sends(self, user_id: str = "", group_id: str = "") -> Response:
        """Send something other than text."""
        given = _given(group_id, required={"kind": (str,)})
        if given["kind"] not in {STICKER, IMAGE}:
            abort(400, f"kind: one of {STICKER}, {IMAGE}")
        user_id = user_id or given["userId"]
        return _done(lambda: self._phones.sends(user_id, given["kind"], group_id=group_id))

    def sends_file(self, user_id: str) -> Response:
        """Send a file."""
        request.max_content_length = MOST_FILE_BYTES
        if request.mimetype != _BYTES:  # which no page from elsewhere can send unasked
            abort(415, f"The bytes of a file, as {_BYTES}, are needed")
        name = request.args.get("name") or abort(400, "name: missing")
        content = request.get_data()
        return _done(lambda: self._phones.sends_file(user_id, name, content))

    def forget(self, message_id: str) -> Response:
        """Let LINE delete a file that somebody sent."""
        try:
            self._platform.contents.delete(message_id)
        except KeyError:
            abort(404, f"No file has the id {message_id}")
        return jsonify({})

    def presses(self, user_id: str = "", group_id: str = "") -> Response:
        """Press a button."""
        given = _given(group_id, required={"data": (str,)}, optional={"params": (dict,), "displayText": (str,)})
        user_id = user_id or given["userId"]
        return _done(
            lambda: self._phones.presses(
                user_id,
                given["data"],
                params=given.get("params"),
                shown=given.get("displayText", ""),
                group_id=group_id,
            )
        )

    def switches(self, user_id: str) -> Response:
        """Tap a tab of the rich menu."""
        given = fields(required={"richMenuAliasId": (str,), "data": (str,)})
        return _done(lambda: self._phones.switches(user_id, given["richMenuAliasId"], given["data"]))

    def unsends(self, user_id: str) -> Response:
        """Take a message back."""
        given = fields(required={"messageId": (str,)})
        return _done(lambda: self._phones.unsends(user_id, given["messageId"]))

    def follows(self, user_id: str) -> Response:
        """Become a friend."""
        fields()
        return _done(lambda: self._phones.follows(user_id))

    def blocked(self, user_id: str) -> Response:
        """Block the bot, or take it back; answered with the person."""
        person = self._platform.person(user_id)
        if person is None:
            abort(404, f"Nobody has the id {user_id}")
        wanted = fields(required={"blocked": (bool,)})["blocked"]
        if wanted and not person.blocked:
            self._phones.blocks(user_id)
        elif person.blocked and not wanted:
            self._phones.unblocks(user_id)
        return jsonify(described_person(self._platform.person(user_id) or person))

    def groups(self) -> Response:
        """Every group, in the order of joining."""
        return jsonify([_group(group) for group in self._platform.groups()])

    def gather(self, group_id: str) -> Response:
        """Make a group with the bot in it, or change who is there; answered with the events."""
        given = fields(required={"name": (str,), "members": (list,)})
        members = texts("members", given["members"])
        try:
            return jsonify(self._phones.gathers(Group(group_id, given["name"], tuple(members))))
        except ValueError as fault:
            abort(400, str(fault))

    def dismiss(self, group_id: str) -> Response:
        """Take the bot out of a group."""
        return _done(lambda: self._phones.dismisses(group_id))

    def messages(self, group_id: str) -> Response:
        """What the bot wrote in a group."""
        if self._platform.group(group_id) is None:
            abort(404, f"No group has the id {group_id}")
        return jsonify([described_delivery(delivery) for delivery in self._platform.deliveries(group_id)])

    def events(self) -> Response:
        """Every event since the last reset."""
        return jsonify([_posted(posted) for posted in self._postman.events()])

    def redeliver(self, event_id: str) -> Response:
        """Hand an event over once more."""
        fields()
        return _done(lambda: self._postman.redeliver(event_id))


def _given(group_id: str, required: dict[str, Types], optional: dict[str, Types] | None = None) -> Fields:
    return fields(required=required | (_SPEAKER if group_id else {}), optional=optional)


def _done(act: Callable[[], Event]) -> Response:
    """The event of an act; 404 for whoever or whatever does not exist, 409 where nobody could do that."""
    try:
        return jsonify(act())
    except KeyError as fault:
        abort(404, f"Nothing has the id {fault.args[0]}")
    except CannotWrite as fault:
        abort(409, str(fault))


def _group(group: Group) -> Fields:
    return {"groupId": group.group_id, "name": group.name, "members": group.members}


def _posted(posted: Posted) -> Fields:
    attempts = [
        {"at": attempt.at.isoformat(), "status": attempt.outcome.status, "reason": attempt.outcome.reason}
        for attempt in posted.attempts
    ]
    return {"event": posted.event, "taken": posted.taken, "attempts": attempts}

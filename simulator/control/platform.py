"""The control API under ``/sim``, first part: a cast is put on the platform, what arrived is read, faults are switched.

Bodies are JSON objects; a field that is not known, or of another type, is answered with 400 and its name.

==========================================  ========================================================================
``GET /sim/people``                         everybody
``PUT /sim/people/{userId}``                register or change: ``name``, ``caption``, ``blocked``
``GET /sim/people/{userId}/messages``       what arrived on this phone, oldest first
``POST /sim/people/{userId}/idTokens``      the ID token that a LIFF app of ``{"channelId": "…"}`` gets on this phone
``GET, PUT /sim/cast``                      ``{"people": [userId, …]}``: whose phones the page shows at first, 6 at most
``GET /sim/calls``                          API requests, oldest first; ``?path=`` for one endpoint's
``GET, POST, DELETE /sim/faults``           the rules in force; one more (fields of `Fault`); none
``DELETE /sim/faults/{id}``                 lift one rule
``GET, PUT /sim/quota``                     ``{"limit": 300 or null, "used": 0}``
``GET, PUT /sim/clock``                     ``{"now": "2023-03-20T08:29:00+07:00"}``
``GET, PUT /sim/behaviour``                 ``{"multicastSkipsUnknown": true, "redelivers": false,``
                                            ``"redeliveryPause": 1.0, "duplicates": false, "reorders": false,``
                                            ``"reorderWindow": 1.0, "standby": false, "contentPause": 0.0}``
``POST /sim/calm``                          ``{}``: no rule is in force, no event comes twice or behind a later one
``POST /sim/reset``                         ``{}``: an empty platform, no faults, full buckets
==========================================  ========================================================================
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from flask import Blueprint, Response, abort, jsonify, make_response, request
from werkzeug.exceptions import HTTPException

from simulator import other_side
from simulator.clock import Clock
from simulator.fields import Fields, Types, explained, fields, texts
from simulator.line.calls import Call
from simulator.line.chats import Delivery
from simulator.line.people import Person
from simulator.line.platform import Platform
from simulator.line.sending import Quota
from simulator.messaging_api.faults import Fault, FaultKind, Faults
from simulator.messaging_api.login import LoginOffice
from simulator.messaging_api.throttle import Throttle
from simulator.page.screen import MOST_PHONES
from simulator.webhooks.postman import Postman

_CHOICES: Mapping[str, tuple[str, Types]] = {
    "multicast_skips_unknown": ("multicastSkipsUnknown", (bool,)),
    "redelivers": ("redelivers", (bool,)),
    "redelivery_pause": ("redeliveryPause", (int, float)),
    "duplicates": ("duplicates", (bool,)),
    "reorders": ("reorders", (bool,)),
    "reorder_window": ("reorderWindow", (int, float)),
    "standby": ("standby", (bool,)),
    "content_pause": ("contentPause", (int, float)),
}


class PlatformControl:
    """The views of the control API."""

    def __init__(
        self,
        platform: Platform,
        postman: Postman,
        logins: LoginOffice,
        faults: Faults,
        throttle: Throttle,
        clock: Clock,
    ) -> None:
        self._platform = platform
        self._logins = logins
        self._postman = postman
        self._faults = faults
        self._throttle = throttle
        self._clock = clock

    def blueprint(self) -> Blueprint:
        """The control API, to be registered with an app."""
        routes = Blueprint("control", __name__, url_prefix="/sim")
        routes.get("/people")(self.people)
        routes.put("/people/<user_id>")(self.register)
        routes.get("/people/<user_id>/messages")(self.messages)
        routes.post("/people/<user_id>/idTokens")(self.id_token)
        routes.get("/cast")(self.cast)
        routes.put("/cast")(self.set_cast)
        routes.get("/calls")(self.calls)
        routes.get("/faults")(self.faults)
        routes.post("/faults")(self.add_fault)
        routes.delete("/faults", defaults={"fault_id": None})(self.clear_faults)
        routes.delete("/faults/<int:fault_id>", endpoint="clear_fault")(self.clear_faults)
        routes.get("/quota")(self.quota)
        routes.put("/quota")(self.set_quota)
        routes.get("/clock")(self.time)
        routes.put("/clock")(self.set_time)
        routes.get("/behaviour")(self.behaviour)
        routes.put("/behaviour")(self.set_behaviour)
        routes.post("/calm")(self.calm)
        routes.post("/reset")(self.reset)
        routes.register_error_handler(HTTPException, explained)
        return routes

    def people(self) -> Response:
        """Everybody, in the order of registration."""
        return jsonify([described_person(person) for person in self._platform.people()])

    def register(self, user_id: str) -> Response:
        """Add or change a person."""
        given = fields(required={"name": (str,)}, optional={"caption": (str,), "blocked": (bool,)})
        person = Person(user_id, **given)
        try:
            self._platform.register(person)
        except ValueError as fault:
            abort(400, str(fault))
        return jsonify(described_person(person))

    def messages(self, user_id: str) -> Response:
        """What arrived on one phone."""
        self._known(user_id)
        return jsonify([described_delivery(delivery) for delivery in self._platform.deliveries(user_id)])

    def id_token(self, user_id: str) -> Response:
        """What a page inside LINE may show its server to say whose phone this is."""
        self._known(user_id)
        channel_id = fields(required={"channelId": (str,)})["channelId"]
        return jsonify(idToken=self._logins.id_token(user_id, channel_id))

    def cast(self) -> Response:
        """Whose phones a page shows that is not asked for others."""
        return jsonify(people=self._platform.cast)

    def set_cast(self) -> Response:
        """Let a page show these at first, in this order."""
        people = texts("people", fields(required={"people": (list,)})["people"])
        if len(people) > MOST_PHONES:
            abort(400, f"people: at most {MOST_PHONES}")
        for user_id in people:
            self._known(user_id)
        self._platform.cast = people
        return self.cast()

    def calls(self) -> Response:
        """The API requests since the last reset."""
        path = request.args.get("path")
        return jsonify([_call(call) for call in self._platform.calls() if path in {None, call.path}])

    def faults(self) -> Response:
        """The rules in force."""
        return jsonify([asdict(fault) for fault in self._faults.in_force()])

    def add_fault(self) -> Response:
        """Put one more rule into force."""
        given = fields(
            required={"kind": (str,)},
            optional={"path": (str,), "method": (str,), "count": (int, type(None)), "seconds": (int, float)},
        )
        if given["kind"] not in set(FaultKind):
            abort(400, f"kind: one of {', '.join(FaultKind)}")
        if given.get("count") is not None and given["count"] < 1:
            abort(400, "count: at least 1")
        fault = self._faults.add(Fault(**{**given, "kind": FaultKind(given["kind"])}))
        return self._told(make_response(jsonify(asdict(fault)), 201))

    def clear_faults(self, fault_id: int | None) -> Response:
        """Lift one rule, or all."""
        try:
            self._faults.clear(fault_id)
        except KeyError:
            abort(404, f"No fault {fault_id}")
        return self._told(self.faults())

    def quota(self) -> Response:
        """The allowance of the current month."""
        return jsonify(asdict(self._platform.quota))

    def set_quota(self) -> Response:
        """Change the monthly allowance, or what is used of it; what is left out stays."""
        given = fields(optional={"limit": (int, type(None)), "used": (int,)})
        self._platform.set_quota(Quota(**{**asdict(self._platform.quota), **given}))
        return self._told(self.quota())

    def time(self) -> Response:
        """The platform's time."""
        return jsonify(now=self._clock.now().isoformat())

    def set_time(self) -> Response:
        """Let the platform's clock go on from another instant."""
        try:
            self._clock.set(datetime.fromisoformat(fields(required={"now": (str,)})["now"]))
        except ValueError as fault:
            abort(400, f"now: {fault}")
        return self.time()

    def behaviour(self) -> Response:
        """Where LINE leaves a choice, the one taken."""
        chosen = self._platform.behaviour
        return jsonify({json_name: getattr(chosen, name) for name, (json_name, _) in _CHOICES.items()})

    def set_behaviour(self) -> Response:
        """Take other choices; what is left out stays."""
        given = fields(optional=dict(_CHOICES.values()))
        for name, (json_name, _) in _CHOICES.items():
            if json_name in given:
                setattr(self._platform.behaviour, name, given[json_name])
        return self._told(self.behaviour())

    def calm(self) -> Response:
        """Let nothing go wrong any more that goes wrong by itself; who has blocked the bot has done so."""
        fields()
        self._faults.clear()
        self._platform.behaviour.duplicates = self._platform.behaviour.reorders = False
        return self._told(jsonify({}))

    def reset(self) -> Response:
        """Start over."""
        fields()
        self._faults.reset()
        self._throttle.reset()
        self._postman.clear()
        self._platform.reset()
        return jsonify({})

    def _told(self, response: Response) -> Response:
        self._platform.chats.announce(other_side.NAME)
        return response

    def _known(self, user_id: str) -> None:
        if self._platform.person(user_id) is None:
            abort(404, f"Nobody has the id {user_id}")


def described_person(person: Person) -> Fields:
    """A person as JSON."""
    return {
        "userId": person.user_id,
        "name": person.name,
        "caption": person.caption,
        "blocked": person.blocked,
    }


def described_delivery(delivery: Delivery) -> Fields:
    """A message of the bot as JSON."""
    return {
        "number": delivery.number,
        "id": delivery.id,
        "at": delivery.at.isoformat(),
        "requestId": delivery.request_id,
        "notified": delivery.notified,
        "message": delivery.message,
    }


def _call(call: Call) -> Fields:
    return {
        "number": call.number,
        "at": call.at.isoformat(),
        "method": call.method,
        "path": call.path,
        "retryKey": call.retry_key,
        "body": call.body,
        "status": call.status,
        "requestId": call.request_id,
        "fault": call.fault,
    }

"""The control API under ``/sim``: a cast is put on the platform, what arrived is read, faults are switched.

Bodies are JSON objects; a field that is not known, or of another type, is answered with 400 and its name.

==========================================  ========================================================================
``GET /sim/people``                         everybody
``PUT /sim/people/{userId}``                register or change: ``name``, ``caption``, ``blocked``
``PUT /sim/people/{userId}/blocked``        ``{"blocked": true}``
``GET /sim/people/{userId}/messages``       what arrived on this phone, oldest first
``GET /sim/calls``                          API requests, oldest first; ``?path=`` for one endpoint's
``GET, POST, DELETE /sim/faults``           the rules in force; one more (fields of `Fault`); none
``DELETE /sim/faults/{id}``                 lift one rule
``GET, PUT /sim/quota``                     ``{"limit": 300 or null, "used": 0}``
``GET, PUT /sim/clock``                     ``{"now": "2023-03-20T08:29:00+07:00"}``
``GET, PUT /sim/behaviour``                 ``{"multicastSkipsUnknown": true}``
``POST /sim/reset``                         an empty platform, no faults, full buckets
==========================================  ========================================================================
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, jsonify, make_response, request
from werkzeug.exceptions import HTTPException

from simulator.api import MessagingApi
from simulator.clock import Clock
from simulator.faults import Fault, FaultKind, Faults
from simulator.platform import Call, Delivery, Person, Platform, Quota
from simulator.throttle import Throttle

Fields = dict[str, Any]
Types = tuple[type, ...]


class Control:
    """The views of the control API."""

    def __init__(self, platform: Platform, api: MessagingApi, faults: Faults, throttle: Throttle, clock: Clock) -> None:
        self._platform = platform
        self._api = api
        self._faults = faults
        self._throttle = throttle
        self._clock = clock

    def blueprint(self) -> Blueprint:
        """The control API, to be registered with an app."""
        routes = Blueprint("control", __name__, url_prefix="/sim")
        routes.get("/people")(self.people)
        routes.put("/people/<user_id>")(self.register)
        routes.put("/people/<user_id>/blocked")(self.block)
        routes.get("/people/<user_id>/messages")(self.messages)
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
        routes.post("/reset")(self.reset)
        routes.register_error_handler(HTTPException, _explained)
        return routes

    def people(self) -> Response:
        """Everybody, in the order of registration."""
        return jsonify([_person(person) for person in self._platform.people()])

    def register(self, user_id: str) -> Response:
        """Add or change a person."""
        fields = _fields(required={"name": (str,)}, optional={"caption": (str,), "blocked": (bool,)})
        person = Person(user_id, **fields)
        try:
            self._platform.register(person)
        except ValueError as fault:
            abort(400, str(fault))
        return jsonify(_person(person))

    def block(self, user_id: str) -> Response:
        """Let a person block the bot, or take it back."""
        self._known(user_id)
        fields = _fields(required={"blocked": (bool,)})
        return jsonify(_person(self._platform.set_blocked(user_id, blocked=fields["blocked"])))

    def messages(self, user_id: str) -> Response:
        """What arrived on one phone."""
        self._known(user_id)
        return jsonify([_delivery(delivery) for delivery in self._platform.deliveries(user_id)])

    def calls(self) -> Response:
        """The API requests since the last reset."""
        path = request.args.get("path")
        return jsonify([_call(call) for call in self._platform.calls() if path in {None, call.path}])

    def faults(self) -> Response:
        """The rules in force."""
        return jsonify([asdict(fault) for fault in self._faults.in_force()])

    def add_fault(self) -> Response:
        """Put one more rule into force."""
        fields = _fields(
            required={"kind": (str,)},
            optional={"path": (str,), "method": (str,), "count": (int, type(None)), "seconds": (int, float)},
        )
        if fields["kind"] not in set(FaultKind):
            abort(400, f"kind: one of {', '.join(FaultKind)}")
        if fields.get("count") is not None and fields["count"] < 1:
            abort(400, "count: at least 1")
        fault = self._faults.add(Fault(**{**fields, "kind": FaultKind(fields["kind"])}))
        return make_response(jsonify(asdict(fault)), 201)

    def clear_faults(self, fault_id: int | None) -> Response:
        """Lift one rule, or all."""
        try:
            self._faults.clear(fault_id)
        except KeyError:
            abort(404, f"No fault {fault_id}")
        return self.faults()

    def quota(self) -> Response:
        """The allowance of the current month."""
        return jsonify(asdict(self._platform.quota))

    def set_quota(self) -> Response:
        """Change the monthly allowance, or what is used of it; what is left out stays."""
        fields = _fields(optional={"limit": (int, type(None)), "used": (int,)})
        self._platform.set_quota(Quota(**{**asdict(self._platform.quota), **fields}))
        return self.quota()

    def time(self) -> Response:
        """The platform's time."""
        return jsonify(now=self._clock.now().isoformat())

    def set_time(self) -> Response:
        """Let the platform's clock go on from another instant."""
        try:
            self._clock.set(datetime.fromisoformat(_fields(required={"now": (str,)})["now"]))
        except ValueError as fault:
            abort(400, f"now: {fault}")
        return self.time()

    def behaviour(self) -> Response:
        """Where LINE's reference leaves a choice, the one taken."""
        return jsonify(multicastSkipsUnknown=self._api.multicast_skips_unknown)

    def set_behaviour(self) -> Response:
        """Take another choice."""
        fields = _fields(required={"multicastSkipsUnknown": (bool,)})
        self._api.multicast_skips_unknown = fields["multicastSkipsUnknown"]
        return self.behaviour()

    def reset(self) -> Response:
        """Start over."""
        self._faults.clear()
        self._throttle.reset()
        self._platform.reset()
        return jsonify({})

    def _known(self, user_id: str) -> None:
        if self._platform.person(user_id) is None:
            abort(404, f"Nobody has the id {user_id}")


def _fields(required: dict[str, Types] | None = None, optional: dict[str, Types] | None = None) -> Fields:
    """The fields of the request body; aborts with 400 unless they are the ones asked for."""
    types = {**(required or {}), **(optional or {})}
    body = request.get_json()
    if not isinstance(body, dict):
        abort(400, "A JSON object is needed")
    for name in (required or {}).keys() - body.keys():
        abort(400, f"{name}: missing")
    for name, value in body.items():
        if name not in types:
            abort(400, f"{name}: unknown field")
        if not isinstance(value, types[name]) or (isinstance(value, bool) and bool not in types[name]):
            abort(400, f"{name}: wrong type")
    return body


def _person(person: Person) -> Fields:
    return {
        "userId": person.user_id,
        "name": person.name,
        "caption": person.caption,
        "blocked": person.blocked,
    }


def _delivery(delivery: Delivery) -> Fields:
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


def _explained(fault: HTTPException) -> Response:
    return make_response(jsonify(message=fault.description), fault.code or 500)

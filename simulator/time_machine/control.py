"""The control API under ``/sim``, third part: the time machine. What it does shows on the page; calls answer at once.

=================================  =================================================================================
``POST /sim/time/moves``           ``{"by": "hour" | "workingDay" | "event"}``, or ``{"to": instant}`` (409 in the past)
``POST /sim/time/play``            ``{"speed": 1 | 7 | "max"}``: days a second, or as fast as it goes
``POST /sim/time/stop``            ``{}``: stand still from the next stop on
``POST /sim/time/resumptions``     ``{"wait": true}``: go on where the bot was not done, when it is; or without it
``POST /sim/time/restorations``    ``{"snapshot": number}``: go back
``GET /sim/time``                  where it stands: ``now``, ``activity``, ``trouble``, ``snapshots``; 404 without a bot
=================================  =================================================================================
"""

from datetime import datetime

from flask import Blueprint, Response, abort, jsonify, make_response
from werkzeug.exceptions import HTTPException

from simulator.clock import in_our_time
from simulator.fields import explained, fields
from simulator.line.platform import Platform
from simulator.page.panels import Panel
from simulator.time_machine.journeys import Journey, Until, hour, working_day
from simulator.time_machine.machine import BAR, STRIP, TimeMachine
from simulator.time_machine.snapshots import UnknownSnapshot
from simulator.time_machine.year_strip import Strip, drawn

_JOURNEYS = {"hour": hour, "workingDay": working_day}
_SPEEDS = {1: 1.0, 7: 7.0, "max": None}


class TimeControl:
    """The views of the time machine."""

    def __init__(self, machine: TimeMachine, platform: Platform) -> None:
        self._machine = machine
        self._platform = platform

    @property
    def panels(self) -> tuple[Panel, ...]:
        """The parts of the page that show where time stands: the bar with its buttons, and the fiscal year."""
        return Panel(BAR, lambda: {"standing": self._machine.standing()}), Panel(
            STRIP, lambda: {"strip": self._strip()}
        )

    def blueprint(self) -> Blueprint:
        """The time machine's part of the control API, to be registered with an app."""
        routes = Blueprint("time", __name__, url_prefix="/sim/time")
        routes.get("")(self.standing)
        routes.post("/moves")(self.move)
        routes.post("/play")(self.play)
        routes.post("/stop")(self.stop)
        routes.post("/resumptions")(self.resume)
        routes.post("/restorations")(self.restore)
        routes.register_error_handler(HTTPException, explained)
        return routes

    def standing(self) -> Response:
        """Where the machine stands."""
        standing = self._machine.standing()
        if standing is None:
            abort(404, "No bot is known whose clock can be moved")
        return jsonify(
            now=standing.now.isoformat(),
            activity=standing.activity,
            trouble=standing.trouble,
            snapshots=[{"number": each.number, "at": each.at.isoformat()} for each in standing.snapshots],
        )

    def move(self) -> Response:
        """Go on by hand."""
        given = fields(optional={"by": (str,), "to": (str,)})
        match given:
            case {"to": to, **rest} if not rest:
                self._machine.move(self._until(to))
            case {"by": "event", **rest} if not rest:
                self._machine.move_to_event()
            case {"by": by, **rest} if not rest and by in _JOURNEYS:
                self._machine.move(Until(_JOURNEYS[by]))
            case _:
                abort(400, f"by: one of event, {', '.join(_JOURNEYS)}; or to: an instant")
        return _accepted()

    def play(self) -> Response:
        """Go on by itself."""
        speed = fields(required={"speed": (int, str)})["speed"]
        if speed not in _SPEEDS:
            abort(400, f"speed: one of {', '.join(map(str, _SPEEDS))}")
        self._machine.play(_SPEEDS[speed])
        return _accepted()

    def stop(self) -> Response:
        """Stand still."""
        fields()
        self._machine.stop()
        return _accepted()

    def resume(self) -> Response:
        """Go on where the bot was not done."""
        self._machine.resume(wait=fields(required={"wait": (bool,)})["wait"])
        return _accepted()

    def restore(self) -> Response:
        """Go back."""
        try:
            self._machine.go_back(fields(required={"snapshot": (int,)})["snapshot"])
        except UnknownSnapshot:
            abort(404, "No snapshot has this number")
        return _accepted()

    def _strip(self) -> Strip | None:
        year = self._machine.year()
        if year is None:
            return None
        return drawn(year, self._machine.now(), (delivery.at for delivery in self._platform.deliveries()))

    def _until(self, to: str) -> Journey:
        try:
            target = in_our_time(datetime.fromisoformat(to))
        except ValueError as fault:
            abort(400, f"to: {fault}")
        if target <= self._machine.now():
            abort(409, "to: it is later already")
        return Until(lambda _: target)


def _accepted() -> Response:
    return make_response(jsonify({}), 202)

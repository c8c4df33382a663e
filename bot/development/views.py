"""``POST /dev/…``: the time machine's hold on the bot. ``APP_ENV=production`` and a bot without ``BOT_NOW`` have none.

Every body is a JSON object, signed like a webhook, with the channel secret; so nobody else moves the clock, and no page
of a browser can. Instants are ISO 8601 with offset.

==============================  ==================================================================================
``/dev/clock`` ``{"to": …}``    business time moves there, and what is due is done within ``patience`` seconds (10);
                                without ``to`` it stays, and what is due is waited for only where patience is told
``/dev/snapshots``              ``{"name": "a1"}``: the database is copied (SQLite)
``/dev/restorations``           ``{"name": "a1", "to": …}``: the copy takes the database's place
``/dev/year``                   ``{}``: the fiscal year, its windows, holidays, reminders (`bot.development.year`)
``/dev/queues``                 ``{}``: what stands in outbox and inbox (`bot.development.queues`)
``/dev/quota``                  ``{}``: the senders ask LINE anew for what is left of the month's messages
==============================  ==================================================================================
"""

from __future__ import annotations

from threading import Lock
from typing import Annotated, Any

from flask import Blueprint, Response, jsonify, make_response, request
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from bot.clock import BackInTime, ShiftedClock
from bot.development import queues
from bot.development.moving import PATIENCE_SECONDS, Moment, Mover
from bot.development.snapshots import NoSnapshots, Snapshots, UnknownSnapshot
from bot.development.year import Expected, described_year
from bot.settings import in_our_time
from bot.webhook import MOST_BYTES, is_signed
from storage.database import Database
from storage.outbox_claims import Now

_Instant = Annotated[AwareDatetime, AfterValidator(in_our_time)]


class _Move(BaseModel):
    model_config = ConfigDict(extra="forbid")

    to: _Instant | None = None
    patience: float | None = Field(None, ge=0, le=60)


class _Nothing(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Snapshot(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9-]{1,40}$")


class _Restoration(_Snapshot):
    to: _Instant


def development(secret: str, database: Database, clock: ShiftedClock) -> Blueprint:
    """Return the routes; they answer 400 to what makes no sense and 403 to what the channel secret did not sign."""
    routes = Blueprint("development", __name__, url_prefix="/dev")
    mover, snapshots, one_at_a_time = Mover(database, clock), Snapshots(database), Lock()
    expected = Expected(database)

    @routes.before_request
    def signed() -> Response | None:
        """Refuse what the channel secret did not sign."""
        request.max_content_length = MOST_BYTES
        if is_signed(request.get_data(), request.headers.get("x-line-signature", ""), secret):
            return None
        return _refusal(403, "signature")

    @routes.post("/clock")
    def move() -> Response:
        """Move business time on."""
        asked = _Move.model_validate_json(request.get_data())
        with one_at_a_time:
            return jsonify(_described(_moved(mover, asked)))

    @routes.post("/snapshots")
    def take() -> Response:
        """Copy the database."""
        with one_at_a_time:
            snapshots.take(_Snapshot.model_validate_json(request.get_data()).name)
        return jsonify({})

    @routes.post("/restorations")
    def restore() -> Response:
        """Go back to a copy."""
        asked = _Restoration.model_validate_json(request.get_data())
        with one_at_a_time:
            snapshots.restore(asked.name, asked.to)
            return jsonify(_described(mover.moment()))

    @routes.post("/year")
    def year() -> Response:
        """Describe the fiscal year."""
        _Nothing.model_validate_json(request.get_data())
        return jsonify(described_year(database, clock.now(), expected))

    @routes.post("/queues")
    def look() -> Response:
        """Tell what stands in the queues, also while something is being moved."""
        _Nothing.model_validate_json(request.get_data())
        with database.read() as session:
            return jsonify(queues.look(session, Now(clock.now(), clock.real_now())))

    @routes.post("/quota")
    def ask_for_quota() -> Response:
        """Let the senders look at the quota."""
        _Nothing.model_validate_json(request.get_data())
        with database.write() as session:
            queues.ask_for_quota(session, clock.real_now())
        return jsonify({})

    routes.register_error_handler(ValidationError, lambda _: _refusal(400, "body"))
    routes.register_error_handler(BackInTime, lambda _: _refusal(409, "back_in_time"))
    routes.register_error_handler(NoSnapshots, lambda _: _refusal(409, "no_snapshots"))
    routes.register_error_handler(UnknownSnapshot, lambda _: _refusal(404, "unknown_snapshot"))
    return routes


def _moved(mover: Mover, asked: _Move) -> Moment:
    if asked.to is not None:
        return mover.move(asked.to, PATIENCE_SECONDS if asked.patience is None else asked.patience)
    return mover.moment() if asked.patience is None else mover.rest(asked.patience)


def _refusal(status: int, reason: str) -> Response:
    return make_response(jsonify(reason=reason), status)


def _described(moment: Moment) -> dict[str, Any]:
    return {
        "now": moment.now.isoformat(),
        "nextDue": moment.next_due.isoformat(),
        "nextWorkingDay": moment.next_working_day.isoformat(),
        "settled": moment.settled,
    }

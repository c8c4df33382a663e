"""The web application: webhook, API, pages, health and metrics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType

import structlog
from flask import Flask, Response, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.api.views import api
from bot.clock import ShiftedClock
from bot.conversations import Conversations
from bot.development.views import development
from bot.pages.id_tokens import liff_of
from bot.pages.links import chat_link
from bot.pages.views import pages
from bot.secret_key import shared_secret
from bot.settings import Environment, Settings
from bot.webhook import webhook
from domain.circulars.life import CircularState
from domain.clock import Clock
from scheduler.stopping import stop_reason
from scheduler.watchdog import CLOCK_LATE_AFTER, SENDER_LATE_AFTER, last_tick_age, oldest_due_age
from storage import inbox, outbox
from storage.circulars import batches
from storage.database import Database
from storage.group_commit import GroupCommit
from storage.inbox import Arrival, Held
from storage.schema import is_current
from storage.tables.conversations import InboxState
from storage.tables.messaging import OutboxState

_log = structlog.get_logger()


class _App(Flask):
    """Logs a fault of ours by the name of the address: the address of a link is a key."""

    def log_exception(
        self, exc_info: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> None:
        """Log what was raised in a request."""
        _log.error("request_failed", endpoint=request.endpoint, method=request.method, exc_info=exc_info)


def create_app(
    settings: Settings, database: Database, clock: Clock, conversations: Conversations | None = None
) -> Flask:
    """Return the WSGI application over ``database``; without ``conversations`` events wait for a worker."""
    app = _App("bot", static_folder=None)
    app.url_map.merge_slashes = False  # an address is what it says, or it is none
    if settings.secret_key is not None:
        app.secret_key = settings.secret_key.get_secret_value()

    receive = _left_to_workers(database, clock) if conversations is None else conversations.receive
    app.register_blueprint(webhook(settings.line_channel_secret, clock, receive))
    app.register_blueprint(api(database, clock))

    if settings.public_url is not None:
        secret, chat = shared_secret(settings, database, clock), chat_link(settings.line_basic_id)
        app.register_blueprint(pages(settings.public_url, secret, database, clock, liff_of(settings), chat))

    secret_of_channel = settings.line_channel_secret
    is_production = settings.app_env is Environment.PRODUCTION
    if isinstance(clock, ShiftedClock) and secret_of_channel is not None and not is_production:
        app.register_blueprint(development(secret_of_channel.get_secret_value(), database, clock))

    @app.get("/healthz")
    def healthz() -> Response:
        """Say that the process lives."""
        return jsonify(status="alive")

    @app.get("/readyz")
    def readyz() -> tuple[Response, int]:
        """Say whether the database answers, its schema is current, the clock ticks and the outbox moves."""
        if not is_current(database.engine):
            return jsonify(ready=False, database=True, migrations=False), 503
        with database.read() as session:
            facts = _readiness(session, clock)
        ready = not facts["clock_late"] and not facts["sender_late"]
        return jsonify(ready=ready, database=True, migrations=True, **facts), 200 if ready else 503

    @app.get("/metrics")
    def metrics() -> Response:
        """Return what Prometheus scrapes."""
        with database.read() as session:
            return Response(_metrics(session, clock), content_type=CONTENT_TYPE_LATEST)

    @app.errorhandler(DBAPIError)
    def database_away(error: DBAPIError) -> tuple[Response, int]:
        """Answer that the database is away."""
        _log.error("database_away", error=type(error).__name__)
        return jsonify(ready=False, database=False), 503

    return app


def _left_to_workers(database: Database, clock: Clock) -> Callable[[Sequence[Arrival]], None]:
    commits = GroupCommit(database)

    def leave(session: Session, came: Sequence[Sequence[Arrival]]) -> Sequence[Sequence[Held]]:
        return inbox.store_all(session, came, clock.real_now(), None)

    def receive(arrivals: Sequence[Arrival]) -> None:
        commits.run(leave, arrivals)

    return receive


def _readiness(session: Session, clock: Clock) -> dict[str, object]:
    tick, due = last_tick_age(session, clock.real_now()), oldest_due_age(session, clock.now())
    return {
        "last_tick_age_seconds": tick.total_seconds() if tick is not None else None,
        "oldest_due_age_seconds": due.total_seconds() if due is not None else None,
        "clock_late": tick is None or tick > CLOCK_LATE_AFTER,
        "sender_late": due is not None and due > SENDER_LATE_AFTER,
        "sender_stopped": stop_reason(session),
    }


def _metrics(session: Session, clock: Clock) -> bytes:
    registry = CollectorRegistry()
    messages = Gauge("emenscr_outbox_messages", "Messages in the outbox by state", ["state"], registry=registry)
    counts = outbox.counts(session)
    for state in OutboxState:
        messages.labels(state.value).set(counts.get(state, 0))
    events = Gauge("emenscr_inbox_events", "Events in the inbox by state, but those done", ["state"], registry=registry)
    open_events = inbox.open_counts(session)
    for event_state in InboxState:
        if event_state is not InboxState.DONE:
            events.labels(event_state.value).set(open_events.get(event_state, 0))
    recipients = Gauge(
        "emenscr_circular_waiting",
        "People who wait for circulars, by the circulars' state",
        ["state"],
        registry=registry,
    )
    waiting = batches.waiting(session)
    for circular_state in (CircularState.SCHEDULED, CircularState.SENDING, CircularState.PAUSED):
        recipients.labels(circular_state.value).set(waiting.get(circular_state, 0))
    facts = _readiness(session, clock)
    for name, text in (
        ("last_tick_age_seconds", "Seconds since the clock ticked"),
        ("oldest_due_age_seconds", "Seconds the oldest due message or circular has waited"),
    ):
        value = facts[name]
        if isinstance(value, float):
            Gauge(f"emenscr_{name}", text, registry=registry).set(value)
    stopped = Gauge("emenscr_sender_stopped", "1 while all sending is stopped", registry=registry)
    stopped.set(facts["sender_stopped"] is not None)
    return generate_latest(registry)

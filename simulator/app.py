"""Puts the simulator together."""

import time
from collections.abc import Callable

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from simulator.clock import Clock
from simulator.control.acts import Acts
from simulator.control.platform import PlatformControl
from simulator.development import Development
from simulator.line.platform import Platform
from simulator.messaging_api.endpoints import MessagingApi
from simulator.messaging_api.faults import Faults
from simulator.messaging_api.gate import MAX_BYTES, Gate
from simulator.messaging_api.limits import SUPPLEMENT
from simulator.messaging_api.login import LoginOffice
from simulator.messaging_api.rich_menu_api import RichMenuApi
from simulator.messaging_api.schema import Spec
from simulator.messaging_api.throttle import Throttle
from simulator.messaging_api.tokens import TokenOffice
from simulator.other_side import OtherSide
from simulator.page.views import Page
from simulator.settings import Settings
from simulator.time_machine.control import TimeControl
from simulator.time_machine.machine import TimeMachine
from simulator.time_machine.snapshots import Snapshots
from simulator.tour import Tour
from simulator.webhooks.phones import Phones
from simulator.webhooks.postman import Postman

LOOPBACK_NAMES = ("127.0.0.1", "localhost")

# Whatever does not begin so belongs to LINE.
_OWN_PATHS = ("/sim/", "/static/")


def create_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    elapsed: Callable[[], float] = time.monotonic,
    trusted_hosts: tuple[str, ...] | None = LOOPBACK_NAMES,
) -> Flask:
    """The emulated LINE platform of one channel, its control API and its page, with nobody on it yet.

    Args:
        settings: The channel.
        clock: The platform's time of day: arrival of messages, retry keys, month of the quota.
        elapsed: Seconds that only ever grow: life of tokens and of the loading indicator, rate limits.
        trusted_hosts: Host names by which browsers and bots may call it; any when None.
    """
    app = Flask(__name__)
    app.url_map.merge_slashes = False  # /v2//bot is not found, nor redirected
    app.config.update(MAX_CONTENT_LENGTH=MAX_BYTES, TRUSTED_HOSTS=trusted_hosts and list(trusted_hosts))
    clock = clock or Clock()
    platform = Platform(clock.now, settings.quota, elapsed)
    postman = Postman(settings, platform)
    phones = Phones(platform, postman)
    faults = Faults()
    throttle = Throttle(settings.rates, elapsed)
    logins = LoginOffice(platform)
    gate = Gate(platform, faults, TokenOffice(settings, elapsed), logins, throttle, Spec.load(SUPPLEMENT))
    gate.open(app, MessagingApi(settings, platform).routes() + RichMenuApi(platform).routes())
    app.register_blueprint(PlatformControl(platform, postman, logins, faults, throttle, clock).blueprint())
    app.register_blueprint(Acts(platform, phones, postman).blueprint())
    bot = Development(settings, platform)
    tour = Tour(platform)
    app.register_blueprint(tour.blueprint())
    snapshots = Snapshots((platform, postman, tour), lambda: len(platform.calls()))
    machine = TimeMachine(platform, clock, bot, snapshots, phones.settle)
    time_control = TimeControl(machine, platform)
    app.register_blueprint(time_control.blueprint())
    other_side = OtherSide(platform, postman, faults, bot)
    app.register_blueprint(
        Page(platform, settings, (*time_control.panels, tour.panel(snapshots.kept), other_side.panel)).blueprint()
    )

    def not_found(error: HTTPException) -> HTTPException | Response:
        return error if request.path.startswith(_OWN_PATHS) else gate.no_such_path()

    def method_not_allowed(error: HTTPException) -> HTTPException | Response:
        return error if request.path == "/" or request.path.startswith(_OWN_PATHS) else gate.no_such_method()

    app.register_error_handler(404, not_found)
    app.register_error_handler(405, method_not_allowed)
    app.extensions["simulator"] = platform, phones, logins
    return app


def platform_of(app: Flask) -> Platform:
    """The state behind an app made by `create_app`, for tests that share its process."""
    platform: Platform = app.extensions["simulator"][0]
    return platform


def phones_of(app: Flask) -> Phones:
    """The phones of an app made by `create_app`: what its people do, for tests that share its process."""
    phones: Phones = app.extensions["simulator"][1]
    return phones


def logins_of(app: Flask) -> LoginOffice:
    """Who issues the ID tokens of an app made by `create_app`, for tests that share its process."""
    logins: LoginOffice = app.extensions["simulator"][2]
    return logins

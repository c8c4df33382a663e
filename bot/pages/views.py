"""All pages in one place: which there are, and what is said where one is not shown.

Whatever is refused looks the same to a stranger.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote

import structlog
from flask import Blueprint, Response, request
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import InternalServerError, RequestEntityTooLarge

from bot.pages import duty, evidence, ledger, letter, mirror, project, unreported
from bot.pages.assets import add_assets
from bot.pages.circulars import views as circulars
from bot.pages.compression import compressed
from bot.pages.headers import guarded
from bot.pages.id_tokens import Liff, LineAway
from bot.pages.opening import Opening
from bot.pages.refusals import Refused, TooLarge, Used
from bot.pages.report import views as report
from bot.pages.site import PageKind, Site, html
from domain.clock import Clock
from handlers.conversation import Page
from messages_th import pages as thai
from storage.database import Database

KINDS: Mapping[Page, PageKind] = {
    Page.UNREPORTED: unreported.KIND,
    Page.REPORT: report.KIND,
    Page.PROJECT: project.KIND,
    Page.DUTY: duty.KIND,
    Page.EVIDENCE: evidence.KIND,
    Page.MIRROR: mirror.KIND,
    Page.CIRCULARS: circulars.KIND,
    Page.LETTER: letter.KIND,
    Page.LEDGER: ledger.KIND,
}
MOST_BYTES = 16 * 1024 * 1024
"""What a page may be sent: a whole report with 20,000 Thai letters a field, of which a form sends nine bytes each.

A page that takes files sets ``request.max_content_length`` itself. Nobody's form is looked at before the session is.
"""
_PARTS_OF_A_PAGE = "/w/PAGE/NONCE".count("/") + 1
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

_log = structlog.get_logger()


def pages(
    public_url: str, secret: str, database: Database, clock: Clock, liff: Liff | None = None, chat: str = ""
) -> Blueprint:
    """Return the pages under ``/w/`` as phones see them at ``public_url``; with ``liff`` they open inside LINE.

    ``chat`` is the address of the chat with the bot, "" where it is not known.
    """
    blueprint = Blueprint("pages", __name__)
    site = Site(public_url, secret, database, clock, chat)
    Opening(site, KINDS, liff).add(blueprint)
    for kind in KINDS.values():
        kind.add(blueprint, site)
    add_assets(blueprint)
    blueprint.add_url_rule("/favicon.ico", "icon", _no_icon)
    for path in ("/w", "/w/", "/w/<path:_>"):
        blueprint.add_url_rule(path, "nothing", _nothing, methods=_METHODS)
    blueprint.before_request(_limit)
    blueprint.register_error_handler(Refused, _refused)
    blueprint.register_error_handler(RecursionError, _refused)  # a body that is nested as none of ours is
    blueprint.register_error_handler(Used, _used)
    blueprint.register_error_handler(TooLarge, _too_large)
    blueprint.register_error_handler(RequestEntityTooLarge, _too_much)
    blueprint.register_error_handler(LineAway, _away)
    blueprint.register_error_handler(DBAPIError, _database_away)
    blueprint.register_error_handler(InternalServerError, _broken)
    blueprint.after_request(guarded)
    blueprint.after_request(compressed)
    return blueprint


def _limit() -> None:
    request.max_content_length = request.max_form_memory_size = MOST_BYTES


def _no_icon() -> Response:
    """Answer browsers, which look for a picture for their tab by themselves, that there is none: no fault to report."""
    response = Response(status=HTTPStatus.NO_CONTENT)
    response.headers["Cache-Control"] = "public, max-age=31536000"
    return response


def _nothing(**_: str) -> Response:
    """Answer whatever no page answers as what is refused: which addresses there are is nobody's business."""
    raise Refused


def _refused(_: Exception) -> Response:
    return html(thai.refused_page(), HTTPStatus.NOT_FOUND)


def _used(_: Exception) -> Response:
    return html(thai.used_page(), HTTPStatus.GONE)


def _too_large(error: TooLarge) -> Response:
    return html(error.page, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def _too_much(_: Exception) -> Response:
    return html(thai.too_much_page(), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def _away(_: Exception) -> Response:
    page = "/".join(request.path.split("/")[:_PARTS_OF_A_PAGE])  # what a form sends to may not be there to be looked at
    return html(thai.again_page(quote(page)), HTTPStatus.SERVICE_UNAVAILABLE)


def _database_away(error: DBAPIError) -> Response:
    _log.error("database_away", error=type(error).__name__)
    return _away(error)


def _broken(_: Exception) -> Response:
    return html(thai.broken_page(), HTTPStatus.INTERNAL_SERVER_ERROR)

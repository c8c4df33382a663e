"""What is answered to files that a form sent: to its script as JSON, to a browser without one as a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import NamedTuple

from flask import jsonify, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from bot.pages.site import FORM_KEY_HEADER, html
from messages_th.pages.evidence import outcomes_page

_ENVELOPE = 64 * 1024
"""Bytes of a request beside its files."""


class Outcome(NamedTuple):
    """What became of one file, in words."""

    said: str
    status: HTTPStatus = HTTPStatus.OK


def limit_body(most_files: int, most_bytes: int) -> None:
    """Read no more of this request than so many files of so many bytes; a script sends them one by one."""
    files = 1 if FORM_KEY_HEADER in request.headers else most_files
    request.max_content_length = files * (most_bytes + _ENVELOPE)


def outcomes_answer(outcomes: Sequence[Outcome], page: str, listed: Callable[[], Markup]) -> AnyResponse:
    """Return to a script the list as it is now and what happened; without one ``page``, or what went wrong."""
    lines, status = [outcome.said for outcome in outcomes], max(outcome.status for outcome in outcomes)
    if request.accept_mimetypes.best == "application/json":
        response: AnyResponse = jsonify(list=listed(), said=lines)
        response.status_code = status
        return response
    if status is HTTPStatus.OK:
        return redirect(page, HTTPStatus.SEE_OTHER)
    return html(outcomes_page(lines, page), status)

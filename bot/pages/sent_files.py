"""Files that a form sent: taken one by one, and answered to its script as JSON, to a browser without one as a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import NamedTuple

from flask import jsonify, redirect, request
from markupsafe import Markup
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from bot.pages.site import FORM_KEY_HEADER, html
from domain.evidence import display_name
from messages_th.pages import evidence as thai
from storage.untrusted_files.apart import ReadingBusy

_FIELD = "file"
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


def each_taken(most_bytes: int, take: Callable[[str, bytes], Outcome]) -> Sequence[Outcome]:
    """Return what became of each file of this request; ``take`` gets its name and content, and decides by itself.

    Of a file no more than ``most_bytes`` and one are read. It is refused for now where others are being looked through.
    """
    sent = [file for file in request.files.getlist(_FIELD) if file.filename]
    nothing = Outcome(thai.TOOK_NOTHING, HTTPStatus.UNPROCESSABLE_ENTITY)
    return [_taken(display_name(file.filename or ""), file, most_bytes, take) for file in sent] or [nothing]


def _taken(name: str, file: FileStorage, most_bytes: int, take: Callable[[str, bytes], Outcome]) -> Outcome:
    try:
        return take(name, file.stream.read(most_bytes + 1))
    except ReadingBusy:
        return Outcome(thai.refused_words(name, thai.BUSY), HTTPStatus.SERVICE_UNAVAILABLE)


def refused(name: str, why: str) -> Outcome:
    """Return that a file was refused for what it is."""
    return Outcome(thai.refused_words(name, why), HTTPStatus.UNPROCESSABLE_ENTITY)


def outcomes_answer(outcomes: Sequence[Outcome], page: str, listed: Callable[[], Markup]) -> AnyResponse:
    """Return to a script the list as it is now and what happened; without one ``page``, or what went wrong."""
    lines, status = [outcome.said for outcome in outcomes], max(outcome.status for outcome in outcomes)
    if request.accept_mimetypes.best == "application/json":
        response: AnyResponse = jsonify(list=listed(), said=lines)
        response.status_code = status
        return response
    if status is HTTPStatus.OK:
        return redirect(page, HTTPStatus.SEE_OTHER)
    return html(thai.outcomes_page(lines, page), status)

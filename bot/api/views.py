"""The addresses of the API: who asks, what for, and what comes of it.

A bearer key is an agency's: it sees and sends what belongs to the agency's own units, and of others nothing, not even
that it exists; but a new project cannot take a code that another agency has. Everything a request does is one
transaction with the answer that it will get again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from math import ceil
from typing import Any

import structlog
from flask import Blueprint, Response, request
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from bot.api import answers
from bot.api.fields import AGENCY_APPROVED, QUERY
from bot.api.openapi import description
from bot.api.problems import Code, Fault, Invalid, Problem, Refused
from bot.api.reading import Reader, Values, fingerprint, parse
from bot.api.sending import Sender
from bot.rate_limit import Pace, RateLimit
from domain.clock import Clock
from domain.errors import Incomplete, TransitionRefused
from domain.reminders import BANGKOK
from domain.submissions import SubmissionState
from domain.windows import Stage
from messages_th import api as thai
from storage import api_requests
from storage.api_keys import KeyHolder, holder_of
from storage.api_requests import Answer, KeyUsedOtherwise
from storage.database import Database
from storage.outbox_claims import Now
from storage.queries.agency_submissions import (
    MissingField,
    WantedSubmissions,
    find_submission,
    named_gaps,
    page_of_submissions,
    read_submissions,
)
from storage.reference import Reference, ReferenceBook
from storage.submissions.rows import NoSuchSubmission

MOST_BYTES = 2 * 1024 * 1024
REQUESTS_AT_ONCE, SECONDS_EACH = 60, 0.5
"""What a key may ask at once, and how soon it may ask once more."""
PER_PAGE = 50
_LARGEST_ID = 2**63 - 1
_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_PROBLEM_TYPE = "application/problem+json"
_CODES: Mapping[int, Code] = {
    HTTPStatus.NOT_FOUND: Code.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED: Code.METHOD_NOT_ALLOWED,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Code.TOO_LARGE,
}

_log = structlog.get_logger()


def api(database: Database, clock: Clock) -> Blueprint:
    """Return the API under ``/api/``."""
    blueprint = Blueprint("api", __name__)
    views = _Views(database, clock)
    blueprint.add_url_rule("/api/openapi.json", "describe", _describe)
    blueprint.add_url_rule("/api/submissions", "submissions", views.submissions)
    blueprint.add_url_rule("/api/submissions", "send", views.send, methods=["POST"])
    blueprint.add_url_rule("/api/submissions/<int:number>", "submission", views.submission)
    blueprint.add_url_rule("/api/submissions/<int:number>/withdraw", "withdraw", views.withdraw, methods=["POST"])
    blueprint.register_error_handler(Problem, _problem)
    blueprint.app_errorhandler(HTTPException)(_http_problem)
    return blueprint


@dataclass(frozen=True)
class _Caller:
    """Whose key it is, with the reference data of now."""

    holder: KeyHolder
    reference: Reference

    @property
    def units(self) -> frozenset[str]:
        """The units that the key is for, by code."""
        return self.reference.rules.organisation.below(self.reference.unit_codes[self.holder.unit_id])

    @property
    def unit_ids(self) -> list[int]:
        return [self.reference.unit_ids[code] for code in sorted(self.units)]


class _Views:
    """What each address does."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._book = ReferenceBook()
        self._limit = RateLimit(REQUESTS_AT_ONCE, SECONDS_EACH)

    def submission(self, number: int) -> Response:
        """Return one submission."""
        with self._database.read() as session:
            caller = self._caller(session)
            return _json(self._read(session, caller, number), HTTPStatus.OK)

    def submissions(self) -> Response:
        """Return one page of the submissions that are asked for."""
        wanted, number, per_page = _query()
        with self._database.read() as session:
            caller = self._caller(session)
            offset = (number - 1) * per_page
            rows, total = page_of_submissions(session, caller.reference, caller.unit_ids, wanted, offset, per_page)
            items = read_submissions(session, caller.reference, rows)
            return _json(_text(answers.page(items, number, per_page, total)), HTTPStatus.OK)

    def send(self) -> Response:
        """Keep and send what the request holds."""

        def take(_session: Session, _caller: _Caller, sender: Sender, found: Mapping[str, Any]) -> _Done:
            return sender.send(found), HTTPStatus.CREATED

        return self._once(take)

    def withdraw(self, number: int) -> Response:
        """Take back what was sent."""

        def take_back(session: Session, caller: _Caller, sender: Sender, found: Mapping[str, Any]) -> _Done:
            row = find_submission(session, caller.unit_ids, number) if number <= _LARGEST_ID else None
            if row is None:
                raise Refused(HTTPStatus.NOT_FOUND, Code.NOT_FOUND)
            sender.withdraw(found, row)
            return row.id, HTTPStatus.OK

        return self._once(take_back)

    def _once(self, work: _Work) -> Response:
        """Do what a request asks for, once for its idempotency key, in one transaction with its answer."""
        with self._database.read() as session:
            holder = self._holder(session)
        self._count(holder)
        key = _idempotency_key()
        found = _body()
        asked = api_requests.Request(holder.key_id, key, fingerprint(request.path, found))
        try:
            return self._in_transaction(asked, found, work)
        except (
            IntegrityError,
            OperationalError,
        ):  # another request, or a decision, was at the same thing in this moment
            return self._in_transaction(asked, found, work)

    def _in_transaction(self, asked: api_requests.Request, found: Mapping[str, Any], work: _Work) -> Response:
        now = Now(self._clock.now(), self._clock.real_now())
        missing: list[MissingField] = []
        try:
            with self._database.write() as session:
                if (before := api_requests.begin(session, asked, now.real)) is not None:
                    return _json(before.body, HTTPStatus(before.status), {"Idempotency-Replayed": "true"})
                caller = self._caller_of(session, self._holder(session))
                event_id = f"api:{asked.api_key_id}:{asked.idempotency_key}"
                sender = Sender(session, caller.reference, caller.units, now, event_id)
                try:
                    number, status = work(session, caller, sender, found)
                except Incomplete as error:
                    missing.extend(named_gaps(session, error.gaps))
                    raise
                session.flush()
                body = self._read(session, caller, number)
                api_requests.finish(session, asked, Answer(status.value, body))
        except KeyUsedOtherwise:
            fault = Fault("Idempotency-Key", asked.idempotency_key, thai.title(Code.KEY_USED_OTHERWISE))
            raise Invalid([fault], Code.KEY_USED_OTHERWISE) from None
        except NoSuchSubmission:
            raise Refused(HTTPStatus.NOT_FOUND, Code.NOT_FOUND) from None
        except TransitionRefused as error:
            return _refusal(*answers.refusal(error, missing))
        _log.info("api_done", api_key=asked.api_key_id, submission=number, endpoint=request.endpoint)
        return _json(body, status)

    def _read(self, session: Session, caller: _Caller, number: int) -> str:
        """Return a submission as JSON.

        Raises:
            Refused: there is none of this id, or it is of other units.
        """
        row = find_submission(session, caller.unit_ids, number) if number <= _LARGEST_ID else None
        if row is None:
            raise Refused(HTTPStatus.NOT_FOUND, Code.NOT_FOUND)
        return _text(answers.submission(read_submissions(session, caller.reference, [row])[0]))

    def _caller(self, session: Session) -> _Caller:
        holder = self._holder(session)
        self._count(holder)
        return self._caller_of(session, holder)

    def _caller_of(self, session: Session, holder: KeyHolder) -> _Caller:
        return _Caller(holder, self._book.on(session, self._clock.now().astimezone(BANGKOK).date()))

    def _holder(self, session: Session) -> KeyHolder:
        """Return whose key the request bears.

        Raises:
            Refused: none, or none that works.
        """
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        holder = holder_of(session, key.strip()) if scheme.lower() == "bearer" else None
        if holder is None:
            raise Refused(HTTPStatus.UNAUTHORIZED, Code.UNAUTHORIZED)
        return holder

    def _count(self, holder: KeyHolder) -> None:
        """Count a request of the key.

        Raises:
            Refused: there were too many.
        """
        if self._limit.take(str(holder.key_id), self._clock.real_now()) is not Pace.FINE:
            raise Refused(HTTPStatus.TOO_MANY_REQUESTS, Code.TOO_MANY)


_Done = tuple[int, HTTPStatus]
_Work = Callable[[Session, _Caller, Sender, Mapping[str, Any]], _Done]


def _describe() -> Response:
    return _json(_text(description()), HTTPStatus.OK)


def _idempotency_key() -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if _IDEMPOTENCY_KEY.fullmatch(key) is None:
        raise Refused(HTTPStatus.BAD_REQUEST, Code.NO_IDEMPOTENCY_KEY)
    return key


def _body() -> Mapping[str, Any]:
    """Return the JSON object that the request holds.

    Raises:
        Refused: it is none.
        werkzeug.exceptions.RequestEntityTooLarge: it is above 2 MB.
    """
    request.max_content_length = MOST_BYTES
    if request.mimetype != "application/json":
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, Code.NOT_JSON)
    return parse(request.get_data(cache=False))


def _query() -> tuple[WantedSubmissions, int, int]:
    """Return what a list is narrowed down to, which page of it is asked for, and how many a page has.

    Raises:
        Invalid: a value cannot be taken, or there is no such parameter.
    """
    reader = Reader()
    found = request.args.to_dict()
    reader.unknown(found, [field.name for field in QUERY])
    values: Values = reader.record(found, QUERY)
    reader.faults.check()
    state = values.get("state")
    wanted = WantedSubmissions(
        project_code=values.get("project_code"),
        fiscal_year=values.get("fiscal_year"),
        quarter=values.get("quarter"),
        kind=values.get("kind"),
        state=SubmissionState.PENDING_APPROVAL if state == AGENCY_APPROVED else state and SubmissionState(state),
        stage=Stage.UPPER if state == AGENCY_APPROVED else None,
    )
    return wanted, values.get("page") or 1, values.get("per_page") or PER_PAGE


def _problem(error: Problem) -> Response:
    return _refusal(*answers.problem(error))


def _http_problem(error: HTTPException) -> Response | HTTPException:
    """Answer what Flask refuses under ``/api/`` as everything else is refused there."""
    code = _CODES.get(error.code or 0)
    if code is None or not request.path.startswith("/api/"):
        return error
    told, status = answers.problem(Refused(HTTPStatus(error.code or 0), code))
    response = _refusal(told, status)
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(error.valid_methods or ())
    return response


def _refusal(told: Mapping[str, Any], status: HTTPStatus) -> Response:
    headers = {}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="emenscr-bot"'
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        headers["Retry-After"] = str(ceil(SECONDS_EACH))
    _log.info("api_refused", status=status.value, code=told["code"], endpoint=request.endpoint)
    return _json(_text(told), status, headers, content_type=_PROBLEM_TYPE)


def _text(found: Mapping[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False)


def _json(
    body: str, status: HTTPStatus, headers: Mapping[str, str] | None = None, content_type: str = "application/json"
) -> Response:
    fixed = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(body, status, {**fixed, **(headers or {})}, content_type=content_type)

"""The way of every API request: fault, token, rate, media type, size, JSON, schema, and only then the endpoint."""

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from flask import Flask, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from simulator.line.calls import Call
from simulator.line.platform import Platform
from simulator.messaging_api.answers import (
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    RATE_LIMITED,
    TOO_LARGE,
    UNAUTHORIZED,
    Answer,
    Refused,
    invalid,
    refused,
)
from simulator.messaging_api.endpoints import ApiRequest, Route
from simulator.messaging_api.faults import REFUSALS, Fault, FaultKind, Faults
from simulator.messaging_api.login import LoginOffice
from simulator.messaging_api.schema import Json, Operation, Spec
from simulator.messaging_api.throttle import Throttle
from simulator.messaging_api.tokens import LIFETIME, TokenOffice, WrongCredentials

MAX_BYTES = 2 * 1024 * 1024
"""The largest request body (reference, status code 413)."""

_DROPPED_UNSERVED = frozenset({FaultKind.TIMEOUT, FaultKind.RESET_BEFORE_ACCEPTANCE})
_HELD = frozenset({FaultKind.TIMEOUT, FaultKind.SLOW})
_OAUTH_INVALID = Answer(400, {"error": "invalid_request", "error_description": "some parameters missed or invalid"})
_OAUTH_WRONG = Answer(400, {"error": "invalid_client", "error_description": "invalid client_id or client_secret"})


class Gate:
    """Stands between HTTP and the endpoints, and keeps the list of calls."""

    def __init__(
        self,
        platform: Platform,
        faults: Faults,
        tokens: TokenOffice,
        logins: LoginOffice,
        throttle: Throttle,
        spec: Spec,
    ) -> None:
        self._platform = platform
        self._faults = faults
        self._tokens = tokens
        self._logins = logins
        self._throttle = throttle
        self._spec = spec

    def open(self, app: Flask, routes: tuple[Route, ...]) -> None:
        """Serve `routes` and the endpoints that ask for no token: the one that gives it, and LINE Login's."""
        for route in routes:
            app.add_url_rule(
                route.path.replace("{", "<").replace("}", ">"),
                endpoint=f"{route.method} {route.path}",
                view_func=self._view(route, self._spec.operation(route.method, route.path)),
                methods=[route.method],
                provide_automatic_options=False,
            )
        for path, view in (("/oauth2/v3/token", self.token), ("/oauth2/v2.1/verify", self.verify)):
            app.add_url_rule(path, view_func=view, methods=["POST"], provide_automatic_options=False)

    def token(self) -> Response:
        """Issue a stateless channel access token for channel id and secret."""
        return self._exchange(lambda _: self._issue())

    def verify(self) -> Response:
        """Tell whose an ID token is."""
        return self._exchange(lambda _: self._logins.verify(request.form))

    def no_such_path(self) -> Response:
        """What LINE says to a path that it does not have."""
        return self._exchange(lambda _: NOT_FOUND)

    def no_such_method(self) -> Response:
        """What LINE says to a method that a path does not take."""
        return self._exchange(lambda _: METHOD_NOT_ALLOWED)

    def _view(self, route: Route, operation: Operation) -> Callable[..., Response]:
        def view(**arguments: str) -> Response:
            return self._exchange(lambda request_id: self._serve(route, operation, request_id, arguments))

        return view

    def _exchange(self, work: Callable[[str], Answer]) -> Response:
        """Run `work` under whatever fault is due, and note down what came of it."""
        request_id = str(uuid.uuid4())
        fault = self._faults.take(request.method, request.path)
        answer = self._under(fault, work, request_id)
        self._platform.record(
            Call(
                at=self._platform.now(),
                method=request.method,
                path=request.path,
                retry_key=request.headers.get("X-Line-Retry-Key"),
                body=_noted_body(),
                status=None if answer is None else answer.status,
                request_id=request_id,
                fault=None if fault is None else fault.kind,
            )
        )
        if fault is not None and fault.kind in _HELD:
            self._faults.hold(fault.seconds)
        return _dropped() if answer is None else _response(answer, request_id)

    def _under(self, fault: Fault | None, work: Callable[[str], Answer], request_id: str) -> Answer | None:
        """The answer to give, None for none at all."""
        if fault is not None and fault.kind in _DROPPED_UNSERVED:
            return None
        if fault is not None and fault.kind in REFUSALS:
            return REFUSALS[fault.kind]
        try:
            answer = work(request_id)
        except Refused as refusal:
            answer = refusal.answer
        except RequestEntityTooLarge:
            answer = TOO_LARGE
        return None if fault is not None and fault.kind is FaultKind.RESET_AFTER_ACCEPTANCE else answer

    def _serve(self, route: Route, operation: Operation, request_id: str, arguments: dict[str, str]) -> Answer:
        if request.environ.get("RAW_URI", "").startswith("//"):
            raise Refused(NOT_FOUND)  # a base address that ended in a slash; Werkzeug would forgive it
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not self._tokens.accepts(token):
            raise Refused(UNAUTHORIZED)
        if not self._throttle.admit(route.method, route.path):
            raise Refused(RATE_LIMITED)
        retry_key = _retry_key(allowed=operation.takes_retry_key)
        return route.answer(
            ApiRequest(
                id=request_id,
                body=_body(operation),
                retry_key=retry_key,
                arguments=arguments,
                query=request.args,
                content=request.get_data(),
                media_type=request.mimetype,
            )
        )

    def _issue(self) -> Answer:
        form = request.form
        if form.get("grant_type") != "client_credentials" or not form.get("client_id"):
            return _OAUTH_INVALID
        try:
            token = self._tokens.issue(form["client_id"], form.get("client_secret", ""))
        except WrongCredentials:
            return _OAUTH_WRONG
        return Answer(body={"token_type": "Bearer", "access_token": token, "expires_in": LIFETIME})


def _noted_body() -> Json:
    """The body for the list of calls: None unless it is sent as JSON, so never the secret in a token request's form.

    A page from elsewhere can send none such unasked, and so cannot fill the list.
    """
    if request.mimetype != "application/json":
        return None
    try:
        return _parsed(request.get_data())
    except (Refused, RequestEntityTooLarge):
        return None


def _retry_key(*, allowed: bool) -> str | None:
    given = request.headers.get("X-Line-Retry-Key")
    if given is None:
        return None
    if not allowed:
        raise refused(400, "The retry key is not supported by this API")
    try:
        return str(uuid.UUID(given))
    except ValueError:
        raise refused(400, "Invalid retry key") from None


def _body(operation: Operation) -> Json:
    """The request body, parsed and checked; an empty dict when there is none and none is needed."""
    raw = request.get_data()
    if operation.body is None or not (raw or operation.body_required):
        return {}
    if request.mimetype != "application/json":
        raise refused(415, f"The content type '{request.mimetype}' is not supported")
    body = _parsed(raw)
    try:
        problems = list(operation.body.problems(body))
    except RecursionError:
        raise refused(400, "The request body is nested too deeply") from None
    if problems:
        raise invalid(problems)
    return body


def _parsed(raw: bytes) -> Json:
    try:
        body = json.loads(raw.decode(), parse_constant=_not_json)
        json.dumps(body, ensure_ascii=False).encode()  # an escape may stand for half a character
    except json.JSONDecodeError as fault:
        place = f"(line: {fault.lineno}, column: {fault.colno})"
    except (ValueError, RecursionError):
        place = "(line: -, column: -)"
    else:
        return body
    raise refused(400, f"The request body could not be parsed as JSON {place}")


def _not_json(constant: str) -> NoReturn:
    raise ValueError(constant)


def _response(answer: Answer, request_id: str) -> Response:
    if answer.file is None:
        response = Response(json.dumps(answer.body), answer.status, mimetype="application/json")
    else:
        response = Response(answer.file.content, answer.status, mimetype=answer.file.media_type)
    response.headers["x-line-request-id"] = request_id
    response.headers.extend(answer.headers)
    return response


def _dropped() -> Response:
    """A response that breaks off before its first byte; `simulator.server` then resets the connection."""

    def broken_off() -> Iterator[Any]:
        raise ConnectionResetError
        yield  # which makes this a generator

    return Response(broken_off())

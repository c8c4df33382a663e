"""The description of the API that ``GET /api/openapi.json`` serves: OpenAPI 3.1, made from the fields that are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from typing import Any

from bot.api.fields import FIELDS_OF, HEAD, QUERY, STATES, WITHDRAWAL, Field, List
from domain.submissions import SubmissionKind
from domain.windows import Stage
from messages_th import api as thai
from storage.tables.submissions import Verdict

_INSTANT = {"type": "string", "format": "date-time"}
_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}
_PROBLEM_RESPONSES: Mapping[str, tuple[str, str]] = {
    "400": ("Problem", "bad_json"),
    "401": ("Problem", "unauthorized"),
    "404": ("Problem", "not_found"),
    "409": ("Problem", "refused"),
    "413": ("Problem", "too_large"),
    "415": ("Problem", "not_json"),
    "422": ("Invalid", "invalid"),
    "429": ("Problem", "too_many_requests"),
}


@cache
def description() -> Mapping[str, Any]:
    """Return the description."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "emenscr-line-bot", "version": version("emenscr-line-bot"), "description": thai.DESCRIPTION},
        "security": [{"key": []}],
        "paths": {
            "/api/submissions": {"get": _list(), "post": _send()},
            "/api/submissions/{id}": {"get": _get()},
            "/api/submissions/{id}/withdraw": {"post": _withdraw()},
            "/api/openapi.json": {"get": _self()},
        },
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                "Submission": _submission(),
                "Page": _object(items=_array(_ref("Submission")), page=_COUNT, per_page=_COUNT, total=_COUNT),
                "Problem": _problem(),
                "Fault": _object(field=_TEXT, value=_TEXT, message=_TEXT),
                "Invalid": _problem(errors=_array(_ref("Fault"))),
                "Withdrawal": _request(WITHDRAWAL, ()),
                **{_name(kind): _request_of(kind) for kind in SubmissionKind},
            },
        },
    }


def _list() -> Mapping[str, Any]:
    parameters = [{"name": one.name, "in": "query", "schema": _of_query(one)} for one in QUERY]
    return {
        "operationId": "listSubmissions",
        "summary": thai.SUMMARY["list"],
        "parameters": parameters,
        "responses": _responses("200", "Page", ("401", "422", "429")),
    }


def _get() -> Mapping[str, Any]:
    return {
        "operationId": "getSubmission",
        "summary": thai.SUMMARY["get"],
        "parameters": [_ID],
        "responses": _responses("200", "Submission", ("401", "404", "429")),
    }


def _send() -> Mapping[str, Any]:
    mapping = {kind.value: f"#/components/schemas/{_name(kind)}" for kind in SubmissionKind}
    any_kind = {
        "oneOf": [_ref(_name(kind)) for kind in SubmissionKind],
        "discriminator": {"propertyName": "kind", "mapping": mapping},
    }
    return {
        "operationId": "sendSubmission",
        "summary": thai.SUMMARY["send"],
        "parameters": [_IDEMPOTENCY],
        "requestBody": _body(any_kind),
        "responses": _responses("201", "Submission", ("400", "401", "409", "413", "415", "422", "429")),
    }


def _withdraw() -> Mapping[str, Any]:
    return {
        "operationId": "withdrawSubmission",
        "summary": thai.SUMMARY["withdraw"],
        "parameters": [_ID, _IDEMPOTENCY],
        "requestBody": _body(_ref("Withdrawal")),
        "responses": _responses("200", "Submission", tuple(_PROBLEM_RESPONSES)),
    }


def _self() -> Mapping[str, Any]:
    content = {"application/json": {"schema": {"type": "object"}}}
    return {
        "operationId": "describeApi",
        "summary": thai.SUMMARY["describe"],
        "security": [],
        "responses": {"200": {"description": thai.SUMMARY["describe"], "content": content}},
    }


_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
_IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}


def _submission() -> Mapping[str, Any]:
    window = _or_null(_object(opens_on=_or_null({"type": "string", "format": "date"}), closes_on=_TEXT))
    decision = _object(
        version=_COUNT,
        step=_COUNT,
        verdict={"enum": list(Verdict)},
        position=_TEXT,
        reason=_TEXT,
        concerns=_TEXT,
        decided_at=_INSTANT,
    )
    return _object(
        id=_COUNT,
        kind={"enum": list(SubmissionKind)},
        unit=_TEXT,
        project_code=_or_null(_TEXT),
        plan_name=_or_null(_TEXT),
        fiscal_year=_COUNT,
        quarter=_or_null({"type": "integer", "minimum": 1, "maximum": 4}),
        state={"enum": list(STATES)},
        version=_COUNT,
        step=_or_null(_COUNT),
        steps=_COUNT,
        stage=_or_null({"enum": [Stage.AGENCY, Stage.UPPER]}),
        holders=_array(_TEXT),
        sent_by=_or_null(_TEXT),
        sent_at=_or_null(_INSTANT),
        is_late={"type": "boolean"},
        late_reason=_TEXT,
        decisions=_array(decision),
        missing=_array(_ref("Fault")),
        windows=_object(agency=window, upper=window),
    )


def _problem(**more: Any) -> Mapping[str, Any]:
    return _object(type=_TEXT, title=_TEXT, status={"type": "integer"}, code=_TEXT, detail=_TEXT, **more)


def _request_of(kind: SubmissionKind) -> Mapping[str, Any]:
    fields, lists = FIELDS_OF[kind]
    found = _request((*HEAD, *fields), lists)
    return {**found, "properties": {**found["properties"], "kind": {"const": kind.value}}}


def _request(fields: Iterable[Field], lists: Sequence[List]) -> Mapping[str, Any]:
    fields = tuple(fields)
    properties = {one.name: one.schema for one in fields}
    properties |= {of.name: _array(_request(of.fields, ())) for of in lists}
    required = [one.name for one in fields if one.needed]
    found = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**found, "required": required} if required else found


def _of_query(one: Field) -> Mapping[str, Any]:
    known = one.schema.get("type")
    return one.schema if isinstance(known, str) else {"type": "string"}


def _responses(status: str, schema: str, problems: Iterable[str]) -> Mapping[str, Any]:
    done = {"description": thai.SUMMARY["done"], "content": {"application/json": {"schema": _ref(schema)}}}
    refused = {}
    for number in problems:
        name, code = _PROBLEM_RESPONSES[number]
        content = {"application/problem+json": {"schema": _ref(name)}}
        refused[number] = {"description": thai.title(code), "content": content}
    return {status: done, **refused}


def _body(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _object(**properties: Any) -> Mapping[str, Any]:
    found = {"type": "object", "properties": properties, "required": list(properties)}
    return {**found, "additionalProperties": False}


def _array(items: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"type": "array", "items": items}


def _or_null(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _ref(name: str) -> Mapping[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _name(kind: SubmissionKind) -> str:
    return "".join(part.capitalize() for part in kind.value.split("_"))

"""JSON bodies of the control API, checked field by field, and numbers in addresses."""

import json
import re
from typing import Any

from flask import Response, abort, jsonify, make_response, request
from werkzeug.exceptions import HTTPException

Fields = dict[str, Any]
Types = tuple[type, ...]

_MOST = 1e9
"""More than any number here may be: messages, or seconds that somebody waits."""
_NUMBER = re.compile(r"[0-9]{1,15}")


def fields(required: dict[str, Types] | None = None, optional: dict[str, Types] | None = None) -> Fields:
    """The fields of the request body; aborts with 400 unless they are the ones asked for."""
    types = {**(required or {}), **(optional or {})}
    body = _body()
    if not isinstance(body, dict):
        abort(400, "A JSON object is needed")
    for name in (required or {}).keys() - body.keys():
        abort(400, f"{name}: missing")
    for name, value in body.items():
        if name not in types:
            abort(400, f"{name}: unknown field")
        if not isinstance(value, types[name]) or (isinstance(value, bool) and bool not in types[name]):
            abort(400, f"{name}: wrong type")
        if isinstance(value, int | float) and not 0 <= value <= _MOST:
            abort(400, f"{name}: out of range")
    return body


def texts(name: str, value: list[Any]) -> list[str]:
    """The value of a field that is a list of texts; aborts with 400 where it holds something else."""
    if not all(isinstance(each, str) for each in value):
        abort(400, f"{name}: wrong type")
    return value


def number(said: str) -> int:
    """A number in an address; aborts with 400 where it is none."""
    if not _NUMBER.fullmatch(said):
        abort(400, "A number is needed")
    return int(said)


def explained(fault: HTTPException) -> Response:
    """The answer to a request that failed: why, as JSON."""
    return make_response(jsonify(message=fault.description), fault.code or 500)


def _body() -> Any:
    """The body; aborts with 400 where it holds what is no JSON to others: half a character, NaN, thousands of lists."""
    try:
        body = request.get_json()
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except (RecursionError, ValueError):
        abort(400, "JSON is needed")
    return body

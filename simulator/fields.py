"""JSON bodies of the control API, checked field by field."""

from typing import Any

from flask import Response, abort, jsonify, make_response, request
from werkzeug.exceptions import HTTPException

Fields = dict[str, Any]
Types = tuple[type, ...]


def fields(required: dict[str, Types] | None = None, optional: dict[str, Types] | None = None) -> Fields:
    """The fields of the request body; aborts with 400 unless they are the ones asked for."""
    types = {**(required or {}), **(optional or {})}
    body = request.get_json()
    if not isinstance(body, dict):
        abort(400, "A JSON object is needed")
    for name in (required or {}).keys() - body.keys():
        abort(400, f"{name}: missing")
    for name, value in body.items():
        if name not in types:
            abort(400, f"{name}: unknown field")
        if not isinstance(value, types[name]) or (isinstance(value, bool) and bool not in types[name]):
            abort(400, f"{name}: wrong type")
    return body


def explained(fault: HTTPException) -> Response:
    """The answer to a request that failed: why, as JSON."""
    return make_response(jsonify(message=fault.description), fault.code or 500)

"""Pages, styles and scripts go compressed to who takes that: phones in the field load them over slow networks.

Compressed lengths may tell of secrets that stand beside an attacker's words. The only one in our pages is the form key,
which is worth nothing without the cookie.
"""

from __future__ import annotations

import gzip

from flask import Response, request

_WORTH_IT = 512
"""Bytes; less would hardly shrink."""
_LEVEL = 6
_KINDS = ("text/", "application/json")


def compressed(response: Response) -> Response:
    """Return the answer, compressed where that helps and the browser takes it."""
    if not (response.mimetype or "").startswith(_KINDS) or response.is_streamed or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] and len(response.get_data()) >= _WORTH_IT:
        response.set_data(gzip.compress(response.get_data(), _LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response

"""What every page tells the browser: to load, run, frame, remember and tell as little as possible."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response

POLICY_HEADER = "Content-Security-Policy"


def policy(scripts: Sequence[str] = (), calls: Sequence[str] = ()) -> str:
    """Return a Content-Security-Policy: nothing inline, and nothing from elsewhere but what is named here."""
    return "; ".join(
        (
            "default-src 'none'",
            "style-src 'self'",
            " ".join(("script-src 'self'", *scripts)),
            " ".join(("connect-src 'self'", *calls)),
            "img-src 'self' blob:",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


_HEADERS = {
    "Cache-Control": "no-store",
    POLICY_HEADER: policy(),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # with "no-referrer" browsers would send no Origin with the form
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


def guarded(response: Response) -> Response:
    """Return the answer with the headers that it does not set itself."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response

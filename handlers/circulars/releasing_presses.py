"""Buttons before a circular goes out; ``handlers.circulars.presses`` has the one that shows what it would do."""

from __future__ import annotations

from handlers.postback import Postback


class ListUnreachable(Postback, prefix="ko1"):
    """Asks who of those whom a circular names cannot be reached, and why."""

    circular: int
    page: int


class SendTest(Postback, prefix="ke1"):
    """Sends a circular to the presser alone, marked as a test."""

    circular: int


class ReleaseCircular(Postback, prefix="kr1"):
    """Lets a circular go out in the version that was shown, once that is ``confirmed``."""

    circular: int
    version: int
    confirmed: bool


class ProposeCircular(Postback, prefix="kg1"):
    """Hands a circular in the version that was shown to a second officer."""

    circular: int
    version: int


class TakeBackCircular(Postback, prefix="ky1"):
    """Makes a circular that waits for its release a draft again; who did not write it is asked for the reason."""

    circular: int
    version: int

"""Buttons by which circulars are followed; ``handlers.circulars.presses`` has those that other cards share."""

from __future__ import annotations

from handlers.postback import Postback


class CircularHome(Postback, prefix="kh1"):
    """Asks for a page of the circulars that one looks after: all, or those that words name."""

    words: str
    page: int


class SearchCirculars(Postback, prefix="cj1"):
    """Asks for the words to look for; the next sentence has them."""


class ShowShares(Postback, prefix="ca1"):
    """Asks how far a circular is, with another page of agencies."""

    circular: int
    page: int


class ListSilent(Postback, prefix="kq1"):
    """Asks who got a circular and has not acknowledged it."""

    circular: int
    page: int


class ListUnreached(Postback, prefix="cq1"):
    """Asks whom a circular did not reach."""

    circular: int
    page: int


class DownloadLedger(Postback, prefix="cl1"):
    """Asks for the link to who got a circular and who acknowledged it, as a spreadsheet."""

    circular: int


class PauseCircular(Postback, prefix="kz1"):
    """Stops sending a circular until it is resumed."""

    circular: int


class ResumeCircular(Postback, prefix="kj1"):
    """Goes on with a paused circular."""

    circular: int


class CancelCircular(Postback, prefix="kc1"):
    """Stops sending a circular for good, once that is confirmed."""

    circular: int
    confirmed: bool


class ResendCircular(Postback, prefix="cb1"):
    """Sends a circular again to those whom it failed to reach, once that is confirmed."""

    circular: int
    confirmed: bool


class RemindSilent(Postback, prefix="km1"):
    """Reminds those who have not acknowledged a circular, once that is confirmed."""

    circular: int
    confirmed: bool

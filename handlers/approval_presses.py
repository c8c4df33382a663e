"""Buttons that open what waits for a decision, and that decide; in a module of their own, for many cards have them.

Those that decide carry the version and the step that their card showed.
"""

from __future__ import annotations

from handlers.postback import Postback


class ShowItem(Postback, prefix="it1"):
    """Asks for the decision card of a submission."""

    submission: int


class ShowNext(Postback, prefix="nx1"):
    """Asks for the decision card of what is most urgent of all that waits for the presser."""


class ShowDetails(Postback, prefix="id1"):
    """Asks for all that stands in a submission."""

    submission: int


class AskApproval(Postback, prefix="ap1"):
    """Asks to approve; it is confirmed first."""

    submission: int
    version: int
    step: int


class ConfirmApproval(Postback, prefix="ac1"):
    """Approves."""

    submission: int
    version: int
    step: int


class UndoApproval(Postback, prefix="ud1"):
    """Takes back the presser's own approval at a step."""

    submission: int
    version: int
    step: int


class AskReturn(Postback, prefix="rt1"):
    """Asks to send something back; the reason is typed next."""

    submission: int
    version: int
    step: int


class FillReason(Postback, prefix="rf1"):
    """Begins a reason: LINE opens the keyboard with words in it, which the presser completes and sends."""

    submission: int
    version: int
    step: int


class ConfirmReturn(Postback, prefix="rc1"):
    """Sends back with the reason that was typed, of which ``digest`` is the mark."""

    submission: int
    version: int
    step: int
    digest: str


class StartBulk(Postback, prefix="bk1"):
    """Asks for a new list of what waits for the asker's decision; ``unit`` and the fiscal quarter narrow it down."""

    unit: str | None
    fiscal_year: int | None
    quarter: int | None

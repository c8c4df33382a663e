"""Buttons beside deciding: asking, answering, taking back; in a module of their own, for many cards have them."""

from __future__ import annotations

from handlers.postback import Postback


class ShowItemTrail(Postback, prefix="ti1"):
    """Asks for a page (from 1, newest first) of what became of the project or the plan that was sent."""

    submission: int
    page: int


class AskInformation(Postback, prefix="iq1"):
    """Wishes to ask the unit something about the version that a card showed at a step."""

    submission: int
    version: int
    step: int


class ConfirmQuestion(Postback, prefix="ic1"):
    """Asks the unit what was typed, of which ``digest`` is the mark."""

    submission: int
    version: int
    step: int
    digest: str


class AnswerInformation(Postback, prefix="ia1"):
    """Wishes to answer what an approver asked: ``request`` is the id of the question."""

    request: int


class ConfirmAnswer(Postback, prefix="ib1"):
    """Answers the question with what was typed, of which ``digest`` is the mark."""

    request: int
    digest: str


class OpenEvidence(Postback, prefix="oe1"):
    """Asks for the photos and documents of the version that a card showed."""

    submission: int
    version: int


class WithdrawItem(Postback, prefix="wi1"):
    """Wishes to take back the version that was sent; a confirmation follows."""

    submission: int
    version: int


class ConfirmWithdrawal(Postback, prefix="wk1"):
    """Takes back the version that was sent."""

    submission: int
    version: int

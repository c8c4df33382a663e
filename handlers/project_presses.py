"""Buttons that lead on from a project; a class of its own each, for many lists have them."""

from __future__ import annotations

from handlers.postback import Postback


class ShowProject(Postback, prefix="pj1"):
    """Asks for a project at a glance, by its code."""

    code: str


class OpenProject(Postback, prefix="oj1"):
    """Asks for the page with a whole project (M1 to M5)."""

    code: str


class ShowDisbursement(Postback, prefix="db1"):
    """Asks for disbursement against plan of a project, in a fiscal quarter."""

    code: str
    fiscal_year: int
    quarter: int


class ShowHistory(Postback, prefix="rh1"):
    """Asks for a page (from 1, newest first) of the reports of a project."""

    code: str
    page: int


class ShowTrail(Postback, prefix="tr1"):
    """Asks for a page (from 1, newest first) of what became of a project: who did what when."""

    code: str
    page: int


class ChooseReopening(Postback, prefix="ro1"):
    """Asks for a page of the reports of a project that an administrator can give back to its unit."""

    code: str
    page: int

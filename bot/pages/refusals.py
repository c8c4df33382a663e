"""Why a page is not shown."""

from __future__ import annotations


class Refused(Exception):
    """The link or session opens nothing: its person is not linked as when it was asked for, or may see nothing of it.

    Whatever the reason is, it looks the same to a stranger.
    """


class Used(Exception):
    """The link was opened before."""


class TooLarge(Exception):
    """The list has more rows than a file takes; carries the page that says so."""

    def __init__(self, page: str) -> None:
        super().__init__("more rows than a file takes")
        self.page = page

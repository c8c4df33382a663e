"""Which function answers which press or intent.

Each conversation's module declares its own, and ``handlers.registry`` joins them::

    routes = Routes()


    @routes.press(ShowProject)
    def show_project(request: Request, press: ShowProject) -> Answer: ...


    @routes.intent(Intent.PROJECT_STATUS)
    def project_status(request: Request, asked: Understood) -> Answer: ...
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from domain.roles import Role
from handlers.conversation import Answer, Request
from handlers.postback import Postback
from messages_th.understanding.intents import Intent, Understood

_P = TypeVar("_P", bound=Postback)


@dataclass(frozen=True, slots=True)
class Route:
    """What answers: called with the request and what was pressed, understood or said.

    ``roles``: who may, one of them is enough; empty: every linked person. ``changes``: it needs a session that writes.
    """

    answer: Callable[..., Answer]
    roles: frozenset[Role] = frozenset()
    changes: bool = False


class Routes:
    """The routes of one module."""

    def __init__(self) -> None:
        self.presses: dict[type[Postback], Route] = {}
        self.intents: dict[Intent, Route] = {}
        self.words: dict[type[Postback], Route] = {}

    def press(
        self, kind: type[_P], *, roles: Collection[Role] = (), changes: bool = False
    ) -> Callable[[Callable[[Request, _P], Answer]], Callable[[Request, _P], Answer]]:
        """Declare what answers a press of ``kind``."""
        return self._into(self.presses, kind, roles, changes=changes)

    def said_after(
        self, kind: type[_P], *, roles: Collection[Role] = (), changes: bool = False
    ) -> Callable[[Callable[[Request, _P, str], Answer]], Callable[[Request, _P, str], Answer]]:
        """Declare what answers the words that a press of ``kind`` asked for (``Context.awaiting``)."""
        return self._into(self.words, kind, roles, changes=changes)

    def intent(
        self, intent: Intent, *, changes: bool = False
    ) -> Callable[[Callable[[Request, Understood], Answer]], Callable[[Request, Understood], Answer]]:
        """Declare what answers sentences of ``intent``; a sentence alone changes nothing but its speaker's drafts."""
        return self._into(self.intents, intent, (), changes=changes)

    @staticmethod
    def _into(
        table: dict[Any, Route], key: Any, roles: Collection[Role], *, changes: bool
    ) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
        def declare(answer: Callable[..., Answer]) -> Callable[..., Answer]:
            if key in table:
                raise TypeError(f"{key} is answered twice")
            table[key] = Route(answer, frozenset(roles), changes)
            return answer

        return declare


def joined(*modules: Routes) -> Routes:
    """Return all routes together.

    Raises:
        TypeError: two modules answer the same.
    """
    whole = Routes()
    for module in modules:
        for ours, theirs in (
            (whole.presses, module.presses),
            (whole.intents, module.intents),
            (whole.words, module.words),
        ):
            _add(ours, theirs)
    return whole


def _add(ours: dict[Any, Route], theirs: Mapping[Any, Route]) -> None:
    for key, route in theirs.items():
        if key in ours:
            raise TypeError(f"{key} is answered twice")
        ours[key] = route

"""The parts of the page beside the phones: each is drawn by the server and drawn anew when its topic has news."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page.

    Args:
        name: Its topic in `Chats.announce`; ``{name}.html`` draws it and ``static/{name}.css`` dresses it.
        shown: What its template is told.
        watched: Held open as long as an open page may show it.
    """

    name: str
    shown: Callable[[], Mapping[str, Any]]
    watched: Callable[[], AbstractContextManager[None]] = nullcontext

    @property
    def template(self) -> str:
        """The template that draws it."""
        return f"{self.name}.html"

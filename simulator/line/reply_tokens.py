"""Reply tokens: the right to answer an event without it counting (reference, "Send reply message").

LINE promises a minute and may change that unannounced; the emulation allows not a second more.
"""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

LIFETIME = 60
"""Seconds from the webhook within which its token has to be used."""
LONGEST = 1_200
"""Seconds from the event after which no redelivery makes its token live again."""


class InvalidReplyToken(Exception):
    """The token is used, too old, or nobody's."""


@dataclass(frozen=True, slots=True)
class _Token:
    chat_id: str
    issued: float
    delivered: float


class ReplyTokens:
    """Issues reply tokens and takes each back once.

    Args:
        elapsed: Seconds that only ever grow.
    """

    def __init__(self, elapsed: Callable[[], float]) -> None:
        self._elapsed = elapsed
        self._lock = threading.Lock()
        self._unused: dict[str, _Token] = {}

    def issue(self, chat_id: str) -> str:
        """A token that answers in this chat once."""
        token = secrets.token_hex(16)
        with self._lock:
            at = self._elapsed()
            self._unused[token] = _Token(chat_id, at, at)
        return token

    def delivered(self, token: str) -> None:
        """Let the minute of an unused token begin anew: its webhook is on its way, perhaps once more."""
        with self._lock:
            if (held := self._unused.get(token)) is not None:
                self._unused[token] = replace(held, delivered=self._elapsed())

    def redeem(self, token: str) -> str:
        """The chat that a token answers in; afterwards the token is used.

        Raises:
            InvalidReplyToken: It is used, too old, or nobody's.
        """
        with self._lock:
            held = self._unused.get(token)
            at = self._elapsed()
            if held is None or at - held.delivered >= LIFETIME or at - held.issued >= LONGEST:
                raise InvalidReplyToken
            del self._unused[token]
        return held.chat_id

    def saved(self) -> Any:
        """The tokens that are unused."""
        with self._lock:
            return dict(self._unused)

    def put_back(self, saved: Any) -> None:
        """Let the tokens be valid that were unused then, as far as they are not too old by now."""
        with self._lock:
            self._unused = dict(saved)

    def clear(self) -> None:
        """Make every token invalid."""
        with self._lock:
            self._unused.clear()

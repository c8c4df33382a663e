"""The bytes of files that people sent, which LINE keeps for a while (reference, "Get content")."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


class Preparing(Exception):
    """The bytes are not ready yet."""


class Unsent(Exception):
    """The sender took the message back."""


@dataclass(frozen=True, slots=True)
class _Kept:
    content: bytes
    media_type: str
    ready_at: float


class Contents:
    """Files by message id. Safe to use from many threads.

    Args:
        elapsed: Seconds that only ever grow.
    """

    def __init__(self, elapsed: Callable[[], float]) -> None:
        self._elapsed = elapsed
        self._lock = threading.Lock()
        self._kept: dict[str, _Kept | None] = {}

    def keep(self, message_id: str, content: bytes, media_type: str, *, ready_in: float = 0.0) -> None:
        """Keep the bytes of a message; they can be had after so many seconds."""
        with self._lock:
            self._kept[message_id] = _Kept(content, media_type, self._elapsed() + ready_in)

    def content(self, message_id: str) -> tuple[bytes, str]:
        """The bytes of a message and their media type.

        Raises:
            KeyError: There never were any, or they are not kept any more.
            Preparing: They are not ready yet.
            Unsent: The sender took the message back.
        """
        with self._lock:
            kept = self._kept[message_id]
            if kept is None:
                raise Unsent(message_id)
            if kept.ready_at > self._elapsed():
                raise Preparing(message_id)
            return kept.content, kept.media_type

    def unsend(self, message_id: str) -> None:
        """Forget the bytes of a message that was taken back, if it had any."""
        with self._lock:
            if message_id in self._kept:
                self._kept[message_id] = None

    def delete(self, message_id: str) -> None:
        """Forget the bytes, as LINE does some day.

        Raises:
            KeyError: There are none.
        """
        with self._lock:
            del self._kept[message_id]

    def saved(self) -> Any:
        """All that is kept."""
        with self._lock:
            return dict(self._kept)

    def put_back(self, saved: Any) -> None:
        """Keep just what was kept then."""
        with self._lock:
            self._kept = dict(saved)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()

"""A stop that a signal may ask for while the very thread that handles the signal waits for it."""

from queue import Empty, SimpleQueue


class StopSignal:
    """Asked for once, it holds for ever. One thread waits for it, any may ask.

    A `threading.Event` would not do: set by a signal handler while its own thread is just about to wait, it waits for
    its own lock for ever. Putting into a `SimpleQueue` is reentrant (Python documentation, ``queue``).
    """

    def __init__(self) -> None:
        self._asked: SimpleQueue[None] = SimpleQueue()

    def set(self) -> None:
        """Ask for the stop, from any thread or signal handler."""
        self._asked.put(None)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for so many seconds, or as long as it takes, and tell whether somebody has asked."""
        try:
            self._asked.get(timeout=seconds)
        except Empty:
            return False
        self._asked.put(None)
        return True

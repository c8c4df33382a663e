"""What can go back to how it was, as the time machine does."""

from typing import Any, Protocol


class Savable(Protocol):
    """A part of the simulator that can go back to how it was."""

    def saved(self) -> Any:
        """All that going back brings back; nothing changes it any more."""

    def put_back(self, saved: Any) -> None:
        """Be as it was when this was saved."""

"""Snapshots of the platform, each beside the bot's copy of its database, to go back in time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from simulator.line.savable import Savable

MOST = 9
"""The first snapshot, which stays for ever, and the newest eight."""

_TRIES = 3


class UnknownSnapshot(LookupError):
    """No snapshot has this number."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How things stood.

    Args:
        number: Its place among all snapshots that were ever taken.
        at: The supposed instant.
        name: What the bot calls its half of it; names are used again.
    """

    number: int
    at: datetime
    name: str


class Snapshots:
    """Keeps the first snapshot and the newest ones. Anybody may look; one thread takes them and puts them back.

    Args:
        parts: What is saved here, in the order in which it is put back.
        activity: A number that is another one when the bot sent something in between.
    """

    def __init__(self, parts: Sequence[Savable], activity: Callable[[], int]) -> None:
        self._parts = parts
        self._activity = activity
        self._kept: tuple[tuple[Snapshot, list[Any]], ...] = ()
        self._numbers = count(1)

    def kept(self) -> list[Snapshot]:
        """Every snapshot, oldest first."""
        return [snapshot for snapshot, _ in self._kept]

    def take(self, at: datetime, copy_bot: Callable[[str], object]) -> None:
        """Save everything as it stands.

        Args:
            at: The supposed instant.
            copy_bot: Lets the bot copy its database under a name.
        """
        name, saved = self._free_name(), list[Any]()
        for _ in range(_TRIES):  # one half must not know of a message that the other does not know of
            before = self._activity()
            copy_bot(name)
            saved = [part.saved() for part in self._parts]
            if self._activity() == before:
                break
        others = tuple(kept for kept in self._kept if kept[0].name != name)
        self._kept = (*others, (Snapshot(next(self._numbers), at, name), saved))

    def find(self, number: int) -> Snapshot:
        """The snapshot with this number.

        Raises:
            UnknownSnapshot: There is none.
        """
        for snapshot in self.kept():
            if snapshot.number == number:
                return snapshot
        raise UnknownSnapshot(number)

    def put_back(self, snapshot: Snapshot) -> None:
        """Let the simulator be as it was at a snapshot that is kept; later ones are of what never happened, and go."""
        self._kept = tuple(kept for kept in self._kept if kept[0].number <= snapshot.number)
        for part, saved in zip(self._parts, self._kept[-1][1], strict=True):
            part.put_back(saved)

    def _free_name(self) -> str:
        """A name that no snapshot has, or that of the oldest but the first."""
        taken = {snapshot.name for snapshot in self.kept()}
        names = (name for name in map(str, range(MOST)) if name not in taken)
        return next(names, None) or self._kept[1][0].name

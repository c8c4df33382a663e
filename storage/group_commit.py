"""Many small writes, one commit: what threads ask for at the same time shares a transaction, and its statements.

A commit waits for the disk and a statement for the database server; an event that is stored on its own costs both, a
hundred that arrive together cost little more.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from storage.database import Database

MOST_AT_ONCE = 200
"""Wishes in one transaction, so that the last of a flood does not wait for all of it."""

_Wish = TypeVar("_Wish")
_Result = TypeVar("_Result")
Work = Callable[[Session, Sequence[_Wish]], Sequence[_Result]]
"""Does the same for several wishes and returns a result for each, in their order."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    work: Work[Any, Any]
    wish: Any
    result: Future[Any] = field(default_factory=Future)


class GroupCommit:
    """Runs works in one thread of its own, which starts with the first of them.

    A work gets all wishes for it that wait at that moment. It must be quick, and harmless to run again: when anything
    in a transaction fails, it is rolled back and each wish gets one of its own.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def submit(self, work: Work[_Wish, _Result], wish: _Wish) -> Future[_Result]:
        """Return what ``work`` makes of the wish once that is committed, or its error; then nothing was changed."""
        waiting = _Waiting(work, wish)
        self._waiting.put(waiting)
        if self._thread is None:
            self._start()
        return waiting.result

    def run(self, work: Work[_Wish, _Result], wish: _Wish) -> _Result:
        """Return what ``work`` makes of the wish, when it is committed.

        Raises:
            sqlalchemy.exc.DBAPIError: the database is away; nothing was changed.
        """
        return self.submit(work, wish).result()

    def close(self) -> None:
        """Finish what waits and end the thread; nothing may be submitted from now on."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            self._waiting.put(None)
            thread.join()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._commit_until_closed, name="group-commit", daemon=True)
                self._thread.start()

    def _commit_until_closed(self) -> None:
        while (first := self._waiting.get()) is not None:
            self._commit(self._with_others(first))

    def _with_others(self, first: _Waiting) -> Iterator[_Waiting]:
        """Yield ``first`` and what waits by then, which is asked only when it is our turn to write."""
        yield first
        for _ in range(MOST_AT_ONCE - 1):
            if (another := self._another()) is None:
                return
            yield another

    def _another(self) -> _Waiting | None:
        try:
            another = self._waiting.get_nowait()
        except Empty:
            return None
        if another is None:  # the end, which the loop above has to see
            self._waiting.put(None)
        return another

    def _commit(self, wishes: Iterable[_Waiting]) -> None:
        together: list[_Waiting] = []
        by_work: dict[Work[Any, Any], list[_Waiting]] = {}
        try:
            with self._database.write() as session:
                together.extend(wishes)
                for waiting in together:
                    by_work.setdefault(waiting.work, []).append(waiting)
                results = [work(session, [one.wish for one in alike]) for work, alike in by_work.items()]
        except Exception as error:  # noqa: BLE001 - it is handed to whoever waits for the result
            together = together or list(wishes)
            if len(together) == 1:
                together[0].result.set_exception(error)
            else:
                self._commit_apart(together)
            return
        for alike, found in zip(by_work.values(), results, strict=True):
            for waiting, result in zip(alike, found, strict=True):
                waiting.result.set_result(result)

    def _commit_apart(self, together: Sequence[_Waiting]) -> None:
        """Commit each by itself; once the database itself fails, do not let the others wait for that one by one."""
        away: OperationalError | None = None
        for waiting in together:
            if away is not None:
                waiting.result.set_exception(away)
                continue
            self._commit([waiting])
            error = waiting.result.exception()
            away = error if isinstance(error, OperationalError) else None

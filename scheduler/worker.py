"""Runs sender and multicaster as a process, or as a part of one: signals, and what is out of order for a while."""

from __future__ import annotations

import asyncio
import gc
import signal
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Generic, TypeVar

import structlog
from sqlalchemy.exc import DBAPIError

from domain.clock import Clock
from scheduler.freezing import Freezer, NotPrepared
from scheduler.gate import Gate
from scheduler.line_port import LinePort
from scheduler.multicasting import Multicaster
from scheduler.sender import DEFAULT_PACE, Pace, Sender, pause
from scheduler.watchdog import watch_clock
from storage.database import Database

TROUBLE_PAUSE_SECONDS = 5.0
"""How long to wait for a database that is away, or for what no message can be rendered without."""

CLOCK_WATCH_SECONDS = 60.0

_log = structlog.get_logger()

_Line = TypeVar("_Line", bound=LinePort)
Companion = Callable[[_Line, asyncio.Event], Awaitable[None]]
"""What else a worker does with its connection to LINE until the event is set; it raises nothing."""


class Worker(Generic[_Line]):
    """Sender and multicaster with their connection to LINE, which ``connect`` opens inside the worker's event loop.

    ``companions`` run beside them, except when they only drain.
    """

    def __init__(
        self,
        database: Database,
        connect: Callable[[], AbstractAsyncContextManager[_Line]],
        freezer: Freezer,
        clock: Clock,
        pace: Pace = DEFAULT_PACE,
        companions: Sequence[Companion[_Line]] = (),
    ) -> None:
        self._database = database
        self._connect = connect
        self._freezer = freezer
        self._clock = clock
        self._pace = pace
        self._companions = companions
        self._stopping = threading.Event()
        self._wake: Callable[[], object] = self._stopping.set

    def run(self, *, drain: bool = False) -> None:
        """Send until `stop`, SIGTERM or SIGINT; with ``drain`` only until nothing is due.

        Returns when the tries under way are finished and everything else is given back. Signals are taken over in the
        main thread only.

        Raises:
            sqlalchemy.exc.DBAPIError: draining, the database is away. Otherwise the worker waits for it.
            scheduler.freezing.NotPrepared: draining, no message could be rendered. Otherwise the worker tries again.
        """
        try:
            asyncio.run(self._run(drain=drain))
        finally:
            self._wake = self._stopping.set

    def stop(self) -> None:
        """End `run`, from any thread."""
        self._stopping.set()
        self._wake()

    async def _run(self, *, drain: bool) -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        self._wake = lambda: loop.call_soon_threadsafe(stop.set)
        if self._stopping.is_set():
            return
        gc.collect()
        gc.freeze()  # else each full collection walks all imported modules again: a sixth of a message's time
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, stop.set)
        async with self._connect() as line:
            companions = () if drain else self._companions
            beside = asyncio.gather(self._watch_clock(stop), *(companion(line, stop) for companion in companions))
            try:
                await self._send(
                    Gate(self._database, line, self._clock, self._pace.quota_check_seconds), stop, drain=drain
                )
            finally:
                stop.set()
                await beside

    async def _send(self, gate: Gate, stop: asyncio.Event, *, drain: bool) -> None:
        multicaster, sender = Multicaster(gate, self._pace), Sender(gate, self._freezer, self._pace)
        if drain:  # one after the other: the news that a circular is sent go out, too
            await multicaster.run(stop, drain=True)
            await sender.run(stop, drain=True)
        else:
            await asyncio.gather(_keep_on(sender.run, stop), _keep_on(multicaster.run, stop))

    async def _watch_clock(self, stop: asyncio.Event) -> None:
        """Look after the clock, which cannot report its own end; not at once, for it may be starting just now, too."""
        while True:
            await pause(stop, CLOCK_WATCH_SECONDS)
            if stop.is_set():
                return
            try:
                await asyncio.to_thread(self._look_at_clock)
            except DBAPIError:
                _log.exception("database_away")

    def _look_at_clock(self) -> None:
        with self._database.write() as session:
            watch_clock(session, self._clock.now(), self._clock.real_now())


async def _keep_on(run: Callable[[asyncio.Event], Awaitable[None]], stop: asyncio.Event) -> None:
    """Run until the event is set, again after each trouble that passes."""
    while not stop.is_set():
        try:
            await run(stop)
        except (DBAPIError, NotPrepared) as trouble:
            _log.exception("database_away" if isinstance(trouble, DBAPIError) else "messages_not_prepared")
            await pause(stop, TROUBLE_PAUSE_SECONDS)

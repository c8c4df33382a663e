"""LINE's client in an event loop of its own, for processes that are made of threads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

from bot.line_client import LineClient

Connect = Callable[[], AbstractAsyncContextManager[LineClient]]
"""Opens a connection to LINE within an event loop."""

_Result = TypeVar("_Result")

CLOSING_SECONDS = 10.0


class LineThread:
    """Runs coroutines that use LINE, in one daemon thread; ``connect`` opens the client in there."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._loop = asyncio.new_event_loop()
        self._ready: Future[LineClient] = Future()
        self._ending = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="line", daemon=True)
        self._thread.start()

    @property
    def client(self) -> LineClient:
        """LINE, for use in coroutines that were handed to `submit`."""
        return self._ready.result()

    def submit(self, work: Coroutine[Any, Any, _Result]) -> Future[_Result]:
        """Run a coroutine in the loop, from any thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def close(self) -> None:
        """Close the client and end the thread; whatever still runs there is dropped."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._ending.set)
            self._thread.join(CLOSING_SECONDS)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._hold_open())

    async def _hold_open(self) -> None:
        try:
            async with self._connect() as client:
                self._ready.set_result(client)
                await self._ending.wait()
        except BaseException as error:
            if not self._ready.done():
                self._ready.set_exception(error)
            raise

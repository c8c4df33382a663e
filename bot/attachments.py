"""Files that people send: fetched from LINE and looked through in a process apart, outside of any transaction."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus

import structlog

from bot.line_thread import LineThread
from domain.circulars.letters import MOST_BYTES, LetterFault, LetterRefused
from handlers.conversation import Attached
from scheduler.line_port import Answer, Reply
from storage.untrusted_files import apart
from storage.untrusted_files.kinds import CheckedLetter

MOST_AT_ONCE = 2
"""Files in hand in a process: each may take ten megabytes, and they are looked through one after the other."""
FETCHING_SECONDS = 30.0
"""For all tries together."""
_PAUSES = (1.0, 2.0, 4.0, 8.0)
"""Seconds between tries: LINE may still be preparing what was sent (reference, "Get content")."""

FETCHING_LEASE = timedelta(seconds=FETCHING_SECONDS + apart.PATIENCE + apart.TIME_LIMIT + 30)
"""How long an event is held whose file is fetched; longer than that takes."""

_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_log = structlog.get_logger()


class Attachments:
    """Fetches what people sent, for one process; ``room`` is to be waited for, once for each file."""

    def __init__(self, line: LineThread) -> None:
        self._line = line
        self.room = asyncio.Semaphore(MOST_AT_ONCE)
        self._pool = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="attachment")

    async def fetched(self, attached: Attached) -> Attached:
        """Return what was attached with its content as a letter, or why it is none."""
        return replace(attached, letter=await self._letter(attached.message_id))

    async def _letter(self, message_id: str) -> CheckedLetter | LetterFault:
        try:
            async with asyncio.timeout(FETCHING_SECONDS):
                content = await self._content(message_id)
        except TimeoutError:
            return LetterFault.NOT_FETCHED
        if content is None:
            return LetterFault.NOT_FETCHED
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, apart.checked_apart, content)
        except LetterRefused as refused:
            return refused.fault
        except apart.ReadingBusy:
            return LetterFault.NOT_FETCHED

    async def _content(self, message_id: str) -> bytes | None:
        """Return the bytes, no more than one too many; None: LINE does not hand them over."""
        for pause in (*_PAUSES, None):
            found = await self._line.client.content(message_id, MOST_BYTES + 1)
            if isinstance(found, bytes):
                return found
            if pause is None or not _may_come(found):
                break
            await asyncio.sleep(pause)
        _log.warning("attachment_not_fetched")
        return None

    def close(self) -> None:
        """Take nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _may_come(reply: Reply) -> bool:
    """Tell whether another try may bring what LINE is preparing, or could not give just now."""
    return not isinstance(reply, Answer) or reply.status not in _GONE

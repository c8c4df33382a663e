"""Works on events from the webhook to the answer; the web processes and the worker alike.

One coroutine sees an event through: the handler in a thread of the pool, the commit, the reply, the mark, and then the
sender's next event. kill -9 anywhere leaves an event under a lease; when that ends, any process goes on from what is
committed: from the start, or with the answer that is stored.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar
from uuid import uuid4

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from bot.answering import TOKEN_LIVES_FOR, TOKEN_TRIED_FOR, Given, give
from bot.attachments import FETCHING_LEASE, Attachments
from bot.events import Event, read_event
from bot.handling import LEASE, EventHandler, Handled, settle_all
from bot.line_client import LineClient
from bot.line_thread import Connect, LineThread
from bot.rate_limit import RateLimit
from domain.clock import Clock
from handlers.conversation import Answer, Links
from messages_th import replies
from scheduler.menus import MenuGiver
from storage import inbox
from storage.database import Database
from storage.group_commit import GroupCommit, Work
from storage.inbox import Arrival, Held, LeaseLost
from storage.outbox import NewMessage, Priority, enqueue
from storage.outbox_claims import Lease
from storage.tables import Person
from storage.tables.messaging import NoticeKind

THREADS = 4
ALONE_SECONDS = 0.5
"""So long a handler has the interpreter to itself: together they are slower than one after the other.

Whoever has waited that long begins all the same, so that one that is stuck keeps up nobody.
"""

MOST_IN_HAND = 32
"""Events that a process holds at a time; more are left to others, so that none waits long for its turn."""

STORING_MANY = 4
"""Webhooks that are stored at the same time in a flood: what comes then is left for later, or to a worker."""

CALM_AFTER_SECONDS = 0.1
"""How long after that a flood counts as over."""

DEFERRALS, DEFERRAL_SECONDS = 20, 0.01
"""In a flood a handler waits so often for so long before it begins: LINE's two seconds come first."""

MOST_ATTEMPTS = 5
LOADING_AFTER_SECONDS = 0.5
"""An answer that takes longer is announced by LINE's loading animation."""

PUSHED_WITHIN = timedelta(hours=6)
"""How long an answer that could not be given as a reply is worth a push (business time)."""

_AWAY = (OperationalError, InterfaceError)
"""The database is away, or ended the transaction for another's sake: what it was asked for may work later."""

_RETRY_SECONDS = (0.1, 1.0)
_REFERENCE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_Wish = TypeVar("_Wish")
_Result = TypeVar("_Result")
_log = structlog.get_logger()


class Conversations:
    """Sees events through; ``give_menu`` gives a LINE account another rich menu when an answer asks for that."""

    def __init__(
        self,
        handler: EventHandler,
        line: LineThread,
        commits: GroupCommit,
        clock: Clock,
        give_menu: Callable[[LineClient, str], Awaitable[None]],
    ) -> None:
        self._handler = handler
        self._line = line
        self._commits = commits
        self._clock = clock
        self._give_menu = give_menu
        self._turn = asyncio.Semaphore()
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="conversation")
        self._attachments = Attachments(line)
        self._changed = threading.Condition()
        self._in_hand = 0
        self._being_stored = 0
        self._flooded_at = float("-inf")
        self._is_behind = False
        self._closing = False

    def room(self) -> int:
        """Return how many more events can be held."""
        return 0 if self._closing else MOST_IN_HAND - self._in_hand

    def receive(self, arrivals: Sequence[Arrival]) -> None:
        """Store what came in, and begin to work on as much of it as can be held.

        Raises:
            sqlalchemy.exc.DBAPIError: the database is away; nothing is stored.
        """
        with self._accepting():
            leave = self.room() <= 0 or (self._is_flooded() and self._in_hand > 0)
            taken = self._commits.run(self._leave if leave else self._store, arrivals)
        self.take(taken)
        if leave and not self._is_behind:
            self._is_behind = True
            self._line.submit(self._catch_up())

    def _store(self, session: Session, came: Sequence[Sequence[Arrival]]) -> Sequence[Sequence[Held]]:
        return inbox.store_all(session, came, self._clock.real_now(), self._new_lease())

    def _leave(self, session: Session, came: Sequence[Sequence[Arrival]]) -> Sequence[Sequence[Held]]:
        return inbox.store_all(session, came, self._clock.real_now(), None)

    def _is_flooded(self) -> bool:
        """Tell whether so many webhooks are coming in that handling them has to wait."""
        if self._being_stored >= STORING_MANY:
            self._flooded_at = time.monotonic()
        return time.monotonic() - self._flooded_at < CALM_AFTER_SECONDS

    async def _catch_up(self) -> None:
        """Take what was left to others, once the flood is over, as far as nobody has taken it."""
        while self._is_behind and not self._closing:
            await asyncio.sleep(CALM_AFTER_SECONDS)
            if self._is_flooded() or self._in_hand >= THREADS:
                continue
            room = self.room()
            try:
                found = await self._committed(self._claim_all, room)
            except DBAPIError as error:
                _log.warning("nothing_taken", error=type(error).__name__)
                continue
            self._is_behind = len(found) == room
            self.take(found)

    def _claim_all(self, session: Session, rooms: Sequence[int]) -> Sequence[Sequence[Held]]:
        held = inbox.claim(session, rooms[0], self._new_lease(), self._clock.real_now())
        return [held, *([] for _ in rooms[1:])]

    @contextmanager
    def _accepting(self) -> Iterator[None]:
        """Let handlers that have not begun leave the processor to a webhook that is being stored."""
        with self._changed:
            self._being_stored += 1
        try:
            yield
        finally:
            with self._changed:
                self._being_stored -= 1

    def take(self, events: Iterable[Held]) -> None:
        """See these events through, in the background."""
        for held in events:
            with self._changed:
                self._in_hand += 1
            self._line.submit(self._see_through(held))

    def wait_until_idle(self, seconds: float) -> bool:
        """Wait until nothing is in hand, and tell whether that came true in time."""
        with self._changed:
            return self._changed.wait_for(lambda: self._in_hand == 0, seconds)

    def close(self, seconds: float = 20.0) -> None:
        """Take nothing more and finish what is in hand; what takes longer is left to others, who wait for its lease."""
        self._closing = True
        self.wait_until_idle(seconds)
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._attachments.close()
        self._commits.close()
        self._line.close()

    async def _see_through(self, held: Held) -> None:
        """See an event through, and those of the same sender that wait behind it."""
        following: Held | None = held
        try:
            while following is not None:
                held, following = following, await self._one(following)
        except LeaseLost:
            _log.warning("event_lost", event_id=held.webhook_event_id)
        except DBAPIError as error:
            _log.warning("event_left", event_id=held.webhook_event_id, error=type(error).__name__)
        except Exception:  # noqa: BLE001 - a fault of ours: whoever takes the event over may be luckier
            _log.exception("event_left", event_id=held.webhook_event_id)
        finally:
            with self._changed:
                self._in_hand -= 1
                self._changed.notify_all()

    async def _one(self, held: Held) -> Held | None:
        """See one event through and return its sender's next."""
        event = read_event(held.body)
        if held.answer is not None:
            handled = Handled("taken_over", held.answer, held.reference, settled=held)
        else:
            handled = await self._handled(held, event)
        settled = handled.settled
        if settled is None:
            settled = await self._committed(self._settle_all, (held, handled))
        if settled.answer is None:
            following = await self._committed(self._next_all, held.sender)
        else:
            following = await self._answered(settled, event)
        self._log_end(held, event, handled)
        if handled.changes_menu:
            await self._give_menu(self._line.client, event.account)
        return following

    async def _handled(self, held: Held, event: Event) -> Handled:
        """Return what the handler made of the event, and show meanwhile that an answer is coming."""
        await self._until_calm()
        work = asyncio.ensure_future(self._worked(held, event))
        done, _ = await asyncio.wait({work}, timeout=LOADING_AFTER_SECONDS)
        if not done and event.is_private and event.reply_token:
            await self._line.client.show_loading(event.account)
        return await work

    async def _until_calm(self) -> None:
        for _ in range(DEFERRALS):
            if not self._is_flooded():
                return
            await asyncio.sleep(DEFERRAL_SECONDS)

    async def _worked(self, held: Held, event: Event) -> Handled:
        handled = await self._tried(held, event, partial(self._handler.handle, held, event))
        if handled.wants is None:
            return handled
        await self._room_for_file(held)  # no thread waits for LINE meanwhile
        try:
            await self._committed(self._extend_all, held)
            attached = await self._attachments.fetched(handled.wants)
            return await self._tried(held, event, partial(self._handler.hand_over, held, event, attached))
        finally:
            self._attachments.room.release()

    async def _room_for_file(self, held: Held) -> None:
        """Wait until the event's file can be fetched, and hold the event meanwhile, however long others take."""
        while True:
            await self._committed(self._extend_all, held)
            with suppress(TimeoutError):
                async with asyncio.timeout(FETCHING_LEASE.total_seconds() / 2):
                    await self._attachments.room.acquire()
                    return

    def _extend_all(self, session: Session, events: Sequence[Held]) -> Sequence[None]:
        inbox.extend_all(session, events, self._clock.real_now() + FETCHING_LEASE)
        return [None for _ in events]

    async def _tried(self, held: Held, event: Event, work: Callable[[], Handled]) -> Handled:
        for seconds in _RETRY_SECONDS:
            with suppress(*_AWAY):
                return await self._in_turn(partial(self._handle, held, event, work))
            await asyncio.sleep(seconds)
        return await self._in_turn(partial(self._handle, held, event, work))

    def _handle(self, held: Held, event: Event, work: Callable[[], Handled]) -> Handled:
        """Handle an event; whatever is wrong with it, or with us, becomes a reference number for log and reader."""
        if held.attempts > MOST_ATTEMPTS:
            return self._broken(held, event, "given_up")
        try:
            return work()
        except (LeaseLost, *_AWAY):
            raise
        except Exception:  # noqa: BLE001 - one event must not stop the others
            return self._broken(held, event, "broken")

    def _broken(self, held: Held, event: Event, outcome: str) -> Handled:
        reference = _new_reference()
        _log.exception("event_failed", event_id=held.webhook_event_id, reference=reference, outcome=outcome)
        may_answer = event.is_private and not event.is_standby and event.utterance is not None
        return Handled(outcome, Answer((replies.broke(reference),)).body() if may_answer else None, reference)

    def _settle_all(self, session: Session, handled: Sequence[tuple[Held, Handled]]) -> Sequence[Held]:
        return settle_all(session, handled, self._clock.real_now())

    async def _answered(self, held: Held, event: Event) -> Held | None:
        """Give the answer, as a reply or through the outbox, and end the event."""
        given = await self._given(held, event)
        if given is Given.REFUSED:
            held, given = await self._given_otherwise(held, event)
        return await self._committed(self._close_all, (held, event, given))

    async def _given(self, held: Held, event: Event) -> Given:
        if not event.reply_token or not self._is_younger(held, TOKEN_TRIED_FOR):
            return Given.NO_TOKEN
        return await give(
            self._line.client,
            event.reply_token,
            held.answer or "",
            partial(self._is_younger, held, TOKEN_LIVES_FOR),
            uncertain=held.answer_uncertain,
        )

    async def _given_otherwise(self, held: Held, event: Event) -> tuple[Held, Given]:
        """Say that something broke, when LINE refuses the messages themselves: the token is still good."""
        reference = _new_reference()
        _log.error("answer_refused", event_id=held.webhook_event_id, reference=reference)
        sorry = replace(held, answer=Answer((replies.broke(reference),)).body(), reference=reference)
        given = await self._given(sorry, event)
        return (sorry, given) if given is Given.REPLIED else (held, Given.NO_TOKEN)

    def _close_all(self, session: Session, ends: Sequence[tuple[Held, Event, Given]]) -> Sequence[Held | None]:
        """End events; what could not be replied is pushed to the person, and to nobody who is unknown."""
        inbox.close_all(session, [held for held, _, _ in ends], self._clock.real_now())
        for held, event, given in ends:
            if given is Given.NO_TOKEN and event.is_private and not event.is_standby:
                self._push(session, held, event)
        return self._next_all(session, [held.sender for held, _, _ in ends])

    def _push(self, session: Session, held: Held, event: Event) -> None:
        person = session.scalar(select(Person.id).where(Person.line_user_id == event.account))
        if person is not None:
            enqueue(session, [_pushed(held, person, self._clock.now())], self._clock.now())

    def _next_all(self, session: Session, senders: Sequence[str | None]) -> Sequence[Held | None]:
        """Take the next event of each sender that has one."""
        found = {} if self._closing else dict(inbox.next_of_all(session, senders, self._new_lease()))
        return [found.pop(sender, None) if sender else None for sender in senders]

    def _new_lease(self) -> Lease:
        return Lease(uuid4().hex, self._clock.real_now() + LEASE)

    def _is_younger(self, held: Held, age: timedelta) -> bool:
        return self._clock.real_now() - held.received_at < age

    async def _committed(self, work: Work[_Wish, _Result], wish: _Wish) -> _Result:
        return await asyncio.wrap_future(self._commits.submit(work, wish))

    async def _in_turn(self, work: Callable[[], _Result]) -> _Result:
        try:
            await asyncio.wait_for(self._turn.acquire(), ALONE_SECONDS)
        except TimeoutError:
            return await self._in_pool(work)
        try:
            return await self._in_pool(work)
        finally:
            self._turn.release()

    async def _in_pool(self, work: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def _log_end(self, held: Held, event: Event, handled: Handled) -> None:
        milliseconds = round((self._clock.real_now() - held.received_at).total_seconds() * 1000)
        kind = event.kind if event.kind.isalnum() else "?"
        _log.info("event", event_id=held.webhook_event_id, kind=kind[:30], outcome=handled.outcome, ms=milliseconds)


def open_conversations(
    database: Database,
    clock: Clock,
    connect: Connect,
    links: Links,
    limit: RateLimit | None = None,
) -> Conversations:
    """Return conversations with a connection to LINE, a commit thread and a pool of their own, for one process."""
    handler = EventHandler(database, clock, links, limit)
    menus = MenuGiver(database, clock)
    return Conversations(handler, LineThread(connect), GroupCommit(database), clock, menus.give)


def _pushed(held: Held, person_id: int, now: datetime) -> NewMessage:
    return NewMessage(
        key=f"answer:{held.webhook_event_id}",
        kind=NoticeKind.ANSWER,
        person_id=person_id,
        not_before=now,
        expires_at=now + PUSHED_WITHIN,
        priority=Priority.ANSWER,
        args={"body": held.answer},
    )


def _new_reference() -> str:
    return "".join(secrets.choice(_REFERENCE_LETTERS) for _ in range(8))

"""What an event leads to: a short chain of steps, each of which answers or goes on, and then the conversation.

standby -> group -> fact -> pace -> conversation (identity, then role). Nothing here talks to LINE.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from bot.events import Event
from bot.rate_limit import Pace, RateLimit
from domain.clock import Clock
from domain.reminders import BANGKOK
from handlers import dispatch, linking
from handlers.conversation import REMEMBERED_FOR, Answer, Attached, Links, Page, Pressed, Request, Utterance, Visit
from messages_th import replies
from storage import conversations, inbox
from storage import linking as account_links
from storage.circulars import files as circular_files
from storage.database import Database
from storage.inbox import Held
from storage.queries.readers import person_of_account
from storage.reference import Reference, ReferenceBook

LEASE = timedelta(seconds=30)
"""How long whoever works on an event, or answers it, has for that; longer than two tries of a reply take."""


class NoPages:
    """The links of a bot whose pages no phone can reach."""

    def page(self, page: Page, arguments: Mapping[str, str], person: str) -> None:
        """Return none."""


NO_PAGES = NoPages()


@dataclass(frozen=True, slots=True)
class Handled:
    """What an event led to.

    Args:
        outcome: A word for the log.
        answer: JSON text of the messages array that answers it; None: silence.
        reference: Under which number a failure is logged; empty: there was none.
        asker: The linked person who asked, by id.
        context: What the person's next sentence may lean on, to be kept when the event is settled.
        is_back: The person was thought to block the bot, and does not.
        wants: What was attached has to be fetched first; nothing was done.
        settled: The event, when it was settled in the transaction of its effects already.
        changes_menu: The account's rich menu has to be given anew.
    """

    outcome: str
    answer: str | None = None
    reference: str = ""
    asker: int | None = None
    context: Mapping[str, Any] | None = None
    is_back: bool = False
    wants: Attached | None = None
    settled: Held | None = None
    changes_menu: bool = False


_Step = Callable[[Held, Event], Handled | None]
_Result = TypeVar("_Result")


class EventHandler:
    """Handles the events of one process; safe for threads."""

    def __init__(self, database: Database, clock: Clock, links: Links, limit: RateLimit | None = None) -> None:
        self._database = database
        self._clock = clock
        self._links = links
        self._limit = limit or RateLimit()
        self._book = ReferenceBook()
        self._steps: tuple[_Step, ...] = (self._standby, self._group, self._fact)

    def handle(self, held: Held, event: Event) -> Handled:
        """Return what the event leads to. What it changes is committed together with the event's own state, or not yet.

        Raises:
            storage.inbox.LeaseLost: somebody else works on it; nothing was changed.
            sqlalchemy.exc.DBAPIError: the database is away; nothing was changed.
        """
        for step in self._steps:
            if (handled := step(held, event)) is not None:
                return handled
        if event.utterance is None or not event.account:
            return Handled("passed_over")
        return self._too_fast(event) or self._converse(held, event.account, event.utterance)

    def hand_over(self, held: Held, event: Event, attached: Attached) -> Handled:
        """Return what an event leads to whose attachment ``handle`` wanted, now that it was fetched.

        Raises:
            As ``handle``.
        """
        return self._converse(held, event.account, attached)

    def _standby(self, _held: Held, event: Event) -> Handled | None:
        """Leave a chat to the channel that holds it; what the account did to us is noted nevertheless."""
        return Handled("standby") if event.is_standby and event.kind not in {"unfollow", "unsend"} else None

    def _group(self, held: Held, event: Event) -> Handled | None:
        """Give a group or room one line, once, when it is joined or addresses the bot; never anything else."""
        if not event.group:
            return None
        if event.kind not in {"join", "leave"} and not event.names_us and not isinstance(event.utterance, Pressed):
            return Handled("group")
        with self._database.write() as session:
            if event.kind == "leave":
                conversations.forget_group(session, event.group)
                return self._settled(session, held, Handled("left_group"))
            first = conversations.tell_group(session, event.group, self._clock.real_now())
            answer = Answer((replies.private_only(),)).body() if first else None
            return self._settled(session, held, Handled("group", answer))

    def _fact(self, held: Held, event: Event) -> Handled | None:
        """Note that an account came, went, or took a message back."""
        noting = {"follow": self._followed, "unfollow": self._blocked, "unsend": self._unsent}.get(event.kind)
        if noting is None or not event.account:
            return None
        with self._database.write() as session:
            return self._settled(session, held, noting(session, held, event))

    def _followed(self, session: Session, held: Held, event: Event) -> Handled:
        speaker = self._speaker(session, event.account)
        if isinstance(speaker, Visit):
            return Handled("followed", linking.way_in(speaker).body())
        if not inbox.is_latest(session, held):
            return Handled("followed")
        answer = linking.followed(speaker)
        return Handled("followed", answer.body(), changes_menu=answer.changes_menu)

    def _blocked(self, session: Session, held: Held, event: Event) -> Handled:
        if inbox.is_latest(session, held):
            account_links.blocked(session, event.account, held.occurred_at, self._clock.real_now())
        return Handled("blocked")

    def _unsent(self, session: Session, _held: Held, event: Event) -> Handled:
        inbox.blank_message(session, event.account, event.message_id)
        speaker = self._speaker(session, event.account)
        if isinstance(speaker, Request):  # what the next sentence might lean on holds words of the message
            conversations.forget(session, speaker.asker.person_id)
            circular_files.take_back(session, speaker.actor, event.message_id, speaker.moment)
        return Handled("unsent")

    def _too_fast(self, event: Event) -> Handled | None:
        match self._limit.take(event.account, self._clock.real_now()):
            case Pace.TOO_FAST:
                return Handled("too_fast", Answer((replies.slow_down(),)).body())
            case Pace.STILL_TOO_FAST:
                return Handled("too_fast")
        return None

    def _converse(self, held: Held, account: str, utterance: Utterance) -> Handled:
        """Read who asks and what that leads to; do it in the same session when it changes nothing."""
        with self._database.read() as session:
            if dispatch.changes_surely(utterance):
                self._reference(session)  # read now where it is old: nobody must wait for that in a session that writes
            elif (handled := self._turn(session, held, account, utterance, may_change=False)) is not None:
                return handled
        with self._database.write() as session:
            handled = self._turn(session, held, account, utterance, may_change=True)
            return self._settled(session, held, handled or Handled("silent"))

    def _turn(
        self, session: Session, held: Held, account: str, utterance: Utterance, *, may_change: bool
    ) -> Handled | None:
        """Return what the turn leads to; None: it changes something, and this session must not."""
        speaker = self._speaker(session, account, held.webhook_event_id)
        if isinstance(speaker, Visit):
            return _visited(speaker, utterance, may_change=may_change)
        request = dispatch.recalled(speaker)
        turn = dispatch.turn_of(request, utterance)
        if turn.wants_letter and isinstance(utterance, Attached):
            return Handled("fetching", wants=utterance)
        if turn.changes and not may_change:
            return None
        answer = turn.run(request)
        return Handled(
            "answered",
            answer.body(),
            asker=request.asker.person_id,
            context=dispatch.left_to_lean_on(answer),
            is_back=not request.asker.is_reachable and inbox.is_latest(session, held),
            changes_menu=answer.changes_menu,
        )

    def _speaker(self, session: Session, account: str, event_id: str = "") -> Request | Visit:
        """Return who speaks: a linked person, or somebody unknown."""
        now, real_now = self._clock.now(), self._clock.real_now()
        reference = self._reference(session)
        person = person_of_account(session, account, reference.rules.today)
        if person is None:
            return Visit(session, reference, account, now, real_now)
        return Request(session, reference, person, account, now, real_now, self._links, self._apart, event_id)

    def _reference(self, session: Session) -> Reference:
        return self._book.on(session, self._clock.now().astimezone(BANGKOK).date())

    def _apart(self, work: Callable[[Session], _Result]) -> _Result:
        with self._database.write() as session:
            return work(session)

    def _settled(self, session: Session, held: Held, handled: Handled) -> Handled:
        """Settle the event in the transaction of its effects."""
        (settled,) = settle_all(session, [(held, handled)], self._clock.real_now())
        return replace(handled, settled=settled)


def settle_all(session: Session, handled: Sequence[tuple[Held, Handled]], real_now: datetime) -> Sequence[Held]:
    """Settle events as they were handled, and keep what goes with them.

    Raises:
        storage.inbox.LeaseLost: the transaction must be rolled back.
    """
    settled = [replace(held, answer=done.answer, reference=done.reference) for held, done in handled]
    inbox.settle_all(session, settled, real_now + LEASE, real_now)
    contexts = {done.asker: done.context for _, done in handled if done.asker is not None}
    conversations.remember_all(session, contexts, real_now + REMEMBERED_FOR)
    for held, done in handled:
        if done.is_back and held.sender is not None:
            account_links.followed(session, held.sender, real_now)
    return settled


def _visited(visit: Visit, utterance: Utterance, *, may_change: bool) -> Handled | None:
    """Return what the turn of somebody unknown leads to; None: it changes something, and this session must not."""
    turn = dispatch.visit_turn_of(visit, utterance)
    if turn.changes and not may_change:
        return None
    answer = turn.run(visit)
    if answer is None:
        return Handled("silent")
    return Handled("visited", answer.body(), changes_menu=answer.changes_menu)

"""A conversation: who asks, what was asked, the answer, and what is remembered of it for the next sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from sqlalchemy.orm import Session

from domain.circulars.letters import LetterFault
from domain.fiscal import YearBasis
from domain.permissions import Sight
from domain.reminders import BANGKOK
from domain.roles import Role
from handlers.readers import reader_of
from messages_th.quick_replies import QuickReply, with_quick_replies
from messages_th.reader import Reader
from messages_th.rendering import Rendered
from messages_th.understanding.intents import NOTHING_SAID, Intent, Relative, Slots, Status
from storage.outbox_claims import Now
from storage.queries.readers import PersonReading
from storage.reference import Reference
from storage.submissions.actor import Actor, Channel
from storage.untrusted_files.kinds import CheckedLetter

_Result = TypeVar("_Result")

REMEMBERED_FOR = timedelta(minutes=10)
"""How long the next sentence may lean on the last answer (real time)."""
MAX_MESSAGES = 5
"""Messages in one reply (LINE reference, "Send reply message")."""


@dataclass(frozen=True, slots=True)
class Said:
    """A person typed something."""

    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A person pressed a button; ``params`` is what a date picker adds."""

    data: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attached:
    """A person sent something that is not text: ``kind`` is LINE's word for it, such as "image".

    Of a file ``name`` is how it is shown, ``size`` what LINE says of it in bytes; ``message_id`` is for fetching it.
    ``letter`` is its content once that was fetched and found to be a letter, or why it is none.
    """

    kind: str
    message_id: str = ""
    name: str = ""
    size: int = 0
    letter: CheckedLetter | LetterFault | None = None


Utterance = Said | Pressed | Attached


@dataclass(frozen=True, slots=True)
class Context:
    """What the last answer was about.

    ``shown`` are the project codes of the list, in order ("the first one"); ``next_page`` and ``previous_page`` are
    button data.
    ``awaiting`` is the data of the press that asked for words: the next sentence answers it. ``said`` is the sentence
    that asked: what its slots do not hold, such as which window was meant, holds for what leans on it, too.
    ``submission`` is the id of the decision card that was shown; ``words`` are what a person typed to be confirmed.
    """

    intent: Intent | None = None
    slots: Slots = NOTHING_SAID
    shown: tuple[str, ...] = ()
    next_page: str = ""
    previous_page: str = ""
    awaiting: str = ""
    said: str = ""
    submission: int | None = None
    words: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return what the database keeps."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Context:
        """Return the context that ``as_json`` gave.

        Raises:
            KeyError, TypeError, ValueError: another version of the program kept it.
        """
        slots = dict(kept["slots"])
        quarter = slots["quarter"]
        return cls(
            intent=Intent(kept["intent"]) if kept["intent"] else None,
            slots=Slots(
                **{
                    **slots,
                    "quarter": Relative(quarter) if isinstance(quarter, str) else quarter,
                    "status": Status(slots["status"]) if slots["status"] else None,
                }
            ),
            shown=tuple(kept["shown"]),
            next_page=kept["next_page"],
            previous_page=kept["previous_page"],
            awaiting=kept["awaiting"],
            said=kept["said"],
            submission=kept["submission"],
            words=kept["words"],
        )


NO_CONTEXT = Context()


class Page(StrEnum):
    """Pages that a signed link opens; each knows its own arguments (``bot.pages``)."""

    UNREPORTED = "unreported"
    """A list of unreported projects as a spreadsheet."""
    REPORT = "report"
    """The form of a quarterly report."""
    PROJECT = "project"
    """A project as it was entered (M1 to M5), and what is to change in it."""
    EVIDENCE = "evidence"
    """The photos and documents that belong to a submission."""
    DUTY = "duty"
    """The form of what an agency owes beside reports: a plan, a yearly report, an Open-D entry."""
    MIRROR = "mirror"
    """The texts of an approved report, to be copied into eMENSCR."""
    CIRCULARS = "circulars"
    """The form in which a circular is written."""
    LETTER = "letter"
    """The documents of a circular, for one who got it."""
    LEDGER = "ledger"
    """Who got a circular and who acknowledged it, as a spreadsheet."""


class Apart(Protocol):
    """Runs work in a transaction of its own that commits at once; ``bot/`` supplies it."""

    def __call__(self, work: Callable[[Session], _Result]) -> _Result:
        """Return what ``work`` returns, committed; what it raises has changed nothing."""
        ...


def reads_only(work: Callable[[Session], _Result]) -> _Result:
    """Refuse to change anything: for requests from the command line and from pages that only show.

    Raises:
        RuntimeError: always.
    """
    raise RuntimeError(f"{work!r} may not run: the request only reads")


class Links(Protocol):
    """Makes links to our pages; ``bot/`` supplies it."""

    def page(self, page: Page, arguments: Mapping[str, str], person: str) -> str | None:
        """Return a link that opens for ``person`` (a code) within ten minutes; None: no PUBLIC_URL is set."""
        ...


@dataclass(frozen=True, slots=True)
class Request:
    """A linked person and the moment of asking.

    ``now`` is business time, ``real_now`` real time. ``account`` is the LINE id that asks, empty from the command line;
    ``event_id`` is LINE's id of the event, ``channel`` the way by which it came. ``apart`` is for many changes at a
    time, each of which holds by itself.
    """

    session: Session
    reference: Reference
    asker: PersonReading
    account: str
    now: datetime
    real_now: datetime
    links: Links
    apart: Apart = reads_only
    event_id: str = ""
    context: Context = NO_CONTEXT
    channel: Channel = Channel.LINE

    @property
    def actor(self) -> Actor:
        """The asker as one who changes something."""
        return Actor(self.asker.code, self.asker.person_id, self.channel, self.event_id)

    @property
    def moment(self) -> Now:
        """Now, on both clocks."""
        return Now(self.now, self.real_now)

    @property
    def today(self) -> date:
        """The day in Bangkok."""
        return self.now.astimezone(BANGKOK).date()

    @property
    def sight(self) -> Sight:
        """What the asker may see."""
        return self.reference.sight(self.asker.code)

    @property
    def basis(self) -> YearBasis:
        """How the asker's unit labels quarters."""
        home = self.sight.home
        return self.reference.rules.organisation.year_basis(home) if home else YearBasis.FISCAL

    @property
    def reader(self) -> Reader:
        """How messages address the asker."""
        return reader_of(self.asker)

    def holds(self, *roles: Role) -> bool:
        """Tell whether the asker holds any of the roles today."""
        return any(role in roles for role in self.asker.roles)


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody unknown to us, by LINE id, and the moment; such a one learns nothing but how to link."""

    session: Session
    reference: Reference
    account: str
    now: datetime
    real_now: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """One to five messages, quick replies below the last of them, and what is remembered.

    ``changes_menu``: the person's rich menu has to be given anew, for who they are has changed.
    """

    messages: tuple[Rendered, ...]
    quick_replies: tuple[QuickReply, ...] = ()
    context: Context = NO_CONTEXT
    changes_menu: bool = False

    def body(self) -> str:
        """Return the JSON text of a LINE messages array.

        Raises:
            ValueError: there is no message, or more than LINE takes.
        """
        if not 1 <= len(self.messages) <= MAX_MESSAGES:
            raise ValueError(f"{len(self.messages)} messages")
        *others, last = [*self.messages[:-1], with_quick_replies(self.messages[-1], self.quick_replies)]
        return f"[{','.join(message.body[1:-1] for message in (*others, last))}]"


@dataclass(frozen=True, slots=True)
class Turn:
    """What one utterance leads to: ``run`` makes the answer; ``changes``: in a session that may write.

    ``wants_letter``: the content of what was attached is needed first; where nobody can fetch it, ``run`` says so.
    """

    run: Callable[[Request], Answer]
    changes: bool = False
    wants_letter: bool = False


@dataclass(frozen=True, slots=True)
class VisitTurn:
    """What an utterance of somebody unknown leads to; as ``Turn``. No answer: silence is the right one."""

    run: Callable[[Visit], Answer | None]
    changes: bool = False

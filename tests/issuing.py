"""Circulars that are written, released and sent in the sample ministry: the use-cases that chat and page share."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.circulars.audience import Audience
from domain.circulars.letters import Letter, Relation
from domain.circulars.life import CircularState
from domain.reminders import BANGKOK
from domain.windows import CalendarWindow
from handlers.circulars.letter import letter_body
from storage.circulars import drafts, files, receiving, releasing
from storage.circulars.drafts import Draft
from storage.reference import Reference, load_reference
from storage.submissions.actor import Actor
from storage.tables import Circular, CircularRecipient, Person
from storage.tables.messaging import OutboxState
from storage.untrusted_files.kinds import CheckedLetter
from tests.office import Bot
from tests.submitting import actor_of, moment

COORDINATOR, SECOND, ADMIN = "P00003", "P00004", "P00001"
LETTER = Letter(
    letter_no="รง ๐๒๑๔/ว ๓",
    letter_date=date(2023, 3, 17),
    subject="การรายงานผลการดำเนินงานไตรมาสที่ 2",
    text="ตามที่กระทรวงได้แจ้งกำหนดการรายงานไว้แล้ว นั้น\n\nจึงเรียนมาเพื่อโปรดทราบและดำเนินการ",
    acknowledge_by=date(2023, 3, 24),
)
EVERYBODY_OF_AGENCY = Audience(units=frozenset({"รง05"}))
EVERYBODY = Audience(units=frozenset({"รง"}))
SHORT_LETTER = Letter(letter_no="รง ๐๒๑๔/ว ๓", letter_date=date(2023, 1, 27), subject="ขยายเวลารายงานผลการดำเนินงาน")

_Result = TypeVar("_Result")


def doing(bot: Bot, person: str, work: Callable[[Session, Reference, Actor], _Result]) -> _Result:
    """Let a person do something in a transaction of its own."""
    with bot.database.write() as session:
        reference = load_reference(session, bot.at.astimezone(BANGKOK).date())
        return work(session, reference, actor_of(session, person))


def draft(
    bot: Bot,
    letter: Letter = LETTER,
    audience: Audience = EVERYBODY_OF_AGENCY,
    *,
    by: str = COORDINATOR,
    documents: Sequence[tuple[str, bytes]] = (),
    relation: Relation | None = None,
    about: int | None = None,
    windows: Sequence[CalendarWindow] = (),
) -> Draft:
    """Begin a circular with documents, names and contents, and rows of the calendar."""

    def begins(session: Session, reference: Reference, actor: Actor) -> Draft:
        begun = drafts.begin(session, reference, actor, letter, audience, moment(bot), relation, about)
        for name, content in documents:
            files.add(session, reference, actor, begun.circular_id, name, CheckedLetter(content), moment(bot))
        return drafts.edit(
            session, reference, actor, begun.circular_id, lambda written: replace(written, windows=windows), moment(bot)
        )

    return doing(bot, by, begins)


def release(bot: Bot, circular: int, by: str = COORDINATOR) -> None:
    """Release a circular as it stands."""

    def releases(session: Session, reference: Reference, actor: Actor) -> None:
        sheet = drafts.draft(session, reference, actor, circular)
        body = letter_body(session, reference, sheet, bot.at)
        releasing.release(session, reference, actor, circular, sheet.version, body, moment(bot))

    doing(bot, by, releases)


def issue(bot: Bot, letter: Letter = LETTER, audience: Audience = EVERYBODY_OF_AGENCY, **how: Any) -> int:
    """Write and release a circular, and return its id; ``how`` as in ``draft``."""
    circular = draft(bot, letter, audience, **how).circular_id
    release(bot, circular, how.get("by", COORDINATOR))
    return circular


def issue_short(
    bot: Bot, audience: Audience = EVERYBODY, relation: Relation | None = None, about: int | None = None, **says: Any
) -> int:
    """Write and release a letter that says no more than it has to, and ``says``; return its id."""
    return issue(bot, replace(SHORT_LETTER, **says), audience, relation=relation, about=about)


def issue_sent(bot: Bot, **how: Any) -> int:
    """Return the id of a circular that went out a moment ago, as the sender leaves it; without phones."""
    circular = issue(bot, **how)
    with bot.database.write() as session:
        row = session.get_one(Circular, circular)
        row.state, row.finished_at = CircularState.SENT, bot.at
        of = update(CircularRecipient).where(CircularRecipient.circular_id == circular)
        session.execute(of.values(state=OutboxState.SENT, sent_at=bot.at, reason=""))
    return circular


def acknowledge(bot: Bot, person: str, circular: int) -> receiving.Acknowledged:
    """Let a person acknowledge a circular, as any other way in would."""
    return doing(
        bot,
        person,
        lambda session, reference, actor: receiving.acknowledge(session, reference, actor, circular, moment(bot)),
    )


def recipient(bot: Bot, person: str, circular: int) -> CircularRecipient:
    """Return the row of a recipient as it stands, detached."""
    with bot.database.read() as session:
        person_id = session.query(Person.id).filter_by(code=person).scalar()
        row = session.get_one(CircularRecipient, (circular, person_id))
        session.expunge(row)
        return row

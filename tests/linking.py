"""What the tests of linking share: codes as the office issues them, and a search of the whole database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from storage import tables
from storage.tables.base import Base
from storage.tables.messaging import AuditAction
from tests.chatting import Chatter, Stranger, web_of
from tests.office import Bot


def letter(bot: Bot, person: str) -> str:
    """Issue a code for a person and return it as the letter shows it."""
    (issued,) = bot.json("invite", "--person", person)
    return str(issued["code"])


def link(phone: Stranger, person: str) -> None:
    """Let somebody type a person's code and say yes."""
    assert phone.says(letter(phone.bot, person)).contains("ใช่หรือไม่")
    assert phone.presses("ใช่").contains("ผูกบัญชีเรียบร้อยแล้ว")


def colleague(bot: Bot, person: str) -> Chatter:
    """Return a linked person whose phone is on LINE, before saying anything."""
    web_of(bot)
    bot.link(person)
    return Chatter(bot, person)


def owner(bot: Bot, account: str) -> str | None:
    """Return to whom an account is linked."""
    with bot.database.read() as session:
        return session.scalar(select(tables.Person.code).where(tables.Person.line_user_id == account))


def person(bot: Bot, code: str) -> tables.Person:
    with bot.database.read() as session:
        found = session.scalars(select(tables.Person).where(tables.Person.code == code)).one()
        session.expunge(found)
        return found


def places_of(bot: Bot, words: str) -> Sequence[str]:
    """Return every `table.column` of the database in which a text stands anywhere."""
    found: set[str] = set()
    with bot.database.read() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)).mappings():
                found |= {f"{table.name}.{name}" for name, value in row.items() if words in str(value)}
    return sorted(found)


def trail(bot: Bot, subject: str) -> Sequence[tuple[AuditAction, str | None, Any, Any]]:
    """Return the audit trail of a subject: action, actor's code, before and after."""
    row, actor = tables.AuditEntry, tables.Person
    query = select(row.action, actor.code, row.before, row.after).outerjoin(actor, actor.id == row.actor_id)
    with bot.database.read() as session:
        return [tuple(entry) for entry in session.execute(query.where(row.subject == subject).order_by(row.id))]

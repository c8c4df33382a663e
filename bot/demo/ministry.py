"""The sample ministry of the demo, and the phones of its people."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.demo.line import EmulatedLine
from domain.invite_codes import spelled
from domain.reminders import BANGKOK
from messages_th import demo as thai
from storage.database import Database
from storage.invites import draw_code, issue_codes
from storage.queries.readers import people_reading, unit_names
from storage.tables import Person, RoleAssignment, Unit

FILES = Path(__file__).with_name("files")
NEWCOMER = "P019"
"""Has no account yet, but a code to link one."""
STRANGER = "stranger"
"""A phone of nobody in the ministry."""


def line_user_id(person: str) -> str:
    """Return the LINE id that a person's code has in the demo."""
    return "U" + hashlib.md5(person.encode(), usedforsecurity=False).hexdigest()


def hand_out_phones(database: Database, line: EmulatedLine, now: datetime) -> None:
    """Give everybody in the database a LINE account on the simulator; the newcomer's is not linked yet.

    ``now`` is business time: what people are then stands below their names. One more phone is a stranger's.
    """
    with database.write() as session:
        captions = _captions(session, now)
        for person in session.scalars(select(Person).order_by(Person.id)):
            if person.code == NEWCOMER:
                line.put(f"/sim/people/{line_user_id(NEWCOMER)}", {"name": thai.NEW_PHONE, "caption": ""})
                continue
            person.line_user_id = line_user_id(person.code)
            person.linked_at = datetime.now(UTC)
            shown = {"name": person.full_name, "caption": captions[person.code]}
            line.put(f"/sim/people/{person.line_user_id}", shown)
    line.put(f"/sim/people/{line_user_id(STRANGER)}", {"name": thai.STRANGER, "caption": thai.NOT_OF_THE_MINISTRY})


def _captions(session: Session, now: datetime) -> Mapping[str, str]:
    """Return what everybody is, and where."""
    names = unit_names(session)
    posts = dict(
        session.execute(
            select(Person.code, Unit.code)
            .join(RoleAssignment, RoleAssignment.person_id == Person.id)
            .join(Unit, Unit.id == RoleAssignment.unit_id)
        ).all()
    )
    readings = people_reading(session, list(posts), now.astimezone(BANGKOK).date())
    captions = {}
    for person, unit in posts.items():
        position, place = readings[person].position, names[unit]
        captions[person] = " ".join((position, *(word for word in place.split() if word not in position))).strip()
    return captions


def invite_newcomer(database: Database, line: EmulatedLine) -> str:
    """Issue the code that links the newcomer, show it below the phone's name, and return it as a letter shows it."""
    drawn = draw_code()
    with database.write() as session:
        number = session.scalars(select(Person.id).where(Person.code == NEWCOMER)).one()
        issue_codes(session, {number: drawn}, datetime.now(UTC))
    code = spelled(drawn.code)
    line.put(f"/sim/people/{line_user_id(NEWCOMER)}", {"name": thai.NEW_PHONE, "caption": thai.code_to_link(code)})
    return code

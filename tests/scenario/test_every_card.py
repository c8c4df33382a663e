"""Every answer of every handler, with the nastiest names that offices could have and with no projects at all.

Checked against LINE's own schema and limits (the simulator refuses what LINE refuses) and the SDK's models.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from linebot.v3.messaging import FlexMessage, TextMessage
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.circulars.audience import Audience
from domain.circulars.letters import LONGEST_NUMBER, LONGEST_SUBJECT, LONGEST_TEXT, Urgency
from domain.circulars.life import CircularState
from domain.organisation import UnitLevel
from domain.submissions import SubmissionState
from simulator.messaging_api.limits import SUPPLEMENT
from simulator.messaging_api.schema import Spec
from storage import tables
from storage.report_counts import recount
from storage.tables.messaging import OutboxState
from tests.office import Bot, labour, texts
from tests.probing import NOW, all_probes, ask_all

__all__ = ["labour"]

ADMIN, COORDINATOR, DIRECTOR_GENERAL, PLAN_OFFICER, OFFICER = "P00001", "P00003", "P00015", "P00016", "P00033"
NASTY = 'โครงการ "ในเครื่องหมาย" \\ </b> {{ 7 * 7 }}\nบรรทัดใหม่ 👩‍👩‍👧‍👦 ที่ตั้งใจให้ยาว'
LONGEST = NASTY + "กำปั้นน้ำ" * 40
UNBECOMING = re.compile(
    r"ละเลย|ขาดความรับผิดชอบ|(?<!ยัง)ไม่อนุมัติ|ปฏิเสธ|ตีตก|ส่งเข้า eMENSCR ให้แล้ว|ครับ|(?<![\d,])20[12]\d(?![\d,])|\d/\d\d/\d"
)
"""Words that offices must not read from us, years C.E., dates in digits alone (``domain.md`` §10)."""
PARTICLE = re.compile(r"(?:ค่ะ|คะ)(?![ก-๎])")
"""What is not said to executives."""
TYPES_CODE = re.compile(r"Said\(text='[A-Z0-9]{4}-")
"""A wrong code is answered to an account, whoever holds it."""
MODELS = {"flex": FlexMessage, "text": TextMessage}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What a card looks like does not depend on the database."""
    return sqlite_url


@cache
def line() -> Spec:
    return Spec.load(SUPPLEMENT)


def named_nastily(session: Session) -> None:
    ministries = session.scalars(select(tables.Unit).where(tables.Unit.level == UnitLevel.MINISTRY))
    session.add_all(tables.MinistryPolicy(unit_id=one.id, name="mirror_emenscr", value="on") for one in ministries)
    for row in [*session.scalars(select(tables.Project)), *session.scalars(select(tables.Unit))]:
        row.name = f"{LONGEST[:300]} {row.id}"
    for person in session.scalars(select(tables.Person)):
        person.full_name = f"{LONGEST[:200]} {person.id}"
    for post in session.scalars(select(tables.RoleAssignment)):
        post.position = LONGEST[:200]
    for report in session.scalars(select(tables.Submission)):
        report.late_reason = LONGEST
        report.state = list(SubmissionState)[report.id % len(SubmissionState)]
    for content in session.scalars(select(tables.QuarterReport)):
        content.summary = LONGEST * 5
    add_circulars(session)
    recount(session)


def add_circulars(session: Session) -> None:
    """Add a draft of the coordinator's, and a letter that came to those who ask here."""
    by_code = {person.code: person.id for person in session.scalars(select(tables.Person))}
    unit = session.scalars(select(tables.Unit.id).where(tables.Unit.level == UnitLevel.MINISTRY)).one()
    rows = [
        tables.Circular(
            maker_id=by_code[COORDINATOR],
            ministry_id=unit,
            state=state,
            letter_no=LONGEST[:LONGEST_NUMBER],
            letter_date=NOW.date(),
            urgency=Urgency.MOST_URGENT,
            subject=LONGEST[:LONGEST_SUBJECT],
            text=(LONGEST * 20)[:LONGEST_TEXT],
            acknowledge_by=NOW.date(),
            audience=Audience(units=frozenset({"รง"}), without_units=frozenset({"รง05"})).as_json(),
            created_at=NOW,
            changed_at=NOW,
            released_at=None if state is CircularState.DRAFT else NOW,
            sent_back_reason=LONGEST,
        )
        for state in (CircularState.DRAFT, CircularState.SENT)
    ]
    session.add_all(rows)
    session.flush()
    of = {"name": LONGEST, "size": 1, "sha256": "", "added_at": NOW}
    session.add_all(tables.CircularFile(circular_id=row.id, **of) for row in rows)
    gets = {"circular_id": rows[-1].id, "unit_id": unit, "state": OutboxState.SENT, "sent_at": NOW}
    session.add_all(
        tables.CircularRecipient(**gets, person_id=by_code[person]) for person in (DIRECTOR_GENERAL, OFFICER)
    )


def emptied(session: Session) -> None:
    for table in reversed(tables.Project.metadata.sorted_tables):
        if table.name != "submissions" and "project_id" in table.columns:
            session.execute(delete(table))
    for emptied_first in (tables.QuarterReport, tables.Decision, tables.Submission, tables.Project):
        session.execute(delete(emptied_first))
    recount(session)


def problems(body: str) -> Iterator[str]:
    """Yield what LINE, or its SDK, would have against a messages array."""
    messages = json.loads(body)
    request = {"replyToken": "0" * 32, "messages": messages}
    yield from (str(problem) for problem in line().schema("ReplyMessageRequest").problems(request))
    for message in messages:
        model: Any = MODELS[message["type"]]
        read = json.loads(model.from_dict(message).to_json())
        lost = _without_nothing(message) != _without_nothing(read)
        yield from ([f"the SDK reads {message['altText']} otherwise"] if lost else [])


def _without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nothing(one) for name, one in value.items() if one is not None}
    return [_without_nothing(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("change", "person"),
    (
        *((named_nastily, person) for person in (ADMIN, COORDINATOR, DIRECTOR_GENERAL, PLAN_OFFICER, OFFICER)),
        *((emptied, person) for person in (COORDINATOR, OFFICER)),
    ),
)
def test_line_takes_every_answer(labour: Bot, change: Callable[[Session], None], person: str) -> None:
    with labour.database.write() as session:
        change(session)
    labour.link(person)
    with labour.database.engine.connect() as connection, connection.begin() as whole:
        answers = ask_all(connection, person, all_probes()).answers
        whole.rollback()
    bodies = {answer.split("\n", 1)[0]: probe for probe, answer in answers.items()}
    assert len(bodies) > 10
    assert [(probe, found) for body, probe in bodies.items() for found in problems(body)] == []
    said = {probe: "\n".join(texts(json.loads(body))) for body, probe in bodies.items()}
    assert [(probe, slip[0]) for probe, text in said.items() for slip in [UNBECOMING.search(text)] if slip] == []
    if person == DIRECTOR_GENERAL:
        softened = [probe for probe, text in said.items() if PARTICLE.search(text) and not TYPES_CODE.match(probe)]
        assert softened == []


def test_the_check_finds_what_line_refuses() -> None:
    wrong = [{"type": "text", "text": ""}], [{"type": "flex", "altText": "x" * 1501, "contents": {"type": "bubble"}}]
    assert all(list(problems(json.dumps(messages))) for messages in wrong)

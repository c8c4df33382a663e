"""Everything that can be asked: every kind of button and every intent, with the arguments that an attacker would try.

New kinds of buttons are found in the registry; a field whose name has no sample values here fails the tests.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar, get_args, get_type_hints

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from bot.handling import NO_PAGES
from domain.circulars.letters import LetterPart, Urgency
from domain.organisation import Capacity
from domain.reminders import BANGKOK
from domain.roles import Role
from domain.submissions import DutyState
from domain.windows import Stage, WindowKind
from handlers import dispatch
from handlers.appointment_presses import Purpose
from handlers.bulk_approval import Shown
from handlers.circulars.making_presses import SendChoice
from handlers.circulars.presses import WhomPart
from handlers.conversation import Answer, Context, Pressed, Request, Said, Visit
from handlers.pending import Scope
from handlers.postback import Postback, PostbackError
from handlers.registry import ROUTES
from messages_th.understanding.intents import Intent, Relative, Slots, Status, Understood
from storage.queries.readers import people_reading
from storage.reference import Reference, load_reference
from tests.office import bangkok, line_id_of

_Result = TypeVar("_Result")

NOW = bangkok("27 มี.ค. 66")
"""The first reports are late, and some wait at every step."""
HUGE = 2**63 - 1
OTHER_AGENCY, OTHER_UNIT, OTHER_MINISTRY = "รง05", "รง0502", "สธ"
OTHER_APPROVER, FOREIGN_PERSON = "P00031", "P00901"
OTHER_CODE, OTHER_DRAFT, FOREIGN_CODE = "รง 0502-66-0001", "รง 0502-66-0002", "สธ 0101-66-0001"
SUBMISSIONS = {111: "รง 0502-66-0003", 68: OTHER_CODE, 40: OTHER_DRAFT, 121: FOREIGN_CODE, 64: "รง 0301-66-0001"}
"""Other units' submissions by id: reports at the first and the last step, an entry, another ministry's, a sister's."""

DRAFT_CIRCULAR, SENT_CIRCULARS = 1, (2, 3)
"""Circulars by id."""

TELLING: dict[str, Sequence[Any]] = {
    "unit": (OTHER_AGENCY, OTHER_UNIT, OTHER_MINISTRY, "รง", None),
    "agency": (OTHER_AGENCY, OTHER_UNIT, OTHER_MINISTRY, "สธ01"),
    "code": (OTHER_CODE, OTHER_DRAFT, FOREIGN_CODE),
    "item": (OTHER_CODE, OTHER_DRAFT, OTHER_AGENCY),
    "fiscal_year": (2566,),
    "running_in": (None, 2566),
    "quarter": (1, 2, None),
    "page": (1, 2, None),
    "kind": tuple(WindowKind),
    "stage": tuple(Stage),
    "scope": tuple(Scope),
    "status": (None, Status.DRAFT, Status.APPROVED, Status.OVERDUE),
    "state": (None, DutyState.MISSING, DutyState.RETURNED),
    "role": (Role.ADMIN,),
    "words": ("", "แรงงาน"),
    "overdue": (False, True),
    "below": (False, True),
    "invite": (1, 2),
    "asked_at": (int(NOW.timestamp()), 0),
    "day": (NOW.date(),),
    "on": (NOW.date(),),
    "is_last_day": (False,),
    "lead_days": (None, "3"),
    "quiet": ("", "1"),
    "loud": ("", "1"),
    "duty": (0, 1),
    "batch": (1, 2),
    "shown": tuple(Shown),
    "excluded": (True, False),
    "submission": tuple(SUBMISSIONS),
    "request": (1, 2),
    "version": (1, 11),
    "step": (1, 2, 4),
    "digest": ("", "0" * 12),
    "principal": (None, OTHER_APPROVER, FOREIGN_PERSON),
    "former": (OTHER_APPROVER, FOREIGN_PERSON),
    "deputy": (OTHER_APPROVER, FOREIGN_PERSON, None),
    "successor": (OTHER_APPROVER, FOREIGN_PERSON, None),
    "delegation": (1, 2),
    "named": (OTHER_APPROVER, FOREIGN_PERSON),
    "capacity": (Capacity.ACTING, None),
    "first_day": (NOW.date(), None),
    "last_day": (NOW.date(), None),
    "confirmed": (True, False),
    "purpose": tuple(Purpose),
    "circular": (DRAFT_CIRCULAR, *SENT_CIRCULARS),
    "file": (1, 2),
    "choice": (OTHER_AGENCY, OTHER_MINISTRY, "2"),
    "group": (1, 2),
    "waiting": (False, True),
}
"""What a field of a button may hold that leads to somebody else's data, by its name; the first of each by default."""

CHOICES: dict[str, Sequence[Any]] = {
    "part": tuple(WhomPart),
    "choice": (OTHER_AGENCY, OTHER_UNIT, OTHER_MINISTRY, "1", "2", "1/2566", Role.APPROVER, ""),
    "letter_part": (None, *LetterPart),
    "urgency": tuple(Urgency),
    "wanted": (True, False),
    "sending": tuple(SendChoice),
    "picked_at": ("2023-03-29T09:00", ""),
    "opens_on": (None, NOW.date()),
    "closes_on": (date(2023, 4, 25), None),
    "upper_opens_on": (None, NOW.date()),
    "upper_closes_on": (None, date(2023, 5, 5)),
}
"""What a field may hold that leads to other cards of one's own alone; the first of each by default."""

ODD: dict[str, Sequence[Any]] = {
    "unit": ("", "%", "รง99"),
    "agency": ("", "%", "รง99"),
    "code": ("", "%", "_", "'"),
    "item": ("", "%"),
    "fiscal_year": (9999, 0, -HUGE, HUGE),
    "running_in": (9999, -1, HUGE),
    "quarter": (0, 5, -1, HUGE),
    "page": (0, -HUGE, HUGE),
    "words": ("%", "\\", "'", "x" * 100),
    "invite": (0, -HUGE, HUGE),
    "asked_at": (-HUGE, HUGE),
    "day": (date.min, date.max),
    "on": (date.min, date.max),
    "lead_days": ("", "x", "-", "9" * 100, "3-3-3", "0", "๓"),
    "quiet": ("9", "x", "12345", "๑"),
    "loud": ("0", "²"),
    "duty": (-HUGE, HUGE),
    "batch": (0, -HUGE, HUGE),
    "submission": (0, -1, HUGE),
    "request": (0, -HUGE, HUGE),
    "version": (0, -HUGE, HUGE),
    "step": (0, -HUGE, HUGE),
    "digest": ("x" * 100,),
    "principal": ("", "%"),
    "former": ("", "%"),
    "deputy": ("", "'"),
    "successor": ("", "'"),
    "delegation": (0, -HUGE, HUGE),
    "named": ("", "%"),
    "first_day": (date.min, date.max),
    "last_day": (date.min, date.max),
    "circular": (0, -HUGE, HUGE),
    "file": (0, -HUGE, HUGE),
    "choice": ("%", "x", "0/0", "9/9999", "๑/๒", str(HUGE)),
    "group": (0, -HUGE, HUGE),
    "picked_at": ("", "x", "9999-12-31T23:59", "0001-01-01T00:00", "2023-03-29"),
    "opens_on": (date.min, date.max),
    "closes_on": (date.min, date.max),
    "upper_opens_on": (date.min, date.max),
    "upper_closes_on": (date.min, date.max),
}
"""What no button of ours ever held."""

_SLOTS = (
    Slots(),
    Slots(agency="กสร.", quarter=1, fiscal_year=2566),
    Slots(agency="กตท."),
    Slots(project_code=OTHER_CODE),
    Slots(project_code=OTHER_DRAFT),
    Slots(project_code=FOREIGN_CODE),
    Slots(project_query="ขยายผลการป้องกันการค้ามนุษย์ด้านแรงงาน"),
    Slots(quarter=Relative.PREVIOUS, status=Status.APPROVED),
    Slots(status=Status.OVERDUE),
)
_SENTENCES = (
    "เมนู",
    "ติดต่อเจ้าหน้าที่",
    "ของ กสร. ส่งครบหรือยัง",
    f"โครงการ {OTHER_CODE} ถึงไหนแล้ว",
    f"อนุมัติ {OTHER_CODE}",
    f"รายงาน {OTHER_CODE}",
    "กรอกรายงาน",
    "ขอยกเลิกหนังสือ ว 1",
    f"ส่งกลับ {OTHER_DRAFT} เพราะตัวเลขไม่ตรง",
    "ขอดูโครงการขยายผลการป้องกันการค้ามนุษย์ด้านแรงงาน",
    "{{ 7*7 }}",
    "' OR 1=1 --",
    "AB2D-EF3H-JK4N",
)
_REASON = "ผู้รับจ้างส่งมอบงานล่าช้ากว่ากำหนด"


@dataclass(frozen=True, slots=True)
class Probe:
    """Something that somebody does, by button, in words or with particulars that were understood; after a context."""

    does: Pressed | Said | Understood
    context: Context = field(default_factory=Context)

    def __str__(self) -> str:
        return f"{self.does} after {self.context}"


def telling_probes() -> list[Probe]:
    """Return everything that can be asked of somebody else's data."""
    return _asking(TELLING)


def all_probes() -> list[Probe]:
    """Return everything that can be asked, of one's own data, too."""
    return _asking(TELLING | CHOICES)


def _asking(values: Mapping[str, Sequence[Any]]) -> list[Probe]:
    probes = [*_presses(values), *_words(values), *_sentences(), *_follow_ups()]
    return list({str(probe): probe for probe in probes}.values())


def odd_probes() -> list[Probe]:
    """Return every kind of button with what none of ours ever held, one field at a time."""
    usual = {str(probe) for probe in (*_presses(TELLING), *_words(TELLING))}
    return [probe for probe in (*_presses(ODD), *_words(ODD)) if str(probe) not in usual]


def button_data(values: Mapping[str, Sequence[Any]]) -> Iterator[tuple[type[Postback], str]]:
    """Yield data of every kind of button, one field after the other through all its values."""
    for kind in Postback._classes.values():
        if kind.__module__.startswith("handlers."):
            for arguments in _variations(kind, values):
                with suppress(PostbackError):  # too long for a button
                    yield kind, kind(**arguments).pack()


def _variations(kind: type[Postback], values: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    names = [one.name for one in dataclasses.fields(kind)]  # type: ignore[arg-type]
    usual = CHOICES | TELLING
    missing = [name for name in names if name not in usual]
    assert not missing, f"{kind.__name__}: sample values for {missing} are missing in tests/probing.py"
    first = {name: next(_fitting(kind, name, usual[name])) for name in names}
    yield first
    for name in names:
        for value in _fitting(kind, name, values.get(name, ())):
            yield {**first, name: value}


def _fitting(kind: type[Postback], name: str, values: Sequence[Any]) -> Iterator[Any]:
    """Yield the values that the field may hold: nothing only where it need not hold anything."""
    may_be_nothing = type(None) in get_args(get_type_hints(kind)[name])
    return (value for value in values if may_be_nothing or value is not None)


def _presses(values: Mapping[str, Sequence[Any]]) -> Iterator[Probe]:
    for _, data in button_data(values):
        yield Probe(Pressed(data))


def _words(values: Mapping[str, Sequence[Any]]) -> Iterator[Probe]:
    for kind, data in button_data(values):
        if kind in ROUTES.words:
            yield Probe(Said(_REASON), Context(awaiting=data))
    yield Probe(Said(_REASON), Context(awaiting="zz9:forged"))


def _sentences() -> Iterator[Probe]:
    for intent in Intent:
        for slots in _SLOTS:
            yield Probe(Understood(intent.value, intent, slots, 1.0))
    for text in _SENTENCES:
        yield Probe(Said(text))


def _follow_ups() -> Iterator[Probe]:
    poisoned = Context(Intent.PROJECT_STATUS, Slots(project_code=OTHER_CODE), shown=(OTHER_CODE, OTHER_DRAFT))
    yield Probe(Said("อันแรก"), poisoned)
    yield Probe(Said("อันที่สอง"), poisoned)
    yield Probe(Said("อนุมัติ"), replace(poisoned, shown=(OTHER_CODE,)))
    yield Probe(Said("ส่งกลับ"), replace(poisoned, shown=(OTHER_CODE,)))
    for intent in Intent:
        context = Context(intent, Slots(agency="กสร.", project_code=OTHER_CODE), next_page=f"pj1:{OTHER_CODE}")
        yield Probe(Said("แล้วของ กสร. ล่ะ"), context)
    yield Probe(Said("หน้าถัดไป"), Context(next_page=f"pj1:{OTHER_CODE}"))


@dataclass(frozen=True, slots=True)
class Heard:
    """What a person was told, by probe, and which tables were written for it."""

    answers: dict[str, str]
    written: frozenset[str]


def ask_all(connection: Connection, person: str, probes: Iterable[Probe]) -> Heard:
    """Let a person (a code; none: a stranger) do all this, one thing at a time; each is undone."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        reference = load_reference(session, NOW.astimezone(BANGKOK).date())
    with _noting_writes(connection) as written:
        answers = {}
        for probe in probes:
            with Session(connection, join_transaction_mode="create_savepoint") as session:
                answers[str(probe)] = _answered(session, reference, person, probe)
    return Heard(answers, frozenset(written))


@contextmanager
def _noting_writes(connection: Connection) -> Iterator[set[str]]:
    """Yield the names of the tables that are written meanwhile."""
    written: set[str] = set()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        verb, *rest = statement.split(maxsplit=3)
        if verb in {"INSERT", "UPDATE", "DELETE"}:
            written.add(rest[0] if verb == "UPDATE" else rest[1])

    event.listen(connection, "before_cursor_execute", note)
    yield written
    event.remove(connection, "before_cursor_execute", note)


def _answered(session: Session, reference: Reference, person: str, probe: Probe) -> str:
    if not person:
        return _to_stranger(Visit(session, reference, line_id_of("P99999"), NOW, NOW), probe)
    asker = people_reading(session, [person], reference.rules.today)[person]

    def apart(work: Callable[[Session], _Result]) -> _Result:
        with session.begin_nested():
            return work(session)

    request = Request(session, reference, asker, line_id_of(person), NOW, NOW, NO_PAGES, apart, "", probe.context)
    if isinstance(probe.does, Understood):
        turn = dispatch._meant(request, probe.does)
    else:
        turn = dispatch.turn_of(request, probe.does)
    answer = turn.run(request)
    session.flush()
    return _said(answer)


def _to_stranger(visit: Visit, probe: Probe) -> str:
    does = Said(probe.does.utterance) if isinstance(probe.does, Understood) else probe.does
    answer = dispatch.visit_turn_of(visit, does).run(visit)
    return "" if answer is None else _said(answer)


def _said(answer: Answer) -> str:
    kept = dispatch.left_to_lean_on(answer)
    return f"{answer.body()}\n{kept}"

"""What people are told of submissions, as facts: what happened, what came to whom, and what waits in vain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.fiscal import YearBasis
from domain.organisation import Capacity
from domain.policy import LateReports
from domain.submissions import SubmissionKind
from domain.windows import Occasion, Span, Stage


class NewsEvent(StrEnum):
    """What became of a submission."""

    SENT = "sent"
    APPROVED = "approved"
    """A step approved it; the next one has it."""
    FINISHED = "finished"
    """The last step approved it."""
    RETURNED = "returned"
    TAKEN_BACK = "taken_back"
    """An approval was taken back: it waits at that step again."""
    ASKED = "asked"
    ANSWERED = "answered"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Matter:
    """What a submission is about. ``code`` is empty for an agency's plan or yearly report, ``occasion`` None for edits.

    ``unit`` is the name of who sent it.
    """

    submission_id: int
    code: str
    name: str
    unit: str
    kind: SubmissionKind
    occasion: Occasion | None
    basis: YearBasis


@dataclass(frozen=True, slots=True)
class Deadline:
    """The window that binds a submission; days left of both kinds are counted without today."""

    span: Span
    days_left: int
    working_days_left: int


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened to a submission, as a reader is told of it.

    ``for_information``: there is nothing that the reader could do. ``by`` is the position of who did it, ``principal``
    in whose place, in which ``capacity``; ``step`` of ``steps`` is where. ``holder`` is whose turn it is now
    (positions), ``words`` a reason, question or answer. ``request`` is the question's id, ``question`` what an answer
    answers. ``deadline`` and ``late_reports`` say until when something that came back may be sent again. ``concerns``
    is the field of a report that a return points at, by its name in ``domain.errors.Gap``; "" at none. ``to_mirror``:
    the unit still has to write what was approved into eMENSCR.
    """

    event: NewsEvent
    matter: Matter
    at: datetime
    for_information: bool
    by: str
    principal: str
    capacity: Capacity | None
    step: int | None
    steps: int
    holder: str
    words: str
    request: int | None
    deadline: Deadline | None
    late_reports: LateReports
    question: str = ""
    concerns: str = ""
    to_mirror: bool = False


@dataclass(frozen=True, slots=True)
class ArrivedItem:
    """Something that waits at a step of the reader's; ``principal`` in whose place the reader decides, "" in nobody's.

    ``deadline`` None: the step has no window.
    """

    matter: Matter
    principal: str
    capacity: Capacity | None
    step: int
    steps: int
    arrived_at: datetime | None
    deadline: Deadline | None


@dataclass(frozen=True, slots=True)
class UnheldPost:
    """A step of one unit's route at which ``number`` things wait in vain.

    ``holder`` are the positions that it belongs to, "" where nobody holds it today.
    """

    unit: str
    step: int
    stage: Stage
    holder: str
    number: int

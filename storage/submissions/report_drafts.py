"""Writing a report field by field before it is sent, also by two people at once (``domain.report_fields``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.completeness import ReportContent, ReportDemands
from domain.errors import Refusal, TransitionRefused
from domain.fiscal import Quarter
from domain.report_fields import EditOutcome, FieldEdit, FieldKey, Merged, brought_over, merged, value_of
from domain.roles import Role
from domain.submissions import SubmissionKind, SubmissionState
from storage import report_visits
from storage.database import insert_into
from storage.outbox_claims import Now
from storage.reference import Reference
from storage.submissions.actor import Actor
from storage.submissions.drafts import (
    content_of,
    content_row,
    demands_of,
    existing_report,
    newest_content,
    report_row,
    write_content,
)
from storage.submissions.rows import changed
from storage.tables import (
    ActivityProgress,
    DraftField,
    LinkProgress,
    Project,
    QuarterReport,
    Submission,
)
from storage.tables.submissions import Origin

_ITEM_TABLES: Mapping[str, tuple[type[ActivityProgress | LinkProgress], str]] = {
    "activity_progress": (ActivityProgress, "activity_id"),
    "link_progress": (LinkProgress, "link_id"),
}


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """A report as it was written last, and what its project asks of it; ``row`` None: nobody has begun it."""

    project: Project
    row: Submission | None
    quarter: Quarter
    content: ReportContent
    demands: ReportDemands


@dataclass(frozen=True, slots=True)
class Drafted(WrittenReport):
    """What the draft says after some edits, and what became of each of them."""

    outcomes: Mapping[FieldKey, EditOutcome]


Edits = Callable[[ReportDemands], Sequence[FieldEdit]]
"""Reads what was typed into the fields that the report has."""


def save_fields(
    session: Session, reference: Reference, by: Actor, code: str, quarter: Quarter, edits: Edits, at: Now
) -> Drafted:
    """Keep edits of a project's report (``code``) of ``quarter``; a field that somebody else changed is left alone.

    Raises:
        TransitionRefused: the report is on its way or approved, or ``by`` does not enter the unit's data.
        sqlalchemy.exc.NoResultFound: there is no such project.
    """
    draft = _Draft(session, reference, by, code, quarter)
    return draft.write(edits(draft.demands), at)


def bring_over(
    session: Session, reference: Reference, by: Actor, code: str, quarter: Quarter, at: Now
) -> Drafted:  # fmt: skip
    """Fill blank texts with those of the newest report before; they are marked until somebody edits them.

    Raises:
        TransitionRefused: as ``save_fields``.
        sqlalchemy.exc.NoResultFound: there is no such project.
    """
    draft = _Draft(session, reference, by, code, quarter)
    before = report_before(session, draft.project.id, quarter)
    earlier = content_of(session, newest_content(session, before.id)) if before else ReportContent()
    return draft.write(brought_over(draft.content, earlier, draft.demands), at, brought=True)


def report_before(session: Session, project_id: int, quarter: Quarter) -> Submission | None:
    """Return the newest report of the project before ``quarter``; None: there is none."""
    row = Submission
    return session.scalar(
        select(row)
        .where(
            row.project_id == project_id,
            row.kind == SubmissionKind.QUARTER_REPORT,
            or_(
                row.fiscal_year < quarter.fiscal_year,
                (row.fiscal_year == quarter.fiscal_year) & (row.quarter < quarter.number),
            ),
        )
        .order_by(row.fiscal_year.desc(), row.quarter.desc())
        .limit(1)
    )


class _Draft:
    """A report that is being written, locked until the transaction ends."""

    def __init__(self, session: Session, reference: Reference, by: Actor, code: str, quarter: Quarter) -> None:
        self._session, self._by, self._quarter = session, by, quarter
        # locked: two officers who begin a report at the same time begin one
        self.project = session.scalars(select(Project).filter_by(code=code).with_for_update(key_share=True)).one()
        unit = reference.unit_codes[self.project.unit_id]
        if not reference.rules.organisation.enters_data_of(by.code, unit, Role.PROJECT_OFFICER):
            raise TransitionRefused(Refusal.NOT_YOUR_UNIT)
        self.demands = demands_of(session, self.project, quarter)
        self.content = ReportContent()
        self._row = existing_report(session, self.project.id, quarter, locked=True)
        if self._row is not None:
            self._read(self._row)

    def write(self, edits: Sequence[FieldEdit], at: Now, *, brought: bool = False) -> Drafted:
        """Keep what the edits change, with who did it; the writer is seen at work."""
        found, begins = merged(self.content, edits), self._row is None
        if found.saved and begins:
            self._row = report_row(self._session, self.project, self._quarter)
            self._read(self._row)  # an import or the API may have begun it meanwhile, and even sent it
            found = merged(self.content, edits)
        if self._row is not None and found.saved:
            self._keep(self._row, found, at, brought=brought)
            if begins:  # from here on it is a draft, which lists and reminders tell from nothing
                changed(self._session, self._row, self._row.state, at)
        report_visits.visit(self._session, self.project.id, self._quarter, self._by.person_id, at.real)
        return Drafted(self.project, self._row, self._quarter, found.content, self.demands, found.outcomes)

    def _read(self, row: Submission) -> None:
        """Take what stands in the report; raises TransitionRefused where it is not with its unit."""
        if row.state not in (SubmissionState.DRAFT, SubmissionState.RETURNED):
            raise TransitionRefused(Refusal.WRONG_STATE)
        self.content = content_of(self._session, newest_content(self._session, row.id))

    def _keep(self, row: Submission, found: Merged, at: Now, *, brought: bool) -> None:
        row.origin = Origin.BOT
        written = content_row(self._session, row.id, row.version + 1)
        if written is None:
            write_content(self._session, row, row.version + 1, found.content)
        else:
            self._write_fields(written, found)
        self._mark(row, found.saved, at, brought=brought)

    def _write_fields(self, written: QuarterReport, found: Merged) -> None:
        for key in found.saved:
            value = value_of(found.content, key)
            if key.item is None:
                setattr(written, key.name, value)
            else:
                self._write_item(written, key, value)
        self._session.flush()

    def _write_item(self, written: QuarterReport, key: FieldKey, value: Any) -> None:
        table, column = _ITEM_TABLES[key.name]
        statement = insert_into(self._session, table).values(
            {"report_id": written.id, column: key.item, "progress": value}
        )
        self._session.execute(
            statement.on_conflict_do_update(index_elements=["report_id", column], set_={"progress": value})
        )

    def _mark(self, row: Submission, keys: Iterable[FieldKey], at: Now, *, brought: bool) -> None:
        for key in keys:
            values = {"edited_by_id": self._by.person_id, "edited_at": at.real, "is_brought_over": brought}
            statement = insert_into(self._session, DraftField).values(
                submission_id=row.id, field=key.name, item=key.item or 0, **values
            )
            self._session.execute(
                statement.on_conflict_do_update(index_elements=["submission_id", "field", "item"], set_=values)
            )

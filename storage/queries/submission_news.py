"""What news of submissions say when they go out: only what is still true, and still their reader's business."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.news import Deadline, Matter, News, NewsEvent
from domain.organisation import Capacity
from domain.sending_hours import NewsHours
from domain.submissions import SubmissionState
from domain.windows import Stage
from storage.outbox_claims import Now
from storage.outbox_merging import Args, pieces_told
from storage.queries.readers import PersonReading, people_reading
from storage.reference import Reference
from storage.submissions.mirroring import is_left_to_mirror
from storage.submissions.news import officers_of, told_of_sending
from storage.submissions.rows import unit_of
from storage.submissions.windows import binding_span, news_hours, occasion_of
from storage.tables import AgencyDuty, Decision, InformationRequest, Project, Submission
from storage.tables.messaging import NoticeKind


class Matters:
    """Submissions by id, with what messages call them; everything is read once for a page of notices."""

    def __init__(self, session: Session, reference: Reference, ids: Collection[int]) -> None:
        self._session = session
        self._reference = reference
        self.rows = {row.id: row for row in session.scalars(select(Submission).where(Submission.id.in_(ids)))}
        projects = {row.project_id for row in self.rows.values()}
        named = select(Project.id, Project.code, Project.name).where(Project.id.in_(projects))
        self._projects = {number: (code, name) for number, code, name in session.execute(named)}
        duties = {row.agency_duty_id for row in self.rows.values()}
        planned = select(AgencyDuty.id, AgencyDuty.plan_name).where(AgencyDuty.id.in_(duties))
        self._plans: Mapping[int | None, str] = dict(session.execute(planned).all())

    def matter(self, row: Submission) -> Matter:
        """Return what the submission is about."""
        unit = unit_of(self._reference, row)
        code, name = self._projects.get(row.project_id or 0) or ("", self._plans.get(row.agency_duty_id, ""))
        return Matter(
            submission_id=row.id,
            code=code,
            name=name,
            unit=self._reference.unit_names[unit],
            kind=row.kind,
            occasion=occasion_of(self._session, self._reference, row),
            basis=self._reference.rules.organisation.year_basis(unit),
        )

    def deadline(self, row: Submission) -> Deadline | None:
        """Return the window that binds whoever holds the submission; None: nothing does."""
        span, rules = binding_span(self._session, self._reference, row), self._reference.rules
        if span is None:
            return None
        working = rules.calendar.working_days_left(rules.today, span.closes_on)
        return Deadline(span, span.days_left(rules.today), working)

    def hours(self, piece: Args) -> NewsHours:
        """Return when people may be told of what a notice is about."""
        return news_hours(self._session, self._reference, self.rows[piece["submission"]])

    def holder(self, row: Submission, step: int) -> str:
        """Return who may decide at a step, by position and, at the agency's stage, with the agency."""
        organisation, unit = self._reference.rules.organisation, unit_of(self._reference, row)
        codes = organisation.approvers(unit, step)
        people = people_reading(self._session, codes, self._reference.rules.today)
        named = " / ".join(dict.fromkeys(people[code].position for code in codes if people[code].position))
        agency = organisation.path(unit).agency if organisation.stage_of(unit, step) is Stage.AGENCY else None
        return f"{named} {self._reference.unit_names[agency]}" if named and agency else named


class NewsReading(Matters):
    """Tells what of queued news holds."""

    def __init__(self, session: Session, reference: Reference, now: Now, pieces: Collection[Args]) -> None:
        super().__init__(session, reference, {piece["submission"] for piece in pieces})
        self._now = now
        decisions = session.scalars(select(Decision).where(Decision.submission_id.in_(self.rows)))
        self._decisions = {(row.submission_id, row.version, row.step): row for row in decisions}
        requests = select(InformationRequest).where(InformationRequest.id.in_([p.get("request") for p in pieces]))
        self._requests = {row.id: row for row in session.scalars(requests)}
        people = {piece[role] for piece in pieces for role in ("by", "acting_for") if piece.get(role)}
        self._people = people_reading(session, people, reference.rules.today)

    def holding(self, reader: PersonReading, pieces: Sequence[Args]) -> Sequence[tuple[Args, News]]:
        """Return what is true and the reader's business: of each submission the last, and every open question."""
        newest: dict[tuple[int, int | None], Args] = {}
        for piece in sorted(pieces, key=lambda piece: datetime.fromisoformat(piece["at"])):
            if self._concerns(reader, piece) and self._is_true(piece) and not self._is_unsaid(reader, piece, pieces):
                newest[piece["submission"], piece.get("request")] = piece
        return [(piece, self._news(reader, piece)) for piece in newest.values()]

    def _concerns(self, reader: PersonReading, piece: Args) -> bool:
        """Tell whether the reader still holds the post for which it is news."""
        row, organisation = self.rows[piece["submission"]], self._reference.rules.organisation
        unit = unit_of(self._reference, row)
        if piece["event"] == NewsEvent.ANSWERED:
            return organisation.hand_at(reader.code, unit, piece["step"]) is not None
        if piece["event"] == NewsEvent.SENT:
            return reader.code in told_of_sending(self._reference, row)
        if reader.code in officers_of(self._reference, row):
            return True
        if piece["event"] != NewsEvent.RETURNED:
            return False
        steps = [
            row.step
            for row in self._decisions.values()
            if (row.submission_id, row.version) == (piece["submission"], piece["version"])
            and row.step < piece["step"]
            and row.decided_by_id == reader.person_id
        ]
        return any(organisation.hand_at(reader.code, unit, step) for step in steps)

    def _is_true(self, piece: Args) -> bool:
        row = self.rows[piece["submission"]]
        is_of_now = row.version == piece["version"]
        match NewsEvent(piece["event"]):
            case NewsEvent.SENT:
                return is_of_now and row.state is not SubmissionState.DRAFT
            case NewsEvent.APPROVED | NewsEvent.FINISHED:
                return self._stands(piece)
            case NewsEvent.RETURNED:
                return is_of_now and row.state is SubmissionState.RETURNED and self._stands(piece)
            case NewsEvent.TAKEN_BACK | NewsEvent.ANSWERED:
                return self._waits(row, piece)
            case NewsEvent.ASKED:
                return self._requests[piece["request"]].answered_at is None and self._waits(row, piece)
            case NewsEvent.REOPENED:
                return row.reopened_at == datetime.fromisoformat(piece["at"])

    def _stands(self, piece: Args) -> bool:
        """Tell whether the very decision was not taken back."""
        decision = self._decisions.get((piece["submission"], piece["version"], piece["step"]))
        return decision is not None and decision.decided_at == datetime.fromisoformat(piece["decided_at"])

    def _waits(self, row: Submission, piece: Args) -> bool:
        """Tell whether the submission waits in the version and at the step of the piece."""
        waits = row.state is SubmissionState.PENDING_APPROVAL
        return waits and (row.version, row.step or 1) == (piece["version"], piece["step"])

    def _is_unsaid(self, reader: PersonReading, piece: Args, pieces: Sequence[Args]) -> bool:
        """Tell whether an approval was taken back of which no other message told the reader: then neither is told."""
        if piece["event"] != NewsEvent.TAKEN_BACK:
            return False
        since = datetime.fromisoformat(piece["decided_at"])
        told = pieces_told(self._session, NoticeKind.SUBMISSION_NEWS, reader.person_id, since)
        return not any(_is_approval_of(earlier, piece) for earlier in told if earlier not in pieces)

    def _news(self, reader: PersonReading, piece: Args) -> News:
        row, organisation = self.rows[piece["submission"]], self._reference.rules.organisation
        unit = unit_of(self._reference, row)
        event, request = NewsEvent(piece["event"]), self._requests.get(piece.get("request") or 0)
        waits = row.state is SubmissionState.PENDING_APPROVAL
        may_send = event in (NewsEvent.RETURNED, NewsEvent.REOPENED)
        return News(
            event=event,
            matter=self.matter(row),
            at=datetime.fromisoformat(piece["at"]),
            for_information=event is not NewsEvent.ANSWERED and reader.code not in officers_of(self._reference, row),
            by=self._position(piece.get("by")),
            principal=self._position(piece.get("acting_for")),
            capacity=Capacity(piece["capacity"]) if piece.get("capacity") else None,
            step=piece.get("step"),
            steps=len(organisation.route(unit)),
            holder=self.holder(row, row.step or 1) if waits else "",
            words=piece.get("words") or "",
            request=None if request is None else request.id,
            deadline=self.deadline(row) if may_send else None,
            late_reports=self._reference.rules.policy(unit).late_reports,
            question=request.question if request is not None and event is NewsEvent.ANSWERED else "",
            concerns=piece.get("concerns") or "",
            to_mirror=event is NewsEvent.FINISHED and is_left_to_mirror(self._reference, row),
        )

    def _position(self, code: Any) -> str:
        return self._people[code].position if code in self._people else ""


def _is_approval_of(earlier: Args, undone: Args) -> bool:
    same = ("submission", "version", "step", "decided_at")
    is_approval = earlier.get("event") == NewsEvent.APPROVED
    return is_approval and all(earlier.get(name) == undone.get(name) for name in same)

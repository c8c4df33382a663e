"""What a request sends: its values are checked, written and sent up the route in one transaction, or nothing is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.api.fields import ALWAYS_SET, FIELDS_OF, HEAD, WITHDRAWAL
from bot.api.problems import ApiFault, Invalid
from bot.api.reading import Reader, Values
from domain.completeness import ReportContent
from domain.days_of_entry import ImpossibleDay, check_day_of_entry
from domain.entry_completeness import REQUIRED
from domain.fiscal import Quarter
from domain.organisation import UnitLevel
from domain.submissions import SubmissionKind
from storage.imports.columns import LAYOUTS
from storage.imports.problems import ProblemCode
from storage.imports.vocabulary import FileKind, loose
from storage.outbox_claims import Now
from storage.reference import Reference
from storage.submissions.actor import Actor, Channel
from storage.submissions.drafts import LEVEL_TWO, save_report
from storage.submissions.entries import ProjectEntry, save_edit, save_entry
from storage.submissions.plans import PlanEntry, save_plan
from storage.submissions.project_parts import (
    Funding,
    Link,
    PlannedActivity,
    PlannedSpending,
    ProjectParts,
    activity_ids,
)
from storage.submissions.sending import submit, withdraw
from storage.tables import Person, Project, ProjectLink, Submission


@dataclass(frozen=True)
class Sender:
    """Sends what one request asks for, on behalf of the units (codes) of one key; raises ``Invalid`` for bad values.

    ``event_id`` names the request in the audit trail.
    """

    session: Session
    reference: Reference
    units: Collection[str]
    at: Now
    event_id: str
    _reader: Reader = field(default_factory=Reader)

    def send(self, found: Mapping[str, Any]) -> int:
        """Write what the request holds and, unless it says otherwise, send it; return the submission's id.

        Raises:
            Invalid: values cannot be taken.
            TransitionRefused: it cannot be sent now; ``Incomplete`` says what is missing.
        """
        reader = self._reader
        head = reader.record(found, HEAD)
        kind = head.get("kind")
        if not isinstance(kind, SubmissionKind):  # without it nothing else can be read
            raise Invalid(reader.faults.found)
        fields, lists = FIELDS_OF[kind]
        reader.unknown(found, [*(one.name for one in (*HEAD, *fields)), *(of.name for of in lists)])
        values = reader.record(found, fields)
        rows = {of.name: reader.rows(found[of.name], of) for of in lists if of.name in found}
        by = self._actor(head.get("sent_by"))
        sends = head.get("send", True)
        row, changes = self._save(kind, by, values, rows, sends=sends)
        if sends:
            late_reason = head.get("late_reason", "")
            submit(self.session, self.reference, by, row.id, self.at, late_reason=late_reason, changes=changes)
        return row.id

    def withdraw(self, found: Mapping[str, Any], row: Submission) -> None:
        """Take back what was sent.

        Raises:
            Invalid: values cannot be taken.
            TransitionRefused: it cannot be taken back now.
        """
        reader = self._reader
        reader.unknown(found, [one.name for one in WITHDRAWAL])
        values = reader.record(found, WITHDRAWAL)
        by = self._actor(values.get("sent_by"))
        reader.faults.check()
        withdraw(self.session, self.reference, by, row.id, values.get("version") or row.version, self.at)

    def _save(
        self, kind: SubmissionKind, by: Actor, values: Values, rows: Mapping[str, list[Values]], *, sends: bool
    ) -> tuple[Submission, Mapping[str, Any]]:
        """Keep what is to be sent, and return it with what it changes of the project."""
        match kind:
            case SubmissionKind.QUARTER_REPORT:
                return self._report(by, values, rows), {}
            case SubmissionKind.PROJECT_ENTRY:
                return self._entry(by, values, rows)
            case SubmissionKind.PROJECT_EDIT:
                if not sends:
                    self._reader.faults.note("send", value=False, code=ApiFault.NO_DRAFT_OF_EDIT)
                return self._edit(by, values)
            case SubmissionKind.LEVEL3_PLAN | SubmissionKind.ACHIEVEMENT_REPORT:
                return self._plan(kind, by, values), {}

    def _report(self, by: Actor, values: Values, rows: Mapping[str, list[Values]]) -> Submission:
        faults, project = self._reader.faults, self._project(values)
        activities = links = dict[int, str]()
        if project is not None:
            activities = self._activity_progress(project, rows.get("activity_progress", []))
            links = self._link_progress(project, rows.get("link_progress", []))
        faults.check()
        quarter = Quarter(values.pop("fiscal_year"), values.pop("quarter"))
        content = ReportContent(
            **{name: value for name, value in values.items() if name != "project_code"},
            activity_progress=activities,
            link_progress=links,
        )
        return save_report(self.session, self.reference, by, values["project_code"], quarter, content, self.at)

    def _activity_progress(self, project: Project, rows: Sequence[Values]) -> dict[int, str]:
        ids, said = activity_ids(self.session, project.id), dict[int, str]()
        parents = {below: name for name, below in ids if below is not None}
        for number, row in enumerate(rows):
            found = ids.get((row["activity"], row["sub_activity"]))
            name, parent = row["sub_activity"] or row["activity"], parents.get(row["activity"])
            if found is not None:
                said[found] = row["progress"]
            elif parent is not None and row["sub_activity"] is None:
                fault = ApiFault.SUB_ACTIVITY_ALONE
                self._reader.faults.note(f"activity_progress[{number}]", name, fault, parent=parent, part=name)
            else:
                self._reader.faults.note(f"activity_progress[{number}]", name, ApiFault.UNKNOWN_ACTIVITY)
        return said

    def _link_progress(self, project: Project, rows: Sequence[Values]) -> dict[int, str]:
        of_project = (ProjectLink.project_id == project.id) & ProjectLink.kind.in_(LEVEL_TWO)
        links, said = self.session.scalars(select(ProjectLink).where(of_project)).all(), dict[int, str]()
        for number, row in enumerate(rows):
            found = [one for one in links if one.name == row["name"] and row["kind"] in (None, one.kind)]
            if not found:
                self._reader.faults.note(f"link_progress[{number}]", row["name"], ApiFault.UNKNOWN_LINK)
            said.update((one.id, row["progress"]) for one in found)
        return said

    def _entry(
        self, by: Actor, values: Values, rows: Mapping[str, list[Values]]
    ) -> tuple[Submission, Mapping[str, Any]]:
        faults, code, unit = self._reader.faults, values.pop("project_code", None), values.pop("unit", None)
        if unit is not None and unit not in self.units:
            faults.note("unit", unit, ProblemCode.UNKNOWN_UNIT)
        owner = self.session.scalar(select(Project.unit_id).where(Project.code == code))
        if owner is not None and self.reference.unit_codes[owner] not in self.units:
            faults.note("project_code", code, ApiFault.CODE_NOT_FREE)
        self._check_order(values, values)
        faults.check()
        saved = save_entry(
            self.session,
            self.reference,
            by,
            ProjectEntry(code or "", unit or "", _columns(values), _parts(rows)),
            self.at,
        )
        return saved.row, saved.changes if saved.row.version else {}

    def _edit(self, by: Actor, values: Values) -> tuple[Submission, Mapping[str, Any]]:
        faults, project = self._reader.faults, self._project(values)
        wished = _columns({name: value for name, value in values.items() if name != "project_code"})
        for name in (*REQUIRED, "fiscal_year"):
            if name in wished and not wished[name]:
                faults.note(name, None, ProblemCode.BLANK)
        if project is not None:
            self._check_order({"start_month": project.start_month, "end_month": project.end_month} | wished, values)
            if all(getattr(project, name) == value for name, value in wished.items()):
                faults.note("project_code", project.code, ApiFault.NOTHING_TO_CHANGE)
        faults.check()
        saved = save_edit(self.session, self.reference, by, values["project_code"], wished, self.at)
        return saved.row, saved.changes

    def _plan(self, kind: SubmissionKind, by: Actor, values: Values) -> Submission:
        faults, agency = self._reader.faults, values.get("agency")
        if agency is not None and agency not in self.units:
            faults.note("agency", agency, ProblemCode.UNKNOWN_UNIT)
        elif agency and self.reference.rules.organisation.units[agency].level is not UnitLevel.AGENCY:
            faults.note("agency", agency, ProblemCode.NOT_AN_AGENCY)
        entered_on = values.get("entered_on")
        try:
            if entered_on is not None:
                check_day_of_entry(entered_on, self.reference.rules.today)
        except ImpossibleDay:
            faults.note("entered_on", entered_on, ApiFault.IMPOSSIBLE_DAY)
        faults.check()
        name = values.get("plan_name", "")
        is_thematic = loose(name).startswith(self._reader.words.thematic_plan)
        about = kind, values["agency"], values["fiscal_year"], name, values.get("reference", "")
        entry = PlanEntry(*about, is_thematic=is_thematic, entered_on=entered_on)
        return save_plan(self.session, self.reference, by, entry, self.at)

    def _project(self, values: Values) -> Project | None:
        """Return the project that is meant; one of other units is noted as one that does not exist."""
        code = values.get("project_code")
        if code is None:
            return None
        project = self.session.scalar(select(Project).where(Project.code == code))
        if project is None or self.reference.unit_codes[project.unit_id] not in self.units:
            self._reader.faults.note("project_code", code, ProblemCode.UNKNOWN_PROJECT)
            return None
        return project

    def _check_order(self, months: Mapping[str, Any], given: Mapping[str, Any]) -> None:
        for name, problem in LAYOUTS[FileKind.PROJECTS].check(dict(months)):
            self._reader.faults.note(name, given.get(name), problem)

    def _actor(self, code: str | None) -> Actor:
        """Return the officer with this code; a person without a post that concerns the key's units is unknown to it.

        Who is unknown is noted, and then the request goes no further than its faults are checked.
        """
        person_id = None
        if code is not None and self._concerns(code):
            person_id = self.session.scalar(select(Person.id).where(Person.code == code))
        if code is not None and person_id is None:
            self._reader.faults.note("sent_by", code, ProblemCode.UNKNOWN_PERSON)
        return Actor(code or "", person_id or 0, Channel.API, self.event_id)

    def _concerns(self, person: str) -> bool:
        organisation = self.reference.rules.organisation
        return any(not organisation.below(post.unit).isdisjoint(self.units) for post in organisation.posts_of(person))


def _columns(values: Values) -> Values:
    """Return the columns of ``projects`` that values set."""
    set_ = {name: value for name, value in values.items() if value is not None or name not in ALWAYS_SET}
    return set_ | ({"kpis": list(set_["kpis"])} if "kpis" in set_ else {})


def _parts(rows: Mapping[str, list[Values]]) -> ProjectParts:
    def of(name: str, part: Any) -> Any:
        return [part(**row) for row in rows[name]] if name in rows else None

    return ProjectParts(
        activities=of("activities", PlannedActivity),
        links=of("links", Link),
        funding=of("funding", Funding),
        spending_plan=of("spending_plan", PlannedSpending),
    )

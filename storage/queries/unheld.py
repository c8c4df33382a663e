"""What a coordinator's notices of unheld steps say when they go out: at which steps something still waits in vain."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC

from sqlalchemy.orm import Session

from domain.news import UnheldPost
from domain.sending_hours import NewsHours
from storage.outbox_claims import Now
from storage.outbox_merging import Args
from storage.queries.readers import PersonReading, people_reading
from storage.reference import Reference
from storage.silence import UnheldStep, reports_to, unheld_steps


class UnheldReading:
    """Tells what of queued reports of unheld steps holds."""

    def __init__(self, session: Session, reference: Reference, _now: Now, pieces: Collection[Args]) -> None:
        self._reference = reference
        found = unheld_steps(session, reference, {piece["unit"] for piece in pieces})
        self._steps: Mapping[tuple[str, int], UnheldStep] = {(step.unit, step.step): step for step in found}
        organisation = reference.rules.organisation
        holders = {code for step in found for code in organisation.approvers(step.unit, step.step)}
        self._people = people_reading(session, holders, reference.rules.today)

    def holding(self, reader: PersonReading, pieces: Sequence[Args]) -> Sequence[tuple[Args, UnheldPost]]:
        """Return the steps at which what was to be reported still waits, those where most waits first."""
        found = {}
        for piece in pieces:
            key = piece["unit"], piece["step"]
            if reports_to(self._reference, reader.code, piece["unit"]) and self._still_waits(piece):
                found[key] = piece, self._post(self._steps[key])
        return sorted(found.values(), key=lambda pair: -pair[1].number)

    def hours(self, piece: Args) -> NewsHours:
        """Return when people may be told of it."""
        step = self._steps.get((piece["unit"], piece["step"]))
        return NewsHours(self._reference.rules.policy(piece["unit"]), step is not None and step.is_last_day)

    def _still_waits(self, piece: Args) -> bool:
        """Tell whether something waits there that came with what was to be reported, or after it."""
        step = self._steps.get((piece["unit"], piece["step"]))
        newest = step.newest.astimezone(UTC).isoformat() if step and step.newest else ""
        return step is not None and newest >= piece["newest"]

    def _post(self, step: UnheldStep) -> UnheldPost:
        organisation = self._reference.rules.organisation
        people = [self._people[code] for code in organisation.approvers(step.unit, step.step)]
        return UnheldPost(
            unit=self._reference.unit_names[step.unit],
            step=step.step,
            stage=organisation.stage_of(step.unit, step.step),
            holder=" / ".join(dict.fromkeys(person.position for person in people if person.position)),
            number=len(step.submissions),
        )

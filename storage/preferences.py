"""People change how they are reminded; every change is audited."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from domain.preferences import ReminderPreference, Wish
from storage import reminder_ledger
from storage.database import insert_into
from storage.queries.preferences import preference_of
from storage.shared_state import plan_changed
from storage.submissions.actor import Actor
from storage.tables import AuditEntry
from storage.tables import ReminderPreference as Row
from storage.tables.messaging import AuditAction


def grant(session: Session, by: Actor, wish: Wish, real_now: datetime) -> ReminderPreference:
    """Change a person's own settings as wished, and return them.

    Raises:
        domain.preferences.WishRefused: the wish cannot be granted.
    """
    before = preference_of(session, by.person_id)
    after = wish.granted(before)
    if after == before:
        return after
    values = _as_json(after)
    statement = insert_into(session, Row).values(person_id=by.person_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=[Row.person_id], set_=values))
    session.expire_all()
    _audit(session, AuditAction.PREFERENCE_SET, by, real_now, _as_json(before), values)
    plan_changed(session, real_now)
    return after


def snooze(session: Session, by: Actor, day: date, real_now: datetime) -> bool:
    """Let what a person was reminded of on ``day`` come again with the next reminder; tell whether it had not yet.

    Nothing else comes before: the person had that day's reminder, and the next is due on the next working morning.
    """
    if not reminder_ledger.forget_day(session, by.person_id, day):
        return False
    _audit(session, AuditAction.REMINDER_SNOOZE, by, real_now, None, {"day": day.isoformat()})
    plan_changed(session, real_now)
    return True


def _as_json(preference: ReminderPreference) -> dict[str, list[int] | None]:
    lead_days = None if preference.lead_days is None else list(preference.lead_days)
    return {"lead_days": lead_days, "quiet_weekdays": sorted(preference.quiet_weekdays)}


def _audit(session: Session, action: AuditAction, by: Actor, real_now: datetime, before: object, after: object) -> None:
    session.add(
        AuditEntry(
            at=real_now,
            action=action,
            subject=f"person:{by.code}",
            actor_id=by.person_id,
            channel=by.channel,
            event_id=by.event_id,
            before=before,
            after=after,
        )
    )

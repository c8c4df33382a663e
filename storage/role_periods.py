"""Ending a role before its day, so that it gives no right any more from this moment on."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from storage.tables import RoleAssignment


def end_role(session: Session, role: RoleAssignment, today: date) -> None:
    """Let the role's last day be the one before ``today`` (Bangkok); one that did not begin by then is taken away."""
    if role.valid_from is not None and role.valid_from >= today:
        session.delete(role)
    else:
        role.valid_to = today - timedelta(days=1)

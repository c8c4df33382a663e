"""Who may do what in eMENSCR (``domain.md`` §1)."""

from __future__ import annotations

from enum import StrEnum

from domain.windows import WindowKind


class Role(StrEnum):
    """What a person is in a unit; one person may hold several, each with dates."""

    PROJECT_OFFICER = "project_officer"
    PLAN_OFFICER = "plan_officer"
    APPROVER = "approver"
    MINISTRY_COORDINATOR = "ministry_coordinator"
    MONITOR = "monitor"
    ASSISTANT = "assistant"
    ADMIN = "admin"


PROJECT_KINDS = frozenset({WindowKind.PROJECT_ENTRY, WindowKind.MIDYEAR_ENTRY, WindowKind.QUARTER_REPORT})
"""Kinds owed by a project and its officer; every other kind is owed by an agency and its plan officer."""


def officer_role(kind: WindowKind) -> Role:
    """Return the role that owes duties of this kind (``domain.md`` §1, §6)."""
    return Role.PROJECT_OFFICER if kind in PROJECT_KINDS else Role.PLAN_OFFICER

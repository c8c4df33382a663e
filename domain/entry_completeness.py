"""What a project's entry must hold before it can be sent (``domain.md`` §2: starred fields, and those marked A)."""

from __future__ import annotations

from collections.abc import Mapping

from domain.errors import Gap

REQUIRED = (
    "ns_area", "ns_goal", "master_plan_no", "y2", "sub_plan", "y1", "name", "execution_status", "director_title",
    "director_first_name", "director_last_name", "director_email", "director_phone", "owner_name", "owner_email",
    "owner_phone", "start_month", "end_month", "rationale", "objectives", "output_target", "outcome_target",
    "expected_result", "kpis", "beneficiaries", "area_scope",
)  # fmt: skip
"""Fields of M1 to M3 that every project fills, in the order of the form."""
METHODS = ("self_run", "contracted")
"""How it is carried out (M2): one of them at least."""


def entry_gaps(
    values: Mapping[str, object], *, has_activities: bool, has_funding: bool, has_plan: bool
) -> tuple[Gap, ...]:
    """Return what is missing, in the order of the form; nothing: the entry is complete.

    ``values`` are the project's fields by name. A project without budget is not asked for money.
    """
    missing = [name for name in REQUIRED if not values[name]]
    if not any(values[name] for name in METHODS):
        missing.append(METHODS[0])
    if not has_activities:
        missing.append("activities")
    if values["uses_budget"] and not has_funding:
        missing.append("funding")
    if values["uses_budget"] and not has_plan:
        missing.append("spending_plan")
    return tuple(map(Gap, missing))

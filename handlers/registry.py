"""All conversations' routes, joined."""

from __future__ import annotations

from handlers import (
    chasing,
    deadlines,
    disbursement,
    downloads,
    duties,
    history,
    late_reasons,
    linking,
    my_projects,
    pending,
    projects,
    reminder_settings,
    rich_menus,
    summary,
    unreported,
)
from handlers import help as help_
from handlers.routes import joined

ROUTES = joined(
    linking.routes,
    projects.routes,
    my_projects.routes,
    disbursement.routes,
    history.routes,
    unreported.routes,
    duties.routes,
    late_reasons.routes,
    chasing.routes,
    downloads.routes,
    pending.routes,
    summary.routes,
    deadlines.routes,
    help_.routes,
    reminder_settings.routes,
    rich_menus.routes,
)

"""Alembic's entry: runs the migrations on the connection that ``storage.schema`` hands over."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from storage.tables import Base
from storage.tables.base import Baht, Instant


def _readable_types(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our own types by name and enums as the text they are, so that migrations read well and stay true."""
    if kind == "type" and isinstance(item, Baht | Instant):
        autogen.imports.add("from storage.tables.base import Baht, Instant")
        return f"{type(item).__name__}()"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String({item.length})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_item=_readable_types,
)
with context.begin_transaction():
    context.run_migrations()

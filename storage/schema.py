"""Creates and migrates the schema with Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from storage import report_counts
from storage.database import make_engine
from storage.tables import Base

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(url: str) -> None:
    """Bring the database at ``url`` to the newest schema; a new database gets the whole of it.

    Counters that an older schema did not keep are filled.
    """
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            command.upgrade(_config(connection), "head")
            with Session(connection) as session:
                report_counts.fill_if_empty(session)
                session.commit()
    finally:
        engine.dispose()


def is_current(engine: Engine) -> bool:
    """Tell whether the database has the newest schema."""
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current == ScriptDirectory.from_config(_config(None)).get_current_head()


def differences(url: str) -> list[object]:
    """Return what the tables declare and the migrated database at ``url`` lacks, or the other way round."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            return list(compare_metadata(context, Base.metadata))
    finally:
        engine.dispose()


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config

"""What a command works with: settings, database and clock, each made when first asked for."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy.exc import DBAPIError

from bot.clock import shared_clock
from bot.line_client import Credentials, line_client
from bot.line_thread import Connect
from bot.logs import configure_logging
from bot.settings import Settings, load_settings
from domain.clock import Clock
from storage.database import Database
from storage.schema import is_current


class DatabaseUnreachable(Exception):
    """The database does not answer, or is none; carries what kind of error said so."""


class SchemaNotCurrent(Exception):
    """The database lacks migrations."""


class LineNotConfigured(Exception):
    """No channel and no token is set."""


class Runtime:
    """Handed to every command; nothing in it happens before it is used."""

    @cached_property
    def settings(self) -> Settings:
        """The settings; logging follows them from the first look on.

        Raises:
            SettingsError: some make no sense.
        """
        settings = load_settings()
        configure_logging(settings)
        return settings

    @cached_property
    def any_database(self) -> Database:
        """The database of ``DATABASE_URL``, whatever its schema.

        Raises:
            DatabaseUnreachable: it does not answer, or is none.
        """
        try:
            database = Database(self.settings.database_url)
            with database.engine.connect():
                return database
        except (DBAPIError, OSError) as error:
            raise DatabaseUnreachable(type(error).__name__) from error

    @cached_property
    def database(self) -> Database:
        """The database with the newest schema: commands work on no other.

        Raises:
            DatabaseUnreachable: it does not answer, or is none.
            SchemaNotCurrent: ``emenscr-bot db upgrade`` has to run first.
        """
        if not is_current(self.any_database.engine):
            raise SchemaNotCurrent
        return self.any_database

    def close(self) -> None:
        """Close the connections to the database."""
        if "any_database" in self.__dict__:
            self.any_database.dispose()

    @cached_property
    def clock(self) -> Clock:
        """The clock that all processes on the database share."""
        return shared_clock(self.database, self.settings.bot_now)

    def line_connector(self) -> Connect:
        """Return what opens a connection to LINE within an event loop.

        Raises:
            LineNotConfigured: neither a channel nor a token is set.
        """
        settings = self.settings
        token, secret = settings.line_channel_access_token, settings.line_channel_secret
        if token is None and (settings.line_channel_id is None or secret is None):
            raise LineNotConfigured
        credentials = Credentials(
            channel_id=settings.line_channel_id or "",
            channel_secret=secret.get_secret_value() if secret else "",
            access_token=token.get_secret_value() if token else "",
        )
        return lambda: line_client(credentials, settings.line_api_base)

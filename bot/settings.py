"""Settings from the environment (contract §2), parsed once and loud on nonsense. Nothing else reads the environment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv6Address
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, AwareDatetime, Field, SecretStr, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy.exc import ArgumentError

from storage.database import engine_url

MIN_SECRET_LENGTH = 32
_DRIVERS = {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
"""Browsers leave them out of what they call an origin, and write it in small letters."""
_IN_MEMORY = {None, "", ":memory:"}
_NAME = re.compile(r"(?!.{254})[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*")
"""What a host can be called, IPv4 addresses among it (RFC 1123, 2.1)."""


class SettingProblem(StrEnum):
    """Why a setting is refused; the message catalogue words it."""

    NONSENSE = "nonsense"
    """The value is none that this setting can have."""
    NO_FILE = "no_file"
    """``NAME_FILE`` names a file that cannot be read or is empty, or ``.env`` cannot be read."""
    WEAK = "weak"
    """Production needs a secret of at least ``MIN_SECRET_LENGTH`` characters."""
    NOT_HTTPS = "not_https"
    """Production needs https."""
    DEVELOPMENT_ONLY = "development_only"
    """Production refuses it."""
    MISSING = "missing"
    """Another setting needs it."""
    NOT_IN_DOTENV = "not_in_dotenv"
    """``.env`` is read in development only, so production cannot be chosen in it."""


class SettingsError(Exception):
    """Some settings are refused. ``problems`` says which by name, and why; never a value, which may be a secret."""

    def __init__(self, problems: Mapping[str, SettingProblem]) -> None:
        super().__init__(", ".join(f"{name}: {problem}" for name, problem in problems.items()))
        self.problems = dict(problems)


class Environment(StrEnum):
    """Where we run; production refuses unsafe settings."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class LogFormat(StrEnum):
    """How a log line looks."""

    CONSOLE = "console"
    JSON = "json"


class LogLevel(StrEnum):
    """What is logged."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


def _database(url: str) -> str:
    try:
        parsed = engine_url(url)
    except ArgumentError:
        raise ValueError("not a database URL") from None
    # A SQLite database in memory would be another one in each process.
    if parsed.drivername not in _DRIVERS or (parsed.get_backend_name() == "sqlite" and parsed.database in _IN_MEMORY):
        raise ValueError("not a database that the bot can use")
    return url


def _origin(url: str) -> str:
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    is_origin = parts.hostname and "@" not in parts.netloc and parts.port != 0
    if parts.scheme not in _DEFAULT_PORTS or not is_origin or url.lower().removesuffix("/") != origin.lower():
        raise ValueError("not an origin")
    return origin.lower().removesuffix(_DEFAULT_PORTS[parts.scheme])


def _listening(host: str) -> str:
    if ":" in host and host.isascii():  # names and IPv4 addresses have none
        return str(IPv6Address(host))
    if not _NAME.fullmatch(host):
        raise ValueError("neither an address nor a name")
    return host


def in_our_time(instant: datetime) -> datetime:
    """Return an instant at which business time may stand.

    Raises:
        ValueError: its year is none of 2000 to 2199 (C.E.).
    """
    if not 2000 <= instant.year < 2200:  # a B.E. year typed by mistake lies outside
        raise ValueError("not a C.E. year")
    return instant


_Origin = Annotated[str, AfterValidator(_origin)]
_ChannelId = Annotated[str, Field(pattern=r"^[0-9]+$")]


class _SecretFiles(PydanticBaseSettingsSource):
    """Reads ``NAME_FILE`` among ``variables``: the value of NAME is the content of that file."""

    def __init__(self, settings_cls: type[BaseSettings], variables: Mapping[str, str | None]) -> None:
        super().__init__(settings_cls)
        self._variables = variables

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002 - pydantic's signature
        """Return the content of the setting's file, or None where no file is named.

        Raises:
            SettingsError: the file cannot be read, or there is nothing in it.
        """
        path = self._variables.get(f"{field_name}_file")
        if not path:
            return None, field_name, False
        try:
            content = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            content = ""
        if not content:
            raise SettingsError({f"{field_name.upper()}_FILE": SettingProblem.NO_FILE})
        return content, field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return the settings that come from files."""
        values = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in values.items() if value is not None}


class Settings(BaseSettings):
    """Everything that an operator decides; ministries decide the rest in the database (``ReminderPolicy``)."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True)

    database_url: Annotated[str, AfterValidator(_database), Field(repr=False)] = "sqlite:///var/emenscr.db"
    line_channel_id: _ChannelId | None = None
    line_channel_secret: SecretStr | None = None
    line_channel_access_token: SecretStr | None = None
    line_api_base: _Origin | None = None
    line_basic_id: Annotated[str, Field(pattern=r"^@?[\w.-]+$")] | None = None
    public_url: _Origin | None = None
    secret_key: SecretStr | None = None
    app_env: Environment = Environment.DEVELOPMENT
    bot_now: Annotated[AwareDatetime, AfterValidator(in_our_time)] | None = None
    liff_id: Annotated[str, Field(pattern=r"^[0-9]+-[A-Za-z0-9]+$")] | None = None
    line_login_channel_id: _ChannelId | None = None
    bind_host: Annotated[str, AfterValidator(_listening)] = "0.0.0.0"  # noqa: S104 - platforms reach no other one
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    web_concurrency: Annotated[int, Field(ge=1, le=64)] = 2
    log_level: LogLevel = LogLevel.INFO
    log_format: LogFormat = LogFormat.CONSOLE

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return where values come from, first wins: the environment, its ``NAME_FILE``, ``.env`` likewise."""
        return (init_settings, *_with_files(settings_cls, (env_settings, dotenv_settings)))

    @model_validator(mode="after")
    def _liff_is_whole(self) -> Self:
        if self.liff_id is not None and self.line_login_channel_id is None:
            raise SettingsError({"LINE_LOGIN_CHANNEL_ID": SettingProblem.MISSING})
        return self

    @model_validator(mode="after")
    def _safe_in_production(self) -> Self:
        if self.app_env is not Environment.PRODUCTION:
            return self
        problems = {}
        if self.secret_key is None or len(self.secret_key.get_secret_value()) < MIN_SECRET_LENGTH:
            problems["SECRET_KEY"] = SettingProblem.WEAK
        if self.bot_now is not None:
            problems["BOT_NOW"] = SettingProblem.DEVELOPMENT_ONLY
        for name, url in (("PUBLIC_URL", self.public_url), ("LINE_API_BASE", self.line_api_base)):
            if url is not None and not url.startswith("https://"):
                problems[name] = SettingProblem.NOT_HTTPS
        if problems:
            raise SettingsError(problems)
        return self


def _with_files(
    settings_cls: type[BaseSettings], sources: Iterable[PydanticBaseSettingsSource]
) -> Iterable[PydanticBaseSettingsSource]:
    for source in sources:
        yield source
        if isinstance(source, EnvSettingsSource):
            yield _SecretFiles(settings_cls, source.env_vars)


class _WithDotenv(Settings):
    """The settings of a developer, who may write them into a file."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8")


def load_settings() -> Settings:
    """Return the settings of this process; ``.env`` in the current folder counts in development only.

    Raises:
        SettingsError: with every bad setting by name.
    """
    try:
        settings = Settings()
        if settings.app_env is Environment.PRODUCTION:
            return settings
        settings = _WithDotenv()
    except ValidationError as error:
        names = {str(part["loc"][0]).upper() for part in error.errors(include_url=False, include_input=False)}
        raise SettingsError(dict.fromkeys(sorted(names), SettingProblem.NONSENSE)) from None
    except (OSError, UnicodeDecodeError):
        raise SettingsError({".env": SettingProblem.NO_FILE}) from None
    if settings.app_env is Environment.PRODUCTION:
        raise SettingsError({"APP_ENV": SettingProblem.NOT_IN_DOTENV})
    return settings

"""Settings: where they come from, and that nonsense is named before it does harm."""

import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.settings import Environment, LogFormat, Settings, SettingsError, load_settings
from messages_th.cli import bad_settings
from tests.bot_process import SETTING_NAMES, THAI

SECRET = "0123456789abcdef0123456789abcdef"
PRODUCTION = {"APP_ENV": "production", "SECRET_KEY": SECRET}


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in SETTING_NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Settings]:
    """Load the settings with these variables in the environment."""

    def load(**variables: str) -> Settings:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return load_settings()

    return load


def refused(given: Callable[..., Settings], **variables: str) -> list[str]:
    with pytest.raises(SettingsError) as refusal:
        given(**variables)
    shown = "".join(traceback.format_exception(refusal.value)) + "\n".join(bad_settings(refusal.value.problems))
    assert not [value for name, value in variables.items() if "SECRET" in name and value in shown]
    return sorted(refusal.value.problems)


def test_without_any_setting_the_defaults_of_the_contract_hold(given: Callable[..., Settings]) -> None:
    settings = given()
    assert settings.database_url == "sqlite:///var/emenscr.db"
    assert (settings.app_env, settings.log_format) == (Environment.DEVELOPMENT, LogFormat.CONSOLE)
    assert (settings.bind_host, settings.port) == ("0.0.0.0", 8000)
    assert (settings.web_concurrency, settings.log_level) == (2, "INFO")
    assert (settings.line_api_base, settings.bot_now, settings.secret_key) == (None, None, None)


def test_each_setting_is_read_from_the_environment(given: Callable[..., Settings]) -> None:
    settings = given(
        DATABASE_URL="postgresql://u:p@db/emenscr", LINE_CHANNEL_ID="1234567890", LINE_CHANNEL_SECRET="s1",
        LINE_CHANNEL_ACCESS_TOKEN="t1", LINE_API_BASE="http://127.0.0.1:9000/", PUBLIC_URL="https://bot.example.go.th",
        SECRET_KEY=SECRET, LINE_BASIC_ID="@123abcde", APP_ENV="development", BOT_NOW="2023-03-20T08:29:00+07:00",
        LIFF_ID="1234567890-AbcdEfgh", LINE_LOGIN_CHANNEL_ID="1", BIND_HOST="127.0.0.1", PORT="80", WEB_CONCURRENCY="3",
        LOG_LEVEL="DEBUG", LOG_FORMAT="json",
    )  # fmt: skip
    assert settings.line_api_base == "http://127.0.0.1:9000"
    assert settings.bot_now == datetime(2023, 3, 20, 1, 29, tzinfo=UTC)
    assert settings.line_channel_secret is not None
    assert settings.line_channel_secret.get_secret_value() == "s1"
    assert {name.lower() for name in SETTING_NAMES} == settings.model_fields_set


def test_an_empty_value_is_no_value(given: Callable[..., Settings]) -> None:
    assert given(**dict.fromkeys(SETTING_NAMES, "")).model_dump() == Settings().model_dump()


def test_an_origin_is_written_as_browsers_write_it(given: Callable[..., Settings]) -> None:
    assert given(PUBLIC_URL="HTTPS://Bot.Example.go.th:443/").public_url == "https://bot.example.go.th"
    assert given(PUBLIC_URL="http://127.0.0.1:8000").public_url == "http://127.0.0.1:8000"


@pytest.mark.parametrize("host", ("127.0.0.1", "::", "::1", "localhost", "web-1.office.go.th", "9front.go.th"))
def test_the_web_process_listens_at_an_address_or_a_name(given: Callable[..., Settings], host: str) -> None:
    assert given(BIND_HOST=host).bind_host == host


def test_a_liff_app_needs_its_login_channel(given: Callable[..., Settings]) -> None:
    assert refused(given, LIFF_ID="1234567890-AbcdEfgh") == ["LINE_LOGIN_CHANNEL_ID"]
    assert given(LINE_LOGIN_CHANNEL_ID="1234567890").liff_id == "1234567890-AbcdEfgh"


def test_a_secret_may_lie_in_a_file(given: Callable[..., Settings], tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{SECRET}\n")
    (tmp_path / "url").write_text("postgresql://u:p@db/emenscr")
    settings = given(SECRET_KEY_FILE=str(tmp_path / "key"), DATABASE_URL_FILE=str(tmp_path / "url"))
    assert settings.secret_key is not None
    assert settings.secret_key.get_secret_value() == SECRET
    assert settings.database_url == "postgresql://u:p@db/emenscr"


@pytest.mark.parametrize("content", (None, b"", b"\n", b"\xff\xfe"))
def test_a_secret_file_without_a_secret_is_named(
    given: Callable[..., Settings], tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "key").write_bytes(content)
    assert refused(given, SECRET_KEY_FILE=str(tmp_path / "key")) == ["SECRET_KEY_FILE"]


def test_in_development_the_environment_comes_before_dotenv(given: Callable[..., Settings], tmp_path: Path) -> None:
    (tmp_path / "key").write_text(SECRET)
    (tmp_path / ".env").write_text(f"PORT=81\nLOG_LEVEL=ERROR\nSECRET_KEY_FILE={tmp_path / 'key'}\nLIFF_ID=\n")
    settings = given(LOG_LEVEL="DEBUG")
    assert (settings.port, settings.log_level, settings.liff_id) == (81, "DEBUG", None)
    assert settings.secret_key is not None


def test_a_dotenv_that_is_no_text_is_named(given: Callable[..., Settings], tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("LIFF_ID=รหัส".encode("cp874"))
    assert refused(given) == [".env"]


def test_production_does_not_look_into_dotenv(given: Callable[..., Settings], tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=81\nDATABASE_URL=nonsense\n")
    assert given(**PRODUCTION).port == 8000


def test_production_cannot_be_chosen_in_dotenv(given: Callable[..., Settings], tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"APP_ENV=production\nSECRET_KEY={SECRET}\n")
    assert refused(given) == ["APP_ENV"]


@pytest.mark.parametrize(
    ("name", "value"),
    (
        ("APP_ENV", "Production"), ("APP_ENV", "staging"),
        ("BIND_HOST", "http://127.0.0.1"), ("BIND_HOST", "127.0.0.1:8000"), ("BIND_HOST", "[::1]"),
        ("BIND_HOST", "0.0.0.0, ::"), ("BIND_HOST", "*"), ("BIND_HOST", "-a.go.th"), ("BIND_HOST", "a..go.th"),
        ("BIND_HOST", "unix:/run/bot.sock"), ("BIND_HOST", "เครื่อง"), ("BIND_HOST", "a" * 254),
        ("PORT", "0"), ("PORT", "65536"), ("PORT", "http"), ("WEB_CONCURRENCY", "0"),
        ("LOG_LEVEL", "LOUD"), ("LOG_FORMAT", "xml"),
        ("BOT_NOW", "2023-03-20"), ("BOT_NOW", "2023-03-20T08:29:00"), ("BOT_NOW", "tomorrow"),
        ("BOT_NOW", "2566-03-20T08:29:00+07:00"),
        ("LINE_CHANNEL_ID", "abc"), ("LINE_LOGIN_CHANNEL_ID", "๑๒๓"), ("LIFF_ID", "1234567890"),
        ("LIFF_ID", "https://liff.line.me/1-a"), ("LINE_BASIC_ID", "a b"),
        ("DATABASE_URL", "nonsense"), ("DATABASE_URL", "mysql://u:p@db/x"), ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"), ("DATABASE_URL", "postgresql+psycopg2://db/x"),
        ("DATABASE_URL", "postgresql://db:port/x"),
        ("LINE_API_BASE", "127.0.0.1:9000"), ("LINE_API_BASE", "http://127.0.0.1:9000/v2"),
        ("LINE_API_BASE", "https://u:p@api.example.th"), ("LINE_API_BASE", "https://"), ("LINE_API_BASE", "http://[::1"),
        ("PUBLIC_URL", "ftp://bot.example.th"), ("PUBLIC_URL", "https://bot.example.th/?a=1"),
        ("PUBLIC_URL", "https://bot.example.th:port"), ("PUBLIC_URL", "https://bot.example.th/#a"),
    ),
)  # fmt: skip
def test_nonsense_is_named_in_one_thai_line(given: Callable[..., Settings], name: str, value: str) -> None:
    assert refused(given, **{name: value}) == [name]
    with pytest.raises(SettingsError) as refusal:
        load_settings()
    (line,) = bad_settings(refusal.value.problems)
    assert name in line
    assert THAI.search(line.partition(":")[2])


def test_all_nonsense_is_named_at_once(given: Callable[..., Settings]) -> None:
    assert refused(given, PORT="x", LOG_LEVEL="x", LINE_CHANNEL_SECRET="s3cret!") == ["LOG_LEVEL", "PORT"]


@pytest.mark.parametrize("url", ("postgres://u:p@db/x", "postgresql://u:p@/x?host=/run/pg", "sqlite:////var/x.db"))
def test_database_urls_as_hosts_give_them_are_taken(given: Callable[..., Settings], url: str) -> None:
    settings = given(DATABASE_URL=url)
    assert settings.database_url == url
    assert url not in repr(settings)


def test_production_refuses_what_is_unsafe(given: Callable[..., Settings]) -> None:
    unsafe = {
        "APP_ENV": "production", "SECRET_KEY": "too short", "BOT_NOW": "2023-03-20T08:29:00+07:00",
        "PUBLIC_URL": "http://bot.example.th", "LINE_API_BASE": "http://127.0.0.1:9000",
    }  # fmt: skip
    assert refused(given, **unsafe) == ["BOT_NOW", "LINE_API_BASE", "PUBLIC_URL", "SECRET_KEY"]


def test_production_needs_a_key_and_starts_with_one(given: Callable[..., Settings]) -> None:
    assert refused(given, APP_ENV="production") == ["SECRET_KEY"]
    assert given(**PRODUCTION).app_env is Environment.PRODUCTION

"""Files that a server or a platform reads, and the guides to them: commands, settings and files named there exist."""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import click
import pytest
from flask import Flask

from bot.cli import cli
from bot.server import WebServer
from bot.settings import Settings
from tests.processes import ROOT

UNITS = ROOT / "deploy" / "systemd"
SERVICES = sorted(UNITS.glob("*.service"))
GUIDES = ROOT / "docs" / "operations"
PROGRAM = "/opt/emenscr/bin/emenscr-bot"


def unit(path: Path) -> ConfigParser:
    parser = ConfigParser(strict=False, interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # names of systemd have capitals
    parser.read(path, encoding="utf-8")
    return parser


def is_command(words: list[str]) -> bool:
    """Whether these words after the program's name run something."""
    command: click.Command = cli
    for word in words:
        found = command.get_command(click.Context(command), word) if isinstance(command, click.Group) else None
        if found is None:
            return False
        command = found
    return not isinstance(command, click.Group)


def assigned(path: Path) -> dict[str, str]:
    """The NAME=value lines of a file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(shlex.split(line)[0].split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))


def test_each_line_of_the_procfile_is_a_command_and_all_three_processes_are_there() -> None:
    lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines())
    assert set(lines) == {"release", "web", "worker", "clock"}
    for line in lines.values():
        program, *words = shlex.split(line)
        assert (program, is_command(words)) == ("emenscr-bot", True)


def test_each_service_runs_a_command_of_the_bot_or_a_script_of_ours() -> None:
    ran = {path.stem: shlex.split(unit(path)["Service"]["ExecStart"]) for path in SERVICES}
    assert set(ran) == {"emenscr-web", "emenscr-worker", "emenscr-clock", "emenscr-backup"}
    script, folder = ran.pop("emenscr-backup")
    assert (ROOT / "deploy" / Path(script).name).stat().st_mode & 0o111
    assert unit(UNITS / "emenscr-backup.service")["Service"]["ReadWritePaths"] == folder
    assert {tuple(words) for program, *words in ran.values() if program == PROGRAM} == {
        ("serve",),
        ("worker",),
        ("clock",),
    }
    assert all(is_command(words) for _, *words in ran.values())


def test_the_target_holds_every_lasting_service_and_each_ends_with_it() -> None:
    lasting = {path.name for path in SERVICES if unit(path)["Service"].get("Type") != "oneshot"}
    assert set(unit(UNITS / "emenscr.target")["Unit"]["Wants"].split()) == lasting
    for name in lasting:
        service = unit(UNITS / name)
        assert (service["Unit"]["PartOf"], service["Service"]["Restart"]) == ("emenscr.target", "always")


def test_every_service_runs_confined_as_a_user_of_its_own() -> None:
    common = unit(UNITS / "emenscr-.service.d" / "common.conf")["Service"]
    wanted = {"User": "emenscr", "ProtectSystem": "strict", "NoNewPrivileges": "yes", "CapabilityBoundingSet": ""}
    assert wanted.items() <= dict(common).items()
    assert all(path.name.startswith("emenscr-") for path in SERVICES)  # or the drop-in would not hold for it
    overridden = [name for path in SERVICES for name in unit(path)["Service"] if name in common]
    assert overridden == []


def test_the_settings_of_a_server_are_safe_and_hold_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = assigned(UNITS / "bot.env")
    assert given["APP_ENV"] == "production"
    for name, value in given.items():
        is_file = name.endswith("_FILE")
        assert is_file or name not in {"SECRET_KEY", "LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN"}
        if is_file:
            (tmp_path / name).write_text("0123456789abcdef0123456789abcdef")
        monkeypatch.setenv(name, str(tmp_path / name) if is_file else value)
    settings = Settings()
    assert {name.removesuffix("_FILE").lower() for name in given} == settings.model_fields_set
    assert settings.bind_host == "127.0.0.1"


def test_the_proxy_passes_on_what_the_bot_takes_and_keeps_the_rest_inside() -> None:
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    locations = dict(re.findall(r"location (?:= )?(\S+) \{(.*?)\n    \}", text, flags=re.DOTALL))
    outside = {path for path, body in locations.items() if "proxy_pass" in body}
    assert outside == {"/callback", "/w/", "/api/", "/healthz"}
    assert "return 404" in locations["/"]
    sizes = {path: re.findall(r"client_max_body_size (\d+)m", body) for path, body in locations.items()}
    assert (sizes["/callback"], sizes["/api/"], sizes["/w/"]) == (["2"], ["2"], ["101"])
    assert (
        f"proxy_pass http://{assigned(UNITS / 'bot.env')['BIND_HOST']}:{Settings.model_fields['port'].default};" in text
    )


@pytest.mark.parametrize(
    ("host", "bound"), (("0.0.0.0", "0.0.0.0:80"), ("localhost", "localhost:80"), ("::1", "[::1]:80"))
)
def test_the_web_process_listens_where_the_settings_say(host: str, bound: str) -> None:
    server = WebServer(lambda: (Flask("nothing"), lambda: None), host, 80, 1)
    assert server.cfg.settings["bind"].get() == [bound]


def test_a_backup_that_is_ended_leaves_no_half_and_only_old_backups_are_removed_also_behind_a_link(
    tmp_path: Path,
) -> None:
    (disk := tmp_path / "disk").mkdir()
    (folder := tmp_path / "backups").symlink_to(disk)
    for name in ("emenscr-20230101T054500Z.dump", "emenscr-notes.txt"):
        (disk / name).touch()
        os.utime(disk / name, (0, 0))
    dumper = tmp_path / "pg_dump"
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "DATABASE_URL": "postgresql:///emenscr"}

    def left(*commands: str) -> list[str]:
        dumper.write_text("\n".join(("#!/bin/sh", *commands)))
        dumper.chmod(0o755)
        command = [ROOT / "deploy" / "backup.sh", folder]
        subprocess.run(command, env=environment, capture_output=True, timeout=20, check=False)
        return sorted(path.suffix for path in disk.iterdir())

    assert left('echo half > "${2#--file=}"', "kill -TERM $PPID") == [".dump", ".txt"]
    assert left('echo whole > "${2#--file=}"') == [".dump", ".txt"]
    assert not (disk / "emenscr-20230101T054500Z.dump").exists()


def test_what_guides_name_of_this_repository_is_there() -> None:
    named = {
        path
        for guide in (*GUIDES.glob("*.md"), ROOT / "docs" / "operations.md")
        for path in re.findall(r"\b(?:deploy|docs|tests)/[\w./-]*\w", guide.read_text(encoding="utf-8"))
    }
    assert {path for path in named if not (ROOT / path).exists()} == set()
    assert {f"deploy/{name}" for name in ("backup.sh", "nginx.conf", "prometheus/alerts.yml")} <= named


def test_guides_lead_to_each_other() -> None:
    index = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\]\(operations/([\w-]+\.md)\)", index)) == {path.name for path in GUIDES.glob("*.md")}


def test_every_command_that_a_guide_shows_exists() -> None:
    unknown = [
        " ".join(words)
        for guide in GUIDES.glob("*.md")
        for words in shown(guide.read_text(encoding="utf-8"))
        if not any(is_command(words[:length]) for length in (1, 2)) and words[0] != "outbox"
    ]
    assert unknown == []


def shown(text: str) -> Iterator[list[str]]:
    """The words after each `emenscr-bot` in code."""
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, flags=re.DOTALL))
    for words in re.findall(r"(?<![\w/.])emenscr-bot ((?:[a-z][a-z-]*[ \n`]){1,2})", code):
        yield words.replace("`", " ").split()

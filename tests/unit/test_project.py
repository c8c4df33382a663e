"""What holds for the project as a whole: languages, layers, sizes, locked requirements, and docs that keep up."""

import ast
import json
import re
import socket
import sys
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from pydantic import AliasChoices

from bot.cli import cli
from bot.settings import Settings
from tests.processes import ROOT

PACKAGES = ("bot", "domain", "handlers", "messages_th", "scheduler", "simulator", "storage")
WRITTEN_BY_HAND = {".css", ".html", ".j2", ".js", ".py"}
TEXT = WRITTEN_BY_HAND | {".ini", ".json", ".md", ".toml", ".txt"}
LOCKED = ("run", "dev", "lock")


def files(folders: tuple[str, ...], suffixes: set[str]) -> Iterator[Path]:
    """Files of these kinds, as paths from the root; a folder "." gives those directly in it."""
    for folder in folders:
        found = ROOT.glob("*") if folder == "." else (ROOT / folder).rglob("*")
        yield from (path.relative_to(ROOT) for path in found if path.is_file() and path.suffix in suffixes)


def places(pattern: re.Pattern[str], paths: Iterator[Path]) -> list[str]:
    """Each place where the pattern is found, as `file:line`."""
    return [
        f"{path}:{number}"
        for path in paths
        for number, line in enumerate((ROOT / path).read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_thai_is_written_in_messages_th_alone() -> None:
    code = files(tuple(name for name in PACKAGES if name != "messages_th"), {".py"})
    assert places(re.compile("[\u0e00-\u0e7f]"), code) == []


def test_the_name_of_emenscr_is_spelt_right() -> None:
    """Spellings as people type them may stand only where they are understood."""
    wrong = re.compile(r"\b(?!eMENSCR|emenscr|EMENSCR)[eE]-?[mM][eE][nN][sS]")
    everything = files((*PACKAGES, "tests", "docs", "."), TEXT)
    paths = (path for path in everything if not re.search(r"vocabulary|intent|understand", str(path)))
    assert places(wrong, paths) == []


def test_a_file_can_be_held_in_mind() -> None:
    lengths = {
        str(path): len((ROOT / path).read_text(encoding="utf-8").splitlines())
        for path in files((*PACKAGES, "tests"), WRITTEN_BY_HAND)
        if path.parent.name != "versions"  # a migration is as long as its change
    }
    assert {path: lines for path, lines in lengths.items() if lines > 450} == {}


def test_the_rules_need_nothing_but_the_standard_library() -> None:
    """The layers between our own packages are checked by import-linter; this is about everybody else's."""
    allowed = sys.stdlib_module_names | {"domain"}
    foreign = [
        f"{path}: {name}"
        for path in files(("domain",), {".py"})
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
        for name in imported(node)
        if name.partition(".")[0] not in allowed
    ]
    assert foreign == []


def imported(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), level=0):
            return [module]
        case _:
            return []


def pins(name: str) -> dict[str, str]:
    """The requirements of a locked file, `name==version; marker` → the rest of its entry."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    entries = re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    return {pin.strip(): hashes for pin, _, hashes in (entry.partition(" --hash=") for entry in entries)}


@pytest.mark.parametrize("name", LOCKED)
def test_requirements_are_locked_by_hash_and_name_no_index(name: str) -> None:
    entries = pins(name)
    assert entries
    for pin, hashes in entries.items():
        assert re.fullmatch(r"[a-z0-9-]+==\S+( ; .+)?", pin), pin
        assert re.fullmatch(r"sha256:[0-9a-f]{64}( +--hash=sha256:[0-9a-f]{64})*", hashes.strip()), pin


def test_development_uses_what_production_runs() -> None:
    assert pins("run").items() <= pins("dev").items()


def test_what_the_project_declares_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[^a-z0-9-]", requirement)[0] for requirement in project["dependencies"]}
    assert declared <= {pin.partition("==")[0] for pin in pins("run")}


def environment_names() -> set[str]:
    """The variables that the settings are read from."""
    names: set[str] = set()
    for field, info in Settings.model_fields.items():
        match info.validation_alias:
            case str(alias):
                names.add(alias.upper())
            case AliasChoices(choices=choices):
                names.add(str(choices[0]).upper())
            case _:
                names.add(field.upper())
    return names


def test_the_example_environment_shows_each_setting() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^(?:# ?)?([A-Z_]+)=", example, flags=re.MULTILINE)) == environment_names()


def test_each_setting_is_documented() -> None:
    documented = set(re.findall(r"`([A-Z][A-Z_]+)`", operations()))
    assert environment_names() - documented == set()


def test_each_command_is_documented() -> None:
    missing = [command for command in commands(cli, "emenscr-bot") if not re.search(rf"{command}\b", operations())]
    assert missing == []


def operations() -> str:
    return (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def commands(command: click.Command, path: str) -> Iterator[str]:
    """Every command line that does something, without its options."""
    if not isinstance(command, click.Group) or command.invoke_without_command:
        yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            if not inner.hidden:
                yield from commands(inner, f"{path} {name}")


def guides() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def anchors(page: Path) -> set[str]:
    """What a link may lead to within a page: its headings, as GitHub names them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    kept = (
        "".join(c for c in heading.lower() if c in " -_" or unicodedata.category(c)[0] in "LMN") for heading in headings
    )
    return {heading.replace(" ", "-") for heading in kept}


def test_what_the_docs_link_to_exists() -> None:
    broken = []
    for page in guides():
        text = page.read_text(encoding="utf-8")
        for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)|<img src=\"([^\"]+)\"", text):
            path, _, anchor = "".join(link).partition("#")
            target = (page.parent / path).resolve() if path else page
            if not target.exists() or (anchor and anchor not in anchors(target)):
                broken.append(f"{page.relative_to(ROOT)}: {''.join(link)}")
    assert broken == []


def test_each_picture_is_shown_by_a_guide_and_taken_by_the_browser_tests() -> None:
    pictures = ROOT / "docs" / "pictures"
    shown = {name for page in guides() for name in re.findall(r"pictures/([\w-]+)\.png", page.read_text("utf-8"))}
    taken = json.loads((pictures / "pictures.json").read_text(encoding="utf-8"))
    assert (
        {path.stem for path in pictures.glob("*.png")} == shown == {name for guide in taken.values() for name in guide}
    )


def test_the_guides_in_thai_name_buttons_as_they_are_called() -> None:
    """What stands behind «press», «the button» or «tap» is a label; an ellipsis in it stands for what varies."""
    said = "".join((ROOT / path).read_text(encoding="utf-8") for path in files(("messages_th",), {".py", ".j2"}))
    unknown = [
        f"{page.name}: {label}"
        for page in (ROOT / "docs" / "th").glob("*.md")
        for label in re.findall("(?:กด|ปุ่ม|แตะ) «([^»]+)»", page.read_text(encoding="utf-8"))
        if not all(part in said for part in label.split(" … "))
    ]
    assert unknown == []


def test_a_test_cannot_reach_another_machine() -> None:
    with socket.socket() as outside, pytest.raises(RuntimeError, match="tried to reach"):
        outside.connect(("203.0.113.1", 443))
    with pytest.raises(RuntimeError, match="tried to reach"):
        socket.getaddrinfo("api.line.me", 443)

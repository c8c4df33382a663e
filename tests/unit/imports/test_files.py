"""Which files of the paths that were given are opened at all."""

import os
import socket
from pathlib import Path

import pytest

from storage.imports.files import find_files
from storage.imports.problems import ProblemCode


def found(*paths: Path) -> tuple[list[str], list[tuple[ProblemCode, str]]]:
    files, problems = find_files(paths)
    return [file.name for file in files], [(problem.code, problem.file) for problem in problems]


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def loop(path: Path) -> None:
    path.symlink_to(path)


def broken_link(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere.csv"))


def listener(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


@pytest.mark.parametrize("make", (pipe, device, loop, broken_link, listener))
def test_only_regular_files_are_opened(tmp_path: Path, make: object) -> None:
    assert callable(make)
    odd, good = tmp_path / "odd.csv", tmp_path / "units.csv"
    make(odd)
    good.write_text("a,b")
    assert found(tmp_path) == (["units.csv"], [(ProblemCode.NO_SUCH_PATH, str(odd))])
    assert found(odd, good) == (["units.csv"], [(ProblemCode.NO_SUCH_PATH, str(odd))])


@pytest.mark.parametrize("name", ("x" * 5_000, "y/" * 5_000, "a\0b"))
def test_a_path_that_cannot_be_is_a_problem(tmp_path: Path, name: str) -> None:
    names, problems = found(tmp_path / name)
    assert (names, [code for code, _ in problems]) == ([], [ProblemCode.NO_SUCH_PATH])


def test_a_name_is_shown_without_what_a_screen_would_obey(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\x1b[2J\xff.csv"))
    path.write_text("a,b")
    assert found(path) == (["[2J?.csv"], [])
    assert found(tmp_path / "\x1b[2J") == ([], [(ProblemCode.NO_SUCH_PATH, str(tmp_path / "[2J"))])

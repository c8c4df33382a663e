"""An operator at a shell: types commands, in the test's own process, and reads what they answer."""

import gc
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import main
from tests.bot_process import SETTING_NAMES
from tests.office import logging_kept


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


class Operator:
    """Types commands, in this process, into a shell whose variables the test sets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def sets(self, **variables: str) -> None:
        for name, value in variables.items():
            self._monkeypatch.setenv(name, value)

    def types(self, *words: str | Path) -> Said:
        with logging_kept(), pytest.raises(SystemExit) as end:
            main([str(word) for word in words])
        out, err = self._capsys.readouterr()
        assert isinstance(end.value.code, int)
        return Said(end.value.code, out, err)


@pytest.fixture
def operator(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Operator]:
    """Somebody in an empty folder without any setting."""
    monkeypatch.chdir(tmp_path)
    for name in SETTING_NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    thresholds = gc.get_threshold()
    yield Operator(monkeypatch, capsys)
    gc.set_threshold(*thresholds)


@pytest.fixture
def at_office(operator: Operator, database_url: str) -> Operator:
    """An operator whose database is migrated and empty."""
    operator.sets(DATABASE_URL=database_url)
    return operator

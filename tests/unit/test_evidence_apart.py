"""Files are cleaned in a process of their own, which hostile ones may break."""

import json
import threading

import pytest

from domain.evidence import EvidenceFault, EvidenceRefused
from storage.untrusted_files import apart
from storage.untrusted_files.apart import ReadingBusy, cleaned_apart
from storage.untrusted_files.cleaning import cleaned
from tests.evidence_files import photo


def test_a_file_is_cleaned_in_a_process_of_its_own() -> None:
    content = photo("อบรม", (3_000, 2_000))
    assert cleaned_apart(content) == cleaned(content)
    with pytest.raises(EvidenceRefused) as refused:
        cleaned_apart(b"GIF89a")
    assert refused.value.fault is EvidenceFault.UNKNOWN_KIND


def test_a_file_that_breaks_that_process_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*code: str) -> EvidenceFault:
        monkeypatch.setattr(apart, "COMMAND", [apart.COMMAND[0], "-c", *code])
        with pytest.raises(EvidenceRefused) as refused:
            cleaned_apart(b"hostile")
        return refused.value.fault

    assert run("import os; os.abort()") is EvidenceFault.TOO_DEMANDING
    assert run(f"print({json.dumps({'fault': 'heic'})!r})") is EvidenceFault.HEIC
    monkeypatch.setattr(apart, "TIME_LIMIT", 0.2)
    assert run("import time; time.sleep(20)") is EvidenceFault.TOO_DEMANDING


def test_that_process_knows_no_setting_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "k" * 40)
    tells = "import os, sys; sys.exit(3) if 'SECRET_KEY' in os.environ else print('{\"fault\": \"empty\"}')"
    monkeypatch.setattr(apart, "COMMAND", [apart.COMMAND[0], "-c", tells])
    with pytest.raises(EvidenceRefused) as refused:
        cleaned_apart(b"x")
    assert refused.value.fault is EvidenceFault.EMPTY


def test_files_that_wait_leave_threads_to_the_webhook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "waiting_room", threading.BoundedSemaphore(1))
    with apart.waiting_room, pytest.raises(ReadingBusy):
        cleaned_apart(b"GIF89a")
    with pytest.raises(EvidenceRefused):  # there is room again
        cleaned_apart(b"GIF89a")

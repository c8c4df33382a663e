"""The command that says what sentences mean, with the agencies of the database."""

import io
import json
import sys
from typing import Any

import pytest

from tests.office import Bot, labour
from tests.operator_at_shell import Operator, operator

__all__ = ["labour", "operator"]


def understood(operator: Operator, monkeypatch: pytest.MonkeyPatch, typed: bytes) -> list[dict[str, Any]]:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed)))
    said = operator.types("understand")
    assert (said.code, said.err) == (0, "")
    return [json.loads(line) for line in said.out.splitlines()]


def test_each_line_is_answered_by_one_json(operator: Operator, monkeypatch: pytest.MonkeyPatch, labour: Bot) -> None:
    operator.sets(DATABASE_URL=labour.url)
    sentences = "ใครยังไม่ส่งรายงานไตรมาส ๑/๒๕๖๖\nกสร. รายงานครบยัง ไตรมาสนี้\nตีกลับ รง 0402-66-0003 ข้อมูลไม่ครบ\nส่ง"
    first, second, third, unclear = understood(operator, monkeypatch, sentences.encode())
    assert first.keys() == {"utterance", "intent", "slots", "confidence"}
    assert first["utterance"] == "ใครยังไม่ส่งรายงานไตรมาส ๑/๒๕๖๖"
    assert (first["intent"], first["slots"]) == ("unreported_projects", {"quarter": 1, "fiscal_year": 2566})
    assert (second["intent"], second["slots"]) == ("agency_summary", {"quarter": "current", "agency": "กสร."})
    assert third["slots"] == {"project_code": "รง 0402-66-0003"}
    assert third["extra"] == {"reason": "ข้อมูลไม่ครบ"}
    assert unclear["intent"] is None
    assert 1 <= len(unclear["choices"]) <= 3


def test_any_bytes_are_answered_line_by_line(operator: Operator, monkeypatch: pytest.MonkeyPatch, labour: Bot) -> None:
    operator.sets(DATABASE_URL=labour.url)
    lines = understood(operator, monkeypatch, b"\n\xff\xfe\x00\r\n" + "ก".encode() * 50_000 + b"\n\xe0\xb8")
    assert [len(line["utterance"]) for line in lines] == [0, 3, 50_000, 1]
    assert lines[0]["intent"] is None


def test_without_a_database_the_cure_is_told(operator: Operator) -> None:
    said = operator.types("understand")
    assert (said.code, said.out) == (1, "")
    assert "emenscr-bot db upgrade" in said.err

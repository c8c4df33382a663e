"""``emenscr-bot ask``: what a person would get, without sending or changing anything."""

import json

import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.runtime import Runtime
from tests.office import Bot, labour, texts

__all__ = ["labour"]

QUESTION = "ไตรมาสนี้โครงการไหนยังไม่รายงาน"


def test_it_prints_the_messages_that_the_person_would_get_and_changes_nothing(labour: Bot) -> None:
    before = labour.row_counts()
    shown = json.loads(labour.run("ask", QUESTION, "--person", "P00017", "--at", labour.at.isoformat()))
    assert "โครงการที่ยังไม่รายงาน" in texts(shown)
    assert labour.row_counts() == before


@pytest.mark.parametrize("text", ("", "อนุมัติ", "ผูกบัญชี", "ABCD-EFGH-JKMN", "ยกเลิกการผูกบัญชี", "ก" * 6_000))
def test_whatever_is_asked_nothing_is_sent_or_changed(labour: Bot, text: str) -> None:
    before = labour.row_counts()
    assert json.loads(labour.run("ask", text, "--person", "P00014", "--at", labour.at.isoformat()))
    assert labour.row_counts() == before


def test_nobody_with_that_code_is_an_error(labour: Bot) -> None:
    runtime = Runtime()
    runtime.__dict__["database"] = labour.database
    result = CliRunner().invoke(cli, ["ask", QUESTION, "--person", "X1"], obj=runtime, env=labour.environment())
    assert (result.exit_code, result.stdout) == (1, "")
    assert "ไม่พบบุคคลรหัส X1" in result.stderr

"""The guide to watching names what there is to watch: fields, figures, alerts, alarms and warnings."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # brings no types
from prometheus_client.parser import text_string_to_metric_families

from bot.app import create_app
from bot.settings import Settings
from messages_th.alarm import alarm
from scheduler.alarms import AlarmTopic
from scheduler.outcomes import StopReason
from storage import shared_state
from storage.database import Database
from storage.shared_state import StateKey
from tests.processes import ROOT
from tests.sending import HandClock, message, queue, settle_person

GUIDE = (ROOT / "docs" / "operations" / "watching.md").read_text(encoding="utf-8")
IN_CODE = frozenset(re.findall(r"`([^`\n]+)`", GUIDE))
ALERTS = ROOT / "deploy" / "prometheus" / "alerts.yml"
FACTS = {"limit": 1, "used": 1, "minutes": 1, "tries": 1}


@pytest.fixture
def answers(sqlite_url: str) -> Iterator[Mapping[str, Any]]:
    """What /readyz and /metrics say when there is something to say of everything."""
    database, clock = Database(sqlite_url), HandClock()
    queue(database, message(settle_person(database)))
    with database.write() as session:
        at = clock.real.isoformat()
        shared_state.put(session, StateKey.LAST_TICK, {"at": at, "for": at}, clock.real)
    clock.business += timedelta(seconds=1)
    web = create_app(Settings(), database, clock).test_client()
    yield {"readyz": web.get("/readyz").json, "metrics": web.get("/metrics").text}
    database.dispose()


def alerts() -> Mapping[str, Mapping[str, Any]]:
    (group,) = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]
    return {rule["alert"]: rule for rule in group["rules"]}


def figures(answers: Mapping[str, Any]) -> Mapping[str, frozenset[str]]:
    """The states by which each metric is told apart."""
    families = text_string_to_metric_families(answers["metrics"])
    return {f.name: frozenset(s.labels["state"] for s in f.samples if "state" in s.labels) for f in families}


def test_every_field_and_every_figure_is_explained(answers: Mapping[str, Any]) -> None:
    assert set(answers["readyz"]) - IN_CODE == set()
    known = figures(answers)
    assert {f"{name}{{state}}" if states else name for name, states in known.items()} - IN_CODE == set()
    assert {state for states in known.values() for state in states} - IN_CODE == set()
    assert {name.partition("{")[0] for name in IN_CODE if name.startswith("emenscr_")} == set(known)


def test_alerts_ask_for_figures_and_states_that_exist_and_each_is_explained(answers: Mapping[str, Any]) -> None:
    known = figures(answers)
    for name, rule in alerts().items():
        assert f"| `{name}` | {rule['labels']['severity']} |" in GUIDE
        asked = re.findall(r'(emenscr_\w+)(?:\{state="(\w+)"\})?', rule["expr"])
        assert asked or "up{job=" in rule["expr"]
        for metric, state in asked:
            assert state in known[metric] if state else not known[metric]
    assert {name for name in IN_CODE if re.fullmatch(r"eMENSCR[A-Za-z]+", name)} == set(alerts())


def test_every_alarm_is_explained_under_the_words_in_which_it_comes() -> None:
    for topic in AlarmTopic:
        for reason in StopReason if topic is AlarmTopic.SENDER_STOPPED else ("",):
            said = alarm(topic, FACTS | {"reason": reason}, HandClock().now()).body
            row = f"| `{topic}` (`{reason}`) |" if reason else f"| `{topic}` |"
            (headline,) = re.findall(rf"^{re.escape(row)} «([^»]+)» ", GUIDE, flags=re.MULTILINE)
            assert headline in said


def test_every_warning_in_the_log_is_explained() -> None:
    _, _, table = GUIDE.partition("## The log")
    assert logged() - set(re.findall(r"`(\w+)`", table)) == set()


def logged() -> set[str]:
    """The names of all events that are logged as warnings or errors."""
    folders = [ROOT / name for name in ("bot", "handlers", "scheduler", "storage")]
    files = [path for folder in folders for path in folder.rglob("*.py") if path.parent.name != "development"]
    calls = re.compile(r"_log\.(?:warning|error|exception)\(\s*(.*)")
    return {
        name
        for path in files
        for call in calls.findall(path.read_text(encoding="utf-8"))
        for name in re.findall(r'"([a-z]+(?:_[a-z]+)+)"', call)
    }

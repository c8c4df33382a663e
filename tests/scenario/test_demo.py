"""``make demo``: its sample ministry, and the whole of it running on this machine."""

import os
import signal
import socket
from collections.abc import Iterator
from functools import partial
from unittest.mock import Mock
from urllib.request import proxy_bypass, urlopen

import pytest
from sqlalchemy import func, select

from bot.demo.__main__ import demo as command
from bot.demo.__main__ import main
from bot.demo.line import EmulatedLine
from bot.demo.ministry import FILES
from bot.demo.running import environment, replace_environment
from bot.demo.tour import CAST as PHONES_OF_THE_TOUR
from bot.demo.tour import tour
from bot.settings import Settings
from domain.fiscal import YearBasis
from domain.invite_codes import code_in, spelled
from domain.organisation import UnitLevel
from messages_th import demo_tour
from storage import tables
from storage.queries.rules import load_rules
from tests.demo_process import demo, messages
from tests.office import Bot, bangkok, texts
from tests.processes import wait_for
from tests.unit.domain import labour
from tests.unit.domain.thai_dates import day, span

OFFICER, HEAD, DIRECTOR_GENERAL = "P017", "P016", "P014"
CLUSTER_HEAD, PERMANENT_SECRETARY, COORDINATOR = "P002", "P001", "P004"
CAST = {
    OFFICER: {"last_day"},
    HEAD: {"pending", "escalated"},
    DIRECTOR_GENERAL: {"pending"},
    CLUSTER_HEAD: {"pending"},
    PERMANENT_SECRETARY: {"pending"},
    COORDINATOR: {"escalated"},
}


@pytest.fixture
def bot(database_url: str) -> Iterator[Bot]:
    bot = Bot(database_url, at=bangkok("20 มี.ค. 66"))
    yield bot
    bot.database.dispose()


def test_the_sample_ministry_is_imported_without_a_fault_and_again_without_a_change(bot: Bot) -> None:
    first, again = bot.json("import", FILES), bot.json("import", FILES)
    for report in (first, again):
        assert report["errors"] == []
        assert [warning["file"] for warning in report["warnings"]] == ["README.md"]
    assert {(counts["updated"], counts["unchanged"]) for counts in first["files"].values()} == {(0, 0)}
    assert {(counts["added"], counts["updated"]) for counts in again["files"].values()} == {(0, 0)}
    with bot.database.read() as session:
        agencies = session.scalars(select(tables.Unit).where(tables.Unit.level == UnitLevel.AGENCY)).all()
        projects = session.scalar(select(func.count()).select_from(tables.Project))
        people = session.scalar(select(func.count()).select_from(tables.Person))
        rules = load_rules(session, day("20 มี.ค. 66"))
    by_calendar_year = [a.short_name for a in agencies if a.year_basis is YearBasis.CALENDAR]
    assert (len(agencies), by_calendar_year, projects, people) == (5, ["สปส."], 60, 46)
    for name, row in labour.ROAD_MAP.items():
        path = rules.organisation.path("รง06" if row.only else "รง03")
        windows = rules.window(row.occasion, path)
        assert windows is not None, name
        assert windows.agency == span(row.agency.span), name
        assert windows.upper == (span(row.upper.span) if row.upper else None), name


def test_on_the_demos_morning_every_role_of_the_cast_has_something(bot: Bot) -> None:
    bot.run("import", FILES)
    told = bot.remind()
    assert {person: {topic["step"] for topic in told[person]["topics"]} for person in CAST} == CAST
    assert {topic["stage"] for topic in told[CLUSTER_HEAD]["topics"]} == {"UPPER"}
    assert "ไตรมาส 4/2565 (ต.ค.–ธ.ค. 65)" in told["P041"]["alt"]  # an officer of the agency with calendar years
    assert "P034" not in told  # her post ended; the acting director decides
    assert "P042" in told


def test_the_tour_is_eight_steps_on_five_phones_from_the_next_rounds_opening_on(bot: Bot) -> None:
    bot.run("import", FILES)
    laid_out = tour(bot.database, bangkok("20 มี.ค. 66", "08:29"))
    opening, *_, acknowledging = laid_out["steps"]
    assert (len(laid_out["steps"]), len(PHONES_OF_THE_TOUR)) == (8, 5)
    assert opening["jump"]["to"] == "2023-04-03T08:30:00+07:00"
    assert "วันจันทร์ที่ 3 เม.ย. 66" in opening["jump"]["label"].replace("\N{NO-BREAK SPACE}", " ")
    assert any("ไตรมาส 2/2566" in words for words in opening["done"][0]["words"])
    assert len(acknowledging["done"]) == 2
    in_july = tour(bot.database, bangkok("18 เม.ย. 66"))["steps"][0]
    assert in_july["jump"]["to"] == "2023-07-03T08:30:00+07:00"
    step = tables.RouteStep
    query = select(tables.Person.code).join(step).join(tables.Unit).where(tables.Unit.code == demo_tour.UNIT)
    with bot.database.read() as session:
        assert tuple(session.scalars(query.order_by(step.order))) == PHONES_OF_THE_TOUR[2:]


def test_the_demo_brings_everybodys_digest_to_the_phones_and_ctrl_c_ends_all_of_it() -> None:
    with demo() as running:
        said = running.told()
        linking = code_in(said)
        assert linking is not None
        assert "20 มีนาคม 2566" in said
        address = said[said.index("http") :].split("/\n")[0]
        for person in CAST:
            (delivery,) = wait_for(partial(messages, address, person), 60, f"the digest of {person}")
            assert delivery["message"]["type"] == "flex"
            assert any("ไตรมาส 1/2566" in line for line in texts(delivery["message"]["contents"]))
            assert delivery["at"].startswith("2023-03-20T01:3")  # half past eight in Bangkok
        with urlopen(address, timeout=5) as page:
            shown = page.read().decode()
        assert "ภู่ระหงษ์" in shown
        assert f"รหัสผูกบัญชี {spelled(linking)}" in shown, "who only has the address can link the new phone"
        started = running.children()
        assert len(started) == 4, "simulator, web, worker and clock"
        running.process.send_signal(signal.SIGINT)
        rest, _ = running.process.communicate(timeout=30)
        assert running.process.returncode == 0
        assert "ปิดระบบสาธิตแล้ว" in rest
        assert not any(runs(pid) for pid in started)


def test_a_demo_that_is_stopped_while_it_starts_leaves_nothing_running() -> None:
    with demo() as running:
        started = wait_for(running.children, 60, "the first process of the demo")
        running.process.send_signal(signal.SIGTERM)
        running.process.communicate(timeout=30)
        assert running.process.returncode == 0
        assert not any(runs(pid) for pid in started)


def test_a_demo_takes_another_port_begins_on_the_day_it_is_told_and_ends_when_its_phones_are_gone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = str(other.getsockname()[1])
        with demo("--port", taken, "--from", "2566-04-03") as running:
            said = running.told()
            assert f"พอร์ต {taken} มีโปรแกรมอื่นใช้อยู่" in said
            assert f"http://127.0.0.1:{taken}/" not in said
            assert "3 เมษายน 2566" in said
            assert not any(line.isascii() for line in said.splitlines())
            simulator = running.children()[0]
            os.kill(simulator, signal.SIGKILL)
            rest, _ = running.process.communicate(timeout=30)
            assert "โทรศัพท์จำลองหยุดทำงาน" in rest
            assert running.process.returncode == 1
            assert running.children() == []


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("said", ("2566-04-03", "2023-04-03", "3 เม.ย. 66", "3/4/2566"))
def test_the_first_day_may_be_said_in_either_era(said: str) -> None:
    given = command.make_context("demo", ["--from", said])
    assert given.params["day"] == day("3 เม.ย. 66")


@pytest.mark.parametrize("said", ("tomorrow", "2566-13-01", "2566-02-29", "0066-04-03", ""))
def test_another_first_day_is_refused_in_thai(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["demo", "--from", said])
    with pytest.raises(SystemExit, match="ต้องเป็นวันที่ เช่น 2566-04-03"):
        main()


def test_nothing_that_is_set_for_another_bot_counts_in_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    others = {"DATABASE_URL": "postgresql://real/emenscr", "line_api_base": "https://api.line.me", "LIFF_ID": "1-a"}
    others |= {"LINE_LOGIN_CHANNEL_ID": "1", "SECRET_KEY_FILE": "/nowhere", "line_channel_secret": "real"}
    monkeypatch.setattr("os.environ", os.environ.copy() | others)
    line = EmulatedLine("http://127.0.0.1:8100", Mock(), "a-secret", "a-token")
    given = environment("sqlite:////nowhere/demo.db", line, 8101, bangkok("20 มี.ค. 66"))

    replace_environment(given)

    settings = Settings()
    assert settings.model_fields_set == {name.lower() for name in given if name != "no_proxy"}
    assert (settings.database_url, settings.line_api_base) == ("sqlite:////nowhere/demo.db", "http://127.0.0.1:8100")
    assert proxy_bypass("api.line.me")


def test_the_demo_does_not_run_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["demo"])
    monkeypatch.setenv("APP_ENV", "production")
    with pytest.raises(SystemExit, match="ระบบสาธิตใช้ไม่ได้เมื่อ APP_ENV=production"):
        main()

"""Rich menus on LINE: uploaded once, in step with the program, people moved before old ones go; and given to people."""

import asyncio
import functools
import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import delete, select, update

from bot.rich_menus import definition, draw, sync
from domain.roles import Role
from messages_th.rich_menus import PAGES, progress
from scheduler.menus import MenuGiver
from scheduler.worker import Worker
from simulator.line.people import Person as Phone
from storage.database import Database
from storage.menus import uploaded_menus
from storage.shared_state import reference_changed
from storage.tables import Person, RoleAssignment, Unit
from tests.operator_at_shell import Operator, Said, at_office, operator
from tests.plain_freezer import PlainFreezer
from tests.processes import wait_for
from tests.sending import CHANNEL, HandClock, Line, line_id, line_on_loopback, settle_people

__all__ = ["at_office", "operator"]

SINGLE = 1 + len(PAGES)
OFFICER, BOTH, NOBODY, BLOCKED = range(4)


@functools.cache
def blank_picture() -> bytes:
    file = io.BytesIO()
    Image.new("P", (2500, 1686)).save(file, "PNG")
    return file.getvalue()


@dataclass
class Office:
    """An operator with a channel, and four phones: an officer, an approver who is an officer too, nobody, a blocker."""

    operator: Operator
    database: Database
    line: Line

    def syncs(self, *options: str) -> Said:
        return self.operator.types("richmenu", "sync", *options)

    def menu_names(self) -> list[str]:
        """Names of the menus on LINE without their fingerprints."""
        return [menu.layout["name"].rpartition("-")[0] for menu in self.line.platform.menus.menus()]

    def sees(self, person: int) -> str:
        """Return the name of the menu on a person's phone."""
        menu = self.line.platform.menus.shown_to(line_id(person))
        assert menu is not None
        return str(menu.layout["name"]).rpartition("-")[0].removeprefix("emenscr-")

    def changes_on_line(self) -> int:
        """Return how many calls changed something on LINE."""
        calls = self.line.platform.calls()
        return sum(call.method != "GET" and "richmenu" in call.path for call in calls)

    def assign(self, person: int, *roles: Role, until: date | None = None) -> None:
        person_id = self.people[person]
        with self.database.write() as session:
            unit_id = session.scalars(select(Unit.id)).one()
            session.add_all(
                RoleAssignment(person_id=person_id, unit_id=unit_id, role=role, valid_to=until) for role in roles
            )
            reference_changed(session, datetime.now(UTC))

    @functools.cached_property
    def people(self) -> list[int]:
        return settle_people(self.database, 4)

    def person(self, number: int) -> Person:
        with self.database.read() as session:
            found = session.get_one(Person, self.people[number])
            session.expunge(found)
        return found


@pytest.fixture
def office(at_office: Operator, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    database = Database(database_url)
    monkeypatch.setattr(definition, "draw", lambda _menu: blank_picture())
    with line_on_loopback(phones=3) as line:
        at_office.sets(
            LINE_API_BASE=line.origin, LINE_CHANNEL_ID=CHANNEL.channel_id, LINE_CHANNEL_SECRET=CHANNEL.channel_secret,
        )  # fmt: skip
        line.platform.register(Phone(line_id(BLOCKED), "คนที่ 3", blocked=True))
        office = Office(at_office, database, line)
        office.assign(OFFICER, Role.PROJECT_OFFICER)
        office.assign(BOTH, Role.PROJECT_OFFICER, Role.APPROVER)
        office.assign(BLOCKED, Role.ADMIN)
        yield office
    database.dispose()


def gives(office: Office, giver: MenuGiver, account: str | None = None) -> None:
    async def work() -> None:
        async with office.line.connect() as client:
            await (giver.give_all(client) if account is None else giver.give(client, account))

    asyncio.run(work())


def test_everybody_gets_the_menu_of_their_roles_and_a_second_run_changes_nothing(office: Office) -> None:
    said = office.syncs()
    assert said.code == 0
    assert progress.FINISHED in said.out
    assert len(office.menu_names()) == SINGLE + 2
    assert all(menu.image is not None for menu in office.line.platform.menus.menus())
    assert [office.sees(person) for person in (OFFICER, BOTH, NOBODY)] == ["project_officer", "tabs-ao-a", "guest"]
    before = office.changes_on_line()
    again = office.syncs()
    assert (again.code, again.out.strip()) == (0, progress.NOTHING_TO_DO)
    assert office.changes_on_line() == before


def test_tabs_lead_from_one_page_of_a_family_to_the_other(office: Office) -> None:
    office.syncs()
    menus = office.line.platform.menus
    named = {menu.id: menu.layout["name"].rpartition("-")[0] for menu in menus.menus()}
    assert {alias: named[menu_id] for alias, menu_id in menus.aliases().items()} == {
        "emenscr-tabs-ao-a": "emenscr-tabs-ao-a",
        "emenscr-tabs-ao-o": "emenscr-tabs-ao-o",
    }


def test_a_new_look_replaces_the_old_menus_after_people_were_moved(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.syncs()
    before = {menu.id for menu in office.line.platform.menus.menus()}
    foreign = office.line.platform.menus.create({"name": "made by another program"})
    monkeypatch.setattr(definition, "CHAT_BAR_TEXT", "เมนู")
    assert office.syncs().code == 0
    after = office.line.platform.menus.menus()
    assert before.isdisjoint(menu.id for menu in after)
    assert [menu.id for menu in after if not menu.layout["name"].startswith("emenscr-")] == [foreign.id]
    assert [office.sees(person) for person in (OFFICER, BOTH, NOBODY)] == ["project_officer", "tabs-ao-a", "guest"]
    assert {menu.layout["chatBarText"] for menu in after if menu.id != foreign.id} == {"เมนู"}
    removals = [call.path for call in office.line.platform.calls() if call.method == "DELETE"]
    moved = [call.path for call in office.line.platform.calls()].index("/v2/bot/richmenu/bulk/link")
    assert len(removals) == len(before)
    assert moved < [call.path for call in office.line.platform.calls()].index(removals[0])


def test_a_family_that_nobody_needs_any_more_goes_with_its_tabs(office: Office) -> None:
    office.syncs()
    with office.database.write() as session:
        given_up = {"person_id": office.people[BOTH], "role": Role.PROJECT_OFFICER}
        session.execute(delete(RoleAssignment).filter_by(**given_up))
        reference_changed(session, datetime.now(UTC))
    assert office.syncs().code == 0
    assert office.line.platform.menus.aliases() == {}
    assert len(office.menu_names()) == SINGLE
    assert office.sees(BOTH) == "approver"
    with office.database.read() as session:
        assert len(uploaded_menus(session)) == SINGLE


def test_a_run_that_breaks_off_is_continued_and_leaves_nothing_behind(office: Office) -> None:
    office.line.fault("server_error", "/v2/bot/richmenu/*/content", method="POST", count=1)
    broken = office.syncs()
    assert broken.code == 1
    assert "/content" in broken.err
    assert office.menu_names() == ["emenscr-guest"]  # one without an image
    assert office.syncs().code == 0
    assert sorted(office.menu_names()) == sorted(set(office.menu_names()))
    assert all(menu.image is not None for menu in office.line.platform.menus.menus())
    assert office.sees(OFFICER) == "project_officer"


def test_lines_hourly_limit_stops_a_run_which_is_continued_later(office: Office) -> None:
    office.line.fault("rate_limited", "/v2/bot/richmenu/alias", method="POST")
    stopped = office.syncs()
    assert stopped.code == 1
    assert progress.HOURLY_LIMIT in stopped.err
    assert office.sees(NOBODY) == "guest"  # what was done serves at once
    uploaded = len(office.menu_names())
    office.line.clear_faults()
    finished = office.syncs()
    assert finished.code == 0
    assert progress.step("menu_uploaded", "guest", 1) not in finished.out
    assert len(office.menu_names()) == uploaded
    assert office.sees(BOTH) == "tabs-ao-a"


def test_a_dry_run_says_what_would_be_done_and_does_nothing(office: Office) -> None:
    said = office.syncs("--dry-run")
    assert said.code == 0
    assert said.out.count("\n") == SINGLE + 2 + 1 + 2 + 4 + 1  # menus, default, tabs, people by menu, last line
    assert progress.step("people_moved", "tabs-ao-a", 1) in said.out
    assert office.changes_on_line() == 0
    with office.database.read() as session:
        assert uploaded_menus(session) == {}
    assert office.person(OFFICER).menu_id is None


def test_an_account_that_line_refuses_does_not_keep_the_others_from_their_menus(office: Office) -> None:
    with office.database.write() as session:
        session.get_one(Person, office.people[NOBODY]).line_user_id = "Udeadbeef"
    office.assign(NOBODY, Role.PROJECT_OFFICER)
    said = office.syncs()
    assert said.code == 0
    assert progress.step("account_refused", "project_officer", 1) in said.out
    assert office.sees(OFFICER) == "project_officer"


def test_old_menus_stay_while_line_does_not_show_the_new_ones(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync, "_LOOK_SECONDS", 0)
    office.syncs()
    monkeypatch.setattr(definition, "CHAT_BAR_TEXT", "เมนู")
    for person in range(4):
        office.line.platform.menus.unlink([line_id(person)])
    monkeypatch.setattr(office.line.platform.menus, "link", lambda _people, _menu: None)
    said = office.syncs()
    assert said.code == 1
    assert progress.step("removal_put_off", "", 1) in said.out
    assert len(office.menu_names()) == 2 * (SINGLE + 2)


def test_an_account_gets_its_menu_at_once_when_it_is_linked_and_loses_it_when_it_is_unlinked(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.syncs()
    office.line.platform.menus.unlink([line_id(OFFICER)])
    giver = MenuGiver(office.database, HandClock())
    gives(office, giver, line_id(OFFICER))
    assert office.sees(OFFICER) == "project_officer"
    with office.database.write() as session:
        session.get_one(Person, office.people[OFFICER]).line_user_id = None
    gives(office, giver, line_id(OFFICER))
    assert office.line.platform.menus.linked(line_id(OFFICER)) is None
    assert office.sees(OFFICER) == "guest"
    logged = capsys.readouterr().err
    assert "/v2/bot/user/*/richmenu" in logged
    assert line_id(OFFICER) not in logged


def test_a_role_that_begins_or_ends_changes_the_menu_within_a_round(office: Office) -> None:
    office.syncs()
    clock = HandClock()
    giver = MenuGiver(office.database, clock)
    office.assign(OFFICER, Role.MONITOR, Role.ADMIN, until=clock.now().date())
    gives(office, giver)
    assert office.sees(OFFICER) == "project_officer"  # its new family is not uploaded yet
    office.assign(NOBODY, Role.MONITOR, until=clock.now().date())
    gives(office, giver)
    assert office.sees(NOBODY) == "monitor"
    clock.advance(days=1)
    gives(office, giver)
    assert office.sees(NOBODY) == "guest"


def test_who_comes_back_after_blocking_gets_the_menu_again(office: Office) -> None:
    office.syncs()
    giver = MenuGiver(office.database, HandClock())
    gives(office, giver)
    calls = len(office.line.platform.calls())
    gives(office, giver)
    assert len(office.line.platform.calls()) == calls  # nothing is asked of LINE while nothing changes
    office.line.platform.menus.unlink([line_id(OFFICER)])
    with office.database.write() as session:
        session.get_one(Person, office.people[OFFICER]).menu_id = None
    gives(office, giver)
    assert office.sees(OFFICER) == "project_officer"


def test_giving_menus_stops_when_line_is_away_and_is_done_later(office: Office) -> None:
    office.syncs()
    with office.database.write() as session:
        session.execute(update(Person).values(menu_id=None))
    giver = MenuGiver(office.database, HandClock())
    office.line.fault("server_error", "/v2/bot/user/*", method="POST")
    gives(office, giver)
    assert office.person(OFFICER).menu_id is None
    office.line.clear_faults()
    gives(office, giver)
    assert all(office.person(person).menu_id for person in (OFFICER, BOTH, NOBODY))


def test_a_worker_gives_menus_beside_sending(office: Office) -> None:
    office.syncs()
    office.line.platform.menus.unlink([line_id(OFFICER)])
    with office.database.write() as session:
        session.get_one(Person, office.people[OFFICER]).menu_id = None
    giver = MenuGiver(office.database, HandClock())
    worker = Worker(office.database, office.line.connect, PlainFreezer(), HandClock(), companions=[giver.keep])
    thread = threading.Thread(target=worker.run)
    thread.start()
    wait_for(lambda: office.line.platform.menus.linked(line_id(OFFICER)), 20, "a menu")
    worker.stop()
    thread.join(20)
    assert not thread.is_alive()
    assert office.sees(OFFICER) == "project_officer"


def test_nothing_is_given_before_menus_are_uploaded(office: Office) -> None:
    gives(office, MenuGiver(office.database, HandClock()))
    assert office.changes_on_line() == 0


def test_render_writes_a_picture_of_every_menu(office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("bot.cli.richmenu.draw", lambda _menu: blank_picture())
    said = office.operator.types("richmenu", "render", tmp_path / "menus")
    assert said.code == 0
    written = sorted(path.stem for path in (tmp_path / "menus").glob("*.png"))
    assert written == sorted(["guest", *PAGES, "tabs-ao-a", "tabs-ao-o"])


def test_a_machine_without_fonts_is_told_the_cure(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(definition, "draw", draw.draw)
    monkeypatch.setattr(draw, "missing_fonts", lambda: ["raqm"])
    said = office.syncs()
    assert said.code == 1
    assert progress.fonts_missing("raqm") in said.err
    assert office.changes_on_line() == 0

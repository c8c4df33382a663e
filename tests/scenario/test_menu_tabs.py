"""A tap on a tab of the rich menu: LINE opens it, and the bot speaks only when LINE could not."""

from tests.chatting import Chatter, Stranger
from tests.office import Bot, labour

__all__ = ["labour"]

TAB = "rm1:project_officer"


def test_a_tab_that_opens_is_not_answered_and_one_that_does_not_is(labour: Bot) -> None:
    officer = Chatter(labour, "P00033")
    opened = officer.presses(TAB, newRichMenuAliasId="emenscr-tabs-ao-o", status="SUCCESS")
    assert opened.messages == []
    failed = officer.presses(TAB, status="RICHMENU_ALIAS_ID_NOTFOUND")
    assert failed.contains("ขณะนี้เปิดแท็บนี้ไม่ได้", "โปรดพิมพ์ «เมนู»")


def test_a_strangers_tap_tells_nothing(labour: Bot) -> None:
    stranger = Stranger(labour)
    assert not stranger.presses(TAB, status="FAILED").contains("แท็บ")

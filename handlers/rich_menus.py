"""Taps on the tabs of a rich menu: LINE changes the menu itself and tells us afterwards.

When it did, nothing is to be answered (``bot.events``); what comes here is a tab that could not be opened.
"""

from __future__ import annotations

from domain.roles import Role
from handlers.conversation import Answer, Request
from handlers.postback import Postback
from handlers.routes import Routes
from messages_th.rich_menus.failed import tab_not_opened

routes = Routes()


class OpenTab(Postback, prefix="rm1"):
    """Tells that somebody tapped the tab of a role."""

    role: Role


@routes.press(OpenTab)
def tab_failed(request: Request, _press: OpenTab) -> Answer:
    """Say how to get to the same entries: LINE could not open the tab."""
    return Answer((tab_not_opened(request.reader),))

"""Lists as spreadsheets: the free reply gives a short-lived link (contract §3)."""

from __future__ import annotations

from handlers import fallback
from handlers.conversation import Answer, Page, Request
from handlers.owed_lists import DownloadUnreported, View, sees_owed
from handlers.routes import Routes
from messages_th import page_link as words_of
from messages_th import unreported

LIST = "list"
"""Under which argument of a link the button data stands that names the list."""

routes = Routes()


@routes.press(DownloadUnreported)
def download_unreported(request: Request, press: DownloadUnreported) -> Answer:
    """Give a link under which the presser, and nobody else, finds the list for ten minutes."""
    view = View.of(press)
    if view is None:
        return fallback.old_button(request)
    if not sees_owed(request.sight):
        return fallback.not_permitted(request)
    if not view.asked(request).units:
        return Answer((unreported.no_such_list(request.reader),), context=request.context)
    link = request.links.page(Page.UNREPORTED, {LIST: press.pack()}, request.asker.code)
    if link is None:
        return Answer((words_of.no_pages(request.reader),), context=request.context)
    card = words_of.list_link(request.reader, view.quarter, request.basis, link, request.now)
    return Answer((card,), context=request.context)

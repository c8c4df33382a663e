"""The photos and documents of an item: the free reply gives a short-lived link to them (contract §3)."""

from __future__ import annotations

from handlers.approval_views import item_card, item_context, item_for, view_of
from handlers.conversation import Answer, Page, Request
from handlers.item_presses import OpenEvidence
from handlers.old_cards import gone
from handlers.routes import Routes
from messages_th import item_evidence as thai
from messages_th import page_link

SUBMISSION, VERSION = "submission", "version"
"""Under which arguments of a link the submission's id and the version stand."""

routes = Routes()


@routes.press(OpenEvidence)
def open_evidence(request: Request, press: OpenEvidence) -> Answer:
    """Give a link under which whoever may see the item finds its files; to an old card the item as it is now."""
    item = item_for(request, press.submission)
    if item is None:
        return gone(request)
    context = item_context(request, item)
    if item.version != press.version:
        return Answer((item_card(request, item),), context=context)
    if not item.evidence:
        return Answer((thai.no_evidence(request.reader),), context=context)
    about = {SUBMISSION: str(item.submission_id), VERSION: str(item.version)}
    link = request.links.page(Page.EVIDENCE, about, request.asker.code)
    if link is None:
        return Answer((page_link.no_pages(request.reader),), context=context)
    return Answer((thai.evidence_link(request.reader, view_of(request, item), link, request.now),), context=context)

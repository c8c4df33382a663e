"""News of submissions as messages, and where their buttons lead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.news import ArrivedItem, News, NewsEvent, UnheldPost
from handlers.approval_presses import ShowItem, StartBulk
from handlers.approval_views import item_card, item_for
from handlers.conversation import Request
from handlers.item_presses import AnswerInformation
from handlers.pending import Scope, ShowPending
from handlers.projects import ShowProject
from handlers.reminders import ShowAllDuties
from messages_th.arrivals import arrivals
from messages_th.reader import Reader
from messages_th.rendering import Rendered
from messages_th.submission_news import submission_news
from messages_th.unheld import unheld_steps

_OWN = ShowPending(Scope.OWN, None, None, None, 1)
_SEEN = ShowPending(Scope.SEEN, None, None, None, 1)


def news_message(reader: Reader, news: Sequence[News], at: datetime) -> Rendered:
    """Return what became of one submission or of several."""
    return submission_news(reader, news, _press_of, ShowAllDuties().pack(), at)


def arrivals_message(request: Request, items: Sequence[ArrivedItem]) -> Rendered:
    """Return what came to the asker's steps: one item's decision card, or the list of several."""
    if len(items) == 1 and (item := item_for(request, items[0].matter.submission_id)) is not None:
        return item_card(request, item, request.reader.salutation)
    bulk = StartBulk(None, None, None).pack()
    return arrivals(request.reader, items, _item, _OWN.pack(), bulk, request.now)


def unheld_message(reader: Reader, posts: Sequence[UnheldPost], at: datetime) -> Rendered:
    """Return at which steps something waits in vain."""
    return unheld_steps(reader, posts, _SEEN.pack(), at)


def _press_of(news: News) -> str:
    """Return what a button on a piece of news leads to; "" where there is nothing to open."""
    code = news.matter.code
    if news.event is NewsEvent.ASKED and news.request is not None:
        return AnswerInformation(news.request).pack()
    if news.event is NewsEvent.ANSWERED:
        return _item_press(news.matter.submission_id)
    return ShowProject(code).pack() if code else ""


def _item(item: ArrivedItem) -> str:
    return _item_press(item.matter.submission_id)


def _item_press(submission: int) -> str:
    return ShowItem(submission).pack()

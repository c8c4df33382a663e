"""News of circulars as messages, and where their buttons lead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.circulars.news import CircularEvent, CircularNews
from handlers.circulars.presses import PreviewCircular, ShowCircular, ShowDraft
from messages_th.circulars.news import circular_news
from messages_th.reader import Reader
from messages_th.rendering import Rendered


def circular_news_message(reader: Reader, news: Sequence[CircularNews], at: datetime) -> Rendered:
    """Return what happened to one circular or to several."""
    return circular_news(reader, news, _press_of, at)


def _press_of(news: CircularNews) -> str:
    match news.event:
        case CircularEvent.WAITS:
            return PreviewCircular(news.circular_id).pack()
        case CircularEvent.SENT_BACK:
            return ShowDraft(news.circular_id).pack()
    return ShowCircular(news.circular_id).pack()

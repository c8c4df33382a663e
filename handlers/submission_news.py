"""News of submissions as messages, and where their buttons lead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.news import ArrivedItem, News, NewsEvent, UnheldPost
from domain.submissions import SubmissionKind
from domain.windows import Stage
from handlers.approval_presses import ShowItem, StartBulk
from handlers.approval_views import item_for
from handlers.conversation import Request
from handlers.item_presses import AnswerInformation
from handlers.mirror_presses import OpenMirror
from handlers.pending import Scope, ShowPending
from handlers.project_presses import ShowProject
from handlers.reminders import ShowAllDuties, ShowDuties
from handlers.report_pages import OpenReport
from handlers.report_preview import arrival_card
from messages_th.arrivals import arrivals
from messages_th.reader import Reader
from messages_th.rendering import Rendered
from messages_th.submission_news import Presses, submission_news
from messages_th.unheld import unheld_steps

_OWN = ShowPending(Scope.OWN, None, None, None, 1)
_SEEN = ShowPending(Scope.SEEN, None, None, None, 1)


def news_message(reader: Reader, news: Sequence[News], at: datetime) -> Rendered:
    """Return what became of one submission or of several."""
    return submission_news(reader, news, Presses(_press_of, _correction_of, ShowAllDuties().pack()), at)


def arrivals_message(request: Request, items: Sequence[ArrivedItem]) -> Rendered:
    """Return what came to the asker's steps: one item's decision card, or the list of several."""
    if len(items) == 1 and (item := item_for(request, items[0].matter.submission_id)) is not None:
        return arrival_card(request, item)
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
    if news.to_mirror:
        return OpenMirror(news.matter.submission_id).pack()
    if news.event is NewsEvent.ANSWERED:
        return _item_press(news.matter.submission_id)
    if code:
        return ShowProject(code).pack()
    return _duties_of(news) if _came_back(news) else ""


def _correction_of(news: News) -> str:
    """Return what leads to the form of a report that came back to the reader; "" of anything else."""
    about, is_report = news.matter.occasion, news.matter.kind is SubmissionKind.QUARTER_REPORT
    if not _came_back(news) or not is_report or about is None or about.quarter is None:
        return ""
    return OpenReport(news.matter.code, about.fiscal_year, about.quarter).pack()


def _came_back(news: News) -> bool:
    return news.event in (NewsEvent.RETURNED, NewsEvent.REOPENED) and not news.for_information


def _duties_of(news: News) -> str:
    """Return what leads to the list with the plan that came back, and the button to its form."""
    about = news.matter.occasion
    return ShowDuties(about.kind, about.fiscal_year, about.quarter, Stage.AGENCY).pack() if about else ""


def _item(item: ArrivedItem) -> str:
    return _item_press(item.matter.submission_id)


def _item_press(submission: int) -> str:
    return ShowItem(submission).pack()

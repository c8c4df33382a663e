"""Opening a report again for its unit: by an administrator, with a reason, confirmed once (``domain.md`` §3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain.errors import TransitionRefused
from domain.roles import Role
from domain.submissions import MAX_REASON_LENGTH, says_enough
from handlers.conversation import Answer, Context, Request
from handlers.paging import page_at, rows_of
from handlers.places import pressed_quarter
from handlers.postback import Postback
from handlers.project_choice import not_found
from handlers.project_presses import ChooseReopening
from handlers.returning import digest_of
from handlers.routes import Routes
from messages_th import reopening as words_of
from messages_th.rendering import Rendered
from messages_th.reopening import ReopenedView
from messages_th.typed_words import reason_too_long, reason_too_short
from storage.queries.projects import NoSuchProject, find_project
from storage.submissions.reopening import reopen_report, reopenable_reports

routes = Routes()

_MAY = (Role.ADMIN,)


class AskReopening(Postback, prefix="rn1"):
    """Wishes to open the report of a quarter again; the reason is asked for."""

    code: str
    fiscal_year: int
    quarter: int


class ConfirmReopening(Postback, prefix="rk1"):
    """Opens the report again, for the reason that the card quoted: ``digest`` is of its words."""

    code: str
    fiscal_year: int
    quarter: int
    version: int
    digest: str


@routes.press(ChooseReopening, roles=_MAY)
def choose_reopening(request: Request, press: ChooseReopening) -> Answer:
    """Show which reports can be opened again, or ask at once for the reason of the only one."""
    try:
        found = _reopenable(request, press.code)
    except NoSuchProject:
        return not_found(request)
    if not found:
        return Answer((words_of.nothing_to_open(request.reader),))
    if len(found) == 1:
        return _ask(_press_of(found[0][0]), words_of.ask_reason(request.reader, found[0][0]))
    page = page_at(press.page, len(found), lambda number: replace(press, page=number).pack())
    views = [(view, _press_of(view).pack()) for view, _ in rows_of(page, found)]
    card = words_of.which(press.code, views, page, request.now)
    return Answer((card,), context=Context(next_page=page.next, previous_page=page.previous))


@routes.press(AskReopening, roles=_MAY)
def ask_reopening(request: Request, press: AskReopening) -> Answer:
    """Ask why the report is to be opened again, if it can be."""
    found = _chosen(request, press)
    if found is None:
        return Answer((words_of.nothing_to_open(request.reader),))
    return _ask(press, words_of.ask_reason(request.reader, found[0]))


@routes.said_after(AskReopening, roles=_MAY)
def reason_typed(request: Request, press: AskReopening, text: str) -> Answer:
    """Quote the reason and ask for confirmation; ask again where it is too short or too long."""
    found, reason = _chosen(request, press), text.strip()
    if found is None:
        return Answer((words_of.nothing_to_open(request.reader),))
    if not says_enough(reason):
        return _ask(press, reason_too_short(request.reader))
    if len(reason) > MAX_REASON_LENGTH:
        return _ask(press, reason_too_long(request.reader))
    view, version = found
    confirming = ConfirmReopening(press.code, press.fiscal_year, press.quarter, version, digest_of(reason))
    card = words_of.confirm(view, reason, confirming.pack(), request.now)
    return Answer((card,), context=Context(words=reason))


@routes.press(ConfirmReopening, roles=_MAY, changes=True)
def confirm_reopening(request: Request, press: ConfirmReopening) -> Answer:
    """Open the report again; ask for the reason anew where it is not remembered any more."""
    asked = AskReopening(press.code, press.fiscal_year, press.quarter)
    found, quarter = _chosen(request, asked), pressed_quarter(press.fiscal_year, press.quarter)
    if found is None or quarter is None or found[1] != press.version:
        return Answer((words_of.nothing_to_open(request.reader),))
    reason = request.context.words
    if digest_of(reason) != press.digest:
        return _ask(asked, words_of.ask_reason(request.reader, found[0]))
    try:
        reopen_report(request.session, request.reference, request.actor, press.code, quarter, reason, request.moment)
    except TransitionRefused:
        return Answer((words_of.nothing_to_open(request.reader),))
    return Answer((words_of.reopened(request.reader, found[0]),))


def _reopenable(request: Request, code: str) -> Sequence[tuple[ReopenedView, int]]:
    """Return what can be opened of the project, each with its version.

    Raises:
        NoSuchProject: there is none.
    """
    project, _ = find_project(request.session, request.reference, request.sight, code)
    basis = request.reference.rules.organisation.year_basis(request.reference.unit_codes[project.unit_id])
    return [
        (ReopenedView(project.code, project.name, one.quarter, basis, one.state), one.version)
        for one in reopenable_reports(request.session, request.reference, project.code)
    ]


def _chosen(request: Request, press: AskReopening) -> tuple[ReopenedView, int] | None:
    """Return the report behind a button as it stands now; None: it cannot be opened again."""
    quarter = pressed_quarter(press.fiscal_year, press.quarter)
    try:
        found = _reopenable(request, press.code)
    except NoSuchProject:
        return None
    return next((one for one in found if one[0].quarter == quarter), None)


def _press_of(view: ReopenedView) -> AskReopening:
    return AskReopening(view.code, view.quarter.fiscal_year, view.quarter.number)


def _ask(press: AskReopening, question: Rendered) -> Answer:
    return Answer((question,), context=Context(awaiting=press.pack()))

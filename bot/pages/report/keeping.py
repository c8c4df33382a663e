"""The report that a session opened: reading it, and keeping what was typed into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.exc import NoResultFound

from bot.pages.refusals import Refused
from bot.pages.report.forms import TypedReport
from bot.pages.site import Site
from bot.pages.tickets import Ticket
from domain.errors import Refusal, TransitionRefused
from domain.fiscal import Quarter
from domain.report_fields import EditOutcome
from handlers.conversation import Request
from handlers.places import pressed_quarter
from handlers.report_pages import CODE, QUARTER, YEAR
from storage.queries.report_form import NoSuchReport, ReportForm, ReportNow, report_form, report_now
from storage.submissions.report_drafts import bring_over, save_fields


class NotWritable(Exception):
    """The report was sent or approved meanwhile."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A report as its officer sees it now."""

    request: Request
    form: ReportForm


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of each edit, by the name of its control, and how the report stands by then."""

    outcomes: Mapping[str, EditOutcome]
    request: Request
    now: ReportNow


def report_of(arguments: Mapping[str, str]) -> tuple[str, Quarter]:
    """Return the project's code and the quarter that a ticket's arguments name; raises Refused."""
    quarter = pressed_quarter(int(arguments[YEAR]), int(arguments[QUARTER]))
    if quarter is None:
        raise Refused
    return arguments[CODE], quarter


def seen(request: Request, arguments: Mapping[str, str]) -> Seen:
    """Return the report that a ticket opens, for its person as of now; raises Refused."""
    code, quarter = report_of(arguments)
    try:
        form = report_form(request.session, request.reference, request.asker.code, code, quarter, request.real_now)
    except NoSuchReport as error:
        raise Refused from error
    return Seen(request, form)


def look(site: Site, ticket: Ticket) -> Seen:
    """Return the report of a session; raises Refused."""
    with site.database.read() as session:
        return seen(site.asked(session, ticket), ticket.arguments)


def keep(site: Site, ticket: Ticket, typed: TypedReport, *, brings_over: bool = False) -> Kept:
    """Keep what was typed, then fill blank texts from the report before if that is wished.

    Raises:
        NotWritable: it is on its way, or approved; nothing was kept.
        Refused: it is not this person's to write.
    """
    code, quarter = report_of(ticket.arguments)
    try:
        with site.write() as session:
            request = site.asked(session, ticket)
            where = session, request.reference, request.actor, code, quarter
            kept = newest = save_fields(*where, typed.edits, request.moment)
            if brings_over:
                newest = bring_over(*where, request.moment)
            now = report_now(session, request.reference, newest, request.asker.person_id, request.real_now)
    except TransitionRefused as error:
        if error.refusal is Refusal.WRONG_STATE:
            raise NotWritable from error
        raise Refused from error
    except NoResultFound as error:
        raise Refused from error
    return Kept({str(key): outcome for key, outcome in kept.outcomes.items()}, request, now)

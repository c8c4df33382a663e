"""People to choose from where somebody is to decide in an approver's place, or to take over."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from domain.appointments import may_appoint_for, ministries_decided_in
from handlers.appointment_presses import FOR_OTHERS, ChooseApprover, HandOver, Purpose, for_deputy_of
from handlers.conversation import Answer, Context, Request
from handlers.paging import page_at, rows_of
from handlers.postback import Postback
from handlers.routes import Routes
from messages_th import delegation as thai
from messages_th.delegation import Somebody
from messages_th.delegation.wishes import searched
from messages_th.listing import ROWS_A_PAGE, Page
from messages_th.rendering import Rendered
from storage.queries.colleagues import colleagues, named_like
from storage.queries.readers import PersonReading, people_reading

routes = Routes()

_Rows = Sequence[tuple[Somebody, str, str]]
"""People with their unit and the data of a tap."""


@routes.press(ChooseApprover, roles=FOR_OTHERS)
def choose_approver(request: Request, press: ChooseApprover) -> Answer:
    """Show the approvers for whom the asker may say who decides."""
    return _approvers(request, press, _approvers_of(request))


@routes.said_after(ChooseApprover, roles=FOR_OTHERS)
def search_approver(request: Request, press: ChooseApprover, text: str) -> Answer:
    """Show the approvers whose name or position holds the words."""
    readings = named_like(request.session, request.reference, _approvers_of(request), searched(text))
    found = _few(request, [one.code for one in readings], text, press)
    return found if isinstance(found, Answer) else _approvers(request, replace(press, page=1), found)


def named(request: Request, codes: Collection[str]) -> Mapping[str, Somebody]:
    """Return people, by code, as messages call them."""
    found = people_reading(request.session, set(codes), request.today)
    return {code: somebody(one) for code, one in found.items()}


def somebody(person: PersonReading) -> Somebody:
    """Return the person as messages about appointments call them."""
    return Somebody(person.full_name, person.position)


def people_page(
    request: Request,
    people: Sequence[str],
    number: int,
    turn: Callable[[int], str],
    choose: Callable[[str], str],
    show: Callable[[_Rows, Page], Rendered],
    awaiting: str,
) -> Answer:
    """Return a page of people to choose from; ``turn`` and ``choose`` give button data, words search instead.

    What was searched for is on one page: a button has no room for the words.
    """
    page = page_at(number, len(people), turn)
    here = rows_of(page, people)
    names = named(request, here)
    rows = [(names[code], _unit(request, code), choose(code)) for code in here]
    context = Context(next_page=page.next, previous_page=page.previous, awaiting=awaiting)
    return Answer((show(rows, page),), context=context)


def colleagues_of(request: Request, principal: str, *, everywhere: bool) -> Sequence[str]:
    """Return who may stand in for an approver: the people of the agency, or with ``everywhere`` of the ministry."""
    organisation = request.reference.rules.organisation
    ministries = ministries_decided_in(organisation, principal)
    unit = next((post.unit for post in organisation.posts_of(principal)), min(ministries))
    found = colleagues(organisation, unit, ministries if everywhere else ())
    return [code for code in found if code != principal]


def searched_colleagues(request: Request, principal: str, words: str, press: Postback) -> Sequence[str] | Answer:
    """Return who of the ministry is called like the words, or holds a position like them, ten at most.

    Where that is nobody, or are more, what is answered: ``press`` then takes the next words.
    """
    people = colleagues_of(request, principal, everywhere=True)
    found = named_like(request.session, request.reference, people, searched(words))
    return _few(request, [one.code for one in found], words, press)


def _few(request: Request, found: Sequence[str], words: str, press: Postback) -> Sequence[str] | Answer:
    if 0 < len(found) <= ROWS_A_PAGE:
        return found
    reader, number = request.reader, len(found)
    said = thai.too_many_found(reader, words, number) if found else thai.nobody_found(reader, words)
    return Answer((said,), context=Context(awaiting=press.pack()))


def _approvers_of(request: Request) -> Sequence[str]:
    organisation = request.reference.rules.organisation
    named_there = organisation.named_on_routes
    mine = [one for one in named_there if one != request.asker.code]
    return sorted(one for one in mine if may_appoint_for(organisation, request.asker.code, one))


def _approvers(request: Request, press: ChooseApprover, people: Sequence[str]) -> Answer:
    leaves = press.purpose is Purpose.HANDOVER

    def choose(code: str) -> str:
        if leaves:
            return HandOver(code, None, confirmed=False, page=1).pack()
        return for_deputy_of(code).pack()

    return people_page(
        request,
        people,
        press.page,
        turn=lambda number: replace(press, page=number).pack(),
        choose=choose,
        show=lambda rows, page: thai.which_approver(request.reader, rows, page, request.now, leaves=leaves),
        awaiting=press.pack(),
    )


def _unit(request: Request, person: str) -> str:
    posts = request.reference.rules.organisation.posts_of(person)
    return request.reference.unit_names[posts[0].unit] if posts else ""

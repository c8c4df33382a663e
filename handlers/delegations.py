"""Who decides in an approver's place for some days: named step by step, shown, and ended (``domain.md`` §1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from domain.appointments import (
    LONGEST,
    AppointmentRefused,
    Delegation,
    DelegationWish,
    check_appointment,
    check_days,
    may_appoint_for,
)
from domain.organisation import Capacity
from domain.permissions import Seat
from handlers import fallback
from handlers.appointees import choose_approver, colleagues_of, named, people_page, searched_colleagues
from handlers.appointment_presses import (
    FOR_OTHERS,
    MAY,
    ChooseApprover,
    EndDelegation,
    HandOver,
    NameDeputy,
    Purpose,
    ShowDelegations,
    for_deputy_of,
)
from handlers.conversation import Answer, Context, Request
from handlers.paging import page_at, rows_of
from handlers.postback import Postback, PostbackError
from handlers.routes import Routes
from messages_th import delegation as thai
from messages_th.days import read_days
from messages_th.delegation import Picker, Substitution
from messages_th.delegation.wishes import is_about_deputies, is_about_handover, read_deputy_wish
from messages_th.listing import Button
from storage.delegations import NoSuchDelegation, delegate, delegation, delegations_of, end_delegation
from storage.queries.pending import waiting_for

routes = Routes()


def concerns(request: Request, text: str) -> bool:
    """Tell whether a sentence is about deputies, or about a handover, and said by somebody who may name them.

    Words that something else asked for are none: the reason of a return may well speak of a deputy.
    """
    if not request.holds(*MAY) or not _is_free(request.context.awaiting):
        return False
    return is_about_deputies(text) or (is_about_handover(text) and request.holds(*FOR_OTHERS))


def _is_free(awaiting: str) -> bool:
    try:
        return not awaiting or isinstance(Postback.parse(awaiting), (NameDeputy, ChooseApprover, HandOver))
    except PostbackError:
        return True


def asked(request: Request, text: str) -> Answer:
    """Answer a sentence about deputies: begin naming the one whom it names, or show those that there are."""
    if not request.holds(*MAY):  # a role may end between the sentence and its turn
        return fallback.not_permitted(request)
    if is_about_handover(text):
        return choose_approver(request, ChooseApprover(Purpose.HANDOVER, 1))
    wish = read_deputy_wish(text, request.today)
    if wish.deputy and _may_appoint(request, request.asker.code):
        press = for_deputy_of(None, wish.first_day, wish.last_day)
        return _searched(request, press, request.asker.code, wish.deputy)
    return show_delegations(request, ShowDelegations(1))


@routes.press(ShowDelegations, roles=MAY)
def show_delegations(request: Request, press: ShowDelegations) -> Answer:
    """Show who decides in whose place now and soon, as far as the asker may say so or is one of them."""
    found = _known(request)
    page = page_at(press.page, len(found), lambda number: ShowDelegations(number).pack())
    here = rows_of(page, found)
    ends = [
        EndDelegation(one.delegation_id, one.deputy, confirmed=False).pack()
        if _may_appoint(request, one.principal)
        else ""
        for one in here
    ]
    rows = list(zip(_shown(request, here), ends, strict=True))
    card = thai.overview(request.reader, rows, page, _first_steps(request), request.now)
    return Answer((card,), context=Context(next_page=page.next, previous_page=page.previous))


@routes.press(NameDeputy, roles=MAY, changes=True)
def name_deputy(request: Request, press: NameDeputy) -> Answer:
    """Ask for what is not chosen yet: who, in which capacity, from when, until when; show all of it; then do it."""
    return _go_on(request, press)


@routes.said_after(NameDeputy, roles=MAY)
def said(request: Request, press: NameDeputy, text: str) -> Answer:
    """Take words for whom they name or, where that is chosen, for the days; they alone name no deputy."""
    press = replace(press, confirmed=False)
    principal = press.principal or request.asker.code
    if press.deputy is None and _may_appoint(request, principal):
        return _searched(request, press, principal, text)
    days = read_days(text, request.today)
    return _go_on(request, press.on(*days) if days else press, "" if days else thai.no_day(request.reader))


@routes.press(EndDelegation, roles=MAY, changes=True)
def end(request: Request, press: EndDelegation) -> Answer:
    """Ask whether a delegation is to end, and end it."""
    found = delegation(request.session, press.delegation)
    if found is None or found.deputy != press.named or not _may_appoint(request, found.principal):
        return Answer((thai.over(request.reader),))
    if not press.confirmed:
        yes, no = replace(press, confirmed=True).pack(), ShowDelegations(1).pack()
        return Answer((thai.confirm_end(request.reader, _shown(request, [found])[0], yes, no),))
    try:
        ended = end_delegation(request.session, request.reference, request.actor, press.delegation, request.moment)
    except NoSuchDelegation:
        return Answer((thai.over(request.reader),))
    return Answer((thai.ended(request.reader, _shown(request, [ended])[0]),))


def _known(request: Request) -> Sequence[Delegation]:
    organisation, asker = request.reference.rules.organisation, request.asker.code
    principals = [one for one in organisation.named_on_routes if may_appoint_for(organisation, asker, one)]
    found = delegations_of(request.session, request.today, principals)
    theirs = delegations_of(request.session, request.today, deputy=asker)
    return list({one.delegation_id: one for one in (*theirs, *found)}.values())


def _may_appoint(request: Request, principal: str) -> bool:
    return may_appoint_for(request.reference.rules.organisation, request.asker.code, principal)


def _shown(request: Request, found: Sequence[Delegation] | Sequence[DelegationWish]) -> Sequence[Substitution]:
    people = named(request, {code for one in found for code in (one.principal, one.deputy)})
    return [
        Substitution(people[one.principal], people[one.deputy], one.capacity, one.first_day, one.last_day)
        for one in found
    ]


def _first_steps(request: Request) -> Sequence[Button]:
    buttons = []
    if _may_appoint(request, request.asker.code):
        buttons.append(Button(thai.NAME_OWN, for_deputy_of(None).pack(), primary=True))
    if request.holds(*FOR_OTHERS):
        buttons.append(Button(thai.NAME_FOR_OTHERS, ChooseApprover(Purpose.DEPUTY, 1).pack()))
        buttons.append(Button(thai.HAND_OVER, ChooseApprover(Purpose.HANDOVER, 1).pack()))
    return buttons


def _searched(request: Request, press: NameDeputy, principal: str, words: str) -> Answer:
    found = searched_colleagues(request, principal, words, press)
    if isinstance(found, Answer):
        return found
    if len(found) == 1:
        return _go_on(request, replace(press, deputy=found[0]))
    return _choose_deputy(request, replace(press, page=1), principal, found)


def _go_on(request: Request, press: NameDeputy, wrong: str = "") -> Answer:
    """Ask for what is missing, or do it; ``wrong`` is what was wrong with the days that were typed."""
    principal = press.principal or request.asker.code
    if not _may_appoint(request, principal):
        return fallback.not_permitted(request)
    if press.deputy is None:
        return _choose_deputy(request, press, principal, colleagues_of(request, principal, everywhere=False))
    try:
        check_appointment(request.reference.rules.organisation, request.asker.code, principal, press.deputy)
    except AppointmentRefused as refused:
        return Answer((thai.refused(request.reader, refused.fault),))
    if press.capacity is None:
        return _choose_capacity(request, press, principal, press.deputy)
    return _when(request, press, (principal, press.deputy, press.capacity), wrong)


def _when(request: Request, press: NameDeputy, who: tuple[str, str, Capacity], wrong: str) -> Answer:
    first, last = press.first_day, press.last_day
    if first is not None:
        try:
            check_days(first, last or first, request.today)
        except AppointmentRefused as refused:
            press, wrong = replace(press, first_day=None, last_day=None), thai.wrong_days(request.reader, refused.fault)
    if first is None or last is None or wrong:
        return _choose_day(request, press, who[0], who[1], wrong)
    wish = DelegationWish(*who, first, last)
    return _named(request, wish) if press.confirmed else _confirm(request, press, wish)


def _named(request: Request, wish: DelegationWish) -> Answer:
    try:
        made = delegate(request.session, request.reference, request.actor, wish, request.moment)
    except AppointmentRefused as refused:
        return Answer((thai.refused(request.reader, refused.fault),))
    return Answer((thai.named(request.reader, _shown(request, [made])[0]),))


def _choose_deputy(request: Request, press: NameDeputy, principal: str, people: Sequence[str]) -> Answer:
    who = named(request, [principal])[principal]
    return people_page(
        request,
        people,
        press.page,
        turn=lambda number: replace(press, page=number).pack(),
        choose=lambda code: replace(press, deputy=code, page=1).pack(),
        show=lambda rows, page: thai.which_deputy(request.reader, who, rows, page, request.now),
        awaiting=press.pack(),
    )


def _choose_capacity(request: Request, press: NameDeputy, principal: str, deputy: str) -> Answer:
    people = named(request, [principal, deputy])
    presses = {capacity: replace(press, capacity=capacity).pack() for capacity in Capacity}
    return Answer((thai.which_capacity(request.reader, people[principal], people[deputy], presses),))


def _choose_day(request: Request, press: NameDeputy, principal: str, deputy: str, said: str = "") -> Answer:
    people, first = named(request, [principal, deputy]), press.first_day
    if first is None:
        suggested = [request.today, request.reference.rules.calendar.on_or_after(request.today + timedelta(days=1))]
    else:
        suggested = [first]
    days = {day: press.on(day).pack() for day in dict.fromkeys(suggested)}
    earliest = first or request.today
    picker = Picker(earliest, earliest, earliest + LONGEST - timedelta(days=1))
    card = thai.which_day(
        request.reader, (people[principal], people[deputy]), first, days, (press.pack(), picker), said
    )
    return Answer((card,), context=Context(awaiting=press.pack()))


def _confirm(request: Request, press: NameDeputy, wish: DelegationWish) -> Answer:
    waiting = len(waiting_for(request.session, request.reference, [Seat(wish.principal, decides=True)]))
    start = replace(press, confirmed=True).pack()
    again = replace(press, first_day=None, last_day=None).pack()
    return Answer((thai.confirm(request.reader, _shown(request, [wish])[0], waiting, start, again),))

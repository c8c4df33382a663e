"""A successor takes over from an approver who left: chosen, confirmed once, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from domain.appointments import AppointmentRefused, check_appointment, may_appoint_for
from domain.organisation import Capacity
from domain.permissions import Seat
from handlers.appointees import colleagues_of, named, people_page, searched_colleagues, somebody
from handlers.appointment_presses import FOR_OTHERS, HandOver
from handlers.conversation import Answer, Request
from handlers.pending import Scope, ShowPending
from handlers.readers import reader_of
from handlers.routes import Routes
from messages_th import delegation as choosing
from messages_th import handover as thai
from messages_th.delegation import Somebody, Substitution
from messages_th.handover import Held
from messages_th.positions import acting_position
from storage.handover import hand_over
from storage.handover_notices import DelegationEvent, HandoverNotice, Holding, HoldingsNotice
from storage.queries.pending import waiting_for
from storage.queries.readers import PersonReading

routes = Routes()


@routes.press(HandOver, roles=FOR_OTHERS, changes=True)
def take_over(request: Request, press: HandOver) -> Answer:
    """Ask who takes over, show what that means, and do it."""
    if not _may(request, press.former):
        return Answer((thai.nothing_to_hand_over(request.reader),))
    if press.successor is None:
        return _choose(request, press, colleagues_of(request, press.former, everywhere=False))
    try:
        check_appointment(request.reference.rules.organisation, request.asker.code, press.former, press.successor)
    except AppointmentRefused as refused:
        return Answer((choosing.refused(request.reader, refused.fault),))
    return (
        _done(request, press.former, press.successor) if press.confirmed else _confirm(request, press, press.successor)
    )


@routes.said_after(HandOver, roles=FOR_OTHERS)
def search_successor(request: Request, press: HandOver, text: str) -> Answer:
    """Show whose name or position holds the words."""
    if not _may(request, press.former):
        return Answer((thai.nothing_to_hand_over(request.reader),))
    found = searched_colleagues(request, press.former, text, press)
    return found if isinstance(found, Answer) else _choose(request, replace(press, page=1), found)


def notice_message(notice: HandoverNotice, everybody: Mapping[str, PersonReading], waiting: int) -> str:
    """Return the body of a notice; ``everybody`` is named in it, ``waiting`` is what waits for the principal."""
    people = {code: somebody(one) for code, one in everybody.items()}
    reader = reader_of(everybody[notice.reader])
    show = ShowPending(Scope.OWN, None, None, None, 1).pack()
    if isinstance(notice, HoldingsNotice):
        seen = ShowPending(Scope.SEEN, None, None, None, 1).pack()
        return thai.holdings(reader, _held(notice.holdings, people), seen, notice.at).body
    about, is_deputy = notice.about, notice.reader == notice.about.deputy
    one = Substitution(people[about.principal], people[about.deputy], about.capacity, about.first_day, about.last_day)
    match notice.event:
        case DelegationEvent.NAMED:
            return thai.deputy_named(reader, one, people[notice.by], waiting, show, is_deputy=is_deputy).body
        case DelegationEvent.LAST_DAY:
            return thai.last_day(reader, one, waiting, show, is_deputy=is_deputy).body
        case DelegationEvent.ENDED:
            return thai.deputy_ended(reader, one, people[notice.by]).body


def _held(holdings: Iterable[Holding], people: Mapping[str, Somebody]) -> Sequence[Held]:
    return [Held([_acting(people, *hand) for hand in one.hands], one.number) for one in holdings]


def _acting(people: Mapping[str, Somebody], person: str, holder: str, capacity: Capacity | None) -> str:
    return acting_position(people[person].position, people[holder].position, capacity)


def _may(request: Request, former: str) -> bool:
    return may_appoint_for(request.reference.rules.organisation, request.asker.code, former)


def _choose(request: Request, press: HandOver, people: Sequence[str]) -> Answer:
    former = named(request, [press.former])[press.former]
    return people_page(
        request,
        people,
        press.page,
        turn=lambda number: replace(press, page=number).pack(),
        choose=lambda code: replace(press, successor=code, page=1).pack(),
        show=lambda rows, page: choosing.which_successor(request.reader, former, rows, page, request.now),
        awaiting=press.pack(),
    )


def _confirm(request: Request, press: HandOver, successor: str) -> Answer:
    people = named(request, [press.former, successor])
    waiting = len(waiting_for(request.session, request.reference, [Seat(press.former, decides=True)]))
    yes = replace(press, confirmed=True).pack()
    return Answer((thai.confirm(request.reader, people[press.former], people[successor], waiting, yes),))


def _done(request: Request, former: str, successor: str) -> Answer:
    people = named(request, [former, successor])  # as they were called before
    rerouted = hand_over(request.session, request.reference, request.actor, former, successor, request.moment)
    holdings = [one for held in rerouted.holdings.values() for one in held]
    holders = named(request, {code for one in holdings for person, holder, _ in one.hands for code in (person, holder)})
    held = _held(holdings, holders)
    return Answer((thai.handed_over(request.reader, people[former], people[successor], held, request.now),))

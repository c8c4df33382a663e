"""The menu as a card, whom else to ask, and small talk."""

from __future__ import annotations

from domain.permissions import seats_of
from handlers.appointment_presses import MAY, ShowDelegations
from handlers.conversation import Answer, Request
from handlers.routes import Routes
from messages_th import help as thai
from messages_th import replies
from messages_th.delegation import SHOW
from messages_th.listing import Button
from messages_th.understanding.intents import Intent, Understood
from storage.queries.pending import waiting_for

routes = Routes()

_QUICK = 4
"""Entries that are offered below small talk, too."""


@routes.intent(Intent.HELP)
def show_menu(request: Request, asked: Understood) -> Answer:
    """Show what can be asked, or whom to ask what only people can answer."""
    if thai.asks_for_contact(asked.utterance):
        return Answer((thai.contact(request.reader, asked.utterance),))
    further = [Button(SHOW, ShowDelegations(1).pack())] if request.holds(*MAY) else []
    return Answer((thai.menu_card(request.reader, request.now, further),))


@routes.intent(Intent.GREETING)
def greet(request: Request, _asked: Understood) -> Answer:
    """Greet, and tell those who decide how much waits for them."""
    seats = [seat for seat in seats_of(request.asker.code, request.reference.rules.organisation) if seat.decides]
    waiting = len(waiting_for(request.session, request.reference, seats))
    first = thai.entries_for(request.asker.roles)[:_QUICK]
    return Answer((thai.greeting(request.reader, waiting),), tuple(replies.choice(intent) for intent in first))


@routes.intent(Intent.OUT_OF_SCOPE)
def decline(request: Request, asked: Understood) -> Answer:
    """Say kindly that this is not answered here."""
    return Answer((thai.out_of_scope(request.reader, asked.utterance),), (replies.choice(Intent.HELP),))

"""From an utterance to the turn of the conversation that it leads to.

In order: an invite code, which is kept nowhere as words, then a circular that begins, who decides in whose place, words
that a press asked for, a follow-up on the last answer, a sentence. Nothing is changed here; the turn says whether it
will.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import structlog

from handlers import delegations, fallback, linking, mirroring, report_wishes
from handlers.appointment_presses import picks_person
from handlers.circulars import attaching, corrections, following, making, receiving, whom
from handlers.circulars import calendar as circular_calendar
from handlers.circulars.draft_cards import button_typed
from handlers.conversation import (
    NO_CONTEXT,
    Answer,
    Attached,
    Context,
    Pressed,
    Request,
    Said,
    Turn,
    Utterance,
    Visit,
    VisitTurn,
)
from handlers.postback import Postback, PostbackError
from handlers.project_presses import ShowProject
from handlers.registry import ROUTES
from handlers.routes import Route
from handlers.spoken import agency_names, relabelled
from messages_th.understanding import follow_up, is_cancel, is_command, understand
from messages_th.understanding.follow_ups import Amend, NextPage, Pick, PreviousPage
from messages_th.understanding.intents import Intent, Slots, Understood
from storage import conversations
from storage.queries.readers import PersonReading

_SAID_LENGTH = 500
"""Characters of a sentence that are remembered."""

_SURELY = 0.9
"""From this confidence on, words are no person's name: names and positions are taken for nothing, or out of scope."""

_log = structlog.get_logger()


def turn_of(request: Request, utterance: Utterance) -> Turn:
    """Return what the utterance of a linked person leads to."""
    match utterance:
        case Pressed():
            return _pressed(request, utterance)
        case Said(text):
            return _said(request, text)
        case Attached():
            return attaching.turn_of(request, utterance)


def visit_turn_of(visit: Visit, utterance: Utterance) -> VisitTurn:
    """Return what the utterance of somebody unknown leads to."""
    return linking.visit_turn(visit, utterance)


def changes_surely(utterance: Utterance) -> bool:
    """Tell whether it is a button that changes something, whoever presses it."""
    if not isinstance(utterance, Pressed):
        return False
    try:
        route = ROUTES.presses.get(type(_press_of(utterance)))
    except PostbackError:  # what cannot be read changes nothing; its turn says so
        return False
    return route is not None and route.changes


def _pressed(request: Request, pressed: Pressed) -> Turn:
    try:
        press = _press_of(pressed)
    except PostbackError as error:
        _log.warning("press_not_read", reason=type(error).__name__)
        return Turn(fallback.old_button)
    route = ROUTES.presses.get(type(press))
    return Turn(fallback.old_button) if route is None else _turn(request, route, press)


def _press_of(pressed: Pressed) -> Postback:
    """Return what was pressed.

    Raises:
        PostbackError: an old button, or none of ours.
    """
    return Postback.parse(pressed.data).completed(pressed.params)


def _said(request: Request, text: str) -> Turn:
    if is_cancel(text):  # also when nothing is under way: it must not end the link of the account
        return Turn(fallback.cancelled)
    if linking.holds_code(text):
        return linking.code_turn(text)
    if (button := button_typed(request, text)) is not None:
        return _pressed(request, button)
    if (circular := making.turn_of(request, text)) is not None:
        return circular
    if delegations.concerns(request, text):
        return Turn(partial(delegations.asked, text=text))
    turn = corrections.turn_of(request, text) or circular_calendar.turn_of(request, text) or _awaited(request, text)
    turn = turn or mirroring.turn_of(request, text) or receiving.turn_of(request, text)
    turn = turn or following.turn_of(request, text) or _leaning(request, text)
    return turn or _meant(request, understand(text, agency_names(request)))


def _awaited(request: Request, text: str) -> Turn | None:
    """Return the turn of words that a press asked for; None: none are awaited, or these surely are something else."""
    if not request.context.awaiting or is_command(text):
        return None
    try:
        press = Postback.parse(request.context.awaiting)
    except PostbackError:
        return None
    if picks_person(press) and _is_no_name(request, text):
        return None
    if making.is_no_answer(request, press, text) and (making.asks_nothing(press) or _is_no_name(request, text)):
        return None
    if whom.is_no_answer(request, press, text) and (_turns_page(request, text) or _is_no_name(request, text)):
        return None
    route = ROUTES.words.get(type(press))
    return None if route is None else _turn(request, route, press, text)


def _turns_page(request: Request, text: str) -> bool:
    return isinstance(follow_up(text, agency_names(request)), (NextPage, PreviousPage))


def _is_no_name(request: Request, text: str) -> bool:
    """Tell whether words name no person: they name a project, or surely ask what the bot answers."""
    meant = understand(text, agency_names(request))
    asks = meant.intent not in (None, Intent.OUT_OF_SCOPE) and meant.confidence >= _SURELY
    return asks or meant.slots.project_code is not None


def _leaning(request: Request, text: str) -> Turn | None:
    """Return the turn of a sentence that leans on the last answer; None: it stands by itself."""
    context = request.context
    match follow_up(text, agency_names(request)):
        case NextPage():
            return _page(request, context.next_page)
        case PreviousPage():
            return _page(request, context.previous_page)
        case Pick() as pick if (code := pick.of(context.shown)) is not None:
            return _turn(request, ROUTES.presses[ShowProject], ShowProject(code))
        case Amend(slots) if context.intent is not None:
            merged = _merged(relabelled(request, context.slots, slots), slots)
            whole = f"{context.said} {text}".strip()
            return _meant(request, Understood(whole, context.intent, merged, 1.0), context.said)
    return None


def _page(request: Request, data: str) -> Turn:
    return _pressed(request, Pressed(data)) if data else Turn(fallback.no_further_page)


def _merged(before: Slots, said: Slots) -> Slots:
    """Return the particulars with what was said anew; a quarter said anew brings its own year."""
    new = {name: value for name in Slots.__slots__ if (value := getattr(said, name)) is not None}
    if "quarter" in new:
        new.setdefault("fiscal_year", None)
    if "agency" in new:
        new |= {"project_code": None, "project_query": None}
    return replace(before, **new)


def _meant(request: Request, understood: Understood, said: str | None = None) -> Turn:
    """Return the turn of a sentence; ``said``: the one that it leans on, None: it stands by itself."""
    if report_wishes.wishes_to_report(request, understood):
        return Turn(partial(report_wishes.report_wished, understood=understood))
    route = None if understood.intent is None else ROUTES.intents.get(understood.intent)
    if route is None:
        _log.info("not_understood", choices=understood.choices, confidence=round(understood.confidence, 2))
        return Turn(partial(fallback.not_understood, understood=understood))
    turn, first = _turn(request, route, understood), understood.utterance if said is None else said

    def run(at_work: Request) -> Answer:
        answer = turn.run(at_work)
        if answer.context.intent is not understood.intent:
            return answer
        return replace(answer, context=replace(answer.context, said=first[:_SAID_LENGTH]))

    return replace(turn, run=run)


def _turn(request: Request, route: Route, *arguments: Any) -> Turn:
    """Return the turn of a route, if the asker's roles allow it; they are read anew when it runs."""
    if not _allowed(route, request.asker):
        return Turn(fallback.not_permitted)

    def run(at_work: Request) -> Answer:
        if not _allowed(route, at_work.asker):
            return fallback.not_permitted(at_work)
        return route.answer(at_work, *arguments)

    return Turn(run, route.changes)


def _allowed(route: Route, asker: PersonReading) -> bool:
    return not route.roles or not route.roles.isdisjoint(asker.roles)


def recalled(request: Request) -> Request:
    """Return the request with what the person's last answer left; nothing when another program version kept it."""
    kept = conversations.recall(request.session, request.asker.person_id, request.real_now)
    if kept is None:
        return request
    try:
        return replace(request, context=Context.from_json(kept))
    except (KeyError, TypeError, ValueError) as error:
        _log.warning("context_not_read", error=type(error).__name__)
        return request


def left_to_lean_on(answer: Answer) -> Mapping[str, Any] | None:
    """Return what the answer leaves for the next sentence to lean on, as the database keeps it; None: nothing."""
    return None if answer.context == NO_CONTEXT else answer.context.as_json()

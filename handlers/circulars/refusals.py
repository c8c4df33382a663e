"""What is answered where something cannot be done with a circular: never silence, always what is true now."""

from __future__ import annotations

from domain.circulars.letters import CircularIncomplete
from domain.circulars.life import CircularRefusal, CircularRefused, CircularState
from handlers.circulars.presses import PreviewCircular, ShowCircular, ShowDraft
from handlers.conversation import Answer, Request
from messages_th.circulars import labels
from messages_th.circulars import refusals as thai
from messages_th.circulars.letters import number_and_date
from messages_th.listing import Button
from storage.circulars.rows import found, releaser_of
from storage.tables import Circular


def refused(request: Request, circular_id: int, error: CircularRefused) -> Answer:
    """Return why something was not done and how the circular stands now; who may not know of it learns nothing."""
    try:
        row = found(request.session, request.reference, request.actor, circular_id)
    except CircularRefused:
        return Answer((thai.unknown_circular(request.reader),))
    if error.refusal is CircularRefusal.NOT_YOURS:
        return Answer((thai.unknown_circular(request.reader),))
    request.session.refresh(row)
    missing = error.missing if isinstance(error, CircularIncomplete) else ()
    return Answer((thai.refused_card(request.reader, _truth(request, row), error.refusal, missing, request.now),))


def _truth(request: Request, row: Circular) -> thai.Truth:
    name = releaser_of(request.session, row)
    return thai.Truth(number_and_date(row.letter_no, row.letter_date), row.state, name, row.released_at, _way(row))


def _way(row: Circular) -> Button:
    match row.state:
        case CircularState.DRAFT:
            return Button(labels.OPEN_DRAFT, ShowDraft(row.id).pack(), primary=True)
        case CircularState.WAITING_RELEASE:
            return Button(labels.CHECK_PROPOSED, PreviewCircular(row.id).pack(), primary=True)
    return Button(labels.FOLLOW, ShowCircular(row.id).pack(), primary=True)

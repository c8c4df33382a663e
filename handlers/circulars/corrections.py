"""Letters that correct or withdraw an earlier circular: begun by a button or by a sentence that names its number."""

from __future__ import annotations

from datetime import date

from domain.circulars.audience import Audience
from domain.circulars.letters import Letter, Relation
from domain.circulars.life import CircularRefusal, CircularRefused, CircularState
from domain.circulars.searching import Sought, is_of_number
from handlers.circulars import following
from handlers.circulars.draft_cards import draft_card, open_draft
from handlers.circulars.presses import MAY, CorrectCircular, ShowCircular, ShowDraft, WithdrawCircular
from handlers.conversation import Answer, Request, Turn
from handlers.postback import Postback
from handlers.routes import Routes
from messages_th.circulars import corrections as thai
from messages_th.circulars.corrections import Candidate, CorrectionWish, correction_wish
from messages_th.circulars.refusals import circular_refusal_words
from messages_th.rendering import Rendered, plain
from storage.circulars import drafts
from storage.circulars.drafts import Draft
from storage.circulars.later_letters import begun_letter, later_letters
from storage.queries.circulars import Listed, found_circulars, listed

routes = Routes()

_BEGIN = {Relation.CORRECTS: CorrectCircular, Relation.WITHDRAWS: WithdrawCircular}
_UNSENT = (CircularState.DRAFT, CircularState.WAITING_RELEASE)


def turn_of(request: Request, text: str) -> Turn | None:
    """Return the turn of a sentence that wants to correct or withdraw a circular.

    None: it does not, or may not, or words were asked for that may be of that kind.
    """
    wish = correction_wish(text)
    if wish is None or not request.holds(*MAY) or (request.context.awaiting and open_draft(request) is None):
        return None
    return Turn(lambda at_work: _which(at_work, wish))


@routes.press(CorrectCircular, roles=MAY, changes=True)
def correct_circular(request: Request, press: CorrectCircular) -> Answer:
    """Begin the letter that corrects a circular."""
    return _begin(request, press.circular, Relation.CORRECTS)


@routes.press(WithdrawCircular, roles=MAY, changes=True)
def withdraw_circular(request: Request, press: WithdrawCircular) -> Answer:
    """Begin the letter that withdraws a circular."""
    return _begin(request, press.circular, Relation.WITHDRAWS)


def _begin(request: Request, circular: int, relation: Relation) -> Answer:
    """Begin a letter about an earlier one, for its recipients, or go on with the one that was begun before."""
    session, reference, by = request.session, request.reference, request.actor
    try:
        first = drafts.draft(session, reference, by, circular)
    except CircularRefused:
        return following.unknown(request)
    begun = begun_letter(session, by, circular, relation)
    if begun is not None:
        return draft_card(request, drafts.draft(session, reference, by, begun))
    letter, audience = _first_words(first, relation), Audience(recipients_of=circular)
    try:
        draft = drafts.begin(session, reference, by, letter, audience, request.moment, relation, circular)
    except CircularRefused as refused:
        return following.standing(request, circular, (_why_not(request, first, refused.refusal),))
    return draft_card(request, draft)


def _first_words(first: Draft, relation: Relation) -> Letter:
    """Return what a letter about an earlier one says before its maker changes it."""
    about = first.letter.letter_no, first.letter.letter_date
    return Letter(
        urgency=first.letter.urgency,
        subject=thai.first_subject(relation, *about),
        text=thai.first_text(relation, *about, first.letter.subject),
        wants_acknowledgement=first.letter.wants_acknowledgement,
    )


def _why_not(request: Request, first: Draft, refusal: CircularRefusal) -> Rendered:
    """Return why no letter about a circular can be begun."""
    if refusal is CircularRefusal.WRONG_STATE:
        is_unsent = first.state in _UNSENT
        return (
            thai.not_sent_yet(request.reader, first.letter.letter_no)
            if is_unsent
            else thai.too_many_drafts(request.reader)
        )
    by = _withdrawn_by(request, first.circular_id)
    if refusal is CircularRefusal.WITHDRAWN and by is not None:
        return thai.withdrawn_already(request.reader, first.letter.letter_no, by)
    return plain(circular_refusal_words(refusal, request.reader.particle))


def _which(request: Request, wish: CorrectionWish) -> Answer:
    """Show the circulars of a number, each to be tapped: a sentence alone begins nothing."""
    found = found_circulars(request.session, request.reference, request.actor, Sought(wish.letter_no))
    of_number = [one for one in listed(request.session, found) if is_of_number(wish.letter_no, one.letter_no)]
    candidates = [_candidate(request, one, wish.relation) for one in of_number]
    return Answer((thai.which_letter(request.reader, wish.relation, candidates, request.now),))


def _candidate(request: Request, one: Listed, relation: Relation) -> Candidate:
    press: Postback = _BEGIN[relation](one.circular_id)
    if one.state in _UNSENT:
        is_draft = one.state is CircularState.DRAFT
        press = ShowDraft(one.circular_id) if is_draft else ShowCircular(one.circular_id)
    by = _withdrawn_by(request, one.circular_id)
    return Candidate(one.letter_no, one.letter_date, one.subject, one.state, press.pack(), by)


def _withdrawn_by(request: Request, circular: int) -> tuple[str, date | None] | None:
    """Return number and date of the letter that withdrew a circular; None: none did."""
    later = later_letters(request.session, circular)
    return next(((one.letter_no, one.letter_date) for one in later if one.relation is Relation.WITHDRAWS), None)

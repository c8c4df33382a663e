"""Linking a LINE account to a person, and unlinking it.

Strangers and linked people type codes and say yes alike, so that work is done on a ``Visit``; a linked person
comes to it as a visitor of the same account.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from domain.invite_codes import code_in, resembles_code
from domain.reminders import BANGKOK
from handlers.conversation import Answer, Pressed, Request, Said, Turn, Utterance, Visit, VisitTurn
from handlers.postback import Postback, PostbackError
from handlers.readers import reader_of
from handlers.routes import Routes
from messages_th import linking as thai
from messages_th.quick_replies import QuickReply
from messages_th.replies import choice
from messages_th.understanding.intents import Intent, Understood
from storage import linking
from storage.link_notices import LinkNotice
from storage.linking import NotOffered, Offer
from storage.outbox_claims import Now
from storage.queries.readers import PersonReading, people_reading

UNLINK_WITHIN = timedelta(minutes=10)
"""How long the question whether to unlink may be answered: old cards stay in chats."""

routes = Routes()


class ConfirmLink(Postback, prefix="ln1"):
    """Says "that is me" to an invite, by its number."""

    invite: int


class DeclineLink(Postback, prefix="lk1"):
    """Says "that is not me" to an invite, by its number."""

    invite: int


class Unlink(Postback, prefix="un1"):
    """Undoes the presser's link; ``asked_at`` is when the card asked, in seconds of real time."""

    asked_at: int


class KeepLink(Postback, prefix="cf1"):
    """Leaves the presser's link as it is."""


def holds_code(text: str) -> bool:
    """Tell whether a text is, or holds, an invite code."""
    return code_in(text) is not None


def code_turn(text: str) -> Turn:
    """Return the turn of a linked person who typed a code."""
    return Turn(lambda request: _typed(_visit(request), text), changes=True)


def visit_turn(_visit: Visit, utterance: Utterance) -> VisitTurn:
    """Return what the utterance of somebody unknown leads to."""
    match utterance:
        case Said(text) if holds_code(text):
            return VisitTurn(partial(_typed, text=text), changes=True)
        case Said(text) if resembles_code(text):
            return VisitTurn(lambda _: Answer((thai.not_a_code(),)))
        case Pressed(data):
            return _visitor_pressed(data)
        case _:
            return VisitTurn(way_in)


def way_in(_visit: Visit) -> Answer:
    """Answer a stranger, whatever they sent or when they added the bot: how to link, and nothing else."""
    return Answer((thai.way_in(),))


def _visitor_pressed(data: str) -> VisitTurn:
    try:
        press = Postback.parse(data)
    except PostbackError:
        press = None
    match press:
        case ConfirmLink():
            return VisitTurn(partial(_confirmed, press=press), changes=True)
        case DeclineLink():
            return VisitTurn(partial(_declined, press=press), changes=True)
        case _:  # a menu that LINE still shows to an account which is nobody's any more has to go
            return VisitTurn(lambda _: Answer((thai.way_in(),), changes_menu=True))


@routes.press(ConfirmLink, changes=True)
def confirm_link(request: Request, press: ConfirmLink) -> Answer:
    """Link the presser's account to the person whose code was typed."""
    return _confirmed(_visit(request), press)


@routes.press(DeclineLink, changes=True)
def decline_link(request: Request, press: DeclineLink) -> Answer:
    """Void the code that reached the wrong person."""
    return _declined(_visit(request), press)


@routes.intent(Intent.LINK_ACCOUNT)
def link_account(request: Request, _asked: Understood) -> Answer:
    """Say to whom the account is linked already."""
    return _linked_as(request)


@routes.intent(Intent.UNLINK_ACCOUNT)
def ask_unlink(request: Request, _asked: Understood) -> Answer:
    """Ask whether the link is to be undone."""
    yes = Unlink(int(request.real_now.timestamp())).pack()
    return Answer((thai.ask_unlink(request.reader, yes, KeepLink().pack()),))


@routes.press(Unlink, changes=True)
def unlink(request: Request, press: Unlink) -> Answer:
    """Undo the link; an old card asks anew."""
    age = int(request.real_now.timestamp()) - press.asked_at
    if not 0 <= age <= UNLINK_WITHIN.total_seconds():
        return ask_unlink(request, Understood("", Intent.UNLINK_ACCOUNT, request.context.slots, 1.0))
    reader = request.reader
    linking.unlink(request.session, request.reference.rules.organisation, request.account, _now(request))
    return Answer((thai.unlinked(reader),), changes_menu=True)


@routes.press(KeepLink)
def keep_link(request: Request, _press: KeepLink) -> Answer:
    """Say that the link stays."""
    return Answer((thai.kept(request.reader),))


def followed(request: Request) -> Answer:
    """Greet a linked person who added or unblocked the bot, whom messages reach again; in a session that may write."""
    linking.followed(request.session, request.account, request.real_now)
    return Answer((thai.welcome_back(request.reader),), _first_questions(request.asker), changes_menu=True)


def notice_message(notice: LinkNotice, reader: PersonReading, person: PersonReading) -> str:
    """Return the body of a notice that a link changed."""
    if notice.to_earlier_account:
        return thai.lost_link(reader_of(reader), notice.at).body
    return thai.link_changed(reader_of(reader), notice.change, person.full_name, person.position, notice.at).body


def _visit(request: Request) -> Visit:
    return Visit(request.session, request.reference, request.account, request.now, request.real_now)


def _now(moment: Visit | Request) -> Now:
    return Now(moment.now, moment.real_now)


def _typed(visit: Visit, text: str) -> Answer:
    code = code_in(text)
    if code is None:
        return way_in(visit)
    match linking.offer(visit.session, visit.account, code, visit.real_now):
        case Offer() as offer:
            return _ask(visit, offer)
        case NotOffered.LOCKED:
            return Answer((thai.locked(),))
        case NotOffered.OWN:
            return _linked_as(visit)
        case NotOffered.WRONG:
            return Answer((thai.wrong_code(),))


def _ask(visit: Visit, offer: Offer) -> Answer:
    person = _reading(visit, offer.person)
    ends = thai.Ends(offer.replaces_account, _name(visit, offer.replaces_person))
    yes, no = ConfirmLink(offer.invite).pack(), DeclineLink(offer.invite).pack()
    return Answer((thai.offer(reader_of(person), _posts(visit, offer.person), ends, yes, no),))


def _posts(visit: Visit, person: str) -> Sequence[thai.Post]:
    posts = visit.reference.rules.organisation.posts_of(person)
    return [thai.Post(post.role, visit.reference.unit_names[post.unit]) for post in posts]


def _confirmed(visit: Visit, press: ConfirmLink) -> Answer:
    organisation = visit.reference.rules.organisation
    made = linking.confirm(visit.session, organisation, visit.account, press.invite, thai.PRIVACY_VERSION, _now(visit))
    if made is None:
        return _offer_over(visit)
    person = _reading(visit, made.person)
    ended = thai.Ends(made.replaced_account, _name(visit, made.replaced_person))
    return Answer((thai.linked(reader_of(person), person.roles, ended),), _first_questions(person), changes_menu=True)


def _declined(visit: Visit, press: DeclineLink) -> Answer:
    organisation = visit.reference.rules.organisation
    if linking.decline(visit.session, organisation, visit.account, press.invite, _now(visit)):
        return Answer((thai.declined(),))
    return _offer_over(visit)


def _offer_over(visit: Visit) -> Answer:
    """Answer a press that comes too late, again, or from an account that was asked nothing."""
    if linking.person_of(visit.session, visit.account) is not None:
        return _linked_as(visit)
    return Answer((thai.offer_over(),))


def _linked_as(moment: Visit | Request) -> Answer:
    linked = linking.person_of(moment.session, moment.account)
    if linked is None:
        return Answer((thai.way_in(),))
    return Answer((thai.linked_as(reader_of(_reading(moment, linked.person)), linked.since),))


def _first_questions(person: PersonReading) -> tuple[QuickReply, ...]:
    return tuple(choice(intent) for intent in thai.suggested(person.roles))


def _reading(moment: Visit | Request, person: str) -> PersonReading:
    today = moment.now.astimezone(BANGKOK).date()
    return people_reading(moment.session, [person], today)[person]


def _name(visit: Visit, person: str | None) -> str:
    return "" if person is None else _reading(visit, person).full_name

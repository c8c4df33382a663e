"""What those do with circulars who got them: list them, acknowledge them, open their documents.

Who got none finds what there is of a circular that does not exist, whatever card was forwarded; who looks after one may
read it, and has nothing to acknowledge.
"""

from __future__ import annotations

from contextlib import suppress

from domain.circulars.life import CircularRefused
from handlers import fallback
from handlers.circulars.letter import letter_card, letter_view
from handlers.circulars.presses import CIRCULAR, Acknowledge, OpenLetter
from handlers.conversation import Answer, Context, Page, Request, Turn
from handlers.paging import page_at, rows_of
from handlers.postback import Postback
from handlers.routes import Routes
from messages_th.circulars import receiving as thai
from messages_th.circulars.received_wishes import received_wish
from messages_th.circulars.receiving import After, Later, LetterRow, ReceivedSheet
from storage.circulars import receiving
from storage.circulars.receiving import LetterListed, LetterRead, readable

_WORDS_LENGTH = 60
"""Characters of what is searched for; a button has room for them."""

routes = Routes()


class ListReceived(Postback, prefix="ki1"):
    """Asks for the circulars that came: all, those alone that wait, or those that words name."""

    waiting: bool
    words: str
    page: int


class ShowReceived(Postback, prefix="cr1"):
    """Asks for the card of a circular that came."""

    circular: int


def turn_of(request: Request, text: str) -> Turn | None:
    """Return the turn of a sentence that asks for the circulars that came; None: it does not."""
    wish = received_wish(text)
    if wish is None or request.sight.home is None:
        return None
    press = ListReceived(wish.only_waiting, wish.words[:_WORDS_LENGTH], 1)
    return Turn(lambda at_work: _one_or_list(at_work, press))


def received(request: Request, page: int = 1) -> Answer:
    """Show all circulars that came to the asker."""
    return list_received(request, ListReceived(waiting=False, words="", page=page))


@routes.press(ListReceived)
def list_received(request: Request, press: ListReceived) -> Answer:
    """Show a page of the circulars that came, those that wait first."""
    if request.sight.home is None:
        return fallback.not_permitted(request)
    found = receiving.received(request.session, request.reference, request.actor, request.now, press.words)
    waiting = [letter for letter in found if letter.waits]
    shown = waiting if press.waiting else found
    page = page_at(press.page, len(shown), lambda number: ListReceived(press.waiting, press.words, number).pack())
    sheet = ReceivedSheet(
        rows=[_row(request, letter) for letter in rows_of(page, shown)],
        total=len(found),
        waiting=len(waiting),
        page=page,
        only_waiting=press.waiting,
        words=press.words,
        everything=EVERYTHING if press.waiting or press.words else "",
    )
    card = thai.received_list(request.reader, sheet, request.now)
    return Answer((card,), context=Context(next_page=page.next, previous_page=page.previous))


EVERYTHING = ListReceived(waiting=False, words="", page=1).pack()
"""The data of a button to all circulars that came."""


@routes.press(ShowReceived)
def show_received(request: Request, press: ShowReceived) -> Answer:
    """Show the card of a circular that came once more, and what has become of it since."""
    letter = letter_for(request, press.circular)
    return gone(request) if letter is None else _shown(request, letter)


@routes.press(Acknowledge, changes=True)
def acknowledge(request: Request, press: Acknowledge) -> Answer:
    """Note that the asker acknowledges a circular, or say since when that is so."""
    try:
        done = receiving.acknowledge(request.session, request.reference, request.actor, press.circular, request.moment)
    except CircularRefused:
        return gone(request)
    letter, reader = done.letter, request.reader
    if not letter.is_recipient:
        return Answer((thai.no_recipient(reader),))
    text, after = letter.sheet.letter, After(later_of(letter), _opens(request, letter))
    if done.at is None:
        return Answer((thai.no_acknowledgement(reader, text, after, request.now),))
    return Answer((thai.acknowledged(reader, text, done.at, after, request.now, is_first=done.is_first),))


@routes.press(OpenLetter, changes=True)
def open_letter(request: Request, press: OpenLetter) -> Answer:
    """Give a link to the circular's documents; without pages, what of it a chat can show."""
    letter = letter_for(request, press.circular)
    if letter is None:
        return gone(request)
    text, later = letter.sheet.letter, later_of(letter)
    link = request.links.page(Page.LETTER, {CIRCULAR: str(press.circular)}, request.asker.code)
    if link is None:
        receiving.note_opened(request.session, request.actor, press.circular, request.moment)
        sender = letter_view(request.session, request.reference, letter.sheet, request.now).sender
        return Answer(tuple(thai.whole_letter(request.reader, text, later, sender, len(letter.sheet.files))))
    press_after = Acknowledge(press.circular).pack() if letter.waits else ""
    return Answer((thai.letter_link(request.reader, text, later, link, press_after, request.now),))


def letter_for(request: Request, circular: int) -> LetterRead | None:
    """Return a circular as the asker may read it now; None: there is none for the asker."""
    with suppress(CircularRefused):
        return readable(request.session, request.reference, request.actor, circular, request.now)
    return None


def gone(request: Request) -> Answer:
    """Answer about a circular that does not exist for the asker."""
    if request.sight.home is None:
        return fallback.not_permitted(request)
    return Answer((thai.gone(request.reader),))


def later_of(letter: LetterRead) -> Later | None:
    """Return which letter corrects or withdraws this one, as messages and the page tell of it."""
    later = letter.later
    if later is None:
        return None
    press = ShowReceived(later.circular_id).pack() if letter.got_later else ""
    return Later(later.relation, later.letter_no, later.letter_date, press)


def _one_or_list(request: Request, press: ListReceived) -> Answer:
    """Show what is asked for: where a single letter waits, its card."""
    if press.waiting:
        found = receiving.received(request.session, request.reference, request.actor, request.now)
        waiting = [letter.circular_id for letter in found if letter.waits]
        if len(waiting) == 1 and (letter := letter_for(request, waiting[0])) is not None:
            return _shown(request, letter)
    return list_received(request, press)


def _shown(request: Request, letter: LetterRead) -> Answer:
    card = letter_card(request.session, request.reference, letter.sheet, request.now)
    before = thai.standing(request.reader, letter.acknowledged_at, later_of(letter))
    return Answer((card,) if before is None else (before, card))


def _opens(request: Request, letter: LetterRead) -> str:
    """Return the data of the button to the letter's documents; "" where they were opened, or the card shows it all."""
    if letter.opened_at is not None:
        return ""
    view = letter_view(request.session, request.reference, letter.sheet, request.now)
    return view.open if view.opens else ""


def _row(request: Request, letter: LetterListed) -> LetterRow:
    by = letter.acknowledge_by
    return LetterRow(
        letter_no=letter.letter_no,
        letter_date=letter.letter_date,
        urgency=letter.urgency,
        subject=letter.subject,
        came_at=letter.came_at,
        acknowledge_by=by,
        days_left=(by - request.today).days if by else None,
        acknowledged_at=letter.acknowledged_at,
        waits=letter.waits,
        is_withdrawn=letter.is_withdrawn,
        show=ShowReceived(letter.circular_id).pack(),
        acknowledge=Acknowledge(letter.circular_id).pack(),
    )

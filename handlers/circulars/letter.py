"""The letter as its recipients get it: one body for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from domain.reminders import BANGKOK
from handlers.circulars.presses import Acknowledge, OpenLetter
from messages_th.circulars import letter_card as thai
from messages_th.circulars.calendar import calendar_lines, changes_on_card
from messages_th.circulars.letter_card import LetterView
from messages_th.circulars.letters import earlier_letter
from messages_th.rendering import Rendered
from storage.circulars.calendar import window_changes
from storage.circulars.drafts import Draft
from storage.circulars.rows import maker_of, title_of
from storage.queries.readers import people_reading
from storage.reference import Reference
from storage.tables import Circular


def letter_card(
    session: Session, reference: Reference, draft: Draft, now: datetime, *, is_test: bool = False
) -> Rendered:
    """Return a circular's card; ``is_test``: marked, for its maker alone."""
    return thai.letter_card(letter_view(session, reference, draft, now, is_test=is_test))


def letter_view(
    session: Session, reference: Reference, draft: Draft, now: datetime, *, is_test: bool = False
) -> LetterView:
    """Return what the card of a circular says, and the page behind it at length."""
    return LetterView(
        letter=draft.letter,
        sender=_sender(session, reference, draft, now),
        files=len(draft.files),
        acknowledge=Acknowledge(draft.circular_id).pack(),
        open=OpenLetter(draft.circular_id).pack(),
        relation=draft.relation,
        about=about_words(session, draft),
        changes=changes_on_card(
            window_changes(session, reference, draft), reference.unit_names, now.astimezone(BANGKOK).date()
        ),
        is_test=is_test,
    )


def calendar_notes(session: Session, reference: Reference, draft: Draft, now: datetime) -> Sequence[str]:
    """Return what a circular would do to the calendar, for those who make and release it: a line each."""
    changes = window_changes(session, reference, draft)
    return calendar_lines(changes, reference.unit_names, now.astimezone(BANGKOK).date())


def letter_body(session: Session, reference: Reference, draft: Draft, now: datetime) -> str:
    """Return the JSON text of the messages array that every recipient gets."""
    return letter_card(session, reference, draft, now).body


def _sender(session: Session, reference: Reference, draft: Draft, now: datetime) -> str:
    """Return the maker's position and ministry, as they are on the day."""
    row = session.get_one(Circular, draft.circular_id)
    maker = maker_of(session, row)
    position = people_reading(session, [maker], now.astimezone(BANGKOK).date())[maker].position
    if row.ministry_id is None:
        return position
    name = reference.rules.organisation.units[reference.unit_codes[row.ministry_id]].name
    return position if name in position else f"{position} {name}".strip()


def about_words(session: Session, draft: Draft) -> str:
    """Return what a letter says of the earlier one that it corrects or withdraws; "" where it is about none."""
    if draft.about is None or draft.relation is None:
        return ""
    title = title_of(session, draft.about)
    return earlier_letter(draft.relation, *title) if title is not None else ""

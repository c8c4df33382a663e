"""What typed words, or a picked day, change in a draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from domain.circulars.letters import LONGEST_NUMBER, LONGEST_SUBJECT, LONGEST_TEXT, Letter, LetterPart
from handlers.circulars.audiences import whom_said
from handlers.conversation import Request
from messages_th.circulars import making as thai
from messages_th.circulars import reading
from messages_th.circulars.moments import Sending
from messages_th.circulars.reading import Acknowledging, LetterFacts, read_letter
from messages_th.circulars.reading_parts import is_about_letter
from messages_th.lengths import utf16_length
from storage.circulars.drafts import Draft

_AHEAD = timedelta(days=366)
"""A letter may bear a date so far ahead, and be sent or acknowledged so late."""
NOTHING_SAID = LetterFacts()


@dataclass(frozen=True, slots=True)
class Change:
    """What is done to a draft by ``make``, which notes beside it what was not understood."""

    make: Callable[[Draft], Draft]
    notes: list[str] = field(default_factory=list)


def facts_said(request: Request, text: str) -> LetterFacts:
    """Return the facts of a letter that a sentence names."""
    return read_letter(text, request.now, request.reference.rules.calendar)


def by_facts(request: Request, facts: LetterFacts) -> Change:
    """Return the change by what was said; days that cannot be are left out, and that is noted."""
    notes = [thai.cut_off(request.reader)] if facts.is_cut else []
    if not day_is_possible(request, LetterPart.LETTER_DATE, facts.letter_date):
        facts, notes = replace(facts, letter_date=None), [*notes, thai.not_read(request.reader, LetterPart.LETTER_DATE)]
    by = facts.acknowledging.by if facts.acknowledging else None
    if not day_is_possible(request, LetterPart.ACKNOWLEDGE_BY, by):
        facts = replace(facts, acknowledging=None)
        notes.append(thai.not_read(request.reader, LetterPart.ACKNOWLEDGE_BY))
    if facts.sending is not None and not moment_is_possible(request, facts.sending.at):
        facts = replace(facts, sending=None)
        notes.append(thai.not_read(request.reader, LetterPart.SEND_AT))

    def make(draft: Draft) -> Draft:
        audience = draft.audience
        if facts.whom:
            heard = whom_said(request.session, request.reference, request.asker.code, facts.whom, audience)
            if heard.is_clear:
                audience = heard.audience
            else:
                unclear = [one.words for one in heard.unclear] or [facts.whom]
                notes.append(thai.whom_not_read(request.reader, unclear))
        return replace(draft, letter=facts.written_into(draft.letter), audience=audience)

    return Change(make, notes)


def by_words(request: Request, part: LetterPart | None, text: str) -> Change | None:
    """Return the change by words that answer the question for a part; None: they do not.

    A part without a name of its own in the words is the one that was asked for.
    """
    if part is LetterPart.TEXT:
        said = reading.read_text(text)
        whole = "" if thai.wants_no_text(said) else said
        return by_letter(lambda letter: replace(letter, text=whole)) if len(said) <= LONGEST_TEXT else None
    facts = facts_said(request, text)
    if part is LetterPart.SUBJECT and not facts.subject:
        subject = reading.read_subject(text)
        fits = subject and utf16_length(subject) <= LONGEST_SUBJECT
        return by_letter(lambda letter: replace(letter, subject=subject)) if fits else None
    if part is None or is_about_letter(text) or facts.subject:
        return None if facts == NOTHING_SAID else by_facts(request, facts)
    answer = _answer(request, part, text)
    return None if answer is None else by_facts(request, answer)


def by_letter(change: Callable[[Letter], Letter]) -> Change:
    """Return the change of what a letter says."""
    return Change(lambda draft: replace(draft, letter=change(draft.letter)))


def by_day(request: Request, part: LetterPart, day: date | None) -> Change | None:
    """Return the change by a picked day; None: it cannot be."""
    if day is None or not day_is_possible(request, part, day):
        return None
    if part is LetterPart.LETTER_DATE:
        return by_letter(lambda letter: replace(letter, letter_date=day))
    return by_letter(lambda letter: replace(letter, wants_acknowledgement=True, acknowledge_by=day))


def day_is_possible(request: Request, part: LetterPart, day: date | None) -> bool:
    """Tell whether a day can be the date of a letter, or the last day for acknowledging it."""
    if day is None:
        return True
    earliest = request.today if part is LetterPart.ACKNOWLEDGE_BY else date.min
    return earliest <= day <= request.today + _AHEAD


def moment_is_possible(request: Request, at: datetime | None) -> bool:
    """Tell whether a letter can be sent at a moment; None: at once."""
    return at is None or request.now < at < request.now + _AHEAD


def _answer(request: Request, part: LetterPart, text: str) -> LetterFacts | None:
    """Return what words mean as the answer to a question; None: nothing that can be."""
    today, calendar = request.today, request.reference.rules.calendar
    match part:
        case LetterPart.LETTER_NO:
            number = reading.read_number(text)
            return LetterFacts(letter_no=number) if number and len(number) <= LONGEST_NUMBER else None
        case LetterPart.LETTER_DATE:
            day = reading.read_letter_date(text, today)
            return LetterFacts(letter_date=day) if day and day_is_possible(request, part, day) else None
        case LetterPart.ACKNOWLEDGE_BY:
            by = reading.read_last_day(text, today, calendar)
            possible = by is not None and day_is_possible(request, part, by)
            return LetterFacts(acknowledging=Acknowledging(wanted=True, by=by)) if possible else None
        case LetterPart.SEND_AT:
            sending: Sending | None = reading.read_moment(text, request.now, calendar)
            possible = sending is not None and moment_is_possible(request, sending.at)
            return LetterFacts(sending=sending) if possible else None
        case LetterPart.URGENCY:
            urgency = reading.read_urgency(text)
            return LetterFacts(urgency=urgency) if urgency else None
    return None

"""What the pages of a circular show: the form with what was tried, the card, and what would happen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field

from markupsafe import Markup

from bot.pages.cells import Unreadable
from bot.pages.circulars import places
from bot.pages.circulars.calendar import TypedRow, typed_rows
from bot.pages.circulars.fields import FIELDS
from bot.pages.circulars.keeping import Kept, Seen
from bot.pages.edits import Typed
from domain.circulars.letters import Urgency
from domain.circulars.life import CircularAct, CircularState, is_possible
from domain.report_fields import EditOutcome, typed_text
from domain.roles import Role
from handlers.circulars.audiences import names_of, quarter_owed
from handlers.circulars.letter import about_words, letter_card
from handlers.circulars.releasing import preview_of
from messages_th.circulars.whom import Names
from messages_th.pages import circulars as thai
from messages_th.pages import circulars_words as words
from messages_th.pages.flex import drawn_card
from messages_th.words import word
from storage.circulars.previewing import BeforeRelease, before_release
from storage.circulars.releasing import wants_second_officer
from storage.tables import Person

PLACES = (words.UNITS, words.WITHOUT_UNITS)
_QUARTERS = 4
"""The one being reported and those before it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was typed into the form, and what became of it; ``sought`` is what units were looked for by, by field."""

    typed: Mapping[str, Typed] = field(default_factory=dict)
    kept: Kept = field(default_factory=Kept)
    sought: Mapping[str, str] = field(default_factory=dict)

    def waits(self, name: str) -> bool:
        """Tell whether a field holds what was typed and not kept."""
        return name in self.kept.refused or self.kept.outcomes.get(name) is EditOutcome.CONFLICT


NOTHING_TRIED = Attempt()


def side(seen: Seen) -> thai.Side:
    """Return the card, what would happen, and what is still to be done."""
    before = _before(seen)
    return thai.Side(
        card(seen), thai.panel(preview_of(seen.request, before)), [words.field_of(part) for part in before.missing]
    )


def card(seen: Seen) -> Markup:
    """Return the card that recipients get."""
    asked = seen.request
    return drawn_card(letter_card(asked.session, asked.reference, seen.draft, asked.now))


def proposes(seen: Seen) -> bool:
    """Tell whether its reader hands it to a second officer, and does not release it."""
    return seen.is_makers and wants_second_officer(seen.request.reference, seen.row)


def _before(seen: Seen) -> BeforeRelease:
    asked = seen.request
    return before_release(asked.session, asked.reference, asked.actor, seen.draft.circular_id, asked.moment)


def form_page(
    seen: Seen, frame: thai.Frame, files: Markup, attempt: Attempt = NOTHING_TRIED, trouble: str = "", done: str = ""
) -> str:
    """Return the page with the form; what was tried and not kept stands in it as it was typed."""
    boxes = {name: _box(seen, name, attempt) for name in FIELDS}
    audience, known = seen.draft.audience, _names(seen)
    return thai.form_page(
        thai.Form(
            frame=frame,
            circular=seen.draft.circular_id,
            version=seen.draft.version,
            boxes=boxes,
            places={name: _places(seen, boxes[name], attempt.sought.get(name, "")) for name in PLACES},
            sought=attempt.sought,
            groups=[thai.Choice(str(number), name) for number, name in known.groups.items()],
            quarters=_quarters(seen),
            earlier=words.recipients_of(known.letters[about]) if (about := audience.recipients_of) else "",
            reaches_all=not known.whole,
            calendar=_calendar(seen, boxes[words.WINDOWS].value),
            files=files,
            side=side(seen),
            proposes=proposes(seen),
            about=about_words(seen.request.session, seen.draft),
            sent_back=seen.draft.sent_back_reason,
            trouble=trouble,
            done=done,
        )
    )


def standing_page(seen: Seen, frame: thai.Frame, trouble: str = "", unsaved: Sequence[str] = ()) -> str:
    """Return the page of a circular that its reader does not write, and what may be done with it there."""
    state = seen.draft.state
    waits = state is CircularState.WAITING_RELEASE
    releaser = seen.request.session.get(Person, seen.row.released_by_id) if seen.row.released_by_id else None
    return thai.standing_page(
        thai.Standing(
            frame=frame,
            state=word(state),
            card=card(seen),
            released_by=releaser.full_name if releaser else "",
            released_at=seen.row.released_at,
            panel=thai.panel(preview_of(seen.request, _before(seen))) if waits else None,
            can_release=is_possible(CircularAct.RELEASE, state) and not proposes(seen),
            can_take_back=seen.is_makers and is_possible(CircularAct.TAKE_BACK, state),
            trouble=trouble,
            unsaved=unsaved,
        )
    )


def field_words(seen: Seen, name: str, text: str) -> str:
    """Return what a field's text means to people."""
    if not text.strip():
        return words.NOTHING
    return _CODED[name](seen, text) if name in _CODED else text


def _unit_words(seen: Seen, text: str) -> str:
    units = seen.request.reference.rules.organisation.units
    return ", ".join(units[code].name for code in text.split() if code in units)


def _role_words(_: Seen, text: str) -> str:
    return ", ".join(word(role) for role in Role if role in text.split())


def _group_words(seen: Seen, text: str) -> str:
    return ", ".join(name for number, name in _names(seen).groups.items() if str(number) in text.split())


def _urgency_words(_: Seen, text: str) -> str:
    return word(Urgency(text)) if text in set(Urgency) else text


def _ticked_words(_: Seen, __: str) -> str:
    return words.TICKED


def _row_words(_: Seen, text: str) -> str:
    return "\n".join(" ".join(filter(None, astuple(row))) for row in _rows(text))


_CODED: Mapping[str, Callable[[Seen, str], str]] = {
    words.URGENCY: _urgency_words,
    words.UNITS: _unit_words,
    words.WITHOUT_UNITS: _unit_words,
    words.ROLES: _role_words,
    words.WITHOUT_ROLES: _role_words,
    words.GROUPS: _group_words,
    words.EVERYONE: _ticked_words,
    words.RECIPIENTS_OF: _ticked_words,
    words.WANTS_ACKNOWLEDGEMENT: _ticked_words,
    words.WINDOWS: _row_words,
}
"""Fields whose texts are not what people read."""


def _box(seen: Seen, name: str, attempt: Attempt) -> thai.Box:
    base = FIELDS[name].shown(seen.draft)
    if not attempt.waits(name):
        return thai.Box(base, base)
    mine = typed_text(attempt.typed[name].value)
    if name in attempt.kept.refused:
        return thai.Box(mine, base, problem=attempt.kept.refused[name])
    return thai.Box(mine, base, theirs=field_words(seen, name, base), mine=field_words(seen, name, mine))


def _places(seen: Seen, box: thai.Box, said: str) -> Sequence[thai.Choice]:
    return places.listed(seen.request, box.value.split(), places.sought(seen.request, said))


def _quarters(seen: Seen) -> Sequence[thai.Choice]:
    asked, chosen = seen.request, seen.draft.audience.unreported
    quarters = [quarter_owed(asked.reference, asked.asker.code)]
    while len(quarters) < _QUARTERS:
        quarters.append(quarters[-1].previous())
    if chosen is not None and chosen not in quarters:
        quarters.append(chosen)
    return thai.quarter_choices(quarters, asked.basis)


def _calendar(seen: Seen, text: str) -> thai.Calendar:
    rows = _rows(text)
    known = seen.request.reference.rules.organisation.units
    chosen = [*seen.draft.audience.units, *(row.unit for row in rows if row.unit in known)]
    return thai.Calendar([asdict(row) for row in rows], asdict(TypedRow()), places.listed(seen.request, chosen))


def _rows(text: str) -> Sequence[TypedRow]:
    try:
        return typed_rows(text)
    except Unreadable:
        return ()


def _names(seen: Seen) -> Names:
    asked = seen.request
    return names_of(asked.session, asked.reference, asked.asker.code, seen.draft.audience)

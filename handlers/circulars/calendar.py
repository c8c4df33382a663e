"""Dates that a circular sets, typed by its maker: shown before and after on a card, and set by its button alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.circulars.audience import reach_of
from domain.circulars.calendar import (
    Place,
    PlaceChange,
    check_windows,
    letter_changes,
    path_of,
    scope_of,
    set_windows,
    stated_windows,
)
from domain.circulars.life import CircularRefusal, CircularRefused, CircularState
from domain.errors import InvalidWindow
from domain.fiscal import fiscal_year_of
from domain.spoken_quarters import Purpose
from domain.windows import Occasion, Scope, Span, Stage, WindowKind
from handlers import fallback
from handlers.circulars import refusals
from handlers.circulars.draft_cards import draft_card, open_draft
from handlers.circulars.presses import MAY
from handlers.conversation import Answer, Request, Turn
from handlers.places import pressed_occasion
from handlers.postback import Postback
from handlers.routes import Routes
from handlers.spoken import agency_names, period_of, units_named
from messages_th.circulars import calendar as thai
from messages_th.circulars.refusals import circular_refusal_words
from messages_th.circulars.window_wishes import WindowWish, read_window_wish
from messages_th.listing import Button
from messages_th.rendering import Rendered, plain
from storage.circulars import drafts
from storage.circulars.calendar import window_changes
from storage.circulars.drafts import Draft

routes = Routes()

_Days = tuple[date | None, date]


class SetWindows(Postback, prefix="ck1"):
    """Lets a draft set the windows of an occasion in ``unit`` (a code, None: the country), and no others there.

    The ministry's stage comes second. A stage without a last day has no window; without either the draft says nothing
    of that occasion any more.
    """

    circular: int
    kind: WindowKind
    fiscal_year: int
    quarter: int | None
    unit: str | None
    opens_on: date | None
    closes_on: date | None
    upper_opens_on: date | None
    upper_closes_on: date | None


@dataclass(frozen=True, slots=True)
class _Proposal:
    """What a draft is to set in a place."""

    draft: Draft
    place: Place
    agency: Span | None
    upper: Span | None

    def press(self) -> str:
        occasion, _, unit = self.place
        spans = [(span.opens_on, span.closes_on) if span else (None, None) for span in (self.agency, self.upper)]
        return SetWindows(self.draft.circular_id, *occasion, unit or None, *spans[0], *spans[1]).pack()

    def written(self) -> Draft:
        """Return the draft with these windows."""
        return replace(self.draft, windows=set_windows(self.draft.windows, self.place, self.agency, self.upper))


def turn_of(request: Request, text: str) -> Turn | None:
    """Return the turn of a sentence that names dates while a draft is being written; None: it is another one."""
    circular = open_draft(request)
    if circular is None or not request.holds(*MAY) or _wish(request, text) is None:
        return None
    return Turn(lambda at_work: _answered(at_work, circular, text))


@routes.press(SetWindows, roles=MAY, changes=True)
def set_draft_windows(request: Request, press: SetWindows) -> Answer:
    """Set the windows in the draft and show all that the draft does to the calendar."""
    place = _pressed_place(request, press)
    try:
        agency, upper = _span(press.opens_on, press.closes_on), _span(press.upper_opens_on, press.upper_closes_on)
    except InvalidWindow:
        place = None
    if place is None:
        return fallback.old_button(request)

    def change(draft: Draft) -> Draft:
        changed = _Proposal(draft, place, agency, upper).written()
        check_windows(request.reference.rules, changed.windows, _reach(request))
        return changed

    session, reference = request.session, request.reference
    try:
        draft = drafts.edit(session, reference, request.actor, press.circular, change, request.moment)
    except CircularRefused as refused:
        return refusals.refused(request, press.circular, refused)
    changes = window_changes(session, reference, draft)
    take_out = replace(press, opens_on=None, closes_on=None, upper_opens_on=None, upper_closes_on=None).pack()
    is_stated = stated_windows(draft.windows, place) is not None
    buttons = [Button(thai.TAKE_OUT, take_out)] if is_stated else []
    told = thai.kept(request.reader, draft.letter, changes, reference.unit_names, buttons, request.now)
    shown = draft_card(request, draft)
    return replace(shown, messages=(told, *shown.messages))


def with_proposal(request: Request, before: Draft, draft: Draft, shown: Answer) -> Answer:
    """Return what is shown of a draft, and below it the dates that its new subject or text names, to be confirmed."""
    new = [now for was, now in _subject_and_text(before, draft) if was != now]
    wish = next(filter(None, (_wish(request, words) for words in new)), None)
    if wish is None:
        return shown
    try:
        possible, _ = _judged(request, draft, wish)
    except InvalidWindow:  # whoever means such dates says them in a sentence of their own, and is told
        return shown
    possible = [one for one in possible if tuple(one.written().windows) != tuple(draft.windows)]
    return replace(shown, messages=(*shown.messages, _question(request, wish, possible))) if possible else shown


def _subject_and_text(before: Draft, draft: Draft) -> Sequence[tuple[str, str]]:
    return [(before.letter.subject, draft.letter.subject), (before.letter.text, draft.letter.text)]


def _wish(request: Request, text: str) -> WindowWish | None:
    return read_window_wish(text, agency_names(request), request.today)


def _answered(request: Request, circular: int, text: str) -> Answer:
    """Ask whether a draft is to set the dates that a sentence names; what is asked of the draft stays open."""
    wish = _wish(request, text)
    try:
        draft = drafts.draft(request.session, request.reference, request.actor, circular)
    except CircularRefused as refused:
        return refusals.refused(request, circular, refused)
    if wish is None or draft.state is not CircularState.DRAFT:
        return draft_card(request, draft)
    return Answer((_reply(request, draft, wish),), context=request.context)


def _reply(request: Request, draft: Draft, wish: WindowWish) -> Rendered:
    if _unit_of(request, draft, wish) is None:
        return thai.whose(request.reader)
    try:
        possible, refused = _judged(request, draft, wish)
    except InvalidWindow:
        return thai.ends_before_start(request.reader)
    if possible:
        return _question(request, wish, possible)
    if refused:
        return plain(circular_refusal_words(refused[0], request.reader.particle))
    return thai.which_window(request.reader)


def _judged(request: Request, draft: Draft, wish: WindowWish) -> tuple[Sequence[_Proposal], Sequence[CircularRefusal]]:
    """Return what a wish can mean, and why what else it may mean cannot be.

    Raises:
        InvalidWindow: a window would close before it opens.
    """
    unit = _unit_of(request, draft, wish)
    if unit is None:
        return (), ()
    judged = [(one, _refusal(request, one)) for one in _meant(request, draft, wish, unit)]
    refused = [refusal for _, refusal in judged if refusal is not None]
    return [one for one, refusal in judged if refusal is None], refused


def _meant(request: Request, draft: Draft, wish: WindowWish, unit: str) -> Sequence[_Proposal]:
    """Return what a wish may mean; a day that fits one of several windows is meant for that one.

    Raises:
        InvalidWindow: the day fits none.
    """
    found, misfits = [], []
    for kind in wish.kinds:
        try:
            found.append(_proposal(request, draft, wish, kind, unit))
        except InvalidWindow as error:
            misfits.append(error)
    meant = [one for one in found if one is not None]
    if misfits and not meant:
        raise misfits[0]
    return meant


def _question(request: Request, wish: WindowWish, meant: Sequence[_Proposal]) -> Rendered:
    """Return the card of the proposals, each with its button; where one alone is meant, also for the other stage."""
    if len(meant) == 1:
        buttons = [Button(thai.CONFIRM, meant[0].press(), primary=True), *_other_stage(request, wish, meant[0])]
    else:
        buttons = [Button(thai.for_kind(one.place.occasion.kind), one.press()) for one in meant]
    changes = [change for one in meant for change in _changes(request, one)]
    names = request.reference.unit_names
    return thai.proposal(request.reader, meant[0].draft.letter, changes, names, buttons, request.now)


def _changes(request: Request, proposed: _Proposal) -> Sequence[PlaceChange]:
    """Return what the letter would change where the proposal is about."""
    written = proposed.written()
    found = letter_changes(request.reference.rules, written.windows, dated=written.letter.letter_date)
    return [
        change
        for change in found
        if (change.place.scope, change.place.scope_id) == (proposed.place.scope, proposed.place.scope_id)
        and change.place.occasion[:2] == proposed.place.occasion[:2]
        and (change.place == proposed.place or stated_windows(written.windows, change.place) is None)
    ]


def _other_stage(request: Request, wish: WindowWish, proposed: _Proposal) -> Sequence[Button]:
    """Return the button that takes the day for the ministry's stage, where no stage was named and each has its own."""
    if None not in wish.days or proposed.agency == proposed.upper or proposed.upper is None:
        return ()
    upper_wish = replace(wish, days={Stage.UPPER: wish.days[None]})
    try:
        other = _proposal(request, proposed.draft, upper_wish, proposed.place.occasion.kind, proposed.place.scope_id)
    except InvalidWindow:
        return ()
    if other is None or _refusal(request, other) is not None:
        return ()
    return [Button(thai.for_stage(Stage.UPPER), other.press())]


def _proposal(request: Request, draft: Draft, wish: WindowWish, kind: WindowKind, unit: str) -> _Proposal | None:
    """Return what a wish makes of the windows that the draft sets already, or else of those in force.

    None: there is no such window.

    Raises:
        InvalidWindow: a window would close before it opens.
    """
    rules = request.reference.rules
    scope = scope_of(rules.organisation.units[unit].level) if unit else Scope.NATIONAL
    occasion = _occasion(request, wish, kind, Place(Occasion(kind, 0), scope, unit))
    if occasion is None:
        return None
    place = Place(occasion, scope, unit)
    spans = stated_windows(draft.windows, place)
    if spans is None:
        in_force = rules.window(occasion, path_of(rules.organisation, place))
        spans = (in_force.agency, in_force.upper) if in_force else (None, None)
    return _Proposal(draft, place, *_moved(*spans, wish.days))


def _moved(
    agency: Span | None, upper: Span | None, days: Mapping[Stage | None, _Days]
) -> tuple[Span | None, Span | None]:
    """Return both stages' windows with the days that were said; a day of no stage is the agency's, or of both as one.

    Raises:
        InvalidWindow: a window would close before it opens.
    """
    said = dict(days)
    if None in said:
        said[Stage.ALL if agency is not None and agency == upper else Stage.AGENCY] = said.pop(None)
    for stages, moved in said.items():
        if stages in (Stage.AGENCY, Stage.ALL):
            agency = _with_days(agency, moved)
        if stages in (Stage.UPPER, Stage.ALL):
            upper = _with_days(upper, moved)
    return agency, upper


def _with_days(span: Span | None, days: _Days) -> Span:
    opens_on, closes_on = days
    return Span(opens_on or (span.opens_on if span else None), closes_on)


def _occasion(request: Request, wish: WindowWish, kind: WindowKind, place: Place) -> Occasion | None:
    """Return what the wish is about: a quarter as the agency that is named labels it, or the asker; else the next."""
    if kind is WindowKind.QUARTER_REPORT:
        named = place.scope_id if wish.slots.agency else None
        quarter = period_of(request, wish.slots, named, Purpose.DEADLINE).quarter
        return Occasion(kind, quarter.fiscal_year, quarter.number)
    closing = sorted(_closing(request, wish, kind, place), key=lambda pair: pair[0])
    to_come = [pair for pair in closing if pair[0] >= request.today]
    return to_come[0][1] if to_come else closing[-1][1] if closing else None


def _closing(request: Request, wish: WindowWish, kind: WindowKind, place: Place) -> Iterator[tuple[date, Occasion]]:
    rules, this_year = request.reference.rules, fiscal_year_of(request.today)
    years = [wish.slots.fiscal_year] if wish.slots.fiscal_year else [this_year - 1, this_year, this_year + 1]
    path = path_of(rules.organisation, place)
    for occasion in (Occasion(kind, year, number) for year in years for number in rules.windows.rounds(kind, year)):
        windows = rules.window(occasion, path)
        span = (windows.agency or windows.upper) if windows else None
        if span is not None and wish.slots.quarter in (None, occasion.quarter):
            yield span.closes_on, occasion


def _unit_of(request: Request, draft: Draft, wish: WindowWish) -> str | None:
    """Return whose window is meant: the agency named, the only unit that the draft is for, or the asker's ministry.

    "": the country's. None: it is not clear.
    """
    organisation, audience = request.reference.rules.organisation, draft.audience
    if wish.slots.agency:
        named = units_named(request, wish.slots.agency)
        return named[0] if len(named) == 1 else None
    if not audience.everyone and len(audience.units) == 1:
        (unit,) = audience.units
        return unit if unit in organisation.units else None
    if _reach(request) is None:
        return "" if audience.everyone else None
    return organisation.ministry_of(request.sight.home) if request.sight.home else None


def _reach(request: Request) -> frozenset[str] | None:
    return reach_of(request.reference.rules.organisation, request.asker.code)


def _refusal(request: Request, proposed: _Proposal) -> CircularRefusal | None:
    try:
        check_windows(request.reference.rules, proposed.written().windows, _reach(request))
    except CircularRefused as refused:
        return refused.refusal
    return None


def _pressed_place(request: Request, press: SetWindows) -> Place | None:
    occasion = pressed_occasion(press.kind, press.fiscal_year, press.quarter)
    units = request.reference.rules.organisation.units
    if occasion is None or press.unit not in (None, *units):
        return None
    if press.unit is None:
        return Place(occasion, Scope.NATIONAL, "")
    return Place(occasion, scope_of(units[press.unit].level), press.unit)


def _span(opens_on: date | None, closes_on: date | None) -> Span | None:
    return None if closes_on is None else Span(opens_on, closes_on)

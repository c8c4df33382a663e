"""Choosing whom a circular is for, by taps or in words; a press says what it wants, so that an old one does no harm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from domain.circulars.audience import NOBODY, Audience, GroupRefused, below_all
from domain.circulars.life import CircularAct, CircularRefusal, CircularRefused, is_possible
from domain.fiscal import Quarter
from domain.organisation import UnitLevel
from domain.roles import Role
from handlers.circulars.audiences import names_of, quarter_owed, whom_said, whom_words
from handlers.circulars.presses import MAY, ChooseWhom, PreviewCircular, ShowDraft, WhomPart, whom_of
from handlers.circulars.refusals import refused
from handlers.circulars.whom_presses import PutWhom, RemoveGroup, SaveWhom
from handlers.conversation import Answer, Context, Request
from handlers.paging import page_at, rows_of
from handlers.places import pressed_quarter
from handlers.postback import Postback
from handlers.routes import Routes
from messages_th.circulars import labels
from messages_th.circulars import whom_cards as thai
from messages_th.circulars.letters import number_and_date
from messages_th.circulars.reading_whom import speaks_of_recipients
from messages_th.circulars.whom import Names, role_words
from messages_th.circulars.whom_cards import Choice, Chosen, Parts, SavedGroup
from messages_th.formats import quarter_text
from messages_th.listing import ONLY_PAGE, Button, Page
from messages_th.rendering import Rendered
from messages_th.words import word
from storage.circulars import drafts
from storage.circulars.drafts import Draft
from storage.circulars.groups import Group, groups_of, remove_group, save_group
from storage.circulars.people import reachable

routes = Routes()

_T = TypeVar("_T")

_PLACES = frozenset({WhomPart.PLACES, WhomPart.WITHOUT_PLACES})
_LEAVES_OUT = frozenset({WhomPart.WITHOUT_PLACES, WhomPart.WITHOUT_ROLES})


def is_no_answer(request: Request, press: Postback, text: str) -> bool:
    """Tell whether words after a card of recipients say nothing of any."""
    if not isinstance(press, ChooseWhom):
        return False
    return not speaks_of_recipients(text, names_of(request.session, request.reference, request.asker.code))


@routes.press(ChooseWhom, roles=MAY)
def choose(request: Request, press: ChooseWhom) -> Answer:
    """Show whom a draft is for, or what of that can be chosen."""
    try:
        return _shown(request, _draft(request, press.circular), press)
    except CircularRefused as error:
        return refused(request, press.circular, error)


@routes.said_after(ChooseWhom, roles=MAY, changes=True)
def said(request: Request, press: ChooseWhom, text: str) -> Answer:
    """Take words for whom a draft is for; what could mean several is asked back, and nothing of it is taken."""
    here = whom_of(press.circular)
    try:
        draft = _draft(request, press.circular)
        heard = whom_said(request.session, request.reference, request.asker.code, text, draft.audience)
        if not heard.is_clear:
            card = thai.unclear_card(request.reader, heard.unclear, request.now)
            return Answer((card,), context=Context(awaiting=here.pack()))
        return _shown(request, _put(request, press.circular, lambda _: heard.audience), here)
    except CircularRefused as error:
        return refused(request, press.circular, error)


@routes.press(PutWhom, roles=MAY, changes=True)
def put(request: Request, press: PutWhom) -> Answer:
    """Put something into whom a draft is for, or take it out."""
    try:
        names = _names(request, _draft(request, press.circular))
        draft = _put(request, press.circular, lambda before: _with(request, names, before, press))
    except CircularRefused as error:
        return refused(request, press.circular, error)
    part = WhomPart.ALL if press.part is WhomPart.UNREPORTED else press.part
    return _shown(request, draft, ChooseWhom(press.circular, part, press.unit, press.page))


@routes.press(SaveWhom, roles=MAY)
def ask_name(request: Request, press: SaveWhom) -> Answer:
    """Ask under which name whom a draft is for is saved."""
    try:
        draft = _draft(request, press.circular)
    except CircularRefused as error:
        return refused(request, press.circular, error)
    asked = thai.ask_group_name(request.reader, _words(request, draft))
    return Answer((asked,), context=Context(awaiting=press.pack()))


@routes.said_after(SaveWhom, roles=MAY, changes=True)
def save(request: Request, press: SaveWhom, text: str) -> Answer:
    """Save whom a draft is for under the name that was typed."""
    try:
        draft = _draft(request, press.circular)
        group = save_group(
            request.session, request.reference, request.actor, text, draft.audience, request.moment
        )  # fmt: skip
    except CircularRefused as error:
        return refused(request, press.circular, error)
    except GroupRefused as error:
        fault = thai.group_not_saved(request.reader, error.fault)
        return Answer((fault,), context=Context(awaiting=press.pack()))
    back = whom_of(press.circular).pack()
    return Answer((thai.group_saved(request.reader, group.name, _words(request, draft), back, request.now),))


@routes.press(RemoveGroup, roles=MAY, changes=True)
def remove(request: Request, press: RemoveGroup) -> Answer:
    """Ask whether a saved group is to go, and remove it."""
    back = ChooseWhom(press.circular, WhomPart.GROUPS, None, 1)
    if press.confirmed:
        if remove_group(request.session, request.reference, request.actor, press.group, request.moment) is None:
            return Answer((thai.group_gone(request.reader),))
        return choose(request, back)
    group = next((one for one in _groups(request) if one.group_id == press.group), None)
    if group is None:
        return Answer((thai.group_gone(request.reader),))
    yes = replace(press, confirmed=True).pack()
    return Answer((thai.ask_group_removal(request.reader, group.name, yes, back.pack(), request.now),))


def _draft(request: Request, circular: int) -> Draft:
    """Return a draft that may be changed.

    Raises:
        CircularRefused: NOT_YOURS or WRONG_STATE.
    """
    draft = drafts.draft(request.session, request.reference, request.actor, circular)
    if not is_possible(CircularAct.EDIT, draft.state):
        raise CircularRefused(CircularRefusal.WRONG_STATE)
    return draft


def _put(request: Request, circular: int, change: Callable[[Audience], Audience]) -> Draft:
    def changed(draft: Draft) -> Draft:
        return replace(draft, audience=change(draft.audience))

    return drafts.edit(request.session, request.reference, request.actor, circular, changed, request.moment)


def _with(request: Request, names: Names, before: Audience, press: PutWhom) -> Audience:
    """Return the audience with what a press puts in or takes out; what cannot be chosen changes nothing."""
    choice, wanted = press.choice, press.wanted
    changes: dict[str, Any] = {}
    match press.part:
        case WhomPart.ALL:
            return _of_everybody(before, names) if wanted else NOBODY
        case WhomPart.PLACES if choice in names.places.units or not wanted:
            changes["units"] = _set(before.units, choice, wanted=wanted)
        case WhomPart.WITHOUT_PLACES if choice in names.places.units or not wanted:
            changes["without_units"] = _set(before.without_units, choice, wanted=wanted)
        case WhomPart.ROLES if choice in set(Role):
            changes["roles"] = _set(before.roles, Role(choice), wanted=wanted)
        case WhomPart.WITHOUT_ROLES if choice in set(Role):
            changes["without_roles"] = _set(before.without_roles, Role(choice), wanted=wanted)
        case WhomPart.UNREPORTED if (quarter := _quarter(choice)) is not None:
            changes["unreported"] = quarter if wanted else None
        case WhomPart.GROUPS:
            known = {str(group.group_id): group.group_id for group in _groups(request)}
            kept = tuple(group for group in before.groups if str(group) != choice)
            changes["groups"] = (*kept, known[choice]) if wanted and choice in known else kept
    after = replace(before, **changes)
    narrows = wanted and press.part in (WhomPart.ROLES, WhomPart.UNREPORTED)
    return _of_everybody(after, names) if narrows and after.is_empty else after


def _of_everybody(audience: Audience, names: Names) -> Audience:
    everybody = names.everybody()
    return replace(audience, everyone=everybody.everyone, units=everybody.units)


def _set(chosen: frozenset[_T], choice: _T, *, wanted: bool) -> frozenset[_T]:
    return chosen | {choice} if wanted else chosen - {choice}


def _quarter(choice: str) -> Quarter | None:
    number, _, year = choice.partition("/")
    if not (number.isascii() and number.isdigit() and year.isascii() and year.isdigit()):
        return None
    return pressed_quarter(int(year), int(number))


def _shown(request: Request, draft: Draft, press: ChooseWhom) -> Answer:
    names = _names(request, draft)
    if press.part in _PLACES:
        return _places(request, draft, names, press)
    if press.part in (WhomPart.ROLES, WhomPart.WITHOUT_ROLES):
        return _roles(request, draft, press)
    if press.part is WhomPart.GROUPS:
        return _saved(request, draft, press)
    return _whole(request, draft, names)


def _whole(request: Request, draft: Draft, names: Names) -> Answer:
    audience, circular = draft.audience, draft.circular_id
    quarter = audience.unreported or quarter_owed(request.reference, request.asker.code)
    put_unreported = PutWhom(
        circular, WhomPart.UNREPORTED, f"{quarter.number}/{quarter.fiscal_year}", audience.unreported is None, None, 1
    )
    parts = Parts(
        places=len(audience.units),
        roles=role_words(audience.roles),
        without_places=len(audience.without_units),
        without_roles=role_words(audience.without_roles),
        groups=len(audience.groups),
        period=quarter_text(quarter, names.basis),
        is_unreported=audience.unreported is not None,
        show_places=_part(circular, WhomPart.PLACES),
        show_roles=_part(circular, WhomPart.ROLES),
        show_without_places=_part(circular, WhomPart.WITHOUT_PLACES),
        show_without_roles=_part(circular, WhomPart.WITHOUT_ROLES),
        show_groups=_part(circular, WhomPart.GROUPS),
        put_unreported=put_unreported.pack(),
    )
    card = thai.whom_card(request.reader, _chosen(request, draft), parts, _ways(draft, names), request.now)
    return _answer(draft, card)


def _ways(draft: Draft, names: Names) -> Sequence[Button]:
    audience, circular = draft.audience, draft.circular_id
    buttons = []
    if not audience.is_empty:
        buttons.append(Button(labels.CHECK, PreviewCircular(circular).pack(), primary=True))
    everybody = names.everybody()
    if (audience.everyone, audience.units) != (everybody.everyone, everybody.units):
        label = thai.WHOLE_MINISTRY if names.whole else thai.WHOLE_COUNTRY
        buttons.append(Button(label, PutWhom(circular, WhomPart.ALL, "", True, None, 1).pack()))
    if not audience.is_empty:
        buttons.append(Button(thai.SAVE, SaveWhom(circular).pack()))
        buttons.append(Button(thai.CLEAR, PutWhom(circular, WhomPart.ALL, "", False, None, 1).pack()))
    return [*buttons, Button(labels.BACK_TO_LETTER, ShowDraft(circular).pack())]


def _places(request: Request, draft: Draft, names: Names, press: ChooseWhom) -> Answer:
    above = _above(names, press.unit)
    codes = _listed(names, above)
    page = page_at(press.page, len(codes), lambda number: replace(press, unit=above, page=number).pack())
    chosen = draft.audience.units if press.part is WhomPart.PLACES else draft.audience.without_units
    held = _held(request, chosen)
    if press.part is WhomPart.PLACES and draft.audience.everyone:
        held = frozenset(names.places.units)
    choices = [
        Choice(
            names.places.written(code),
            PutWhom(press.circular, press.part, code, code not in chosen, above, page.number).pack(),
            is_chosen=code in chosen,
            is_within=code in held,
            is_partly=not chosen.isdisjoint(request.reference.rules.organisation.below(code)),
            below=replace(press, unit=code, page=1).pack() if code != above and names.places.children(code) else "",
        )
        for code in rows_of(page, codes)
    ]
    return _answer(
        draft,
        thai.choices_card(
            request.reader,
            _chosen(request, draft),
            choices,
            page,
            [_back(press, names, above)],
            request.now,
            place=names.places.written(above) if above else "",
            leaves_out=press.part in _LEAVES_OUT,
        ),
        page,
    )


def _above(names: Names, unit: str | None) -> str | None:
    """Return the unit whose parts are listed: the one asked for, or the only ministry; none: all that is in reach."""
    if unit in names.places.units:
        return unit
    return next(iter(names.whole)) if len(names.whole) == 1 else None


def _listed(names: Names, above: str | None) -> Sequence[str]:
    """Return the unit itself and those right below it; without one, all that have nothing above them in reach."""
    children = names.places.children(above)
    return [above, *children] if above else children


def _held(request: Request, units: frozenset[str]) -> frozenset[str]:
    return below_all(request.reference.rules.organisation, units) - units


def _back(press: ChooseWhom, names: Names, above: str | None) -> Button:
    level = names.places.units[above].level if above else None
    parent = names.places.units[above].parent if above else None
    if level in (None, UnitLevel.MINISTRY) and (names.whole or above is None):
        return Button(thai.BACK_TO_WHOM, whom_of(press.circular).pack())
    return Button(thai.BACK, replace(press, unit=parent, page=1).pack())


def _roles(request: Request, draft: Draft, press: ChooseWhom) -> Answer:
    chosen = draft.audience.roles if press.part is WhomPart.ROLES else draft.audience.without_roles
    choices = [
        Choice(
            word(role),
            PutWhom(press.circular, press.part, role, role not in chosen, None, 1).pack(),
            is_chosen=role in chosen,
        )
        for role in Role
    ]
    page = page_at(1, len(choices), lambda number: replace(press, page=number).pack())
    back = [Button(thai.BACK_TO_WHOM, whom_of(press.circular).pack())]
    card = thai.choices_card(
        request.reader, _chosen(request, draft), choices, page, back, request.now,
        leaves_out=press.part in _LEAVES_OUT,
    )  # fmt: skip
    return _answer(draft, card)


def _saved(request: Request, draft: Draft, press: ChooseWhom) -> Answer:
    groups, chosen = _groups(request), draft.audience.groups
    page = page_at(press.page, len(groups), lambda number: replace(press, page=number).pack())
    rows = [
        SavedGroup(
            group.name,
            whom_words(request.session, request.reference, request.asker.code, group.audience),
            PutWhom(
                press.circular, WhomPart.GROUPS, str(group.group_id), group.group_id not in chosen, None, page.number
            ).pack(),
            RemoveGroup(press.circular, group.group_id, confirmed=False).pack(),
            is_chosen=group.group_id in chosen,
        )
        for group in rows_of(page, groups)
    ]
    back = [Button(thai.BACK_TO_WHOM, whom_of(press.circular).pack())]
    return _answer(
        draft, thai.groups_card(request.reader, _chosen(request, draft), rows, page, back, request.now), page
    )


def _groups(request: Request) -> Sequence[Group]:
    return groups_of(request.session, request.reference, request.actor)


def _names(request: Request, draft: Draft) -> Names:
    return names_of(request.session, request.reference, request.asker.code, draft.audience)


def _words(request: Request, draft: Draft) -> str:
    return whom_words(request.session, request.reference, request.asker.code, draft.audience)


def _chosen(request: Request, draft: Draft) -> Chosen:
    found = reachable(request.session, request.reference, request.asker.code, draft.audience)
    letter = number_and_date(draft.letter.letter_no, draft.letter.letter_date)
    return Chosen(letter, _words(request, draft), len(found.people), found.count, not draft.audience.is_empty)


def _part(circular: int, part: WhomPart) -> str:
    return ChooseWhom(circular, part, None, 1).pack()


def _answer(draft: Draft, card: Rendered, page: Page = ONLY_PAGE) -> Answer:
    """Answer with a card after which words are taken for whom the draft is for."""
    awaiting = whom_of(draft.circular_id).pack()
    return Answer((card,), context=Context(next_page=page.next, previous_page=page.previous, awaiting=awaiting))

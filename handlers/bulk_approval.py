"""Approving many at once: a list to tick off from, a summary, one confirmation, an honest result (M7).

Nothing here decides: the confirmation names the selection that its summary showed, and each item is then approved as a
press on its own card would, in a transaction of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import partial

from domain.bulk_approval import Outcome
from domain.permissions import seats_of
from domain.roles import Role
from domain.submissions import UNDO_FOR
from handlers import fallback
from handlers.approval_presses import ShowItem, StartBulk
from handlers.conversation import Answer, Context, Request
from handlers.paging import page_at, rows_of
from handlers.pending import Scope, ShowPending, item_of
from handlers.places import common_place, pressed_quarter, seen_within, sees_any
from handlers.postback import Postback
from handlers.routes import Routes
from handlers.signatories import signed_as
from messages_th import bulk_approval as thai
from messages_th import replies
from messages_th.bulk_approval import BulkItem, Principal, ResultItem, Selection, Tally, Totals
from messages_th.formats import quarter_text
from messages_th.understanding.intents import Intent
from storage import approval_batches as batches
from storage.approval_batches import Batch, Item, NoSuchBatch, SelectionChanged
from storage.queries import bulk_approval as queries
from storage.queries import pending
from storage.queries.bulk_approval import ItemResult, Label, Preview
from storage.queries.pending import Named, Wanted
from storage.queries.readers import people_reading

routes = Routes()


class Shown(StrEnum):
    """What of a list is shown."""

    SELECTION = "l"
    SUMMARY = "s"


class ShowBatch(Postback, prefix="bl1"):
    """Asks for a page of a list, or of its summary; once it is confirmed, of its result."""

    batch: int
    shown: Shown
    page: int


class TickOff(Postback, prefix="bt1"):
    """Takes an item of a list out of what is to be approved, or back into it; ``page`` is where it stands."""

    batch: int
    submission: int
    excluded: bool
    page: int


class ConfirmBatch(Postback, prefix="bc1"):
    """Approves what is left of a list, if that is still what ``digest`` is of."""

    batch: int
    digest: str


@routes.press(StartBulk, roles=(Role.APPROVER,), changes=True)
def start_bulk(request: Request, press: StartBulk) -> Answer:
    """Make a new list of what waits for the asker's decision."""
    if press.unit is not None and not sees_any(request, press.unit):
        return fallback.not_permitted(request)
    units = request.reference.rules.organisation.below(press.unit) if press.unit else None
    wanted = Wanted(units, pressed_quarter(press.fiscal_year, press.quarter))
    narrowed = {"unit": press.unit, "fiscal_year": press.fiscal_year, "quarter": press.quarter}
    batch = batches.start(request.session, request.reference, request.actor, request.moment, wanted, **narrowed)
    return Answer((thai.nothing_waits(request.reader),)) if batch is None else _selection(request, batch, 1)


@routes.press(ShowBatch, roles=(Role.APPROVER,))
def show_batch(request: Request, press: ShowBatch) -> Answer:
    """Show a page of a list as it stands."""
    try:
        batch = batches.find(request.session, request.asker.person_id, press.batch)
    except NoSuchBatch:
        return _gone(request)
    if batch.confirmed_at is not None:
        return _result(request, batch, press.page)
    show = _summary if press.shown is Shown.SUMMARY else _selection
    return show(request, batch, press.page)


@routes.press(TickOff, roles=(Role.APPROVER,), changes=True)
def tick_off(request: Request, press: TickOff) -> Answer:
    """Take an item out of what is to be approved, or back into it."""
    who = request.asker.person_id
    try:
        batch = batches.tick(request.session, who, press.batch, press.submission, excluded=press.excluded)
    except NoSuchBatch:
        return _gone(request)
    return _selection(request, batch, press.page) if batch.confirmed_at is None else _result(request, batch, 1)


@routes.press(ConfirmBatch, roles=(Role.APPROVER,))
def confirm_batch(request: Request, press: ConfirmBatch) -> Answer:
    """Approve one item after the other, each in a transaction that commits at once, and tell what came of it.

    Whoever handles the press again, or presses again, goes on where it ended.
    """
    who, at = request.asker.person_id, request.moment
    try:
        request.apart(lambda session: batches.confirm(session, who, press.batch, press.digest, at))
        approve_next = partial(
            batches.approve_next, reference=request.reference, by=request.actor, batch_id=press.batch, at=at
        )
        while request.apart(approve_next):
            pass
        return request.apart(lambda session: show_batch(replace(request, session=session), _first_page(press.batch)))
    except SelectionChanged:
        summary = show_batch(request, _first_page(press.batch))
        return replace(summary, messages=(thai.selection_changed(request.reader), *summary.messages))
    except NoSuchBatch:
        return _gone(request)


def _first_page(batch_id: int) -> ShowBatch:
    return ShowBatch(batch_id, Shown.SUMMARY, 1)


def _gone(request: Request) -> Answer:
    return Answer((thai.list_is_gone(request.reader),), (replies.choice(Intent.PENDING_APPROVALS),))


def _selection(request: Request, batch: Batch, number: int) -> Answer:
    look = _Look.at(request, batch)
    page = page_at(number, len(batch.items), lambda to: ShowBatch(batch.id, Shown.SELECTION, to).pack())
    here = rows_of(page, batch.items)
    rows = [replace(look.row(item), toggle=_toggle(batch, item, page.number)) for item in here]
    summary = ShowBatch(batch.id, Shown.SUMMARY, 1).pack()
    card = thai.selection(request.reader, look.counts(), rows, page, request.now, summary)
    codes = tuple(row.code for row in rows if row.code)
    context = Context(Intent.PENDING_APPROVALS, shown=codes, next_page=page.next, previous_page=page.previous)
    return Answer((card,), context=context)


def _toggle(batch: Batch, item: Item, page: int) -> str:
    is_out = item.submission_id in batch.excluded
    return TickOff(batch.id, item.submission_id, not is_out, page).pack()


def _summary(request: Request, batch: Batch, number: int) -> Answer:
    look = _Look.at(request, batch)
    chosen = [item for item in batch.included if item.submission_id in look.waiting]
    seen = queries.previews(request.session, [item.submission_id for item in chosen])
    gone = [item for item in batch.included if item.submission_id not in look.waiting]
    doubtful = [item for item in chosen if seen[item.submission_id].cautions]
    others = [item for item in chosen if not seen[item.submission_id].cautions]
    ordered = [*doubtful, *gone, *others]
    page = page_at(number, len(ordered), lambda to: ShowBatch(batch.id, Shown.SUMMARY, to).pack())
    rows = [_previewed(look.row(item), seen.get(item.submission_id)) for item in rows_of(page, ordered)]
    totals = Totals(
        disbursed=_sum(preview.disbursed for preview in seen.values()),
        budget=_sum(preview.budget for preview in seen.values()),
        with_cautions=len(doubtful),
        principals=_principals(request, [look.waiting[item.submission_id] for item in chosen]),
    )
    card = thai.summary(
        request.reader,
        look.counts(),
        totals,
        rows,
        page,
        request.now,
        confirm=ConfirmBatch(batch.id, batch.digest).pack() if chosen else "",
        back=ShowBatch(batch.id, Shown.SELECTION, 1).pack(),
    )
    return Answer((card,), context=Context(next_page=page.next, previous_page=page.previous))


def _previewed(row: BulkItem, seen: Preview | None) -> BulkItem:
    if seen is None:
        return row
    return replace(row, disbursed=seen.disbursed, budget=seen.budget, cautions=seen.cautions)


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def _principals(request: Request, items: Sequence[Named]) -> Sequence[Principal]:
    """Return in whose place how many of the items would be approved; one's own steps are in nobody's."""
    organisation, who = request.reference.rules.organisation, request.asker.code
    hands = Counter(organisation.hand_at(who, named.item.unit, named.item.step) for named in items)
    others = {hand: number for hand, number in hands.items() if hand is not None and hand.holder != who}
    people = people_reading(request.session, {hand.holder for hand in others}, request.today)
    return [
        Principal(people[hand.holder].position if hand.holder in people else "", hand.capacity, number)
        for hand, number in others.items()
    ]


def _result(request: Request, batch: Batch, number: int) -> Answer:
    found = queries.results(request.session, request.reference, request.asker.person_id, batch)
    approved = [one for one in found if one.outcome is Outcome.APPROVED]
    unfinished = [one for one in found if one.outcome is None]
    refused = [one for one in found if one.outcome not in (Outcome.APPROVED, None)]
    ordered = [*refused, *unfinished, *approved]
    page = page_at(number, len(ordered), lambda to: ShowBatch(batch.id, Shown.SUMMARY, to).pack())
    here = rows_of(page, ordered)
    called = queries.labels(request.session, request.reference, request.sight, [one.submission_id for one in here])
    rows = [_became(one, called.get(one.submission_id, _UNNAMED)) for one in here]
    newest = max((one.at for one in approved if one.at is not None and not one.is_final), default=None)
    tally = Tally(
        len(approved), len(refused), len(unfinished), can_undo=newest is not None and request.now - newest < UNDO_FOR
    )
    go_on = ConfirmBatch(batch.id, batch.digest).pack() if unfinished else ""
    more = ShowPending(Scope.OWN, **batch.narrowed, page=1).pack() if batch.total > len(approved) else ""
    card = thai.result(tally, rows, page, request.now, go_on=go_on, more=more)
    return Answer((card,), context=Context(next_page=page.next, previous_page=page.previous))


_UNNAMED = Label("", "")


def _became(one: ItemResult, called: Label) -> ResultItem:
    return ResultItem(
        code=called.code,
        name=called.name,
        outcome=one.outcome,
        press=ShowItem(one.submission_id).pack() if called is not _UNNAMED else "",
        by=one.by,
        principal=one.principal,
        capacity=one.capacity,
        was_returned=one.was_returned,
        at=one.at,
        following=list(dict.fromkeys(signed_as(next_) for next_ in one.following)),
        is_final=one.is_final,
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """A list as it stands now: ``waiting`` are those of its items that still wait as it showed them."""

    request: Request
    batch: Batch
    waiting: Mapping[int, Named]
    called: Mapping[int, Label]

    @classmethod
    def at(cls, request: Request, batch: Batch) -> _Look:
        """Look at a list now."""
        seats = [seat for seat in seats_of(request.asker.code, request.reference.rules.organisation) if seat.decides]
        ids = frozenset(item.submission_id for item in batch.items)
        found = pending.waiting_for(request.session, request.reference, seats, Wanted(ids=ids))
        waiting = {
            named.item.submission_id: named
            for named in pending.named(request.session, found)
            if Item(named.item.submission_id, named.version, named.item.step) in batch.items
        }
        called = queries.labels(request.session, request.reference, request.sight, ids)
        return cls(request, batch, waiting, called)

    def row(self, item: Item) -> BulkItem:
        """Return an item as the list shows it."""
        named, is_out = self.waiting.get(item.submission_id), item.submission_id in self.batch.excluded
        if named is not None:
            press = ShowItem(item.submission_id).pack()
            return BulkItem(named.code, named.name, item_of(self.request, named), press, excluded=is_out)
        called = self.called.get(item.submission_id, _UNNAMED)
        return BulkItem(called.code, called.name, None, excluded=is_out)

    def counts(self) -> Selection:
        """Return how many items there are of each sort, and what the list was narrowed down to."""
        unit, narrowed = self.batch.narrowed["unit"], self.batch.narrowed
        quarter = pressed_quarter(narrowed["fiscal_year"], narrowed["quarter"])
        place = common_place(self.request, seen_within(self.request, unit)) if unit else None
        basis = self.request.reference.rules.organisation.year_basis(unit) if unit else self.request.basis
        return Selection(
            total=self.batch.total,
            shown=len(self.batch.items),
            excluded=len(self.batch.excluded),
            gone=sum(item.submission_id not in self.waiting for item in self.batch.included),
            place=self.request.reference.unit_names[place] if place else "",
            period=quarter_text(quarter, basis) if quarter else "",
        )

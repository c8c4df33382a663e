"""The circular that a session opened: reading it, and keeping what was typed into its form field by field.

Chat and page, or two pages, may change a draft at once: what somebody else changed meanwhile is a conflict in that
field alone, and never overwritten. Of a choice of several each one is by itself, so that none conflicts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.pages.cells import Unreadable
from bot.pages.circulars.fields import FIELDS, DraftField
from bot.pages.edits import Typed
from bot.pages.refusals import Refused
from bot.pages.site import Site
from bot.pages.tickets import Ticket
from domain.circulars.life import CircularRefusal, CircularRefused, CircularState
from domain.report_fields import EditOutcome, typed_text
from handlers.circulars.presses import CIRCULAR
from handlers.conversation import Request
from messages_th.pages import circulars_words as words
from storage.circulars.drafts import Draft, edit, read
from storage.circulars.rows import found
from storage.tables import Circular


class NotWritable(Exception):
    """The circular is no draft any more."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A circular as its reader sees it now."""

    request: Request
    row: Circular
    draft: Draft

    @property
    def is_makers(self) -> bool:
        """Whether its reader made it."""
        return self.row.maker_id == self.request.asker.person_id

    @property
    def is_writable(self) -> bool:
        """Whether its reader may write it."""
        return self.is_makers and self.draft.state is CircularState.DRAFT


@dataclass(slots=True)
class Kept:
    """What became of each edit, by field: its outcome, or why it cannot be taken (``refused``)."""

    outcomes: dict[str, EditOutcome] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether something waits for its writer."""
        return bool(self.refused) or EditOutcome.CONFLICT in self.outcomes.values()


def circular_of(arguments: Mapping[str, str]) -> int:
    """Return the circular's id that a ticket names."""
    return int(arguments[CIRCULAR])


def seen(asked: Request, arguments: Mapping[str, str]) -> Seen:
    """Return the circular that a ticket opens, for its person as of now; raises Refused."""
    try:
        row = found(asked.session, asked.reference, asked.actor, circular_of(arguments))
    except CircularRefused as error:
        raise Refused from error
    return Seen(asked, row, read(asked.session, row))


def keep(site: Site, ticket: Ticket, edits: Mapping[str, Typed]) -> Kept:
    """Keep what was typed.

    Raises:
        NotWritable: it is no draft any more; nothing was kept.
        Refused: it is not this person's.
    """
    kept = Kept()
    try:
        with site.write() as session:
            asked = site.asked(session, ticket)
            edit(
                session,
                asked.reference,
                asked.actor,
                circular_of(ticket.arguments),
                lambda draft: _changed(asked, draft, edits, kept),
                asked.moment,
            )
    except CircularRefused as error:
        if error.refusal is CircularRefusal.WRONG_STATE:
            raise NotWritable from error
        raise Refused from error
    return kept


def _changed(asked: Request, draft: Draft, edits: Mapping[str, Typed], kept: Kept) -> Draft:
    """Return the draft with those edits that can be taken, and note what became of each."""
    for name, typed in edits.items():
        one = FIELDS.get(name)
        if one is None:
            kept.refused[name] = words.GONE
            continue
        try:
            draft, kept.outcomes[name] = _one(asked, draft, one, typed)
        except Unreadable as error:
            kept.refused[name] = str(error)
    return draft


def _one(asked: Request, draft: Draft, one: DraftField, typed: Typed) -> tuple[Draft, EditOutcome]:
    """Return the draft after one edit; raises Unreadable."""
    now, base, value = one.shown(draft), typed_text(typed.base), typed_text(typed.value)
    if one.is_set:
        before, after = set(base.split()), set(value.split())
        base, value = now, " ".join(sorted((set(now.split()) | (after - before)) - (before - after)))
    if value in (now, base):
        return draft, EditOutcome.SAME
    changed = one.change(asked, draft, value)
    if one.shown(changed) == now:
        return draft, EditOutcome.SAME
    return (changed, EditOutcome.SAVED) if base == now else (draft, EditOutcome.CONFLICT)

"""Writing a circular: a draft is its maker's alone until it is proposed or released."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from domain.circulars.audience import Audience
from domain.circulars.letters import Letter, LetterPart, Relation
from domain.circulars.life import CircularAct, CircularRefusal, CircularRefused, CircularState
from domain.organisation import Organisation, Post
from domain.roles import Role
from domain.windows import CalendarWindow
from storage.circulars.calendar_rows import read_windows, written_windows
from storage.circulars.files import FileOfLetter, files_of
from storage.circulars.rows import changed, found, locked, of_handler
from storage.outbox_claims import Now
from storage.reference import Reference
from storage.submissions.actor import Actor
from storage.tables import Circular, CircularFile

_MAKERS = frozenset({Role.MINISTRY_COORDINATOR, Role.ADMIN})
MOST_DRAFTS = 20
"""Of one person; more are nobody's drafts any more."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What can be changed in a circular before it goes out, and by what it is known.

    ``windows`` are calendar rows that its release enters. ``about`` is the id of the earlier letter that it corrects or
    withdraws.
    """

    circular_id: int
    version: int
    state: CircularState
    letter: Letter
    audience: Audience
    windows: Sequence[CalendarWindow] = ()
    files: Sequence[FileOfLetter] = ()
    relation: Relation | None = None
    about: int | None = None
    sent_back_reason: str = ""

    def missing(self) -> Sequence[LetterPart]:
        """Return what has to be there and is not, in the order in which it is asked for."""
        nobody = [LetterPart.AUDIENCE] if self.audience.is_empty else []
        return [*self.letter.missing(), *nobody]


def begin(
    session: Session, reference: Reference, by: Actor, letter: Letter, audience: Audience, at: Now,
    relation: Relation | None = None, about: int | None = None,
) -> Draft:  # fmt: skip
    """Begin a circular and return it; ``about`` is the earlier letter that it corrects or withdraws.

    Raises:
        CircularRefused: NOT_YOURS: ``by`` makes none; WRONG_STATE: there are too many drafts, or the earlier letter
            did not go out; WITHDRAWN: it is withdrawn already; WITHDRAWAL: it is a withdrawal and is to be withdrawn.
    """
    organisation = reference.rules.organisation
    post = next((post for post in organisation.posts_of(by.code) if post.role in _MAKERS), None)
    if post is None:
        raise CircularRefused(CircularRefusal.NOT_YOURS)
    if len(session.scalars(_drafts(reference, by)).all()) >= MOST_DRAFTS:
        raise CircularRefused(CircularRefusal.WRONG_STATE)
    if about is not None:
        _check_about(session, reference, by, about, relation)
    row = Circular(
        maker_id=by.person_id,
        ministry_id=reference.unit_ids.get(_home(organisation, post) or ""),
        relation=relation,
        about_id=about,
        created_at=at.business,
        changed_at=at.business,
    )
    _write(row, letter, audience)
    session.add(row)
    session.flush()
    return read(session, row)


def _home(organisation: Organisation, post: Post) -> str | None:
    """Return whose letter it is that somebody makes in this post: of a coordinator's whatever ``handled_by`` names."""
    if post.role is Role.MINISTRY_COORDINATOR:
        return organisation.ministry_of(post.unit)
    return organisation.path(post.unit).ministry


def _check_about(
    session: Session, reference: Reference, by: Actor, about: int, relation: Relation | None
) -> None:  # fmt: skip
    earlier = found(session, reference, by, about)
    if earlier.released_at is None:
        raise CircularRefused(CircularRefusal.WRONG_STATE)
    if relation is earlier.relation is Relation.WITHDRAWS:
        raise CircularRefused(CircularRefusal.WITHDRAWAL)
    if is_withdrawn(session, about):
        raise CircularRefused(CircularRefusal.WITHDRAWN)


def is_withdrawn(session: Session, circular_id: int) -> bool:
    """Tell whether a later letter, released already, withdrew this one."""
    later = select(Circular.id).where(
        Circular.about_id == circular_id, Circular.relation == Relation.WITHDRAWS, Circular.released_at.is_not(None)
    )
    return session.scalar(later.limit(1)) is not None


def draft(session: Session, reference: Reference, by: Actor, circular_id: int) -> Draft:
    """Return a circular in whatever state it is.

    Raises:
        CircularRefused: NOT_YOURS.
    """
    return read(session, found(session, reference, by, circular_id))


def newest_draft(session: Session, reference: Reference, by: Actor, since: datetime | None = None) -> Draft | None:
    """Return the draft that ``by`` worked on last; None: there is none, or none was worked on ``since``."""
    query = _drafts(reference, by)
    query = query if since is None else query.where(Circular.changed_at >= since)
    row = session.scalar(query.limit(1))
    return None if row is None else read(session, row)


def drafts_of(session: Session, reference: Reference, by: Actor) -> Sequence[Draft]:
    """Return the drafts of ``by``, the one worked on last first; not those of a ministry that was left since."""
    return [read(session, row) for row in session.scalars(_drafts(reference, by))]


def _drafts(reference: Reference, by: Actor) -> Select[Circular]:
    query = select(Circular).filter_by(maker_id=by.person_id, state=CircularState.DRAFT)
    return of_handler(query.order_by(Circular.changed_at.desc(), Circular.id.desc()), reference, by)


def edit(
    session: Session, reference: Reference, by: Actor, circular_id: int, change: Callable[[Draft], Draft], at: Now
) -> Draft:  # fmt: skip
    """Let ``change`` alter letter, audience or windows of a draft as it stands now, and return it.

    Raises:
        CircularRefused: NOT_YOURS, or WRONG_STATE where it is no draft any more.
    """
    row = locked(session, reference, by, circular_id, CircularAct.EDIT)
    before = read(session, row)
    after = change(before)
    if (after.letter, after.audience, tuple(after.windows)) == (before.letter, before.audience, tuple(before.windows)):
        return before
    _write(row, after.letter, after.audience)
    row.windows = written_windows(after.windows)
    changed(row, at)
    session.flush()
    return read(session, row)


def discard(session: Session, reference: Reference, by: Actor, circular_id: int) -> None:
    """Throw a draft away, its files included.

    Raises:
        CircularRefused: NOT_YOURS, or WRONG_STATE where it is no draft any more.
    """
    row = locked(session, reference, by, circular_id, CircularAct.DISCARD)
    session.execute(delete(CircularFile).where(CircularFile.circular_id == row.id))
    session.delete(row)
    session.flush()


def read(session: Session, row: Circular) -> Draft:
    """Return what a row says."""
    return Draft(
        circular_id=row.id,
        version=row.version,
        state=row.state,
        letter=Letter(
            letter_no=row.letter_no,
            letter_date=row.letter_date,
            urgency=row.urgency,
            subject=row.subject,
            text=row.text,
            wants_acknowledgement=row.wants_acknowledgement,
            acknowledge_by=row.acknowledge_by,
            send_at=row.send_at,
        ),
        audience=Audience.from_json(row.audience),
        windows=read_windows(row.windows, row.letter_no, row.letter_date),
        files=files_of(session, row.id),
        relation=row.relation,
        about=row.about_id,
        sent_back_reason=row.sent_back_reason,
    )


def _write(row: Circular, letter: Letter, audience: Audience) -> None:
    row.letter_no = letter.letter_no
    row.letter_date = letter.letter_date
    row.urgency = letter.urgency
    row.subject = letter.subject
    row.text = letter.text
    row.wants_acknowledgement = letter.wants_acknowledgement
    row.acknowledge_by = letter.acknowledge_by if letter.wants_acknowledgement else None
    row.send_at = letter.send_at
    row.audience = audience.as_json()

"""A file that somebody who makes circulars sends: it becomes part of a draft."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from domain.circulars.audience import NOBODY
from domain.circulars.letters import MOST_BYTES, Letter, LetterFault, LetterRefused
from domain.circulars.life import CircularRefused
from handlers import fallback
from handlers.circulars import refusals
from handlers.circulars.draft_cards import draft_card, draft_list
from handlers.circulars.presses import MAY
from handlers.conversation import Answer, Attached, Request, Turn
from handlers.postback import Postback, PostbackError
from handlers.routes import Routes
from messages_th.circulars import files as thai
from messages_th.circulars.making import too_many_drafts
from messages_th.quick_replies import QuickReply
from storage.circulars import drafts, files
from storage.circulars.drafts import MOST_DRAFTS, Draft
from storage.file_pieces import FileGone
from storage.untrusted_files.kinds import CheckedLetter

routes = Routes()

_FILE, _IMAGE = "file", "image"
"""LINE's words for what was sent (LINE reference, "Message event")."""
_RECENTLY = timedelta(days=1)
"""A draft without a file that was worked on so lately (business time) gets the one that is sent."""


class RemoveFile(Postback, prefix="ce1"):
    """Takes a file out of a draft."""

    circular: int
    file: int


def turn_of(request: Request, attached: Attached) -> Turn:
    """Return the turn of something that is not text."""
    if not request.holds(*MAY) or attached.kind not in {_FILE, _IMAGE}:
        return Turn(fallback.words_only)
    if attached.kind == _IMAGE:
        return Turn(_pdf_needed)
    match attached.letter:
        case CheckedLetter() as letter:
            return Turn(partial(_taken, attached=attached, letter=letter), changes=True)
        case LetterFault() as fault:
            return Turn(partial(_not_taken, name=attached.name, fault=fault))
    if attached.size > MOST_BYTES:
        return Turn(partial(_not_taken, name=attached.name, fault=LetterFault.TOO_LARGE))
    return Turn(partial(_not_taken, name=attached.name, fault=LetterFault.NOT_FETCHED), wants_letter=True)


def _pdf_needed(request: Request) -> Answer:
    return Answer((thai.pdf_needed(request.reader),), context=request.context)


def _not_taken(request: Request, name: str, fault: LetterFault) -> Answer:
    return Answer((thai.not_taken(request.reader, name, fault),), context=request.context)


def _taken(request: Request, attached: Attached, letter: CheckedLetter) -> Answer:
    """Put a file into the draft under way, or into a new one that its name says what is about."""
    session, reference, by, at = request.session, request.reference, request.actor, request.moment
    if not request.holds(*MAY):  # a role may end while the file is fetched
        return fallback.words_only(request)
    draft = _under_way(request)
    try:
        if draft is None:
            about = Letter(subject=thai.subject_in_name(attached.name))
            draft = drafts.begin(session, reference, by, about, NOBODY, at)
        file = files.add(session, reference, by, draft.circular_id, attached.name, letter, at, attached.message_id)
    except LetterRefused as refused:
        return _not_taken(request, attached.name, refused.fault)
    except CircularRefused:
        return draft_list(request, 1, too_many_drafts(request.reader, MOST_DRAFTS))
    draft = drafts.draft(session, reference, by, draft.circular_id)
    answer = draft_card(request, draft, thai.taken(request.reader, file.name, file.size, len(draft.files)))
    removal = QuickReply(thai.REMOVE, RemoveFile(draft.circular_id, file.file_id).pack())
    return Answer(answer.messages, (removal,), answer.context)


@routes.press(RemoveFile, roles=MAY, changes=True)
def remove_file(request: Request, press: RemoveFile) -> Answer:
    """Take a file out of a draft, and show the draft."""
    session, reference, by = request.session, request.reference, request.actor
    note = thai.removed(request.reader)
    try:
        files.remove(session, reference, by, press.circular, press.file, request.moment)
    except FileGone:
        note = thai.gone(request.reader)
    except CircularRefused as refused:
        return refusals.refused(request, press.circular, refused)
    return draft_card(request, drafts.draft(session, reference, by, press.circular), note)


def _under_way(request: Request) -> Draft | None:
    """Return the draft to which a file belongs: the one just talked of, or the newest if it has none; None: neither."""
    own = drafts.drafts_of(request.session, request.reference, request.actor)
    talked_of = _talked_of(request)
    for draft in own:
        if draft.circular_id == talked_of:
            return draft
    since = request.now - _RECENTLY
    newest = drafts.newest_draft(request.session, request.reference, request.actor, since)
    return None if newest is None or newest.files else newest


def _talked_of(request: Request) -> int | None:
    """Return the circular about which the last answer asked something."""
    try:
        asked = Postback.parse(request.context.awaiting)
    except PostbackError:
        return None
    circular = getattr(asked, "circular", None)
    return circular if isinstance(circular, int) else None

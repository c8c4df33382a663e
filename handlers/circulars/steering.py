"""What is done with a circular that went out: pausing, resuming, cancelling, sending again, reminding the silent.

Of two officers who press at once the first wins; the other is told what is true now.
"""

from __future__ import annotations

from collections.abc import Callable

from domain.circulars.life import CircularAct, CircularRefused, is_possible
from handlers.circulars.following import standing, unknown
from handlers.circulars.following_presses import (
    CancelCircular,
    PauseCircular,
    RemindSilent,
    ResendCircular,
    ResumeCircular,
)
from handlers.circulars.presses import MAY, ShowCircular
from handlers.conversation import Answer, Request
from handlers.routes import Routes
from messages_th.circulars import confirming as thai
from messages_th.circulars.confirming import Ask, SilentCount
from messages_th.circulars.refusals import circular_refusal_words
from messages_th.rendering import Rendered, plain
from storage.circulars import releasing, silent
from storage.circulars.rows import found
from storage.queries import circulars
from storage.quota import quota_standing
from storage.tables import Circular

routes = Routes()


@routes.press(PauseCircular, roles=MAY, changes=True)
def pause(request: Request, press: PauseCircular) -> Answer:
    """Send nothing more for the time being."""

    def act() -> Rendered:
        releasing.pause(request.session, request.reference, request.actor, press.circular, request.moment)
        return thai.paused(request.reader)

    return _done(request, press.circular, act)


@routes.press(ResumeCircular, roles=MAY, changes=True)
def resume(request: Request, press: ResumeCircular) -> Answer:
    """Go on."""

    def act() -> Rendered:
        releasing.resume(request.session, request.reference, request.actor, press.circular, request.moment)
        return thai.resumed(request.reader)

    return _done(request, press.circular, act)


@routes.press(CancelCircular, roles=MAY, changes=True)
def cancel(request: Request, press: CancelCircular) -> Answer:
    """Ask once, then send nothing more for good."""

    def act() -> Rendered:
        people = releasing.cancel(request.session, request.reference, request.actor, press.circular, request.moment)
        return thai.cancelled(request.reader, people)

    def ask(row: Circular) -> Rendered:
        progress = circulars.progress(request.session, row.id)
        confirm = CancelCircular(row.id, confirmed=True).pack()
        return thai.ask_cancel(request.reader, _ask(request, row, confirm), progress.sent, progress.waiting)

    return _done(request, press.circular, act) if press.confirmed else _asked(request, press, CircularAct.CANCEL, ask)


@routes.press(ResendCircular, roles=MAY, changes=True)
def resend(request: Request, press: ResendCircular) -> Answer:
    """Ask once with count and cost, then send it again to whom it did not reach."""

    def act() -> Rendered:
        people = releasing.resend(request.session, request.reference, request.actor, press.circular, request.moment)
        return thai.resent(request.reader, people)

    def ask(row: Circular) -> Rendered | None:
        people = len(releasing.resendable(request.session, row.id))
        confirm = ResendCircular(row.id, confirmed=True).pack()
        return thai.ask_resend(request.reader, _ask(request, row, confirm), people, _free(request)) if people else None

    return _done(request, press.circular, act) if press.confirmed else _asked(request, press, CircularAct.RESEND, ask)


@routes.press(RemindSilent, roles=MAY, changes=True)
def remind(request: Request, press: RemindSilent) -> Answer:
    """Ask once with count and cost, then remind who has not acknowledged."""

    def act() -> Rendered:
        people = silent.remind(request.session, request.reference, request.actor, press.circular, request.moment)
        return thai.reminded(request.reader, people)

    def ask(row: Circular) -> Rendered | None:
        count = _silent_count(request, row)
        confirm = RemindSilent(row.id, confirmed=True).pack()
        is_asked = row.wants_acknowledgement and count.silent
        return thai.ask_remind(request.reader, _ask(request, row, confirm), count, _free(request)) if is_asked else None

    return _done(request, press.circular, act) if press.confirmed else _asked(request, press, CircularAct.REMIND, ask)


def _done(request: Request, circular: int, act: Callable[[], Rendered]) -> Answer:
    """Do it and show how the circular stands then; where it cannot be done any more, say why and show the same."""
    try:
        said = act()
    except CircularRefused as refused:
        said = plain(circular_refusal_words(refused.refusal, request.reader.particle))
    return standing(request, circular, [said])


def _asked(
    request: Request,
    press: CancelCircular | ResendCircular | RemindSilent,
    act: CircularAct,
    ask: Callable[[Circular], Rendered | None],
) -> Answer:
    """Ask before something is done; where it cannot be done any more, show how the circular stands instead."""
    try:
        row = found(request.session, request.reference, request.actor, press.circular)
    except CircularRefused:
        return unknown(request)
    question = ask(row) if is_possible(act, row.state) else None
    return standing(request, row.id) if question is None else Answer((question,))


def _ask(request: Request, row: Circular, confirm: str) -> Ask:
    return Ask(row.letter_no, confirm, ShowCircular(row.id).pack(), request.now)


def _free(request: Request) -> int | None:
    quota = quota_standing(request.session)
    return None if quota is None else quota.free


def _silent_count(request: Request, row: Circular) -> SilentCount:
    reachable = {one.person_id for one in silent.silent_people(request.session, row.id)}
    reminded = silent.already_reminded(request.session, row.id, request.now) & reachable
    total = circulars.number_of(request.session, row.id, circulars.is_silent())
    return SilentCount(total, total - len(reachable), len(reminded))

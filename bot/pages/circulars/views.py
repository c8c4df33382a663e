"""The addresses of the form of a circular: ``/w/circulars/<nonce>`` and below.

With a script the form saves itself (``/fields``). Without one every button sends the whole form, each field with what
the server said before (``base:<field>``), so that either way nothing is silently overwritten and nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from datetime import timedelta
from http import HTTPStatus

from flask import Blueprint, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.pages.circulars import places, showing
from bot.pages.circulars.autosave import answer
from bot.pages.circulars.calendar import CELLS, TypedRow, text_of
from bot.pages.circulars.fields import FIELDS
from bot.pages.circulars.files import LetterFiles
from bot.pages.circulars.keeping import NotWritable, keep, seen
from bot.pages.circulars.releasing import Releasing, frame
from bot.pages.circulars.showing import NOTHING_TRIED, Attempt
from bot.pages.edits import Typed, read_edits
from bot.pages.site import PageKind, Site, html
from bot.pages.tickets import Ticket
from domain.report_fields import EditOutcome
from handlers.conversation import Page, Request
from messages_th.pages import circulars as thai
from messages_th.pages import circulars_words as words
from storage.circulars.testing import queue_test

IDLE = timedelta(minutes=30)
"""How long somebody may think over a sentence."""
_BASE, _CHOICE, _ASKED, _SEEK = "base:", "choice:", "asked:", "seek:"
_THEIRS = "theirs"


class _Views:
    def __init__(self, site: Site, files: LetterFiles) -> None:
        self._site = site
        self._files = files

    def show(self, nonce: str) -> AnyResponse:
        """Show the form, or how a circular stands that its reader does not write."""
        ticket = self._site.session(Page.CIRCULARS, nonce)
        return self._shown(ticket, done=thai.DONE.get(request.args.get("done", ""), ""))

    def fields(self, nonce: str) -> AnyResponse:
        """Keep what the script sends, and tell it what the circular is by now."""
        ticket = self._site.posted(Page.CIRCULARS, nonce)
        edits, since = read_edits()
        try:
            kept = keep(self._site, ticket, edits)
        except NotWritable:
            refused = jsonify(message=words.NOT_WRITABLE, reload=True)
            refused.status_code = HTTPStatus.CONFLICT
            return refused
        with self._site.database.read() as session:
            now = seen(self._site.asked(session, ticket), ticket.arguments)
            response = jsonify(answer(now, kept, edits, since))
        return self._site.keep(response, ticket, IDLE)

    def save(self, nonce: str) -> AnyResponse:
        """Keep the whole form, and show it again, with the units that were looked for."""
        ticket = self._site.posted(Page.CIRCULARS, nonce)
        done = None if request.form.get("go") == "seek" else "saved"
        return self._take(ticket, self._at("", ticket, done=done), sought=_sought())

    def review(self, nonce: str) -> AnyResponse:
        """Keep the whole form, and go on to what releasing it would do."""
        ticket = self._site.posted(Page.CIRCULARS, nonce)
        return self._take(ticket, self._at("_release", ticket))

    def test(self, nonce: str) -> AnyResponse:
        """Keep the whole form, and send its card to its maker alone."""
        ticket = self._site.posted(Page.CIRCULARS, nonce)
        return self._take(ticket, self._at("", ticket, done="tested"), sends_test=True)

    def places(self, nonce: str) -> AnyResponse:
        """Return the units that are called as the script asks."""
        ticket = self._site.session(Page.CIRCULARS, nonce)
        with self._site.database.read() as session:
            asked = self._site.asked(session, ticket)
            seen(asked, ticket.arguments)
            found = places.choices(asked, places.sought(asked, request.args.get("q", "")))
            response = jsonify(places=[list(astuple(one)) for one in found], said=thai.found_words(len(found)))
        return self._site.keep(response, ticket, IDLE)

    def _take(
        self,
        ticket: Ticket,
        then: AnyResponse,
        *,
        sought: Mapping[str, str] | None = None,
        sends_test: bool = False,
    ) -> AnyResponse:
        """Keep the form that was sent, and go on; what could not be kept is shown again."""
        try:
            attempt = self._attempt(ticket, sought or {})
            if not attempt.kept.is_open and sends_test:
                self._send_test(ticket)
        except NotWritable:
            unsaved = [typed.value for typed in _typed().values() if typed.value.strip() and typed.value != typed.base]
            return self._shown(ticket, trouble=words.NOT_WRITABLE, unsaved=unsaved)
        if attempt.kept.is_open:
            return self._shown(ticket, attempt, words.NOT_ALL_SAVED)
        return self._shown(ticket, attempt) if attempt.sought else self._site.keep(then, ticket, IDLE)

    def _attempt(self, ticket: Ticket, sought: Mapping[str, str]) -> Attempt:
        """Keep the form that was sent, and return what became of it; a field whose conflict waits is left alone."""
        typed = _typed()
        undecided = {name for name in typed if _ASKED + name in request.form and _CHOICE + name not in request.form}
        kept = keep(self._site, ticket, {name: one for name, one in typed.items() if name not in undecided})
        kept.outcomes.update(dict.fromkeys(undecided, EditOutcome.CONFLICT))
        return Attempt(typed, kept, sought)

    def _send_test(self, ticket: Ticket) -> None:
        """Send the card to whoever asks; raises NotWritable where it is no draft any more."""
        with self._site.write() as session:
            found = seen(self._site.asked(session, ticket), ticket.arguments)
            if not found.is_writable:
                raise NotWritable
            queue_test(session, found.request.actor, found.draft, found.request.moment)

    def _shown(
        self,
        ticket: Ticket,
        attempt: Attempt = NOTHING_TRIED,
        trouble: str = "",
        unsaved: Sequence[str] = (),
        done: str = "",
    ) -> AnyResponse:
        with self._site.database.read() as session:
            found = seen(self._site.asked(session, ticket), ticket.arguments)
            of_session = frame(self._site, ticket)
            if found.is_writable:
                files = self._files.listed(found, ticket.nonce)
                page = showing.form_page(found, of_session, files, attempt, trouble, done)
            else:
                page = showing.standing_page(found, of_session, trouble, unsaved)
        return self._site.keep(html(page), ticket, IDLE)

    @staticmethod
    def _at(endpoint: str, ticket: Ticket, done: str | None = None) -> AnyResponse:
        address = url_for(f"pages.{Page.CIRCULARS}{endpoint}", nonce=ticket.nonce, done=done)
        return redirect(address, HTTPStatus.SEE_OTHER)


def _typed() -> Mapping[str, Typed]:
    """Return what the form that was sent says, as its writer chose in conflicts."""
    form = request.form
    names = [name.removeprefix(_BASE) for name in form if name.startswith(_BASE)]
    typed = {name: Typed(form[_BASE + name], _text_of(name)) for name in names}
    return {name: one for name, one in typed.items() if form.get(_CHOICE + name) != _THEIRS}


def _text_of(name: str) -> str:
    """Return the text of a field, whatever controls it has; boxes that are not ticked send nothing."""
    form = request.form
    if name == words.WINDOWS:
        columns = [form.getlist(f"{name}.{cell}") for cell in CELLS]
        return text_of([TypedRow(*row) for row in zip(*columns, strict=False)])
    if name in FIELDS and FIELDS[name].is_set:
        return " ".join(sorted(form.getlist(name)))
    return form.get(name, "")


def _sought() -> Mapping[str, str]:
    if request.form.get("go") != "seek":
        return {}
    return {name: said for name in showing.PLACES if (said := request.form.get(_SEEK + name, "").strip())}


def _title(asked: Request, arguments: Mapping[str, str]) -> str:
    seen(asked, arguments)
    return thai.TITLE


def _add(blueprint: Blueprint, site: Site) -> None:
    files, page = LetterFiles(site, IDLE), f"/w/{Page.CIRCULARS}/<nonce>"
    views = _Views(site, files)
    blueprint.add_url_rule(page, Page.CIRCULARS, views.show)
    blueprint.add_url_rule(f"{page}/places", "circulars_places", views.places)
    for name, view in (("fields", views.fields), ("save", views.save), ("review", views.review), ("test", views.test)):
        blueprint.add_url_rule(f"{page}/{name}", f"circulars_{name}_post", view, methods=["POST"])
    files.add(blueprint)
    Releasing(site, IDLE).add(blueprint)


KIND = PageKind(_title, IDLE, _add)

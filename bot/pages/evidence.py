"""The photos and documents of what travels along a route, for whoever may see it; in exactly the version shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Response, url_for

from bot.pages.evidence_files import chosen, file_answer, thumbnail_answer
from bot.pages.refusals import Refused
from bot.pages.site import PageKind, Site, html
from handlers.approval_views import view_of
from handlers.conversation import Page, Request
from handlers.evidence import SUBMISSION, VERSION
from messages_th.item_evidence import evidence_title
from messages_th.pages import evidence as thai
from storage.queries.approval_item import ApprovalItem, approval_item
from storage.queries.evidence import EvidenceFile, EvidenceGone, files_of, thumbnail_of

IDLE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class _Opened:
    """An item with the files of its version, as the ticket's person may see them now."""

    request: Request
    item: ApprovalItem
    files: Sequence[EvidenceFile]


class _Views:
    def __init__(self, site: Site) -> None:
        self._site = site

    def show(self, nonce: str) -> Response:
        """List the files."""
        ticket = self._site.session(Page.EVIDENCE, nonce)
        with self._site.database.read() as session:
            opened = _opened(self._site.asked(session, ticket), ticket.arguments)
            rows = [self._row(file, nonce) for file in opened.files]
            page = thai.evidence_page(view_of(opened.request, opened.item), rows)
        return self._site.keep(html(page), ticket, IDLE)

    def file(self, nonce: str, number: int) -> Response:
        """Hand out a file."""
        ticket = self._site.session(Page.EVIDENCE, nonce)
        with self._site.database.read() as session:
            opened = _opened(self._site.asked(session, ticket), ticket.arguments)
        return self._site.keep(file_answer(self._site.database, chosen(opened.files, number)), ticket, IDLE)

    def thumbnail(self, nonce: str, number: int) -> Response:
        """Hand out the small picture of a photo."""
        ticket = self._site.session(Page.EVIDENCE, nonce)
        with self._site.database.read() as session:
            opened = _opened(self._site.asked(session, ticket), ticket.arguments)
            file = chosen(opened.files, number)
            try:
                return thumbnail_answer(thumbnail_of(session, file.evidence_id))
            except EvidenceGone as error:
                raise Refused from error

    def _row(self, file: EvidenceFile, nonce: str) -> thai.FileRow:
        href = url_for("pages.evidence_file", nonce=nonce, number=file.evidence_id)
        thumbnail = url_for("pages.evidence_thumbnail", nonce=nonce, number=file.evidence_id)
        return thai.FileRow(file.name, file.content_type, file.size, href, thumbnail if file.has_thumbnail else "")


def _opened(request: Request, arguments: Mapping[str, str]) -> _Opened:
    """Return what the link is about; raises Refused where its person may not see it, or it is another version now."""
    submission, version = int(arguments[SUBMISSION]), int(arguments[VERSION])
    item = approval_item(request.session, request.reference, request.asker.code, submission, with_content=False)
    if item is None or item.version != version:
        raise Refused
    return _Opened(request, item, files_of(request.session, submission, version))


def _title(request: Request, arguments: Mapping[str, str]) -> str:
    return evidence_title(view_of(request, _opened(request, arguments).item))


def _add(blueprint: Blueprint, site: Site) -> None:
    views, path = _Views(site), "/w/evidence/<nonce>"
    blueprint.add_url_rule(path, Page.EVIDENCE, views.show)
    blueprint.add_url_rule(f"{path}/<int:number>", "evidence_file", views.file)
    blueprint.add_url_rule(f"{path}/<int:number>/thumbnail", "evidence_thumbnail", views.thumbnail)


KIND = PageKind(_title, IDLE, _add)

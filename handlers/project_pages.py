"""A whole project to read: the free reply gives a short-lived link to its page (contract §3)."""

from __future__ import annotations

from handlers import fallback
from handlers.conversation import Answer, Context, Page, Request
from handlers.project_choice import not_found
from handlers.project_presses import OpenProject, ShowProject
from handlers.routes import Routes
from messages_th import page_link
from messages_th.understanding.intents import Intent, Slots
from storage.queries.projects import NoSuchProject, find_project

CODE = "code"
"""Under which argument of a link the project's code stands."""

routes = Routes()


@routes.press(OpenProject)
def open_project(request: Request, press: OpenProject) -> Answer:
    """Give a link under which the presser, and nobody else, reads the project for ten minutes."""
    if request.sight.is_blind:
        return fallback.not_permitted(request)
    try:
        project, _ = find_project(request.session, request.reference, request.sight, press.code)
    except NoSuchProject:
        return not_found(request)
    context = Context(Intent.PROJECT_STATUS, Slots(project_code=project.code), shown=(project.code,))
    link = request.links.page(Page.PROJECT, {CODE: project.code}, request.asker.code)
    if link is None:
        return Answer((page_link.no_pages(request.reader),), context=context)
    standing = ShowProject(project.code).pack()
    card = page_link.project_link(request.reader, project.code, project.name, link, standing, request.now)
    return Answer((card,), context=context)

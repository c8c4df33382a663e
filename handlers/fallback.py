"""What is said when an utterance leads nowhere; a press is never silent and a question never guessed at."""

from __future__ import annotations

from handlers.conversation import Answer, Request
from messages_th import replies
from messages_th.understanding.intents import Understood


def words_only(request: Request) -> Answer:
    """Answer a picture, a sticker or a file."""
    return Answer((replies.words_only(request.reader),))


def old_button(request: Request) -> Answer:
    """Answer a press of a button that nobody knows any more."""
    return Answer((replies.old_button(request.reader),))


def not_permitted(request: Request) -> Answer:
    """Answer what the asker's roles do not allow, or that there is no post today."""
    reply = replies.not_permitted if request.sight.home else replies.no_post
    return Answer((reply(request.reader),))


def cancelled(request: Request) -> Answer:
    """Answer that what was begun is dropped."""
    return Answer((replies.cancelled(request.reader),))


def no_further_page(request: Request) -> Answer:
    """Answer a wish for another page where there is none; what is remembered stays."""
    return Answer((replies.no_further_page(request.reader),), context=request.context)


def not_understood(request: Request, understood: Understood) -> Answer:
    """Offer what a sentence may have meant."""
    message = replies.not_understood(request.reader, understood.choices)
    return Answer((message,), tuple(replies.choice(intent) for intent in understood.choices))

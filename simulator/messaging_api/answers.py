"""What the emulated API says, and how it refuses (reference, "Error responses" and "Status codes")."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a request body.

    Args:
        property: Where, as LINE writes it: ``messages[0].text``.
        message: What.
    """

    property: str
    message: str


@dataclass(frozen=True, slots=True)
class File:
    """Bytes of a media type."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, JSON body and the headers that go with them; a file in place of the body where there is one."""

    status: int = 200
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    file: File | None = None


class Refused(Exception):
    """The request ends here; `answer` is what the caller gets."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status, answer.body)
        self.answer = answer


def error(status: int, message: str, **more: Any) -> Answer:
    """An error as the Messaging API words it: ``{"message": …}``."""
    return Answer(status, {"message": message, **more})


def refused(status: int, message: str) -> Refused:
    """The exception that makes `error` the answer."""
    return Refused(error(status, message))


def invalid(problems: Iterable[Problem]) -> Refused:
    """400 with every problem of the body by property."""
    details = [{"message": problem.message, "property": problem.property} for problem in problems]
    return Refused(error(400, f"The request body has {len(details)} error(s)", details=details))


def invalid_property(name: str) -> Refused:
    """400 as LINE words it for a recipient id that cannot be one."""
    return refused(400, f"The property, '{name}', in the request body is invalid (line: -, column: -)")


SERVER_ERROR = error(500, "Internal server error")
NOT_FOUND = error(404, "Not found")
METHOD_NOT_ALLOWED = error(405, "Method not allowed")
TOO_LARGE = error(413, "The request exceeds the maximum size of 2 MB.")
RATE_LIMITED = error(429, "The API rate limit has been exceeded. Try again later.")
QUOTA_EXCEEDED = error(429, "You have reached your monthly limit.")
UNAUTHORIZED = error(
    401,
    "Authentication failed due to the following reason: invalid token. "
    "Confirm that the access token in the authorization header is valid.",
)

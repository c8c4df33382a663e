"""The list of API requests, for tests to look at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """An API request as it came in.

    Args:
        at: When it came in.
        method: HTTP method.
        path: Path without the query.
        retry_key: Its ``X-Line-Retry-Key``.
        body: The parsed JSON body, None when there was none or when it held a secret.
        status: HTTP status of the answer, None when the connection was dropped without one.
        request_id: Its ``x-line-request-id``.
        fault: The kind of fault it suffered.
        number: Place among all calls.
    """

    at: datetime
    method: str
    path: str
    retry_key: str | None
    body: Any
    status: int | None
    request_id: str
    fault: str | None
    number: int = 0

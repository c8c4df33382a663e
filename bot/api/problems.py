"""What a request is refused for: every faulty value at once, or one reason for all of it.

Problem
├── Invalid        values that cannot be taken, or fields that are missing: 422 with a list
└── Refused        anything else, with its HTTP status, a code and a Thai sentence
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from messages_th import api as thai
from storage.imports.problems import ProblemCode
from storage.imports.values import shown

_EXCERPT = 200
"""Characters of a faulty value that are said back."""


class ApiFault(StrEnum):
    """What can be wrong with a value of a request beside what can be wrong with a spreadsheet's cell."""

    UNKNOWN_FIELD = "unknown_field"
    NOT_AN_OBJECT = "not_an_object"
    NOT_A_LIST = "not_a_list"
    NOT_A_VALUE = "not_a_value"
    NOT_A_FLAG = "not_a_flag"
    NOT_A_COORDINATE = "not_a_coordinate"
    TOO_MANY_ITEMS = "too_many_items"
    UNKNOWN_ACTIVITY = "unknown_activity"
    SUB_ACTIVITY_ALONE = "sub_activity_alone"
    UNKNOWN_LINK = "unknown_link"
    CODE_NOT_FREE = "code_not_free"
    NO_DRAFT_OF_EDIT = "no_draft_of_edit"
    NOTHING_TO_CHANGE = "nothing_to_change"
    IMPOSSIBLE_DAY = "impossible_day"


class Code(StrEnum):
    """Why a request is refused as a whole, beside the refusals of the rules."""

    BAD_JSON = "bad_json"
    NO_IDEMPOTENCY_KEY = "no_idempotency_key"
    KEY_USED_OTHERWISE = "idempotency_key_used"
    UNAUTHORIZED = "unauthorized"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    TOO_LARGE = "too_large"
    NOT_JSON = "not_json"
    TOO_MANY = "too_many_requests"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Fault:
    """One faulty value: ``field`` as the request names it, with the place in a list: «activities[2].quarters»."""

    field: str
    value: str
    message: str


class Problem(Exception):
    """A request is refused, and nothing of it is kept."""


class Invalid(Problem):
    """Values cannot be taken, or are missing."""

    def __init__(self, faults: Sequence[Fault], code: Code = Code.INVALID) -> None:
        super().__init__(len(faults))
        self.faults = tuple(faults)
        self.code = code


class Refused(Problem):
    """The request is refused as a whole."""

    def __init__(self, status: HTTPStatus, code: Code) -> None:
        super().__init__(code.value)
        self.status = status
        self.code = code


@dataclass(slots=True)
class Faults:
    """Gathers what is wrong, so that all of it is told at once."""

    found: list[Fault] = field(default_factory=list)

    def note(self, name: str, value: Any, code: ProblemCode | ApiFault, **params: Any) -> None:
        """Note a faulty value."""
        text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else shown(value)
        self.found.append(Fault(name, "" if value is None else text[:_EXCERPT], thai.fault(code, params)))

    def check(self) -> None:
        """Go on if nothing is wrong.

        Raises:
            Invalid: something is.
        """
        if self.found:
            raise Invalid(self.found)

"""What the API answers, as JSON: instants in ISO 8601 with Bangkok's offset, days in ISO 8601 (C.E.), years B.E."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from bot.api.fields import AGENCY_APPROVED
from bot.api.problems import Fault, Invalid, Problem, Refused
from domain.errors import Incomplete, TransitionRefused
from domain.reminders import BANGKOK
from domain.submissions import SubmissionState
from domain.windows import Span, Stage
from messages_th import api as thai
from messages_th.positions import acting_position
from messages_th.refusals import refusal_words
from storage.queries.agency_submissions import DecisionRead, MissingField, SubmissionRead


def submission(read: SubmissionRead) -> Mapping[str, Any]:
    """Return a submission as it stands."""
    row = read.row
    return {
        "id": row.id,
        "kind": row.kind,
        "unit": read.unit,
        "project_code": read.project_code,
        "plan_name": read.plan_name,
        "fiscal_year": row.fiscal_year,
        "quarter": row.quarter or None,
        "state": _state(read),
        "version": row.version,
        "step": read.step,
        "steps": read.steps,
        "stage": read.stage,
        "holders": [acting_position(position, "", None) for position in read.holders],
        "sent_by": read.sent_by,
        "sent_at": _instant(row.sent_at),
        "is_late": row.is_late,
        "late_reason": row.late_reason,
        "decisions": [_decision(decision) for decision in read.decisions],
        "missing": [_fault(fault) for fault in _missing(read.missing)],
        "windows": {
            "agency": _span(read.windows.of(Stage.AGENCY) if read.windows else None),
            "upper": _span(read.windows.of(Stage.UPPER) if read.windows else None),
        },
    }


def page(items: Sequence[SubmissionRead], number: int, per_page: int, total: int) -> Mapping[str, Any]:
    """Return one page of a list."""
    return {"items": [submission(item) for item in items], "page": number, "per_page": per_page, "total": total}


def problem(error: Problem) -> tuple[Mapping[str, Any], HTTPStatus]:
    """Return what a refused request is told (RFC 9457), and its status."""
    match error:
        case Invalid(faults=faults, code=code):
            return _invalid(code, thai.title(code), faults), HTTPStatus.UNPROCESSABLE_ENTITY
        case Refused(status=status, code=code):
            return _problem(status, code, thai.title(code)), status
    raise TypeError(type(error))


def refusal(error: TransitionRefused, missing: Iterable[MissingField]) -> tuple[Mapping[str, Any], HTTPStatus]:
    """Return why the rules refuse it: fields are ``missing``, or it cannot be done now."""
    code, words = error.refusal.value, refusal_words(error.refusal)
    if isinstance(error, Incomplete):
        return _invalid(code, words, list(_missing(missing))), HTTPStatus.UNPROCESSABLE_ENTITY
    return _problem(HTTPStatus.CONFLICT, code, words), HTTPStatus.CONFLICT


def _state(read: SubmissionRead) -> str:
    is_upper = read.row.state is SubmissionState.PENDING_APPROVAL and read.stage is Stage.UPPER
    return AGENCY_APPROVED if is_upper else read.row.state


def _decision(decision: DecisionRead) -> Mapping[str, Any]:
    return {
        "version": decision.version,
        "step": decision.step,
        "verdict": decision.verdict,
        "position": acting_position(decision.position, decision.principal, decision.capacity),
        "reason": decision.reason,
        "concerns": decision.concerns,
        "decided_at": _instant(decision.decided_at),
    }


def _missing(missing: Iterable[MissingField]) -> Iterable[Fault]:
    return (Fault(one.field, one.item or "", thai.MISSING) for one in missing)


def _invalid(code: str, detail: str, faults: Sequence[Fault]) -> Mapping[str, Any]:
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return {**_problem(status, code, detail), "errors": [_fault(fault) for fault in faults]}


def _problem(status: HTTPStatus, code: str, detail: str) -> Mapping[str, Any]:
    return {"type": "about:blank", "title": thai.title(code), "status": status.value, "code": code, "detail": detail}


def _fault(fault: Fault) -> Mapping[str, str]:
    return {"field": fault.field, "value": fault.value, "message": fault.message}


def _span(span: Span | None) -> Mapping[str, str | None] | None:
    if span is None:
        return None
    return {"opens_on": span.opens_on.isoformat() if span.opens_on else None, "closes_on": span.closes_on.isoformat()}


def _instant(at: datetime | None) -> str | None:
    return at.astimezone(BANGKOK).isoformat(timespec="seconds") if at else None

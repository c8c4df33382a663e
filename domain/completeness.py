"""What a quarterly report must say before it can be sent (``domain.md`` §2, "Completeness of M6").

The importer warns by the same rule, the page shows it while somebody types, and sending enforces it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from domain.errors import Gap

ANSWERS = ("output_progress", "outcome_progress", "kpi_progress", "summary", "problems", "recommendations")
"""Fields that every report fills; "none" is an answer, a blank is not."""
_BLANK_BRAILLE = "\u2800"


@dataclass(frozen=True, slots=True)
class ReportContent:
    """M6 as entered; money is baht, the quarter's own amount. Progress of activities and level-2 links is by id.

    ``carried_disbursed_baht`` is of money carried over from an earlier year: nobody must fill it, no plan measures it.
    """

    output_progress: str = ""
    outcome_progress: str = ""
    kpi_progress: str = ""
    level1_progress: str = ""
    disbursed_baht: Decimal | None = None
    carried_disbursed_baht: Decimal | None = None
    underspend_reason: str = ""
    summary: str = ""
    problems: str = ""
    recommendations: str = ""
    activity_progress: Mapping[int, str] = field(default_factory=dict)
    link_progress: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReportDemands:
    """What the project asks of the report of one quarter.

    ``planned_baht`` is the quarter's plan in force at its end (None: there is none), ``activities`` those planned in
    the quarter and ``links`` the level-2 plans of M1, by id. ``asks_level1``: the contribution to level 1 is asked for.
    """

    uses_budget: bool
    planned_baht: Decimal | None = None
    activities: Collection[int] = ()
    links: Collection[int] = ()
    asks_level1: bool = True


def gaps_of(content: ReportContent, demands: ReportDemands) -> tuple[Gap, ...]:
    """Return what is missing, in the order of the form; nothing: the report is complete.

    Projects without budget are not asked for money. 0.00 baht is an amount; where more was planned it needs its reason.
    """
    return tuple(_gaps(content, demands))


def is_below_plan(content: ReportContent, demands: ReportDemands) -> bool:
    """Tell whether less was disbursed than planned, so that the reason is asked for."""
    spent, planned = content.disbursed_baht, demands.planned_baht
    return demands.uses_budget and spent is not None and planned is not None and spent < planned


def _gaps(content: ReportContent, demands: ReportDemands) -> Iterable[Gap]:
    yield from (Gap(name) for name in ANSWERS[:3] if _is_blank(getattr(content, name)))
    yield from _unfilled("activity_progress", content.activity_progress, demands.activities)
    if demands.asks_level1 and _is_blank(content.level1_progress):
        yield Gap("level1_progress")
    yield from _unfilled("link_progress", content.link_progress, demands.links)
    if demands.uses_budget and content.disbursed_baht is None:
        yield Gap("disbursed_baht")
    if is_below_plan(content, demands) and _is_blank(content.underspend_reason):
        yield Gap("underspend_reason")
    yield from (Gap(name) for name in ANSWERS[3:] if _is_blank(getattr(content, name)))


def _unfilled(name: str, said: Mapping[int, str], asked: Iterable[int]) -> Iterable[Gap]:
    return (Gap(name, number) for number in asked if _is_blank(said.get(number, "")))


def _is_blank(words: str) -> bool:
    """Tell whether nothing is to be read there but dashes, which are a blank in the office's files, too."""
    return not any(map(_is_seen, words))


def _is_seen(mark: str) -> bool:
    kind = unicodedata.category(mark)
    if kind[0] not in "LNPS" or kind == "Pd":
        return False
    return mark != _BLANK_BRAILLE and "FILLER" not in unicodedata.name(mark, "")

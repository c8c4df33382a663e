"""The guide of the API keeps up with it, and every answer has its words."""

import re
from pathlib import Path

from bot.api.fields import FIELDS_OF, HEAD, PROJECT_LISTS, QUERY, REPORT_LISTS, STATES, WITHDRAWAL
from bot.api.problems import ApiFault, Code
from domain.submissions import SubmissionKind
from messages_th import api as thai
from storage.imports.problems import ProblemCode

GUIDE = (Path(__file__).parents[3] / "docs" / "th" / "api.md").read_text(encoding="utf-8")


def test_the_guide_names_every_field_kind_and_state() -> None:
    fields = [*HEAD, *QUERY, *WITHDRAWAL, *(one for own, _ in FIELDS_OF.values() for one in own)]
    fields += [one for of in (*REPORT_LISTS, *PROJECT_LISTS) for one in of.fields]
    names = {one.name for one in fields} | {of.name for of in (*REPORT_LISTS, *PROJECT_LISTS)}
    said = set(re.findall(r"[a-z0-9_]+", GUIDE))
    assert {*names, *SubmissionKind, *STATES} - said == set()


def test_whatever_is_refused_is_worded() -> None:
    params = {"limit": 1, "choices": "", "lowest": 1, "highest": 2, "parent": "", "part": ""}
    cells = [code for code in ProblemCode if code in ("blank", "too_long", "out_of_range") or code.startswith("not_a_")]
    assert all(thai.fault(code, params) for code in (*ApiFault, *cells))
    titles = {thai.title(code) for code in Code}
    assert len(titles) == len(Code)
    assert thai.title("wrong_state") not in titles

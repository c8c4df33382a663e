"""The page with a whole project, read-only: its fields by module (M1 to M5), and what an edit changes in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from domain.fiscal import YearBasis
from domain.modules import Module
from domain.revisions import Change
from domain.submissions import SubmissionKind, SubmissionState
from messages_th import formats
from messages_th.carried_over import CARRIED_OVER, plan_version
from messages_th.pages.rendering import page
from messages_th.project_fields import MODULE_FIELDS, NOTHING, chosen, field_value, project_field_name
from messages_th.words import word

_FURTHER: Mapping[Module, Sequence[str]] = {
    Module.M2: ("fiscal_year", "director_alt_email", "director_fax"),
    Module.M3: ("latitude", "longitude"),
}
"""Fields that decision cards have no room for."""
_NO_BUDGET = "ไม่ใช้งบประมาณ"
_BEFORE, _UNKNOWN = "เดิม", "ไม่มีบันทึกค่าเดิม"
_AFTER = {
    SubmissionState.DRAFT: "ร่างการแก้ไขเป็น",
    SubmissionState.PENDING_APPROVAL: "ขอแก้ไขเป็น รออนุมัติ",
    SubmissionState.RETURNED: "ขอแก้ไขเป็น ส่งกลับแก้ไข",
}


@dataclass(frozen=True, slots=True)
class ToldPlan:
    """A version of a fiscal year's plan (B.E.), in baht by quarter; ``dated_on`` None: the first."""

    fiscal_year: int
    dated_on: date | None
    quarters: Sequence[Decimal]
    carried_over: Decimal


@dataclass(frozen=True, slots=True)
class ToldRevision:
    """The entry of a project that is not official yet, or the newest edit; ``changes`` are by field.

    ``returned_by`` (a position) and ``reason``: of one that came back.
    """

    kind: SubmissionKind
    state: SubmissionState
    version: int
    step: int | None
    steps: int
    changes: Mapping[str, Change]
    returned_by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ToldProject:
    """All that the page says. ``links`` are (kind as stored, name), ``funding`` (kind, origin, baht).

    ``activities`` are (name, whether it is a part of the one before, fiscal quarters); ``plans`` are by year, the
    newest version first.
    """

    code: str
    name: str
    unit: str
    values: Mapping[str, Any]
    activities: Sequence[tuple[str, bool, Sequence[int]]]
    links: Sequence[tuple[str, str]]
    funding: Sequence[tuple[str, str, Decimal]]
    plans: Sequence[ToldPlan]
    revision: ToldRevision | None
    as_of: datetime


@dataclass(frozen=True, slots=True)
class _Field:
    """A field as it is shown; ``notes`` are (what, value) of what changes or changed in it."""

    label: str
    value: str
    anchor: str = ""
    notes: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class _Section:
    """A module; ``items`` are activities, as (words, whether it is a part). ``empty`` are fields that say nothing."""

    headline: str
    fields: Sequence[_Field]
    empty: Sequence[_Field] = field(default=(), kw_only=True)
    items: Sequence[tuple[str, bool]] = field(default=())
    tables: Sequence[tuple[str, Sequence[tuple[str, str]]]] = field(default=())


def project_page(project: ToldProject, back: str = "") -> str:
    """Return the page; ``back`` is an address to return to."""
    sections = list(_sections(project))
    return page(
        "project.html.j2",
        title=f"โครงการ {project.code}",
        name=project.name.strip() or NOTHING,
        unit=project.unit,
        revision=_headline(project.revision),
        reason=_reason(project.revision),
        changed=[(one.anchor, one.label) for section in sections for one in section.fields if one.notes],
        sections=sections,
        back=back,
        as_of=formats.as_of(project.as_of),
    )


def project_title(code: str) -> str:
    """Return what a link to the page opens."""
    return f"ข้อมูลโครงการ {code}"


def _headline(revision: ToldRevision | None) -> str:
    """Return what is on its way, or was last: «แก้ไขข้อมูลโครงการ · รออนุมัติ · ลำดับที่ 2 จาก 4»."""
    if revision is None:
        return ""
    at = f"ลำดับที่ {revision.step} จาก {revision.steps}" if revision.step is not None else ""
    version = f"ฉบับที่ {revision.version}" if revision.version else ""
    return " · ".join(filter(None, (word(revision.kind), version, word(revision.state), at)))


def _reason(revision: ToldRevision | None) -> str:
    if revision is None or not revision.reason:
        return ""
    return f"{formats.one_line(revision.returned_by) or 'ผู้อนุมัติ'} ส่งกลับแก้ไข: “{revision.reason.strip()}”"


def _sections(project: ToldProject) -> Iterator[_Section]:
    for module in (Module.M1, Module.M2, Module.M3):
        names = (*MODULE_FIELDS[module], *_FURTHER.get(module, ()))
        links = project.links if module is Module.M1 else ()
        further = [_Field(chosen("link_kind", kind), name.strip() or NOTHING) for kind, name in links]
        told = _fields(project, names)
        filled = [one for one in told if one.notes or one.value != NOTHING]
        yield _Section(_module(module), [*filled, *further], empty=[one for one in told if one not in filled])
    items = [(_activity(name, quarters, is_part=is_part), is_part) for name, is_part, quarters in project.activities]
    yield _Section(_module(Module.M4), [], items, empty=[] if items else [_Field("กิจกรรม", NOTHING)])
    yield _budget(project)


def _module(module: Module) -> str:
    return f"{module} {word(module)}"


def _activity(name: str, quarters: Sequence[int], *, is_part: bool) -> str:
    planned = f"ไตรมาส {', '.join(map(str, quarters))}" if quarters else "ไม่ได้กำหนดไตรมาส"
    return f"{'กิจกรรมย่อย' if is_part else 'กิจกรรม'}: {name.strip() or NOTHING} ({planned})"


def _budget(project: ToldProject) -> _Section:
    total = _fields(project, MODULE_FIELDS[Module.M5])
    if not project.values.get("uses_budget"):
        changed = [one for one in total if one.notes]
        return _Section(_module(Module.M5), [_Field("งบประมาณ", _NO_BUDGET), *changed])
    funding = [
        _Field(" ".join(filter(None, (chosen("funding_kind", kind), origin.strip()))), formats.baht(amount))
        for kind, origin, amount in project.funding
    ]
    seen: set[int] = set()
    tables = []
    for plan in project.plans:
        tables.append((_plan_headline(plan, is_newest=plan.fiscal_year not in seen), _plan_rows(plan)))
        seen.add(plan.fiscal_year)
    return _Section(_module(Module.M5), [*total, *funding], tables=tables)


def _plan_headline(plan: ToldPlan, *, is_newest: bool) -> str:
    year = formats.fiscal_year_text(plan.fiscal_year, YearBasis.FISCAL)
    version = plan_version(plan.dated_on) if plan.dated_on else "ฉบับแรก"
    return f"แผนการใช้จ่าย {year} {version}{'' if is_newest else ' (มีฉบับใหม่กว่าแล้ว)'}"


def _plan_rows(plan: ToldPlan) -> Sequence[tuple[str, str]]:
    rows = [(f"ไตรมาส {number}", formats.baht(amount)) for number, amount in enumerate(plan.quarters, 1)]
    rows.append(("รวม", formats.baht(sum(plan.quarters, Decimal(0)))))
    return [*rows, (CARRIED_OVER, formats.baht(plan.carried_over))] if plan.carried_over else rows


def _fields(project: ToldProject, names: Sequence[str]) -> Sequence[_Field]:
    return [
        _Field(project_field_name(name), _value(name, project.values.get(name)), f"field-{name}", _notes(project, name))
        for name in names
    ]


def _notes(project: ToldProject, name: str) -> Sequence[tuple[str, str]]:
    """Return what stands beside a field: what is wished for in an edit, or what an approved one replaced."""
    revision = project.revision
    change = revision.changes.get(name) if revision else None
    if revision is None or change is None:
        return ()
    if revision.kind is SubmissionKind.PROJECT_ENTRY:
        return ((f"แก้ไขในฉบับที่ {revision.version}", ""),)
    if revision.state is SubmissionState.APPROVED:
        return ((_BEFORE, _UNKNOWN if change.before is None else _value(name, change.before)), ("แก้ไขแล้ว", ""))
    return ((_AFTER[revision.state], _value(name, change.after)),)


def _value(name: str, value: Any) -> str:
    """Return a value in words; of what was typed, with its lines."""
    return value.strip() or NOTHING if type(value) is str else field_value(name, value)

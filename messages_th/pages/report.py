"""The form of a quarterly report as a page, and the report as it is read where nobody writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.report_fields import AMOUNTS, FieldKey
from messages_th import formats
from messages_th.pages import report_words as words
from messages_th.pages.evidence import EvidencePart
from messages_th.pages.rendering import page

_PARTS = (
    ("s-results", "ผลการดำเนินงาน", ("output_progress", "outcome_progress", "kpi_progress")),
    ("s-activities", "กิจกรรมตามแผนของไตรมาส", ("activity_progress",)),
    ("s-plans", "ความคืบหน้าต่อแผนระดับ 1 และ 2", ("level1_progress", "link_progress")),
    ("s-money", "การเบิกจ่าย", (*AMOUNTS, "underspend_reason")),
    ("s-summary", "สรุปผลและปัญหา", ("summary", "problems", "recommendations")),
)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the report: whose it is, of which quarter (``period``), how it stands, and until when."""

    code: str
    name: str
    unit: str
    period: str
    state: str
    deadline: str


@dataclass(frozen=True, slots=True)
class Returned:
    """Why the report came back: ``by`` says who and when; ``anchor`` leads to what it concerns ("": nothing named)."""

    by: str
    reason: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Theirs:
    """What somebody else wrote meanwhile; ``whose`` says who and when."""

    whose: str
    text: str


@dataclass(frozen=True, slots=True)
class Box:
    """A field of the form.

    Args:
        about: The activity or plan that it belongs to, "" where it belongs to the whole report.
        within: What that is a part of.
        value: What it says here; differs from ``base``, which the server holds, where something was not saved.
        problem: Why it was not saved.
        is_asked: The report is not complete without it.
        is_concerned: The approver who sent the report back pointed at it.
        promised: What the project promised of it, each with its name.
    """

    key: FieldKey
    about: str
    within: str
    value: str
    base: str
    mark: str = ""
    problem: str = ""
    theirs: Theirs | None = None
    is_asked: bool = True
    is_concerned: bool = False
    promised: Sequence[tuple[str, str]] = ()

    @property
    def name(self) -> str:
        """What its control is called in what the form sends."""
        return str(self.key)

    @property
    def anchor(self) -> str:
        """The id of its control."""
        return anchor_of(self.key)

    @property
    def label(self) -> str:
        """What it is called."""
        return words.label(self.key, self.about)

    @property
    def hint(self) -> str:
        """How to fill it."""
        return words.hint(self.key)

    @property
    def is_shown(self) -> bool:
        """Whether the form shows it: the reason for spending less is asked for only where less was spent."""
        return self.is_asked or self.is_concerned or self.key.name != "underspend_reason"

    @property
    def is_amount(self) -> bool:
        """Whether it is an amount in baht."""
        return self.key.name in AMOUNTS

    @property
    def takes_none(self) -> bool:
        """Whether one tap answers that there is nothing to tell."""
        return self.key.name in words.NONE_FOR


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the form with its headline; ``anchor`` is its id."""

    anchor: str
    title: str
    boxes: Sequence[Box]


@dataclass(frozen=True, slots=True)
class Named:
    """A field in a list that leads to it."""

    key: FieldKey
    label: str

    @property
    def anchor(self) -> str:
        """The id of the field."""
        return anchor_of(self.key)


@dataclass(frozen=True, slots=True)
class Form:
    """The whole form.

    ``saved`` says when it was saved, ``trouble`` that something was not: ``waiting`` are the fields that their writer
    has to look at, ``unsaved`` texts for which there is no field any more. ``missing`` is what the checklist lacks,
    ``before`` offers the texts of the report before ("": there is none). ``address`` is the page's own, below which
    everything is sent; ``revision`` tells scripts' news from what they know; ``report`` names the report on phones.
    """

    address: str
    form_key: str
    revision: str
    report: str
    head: Head
    returned: Returned | None
    parts: Sequence[Part]
    money: Mapping[str, str]
    waiting: Sequence[Named]
    missing: Sequence[Named]
    done: int
    total: int
    refusal: str
    others: str
    saved: str
    trouble: str
    unsaved: Sequence[str]
    files: EvidencePart
    before: str

    @property
    def progress(self) -> str:
        """How much of what is asked for is filled."""
        return words.progress(self.done, self.total)


@dataclass(frozen=True, slots=True)
class Read:
    """A report that is on its way or approved; ``unsaved`` are texts that came too late for it, ``trouble`` says so."""

    head: Head
    parts: Sequence[Part]
    money: Mapping[str, str]
    trouble: str
    unsaved: Sequence[str]
    files: EvidencePart
    address: str


def report_title(period: str) -> str:
    """Return what the page is called."""
    return f"รายงานความก้าวหน้า {period}"


def opening_title(code: str, period: str) -> str:
    """Return what a link to the page opens."""
    return f"{report_title(period)} โครงการ {code}"


def anchor_of(key: FieldKey) -> str:
    """Return the id that a field's control has on the page."""
    return f"f-{key.name}" if key.item is None else f"f-{key.name}-{key.item}"


def parts_of(boxes: Sequence[Box]) -> Sequence[Part]:
    """Return the parts of the form that have fields, in its order."""
    found = (Part(anchor, title, [box for box in boxes if box.key.name in names]) for anchor, title, names in _PARTS)
    return [part for part in found if part.boxes]


def part_of(key: FieldKey) -> str:
    """Return the id of the part in which a field stands."""
    return next(anchor for anchor, _, names in _PARTS if key.name in names)


def report_form_page(form: Form) -> str:
    """Return the form."""
    return page("report_form.html.j2", title=report_title(form.head.period), form=form, words=words)


def report_read_page(read: Read) -> str:
    """Return the report as it is read: what it was not asked for, and does not say, is left out."""
    shown = [
        (part, [(box, box.value or words.NOT_FILLED) for box in part.boxes if box.value or box.is_asked])
        for part in read.parts
    ]
    return page("report_read.html.j2", title=report_title(read.head.period), read=read, parts=shown)


def before_text(quarter: str) -> str:
    """Return what the button says that brings the texts of the report before over."""
    return f"นำข้อความ{formats.one_line(quarter)} มาใช้"

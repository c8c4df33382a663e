"""Makes the page of what a report says, what was typed, and what became of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.pages.edits import Typed
from bot.pages.report.keeping import Seen
from domain.report_fields import BROUGHT_OVER, EditOutcome, FieldKey, asked_now, keys_of, value_of
from domain.windows import Span
from handlers.conversation import Request
from handlers.signatories import signed_as
from messages_th import formats
from messages_th.pages import report as thai
from messages_th.pages import report_words as words
from messages_th.pages.evidence import EvidencePart
from storage.queries.report_form import FieldMark, ReportForm, ReportNow

_TELLS_AGAIN = timedelta(seconds=5)
"""Of two officers who write at once, whoever began first may be done last: a script is told that much twice."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was sent and not all saved: by the names of the controls."""

    typed: Mapping[str, Typed] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    outcomes: Mapping[str, EditOutcome] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether its writer has to look at something again."""
        return any(map(self.waits, (*self.refused, *self.outcomes)))

    def waits(self, name: str) -> bool:
        """Tell whether its writer has to look at a field again."""
        return name in self.refused or self.is_clash(name)

    def is_clash(self, name: str) -> bool:
        """Tell whether somebody else wrote the field meanwhile."""
        return self.outcomes.get(name) is EditOutcome.CONFLICT


NOTHING_TRIED = Attempt()


@dataclass(frozen=True, slots=True)
class Session:
    """The page of one session: its ``address``, what its forms prove by, and the part with the report's files."""

    address: str
    form_key: str
    files: EvidencePart


def head(seen: Seen) -> thai.Head:
    """Return what stands above the report."""
    form, names = seen.form, seen.request.reference.unit_names
    return thai.Head(
        code=form.code,
        name=formats.one_line(form.name),
        unit=names.get(form.unit, form.unit),
        period=formats.quarter_text(form.quarter, form.basis),
        state=words.state(form.state),
        deadline=_deadline(seen, form.span),
    )


def form_page(seen: Seen, session: Session, attempt: Attempt = NOTHING_TRIED, trouble: str = "") -> str:
    """Return the page with the form; what was tried and not saved stands in it as it was typed."""
    form = seen.form
    lacks, known = missing(form), set(map(str, keys_of(form.demands)))
    asked = len(asked_now(form.content, form.demands))
    return thai.report_form_page(
        thai.Form(
            address=session.address,
            form_key=session.form_key,
            revision=revision(form),
            report=f"report:{form.code}:{form.quarter.fiscal_year}:{form.quarter.number}",
            head=head(seen),
            returned=_returned(form),
            parts=parts(form, seen.request.asker.full_name, attempt),
            money=money(form),
            waiting=[_named(form, key) for key in keys_of(form.demands) if attempt.waits(str(key))],
            missing=lacks,
            done=asked - len(lacks),
            total=asked,
            refusal=words.cannot_be_sent(form.refusal, form.span.opens_on if form.span else None),
            others=words.others(form.others),
            saved=_saved(form, seen.request),
            trouble=trouble,
            unsaved=[attempt.typed[name].value for name in attempt.refused.keys() - known],
            files=session.files,
            before=_offer(form),
        )
    )


def read_page(seen: Seen, session: Session, trouble: str = "", unsaved: Sequence[str] = ()) -> str:
    """Return the page of a report that is only read; ``unsaved`` are texts that came too late, ``trouble`` says so."""
    form = seen.form
    read = thai.Read(
        head=head(seen),
        parts=parts(form, seen.request.asker.full_name),
        money=money(form),
        trouble=trouble,
        unsaved=unsaved,
        files=session.files,
        address=session.address,
    )
    return thai.report_read_page(read)


def parts(form: ReportForm, reader: str, attempt: Attempt = NOTHING_TRIED) -> Sequence[thai.Part]:
    """Return the parts of the form with their fields; marks of what ``reader`` (a name) wrote need no name."""
    abouts = abouts_of(form)
    concerned = set(concerned_by(form))
    asked = set(asked_now(form.content, form.demands))
    boxes = []
    for key in keys_of(form.demands):
        name, base = str(key), words.shown(value_of(form.content, key))
        about, within = abouts.get(key, ("", ""))
        boxes.append(
            thai.Box(
                key=key,
                about=about,
                within=within,
                value=attempt.typed[name].value if attempt.waits(name) else base,
                base=base,
                mark=mark(form, key, reader),
                problem=attempt.refused.get(name, ""),
                theirs=thai.Theirs(whose(form, key), base)
                if attempt.outcomes.get(name) is EditOutcome.CONFLICT
                else None,
                is_asked=key in asked,
                is_concerned=key in concerned,
                promised=words.promised(key, form.promised),
            )
        )
    return thai.parts_of(boxes)


def concerned_by(form: ReportForm) -> Sequence[FieldKey]:
    """Return the fields at which the approver who sent the report back pointed."""
    if form.sent_back is None:
        return ()
    return [key for key in keys_of(form.demands) if key.name == form.sent_back.concerns]


def anchor_of_return(form: ReportForm) -> str:
    """Return the id to which the page opens when the report came back: a field, or a part with many; "" for none."""
    concerned = concerned_by(form)
    if not concerned:
        return ""
    return thai.anchor_of(concerned[0]) if len(concerned) == 1 else thai.part_of(concerned[0])


def missing(form: ReportNow) -> Sequence[thai.Named]:
    """Return what the report lacks."""
    return [_named(form, FieldKey.of(gap)) for gap in form.gaps]


def money(form: ReportNow) -> Mapping[str, str]:
    """Return the lines on money; none of a project without budget."""
    found = form.money
    return words.money_lines(found.own, found.to_date, found.plan_dated_on, found.carried) if found else {}


_REVISION_LENGTH = 20


def revision(form: ReportNow) -> str:
    """Return since when a script has to be told what changed: opaque to it, microseconds to us."""
    newest = max((mark.at for mark in form.marks.values()), default=None)
    return "0" if newest is None else str(_microseconds(newest - _TELLS_AGAIN))


def is_newer(mark: FieldMark, since: str) -> bool:
    """Tell whether a field was written after a revision; whatever is none of ours is before all."""
    is_revision = since.isascii() and since.isdecimal() and len(since) <= _REVISION_LENGTH
    return not is_revision or _microseconds(mark.at) > int(since)


def _microseconds(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)


def _deadline(seen: Seen, span: Span | None) -> str:
    if span is None:
        return words.deadline(None, 0, 0)
    calendar, today = seen.request.reference.rules.calendar, seen.request.today
    working = calendar.working_days_left(today, span.closes_on)
    return words.deadline(span.closes_on, span.days_left(today), working)


def _returned(form: ReportForm) -> thai.Returned | None:
    back = form.sent_back
    if back is None:
        return None
    by = signed_as(back.by)
    return thai.Returned(words.returned(by, back.at), back.reason, anchor_of_return(form))


def abouts_of(form: ReportNow) -> Mapping[FieldKey, tuple[str, str]]:
    """Return the activity or plan of each field that belongs to one, and what that is a part of."""
    of_activities = {one.key: (formats.one_line(one.name), formats.one_line(one.within)) for one in form.activities}
    return of_activities | {one.key: (words.link_name(one.kind, one.name), "") for one in form.links}


def mark(form: ReportNow, key: FieldKey, reader: str) -> str:
    """Return where a text comes from that ``reader`` (a name) did not write; "" for the reader's own."""
    last = form.marks.get(key)
    if last is None:
        return ""
    if last.is_brought_over:
        return words.brought_over(form.before, form.basis)
    return "" if last.by == reader else words.written_by(last.by, last.at)


def whose(form: ReportNow, key: FieldKey) -> str:
    """Return who wrote what a field says now, and when."""
    last = form.marks.get(key)
    return words.whose(last.by if last else "", last.at if last else None)


def _named(form: ReportNow, key: FieldKey) -> thai.Named:
    return thai.Named(key, words.missing_label(key, abouts_of(form).get(key, ("", ""))[0]))


def _offer(form: ReportNow) -> str:
    """Return what the button says that brings the texts of the report before over; "" where it could bring nothing."""
    blank = [key for key in keys_of(form.demands) if key.name in BROUGHT_OVER and not value_of(form.content, key)]
    return thai.before_text(formats.quarter_name(form.before, form.basis)) if form.before and blank else ""


def _saved(form: ReportNow, request: Request) -> str:
    newest = max((mark.at for mark in form.marks.values() if mark.by == request.asker.full_name), default=None)
    return "" if newest is None else words.saved(newest + (request.now - request.real_now))  # marks are of real time

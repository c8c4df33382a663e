"""The reminder digest: one message per person and day, a bubble per topic (``domain.md`` §5, §10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from domain.reminders import Digest, Step, Topic
from messages_th import formats
from messages_th.digest import wording
from messages_th.lengths import cut
from messages_th.occasions import classifier, period
from messages_th.reader import Reader
from messages_th.rendering import Rendered, card
from messages_th.words import word

TOPICS_SHOWN = 4
"""Topics with a bubble of their own; the others share one more."""
TOPICS_IN_ALT_TEXT = 2
_LINES_SHOWN = 5
_TITLE_LENGTH = 100

_NAVY, _BROWN, _RED = "#1F3A5F", "#7A4100", "#8B1E1E"
_COLOURS = {Step.LAST_DAY: _BROWN, Step.OVERDUE: _RED}


@dataclass(frozen=True, slots=True)
class Buttons:
    """Data of a topic's buttons: the list behind it, where the reason for a delay is given, and what begins reporting.

    None: that is not asked of the reader.
    """

    show: str
    give_reason: str | None = None
    report: str | None = None


@dataclass(frozen=True, slots=True)
class _Section:
    """A topic in words, as the templates use it; empty text is left out."""

    headline: str
    colour: str
    period: str
    about: str
    units: str
    how_many: str
    names: Sequence[str]
    more: str
    window: str
    deadline: str
    deadline_colour: str
    dated_deadline: str
    request: str
    buttons: Buttons


def digest_card(
    digest: Digest,
    reader: Reader,
    unit_names: Mapping[str, str],
    buttons: Callable[[Topic], Buttons],
    show_everything: str,
    snooze: str,
) -> Rendered:
    """Return the digest as a card for ``reader``.

    ``unit_names`` names every unit code of the digest; ``buttons`` gives the button data of a topic,
    ``show_everything`` that of the button below topics without a bubble of their own, ``snooze`` that of the quiet one
    that puts the whole reminder off. A digest without topics says that nothing is due.

    Raises:
        KeyError: a unit has no name.
    """
    sections = [_section(topic, reader, unit_names, buttons(topic)) for topic in digest.topics]
    return card(
        "digest",
        salutation=reader.salutation,
        particle=reader.particle,
        sections=sections[:TOPICS_SHOWN],
        others=sections[TOPICS_SHOWN : TOPICS_SHOWN + _LINES_SHOWN],
        total=len(sections),
        in_alt_text=TOPICS_IN_ALT_TEXT,
        show_everything=show_everything,
        snooze=snooze,
        colour=_NAVY,
        as_of=formats.as_of(digest.at),
    )


def _section(topic: Topic, reader: Reader, unit_names: Mapping[str, str], buttons: Buttons) -> _Section:
    by_unit = topic.step is Step.ESCALATED and len(topic.shares) > 1
    names, more = _shares(topic, unit_names) if by_unit else _titles(topic)
    deadline, dated = _deadlines(topic)
    when = period(topic.occasion, topic.basis)
    pressing = topic.step is Step.LAST_DAY or (topic.days_left is not None and topic.days_left <= 0)
    return _Section(
        headline=wording.headline(topic),
        colour=_COLOURS.get(topic.step, _NAVY),
        period=when,
        about=f"{word(topic.occasion.kind)} {when}",
        units=f"{formats.count(len(topic.shares))} หน่วยงาน" if by_unit else wording.units(topic, unit_names),
        how_many=wording.how_many(topic),
        names=names,
        more=more,
        window=formats.span_text(topic.span) if topic.span else "",
        deadline=deadline,
        deadline_colour=_RED if pressing else _NAVY,
        dated_deadline=dated,
        request=wording.request(topic, reader),
        buttons=buttons,
    )


def _shares(topic: Topic, unit_names: Mapping[str, str]) -> tuple[Sequence[str], str]:
    lines = wording.shares(topic, unit_names)
    if len(lines) <= _LINES_SHOWN:
        return lines, ""
    shown = lines[: _LINES_SHOWN - 1]
    return shown, f"และอีก {formats.count(len(lines) - len(shown))} หน่วยงาน"


def _titles(topic: Topic) -> tuple[Sequence[str], str]:
    """Return the names of the first items and how many there are beside; an agency's own plan has no name."""
    if not any(topic.titles):
        return (), ""
    own = f"{word(topic.occasion.kind)} ของหน่วยงาน"
    titles = [cut(formats.one_line(title), _TITLE_LENGTH) or own for title in topic.titles]
    further = topic.count - len(titles)
    return titles, f"และอีก {formats.count(further)} {classifier(topic.occasion.kind)}" if further > 0 else ""


def _deadlines(topic: Topic) -> tuple[str, str]:
    if topic.span is None or topic.days_left is None or topic.working_days_left is None:
        return "", ""
    left = (topic.span.closes_on, topic.days_left, topic.working_days_left)
    return formats.deadline(*left), formats.dated_deadline(*left)

"""The form in which a circular is written, and the pages behind it: what is true of it, and letting it go out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from markupsafe import Markup

from domain.circulars.letters import LONGEST_NUMBER, LONGEST_SUBJECT, LONGEST_TEXT, MOST_BYTES, MOST_FILES, Urgency
from domain.fiscal import Quarter, YearBasis
from domain.roles import Role
from domain.windows import Stage, WindowKind
from messages_th import formats
from messages_th.circulars.before_release import Preview, counts_of, shortage, when_words
from messages_th.circulars.letters import CIRCULAR
from messages_th.circulars.refusals import released_words
from messages_th.evidence import size_text
from messages_th.pages import circulars_calendar as rows_of
from messages_th.pages import circulars_words as words
from messages_th.pages.rendering import page
from messages_th.words import word

TITLE = f"เขียน{CIRCULAR}"
DISCARDED = "ทิ้งร่างแล้ว"
DONE: Mapping[str, str] = MappingProxyType(
    {
        "tested": "ส่งทดสอบถึงท่านแล้ว โปรดดูในแชต LINE",
        "saved": "บันทึกร่างแล้ว ยังไม่ได้ส่งถึงผู้ใด",
    }
)
"""What was done last, as the address of the page says it."""
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Box:
    """A field: what stands in it, what the server says there, and what is wrong. ``theirs`` and ``mine`` conflict."""

    value: str
    base: str
    problem: str = ""
    theirs: str = ""
    mine: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several things to tick or to choose; ``within`` tells it from others of its name."""

    code: str
    name: str
    within: str = ""


@dataclass(frozen=True, slots=True)
class FileRow:
    """A document in the list: where it is handed out, and where it is removed."""

    name: str
    size: int
    href: str
    remove: str

    @property
    def size_text(self) -> str:
        """How large it is."""
        return size_text(self.size)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Rows of the calendar, a blank one, and the units that one may be for."""

    rows: Sequence[Mapping[str, str]]
    blank: Mapping[str, str]
    units: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Side:
    """What stands beside the form and changes with it: the card, and what would happen. ``lacks`` are fields."""

    card: Markup
    panel: Markup
    lacks: Sequence[str]


@dataclass(frozen=True, slots=True)
class Frame:
    """What all pages of a session need: the address, what forms prove by, and the way back to the chat ("": none)."""

    address: str
    form_key: str
    chat: str


@dataclass(frozen=True, slots=True)
class Form:
    """The form. ``places`` are the units to tick, by field; ``earlier`` names an earlier letter ("": none)."""

    frame: Frame
    circular: int
    version: int
    boxes: Mapping[str, Box]
    places: Mapping[str, Sequence[Choice]]
    sought: Mapping[str, str]
    groups: Sequence[Choice]
    quarters: Sequence[Choice]
    earlier: str
    reaches_all: bool
    calendar: Calendar
    files: Markup
    side: Side
    proposes: bool
    about: str = ""
    sent_back: str = ""
    trouble: str = ""
    done: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A circular that is only read.

    ``released_by`` is a name, "" where nobody released it. ``unsaved`` are texts that came too late for it, ``trouble``
    says so.
    """

    frame: Frame
    state: str
    card: Markup
    released_by: str = ""
    released_at: datetime | None = None
    panel: Markup | None = None
    can_release: bool = False
    can_take_back: bool = False
    trouble: str = ""
    unsaved: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Going:
    """What is confirmed before it goes out; ``lacks`` and ``refused`` say why it cannot."""

    frame: Frame
    version: int
    side: Side
    proposes: bool
    refused: str = ""


def form_page(form: Form) -> str:
    """Return the page with the form."""
    return page(
        "circulars_form.html.j2",
        title=TITLE,
        form=form,
        frame=form.frame,
        labels=words.LABELS,
        hints=words.HINTS,
        most={words.LETTER_NO: LONGEST_NUMBER, words.SUBJECT: LONGEST_SUBJECT, words.TEXT: LONGEST_TEXT},
        urgencies=[Choice(one.value, word(one)) for one in Urgency],
        roles=[Choice(one.value, word(one)) for one in Role],
        cells=rows_of.CELLS,
        kinds=[Choice(one.value, word(one)) for one in WindowKind],
        stages=[Choice(one.value, word(one)) for one in (Stage.AGENCY, Stage.UPPER, Stage.ALL)],
        country=rows_of.COUNTRY,
        lacks=lacking(form.side.lacks),
        most_files=MOST_FILES,
        largest=MOST_BYTES,
        largest_text=f"{MOST_BYTES // MEGABYTE} MB",
    )


def standing_page(standing: Standing) -> str:
    """Return the page of a circular that is no draft of its reader's."""
    by, at = standing.released_by, standing.released_at
    return page(
        "circulars_standing.html.j2",
        title=CIRCULAR,
        standing=standing,
        frame=standing.frame,
        released=released_words(by, at) if at else "",
    )


def going_page(going: Going) -> str:
    """Return the page on which it is confirmed that a circular goes out, or goes to a second officer."""
    title = "เสนอเพื่อปล่อยส่ง" if going.proposes else f"ปล่อย{CIRCULAR}"
    return page("circulars_going.html.j2", title=title, going=going, frame=going.frame, lacks=lacking(going.side.lacks))


def discarded_page(frame: Frame) -> str:
    """Return that a draft is thrown away."""
    return page("circulars_done.html.j2", title=DISCARDED, frame=frame)


def panel(preview: Preview) -> Markup:
    """Return what happens when it goes out, as a part of a page."""
    shown = page(
        "circulars_panel.html.j2",
        preview=preview,
        counts=counts_of(preview),
        shortage=shortage(preview),
        when=when_words(preview),
    )
    return Markup(shown)  # noqa: S704 - escaped when rendered


def files_list(rows: Sequence[FileRow]) -> Markup:
    """Return the list of documents."""
    return Markup(page("circulars_files.html.j2", rows=rows, most=MOST_FILES))  # noqa: S704 - escaped when rendered


def lacks_list(fields: Sequence[str]) -> Markup:
    """Return what is to be done before it can go out, as a part of the page."""
    return Markup(page("circulars_lacks.html.j2", lacks=lacking(fields)))  # noqa: S704 - escaped when rendered


def found_words(number: int) -> str:
    """Return how many units were found."""
    return f"พบ {formats.count(number)} หน่วยงาน โปรดเลือก" if number else "ไม่พบหน่วยงานชื่อนี้ในความดูแลของท่าน"


def lacking(fields: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Return what is to be done before it can go out: the field's name, and the words."""
    return [(name, words.needed(name)) for name in fields]


def quarter_choices(quarters: Sequence[Quarter], basis: YearBasis) -> Sequence[Choice]:
    """Return quarters to choose from."""
    return [Choice(words.quarter_code(one), formats.quarter_text(one, basis)) for one in quarters]

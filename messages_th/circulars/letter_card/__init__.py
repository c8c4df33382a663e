"""The circular as its recipients get it: one card for all, so it names no reader and no particle."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.circulars.letters import Letter, Relation
from messages_th import formats
from messages_th.circulars.letters import COLOURS, kind_of, number_and_date, subject_of, urgency_of
from messages_th.lengths import cut_utf16
from messages_th.listing import Button
from messages_th.rendering import Rendered, card

ACKNOWLEDGE, OPEN = "รับทราบ", "เปิดเอกสาร"
ASKED = f"โปรดกด «{ACKNOWLEDGE}»"
TEST = "ทดสอบ"
TEXT_SHOWN, CHANGES_SHOWN = 600, 6
"""UTF-16 units of the text and changes of the calendar on the card; the page behind it has all of them."""
_LINE_LENGTH, _CHANGE_LENGTH = 250, 120
_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Change:
    """A window before and after: «รายงานความก้าวหน้า ไตรมาส 2/2566», «กำหนดเดิม …», «เปลี่ยนเป็น …»."""

    matter: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class LetterView:
    """What the card says beside the letter itself.

    ``sender`` is who sends it, ``files`` how many documents it has. ``about`` names the earlier letter that it
    ``relation`` (corrects or withdraws), ``changes`` what it changes in the calendar. ``acknowledge`` and ``open`` are
    button data. ``is_test`` marks what only its maker gets.
    """

    letter: Letter
    sender: str
    files: int
    acknowledge: str
    open: str
    relation: Relation | None = None
    about: str = ""
    changes: Sequence[Change] = ()
    is_test: bool = False

    @property
    def opens(self) -> bool:
        """Whether there is more than the card shows."""
        return bool(self.files) or is_cut(self.letter) or len(self.changes) > CHANGES_SHOWN


def is_cut(letter: Letter) -> bool:
    """Tell whether the card shows only the beginning of the text."""
    return _beginning(letter) != _paragraphs(letter)


def letter_card(view: LetterView) -> Rendered:
    """Return the card that all recipients get."""
    letter, kind = view.letter, kind_of(view.relation)
    urgency = urgency_of(letter)
    return card(
        "circulars/letter_card",
        headline=urgency or kind,
        place=kind if urgency else "",
        colour=COLOURS[letter.urgency],
        test=TEST if view.is_test else "",
        number=number_and_date(letter.letter_no, letter.letter_date),
        subject=subject_of(letter),
        about=cut_utf16(view.about, _LINE_LENGTH),
        text=_beginning(letter),
        goes_on=is_cut(letter),
        changes=[_shortened(change) for change in view.changes[:CHANGES_SHOWN]],
        further=max(len(view.changes) - CHANGES_SHOWN, 0),
        files=view.files,
        until=_until(letter),
        sender=cut_utf16(formats.one_line(view.sender), _LINE_LENGTH),
        buttons=_buttons(view),
    )


def _shortened(change: Change) -> Change:
    return Change(*(cut_utf16(words, _CHANGE_LENGTH) for words in (change.matter, change.before, change.after)))


def _paragraphs(letter: Letter) -> str:
    return _BLANK_LINES.sub("\n\n", letter.text.strip())


def _beginning(letter: Letter) -> str:
    return cut_utf16(_paragraphs(letter), TEXT_SHOWN)


def _until(letter: Letter) -> str:
    if not letter.wants_acknowledgement:
        return ""
    if letter.acknowledge_by is None:
        return ASKED
    return f"{ASKED} ภายในวันที่ {formats.short_date(letter.acknowledge_by)}"


def _buttons(view: LetterView) -> Sequence[Button]:
    about = "หนังสือ " + number_and_date(view.letter.letter_no, None)
    wanted = ((ACKNOWLEDGE, view.acknowledge, view.letter.wants_acknowledgement), (OPEN, view.open, view.opens))
    shown = [(label, press) for label, press, is_shown in wanted if is_shown]
    return [
        Button(label, press, about=f"{label}{about}", primary=position == 0)
        for position, (label, press) in enumerate(shown)
    ]

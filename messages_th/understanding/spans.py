"""A sentence with the particulars that were found in it, each covered by a mark of its kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from messages_th.understanding.normalise import lowered


class Mark(StrEnum):
    """What stands for a particular in the sentence that the intent is read from; one character each."""

    CODE = "Ⓒ"
    LETTER = "Ⓛ"
    QUARTER = "Ⓠ"
    YEAR = "Ⓨ"
    AGENCY = "Ⓐ"
    NAME = "Ⓝ"


@dataclass(frozen=True, slots=True)
class Span:
    """Where a particular stands in a sentence."""

    start: int
    end: int
    mark: Mark


@dataclass(slots=True)
class Sentence:
    """A normalised text whose particulars are taken one kind after the other; what is taken is seen no more.

    ``open`` is as long as ``text`` and in small letters, with marks in place of what was taken.
    """

    text: str
    open: str = ""
    spans: list[Span] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.open = lowered(self.text)

    def take(self, start: int, end: int, mark: Mark) -> None:
        """Take a particular out of the sentence."""
        self.open = self.open[:start] + mark * (end - start) + self.open[end:]
        self.spans.append(Span(start, end, mark))

    def masked(self) -> str:
        """Return the sentence with each particular as one mark."""
        return "".join(self._pieces())

    def _pieces(self) -> Iterator[str]:
        at = 0
        for span in sorted(self.spans, key=lambda span: span.start):
            yield self.open[at : span.start]
            yield span.mark
            at = span.end
        yield self.open[at:]

"""What a PDF is made of, however it is nested, packed or left over."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf

MOST_OBJECTS = 100_000
"""A scan of a hundred pages has about a thousand."""


def dictionaries(document: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Yield every dictionary and stream of the document.

    The trailer's own entries are among them: a catalogue may stand in it without an object of its own.
    """
    found: list[pikepdf.Object] = [*document.objects, document.trailer]
    while found:
        part = found.pop()
        within: list[object] = []
        if isinstance(part, (pikepdf.Dictionary, pikepdf.Stream)):
            yield part
            within += [value for _, value in part.items()]
        elif isinstance(part, pikepdf.Array):
            within.extend(part)
        found += [one for one in within if isinstance(one, pikepdf.Object) and not one.is_indirect]

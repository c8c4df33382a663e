"""A freezer for tests of sending, apart from them so that a child process need not import a whole LINE."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from scheduler.freezing import Dropped, Frozen, Verdict
from storage.outbox_claims import Claimed, Now


class PlainFreezer:
    """Says to each person the text that stands in ``args``, or ``drop``'s reason; counts how often it was asked."""

    def __init__(self, *, broken: str = "") -> None:
        self.broken = broken
        self.asked = Counter[int]()

    def prepare(self, _session: Session, _rows: Sequence[Claimed], _now: Now) -> None:
        """Load nothing: ``args`` say everything."""

    def freeze(self, _session: Session, rows: Sequence[Claimed], _now: Now) -> Mapping[int, Verdict]:
        return {row.id: self._one(row) for row in rows}

    def _one(self, row: Claimed) -> Frozen | Dropped:
        self.asked[row.id] += 1
        text = row.args.get("text", f"{row.kind} {self.asked[row.id]}")
        if text == self.broken:
            raise ValueError(text)
        if "drop" in row.args:
            return Dropped(row.args["drop"])
        return Frozen(json.dumps([{"type": "text", "text": text}], ensure_ascii=False))

"""Finds projects by words of their name, however they are spelt, within a scope.

Names hardly ever change, so each process keeps those of a few ministries, normalised; what was found there is read
again within the asker's scope. Who sees the whole country is answered by the database, which knows only pieces of the
words as they are written. Needs no extension of PostgreSQL.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import LCSseq
from sqlalchemy import ColumnElement, case, func, literal, or_, select
from sqlalchemy.orm import Session

from domain.permissions import Sight, Visibility
from storage import shared_state
from storage.queries.scope import projects_in
from storage.reference import Reference
from storage.shared_state import StateKey
from storage.tables import Project

MOST_FOUND = 10
MINISTRIES_KEPT = 8
"""A ministry of 20,000 projects takes about 6 MB in each process."""
_MINISTRIES_SEARCHED = 3
_SHORTEST = 2
_ACCEPTED, _CLEAR, _AHEAD = 70.0, 80.0, 8.0
"""Scores out of 100: of what is shown at all, of what may be meant alone, and by how much it must lead then."""
_LETTERS_COMMON = 0.7
"""Share of the words' letters that a name must hold in their order to be looked at closely."""
_LOOKED_AT, _READ_AGAIN = 300, 40
_MOST_WORDS = 5
_PIECE = 5
_MOST_PIECES = 3
"""Each is looked for in every name of the country."""
_ONE_PIECE_LESS = 0.98
"""Words found apart weigh a little less than the same words found together."""

_UNWRITTEN = dict.fromkeys(map(ord, "\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e47\u0e46\u0e4e\u0e3a"))
"""Tone marks, silencers and repetition marks: what is most often left out or mistyped."""
_ARABIC = {0x0E50 + digit: str(digit) for digit in range(10)}
_TWO_AS_ONE = (("\u0e40\u0e40", "\u0e41"), ("\u0e4d\u0e32", "\u0e33"))
"""A vowel typed as two that look the same."""
_NO_LETTER = re.compile("[^0-9a-z\u0e01-\u0e4d]+")
_LATIN = re.compile("[A-Za-z]")
_PROJECT = "\u0e42\u0e04\u0e23\u0e07\u0e01\u0e32\u0e23"
"""The word for project, with which most names begin."""


@dataclass(frozen=True, slots=True)
class FoundProject:
    """A project whose name is like the words; ``unit`` is a code."""

    code: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, likeliest first, ten at most; ``is_clear``: the first alone may be meant."""

    projects: Sequence[FoundProject]
    is_clear: bool = False


def search_names(session: Session, reference: Reference, sight: Sight, words: str) -> Found:
    """Return the projects within ``sight`` whose names are like ``words``."""
    wanted = normalised(words)
    if len(wanted) < _SHORTEST or sight.is_blind:
        return Found(())
    ministries = _ministries(reference, sight)
    if ministries is None:
        candidates = _from_database(session, reference, sight, words)
    else:
        candidates = [
            found
            for ministry in ministries
            for found in _BOOK.names(session, reference, ministry).candidates(reference, sight, words)
        ]
    best = ranked(words, candidates)[:_READ_AGAIN]
    return _told(best, _read_again(session, reference, sight, [found.project_id for found in best]))


class Candidate(NamedTuple):
    """A project with its normalised name, and its likeness to the words once it is known."""

    project_id: int
    name: str
    score: float = 0.0


def normalised(text: str) -> str:
    """Return what of a name or of words is compared: letters and digits, without tone marks and the word «project»."""
    text = unicodedata.normalize("NFC", text).lower().translate(_ARABIC)
    for two, one in _TWO_AS_ONE:
        text = text.replace(two, one)
    return _NO_LETTER.sub("", text.translate(_UNWRITTEN)).removeprefix(_PROJECT)


def ranked(words: str, candidates: Iterable[Candidate]) -> Sequence[Candidate]:
    """Return the candidates that are like enough, likeliest first; of equals the shorter name."""
    whole, parts = normalised(words), _parts(words)
    scored = [candidate._replace(score=_likeness(whole, parts, candidate.name)) for candidate in candidates]
    accepted = [candidate for candidate in scored if candidate.score >= _ACCEPTED]
    return sorted(accepted, key=lambda c: (-round(c.score, 1), len(c.name), c.name, c.project_id))


def _likeness(whole: str, parts: Sequence[str], name: str) -> float:
    if whole == name:
        return 100.0 + _AHEAD
    together = fuzz.partial_ratio(whole, name)
    if len(parts) < 2:
        return together
    letters = sum(map(len, parts))
    apart = sum(len(part) * fuzz.partial_ratio(part, name) for part in parts) / letters
    return max(together, _ONE_PIECE_LESS * apart)


def _parts(words: str) -> Sequence[str]:
    """Return the words apart, as spaces part them; too many are no separate words but a sentence."""
    parts = [part for word in words.split() if (part := normalised(word))]
    return parts if len(parts) <= _MOST_WORDS else ()


def _told(best: Sequence[Candidate], visible: Mapping[int, FoundProject]) -> Found:
    seen = [candidate for candidate in best if candidate.project_id in visible]
    if not seen:
        return Found(())
    runner_up = seen[1].score if len(seen) > 1 else 0.0
    is_clear = seen[0].score >= _CLEAR and seen[0].score - runner_up >= _AHEAD
    return Found([visible[candidate.project_id] for candidate in seen[:MOST_FOUND]], is_clear)


def _read_again(
    session: Session, reference: Reference, sight: Sight, project_ids: Sequence[int]
) -> Mapping[int, FoundProject]:
    """Return those of the projects that the database lets the asker see."""
    if not project_ids:
        return {}
    owners = set(session.scalars(select(Project.unit_id).where(Project.id.in_(project_ids))))
    narrow = sight.within([reference.unit_codes[owner] for owner in owners])
    query = select(Project.id, Project.code, Project.name, Project.unit_id).where(
        Project.id.in_(project_ids), projects_in(narrow, reference.unit_ids)
    )
    return {
        project_id: FoundProject(code, name, reference.unit_codes[unit])
        for project_id, code, name, unit in session.execute(query)
    }


def _ministries(reference: Reference, sight: Sight) -> Collection[str] | None:
    """Return the ministries to look through; None: too many to keep their names."""
    if sight.is_countrywide:
        return None
    ministries = {reference.rules.organisation.ministry_of(unit) for unit in sight.units}
    return ministries if len(ministries) <= _MINISTRIES_SEARCHED else None


class _Names:
    """The names of one ministry's projects."""

    def __init__(self, rows: Iterable[tuple[int, int, str, int]]) -> None:
        self._ids: list[int] = []
        self._names: list[str] = []
        self._official: list[bool] = []
        self._of_unit: dict[int, list[int]] = defaultdict(list)
        for place, (project_id, unit, name, official_version) in enumerate(rows):
            self._ids.append(project_id)
            self._names.append(normalised(name))
            self._official.append(official_version > 0)
            self._of_unit[unit].append(place)

    def candidates(self, reference: Reference, sight: Sight, words: str) -> Sequence[Candidate]:
        """Return the projects that are worth a closer look, of units that the asker sees anything of."""
        places = list(self._visible(reference, sight))
        names = [self._names[place] for place in places]
        return [Candidate(self._ids[places[at]], names[at]) for at in _promising(words, names)]

    def _visible(self, reference: Reference, sight: Sight) -> Iterable[int]:
        for unit, places in self._of_unit.items():
            visibility = sight.of(reference.unit_codes[unit])
            if visibility >= Visibility.STEP:
                yield from places
            elif visibility is Visibility.APPROVED:
                yield from (place for place in places if self._official[place])


def _promising(words: str, names: Sequence[str]) -> Collection[int]:
    """Return which names hold the words, or else most of their letters in order, together or word by word."""
    whole, parts = normalised(words), _parts(words)
    found = [at for at, name in enumerate(names) if whole in name]
    if len(parts) > 1:
        found += [at for at, name in enumerate(names) if all(part in name for part in parts)]
    if not found:
        found = [at for part in (whole, *(parts if len(parts) > 1 else ())) for at in _with_letters_of(part, names)]
    return list(dict.fromkeys(found))[:_LOOKED_AT]


def _with_letters_of(part: str, names: Sequence[str]) -> Iterable[int]:
    least = max(_SHORTEST, round(_LETTERS_COMMON * len(part)))
    alike = process.extract(part, names, scorer=LCSseq.similarity, score_cutoff=least, limit=_LOOKED_AT)
    return [at for _, _, at in alike]


class _NameBook:
    """The names of the ministries that were asked about last; safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reference: Reference | None = None
        self._version: str | None = None
        self._kept: OrderedDict[str, _Names] = OrderedDict()

    def names(self, session: Session, reference: Reference, ministry: str) -> _Names:
        """Return the names of a ministry, read anew after every change of reference data or of projects."""
        version = shared_state.get(session, StateKey.PROJECTS_VERSION)
        with self._lock:
            if self._reference is not reference or self._version != version:
                self._reference, self._version = reference, version
                self._kept.clear()
            if ministry not in self._kept:
                self._kept[ministry] = _load(session, reference, ministry)
            self._kept.move_to_end(ministry)
            while len(self._kept) > MINISTRIES_KEPT:
                self._kept.popitem(last=False)
            return self._kept[ministry]


_BOOK = _NameBook()


def _load(session: Session, reference: Reference, ministry: str) -> _Names:
    units = sorted(reference.unit_ids[unit] for unit in reference.rules.organisation.below(ministry))
    query = select(Project.id, Project.unit_id, Project.name, Project.official_version)
    return _Names(session.execute(query.where(Project.unit_id.in_(units))))


def _from_database(session: Session, reference: Reference, sight: Sight, words: str) -> Sequence[Candidate]:
    """Return the projects whose names hold most pieces of the words as they are written."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    holds = [_holds(piece, func.instr if is_sqlite else func.strpos) for piece in _pieces(words)]
    held: ColumnElement[int] = sum((case((one, 1), else_=0) for one in holds), start=literal(0))
    query = (
        select(Project.id, Project.name)
        .where(or_(*holds), projects_in(sight, reference.unit_ids))
        .order_by(held.desc(), Project.id)
        .limit(_LOOKED_AT)
    )
    return [Candidate(project_id, normalised(name)) for project_id, name in session.execute(query)]


def _holds(piece: str, position: Callable[..., ColumnElement[int]]) -> ColumnElement[bool]:
    """Return the condition that a name holds the piece; ``position`` is several times as fast as LIKE."""
    if _LATIN.search(piece):
        return position(func.lower(Project.name), piece.lower()) > 0
    return position(Project.name, piece) > 0


def _pieces(words: str) -> Sequence[str]:
    """Return pieces of the words that a name is looked for; a misspelling spoils but the piece that it is in."""
    plain = [word.removeprefix(_PROJECT) or word for word in words.translate(_ARABIC).split()]
    pieces = [word[at : at + _PIECE] for word in plain for at in range(0, max(1, len(word) - _PIECE + 1), _PIECE)]
    apart = max(1, len(pieces) // _MOST_PIECES)
    return list(dict.fromkeys(pieces[::apart]))[:_MOST_PIECES]

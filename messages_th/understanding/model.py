"""The trained judge of intents: a linear model, read from ``model.json`` when the first sentence comes."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from messages_th.understanding.features import features, share_of_each
from messages_th.understanding.intents import Intent

FILE = Path(__file__).with_name("model.json")
_LEARNT_FROM = ("sentences/train/*.txt", "sentences/agencies.txt", "lexicon/*.txt", "*.py")
_NOT_LEARNT_FROM = frozenset({"follow_ups.py", "wishes.py", "model.py", "__init__.py"})


@dataclass(frozen=True, slots=True)
class Model:
    """Weights in hundredths for every intent, by feature; ``steepness`` makes scores probabilities."""

    intents: Sequence[Intent]
    bias: Sequence[int]
    weights: Mapping[str, Sequence[int]]
    steepness: float
    familiar: frozenset[str]

    def likelihoods(self, readable: str) -> list[tuple[Intent, float]]:
        """Return every intent with its probability, likeliest first."""
        scores = [float(value) for value in self.bias]
        for group in features(readable, self.familiar):
            known = [self.weights[name] for name in group if name in self.weights]
            share = share_of_each(group)
            for index, total in enumerate(map(sum, zip(*known, strict=True))):
                scores[index] += share * total
        highest = max(scores)
        shares = [math.exp(self.steepness * (score - highest) / 100) for score in scores]
        all_shares = sum(shares)
        found = [(intent, share / all_shares) for intent, share in zip(self.intents, shares, strict=True)]
        return sorted(found, key=lambda pair: -pair[1])


@cache
def trained() -> Model:
    """Return the model of ``make train``."""
    return read(json.loads(FILE.read_text(encoding="utf-8")))


def read(stored: Mapping[str, Any]) -> Model:
    """Return the model that was stored like this."""
    return Model(
        intents=[Intent(name) for name in stored["intents"]],
        bias=stored["bias"],
        weights=stored["weights"],
        steepness=stored["steepness"],
        familiar=frozenset(stored["familiar"]),
    )


def fingerprint() -> str:
    """Return what the model was, or would be, learnt from: the sentences, and the code that reads them."""
    digest = hashlib.sha256()
    folder = FILE.parent
    for path in sorted(path for pattern in _LEARNT_FROM for path in folder.glob(pattern)):
        if path.name not in _NOT_LEARNT_FROM:
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()

"""``make train``: learns ``model.json`` from ``sentences/train``. Needs scikit-learn; nothing else does.

The same sentences give the same model: nothing is drawn by lot, all is sorted, weights are rounded. Another processor
may round a weight to its neighbour, no more.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sklearn.feature_extraction import DictVectorizer
from sklearn.svm import LinearSVC

from messages_th.understanding.features import features, share_of_each, trigrams
from messages_th.understanding.intents import Intent
from messages_th.understanding.model import FILE, fingerprint
from messages_th.understanding.normalise import normalised
from messages_th.understanding.particulars import particulars
from messages_th.understanding.sentences import Example, agency_names, examples
from messages_th.understanding.spellings import readable

STEEPNESS = 3.0
"""How fast likelihood grows with the score: chosen so that a confidence of 0.8 is right four times of five."""

_SEEN_OFTEN_ENOUGH = 2
"""Sentences that must hold a feature: what one sentence alone holds teaches only that sentence."""

_PATTERNS_OF_THE_FAMILIAR = 2
"""Patterns in scope that must share a stretch of letters: otherwise whatever one of them holds would look familiar."""


def main() -> None:
    """Learn and write the model."""
    FILE.write_text(stored(model_of(list(examples("train")))), encoding="utf-8")


def stored(model: Mapping[str, Any]) -> str:
    """Return the text of ``model.json``."""
    return json.dumps(model, ensure_ascii=False, separators=(",", ":")) + "\n"


def model_of(taught: Sequence[Example]) -> Mapping[str, Any]:
    """Return the model that these sentences teach, as it is stored."""
    names = agency_names()
    texts = [readable(particulars(normalised(one.utterance), names).sentence.masked()) for one in taught]
    familiar = _familiar(taught, texts)
    seen = [{name: share_of_each(group) for group in features(text, familiar) for name in group} for text in texts]
    often = {
        name for name, count in Counter(name for row in seen for name in row).items() if count >= _SEEN_OFTEN_ENOUGH
    }
    vectors = DictVectorizer(sort=True)
    table = vectors.fit_transform([{name: value for name, value in row.items() if name in often} for row in seen])
    table.indices, table.indptr = (
        table.indices.astype("int32"),
        table.indptr.astype("int32"),
    )  # all that liblinear takes
    meant = [one.intent.value for one in taught]
    judge = LinearSVC(C=2.0, class_weight=_weights(meant), random_state=0, max_iter=10_000).fit(table, meant)
    hundredths = (judge.coef_ * 100).round().astype(int).T.tolist()
    named = zip(vectors.feature_names_, hundredths, strict=True)
    return {
        "learnt_from": fingerprint(),
        "steepness": STEEPNESS,
        "intents": judge.classes_.tolist(),
        "bias": (judge.intercept_ * 100).round().astype(int).tolist(),
        "familiar": sorted(familiar),
        "weights": {name: weights for name, weights in named if any(weights)},
    }


def _weights(meant: Sequence[str]) -> Mapping[str, float]:
    """Return what a sentence of each intent weighs: the more there are of an intent, the less each."""
    counts = Counter(meant)
    return {intent: (len(meant) / len(counts) / count) ** 0.5 for intent, count in counts.items()}


def _familiar(taught: Sequence[Example], texts: Sequence[str]) -> frozenset[str]:
    """Return the trigrams that sentences in scope share across patterns."""
    patterns: dict[str, set[str]] = defaultdict(set)
    for one, text in zip(taught, texts, strict=True):
        if one.intent is not Intent.OUT_OF_SCOPE:
            for gram in trigrams(text):
                patterns[gram].add(one.pattern)
    return frozenset(gram for gram, found in patterns.items() if len(found) >= _PATTERNS_OF_THE_FAMILIAR)


if __name__ == "__main__":
    main()

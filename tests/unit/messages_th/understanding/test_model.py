"""The model: learnt from what lies beside it, judged by what it never saw."""

import ast
import json
from pathlib import Path

import messages_th.understanding
from messages_th.understanding import understand
from messages_th.understanding.intents import Intent
from messages_th.understanding.model import FILE, fingerprint, read, trained
from messages_th.understanding.normalise import normalised
from messages_th.understanding.particulars import particulars
from messages_th.understanding.sentences import agency_names, examples
from messages_th.understanding.spellings import readable
from messages_th.understanding.training import model_of

NAMES = agency_names()
TAUGHT, KEPT_APART = list(examples("train")), list(examples("test"))
ROUNDING = 2
"""Hundredths by which a weight may differ."""


def test_the_model_is_not_stale() -> None:
    """After a change of sentences, or of how they are read: make train."""
    assert f'"learnt_from":"{fingerprint()}"' in FILE.read_text(encoding="utf-8")


def test_training_again_gives_the_same_model_but_for_the_rounding_of_another_processor() -> None:
    kept, again = json.loads(FILE.read_text(encoding="utf-8")), model_of(TAUGHT)
    for exact in ("learnt_from", "steepness", "intents", "familiar"):
        assert again[exact] == kept[exact]
    nothing = [0] * len(kept["intents"])
    names = ["", *(again["weights"].keys() | kept["weights"].keys())]
    for name in names:
        before, after = (m["weights"].get(name, nothing) if name else m["bias"] for m in (kept, again))
        assert max(abs(one - other) for one, other in zip(before, after, strict=True)) <= ROUNDING, name


def test_a_model_that_was_trained_again_judges_alike() -> None:
    again = read(model_of(TAUGHT))
    for one in TAUGHT + KEPT_APART:
        text = readable(particulars(normalised(one.utterance), NAMES).sentence.masked())
        assert again.likelihoods(text)[0][0] is trained().likelihoods(text)[0][0], one.utterance


def test_the_model_judges_every_intent() -> None:
    assert sorted(trained().intents) == sorted(Intent)


def test_no_pattern_and_no_sentence_is_both_taught_and_judged_by() -> None:
    assert {one.pattern for one in TAUGHT}.isdisjoint(one.pattern for one in KEPT_APART)
    assert {_letters(one.utterance) for one in TAUGHT}.isdisjoint(_letters(one.utterance) for one in KEPT_APART)


def _letters(utterance: str) -> str:
    return normalised(utterance).replace(" ", "").lower()


def test_enough_sentences_were_collected() -> None:
    assert len({_letters(one.utterance) for one in TAUGHT + KEPT_APART}) >= 600


def test_sentences_that_nobody_trained_on_are_understood() -> None:
    judged = [(one, understand(one.utterance, NAMES)) for one in KEPT_APART]
    asked = [(one, found) for one, found in judged if one.intent is not Intent.OUT_OF_SCOPE]
    foreign = [found for one, found in judged if one.intent is Intent.OUT_OF_SCOPE]
    assert sum(found.intent is one.intent for one, found in asked) >= 0.95 * len(asked)
    assert sum(found.slots == one.slots for one, found in asked) >= 0.92 * len(asked)
    assert sum(found.intent not in (None, Intent.OUT_OF_SCOPE) for found in foreign) <= 0.05 * len(foreign)


def test_what_runs_needs_no_machine_learning_library() -> None:
    folder = Path(messages_th.understanding.__file__).parent
    importing = {
        path.name
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sklearn")
    }
    assert importing == {"training.py"}

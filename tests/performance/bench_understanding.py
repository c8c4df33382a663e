"""How well sentences are understood that nobody trained on, and how fast."""

from __future__ import annotations

import time

from messages_th.understanding import understand
from messages_th.understanding.intents import Intent
from messages_th.understanding.sentences import agency_names, examples

INTENT_RIGHT, SLOTS_RIGHT, FOREIGN_ANSWERED = 0.95, 0.92, 0.05
MILLISECONDS = 2.0
_ROUNDS = 3


def run() -> None:
    """Print the figures of the test set, which shares no pattern with what the model learnt from."""
    names = agency_names()
    judged = [(example, understand(example.utterance, names)) for example in examples("test")]
    asked = [(example, found) for example, found in judged if example.intent is not Intent.OUT_OF_SCOPE]
    foreign = [found for example, found in judged if example.intent is Intent.OUT_OF_SCOPE]
    right = sum(found.intent is example.intent for example, found in asked) / len(asked)
    slots = sum(found.slots == example.slots for example, found in asked) / len(asked)
    answered = sum(found.intent not in (None, Intent.OUT_OF_SCOPE) for found in foreign) / len(foreign)
    started = time.perf_counter()
    for _ in range(_ROUNDS):
        for example, _found in judged:
            understand(example.utterance, names)
    took = (time.perf_counter() - started) / (_ROUNDS * len(judged)) * 1000
    print(
        f"{len(asked)} sentences in scope: intent right {right:.1%} (limit {INTENT_RIGHT:.0%}), "
        f"all slots right {slots:.1%} (limit {SLOTS_RIGHT:.0%})\n"
        f"{len(foreign)} out of scope: answered wrongly {answered:.1%} (limit {FOREIGN_ANSWERED:.0%})\n"
        f"{took:.2f} ms a sentence = {took / MILLISECONDS:.2f} × the limit of {MILLISECONDS:g} ms"
    )

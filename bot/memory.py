"""How Python's garbage collector runs in our processes."""

from __future__ import annotations

import gc


def collect_less_often() -> None:
    """Let the cyclic collector look at new objects every 100,000 allocations instead of every 700.

    Planning a country's reminders makes millions of objects that live until the plan is done; looking through them over
    and over took a third of its time. Reference counting frees what is not in a cycle at once, as ever.
    """
    gc.set_threshold(100_000, 20, 20)

"""How long the demo's time machine takes for a fiscal year of one ministry, with all processes on this machine."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.demo_process import demo

LIMIT_SECONDS = 60.0
_LOOK_SECONDS = 0.2


def run() -> None:
    """Print how long October to October takes at full speed."""
    with demo("--from", "2565-10-01") as running:
        address = running.opens()
        while _asked(address) is None:
            time.sleep(_LOOK_SECONDS)
        started = time.perf_counter()
        _asked(address, "/play", {"speed": "max"})
        while (standing := _asked(address))["activity"] != "standing":
            time.sleep(_LOOK_SECONDS)
        took = time.perf_counter() - started
        people, calls = (_read(f"{address}/sim/{name}") for name in ("people", "calls"))
    assert standing["now"].startswith("2023-11-01"), standing
    sent = sum(call["path"].endswith("/push") for call in calls)
    print(
        f"a fiscal year of one ministry with {len(people)} phones, {sent:,} messages: "
        f"{took:.1f} s = {took / LIMIT_SECONDS:.2f} × the limit of {LIMIT_SECONDS:g} s"
    )


def _asked(address: str, path: str = "", body: object = None) -> Any:
    """Return what the time machine answers; None while it knows no bot."""
    raw = json.dumps(body).encode() if path else None
    try:
        return _read(Request(f"{address}/sim/time{path}", raw, {"Content-Type": "application/json"}))
    except HTTPError as refusal:
        if refusal.code != 404:
            raise
        return None


def _read(request: str | Request) -> Any:
    with urlopen(request, timeout=30) as answer:
        return json.load(answer)

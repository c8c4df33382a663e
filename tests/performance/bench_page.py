"""How soon a tapped button of a digest answers on the demo's page: browser, simulator and bot on this machine."""

from __future__ import annotations

import time
from statistics import quantiles

from playwright.sync_api import Page, expect

from bot.demo.ministry import line_user_id
from tests.chromium import chromium
from tests.demo_process import demo

LIMIT = 300
"""Milliseconds, 95th percentile."""
TIMES, WARM_UP = 30, 3
OFFICER = "P017"
PATIENCE = 120_000
"""Milliseconds until the digest is there."""
_PAUSE_SECONDS = 1.2
"""Between taps: the bot answers one person once a second, in the long run."""

TAP = """
(chat) => new Promise((done) => {
  const lines = () => [...chat.querySelectorAll(".line:not(.own)")].map((line) => line.id);
  const known = new Set(lines());
  const button = chat.querySelector(".bubble button[data-action]");
  const started = performance.now();
  new MutationObserver((_, watch) => {
    if (lines().every((line) => known.has(line))) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - started)));
  }).observe(chat, { childList: true, subtree: true });
  button.click();
})
"""


def run() -> None:
    """Print how long the page takes from a tap until the answer is painted."""
    with demo() as running, chromium() as browser:
        address = running.opens()
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{address}/?u={line_user_id(OFFICER)}")
        expect(page.locator(".bubble button[data-action]").first).to_be_visible(timeout=PATIENCE)
        taken = [_tap(page) for _ in range(WARM_UP + TIMES)][WARM_UP:]
    median, p95 = quantiles(taken, n=2)[0], quantiles(taken, n=20)[-1]
    print(
        f"{TIMES} taps on a button of a digest, until the answer is painted: median {median:.0f} ms, p95 {p95:.0f} ms "
        f"= {p95 / LIMIT:.2f} × the limit of {LIMIT} ms"
    )


def _tap(page: Page) -> float:
    time.sleep(_PAUSE_SECONDS)
    milliseconds: float = page.get_by_role("log").evaluate(TAP)
    return milliseconds


if __name__ == "__main__":
    run()

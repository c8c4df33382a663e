"""What axe-core finds wrong on a page for people who see, hear or move differently."""

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

SERIOUS = frozenset({"serious", "critical"})


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def serious_findings(page: Page, within: str = "html") -> list[str]:
    """Return what is seriously or critically wrong on the page as it is shown now: a line each, naming the element.

    ``within``: what is looked at (CSS selector).

    The page keeps its Content-Security-Policy: the browser is told to evaluate axe, no script is added to the page.
    """
    page.evaluate(_axe())
    found: dict[str, Any] = page.evaluate("within => axe.run(within, { resultTypes: ['violations'] })", within)
    return [
        f"{violation['impact']} {violation['id']}: {violation['help']} – {node['html']}"
        for violation in found["violations"]
        if violation["impact"] in SERIOUS
        for node in violation["nodes"]
    ]


def in_order(page: Page) -> None:
    """Check that nobody is kept out by how the page is made, and that it fits the screen."""
    assert serious_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

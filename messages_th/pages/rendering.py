"""Renders HTML: every value is escaped, by construction, and a value that is missing is an error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def page(template: str, **values: Any) -> str:
    """Return a page of this folder: ``page("notice.html.j2", title=…, lines=…)``."""
    return _PAGES.get_template(template).render(**values)


def load_assets_from(address: Callable[[str], str]) -> None:
    """Let pages load styles and scripts from ``address("style.css")``: templates say ``asset("style.css")``."""
    _PAGES.globals["asset"] = address


load_assets_from("/w/{}".format)

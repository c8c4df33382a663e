"""Styles and scripts of the pages, at addresses that tell their version: a phone loads each version once."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from flask import Blueprint, Response, request

from messages_th.pages.rendering import load_assets_from

_KINDS = {"css": "text/css", "js": "text/javascript"}
_IMPORT = re.compile(r'(?<=from ")\./(\w+\.js)(?=";)')
_FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _Asset:
    content: bytes
    version: str


def add_assets(blueprint: Blueprint) -> None:
    """Serve every style and script of this folder below ``/w/``, and let pages load them by their versions.

    What is asked for without its version, or by another one, is as it is now and kept by nobody.
    """
    for name in sorted(file.name for file in files("bot.pages").iterdir()):
        if name.rpartition(".")[2] in _KINDS:
            _asset(name)  # read at the start, not while somebody waits
            blueprint.add_url_rule(f"/w/{name}", f"asset_{name.replace('.', '_')}", _serve, defaults={"name": name})
    load_assets_from(_address)


def _serve(name: str) -> Response:
    asset = _asset(name)
    response = Response(asset.content, mimetype=_KINDS[name.rpartition(".")[2]])
    if request.args.get("v") == asset.version:
        response.headers["Cache-Control"] = _FOR_GOOD
    return response


def _address(name: str) -> str:
    return f"/w/{name}?v={_asset(name).version}"


@cache
def _asset(name: str) -> _Asset:
    """Return a file with its modules imported by their versions, so that its own changes when one of theirs does."""
    text = files("bot.pages").joinpath(name).read_text(encoding="utf-8")
    content = _IMPORT.sub(lambda found: _address(found[1]), text).encode()
    return _Asset(content, hashlib.sha256(content).hexdigest()[:16])

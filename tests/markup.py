"""What a strict Content-Security-Policy would not let through in a page, and where its forms go."""

from html.parser import HTMLParser

_RUNS_OR_LOADS = {"script": "src", "link": "href", "img": "src", "iframe": "src", "object": "data", "embed": "src"}
_SCHEMES = ("javascript:", "data:")


class Markup(HTMLParser):
    """Reads a page; ``offences`` says what is inline or comes from elsewhere, ``actions`` where forms are sent."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.offences: list[str] = []
        self.actions: list[str] = []
        self._within = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._within = tag if tag in {"script", "style"} else ""
        self.offences += [f"<{tag} {name}>" for name in given if name == "style" or name.startswith("on")]
        self.offences += [tag] if tag in {"style", "base", "iframe", "object", "embed"} else []
        self.offences += [f"<{tag} {v}>" for v in given.values() if v.strip().lower().startswith(_SCHEMES)]
        source = given.get(_RUNS_OR_LOADS.get(tag, ""), "/w/")
        if not source.startswith("/w/"):
            self.offences.append(f"<{tag} {source}>")
        if tag == "form":
            self.actions.append(given.get("action", ""))

    def handle_endtag(self, _tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within and data.strip():
            self.offences.append(f"<{self._within}>{data.strip()[:40]}")

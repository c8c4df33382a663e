"""Official letters as PDFs: looked through for what acts, and kept byte by byte, for they may be signed.

Run it through ``apart``, for files may be hostile. Names are those of PDF 32000-1:2008.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from types import MappingProxyType

import pikepdf

from domain.circulars.letters import LetterFault, LetterRefused, check_size
from storage.untrusted_files.pdf_parts import MOST_OBJECTS, dictionaries

_BEGINNING = b"%PDF-"

_KEYS: Mapping[str, LetterFault] = MappingProxyType(
    {
        "/JS": LetterFault.SCRIPT,
        "/JavaScript": LetterFault.SCRIPT,
        "/XFA": LetterFault.SCRIPT,  # a form in XML, with scripts of its own
        "/EF": LetterFault.HOLDS_FILES,
        "/EmbeddedFiles": LetterFault.HOLDS_FILES,
    }
)
_ACTIONS: Mapping[str, LetterFault] = MappingProxyType(
    {
        "/JavaScript": LetterFault.SCRIPT,
        **dict.fromkeys(
            (
                "/Launch", "/GoToR", "/GoToE", "/SubmitForm", "/ImportData", "/Rendition", "/RichMediaExecute",
                "/Movie", "/Sound",
            ),
            LetterFault.LAUNCHES,
        ),
    }
)  # fmt: skip
"""By ``/S``; going to a page, following a link to the web and what merely shows or hides are no concern."""
_PARTS: Mapping[str, LetterFault] = MappingProxyType(
    {
        "/EmbeddedFile": LetterFault.HOLDS_FILES,
        "/FileAttachment": LetterFault.HOLDS_FILES,
        **dict.fromkeys(("/RichMedia", "/Screen", "/3D", "/Movie", "/Sound"), LetterFault.LAUNCHES),
    }
)
"""By ``/Type`` or ``/Subtype``."""

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_UNREAD = dict.fromkeys(range(0x21))
"""Blanks and what steers: browsers drop some of it from addresses, so that ``java\\tscript:`` is a script to them."""
_OF_A_NETWORK = re.compile(r"[/\\]{2}")
_OF_THE_WEB = frozenset({"http", "https", "mailto", "tel"})
_MOST_IN_A_ROW = 100
"""Actions that follow each other; they may do so in a circle."""


def check_letter(content: bytes) -> None:
    """Check that a file is a PDF in which nothing acts; links to the web and signatures may be there.

    What cannot be read without guessing is refused: another program might guess otherwise and find what acts.

    Raises:
        LetterRefused: it is empty, too large, no PDF by content, encrypted, damaged, or has more parts than a document
            of its size; it holds scripts or other files, or starts, opens or sends something.
    """
    check_size(len(content))
    if not content.startswith(_BEGINNING):
        raise LetterRefused(LetterFault.NOT_PDF)
    try:
        with pikepdf.open(BytesIO(content), attempt_recovery=False, suppress_warnings=True) as document:
            _check(document)
    except pikepdf.PasswordError as error:
        raise LetterRefused(LetterFault.LOCKED) from error
    except (pikepdf.PikepdfError, ValueError) as error:
        raise LetterRefused(LetterFault.BROKEN) from error


def _check(document: pikepdf.Pdf) -> None:
    if document.is_encrypted:
        raise LetterRefused(LetterFault.LOCKED)
    document.get_warnings()  # those of opening are of trifles, such as a blank page without resources
    if len(document.objects) > MOST_OBJECTS:
        raise LetterRefused(LetterFault.TOO_DEMANDING)
    for part in dictionaries(document):
        for fault in _faults(part):
            raise LetterRefused(fault)
    if document.get_warnings() or not len(document.pages):
        raise LetterRefused(LetterFault.BROKEN)


def _faults(part: pikepdf.Object) -> Iterator[LetterFault]:
    """Yield what is wrong with a dictionary or stream."""
    yield from (fault for key, fault in _KEYS.items() if key in part)
    for key, faults in (("/S", _ACTIONS), ("/Type", _PARTS), ("/Subtype", _PARTS)):
        if (fault := faults.get(_name(part, key))) is not None:
            yield fault
    if _leads_to_a_file(part):
        yield LetterFault.LAUNCHES
    yield from (fault for key in ("/URI", "/Base") if (fault := _fault_of_address(part.get(key))) is not None)
    if any(_name(action, "/S") == "/URI" for action in _by_itself(part)):
        yield LetterFault.LAUNCHES


def _name(part: pikepdf.Object, key: str) -> str:
    value = part.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""


def _leads_to_a_file(part: pikepdf.Object) -> bool:
    """Tell whether a stream's data, the page that it shows or the text that an action leads to are in another file."""
    if isinstance(part, pikepdf.Stream):
        return "/F" in part or "/Ref" in part
    return "/F" in part and _name(part, "/S") == "/Thread"


def _fault_of_address(address: object) -> LetterFault | None:
    """Return what is wrong with an address that leads elsewhere than to the web; None: nothing, or it is none."""
    if not isinstance(address, pikepdf.String):
        return None
    text = str(address).translate(_UNREAD)
    scheme = found.group(1).lower() if (found := _SCHEME.match(text)) else ""
    if scheme == "javascript":
        return LetterFault.SCRIPT
    is_harmless = scheme in _OF_THE_WEB if scheme else _OF_A_NETWORK.match(text) is None
    return None if is_harmless else LetterFault.LAUNCHES


def _by_itself(part: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Yield the actions that happen without anybody's tap when what the part describes is opened, shown or left."""
    occasions = part.get("/AA")
    begun = [value for _, value in occasions.items()] if isinstance(occasions, pikepdf.Dictionary) else []
    waiting = [*begun, part.get("/OpenAction")]
    for _ in range(_MOST_IN_A_ROW):
        if not waiting:
            return
        action = waiting.pop()
        if isinstance(action, pikepdf.Array):
            waiting.extend(one for one in action if isinstance(one, pikepdf.Dictionary))
        elif isinstance(action, pikepdf.Dictionary):
            yield action
            waiting.append(action.get("/Next"))

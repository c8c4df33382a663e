"""PDFs of circulars in tests, made on the spot."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf


def letter_pdf(
    words: str = "", change: Callable[[pikepdf.Pdf], object] = lambda _: None, pages: int = 1, **how: Any
) -> bytes:
    """A PDF of a page, or of more; other ``words`` are another file, the same ones the same.

    ``change`` may add to it, ``how`` says how it is saved.
    """
    pdf = pikepdf.new()
    for _ in range(pages):
        page = pdf.add_blank_page()
        page.Contents = pikepdf.Stream(pdf, b"% " + words.encode())
    change(pdf)
    file = BytesIO()
    pdf.save(file, deterministic_id="encryption" not in how, **how)
    return file.getvalue()

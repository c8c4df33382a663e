"""How the name of a file is shown."""

import pytest

from domain.evidence import display_name


@pytest.mark.parametrize(
    ("given", "shown"),
    (
        ("ภาพถ่าย ๑.jpg", "ภาพถ่าย ๑.jpg"),
        (r"C:\Users\somchai\Desktop\งาน.pdf", "งาน.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\x00b\r\nc\u200b.pdf", "ab c.pdf"),
        ("...", ""),
        ("", ""),
        ("ก" * 300 + ".jpeg", "ก" * 114 + "….jpeg"),
        ("ก" * 300, "ก" * 120),
        ("x." + "y" * 300, "x." + "y" * 118),
    ),
)
def test_a_file_name_is_shown_without_what_misleads(given: str, shown: str) -> None:
    assert display_name(given) == shown

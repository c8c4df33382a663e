"""The signature of a webhook is checked over its very bytes."""

import pytest

from bot.webhook import is_signed

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
BODY = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
SIGNATURE = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="


def test_the_signature_of_lines_own_example_is_right() -> None:
    assert is_signed(BODY, SIGNATURE, SECRET)


@pytest.mark.parametrize(
    ("body", "signature", "secret"),
    (
        pytest.param(BODY + b" ", SIGNATURE, SECRET, id="one byte more"),
        pytest.param(BODY, SIGNATURE.lower(), SECRET, id="another case"),
        pytest.param(BODY, SIGNATURE[:-1], SECRET, id="cut"),
        pytest.param(BODY, "", SECRET, id="none"),
        pytest.param(BODY, "ลายเซ็น", SECRET, id="not ASCII"),
        pytest.param(BODY, SIGNATURE, SECRET[::-1], id="another channel"),
    ),
)
def test_any_other_signature_is_wrong(body: bytes, signature: str, secret: str) -> None:
    assert not is_signed(body, signature, secret)

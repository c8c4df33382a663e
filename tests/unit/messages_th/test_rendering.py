import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined, UndefinedError
from markupsafe import Markup

from messages_th import rendering

NASTY = [
    'ชื่อ "ในเครื่องหมาย" \\ และ \\n',
    "สอง\nบรรทัด\r\nกับแท็บ\t",
    "{{ 7 * 7 }} {% raw %} {# #}",
    "<b>หนา</b> & <script>alert(1)</script>",
    "😀 👩‍👩‍👧‍👦",
    "\u2028\u2029\x00\x1f\x7f\x85",
    '","type":"image","url":"https://example.com',
    "",
]

_SNIPPET = rendering._CARDS.from_string(
    """
    {% macro text(value, note="") %}
    { "type": "text", "text": "{{ value }}" {% if note %}, "note": "ก ข {{ note }} ค" {% endif %} }
    {% endmacro %}
    { "contents": [ {{ text(value) }}, {{ text("~ " ~ value, note=value) }} ] }
    """
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Messages of the test's own in place of the real ones."""
    for name in ("_CARDS", "_TEXTS"):
        real: Environment = getattr(rendering, name)
        monkeypatch.setattr(rendering, name, real.overlay(loader=FileSystemLoader(tmp_path)))
    (tmp_path / "greeting").mkdir()
    return tmp_path / "greeting"


@pytest.mark.parametrize("value", NASTY)
def test_a_value_survives_in_a_card_whatever_is_in_it(value: str) -> None:
    assert json.loads(_SNIPPET.render(value=value)) == {
        "contents": [
            {"type": "text", "text": value},
            {"type": "text", "text": f"~ {value}", **({"note": f"ก ข {value} ค"} if value else {})},
        ]
    }


@given(st.text())
def test_any_text_at_all_survives_in_a_card(value: str) -> None:
    first: dict[str, Any] = json.loads(_SNIPPET.render(value=value))["contents"][0]
    assert first == {"type": "text", "text": value}


def test_a_card_is_compact_but_its_words_keep_their_spaces() -> None:
    assert _SNIPPET.render(value="ก ข").startswith('{"contents":[{"type":"text","text":"ก ข"},')


def test_a_message_is_an_array_of_one_with_its_alternative_text(folder: Path) -> None:
    (folder / "card.json.j2").write_text('{"type": "bubble", "hello": "{{ name }}"}', encoding="utf-8")
    (folder / "alt.txt.j2").write_text('สวัสดี "{{ name }}" <b>', encoding="utf-8")

    message = rendering.card("greeting", name='"ก"')

    assert message.alt == 'สวัสดี ""ก"" <b>'
    assert json.loads(message.body) == [
        {"type": "flex", "altText": message.alt, "contents": {"type": "bubble", "hello": '"ก"'}}
    ]


def test_a_text_message_is_not_escaped_twice(folder: Path) -> None:
    (folder / "text.txt.j2").write_text("{{ name }}\nบรรทัดสอง", encoding="utf-8")
    message = rendering.text("greeting", name='<b> & "ก"')
    assert json.loads(message.body) == [{"type": "text", "text": '<b> & "ก"\nบรรทัดสอง'}]


def test_long_texts_are_cut_where_line_would_refuse_them(folder: Path) -> None:
    (folder / "text.txt.j2").write_text("{{ name }}", encoding="utf-8")
    message = rendering.text("greeting", name="ที่" * 3000)
    (sent,) = json.loads(message.body)
    assert sent["text"].endswith("ที่…")
    assert len(sent["text"]) == 5000 - 1
    assert len(message.alt) <= rendering.ALT_TEXT_LENGTH


def test_a_missing_value_is_an_error_not_a_gap(folder: Path) -> None:
    (folder / "card.json.j2").write_text('{"hello": "{{ name }}"}', encoding="utf-8")
    (folder / "alt.txt.j2").write_text("ก", encoding="utf-8")
    with pytest.raises(UndefinedError):
        rendering.card("greeting")


def test_both_environments_are_strict() -> None:
    assert rendering._CARDS.undefined is rendering._TEXTS.undefined is StrictUndefined
    assert rendering._CARDS.autoescape is True


def test_text_that_is_safe_already_is_left_alone() -> None:
    assert rendering._inside_json_string(Markup('"a"')) == '"a"'

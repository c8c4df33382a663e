"""Cards on pages: whatever approval cards and letters use has its class, and only words and classes get through."""

import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot import pages
from domain.circulars.letters import Letter, Relation, Urgency
from messages_th.approval_card import Presses, approval_card
from messages_th.circulars.letter_card import Change, LetterView, letter_card
from messages_th.pages.flex import NotDrawn, drawn_card
from messages_th.rendering import Rendered
from tests.office import texts
from tests.unit.digest_samples import AT
from tests.unit.messages_th.test_approval_cards import FULL, LONG, PRESSES, SHORT, items

STYLES = (Path(pages.__file__).parent / "flex.css").read_text(encoding="utf-8")
CARDS = [
    approval_card(item, presses, AT, salutation)
    for item in items()
    for presses in (PRESSES, Presses("id1:9"), replace(PRESSES, answer="ia1:9", withdraw="wd1:9:1", trail="tr1:9:1"))
    for salutation in ("", "เรียน ท่านอธิบดี")
]
LETTERS = [
    letter_card(
        LetterView(
            letter=Letter("รง ๐๒๑๔/ว ๓", date(2023, 3, 20), urgency, f"<script>{LONG}", "ย่อหน้า\n\n" * 300),
            sender=LONG,
            files=files,
            acknowledge="kk1:9",
            open="kf1:9",
            relation=relation,
            about="ยกเลิกหนังสือ ที่ รง ๐๒๑๔/ว ๑",
            changes=[Change("รายงานความก้าวหน้า", "เดิม 1–18 เม.ย. 66", "ใหม่ 1–25 เม.ย. 66")] * 9,
        )
    )
    for urgency in Urgency
    for relation in (None, *Relation)
    for files in (0, 2)
]


class Elements(HTMLParser):
    """Gathers tags with their attributes, and the words between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(str(html))  # a piece of a Markup would be escaped again

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def classes(html: str) -> set[str]:
    return {one for _, attributes in Elements(html).tags for one in (attributes.get("class") or "").split()}


def test_every_card_can_be_drawn_and_every_class_has_its_rule() -> None:
    used = set().union(*(classes(drawn_card(card)) for card in CARDS))
    ruled = set(re.findall(r"\.(fx-[a-z0-9-]+)", STYLES))
    assert {"fx-bubble", "fx-bold", "fx-on-navy", "fx-primary", "fx-thin", "fx-share-5"} <= used
    assert used - ruled == set()


def test_a_page_says_every_word_of_the_card() -> None:
    for card in (*CARDS, *LETTERS):
        (flex,) = json.loads(card.body)
        shown = Elements(drawn_card(card)).words
        labels = re.findall(r'"label":"([^"]+)"', card.body)
        assert [words for words in (*texts(flex), *labels) if words not in shown] == []


def test_nothing_that_stands_in_a_report_is_markup() -> None:
    html = drawn_card(approval_card(replace(FULL, name=f"<script>{LONG}"), PRESSES, AT))
    found = Elements(html)
    assert {tag for tag, _ in found.tags} <= {"div", "p", "span", "hr", "svg"}
    assert {name for _, attributes in found.tags for name in attributes} <= {"class", "width", "aria-hidden"}
    assert "<script>" in found.words


def test_a_bar_is_as_long_as_its_share() -> None:
    bars = [
        attributes for tag, attributes in Elements(drawn_card(approval_card(SHORT, PRESSES, AT))).tags if tag == "svg"
    ]
    assert [bar["width"] for bar in bars] == ["45%"]


@pytest.mark.parametrize(
    ("ours", "other"),
    (
        ('"color":"#111111"', '"color":"#123456"'),
        ('"size":"md"', '"size":"xxl"'),
        ('"spacing":"md"', '"spacing":"31px"'),
        ('"type":"separator"', '"type":"image"'),
        ('"wrap":true', '"style":"italic"'),
    ),
)
def test_a_value_without_a_class_is_an_error_and_no_silent_loss(ours: str, other: str) -> None:
    card = approval_card(SHORT, PRESSES, AT)
    assert ours in card.body
    with pytest.raises(NotDrawn):
        drawn_card(Rendered(card.alt, card.body.replace(ours, other)))

"""Questions before a decision, answers and withdrawals are what LINE takes, whatever people type into them."""

import json
from datetime import UTC, datetime

import pytest

from domain.submissions import SubmissionKind
from messages_th import information as thai
from messages_th.information import About, GivenAnswer, Question
from messages_th.lengths import grapheme_length, utf16_length
from messages_th.quick_replies import with_quick_replies
from tests.office import texts
from tests.unit.digest_samples import DIRECTOR_GENERAL, NASTY, OFFICER, assert_line_takes

NOW = datetime(2023, 3, 20, 1, 30, tzinfo=UTC)
ABOUT = About("รง 0501-66-0003", NASTY * 20, "รายงานความก้าวหน้า ไตรมาส 1/2566 (ต.ค.–ธ.ค. 65)")
LONG_QUESTION = Question(NASTY * 20, NOW, (NASTY * 100)[:500])
LONG_ANSWER = (NASTY * 100)[:1000]


@pytest.mark.parametrize("kind", SubmissionKind)
def test_quick_choices_fill_the_keyboard_with_the_beginning_of_a_question(kind: SubmissionKind) -> None:
    replies = thai.beginnings(kind, "iq1:1:1:1")
    assert len({reply.label for reply in replies}) == len(replies) >= 3
    assert all(grapheme_length(reply.label) <= 20 for reply in replies)
    (message,) = json.loads(with_quick_replies(thai.ask(DIRECTOR_GENERAL, ABOUT, NASTY), replies).body)
    for item, reply in zip(message["quickReply"]["items"], replies, strict=True):
        keyboard = {"inputOption": "openKeyboard", "fillInText": reply.fills}
        assert item["action"] == {"type": "postback", "label": reply.label, "data": "iq1:1:1:1", **keyboard}


def test_the_longest_questions_and_answers_are_quoted_whole() -> None:
    given = GivenAnswer(NASTY * 20, NOW, LONG_ANSWER)
    told = (
        thai.asked(DIRECTOR_GENERAL, ABOUT, NASTY * 20, LONG_QUESTION.words, 1, is_reachable=False),
        thai.answer(OFFICER, ABOUT, LONG_QUESTION),
        thai.already_asked(DIRECTOR_GENERAL, ABOUT, LONG_QUESTION),
        thai.answer_again(OFFICER, ABOUT, LONG_QUESTION),
        thai.answered(OFFICER, ABOUT, LONG_QUESTION, LONG_ANSWER),
        thai.already_answered(OFFICER, ABOUT, LONG_QUESTION, given),
    )
    for message in told:
        (text,) = (one["text"] for one in json.loads(message.body))
        assert utf16_length(text) <= 5000
        assert " ".join(LONG_QUESTION.words.split()) in text
    assert " ".join(LONG_ANSWER.split()) in json.loads(told[-1].body)[0]["text"]


@pytest.mark.parametrize("about", (ABOUT, About("", "", "แผนระดับ 3 ปีงบประมาณ 2566")))
def test_what_is_to_be_confirmed_is_quoted_whole_with_whom_it_goes_to(about: About) -> None:
    ways = thai.Ways("ic1:1:1:1:abc", "iq1:1:1:1")
    cards = (
        thai.confirm_question(about, NASTY * 20, LONG_QUESTION.words, ways, NOW),
        thai.confirm_answer(about, LONG_QUESTION, LONG_ANSWER, ways, NOW),
    )
    for card, words in zip(cards, (LONG_QUESTION.words, LONG_ANSWER), strict=True):
        assert_line_takes(card)
        shown = texts(json.loads(card.body))
        assert any(f"“{' '.join(words.split())}”" in text for text in shown)
        assert any(text.startswith("ถึง ") for text in shown)
        assert about.matter in shown
        assert "ค่ะ" not in card.body


def test_executives_are_asked_without_a_particle_and_what_has_no_name_is_told_by_its_matter() -> None:
    plan = About("", "", "แผนระดับ 3 ปีงบประมาณ 2566")
    asking = json.loads(thai.ask(DIRECTOR_GENERAL, plan, "กสร.").body)[0]["text"]
    assert asking.startswith("แผนระดับ 3 ปีงบประมาณ 2566\n\nโปรดพิมพ์ข้อมูลที่ประสงค์ขอจากกสร.")
    assert "ค่ะ" not in asking
    assert "ค่ะ" in thai.ask(OFFICER, plan, "กสร.").body

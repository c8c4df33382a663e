"""Reminder cards are what LINE takes, whatever the names in them."""

import json

import pytest
from linebot.v3.messaging import FlexContainer, FlexMessage

from domain.reminders import Share, Step
from domain.windows import Occasion, WindowKind
from handlers.reminders import SnoozeReminder
from tests.unit.digest_samples import (
    AT,
    BLAMING,
    FORBIDDEN,
    OFFICER_STEPS,
    READERS,
    SNOOZE,
    all_topics,
    assert_line_takes,
    bubbles,
    buttons,
    components,
    contents,
    message,
    topic,
    words,
)


def test_every_step_kind_and_reader_makes_a_card_that_line_takes() -> None:
    topics = all_topics()
    assert len(topics) == 6 * 8 * 2 * 6 * 3
    for number, one in enumerate(topics):
        rendered = message(one, reader=READERS[number % len(READERS)])
        assert_line_takes(rendered)
        said = "\n".join([rendered.alt, *words(contents(rendered))])
        assert not [word for word in (*FORBIDDEN, *BLAMING) if word in said]


@pytest.mark.parametrize("how_many", (1, 2, 4, 5, 12))
def test_lines_own_models_lose_nothing_of_a_card(how_many: int) -> None:
    for step in Step:
        topics = [topic(step, occasion=Occasion(WindowKind.QUARTER_REPORT, 2566 + n, 1)) for n in range(how_many)]
        rendered = message(*topics)
        assert_line_takes(rendered)
        model = FlexMessage(
            altText=rendered.alt, contents=FlexContainer.from_dict(contents(rendered)), quickReply=None, sender=None
        )
        assert [json.loads(model.to_json())] == json.loads(rendered.body)


def test_no_card_has_more_than_two_buttons_beside_the_snooze_or_five_lines_of_one_idea() -> None:
    for step in Step:
        (bubble,) = bubbles(message(topic(step)))
        assert len(buttons(bubble).keys() - {SNOOZE}) <= 2
        idea = next(c for c in bubble["body"]["contents"] if c["type"] != "text")
        before = bubble["body"]["contents"].index(idea)
        assert before - 1 <= 5, "greeting apart"


def test_the_whole_reminder_is_put_off_by_one_quiet_button_on_its_first_bubble() -> None:
    first, *others = bubbles(message(topic(Step.AHEAD, days_left=3, working_days_left=2), topic(Step.LAST_DAY)))
    (snooze,) = [c for c in components(first) if c["type"] == "button" and c["action"]["label"] == SNOOZE]
    assert snooze["style"] == "link"
    assert buttons(first)[SNOOZE] == SnoozeReminder(AT.date(), is_last_day=True)
    assert all(SNOOZE not in buttons(bubble) for bubble in others)
    (alone,) = bubbles(message(topic(Step.AHEAD, days_left=3, working_days_left=2)))
    assert buttons(alone)[SNOOZE] == SnoozeReminder(AT.date(), is_last_day=False)


def test_names_from_spreadsheets_survive_whatever_is_in_them() -> None:
    title = 'โครงการ "ก" \\ {{ 7 * 7 }} <b>ข</b> & 😀'
    assert title in words(contents(message(topic(Step.AHEAD, titles=(title,)))))
    assert "โครงการ ก ข" in words(contents(message(topic(Step.AHEAD, titles=(" โครงการ\nก\t ข ",)))))


def test_long_names_are_cut_between_letters() -> None:
    said = words(contents(message(topic(Step.AHEAD, titles=("ที่" * 300,)))))
    assert "ที่" * 99 + "…" in said


def test_a_unit_without_a_name_is_an_error() -> None:
    with pytest.raises(KeyError):
        message(topic(Step.AHEAD, shares=(Share("ไม่มี", 5),)))


@pytest.mark.parametrize("step", OFFICER_STEPS)
def test_the_words_on_a_button_are_repeated_with_what_they_are_about(step: Step) -> None:
    (bubble,) = bubbles(message(topic(step)))
    said = {c["action"]["label"]: c["action"]["displayText"] for c in components(bubble) if c["type"] == "button"}
    assert said["รายงานเลย"] == "รายงานเลย รายงานความก้าวหน้า ไตรมาส 1/2566 (ต.ค.–ธ.ค. 65)"

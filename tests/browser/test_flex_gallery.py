"""Flex Messages stand on the page where LINE's rules put them, on a laptop and on a phone, whatever they say."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from storage import tables
from tests.browser.flex_gallery import boxes, contents
from tests.browser.flex_gallery.parts import At, Sample, box, bubble, text
from tests.browser.scene import ANONG, Scene
from tests.browser.test_bot import OFFICER, opened, types
from tests.office import Bot, labour
from tests.processes import wait_for

__all__ = ["labour"]

TOLERANCE = 1.0
"""Pixels: a browser rounds, and so does who computes by hand."""
MESSAGES_PER_PUSH = 5

MEASURE = """
(samples) => samples.map(({ name, places, looks }) => {
  const carousel = document.querySelector(`.carousel[aria-label="${CSS.escape(name)}"]`);
  const bubbles = [...carousel.querySelectorAll(".bubble")];
  const isNumber = (step) => /^[0-9]+$/.test(step);
  const find = (path) => {
    const steps = path.split("/").filter(Boolean);
    const bubble = bubbles[isNumber(steps[0]) ? steps.shift() : 0];
    const block = steps.length ? bubble.querySelector(`.block.${steps.shift()}`).firstElementChild : bubble;
    const found = steps.reduce((at, step) => isNumber(step) ? at.children[step] : at.querySelector(`.${step}`), block);
    return { bubble, found };
  };
  const place = (path) => {
    const { bubble, found } = find(path);
    const [frame, own] = [bubble, found].map((each) => each.getBoundingClientRect());
    return [own.left - frame.left, own.top - frame.top, own.width, own.height];
  };
  const look = ([path, wanted]) => {
    const style = getComputedStyle(find(path).found);
    return [path, Object.fromEntries(Object.keys(wanted).map((name) => [name, style.getPropertyValue(name)]))];
  };
  return {
    room: carousel.clientWidth,
    widths: bubbles.map((bubble) => bubble.getBoundingClientRect().width),
    places: Object.fromEntries(places.map((path) => [path, place(path)])),
    looks: Object.fromEntries(Object.entries(looks).map(look)),
  };
})
"""
OUTSIDE = """
() => [...document.querySelectorAll(".bubble")].flatMap((bubble) => {
  const frame = bubble.getBoundingClientRect();
  const parts = [...bubble.querySelectorAll("[class^=flex-], .lines, .label, .face, .frame")];
  const leaves = ({ left, right, top, bottom }) =>
    left < frame.left - 1 || right > frame.right + 1 || top < frame.top - 1 || bottom > frame.bottom + 1;
  const name = bubble.closest(".carousel").getAttribute("aria-label");
  return parts.filter((part) => leaves(part.getBoundingClientRect())).map((part) => `${name}: ${part.className}`);
})
"""
CUT = """
() => [...document.querySelectorAll(".carousel[aria-label^='words that shrink'] :is(.lines, .label)")]
  .map((line) => line.scrollWidth > line.clientWidth)
"""

wide = pytest.mark.parametrize("page", ((1440, 900),), ids=("wide",), indirect=True)
narrow = pytest.mark.parametrize("page", ((390, 844),), ids=("narrow",), indirect=True)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a browser made of a sample: room beside the picture of the bot, widths of bubbles, places and looks."""

    room: float
    widths: list[float]
    places: Mapping[str, At]
    looks: Mapping[str, Mapping[str, str]]


def sent(scene: Scene, page: Page, *samples: Sample) -> None:
    """Send the samples to a phone, and look at it."""
    messages = [{"type": "flex", "altText": sample.name, "contents": sample.contents} for sample in samples]
    for first in range(0, len(messages), MESSAGES_PER_PUSH):
        push = {"to": ANONG, "messages": messages[first : first + MESSAGES_PER_PUSH]}
        scene.calls("/v2/bot/message/push", push)
    page.goto(f"{scene.address}/?u={ANONG}")
    expect(page.locator(".carousel")).to_have_count(len(samples))


def gallery(scene: Scene, page: Page) -> dict[str, tuple[Sample, Drawn]]:
    """Return every sample of the gallery, drawn, by name."""
    samples = [*boxes.samples(), *contents.samples()]
    sent(scene, page, *samples)
    asked = [{"name": each.name, "places": list(each.places), "looks": each.looks} for each in samples]
    found: list[dict[str, Any]] = page.evaluate(MEASURE, asked)
    return {
        sample.name: (
            sample,
            Drawn(**one | {"places": {path: At(*place) for path, place in one["places"].items()}}),
        )
        for sample, one in zip(samples, found, strict=True)
    }


def misplaced(sample: Sample, drawn: Drawn) -> Iterator[str]:
    """Yield a line for everything that stands elsewhere, or is larger or smaller than it should be."""
    for path, wanted in sample.places.items():
        pairs = zip(At._fields, wanted, drawn.places[path], strict=True)
        wrong = [f"{name} {is_:g}, not {ought:g}" for name, ought, is_ in pairs if not fits(ought, is_)]
        if wrong:
            yield f"{sample.name}: {path or 'bubble'}: {'; '.join(wrong)}"


def fits(ought: float | None, is_: float | None) -> bool:
    """Tell whether a length is what it should be, as far as that is known."""
    return ought is None or (is_ is not None and abs(ought - is_) <= TOLERANCE)


def check_giga(drawn: Drawn) -> None:
    """Check that the largest of bubbles takes what room there is, and that its components share that."""
    (width,) = drawn.widths
    assert fits(min(386, drawn.room), width)
    inner = width - 20 - 20
    assert fits(inner * 2 / 3, drawn.places["body/0/0"].width)
    assert fits(20 + inner * 2 / 3, drawn.places["body/0/1"].left)
    assert fits(inner / 3, drawn.places["body/0/1"].width)
    assert fits(inner * 0.62, drawn.places["body/1"].width)


def check_baselines(drawn: Drawn) -> None:
    """Check that words of any size stand on the line on which the icons end."""
    line = 19 + 74
    ascents = [
        (line - (drawn.places[f"body/0/{number}"].top or 0)) / size for number, size in ((2, 11), (3, 22), (4, 35))
    ]
    assert ascents == pytest.approx([ascents[0]] * 3, abs=0.1)
    assert 0.9 < ascents[0] < 1.5  # of the font's size, half the space between lines among it


@wide
def test_everything_stands_where_the_rules_of_line_put_it(scene: Scene, page: Page) -> None:
    drawn = gallery(scene, page)

    assert [line for sample, seen in drawn.values() for line in misplaced(sample, seen)] == []
    assert {name: seen.looks for name, (_, seen) in drawn.items()} == {
        name: one.looks for name, (one, _) in drawn.items()
    }
    check_giga(drawn[contents.GIGA][1])
    check_baselines(drawn[boxes.BASELINES][1])
    wait_for(lambda: page.evaluate(CUT) == [False, True, False, True], seconds=10, what="words that shrink")


@narrow
def test_a_phone_shows_every_bubble_as_wide_as_it_can_and_nothing_beyond_it(scene: Scene, page: Page) -> None:
    drawn = gallery(scene, page)

    assert [name for name, (_, seen) in drawn.items() if max(seen.widths) > seen.room] == []
    check_giga(drawn[contents.GIGA][1])
    may_leave = tuple(f"{sample.name}: " for sample, _ in drawn.values() if sample.is_cut)
    assert [part for part in page.evaluate(OUTSIDE) if not part.startswith(may_leave)] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@wide
def test_a_card_cannot_draw_outside_its_bubble(scene: Scene, page: Page) -> None:
    escaping = bubble(text("หนี", position="absolute", offsetTop="-90px"), text("อยู่"))
    floating = {
        "type": "bubble",
        "body": box(text("ลอย"), position="absolute", offsetTop="300px"),
        "header": box(text("หัว")),
    }
    sent(scene, page, Sample("แรก", bubble(text("ก่อน"))), Sample("หนี", escaping), Sample("ลอย", floating))

    expect(page.get_by_text("อยู่", exact=True)).to_be_in_viewport()
    for words in ("หนี", "ลอย"):
        expect(page.get_by_role("log").get_by_text(words, exact=True)).not_to_be_in_viewport()


NAME = (
    """"<script>document.title='x'</script>" & 'ฝึก' <b onclick=alert(1)>อาชีพ</b> {{ 7 * 7 }} \\n """
    "\N{GRADUATION CAP}\N{WOMAN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}\N{ZERO WIDTH JOINER}\N{EAR OF RICE}"
)


@pytest.mark.parametrize("page", ((1440, 900), (390, 844)), ids=("wide", "narrow"), indirect=True)
def test_a_projects_name_full_of_markup_is_words_like_any_other(labour: Bot, page: Page) -> None:
    with labour.writes() as session:
        session.execute(update(tables.Project).where(tables.Project.code == "รง 0301-66-0001").values(name=NAME))
    chat = opened(labour, page, OFFICER)
    title = page.title()

    types(page, "ไตรมาสนี้โครงการไหนยังไม่รายงานบ้างครับ")
    listed = chat.locator(".bubble")
    expect(listed.get_by_text("<script>")).to_have_text(NAME)
    chat.get_by_role("button", name="รง 0301-66-0001").click()
    expect(chat.locator(".bubble")).to_have_count(2)
    expect(chat.locator(".bubble").last.get_by_text("<script>").first).to_have_text(NAME)

    assert chat.locator("script, b").count() == 0
    assert page.title() == title
    assert page.evaluate(OUTSIDE) == []

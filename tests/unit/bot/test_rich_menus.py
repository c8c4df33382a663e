"""Rich menus: what each role gets, and pictures on which every tappable area lies where its cell was drawn."""

import io
import itertools
import re
from collections.abc import Mapping
from typing import Any

import pytest
from linebot.v3.messaging import RichMenuArea
from PIL import Image, ImageChops, features

from bot.rich_menus import draw
from bot.rich_menus.definition import OURS, alias_of, layout_of
from bot.rich_menus.icons import icon_mask
from bot.rich_menus.layout import HEIGHT, MARGIN, WIDTH, Box, cells, tabs
from domain.roles import Role
from handlers.registry import ROUTES
from messages_th.lengths import grapheme_length
from messages_th.rich_menus import CHAT_BAR_TEXT, GUEST, PAGES, SINGLE, Icon, Menu, family, menu_names, menus
from messages_th.understanding import understand
from messages_th.understanding.agencies import AgencyNames

BUSY = family({Role.APPROVER, Role.PROJECT_OFFICER, Role.PLAN_OFFICER})[1]
EVERY_ROLE = family(list(Role))
ALL = [GUEST, *SINGLE, BUSY, EVERY_ROLE[-1]]


def bounds(area: Mapping[str, Any]) -> Box:
    return Box(**area["bounds"])


@pytest.mark.parametrize("menu", ALL, ids=lambda menu: menu.name)
def test_areas_lie_on_the_picture_and_never_on_each_other(menu: Menu) -> None:
    areas = [bounds(area) for area in layout_of(menu)["areas"]]
    assert 2 <= len(areas) <= 20
    for box in areas:
        assert box.x >= 0, box
        assert box.y >= 0, box
        assert box.right <= WIDTH, box
        assert box.bottom <= HEIGHT, box
        assert box.width >= 250, box
        assert box.height >= 150, box
    for one, other in itertools.combinations(areas, 2):
        assert one.right <= other.x or other.right <= one.x or one.bottom <= other.y or other.bottom <= one.y


@pytest.mark.parametrize("menu", (GUEST, SINGLE[0], BUSY), ids=lambda menu: menu.name)
def test_what_is_drawn_is_what_can_be_tapped(menu: Menu) -> None:
    """Between the areas is bare paper, and each area is filled to its edges."""
    png = draw.draw(menu)
    picture = Image.open(io.BytesIO(png))
    assert (picture.format, picture.size) == ("PNG", (WIDTH, HEIGHT))
    assert len(png) < draw.MAX_BYTES
    paper = Image.new("RGB", picture.size, picture.convert("RGB").getpixel((MARGIN // 2, HEIGHT - 3)))
    ink = ImageChops.difference(picture.convert("RGB"), paper).convert("L").point(lambda level: 255 * (level > 0))
    for cell in cells(menu):
        box = cell.box
        drawn = ink.crop((box.x - MARGIN // 2, box.y - MARGIN // 2, box.right + MARGIN // 2, box.bottom + MARGIN // 2))
        left, top, right, bottom = drawn.getbbox() or (0, 0, 0, 0)
        half = MARGIN // 2
        assert (left, top, right, bottom) == (half, half, half + box.width, half + box.height), cell.entry.label
    for tab in tabs(menu):
        middle = tab.box.x + tab.box.width // 2, tab.box.height - 8
        assert (ink.getpixel(middle) == 0) is tab.is_open, tab.role


def test_labels_are_drawn_as_large_as_reading_glasses_need() -> None:
    """A phone shows the picture 390 points wide: letters of 100 pixels are 16 points there."""
    for menu in (*SINGLE, GUEST, BUSY):
        labels = [(line, cell.box.width - 88) for cell in cells(menu) for line in cell.entry.label.split("\n")]
        assert draw._fitting(labels, draw._LABEL_SIZE).size >= 120, menu.name


def test_thai_can_be_drawn_on_this_machine() -> None:
    assert draw.missing_fonts() == []


def test_a_machine_without_thai_shaping_says_so_instead_of_drawing_garbage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda _feature: False)
    with pytest.raises(draw.FontsMissing, match="raqm"):
        draw.draw(GUEST)


def test_every_icon_is_drawn_and_is_like_no_other() -> None:
    masks = {icon_mask(icon, 100).tobytes() for icon in Icon}
    assert len(masks) == len(Icon)
    assert all(any(mask) for mask in masks)


@pytest.mark.parametrize("menu", ALL, ids=lambda menu: menu.name)
def test_every_text_of_a_menu_fits_what_line_takes(menu: Menu) -> None:
    layout = layout_of(menu)
    assert grapheme_length(CHAT_BAR_TEXT) <= 14
    for area in layout["areas"]:
        assert grapheme_length(area["action"]["label"]) <= 20
        assert RichMenuArea.from_dict(area).to_dict() == area  # the SDK knows every field
    assert all(cell.entry.label.count("\n") <= 1 for cell in cells(menu))


def test_every_entry_types_a_word_that_leads_to_what_it_says() -> None:
    for page in (*PAGES.values(), GUEST.page):
        for entry in itertools.chain.from_iterable(page.rows):
            area = next(a for a in layout_of_entry(entry.label))
            understood = understand(area["action"]["text"], AgencyNames(()))
            assert (understood.intent, understood.confidence) == (entry.says, 1), entry.label


def layout_of_entry(label: str) -> list[Mapping[str, Any]]:
    wanted = label.replace("\n", "")
    areas = itertools.chain.from_iterable(layout_of(menu)["areas"] for menu in (GUEST, *SINGLE))
    return [area for area in areas if area["action"]["label"] == wanted]


def test_tabs_of_a_family_lead_to_its_own_menus() -> None:
    for menu in EVERY_ROLE:
        switches = [a["action"] for a in layout_of(menu)["areas"] if a["action"]["type"] == "richmenuswitch"]
        assert [switch["richMenuAliasId"] for switch in switches] == [alias_of(each) for each in EVERY_ROLE]
        assert all(re.fullmatch(r"[a-z0-9_-]{1,32}", switch["richMenuAliasId"]) for switch in switches)
        assert [tab.is_open for tab in tabs(menu)] == [tab.role is menu.role for tab in tabs(menu)]
    assert all(alias_of(menu) is None for menu in (GUEST, *SINGLE))


def test_only_sets_of_roles_that_people_hold_have_a_family() -> None:
    held = [{Role.APPROVER}, {Role.PLAN_OFFICER, Role.PROJECT_OFFICER}, {Role.PROJECT_OFFICER, Role.PLAN_OFFICER}]
    names = [menu.name for menu in menus(held)]
    assert names == ["guest", *(role.value for role in PAGES), "tabs-op-o", "tabs-op-p"]


def test_all_menus_that_could_ever_be_needed_are_fewer_than_line_takes() -> None:
    every_set = [set(some) for size in range(8) for some in itertools.combinations(Role, size)]
    names = [f"{OURS}{menu.name}" for menu in menus(every_set)]
    assert len(names) == len(set(names)) < 500  # twice as many are on LINE while they are replaced


@pytest.mark.parametrize(
    ("roles", "names"),
    (
        (set(), ["guest"]),
        ({Role.MONITOR}, ["monitor"]),
        ({Role.PROJECT_OFFICER, Role.APPROVER}, ["tabs-ao-a", "approver"]),
    ),
)
def test_who_holds_several_roles_gets_tabs_or_the_weightiest_page_until_there_are_some(
    roles: set[Role], names: list[str]
) -> None:
    assert menu_names(roles) == names


def test_an_assistant_sees_the_lists_of_an_executive() -> None:
    assert PAGES[Role.ASSISTANT].rows == PAGES[Role.APPROVER].rows


def test_no_menu_offers_what_its_role_may_not_do() -> None:
    for role, page in PAGES.items():
        for entry in itertools.chain.from_iterable(page.rows):
            roles = ROUTES.intents[entry.says].roles
            assert not roles or role in roles, (role, entry.label)

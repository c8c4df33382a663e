"""What a letter changes in the calendar of a small ministry, scope by scope and stage by stage."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from domain.circulars.calendar import (
    Place,
    PlaceChange,
    check_windows,
    is_of_letter,
    letter_changes,
    path_of,
    set_windows,
    stated_windows,
)
from domain.circulars.life import CircularRefusal, CircularRefused
from domain.fiscal import YearBasis
from domain.windows import CalendarWindow, Occasion, Scope, Span, Stage, WindowBook, WindowKind
from tests.unit.domain.labour import ISSUED, LETTER, MINISTRY, SOCIAL_SECURITY, report
from tests.unit.domain.ministry import DEPARTMENT, DIVISION_1, GROUP, Ministry
from tests.unit.domain.thai_dates import day, span

Q1, Q2 = report(2566, 1), report(2566, 2)
TODAY = day("20 มี.ค. 66")
Change = tuple[Stage, Span | None, Span | None]


def row(
    dates: str,
    stage: Stage = Stage.AGENCY,
    scope: Scope = Scope.MINISTRY,
    unit: str = MINISTRY,
    occasion: Occasion = Q1,
    letter: tuple[str, str] = ("รง ๐๒๑๔/ว ๙", "20 มี.ค. 66"),
) -> CalendarWindow:
    return CalendarWindow(occasion, stage, scope, unit, span(dates), day(letter[1]), letter[0])


BOTH_STAGES = (row("7–31 มี.ค. 66"), row("1–12 เม.ย. 66", Stage.UPPER))


def changed(found: Sequence[PlaceChange]) -> list[Change]:
    return [(change.stage, change.before, change.after) for place in found for change in place.changes]


def test_a_letter_shows_each_stage_before_and_after() -> None:
    (place,) = letter_changes(Ministry().rules(TODAY), BOTH_STAGES, dated=TODAY)
    assert place.place == Place(Q1, Scope.MINISTRY, MINISTRY)
    assert changed([place]) == [
        (Stage.AGENCY, span("7–20 มี.ค. 66"), span("7–31 มี.ค. 66")),
        (Stage.UPPER, span("21–31 มี.ค. 66"), span("1–12 เม.ย. 66")),
    ]
    assert (place.holds_from, place.dropped, place.overlaps, place.left_alone) == (TODAY, [], False, ())


def test_a_stage_that_is_not_named_again_has_no_window_any_more() -> None:
    (place,) = letter_changes(Ministry().rules(TODAY), [row("7–25 มี.ค. 66")], dated=TODAY)
    assert changed([place])[1] == (Stage.UPPER, span("21–31 มี.ค. 66"), None)
    assert place.dropped == [Stage.UPPER]


def test_a_ministry_that_begins_while_agencies_still_report_is_noticed() -> None:
    rows = (row("7–25 มี.ค. 66"), row("22–31 มี.ค. 66", Stage.UPPER))
    (place,) = letter_changes(Ministry().rules(TODAY), rows, dated=TODAY)
    assert place.overlaps


def test_one_window_for_both_stages_is_one_change() -> None:
    ministry = Ministry()
    ministry.windows.clear()  # the default rule: one window for all
    (place,) = letter_changes(ministry.rules(TODAY), [row("1–30 เม.ย. 66", Stage.ALL)], dated=TODAY)
    assert changed([place]) == [(Stage.ALL, span("1–30 ม.ค. 66"), span("1–30 เม.ย. 66"))]


def test_units_with_dates_of_their_own_are_left_alone_and_named_once() -> None:
    ministry = Ministry()
    former = ("ว ๔", "1 ก.พ. 66")
    ministry.windows += [
        row("1–15 มี.ค. 66", scope=Scope.AGENCY, unit=SOCIAL_SECURITY, letter=former),
        row("1–16 มี.ค. 66", scope=Scope.AGENCY_GROUP, unit=GROUP, letter=former),
        row("1–17 มี.ค. 66", scope=Scope.UNIT, unit=DIVISION_1, letter=former),  # lies in the group
    ]
    (place,) = letter_changes(ministry.rules(TODAY), BOTH_STAGES, dated=TODAY)
    assert place.left_alone == tuple(sorted((SOCIAL_SECURITY, GROUP)))
    named_too = [*BOTH_STAGES, row("7–31 มี.ค. 66", scope=Scope.AGENCY, unit=SOCIAL_SECURITY)]
    agency, of_ministry = letter_changes(ministry.rules(TODAY), named_too, dated=TODAY)
    assert (agency.place.scope, agency.basis) == (Scope.AGENCY, YearBasis.CALENDAR)
    assert of_ministry.left_alone == (GROUP,)


def test_a_letter_that_a_newer_one_replaced_already_changes_nothing() -> None:
    ministry = Ministry()
    ministry.windows += [row("1–15 มี.ค. 66", letter=("ว ๑๐", "21 มี.ค. 66"))]
    (place,) = letter_changes(ministry.rules(day("22 มี.ค. 66")), BOTH_STAGES, dated=TODAY)
    assert changed([place]) == []


def test_of_two_letters_of_one_day_the_one_that_is_released_last_wins() -> None:
    ministry = Ministry()
    ministry.windows += [replace(row("1–15 มี.ค. 66", letter=("ว ๑๐", "20 มี.ค. 66")), entry=7)]
    (place,) = letter_changes(ministry.rules(TODAY), BOTH_STAGES, dated=TODAY)
    assert [after for _, _, after in changed([place])] == [span("7–31 มี.ค. 66"), span("1–12 เม.ย. 66")]


def test_a_letter_dated_ahead_changes_what_will_hold_then() -> None:
    rows = [row("7–31 มี.ค. 66", letter=("ว ๙", "25 มี.ค. 66"))]
    (place,) = letter_changes(Ministry().rules(TODAY), rows, dated=day("25 มี.ค. 66"))
    assert place.holds_from == day("25 มี.ค. 66")


def test_what_a_released_letter_changed_is_still_told_when_it_is_in_force() -> None:
    ministry = Ministry()
    ministry.windows += BOTH_STAGES
    rules = ministry.rules(day("3 เม.ย. 66"))
    assert changed(letter_changes(rules, BOTH_STAGES, dated=TODAY)) == []
    (place,) = letter_changes(rules, BOTH_STAGES, dated=TODAY, released_on=TODAY)
    assert len(place.changes) == 2


def test_the_same_letter_again_is_compared_with_what_it_said_first() -> None:
    ministry = Ministry()
    ministry.windows += BOTH_STAGES
    again = [row("7–30 มี.ค. 66", letter=("ที่ รง 0214/ว 9", "20 มี.ค. 66"))]
    (place,) = letter_changes(ministry.rules(TODAY), again, dated=TODAY)
    assert changed([place]) == [(Stage.AGENCY, span("7–31 มี.ค. 66"), span("7–30 มี.ค. 66"))]


def test_a_withdrawal_lets_what_held_before_hold_again_in_each_scope() -> None:
    ministry = Ministry()
    withdrawn = [*BOTH_STAGES, row("7–25 มี.ค. 66", scope=Scope.AGENCY, unit=SOCIAL_SECURITY)]
    ministry.windows += withdrawn
    of_agency, of_ministry = letter_changes(ministry.rules(TODAY), (), withdrawn, dated=TODAY)
    assert changed([of_ministry]) == [
        (Stage.AGENCY, span("7–31 มี.ค. 66"), span("7–20 มี.ค. 66")),
        (Stage.UPPER, span("1–12 เม.ย. 66"), span("21–31 มี.ค. 66")),
    ]
    assert changed([of_agency]) == [
        (Stage.AGENCY, span("7–25 มี.ค. 66"), span("7–20 มี.ค. 66")),
        (Stage.UPPER, None, span("21–31 มี.ค. 66")),
    ]


def test_withdrawn_rows_hold_until_the_day_before_and_stay_history() -> None:
    rows = [replace(one, withdrawn_on=day("24 มี.ค. 66")) for one in BOTH_STAGES]
    ministry = Ministry()
    ministry.windows += rows
    book, path = (
        WindowBook(ministry.windows),
        path_of(ministry.rules(TODAY).organisation, Place(Q1, Scope.MINISTRY, MINISTRY)),
    )
    in_force = [book.resolve(Q1, path, day(on)) for on in ("19 มี.ค. 66", "20 มี.ค. 66", "23 มี.ค. 66", "24 มี.ค. 66")]
    assert [windows.agency if windows else None for windows in in_force] == [
        span("7–20 มี.ค. 66"), span("7–31 มี.ค. 66"), span("7–31 มี.ค. 66"), span("7–20 มี.ค. 66"),
    ]  # fmt: skip
    assert [windows.letter_no for windows in book.history(Q1, path)] == [LETTER, "รง ๐๒๑๔/ว ๙"]


def test_the_first_round_that_a_letter_sets_ends_the_default_rounds() -> None:
    ministry = Ministry()
    ministry.windows.clear()
    first_round = Occasion(WindowKind.MIDYEAR_ENTRY, 2566, 1)
    found = letter_changes(ministry.rules(TODAY), [row("1–18 เม.ย. 66", Stage.ALL, occasion=first_round)], dated=TODAY)
    assert [(place.place.occasion.quarter, place.dropped) for place in found] == [
        (1, []), (2, [Stage.ALL]), (3, [Stage.ALL]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "is_same"),
    (
        ("รง 0214/ว 9", True),
        ("ด่วนที่สุด ที่ รง ๐๒๑๔/ว ๙", True),
        ("รง ๐๒๑๔/ว ๙๐", False),
        ("ว ๙", False),
        ("กษ ๐๒๑๔/ว ๙", False),
        ("", False),
    ),
)
def test_a_letter_is_known_by_its_number_however_it_is_typed(number: str, *, is_same: bool) -> None:
    assert is_of_letter(BOTH_STAGES[0], number, TODAY) is is_same
    assert not is_of_letter(BOTH_STAGES[0], number, ISSUED)


@pytest.mark.parametrize(
    ("rows", "refusal"),
    (
        ([row("7–31 มี.ค. 66", scope=Scope.NATIONAL, unit="")], CircularRefusal.OUT_OF_REACH),
        ([row("7–31 มี.ค. 66", unit="กระทรวงอื่น")], CircularRefusal.OUT_OF_REACH),
        ([row("1–19 มี.ค. 66")], CircularRefusal.CALENDAR_OVER),
        ([row("7–31 มี.ค. 66"), row("7–30 มี.ค. 66")], CircularRefusal.CALENDAR_UNCLEAR),
        ([row("7–31 มี.ค. 66", Stage.ALL), row("7–30 มี.ค. 66")], CircularRefusal.CALENDAR_UNCLEAR),
        ([row("7–31 มี.ค. 66", unit=DEPARTMENT)], CircularRefusal.CALENDAR_UNCLEAR),
        ([row("7–31 มี.ค. 66", occasion=Occasion(WindowKind.QUARTER_REPORT, 2566))], CircularRefusal.CALENDAR_UNCLEAR),
        ([row("7–31 มี.ค. 66", occasion=Occasion(WindowKind.LEVEL3_PLAN, 2566, 1))], CircularRefusal.CALENDAR_UNCLEAR),
    ),
)
def test_rows_that_are_not_the_makers_or_over_or_unclear_are_refused(
    rows: list[CalendarWindow], refusal: CircularRefusal
) -> None:
    rules = Ministry().rules(TODAY)
    reach = rules.organisation.below(MINISTRY)
    with pytest.raises(CircularRefused) as refused:
        check_windows(rules, rows, reach)
    assert refused.value.refusal is refusal
    check_windows(rules, BOTH_STAGES, reach)
    check_windows(rules, [row("7–31 มี.ค. 66", scope=Scope.NATIONAL, unit="")], None)


def test_a_draft_says_what_was_set_last_of_a_place_and_nothing_else_of_it() -> None:
    place, elsewhere = Place(Q1, Scope.MINISTRY, MINISTRY), Place(Q2, Scope.MINISTRY, MINISTRY)
    agency, upper = span("7–31 มี.ค. 66"), span("1–12 เม.ย. 66")
    first = set_windows([], place, agency, upper)
    assert [window.stage for window in first] == [Stage.AGENCY, Stage.UPPER]
    both = set_windows(set_windows(first, elsewhere, agency, None), place, upper, upper)
    assert [(window.occasion, window.stage) for window in both] == [(Q2, Stage.AGENCY), (Q1, Stage.ALL)]
    assert stated_windows(both, place) == (upper, upper)
    assert stated_windows(set_windows(both, place, None, None), place) is None


def test_without_a_date_a_letter_counts_as_of_today() -> None:
    rows = [replace(window, issued_on=None, letter_no="") for window in BOTH_STAGES]
    (place,) = letter_changes(Ministry().rules(date(2023, 3, 20)), rows)
    assert len(place.changes) == 2


def test_a_stage_that_is_over_may_be_stated_as_it_was_beside_one_that_is_extended() -> None:
    rules = Ministry().rules(day("24 มี.ค. 66"))
    extended = row("21 มี.ค.–5 เม.ย. 66", Stage.UPPER)
    check_windows(rules, [row("7–20 มี.ค. 66"), extended], None)
    with pytest.raises(CircularRefused):
        check_windows(rules, [row("7–19 มี.ค. 66"), extended], None)

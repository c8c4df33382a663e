"""A sight narrowed to some units shows no more than it did, and no unreported project for approved data alone."""

from domain.permissions import Sight, Visibility

UNITS = ("a", "b", "c", "d")
MIXED = Sight(home="a", whole=frozenset("a"), steps={"b": 2}, approved=frozenset("c"), duties=frozenset("ad"))


def test_narrowing_keeps_what_was_seen_of_each_unit() -> None:
    narrowed = MIXED.within({"b", "c", "d"})
    assert [narrowed.of(unit) for unit in UNITS] == [
        Visibility.NOTHING,
        Visibility.STEP,
        Visibility.APPROVED,
        Visibility.NOTHING,
    ]
    assert narrowed.duties == {"d"}


def test_who_sees_everything_sees_the_narrowed_units_whole_and_no_other() -> None:
    narrowed = Sight(everything=True).within({"a"})
    assert (narrowed.of("a"), narrowed.of("b"), narrowed.everything) == (Visibility.WHOLE, Visibility.NOTHING, False)
    approved = Sight(everything_approved=True).within({"a"})
    assert (approved.of("a"), approved.of("b")) == (Visibility.APPROVED, Visibility.NOTHING)


def test_approved_data_is_no_ground_to_be_told_what_is_missing() -> None:
    assert MIXED.owing(UNITS) == {"a", "b"}
    assert Sight(everything_approved=True).owing(UNITS) == frozenset()
    assert Sight(everything=True).owing(UNITS) == frozenset(UNITS)

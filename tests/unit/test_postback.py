from datetime import date
from enum import StrEnum

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.windows import Stage, WindowKind
from handlers.postback import (
    MAX_LENGTH,
    GarbledPostback,
    Postback,
    PostbackTooLong,
    UnknownPostback,
)
from handlers.reminders import GiveLateReason, ShowAllDuties, ShowDuties


class Verb(StrEnum):
    YES = "yes"
    ODD = "a:b!c"


class Everything(Postback, prefix="zz7"):
    number: int
    flag: bool
    words: str
    verb: Verb
    day: date
    maybe_number: int | None
    maybe_flag: bool | None
    maybe_words: str | None
    maybe_verb: Verb | None
    maybe_day: date | None


_integers = st.integers(-(2**63), 2**63 - 1)
_everything = st.builds(
    Everything,
    number=_integers,
    flag=st.booleans(),
    words=st.text(max_size=40),
    verb=st.sampled_from(Verb),
    day=st.dates(),
    maybe_number=st.none() | _integers,
    maybe_flag=st.none() | st.booleans(),
    maybe_words=st.none() | st.text(max_size=40),
    maybe_verb=st.none() | st.sampled_from(Verb),
    maybe_day=st.none() | st.dates(),
)


@given(_everything)
def test_what_is_packed_comes_back_as_it_was(sent: Everything) -> None:
    try:
        data = sent.pack()
    except PostbackTooLong:
        assume(False)
    assert len(data.encode("utf-16-le")) // 2 <= MAX_LENGTH
    assert Postback.parse(data) == Everything.unpack(data) == sent


@given(st.text(max_size=320))
def test_no_text_at_all_breaks_the_reader(data: str) -> None:
    try:
        found = Postback.parse(data)
    except (UnknownPostback, GarbledPostback):
        return
    assert found.pack() == data


@given(_everything, st.integers(0, 400), st.text(max_size=3))
def test_changed_data_is_refused_or_means_exactly_what_it_says(sent: Everything, place: int, other: str) -> None:
    try:
        data = sent.pack()
    except PostbackTooLong:
        assume(False)
    changed = data[:place] + other + data[place + 1 :]
    try:
        found = Postback.parse(changed)
    except (UnknownPostback, GarbledPostback):
        return
    assert found.pack() == changed


def test_button_data_is_short_and_readable() -> None:
    about = (WindowKind.QUARTER_REPORT, 2566, 2, Stage.AGENCY)
    assert ShowDuties(*about).pack() == "du1:quarter_report:2566:2:AGENCY"
    assert GiveLateReason(WindowKind.OPEN_D, 2566, None, Stage.AGENCY).pack() == "lr1:open_d:2566:!0:AGENCY"
    assert ShowAllDuties().pack() == "da1"
    assert Postback.parse("du1:quarter_report:2566:2:AGENCY") == ShowDuties(*about)


def test_values_may_hold_the_separator_and_the_mark_for_nothing() -> None:
    class Note(Postback, prefix="zz1"):
        words: str
        more: str | None

    for words in (":", "!", "!0", "::!!", "", "a:b"):
        assert Note.unpack(Note(words, None).pack()) == Note(words, None)
        assert Note.unpack(Note("", words).pack()) == Note("", words)


@pytest.mark.parametrize("data", ("", "xx1:1", "du0:quarter_report:2566:2:AGENCY", "du9", "du1x", " du1:", "DU1:1"))
def test_another_prefix_or_version_is_unknown(data: str) -> None:
    with pytest.raises(UnknownPostback):
        Postback.parse(data)


@pytest.mark.parametrize(
    "data",
    (
        "du1",
        "du1:quarter_report:2566:2",
        "du1:quarter_report:2566:2:AGENCY:1",
        "du1:quarter:2566:2:AGENCY",
        "du1:quarter_report:๒๕๖๖:2:AGENCY",
        "du1:quarter_report:2_566:2:AGENCY",
        "du1:quarter_report: 2566:2:AGENCY",
        "du1:quarter_report:02566:2:AGENCY",
        "du1:quarter_report:9223372036854775808:2:AGENCY",
        "du1:quarter_report:!0:2:AGENCY",
        "du1:quarter_report:2566:!1:AGENCY",
        "du1:quarter_report:2566:2:AGENCY!",
        "du1:quarter_report:2566:2:AGENCY\ud800",
        "du1:quarter_report:2566:2:" + "A" * 300,
    ),
)
def test_garbled_or_oversized_data_is_refused(data: str) -> None:
    with pytest.raises(GarbledPostback):
        Postback.parse(data)


def test_a_class_does_not_read_the_data_of_another() -> None:
    with pytest.raises(UnknownPostback):
        ShowDuties.unpack(ShowAllDuties().pack())


def test_data_longer_than_line_allows_is_never_built() -> None:
    class Words(Postback, prefix="zz2"):
        words: str

    assert len(Words("ก" * 296).pack()) == MAX_LENGTH
    for words in ("ก" * 297, "😀" * 149):
        with pytest.raises(PostbackTooLong):
            Words(words).pack()


def test_a_postback_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        ShowDuties(WindowKind.OPEN_D, 2566, None, Stage.AGENCY).fiscal_year = 2567  # type: ignore[misc]


@pytest.mark.parametrize("prefix", ("du1", "d1", "du", "du01", "Du1", "d:1", ""))
def test_a_prefix_is_two_letters_and_a_version_and_belongs_to_one_class(prefix: str) -> None:
    with pytest.raises(TypeError, match="malformed or taken"):
        type("Another", (Postback,), {}, prefix=prefix)


@pytest.mark.parametrize("hint", (float, bytes, object, list[int], int | str | None, int | str, None))
def test_a_field_that_cannot_be_written_is_refused_when_the_class_is_made(hint: object) -> None:
    with pytest.raises(TypeError, match="cannot be written"):
        type("Odd", (Postback,), {"__annotations__": {"field": hint}}, prefix="zz3")

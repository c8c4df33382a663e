"""What the planner promises whatever is owed, whatever waits, whoever holds which post, however long it was down."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.organisation import Post
from domain.preferences import ReminderPreference
from domain.reminders import BANGKOK, Digest, OccurrenceKey, OpenDuty, WaitingItem
from domain.roles import Role
from domain.submissions import DutyState
from domain.windows import Occasion, Stage, WindowKind
from tests.unit.domain.labour import CALENDAR, ROAD_MAP
from tests.unit.domain.ministry import POSTS, UNITS, Ministry, bangkok

quickly = settings(max_examples=25)
"""Each example is a whole ministry: the suite stays instant, and a longer run is one number away."""

FIRST, LAST = date(2023, 1, 27), date(2023, 11, 30)

units = st.sampled_from([unit.code for unit in UNITS])
occasions = st.sampled_from([row.occasion for row in ROAD_MAP.values()] + [Occasion(WindowKind.MIDYEAR_ENTRY, 2566, 3)])
mornings = st.dates(FIRST, LAST)
instants = st.datetimes(datetime(2023, 1, 1), datetime(2023, 11, 30), timezones=st.just(BANGKOK))  # noqa: DTZ001
hours = st.times().map(lambda time: f"{time:%H:%M}")

duties = st.builds(
    OpenDuty,
    units,
    occasions,
    st.sampled_from([DutyState.MISSING, DutyState.DRAFT, DutyState.RETURNED]),
    st.just("โครงการ"),
    st.sampled_from([None, Stage.AGENCY, Stage.UPPER]),
)
items = st.builds(WaitingItem, units, occasions, st.integers(1, 4), st.none() | instants, st.just("โครงการ"))
people = st.sampled_from([post.person for post in POSTS] + ["deputy", "newcomer"])
posts = st.builds(
    lambda person, unit, role, start, length, acting_for: Post(
        person, unit, role, start, start + timedelta(days=length), acting_for if role is Role.APPROVER else None
    ),
    people,
    units,
    st.sampled_from(Role),
    mornings,
    st.integers(0, 90),
    st.none() | people,
)
preferences = st.builds(
    ReminderPreference,
    st.none() | st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True).map(tuple),
    st.frozensets(st.integers(1, 5), max_size=4),
)
ministries = st.builds(
    lambda extra, duties, waiting, preferences: Ministry(
        posts=[*POSTS, *extra], duties=duties, waiting=waiting, preferences=preferences
    ),
    st.lists(posts, max_size=4),
    st.lists(duties, max_size=8),
    st.lists(items, max_size=8),
    st.dictionaries(people, preferences, max_size=4),
)


def occurrences(digests: list[Digest]) -> set[OccurrenceKey]:
    return {topic.key(digest.person) for digest in digests for topic in digest.topics}


@quickly
@given(ministries, mornings)
def test_a_person_has_one_digest_a_day_and_never_an_empty_one(ministry: Ministry, today: date) -> None:
    digests = ministry.digests(today)
    assert max(Counter(digest.person for digest in digests).values(), default=1) == 1
    assert all(digest.topics and all(topic.count > 0 for topic in digest.topics) for digest in digests)


@quickly
@given(ministries, mornings, hours, hours)
def test_asking_again_on_the_same_day_gives_nothing(ministry: Ministry, today: date, one: str, other: str) -> None:
    first, second = sorted((one, other))
    sent = ministry.send(today, first)
    assert not sent or ministry.digests(today, second) == []


@quickly
@given(ministries, mornings, hours)
def test_every_digest_falls_on_a_working_day_in_sending_hours(ministry: Ministry, today: date, hour: str) -> None:
    now = bangkok(today, hour)
    for digest in ministry.digests(today, hour):
        assert CALENDAR.is_working(today)
        assert digest.at <= now <= digest.until
        assert f"{digest.at:%H:%M}–{digest.until:%H:%M}" == "08:30–16:30"


@quickly
@given(ministries, mornings, st.data())
def test_what_is_done_or_decided_never_adds_a_topic(ministry: Ministry, today: date, data: st.DataObject) -> None:
    before = occurrences(ministry.digests(today))
    for things in (ministry.duties, ministry.waiting):
        if things:
            things.pop(data.draw(st.integers(0, len(things) - 1)))
    assert occurrences(ministry.digests(today)) <= before


@quickly
@given(ministries, mornings)
def test_when_all_is_done_there_is_nothing(ministry: Ministry, today: date) -> None:
    ministry.duties.clear()
    ministry.waiting.clear()
    assert ministry.digests(today) == []


@quickly
@given(ministries, mornings)
def test_only_those_with_a_post_today_are_told(ministry: Ministry, today: date) -> None:
    in_office = {post.person for post in ministry.posts if post.held_on(today)}
    assert {digest.person for digest in ministry.digests(today)} <= in_office


@quickly
@given(ministries, mornings, st.integers(5, 40), st.sets(st.integers(0, 40)))
def test_no_occurrence_is_ever_repeated_whatever_the_gaps(
    ministry: Ministry, first: date, length: int, down: set[int]
) -> None:
    digests = ministry.run(first, first + timedelta(days=length), {first + timedelta(days=n) for n in down})
    told = Counter(key for digest in digests for key in occurrences([digest]))
    assert max(told.values(), default=1) == 1
    assert len({(digest.person, digest.at.date()) for digest in digests}) == len(digests)


@quickly
@given(ministries, mornings, st.integers(1, 30))
def test_after_downtime_a_person_gets_no_more_than_the_last_morning_would_have_given(
    ministry: Ministry, first: date, length: int
) -> None:
    """What was missed is not made up for: each thing owed or waiting has one newest truth."""
    afterwards = ministry.digests(first + timedelta(days=length))
    for digest in afterwards:
        subjects = [(topic.occasion, topic.stage, topic.span, topic.step) for topic in digest.topics]
        assert len(subjects) == len(set(subjects))


@quickly
@given(st.lists(duties, min_size=1, max_size=4), mornings)
def test_a_persons_reminders_of_one_thing_only_move_up_the_ladder(owed: list[OpenDuty], first: date) -> None:
    ladder = ["opened", "ahead", "last_day", "overdue"]
    climbs: dict[object, list[int]] = {}
    for digest in Ministry(duties=owed).run(first, first + timedelta(days=60)):
        for topic in digest.topics:
            if topic.step.value in ladder:
                thing = digest.person, topic.occasion, topic.stage, topic.span
                climbs.setdefault(thing, []).append(ladder.index(topic.step.value))
    assert all(earlier <= later for steps in climbs.values() for earlier, later in pairwise(steps))


@quickly
@given(ministries, mornings)
def test_a_quiet_day_lets_nothing_through_but_what_has_no_working_day_left(ministry: Ministry, today: date) -> None:
    for digest in ministry.digests(today):
        preference = ministry.preferences.get(digest.person, ReminderPreference())
        if today.isoweekday() in preference.quiet_weekdays:
            assert all(topic.is_last_working_day for topic in digest.topics)


@quickly
@given(ministries, mornings)
def test_what_a_quiet_day_held_back_comes_on_the_next_day_that_is_not_quiet(ministry: Ministry, first: date) -> None:
    """On every other day a reader with quiet days has heard by then all that is true of it that day."""
    for person, preference in ministry.preferences.items():
        ministry.preferences[person] = replace(preference, lead_days=None)
    told: set[OccurrenceKey] = set()
    for today in (first + timedelta(days=number) for number in range(15)):
        told |= occurrences(ministry.send(today))
        loud = Ministry(posts=ministry.posts, duties=ministry.duties, waiting=ministry.waiting)
        true = {key for key in occurrences(loud.digests(today)) if not _is_quiet(ministry, key.person, today)}
        assert true <= told


def _is_quiet(ministry: Ministry, person: str, today: date) -> bool:
    return today.isoweekday() in ministry.preferences.get(person, ReminderPreference()).quiet_weekdays

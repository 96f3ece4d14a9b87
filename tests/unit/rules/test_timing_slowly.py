"""A slow second opinion on waiting, expiry and age: it tears off calendar leaves, one by one, and asks no rule.

Nothing here calls `consent.rules.days`. Random times, zones, presets, birth days and ways to a shorter wait are given
to the gate and to the slow counting; both must say the same.
"""

import datetime
import zoneinfo
from dataclasses import replace

from hypothesis import assume, example, given
from hypothesis import strategies as st

from clinic.vocabulary import Preset
from consent.facts import AbdominalEmergencyFacts, GateFacts, PrematureBirthFacts, ShorterWaitFacts, WaitFacts
from consent.rules.gate import Stage, decide
from consent.rules.policy import RuleTable, effective_table
from tests.unit.rules.cases import CLINICIAN, HOUR, OPERATOR, consent, good_case, past, procedure
from tests.unit.rules.test_timing import CLEAR_DAYS, EN, LONDON, NEW_YORK, SHANGHAI, STRICT, US, sterilisation, waiting

ZONES = [
    "UTC",
    SHANGHAI,
    NEW_YORK,
    LONDON,
    "Asia/Urumqi",
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "Australia/Lord_Howe",  # changes its clocks by half an hour
    "America/Havana",  # changes them at midnight
    "America/Sao_Paulo",  # had days that began at 01:00
    "Africa/Cairo",
    "Pacific/Apia",  # had no 30 December 2011
]
MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def wall_day(instant: datetime.datetime, zone: str) -> tuple[int, int, int]:
    """The date on the wall, from the offset alone."""
    offset = instant.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset()
    assert offset is not None
    wall = instant.astimezone(datetime.UTC).replace(tzinfo=None) + offset
    return wall.year, wall.month, wall.day


def tomorrow(day: tuple[int, int, int]) -> tuple[int, int, int]:
    year, month, number = day
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    length = MONTH_LENGTHS[month - 1] + (month == 2 and is_leap)
    if number < length:
        return year, month, number + 1
    return (year, month + 1, 1) if month < 12 else (year + 1, 1, 1)


def days_counted(earlier: datetime.datetime, later: datetime.datetime, zone: str) -> int:
    """Tear off calendar leaves until the later date shows."""
    day, last, count = wall_day(earlier, zone), wall_day(later, zone), 0
    while day < last:
        day, count = tomorrow(day), count + 1
    return count


def as_leaf(day: datetime.date) -> tuple[int, int, int]:
    return day.year, day.month, day.day


def leaves(earlier: datetime.date, later: datetime.date) -> int:
    """How many leaves lie between two dates; -1 where the first is the later one."""
    day, last, count = as_leaf(earlier), as_leaf(later), 0
    while day < last:
        day, count = tomorrow(day), count + 1
    return count if day == last else -1


def birthdays_counted(born: tuple[int, int, int], last: tuple[int, int, int]) -> int:
    """Live every day from birth on, and count the birthdays; a leap day's child has hers on 1 March of other years."""
    if last < born:
        return -1
    day, count = born, 0
    while day < last:
        before, day = day, tomorrow(day)
        is_missing_leap_day = born[1:] == (2, 29) and before[1:] == (2, 28) and day[1:] == (3, 1)
        count += day[1:] == born[1:] or is_missing_leap_day
    return count


def hours_counted(earlier: datetime.datetime, later: datetime.datetime) -> int:
    return int(later.timestamp() - earlier.timestamp()) // 3600


SECONDS_2005, SECONDS_2035 = 1_104_537_600, 2_051_222_400
instants = st.integers(SECONDS_2005, SECONDS_2035).map(
    lambda seconds: datetime.datetime.fromtimestamp(seconds, tz=datetime.UTC)
)
DAY_LONG = 86_400
near_the_bars = st.one_of(
    st.integers(0, 200 * DAY_LONG),
    *(st.integers(days * DAY_LONG - 90_000, days * DAY_LONG + 90_000) for days in (3, 14, 30, 180)),
    st.integers(0, DAY_LONG + 90_000),
).map(lambda seconds: datetime.timedelta(seconds=seconds))


def somewhere(zone: str, preset: Preset, signed_at: datetime.datetime, later: datetime.timedelta) -> GateFacts:
    return replace(sterilisation(preset, signed_at, signed_at + later), time_zone=zone)


def unmet(facts: GateFacts, law: RuleTable | None = None) -> set[str]:
    return {one.requirement_id for one in decide(facts, stage=Stage.START, law=law).unmet}


@given(
    zone=st.sampled_from(ZONES),
    preset=st.sampled_from(Preset),
    signed_at=instants,
    later=near_the_bars,
    birth=st.sampled_from([True, False, None]),
    is_clear=st.booleans(),
)
@example("Pacific/Apia", EN, datetime.datetime(2011, 12, 30, 9, tzinfo=datetime.UTC), 2 * HOUR, False, False)
@example(NEW_YORK, STRICT, datetime.datetime(2027, 2, 20, 5, tzinfo=datetime.UTC), 720 * HOUR, False, False)
@example("Africa/Cairo", EN, datetime.datetime(2027, 4, 29, 21, 30, tzinfo=datetime.UTC), HOUR, False, True)
def test_waiting_and_expiry_agree_with_counting_day_by_day(
    zone: str,
    preset: Preset,
    signed_at: datetime.datetime,
    later: datetime.timedelta,
    birth: bool | None,
    is_clear: bool,
) -> None:
    facts = procedure(somewhere(zone, preset, signed_at, later), accompanies_birth=birth)
    days, hours = days_counted(signed_at, facts.at, zone), hours_counted(signed_at, facts.at)
    days_needed, hours_needed = {EN: (1 if birth is False else 14, 0), US: (30, 0)}.get(preset, (30, 720))
    missing = unmet(facts, effective_table(preset, CLEAR_DAYS if is_clear else None))
    assert ("waiting-time" in missing) == (days < days_needed + is_clear or hours < hours_needed)
    assert ("not-expired" in missing) == (days > 180)
    assert ("first-signature-before-the-day" in missing) == (days == 0)


@given(
    zone=st.sampled_from(ZONES),
    preset=st.sampled_from([STRICT, US]),
    signed_at=instants,
    seconds=st.integers(70 * 3600, 74 * 3600),
    due_in=st.integers(26, 34),
    born_before_due=st.one_of(st.integers(-1, 40), st.integers(138, 142)),
    is_by_operator=st.booleans(),
)
def test_an_early_birth_agrees_with_counting_day_by_day(
    zone: str,
    preset: Preset,
    signed_at: datetime.datetime,
    seconds: int,
    due_in: int,
    born_before_due: int,
    is_by_operator: bool,
) -> None:
    facts = somewhere(zone, preset, signed_at, datetime.timedelta(seconds=seconds))
    signed_on = datetime.date(*wall_day(signed_at, zone))
    expected_on = signed_on + datetime.timedelta(days=due_in)
    born_on = expected_on - datetime.timedelta(days=born_before_due)
    birth = PrematureBirthFacts(
        expected_on=expected_on,
        born_on=born_on,
        certified_at=facts.at,
        certified_by=OPERATOR if is_by_operator else CLINICIAN,
    )
    is_early = 1 <= leaves(born_on, expected_on) <= 140 and as_leaf(born_on) <= wall_day(facts.at, zone)
    is_met = (
        is_early
        and leaves(signed_on, expected_on) >= 30
        and is_by_operator
        and hours_counted(signed_at, facts.at) >= 72
    )
    assert ("waiting-time" in unmet(replace(facts, waits=WaitFacts(premature_birth=birth)))) == (not is_met)


@given(
    zone=st.sampled_from(ZONES),
    preset=st.sampled_from([STRICT, US]),
    signed_at=instants,
    seconds=st.integers(71 * 3600, 73 * 3600),
    is_wish=st.booleans(),
    is_carried=st.booleans(),
    holds=st.integers(0, 1),
)
def test_the_other_shorter_waits_agree_with_counting_seconds(
    zone: str,
    preset: Preset,
    signed_at: datetime.datetime,
    seconds: int,
    is_wish: bool,
    is_carried: bool,
    holds: int,
) -> None:
    facts = replace(somewhere(zone, preset, signed_at, datetime.timedelta(seconds=seconds)), open_holds=holds)
    agreed = ShorterWaitFacts(
        asked_at=signed_at,
        was_asked_by_patient=True,
        answered_at=signed_at,
        is_agreed=is_carried,
        was_private=True,
        is_outside_team=True,
        after_birth_or_abortion_72h=False,
    )
    certified = AbdominalEmergencyFacts(is_described=is_carried, certified_at=facts.at, certified_by=OPERATOR)
    facts = replace(
        facts,
        waits=WaitFacts(shorter_wait=agreed if is_wish else None, abdominal_emergency=None if is_wish else certified),
    )
    is_allowed_way = preset is STRICT and holds == 0 if is_wish else True
    assert ("waiting-time" in unmet(facts)) == (not (is_carried and is_allowed_way and seconds >= 72 * 3600))


@given(
    zone=st.sampled_from(ZONES),
    preset=st.sampled_from(Preset),
    signed_at=instants,
    years=st.sampled_from([0, 16, 18, 20, 21, 22]),
    days=st.integers(-3, 3),
)
@example("UTC", US, datetime.datetime(2025, 3, 1, 12, tzinfo=datetime.UTC), 21, -1)
@example("UTC", US, datetime.datetime(2025, 2, 28, 12, tzinfo=datetime.UTC), 21, 1)
@example("Pacific/Apia", US, datetime.datetime(2025, 2, 28, 12, tzinfo=datetime.UTC), 21, 1)
def test_age_agrees_with_counting_birthdays(
    zone: str, preset: Preset, signed_at: datetime.datetime, years: int, days: int
) -> None:
    signed_on = wall_day(signed_at, zone)
    born = datetime.date(signed_on[0] - years, signed_on[1], min(signed_on[2], 28)) + datetime.timedelta(days=days)
    facts = replace(somewhere(zone, preset, signed_at, 40 * 24 * HOUR), birth_date=born)
    age = birthdays_counted(as_leaf(born), signed_on)
    assert ("minimum-age" in unmet(facts)) == (age < (21 if preset is US else 18))
    assert ("guardian-word" in unmet(facts)) == (age < (16 if preset is EN else 18))


@given(zone=st.sampled_from(ZONES), preset=st.sampled_from(Preset), said_at=instants, later=near_the_bars)
def test_a_no_left_in_peace_agrees_with_counting_day_by_day(
    zone: str, preset: Preset, said_at: datetime.datetime, later: datetime.timedelta
) -> None:
    facts = replace(good_case(stage=Stage.OFFER, preset=preset), at=said_at + later, time_zone=zone)
    facts = past(facts, last_no_at=said_at, last_withdrawal_at=said_at)
    missing = {one.requirement_id: one for one in decide(facts, stage=Stage.OFFER).unmet}
    assert ("re-offer-days" in missing) == (days_counted(said_at, facts.at, zone) < 180)
    assert ("contact-lock-hours" in missing) == (hours_counted(said_at, facts.at) < 72)
    for one in missing.values():
        assert one.earliest_at is not None
        assert one.requirement_id not in _offered(replace(facts, at=one.earliest_at))
        assert one.requirement_id in _offered(replace(facts, at=one.earliest_at - datetime.timedelta(microseconds=1)))


def _offered(facts: GateFacts) -> set[str]:
    return {one.requirement_id for one in decide(facts, stage=Stage.OFFER).unmet}


@given(zone=st.sampled_from(ZONES), preset=st.sampled_from(Preset), signed_at=instants, birth=st.booleans())
def test_the_earliest_time_is_the_first_at_which_the_wait_is_over(
    zone: str, preset: Preset, signed_at: datetime.datetime, birth: bool
) -> None:
    facts = procedure(somewhere(zone, preset, signed_at, HOUR), accompanies_birth=birth)
    missing = waiting(facts)
    assume(missing is not None)  # one hour may already lie on another day
    assert missing is not None and missing.earliest_at is not None
    assert waiting(replace(facts, at=missing.earliest_at)) is None
    assert waiting(replace(facts, at=missing.earliest_at - datetime.timedelta(microseconds=1))) is not None


@given(zone=st.sampled_from(ZONES), signed_at=instants, later=near_the_bars)
def test_the_zone_in_which_an_instant_is_written_makes_no_difference(
    zone: str, signed_at: datetime.datetime, later: datetime.timedelta
) -> None:
    facts = somewhere(SHANGHAI, STRICT, signed_at, later)
    there = zoneinfo.ZoneInfo(zone)
    rewritten = consent(
        replace(facts, at=facts.at.astimezone(there)),
        given_at=signed_at.astimezone(there),
        obtainer_stated_at=signed_at.astimezone(there),
        confirmed_at=facts.at.astimezone(there),
        certified_at=facts.at.astimezone(there),
    )
    assert decide(rewritten, stage=Stage.START) == decide(facts, stage=Stage.START)

"""Waiting, expiry and age: the published timing vectors, and a slow second opinion that counts days one by one."""

import datetime
import zoneinfo
from dataclasses import dataclass, replace

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from clinic.vocabulary import Preset
from consent.facts import GateFacts
from consent.rules.case import Case
from consent.rules.gate import Stage, Unmet, decide
from consent.rules.requirements import timing
from consent.vocabulary import ConsentState, SigningState
from tests.unit.rules.cases import HOUR, consent, good_case, procedure, talk

NEW_YORK, SHANGHAI, LONDON = "America/New_York", "Asia/Shanghai", "Europe/London"
ZONE_OF = {
    Preset.US_FEDERAL: NEW_YORK,
    Preset.ENGLAND: LONDON,
    Preset.CHINA_MAINLAND: SHANGHAI,
    Preset.STRICT_DEFAULT: SHANGHAI,
}
US, EN, CN, STRICT = Preset.US_FEDERAL, Preset.ENGLAND, Preset.CHINA_MAINLAND, Preset.STRICT_DEFAULT


def at(text: str, preset: Preset) -> datetime.datetime:
    """A time on the wall of a site under this preset, as a UTC instant."""
    wall = datetime.datetime.fromisoformat(text)
    return wall.replace(tzinfo=zoneinfo.ZoneInfo(ZONE_OF[preset])).astimezone(datetime.UTC)


def sterilisation(preset: Preset, signed_at: datetime.datetime, starts_at: datetime.datetime) -> GateFacts:
    """A sterilisation signed and started at these instants; confirmed and certified just before, all else in order."""
    facts = replace(good_case(preset=preset), at=starts_at, time_zone=ZONE_OF[preset])
    return consent(facts, given_at=signed_at, confirmed_at=starts_at, certified_at=starts_at)


@dataclass(frozen=True)
class Vector:
    id: str
    preset: Preset
    signed: str
    starts: str
    blocked_by: str | None  # the only rule that blocks; None: the gate is open
    born: str = "1990-05-04"
    accompanies_birth: bool | None = False
    states: tuple[SigningState, ...] = ()
    state: ConsentState = ConsentState.CONFIRMED


# Section 2.4 of the safeguard evidence. Times not given there are ours: any would do.
VECTORS = [
    Vector("TV-01", US, "2027-01-15T10:00", "2027-02-13T12:00", "CR-002"),
    Vector("TV-02", US, "2027-01-15T10:00", "2027-02-14T08:00", None),
    Vector("TV-03", US, "2027-01-15T10:00", "2027-07-14T12:00", None),
    Vector("TV-04", US, "2027-01-15T10:00", "2027-07-15T08:00", "CR-006"),
    Vector("TV-05a", STRICT, "2027-03-02T16:00", "2027-04-01T08:00", "CR-002"),
    Vector("TV-05b", US, "2027-01-12T16:00", "2027-02-11T08:00", None),
    Vector("TV-07", US, "2027-05-03T10:00", "2027-05-10T10:00", "CR-002"),
    Vector("TV-09a", US, "2027-02-28T10:00", "2027-04-10T10:00", "CR-001", born="2006-03-01"),
    Vector("TV-09b", STRICT, "2027-02-28T10:00", "2027-04-10T10:00", None, born="2006-03-01"),
    Vector("TV-10a", US, "2025-02-28T10:00", "2025-04-10T10:00", "CR-001", born="2004-02-29"),
    Vector("TV-10b", US, "2025-03-01T10:00", "2025-04-10T10:00", None, born="2004-02-29"),
    Vector("TV-11", CN, "2027-01-15T10:00", "2027-03-15T10:00", "CR-007", states=(SigningState.LABOUR,)),
    *(
        Vector("TV-12", preset, "2027-01-15T10:00", "2027-03-15T08:00", "CR-081", state=ConsentState.WITHDRAWN)
        for preset in Preset  # withdrawn at 07:59: what the gate sees a minute later is the state
    ),
    Vector("TV-13a", EN, "2027-01-15T09:00", "2027-01-15T16:00", "CR-002"),
    Vector("TV-13b", EN, "2027-01-15T16:00", "2027-01-16T08:00", None),
    Vector("TV-14a", EN, "2027-01-15T08:00", "2027-01-28T16:00", "CR-002", accompanies_birth=True),
    Vector("TV-14b", EN, "2027-01-15T16:00", "2027-01-29T08:00", None, accompanies_birth=True),
]
LATER = {
    "TV-06": "premature birth (CR-003) is an exception, and exceptions come with the full rule table",
    "TV-08a": "emergency abdominal surgery (CR-004), as above",
    "TV-08b": "emergency abdominal surgery (CR-004), as above",
    "TV-15a": "shortening asked for by the patient (CR-005), as above",
    "TV-15b": "shortening asked for by the patient (CR-005), as above",
    "TV-15c": "shortening asked for by the patient (CR-005), as above",
    "TV-15d": "shortening asked for by the patient (CR-005), as above",
}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector.id} {vector.preset}")
def test_timing_vector(vector: Vector) -> None:
    facts = sterilisation(vector.preset, at(vector.signed, vector.preset), at(vector.starts, vector.preset))
    facts = replace(facts, birth_date=datetime.date.fromisoformat(vector.born))
    facts = talk(procedure(facts, accompanies_birth=vector.accompanies_birth), signing_states=vector.states)
    verdict = decide(consent(facts, state=vector.state), stage=Stage.START)
    assert [rule for missing in verdict.unmet for rule in missing.rule_ids] == [vector.blocked_by] * (
        vector.blocked_by is not None
    )


def test_the_vectors_here_and_those_that_come_later_are_all_24() -> None:
    here = {vector.id for vector in VECTORS}
    assert here.isdisjoint(LATER)
    assert len(here | set(LATER)) == 24


def waiting(facts: GateFacts) -> Unmet | None:
    missing = [one for one in decide(facts, stage=Stage.START).unmet if one.requirement_id == "waiting-time"]
    return missing[0] if missing else None


def is_expired(facts: GateFacts) -> bool:
    return any(one.requirement_id == "not-expired" for one in decide(facts, stage=Stage.START).unmet)


def test_age_counts_on_the_day_of_signing_also_while_signing() -> None:
    facts = replace(
        good_case(stage=Stage.SIGNING, preset=US), time_zone=NEW_YORK, birth_date=datetime.date(2004, 2, 29)
    )
    too_early = replace(facts, at=at("2025-02-28T23:59", US))
    assert [one.rule_ids for one in decide(too_early, stage=Stage.SIGNING).unmet] == [("CR-001",)]
    assert decide(replace(facts, at=at("2025-03-01T00:00", US)), stage=Stage.SIGNING).is_allowed


def test_an_unknown_birth_plan_waits_as_long_as_a_birth() -> None:
    facts = sterilisation(EN, at("2027-01-15T16:00", EN), at("2027-01-20T08:00", EN))
    assert waiting(facts) is None
    missing = waiting(procedure(facts, accompanies_birth=None))
    assert missing is not None
    assert missing.detail == "Days between signing and the procedure: at least 14."
    assert missing.earliest_at == at("2027-01-29T00:00", EN)


def test_the_later_of_days_and_hours_ends_the_wait() -> None:
    """Mrs Li, from the gate's first page."""
    missing = waiting(sterilisation(STRICT, at("2027-03-02T16:00", STRICT), at("2027-04-01T08:00", STRICT)))
    assert missing is not None
    assert missing.detail == "Days between signing and the procedure: at least 30; hours: at least 720."
    assert missing.earliest_at == at("2027-04-01T16:00", STRICT)
    federal = waiting(sterilisation(US, at("2027-01-15T16:00", US), at("2027-02-01T08:00", US)))
    assert federal is not None and federal.earliest_at == at("2027-02-14T00:00", US)


def test_expiry_says_how_old_the_consent_is() -> None:
    facts = sterilisation(US, at("2027-01-15T10:00", US), at("2027-07-15T08:00", US))
    (missing,) = decide(facts, stage=Stage.START).unmet
    assert missing.detail == "Days since signing: 181; here a consent holds for 180."


# ---- The second opinion -------------------------------------------------------------------------------------------

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


def hours_counted(earlier: datetime.datetime, later: datetime.datetime) -> int:
    return int(later.timestamp() - earlier.timestamp()) // 3600


SECONDS_2005, SECONDS_2035 = 1_104_537_600, 2_051_222_400
instants = st.integers(SECONDS_2005, SECONDS_2035).map(
    lambda seconds: datetime.datetime.fromtimestamp(seconds, tz=datetime.UTC)
)
near_the_bars = st.one_of(
    st.integers(min_value=0, max_value=200 * 86_400),
    *(st.integers(min_value=-90_000, max_value=90_000).map(lambda s, d=d: d * 86_400 + s) for d in (1, 14, 30, 180)),
).map(lambda seconds: datetime.timedelta(seconds=abs(seconds)))


def somewhere(zone: str, preset: Preset, signed_at: datetime.datetime, later: datetime.timedelta) -> GateFacts:
    return replace(sterilisation(preset, signed_at, signed_at + later), time_zone=zone)


@settings(deadline=None)  # a slow machine is no wrong answer
@given(zone=st.sampled_from(ZONES), preset=st.sampled_from(Preset), signed_at=instants, later=near_the_bars)
@example("Pacific/Apia", EN, datetime.datetime(2011, 12, 30, 9, tzinfo=datetime.UTC), 2 * HOUR)
@example(NEW_YORK, STRICT, datetime.datetime(2027, 2, 20, 5, tzinfo=datetime.UTC), 720 * HOUR)
def test_waiting_and_expiry_agree_with_counting_day_by_day(
    zone: str, preset: Preset, signed_at: datetime.datetime, later: datetime.timedelta
) -> None:
    facts = somewhere(zone, preset, signed_at, later)
    days, hours = days_counted(signed_at, facts.at, zone), hours_counted(signed_at, facts.at)
    days_needed, hours_needed = {EN: (1, 0), US: (30, 0)}.get(preset, (30, 720))
    assert (waiting(facts) is None) == (days >= days_needed and hours >= hours_needed)
    assert is_expired(facts) == (days > 180)


@settings(deadline=None)  # a slow machine is no wrong answer
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


@settings(deadline=None)  # a slow machine is no wrong answer
@given(zone=st.sampled_from(ZONES), signed_at=instants, later=near_the_bars)
def test_the_zone_in_which_an_instant_is_written_makes_no_difference(
    zone: str, signed_at: datetime.datetime, later: datetime.timedelta
) -> None:
    facts = somewhere(SHANGHAI, STRICT, signed_at, later)
    elsewhere = facts.at.astimezone(zoneinfo.ZoneInfo(zone))
    rewritten = consent(
        replace(facts, at=elsewhere),
        given_at=signed_at.astimezone(zoneinfo.ZoneInfo(zone)),
        confirmed_at=elsewhere,
        certified_at=elsewhere,
    )
    assert decide(rewritten, stage=Stage.START) == decide(facts, stage=Stage.START)


def test_there_is_no_earliest_time_without_a_signature() -> None:
    facts = consent(good_case(), given_at=None)
    assert timing.explain_wait(Case.of(facts, stage=Stage.START)).earliest_at is None

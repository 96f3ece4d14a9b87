"""Waiting, expiry and age: the 24 published timing vectors, and single cases at the edges of a day."""

import datetime
import zoneinfo
from dataclasses import dataclass, replace

import pytest

from clinic.vocabulary import Particular, Preset, ProcedureCategory
from consent.facts import AbdominalEmergencyFacts, GateFacts, PrematureBirthFacts, ShorterWaitFacts, WaitFacts
from consent.rules.case import Case
from consent.rules.gate import Stage, Unmet, decide
from consent.rules.policy import effective_table
from consent.rules.requirements import timing
from consent.vocabulary import ConsentState, SigningState
from tests.unit.rules.cases import (
    DAY,
    HOUR,
    MINUTE,
    OPERATOR,
    SOMEONE_ELSE,
    STARTS_AT,
    consent,
    good_case,
    past,
    procedure,
    talk,
    waits,
)

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
    facts = talk(facts, held_at=signed_at - 2 * HOUR, sheet_opened_at=signed_at - 3 * HOUR)
    facts = past(facts, choice_recorded_at=signed_at - 2 * HOUR)
    return consent(
        facts, given_at=signed_at, obtainer_stated_at=signed_at, confirmed_at=starts_at, certified_at=starts_at
    )


def early_birth(expected: str, born: str, starts: str, preset: Preset) -> WaitFacts:
    """A birth that came early, certified by the operator just before the start."""
    return WaitFacts(
        premature_birth=PrematureBirthFacts(
            expected_on=datetime.date.fromisoformat(expected),
            born_on=datetime.date.fromisoformat(born),
            certified_at=at(starts, preset),
            certified_by=OPERATOR,
        )
    )


def emergency(starts: str, preset: Preset) -> WaitFacts:
    """An emergency in which the belly must be opened, certified and described."""
    return WaitFacts(
        abdominal_emergency=AbdominalEmergencyFacts(
            is_described=True, certified_at=at(starts, preset), certified_by=OPERATOR
        )
    )


def wish(signed: str, preset: Preset) -> WaitFacts:
    """Her own wish, agreed on by a second clinician from outside the team after a talk alone."""
    return WaitFacts(
        shorter_wait=ShorterWaitFacts(
            asked_at=at(signed, preset) + HOUR,
            was_asked_by_patient=True,
            answered_at=at(signed, preset) + 2 * HOUR,
            is_agreed=True,
            was_private=True,
            is_outside_team=True,
            after_birth_or_abortion_72h=False,
        )
    )


@dataclass(frozen=True)
class Vector:
    id: str
    preset: Preset
    signed: str
    starts: str
    blocked_by: str | None  # the rule that blocks; None: the gate is open
    born: str = "1990-05-04"
    accompanies_birth: bool | None = False
    states: tuple[SigningState, ...] = ()
    state: ConsentState = ConsentState.CONFIRMED
    waits: WaitFacts | None = None
    open_holds: int = 0
    also: tuple[str, ...] = ()  # other rules that see the same day


SIGNED_15 = "2027-03-02T09:00"

# Section 2.4 of the safeguard evidence. Times not given there are ours: any would do.
VECTORS = [
    Vector("TV-01", US, "2027-01-15T10:00", "2027-02-13T12:00", "CR-002"),
    Vector("TV-02", US, "2027-01-15T10:00", "2027-02-14T08:00", None),
    Vector("TV-03", US, "2027-01-15T10:00", "2027-07-14T12:00", None),
    Vector("TV-04", US, "2027-01-15T10:00", "2027-07-15T08:00", "CR-006"),
    Vector("TV-05a", STRICT, "2027-03-02T16:00", "2027-04-01T08:00", "CR-002"),
    Vector("TV-05b", US, "2027-01-12T16:00", "2027-02-11T08:00", None),
    Vector(
        "TV-06",
        US,
        "2027-04-20T10:00",
        "2027-04-28T10:00",
        None,
        waits=early_birth("2027-06-01", "2027-04-27", "2027-04-28T10:00", US),
    ),
    Vector(
        "TV-07",
        US,
        "2027-05-03T10:00",
        "2027-05-10T10:00",
        "CR-002",
        waits=early_birth("2027-06-01", "2027-05-09", "2027-05-10T10:00", US),
    ),
    Vector("TV-08a", US, "2027-03-12T09:00", "2027-03-15T09:00", "CR-002", waits=emergency("2027-03-15T09:00", US)),
    Vector("TV-08b", US, "2027-03-12T09:00", "2027-03-15T10:00", None, waits=emergency("2027-03-15T10:00", US)),
    Vector("TV-09a", US, "2027-02-28T10:00", "2027-04-10T10:00", "CR-001", born="2006-03-01"),
    Vector("TV-09b", STRICT, "2027-02-28T10:00", "2027-04-10T10:00", None, born="2006-03-01"),
    Vector("TV-10a", US, "2025-02-28T10:00", "2025-04-10T10:00", "CR-001", born="2004-02-29"),
    Vector("TV-10b", US, "2025-03-01T10:00", "2025-04-10T10:00", None, born="2004-02-29"),
    Vector("TV-11", CN, "2027-01-15T10:00", "2027-03-15T10:00", "CR-007", states=(SigningState.LABOUR,)),
    *(
        Vector("TV-12", preset, "2027-01-15T10:00", "2027-03-15T08:00", "CR-081", state=ConsentState.WITHDRAWN)
        for preset in Preset  # withdrawn at 07:59: what the gate sees a minute later is the state
    ),
    Vector("TV-13a", EN, "2027-01-15T09:00", "2027-01-15T16:00", "CR-002", also=("CR-020",)),
    Vector("TV-13b", EN, "2027-01-15T16:00", "2027-01-16T08:00", None),
    Vector("TV-14a", EN, "2027-01-15T08:00", "2027-01-28T16:00", "CR-002", accompanies_birth=True),
    Vector("TV-14b", EN, "2027-01-15T16:00", "2027-01-29T08:00", None, accompanies_birth=True),
    Vector("TV-15a", STRICT, SIGNED_15, "2027-03-05T08:59", "CR-002", waits=wish(SIGNED_15, STRICT)),
    Vector("TV-15b", STRICT, SIGNED_15, "2027-03-05T09:00", None, waits=wish(SIGNED_15, STRICT)),
    Vector("TV-15c", STRICT, SIGNED_15, "2027-03-05T09:00", "CR-002", waits=wish(SIGNED_15, STRICT), open_holds=1),
    Vector("TV-15d", US, SIGNED_15, "2027-03-05T09:00", "CR-002", waits=wish(SIGNED_15, US)),
]


def facts_of(vector: Vector) -> GateFacts:
    facts = sterilisation(vector.preset, at(vector.signed, vector.preset), at(vector.starts, vector.preset))
    facts = replace(facts, birth_date=datetime.date.fromisoformat(vector.born), waits=vector.waits or WaitFacts())
    facts = talk(procedure(facts, accompanies_birth=vector.accompanies_birth), signing_states=vector.states)
    return replace(consent(facts, state=vector.state), open_holds=vector.open_holds)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector.id} {vector.preset}")
def test_timing_vector(vector: Vector) -> None:
    verdict = decide(facts_of(vector), stage=Stage.START)
    blocked_by = [rule for missing in verdict.unmet for rule in missing.rule_ids]
    assert blocked_by == ([vector.blocked_by, *vector.also] if vector.blocked_by else [])
    assert verdict.is_allowed == (vector.blocked_by is None)
    assert ("no-hold" in {missing.requirement_id for missing in verdict.unmet}) == bool(vector.open_holds)


def test_all_24_vectors_are_here() -> None:
    assert len({vector.id for vector in VECTORS}) == 24


def vector(name: str) -> GateFacts:
    return next(facts_of(one) for one in VECTORS if one.id == name)


def waiting(facts: GateFacts) -> Unmet | None:
    missing = [one for one in decide(facts, stage=Stage.START).unmet if one.requirement_id == "waiting-time"]
    return missing[0] if missing else None


def only(facts: GateFacts, way: str, **changes: object) -> GateFacts:
    """The same case with one thing in the recorded way to a shorter wait changed."""
    assert facts.waits is not None
    return waits(facts, **{way: replace(getattr(facts.waits, way), **changes)})


@pytest.mark.parametrize(
    "changes",
    [
        {"expected_on": datetime.date(2027, 5, 19)},  # signed 29 days before
        {"born_on": datetime.date(2027, 4, 29)},  # not born yet
        {"born_on": datetime.date(2027, 6, 1)},  # born on the day it was due
        {"certified_by": SOMEONE_ELSE},
        {"certified_at": at("2027-04-28T10:01", US)},
    ],
)
def test_an_early_birth_shortens_the_wait_only_as_certified(changes: dict[str, object]) -> None:
    assert waiting(vector("TV-06")) is None
    assert waiting(only(vector("TV-06"), "premature_birth", **changes)) is not None


def test_an_early_birth_signed_exactly_thirty_days_before_the_due_day_counts() -> None:
    facts = only(vector("TV-06"), "premature_birth", expected_on=datetime.date(2027, 5, 20))
    assert waiting(facts) is None
    assert waiting(replace(facts, time_zone="Asia/Nowhere")) is not None


@pytest.mark.parametrize(
    "changes", [{"is_described": False}, {"certified_by": SOMEONE_ELSE}, {"certified_at": at("2027-03-15T10:01", US)}]
)
def test_an_emergency_shortens_the_wait_only_as_certified(changes: dict[str, object]) -> None:
    assert waiting(vector("TV-08b")) is None
    assert waiting(only(vector("TV-08b"), "abdominal_emergency", **changes)) is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"was_asked_by_patient": False},
        {"answered_at": None},
        {"answered_at": at("2027-03-02T09:59", STRICT)},  # before she asked
        {"answered_at": at("2027-03-05T09:01", STRICT)},
        {"is_agreed": False},
        {"is_agreed": None},
        {"was_private": False},
        {"was_private": None},
        {"is_outside_team": False},
        {"is_outside_team": None},
        {"after_birth_or_abortion_72h": True},
        {"after_birth_or_abortion_72h": None},
    ],
)
def test_her_own_wish_shortens_the_wait_only_as_agreed(changes: dict[str, object]) -> None:
    assert waiting(vector("TV-15b")) is None
    assert waiting(only(vector("TV-15b"), "shorter_wait", **changes)) is not None


def test_a_shorter_wait_says_when_it_is_over() -> None:
    for name, earliest in (("TV-08a", at("2027-03-15T10:00", US)), ("TV-15a", at("2027-03-05T09:00", STRICT))):
        missing = waiting(vector(name))
        assert missing is not None and missing.earliest_at == earliest


def test_what_makes_a_wait_shorter_is_named() -> None:
    for name, way, beside in (
        ("TV-06", "waits.premature_birth", "procedure.operator_id"),
        ("TV-08b", "waits.abdominal_emergency", "procedure.operator_id"),
        ("TV-15b", "waits.shorter_wait", "open_holds"),
    ):
        (requirement,) = [one for one in timing.REQUIREMENTS if one.id == "waiting-time"]
        names = requirement.fact_names(Case.of(vector(name), stage=Stage.START))
        assert names == ("consent.given_at", "time_zone", way, beside)
        assert waiting(waits(vector(name), **{way.removeprefix("waits."): None})) is not None
    both = waits(vector("TV-06"), abdominal_emergency=emergency("2027-04-28T10:00", US).abdominal_emergency)
    assert requirement.fact_names(Case.of(both, stage=Stage.START))[2:] == ("waits",)
    assert waiting(replace(both, waits=None)) is not None
    short = sterilisation(EN, at("2027-01-15T16:00", EN), at("2027-01-20T08:00", EN))
    assert requirement.fact_names(Case.of(short, stage=Stage.START))[2:] == ("procedure.accompanies_birth",)


CLEAR_DAYS = "[CR-002.count_mode]\nSTER = { value = 'clear-days' }"


@pytest.mark.parametrize(
    ("preset", "signed", "starts", "is_over"),
    [
        (US, "2027-01-15T10:00", "2027-02-14T23:59", False),
        (US, "2027-01-15T10:00", "2027-02-15T00:00", True),
        (EN, "2027-01-15T10:00", "2027-01-16T10:00", False),
        (EN, "2027-01-15T10:00", "2027-01-17T00:00", True),
    ],
)
def test_clear_days_count_neither_end(preset: Preset, signed: str, starts: str, is_over: bool) -> None:
    law = effective_table(preset, CLEAR_DAYS)
    verdict = decide(sterilisation(preset, at(signed, preset), at(starts, preset)), stage=Stage.START, law=law)
    assert verdict.is_allowed is is_over
    if not is_over:
        (missing,) = verdict.unmet
        days = 31 if preset is US else 2
        assert missing.detail == f"Days between signing and the procedure: at least {days}."
        assert missing.earliest_at == at(signed[:10] + "T00:00", preset) + days * DAY


def test_age_counts_on_the_day_of_signing_also_while_signing() -> None:
    facts = replace(
        good_case(stage=Stage.SIGNING, preset=US), time_zone=NEW_YORK, birth_date=datetime.date(2004, 2, 29)
    )
    facts = talk(facts, held_at=STARTS_AT - 1000 * DAY, sheet_opened_at=STARTS_AT - 1000 * DAY)
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


def test_a_first_signature_on_the_day_may_start_from_tomorrow() -> None:
    facts = sterilisation(EN, at("2027-01-15T09:00", EN), at("2027-01-15T16:00", EN))
    by_id = {one.requirement_id: one for one in decide(facts, stage=Stage.START).unmet}
    assert by_id["first-signature-before-the-day"].earliest_at == at("2027-01-16T00:00", EN)


def test_a_pause_says_when_it_is_over() -> None:
    talked_at = STARTS_AT - 20 * MINUTE
    (missing,) = decide(talk(good_case(stage=Stage.SIGNING), held_at=talked_at), stage=Stage.SIGNING).unmet
    assert (missing.requirement_id, missing.earliest_at) == ("breathing-minutes", talked_at + HOUR)
    assert missing.detail == "Minutes between the talk and the signature: at least 60."
    assert decide(replace(good_case(stage=Stage.SIGNING), at=STARTS_AT), stage=Stage.SIGNING).is_allowed


def test_a_device_with_a_birth_says_when_it_may_be_put_in() -> None:
    chosen_at = STARTS_AT - 10 * HOUR
    facts = procedure(good_case(ProcedureCategory.LARC_IN, preset=CN), accompanies_birth=True)
    (missing,) = decide(past(facts, choice_recorded_at=chosen_at), stage=Stage.START).unmet
    assert (missing.requirement_id, missing.earliest_at) == ("hours-after-choice", chosen_at + DAY)
    assert missing.detail == "Hours since the choice was recorded: at least 24."
    assert decide(past(facts, choice_recorded_at=STARTS_AT - DAY), stage=Stage.START).is_allowed
    (warning,) = decide(past(replace(facts, preset=EN), choice_recorded_at=chosen_at), stage=Stage.START).warnings
    assert warning.requirement_id == "hours-after-choice"


def test_an_offer_after_a_no_says_from_when() -> None:
    said_at = at("2027-03-02T16:00", STRICT)
    facts = past(good_case(stage=Stage.OFFER), last_no_at=said_at)
    (missing,) = decide(facts, stage=Stage.OFFER).unmet
    assert (missing.requirement_id, missing.earliest_at) == ("re-offer-days", at("2027-08-29T00:00", STRICT))
    assert missing.detail == "Days since the patient said no: at least 180."
    assert missing.fact_names == ("past.last_no_at",)
    assert decide(replace(facts, at=at("2027-08-29T00:00", STRICT)), stage=Stage.OFFER).is_allowed
    assert not decide(replace(facts, at=at("2027-08-28T23:59", STRICT)), stage=Stage.OFFER).is_allowed
    for key in ("patient_asked_at", "clinical_fact_at"):
        assert decide(past(facts, **{key: said_at + MINUTE}), stage=Stage.OFFER).is_allowed
        assert not decide(past(facts, **{key: said_at}), stage=Stage.OFFER).is_allowed


def test_an_offer_after_a_withdrawal_says_from_when() -> None:
    taken_back_at = STARTS_AT - 10 * HOUR
    facts = past(good_case(stage=Stage.OFFER), last_withdrawal_at=taken_back_at)
    (missing,) = decide(facts, stage=Stage.OFFER).unmet
    assert (missing.requirement_id, missing.earliest_at) == ("contact-lock-hours", taken_back_at + 72 * HOUR)
    assert missing.detail == "Hours since the patient took it back: at least 72."
    assert missing.fact_names == ("past.last_withdrawal_at",)
    assert decide(past(facts, last_withdrawal_at=STARTS_AT - 72 * HOUR), stage=Stage.OFFER).is_allowed
    assert decide(past(facts, patient_asked_at=taken_back_at + MINUTE), stage=Stage.OFFER).is_allowed
    assert not decide(past(facts, patient_asked_at=taken_back_at), stage=Stage.OFFER).is_allowed


def test_nothing_but_her_asking_ends_a_no_to_a_pregnancy_test() -> None:
    facts = good_case(ProcedureCategory.TEST, stage=Stage.OFFER, particular=Particular.PREGNANCY_TEST)
    (missing,) = decide(past(facts, last_no_at=STARTS_AT - 5000 * DAY), stage=Stage.OFFER).unmet
    assert missing.detail == "It may be offered again when the patient asks for it."
    assert missing.earliest_at is None


def test_there_is_no_earliest_time_without_a_signature() -> None:
    facts = consent(good_case(), given_at=None)
    assert timing.explain_wait(Case.of(facts, stage=Stage.START)).earliest_at is None


def test_numbers_of_a_day_are_named() -> None:
    many, too_many = (past(good_case(), operator_starts_today=number) for number in (29, 30))
    (warning,) = decide(many, stage=Stage.START).warnings
    assert warning.detail == "Begun by this operator today: 29; at most 10."
    (missing,) = decide(too_many, stage=Stage.START).unmet
    assert missing.detail == "Begun by this operator today: 30; at most 30."

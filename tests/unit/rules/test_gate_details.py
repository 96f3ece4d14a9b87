"""What the gate says about the number, the day or the finding that is missing, and from when waiting alone mends it."""

import datetime
from dataclasses import replace

import pytest

from clinic.vocabulary import Preset, ProcedureCategory
from consent.facts import GateFacts
from consent.rules.disclosure import required_elements
from consent.rules.gate import REQUIREMENTS, Stage, Unmet, Verdict, decide, rules_unreadable
from consent.rules.policy import effective_table
from consent.rules.requirements.disclosure import VACCINE
from consent.rules.rule_table import PolicyError
from consent.vocabulary import ExcludedSubject, SigningState
from tests.unit.rules.cases import DAY, HOUR, STARTS_AT, consent, good_case, offer, past, talk
from tests.unit.rules.truth_table import BROKEN, SECOND, STATUTE, Row

BY_ID = {requirement.id: requirement for requirement in REQUIREMENTS}
DAYS_LEFT_ON_THE_CALENDAR = "2027-06-15T16:00:00+00:00"  # the next day begins in Shanghai

# What is broken in a row of the truth table: what the gate says then, and from when it would be met.
DETAILS: dict[tuple[str, str], tuple[str, str | None]] = {
    ("consent-state", "not informed"): ("The consent now stands at: draft.", None),
    ("consent-state", "given already"): ("The consent now stands at: given.", None),
    ("consent-state", "withdrawn"): ("The consent now stands at: withdrawn.", None),
    ("right-procedure", "another code"): ("What is planned is no longer what the patient was asked about.", None),
    ("sheet-current", "newer major version"): ("A new version of the information sheet is published.", None),
    ("re-offer-days", "179 days ago"): ("Days since the patient said no: at least 180.", DAYS_LEFT_ON_THE_CALENDAR),
    ("re-offer-days", "89 days ago"): ("Days since the patient said no: at least 90.", DAYS_LEFT_ON_THE_CALENDAR),
    ("re-offer-days", "asked and found before the last no"): (
        "Days since the patient said no: at least 180.",
        "2027-10-12T16:00:00+00:00",
    ),
    ("re-offer-days", "years ago, until asked"): ("It may be offered again when the patient asks for it.", None),
    ("contact-lock-hours", "just now"): (
        "Hours since the patient took it back: at least 72.",
        "2027-06-15T09:00:01+00:00",
    ),
    ("minimum-age", "seventeen, though able"): ("Years of age on the day of signing: at least 18.", None),
    ("waiting-time", "ten days"): (
        "Days between signing and the procedure: at least 30; hours: at least 720.",
        "2027-07-05T09:00:00+00:00",
    ),
    ("waiting-time", "720 hours less one"): (
        "Days between signing and the procedure: at least 30; hours: at least 720.",
        "2027-06-15T10:00:00+00:00",
    ),
    ("not-expired", "200 days"): ("Days since signing: 200; here a consent holds for 180.", None),
    ("hours-after-choice", "a day less a second"): (
        "Hours since the choice was recorded: at least 24.",
        "2027-06-15T09:00:01+00:00",
    ),
    ("imposed-wait-hours", "71 hours"): (
        "Hours since the talk: at least 72, because a statute asks for it.",
        "2027-06-15T10:00:00+00:00",
    ),
    ("breathing-minutes", "59 minutes"): (
        "Minutes between the talk and the signature: at least 60.",
        "2027-06-15T09:01:00+00:00",
    ),
    ("operator-day-max", "the 31st"): ("Begun by this operator today: 30; at most 30.", None),
    ("operator-day-warn", "the 11th"): ("Begun by this operator today: 10; at most 10.", None),
    ("capacity", "in doubt, nobody assessed"): ("There was a doubt, and nobody has assessed it since.", None),
    ("capacity", "found lacking"): ("The newest finding is that the patient cannot make this decision.", None),
    ("capacity", "found able, then lacking"): (
        "The newest finding is that the patient cannot make this decision.",
        None,
    ),
    ("capacity", "lacking, then able, by the same clinician"): (
        'The same clinician first found "cannot decide" and later "can decide". Both stay on record; let another'
        " clinician assess.",
        None,
    ),
    ("capacity", "able before the doubt"): ("The newest finding is older than the newest doubt.", None),
    ("guardian-word", "guardians disagree"): (
        "Those who look after the patient disagree: one agrees, and one does not.",
        None,
    ),
    ("excluded-subjects", "declared unable"): ("Recorded: declared-unable-by-court.", None),
    ("signing-moment", "in labour"): ("Recorded: labour.", None),
    ("understanding", "six"): ("Understood: 6 of 6 asked; needed: 7.", None),
    ("understanding", "one left open"): ("Understood: 7 of 8 asked; needed: 7.", None),
    ("time-alone", "nine minutes"): ("Minutes alone: 9 recorded, 10 needed.", None),
    ("alternatives-opened", "three"): ("Other choices opened for 10 seconds: 3; needed: 4.", None),
    ("alternatives-opened", "one four times"): ("Other choices opened for 10 seconds: 1; needed: 4.", None),
    ("alternatives-opened", "not doing nothing"): (
        "Other choices opened for 10 seconds: 5; needed: 4, and doing nothing as well.",
        None,
    ),
    ("reading-floor-percent", "half the time less a second"): (
        "Seconds the sheet must be open before signing: at least 200.",
        "2027-06-15T09:00:01+00:00",
    ),
    ("reading-pace-percent", "a second too few"): (
        "Seconds the sheet must be open before signing: at least 400.",
        "2027-06-15T09:00:01+00:00",
    ),
    ("confirmed-today", "241 minutes ago"): (
        "The confirmation must be of the same day and at most 240 minutes old.",
        None,
    ),
}
ROWS = [row for row in BROKEN if (row.requirement, row.what) in DETAILS]


def unmet_of(row: Row, stage: Stage) -> Unmet:
    facts = row.change(good_case(row.category, stage=stage, particular=row.particular))
    verdict = decide(facts, stage=stage, law=effective_table(Preset.STRICT_DEFAULT, row.overrides or None))
    (found,) = [one for one in (*verdict.unmet, *verdict.warnings) if one.requirement_id == row.requirement]
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.requirement}, {row.what}, {row.category}")
def test_what_is_missing_is_said_with_its_numbers_and_its_day(row: Row) -> None:
    detail, earliest = DETAILS[row.requirement, row.what]
    for stage in row.stages or BY_ID[row.requirement].stages:
        found = unmet_of(row, stage)
        assert found.detail == detail
        assert (found.earliest_at and found.earliest_at.isoformat()) == earliest
        assert found.earliest_at is None or found.earliest_at.tzinfo is datetime.UTC


def test_whatever_the_gate_says_more_about_is_in_this_table() -> None:
    rows = [(row, min(row.stages or BY_ID[row.requirement].stages)) for row in BROKEN]
    says_more = {row.requirement for row, stage in rows if unmet_of(row, stage).detail_template}
    assert {requirement for requirement, _ in DETAILS} == says_more


def test_a_first_signature_counts_from_the_next_day_at_the_clinic() -> None:
    (row,) = (one for one in BROKEN if one.requirement == "first-signature-before-the-day" and one.category == "MAJOR")
    found = unmet_of(row, Stage.START)
    assert (found.detail_template, found.earliest_at) == (
        "",
        datetime.datetime.fromisoformat(DAYS_LEFT_ON_THE_CALENDAR),
    )


@pytest.mark.parametrize(("waited", "is_unmet"), [(72 * HOUR, False), (72 * HOUR - SECOND, True)])
def test_hours_that_a_statute_asks_for_are_counted_to_the_second(waited: datetime.timedelta, is_unmet: bool) -> None:
    facts = talk(good_case(ProcedureCategory.ABRT), held_at=STARTS_AT - waited)
    unmet = decide(facts, stage=Stage.START, law=effective_table(Preset.STRICT_DEFAULT, STATUTE)).unmet
    assert [one.requirement_id for one in unmet] == ["imposed-wait-hours"] * is_unmet
    assert all(one.fact_names == ("conversation.held_at",) for one in unmet)


@pytest.mark.parametrize(
    ("at", "is_unmet"), [("2027-06-14T15:59:59+00:00", True), ("2027-06-14T16:00:00+00:00", False)]
)
def test_a_statute_ends_with_its_last_day_at_the_clinic(at: str, is_unmet: bool) -> None:
    now = datetime.datetime.fromisoformat(at)
    facts = replace(talk(good_case(ProcedureCategory.ABRT), held_at=now - HOUR), at=now)
    law = effective_table(Preset.STRICT_DEFAULT, STATUTE.replace("2028-01-01", "2027-06-14"))
    found = {one.requirement_id for one in decide(facts, stage=Stage.START, law=law).unmet}
    assert ("imposed-wait-hours" in found) == is_unmet


def test_where_no_talk_is_known_the_wait_of_a_statute_is_unknown() -> None:
    facts = replace(good_case(ProcedureCategory.ABRT), conversation=None)
    law = effective_table(Preset.STRICT_DEFAULT, STATUTE)
    unknown = {one.requirement_id for one in decide(facts, stage=Stage.START, law=law).unmet if one.is_unknown}
    assert "imposed-wait-hours" in unknown
    assert "imposed-wait-hours" not in {one.requirement_id for one in decide(facts, stage=Stage.START).unmet}


def test_a_sheet_that_tells_just_what_must_be_told_of_a_vaccine_is_enough() -> None:
    items = tuple(item for item in required_elements(ProcedureCategory.VACC) if item.startswith(VACCINE))
    facts = good_case(ProcedureCategory.VACC, stage=Stage.SIGNING)
    told = {one.requirement_id for one in decide(consent(facts, sheet_elements=items), stage=Stage.SIGNING).unmet}
    assert items and "vaccine-items" not in told
    less = decide(consent(facts, sheet_elements=items[1:]), stage=Stage.SIGNING)
    assert "vaccine-items" in {one.requirement_id for one in less.unmet}


def test_several_findings_are_named_in_order() -> None:
    two = (ExcludedSubject.INSTITUTIONALISED, ExcludedSubject.COURT_DECLARED)
    at_offer = offer(good_case(stage=Stage.OFFER), excluded_as=two)
    assert (
        said(at_offer, Stage.OFFER)["excluded-subjects"] == "Recorded: declared-unable-by-court, held-in-institution."
    )
    at_start = talk(good_case(), signing_states=(SigningState.LABOUR, SigningState.DETAINED))
    assert said(at_start, Stage.START)["signing-moment"] == "Recorded: detained-or-in-custody, labour."


def said(facts: GateFacts, stage: Stage) -> dict[str, str]:
    return {one.requirement_id: one.detail for one in decide(facts, stage=stage).unmet}


def test_rules_that_cannot_be_read_shut_the_gate_with_their_reason() -> None:
    verdict = rules_unreadable(PolicyError("england.toml:7: CR-050: no such rule"))
    assert verdict == Verdict(
        unmet=(
            Unmet(
                requirement_id="rules-readable",
                rule_ids=(),
                sentence="The rules of this clinic cannot be read, so nothing can go ahead."
                " Tell whoever runs the server.",
                patient_sentence="Because of a fault at the clinic nothing can go ahead now. You can still say no.",
                source="Design: what is not known is not met",
                is_unknown=False,
                detail_template="What is wrong: %(problem)s",
                detail_params={"problem": "england.toml:7: CR-050: no such rule"},
            ),
        ),
        warnings=(),
    )
    assert not verdict.is_allowed


@pytest.mark.parametrize("requirement", ["re-offer-days", "contact-lock-hours"])
def test_where_nothing_is_known_of_the_past_the_past_is_the_missing_fact(requirement: str) -> None:
    facts = replace(good_case(stage=Stage.OFFER), past=None)
    (found,) = [one for one in decide(facts, stage=Stage.OFFER).unmet if one.requirement_id == requirement]
    assert (found.is_unknown, found.fact_names) == (True, ("past",))


def test_without_a_zone_no_day_is_counted() -> None:
    facts = replace(past(good_case(stage=Stage.OFFER), last_no_at=STARTS_AT - 400 * DAY), time_zone="")
    found = {one.requirement_id: one.is_unknown for one in decide(facts, stage=Stage.OFFER).unmet}
    assert found["re-offer-days"] is True

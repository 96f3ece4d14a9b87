"""What each state becomes: the table row by row, and over all facts never `active` without her word on the day."""

import datetime
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.fhir import bundle_r4, consents_r5, only_these
from consent.fhir.bundle import references_in
from consent.fhir.page import fhir_page
from consent.fhir.states import STATE_TABLE, Standing, standing_of
from consent.fhir.values import day_of
from consent.fhir_facts import ConsentFacts, PatientFacts
from consent.vocabulary import ConsentState, Decision
from tests.unit.fhir.samples import CONSENT, CONSENTS, OLDER, PROCEDURE, at, facts_of

Seen = tuple[str, str | None]

# Written out by hand: status and decision of each Consent in the file, R4 and R5.
EXPECTED: dict[Standing, tuple[list[Seen], list[Seen]]] = {
    Standing.PREPARED: ([("draft", None)], [("draft", None)]),
    Standing.INFORMED: ([("proposed", None)], [("draft", None)]),
    Standing.WAITING_OR_OPEN: ([("proposed", "permit")], [("draft", "permit")]),
    Standing.CONFIRMED: ([("active", "permit")], [("active", "permit")]),
    Standing.CONFIRMED_BEFORE: ([("proposed", "permit")], [("draft", "permit")]),
    Standing.USED: ([("inactive", "permit")], [("inactive", "permit")]),
    Standing.REFUSED: ([("rejected", "deny")], [("active", "deny")]),
    Standing.WITHDRAWN: (
        [("inactive", "permit"), ("active", "deny")],
        [("inactive", "permit"), ("active", "deny")],
    ),
    Standing.EXPIRED: ([("inactive", "permit")], [("inactive", "permit")]),
    Standing.SUPERSEDED: ([("inactive", "permit")], [("inactive", "permit")]),
    Standing.IN_ERROR: ([("entered-in-error", "permit")], [("entered-in-error", "permit")]),
}


def consents_in(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    return [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Consent"]


def seen_r4(facts: PatientFacts) -> list[Seen]:
    return [(one["status"], one["provision"].get("type")) for one in consents_in(bundle_r4(facts))]


def seen_r5(facts: PatientFacts) -> list[Seen]:
    return [(one["status"], one.get("decision")) for one in consents_in(consents_r5(facts))]


@pytest.mark.parametrize("standing", list(Standing))
def test_each_standing_becomes_what_the_table_says(standing: Standing) -> None:
    facts = facts_of(standing)
    assert standing_of(CONSENTS[standing], made_at=facts.made_at, zone="Asia/Shanghai") is standing
    assert (seen_r4(facts), seen_r5(facts)) == EXPECTED[standing]


def test_every_standing_has_one_line_and_every_state_a_standing() -> None:
    assert [row.standing for row in STATE_TABLE] == list(Standing)
    assert {state for row in STATE_TABLE for state in row.stored} == set(ConsentState)


def test_the_page_has_a_line_for_every_standing() -> None:
    printed = fhir_page()
    assert [one for one in Standing if f"| {one} |" not in printed] == []


def test_a_withdrawal_before_any_answer_still_makes_a_no() -> None:
    taken = replace(CONSENTS[Standing.WITHDRAWN], decision=None, given_at=None, signatures=())
    facts = facts_of(Standing.WITHDRAWN, consents=(taken,))
    assert seen_r4(facts) == seen_r5(facts) == [("inactive", None), ("active", "deny")]


def test_the_no_of_a_withdrawal_points_to_what_was_taken_back_and_holds_against_everybody() -> None:
    for bundle in (bundle_r4(facts_of(Standing.WITHDRAWN)), consents_r5(facts_of(Standing.WITHDRAWN))):
        old, new = consents_in(bundle)
        source = new["sourceReference"]
        assert (source[0] if isinstance(source, list) else source)["reference"] == f"urn:uuid:{old['id']}"
        provision = new["provision"][0] if isinstance(new["provision"], list) else new["provision"]
        assert "actor" not in provision and "grantee" not in new and "period" not in new
        assert provision["data"][0]["reference"]["reference"] == f"urn:uuid:{PROCEDURE}"


def test_active_holds_for_the_day_at_the_clinic_and_no_longer() -> None:
    today = facts_of(Standing.CONFIRMED)
    [one] = consents_in(bundle_r4(today))
    day = {"start": "2027-01-15T00:00:00.000+08:00", "end": "2027-01-15T23:59:59.999+08:00"}
    assert one["provision"]["period"] == consents_in(consents_r5(today))[0]["period"] == day
    assert seen_r4(replace(today, made_at=at(23, 59))) == [("active", "permit")]
    assert seen_r4(replace(today, made_at=at(0, day=16))) == [("proposed", "permit")]
    too_old = replace(CONSENTS[Standing.CONFIRMED], is_expired=True)
    assert seen_r4(replace(today, consents=(too_old,))) == [("inactive", "permit")]


# ------------------------------------------------------------------------------------------------ over all facts

MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: at(0) + datetime.timedelta(minutes=minutes - 525_600))
CONSENT_STATES = st.builds(
    lambda state, decision, expired, given, confirmed, ended: replace(
        CONSENTS[Standing.CONFIRMED],
        state=state,
        decision=decision,
        is_expired=expired,
        given_at=given,
        confirmed_at=confirmed,
        ended_at=ended,
    ),
    st.sampled_from(ConsentState),
    st.none() | st.sampled_from(Decision),
    st.booleans(),
    st.none() | MOMENTS,
    st.none() | MOMENTS,
    MOMENTS,
)


def may_be_active(consent: ConsentFacts, made_at: datetime.datetime) -> bool:
    """Said in another way than the code does."""
    said_again = consent.confirmed_at
    is_today = said_again is not None and day_of(said_again, "Asia/Shanghai") == day_of(made_at, "Asia/Shanghai")
    return consent.state is ConsentState.CONFIRMED and is_today and not consent.is_expired


@given(consent=CONSENT_STATES, made_at=MOMENTS)
def test_nothing_is_active_but_a_yes_said_again_today_and_a_no(
    consent: ConsentFacts, made_at: datetime.datetime
) -> None:
    facts = facts_of(Standing.CONFIRMED, consents=(consent,), made_at=made_at)
    for status, decision in [*seen_r4(facts), *seen_r5(facts)]:
        if status == "active":
            assert decision == "deny" or (decision == "permit" and may_be_active(consent, made_at))
        if decision == "deny":
            assert status in {"active", "rejected", "inactive", "entered-in-error"}


@given(
    consents=st.lists(CONSENT_STATES, max_size=2),
    made_at=MOMENTS,
    has_appointments=st.booleans(),
    has_looks=st.booleans(),
    has_other_procedures=st.booleans(),
    stays=st.sets(st.sampled_from([CONSENT, OLDER])),
)
def test_every_reference_resolves_and_what_is_left_out_leaves_no_gap(
    consents: list[ConsentFacts], made_at: datetime.datetime, stays: set[Any], **parts: bool
) -> None:
    named = tuple(
        replace(one, id=key, supersedes_id=OLDER if key == CONSENT else None, signatures=one.signatures[:0])
        for key, one in zip((CONSENT, OLDER), consents, strict=False)
    )
    facts = only_these(facts_of(Standing.CONFIRMED, consents=named, made_at=made_at), consent_ids=stays, **parts)
    for bundle in (bundle_r4(facts), consents_r5(facts)):
        known = {entry["fullUrl"] for entry in bundle["entry"]}
        assert len(known) == len(bundle["entry"])
        assert set(references_in(bundle)) <= known
        for hidden in {CONSENT, OLDER} - stays:
            assert str(hidden) not in str(bundle)
        assert "hold" not in str(bundle).casefold()

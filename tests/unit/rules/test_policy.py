"""What holds at a site: the values of the evidence, looked up by kind of care."""

import datetime
from dataclasses import replace

import pytest

from clinic.vocabulary import Preset, ProcedureCategory
from consent.rules.policy import Effect, PolicyError, Wait, effective_table, load_preset, parameter, policy_for
from consent.rules.rule_table import PrematureWait
from consent.vocabulary import SigningState

STER, MAJOR, VACC, TEST, ABRT = (ProcedureCategory[name] for name in ("STER", "MAJOR", "VACC", "TEST", "ABRT"))
EVERY_KIND = {category.value for category in ProcedureCategory}

# The evidence once more: strict default by kind of care; None where the rule does not bear on it.
NUMBERS = {
    "max_consent_age_days": "STER 180 LARC_IN 30 LARC_OUT 30 ABRT 14 MINOR 90 MAJOR 180 ANAES 180 VACC 1 "
    "TEST 30 IMG 30",
    "alternatives_opened_min": "STER 4 LARC_IN 3 LARC_OUT 1 ABRT 1 MINOR 1 MAJOR 1 ANAES 1 VACC 1 TEST 1 IMG 1",
    "teach_back_min": "STER 7 LARC_IN 5 ABRT 4 MAJOR 4",
    "alone_minutes": "STER 10 LARC_IN 5 ABRT 5 MAJOR 5 TEST 2",
    "abdominal_hours": "STER 72",
    "hours_after_choice": "LARC_IN 24",
    "removal_days": "LARC_OUT 7",
    "second_opinion_hours": "LARC_OUT 48",
    "operator_day_warn": "STER 10",
    "operator_day_max": "STER 30",
    "breathing_minutes": "STER 60",
    "contact_lock_hours": "STER 72 LARC_IN 72 ABRT 72",
    "emergency_approvers": "ABRT 2 MINOR 2 MAJOR 2 ANAES 2 VACC 2 TEST 2 IMG 2",
    "emergency_entry_hours": "ABRT 6 MINOR 6 MAJOR 6 ANAES 6 VACC 6 TEST 6 IMG 6",
    "emergency_review_hours": "ABRT 24 MINOR 24 MAJOR 24 ANAES 24 VACC 24 TEST 24 IMG 24",
    "imposed_wait_hours": "ABRT 0",
}

# Which cells let it go on, with a warning; by preset where they differ.
WARNED = {
    ("MAJOR", "forbidden_signing_states"),
    ("MAJOR", "alone_minutes"),
    ("TEST", "alone_minutes"),
    ("STER", "request_sources_to_repeat_alone"),
    ("LARC_IN", "request_sources_to_repeat_alone"),
    ("ABRT", "request_sources_to_repeat_alone"),
    ("LARC_OUT", "removal_days"),
    ("LARC_OUT", "second_opinion_hours"),
    ("MAJOR", "first_signature_before_the_day"),
    ("ANAES", "first_signature_before_the_day"),
    ("STER", "operator_day_warn"),
    ("MAJOR", "anaesthetic_told"),
    ("ANAES", "anaesthetic_told"),
    *((kind, "reading_pace_percent") for kind in EVERY_KIND),
    *((kind, "late_entry_hours") for kind in EVERY_KIND),
    *((kind, "copy_days") for kind in EVERY_KIND),
    *((kind, "obtainer_not_referrer") for kind in EVERY_KIND - {"STER", "ABRT"}),
    *((kind, "copy_choice") for kind in ("LARC_IN", "ABRT", "MINOR", "MAJOR", "ANAES")),
    *((kind, "emergency_review_hours") for kind in EVERY_KIND - {"STER", "LARC_IN", "LARC_OUT"}),
}
MILDER = {("LARC_IN", "hours_after_choice"), *((kind, "sex_result_before_birth") for kind in ("IMG", "ABRT"))}
WARNED_IN = {
    Preset.STRICT_DEFAULT: set(),
    Preset.CHINA_MAINLAND: set(),
    Preset.US_FEDERAL: MILDER,
    Preset.ENGLAND: MILDER,
}


@pytest.mark.parametrize("preset", Preset)
@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_are_those_of_the_evidence_in_every_preset(preset: Preset, name: str) -> None:
    words = NUMBERS[name].split()
    expected = dict(zip(words[::2], map(int, words[1::2]), strict=True))
    found = {category.value: parameter(preset, category, name) for category in ProcedureCategory}
    assert {kind: rule.value for kind, rule in found.items() if rule} == expected


@pytest.mark.parametrize(
    ("preset", "years", "wait", "shortening"),
    [
        (Preset.STRICT_DEFAULT, 18, Wait(days=30, days_with_birth=30, hours=720), 72),
        (Preset.CHINA_MAINLAND, 18, Wait(days=30, days_with_birth=30, hours=720), 72),
        (Preset.US_FEDERAL, 21, Wait(days=30, days_with_birth=30, hours=0), None),
        (Preset.ENGLAND, 18, Wait(days=1, days_with_birth=14, hours=0), 72),
    ],
)
def test_age_and_waits_differ_by_preset(preset: Preset, years: int, wait: Wait, shortening: int | None) -> None:
    policy = policy_for(preset, STER)
    assert (policy.number("min_age_years"), policy.wait("min_wait")) == (years, wait)
    assert policy.premature_wait("premature_wait") == PrematureWait(hours=72, days_before_due=30)
    assert policy.code("count_mode") == "calendar"
    assert policy.has("shortening_hours") == (shortening is not None)
    assert policy.rules["shortening_hours"].value == shortening


@pytest.mark.parametrize("preset", Preset)
def test_a_guardians_word_is_never_enough_for_a_sterilisation_or_a_device(preset: Preset) -> None:
    words = {category: policy_for(preset, category).code("guardian_word") for category in ProcedureCategory}
    assert {words.pop(STER), words.pop(ProcedureCategory.LARC_IN)} == {"never"}
    others = "with-assent-or-able-minor-note" if preset is Preset.ENGLAND else "with-assent"
    assert set(words.values()) == {others}
    assert policy_for(preset, VACC).number("presumed_able_from_years") == (16 if preset is Preset.ENGLAND else 18)


@pytest.mark.parametrize("preset", Preset)
def test_no_new_offer_for_days_or_until_asked(preset: Preset) -> None:
    policies = [policy_for(preset, category) for category in ProcedureCategory]
    asked = [policy for policy in policies if policy.has("re_offer_days")]
    found = {policy.category.value: policy.days_or_until_asked("re_offer_days") for policy in asked}
    assert found == {"STER": 180, "LARC_IN": 90, "ABRT": 280}
    assert policy_for(preset, TEST, "pregnancy-test").days_or_until_asked("re_offer_days") == "until-asked"


def test_a_particular_kind_narrows_its_category() -> None:
    plain, hysterectomy = policy_for(Preset.ENGLAND, MAJOR), policy_for(Preset.ENGLAND, MAJOR, "hysterectomy")
    assert not plain.has("sterilising_purpose")
    assert hysterectomy.has("sterilising_purpose")
    assert hysterectomy.number("alone_minutes") == plain.number("alone_minutes") == 5
    assert policy_for(Preset.ENGLAND, TEST, "pregnancy-test").has("no_loss_spoken")


def test_forbidden_states_are_the_federal_four_or_all_nine() -> None:
    federal = policy_for(Preset.US_FEDERAL, STER).members("forbidden_signing_states")
    assert federal == {"labour", "childbirth", "seeking-or-obtaining-abortion", "under-alcohol-or-other-substance"}
    for preset in set(Preset) - {Preset.US_FEDERAL}:
        assert policy_for(preset, STER).members("forbidden_signing_states") == set(SigningState)


@pytest.mark.parametrize("preset", Preset)
def test_what_only_warns(preset: Preset) -> None:
    warned = {
        (kind, name)
        for kind, rules in load_preset(preset).rules.items()
        for name, rule in rules.items()
        if rule.effect is Effect.WARN
    }
    assert warned == WARNED | WARNED_IN[preset]


@pytest.mark.parametrize("preset", Preset)
def test_what_calls_the_advocate(preset: Preset) -> None:
    held = {name for rules in load_preset(preset).rules.values() for name, rule in rules.items() if rule.effect.holds}
    assert held == {
        "capacity",
        "patient_left_alone",
        "refused_request_sources",
        "roles_never_present",
        "companions_by_invitation",
        "emergency_approvers",
    }


def test_asking_for_what_is_not_there_is_refused() -> None:
    assert parameter(Preset.ENGLAND, VACC, "min_wait") is None
    with pytest.raises(PolicyError, match="no rule has a parameter named 'min_weight'"):
        parameter(Preset.ENGLAND, STER, "min_weight")
    with pytest.raises(PolicyError, match=r"england\.toml: min_wait: no Wait for VACC"):
        policy_for(Preset.ENGLAND, VACC).wait("min_wait")
    with pytest.raises(PolicyError, match="no int for MAJOR"):
        policy_for(Preset.ENGLAND, MAJOR).number("forbidden_signing_states")
    with pytest.raises(PolicyError, match="no int for VACC"):
        policy_for(Preset.ENGLAND, VACC).days_or_until_asked("re_offer_days")


def test_a_statute_ends_with_its_last_day() -> None:
    text = '[CR-013.imposed_wait_hours]\ncitation = "Some Act s. 3"\nexpires = 2028-12-31\nABRT = { value = 24 }\n'
    table = effective_table(Preset.US_FEDERAL, text)
    last = datetime.date(2028, 12, 31)
    assert policy_for(table, ABRT).number("imposed_wait_hours") == 24
    assert policy_for(table, ABRT, on=last).number("imposed_wait_hours") == 24
    assert policy_for(table, ABRT, on=last + datetime.timedelta(days=1)).number("imposed_wait_hours") == 0


def test_a_sites_own_table_is_asked_like_a_preset() -> None:
    assert effective_table(Preset.ENGLAND, None) is load_preset(Preset.ENGLAND)
    table = effective_table(Preset.ENGLAND, "[CR-050.alone_minutes]\nSTER = { value = 15 }\n")
    assert policy_for(table, STER).number("alone_minutes") == 15
    assert policy_for(table, ABRT) == replace(policy_for(Preset.ENGLAND, ABRT))
    with pytest.raises(PolicyError, match=r"^the site's rules:2: "):
        effective_table(Preset.ENGLAND, "[CR-050.alone_minutes]\nSTER = { value = 5 }\n")

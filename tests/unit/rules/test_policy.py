"""The rule tables: the values of the evidence, and a reader that trusts no file it cannot understand."""

from importlib import resources

import pytest

from clinic.vocabulary import Preset, ProcedureCategory
from consent.rules.policy import Effect, PolicyError, Wait, load_preset, parameter, policy_for
from consent.rules.rule_table import PARAMETERS, read_preset
from consent.vocabulary import SigningState

STRICT = (resources.files("consent.rules") / "presets" / "strict-default.toml").read_text(encoding="utf-8")
STER, MAJOR, VACC = ProcedureCategory.STER, ProcedureCategory.MAJOR, ProcedureCategory.VACC

# The evidence once more: strict default by kind of care; None where the rule does not bear on it.
NUMBERS = {
    "max_consent_age_days": "STER 180 LARC_IN 30 LARC_OUT 30 ABRT 14 MINOR 90 MAJOR 180 ANAES 180 VACC 1 "
    "TEST 30 IMG 30",
    "alternatives_opened_min": "STER 4 LARC_IN 3 LARC_OUT 1 ABRT 1 MINOR 1 MAJOR 1 ANAES 1 VACC 1 TEST 1 IMG 1",
    "teach_back_min": "STER 7 LARC_IN 5 ABRT 4 MAJOR 4",
    "alone_minutes": "STER 10 LARC_IN 5 ABRT 5 MAJOR 5 TEST 2",
}


@pytest.mark.parametrize("preset", Preset)
@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_are_those_of_the_evidence_in_every_preset(preset: Preset, name: str) -> None:
    words = NUMBERS[name].split()
    expected = dict(zip(words[::2], map(int, words[1::2]), strict=True))
    found = {category.value: parameter(preset, category, name) for category in ProcedureCategory}
    assert {kind: rule.value for kind, rule in found.items() if rule} == expected


@pytest.mark.parametrize(
    ("preset", "years", "wait"),
    [
        (Preset.STRICT_DEFAULT, 18, Wait(days=30, days_with_birth=30, hours=720)),
        (Preset.CHINA_MAINLAND, 18, Wait(days=30, days_with_birth=30, hours=720)),
        (Preset.US_FEDERAL, 21, Wait(days=30, days_with_birth=30, hours=0)),
        (Preset.ENGLAND, 18, Wait(days=1, days_with_birth=14, hours=0)),
    ],
)
def test_age_and_wait_differ_by_preset(preset: Preset, years: int, wait: Wait) -> None:
    policy = policy_for(preset, STER)
    assert (policy.number("min_age_years"), policy.wait("min_wait")) == (years, wait)


def test_forbidden_states_are_the_federal_four_or_all_nine() -> None:
    federal = policy_for(Preset.US_FEDERAL, STER).members("forbidden_signing_states")
    assert federal == {"labour", "childbirth", "seeking-or-obtaining-abortion", "under-alcohol-or-other-substance"}
    for preset in set(Preset) - {Preset.US_FEDERAL}:
        assert policy_for(preset, STER).members("forbidden_signing_states") == set(SigningState)


@pytest.mark.parametrize("preset", Preset)
def test_what_only_warns(preset: Preset) -> None:
    warned = {
        (category.value, name)
        for category, rules in load_preset(preset).rules.items()
        for name, rule in rules.items()
        if rule.effect is Effect.WARN
    }
    assert warned == {
        ("MAJOR", "forbidden_signing_states"),
        ("MAJOR", "alone_minutes"),
        ("TEST", "alone_minutes"),
        ("STER", "request_sources_to_repeat_alone"),
        ("LARC_IN", "request_sources_to_repeat_alone"),
        ("ABRT", "request_sources_to_repeat_alone"),
    }


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (('name = "strict-default"', 'name = "england"'), "preset.name: expected 'strict-default'"),
        (('title = "Strict default"', "title = 1"), "preset.title: expected a sentence, found 1"),
        (('title = "Strict default"\n', ""), "preset.title: missing"),
        (("[CR-050.alone_minutes]", "[CR-050.alone_hours]"), "CR-050.alone_hours: unknown key"),
        (("[CR-001.min_age_years]", "[CR-999.min_age_years]"), "CR-001: missing"),
        (("[CR-058.capacity]", "[CR-058.capacity]\nMOON = 1"), "CR-058.capacity.MOON: unknown key"),
        (("STER = { value = 18,", "STER = { value = '18',"), "CR-001.min_age_years.STER.value: expected a whole"),
        (("STER = { value = 18,", "STER = { value = -1,"), "CR-001.min_age_years.STER.value: expected a whole"),
        (("STER = { value = 18,", "STER = { value = true,"), "CR-001.min_age_years.STER.value: expected a whole"),
        (("STER = { value = 18,", "ABRT = { value = 18,"), "CR-001.min_age_years.STER: missing"),
        (("STER = { value = 18,", "STER = { years = 18,"), "CR-001.min_age_years.STER.value: missing"),
        (("STER = { value = 10, effect = \"block\" }", "STER = 10"), "CR-050.alone_minutes.STER: expected a table"),
        (("hours = 720", "weeks = 4"), "CR-002.min_wait.STER.value: expected a table of days"),
        (("hours = 720", 'hours = "720"'), "CR-002.min_wait.STER.value: expected a whole number"),
        (('["official-or-employer"]', "[]"), "CR-014.refused_request_sources.STER.value: expected a list"),
        (('["official-or-employer"]', '["a neighbour"]'), "CR-014.refused_request_sources.STER.value: expected a list"),
        (('["official-or-employer"]', "[[1]]"), "CR-014.refused_request_sources.STER.value: expected a list"),
        (("ALL = { value = true", "ALL = { value = false"), "CR-052.interpreter.ALL.value: expected true"),
        (('STER = { value = 7, effect = "block" }', 'STER = { value = 7, effect = "log" }'), "STER.effect: expected"),
        (('source = "Product default"\nLARC_IN =', "LARC_IN ="), "CR-021.max_consent_age_days.source: expected"),
        (("LARC_IN = { value = 30", "STER = { value = 30"), "CR-021.max_consent_age_days.LARC_IN: missing"),
        (("[CR-036.teach_back_min]", "[["), "not TOML"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_trusted_is_refused_by_key(change: tuple[str, str], complaint: str) -> None:
    assert change[0] in STRICT
    with pytest.raises(PolicyError) as refusal:
        read_preset(STRICT.replace(*change, 1), preset=Preset.STRICT_DEFAULT)
    assert str(refusal.value).startswith("strict-default.toml")
    assert complaint in str(refusal.value)


def test_two_rules_cannot_set_the_same_bar() -> None:
    twice = STRICT.replace("LARC_IN = { value = 30", 'STER = { value = 30, effect = "block" }\nLARC_IN = { value = 30')
    with pytest.raises(PolicyError, match=r"CR-021\.max_consent_age_days\.STER: another rule sets this already"):
        read_preset(twice, preset=Preset.STRICT_DEFAULT)


def test_a_preset_may_bear_on_more_kinds_of_care_than_its_rule() -> None:
    wider = STRICT.replace("STER = { value = 10,", 'ALL = { value = 3, effect = "block" }\nSTER = { value = 10,')
    rules = read_preset(wider, preset=Preset.STRICT_DEFAULT).rules
    assert (rules[STER]["alone_minutes"].value, rules[VACC]["alone_minutes"].value) == (10, 3)


def test_asking_for_what_is_not_there_is_refused() -> None:
    assert parameter(Preset.ENGLAND, VACC, "min_wait") is None
    with pytest.raises(PolicyError, match="no rule has a parameter named 'min_weight'"):
        parameter(Preset.ENGLAND, STER, "min_weight")
    with pytest.raises(PolicyError, match=r"england\.toml: min_wait: no Wait for VACC"):
        policy_for(Preset.ENGLAND, VACC).wait("min_wait")
    with pytest.raises(PolicyError, match="no int for MAJOR"):
        policy_for(Preset.ENGLAND, MAJOR).number("forbidden_signing_states")


def test_rows_of_the_table_are_unique() -> None:
    assert len({row.key for row in PARAMETERS}) == len(PARAMETERS)

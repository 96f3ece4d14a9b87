"""Care without consent as truth tables: everything in order, then one thing at a time is not."""

import datetime
import uuid
from dataclasses import replace
from typing import Any

import pytest

from clinic.vocabulary import Particular, Preset, ProcedureCategory, ProcedureStatus
from consent.rules.additions import ADDITION, ADDITION_CONDITIONS, AdditionFacts, decide_addition, may_be_added
from consent.rules.emergencies import (
    APPROVERS,
    EMERGENCY_CONDITIONS,
    ENTRY_HOURS,
    LATE,
    REVIEW_HOURS,
    EmergencyFacts,
    decide_emergency,
    is_late_entry,
    may_be_emergency,
    minutes_later,
    review_due_at,
)
from consent.rules.policy import load_preset
from consent.rules.rule_table import Effect, PolicyError, RuleTable
from consent.vocabulary import CannotConsent, Grounds

NOW = datetime.datetime(2027, 3, 2, 2, 10, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
FIRST, SECOND, OPERATOR = (uuid.UUID(int=number) for number in (1, 2, 3))
NEVER = (ProcedureCategory.STER, ProcedureCategory.LARC_IN)  # written here once more: the promise, not the code
PATHS = tuple(ProcedureCategory(code) for code in ("MINOR", "MAJOR", "ANAES", "TEST", "IMG", "VACC", "ABRT"))
IN_THEATRE = tuple(ProcedureCategory(code) for code in ("MINOR", "MAJOR", "ANAES"))


def emergency(**changes: Any) -> EmergencyFacts:
    """Everything in order, as the second clinician agrees."""
    good = EmergencyFacts(
        at=NOW,
        category=ProcedureCategory.MAJOR,
        particular=Particular.NONE,
        status=ProcedureStatus.PREPARATION,
        is_life_at_risk=True,
        why_not_asked=CannotConsent.UNCONSCIOUS,
        happened_at=NOW - HOUR,
        has_said_no=False,
        is_gate_open=False,
        open_holds=0,
        declared_by=FIRST,
        agreed_by=SECOND,
        is_agreeing=True,
    )
    return replace(good, **changes)


def addition(**changes: Any) -> AdditionFacts:
    """Everything in order, as the second clinician agrees; the first is the operator."""
    good = AdditionFacts(
        at=NOW,
        category=ProcedureCategory.MAJOR,
        particular=Particular.NONE,
        status=ProcedureStatus.PREPARATION,
        under_way=ProcedureStatus.IN_PROGRESS,
        has_said_stop=False,
        grounds=Grounds.SERIOUS_HARM,
        has_said_no=False,
        operator=FIRST,
        declared_by=FIRST,
        agreed_by=SECOND,
        is_agreeing=True,
    )
    return replace(good, **changes)


def unmet(facts: EmergencyFacts | AdditionFacts, law: Preset | RuleTable = Preset.STRICT_DEFAULT) -> set[str]:
    verdict = decide_emergency(facts, law) if isinstance(facts, EmergencyFacts) else decide_addition(facts, law)
    return {one.requirement_id for one in verdict.unmet}


def with_cell(name: str, **changes: Any) -> RuleTable:
    """The strict table with one cell for major surgery changed, as a site might tighten it."""
    table = load_preset(Preset.STRICT_DEFAULT)
    cells = dict(table.rules["MAJOR"])
    cells[name] = replace(cells[name], **changes)
    return replace(table, rules={**table.rules, "MAJOR": cells})


EMERGENCY_ROWS: dict[str, tuple[dict[str, Any], ...]] = {
    "emergency-kind": ({"category": ProcedureCategory.LARC_OUT}, *({"category": kind} for kind in NEVER)),
    "emergency-planned": tuple(
        {"status": status} for status in ProcedureStatus if status is not ProcedureStatus.PREPARATION
    ),
    "emergency-life": ({"is_life_at_risk": False}, {"is_life_at_risk": None}),
    "emergency-nobody-can-ask": ({"why_not_asked": None},),
    "emergency-no-refusal": ({"has_said_no": True}, {"has_said_no": None}),
    "emergency-no-yes": ({"is_gate_open": True}, {"is_gate_open": None}),
    "emergency-not-in-future": ({"happened_at": NOW + datetime.timedelta(seconds=1)},),
    "emergency-first-clinician": ({"declared_by": None, "is_agreeing": False},),
    "emergency-second-clinician": ({"agreed_by": None}, {"agreed_by": FIRST}),
}
ADDITION_ROWS: dict[str, tuple[dict[str, Any], ...]] = {
    "addition-kind": tuple({"category": kind} for kind in ProcedureCategory if kind not in IN_THEATRE),
    "addition-under-way": tuple(
        {"under_way": status} for status in ProcedureStatus if status is not ProcedureStatus.IN_PROGRESS
    ),
    "addition-planned": tuple(
        {"status": status} for status in ProcedureStatus if status is not ProcedureStatus.PREPARATION
    ),
    "addition-not-told-to-stop": ({"has_said_stop": True}, {"has_said_stop": None}),
    "addition-grounds": ({"grounds": None},),
    "addition-to-save-life": ({"particular": Particular.HYSTERECTOMY},),
    "addition-no-refusal": ({"has_said_no": True}, {"has_said_no": None}),
    "addition-first-clinician": ({"declared_by": None, "is_agreeing": False},),
    "addition-second-clinician": ({"agreed_by": None}, {"agreed_by": FIRST}),
    "addition-operator": ({"operator": OPERATOR}, {"operator": None}),
}
BESIDE = {"addition-kind": {"addition-to-save-life"}}  # an abortion is neither added nor, for serious harm, allowed


@pytest.mark.parametrize("preset", Preset)
def test_with_everything_in_order_it_may_begin(preset: Preset) -> None:
    for kind in PATHS:
        verdict = decide_emergency(emergency(category=kind), preset)
        assert verdict.is_allowed and not verdict.warnings, kind
    for kind in IN_THEATRE:
        assert not unmet(addition(category=kind), preset), kind
        assert not unmet(addition(category=kind, status=None, agreed_by=None, is_agreeing=False), preset), kind


@pytest.mark.parametrize("preset", Preset)
@pytest.mark.parametrize("row", EMERGENCY_ROWS)
def test_each_thing_that_speaks_against_an_emergency_stops_it(row: str, preset: Preset) -> None:
    for changes in EMERGENCY_ROWS[row]:
        assert unmet(emergency(**changes), preset) == {row}, changes


@pytest.mark.parametrize("preset", Preset)
@pytest.mark.parametrize("row", ADDITION_ROWS)
def test_each_thing_that_speaks_against_an_addition_stops_it(row: str, preset: Preset) -> None:
    for changes in ADDITION_ROWS[row]:
        found = unmet(addition(**changes), preset)
        assert row in found and found <= {row} | BESIDE.get(row, set()), changes


def test_every_condition_has_a_row_and_says_what_it_reads() -> None:
    assert {one.id for one in EMERGENCY_CONDITIONS} == set(EMERGENCY_ROWS) | {LATE}
    assert {one.id for one in ADDITION_CONDITIONS} == set(ADDITION_ROWS)
    for one in EMERGENCY_CONDITIONS:
        assert set(one.facts) <= set(EmergencyFacts.__dataclass_fields__) and one.facts
    for other in ADDITION_CONDITIONS:
        assert set(other.facts) <= set(AdditionFacts.__dataclass_fields__) and other.facts


def test_only_the_late_entry_asks_the_table_whether_it_stops() -> None:
    follows = [one.id for one in (*EMERGENCY_CONDITIONS, *ADDITION_CONDITIONS) if one.follows_effect]
    assert follows == [LATE]


@pytest.mark.parametrize("preset", Preset)
@pytest.mark.parametrize("kind", sorted(NEVER))
def test_sterilisation_and_devices_never_whatever_the_table_says(kind: ProcedureCategory, preset: Preset) -> None:
    table = load_preset(preset)
    major = {name: table.rules["MAJOR"][name] for name in (APPROVERS, ENTRY_HOURS, REVIEW_HOURS, ADDITION)}
    bent = replace(table, rules={**table.rules, kind.value: {**table.rules[kind.value], **major}})
    for law in (table, bent):
        assert "emergency-kind" in unmet(emergency(category=kind), law)
        assert "addition-kind" in unmet(addition(category=kind, grounds=Grounds.LIFE), law)
        assert not may_be_emergency(law, kind, Particular.NONE)
        assert not may_be_added(law, kind, Particular.NONE)


@pytest.mark.parametrize("changes", [{"category": ProcedureCategory.ABRT}, {"particular": Particular.HYSTERECTOMY}])
def test_what_ends_a_pregnancy_or_fertility_is_added_only_to_save_life(changes: dict[str, Any]) -> None:
    assert "addition-to-save-life" not in unmet(addition(grounds=Grounds.LIFE, **changes))
    assert "addition-to-save-life" in unmet(addition(grounds=Grounds.SERIOUS_HARM, **changes))
    assert "addition-to-save-life" in unmet(addition(grounds=None, **changes))


def test_the_first_clinician_is_not_asked_for_the_second() -> None:
    assert not unmet(emergency(agreed_by=None, is_agreeing=False))
    assert not unmet(addition(agreed_by=None, is_agreeing=False, operator=OPERATOR))


def test_the_second_may_be_the_operator() -> None:
    assert not unmet(addition(operator=SECOND))


@pytest.mark.parametrize(
    ("happened_at", "late"),
    [(NOW - 6 * HOUR, False), (NOW - 6 * HOUR - datetime.timedelta(microseconds=1), True), (NOW, False)],
)
def test_later_than_six_hours_is_kept_and_stays_marked(happened_at: datetime.datetime, late: bool) -> None:
    verdict = decide_emergency(emergency(happened_at=happened_at), Preset.STRICT_DEFAULT)
    assert verdict.is_allowed
    assert [one.requirement_id for one in verdict.warnings] == ([LATE] if late else [])
    assert is_late_entry(happened_at, NOW, Preset.STRICT_DEFAULT, ProcedureCategory.MAJOR, Particular.NONE) is late


def test_a_site_may_refuse_late_entries_and_shorten_the_hours() -> None:
    late = emergency(happened_at=NOW - 7 * HOUR)
    strict = decide_emergency(late, with_cell(ENTRY_HOURS, effect=Effect.BLOCK))
    assert [one.requirement_id for one in strict.unmet] == [LATE]
    assert "6 hours" in strict.unmet[0].detail
    two = with_cell(ENTRY_HOURS, effect=Effect.BLOCK, value=2)
    assert not unmet(emergency(happened_at=NOW - 2 * HOUR), two)
    assert unmet(emergency(happened_at=NOW - 3 * HOUR), two) == {LATE}


def test_hours_are_counted_between_instants_whatever_the_zone() -> None:
    east = datetime.timezone(datetime.timedelta(hours=8))
    assert not decide_emergency(emergency(happened_at=(NOW - HOUR).astimezone(east)), Preset.ENGLAND).warnings
    assert minutes_later((NOW - HOUR).astimezone(east), NOW) == 60
    assert minutes_later(NOW - datetime.timedelta(minutes=59, seconds=59), NOW) == 59


def test_nothing_said_about_when_is_unknown() -> None:
    verdict = decide_emergency(emergency(happened_at=None), Preset.STRICT_DEFAULT)
    assert [(one.requirement_id, one.is_unknown) for one in verdict.unmet] == [("emergency-not-in-future", True)]
    assert [(one.requirement_id, one.is_unknown) for one in verdict.warnings] == [(LATE, True)]


def test_a_site_that_asks_for_three_people_starts_nothing_with_two() -> None:
    assert unmet(emergency(), with_cell(APPROVERS, value=3)) == {"emergency-second-clinician"}


def test_a_table_that_asks_for_one_still_needs_two() -> None:
    assert unmet(emergency(agreed_by=FIRST), with_cell(APPROVERS, value=1)) == {"emergency-second-clinician"}


@pytest.mark.parametrize(("holds", "warns"), [(0, False), (1, True), (None, True)])
def test_an_open_concern_is_shown_and_does_not_let_anyone_die(holds: int | None, warns: bool) -> None:
    verdict = decide_emergency(emergency(open_holds=holds), Preset.STRICT_DEFAULT)
    assert verdict.is_allowed
    assert [one.requirement_id for one in verdict.warnings] == (["emergency-concern"] if warns else [])


def test_everything_is_named_at_once() -> None:
    found = unmet(emergency(is_life_at_risk=False, has_said_no=True, agreed_by=None))
    assert found == {"emergency-life", "emergency-no-refusal", "emergency-second-clinician"}


def test_a_time_without_a_zone_is_refused() -> None:
    naive = NOW.replace(tzinfo=None)
    for changes in ({"at": naive}, {"happened_at": naive}):
        with pytest.raises(ValueError, match=r"(?i)zone"):
            decide_emergency(emergency(**changes), Preset.STRICT_DEFAULT)
    with pytest.raises(ValueError, match=r"(?i)zone"):
        decide_addition(addition(at=naive), Preset.STRICT_DEFAULT)


def test_the_advocate_has_a_day() -> None:
    due = review_due_at(NOW, Preset.STRICT_DEFAULT, ProcedureCategory.MAJOR, Particular.NONE)
    assert due - NOW == 24 * HOUR
    with pytest.raises(PolicyError):
        review_due_at(NOW, Preset.STRICT_DEFAULT, ProcedureCategory.STER, Particular.NONE)


def test_a_rule_for_one_particular_holds_for_it_alone() -> None:
    table = load_preset(Preset.STRICT_DEFAULT)
    hours = replace(table.rules["MAJOR"][REVIEW_HOURS], value=2)
    law = replace(table, rules={**table.rules, "MAJOR:hysterectomy": {REVIEW_HOURS: hours}})
    assert review_due_at(NOW, law, ProcedureCategory.MAJOR, Particular.HYSTERECTOMY) == NOW + 2 * HOUR
    assert review_due_at(NOW, law, ProcedureCategory.MAJOR, Particular.NONE) == NOW + 24 * HOUR


def test_a_late_entry_says_what_kind_of_rule_it_is_and_how_hard() -> None:
    rule = load_preset(Preset.STRICT_DEFAULT).rules["MAJOR"][ENTRY_HOURS]
    (late,) = decide_emergency(emergency(happened_at=NOW - 7 * HOUR), Preset.STRICT_DEFAULT).warnings
    assert (late.effect, late.mark, late.source) == (rule.effect, rule.mark.value, rule.source)
    assert late.effect is Effect.LOG
    (alone,) = decide_emergency(emergency(agreed_by=FIRST), Preset.STRICT_DEFAULT).unmet
    assert (alone.effect, alone.mark) == (
        Effect.BLOCK,
        load_preset(Preset.STRICT_DEFAULT).rules["MAJOR"][APPROVERS].mark,
    )
    (concern,) = decide_emergency(emergency(open_holds=1), Preset.STRICT_DEFAULT).warnings
    assert (concern.effect, concern.mark) == (Effect.BLOCK, "house")


def test_only_care_the_table_names_may_be_added_in_theatre() -> None:
    table = load_preset(Preset.STRICT_DEFAULT)
    for kind in ProcedureCategory:
        assert may_be_added(table, kind, Particular.NONE) == (ADDITION in table.rules[kind] and kind not in NEVER)
    assert may_be_added(table, ProcedureCategory.MAJOR, Particular.NONE)
    major = {name: cell for name, cell in table.rules["MAJOR"].items() if name != ADDITION}
    named = {"MAJOR:hysterectomy": {ADDITION: table.rules["MAJOR"][ADDITION]}}
    narrow = replace(table, rules={**table.rules, "MAJOR": major, **named})
    assert may_be_added(narrow, ProcedureCategory.MAJOR, Particular.HYSTERECTOMY)
    assert not may_be_added(narrow, ProcedureCategory.MAJOR, Particular.NONE)


@pytest.mark.parametrize(
    ("nobody_knows", "requirement"),
    [
        ({"grounds": None, "category": ProcedureCategory.ABRT}, "addition-to-save-life"),
        ({"operator": None}, "addition-operator"),
    ],
)
def test_what_nobody_recorded_of_an_addition_is_unknown(nobody_knows: dict[str, Any], requirement: str) -> None:
    found = decide_addition(addition(**nobody_knows), Preset.STRICT_DEFAULT).unmet
    assert [one.is_unknown for one in found if one.requirement_id == requirement] == [True]


def test_a_table_that_cannot_be_trusted_stops_everything() -> None:
    broken = with_cell(APPROVERS, value="two")
    assert unmet(emergency(), broken) == {"rules-readable"}


def test_every_unmet_condition_has_a_sentence_a_source_and_its_rule() -> None:
    nothing = emergency(category=ProcedureCategory.STER, is_life_at_risk=None, declared_by=None, agreed_by=None)
    for one in decide_emergency(nothing, Preset.ENGLAND).unmet:
        assert one.sentence and one.patient_sentence and one.source and one.rule_ids[0] == "CR-024"

"""A site may tighten every bar and loosen none: tried for every preset, every parameter and every kind of care."""

import datetime
import tomllib
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from clinic.vocabulary import Preset, ProcedureCategory
from consent.rules.definitions import definitions, parameters
from consent.rules.policy import Effect, PolicyError, effective_table, load_preset, policy_for
from consent.rules.ratchet import apply_overrides, is_stricter_or_same, join_effects, stricter_of
from consent.rules.rule_kinds import KINDS, raw, shown
from consent.rules.rule_table import Mark, Parameter, PrematureWait, Rule, RuleTable, Value, Wait

ABRT, STER, TEST, LARC_OUT = (ProcedureCategory[name] for name in ("ABRT", "STER", "TEST", "LARC_OUT"))


Cell = tuple[str, Rule]  # the kind of care, and what stands there


def cells(preset: Preset, parameter: Parameter) -> list[Cell]:
    """Every cell of one parameter."""
    found = [(kind, rules.get(parameter.name)) for kind, rules in load_preset(preset).rules.items()]
    return [(kind, cell) for kind, cell in found if cell is not None and cell.rule_id == parameter.rule_id]


BARS = [(preset, parameter) for preset in Preset for parameter in parameters()]
each_bar = pytest.mark.parametrize(
    ("preset", "parameter"), BARS, ids=[f"{preset}-{parameter.key}" for preset, parameter in BARS]
)


def looser(parameter: Parameter, cell: Rule) -> Any:
    """A value one step looser; None where there is none."""
    value: Any = cell.value
    steps: dict[str, Any] = {
        "number": lambda: value + 1 if parameter.stricter == "down" else (value - 1 if value else None),
        "number-or-absent": lambda: 72 if value is None else value - 1,
        "days-or-until-asked": lambda: 3650 if value == "until-asked" else value - 1,
        "switch": lambda: False,
        "absent": lambda: "present",
        "wait": lambda: raw(replace(value, days=value.days - 1)),
        "premature-wait": lambda: raw(replace(value, hours=value.hours - 1)),
        "codes": lambda: sorted(value)[1:] or [code for code in parameter.codes if code not in value][:1],
        "code": lambda: one_beside(parameter, value, -1),
    }
    return steps[parameter.kind]()


def tighter(parameter: Parameter, cell: Rule) -> Any:
    """A value one step tighter; the same value where it is as tight as can be."""
    value: Any = cell.value
    steps: dict[str, Any] = {
        "number": lambda: max(value - 1, 0) if parameter.stricter == "down" else value + 1,
        "number-or-absent": lambda: "absent",
        "days-or-until-asked": lambda: "until-asked",
        "switch": lambda: True,
        "absent": lambda: "absent",
        "wait": lambda: raw(replace(value, hours=value.hours + 1)),
        "premature-wait": lambda: raw(replace(value, days_before_due=value.days_before_due + 1)),
        "codes": lambda: sorted(value) + [code for code in parameter.codes if code not in value][:1],
        "code": lambda: one_beside(parameter, value, 1) or value,
    }
    return steps[parameter.kind]()


def one_beside(parameter: Parameter, code: str, step: int) -> str | None:
    place = parameter.codes.index(code) + step
    return parameter.codes[place] if 0 <= place < len(parameter.codes) else None


def toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(part)}" for key, part in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def override(parameter: Parameter, kind: str, line: str) -> str:
    return f'[{parameter.key}]\n"{kind}" = {{ {line} }}\n'


def tried(preset: Preset, parameter: Parameter, kind: str, line: str) -> Rule:
    table = apply_overrides(load_preset(preset), override(parameter, kind, line), file="site.toml")
    return table.rules[kind][parameter.name]


def read(parameter: Parameter, text: str) -> Any:
    return KINDS[parameter.kind].read(tomllib.loads(f"value = {text}")["value"], parameter.codes)


def test_how_many_are_tried() -> None:
    """Every rule, every kind of care, every preset. Whoever changes the table on purpose counts anew."""
    every = [(parameter, cell) for preset, parameter in BARS for _, cell in cells(preset, parameter)]
    with_looser = [(parameter, cell) for parameter, cell in every if looser(parameter, cell) is not None]
    without = {(cell.name, cell.value) for parameter, cell in every if looser(parameter, cell) is None}
    assert {cell.rule_id for _, cell in every} == set(definitions())
    # These are at their loosest already: no looser value can be written down.
    assert without == {("count_mode", "calendar"), ("guardian_word", "with-assent-or-able-minor-note")}
    assert f"{len(with_looser)} loosenings, {len(every)} tightenings" == "2544 loosenings, 2556 tightenings"


@each_bar
def test_a_loosening_is_refused_with_the_rule_and_both_values(preset: Preset, parameter: Parameter) -> None:
    for kind, cell in cells(preset, parameter):
        if looser(parameter, cell) is None:
            continue
        text = toml(looser(parameter, cell))
        with pytest.raises(PolicyError) as refusal:
            tried(preset, parameter, kind, f"value = {text}")
        new, old = shown(parameter.kind, read(parameter, text)), shown(parameter.kind, cell.value)
        assert str(refusal.value) == (
            f"site.toml:2: {parameter.key}.{kind}: value {new} is looser than {old} of the preset"
        )


@each_bar
def test_a_tightening_is_accepted(preset: Preset, parameter: Parameter) -> None:
    for kind, cell in cells(preset, parameter):
        wanted = tighter(parameter, cell)
        new = tried(preset, parameter, kind, f"value = {toml(wanted)}")
        assert raw(new.value) == (sorted(wanted) if isinstance(wanted, list) else wanted)
        assert is_stricter_or_same(parameter, cell, new)
        assert (new.source, new.effect) == ("set by this site", cell.effect)


@each_bar
def test_a_looser_effect_is_refused_and_a_stricter_one_accepted(preset: Preset, parameter: Parameter) -> None:
    for kind, cell in cells(preset, parameter):
        value = toml(raw(cell.value))
        if cell.effect is not Effect.LOG:
            with pytest.raises(PolicyError, match=f"effect log is looser than {cell.effect} of the preset"):
                tried(preset, parameter, kind, f'value = {value}, effect = "log"')
        stricter = tried(preset, parameter, kind, f'value = {value}, effect = "block-and-hold"')
        assert stricter.effect is Effect.BLOCK_AND_HOLD


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (Effect.LOG, Effect.WARN, Effect.WARN),
        (Effect.WARN, Effect.HOLD, Effect.HOLD),
        (Effect.WARN, Effect.BLOCK, Effect.BLOCK),
        (Effect.BLOCK, Effect.HOLD, Effect.BLOCK_AND_HOLD),
        (Effect.HOLD, Effect.BLOCK_AND_HOLD, Effect.BLOCK_AND_HOLD),
        (Effect.BLOCK, Effect.BLOCK, Effect.BLOCK),
    ],
)
def test_of_two_effects_the_stricter(one: Effect, other: Effect, both: Effect) -> None:
    assert join_effects(one, other) == join_effects(other, one) == both


# ------------------------------------------------------------------------------------------ rights of the patient


@pytest.mark.parametrize(
    ("rule_id", "name", "category"),
    [
        ("CR-013", "imposed_wait_hours", "ABRT"),
        ("CR-019", "removal_days", "LARC_OUT"),
        ("CR-080", "withdraw_steps", "STER"),
        ("CR-080", "withdraw_seconds", "STER"),
        ("CR-099", "copy_days", "STER"),
    ],
)
def test_rights_tighten_towards_the_patient(rule_id: str, name: str, category: str) -> None:
    parameter = definitions()[rule_id].parameters[name]
    assert parameter.stricter == "down"
    cell = load_preset(Preset.ENGLAND).rules[category][name]
    with pytest.raises(PolicyError, match="is looser than"):
        tried(Preset.ENGLAND, parameter, category, f"value = {cell.value + 1}")  # type: ignore[operator]
    assert tried(Preset.ENGLAND, parameter, category, "value = 0").value == 0


WAIT = "[CR-013.imposed_wait_hours]\nABRT = { value = 24 }\n"


def test_a_site_may_not_make_patients_wait_before_an_abortion() -> None:
    """CR-013."""
    for preset in Preset:
        with pytest.raises(PolicyError, match=r"CR-013\.imposed_wait_hours\.ABRT: value 24 is looser than 0"):
            effective_table(preset, WAIT)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('citation = "An Act"\n', "expires: expected the last day on which the statute holds"),
        ("expires = 2028-12-31\n", "citation: expected a sentence"),
        ('citation = " "\nexpires = 2028-12-31\n', "citation: expected a sentence"),
        ('citation = "An Act"\nexpires = "soon"\n', "expires: expected the last day"),
        ('citation = "An Act"\nexpires = 2028-12-31T00:00:00\n', "expires: expected the last day"),
    ],
)
def test_a_statute_needs_its_citation_and_its_last_day(line: str, complaint: str) -> None:
    with pytest.raises(PolicyError, match=complaint):
        effective_table(Preset.ENGLAND, WAIT.replace("]\n", "]\n" + line))


def test_no_statute_loosens_anything_else() -> None:
    text = '[CR-050.alone_minutes]\ncitation = "An Act"\nexpires = 2028-12-31\nSTER = { value = 1 }\n'
    with pytest.raises(PolicyError, match=r"alone_minutes\.citation: only a waiting time before an abortion"):
        effective_table(Preset.ENGLAND, text)


# --------------------------------------------------------------------------------------------- what a file may hold


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[CR-999.x]\n", r"ours\.toml:1: CR-999: no rule has this number"),
        ("\n[CR-050.minutes_alone]\n", r"ours\.toml:2: CR-050\.minutes_alone: unknown key; CR-050 has alone_minutes"),
        ("[CR-050.alone_minutes]\nMOON = { value = 1 }\n", r"ours\.toml:2: CR-050\.alone_minutes\.MOON: unknown key"),
        ("[CR-050.alone_minutes]\nSTER = 5\n", r"ours\.toml:2: CR-050\.alone_minutes\.STER: expected a table"),
        ("[CR-050.alone_minutes]\nSTER = { value = 'ten' }\n", "STER.value: expected a whole number"),
        ("[CR-050.alone_minutes]\nSTER = { minutes = 15 }\n", "STER.minutes: unknown key"),
        ("[CR-050.alone_minutes]\nSTER = { effect = 'block' }\n", "STER.value: missing"),
        ("[CR-050.alone_minutes]\nSTER = { value = 15, effect = 'shout' }\n", "STER.effect: expected one of"),
        ("[CR-050.alone_minutes]\nsource = ''\nSTER = { value = 15 }\n", "source: expected a sentence"),
        ("[CR-050.alone_minutes]\nmark = 'law'\nSTER = { value = 15 }\n", "mark: unknown key"),
        ("[CR-050.alone_minutes]\nVACC = { value = 15 }\n", "the preset has no value for VACC"),
        ("[CR-021.max_consent_age_days]\nSTER = { value = 15 }\n", "the preset has no value for STER"),
        ("[CR-050]\nalone_minutes = 4\n", r"ours\.toml:2: CR-050\.alone_minutes: expected a table"),
        ("CR-050 = 4\n", r"ours\.toml:1: CR-050: expected a table"),
        (
            "[CR-050.alone_minutes]\nSTER = { value = 15 }\nSTER = { value = 16 }\n",
            r"ours\.toml:3: .* stands here again",
        ),
        ("[CR-050.alone_minutes]\nSTER = \n", r"ours\.toml:2: not TOML"),
    ],
)
def test_a_file_of_a_site_is_read_strictly(text: str, complaint: str) -> None:
    with pytest.raises(PolicyError, match=complaint):
        effective_table(Preset.ENGLAND, text, file="ours.toml")


def test_a_line_for_all_reaches_every_kind_the_preset_names_and_no_other() -> None:
    table = effective_table(Preset.ENGLAND, "[CR-050.alone_minutes]\nALL = { value = 20 }\nABRT = { value = 30 }\n")
    found = {kind: rules["alone_minutes"].value for kind, rules in table.rules.items() if "alone_minutes" in rules}
    assert found == {"STER": 20, "LARC_IN": 20, "ABRT": 30, "MAJOR": 20, "TEST": 20}


def test_a_line_for_a_category_reaches_what_is_narrower_and_loosens_nothing_there() -> None:
    text = "[CR-084.re_offer_days]\nALL = { value = 300 }\n"
    table = effective_table(Preset.ENGLAND, text)
    assert policy_for(table, STER).number("re_offer_days") == 300
    assert policy_for(table, TEST, "pregnancy-test").days_or_until_asked("re_offer_days") == "until-asked"
    narrow = effective_table(Preset.ENGLAND, '[CR-050.alone_minutes]\n"TEST:pregnancy-test" = { value = 9 }\n')
    assert policy_for(narrow, TEST, "pregnancy-test").number("alone_minutes") == 9
    assert policy_for(narrow, TEST).number("alone_minutes") == 2
    wider = apply_overrides(narrow, "[CR-050.alone_minutes]\nTEST = { value = 5 }\n", file="more.toml")
    assert policy_for(wider, TEST, "pregnancy-test").number("alone_minutes") == 9
    widest = apply_overrides(narrow, "[CR-050.alone_minutes]\nTEST = { value = 15 }\n", file="more.toml")
    assert policy_for(widest, TEST, "pregnancy-test").number("alone_minutes") == 15


# ------------------------------------------------------------------------------------------------ then and now


def decided(table: RuleTable) -> dict[tuple[str, str], tuple[Value, Effect]]:
    return {
        (kind, cell.name): (cell.value, cell.effect) for kind, rules in table.rules.items() for cell in rules.values()
    }


@pytest.mark.parametrize(("one", "other"), list(product(Preset, Preset)), ids=str)
def test_of_two_tables_the_stricter_cell_by_cell(one: Preset, other: Preset) -> None:
    first, second = load_preset(one), load_preset(other)
    both = stricter_of(first, second)
    assert both.preset == other
    for table in (first, second):
        for kind, rules in table.rules.items():
            for name, old in rules.items():
                assert is_stricter_or_same(definitions()[old.rule_id].parameters[name], old, both.rules[kind][name])
    back = stricter_of(second, first)
    assert decided(both) == decided(back)


def test_the_stricter_of_parts_names_both_sources() -> None:
    cell = stricter_of(load_preset(Preset.ENGLAND), load_preset(Preset.US_FEDERAL)).rules["STER"]["min_wait"]
    assert cell.value == Wait(days=30, days_with_birth=30, hours=0)
    assert cell.source == load_preset(Preset.US_FEDERAL).rules["STER"]["min_wait"].source
    hours, days = "{ hours = 96, days_before_due = 30 }", "{ hours = 72, days_before_due = 40 }"
    ours, theirs = (
        effective_table(Preset.ENGLAND, f"[CR-003.premature_wait]\nSTER = {{ value = {value} }}\n")
        for value in (hours, days)
    )
    mixed = stricter_of(ours, theirs).rules["STER"]["premature_wait"]
    assert mixed.value == PrematureWait(hours=96, days_before_due=40)
    assert mixed.source == "set by this site"


def with_cell(kind: str, name: str, **changes: Any) -> RuleTable:
    table = load_preset(Preset.ENGLAND)
    cell = replace(table.rules[kind][name], **changes)
    return replace(table, title="A title", rules={**table.rules, kind: {**table.rules[kind], name: cell}})


def alone(**changes: Any) -> RuleTable:
    return with_cell("STER", "alone_minutes", **changes)


def test_a_bar_that_is_looser_in_value_or_in_effect_is_looser() -> None:
    bar, old = definitions()["CR-050"].parameters["alone_minutes"], alone().rules["STER"]["alone_minutes"]
    assert is_stricter_or_same(bar, old, old)
    assert is_stricter_or_same(bar, old, replace(old, value=15, effect=Effect.BLOCK_AND_HOLD))
    assert not is_stricter_or_same(bar, old, replace(old, value=5))
    assert not is_stricter_or_same(bar, old, replace(old, effect=Effect.LOG))
    assert not is_stricter_or_same(bar, old, replace(old, value=5, effect=Effect.BLOCK_AND_HOLD))


def test_a_tightened_table_keeps_its_title_and_marks_what_is_the_sites_own() -> None:
    preset = load_preset(Preset.ENGLAND)
    table = effective_table(Preset.ENGLAND, "[CR-050.alone_minutes]\nSTER = { value = 15 }\n")
    assert (table.preset, table.title) == (preset.preset, preset.title)
    assert table.rules["STER"]["alone_minutes"].mark is Mark.DEFAULT


def test_the_stricter_cell_keeps_its_own_words_and_source() -> None:
    strict = alone(value=15, effect=Effect.BLOCK, source="A", clinician="a", patient="a")
    loose = alone(value=12, effect=Effect.BLOCK, source="B", clinician="b", patient="b")
    for both in (stricter_of(strict, loose), stricter_of(loose, strict)):
        assert both.rules["STER"]["alone_minutes"] == strict.rules["STER"]["alone_minutes"]
        assert both.title == "A title"


def test_where_each_cell_is_stricter_in_something_both_are_named() -> None:
    higher = alone(value=15, effect=Effect.BLOCK, source="A", clinician="a")
    harder = alone(value=12, effect=Effect.BLOCK_AND_HOLD, source="B", clinician="b")
    cell = stricter_of(higher, harder).rules["STER"]["alone_minutes"]
    assert (cell.value, cell.effect, cell.source, cell.clinician) == (15, Effect.BLOCK_AND_HOLD, "A; B", "b")
    cell = stricter_of(harder, higher).rules["STER"]["alone_minutes"]
    assert (cell.value, cell.effect, cell.source, cell.clinician) == (15, Effect.BLOCK_AND_HOLD, "B; A", "a")


def test_of_two_cells_that_ask_the_same_the_newer_speaks() -> None:
    old, new = alone(source="A", clinician="a"), alone(source="B", clinician="b")
    assert stricter_of(old, new).rules["STER"]["alone_minutes"] == new.rules["STER"]["alone_minutes"]


def test_what_only_one_table_asks_is_asked() -> None:
    table = load_preset(Preset.ENGLAND)
    less = {name: cell for name, cell in table.rules["STER"].items() if name != "alone_minutes"}
    silent = replace(table, rules={**table.rules, "STER": less})
    gone = replace(table, rules={kind: rules for kind, rules in table.rules.items() if kind != "STER"})
    for other in (silent, gone):
        for both in (stricter_of(table, other), stricter_of(other, table)):
            assert both.rules["STER"]["alone_minutes"] == table.rules["STER"]["alone_minutes"]
    assert "alone_minutes" not in stricter_of(silent, silent).rules["STER"]


def test_what_a_statute_asks_now_holds_now_and_no_longer_than_that() -> None:
    statute = effective_table(Preset.ENGLAND, WAIT.replace("]\n", ']\ncitation = "An Act"\nexpires = 2028-12-31\n'))
    plain = load_preset(Preset.ENGLAND)
    assert policy_for(stricter_of(plain, statute), ABRT).number("imposed_wait_hours") == 24
    cell, old = statute.rules["ABRT"]["imposed_wait_hours"], plain.rules["ABRT"]["imposed_wait_hours"]
    assert (cell.source, cell.mark, cell.expires_on, cell.instead) == (
        "An Act",
        Mark.LAW,
        datetime.date(2028, 12, 31),
        old,
    )
    assert policy_for(stricter_of(statute, plain), ABRT).number("imposed_wait_hours") == 0
    assert policy_for(stricter_of(plain, plain), LARC_OUT).number("removal_days") == 7


def test_a_narrower_cell_of_one_table_is_compared_with_the_wider_one_of_the_other() -> None:
    narrow = effective_table(Preset.ENGLAND, '[CR-050.alone_minutes]\n"TEST:pregnancy-test" = { value = 4 }\n')
    wide = effective_table(Preset.ENGLAND, "[CR-050.alone_minutes]\nTEST = { value = 6 }\n")
    for both in (stricter_of(narrow, wide), stricter_of(wide, narrow)):
        assert policy_for(both, TEST, "pregnancy-test").number("alone_minutes") == 6
        assert policy_for(both, TEST).number("alone_minutes") == 6

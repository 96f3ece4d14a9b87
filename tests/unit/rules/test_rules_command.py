"""`manage.py rules list` and `rules show` say what the table says."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from clinic.vocabulary import Preset
from consent.rules.definitions import definitions
from consent.rules.policy import load_preset
from consent.rules.rule_table import Mark


def said(*arguments: str) -> str:
    out = io.StringIO()
    call_command("rules", *arguments, stdout=out)
    return out.getvalue()


def data(*arguments: str) -> Any:
    return json.loads(said(*arguments, "--json"))


def test_list_has_a_line_for_every_rule() -> None:
    lines = said("list").splitlines()
    assert [line.split()[0] for line in lines] == list(definitions())
    assert lines[0] == "CR-001  Minimum age [STER] (signing, start)"


def test_list_as_data_has_every_rule_in_both_languages() -> None:
    rules = data("list")
    assert [rule["id"] for rule in rules] == list(definitions())
    assert rules[0] == {
        "id": "CR-001",
        "title": {"en": "Minimum age", "zh-Hans": "最低年龄"},
        "categories": ["STER"],
        "evaluated": ["signing", "start"],
        "parameters": ["min_age_years"],
    }


@pytest.mark.parametrize("rule_id", ["CR-001", "cr-002", "CR-013", "CR-050", "CR-084", "CR-103"])
def test_show_says_all_of_a_rule(rule_id: str) -> None:
    text, rule = said("show", rule_id), definitions()[rule_id.upper()]
    for words in (rule.title, rule.clinician, rule.patient, rule.exception, rule.approver):
        assert words.en in text
        assert words.zh_hans in text
    for holder in rule.held_by:
        assert holder in text
    for name in rule.parameters:
        assert name in text
        for preset in Preset:
            cells = [cell for rules in load_preset(preset).rules.values() if (cell := rules.get(name))]
            assert all(cell.source in text for cell in cells if cell.rule_id == rule.rule_id)
            has_default = any(cell.mark is Mark.DEFAULT for cell in cells if cell.rule_id == rule.rule_id)
            assert not has_default or "No law fixes this value." in text


def test_show_puts_kinds_of_care_with_the_same_value_together() -> None:
    text = said("show", "CR-001")
    assert "    us-federal: STER: 21 (block)\n      42 CFR 50 subpart B" in text
    assert "[law]" in text
    assert "    england: LARC_IN LARC_OUT TEST IMG: 30 (block)" in said("show", "CR-021")


@pytest.mark.parametrize("rule_id", definitions())
def test_show_as_data_has_every_value(rule_id: str) -> None:
    rule = data("show", rule_id)
    assert rule["id"] == rule_id
    assert set(rule["parameters"]) == set(definitions()[rule_id].parameters)
    for name, bar in rule["parameters"].items():
        for preset in Preset:
            cells = {
                kind: rules[name].effect.value
                for kind, rules in load_preset(preset).rules.items()
                if name in rules and rules[name].rule_id == rule_id
            }
            assert {kind: cell["effect"] for kind, cell in bar["presets"][preset.value].items()} == cells


def test_a_rule_that_is_not_there_is_refused() -> None:
    with pytest.raises(CommandError, match="No rule has the number 'CR-999'"):
        said("show", "CR-999")

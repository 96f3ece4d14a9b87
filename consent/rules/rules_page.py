"""The page `docs/rules.md`: all rules, one table for each group, the presets side by side.

>>> "## A. Time, age and state of the person" in rules_page()
True
"""

from collections.abc import Iterator

from clinic.vocabulary import Preset, ProcedureCategory
from consent.rules.definitions import definitions
from consent.rules.markdown import page, table
from consent.rules.policy import load_preset
from consent.rules.rule_kinds import shown
from consent.rules.rule_table import GROUPS, Definition, Mark, Parameter, Rule, kinds_of_care

GROUP_TITLES = {
    "a-time": "A. Time, age and state of the person",
    "b-disclosure": "B. What must be told",
    "c-people": "C. People in the room, signatures, ability to decide",
    "d-integrity": "D. Signatures and the record",
    "e-refusal": "E. Refusing and taking back",
    "f-programme": "F. Programmes, money, data",
}
FIRMNESS = {
    Mark.LAW: "law",
    Mark.GUIDANCE: "guidance",
    Mark.MEMORY: "from memory, to be checked",
    Mark.DEFAULT: "No law fixes this value.",
}
STRICTER = {
    "up": "more is stricter",
    "down": "less is stricter",
    "true": "on is stricter",
    "superset": "more codes are stricter",
    "absent": "absent is stricter",
}


def rules_page() -> str:
    """All that the one rule table says."""
    parts = [
        "The one rule table: it decides whether a consent may be offered, signed and used, and which settings may "
        "exist. The values stand in `consent/rules/presets/*.toml`, the sentences in `consent/rules/presets/rules/`, "
        "in English and Simplified Chinese. A site may tighten a value, never loosen it ([running](running.md)).",
        "Each value is followed by what happens where it is not met: *block* (the step is refused), *hold* (refused "
        "until the advocate has looked at it), *block-and-hold*, *warn* (it goes on, and the warning is recorded), "
        "*log*. Kinds of care that are not named are not touched. Where the source says that no law fixes a value, it "
        "is the product's own. Nobody here is a lawyer: let one read your preset before you rely on it.",
    ]
    for group in GROUPS:
        rules = [rule for rule in definitions().values() if rule.group == group]
        heads = ("Rule", "Said where it is not met", "Exception", "Bar", *(preset.value for preset in Preset))
        rows = (line for rule in rules for line in _lines(rule))
        parts += [f"## {GROUP_TITLES[group]}", table((*heads, "Source", "Held by"), rows)]
    return page("The rules", *parts)


def _lines(rule: Definition) -> Iterator[tuple[str, ...]]:
    """One line for each parameter; what is common to the rule stands in the first."""
    for number, parameter in enumerate(rule.parameters.values()):
        is_first = number == 0
        yield (
            _rule(rule) if is_first else rule.rule_id,
            f"{parameter.clinician.en}<br>To the patient: {parameter.patient.en}",
            f"{rule.exception.en}<br>Who approves: {rule.approver.en}" if is_first else "",
            _bar(parameter),
            *(_values(parameter, preset) for preset in Preset),
            _sources(parameter),
            "<br>".join(f"`{holder}`" for holder in rule.held_by) if is_first else "",
        )


def _rule(rule: Definition) -> str:
    moments = ", ".join(rule.evaluated)
    return f"{rule.rule_id}<br>**{rule.title.en}**<br>{_kinds(rule.categories)}<br>asked at: {moments}"


def _bar(parameter: Parameter) -> str:
    unit = f" ({parameter.unit.en})" if parameter.unit.en else ""
    stricter = f"strictest: {parameter.codes[-1]}" if parameter.kind == "code" else STRICTER[parameter.stricter]
    return f"`{parameter.name}`{unit}<br>{stricter}"


def _values(parameter: Parameter, preset: Preset) -> str:
    """The values of one preset, kinds of care with the same value together."""
    kinds: dict[str, list[str]] = {}
    for key, cell in _cells(parameter, preset):
        kinds.setdefault(f"{shown(parameter.kind, cell.value)} ({cell.effect})", []).append(key)
    return "<br>".join(f"{_kinds(keys)}: {value}" for value, keys in kinds.items())


def _sources(parameter: Parameter) -> str:
    """Each source with the presets that name it, and how firmly it stands."""
    presets: dict[str, list[str]] = {}
    for preset in Preset:
        for _, cell in _cells(parameter, preset):
            named = presets.setdefault(f"{cell.source} [{FIRMNESS[cell.mark]}]", [])
            if preset.value not in named:
                named.append(preset.value)
    if len(presets) == 1:
        return next(iter(presets))
    return "<br>".join(f"{', '.join(names)}: {source}" for source, names in presets.items())


def _cells(parameter: Parameter, preset: Preset) -> Iterator[tuple[str, Rule]]:
    rules = load_preset(preset).rules
    for key in sorted(rules, key=lambda key: (list(ProcedureCategory).index(_category(key)), key)):
        cell = rules[key].get(parameter.name)
        if cell is not None and cell.rule_id == parameter.rule_id:
            yield key, cell


def _category(key: str) -> ProcedureCategory:
    return ProcedureCategory(kinds_of_care(key)[-1])


def _kinds(keys: list[str] | tuple[str, ...]) -> str:
    return "all" if set(ProcedureCategory) <= set(keys) else " ".join(keys)

"""The pages of `docs/` that are printed from the code, so that they cannot say something else.

Pure: each function returns the text of one page. The command `generate_docs` writes the pages, and with `--check` fails
when one of them differs; every page therefore ends up the same on every machine.

>>> permissions_page().splitlines()[0]
'# Who may do what'
"""

from collections.abc import Callable, Iterable, Mapping

from clinic.vocabulary import ROLE_PERMISSIONS, Permission, Preset, Role
from consent.fhir.page import fhir_page
from consent.record.schema import record_schema_page
from consent.rules.case import Requirement, Stage
from consent.rules.facts_schema import facts_schema_page
from consent.rules.gate import REQUIREMENTS
from consent.rules.lifecycle import NOTHING_PROPOSED
from consent.rules.markdown import page, table
from consent.rules.policy import Effect, Rule, load_preset
from consent.rules.rule_table import CATEGORIES
from consent.rules.rules_page import rules_page
from consent.rules.self_audit.page import self_audit_page
from consent.rules.signals.page import signals_page
from consent.rules.signals.table import load_signals
from consent.rules.steps import REFUSALS, STEPS
from consent.vocabulary import ENDED_STATES, ConsentState

BEFORE_ANYTHING = "(nothing)"


def states_page() -> str:
    """The life of a consent: a diagram, every step, and for every other step why there is none."""
    steps = (
        (
            step.act,
            ", ".join(_state(before) for before in step.before),
            step.after or "stays as it is",
            ", ".join(step.by),
            step.sentence,
            step.source,
        )
        for step in STEPS
    )
    refusals = (
        (refusal.act, ", ".join(_state(state) for state in refusal.states), refusal.sentence) for refusal in REFUSALS
    )
    return page(
        "The life of a consent",
        "Stored states only. Whether a waiting time is over or a consent too old is worked out from the clock "
        "([the gate](gate.md)). Withdrawing is possible from every state.",
        "```mermaid\n" + "\n".join(_diagram()) + "\n```",
        "## Steps",
        table(("Act", "From", "To", "By", "What happens", "Source"), steps),
        "## What is not possible, and what to do instead",
        f"Where there is no consent yet, only `propose` is possible: {NOTHING_PROPOSED}",
        table(("Act", "In these states", "What the person is told"), refusals),
    )


def gate_page() -> str:
    """Every requirement of the gate."""
    return page(
        "The gate",
        "What must be so before a procedure is offered (`offer`), before the patient signs (`signing`) and before the "
        "procedure starts (`start`). The gate names everything that is missing, in this order. What is not recorded is "
        "not met. There is no override.",
        table(
            ("Requirement", "Asked at", "Kinds of care", "Rule", "Said where it is not met", "Source"),
            map(_line_of, REQUIREMENTS),
        ),
        "Kinds of care in brackets only get a warning, which is shown and recorded; with a star, the advocate looks at "
        "it before anything goes on. How high each bar is under each preset, and by which source, stands in "
        "[the rules](rules.md).",
    )


def permissions_page() -> str:
    """Which role may do what."""
    rows = (
        (f"`{permission}`", *("yes" if permission in ROLE_PERMISSIONS[role] else "" for role in Role))
        for permission in Permission
    )
    return page(
        "Who may do what",
        "What a role may do at its own site. Whose thing it is, is asked separately: a patient decides about her own "
        "care only, and what is not yours looks as if it did not exist.",
        table(("Permission", *(role.value for role in Role)), rows),
    )


DOCUMENTS: Mapping[str, Callable[[], str]] = {
    "states.md": states_page,
    "gate.md": gate_page,
    "rules.md": rules_page,
    "signals.md": lambda: signals_page(load_signals()),
    "permissions.md": permissions_page,
    "self-audit.md": self_audit_page,
    "fhir.md": fhir_page,
    "facts.schema.json": facts_schema_page,
    "consent-record.schema.json": record_schema_page,
}


def _diagram() -> Iterable[str]:
    """The steps that lead from one state to another, as a Mermaid state diagram."""
    yield "stateDiagram-v2"
    for state in ConsentState:
        yield f'    state "{state}" as {_node(state)}'
    for step in STEPS:
        for before in step.before:
            after = step.after or before
            if after != before:
                yield f"    {_node(before)} --> {_node(after)}: {step.act}"
    for state in ConsentState:
        if state in ENDED_STATES:
            yield f"    {_node(state)} --> [*]"


def _node(state: ConsentState | None) -> str:
    return state.value.replace("-", "_") if state else "[*]"


def _state(state: ConsentState | None) -> str:
    return state.value if state else BEFORE_ANYTHING


def _line_of(requirement: Requirement) -> tuple[str, ...]:
    """One line of the page about the gate. What the table says of a bar, it says here."""
    cells = _cells_of(requirement)
    clinician, patient = requirement.sentence, requirement.patient_sentence
    if cells:
        clinician, patient = cells[0][1].clinician, cells[0][1].patient
    return (
        f"`{requirement.id}`",
        ", ".join(stage for stage in Stage if stage in requirement.stages),
        _kinds_of(cells) if requirement.parameter else "all",
        ", ".join(requirement.rule_ids or sorted({rule.rule_id for _kind, rule in cells})) or "house",
        f"{clinician}<br>To the patient: {patient}",
        requirement.source or f"of each preset: {requirement.parameter}",
    )


def _cells_of(requirement: Requirement) -> list[tuple[str, Rule]]:
    """The cells of its parameter in the strict default, with their kinds of care, narrow kinds last."""
    rules, name = load_preset(Preset.STRICT_DEFAULT).rules, requirement.parameter
    kinds = [*CATEGORIES, *sorted(set(rules) - set(CATEGORIES))]
    return [(kind, rules[kind][name]) for kind in kinds if name in rules.get(kind, {})]


def _kinds_of(cells: list[tuple[str, Rule]]) -> str:
    """The kinds of care; those that are only warned in brackets, those that are held with a star."""
    is_for_all = {kind for kind, _rule in cells} >= set(CATEGORIES) and len({rule.effect for _kind, rule in cells}) == 1
    named = [("all", cells[0][1])] if is_for_all else cells
    return " ".join(
        f"({kind})" if rule.effect is Effect.WARN else kind + "*" * rule.effect.holds for kind, rule in named
    )

"""Each of the 78 rules is held by something that is really there: a requirement, act, constraint, check or test.

A rule points at what holds it (`held_by` in `consent/rules/presets/rules/`). A pointer counts only where it leads to
something that knows the rule: a requirement that asks for one of the rule's bars or names the rule, a module or a test
whose text names it. And each bar is read by some code, or named by the act or the test that holds it.
"""

import ast
import functools
import importlib
import importlib.util
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.apps import apps

from consent.rules.definitions import definitions, parameters
from consent.rules.requirements import REQUIREMENTS
from consent.rules.rule_table import Definition, rule_ids

ROOT = Path(__file__).resolve().parents[2]
READERS = re.compile(r"""["']([a-z_]+)["']""")


@functools.cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def why_not(rule: Definition, pointer: str) -> str:
    """What is wrong with a pointer; empty where it holds the rule."""
    kind, _, name = pointer.partition(":")
    ask = {
        "requirement": requirement_is_wrong,
        "action": module_is_wrong,
        "check": module_is_wrong,
        "constraint": constraint_is_wrong,
        "test": test_is_wrong,
    }
    return ask[kind](rule, name)


def requirement_is_wrong(rule: Definition, name: str) -> str:
    found = next((requirement for requirement in REQUIREMENTS if requirement.id == name), None)
    if found is None:
        return "there is no requirement of this name"
    knows = found.parameter in rule.parameters or names_rule(f"{found.rule_ids} {found.check.__doc__}", rule.rule_id)
    if not knows:
        return f"the requirement is about {found.rule_ids} and {found.parameter or 'no bar'}"
    return ""


def module_is_wrong(rule: Definition, name: str) -> str:
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError:
        spec = None
    if spec is None or spec.origin is None:
        return "there is no module of this name"
    importlib.import_module(name)
    return "" if names_rule(text_of(Path(spec.origin)), rule.rule_id) else "the module does not name the rule"


def constraint_is_wrong(_rule: Definition, name: str) -> str:
    named = {each.name for model in apps.get_models() for each in [*model._meta.constraints, *model._meta.indexes]}
    return "" if name in named else "there is no constraint of this name"


def test_is_wrong(rule: Definition, name: str) -> str:
    file, _, function = name.partition("::")
    path = ROOT / file
    if not path.is_file():
        return "there is no file of tests of this name"
    tree = ast.parse(text_of(path))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == function]
    if not found:
        return "there is no test of this name"
    said = f"{ast.get_docstring(tree)}\n{ast.get_source_segment(text_of(path), found[0])}"
    return "" if names_rule(said, rule.rule_id) else "neither the test nor its file's heading names the rule"


test_is_wrong.__test__ = False  # type: ignore[attr-defined]


def names_rule(text: str, rule_id: str) -> bool:
    """True where the text names the rule, alone or inside a range such as `CR-002 to CR-005`."""
    if re.search(rf"{rule_id}(?!\d)", text):
        return True
    number = int(rule_id.removeprefix("CR-"))
    ranges = re.findall(r"CR-(\d{3}) to CR-(\d{3})", text)
    return any(int(first) <= number <= int(last) for first, last in ranges)


def lacking() -> Iterator[str]:
    for rule in definitions().values():
        if not rule.held_by:
            yield f"{rule.rule_id}: nothing holds it"
        for pointer in rule.held_by:
            reason = why_not(rule, pointer)
            if reason:
                yield f"{rule.rule_id}: {pointer}: {reason}"


def test_every_rule_is_enforced() -> None:
    """78 of 78; what lacks is named."""
    lacks = list(lacking())
    held = len(rule_ids()) - len({line.partition(":")[0] for line in lacks})
    assert not lacks, f"{held} of {len(rule_ids())} rules are held. These pointers lead nowhere:\n" + "\n".join(lacks)
    assert held == len(definitions()) == 78


# ------------------------------------------------------------------------------------------ every bar is read


def names_in_code() -> set[str]:
    """Every quoted name in the code of both floors, the rule tables left out."""
    paths = [path for floor in ("clinic", "consent") for path in (ROOT / floor).rglob("*.py")]
    return {name for path in paths for name in READERS.findall(text_of(path))}


def named_by_holders(rule: Definition) -> str:
    """The text of the tests and modules that hold a rule."""
    named = [pointer.partition(":")[2].partition("::")[0] for pointer in rule.held_by if "requirement:" not in pointer]
    paths = [ROOT / (name if name.endswith(".py") else name.replace(".", "/") + ".py") for name in named]
    return "".join(text_of(path) for path in paths if path.is_file())


def unread(extra: str = "") -> set[str]:
    """Bars that no code asks for and no holder names."""
    code = names_in_code()
    names = [*((row.rule_id, row.name) for row in parameters()), *([("CR-001", extra)] if extra else [])]
    return {
        name for rule_id, name in names if name not in code and name not in named_by_holders(definitions()[rule_id])
    }


def test_every_bar_is_read_by_code_or_named_by_what_holds_it() -> None:
    assert unread() == set()
    assert unread("moon_phase") == {"moon_phase"}


# ------------------------------------------------------------------------------------ the measure itself can fail


@pytest.mark.parametrize(
    ("pointer", "reason"),
    [
        ("requirement:moon", "there is no requirement of this name"),
        ("requirement:time-alone", "the requirement is about"),
        ("action:consent.actions.moon", "there is no module of this name"),
        ("action:moon.actions", "there is no module of this name"),
        ("action:consent.actions.ask_for_time", "the module does not name the rule"),
        ("check:consent.checks", "the module does not name the rule"),
        ("constraint:moon", "there is no constraint of this name"),
        ("test:tests/moon.py::test_x", "there is no file of tests of this name"),
        ("test:tests/architecture/test_sizes.py::test_moon", "there is no test of this name"),
        (
            "test:tests/architecture/test_refusals_by_design.py::test_care_needs_no_papers",
            "neither the test nor its file's heading names the rule",
        ),
    ],
)
def test_an_empty_pointer_is_seen(pointer: str, reason: str) -> None:
    assert why_not(replace(definitions()["CR-001"], held_by=(pointer,)), pointer).startswith(reason)


def test_a_pointer_that_holds_is_taken() -> None:
    assert why_not(definitions()["CR-050"], "requirement:time-alone") == ""
    assert why_not(definitions()["CR-080"], "action:consent.actions.withdraw") == ""
    assert why_not(definitions()["CR-001"], "constraint:one_live_consent_per_procedure") == ""
    assert names_rule("CR-002 to CR-005. Enough days", "CR-004")
    assert not names_rule("CR-0021", "CR-002")

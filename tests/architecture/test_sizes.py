"""Budgets: a function fits on a screen, a file is read in one sitting. Complexity is kept by ruff (C901)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES_OF_FUNCTION = 40
MOST_LINES_OF_FILE = 300
MOST_LINES_OF_TEST_FILE = 500

# What may be longer, and why. A path, or path::function; an entry that is no longer needed fails too.
ALLOWED_LONGER: dict[str, str] = {
    "consent/privacy.py": "One table, a line for each stored field; cut in two it would be looked up twice.",
    "consent/verifier/freely_given_verify.py": "One file on purpose: handed to people to read and run alone.",
    "consent/vocabulary.py": "The closed lists of the floor, and nothing else; each is a few lines.",
}


def python_files() -> Iterator[Path]:
    """Every Python file of the project but migrations, which Django writes."""
    yield ROOT / "manage.py"
    for folder in ("clinic", "consent", "tests", ".ci"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function or method of a file with its lines, from `def` to its last line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def too_long() -> dict[str, int]:
    """Whatever is over its budget, by path or path::function, with its lines."""
    found: dict[str, int] = {}
    for path in python_files():
        name = path.relative_to(ROOT).as_posix()
        budget = MOST_LINES_OF_TEST_FILE if name.startswith("tests/") else MOST_LINES_OF_FILE
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > budget:
            found[name] = lines
        for function, length in functions(path):
            if length > MOST_LINES_OF_FUNCTION:
                found[f"{name}::{function}"] = length
    return found


def test_functions_and_files_keep_their_budgets() -> None:
    over = {name: lines for name, lines in too_long().items() if name not in ALLOWED_LONGER}
    assert not over, f"longer than the budget: {over}"


def test_every_exception_is_still_needed_and_has_a_reason() -> None:
    stale = set(ALLOWED_LONGER) - set(too_long())
    assert not stale, f"no longer over the budget, take out of the list: {sorted(stale)}"
    assert all(reason.strip() for reason in ALLOWED_LONGER.values())


def test_the_measure_sees_a_function_of_41_lines(tmp_path: Path) -> None:
    path = tmp_path / "long.py"
    path.write_text("def first():\n" + "    pass\n" * 40 + "\n\ndef second():\n    pass\n")
    assert dict(functions(path)) == {"first": 41, "second": 2}


@pytest.mark.parametrize("folder", ["clinic", "consent"])
def test_the_measure_reads_the_product(folder: str) -> None:
    assert any(path.is_relative_to(ROOT / folder) for path in python_files())

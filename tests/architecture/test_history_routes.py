"""No way past history is unknown: every name of the installed library is reviewed, and what closes it has a test.

A new release of simple-history with a new name fails here until somebody has looked at it.
"""

import ast
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.names_of_the_history import LOOKED_FOR, names

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "tests" / "architecture" / "history_routes.toml"


def groups() -> list[dict[str, Any]]:
    return list(tomllib.loads(TABLE.read_text(encoding="utf-8"))["group"])


def reviewed() -> list[str]:
    return [name for group in groups() for name in group["names"]]


def proofs_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_name_of_the_library_is_reviewed() -> None:
    unknown = sorted(names() - set(reviewed()))
    assert not unknown, (
        f"simple-history has names that nobody here has reviewed: {', '.join(unknown)}. Read what each does; if it can"
        " write, change, date or remove history, close it and write the test; then enter it in history_routes.toml."
    )


def test_no_reviewed_name_is_gone() -> None:
    gone = sorted(set(reviewed()) - names())
    assert not gone, f"simple-history has these no longer; take them out of history_routes.toml: {', '.join(gone)}"
    assert len(reviewed()) == len(set(reviewed())), "a name is reviewed twice"


@pytest.mark.parametrize("group", groups(), ids=lambda group: group["how"][:40])
def test_what_closes_a_name_has_a_test(group: dict[str, Any]) -> None:
    assert len(group["how"].split()) >= 5, "say how it is closed, or why it does no harm"
    for proof in group["proofs"]:
        path, _colons, test = proof.partition("::")
        assert test in proofs_in(ROOT / path), f"{proof} is no test"


@pytest.mark.parametrize("name", ["_history_new", "SIMPLE_HISTORY_NEW", "skip_history_ever", "_change_reason"])
def test_a_new_attribute_or_setting_would_be_seen(name: str) -> None:
    assert LOOKED_FOR.match(name)
    assert not LOOKED_FOR.match(f"x{name}")

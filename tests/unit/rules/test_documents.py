"""The printed pages hold what the tables hold."""

import re

import pytest

from clinic.vocabulary import ROLE_PERMISSIONS, Permission, Role
from consent.rules import markdown
from consent.rules.definitions import parameters
from consent.rules.documents import DOCUMENTS, gate_page, permissions_page, states_page
from consent.rules.gate import REQUIREMENTS
from consent.rules.rules_page import rules_page
from consent.vocabulary import Act, ConsentState


@pytest.mark.parametrize("name", DOCUMENTS)
def test_page_is_printed_the_same_each_time_and_says_that_it_is_printed(name: str) -> None:
    page = DOCUMENTS[name]()
    assert page == DOCUMENTS[name]()
    assert page.startswith("# " if name.endswith(".md") else "{") and page.endswith("\n") and "generate_docs" in page


@pytest.mark.parametrize("name", DOCUMENTS)
def test_tables_are_rectangular(name: str) -> None:
    for table in re.findall(r"(?:^\|.*\n)+", DOCUMENTS[name](), re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1


def test_states_page_names_every_state_and_act() -> None:
    page = states_page()
    assert all(f'state "{state.value}"' in page for state in ConsentState)
    assert all(f"| {act.value} |" in page for act in Act)
    assert "confirmed --> used: start" in page
    assert "[*] --> draft: propose" in page


def test_gate_page_names_every_requirement() -> None:
    page = gate_page()
    assert all(f"| `{requirement.id}` |" in page and requirement.sentence in page for requirement in REQUIREMENTS)


def test_rules_page_shows_every_bar_with_the_presets_side_by_side() -> None:
    page = rules_page()
    assert all(page.count(f"| `{row.name}`") >= 1 for row in parameters())
    assert "| STER: 21 (block) | STER: 18 (block) |" in page
    assert "| STER: days: 30; hours: 720 (block) | STER: days: 30 (block) | STER: days: 1 (14 with a birth) (" in page
    assert "LARC_IN LARC_OUT TEST IMG: 30 (block)" in page
    assert "No law fixes this value." in page


def test_permissions_page_holds_every_cell() -> None:
    lines = [line.split("|") for line in permissions_page().splitlines() if line.startswith("| `")]
    found = {
        (role, Permission(line[1].strip(" `")))
        for line in lines
        for role, cell in zip(Role, line[2:-1], strict=True)
        if cell.strip() == "yes"
    }
    assert found == {(role, permission) for role, held in ROLE_PERMISSIONS.items() for permission in held}
    assert len(lines) == len(Permission)


def test_a_bar_inside_a_cell_does_not_end_it() -> None:
    assert markdown.table(("a", "b"), [("1|2", "3")]) == "| a | b |\n| --- | --- |\n| 1\\|2 | 3 |"

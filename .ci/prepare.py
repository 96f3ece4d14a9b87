"""Makes this folder ready on a machine that has Python 3.11 and its system's package manager, and no more.

    python3.11 .ci/prepare.py runtime    for `make demo`: environment, packages, front end, messages
    python3.11 .ci/prepare.py check      for `make check` and `make fix`: the same with the test tools
    python3.11 .ci/prepare.py test       for `make test`: the same with a browser, a PDF reader and gettext
    python3.11 .ci/prepare.py mutants    for `make mutants`: the test tools and what writes the mutants
    python3.11 .ci/prepare.py bench      for `make bench`: the test tools and the neighbours we are measured beside

Runs under the system's Python, so it uses the standard library only. Each part keeps a stamp with the digest
of what it was made from: a second run does nothing, and a changed requirement is installed again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMPS = VENV / "stamps"
VENV_PYTHON = VENV / "bin" / "python"
OLDEST_PYTHON = (3, 11)

PARTS = {
    "runtime": ("runtime", "build"),
    "check": ("dev",),
    "test": ("dev",),
    "mutants": ("dev", "mutants"),
    "bench": ("dev", "bench"),
}
# Program that must be there -> Debian packages that bring it.
PROGRAMS = {
    "chromium": ("chromium",),
    "pdftotext": ("poppler-utils",),
    "qpdf": ("qpdf",),
    "msgfmt": ("gettext",),
}
# System library the running clinic loads -> Debian package that brings it. FriBidi orders right-to-left lines.
LIBRARIES: dict[str, tuple[str, ...]] = {"fribidi": ("libfribidi0",)}
# What only the neighbours we are measured beside load: WeasyPrint sets its lines with Pango.
BENCH_LIBRARIES: dict[str, tuple[str, ...]] = {"pango-1.0": ("libpango-1.0-0",), "pangoft2-1.0": ("libpangoft2-1.0-0",)}


class NotReadyError(Exception):
    """Something is missing that this script may not or cannot install; the message says what to do."""


def say(sentence: str) -> None:
    print(f"prepare: {sentence}", flush=True)


def run(command: list[str], *, failure: str, **environment: str) -> None:
    """Runs a command quietly; when it fails, shows what it printed and ends with one sentence."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotReadyError(f"{done.stdout.rstrip()}\n{failure}")


def install_from_system(packages: list[str]) -> None:
    """Installs Debian packages as root or through sudo; where neither is possible, says which."""
    sentence = f"install these system packages and try again: apt-get install {' '.join(packages)}"
    if shutil.which("apt-get") is None:
        raise NotReadyError(sentence)
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if as_root and shutil.which("sudo") is None:
        raise NotReadyError(sentence)
    say(f"installing from the system: {' '.join(packages)}")
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    run([*apt, "update"], failure=sentence)
    run([*apt, "install", "--no-install-recommends", *packages], failure=sentence)


def make_environment() -> None:
    """Makes .venv; Debian ships Python without the parts for that, so they are installed when missing."""
    if VENV_PYTHON.exists():
        return
    if not _can_make_environments():
        install_from_system([f"python{sys.version_info.major}.{sys.version_info.minor}-venv"])
    say("making the virtual environment .venv")
    run(
        [sys.executable, "-m", "venv", str(VENV)],
        failure="the virtual environment could not be made; remove .venv",
    )


def _can_make_environments() -> bool:
    probe = [sys.executable, "-c", "import ensurepip, venv"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def install_requirements(name: str) -> None:
    """Installs one hashed requirements file, unless it is installed already."""
    file = ROOT / "requirements" / f"{name}.txt"
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    stamp = STAMPS / name
    if stamp.is_file() and stamp.read_text() == digest:
        return
    say(f"installing requirements/{name}.txt")
    uv = shutil.which("uv")
    installer = (
        [uv, "pip", "install", "--quiet", "--python", str(VENV_PYTHON)]
        if uv
        else [*_pip(), "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    )
    sentence = f"the packages of requirements/{name}.txt could not be installed; is a package index reachable?"
    run([*installer, "--require-hashes", "-r", str(file)], failure=sentence)
    STAMPS.mkdir(exist_ok=True)
    stamp.write_text(digest)


def _pip() -> list[str]:
    pip = [str(VENV_PYTHON), "-m", "pip"]
    if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode:
        run([str(VENV_PYTHON), "-m", "ensurepip"], failure=".venv has no pip; remove .venv and try again")
    return pip


def build_front_end() -> None:
    """Builds style sheets, script and fonts; brings Node into the environment where the machine has none."""
    builder = [str(VENV_PYTHON), ".ci/build_assets.py"]
    if subprocess.run([*builder, "--has-node"], cwd=ROOT, check=False).returncode:
        install_requirements("node")
    run(builder, failure="the front end could not be built")


def compile_messages() -> None:
    """Turns each language's .po file into the .mo file that the running clinic reads."""
    run([str(VENV_PYTHON), ".ci/build_messages.py"], failure="the message catalogues could not be compiled")


def install_libraries(libraries: dict[str, tuple[str, ...]]) -> None:
    missing = [package for name, packages in libraries.items() if not find_library(name) for package in packages]
    if missing:
        install_from_system(missing)


def install_programs() -> None:
    missing = [package for program, packages in PROGRAMS.items() if not shutil.which(program) for package in packages]
    if missing:
        install_from_system(missing)


def prepare(part: str) -> None:
    make_environment()
    install_libraries(LIBRARIES)
    if part == "bench":
        install_libraries(BENCH_LIBRARIES)
    for name in PARTS[part]:
        install_requirements(name)
    build_front_end()
    compile_messages()
    if part == "test":
        install_programs()


def main() -> int:
    if sys.version_info < OLDEST_PYTHON:
        print("Python 3.11 or newer is needed; name one with: make demo PYTHON=python3.11", file=sys.stderr)
        return 1
    if len(sys.argv) != 2 or sys.argv[1] not in PARTS:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        prepare(sys.argv[1])
    except NotReadyError as error:
        print(f"Not ready: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

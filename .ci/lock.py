"""Compiles requirements/*.in to hashed files and package.json to its lock file.

No address of a package server may remain in any of them.

python .ci/lock.py        needs uv and npm on the machine; asks the package indexes
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ORDER = ("runtime", "build", "node", "dev", "mutants", "bench")


def compile_requirements(name: str) -> None:
    options = ["--quiet", "--generate-hashes", "--no-emit-index-url", "--python-version", "3.11"]
    command = ["uv", "pip", "compile", *options, "--custom-compile-command", "make lock"]
    subprocess.run([*command, f"requirements/{name}.in", "-o", f"requirements/{name}.txt"], cwd=ROOT, check=True)


def compile_packages() -> None:
    """The npm lock file without addresses: .npmrc leaves out the packages', this function the sponsors'."""
    subprocess.run(["npm", "install", "--package-lock-only"], cwd=ROOT, check=True)
    lock = ROOT / "package-lock.json"
    content = json.loads(lock.read_text(encoding="utf-8"))
    for package in content["packages"].values():
        package.pop("funding", None)
    lock.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def main() -> int:
    for name in ORDER:
        compile_requirements(name)
    compile_packages()
    files = [*(ROOT / "requirements").glob("*.txt"), ROOT / "package-lock.json"]
    named = [file.name for file in files if re.search(r"https?://", file.read_text(encoding="utf-8"))]
    if named:
        print(f"These files still name an address: {', '.join(named)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Compiles the message catalogues (.po) beside themselves (.mo), without gettext on the machine.

python .ci/build_messages.py            compile what is newer than its compiled form
python .ci/build_messages.py --check    let gettext's own checker read each; it sees broken placeholders
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent


def compile_catalogues(sources: list[Path]) -> None:
    for source in sources:
        compiled = source.with_suffix(".mo")
        if not compiled.is_file() or compiled.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(compiled))


def check_catalogues(sources: list[Path]) -> int:
    """Exit code 0 when there is at least one catalogue and msgfmt finds no fault in any."""
    if not sources:
        print("there is no message catalogue")
        return 1
    checker = ["msgfmt", "--check", "--output-file=/dev/null"]
    return max(subprocess.run([*checker, str(source)], check=False).returncode for source in sources)


def main() -> int:
    sources = sorted(ROOT.glob("*/locale/*/LC_MESSAGES/*.po"))
    if "--check" in sys.argv[1:]:
        return check_catalogues(sources)
    compile_catalogues(sources)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Compiles the message catalogues (.po) beside themselves (.mo), without gettext on the machine.

    python .ci/build_messages.py
"""

from __future__ import annotations

import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    for source in sorted(ROOT.glob("*/locale/*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.is_file() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        polib.pofile(str(source)).save_as_mofile(str(compiled))
    return 0


if __name__ == "__main__":
    sys.exit(main())

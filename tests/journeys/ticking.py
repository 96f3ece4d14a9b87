"""A clock for the processes of a journey: real time plus a number of seconds that stands in a file.

Server and world read the same file, so that both live at the same moment and a journey can let thirty days pass.
"""

import datetime
import os
from pathlib import Path

from clinic import clock

FILE = "JOURNEY_CLOCK_FILE"
_real = clock._read


class SharedClock:
    """The moved clock, as a process reads it, and as tests let time go by on it for all processes."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def read(self) -> datetime.datetime:
        return _real() + datetime.timedelta(seconds=float(self.file.read_text(encoding="ascii")))

    def forward(self, **delta: int) -> None:
        set_to(self.file, self.read() + datetime.timedelta(**delta))


def install() -> None:
    """Put the moved clock in the one place of the house that reads the time."""
    clock._read = SharedClock(Path(os.environ[FILE])).read


def set_to(file: Path, at: datetime.datetime) -> None:
    """From now on it is `at` and going on from there. Moved into place whole: no reader sees half a number."""
    aside = file.with_suffix(".new")
    aside.write_text(f"{(at - _real()).total_seconds():.6f}", encoding="ascii")
    aside.replace(file)

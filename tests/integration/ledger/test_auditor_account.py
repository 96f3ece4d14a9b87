"""The auditor's own account of PostgreSQL: it signs in with its own password, and the self-audit runs to its end."""

import json
import os
import secrets
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from consent.roles import APP, AUDITOR, FILE, OWNER, SEQUENCER
from tests.integration.ledger.world import alone_with_roles

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL only"),
]
SECONDS = 300


@dataclass(frozen=True)
class Office:
    """Two ways into one database, and the folder of the clinic's keys."""

    owner: str
    auditor: str
    keys: Path


def ask(url: str, folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Our Python in a process of its own, on this database, with this data folder."""
    environment = os.environ | {"DATABASE_URL": url, "DATA_DIR": str(folder)}
    return subprocess.run(
        [sys.executable, *words], env=environment, capture_output=True, text=True, check=False, timeout=SECONDS
    )


def tell(url: str, *statements: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as there:
        for statement in statements:
            there.execute(statement.encode())


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A clinic that has lived through everything, in a database that stays until the end, with roles and an account.

    What a test writes is never committed, and another connection would not see it.
    """
    server = urlsplit(os.environ["DATABASE_URL"])
    name, account, password = (f"fg_{uuid.uuid4().hex[:12]}", f"fg_{uuid.uuid4().hex[:12]}", secrets.token_hex(16))
    owner = server._replace(path=f"/{name}").geturl()
    place = f"{account}:{password}@{server.netloc.rpartition('@')[2]}"
    keys = tmp_path_factory.mktemp("clinic")
    tell(server.geturl(), f"CREATE DATABASE {name}")
    try:
        told = ask(owner, keys, "-m", "tests.integration.ledger.told_clinic")
        assert told.returncode == 0, told.stderr
        with alone_with_roles():
            tell(owner, FILE.read_text(encoding="utf-8"))
            tell(owner, f"CREATE ROLE {account} LOGIN PASSWORD '{password}' IN ROLE {AUDITOR}")
            yield Office(owner, server._replace(netloc=place, path=f"/{name}").geturl(), keys)
            tell(server.geturl(), f"DROP DATABASE {name} WITH (FORCE)")
            tell(server.geturl(), *(f"DROP ROLE {role}" for role in (account, APP, SEQUENCER, AUDITOR, OWNER)))
    finally:
        tell(server.geturl(), f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def test_the_auditor_finds_what_the_owner_finds_and_needs_no_key(office: Office, tmp_path: Path) -> None:
    command = ("manage.py", "self_audit", "--json")
    own = ask(office.owner, office.keys, *command)
    seen = ask(office.auditor, tmp_path, *command)
    assert (seen.returncode, seen.stderr) == (own.returncode, own.stderr) == (1, "")
    found = json.loads(seen.stdout)
    assert found["findings_count"] > 0
    assert found == json.loads(own.stdout)


def test_one_clinic_as_text(office: Office, tmp_path: Path) -> None:
    site = json.loads(ask(office.owner, office.keys, "manage.py", "self_audit", "--json").stdout)["sites"][0]["site"]
    for words in (("--site", site), ("--site", site, "--since", "3")):
        seen = ask(office.auditor, tmp_path, "manage.py", "self_audit", *words)
        assert (seen.returncode, seen.stderr) == (1, "")
        assert seen.stdout.startswith(f"{site}: ")


def test_what_it_may_not_read_it_is_told(office: Office, tmp_path: Path) -> None:
    """The whole check reads every row of evidence; it says so and does not pretend to have looked."""
    seen = ask(office.auditor, tmp_path, "manage.py", "verify_ledger")
    assert (seen.returncode, seen.stdout) == (2, "")
    assert "permission denied" in seen.stderr
    assert "Traceback" not in seen.stderr


def test_the_roots_it_can_compute_itself(office: Office, tmp_path: Path) -> None:
    own = ask(office.owner, office.keys, "manage.py", "verify_ledger", "--roots", "--json")
    seen = ask(office.auditor, tmp_path, "manage.py", "verify_ledger", "--roots", "--json")
    assert (seen.returncode, seen.stderr) == (0, "")
    assert json.loads(seen.stdout) == json.loads(own.stdout)

"""A wrong setting ends the start with one sentence of advice, and the database runs as promised or not at all."""

import os
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import CheckMessage
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

import clinic.checks
import clinic.guards
import consent.guards
from clinic.checks import PRAGMAS, check_database
from consent.checks import check_guards, refuse_start_without_guards
from consent.ownership import as_owner

ROOT = Path(__file__).resolve().parents[2]
BEGINNING = "Freely Given cannot start: "
START_SERVER = ("-W", "ignore", "-c", "import clinic.config.wsgi")
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="speaks of SQLite only")


def run(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Our own Python with these settings, and no other of this test run's."""
    given = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "clinic.config.settings",
        "PROFILE": "test",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "DATA_DIR": str(folder),
        **environment,
    }
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=given, capture_output=True, text=True, check=False, timeout=120
    )


def refusal(done: subprocess.CompletedProcess[str], *, code: int = 2) -> str:
    """The one sentence with which a start ended; fails when it did not, or said anything else."""
    assert done.returncode == code
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1 and done.stderr.startswith(BEGINNING), done.stderr
    sentence = done.stderr.removeprefix(BEGINNING).strip()
    assert sentence.endswith("."), sentence
    return sentence


WRONG: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "no host name in production": ({"PROFILE": "production"}, ("ALLOWED_HOSTS is empty",)),
    "no secret key": ({"SECRET_KEY": ""}, ("set SECRET_KEY", "secrets.token_urlsafe")),
    "short secret key": ({"SECRET_KEY": "k" * 49}, ("at least 50 characters",)),
    "key file that is not there": (
        {"SECRET_KEY": "", "SECRET_KEY_FILE": "{folder}/none"},
        ("SECRET_KEY_FILE {folder}/none cannot be read", "check the path"),
    ),
    "key file that is a folder": ({"SECRET_KEY": "", "SECRET_KEY_FILE": "{folder}"}, ("cannot be read", "rights")),
    "key file that is no text": ({"SECRET_KEY": "", "SECRET_KEY_FILE": "{folder}/bytes"}, ("cannot be read",)),
    "empty key file": ({"SECRET_KEY": "", "SECRET_KEY_FILE": "{folder}/file"}, ("at least 50 characters",)),
    "data folder below a file": ({"DATA_DIR": "{folder}/file/data"}, ("{folder}/file/data cannot be made", "DATA_DIR")),
    "data folder that is a file": ({"DATA_DIR": "{folder}/file"}, ("cannot be made", "set DATA_DIR")),
    "another engine": ({"DATABASE_URL": "mysql://clinic@localhost/clinic"}, ("mysql", "SQLite and PostgreSQL")),
    "unknown scheme": ({"DATABASE_URL": "clinic://localhost/clinic"}, ("DATABASE_URL", "postgresql://")),
    "address that is none": ({"DATABASE_URL": "freely-given.sqlite3"}, ("DATABASE_URL cannot be read", "sqlite:////")),
    "port that is no number": ({"DATABASE_URL": "postgresql://clinic@host:port/clinic"}, ("DATABASE_URL",)),
    "brackets left open": ({"DATABASE_URL": "postgresql://[::1/clinic"}, ("DATABASE_URL",)),
    "no database named": ({"DATABASE_URL": "postgresql://"}, ("names no database", "write it as")),
    "database in memory": ({"DATABASE_URL": "sqlite:///:memory:"}, ("names no database that lasts",)),
    "unknown profile": ({"PROFILE": "debug"}, ("'debug'", "production, demonstration or test")),
    "mail port that is none": ({"MAIL_PORT": "post"}, ("MAIL_PORT is 'post'",)),
    "mail password that is not there": (
        {"MAIL_PASSWORD_FILE": "{folder}/none"},
        ("MAIL_PASSWORD_FILE {folder}/none cannot be read",),
    ),
    "proxies that are no number": ({"TRUSTED_PROXY_COUNT": "two"}, ("TRUSTED_PROXY_COUNT is 'two'",)),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_ends_the_start_with_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe" * 40)
    environment, said = WRONG[name]
    filled = {key: value.replace("{folder}", str(tmp_path)) for key, value in environment.items()}
    sentence = refusal(run(tmp_path / "data", "manage.py", "check", **filled))
    for part in said:
        assert part.replace("{folder}", str(tmp_path)) in sentence


def test_a_data_folder_without_the_right_to_write_is_refused(tmp_path: Path) -> None:
    """Also where the test runs as root, who may write everywhere: the question itself is answered with no."""
    script = "import os; os.access = lambda *asked: False; import clinic.config.settings"
    assert "cannot be written; change its rights" in refusal(run(tmp_path, "-c", script))


def test_the_sentence_never_shows_the_key_or_a_password(tmp_path: Path) -> None:
    key, password = "k" * 20, "a-password-of-somebody"
    done = run(tmp_path, "manage.py", "check", SECRET_KEY=key)
    assert key not in done.stderr
    done = run(tmp_path, "manage.py", "check", DATABASE_URL=f"mysql://clinic:{password}@localhost/clinic")
    assert password not in refusal(done)


def test_right_settings_start(tmp_path: Path) -> None:
    key_file = tmp_path / "key"
    key_file.write_text(secrets.token_urlsafe(64) + "\n")
    done = run(tmp_path / "new" / "data", "manage.py", "check", SECRET_KEY="", SECRET_KEY_FILE=str(key_file))
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "new" / "data").is_dir()


def test_the_production_profile_is_fit_to_deploy(tmp_path: Path) -> None:
    command = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    done = run(tmp_path, *command, PROFILE="production", ALLOWED_HOSTS="clinic.example")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
    assert "(0 silenced)" in done.stdout


def test_files_about_those_outside_are_read_at_every_check(tmp_path: Path) -> None:
    wrong = tmp_path / "policy"
    wrong.write_text("nobody\n")
    names = ("LEDGER_POLICY_FILE", "LEDGER_WITNESSED_FILE", "LEDGER_STAMP_CERTIFICATES")
    done = run(tmp_path, "manage.py", "check", **dict.fromkeys(names, str(wrong)))
    assert done.returncode == 0
    assert all(f"{name} {wrong}" in done.stderr for name in names)


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a database as `migrate` leaves it."""
    folder = tmp_path_factory.mktemp("data")
    done = run(folder, "manage.py", "migrate", "--verbosity", "0")
    assert done.returncode == 0, done.stderr
    return folder


def sql(folder: Path, sentence: str) -> list[tuple[str]]:
    """Behind the back of the software, as somebody with the file in hand would."""
    with closing(sqlite3.connect(folder / "freely-given.sqlite3")) as file:
        return file.execute(sentence).fetchall()


def test_the_server_starts_only_on_a_guarded_database(migrated: Path) -> None:
    assert run(migrated, *START_SERVER).returncode == 0
    name = "fg_consent_ledgerentry_delete"
    sql(migrated, f"DROP TRIGGER {name}")
    sentence = refusal(run(migrated, *START_SERVER), code=1)
    assert name in sentence
    assert "run manage.py migrate" in sentence
    assert run(migrated, "manage.py", "migrate", "--verbosity", "0").returncode == 0
    assert (name,) in sql(migrated, "SELECT name FROM sqlite_master WHERE type = 'trigger'")
    assert run(migrated, *START_SERVER).returncode == 0


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:///{folder}/empty.sqlite3", "has no tables of this clinic yet; run: manage.py migrate"),
        ("sqlite:///{folder}/none/of-this.sqlite3", "cannot be reached"),
        ("sqlite:///{folder}/text.sqlite3", "file is not a database"),
        ("postgresql://clinic@127.0.0.1:1/clinic", "cannot be reached"),
    ],
)
def test_the_server_does_not_start_on_a_wrong_database(tmp_path: Path, url: str, said: str) -> None:
    (tmp_path / "text.sqlite3").write_text("Certainly no database. " * 40)
    done = run(tmp_path, *START_SERVER, DATABASE_URL=url.replace("{folder}", str(tmp_path)))
    assert said in refusal(done, code=1)


@on_sqlite
@pytest.mark.django_db
@pytest.mark.parametrize("name", PRAGMAS)
def test_sqlite_runs_as_promised(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        assert cursor.fetchone() == (PRAGMAS[name],)


@on_sqlite
def test_what_is_promised_of_sqlite() -> None:
    """FULL is 2: a commit that was answered survives a power cut."""
    assert PRAGMAS == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.fixture
def weak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BaseDatabaseWrapper]:
    """A second connection, to an empty file, whose options a test may spoil before it is opened."""
    copied = connection.copy()
    copied.settings_dict["NAME"] = str(tmp_path / "weak.sqlite3")
    copied.settings_dict["OPTIONS"] = dict(copied.settings_dict["OPTIONS"])
    monkeypatch.setattr(clinic.checks, "connections", {"default": copied})
    yield copied
    copied.close()


def findings() -> list[CheckMessage]:
    return check_database(None, databases=["default"])


@on_sqlite
@pytest.mark.django_db
def test_an_unspoilt_copy_is_not_refused(weak: BaseDatabaseWrapper) -> None:
    assert findings() == []


@on_sqlite
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("promised", "spoilt"),
    [
        ("journal_mode=WAL", "journal_mode=DELETE"),
        ("synchronous=FULL", "synchronous=NORMAL"),
        ("foreign_keys=ON", "foreign_keys=OFF"),
        ("recursive_triggers=ON", "recursive_triggers=OFF"),
    ],
)
def test_a_wrong_pragma_is_refused(weak: BaseDatabaseWrapper, promised: str, spoilt: str) -> None:
    options: dict[str, Any] = weak.settings_dict["OPTIONS"]
    assert promised in options["init_command"]
    options["init_command"] = options["init_command"].replace(promised, spoilt)
    (found,) = findings()
    assert found.id == "clinic.E002" and found.is_serious()
    assert spoilt.partition("=")[0] in found.msg


@on_sqlite
@pytest.mark.django_db
def test_a_wrong_way_to_begin_transactions_is_refused(weak: BaseDatabaseWrapper) -> None:
    weak.settings_dict["OPTIONS"]["transaction_mode"] = "DEFERRED"
    (found,) = findings()
    assert "not IMMEDIATE" in found.msg


@on_sqlite
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "again"),
    [
        ("fg_consent_consent_delete", ""),
        ("fg_consent_historicalconsent_update", ""),
        ("fg_clinic_recordview_delete", ""),
        ("clinic_appointment_overlap_insert", ""),
        ("fg_consent_signature_update", 'BEFORE UPDATE ON "consent_signature" BEGIN SELECT 1; END'),
    ],
)
def test_a_missing_or_weakened_guard_is_refused(name: str, again: str) -> None:
    refuse_start_without_guards()
    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}")
        if again:
            cursor.execute(f"CREATE TRIGGER {name} {again}")
    with pytest.raises(SystemExit) as refused:
        refuse_start_without_guards()
    assert str(refused.value).startswith(BEGINNING) and name in str(refused.value)
    warnings = [*check_guards(None, databases=["default"]), *findings()]
    assert any(name in warning.msg for warning in warnings), "the commands are told, and may go on to migrate"
    clinic.guards.install(connection)
    consent.guards.install(connection)
    refuse_start_without_guards()


@pytest.mark.django_db
def test_history_switched_off_is_refused(settings: Any) -> None:
    settings.SIMPLE_HISTORY_ENABLED = False
    with pytest.raises(SystemExit, match="SIMPLE_HISTORY_ENABLED is off"):
        refuse_start_without_guards()

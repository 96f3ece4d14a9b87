"""Reads the environment for the settings. A wrong value ends start-up with one sentence for whoever runs the server."""

import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import dj_database_url
from environs import Env

env = Env()


COULD_NOT_RUN = 2  # as every command says it; 1 is a finding, and a script must tell them apart


def refuse(sentence: str) -> NoReturn:
    """End start-up with one sentence for the person who runs the server."""
    print(f"Freely Given cannot start: {sentence}", file=sys.stderr)  # noqa: T201  for the operator
    sys.exit(COULD_NOT_RUN)


def data_dir(default: Path) -> Path:
    folder = Path(env.str("DATA_DIR", str(default)))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        refuse(f"the data folder {folder} cannot be made ({error.strerror}); set DATA_DIR to one you may write.")
    if not os.access(folder, os.W_OK | os.X_OK):
        refuse(f"the data folder {folder} cannot be written; change its rights or set DATA_DIR to another.")
    return folder


def secret_key() -> str:
    key = env.str("SECRET_KEY", "")
    path = env.str("SECRET_KEY_FILE", "")
    if not key and path:
        try:
            key = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            refuse(f"SECRET_KEY_FILE {path} cannot be read ({error}); check the path and its rights.")
    if len(key) < 50:
        refuse(
            "there is no secret key of at least 50 characters; set SECRET_KEY, or SECRET_KEY_FILE to a file with one "
            '(make one with: python -c "import secrets; print(secrets.token_urlsafe(64))").'
        )
    return key


def database(folder: Path) -> dict[str, Any]:
    url = env.str("DATABASE_URL", "") or f"sqlite:///{folder / 'freely-given.sqlite3'}"
    try:
        config: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    except (dj_database_url.ParseError, dj_database_url.UnknownSchemeError, ValueError):
        config = {"NAME": ""}
    if config["NAME"] in {"", ":memory:"}:
        refuse(
            "DATABASE_URL cannot be read, or names no database that lasts; write it as sqlite:////folder/file.sqlite3 "
            "or postgresql://name@host:port/database."
        )
    engine = config["ENGINE"].rsplit(".", 1)[-1]
    if engine == "sqlite3":
        config["CONN_MAX_AGE"] = None
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON"
            ),
        }
        config["TEST"] = {"NAME": str(Path(config["NAME"]).with_name("test.sqlite3"))}
    elif engine != "postgresql":
        refuse(
            f"DATABASE_URL names the engine {engine!r}; only SQLite and PostgreSQL keep the promises of this software."
        )
    return config


def proxy_count() -> int:
    text = env.str("TRUSTED_PROXY_COUNT", "0")
    if not (text.isascii() and text.isdigit()):
        refuse(f"TRUSTED_PROXY_COUNT is {text!r}; set it to the number of proxies in front of the server, 0 for none.")
    return int(text)


def sealing() -> str:
    how = env.str("LEDGER_SEALING", "writer")
    if how not in {"writer", "service"}:
        refuse(
            f"LEDGER_SEALING is {how!r}; set it to writer (each act seals) or service (manage.py run_sequencer does)."
        )
    return how


def key_level() -> int:
    text = env.str("LEDGER_KEY_LEVEL", "0")
    if text not in {"0", "1", "2", "3"}:
        refuse(
            f"LEDGER_KEY_LEVEL is {text!r}; set it to 0 (the web server can read the log key), 1 (another user of the"
            " machine), 2 (another machine) or 3 (hardware)."
        )
    return int(text)


def port(name: str, default: int) -> int:
    text = env.str(name, str(default))
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        refuse(f"{name} is {text!r}; set it to the number of a port.")
    return int(text)


def mail_password() -> str:
    path = env.str("MAIL_PASSWORD_FILE", "")
    try:
        return Path(path).read_text(encoding="utf-8").strip() if path else ""
    except (OSError, UnicodeDecodeError) as error:
        refuse(f"MAIL_PASSWORD_FILE {path} cannot be read ({error}); check the path and its rights.")


def path(name: str, default: Path) -> Path:
    return Path(env.str(name, "") or default)
